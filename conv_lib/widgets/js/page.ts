/**
 * Entry point for published pages, where there is no kernel: finds the places that the book's extension
 * left for widgets, reads their state and mounts them. A classic script, so that it also runs from file://.
 */
import type { Host, Model } from "./core/model.ts";
import { mount } from "./explorer/explorer.tsx";
import { mount as mountMatrix } from "./matrix/matrix.tsx";

const WIDGETS: Record<string, typeof mount> = {
  ConvExplorer: mount,
  MatrixView: mountMatrix,
};

function staticModel(state: Record<string, unknown>): Model {
  return {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
    },
    on: () => undefined,
    off: () => undefined,
    save_changes: () => undefined,
  };
}

/** The part of the address that belongs to the widget `name`: "#name?query". */
function queryFor(name: string): string | null {
  const hash = location.hash.slice(1);
  const at = hash.indexOf("?");
  return at > 0 && hash.slice(0, at) === name ? hash.slice(at + 1) : null;
}

/** History entries hold the state of every widget on the page, so that "back" undoes the last change, whichever it was in. */
type Remembered = Record<string, string>;
const remembered = (): Remembered => (history.state?.convWidgets as Remembered | undefined) ?? {};

function pageHost(name: string, place: HTMLElement): Host {
  return {
    link: (query) => `${location.href.split("#")[0]}#${name}?${encodeURI(query)}`,
    remember(query) {
      const convWidgets = { ...remembered(), [name]: query };
      history.pushState({ ...history.state, convWidgets }, "", `#${name}?${encodeURI(query)}`);
    },
    onRestore(callback) {
      const restore = () => callback(remembered()[name] ?? queryFor(name));
      const typed = () => {
        if (queryFor(name) !== null) callback(queryFor(name));
      };
      if ((remembered()[name] ?? queryFor(name)) !== null) {
        restore();
        if (queryFor(name) !== null) place.scrollIntoView({ block: "start" });
      }
      addEventListener("popstate", restore);
      addEventListener("hashchange", typed);
      return () => {
        removeEventListener("popstate", restore);
        removeEventListener("hashchange", typed);
      };
    },
  };
}

function start(): void {
  for (const place of document.querySelectorAll<HTMLElement>(".cb-widget[data-state]")) {
    const mountWidget = WIDGETS[place.dataset.widget ?? ""];
    if (!mountWidget || place.dataset.alive) continue;
    const state = JSON.parse(place.dataset.state!) as Record<string, unknown>;
    const name = place.dataset.name ?? "widget";
    place.replaceChildren();
    mountWidget(staticModel(state), place, pageHost(name, place));
    place.dataset.alive = "true";
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
