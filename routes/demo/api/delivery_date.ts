import { createRoute } from "../../_route.ts";

/** Long enough that people click again. */
const DELAY_MS = 3000;

/** A step that is slow on purpose. */
export const POST = createRoute(async (c) => {
  await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
  return c.json({ days: 3 });
});
