/** What is shown of the stored results: which run, which view, which layer. */
import type { Fields, Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { joined, oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { writeTraits } from "../core/traits.ts";
import * as words from "../words/en/benchplot.ts";
import { QUANTITIES, type Layer, type Quantity, type Stored } from "./work.ts";

export type View = "layers" | "rate" | "growth";
export const VIEWS = (["layers", "rate", "growth"] as const).map((value) => ({ value, label: words.VIEWS[value] }));

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

const readView = oneOf(...VIEWS.map((view) => view.value));
const readQuantity = oneOf(...QUANTITIES.map((quantity) => quantity.value));

export function read(model: Model): Settings {
  return {
    results: model.get("results") as Stored[],
    result: String(model.get("result") ?? ""),
    view: readView(String(model.get("view"))) ?? "layers",
    quantity: readQuantity(String(model.get("quantity"))) ?? "ms",
    workload: String(model.get("workload") ?? ""),
  };
}

export const write = (model: Model, s: Settings): void => writeTraits(model, WRITTEN, s);

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

export const toQuery = (s: Settings): string => queryOf(WRITTEN.map((key) => [key, encode(s[key])] as const));

// A link may pass through programs that end it at a blank or at ">".
const encode = (text: string): string => text.replace(/ /g, "_").replace(/->/g, "-to-");

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take, unread } = reader(query);
  let s = base;
  const named = (names: string[]) => (text: string) => names.find((name) => encode(name) === text) ?? null;
  take("result", named(s.results.map((one) => one.name)), (result) => (s = { ...s, result }));
  take("view", readView, (view) => (s = { ...s, view }));
  take("quantity", readQuantity, (quantity) => (s = { ...s, quantity }));
  take("workload", named(layersOf(s).map((layer) => layer.name)), (workload) => (s = { ...s, workload }));
  return { settings: settle(s), message: joined(unread()) };
}

export const same = (a: Settings, b: Settings): boolean => a.results === b.results && toQuery(a) === toQuery(b);
