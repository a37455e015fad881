import { z } from "zod";

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

/** One piece of friction in one session. */
export const signalSchema = z.object({
  id: z.string().describe("the same for the same friction, however often it is delivered"),
  kind: z.string().describe("the detector: rage_click, error_click, …"),
  user_id: z.string().optional(),
  anonymous_id: z.string().optional(),
  session_id: z.string(),
  url: z.string().optional(),
  selector: z.string().optional(),
  severity: severitySchema,
  at: z.iso.datetime().describe("when it happened, in event time"),
  explanation: z.string().describe("one sentence for a newcomer, and what to do next"),
  event_id: z.string().describe("the event that completed it"),
  evidence: z.record(z.string(), z.union([z.number(), z.string()]))
    .describe("the measured values behind it, named with their unit"),
});
export type Signal = z.infer<typeof signalSchema>;
