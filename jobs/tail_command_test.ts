import { deepEqual, throws } from "node:assert/strict";
import { parseTailCommand } from "./tail_command.ts";

Deno.test("tail listens for all signals of the local server by default", () => {
  deepEqual(parseTailCommand([]), {
    url: "http://127.0.0.1:8000",
    key: undefined,
    topics: ["signals"],
    filter: undefined,
    after: undefined,
    json: false,
  });
});

Deno.test("options narrow the stream", () => {
  const args = "--topics signals,sessions --kind rage_click,error_click --severity high,critical " +
    "--page /checkout* --user ann --after s9 --json";
  deepEqual(parseTailCommand(args.split(" ")), {
    url: "http://127.0.0.1:8000",
    key: undefined,
    topics: ["signals", "sessions"],
    filter: {
      kind: ["rage_click", "error_click"],
      severity: ["high", "critical"],
      page: ["/checkout*"],
      user_id: ["ann"],
    },
    after: "s9",
    json: true,
  });
});

Deno.test("a word that is none is answered with those there are", () => {
  throws(() => parseTailCommand(["--severity", "huge"]), /Unknown severity "huge": there is low/);
  throws(() => parseTailCommand(["--topics", "x"]), /Unknown topic "x": there is signals/);
  throws(() => parseTailCommand(["--wat"]), /Unknown option '--wat'/);
});
