import { LIMITS } from "./limits.ts";

const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a value is a JSON object (not null, not an array). */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What is wrong with an event's properties by the limits of depth, keys and names; `undefined` when
 * nothing is. Never descends past the depth limit, however deep the input.
 */
export function propertiesProblem(properties: Record<string, unknown>): string | undefined {
  let keys = 0;
  function visit(value: unknown, depth: number): string | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (depth > LIMITS.property_depth) return `must be at most ${LIMITS.property_depth} deep`;
    const isArray = Array.isArray(value);
    for (const [name, child] of Object.entries(value)) {
      if (!isArray) {
        keys++;
        if (FORBIDDEN_NAMES.has(name)) return `must not have a key named ${name}`;
      }
      if (keys > LIMITS.property_keys) return `must have at most ${LIMITS.property_keys} keys`;
      const problem = visit(child, depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }
  return visit(properties, 1);
}
