import { isDemoPath } from "../../islands/demo/shop_path.ts";
import { renderDemo } from "../_demo_page.tsx";
import { createRoute } from "../_route.ts";

export default createRoute((c) => isDemoPath(c.req.path) ? renderDemo(c) : c.notFound());
