import { Mark } from "./_brand.tsx";

/** A page that says what went wrong and offers a way on. */
export function Sorry(props: { code?: string; title: string; text: string; home: string }) {
  return (
    <div class="centered sorry">
      <span class="glyph">
        <Mark />
      </span>
      <div>
        {props.code && <p class="muted">{props.code}</p>}
        <h1>{props.title}</h1>
        <p class="muted">{props.text}</p>
      </div>
      <p>
        <a class="button" href="/">{props.home}</a>
      </p>
    </div>
  );
}
