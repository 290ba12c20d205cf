/** Settings as traits of the model, and as rows of the table of presets. */
import presets from "../../../figures/presets.json";
import type { Model } from "./model.ts";

/** The named traits as one record; what a model does not have is null. */
export const readTraits = <T>(model: Model, names: readonly string[]): T =>
  Object.fromEntries(names.map((name) => [name, model.get(name) ?? null])) as T;

/** Sends what changed, in one message. */
export function writeTraits(model: Model, names: readonly string[], values: object): void {
  const next = values as Record<string, unknown>;
  const changed = names.filter((name) => JSON.stringify(model.get(name) ?? null) !== JSON.stringify(next[name] ?? null));
  for (const name of changed) model.set(name, next[name]);
  if (changed.length) model.save_changes();
}

export interface Preset<S> {
  name: string;
  label: string;
  settings: S;
}

/** The presets of a widget; `settingsOf` turns a row's traits into settings. */
export const presetsOf = <S, T = Partial<S>>(widget: string, settingsOf: (traits: T) => S): Preset<S>[] =>
  (presets as unknown as (Preset<T> & { widget: string })[])
    .filter((row) => row.widget === widget)
    .map(({ name, label, settings }) => ({ name, label, settings: settingsOf(settings) }));
