/** The explorer's settings: what they are, when they are legal, and what to do when they are not. */
import limits from "../../limits.json";
import { nearest, type Fields, type Problem } from "../core/fields.ts";
import { axisOf, sizeOf, zeros, type Settings2D, type Size } from "../core/ops.ts";
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasTransposedSize,
  transposedSizes,
  transposedWindow,
  type SizeRange,
} from "../core/shapes.ts";
import * as words from "../words/en/explorer.ts";
import { USE_SAME_PADDING, use } from "../words/en/shared.ts";

export type Mode = "conv" | "transpose";
export type Picture = "scatter" | "gather";
export type Padding = Settings2D["padding"];

/** One state of the explorer. The names are those of the Python traits, in camelCase. */
export interface Settings {
  mode: Mode;
  picture: Picture;
  input: number[][];
  kernel: number[][];
  stride: number;
  padding: Padding;
  dilation: number;
  /** Transposed mode only; null is the default size. */
  outputSize: Size | null;
}

const { side, ...fields } = limits;

/** Smallest and largest value of each number box; conv_lib/widgets/limits.json holds them for Python too. */
export const LIMITS = fields as unknown as { readonly [F in keyof typeof fields]: readonly [number, number] };

export type NumberField = keyof typeof LIMITS;

/** More cells than this along one side would not be readable. */
export const MAX_SIDE = side;

const NAMES = ["height", "width"] as const;
const INPUT_FIELDS = ["inputHeight", "inputWidth"] as const;

/** The value of a number field in `s`. */
export function fieldValue(s: Settings, field: NumberField): number {
  const pad = typeof s.padding === "string" ? [[0, 0], [0, 0]] : s.padding;
  switch (field) {
    case "inputHeight": return sizeOf(s.input)[0];
    case "inputWidth": return sizeOf(s.input)[1];
    case "kernelSize": return Math.max(...sizeOf(s.kernel));
    case "stride": return s.stride;
    case "dilation": return s.dilation;
    case "padTop": return pad[0]![0]!;
    case "padBottom": return pad[0]![1]!;
    case "padLeft": return pad[1]![0]!;
    case "padRight": return pad[1]![1]!;
  }
}

/** `s` with one number changed. Cells that stay keep their values; new cells get small whole numbers. */
export function withField(s: Settings, field: NumberField, value: number): Settings {
  const [h, w] = sizeOf(s.input);
  const [[t, b], [l, r]] = typeof s.padding === "string" ? [[0, 0], [0, 0]] : s.padding;
  switch (field) {
    case "inputHeight": return { ...s, input: resized(s.input, [value, w], freshInput) };
    case "inputWidth": return { ...s, input: resized(s.input, [h, value], freshInput) };
    case "kernelSize": return { ...s, kernel: resized(s.kernel, [value, value], freshWeight) };
    case "stride": return { ...s, stride: value };
    case "dilation": return { ...s, dilation: value };
    case "padTop": return { ...s, padding: [[value, b!], [l!, r!]] };
    case "padBottom": return { ...s, padding: [[t!, value], [l!, r!]] };
    case "padLeft": return { ...s, padding: [[t!, b!], [value, r!]] };
    case "padRight": return { ...s, padding: [[t!, b!], [l!, value]] };
  }
}

export const freshInput = (r: number, c: number): number => [1, 2, 0, 3, 1, 0, 2][(3 * r + c) % 7]!;
export const freshWeight = (r: number, c: number): number => [1, 0, 2, -1, 1][(2 * r + c) % 5]!;

export function resized(
  old: readonly (readonly number[])[],
  size: Size,
  fresh: (r: number, c: number) => number,
): number[][] {
  return zeros(size).map((row, r) => row.map((_, c) => old[r]?.[c] ?? fresh(r, c)));
}

/** Legal output sizes of the transposed mode along one axis. */
export function legalSizes(s: Settings, which: 0 | 1): SizeRange | null {
  return transposedSizes(sizeOf(s.input)[which], axisOf(sizeOf(s.kernel), s, which));
}

/** The size taken when none is chosen: Keras' for valid and same, otherwise the smallest legal one. */
export function defaultSize(s: Settings, which: 0 | 1): number {
  const axis = axisOf(sizeOf(s.kernel), s, which);
  const n = sizeOf(s.input)[which];
  return kerasTransposedSize(n, axis) ?? transposedSizes(n, axis)?.first ?? 0;
}

export function outputSize(s: Settings): Size {
  if (s.mode === "transpose") return s.outputSize ?? [defaultSize(s, 0), defaultSize(s, 1)];
  const size = sizeOf(s.input);
  const k = sizeOf(s.kernel);
  return [convSize(size[0], axisOf(k, s, 0)), convSize(size[1], axisOf(k, s, 1))];
}

