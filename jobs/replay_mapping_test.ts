import { deepEqual, equal, throws } from "node:assert/strict";
import { parseFileTime, parseMapping } from "./replay_mapping.ts";

Deno.test("a mapping names columns, which may hold an equals sign", () => {
  deepEqual(parseMapping(" user_id=u, event=a=b,timestamp=t ,"), {
    user_id: "u",
    event: "a=b",
    timestamp: "t",
  });
});

Deno.test("a mapping that cannot work says what to change", () => {
  throws(() => parseMapping("user=u"), /Unknown field "user" in --map: it takes user_id/);
  throws(() => parseMapping("event=e,timestamp=t"), /needs user_id=COLUMN or anonymous_id=COLUMN/);
  throws(() => parseMapping("user_id=u,event=e"), /--map needs timestamp=COLUMN/);
  throws(() => parseMapping("user_id=u,event"), /No column for event/);
  throws(() => parseMapping("event=a,event=b"), /event is mapped twice/);
});

Deno.test("times of files: UTC unless they say otherwise, epoch seconds or milliseconds", () => {
  const expected = Date.UTC(2024, 2, 13, 10, 21, 14);
  for (
    const time of [
      "2024-03-13 10:21:14",
      "2024-03-13T10:21:14Z",
      "2024-03-13 10:21:14 UTC",
      "2024-03-13 10:21:14+00",
      "2024-03-13 12:21:14+02:00",
      String(expected),
      String(expected / 1000),
      expected / 1000,
      ` ${expected} `,
    ]
  ) equal(parseFileTime(time), expected, String(time));
  for (const time of ["", "soon", null, undefined, "2024-13-13 10:21:14", true, -5, {}]) {
    equal(parseFileTime(time), undefined, String(time));
  }
});
