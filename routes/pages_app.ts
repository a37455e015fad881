/// <reference types="vite/client" />
import { createApp } from "honox/server/base";
import type { Hono } from "hono";
import type { RouteEnv } from "./parts.ts";

type Files = Parameters<typeof createApp>[0];

const PAGES = import.meta.glob<Files["ROUTES"][string]>(
  ["/routes/**/*.tsx", "/routes/demo/api/*.ts", "!/routes/**/_*", "!/routes/**/*_test.*"],
  { eager: true },
);
const RENDERER = import.meta.glob<Files["RENDERER"][string]>("/routes/_renderer.tsx", {
  eager: true,
});
const MIDDLEWARE = import.meta.glob<Files["MIDDLEWARE"][string]>("/routes/_middleware.ts", {
  eager: true,
});
const NOT_FOUND = import.meta.glob<Files["NOT_FOUND"][string]>("/routes/_404.tsx", { eager: true });
const ERROR = import.meta.glob<Files["ERROR"][string]>("/routes/_error.tsx", { eager: true });

/**
 * The pages. Bundled into `dist/pages.js`; its parts arrive with every request:
 * `app.fetch(request, { parts })`.
 */
const app: Hono<RouteEnv> = createApp<RouteEnv>({
  root: "/routes",
  ROUTES: PAGES,
  RENDERER,
  MIDDLEWARE,
  NOT_FOUND,
  ERROR,
});

export default app;
