/** The message that is read, and how it travels in a link. */
import type { Fields, Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { packed, partsOf, unpacked, type Read } from "../core/query.ts";
import { UNKNOWN_LINK } from "../words/en/errors.ts";
import { cleaned, FORMS, MOST, readMessage } from "./reader.ts";

export interface Settings {
  message: string;
}

export const TRAITS = ["message"] as const;

/** A link that would be longer holds the part of the message that is read, or its end. */
const LONGEST = 9_000;

export const read = (model: Model): Settings => ({ message: String(model.get("message") ?? "").slice(0, MOST) });

export function write(model: Model, s: Settings): void {
  if (model.get("message") === s.message) return;
  model.set("message", s.message);
  model.save_changes();
}

export const FIELDS: Fields<Settings, never> = {
  limits: {},
  labels: {},
  get: () => 0,
  set: (s) => s,
  settle: (s) => ({ message: s.message.slice(0, MOST) }),
  legal: () => true,
};

export const check = (_: Settings): Problem<Settings> | null => null;
export const same = (a: Settings, b: Settings): boolean => a.message === b.message;

/** The example that a message is, if it is one. */
export const exampleOf = (message: string) => FORMS.find((form) => form.example === message);

export function toQuery({ message }: Settings): string {
  const example = exampleOf(message);
  if (example) return `example=${example.id}`;
  const whole = packed(message);
  if (whole.length <= LONGEST) return `text=${whole}`;
  const part = packed(readMessage(message)?.matched ?? [...cleaned(message)].slice(-500).join(""));
  return `text=${part.slice(0, LONGEST)}`;
}

/** Reads a query made by `toQuery`. Never throws. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const given = partsOf(query);
  const id = given.get("example");
  const text = given.get("text");
  if (text !== undefined) return { settings: { message: unpacked(text).slice(0, MOST) }, message: null };
  const form = FORMS.find((one) => one.id === id);
  if (form) return { settings: { message: form.example }, message: null };
  return { settings: base, message: UNKNOWN_LINK };
}
