/** What a text holds when read as one CSV record. */
export type CsvRecord =
  | { fields: string[] }
  /** A quoted field goes on behind the end of the text. */
  | { open: true }
  | { problem: string };

/** Position of the quote that ends the field whose text begins at `from`; -1 when there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/**
 * Reads one CSV record by RFC 4180: fields parted by commas, quoted where they hold a comma, a quote
 * (doubled) or a line end.
 *
 * A record at a time, and not a stream through a parser: after a broken quote or an oversized record
 * csv-parse 7 drops good rows that follow, and a replay must not lose rows silently.
 */
export function parseCsvRecord(text: string): CsvRecord {
  if (!text.includes('"')) return { fields: text.split(",") };
  const fields: string[] = [];
  let at = 0;
  while (true) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end === -1) return { open: true };
      const next = text[end + 1];
      if (next !== undefined && next !== ",") {
        return { problem: `has text after the closing quote of field ${fields.length + 1}` };
      }
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const comma = text.indexOf(",", at);
      const end = comma === -1 ? text.length : comma;
      const field = text.slice(at, end);
      if (field.includes('"')) {
        return { problem: `has a quote inside field ${fields.length + 1}, which is not quoted` };
      }
      fields.push(field);
      at = end;
    }
    if (at >= text.length) return { fields };
    at++;
  }
}
