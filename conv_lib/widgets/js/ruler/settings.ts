/** The ruler's settings: one axis. What they are, when they are legal, and what to do when they are not. */
import limits from "../../ruler_limits.json";
import { nearest, type Fields, type Problem } from "../core/fields.ts";
import * as words from "../words/en/ruler.ts";
import { DILATION, INPUT_SIZE, KERNEL, STRIDE, USE_SAME_PADDING, use } from "../words/en/shared.ts";
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasTransposedSize,
  transposedSizes,
  type Axis,
  type Padding,
} from "../core/shapes.ts";

export type Mode = "conv" | "transpose" | "stack";
export type View = "auto" | "whole" | "ends" | "close";

/** One convolution or pooling of a stack. */
export interface Layer {
  kernel: number;
  stride: number;
  dilation: number;
  padding: "valid" | "same";
}

/** One state of the ruler. The names are those of the Python traits, in camelCase. */
export interface Settings {
  mode: Mode;
  size: number;
  kernel: number;
  stride: number;
  dilation: number;
  padding: Padding;
  /** Transposed mode only; null is the default size. */
  outputSize: number | null;
  /** Transposed mode only: padding and output_padding of the PyTorch layer that is shown beside. */
  torch: readonly [padding: number, outputPadding: number];
  /** Stack mode only. */
  layers: readonly Layer[];
  view: View;
}

const { layers: layerLimits, ...plain } = limits;
export const MOST_LAYERS = layerLimits[1]!;
const PARTS = ["kernel", "stride", "dilation"] as const;
type Part = (typeof PARTS)[number];

export type NumberField = keyof typeof plain | `${Part}${number}`;

const LAYER_NUMBERS = Array.from({ length: MOST_LAYERS }, (_, i) => i);

export const LIMITS = {
  ...plain,
  ...Object.fromEntries(LAYER_NUMBERS.flatMap((i) => PARTS.map((part) => [`${part}${i}`, plain[part]]))),
} as unknown as { readonly [F in NumberField]: readonly [number, number] };

const PART_LABELS: Record<Part, string> = { kernel: KERNEL, stride: STRIDE, dilation: DILATION };
export const LABELS = {
  ...PART_LABELS,
  size: INPUT_SIZE,
  padBefore: words.PADDING_BEFORE,
  padAfter: words.PADDING_AFTER,
  torchPadding: words.TORCH_PADDING,
  torchOutputPadding: words.TORCH_OUTPUT_PADDING,
  ...Object.fromEntries(LAYER_NUMBERS.flatMap((i) => PARTS.map((p) => [`${p}${i}`, words.ofLayer(PART_LABELS[p], i + 1)]))),
} as unknown as { readonly [F in NumberField]: string };

/** A number field of a layer of the stack, taken apart. */
function layerPart(field: NumberField): { part: Part; index: number } | null {
  const found = /^(kernel|stride|dilation)(\d)$/.exec(field);
  return found ? { part: found[1] as Part, index: Number(found[2]) } : null;
}

export const layerField = (part: Part, index: number): NumberField => `${part}${index}`;

export function fieldValue(s: Settings, field: NumberField): number {
  const layer = layerPart(field);
  if (layer) return s.layers[layer.index]?.[layer.part] ?? 1;
  const pads = typeof s.padding === "string" ? [0, 0] : s.padding;
  switch (field) {
    case "padBefore": return pads[0]!;
    case "padAfter": return pads[1]!;
    case "torchPadding": return s.torch[0];
    case "torchOutputPadding": return s.torch[1];
    default: return s[field as "size" | Part];
  }
}

export function withField(s: Settings, field: NumberField, value: number): Settings {
  const layer = layerPart(field);
  if (layer) {
    return { ...s, layers: s.layers.map((l, i) => (i === layer.index ? { ...l, [layer.part]: value } : l)) };
  }
  const [before, after] = typeof s.padding === "string" ? [0, 0] : s.padding;
  switch (field) {
    case "padBefore": return { ...s, padding: [value, after] };
    case "padAfter": return { ...s, padding: [before, value] };
    case "torchPadding": return { ...s, torch: [value, s.torch[1]] };
    case "torchOutputPadding": return { ...s, torch: [s.torch[0], value] };
    default: return { ...s, [field]: value };
  }
}

export const axisOf = (s: Settings): Axis => ({
  kernel: s.kernel,
  stride: s.stride,
  dilation: s.dilation,
  padding: s.padding,
});

