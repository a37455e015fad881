import { z } from "zod";

/** A session as the live stream and the pages show it. */
export const sessionSchema = z.object({
  id: z.string(),
  user_id: z.string().optional(),
  anonymous_id: z.string().optional(),
  client_session_id: z.string().optional(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().describe("time of the last event so far"),
  events_count: z.int(),
  signals_count: z.int(),
  entry_url: z.string().optional(),
  merged_from: z.string().optional().describe("in session_merged: the id that is no more"),
});
export type Session = z.infer<typeof sessionSchema>;
