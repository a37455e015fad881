/// <reference types="vite/client" />

interface ManifestEntry {
  file: string;
  css?: string[];
}

const MANIFESTS = import.meta.glob<Record<string, ManifestEntry>>("/dist/.vite/manifest.json", {
  eager: true,
  import: "default",
});

const entry = Object.values(MANIFESTS)[0]?.["islands/client.ts"];

/** Addresses of the hashed files that every page loads; written by the client pass of the build. */
export const ASSETS: { script: string; styles: string[] } = {
  script: entry ? `/${entry.file}` : "",
  styles: (entry?.css ?? []).map((file) => `/${file}`),
};
