/**
 * Settings of one layer that take one size to another: conv_lib/shapes/solve.py, which is the reference, once more.
 * Python writes case vectors and tests/js/solver.test.ts replays them here.
 */
import { convSize, effectiveKernel, fullSize, kerasPaddedSize, kerasTransposedSize, samePadding, transposedSizes } from "../core/shapes.ts";
import * as words from "../words/en/solver.ts";

export type Framework = "keras" | "tf" | "torch";
export type Operation = "conv" | "transposed";
export type Name = "valid" | "same";
export type Pad = Name | number;
export type Pair = readonly [height: number, width: number];
export type Overlap = "even" | "uneven" | "gaps";

export interface Setting {
  kernel: number;
  stride: number;
  dilation: number;
  padding: Pad[];
  outputPadding: number[] | null;
  outputSize: number[] | null;
  overlap: Overlap;
  macs: number;
}

/** A setting with a kernel and a stride for each axis; the overlap is that of the worst axis. */
export interface Rectangular extends Omit<Setting, "kernel" | "stride"> {
  kernel: number[];
  stride: number[];
}

/** A layer without padding and the window that gives the wanted size: of its output, or of its input ("conv"). */
export interface Window {
  kernel: number;
  stride: number;
  dilation: number;
  window: (readonly [start: number, stop: number])[];
}

export interface Answer {
  settings: Setting[];
  reason: string;
  nearest: (readonly [number | null, number | null])[];
  window: Window;
  /** Where no setting has one kernel and one stride for both axes. */
  rectangular: Rectangular | null;
}

export interface Query {
  size: readonly number[];
  wanted: readonly number[];
  operation: Operation;
  framework: Framework;
  kernels: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  padding: Pad | null;
}

type Shape = readonly [kernel: number, stride: number, dilation: number];

/** The sizes from `first` to `last` that one padding reaches, in ascending order of output_padding. */
interface Family {
  padding: Pad;
  first: number;
  last: number;
  extra: number | null;
}

type Families = (size: number, shape: Shape, amounts: readonly number[]) => Generator<Family>;

const gcd = (a: number, b: number): number => (b ? gcd(b, a % b) : a);

export function overlapOf(kernel: number, stride: number, dilation: number): Overlap {
  if (kernel < stride || gcd(stride, dilation) > 1) return "gaps";
  return kernel % stride ? "uneven" : "even";
}

const only = (padding: Pad, size: number): Family =>
  size > 0 ? { padding, first: size, last: size, extra: null } : { padding, first: 1, last: 0, extra: null };

const axis = ([kernel, stride, dilation]: Shape, padding: Name) => ({ kernel, stride, dilation, padding });

function* paddedConv(size: number, [kernel, stride, dilation]: Shape, amounts: readonly number[]): Generator<Family> {
  const room = size - effectiveKernel(kernel, dilation);
  for (const amount of amounts) yield only(amount, Math.floor((room + 2 * amount) / stride) + 1);
}

function* namedConv(size: number, shape: Shape): Generator<Family> {
  yield only("valid", convSize(size, axis(shape, "valid")));
  yield only("same", Math.ceil(size / shape[1]));
}

