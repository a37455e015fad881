import { MARK_PATH } from "./_brand.tsx";
import { createRoute } from "./_route.ts";

const DAY_S = 24 * 60 * 60;

export default createRoute((c) =>
  c.body(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -2 24 24" fill="none" stroke="#3b82f6" stroke-width="2.6"><path d="${MARK_PATH}" stroke-linecap="round"/></svg>`,
    200,
    { "content-type": "image/svg+xml", "cache-control": `public, max-age=${DAY_S}` },
  )
);
