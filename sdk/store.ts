/** One small text that outlives the page, as well as the browser lets it. */
export interface TextStore {
  get(): string | null;
  set(text: string): void;
}

const YEAR_S = 365 * 24 * 60 * 60;

function cookieStore(doc: Document, name: string): TextStore {
  return {
    get() {
      const found = doc.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
      return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
    },
    set(text) {
      doc.cookie = `${name}=${encodeURIComponent(text)};path=/;max-age=${YEAR_S};SameSite=Lax`;
    },
  };
}

/** `localStorage` under one name; `undefined` where the browser forbids it or it is full. */
export function openLocalStore(win: Window, name: string): TextStore | undefined {
  try {
    const storage = win.localStorage;
    const probe = `${name}_probe`;
    storage.setItem(probe, "1");
    storage.removeItem(probe);
    return {
      get: () => storage.getItem(name),
      set: (text) => text ? storage.setItem(name, text) : storage.removeItem(name),
    };
  } catch {
    return undefined;
  }
}

/** A place to keep `name`: `localStorage`, else a cookie, else this page's memory. */
export function openStore(win: Window, name: string): TextStore {
  const local = openLocalStore(win, name);
  let memory: string | null = null;
  let lasting = local;
  if (!lasting) {
    try {
      const cookie = cookieStore(win.document, name);
      cookie.get();
      lasting = cookie;
    } catch {
      // Sandboxed pages have no cookies either: memory it is.
    }
  }
  return {
    get() {
      try {
        return lasting?.get() ?? memory;
      } catch {
        return memory;
      }
    },
    set(text) {
      memory = text;
      try {
        lasting?.set(text);
      } catch {
        // Full or forbidden since: memory has it.
      }
    },
  };
}
