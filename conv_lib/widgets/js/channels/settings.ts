/** The channel view's settings: what they are, when they are legal, and what to do when they are not. */
import limits from "../../channel_limits.json";
import { nearest, type Fields, type Fix, type Problem } from "../core/fields.ts";
import { axisOf, sizeOf, type Matrix, type Settings2D, type Size } from "../core/ops.ts";
import { convSize } from "../core/shapes.ts";
import * as words from "../words/en/channels.ts";
import { USE_SAME_PADDING } from "../words/en/shared.ts";

export type Padding = "valid" | "same";

/** A layer that is only counted, never drawn: its sizes may be large. */
export interface Counted {
  height: number;
  width: number;
  channels: number;
  kernel: number;
  filters: number;
  stride: number;
  groups: number;
  padding: Padding;
  bias: boolean;
}

/** One state of the channel view. Arrays are kept as the picture shows them: one matrix per channel. */
export interface Settings {
  /** inputs[c] is input channel c. */
  inputs: Matrix[];
  /** slices[o][m] meets the m-th input channel of the group that output channel o belongs to. */
  slices: Matrix[][];
  /** One number for each output channel, or null where the layer has no bias. */
  bias: readonly number[] | null;
  stride: number;
  padding: Padding;
  groups: number;
  /** The output channel that is shown. */
  channel: number;
  counted: Counted;
}

/** Smallest and largest value of each number box; conv_lib/widgets/channel_limits.json holds them for Python too. */
export const LIMITS = limits.fields as unknown as {
  readonly [F in keyof typeof limits.fields]: readonly [number, number];
};

/** What is counted until a reader enters other sizes: ten 3 x 3 filters on 24 x 24 x 3. */
export const COUNTED_AT_FIRST = limits.counted as Counted;

export type NumberField = keyof typeof LIMITS;

export const COUNT_FIELDS = [
  "countHeight",
  "countWidth",
  "countChannels",
  "countFilters",
  "countKernel",
  "countStride",
  "countGroups",
] as const satisfies readonly NumberField[];

type CountField = (typeof COUNT_FIELDS)[number];

const PLACES: Record<CountField, Exclude<keyof Counted, "padding" | "bias">> = {
  countHeight: "height",
  countWidth: "width",
  countChannels: "channels",
  countFilters: "filters",
  countKernel: "kernel",
  countStride: "stride",
  countGroups: "groups",
};

const isCount = (field: NumberField): field is CountField => field in PLACES;

export const channelsIn = (s: Settings): number => s.inputs.length;
export const channelsOut = (s: Settings): number => s.slices.length;
export const inputSize = (s: Settings): Size => sizeOf(s.inputs[0]!);
export const kernelSize = (s: Settings): Size => sizeOf(s.slices[0]![0]!);

/** The part of the settings that acts on one channel. */
export const spatial = (s: Settings): Settings2D => ({ stride: s.stride, dilation: 1, padding: s.padding });

/** Input channels that output channel `o` sees: from `first`, `count` of them; all of them while groups do not divide. */
export function seen(s: Settings, o: number): { first: number; count: number } {
  const [ins, outs] = [channelsIn(s), channelsOut(s)];
  const groups = ins % s.groups || outs % s.groups ? 1 : s.groups;
  const count = ins / groups;
  return { first: Math.floor(o / (outs / groups)) * count, count };
}

/** The slice between input channel `c` and output channel `o`, or null where groups cut it. */
export function sliceOf(s: Settings, c: number, o: number): Matrix | null {
  const { first, count } = seen(s, o);
  return c >= first && c < first + count ? s.slices[o]![c - first]! : null;
}

export function outputSize(s: Settings): Size {
  const [h, w] = inputSize(s);
  const k = kernelSize(s);
  return [convSize(h, axisOf(k, spatial(s), 0)), convSize(w, axisOf(k, spatial(s), 1))];
}

/** Groups that divide both numbers of channels. */
export function legalGroups(ins: number, outs: number): number[] {
  return Array.from({ length: ins }, (_, i) => i + 1).filter((g) => ins % g === 0 && outs % g === 0);
}

export const freshInput = (c: number, r: number, col: number): number =>
  [1, 2, 0, 3, 1, 0, 2][(3 * r + col + 2 * c) % 7]!;
export const freshWeight = (c: number, o: number, r: number, col: number): number =>
  [1, 0, 2, -1, 1][(2 * r + col + c + 3 * o) % 5]!;
export const freshBias = (o: number): number => [1, -2, 0, 3, -1, 2][o % 6]!;

interface Shape {
  height: number;
  width: number;
  ins: number;
  outs: number;
  kernel: Size;
  groups: number;
}

export const shapeOf = (s: Settings): Shape => {
  const [height, width] = inputSize(s);
  return { height, width, ins: channelsIn(s), outs: channelsOut(s), kernel: kernelSize(s), groups: s.groups };
};

