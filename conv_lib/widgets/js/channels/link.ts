/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { exact, parseNumber, parseWhole } from "../core/numbers.ts";
import { illegal, joined, matrixText, oneOf, queryOf, reader, readMatrix, type Read } from "../core/query.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import {
  channelsIn,
  channelsOut,
  check,
  COUNT_FIELDS,
  FIELDS,
  fieldValue,
  LIMITS,
  reshaped,
  withField,
  type NumberField,
  type Padding,
  type Settings,
} from "./settings.ts";

/** Matrices are divided by "/"; the slices of the kernel stand channel out by channel out. */
export function toQuery(s: Settings): string {
  const counted = [...COUNT_FIELDS.map((field) => fieldValue(s, field)), s.counted.padding, s.counted.bias ? "bias" : "none"];
  const parts: [string, string][] = [
    ["input", s.inputs.map(matrixText).join("/")],
    ["kernel", s.slices.flat().map(matrixText).join("/")],
    ["bias", s.bias ? s.bias.map(exact).join(",") : "none"],
    ["stride", String(s.stride)],
    ["padding", s.padding],
    ["groups", String(s.groups)],
    ["channel", String(s.channel)],
    ["count", counted.join(",")],
  ];
  return queryOf(parts);
}

function readMatrices(text: string, highest: readonly [number, number], most: number): Matrix[] | null {
  const all = text.slice(0, 6001).split("/").map((one) => readMatrix(one, ...highest));
  const first = all[0];
  if (text.length > 6000 || !first || all.length > most) return null;
  const [h, w] = sizeOf(first);
  return all.every((m) => m && m.length === h && m[0]!.length === w) ? (all as Matrix[]) : null;
}

const readPadding = oneOf<Padding>("valid", "same");

function readCounted(text: string, base: Settings): Settings | null {
  const given = text.split(",");
  const [paddingText, bias] = given.slice(COUNT_FIELDS.length);
  if (given.length !== COUNT_FIELDS.length + 2) return null;
  const padding = readPadding(paddingText!);
  if (!padding) return null;
  if (bias !== "bias" && bias !== "none") return null;
  let s = base;
  for (const [i, field] of COUNT_FIELDS.entries()) {
    if (rangeProblem(FIELDS, s, field, given[i]!)) return null;
    s = withField(s, field, Number(given[i]));
  }
  return { ...s, counted: { ...s.counted, padding, bias: bias === "bias" } };
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { given, take, unread } = reader(query);
  let s: Settings = base;
  /** Takes what a key says; `parse` answers null for what it cannot read. */
  const read = (key: string, parse: (text: string) => Settings | null) => take(key, parse, (next) => (s = next));
  const within = (field: NumberField, text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);

  read("input", (text) => {
    const inputs = readMatrices(text, [LIMITS.inputHeight[1], LIMITS.inputWidth[1]], LIMITS.channelsIn[1]);
    if (!inputs) return null;
    const [height, width] = sizeOf(inputs[0]!);
    return { ...reshaped(s, { height, width, ins: inputs.length, groups: 1 }), inputs };
  });
  // Without a kernel of its own a link with other groups keeps what still fits of the present kernel.
  const groups = given.has("groups") ? parseWhole(given.get("groups")!) : given.has("input") ? 1 : s.groups;
  read("groups", () =>
    groups !== null && groups >= 1 && groups <= LIMITS.channelsIn[1] ? reshaped(s, { groups }) : null,
  );
  read("kernel", (text) => {
    const most = LIMITS.channelsIn[1] * LIMITS.channelsOut[1];
    const flat = readMatrices(text, [LIMITS.kernelSize[1], LIMITS.kernelSize[1]], most);
    const per = channelsIn(s) / s.groups;
    const outs = flat ? flat.length / per : 0;
    if (!flat || !Number.isInteger(per) || !Number.isInteger(outs) || outs > LIMITS.channelsOut[1]) return null;
    const shaped = reshaped({ ...s, groups: 1 }, { outs, kernel: sizeOf(flat[0]!), groups: 1 });
    const slices = Array.from({ length: outs }, (_, o) => flat.slice(o * per, (o + 1) * per));
    return { ...shaped, groups: s.groups, slices };
  });
  read("bias", (text) => {
    if (text === "none") return { ...s, bias: null };
    const bias = text.split(",").map(parseNumber);
    return bias.length === channelsOut(s) && bias.every((v) => v !== null) ? { ...s, bias } : null;
  });
  read("stride", (text) => {
    const stride = within("stride", text);
    return stride === null ? null : { ...s, stride };
  });
  read("padding", (text) => {
    const padding = readPadding(text);
    return padding && { ...s, padding };
  });
  read("channel", (text) => {
    const channel = parseWhole(text);
    return channel !== null && channel >= 0 && channel < channelsOut(s) ? { ...s, channel } : null;
  });
  read("count", (text) => readCounted(text, s));
  s = FIELDS.settle(s);
  const problem = check(s);
  if (!problem) return { settings: s, message: unread() };
  const fallback = problem.fixes[0]?.settings ?? base;
  return { settings: check(fallback) ? base : fallback, message: joined(unread(), illegal(problem.message)) };
}

/** Whether two states are the same to a reader. */
export const sameSettings = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
