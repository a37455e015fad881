import assert from "node:assert/strict";
import { subtotalOf } from "./bag_view.tsx";
import { PRODUCTS } from "./products.ts";
import { isDemoPath, parseShopPath } from "./shop_path.ts";
import { TRIES, tryOf } from "./tries.ts";

Deno.test("the shop answers at its own paths and at no other", () => {
  assert.deepEqual(parseShopPath("/demo"), { view: "products" });
  assert.deepEqual(parseShopPath("/demo/bag"), { view: "bag" });
  for (const { id } of PRODUCTS) assert.ok(isDemoPath(`/demo/product/${id}`));
  const foreign = ["/", "/demo/x", "/demo/product", "/demo/product/none", "/demo/bag/1", "/demos"];
  for (const path of foreign) assert.equal(isDemoPath(path), false, path);
});

Deno.test("every try leads to a step of the shop", () => {
  for (const one of TRIES) assert.ok(isDemoPath(one.path), one.name);
});

Deno.test("a signal belongs to the try whose element it names, by test id or id", () => {
  assert.equal(tryOf({ selector: '[data-testid="dead-button"]' }), "pay");
  assert.equal(tryOf({ selector: "form > button#apply-coupon" }), "coupon");
  assert.equal(tryOf({ selector: "#add-kettle" }), undefined);
  assert.equal(tryOf({}), undefined);
});

Deno.test("the bag adds up", () => {
  assert.equal(subtotalOf({ kettle: 1, mug: 2, unknown: 5 }), 133);
  assert.equal(subtotalOf({}), 0);
});
