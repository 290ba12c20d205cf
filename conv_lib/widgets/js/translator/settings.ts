/** The translator's settings: what they are, when they are legal, what to do when they are not, and links. */
import limits from "../../translator_limits.json";
import { nearest, rangeProblem, type Fields, type Fix, type Problem } from "../core/fields.ts";
import {
  axesOf,
  FRAMEWORKS,
  NAMES,
  NO_GROUPS,
  Refused,
  turnedKernel,
  type Kernel,
  type Layer,
  type Name,
  type Operation,
  type Pair,
} from "../core/frameworks.ts";
import type { Model } from "../core/model.ts";
import { exact, parseNumber, parseWhole } from "../core/numbers.ts";
import { effectiveKernel, transposedSizes, type Pads } from "../core/shapes.ts";
import { illegal, joined, oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import { noGroups } from "../words/en/frameworks.ts";
import * as words from "../words/en/translator.ts";

export interface Settings {
  source: Name;
  target: Name;
  operation: Operation;
  size: Pair;
  /** In, out. */
  channels: Pair;
  kernel_size: number;
  stride: number;
  dilation: number;
  groups: number;
  padding: "valid" | "same" | "lower" | Pads;
  extra: number | null;
  shown: "typed" | "converted";
  channel: number;
  /** input[row][column][channel], or null for fresh numbers. */
  input: number[][][] | null;
  /** As conv_lib's: [kh][kw][in / groups][out], transposed [kh][kw][out / groups][in]; null for fresh numbers. */
  kernel: number[][][][] | null;
}

export const LIMITS = limits as unknown as { readonly [F in Exclude<keyof typeof limits, "side">]: readonly [number, number] };
export const SIDE = limits.side;
export type NumberField = keyof typeof LIMITS;

/** A framework as this operation knows it: JAX has two transposed layers, and one convolution. */
export const choices = (operation: Operation): Name[] =>
  NAMES.filter((name) => operation === "transposed" || name !== "jax-default");

// --------------------------------------------------------------------------------- numbers

const fill = <T>(n: number, value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));
/** conv_lib/widgets/translator.py has the same two. */
export const freshInput = (r: number, c: number, i: number): number => [1, 2, 0, 3, 1, 0, 2][(3 * r + c + 2 * i) % 7]!;
export const freshWeight = (r: number, c: number, a: number, b: number): number =>
  [1, 2, 0, 3, -1, 1, 0, 2, -2, 1, 0][(4 * r + c + 3 * a + 5 * b) % 11]!;

export function kernelShape(s: Settings): [number, number, number, number] {
  const [ins, outs] = s.channels;
  const k = s.kernel_size;
  return s.operation === "conv"
    ? [k, k, Math.max(Math.floor(ins / s.groups), 1), outs]
    : [k, k, Math.max(Math.floor(outs / s.groups), 1), ins];
}
export function inputOf(s: Settings): number[][][] {
  return fill(s.size[0], (r) => fill(s.size[1], (c) => fill(s.channels[0], (i) => s.input?.[r]?.[c]?.[i] ?? freshInput(r, c, i))));
}
export function kernelOf(s: Settings): number[][][][] {
  const [kh, kw, n, m] = kernelShape(s);
  return fill(kh, (r) =>
    fill(kw, (c) => fill(n, (a) => fill(m, (b) => s.kernel?.[r]?.[c]?.[a]?.[b] ?? freshWeight(r, c, a, b)))),
  );
}
export const symmetric = (kernel: Kernel): boolean => JSON.stringify(kernel) === JSON.stringify(turnedKernel(kernel));

// ---------------------------------------------------------------------------------- layers

const pixels = (s: Settings): Pads => {
  if (typeof s.padding !== "string") return s.padding;
  const half = Math.floor((effectiveKernel(s.kernel_size, s.dilation) - 1) / 2);
  return s.padding === "valid" ? [0, 0] : [half, half];
};

/** Output heights and widths that tf.nn takes, smallest first; as many as the stride. */
export function legalOutputs(s: Settings): Pair[] {
  const padding = s.padding === "lower" ? "same" : s.padding;
  const ranges = s.size.map((n) => transposedSizes(n, { kernel: s.kernel_size, stride: s.stride, dilation: s.dilation, padding }));
  if (!ranges[0] || !ranges[1]) return [];
  const most = Math.min(ranges[0].last - ranges[0].first, ranges[1].last - ranges[1].first);
  return fill(most + 1, (i) => [ranges[0]!.first + i, ranges[1]!.first + i] as Pair);
}

