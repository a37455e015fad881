import { islandComponents } from "honox/vite/island-components";
import { defineConfig, type UserConfig } from "vite";

/**
 * The web build, one Vite mode per pass; `jobs/cli/build.ts` runs them in this order:
 *
 * - `client`: hydration, styles and charts into `dist/static/` with hashed names, and the manifest
 * - `server`: the pages as one module, `dist/pages.js`; it reads the manifest, so it comes second
 * - `sdk_script`: the browser SDK for a script tag, `dist/sdk.js`
 * - `sdk_module`: the browser SDK as an ES module, `dist/sdk.mjs`
 */
export default defineConfig(({ mode }): UserConfig => {
  switch (mode) {
    case "client":
      return {
        ...pages,
        build: {
          ...shared.build,
          assetsDir: "static",
          assetsInlineLimit: 0,
          manifest: true,
          rolldownOptions: { input: "islands/client.ts" },
        },
      };
    case "server":
      return {
        ...pages,
        build: {
          ...shared.build,
          ssr: "routes/pages_app.ts",
          rolldownOptions: { output: { entryFileNames: "pages.js", codeSplitting: false } },
        },
        ssr: { noExternal: true },
      };
    case "sdk_script":
      return sdk("sdk/script.ts", "iife", "sdk.js");
    case "sdk_module":
      return sdk("sdk/index.ts", "es", "sdk.mjs");
    default:
      throw new Error(`Unknown build mode "${mode}"; run jobs/cli/build.ts`);
  }
});

const shared = {
  logLevel: "warn",
  clearScreen: false,
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    // The first browsers with light-dark(); without this the colours are rewritten for older ones.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
  },
} satisfies UserConfig;

const pages = {
  ...shared,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: {
    alias: [
      { find: "react/jsx-runtime", replacement: "preact/jsx-runtime" },
      { find: "react-dom", replacement: "preact/compat" },
      { find: "react", replacement: "preact/compat" },
    ],
  },
  plugins: [islandComponents({ islandDir: "/islands", reactApiImportSource: "preact/compat" })],
} satisfies UserConfig;

function sdk(entry: string, format: "iife" | "es", fileName: string): UserConfig {
  return {
    ...shared,
    build: {
      ...shared.build,
      lib: { entry, name: "Snag", formats: [format], fileName: () => fileName },
    },
  };
}
