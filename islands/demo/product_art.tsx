import type { JSX } from "preact";

/** Drawings of the products; classes of `shop.css` colour them for both themes. */
const ART: Record<string, JSX.Element> = {
  kettle: (
    <>
      <path class="art-line" d="M76 46c18-2 30 6 30 22s-8 22-20 22" />
      <path class="art-b" d="M40 56h40l10 50a6 6 0 0 1-6 7H36a6 6 0 0 1-6-7Z" />
      <path class="art-line" d="M33 92c-14-2-12-30-24-36" />
      <path class="art-c" d="M44 50h32v6H44zM57 40h6v10h-6z" />
      <circle class="art-c" cx="60" cy="38" r="5" />
      <path class="art-shade" d="M74 56h6l10 50a6 6 0 0 1-6 7h-8Z" />
    </>
  ),
  dripper: (
    <>
      <path class="art-a" d="M26 42h68L76 84H44Z" />
      <path class="art-shade" d="M82 42h12L76 84h-8Z" />
      <path class="art-rib" d="m44 48 8 30M60 48v30M76 48l-8 30" />
      <path class="art-c" d="M34 84h52v8H34z" />
      <path class="art-b" d="M48 92h24v6a6 6 0 0 1-6 6H54a6 6 0 0 1-6-6Z" />
      <path class="art-line" d="M94 48c12 0 12 18-4 18" />
    </>
  ),
  mug: (
    <>
      <path class="art-line" d="M84 62c22-6 22 32-2 30" />
      <path
        class="art-b"
        d="M38 50h46c0 26 8 30 8 44 0 10-8 16-16 16H46c-8 0-16-6-16-16 0-14 8-18 8-44Z"
      />
      <path class="art-a" d="M31 86c20 8 40 8 60 0 4 16-6 24-15 24H46c-9 0-19-8-15-24Z" />
      <path class="art-steam" d="M52 40c-5-6 5-10 0-16M68 40c-5-6 5-10 0-16" />
    </>
  ),
  grinder: (
    <>
      <path class="art-line" d="M60 36h30" />
      <circle class="art-a" cx="94" cy="36" r="7" />
      <path class="art-c" d="M56 32h8v12h-8z" />
      <path class="art-b" d="M44 44h32v38H44z" />
      <path class="art-c" d="M42 78h36v8H42z" />
      <path class="art-a" d="M44 86h32v22a6 6 0 0 1-6 6H50a6 6 0 0 1-6-6Z" />
      <path class="art-shade" d="M68 44h8v64a6 6 0 0 1-6 6h-2Z" />
    </>
  ),
  beans: (
    <>
      <path class="art-a" d="M36 38h48l6 68a6 6 0 0 1-6 6H36a6 6 0 0 1-6-6Z" />
      <path class="art-c" d="M36 30h48v10H36z" />
      <path class="art-b" d="M42 60h36v30H42z" />
      <ellipse class="art-c" cx="60" cy="75" rx="8" ry="11" transform="rotate(24 60 75)" />
      <path class="art-bean" d="M56 66c8 4-2 12 7 18" />
      <path class="art-shade" d="M76 40h8l6 66a6 6 0 0 1-6 6h-6Z" />
    </>
  ),
  carafe: (
    <>
      <path
        class="art-glass"
        d="M50 34h20v22c0 8 22 18 22 38 0 12-10 18-18 18H46c-8 0-18-6-18-18 0-20 22-30 22-38Z"
      />
      <path class="art-a" d="M30 84h60c6 18-6 28-16 28H46c-10 0-22-10-16-28Z" />
      <path class="art-cork" d="M47 44h26v14H47z" />
      <path class="art-line" d="M48 34h24" />
    </>
  ),
};

/** A product's picture; decoration, its name stands beside it. */
export function ProductArt({ id }: { id: string }) {
  return (
    <svg class="art" viewBox="0 0 120 140" aria-hidden="true">
      <ellipse class="art-ground" cx="60" cy="114" rx="42" ry="5" />
      {ART[id]}
    </svg>
  );
}