const FAMILIES: Record<Framework, Record<Operation, Families>> = {
  keras: {
    *conv(size, shape) {
      if (shape[1] === 1 || shape[2] === 1) yield* namedConv(size, shape);
    },
    *transposed(size, shape) {
      const [kernel, stride, dilation] = shape;
      if (stride > 1 && dilation > 1) return;
      for (const padding of ["valid", "same"] as const) {
        const a = axis(shape, padding);
        yield only(padding, kerasTransposedSize(size, a)!);
        // An even span with "same" and output_padding 0 has no legal size.
        const least = padding === "same" && effectiveKernel(kernel, dilation) % 2 === 0 ? 1 : 0;
        if (least < stride) {
          const first = kerasPaddedSize(size, a, least)!;
          yield { padding, first, last: first + stride - least - 1, extra: least };
        }
      }
    },
  },
  tf: {
    *conv(size, shape, amounts) {
      yield* namedConv(size, shape);
      yield* paddedConv(size, shape, amounts.filter(Boolean));
    },
    *transposed(size, shape, amounts) {
      const [, stride, dilation] = shape;
      for (const padding of ["valid", "same"] as const) {
        const legal = transposedSizes(size, axis(shape, padding))!;
        yield { padding, ...legal, extra: null };
      }
      // tf.nn.conv2d_transpose takes dilation with padding by name only.
      if (dilation > 1) return;
      const full = fullSize(size, axis(shape, "valid"));
      for (const amount of amounts) {
        if (!amount) continue;
        const first = full - 2 * amount;
        yield { padding: amount, first: Math.max(first, 1), last: Math.max(first + stride, 1) - 1, extra: null };
      }
    },
  },
  torch: {
    *conv(size, shape, amounts) {
      // Only an even span makes "same" more than a number.
      if (shape[1] === 1 && effectiveKernel(shape[0], shape[2]) % 2 === 0) yield only("same", size);
      yield* paddedConv(size, shape, amounts);
    },
    *transposed(size, shape, amounts) {
      const [, stride, dilation] = shape;
      const full = fullSize(size, axis(shape, "valid"));
      const choices = Math.max(stride, dilation);
      for (const padding of amounts) {
        const smallest = full - 2 * padding;
        const least = Math.max(1 - smallest, 0);
        yield { padding, first: smallest + least, last: smallest + Math.max(choices, least) - 1, extra: least };
      }
    },
  },
};

/** The padding as the framework writes it. */
function ownPadding(padding: Pad, framework: Framework): Pad {
  if (framework === "torch") return padding === "valid" ? 0 : padding;
  return padding || "valid";
}

function restricted(families: Families, wanted: Pad, torchConv: boolean): Families {
  return function* (size, shape, amounts) {
    const span = effectiveKernel(shape[0], shape[2]);
    // PyTorch's "same" with an odd span is written as a number above.
    const number = torchConv && wanted === "same" && shape[1] === 1 && span % 2 === 1;
    for (const family of families(size, shape, amounts))
      if (family.padding === (number ? (span - 1) / 2 : wanted)) yield family;
  };
}

function foreign(wanted: Pad | null, shapes: Shape[], operation: Operation, framework: Framework): string {
  const number = typeof wanted === "number";
  if (framework === "keras" && number) return words.KERAS_BY_NAME;
  if (framework === "torch" && wanted === "same") {
    if (operation === "transposed") return words.TORCH_IN_PIXELS;
    if (shapes.every(([, stride]) => stride > 1)) return words.TORCH_SAME;
  }
  if (framework === "tf" && operation === "transposed" && number && shapes.every(([, , dilation]) => dilation > 1))
    return words.TF_DILATION;
  return "";
}

type Fit = readonly [Pad, number | null];

/** What fits each axis, combined: the same padding on all, or each its simplest in pixels. */
function* together(fits: Fit[][]): Generator<Fit[]> {
  let common = false;
  const byPadding = fits.map((fit) => {
    const found = new Map<Pad, (number | null)[]>();
    for (const [padding, extra] of fit) found.set(padding, [...(found.get(padding) ?? []), extra]);
    return found;
  });
  for (const padding of byPadding[0]!.keys()) {
    const choices = byPadding.map((found) => found.get(padding) ?? []);
    // Not given (null) on every axis, or given on every axis.
    if (choices.every((extras) => extras.includes(null))) {
      common = true;
      yield fits.map(() => [padding, null] as const);
    } else if (choices.every((extras) => extras.some((extra) => extra !== null))) {
      common = true;
      yield choices.map((extras) => [padding, extras.find((extra) => extra !== null)!] as const);
    }
  }
  if (common) return;
  const own = fits.map((fit) =>
    fit.filter(([amount]) => typeof amount === "number").map(([amount, extra]) => [extra ?? 0, amount as number]),
  );
  if (!own.every((fit) => fit.length)) return;
  const simplest = own.map((fit) => fit.reduce((a, b) => (compare(b, a) < 0 ? b : a)));
  const given = fits[0]!.some(([, extra]) => extra !== null);
  yield simplest.map(([extra, amount]) => [amount!, given ? extra! : null] as const);
}

