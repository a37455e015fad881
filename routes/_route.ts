import { createFactory } from "hono/factory";
import type { RouteEnv } from "./parts.ts";

/** Makes the handlers of a page or of its middleware, with the parts typed in `c.env`. */
export const createRoute = createFactory<RouteEnv>().createHandlers;
