import Bowser from "bowser";

/** Headers in which an edge network tells the visitor's country, as two letters. */
const COUNTRY_HEADERS = [
  "cf-ipcountry",
  "x-vercel-ip-country",
  "cloudfront-viewer-country",
  "x-appengine-country",
  "fastly-geo-country",
  "x-country-code",
];
/** Codes that stand for "unknown" and "Tor" (Cloudflare). */
const NO_COUNTRY = new Set(["XX", "T1", "ZZ"]);
const MAX_AGENTS = 2000;
const MAX_AGENT_CHARS = 512;

/** What the request itself tells about the visitor's device. */
export interface RequestContext extends Record<string, unknown> {
  country?: string;
  device_type?: string;
  browser?: string;
  os?: string;
}

type Device = Omit<RequestContext, "country">;

function parseAgent(agent: string): Device {
  const { browser, os, platform } = Bowser.parse(agent);
  return { device_type: platform.type, browser: browser.name, os: os.name };
}

/** Reads device and country from a request's headers, remembering agents seen before. */
export class RequestContextReader {
  readonly #agents = new Map<string, Device>();

  read(headers: Headers): RequestContext {
    const context: RequestContext = { ...this.#device(headers.get("user-agent")) };
    for (const name of COUNTRY_HEADERS) {
      const code = headers.get(name)?.toUpperCase();
      if (code && /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.has(code)) {
        context.country = code;
        break;
      }
    }
    return context;
  }

  #device(header: string | null): Device {
    if (!header) return {};
    const agent = header.slice(0, MAX_AGENT_CHARS);
    const known = this.#agents.get(agent);
    if (known) return known;
    if (this.#agents.size >= MAX_AGENTS) this.#agents.clear();
    const device = parseAgent(agent);
    this.#agents.set(agent, device);
    return device;
  }
}