/** The order of lists of numbers or texts, entry by entry. */
function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]] as [number, number];
    if (Array.isArray(x)) {
      const inner = compare(x as unknown[], y as unknown as unknown[]);
      if (inner) return inner;
    } else if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function effort(s: Setting, framework: Framework): unknown[] {
  const extra = s.outputPadding;
  const named = typeof s.padding[0] === "string";
  const sum = named ? 0 : (s.padding as number[]).reduce((a, b) => a + b, 0);
  return [
    Number(s.overlap === "gaps"),
    Number(extra !== null && (framework === "keras" || extra.some(Boolean))),
    s.dilation,
    s.kernel,
    Number(!named),
    named ? s.padding : [sum, ...s.padding],
    extra ?? [],
    s.stride,
  ];
}

/** What a framework offers for a question, and what of it fits one axis. */
function searchOf(q: Query) {
  const wantedPadding = q.padding === null ? null : ownPadding(q.padding, q.framework);
  let families = FAMILIES[q.framework][q.operation];
  if (wantedPadding !== null)
    families = restricted(families, wantedPadding, q.framework === "torch" && q.operation === "conv");
  const amountsOf = ([kernel, , dilation]: Shape): number[] =>
    typeof wantedPadding === "number"
      ? [wantedPadding]
      : Array.from({ length: effectiveKernel(kernel, dilation) }, (_, i) => i);
  const fitsOn = (i: number, shape: Shape): Alone[] => {
    const there = q.wanted[i]!;
    const fits: Alone[] = [];
    for (const f of families(q.size[i]!, shape, amountsOf(shape)))
      if (f.first <= there && there <= f.last) fits.push({ shape, padding: f.padding, extra: f.extra === null ? null : f.extra + there - f.first });
    return fits;
  };
  return { wantedPadding, families, amountsOf, fitsOn };
}

/** What fits one axis of a question with a kernel, a stride and a dilation. */
export const fitsOn = (q: Query, which: number, shape: Shape): Alone[] => searchOf(q).fitsOn(which, shape);

export function solve(q: Query): Answer {
  const { wantedPadding, families, amountsOf, fitsOn } = searchOf(q);
  const shapes: Shape[] = q.kernels.flatMap((k) => q.strides.flatMap((s) => q.dilations.map((d): Shape => [k, s, d])));
  const found: Setting[] = [];
  const alone: Alone[][] = q.size.map(() => []);
  for (const shape of shapes) {
    const [kernel, stride, dilation] = shape;
    const each = q.size.map((_, i) => fitsOn(i, shape));
    each.forEach((fits, i) => alone[i]!.push(...fits));
    for (const chosen of together(each.map((fits) => fits.map(({ padding, extra }) => [padding, extra] as const)))) {
      const extra = chosen.map(([, e]) => e);
      const pixels = q.operation === "transposed" ? q.size : q.wanted;
      found.push({
        kernel,
        stride,
        dilation,
        padding: chosen.map(([padding]) => padding),
        outputPadding: extra.includes(null) ? null : (extra as number[]),
        outputSize: q.framework === "tf" && q.operation === "transposed" ? [...q.wanted] : null,
        overlap: overlapOf(kernel, stride, dilation),
        macs: pixels.reduce((a, n) => a * n * kernel, 1),
      });
    }
  }
  const settings = found
    .map((setting) => ({ setting, effort: effort(setting, q.framework) }))
    .sort((a, b) => compare(a.effort, b.effort))
    .map(({ setting }) => setting);
  let nearest: Answer["nearest"] = q.wanted.map((there) => [there, there]);
  let reason = "";
  if (!settings.length) {
    nearest = q.size.map((here, i) => nearestOf(here, q.wanted[i]!, shapes, amountsOf, families));
    reason = foreign(wantedPadding, shapes, q.operation, q.framework) || reasonOf(q, nearest, shapes);
  }
  return { settings, reason, nearest, window: windowOf(q, shapes), rectangular: settings.length ? null : rectangularOf(q, alone) };
}

/** What fits one axis. */
export interface Alone {
  shape: Shape;
  padding: Pad;
  extra: number | null;
}

