/** Settings as the widget's traits, and back. */
import presets from "../../../figures/presets.json";
import type { Model } from "../core/model.ts";
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

export function readModel(model: Model): Settings {
  return fromTraits(
    Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) as unknown as TraitValues,
  );
}

/** Sends what changed, in one message. */
export function writeModel(model: Model, s: Settings): void {
  const values = toTraits(s);
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

export const PRESETS: Preset[] = presets.filter((row) => row.widget === "ConvExplorer").map(({ name, label, settings }) => ({
  name,
  label,
  settings: fromTraits({ ...DEFAULTS, ...settings } as TraitValues),
}));