/** Where tf.nn's output_shape stands among its legal ones. */
export const extraOf = (s: Settings): number => s.extra ?? (s.source === "tf" && s.padding === "same" ? s.stride - 1 : 0);

export function layerOf(s: Settings): Layer {
  const transposed = s.operation === "transposed";
  const tf = s.source === "tf" && transposed;
  return {
    framework: s.source,
    operation: s.operation,
    size: s.size,
    taps: [s.kernel_size, s.kernel_size],
    ins: s.channels[0],
    outs: s.channels[1],
    strides: [s.stride, s.stride],
    dilations: [s.dilation, s.dilation],
    groups: s.groups,
    padding: typeof s.padding === "string" ? s.padding : [s.padding, s.padding],
    extras: transposed && !tf && s.extra !== null ? [s.extra, s.extra] : null,
    output: tf ? (legalOutputs(s)[extraOf(s)] ?? [-1, -1]) : null,
  };
}

// -------------------------------------------------------------------------------- settling

/** Drops what other settings do not allow, and keeps what can stay. */
export function settle(given: Settings): Settings {
  const s = { ...given };
  const transposed = s.operation === "transposed";
  if (!transposed) {
    if (s.source === "jax-default") s.source = "jax";
    if (s.target === "jax-default") s.target = "jax";
  }
  if (s.target === s.source) s.target = choices(s.operation).find((name) => name !== s.source && name === "torch") ?? "keras";
  if (s.padding === "lower" && s.source !== "onnx") s.padding = "same";
  if (typeof s.padding !== "string") {
    let [b, a] = s.padding;
    if (!s.source.startsWith("jax")) [b, a] = [Math.max(b, 0), Math.max(a, 0)];
    if (s.source === "torch") a = b;
    s.padding = s.source === "keras" ? (b || a ? "same" : "valid") : [b, a];
  } else if (s.source === "torch" && transposed) s.padding = pixels(s);
  if (!transposed || s.source.startsWith("jax")) s.extra = null;
  if (s.extra !== null) {
    const most = s.source === "torch" ? Math.max(s.stride, s.dilation) - 1 : s.source === "tf" ? legalOutputs(s).length - 1 : s.stride - 1;
    s.extra = most < 0 ? null : Math.min(s.extra, most);
  }
  s.channel = Math.min(s.channel, s.channels[1] - 1);
  // Numbers that a reader typed stay where they fit.
  if (s.input && (s.input.length !== s.size[0] || s.input[0]!.length !== s.size[1] || s.input[0]![0]!.length !== s.channels[0]))
    s.input = inputOf(s);
  if (s.kernel) {
    const k = s.kernel;
    const now = [k.length, k[0]!.length, k[0]![0]!.length, k[0]![0]![0]!.length];
    if (now.join() !== kernelShape(s).join()) s.kernel = kernelOf(s);
  }
  return s;
}

/** The same settings in the words of another framework, as far as it has the words. */
export function withSource(s: Settings, source: Name): Settings {
  const next = { ...s, source, target: s.target === source ? s.source : s.target, extra: source === "tf" || s.source === "tf" ? null : s.extra };
  if (source === "torch" && s.operation === "conv" && s.stride > 1) next.padding = pixels(s);
  if (NO_GROUPS.includes(source) && s.operation === "transposed") next.groups = 1;
  if (source === "keras" && s.stride > 1) next.dilation = 1;
  const settled = settle(next);
  if (check(settled) && settled.extra !== null) return settle({ ...settled, extra: null });
  return settled;
}

export function withOperation(s: Settings, operation: Operation): Settings {
  const groups = operation === "transposed" && NO_GROUPS.includes(s.source) ? 1 : s.groups;
  // The kernel's last two axes are read the other way round.
  const kernel = s.kernel && s.kernel.map((row) => row.map((tap) => tap[0]!.map((_, b) => tap.map((ins) => ins[b]!))));
  const padding = operation === "conv" && s.source === "torch" ? pixels(s) : s.padding;
  return settle({ ...s, operation, groups, kernel, padding, extra: null });
}

// --------------------------------------------------------------------------------- legality

