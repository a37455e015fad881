/** The thread with a snag in it: the mark of the product, and the favicon. */
export const MARK_PATH =
  "M1.5 15.5h5c4.7 0 8-3.2 8-7A4 4 0 0 0 10.5 4.5a4 4 0 0 0-4 4c0 3.8 3.3 7 8 7h8";

/** The mark beside the product's name. */
export function Mark() {
  return (
    <svg
      viewBox="0 0 24 20"
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      aria-hidden="true"
    >
      <path d={MARK_PATH} stroke-linecap="round" />
    </svg>
  );
}