const build = (h: number, w: number, value: (r: number, c: number) => number): number[][] =>
  Array.from({ length: h }, (_, r) => Array.from({ length: w }, (_, c) => value(r, c)));

/** `s` in another shape. Whatever stays keeps its values; new cells get small whole numbers. */
export function reshaped(s: Settings, change: Partial<Shape>): Settings {
  const { height, width, ins, outs, kernel, groups } = { ...shapeOf(s), ...change };
  // Where the groups do not divide (which `check` reports) the slices are those of one group.
  const fits = ins % groups === 0 && outs % groups === 0;
  const [per, share] = fits ? [ins / groups, outs / groups] : [ins, outs];
  return {
    ...s,
    groups,
    inputs: Array.from({ length: ins }, (_, c) =>
      build(height, width, (r, col) => s.inputs[c]?.[r]?.[col] ?? freshInput(c, r, col)),
    ),
    slices: Array.from({ length: outs }, (_, o) =>
      Array.from({ length: per }, (_, m) => {
        const c = Math.floor(o / share) * per + m;
        const old = o < channelsOut(s) && c < channelsIn(s) ? sliceOf(s, c, o) : null;
        return build(kernel[0], kernel[1], (r, col) => old?.[r]?.[col] ?? freshWeight(c, o, r, col));
      }),
    ),
    bias: s.bias && Array.from({ length: outs }, (_, o) => s.bias![o] ?? freshBias(o)),
    channel: Math.min(s.channel, outs - 1),
  };
}

/** The value of a number field in `s`. */
export function fieldValue(s: Settings, field: NumberField): number {
  if (isCount(field)) return s.counted[PLACES[field]];
  switch (field) {
    case "inputHeight": return inputSize(s)[0];
    case "inputWidth": return inputSize(s)[1];
    case "channelsIn": return channelsIn(s);
    case "channelsOut": return channelsOut(s);
    case "kernelSize": return Math.max(...kernelSize(s));
    case "stride": return s.stride;
  }
}

export function withField(s: Settings, field: NumberField, value: number): Settings {
  if (isCount(field)) return { ...s, counted: { ...s.counted, [PLACES[field]]: value } };
  switch (field) {
    case "inputHeight": return reshaped(s, { height: value });
    case "inputWidth": return reshaped(s, { width: value });
    case "channelsIn": return reshaped(s, { ins: value });
    case "channelsOut": return reshaped(s, { outs: value });
    case "kernelSize": return reshaped(s, { kernel: [value, value] });
    case "stride": return { ...s, stride: value };
  }
}

interface Finding {
  message: string;
  searched: NumberField[];
  /** Fixes that no search along one field finds. */
  fixes?: Fix<Settings>[];
}

const withCounted = (s: Settings, change: Partial<Counted>): Settings => ({ ...s, counted: { ...s.counted, ...change } });

function findProblem(s: Settings): Finding | null {
  const ins = channelsIn(s);
  const outs = channelsOut(s);
  if (ins % s.groups || outs % s.groups) {
    return {
      message: words.unevenGroups(s.groups, ins, outs, legalGroups(ins, outs)),
      searched: ins % s.groups ? ["channelsIn"] : ["channelsOut"],
      fixes: [{ label: words.ONE_GROUP, settings: reshaped(s, { groups: 1 }) }],
    };
  }
  if (s.padding === "valid") {
    const size = inputSize(s);
    const kernel = kernelSize(s);
    for (const which of [0, 1] as const) {
      if (kernel[which] <= size[which]) continue;
      return {
        message: words.kernelTooLarge(which === 0 ? "height" : "width", kernel[which], size[which]),
        searched: ["kernelSize", which === 0 ? "inputHeight" : "inputWidth"],
        fixes: [{ label: USE_SAME_PADDING, settings: { ...s, padding: "same" } }],
      };
    }
  }
  const n = s.counted;
  if (n.channels % n.groups || n.filters % n.groups) {
    return {
      message: words.unevenCount(n.groups, n.channels, n.filters),
      searched: ["countGroups"],
    };
  }
  if (n.padding === "valid" && n.kernel > Math.min(n.height, n.width)) {
    return {
      message: words.countedTooLarge(n.kernel, n.height, n.width),
      searched: ["countKernel"],
      fixes: [{ label: USE_SAME_PADDING, settings: withCounted(s, { padding: "same" }) }],
    };
  }
  return null;
}

export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: words.LABELS,
  get: fieldValue,
  set: withField,
  settle: (s) => (s.channel < channelsOut(s) ? s : { ...s, channel: channelsOut(s) - 1 }),
  legal: (s) => findProblem(s) === null,
};

/** Null when the settings are legal; otherwise what is wrong and the nearest legal settings. */
export function check(s: Settings): Problem<Settings> | null {
  const found = findProblem(s);
  if (!found) return null;
  const near = found.searched.flatMap((field) => nearest(FIELDS, s, field)).slice(0, 2);
  return { message: found.message, fixes: [...near, ...(found.fixes ?? [])].filter((fix) => FIELDS.legal(fix.settings)) };
}