function get(s: Settings, field: NumberField): number {
  switch (field) {
    case "height": return s.size[0];
    case "width": return s.size[1];
    case "channelsIn": return s.channels[0];
    case "channelsOut": return s.channels[1];
    case "kernelSize": return s.kernel_size;
    case "before": return pixels(s)[0];
    case "after": return pixels(s)[1];
    case "extra": return extraOf(s);
    default: return s[field];
  }
}

function set(s: Settings, field: NumberField, value: number): Settings {
  switch (field) {
    case "height": return { ...s, size: [value, s.size[1]] };
    case "width": return { ...s, size: [s.size[0], value] };
    case "channelsIn": return { ...s, channels: [value, s.channels[1]] };
    case "channelsOut": return { ...s, channels: [s.channels[0], value] };
    case "kernelSize": return { ...s, kernel_size: value };
    case "before": return { ...s, padding: s.source === "torch" ? [value, value] : [value, pixels(s)[1]] };
    case "after": return { ...s, padding: [pixels(s)[0], value] };
    default: return { ...s, [field]: value };
  }
}

function find(s: Settings): { message: string; searched: NumberField[]; fixes?: Fix<Settings>[] } | null {
  const [ins, outs] = s.channels;
  if (s.groups > 1 && (ins % s.groups || outs % s.groups || (s.operation === "transposed" && NO_GROUPS.includes(s.source)))) {
    const divides = !(ins % s.groups || outs % s.groups);
    return {
      message: divides
        ? noGroups(FRAMEWORKS[s.source].calls[s.operation])
        : words.uneven(s.groups, ins, outs),
      searched: divides ? [] : ["channelsIn", "channelsOut"],
      fixes: [{ label: words.USE_ONE_GROUP, settings: settle({ ...s, groups: 1 }) }],
    };
  }
  try {
    const axes = axesOf(layerOf(s));
    const outputs = axes.map((a) => a.output);
    if (Math.max(...outputs) > SIDE)
      return { message: words.tooLarge(outputs.join(" \u00d7 "), SIDE), searched: ["stride", "height", "width"] };
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const fixes: Fix<Settings>[] = [];
    if (s.source === "torch" && s.padding === "same") fixes.push({ label: words.usePadding(pixels(s)[0]), settings: settle({ ...s, padding: pixels(s) }) });
    if (s.extra !== null) fixes.push({ label: s.source === "torch" ? words.USE_EXTRA_0 : words.LEAVE_EXTRA, settings: settle({ ...s, extra: s.source === "torch" ? 0 : null }) });
    return { message: error.message, searched: ["kernelSize", "stride", "dilation", "height", "width", "before", "after"], fixes };
  }
}

export const FIELDS: Fields<Settings, NumberField> = { limits: LIMITS, labels: words.LABELS, get, set, settle, legal: (s) => find(s) === null };

export function check(s: Settings): Problem<Settings> | null {
  const found = find(s);
  if (!found) return null;
  const named = typeof s.padding === "string";
  const near = found.searched
    .filter((field) => !(named && (field === "before" || field === "after")) && !(field === "after" && s.source === "torch"))
    .flatMap((field) => nearest(FIELDS, s, field).slice(0, 1));
  const fixes = [...(found.fixes ?? []).filter((fix) => FIELDS.legal(fix.settings)), ...near].slice(0, 3);
  return { message: found.message, fixes: fixes.length ? fixes : lastResort(s) };
}

/** Where no single number helps: several at once, as few as possible. */
function lastResort(s: Settings): Fix<Settings>[] {
  const fits = Math.min(s.kernel_size, ...s.size);
  const tries: [string, Partial<Settings>][] = [
    [words.USE_NOTHING_EXTRA, { dilation: 1, extra: null }],
    [words.useKernel(fits), { dilation: 1, extra: null, kernel_size: fits }],
    [words.useKernelStride(fits), { dilation: 1, stride: 1, extra: null, kernel_size: fits }],
    [words.USE_PLAINEST, { dilation: 1, stride: 1, extra: null, kernel_size: 1, groups: 1, padding: s.source === "torch" ? [0, 0] : "valid" }],
  ];
  const legal = tries.map(([label, change]) => ({ label, settings: settle({ ...s, ...change }) })).filter((fix) => FIELDS.legal(fix.settings));
  return legal.slice(0, 1);
}

// ----------------------------------------------------------------------------------- traits

export const TRAITS = [
  "source", "target", "operation", "size", "channels", "kernel_size", "stride", "dilation", "groups", "padding", "extra",
  "shown", "channel", "input", "kernel",
] as const satisfies readonly (keyof Settings)[];

