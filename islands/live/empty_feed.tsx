import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { messages } from "../messages.ts";

const texts = messages.empty;

/** Three clicks on one spot, so that the first thing a newcomer sends is also noticed. */
function curlExample(origin: string, key: string): string {
  const click = (n: number) =>
    `  {"id":"'$id'-${n}","event":"click","anonymous_id":"me","timestamp":"'$t'",
   "properties":{"url":"https://shop.example/pay","selector":"#pay","tag":"button","x":10,"y":10}}`;
  return `id=$(date +%s) t=$(date -u +%FT%TZ)
curl ${origin}/v1/events \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"batch":[
${[1, 2, 3].map(click).join(",\n")}]}'`;
}

/** What to do while nothing has happened yet. */
export function EmptyFeed({ origin, writeKey }: { origin: string; writeKey: string | null }) {
  const key = writeKey ?? "WRITE_KEY";
  return (
    <div class="empty" data-testid="empty-feed">
      <h3>{texts.title}</h3>
      <p>{texts.text}</p>
      <ul class="empty-ways">
        <li>
          <h3>{texts.demo}</h3>
          <p>{texts.demoText}</p>
          <a class="button primary" href="/demo" target="_blank">{texts.demoLink}</a>
        </li>
        <li>
          <h3>{texts.sdk}</h3>
          <p>{texts.sdkText}</p>
          <Snippet text={`<script src="${origin}/sdk.js"\n  data-key="${key}" defer></script>`} />
        </li>
        <li>
          <h3>{texts.curl}</h3>
          <p>{texts.curlText}</p>
          <Snippet text={curlExample(origin, key)} />
        </li>
      </ul>
    </div>
  );
}

function Snippet({ text }: { text: string }) {
  const ref = useRef<HTMLPreElement>(null);
  const copied = useSignal(false);
  const copy = async () => {
    // Without TLS there is no clipboard, except on this machine; then the text is at least marked.
    if (ref.current) getSelection()?.selectAllChildren(ref.current);
    await navigator.clipboard?.writeText(text);
    copied.value = navigator.clipboard !== undefined;
  };
  return (
    <div class="snippet-box">
      <pre ref={ref} class="snippet" tabIndex={0}>{text}</pre>
      <button type="button" class="button" onClick={copy}>
        {copied.value ? texts.copied : texts.copy}
      </button>
    </div>
  );
}
