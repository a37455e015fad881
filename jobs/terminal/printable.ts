// deno-lint-ignore no-control-regex -- control characters are what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside, safe on a terminal: control characters, which could move the cursor or change
 * the title, and marks that turn the direction of text become `�`.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, "\ufffd");
}
