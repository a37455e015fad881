import { deepEqual, equal, throws } from "node:assert/strict";
import { ApiError } from "../../schema/error.ts";
import { LIMITS } from "../../schema/limits.ts";
import type { StoredMessage } from "../../schema/live.ts";
import { aSignal } from "../../tests/fixtures/live.ts";
import { LiveHub, type Subscriber } from "./hub.ts";

class Recorder implements Subscriber {
  readonly seqs: string[] = [];
  readonly metrics: string[] = [];
  ends = 0;

  onMessage(message: StoredMessage) {
    this.seqs.push(message.seq);
  }

  onMetrics(frame: string) {
    this.metrics.push(frame);
  }

  end() {
    this.ends++;
  }
}

function message(seq: string): StoredMessage {
  return { type: "signal", seq, at: "2026-03-03T12:00:00.000Z", data: aSignal() };
}

const POINT = {
  at: "2026-03-03T12:00:00.000Z",
  events_per_s: 1,
  signals_per_min: 2,
  active_sessions: 3,
  rejected_per_min: 4,
};

Deno.test("messages reach all subscribers of their project, and nobody else", () => {
  const hub = new LiveHub("0");
  const [a, b, other] = [new Recorder(), new Recorder(), new Recorder()];
  hub.add("shop", a);
  hub.add("shop", b);
  hub.add("shop2", other);
  hub.publish("shop", [message("1"), message("2")]);
  hub.publishMetrics("shop", POINT);
  deepEqual([a.seqs, b.seqs, other.seqs], [["1", "2"], ["1", "2"], []]);
  deepEqual([a.metrics.length, other.metrics.length], [1, 0]);
});

Deno.test("the frame is the message without what is ours alone", () => {
  const hub = new LiveHub("0");
  let sent = "";
  const subscriber = new Recorder();
  subscriber.onMessage = (_: StoredMessage, frame?: string) => {
    sent = frame ?? "";
  };
  hub.add("shop", subscriber);
  const withOrigin = { ...message("1"), origin: { actor: "a:ana", actor_seq: 1 } };
  hub.publish("shop", [withOrigin]);
  deepEqual(Object.keys(JSON.parse(sent)), ["type", "seq", "at", "data"]);
});

Deno.test("the last seq is known per project, also when nobody listens", () => {
  const hub = new LiveHub("0");
  equal(hub.lastSeq("shop"), "0");
  hub.publish("shop", [message("1"), message("2")]);
  hub.publish("shop", []);
  equal(hub.lastSeq("shop"), "2");
  equal(hub.lastSeq("shop2"), "0");
});

Deno.test("a project has so many subscribers and no more; other projects are free", () => {
  const hub = new LiveHub("0");
  const leaves = Array.from({ length: LIMITS.subscribers }, () => hub.add("shop", new Recorder()));
  throws(
    () => hub.add("shop", new Recorder()),
    (error) => error instanceof ApiError && error.code === "too_many_subscribers",
  );
  hub.add("shop2", new Recorder());
  leaves[0]?.();
  hub.add("shop", new Recorder());
  equal(hub.count("shop"), LIMITS.subscribers);
});

Deno.test("who left gets nothing, and leaving twice takes nobody else along", () => {
  const hub = new LiveHub("0");
  const [gone, stays] = [new Recorder(), new Recorder()];
  const leave = hub.add("shop", gone);
  leave();
  hub.add("shop", stays);
  leave();
  hub.publish("shop", [message("1")]);
  deepEqual([gone.seqs, stays.seqs], [[], ["1"]]);
  equal(hub.count("shop"), 1);
});

Deno.test("a subscriber that leaves while it is told does not keep the others from being told", () => {
  const hub = new LiveHub("0");
  const leaver = new Recorder();
  const leave = hub.add("shop", leaver);
  leaver.onMessage = () => leave();
  const stays = new Recorder();
  hub.add("shop", stays);
  hub.publish("shop", [message("1"), message("2")]);
  deepEqual(stays.seqs, ["1", "2"]);
});

Deno.test("all subscribers are ended when the server goes", () => {
  const hub = new LiveHub("0");
  const all = ["shop", "shop", "shop2"].map((project) => {
    const recorder = new Recorder();
    const leave = hub.add(project, recorder);
    recorder.end = () => {
      recorder.ends++;
      leave();
    };
    return recorder;
  });
  hub.endAll();
  deepEqual(all.map(({ ends }) => ends), [1, 1, 1]);
  equal(hub.count("shop"), 0);
});
