/** Settings as the widget's traits, and back. */
import presets from "../../../figures/presets.json";
import type { Model } from "../core/model.ts";
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

export function readModel(model: Model): Settings {
  return fromTraits(Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) as unknown as TraitValues);
}

/** Sends what changed, in one message. */
export function writeModel(model: Model, { outputSize, ...rest }: Settings): void {
  const values: TraitValues = { ...rest, output_size: outputSize };
  let changed = false;
  for (const name of TRAITS) {
    if (JSON.stringify(model.get(name)) === JSON.stringify(values[name])) continue;
    model.set(name, values[name]);
    changed = true;
  }
  if (changed) model.save_changes();
}

export interface Preset {
  name: string;
  label: string;
  settings: Settings;
}

export const PRESETS: Preset[] = presets
  .filter((row) => row.widget === "SizeRuler")
  .map(({ name, label, settings }) => ({
    name,
    label,
    settings: fromTraits({ ...DEFAULTS, ...settings } as unknown as TraitValues),
  }));

/** The preset that is shown, if any. */
export const presetOf = (s: Settings): Preset | undefined =>
  PRESETS.find((p) => sameSettings({ ...p.settings, view: s.view }, s));
