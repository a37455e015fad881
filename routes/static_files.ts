const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  map: "application/json",
};
const YEAR_S = 365 * 24 * 60 * 60;

interface StaticFile {
  path: string;
  headers: Record<string, string>;
}

/**
 * The built files, listed once at the start: a request can only name one of them, so no path needs
 * checking. Hashed names may be cached for good, the SDK for five minutes.
 */
export class StaticFiles {
  readonly #files: Map<string, StaticFile>;

  private constructor(files: Map<string, StaticFile>) {
    this.#files = files;
  }

  /** @param dist the build's folder */
  static async scan(dist: string): Promise<StaticFiles> {
    const files = new Map<string, StaticFile>();
    await addFolder(files, `${dist}/static`, "/static");
    for (const name of ["sdk.js", "sdk.mjs"]) {
      if (await exists(`${dist}/${name}`)) {
        files.set(`/${name}`, {
          path: `${dist}/${name}`,
          headers: {
            ...typeHeaders(name),
            "cache-control": "public, max-age=300",
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
          },
        });
      }
    }
    return new StaticFiles(files);
  }

  async serve(request: Request): Promise<Response | undefined> {
    const file = this.#files.get(new URL(request.url).pathname);
    if (!file) return undefined;
    return new Response(await Deno.readFile(file.path), { headers: file.headers });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function addFolder(files: Map<string, StaticFile>, folder: string, url: string) {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const { name, isDirectory } of entries) {
    if (isDirectory) await addFolder(files, `${folder}/${name}`, `${url}/${name}`);
    else {
      const isHashed = /[-.][\w-]{8,}\.\w+$/.test(name);
      const maxAge = isHashed ? `public, max-age=${YEAR_S}, immutable` : "public, max-age=300";
      files.set(`${url}/${name}`, {
        path: `${folder}/${name}`,
        headers: { ...typeHeaders(name), "cache-control": maxAge },
      });
    }
  }
}

function typeHeaders(name: string): Record<string, string> {
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return { "content-type": type, "x-content-type-options": "nosniff" };
}