/** The size that a transposed layer takes when none is chosen: Keras' for valid and same, otherwise the smallest. */
export function defaultSize(s: Settings): number {
  const axis = axisOf(s);
  return kerasTransposedSize(s.size, axis) ?? transposedSizes(s.size, axis)?.first ?? 0;
}

/** The output size, of the last layer in a stack; 0 where the kernel does not fit. */
export function outputSize(s: Settings): number {
  if (s.mode === "conv") return convSize(s.size, axisOf(s));
  if (s.mode === "transpose") return s.outputSize ?? defaultSize(s);
  return s.layers.reduce((size, layer) => (size > 0 ? convSize(size, layer) : 0), s.size);
}

/** Drops a chosen output size that the other settings no longer allow. */
export function settle(s: Settings): Settings {
  if (s.outputSize === null) return s;
  const legal = s.mode === "transpose" ? transposedSizes(s.size, axisOf(s)) : null;
  return legal && s.outputSize >= legal.first && s.outputSize <= legal.last ? s : { ...s, outputSize: null };
}

interface Finding {
  message: string;
  searched: NumberField[];
  also?: { label: string; settings: Settings };
}

/** What a kernel spans, its size and its dilation. */
const spanOf = ({ kernel, dilation }: { kernel: number; dilation: number }) =>
  [effectiveKernel(kernel, dilation), kernel, dilation] as const;

function findProblem(s: Settings): Finding | null {
  if (s.mode === "stack") {
    let size = s.size;
    for (const [i, layer] of s.layers.entries()) {
      const out = convSize(size, layer);
      if (out < 1) {
        return {
          message: words.tooLargeInLayer(i + 1, ...spanOf(layer), size),
          searched: ["size", layerField("kernel", i), ...(layer.dilation > 1 ? [layerField("dilation", i)] : [])],
          also: {
            label: words.useSameInLayer(i + 1),
            settings: { ...s, layers: s.layers.map((l, j) => (j === i ? { ...l, padding: "same" } : l)) },
          },
        };
      }
      size = out;
    }
    return null;
  }
  const axis = axisOf(s);
  const [before, after] = typeof s.padding === "string" ? [0, 0] : s.padding;
  if (s.mode === "conv") {
    if (convSize(s.size, axis) >= 1) return null;
    return {
      message:
        s.padding === "valid"
          ? words.tooLargeForValid(...spanOf(s), s.size)
          : words.tooLarge(...spanOf(s), `${s.size} + ${before} + ${after} = ${s.size + before + after}`),
      searched: ["kernel", "size", ...(s.dilation > 1 ? (["dilation"] as const) : [])],
      also: { label: USE_SAME_PADDING, settings: { ...s, padding: "same" } },
    };
  }
  const legal = transposedSizes(s.size, axis);
  if (!legal) {
    return {
      message: words.nothingLeft(before, after, fullSize(s.size, axis)),
      searched: ["padBefore", "padAfter", "size"],
    };
  }
  const out = outputSize(s);
  if (out < legal.first || out > legal.last) {
    const nearest = out < legal.first ? legal.first : legal.last;
    return {
      message: words.illegalOutput(out, convSize(out, axis), s.size, legal.first, legal.last),
      searched: [],
      also: { label: use(nearest), settings: { ...s, outputSize: nearest } },
    };
  }
  return null;
}

export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: LABELS,
  get: fieldValue,
  set: withField,
  settle,
  legal: (s) => findProblem(s) === null,
};

/** Null when the settings are legal; otherwise what is wrong and the nearest legal settings. */
export function check(s: Settings): Problem<Settings> | null {
  const found = findProblem(s);
  if (!found) return null;
  const fixes = found.searched.flatMap((field) => nearest(FIELDS, s, field)).slice(0, 2);
  if (found.also && !findProblem(found.also.settings)) fixes.push(found.also);
  return { message: found.message, fixes };
}

/** The same layer read the other way round: the sizes change places, kernel and settings stay. */
export function turnedRound(s: Settings, mode: Mode): Settings {
  const [low, high] = LIMITS.size;
  const within = (n: number) => Math.min(Math.max(n, low), high);
  if (mode === "stack" || s.mode === "stack") return settle({ ...s, mode, outputSize: null });
  const turned: Settings = { ...s, mode, size: within(outputSize(s)), outputSize: null };
  if (mode === "conv") return turned;
  const chosen = settle({ ...turned, outputSize: s.size });
  return chosen.outputSize === defaultSize(chosen) ? { ...chosen, outputSize: null } : chosen;
}
