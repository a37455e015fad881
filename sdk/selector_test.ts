import { equal } from "node:assert/strict";
import { isStableClass, isStableId } from "./selector.ts";

Deno.test("ids that people write are stable, those of a render are not", () => {
  for (const id of ["pay", "step-2", "checkout_form", "navBar", "h1"]) {
    equal(isStableId(id), true, id);
  }
  for (
    const id of [
      "",
      ":r1:",
      "«r1»",
      "_r_1_",
      "radix-42",
      "mui-1",
      "headlessui-menu-3",
      "ember523",
      "x7Yz1",
      "9c1f2e4a-77aa-4bcd-9e01-5a6b7c8d9e0f",
      "a b",
      "x".repeat(101),
    ]
  ) equal(isStableId(id), false, id);
});

Deno.test("classes that people write are stable, hashed ones and states are not", () => {
  for (const name of ["btn", "btn-primary", "card__title", "CheckoutButton", "navBar"]) {
    equal(isStableClass(name), true, name);
  }
  for (
    const name of [
      "css-kznmlq",
      "css-1q2w3e4",
      "sc-bdVaJa",
      "hZKfXM",
      "Button_root__x7Yz1",
      "Button_root__xAbYz",
      "svelte-abcdef",
      "p-4",
      "hover:underline",
      "w-1/2",
      "is-open",
      "tab-active",
      "loading",
      "selected",
      "",
      "a".repeat(41),
    ]
  ) equal(isStableClass(name), false, name);
});
