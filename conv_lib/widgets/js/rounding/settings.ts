/** The settings of "Rounding or bug?": as traits, as a link, and back. */
import facts from "../../rounding_facts.json";
import type { Fields } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { exact } from "../core/numbers.ts";
import { oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import { LABELS } from "../words/en/rounding.ts";
import type { Device, Dtype, Question } from "./explain.ts";
import { readAmount, readTerms } from "./read.ts";

export type Settings = Question;
export type NumberField = "difference" | "scale" | "terms";

export const DTYPES = Object.keys(facts.bits) as Dtype[];
export const TRAITS = ["difference", "dtype", "scale", "terms", "device"] as const satisfies readonly (keyof Settings)[];

/** What a preset leaves out; conv_lib/widgets/rounding.py has the same defaults. */
const DEFAULTS: Settings = { difference: 1.6e-4, dtype: "float32", scale: 1, terms: 25, device: "GPU" };

const AMOUNT = [facts.smallest, facts.largest] as const;
export const FIELDS: Fields<Settings, NumberField> = {
  limits: { difference: AMOUNT, scale: AMOUNT, terms: [facts.terms[0]!, facts.terms[1]!] },
  labels: LABELS,
  get: (s, field) => s[field],
  set: (s, field, value) => ({ ...s, [field]: value }),
  settle: (s) => s,
  legal: () => true,
};

/** The value that a text means in a field, or null. */
export const readField = (field: NumberField, text: string): number | null =>
  field === "terms" ? readTerms(text) : readAmount(text, field === "difference");

export const read = (model: Model): Settings => readTraits<Settings>(model, TRAITS);

export const write = (model: Model, s: Settings): void => writeTraits(model, TRAITS, s);

export const toQuery = (s: Settings): string =>
  queryOf(TRAITS.map((name) => [name, typeof s[name] === "number" ? exact(s[name] as number) : String(s[name])]));

/** Reads a query made by `toQuery`, on top of `base`. Never throws. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take, unread } = reader(query);
  const s: Settings = { ...base };
  for (const field of ["difference", "scale", "terms"] as const)
    take(field, (text) => readField(field, text), (value) => (s[field] = value));
  take("dtype", oneOf(...DTYPES), (value) => (s.dtype = value));
  take("device", oneOf<Device>("CPU", "GPU"), (value) => (s.device = value));
  return { settings: s, message: unread() };
}

/** Whether two states are the same to a reader. */
export const same = (a: Settings, b: Settings): boolean => TRAITS.every((name) => a[name] === b[name]);

export const PRESETS = presetsOf("RoundingCheck", (given: Partial<Settings>) => ({ ...DEFAULTS, ...given }));
