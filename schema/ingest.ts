import { z } from "zod";
import { eventSchema } from "./event.ts";

/** The envelope of `POST /v1/events`. Events are validated one by one, with `eventSchema`. */
export const ingestRequestSchema = z.object({
  sent_at: z.union([z.string(), z.number()]).optional()
    .describe("the client's clock when it sent this; the difference to ours is its skew"),
  batch: z.array(eventSchema).describe("at most 500 events"),
});

export const rejectionSchema = z.object({
  index: z.int().describe("position in the batch, from 0"),
  id: z.string().nullable().describe("the event's id where it had a readable one"),
  reason: z.string(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/** The answer `202` of `POST /v1/events`, sent after the commit. */
export const ingestResponseSchema = z.object({
  accepted: z.int().describe("events stored by this request"),
  duplicates: z.int().describe("events that were stored before"),
  rejected: z.array(rejectionSchema).describe("events kept as dead letters, with the reason"),
  triggers: z.array(z.record(z.string(), z.unknown())).describe("instructions to the SDK"),
});
export type IngestResponse = z.infer<typeof ingestResponseSchema>;

/** An event that could not be accepted, kept for inspection. Personal fields are masked. */
export const deadLetterSchema = z.object({
  seq: z.string(),
  id: z.string().nullable(),
  reason: z.string(),
  received_at: z.iso.datetime(),
  raw: z.string().describe("the event as JSON, masked, cut at 32 KiB"),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
