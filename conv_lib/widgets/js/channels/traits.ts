/** Settings as the widget's traits, in TensorFlow's layouts (HWC and HWIO), and back. */
import type { Model } from "../core/model.ts";
import type { Matrix } from "../core/ops.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import { COUNTED_AT_FIRST, type Counted, type Padding, type Settings } from "./settings.ts";

interface TraitValues {
  /** (height, width, channels in) */
  input: number[][][];
  /** (kernel height, kernel width, channels in / groups, channels out) */
  kernel: number[][][][];
  bias: number[] | null;
  stride: number;
  padding: Padding;
  groups: number;
  channel: number;
  counted: Counted;
}

export const TRAITS = [
  "input",
  "kernel",
  "bias",
  "stride",
  "padding",
  "groups",
  "channel",
  "counted",
] as const satisfies readonly (keyof TraitValues)[];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The matrices of an array whose last axes count them, and the array again. */
export const planesOf = (x: number[][][]): Matrix[] =>
  range(x[0]![0]!.length).map((c) => x.map((row) => row.map((cell) => cell[c]!)));
const stacked = (planes: readonly Matrix[]): number[][][] =>
  planes[0]!.map((row, r) => row.map((_, c) => planes.map((plane) => plane[r]![c]!)));

export function fromTraits({ input, kernel, ...rest }: TraitValues): Settings {
  const slices = range(kernel[0]![0]![0]!.length).map((o) =>
    planesOf(kernel.map((row) => row.map((cell) => cell.map((outs) => outs[o]!)))),
  );
  return { ...rest, inputs: planesOf(input), slices };
}

export function toTraits({ inputs, slices, ...rest }: Settings): TraitValues {
  const [kh, kw] = [slices[0]![0]!.length, slices[0]![0]![0]!.length];
  const kernel = range(kh).map((r) =>
    range(kw).map((c) => range(slices[0]!.length).map((m) => slices.map((of) => of[m]![r]![c]!))),
  );
  return { ...rest, bias: rest.bias && [...rest.bias], input: stacked(inputs), kernel };
}

export const readModel = (model: Model): Settings => fromTraits(readTraits<TraitValues>(model, TRAITS));

export const writeModel = (model: Model, s: Settings): void => writeTraits(model, TRAITS, toTraits(s));

const DEFAULTS: Omit<TraitValues, "input" | "kernel"> = {
  bias: null,
  stride: 1,
  padding: "valid",
  groups: 1,
  channel: 0,
  counted: COUNTED_AT_FIRST,
};

export const PRESETS = presetsOf(
  "ChannelView",
  (given: Partial<TraitValues> & Pick<TraitValues, "input" | "kernel">) => fromTraits({ ...DEFAULTS, ...given }),
);
