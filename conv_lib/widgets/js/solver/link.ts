/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { parseWhole } from "../core/numbers.ts";
import { joined, oneOf, queryOf, reader, unpacked, type Read } from "../core/query.ts";
import { readQuestion } from "./read.ts";
import { FIELDS, MOST_SHOWN, settle, type NumberField, type Settings } from "./settings.ts";
import type { Pad, Pair } from "./solve.ts";

export function toQuery(s: Settings): string {
  const parts: [string, string][] = [
    ["do", s.direction],
    ["from", s.size.join("x")],
    ...(s.ask === "settings" ? ([["to", s.wanted.join("x")]] as [string, string][]) : []),
    ...(s.kernel ? ([["kernel", String(s.kernel)]] as [string, string][]) : []),
    ...(s.stride ? ([["stride", String(s.stride)]] as [string, string][]) : []),
    ...(s.padding !== null ? ([["padding", String(s.padding)]] as [string, string][]) : []),
    ...(s.dilation > 1 ? ([["dilation", String(s.dilation)]] as [string, string][]) : []),
    ["in", s.framework],
    ...(s.pick ? ([["pick", String(s.pick)]] as [string, string][]) : []),
  ];
  return queryOf(parts);
}

/** Reads a query made by `toQuery`, or a question in words under "ask", on top of `base`. Never throws. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { given, take, unread } = reader(query);
  const words = given.get("ask");
  if (words !== undefined) {
    const { settings, notes } = readQuestion(unpacked(words), base);
    return { settings: settings ?? base, message: joined(...notes) };
  }
  const s: Settings = { ...base, kernel: 0, stride: 0, padding: null, dilation: 1, pick: 0 };
  if (given.has("from")) s.ask = given.has("to") ? "settings" : "sizes";
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  const pair = (first: NumberField, second: NumberField) => (text: string): Pair | null => {
    const [h, w, ...rest] = text.split("x");
    const values = [within(first)(h ?? ""), within(second)(w ?? "")];
    return rest.length || values.includes(null) ? null : (values as unknown as Pair);
  };
  take("do", oneOf("up", "down"), (v) => (s.direction = v));
  take("from", pair("height", "width"), (v) => (s.size = v));
  take("to", pair("toHeight", "toWidth"), (v) => (s.wanted = v));
  take("kernel", within("kernel"), (v) => (s.kernel = v));
  take("stride", within("stride"), (v) => (s.stride = v));
  take("dilation", within("dilation"), (v) => (s.dilation = v));
  take("padding", (text): Pad | null => oneOf("valid", "same")(text) ?? within("pixels")(text), (v) => (s.padding = v));
  take("in", oneOf("keras", "tf", "torch"), (v) => (s.framework = v));
  take(
    "pick",
    (text) => {
      const v = parseWhole(text);
      return v !== null && v >= -1 && v < MOST_SHOWN ? v : null;
    },
    (v) => (s.pick = v),
  );
  return { settings: settle(s), message: unread() };
}

/** Whether two states are the same to a reader. */
export const sameSettings = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
