/** Settings as the widget's traits, and back. */
import presets from "../../../figures/presets.json";
import type { Model } from "../core/model.ts";
import { sameSettings } from "./link.ts";
import { settle, type Settings } from "./settings.ts";

type Traits = Omit<Settings, "ask" | "wanted" | "kernel" | "stride"> & {
  wanted: Settings["wanted"] | null;
  kernel: number | null;
  stride: number | null;
};

export const TRAITS = ["direction", "size", "wanted", "kernel", "stride", "dilation", "padding", "framework", "pick"] as const satisfies readonly (keyof Traits)[];

/** What a preset leaves out; conv_lib/widgets/solver.py has the same defaults. */
const DEFAULTS: Traits = {
  direction: "up",
  size: [7, 7],
  wanted: [28, 28],
  kernel: null,
  stride: null,
  dilation: 1,
  padding: null,
  framework: "keras",
  pick: 0,
};

export function fromTraits({ wanted, kernel, stride, ...rest }: Traits): Settings {
  return settle({
    ...rest,
    ask: wanted ? "settings" : "sizes",
    wanted: wanted ?? rest.size,
    kernel: kernel ?? 0,
    stride: stride ?? 0,
  });
}

export function toTraits({ ask, wanted, kernel, stride, ...rest }: Settings): Traits {
  return { ...rest, wanted: ask === "settings" ? wanted : null, kernel: kernel || null, stride: stride || null };
}

export const readModel = (model: Model): Settings =>
  fromTraits(Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])) as unknown as Traits);

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

export const PRESETS: Preset[] = presets
  .filter((row) => row.widget === "SizeSolver")
  .map(({ name, label, settings }) => ({
    name,
    label,
    settings: fromTraits({ ...DEFAULTS, ...settings } as unknown as Traits),
  }));

/** The preset that is shown, if any, whichever answer is looked at; the one of the same framework first. */
export const presetOf = (s: Settings): Preset | undefined =>
  PRESETS.find((p) => sameSettings({ ...p.settings, pick: s.pick }, s)) ??
  PRESETS.find((p) => sameSettings({ ...p.settings, framework: s.framework, pick: s.pick }, s));
