/** One line of a file, without its line end. */
export interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** It had more characters than allowed; `text` is its beginning. */
  cut: boolean;
}

function withoutCarriageReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

/**
 * Cuts UTF-8 bytes into lines at `\n` or `\r\n`. A byte order mark is dropped. However long a line,
 * no more than `maxChars` and one chunk of it are held.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  maxChars: number,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let pending = "";
  let cut = false;
  let number = 0;

  function* split(text: string): Generator<Line> {
    let from = 0;
    for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n", from)) {
      const line = pending + text.slice(from, to);
      const isCut = cut || line.length > maxChars;
      yield { number: ++number, text: withoutCarriageReturn(line.slice(0, maxChars)), cut: isCut };
      pending = "";
      cut = false;
      from = to + 1;
    }
    pending += text.slice(from);
    if (pending.length > maxChars) {
      pending = pending.slice(0, maxChars);
      cut = true;
    }
  }

  for await (const chunk of bytes) yield* split(decoder.decode(chunk, { stream: true }));
  yield* split(decoder.decode());
  if (pending !== "" || cut) {
    yield { number: ++number, text: withoutCarriageReturn(pending), cut };
  }
}
