/** Settings as the widget's traits, and back. */
import type { Model } from "../core/model.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
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

export const readModel = (model: Model): Settings => fromTraits(readTraits<Traits>(model, TRAITS));

export const writeModel = (model: Model, s: Settings): void => writeTraits(model, TRAITS, toTraits(s));

export const PRESETS = presetsOf("SizeSolver", (given: Partial<Traits>) => fromTraits({ ...DEFAULTS, ...given }));

/** The preset that is shown, if any, whichever answer is looked at; the one of the same framework first. */
export const presetOf = (s: Settings) =>
  PRESETS.find((p) => sameSettings({ ...p.settings, pick: s.pick }, s)) ??
  PRESETS.find((p) => sameSettings({ ...p.settings, framework: s.framework, pick: s.pick }, s));
