/** The upsampling bench's settings: what they are, as traits and as text for a link. */
import limits from "../../upsampling_limits.json";
import { rangeProblem, type Fields, type Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { parseWhole } from "../core/numbers.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import { joined, matrixText, oneOf, queryOf, reader, readMatrix, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import { freshInput, resized } from "../explorer/settings.ts";
import { LABELS } from "../words/en/upsampling.ts";
import { WAYS, type Way } from "./ways.ts";

export const TABS = ["difference", "cost", "project"] as const;
export type Tab = (typeof TABS)[number];

export interface Settings {
  input: number[][];
  /** What goes through the eight ways: the grid, or the photograph. */
  shown: "grid" | "photo";
  transposed3: number[][];
  transposed4: number[][];
  resize: number[][];
  /** A kernel for each place in a block of 2 x 2, row by row. */
  shuffle: number[][][];
  /** The difference is the first minus the second. */
  first: Way;
  second: Way;
  in_channels: number;
  out_channels: number;
  tab: Tab;
}

export const LIMITS = limits as unknown as { readonly [F in keyof typeof limits]: readonly [number, number] };
export type NumberField = keyof typeof LIMITS;

function get(s: Settings, field: NumberField): number {
  switch (field) {
    case "height": return s.input.length;
    case "width": return s.input[0]!.length;
    case "inChannels": return s.in_channels;
    case "outChannels": return s.out_channels;
  }
}

function set(s: Settings, field: NumberField, value: number): Settings {
  const [h, w] = sizeOf(s.input);
  switch (field) {
    case "height": return { ...s, input: resized(s.input, [value, w], freshInput) };
    case "width": return { ...s, input: resized(s.input, [h, value], freshInput) };
    case "inChannels": return { ...s, in_channels: value };
    case "outChannels": return { ...s, out_channels: value };
  }
}

/** Each number has its limits; beyond them every setting goes with every other. */
export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: LABELS,
  get,
  set,
  settle: (s) => s,
  legal: () => true,
};

export const check = (_: Settings): Problem<Settings> | null => null;

// ------------------------------------------------------------------------------- traits

export const TRAITS = [
  "input", "shown", "transposed3", "transposed4", "resize", "shuffle", "first", "second", "in_channels", "out_channels", "tab",
] as const satisfies readonly (keyof Settings)[];

const DEFAULTS = {
  shown: "grid", first: "transposed4", second: "bilinear", in_channels: 64, out_channels: 32, tab: "difference",
} as const;

export const read = (model: Model): Settings => readTraits<Settings>(model, TRAITS);

export const write = (model: Model, s: Settings): void => writeTraits(model, TRAITS, s);

export const PRESETS = presetsOf("UpsamplingBench", (given) => ({ ...DEFAULTS, ...given }) as unknown as Settings);

// ------------------------------------------------------------------------------- links

export function toQuery(s: Settings): string {
  return queryOf([
    ["shown", s.shown],
    ["input", matrixText(s.input)],
    ["k3", matrixText(s.transposed3)],
    ["k4", matrixText(s.transposed4)],
    ["resize", matrixText(s.resize)],
    ["shuffle", s.shuffle.map(matrixText).join("|")],
    ["minus", `${s.first},${s.second}`],
    ["channels", `${s.in_channels},${s.out_channels}`],
    ["tab", s.tab],
  ]);
}

const square = (size: number) => (text: string): number[][] | null => {
  const m = readMatrix(text, size);
  return m && m.length === size && m[0]!.length === size ? m : null;
};

function readShuffle(text: string): number[][][] | null {
  const kernels = text.split("|").map(square(3));
  return kernels.length === 4 && kernels.every((k) => k !== null) ? (kernels as number[][][]) : null;
}

function pairOf<T>(text: string, parse: (one: string) => T | null): [T, T] | null {
  const found = text.split(",").map(parse);
  return found.length === 2 && found[0] !== null && found[1] !== null ? [found[0]!, found[1]!] : null;
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take, unread } = reader(query);
  const s: Settings = { ...base };
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  take("shown", oneOf("grid", "photo"), (v) => (s.shown = v));
  take("input", (text) => readMatrix(text, LIMITS.height[1], LIMITS.width[1]), (v) => (s.input = v));
  take("k3", square(3), (v) => (s.transposed3 = v));
  take("k4", square(4), (v) => (s.transposed4 = v));
  take("resize", square(3), (v) => (s.resize = v));
  take("shuffle", readShuffle, (v) => (s.shuffle = v));
  take("minus", (text) => pairOf(text, oneOf(...WAYS)), ([a, b]) => ((s.first = a), (s.second = b)));
  take("channels", (text) => pairOf(text, within("inChannels")), ([a, b]) => ((s.in_channels = a), (s.out_channels = b)));
  take("tab", oneOf(...TABS), (v) => (s.tab = v));
  return { settings: s, message: joined(unread()) };
}

export const same = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);

/** A matrix with one number changed. */
export const withCell = (m: Matrix, [r, c]: readonly [number, number], value: number): number[][] =>
  m.map((row, i) => row.map((v, j) => (i === r && j === c ? value : v)));
