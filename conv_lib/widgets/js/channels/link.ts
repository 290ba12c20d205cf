/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { exact, parseNumber, parseWhole } from "../core/numbers.ts";
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

const matrixText = (m: Matrix): string => m.map((row) => row.map(exact).join(",")).join(";");

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
  return parts.map(([key, value]) => `${key}=${value}`).join("&");
}

export interface Read {
  settings: Settings;
  /** What in the link was not understood or not legal; the settings then keep what they had there. */
  message: string | null;
}

function readMatrices(text: string, highest: readonly [number, number], most: number): Matrix[] | null {
  if (text.length > 6000) return null;
  const all = text.split("/").map((one) => one.split(";").map((row) => row.split(",").map(parseNumber)));
  const [h, w] = sizeOf(all[0]! as Matrix);
  if (all.length > most || h > highest[0] || w > highest[1]) return null;
  const right = all.every((m) => m.length === h && m.every((row) => row.length === w && row.every((v) => v !== null)));
  return right ? (all as Matrix[]) : null;
}

const PADDINGS: readonly Padding[] = ["valid", "same"];

function readCounted(text: string, base: Settings): Settings | null {
  const given = text.split(",");
  const [padding, bias] = given.slice(COUNT_FIELDS.length);
  if (given.length !== COUNT_FIELDS.length + 2 || !PADDINGS.includes(padding as Padding)) return null;
  if (bias !== "bias" && bias !== "none") return null;
  let s = base;
  for (const [i, field] of COUNT_FIELDS.entries()) {
    if (rangeProblem(FIELDS, s, field, given[i]!)) return null;
    s = withField(s, field, Number(given[i]));
  }
  return { ...s, counted: { ...s.counted, padding: padding as Padding, bias: bias === "bias" } };
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read {
  let decoded = query;
  try {
    decoded = decodeURIComponent(query);
  } catch {
    // A stray % sign: read the text as it stands.
  }
  const given = new Map<string, string>();
  for (const part of decoded.slice(0, 12_000).split("&")) {
    const at = part.indexOf("=");
    if (at > 0) given.set(part.slice(0, at), part.slice(at + 1));
  }
  let s: Settings = base;
  const bad: string[] = [];
  /** Takes what a key says; `take` answers null for what it cannot read. */
  const read = (key: string, take: (text: string) => Settings | null) => {
    const text = given.get(key);
    if (text === undefined) return;
    const next = take(text);
    if (next) s = next;
    else bad.push(key);
  };
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
  read("padding", (text) => (PADDINGS.includes(text as Padding) ? { ...s, padding: text as Padding } : null));
  read("channel", (text) => {
    const channel = parseWhole(text);
    return channel !== null && channel >= 0 && channel < channelsOut(s) ? { ...s, channel } : null;
  });
  read("count", (text) => readCounted(text, s));
  s = FIELDS.settle(s);
  const unread = bad.length
    ? `The link has ${bad.map((key) => `a ${key}`).join(", ")} that cannot be read; the rest is shown.`
    : null;
  const problem = check(s);
  if (!problem) return { settings: s, message: unread };
  const fallback = problem.fixes[0]?.settings ?? base;
  const notes = [unread, `The link asks for something that is not legal. ${problem.message}`];
  return { settings: check(fallback) ? base : fallback, message: notes.filter(Boolean).join(" ") };
}

/** Whether two states are the same to a reader. */
export const sameSettings = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