const DEFAULTS: Settings = {
  source: "keras", target: "torch", operation: "transposed", size: [3, 4], channels: [2, 3], kernel_size: 3, stride: 1,
  dilation: 1, groups: 1, padding: "valid", extra: null, shown: "typed", channel: 0, input: null, kernel: null,
};

export const read = (model: Model): Settings => readTraits<Settings>(model, TRAITS);

export const write = (model: Model, s: Settings): void => writeTraits(model, TRAITS, s);

export const PRESETS = presetsOf("Translator", (given: Partial<Settings>) => ({ ...DEFAULTS, ...given }));

// ------------------------------------------------------------------------------------ links

const flat = (values: unknown): number[] => (values as number[][]).flat(3) as unknown as number[];

export function toQuery(s: Settings): string {
  const parts: [string, string][] = [
    ["from", s.source],
    ["to", s.target],
    ["op", s.operation],
    ["size", s.size.join("x")],
    ["channels", s.channels.join("x")],
    ["kernel", String(s.kernel_size)],
    ["stride", String(s.stride)],
    ["dilation", String(s.dilation)],
    ["groups", String(s.groups)],
    ["padding", String(s.padding)],
    ["extra", s.extra === null ? "none" : String(s.extra)],
    ["show", s.shown],
    ["channel", String(s.channel)],
    ...(s.input ? [["x", flat(s.input).map(exact).join(",")] as [string, string]] : []),
    ...(s.kernel ? [["w", flat(s.kernel).map(exact).join(",")] as [string, string]] : []),
  ];
  return queryOf(parts);
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { given, take, unread } = reader(query);
  let s: Settings = { ...base };
  const within = (field: NumberField) => (text: string) => (rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text));
  const pair = (a: NumberField, b: NumberField, between: string) => (text: string): Pair | null => {
    const [x, y, ...rest] = text.split(between);
    const values = [within(a)(x ?? ""), within(b)(y ?? "")];
    return rest.length || values.includes(null) ? null : (values as unknown as Pair);
  };
  const list = (n: number) => (text: string): number[] | null => {
    const values = text.length > 6000 ? [] : text.split(",").map(parseNumber);
    return values.length === n && !values.includes(null) ? (values as number[]) : null;
  };
  take("from", oneOf(...NAMES), (v) => (s.source = v));
  take("to", oneOf(...NAMES), (v) => (s.target = v));
  take("op", oneOf("conv", "transposed"), (v) => (s.operation = v));
  take("size", pair("height", "width", "x"), (v) => (s.size = v));
  take("channels", pair("channelsIn", "channelsOut", "x"), (v) => (s.channels = v));
  take("kernel", within("kernelSize"), (v) => (s.kernel_size = v));
  take("stride", within("stride"), (v) => (s.stride = v));
  take("dilation", within("dilation"), (v) => (s.dilation = v));
  take("groups", within("groups"), (v) => (s.groups = v));
  take("padding", (t) => oneOf("valid", "same", "lower")(t) ?? pair("before", "after", ",")(t), (v) => (s.padding = v));
  take("extra", (t) => (t === "none" ? -1 : within("extra")(t)), (v) => (s.extra = v < 0 ? null : v));
  take("show", oneOf("typed", "converted"), (v) => (s.shown = v));
  take("channel", (t) => parseWhole(t), (v) => (s.channel = Math.max(v, 0)));
  s = settle(s);
  const problem = check(s);
  if (problem) s = problem.fixes[0]?.settings ?? base;
  const [h, w, ins] = [...s.size, s.channels[0]];
  if (given.has("from")) s = { ...s, input: null, kernel: null };
  take("x", list(h * w * ins), (v) => {
    s = { ...s, input: fill(h, (r) => fill(w, (c) => v.slice((r * w + c) * ins, (r * w + c + 1) * ins))) };
  });
  const [kh, kw, n, m] = kernelShape(s);
  take("w", list(kh * kw * n * m), (v) => {
    s = { ...s, kernel: fill(kh, (r) => fill(kw, (c) => fill(n, (a) => v.slice(((r * kw + c) * n + a) * m, ((r * kw + c) * n + a + 1) * m)))) };
  });
  return { settings: s, message: joined(unread(), problem && illegal(problem.message)) };
}

export const same = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
