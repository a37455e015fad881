import { styleText } from "node:util";

/** A colour or weight for text on a terminal. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan" | "magenta";

/** Gives text a style; without colours it returns the text as it is. */
export type Paint = (style: Style, text: string) => string;

/** Whether to write colours: only to a terminal, and never where `NO_COLOR` is set (no-color.org). */
export function wantsColor(isTerminal: boolean, noColor: string | undefined): boolean {
  return isTerminal && !noColor;
}

/** A {@link Paint} that writes colours, or one that does not. */
export function createPaint(inColor: boolean): Paint {
  return inColor
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}
