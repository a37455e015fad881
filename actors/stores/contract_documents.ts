import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Contract } from "./contract_suite.ts";

export const documentsContract: Contract = {
  "a document that was not written is not there": async ({ documents }) => {
    equal(await documents.get(["none"]), null);
    deepEqual(await documents.list(["none"]), []);
    await documents.delete(["none"]);
  },

  "a document comes back as JSON would carry it": async ({ documents }) => {
    const value = { a: [1, "é😀", null], b: { c: true } };
    equal(await documents.put(["d", "1"], value), true);
    deepEqual((await documents.get(["d", "1"]))?.value, value);
    await documents.put(["d", "1"], "text");
    equal((await documents.get(["d", "1"]))?.value, "text");
  },

  "a document is not shared with who wrote or read it": async ({ documents }) => {
    const value = { list: [1] };
    await documents.put(["d"], value);
    value.list.push(2);
    const read = await documents.get<typeof value>(["d"]);
    read?.value.list.push(3);
    deepEqual((await documents.get(["d"]))?.value, { list: [1] });
  },

  "compare and set: the version read is accepted once": async ({ documents }) => {
    await documents.put(["d"], 1);
    const version = (await documents.get(["d"]))?.version;
    equal(await documents.put(["d"], 2, version), true);
    equal(await documents.put(["d"], 3, version), false);
    equal((await documents.get(["d"]))?.value, 2);
    notEqual((await documents.get(["d"]))?.version, version);
  },

  "compare and set: null makes a document only where there is none": async ({ documents }) => {
    equal(await documents.put(["d"], 1, null), true);
    equal(await documents.put(["d"], 2, null), false);
    await documents.delete(["d"]);
    equal(await documents.put(["d"], 3, null), true);
  },

  "compare and set: a version of a document that was deleted is void": async ({ documents }) => {
    await documents.put(["d"], 1);
    const version = (await documents.get(["d"]))?.version;
    await documents.delete(["d"]);
    equal(await documents.put(["d"], 2, version), false);
    await documents.put(["d"], 3);
    equal(await documents.put(["d"], 4, version), false);
  },

  "one of two writers with the same version wins": async ({ documents }) => {
    await documents.put(["d"], 0);
    const version = (await documents.get(["d"]))?.version;
    const won = await Promise.all([1, 2, 3].map((n) => documents.put(["d"], n, version)));
    deepEqual(won.filter(Boolean).length, 1);
  },

  "documents are listed below a key, in order, and not the key itself": async ({ documents }) => {
    await documents.put(["project"], "itself");
    for (const id of ["b", "a", "c"]) await documents.put(["project", id], id);
    await documents.put(["project", "a", "settings"], "below");
    await documents.put(["projects", "x"], "beside");
    deepEqual(await documents.list(["project"]), [
      { key: ["project", "a"], value: "a" },
      { key: ["project", "a", "settings"], value: "below" },
      { key: ["project", "b"], value: "b" },
      { key: ["project", "c"], value: "c" },
    ]);
  },

  "keys whose parts run together are apart": async ({ documents }) => {
    const keys = [["a", "b"], ["ab"], ["a", "", "b"], ["a/b"], ["a", "b "], ["a", "é"], [
      "a",
      "e\u0301",
    ]];
    for (const [n, key] of keys.entries()) await documents.put(key, n);
    for (const [n, key] of keys.entries()) equal((await documents.get(key))?.value, n);
  },
};
