import { createRoute } from "../../_route.ts";

/** An order that always fails, on purpose. */
export const POST = createRoute((c) =>
  c.json({ error: { code: "internal_error", message: "The payment provider did not answer" } }, 500)
);
