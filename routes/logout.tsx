import { createRoute } from "./_route.ts";

export const POST = createRoute((c) => {
  c.header("set-cookie", c.env.parts.logoutCookie());
  return c.redirect("/login", 303);
});