/** Combines what fits each axis alone, with a kernel and a stride of its own. */
export function rectangularOf(q: Query, alone: readonly (readonly Alone[])[]): Rectangular | null {
  const axes = alone.map((fits) => {
    const simplest = new Map<string, { effort: number[]; group: unknown[]; fit: Alone }>();
    for (const fit of fits) {
      const { shape, padding, extra } = fit;
      const number = typeof padding === "number";
      // What a call takes for all axes: dilation, a padding by name, and output_padding or none. Names sort before numbers.
      const group = [shape[2], number ? "\uffff" : padding, Number(extra !== null)];
      const used = q.framework === "keras" ? extra !== null : Boolean(extra);
      const gaps = overlapOf(...shape) === "gaps";
      const effort = [Number(gaps), Number(used), shape[0], number ? padding : 0, extra ?? 0, shape[1]];
      const best = simplest.get(String(group));
      if (!best || compare(effort, best.effort) < 0) simplest.set(String(group), { effort, group, fit });
    }
    return simplest;
  });
  const shared = [...axes[0]!.keys()].filter((group) => axes.every((axis) => axis.has(group)));
  const together = shared.map((key) => {
    const each = axes.map((axis) => axis.get(key)!);
    const [gaps, used, kernels, ...rest] = each[0]!.effort.map((_, i) => each.reduce((sum, one) => sum + one.effort[i]!, 0));
    const [dilation, ...padding] = each[0]!.group;
    return { effort: [gaps, used, dilation, kernels, padding, rest], fits: each.map(({ fit }) => fit) };
  });
  if (!together.length) return null;
  const { fits } = together.reduce((best, next) => (compare(next.effort, best.effort) < 0 ? next : best));
  const overlaps = fits.map(({ shape }) => overlapOf(...shape));
  const kernel = fits.map(({ shape }) => shape[0]);
  const extras = fits.map(({ extra }) => extra);
  const up = q.operation === "transposed";
  return {
    kernel,
    stride: fits.map(({ shape }) => shape[1]),
    dilation: fits[0]!.shape[2],
    padding: fits.map(({ padding }) => padding),
    outputPadding: extras.includes(null) ? null : (extras as number[]),
    outputSize: q.framework === "tf" && up ? [...q.wanted] : null,
    overlap: (["gaps", "uneven", "even"] as const).find((one) => overlaps.includes(one))!,
    macs: [...(up ? q.size : q.wanted), ...kernel].reduce((a, b) => a * b, 1),
  };
}

function nearestOf(size: number, wanted: number, shapes: Shape[], amountsOf: (s: Shape) => number[], families: Families) {
  let below: number | null = null;
  let above: number | null = null;
  for (const shape of shapes) {
    for (const { first, last } of families(size, shape, amountsOf(shape))) {
      if (first > last) continue;
      if (first <= wanted) below = Math.max(below ?? 0, Math.min(last, wanted));
      if (last >= wanted) above = Math.min(above ?? Infinity, Math.max(first, wanted));
    }
  }
  return [below, above] as const;
}

function reasonOf(q: Query, nearest: Answer["nearest"], shapes: Shape[]): string {
  const parts: string[] = [];
  q.size.forEach((here, i) => {
    const there = q.wanted[i]!;
    const [below, above] = nearest[i]!;
    if (below === there) return;
    if (below === null && above === null) parts.push((q.operation === "conv" ? words.noSizeConv : words.noSizeTransposed)(here));
    else if (above === null) parts.push(words.atMost(here, below!, there));
    else if (below === null) parts.push(words.atLeast(here, above, there));
    else parts.push(words.around(here, below, above, there));
  });
  if (!parts.length) {
    if (q.framework === "torch") return words.NOT_TOGETHER.plain;
    return q.framework === "keras" && q.operation === "transposed" ? words.NOT_TOGETHER.keras : words.NOT_TOGETHER.padding;
  }
  if (q.framework === "torch" && shapes.every(([, stride]) => stride === 1)) parts.push(words.STEPS_OF_TWO);
  return words.within(parts);
}

