/**
 * What runs on published pages, where there is no kernel: each widget's script registers its `mount`, and the places
 * that the book's extension left for it come alive. Classic scripts, so that pages also work from file://.
 */
import type { Host, Model } from "./core/model.ts";

type Mount = (model: Model, el: HTMLElement, host: Host | null) => () => void;

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

/** The states of the widgets on this page that are not as the page made them, by name. */
type Remembered = Record<string, string>;

/**
 * History entries hold the state of every widget, so that "back" undoes the last change, whichever it was in.
 * An entry without any was made by something else, such as a link to a heading: there nothing changes.
 */
let now: Remembered = {};
const inEntry = (): Remembered | undefined => history.state?.convWidgets as Remembered | undefined;
const stamp = (): void => history.replaceState({ ...history.state, convWidgets: now }, "");

function pageHost(name: string, place: HTMLElement): Host {
  let shown: string | null = now[name] ?? null;
  return {
    link: (query) => `${location.href.split("#")[0]}#${name}?${encodeURI(query)}`,
    remember(query) {
      // Sphinx's own scripts replace the state of the first entry after we stamped it.
      if (!inEntry()) stamp();
      shown = query;
      now = { ...now, [name]: query };
      history.pushState({ ...history.state, convWidgets: now }, "", `#${name}?${encodeURI(query)}`);
    },
    onRestore(callback) {
      const show = (query: string | null) => {
        shown = query;
        callback(query);
      };
      const moved = () => {
        const query = inEntry()?.[name] ?? null;
        if (inEntry() && query !== shown) show(query);
      };
      const linked = () => {
        const query = queryFor(name);
        if (query === null) return;
        if (query === encodeURI(shown ?? "")) {
          // The same link a second time: there is nothing to change, but the reader wants to see it.
          if (followed) place.scrollIntoView({ block: "start" });
          return;
        }
        now = { ...now, [name]: query };
        stamp();
        show(query);
        place.scrollIntoView({ block: "start" });
      };
      if (shown !== null) show(shown);
      else linked();
      addEventListener("popstate", moved);
      addEventListener("hashchange", linked);
      return () => {
        removeEventListener("popstate", moved);
        removeEventListener("hashchange", linked);
      };
    },
  };
}

/** Whether the last move was along a link: its entry is new, while "back" and "forward" come to one that we stamped. */
let followed = false;
now = inEntry() ?? {};
if (!inEntry()) stamp();
// Runs before the widgets' own listeners, which are added later.
addEventListener("popstate", () => {
  followed = !inEntry();
  if (inEntry()) now = inEntry()!;
  else stamp();
});

function mountAll(widget: string, mount: Mount): void {
  for (const place of document.querySelectorAll<HTMLElement>(`.cb-widget[data-widget="${widget}"][data-state]`)) {
    if (place.dataset.alive) continue;
    const state = JSON.parse(place.dataset.state!) as Record<string, unknown>;
    const name = place.dataset.name ?? "widget";
    place.replaceChildren();
    mount(staticModel(state), place, pageHost(name, place));
    place.dataset.alive = "true";
  }
}

/** Brings the widgets of one class alive; called by that class's script. */
export function register(widget: string, mount: Mount): void {
  if (document.readyState !== "loading") mountAll(widget, mount);
  else document.addEventListener("DOMContentLoaded", () => mountAll(widget, mount));
}
