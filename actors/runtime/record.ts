import { fitState } from "../../engine/fit_state.ts";
import type { ActorState } from "../../engine/types.ts";

/** What is stored of an actor beside its fingerprints. */
export interface ActorRecord {
  /** Of the turn that wrote it: how a lost answer is told from a lost commit. */
  last_commit_id: string;
  /** The wake-up that is stored for it, milliseconds since the epoch. */
  alarm_at: number | null;
  /** Event ids fingerprinted so far; its remainder is the place in the ring. */
  fingerprints: number;
  /** Live messages sent so far: no gaps per actor. */
  out_seq: number;
  state: ActorState;
}

/** The record as JSON, its state cut to the limit where it has to be. */
export function encodeRecord(record: ActorRecord): { record: ActorRecord; json: string } {
  const { state, json } = fitState(record.state);
  const { state: _, ...rest } = record;
  const head = JSON.stringify(rest);
  return { record: { ...record, state }, json: `${head.slice(0, -1)},"state":${json}}` };
}

export function decodeRecord(json: string): ActorRecord {
  return JSON.parse(json) as ActorRecord;
}