/** The shape that needs the fewest pixels added or cut, and the window in the middle. */
function windowOf(q: Query, shapes: Shape[]): Window {
  const conv = q.operation === "conv";
  const total = (i: number, shape: Shape): number => {
    const [low, high] = conv ? [q.wanted[i]!, q.size[i]!] : [q.size[i]!, q.wanted[i]!];
    return fullSize(low, axis(shape, "valid")) - high;
  };
  const cost = (shape: Shape): number[] => {
    const [kernel, stride, dilation] = shape;
    const amounts = q.size.map((_, i) => total(i, shape));
    const worse = amounts.reduce((sum, amount) => sum + Math.max(-amount - (stride - 1) * Number(conv), 0), 0);
    const gaps = Number(overlapOf(kernel, stride, dilation) === "gaps");
    return [worse, gaps, amounts.reduce((sum, amount) => sum + Math.abs(amount), 0), dilation, kernel, stride];
  };
  const [shape] = shapes
    .map((one) => [one, cost(one)] as const)
    .reduce((best, next) => (compare(next[1], best[1]) < 0 ? next : best));
  const window = q.size.map((here, i) => {
    const amount = total(i, shape);
    const there = q.wanted[i]!;
    if (!conv) {
      const start = Math.floor(Math.max(amount, 0) / 2);
      return [start, start + there] as const;
    }
    const half = Math.floor(Math.abs(amount) / 2);
    if (amount >= 0) return [half ? -half : 0, here + amount - half] as const;
    if (-amount < shape[1]) return [0, here] as const; // the last pixels are not read anyway
    return [half, half + here + amount] as const;
  });
  return { kernel: shape[0], stride: shape[1], dilation: shape[2], window };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The kernels and strides that are tried; solver.py has the same. */
export function searched(size: readonly number[], wanted: readonly number[], dilation: number): { kernels: number[]; strides: number[] } {
  // Strides near the ratio of the sizes, and kernels once and twice as wide.
  const near = size.flatMap((a, i) => {
    if (dilation > 1) return [];
    const [high, low] = [Math.max(a, wanted[i]!), Math.min(a, wanted[i]!)];
    return [Math.floor(high / low), Math.ceil(high / low)].filter((r) => r <= 64);
  });
  const sorted = (list: number[]) => [...new Set(list)].sort((a, b) => a - b);
  return {
    kernels: sorted([...numbers(1, 16), ...near, ...near.map((r) => 2 * r).filter((k) => k <= 64)]),
    strides: sorted([...numbers(1, 8), ...near]),
  };
}

// ------------------------------------------------------------------ the other question: which sizes does a setting give

/** One size that a setting gives along one axis, and who gives it. */
export interface LegalSize {
  size: number;
  /** The window of the full result that it keeps; for "conv" the padding before and after. */
  start: number;
  stop: number;
  kerasDefault: boolean;
  kerasPadding: number | null;
  /** By `output_shape`, or as the size of a convolution. */
  tf: boolean;
  torch: readonly [padding: number, outputPadding: number] | null;
  torchSame: boolean;
}

/** Every size of a transposed layer from `size` pixels. */
export function legalSizes(size: number, shape: Shape, padding: Pad): LegalSize[] {
  const [kernel, stride, dilation] = shape;
  const how = { kernel, stride, dilation, padding: typeof padding === "number" ? ([padding, padding] as const) : padding };
  const legal = transposedSizes(size, how);
  if (!legal) return [];
  const named = typeof padding === "string" || padding === 0;
  const byName = { ...how, padding: padding === 0 ? ("valid" as const) : how.padding };
  return numbers(legal.first, legal.last).map((there) => {
    const start = padding === "same" ? samePadding(there, how)[0] : padding === "valid" ? 0 : padding;
    const extra = there - (fullSize(size, how) - 2 * start);
    const given = named ? numbers(0, stride - 1).filter((op) => kerasPaddedSize(size, byName, op) === there) : [];
    const both = stride > 1 && dilation > 1;
    return {
      size: there,
      start,
      stop: start + there,
      kerasDefault: named && !both && kerasTransposedSize(size, byName) === there,
      kerasPadding: given[0] ?? null,
      tf: named || dilation === 1,
      torch: extra >= 0 && extra < Math.max(stride, dilation) ? ([start, extra] as const) : null,
      torchSame: false,
    };
  });
}

/** The size that a convolution of `size` pixels gives, or null where the kernel does not fit. */
export function convSizes(size: number, shape: Shape, padding: Pad): LegalSize | null {
  const [kernel, stride, dilation] = shape;
  const how = { kernel, stride, dilation, padding: typeof padding === "number" ? ([padding, padding] as const) : padding };
  const there = convSize(size, how);
  if (there < 1) return null;
  const [before, after] = padding === "same" ? samePadding(size, how) : padding === "valid" ? [0, 0] : [padding, padding];
  const named = typeof padding === "string" || padding === 0;
  return {
    size: there,
    start: before,
    stop: after,
    kerasDefault: named && (stride === 1 || dilation === 1),
    kerasPadding: null,
    tf: true,
    torch: before === after ? [before, 0] : null,
    torchSame: padding === "same" && stride === 1,
  };
}
