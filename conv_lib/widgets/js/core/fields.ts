/** Settings made of number fields with limits: what is wrong with a text, and the nearest legal values. */
import { parseWhole } from "./numbers.ts";
import * as words from "../words/en/shared.ts";

export interface Fix<S> {
  label: string;
  settings: S;
}

/** What is wrong, in words a reader can act on; `fixes` are the nearest legal settings. */
export interface Problem<S> {
  message: string;
  fixes: Fix<S>[];
}

/** The number fields of a widget's settings. */
export interface Fields<S, F extends string> {
  limits: { readonly [field in F]: readonly [low: number, high: number] };
  labels: { readonly [field in F]: string };
  get(s: S, field: F): number;
  /** The settings with one number changed; values that can stay, stay. */
  set(s: S, field: F, value: number): S;
  /** Drops choices that other settings no longer allow. */
  settle(s: S): S;
  /** Whether the settings are legal. */
  legal(s: S): boolean;
}

/** A text that is no whole number within the limits of a field, or null when it is one. */
export function rangeProblem<S, F extends string>(
  fields: Fields<S, F>,
  s: S,
  field: F,
  received: string,
): Problem<S> | null {
  const [low, high] = fields.limits[field];
  const value = parseWhole(received);
  if (value !== null && value >= low && value <= high) return null;
  const kept = value === null ? fields.get(s, field) : Math.min(Math.max(value, low), high);
  const settings = fields.settle(fields.set(s, field, kept));
  return {
    message: words.outOfRange(fields.labels[field], low, high, received),
    fixes: fields.legal(settings) ? [{ label: value === null ? words.keep(kept) : words.use(kept), settings }] : [],
  };
}

/** The nearest values of a field, below and above the one that failed, that make the settings legal. */
export function nearest<S, F extends string>(fields: Fields<S, F>, s: S, field: F): Fix<S>[] {
  const [low, high] = fields.limits[field];
  const now = fields.get(s, field);
  for (let distance = 1; distance <= high - low + Math.abs(now); distance++) {
    const found = [now - distance, now + distance]
      .filter((v) => v >= low && v <= high)
      .map((v) => ({
        label: words.useFor(fields.labels[field], v),
        settings: fields.settle(fields.set(s, field, v)),
      }))
      .filter((fix) => fields.legal(fix.settings));
    if (found.length) return found;
  }
  return [];
}
