import { PRODUCTS } from "./products.ts";

/** Where the demo starts. */
export const DEMO_HOME = "/demo";

/** What the shop shows. */
export type ShopView =
  | { view: "products" }
  | { view: "product"; id: string }
  | { view: "bag" }
  | { view: "checkout" };

/** The view of a path; `undefined` when the shop has none there. */
export function parseShopPath(path: string): ShopView | undefined {
  const [, root, view, id, ...rest] = path.replace(/\/$/, "").split("/");
  if (root !== "demo" || rest.length > 0) return undefined;
  if (view === undefined) return { view: "products" };
  if (view === "product" && id !== undefined) {
    return PRODUCTS.some((product) => product.id === id) ? { view, id } : undefined;
  }
  if ((view === "bag" || view === "checkout") && id === undefined) return { view };
  return undefined;
}

/** Whether the demo answers at this path. */
export function isDemoPath(path: string): boolean {
  return parseShopPath(path) !== undefined;
}
