/** The chain as settings of the widget: its number fields, its traits, and the presets. */
import type { Fields, Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import type { Kind as SettingsKind } from "../ui/use-settings.ts";
import * as words from "../words/en/chain.ts";
import { fromQuery, readLayers, sameChain, toQuery } from "./link.ts";
import { layerProblem, LIMITS, MOST_LAYERS, PARTS, PLAIN, tidy, type Framework, type Layer, type Pair } from "./layers.ts";
import type { Chain } from "./walk.ts";

/** "height" and so on of the input; "kernel@3", "kernel0@3", "kernel1@3" for both axes or one of layer 4. */
export type Field = string;

const PAIRS = ["kernel", "stride", "padding", "dilation", "output_padding"] as const;
const INPUT = ["height", "width", "channels"] as const;
const LABEL: Record<string, string> = { ...words.FIELDS, output_padding: "output_padding" };

const limits: Record<string, readonly [number, number]> = {};
const labels: Record<string, string> = {};
for (const name of INPUT) {
  limits[name] = LIMITS[name]!;
  labels[name] = LABEL[name]!;
}
for (let i = 0; i < MOST_LAYERS; i++) {
  for (const part of ["filters", "groups", ...PAIRS]) {
    for (const axis of ["", "0", "1"]) {
      limits[`${part}${axis}@${i}`] = LIMITS[part]!;
      labels[`${part}${axis}@${i}`] = axis ? words.along(LABEL[part]!, axis === "0" ? 0 : 1) : LABEL[part]!;
    }
  }
  for (let n = 0; n < 4; n++) {
    limits[`size${n}@${i}`] = LIMITS.size!;
    labels[`size${n}@${i}`] = words.SIDES[n]!;
  }
}

const partsOf = (field: Field): { part: string; axis: number | null; index: number } => {
  const [name, index] = field.split("@") as [string, string];
  const digit = /\d$/.exec(name);
  return { part: digit ? name.slice(0, -1) : name, axis: digit ? Number(digit[0]) : null, index: Number(index) };
};

export const withLayer = (s: Chain, index: number, change: Partial<Layer>): Chain => ({
  ...s,
  layers: s.layers.map((layer, i) => (i === index ? tidy({ ...layer, ...change }) : layer)),
});

const ofInput = (field: Field): field is (typeof INPUT)[number] => (INPUT as readonly string[]).includes(field);

function get(s: Chain, field: Field): number {
  if (ofInput(field)) return s[field];
  const { part, axis, index } = partsOf(field);
  const layer = s.layers[index];
  if (!layer) return 1;
  if (part === "size") return layer.size[axis!] ?? 0;
  if (part === "filters") return layer.filters ?? 1;
  if (part === "groups") return layer.groups;
  const pair = layer[part as (typeof PAIRS)[number]];
  return typeof pair === "string" || pair === null ? 0 : pair[axis ?? 0]!;
}

function set(s: Chain, field: Field, value: number): Chain {
  if (ofInput(field)) return { ...s, [field]: value };
  const { part, axis, index } = partsOf(field);
  const layer = s.layers[index];
  if (!layer) return s;
  if (part === "size") return withLayer(s, index, { size: layer.size.map((v, i) => (i === axis ? value : v)) });
  if (part === "filters" || part === "groups") return withLayer(s, index, { [part]: value });
  const now = layer[part as (typeof PAIRS)[number]];
  const pair: Pair = typeof now === "string" || now === null ? [0, 0] : now;
  return withLayer(s, index, { [part]: axis === null ? [value, value] : pair.map((v, i) => (i === axis ? value : v)) });
}

export const FIELDS: Fields<Chain, Field> = {
  limits,
  labels,
  get,
  set,
  settle: (s) => s,
  legal: (s) => check(s) === null,
};

/** Only what is out of range is refused: a chain that does not fit is what this tool is for. */
export function check(s: Chain): Problem<Chain> | null {
  if (s.layers.length > MOST_LAYERS) return { message: words.tooMany(`${MOST_LAYERS}`), fixes: [] };
  for (const name of INPUT) {
    const [low, high] = LIMITS[name]!;
    if (!Number.isInteger(s[name]) || s[name] < low || s[name] > high)
      return { message: words.whole(LABEL[name]!, `${low}`, `${high}`), fixes: [] };
  }
  for (const [index, layer] of s.layers.entries()) {
    const message = layerProblem(layer, index);
    if (message) return { message, fixes: [] };
  }
  return null;
}

// ---------------------------------------------------------------- adding, removing, moving

/** Skips count layers, so they follow when layers move: `at` maps the number of a place before to the one after. */
const renumbered = (layers: readonly Layer[], at: (source: number) => number): Layer[] =>
  layers.map((layer, i) => (layer.kind === "concat" || layer.kind === "add" ? { ...layer, source: Math.min(Math.max(at(layer.source), 0), i) } : layer));

export function inserted(s: Chain, index: number, layer: Layer): Chain {
  const layers = [...s.layers.slice(0, index), layer, ...s.layers.slice(index)];
  const moved = renumbered(layers, (source) => (source > index ? source + 1 : source));
  return { ...s, layers: moved.map((one, i) => (i === index ? layer : one)) };
}

export function removed(s: Chain, index: number): Chain {
  const layers = s.layers.filter((_, i) => i !== index);
  return { ...s, layers: renumbered(layers, (source) => (source > index ? source - 1 : source)) };
}

export function moved(s: Chain, index: number, by: 1 | -1): Chain {
  const to = index + by;
  if (to < 0 || to >= s.layers.length) return s;
  const layers = [...s.layers];
  [layers[index], layers[to]] = [layers[to]!, layers[index]!];
  return { ...s, layers: renumbered(layers, (source) => source) };
}

// ------------------------------------------------------------------------ traits and presets

const TRAITS = ["framework", "height", "width", "channels", "layers"] as const;
type Given = { [name in Exclude<(typeof TRAITS)[number], "layers">]: Chain[name] } & { layers: unknown };

/** A layer with only what is not as usual, as Python writes it. */
export const compact = (layer: Layer): Record<string, unknown> => ({
  kind: layer.kind,
  ...Object.fromEntries(
    PARTS[layer.kind].filter((part) => JSON.stringify(layer[part]) !== JSON.stringify(PLAIN[part])).map((part) => [part, layer[part]]),
  ),
});

function fromTraits(values: Given): Chain {
  const layers =
    typeof values.layers === "string"
      ? (readLayers(values.layers) ?? [])
      : (values.layers as Partial<Layer>[]).map((layer) => tidy({ ...PLAIN, ...layer } as Layer));
  return { ...values, layers };
}

const read = (model: Model): Chain => fromTraits(readTraits<Given>(model, TRAITS));

const write = (model: Model, s: Chain): void => writeTraits(model, TRAITS, { ...s, layers: s.layers.map(compact) });

export const KIND: SettingsKind<Chain, Field> = { fields: FIELDS, traits: TRAITS, read, write, check, same: sameChain, toQuery, fromQuery };

const DEFAULTS = { framework: "keras" as Framework, height: 28, width: 28, channels: 1, layers: "" };

export const PRESETS = presetsOf("DecoderRuler", (given: Partial<Given>) => fromTraits({ ...DEFAULTS, ...given }));

export const presetOf = (s: Chain) => PRESETS.find((p) => sameChain(p.settings, s));
