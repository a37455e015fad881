import { z } from "zod";
import { LIMITS } from "./limits.ts";
import { sessionSchema } from "./session.ts";
import { severitySchema, signalSchema } from "./signal.ts";

export const TOPICS = ["signals", "alerts", "sessions", "metrics"] as const;
export const topicSchema = z.enum(TOPICS);
export type Topic = z.infer<typeof topicSchema>;

const values = z.array(z.string().max(2048)).min(1).max(LIMITS.filter_values);

/** Narrows a subscription: a message passes when it matches one value of every list given. */
export const liveFilterSchema = z.strictObject({
  kind: values.optional(),
  severity: z.array(severitySchema).min(1).optional(),
  page: values.optional().describe("path, or path prefix ending in *"),
  selector: values.optional(),
  user_id: values.optional(),
  anonymous_id: values.optional(),
});
export type LiveFilter = z.infer<typeof liveFilterSchema>;

/** What a subscriber sends. A new `subscribe` replaces the one before. */
export const liveInboundSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    topics: z.array(topicSchema).min(1),
    filter: liveFilterSchema.optional(),
    after: z.string().max(200).optional().describe("a seq: resume behind it"),
  }),
  z.object({ type: z.literal("ping") }),
]);
export type LiveInbound = z.infer<typeof liveInboundSchema>;

/** Figures of the last second, once a second; not stored, so without `seq`. */
export const metricsPointSchema = z.object({
  at: z.iso.datetime(),
  events_per_s: z.number(),
  signals_per_min: z.number().describe("signals in the last 60 s"),
  active_sessions: z.number().describe("visitors with an event in the last 5 min"),
  rejected_per_min: z.number().describe("dead letters in the last 60 s"),
});
export type MetricsPoint = z.infer<typeof metricsPointSchema>;

const stored = { seq: z.string(), at: z.iso.datetime() };

/** A message that is stored, numbered and can be resumed. */
export const storedMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("signal"), ...stored, data: signalSchema }),
  z.object({ type: z.literal("session_started"), ...stored, data: sessionSchema }),
  z.object({ type: z.literal("session_ended"), ...stored, data: sessionSchema }),
  z.object({ type: z.literal("session_merged"), ...stored, data: sessionSchema }),
]);
export type StoredMessage = z.infer<typeof storedMessageSchema>;

/** What a subscriber receives. */
export const liveOutboundSchema = z.discriminatedUnion("type", [
  ...storedMessageSchema.options,
  z.object({ type: z.literal("metrics"), at: z.iso.datetime(), data: metricsPointSchema }),
  z.object({
    type: z.literal("subscribed"),
    topics: z.array(topicSchema),
    after: z.string().describe("where the stream stands; resume from here if nothing else came"),
  }),
  z.object({
    type: z.literal("resync"),
    after: z.string().describe("messages were missed; subscribe again with this after"),
    reason: z.enum(["slow_reader", "too_old"]),
  }),
  z.object({ type: z.literal("pong") }),
  z.object({
    type: z.literal("error"),
    error: z.object({ code: z.string(), message: z.string() }),
  }),
]);
export type LiveOutbound = z.infer<typeof liveOutboundSchema>;

/** The topic that a stored message belongs to. */
export const TOPIC_OF: Record<StoredMessage["type"], Topic> = {
  signal: "signals",
  session_started: "sessions",
  session_ended: "sessions",
  session_merged: "sessions",
};

/** Body of `POST /v1/live/tokens`. */
export const liveTokenRequestSchema = z.strictObject({
  topics: z.array(topicSchema).min(1).default(["signals", "sessions", "metrics"]),
  filter: liveFilterSchema.optional(),
  ttl_s: z.int().min(10).max(LIMITS.live_token_max_ttl_s).default(LIMITS.live_token_ttl_s),
});

export const liveTokenResponseSchema = z.object({
  token: z.string(),
  expires_at: z.iso.datetime(),
});
