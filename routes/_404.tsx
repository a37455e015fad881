import type { NotFoundHandler } from "hono";
import { messages } from "../islands/messages.ts";
import { Sorry } from "./_sorry.tsx";

const handler: NotFoundHandler = (c) =>
  c.render(<Sorry code="404" {...messages.notFound} />, { title: messages.notFound.title });

export default handler;
