/// <reference types="vite/client" />
import { type ComponentType, h, hydrate } from "preact";
import { COMPONENT_EXPORT, COMPONENT_NAME, DATA_SERIALIZED_PROPS } from "honox/constants";
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/live.css";
import "./styles/feed.css";
import "./styles/demo.css";
import "./styles/shop.css";

type IslandModule = Record<string, ComponentType<Record<string, unknown>>>;

const ISLANDS = import.meta.glob<IslandModule>("/islands/*.tsx");

/** Wakes up an island that the server rendered into the page. */
async function hydrateIsland(element: Element): Promise<void> {
  const name = element.getAttribute(COMPONENT_NAME) ?? "";
  const load = ISLANDS[name];
  if (!load) throw new Error(`No island is named "${name}"`);
  const Component = (await load())[element.getAttribute(COMPONENT_EXPORT) ?? "default"];
  if (!Component) throw new Error(`Island "${name}" lacks its export`);
  hydrate(h(Component, JSON.parse(element.getAttribute(DATA_SERIALIZED_PROPS) ?? "{}")), element);
  element.setAttribute("data-hydrated", "");
}

await Promise.all([...document.querySelectorAll("honox-island")].map(hydrateIsland));
