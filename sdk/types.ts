/** What a page may set for {@link createSnag}. Only `key` is needed where Snag serves the page. */
export interface SnagOptions {
  /** The project's write key. It is public: it may only write. */
  key: string;
  /** Where Snag runs, such as `https://snag.example.com`; the page's own origin by default. */
  host?: string;
  /** Fixes the visitor's id, instead of one made and kept by the SDK. */
  anonymousId?: string;
  /**
   * `"pending"` holds events in memory, stores nothing and sends nothing until `optIn()`;
   * `"granted"` by default. A choice made before by `optIn()` or `optOut()` comes first.
   */
  consent?: "granted" | "pending";
  /** Do Not Track and Global Privacy Control count as opted out, unless this is `false`. */
  respectDnt?: boolean;
  /** Sends the visible text of what is clicked; otherwise only under `[data-snag-text]`. */
  captureText?: boolean;
  /** Changes every URL before it is sent; values of secret-looking parameters are already gone. */
  sanitizeUrl?: (url: string) => string;
  /** Says on the console what is dropped, and why. */
  debug?: boolean;
}

/** Flat values that go with an event. */
export type Properties = Record<string, unknown>;

/** The browser SDK. No method throws, whatever it is given. */
export interface Snag {
  /** Records an event of your own. */
  track(event: string, properties?: Properties): void;
  /** Says who the visitor is; later events carry the id, also after a reload. */
  identify(userId: string, traits?: Properties): void;
  /** Records a page view; navigation within the page is already recorded. */
  page(properties?: Properties): void;
  /** Forgets visitor, user and session, for a log-out. */
  reset(): void;
  /** Sends what waits; resolves when it was answered or failed (then it is tried again later). */
  flush(): Promise<void>;
  /** Stops, drops what waits, forgets the visitor and stays so after a reload. */
  optOut(): void;
  /** Starts, or starts again, and stays so after a reload; also against Do Not Track. */
  optIn(): void;
}

/** Puts an event into the queue; `isUrgent` sends it at once, since live detection waits for it. */
export type Emit = (event: string, properties: Properties, isUrgent?: boolean) => void;

/** What captures share. */
export interface Page {
  win: Window & typeof globalThis;
  doc: Document;
  emit: Emit;
  /** Wraps a callback so that it never throws into the page. */
  guard<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void;
  /** A URL as it may be sent. */
  cleanUrl(url: string): string;
}
