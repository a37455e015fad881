import { renderDemo } from "../_demo_page.tsx";
import { createRoute } from "../_route.ts";

export default createRoute((c) => renderDemo(c));