/** Drops a chosen output size that the other settings no longer allow. */
export function withLegalOutput(s: Settings): Settings {
  if (s.mode === "conv") return s.outputSize ? { ...s, outputSize: null } : s;
  if (!s.outputSize) return s;
  const legal = ([0, 1] as const).every((which) => {
    const range = legalSizes(s, which);
    return range && s.outputSize![which] >= range.first && s.outputSize![which] <= range.last;
  });
  return legal ? s : { ...s, outputSize: null };
}

/**
 * The same layer read the other way round: sizes change places, kernel and settings stay. An output too
 * large to be an input here is cut.
 */
export function turnedRound(s: Settings, otherInput: number[][] | null): Settings {
  const [height, width] = outputSize(s);
  const most: Size = [Math.min(height, LIMITS.inputHeight[1]), Math.min(width, LIMITS.inputWidth[1])];
  const input = resized(otherInput ?? [], most, freshInput);
  if (s.mode === "transpose") return { ...s, mode: "conv", input, outputSize: null };
  const turned: Settings = { ...s, mode: "transpose", input, outputSize: sizeOf(s.input) };
  const isDefault = ([0, 1] as const).every((a) => defaultSize(turned, a) === turned.outputSize![a]);
  return isDefault ? { ...turned, outputSize: null } : turned;
}

/** What is wrong, and the fields in which a nearest legal value is looked for. */
interface Finding {
  message: string;
  searched: NumberField[];
  /** A kernel that does not fit, or an output size that is not legal, has a fix of its own. */
  about?: "kernel" | "output";
}

function findProblem(s: Settings): Finding | null {
  const k = sizeOf(s.kernel);
  const size = sizeOf(s.input);
  for (const which of [0, 1] as const) {
    const name = NAMES[which];
    const [low, high] = LIMITS[INPUT_FIELDS[which]];
    if (size[which] > high) {
      return {
        message: words.inputTooLarge(name, low, high, size[which]),
        searched: [INPUT_FIELDS[which]],
      };
    }
    const axis = axisOf(k, s, which);
    const span = effectiveKernel(axis.kernel, axis.dilation);
    const padFields: NumberField[] = which === 0 ? ["padTop", "padBottom"] : ["padLeft", "padRight"];
    const explicit = typeof s.padding !== "string";
    const [before, after] = typeof axis.padding === "string" ? [0, 0] : axis.padding;
    if (s.mode === "conv") {
      if (axis.padding !== "same" && span > size[which] + before + after) {
        return {
          about: "kernel",
          message: words.kernelTooLarge(name, span, axis.kernel, axis.dilation, size[which], explicit ? [before, after] : null),
          searched: ["kernelSize", INPUT_FIELDS[which], ...(s.dilation > 1 ? (["dilation"] as const) : [])],
        };
      }
      if (size[which] + before + after > MAX_SIDE) {
        return {
          message: words.paddedTooLarge(name, size[which] + before + after, MAX_SIDE),
          searched: [padFields[0]!, INPUT_FIELDS[which]],
        };
      }
    } else {
      const range = legalSizes(s, which);
      if (!range) {
        const full = fullSize(size[which], axis);
        return {
          message: words.allCropped(name, before, after, full),
          searched: [...padFields, INPUT_FIELDS[which]],
        };
      }
      const out = outputSize(s)[which];
      if (out < range.first || out > range.last) {
        const back = convSize(out, axis);
        return {
          about: "output",
          message: words.illegalOutput(name, out, back, size[which], range.first, range.last),
          searched: [],
        };
      }
      const drawn = Math.max(fullSize(size[which], axis), transposedWindow(out, axis)[1]);
      if (drawn > MAX_SIDE) {
        return {
          message: words.resultTooLarge(name, drawn, MAX_SIDE),
          searched: [INPUT_FIELDS[which], "stride", "kernelSize"],
        };
      }
    }
  }
  return null;
}

export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: words.LABELS,
  get: fieldValue,
  set: withField,
  settle: withLegalOutput,
  legal: (s) => findProblem(s) === null,
};

/** Null when the settings are legal; otherwise what is wrong and the nearest legal settings. */
export function check(s: Settings): Problem<Settings> | null {
  const found = findProblem(s);
  if (!found) return null;
  const fixes = found.searched.flatMap((field) => nearest(FIELDS, s, field)).slice(0, 3);
  if (found.about === "output") {
    const plain = { ...s, outputSize: null };
    if (!findProblem(plain)) fixes.push({ label: use(outputSize(plain).join(" \u00d7 ")), settings: plain });
  }
  if (found.about === "kernel") {
    fixes.splice(2);
    fixes.push({ label: USE_SAME_PADDING, settings: { ...s, padding: "same" } });
  }
  return { message: found.message, fixes };
}
