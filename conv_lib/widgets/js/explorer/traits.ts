/** Settings as the widget's traits, and back. */
import type { Model } from "../core/model.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import type { Padding, Settings } from "./settings.ts";

interface TraitValues {
  mode: Settings["mode"];
  picture: Settings["picture"];
  input: number[][];
  kernel: number[][];
  stride: number;
  padding: Padding;
  dilation: number;
  output_size: readonly [number, number] | null;
}

export const TRAITS = [
  "mode",
  "picture",
  "input",
  "kernel",
  "stride",
  "padding",
  "dilation",
  "output_size",
] as const satisfies readonly (keyof TraitValues)[];

const DEFAULTS: Omit<TraitValues, "mode" | "input" | "kernel"> = {
  picture: "scatter",
  stride: 1,
  padding: "valid",
  dilation: 1,
  output_size: null,
};

export function fromTraits(values: TraitValues): Settings {
  const { output_size, ...rest } = values;
  return { ...rest, outputSize: output_size };
}

function toTraits(s: Settings): TraitValues {
  const { outputSize, ...rest } = s;
  return { ...rest, output_size: outputSize };
}

export const readModel = (model: Model): Settings => fromTraits(readTraits<TraitValues>(model, TRAITS));

export const writeModel = (model: Model, s: Settings): void => writeTraits(model, TRAITS, toTraits(s));

export const PRESETS = presetsOf("ConvExplorer", (given: Omit<TraitValues, keyof typeof DEFAULTS> & Partial<TraitValues>) =>
  fromTraits({ ...DEFAULTS, ...given }),
);
