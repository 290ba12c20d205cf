/** What is shown of the stored results: which run, which view, which layer. */
import type { Fields, Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { partsOf } from "../explorer/link.ts";
import { QUANTITIES, type Layer, type Quantity, type Stored } from "./work.ts";

export type View = "layers" | "rate" | "growth";
export const VIEWS: { value: View; label: string }[] = [
  { value: "layers", label: "Layer by layer" },
  { value: "rate", label: "Rate" },
  { value: "growth", label: "Growth" },
];

export interface Settings {
  results: Stored[];
  result: string;
  view: View;
  quantity: Quantity;
  workload: string;
}

export const TRAITS = ["results", "result", "view", "quantity", "workload"] as const;
const WRITTEN = ["result", "view", "quantity", "workload"] as const;

export const storedOf = (s: Settings): Stored => s.results.find((one) => one.name === s.result) ?? s.results[0]!;

/**
 * The layers that the present view draws; growth only where it was measured. The rate is drawn for the heavy ones:
 * what a tiny layer takes is the call, not its operations or bytes.
 */
export function layersOf(s: Settings): Layer[] {
  const { workloads, growth } = storedOf(s);
  const heavy = workloads.filter((layer) => layer.mflop > 100);
  if (s.view === "rate" && heavy.length) return heavy;
  return s.view === "growth" && growth.length ? growth : workloads;
}

/** The layer that is read out: the chosen one where this view has it, else a heavy one. */
export function layerOf(s: Settings): Layer {
  const layers = layersOf(s);
  const heavy = layers.find((layer) => layer.mflop > 100);
  return layers.find((layer) => layer.name === s.workload) ?? heavy ?? layers[0]!;
}

const oneOf = <T extends string>(options: readonly { value: T }[], text: unknown): T | null =>
  options.find((option) => option.value === text)?.value ?? null;

export function read(model: Model): Settings {
  return {
    results: model.get("results") as Stored[],
    result: String(model.get("result") ?? ""),
    view: oneOf(VIEWS, model.get("view")) ?? "layers",
    quantity: oneOf(QUANTITIES, model.get("quantity")) ?? "ms",
    workload: String(model.get("workload") ?? ""),
  };
}

/** Sends what changed, in one message. */
export function write(model: Model, s: Settings): void {
  const changed = WRITTEN.filter((name) => model.get(name) !== s[name]);
  for (const name of changed) model.set(name, s[name]);
  if (changed.length) model.save_changes();
}

/** A name that this result does not have is replaced, not an error: results differ in what was timed. */
function settle(s: Settings): Settings {
  const result = storedOf(s).name;
  return { ...s, result, workload: layerOf({ ...s, result }).name };
}

/** There is nothing to type here: all settings are chosen. */
export const FIELDS: Fields<Settings, never> = {
  limits: {},
  labels: {},
  get: () => 0,
  set: (s) => s,
  settle,
  legal: () => true,
};

export const check = (_: Settings): Problem<Settings> | null => null;

export const toQuery = (s: Settings): string =>
  (["result", "view", "quantity", "workload"] as const).map((key) => `${key}=${encode(s[key])}`).join("&");

// A link may pass through programs that end it at a blank or at ">".
const encode = (text: string): string => text.replace(/ /g, "_").replace(/->/g, "-to-");

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal. */
export function fromQuery(query: string, base: Settings): { settings: Settings; message: string | null } {
  const given = partsOf(query);
  let s = base;
  const bad: string[] = [];
  const take = (key: (typeof WRITTEN)[number], find: (text: string) => string | null) => {
    const text = given.get(key);
    if (text === undefined) return;
    const value = find(text);
    if (value === null) bad.push(key);
    else s = { ...s, [key]: value };
  };
  const named = (names: string[]) => (text: string) => names.find((name) => encode(name) === text) ?? null;
  take("result", named(s.results.map((one) => one.name)));
  take("view", (text) => oneOf(VIEWS, text));
  take("quantity", (text) => oneOf(QUANTITIES, text));
  take("workload", named(layersOf(s).map((layer) => layer.name)));
  const message = bad.length
    ? `The link has ${bad.map((key) => `a ${key}`).join(", ")} that is not stored here; the rest is shown.`
    : null;
  return { settings: settle(s), message };
}

export const same = (a: Settings, b: Settings): boolean => a.results === b.results && toQuery(a) === toQuery(b);
