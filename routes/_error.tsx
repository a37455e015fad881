import type { ErrorHandler } from "hono";
import { messages } from "../islands/messages.ts";
import { Sorry } from "./_sorry.tsx";

const handler: ErrorHandler = (error, c) => {
  console.error(`Page ${c.req.method} ${c.req.path} failed:`, error);
  c.status(500);
  return c.render(<Sorry code="500" {...messages.error} />, { title: messages.error.title });
};

export default handler;
