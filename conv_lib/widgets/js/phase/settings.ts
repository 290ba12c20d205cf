/** The phase lab's settings: what they are, when they are legal, as traits and as text for a link. */
import limits from "../../phase_limits.json";
import { nearest, rangeProblem, type Fields, type Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { parseWhole } from "../core/numbers.ts";
import { sizeOf, type Size } from "../core/ops.ts";
import { fullSize, kerasTransposedSize, transposedWindow, type Axis } from "../core/shapes.ts";
import { illegal, joined, matrixText, oneOf, queryOf, reader, readMatrix, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import * as words from "../words/en/phase.ts";
import { STRIDE } from "../words/en/shared.ts";
import { resized } from "../explorer/settings.ts";

/** What is shown below the kernel. */
export type View = "flat" | "photo" | "spectrum";
export const VIEWS: readonly View[] = ["flat", "photo", "spectrum"];

export interface Settings {
  /** A strip (a kernel of one row, stride across only) or an image. */
  dims: 1 | 2;
  kernel: number[][];
  stride: number;
  /** Of the flat image; a strip has height 1. */
  height: number;
  width: number;
  /** "valid", "same", or pixels cropped before and after the full result. */
  padding: "valid" | "same" | readonly [before: number, after: number];
  view: View;
  /** The wave of the spectrum, in cycles per 100 input pixels. */
  wave: number;
}

export const LIMITS = limits as unknown as { readonly [F in keyof typeof limits]: readonly [number, number] };
export type NumberField = keyof typeof LIMITS;

export const LABELS: Record<NumberField, string> = {
  kernelHeight: words.KERNEL_HEIGHT,
  kernelWidth: words.KERNEL_WIDTH,
  stride: STRIDE,
  height: words.INPUT_HEIGHT,
  width: words.INPUT_WIDTH,
  cropBefore: words.CROP_BEFORE,
  cropAfter: words.CROP_AFTER,
  wave: words.WAVES,
};

/** The stride of each axis: a strip has none downwards. */
export const strides = (s: Settings): Size => (s.dims === 1 ? [1, s.stride] : [s.stride, s.stride]);
export const inputSize = (s: Settings): Size => (s.dims === 1 ? [1, s.width] : [s.height, s.width]);

/** The settings of one axis; across a strip nothing is cropped from its height. */
export function axis(s: Settings, which: 0 | 1): Axis {
  const flat = s.dims === 1 && which === 0;
  return { kernel: sizeOf(s.kernel)[which], stride: strides(s)[which], dilation: 1, padding: flat ? "valid" : s.padding };
}

/** What is kept of the full result on an axis: [start, stop). */
export function windowOf(s: Settings, which: 0 | 1): readonly [number, number] {
  const a = axis(s, which);
  const n = inputSize(s)[which];
  if (typeof a.padding !== "string") return [a.padding[0], fullSize(n, a) - a.padding[1]];
  return transposedWindow(kerasTransposedSize(n, a)!, a);
}

const crop = (s: Settings): readonly [number, number] => (typeof s.padding === "string" ? [0, 0] : s.padding);

function get(s: Settings, field: NumberField): number {
  switch (field) {
    case "kernelHeight": return s.kernel.length;
    case "kernelWidth": return s.kernel[0]!.length;
    case "cropBefore": return crop(s)[0];
    case "cropAfter": return crop(s)[1];
    default: return s[field];
  }
}

function set(s: Settings, field: NumberField, value: number): Settings {
  const [kh, kw] = sizeOf(s.kernel);
  switch (field) {
    case "kernelHeight": return { ...s, kernel: resized(s.kernel, [value, kw], () => 1) };
    case "kernelWidth": return { ...s, kernel: resized(s.kernel, [kh, value], () => 1) };
    case "cropBefore": return { ...s, padding: [value, crop(s)[1]] };
    case "cropAfter": return { ...s, padding: [crop(s)[0], value] };
    default: return { ...s, [field]: value };
  }
}

function find(s: Settings): { message: string; searched: NumberField[] } | null {
  if (typeof s.padding === "string") return null;
  for (const which of [0, 1] as const) {
    if (s.dims === 1 && which === 0) continue;
    const [start, stop] = windowOf(s, which);
    if (stop > start) continue;
    const full = fullSize(inputSize(s)[which], axis(s, which));
    const name = which ? "width" : "height";
    return {
      message: words.nothingLeft(name, full, start, s.padding[1]),
      searched: ["cropBefore", "cropAfter", name],
    };
  }
  return null;
}

export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: LABELS,
  get,
  set,
  settle: (s) => s,
  legal: (s) => find(s) === null,
};

export function check(s: Settings): Problem<Settings> | null {
  const found = find(s);
  if (!found) return null;
  const fixes = found.searched.flatMap((field) => nearest(FIELDS, s, field)).slice(0, 3);
  return { message: found.message, fixes: [...fixes, { label: words.CROP_NOTHING, settings: { ...s, padding: "valid" } }] };
}

// ------------------------------------------------------------------------------ a strip and an image

/**
 * The same kernel on a strip and on an image. A strip's becomes the product of itself with itself; an image's becomes
 * what an image that is constant down its columns meets: its column sums, over the stride.
 */
export function withDims(s: Settings, dims: 1 | 2): Settings {
  if (dims === s.dims) return s;
  const tidy = (v: number): number => Number(v.toPrecision(12));
  if (dims === 2) {
    const row = s.kernel[0]!;
    return { ...s, dims, kernel: row.map((a) => row.map((b) => tidy(a * b))) };
  }
  const sums = s.kernel[0]!.map((_, c) => tidy(s.kernel.reduce((sum, row) => sum + row[c]!, 0) / s.stride));
  return { ...s, dims, kernel: [sums] };
}

// ------------------------------------------------------------------------------------------- traits

export const TRAITS = ["kernel", "stride", "height", "width", "padding", "view", "wave"] as const;

const DEFAULTS = { stride: 2, height: 4, width: 6, padding: "valid", view: "flat", wave: 0 } as const;

export type Given = Partial<Omit<Settings, "kernel" | "dims">> & { kernel: number[] | number[][] };

export function fromGiven(given: Given): Settings {
  const dims = Array.isArray(given.kernel[0]) ? 2 : 1;
  return { ...DEFAULTS, ...given, dims, kernel: (dims === 1 ? [given.kernel] : given.kernel) as number[][] };
}

/** A strip's kernel is a list of numbers, an image's a list of rows. */
export const kernelOf = (s: Settings): number[] | number[][] => (s.dims === 1 ? s.kernel[0]! : s.kernel);

export const read = (model: Model): Settings => fromGiven(readTraits<Given>(model, TRAITS));

export const write = (model: Model, s: Settings): void => writeTraits(model, TRAITS, { ...s, kernel: kernelOf(s) });

export const PRESETS = presetsOf("PhaseLab", fromGiven);

// -------------------------------------------------------------------------------------------- links

export function toQuery(s: Settings): string {
  const parts: [string, string][] = [
    ["dims", String(s.dims)],
    ["kernel", matrixText(s.kernel)],
    ["stride", String(s.stride)],
    ["height", String(s.height)],
    ["width", String(s.width)],
    ["padding", typeof s.padding === "string" ? s.padding : s.padding.join(",")],
    ["view", s.view],
    ...(s.wave ? [["wave", String(s.wave)] as [string, string]] : []),
  ];
  return queryOf(parts);
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { given, take, unread } = reader(query);
  let s: Settings = { ...base, wave: given.size ? 0 : base.wave };
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  take("dims", (text) => (text === "1" ? 1 : text === "2" ? 2 : null), (v) => (s = withDims(s, v)));
  take(
    "kernel",
    (text) => {
      const kernel = readMatrix(text, LIMITS.kernelWidth[1]);
      return kernel && (s.dims === 2 || kernel.length === 1) ? kernel : null;
    },
    (v) => (s.kernel = v),
  );
  for (const field of ["stride", "height", "width", "wave"] as const) take(field, within(field), (v) => (s[field] = v));
  take(
    "padding",
    (text) => {
      if (text === "valid" || text === "same") return text;
      const pair = text.split(",").map(parseWhole);
      const [low, high] = LIMITS.cropBefore;
      return pair.length === 2 && pair.every((v) => v !== null && v >= low && v <= high) ? ([pair[0]!, pair[1]!] as const) : null;
    },
    (v) => (s.padding = v),
  );
  take("view", oneOf(...VIEWS), (v) => (s.view = v));
  const problem = check(s);
  if (problem) s = problem.fixes[0]!.settings;
  return { settings: s, message: joined(unread(), problem && illegal(problem.message)) };
}

export const same = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
