/** Settings as the widget's traits, and back. */
import type { Model } from "../core/model.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import { sameSettings } from "./link.ts";
import type { Settings } from "./settings.ts";

type TraitValues = Omit<Settings, "outputSize"> & { output_size: number | null };

export const TRAITS = [
  "mode",
  "size",
  "kernel",
  "stride",
  "dilation",
  "padding",
  "output_size",
  "torch",
  "layers",
  "view",
] as const satisfies readonly (keyof TraitValues)[];

/** What a preset leaves out; conv_lib/widgets/ruler.py has the same defaults. */
const DEFAULTS: TraitValues = {
  mode: "conv",
  size: 6,
  kernel: 3,
  stride: 1,
  dilation: 1,
  padding: "valid",
  output_size: null,
  torch: [0, 0],
  layers: [
    { kernel: 3, stride: 1, dilation: 1, padding: "valid" },
    { kernel: 3, stride: 1, dilation: 1, padding: "valid" },
  ],
  view: "auto",
};

export function fromTraits({ output_size, ...rest }: TraitValues): Settings {
  return { ...rest, outputSize: output_size };
}

export const readModel = (model: Model): Settings => fromTraits(readTraits<TraitValues>(model, TRAITS));

export const writeModel = (model: Model, { outputSize, ...rest }: Settings): void =>
  writeTraits(model, TRAITS, { ...rest, output_size: outputSize });

export const PRESETS = presetsOf("SizeRuler", (given: Partial<TraitValues>) => fromTraits({ ...DEFAULTS, ...given }));

/** The preset that is shown, if any. */
export const presetOf = (s: Settings) =>
  PRESETS.find((p) => sameSettings({ ...p.settings, view: s.view }, s));
