/** The solver's question: which sizes, and what is already settled about the layer. */
import limits from "../../solver_limits.json";
import type { Fields } from "../core/fields.ts";
import { LABELS } from "../words/en/solver.ts";
import { DILATION, KERNEL, STRIDE } from "../words/en/shared.ts";
import { searched, solve, type Answer, type Framework, type Pad, type Pair, type Query } from "./solve.ts";

export type Ask = "settings" | "sizes";
export type Direction = "up" | "down";

/** The names are those of the Python traits; 0 stands for "any" kernel or stride, which is None there. */
export interface Settings {
  ask: Ask;
  direction: Direction;
  size: Pair;
  /** Only for `ask` "settings". */
  wanted: Pair;
  kernel: number;
  stride: number;
  dilation: number;
  padding: Pad | null;
  framework: Framework;
  /** The answer whose code is shown; -1 is pad and crop. */
  pick: number;
}

export const { shown: MOST_SHOWN, ...NUMBERS } = limits as unknown as { shown: number } & Record<NumberField, [number, number]>;
export type NumberField = "height" | "width" | "toHeight" | "toWidth" | "kernel" | "stride" | "dilation" | "pixels";

export const FRAMEWORKS: readonly Framework[] = ["keras", "tf", "torch"];
export const FRAMEWORK_NAMES: Record<Framework, string> = { keras: "Keras", tf: "tf.nn", torch: "PyTorch" };

export function fieldValue(s: Settings, field: NumberField): number {
  switch (field) {
    case "height": return s.size[0];
    case "width": return s.size[1];
    case "toHeight": return s.wanted[0];
    case "toWidth": return s.wanted[1];
    case "pixels": return typeof s.padding === "number" ? s.padding : 0;
    default: return s[field];
  }
}

export function withField(s: Settings, field: NumberField, value: number): Settings {
  switch (field) {
    case "height": return { ...s, size: [value, s.size[1]], pick: 0 };
    case "width": return { ...s, size: [s.size[0], value], pick: 0 };
    case "toHeight": return { ...s, wanted: [value, s.wanted[1]], pick: 0 };
    case "toWidth": return { ...s, wanted: [s.wanted[0], value], pick: 0 };
    case "pixels": return { ...s, padding: value, pick: 0 };
    default: return { ...s, [field]: value, pick: 0 };
  }
}

/** Which sizes a setting gives can only be asked of a setting. */
export function settle(s: Settings): Settings {
  if (s.ask === "settings") return s;
  return { ...s, kernel: s.kernel || 3, stride: s.stride || 2, pick: 0 };
}

/** Kernel and stride may be left open, written 0. */
const open = ([low, high]: readonly [number, number]): readonly [number, number] => [Math.min(low, 0), high];

export const FIELDS: Fields<Settings, NumberField> = {
  limits: { ...NUMBERS, kernel: open(NUMBERS.kernel), stride: open(NUMBERS.stride) },
  labels: { ...LABELS, kernel: KERNEL, stride: STRIDE, dilation: DILATION },
  get: fieldValue,
  set: withField,
  settle,
  legal: () => true,
};

export function queryFor(s: Settings, framework: Framework): Query {
  const { kernels, strides } = searched(s.size, s.wanted, s.dilation);
  return {
    size: s.size,
    wanted: s.wanted,
    operation: s.direction === "up" ? "transposed" : "conv",
    framework,
    kernels: s.kernel ? [s.kernel] : kernels,
    strides: s.stride ? [s.stride] : strides,
    dilations: [s.dilation],
    padding: s.padding,
  };
}

export type Answers = Record<Framework, Answer>;

export const answersOf = (s: Settings): Answers => ({
  keras: solve(queryFor(s, "keras")),
  tf: solve(queryFor(s, "tf")),
  torch: solve(queryFor(s, "torch")),
});

/** "7 x 28" as people read it: one number where both axes agree is not enough, images have two. */
export const pairText = ([h, w]: readonly number[], times = "\u00d7"): string => `${h} ${times} ${w}`;
