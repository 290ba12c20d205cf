/**
 * Eight ways to double a picture, one channel: their outputs, what one output pixel is made of, their costs, and the
 * kernels that nearest upsampling with a convolution can make. conv_lib.widgets.upsampling is the reference;
 * tests/js/upsampling.test.ts replays its case vectors here.
 */
import { conv2d, conv2dTranspose, sizeOf, zeros, type Matrix, type Settings2D, type Size } from "../core/ops.ts";

export const WAYS = ["nearest", "bilinear", "corners", "zeros", "transposed3", "transposed4", "resize", "shuffle"] as const;
export type Way = (typeof WAYS)[number];

/** The weights of the ways that have some. `shuffle` holds a kernel for each place in a block of 2 x 2, row by row. */
export interface Weights {
  transposed3: Matrix;
  transposed4: Matrix;
  resize: Matrix;
  shuffle: readonly Matrix[];
}

const SAME = (stride: number): Settings2D => ({ stride, dilation: 1, padding: "same" });
const ONE: Matrix = [[1]];

/** Where output pixel u reads along an axis of `size`: the pixel before, the one after, and how far on. */
export function neighbours(u: number, size: number, corners: boolean): readonly [number, number, number] {
  const place = corners
    ? (u * (size - 1)) / Math.max(2 * size - 1, 1)
    : Math.min(Math.max((u + 0.5) / 2 - 0.5, 0), size - 1);
  const low = Math.floor(place);
  return [low, Math.min(low + 1, size - 1), place - low];
}

function nearest(x: Matrix): number[][] {
  const [h, w] = sizeOf(x);
  return zeros([2 * h, 2 * w]).map((row, r) => row.map((_, c) => x[r >> 1]![c >> 1]!));
}

function bilinear(x: Matrix, corners: boolean): number[][] {
  const [h, w] = sizeOf(x);
  return zeros([2 * h, 2 * w]).map((row, r) => {
    const [top, bottom, down] = neighbours(r, h, corners);
    return row.map((_, c) => {
      const [left, right, across] = neighbours(c, w, corners);
      const at = (m: number) => x[top]![m]! + (x[bottom]![m]! - x[top]![m]!) * down;
      return at(left) + (at(right) - at(left)) * across;
    });
  });
}

function shuffle(x: Matrix, kernels: readonly Matrix[]): number[][] {
  const [h, w] = sizeOf(x);
  const maps = kernels.map((kernel) => conv2d(x, kernel, SAME(1)));
  return zeros([2 * h, 2 * w]).map((row, r) => row.map((_, c) => maps[(r % 2) * 2 + (c % 2)]![r >> 1]![c >> 1]!));
}

/** The output of one way, twice the size of x. */
export function outputOf(way: Way, x: Matrix, weights: Weights): number[][] {
  const [h, w] = sizeOf(x);
  const size: Size = [2 * h, 2 * w];
  switch (way) {
    case "nearest": return nearest(x);
    case "bilinear": return bilinear(x, false);
    case "corners": return bilinear(x, true);
    case "zeros": return conv2dTranspose(x, ONE, SAME(2), size);
    case "transposed3": return conv2dTranspose(x, weights.transposed3, SAME(2), size);
    case "transposed4": return conv2dTranspose(x, weights.transposed4, SAME(2), size);
    case "resize": return conv2d(nearest(x), weights.resize, SAME(1));
    case "shuffle": return shuffle(x, weights.shuffle);
  }
}

/** One input pixel in the sum of an output pixel. */
export interface Term {
  at: readonly [number, number];
  /** What the input is multiplied with: the sum of these. */
  parts: number[];
  /** The places in the kernel that they come from, for the ways that have one. */
  taps: (readonly [number, number])[];
}

/** The kernel that output pixel [r, c] meets: its own for a shuffle; null where there are no weights. */
export function kernelAt(way: Way, weights: Weights, r: number, c: number): Matrix | null {
  if (way === "shuffle") return weights.shuffle[(r % 2) * 2 + (c % 2)]!;
  return way === "transposed3" || way === "transposed4" || way === "resize" ? weights[way] : null;
}

/** The input pixels that output pixel [r, c] is made of, in reading order, and what each is multiplied with. */
export function termsOf(way: Way, [h, w]: Size, weights: Weights, r: number, c: number): Term[] {
  const terms = new Map<string, Term>();
  const add = (ir: number, ic: number, part: number, tap?: readonly [number, number]) => {
    if (ir < 0 || ir >= h || ic < 0 || ic >= w) return;
    const key = `${ir},${ic}`;
    const term = terms.get(key) ?? { at: [ir, ic] as const, parts: [], taps: [] };
    term.parts.push(part);
    if (tap) term.taps.push(tap);
    terms.set(key, term);
  };
  const kernel = kernelAt(way, weights, r, c);
  if (way === "nearest") add(r >> 1, c >> 1, 1);
  else if (way === "zeros") {
    if (r % 2 === 0 && c % 2 === 0) add(r >> 1, c >> 1, 1);
  } else if (way === "bilinear" || way === "corners") {
    const [top, bottom, down] = neighbours(r, h, way === "corners");
    const [left, right, across] = neighbours(c, w, way === "corners");
    for (const [ir, share] of [[top, 1 - down], [bottom, down]] as const)
      for (const [ic, part] of [[left, share * (1 - across)], [right, share * across]] as const)
        if (part > 0) add(ir, ic, part);
  } else {
    kernel!.forEach((row, i) =>
      row.forEach((weight, j) => {
        if (way === "resize") {
          const [ur, uc] = [r + i - 1, c + j - 1];
          if (ur >= 0 && uc >= 0) add(ur >> 1, uc >> 1, weight, [i, j]);
        } else if (way === "shuffle") add((r >> 1) + i - 1, (c >> 1) + j - 1, weight, [i, j]);
        else {
          // What "same" crops before: 0 of a kernel of 3, 1 of a kernel of 4.
          const crop = (row.length - 2) >> 1;
          const [ur, uc] = [r + crop - i, c + crop - j];
          if (ur % 2 === 0 && uc % 2 === 0) add(ur / 2, uc / 2, weight, [i, j]);
        }
      }),
    );
  }
  return [...terms.values()].sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1]);
}

/** Weights, and multiplications for one image, as conv_lib.shapes.layer_cost counts them. */
export interface Cost {
  weights: number;
  macs: number;
  /** Multiplications for each number of the output. */
  each: number;
}

export function costOf(way: Way, [h, w]: Size, inChannels: number, outChannels: number): Cost {
  const pixels = h * w;
  const layer = (taps: number, out: number, positions: number): Cost => {
    const weights = taps * inChannels * out;
    return { weights, macs: weights * positions, each: (weights * positions) / (4 * pixels * outChannels) };
  };
  switch (way) {
    case "nearest":
    case "zeros": return { weights: 0, macs: 0, each: 0 };
    // As the depthwise transposed convolution with a kernel of 4 x 4 that does the same.
    case "bilinear":
    case "corners": return { weights: 0, macs: 16 * inChannels * pixels, each: 4 };
    case "transposed3": return layer(9, outChannels, pixels);
    case "transposed4": return layer(16, outChannels, pixels);
    case "resize": return layer(9, outChannels, 4 * pixels);
    case "shuffle": return layer(9, 4 * outChannels, pixels);
  }
}

// ------------------------------------------------------------------- what resize-convolution can be

export interface Projection {
  /** The nearest 4 x 4 kernel that nearest upsampling and a 3 x 3 convolution make. */
  kept: number[][];
  /** What is given up. */
  rest: number[][];
  /** The 3 x 3 kernel of that convolution. */
  weights: number[][];
  /** The length of each, as a vector of 16 numbers. */
  norms: { kernel: number; kept: number; rest: number };
}

const ALTERNATING = [1, -1, 1, -1];
export const alternatingSum = (line: readonly number[]): number =>
  line.reduce((sum, v, i) => sum + v * ALTERNATING[i]!, 0);
const turn = (m: Matrix): number[][] => m[0]!.map((_, c) => m.map((row) => row[c]!));
const norm = (m: Matrix): number => Math.hypot(...m.flat());

/** The line without its share of + - + -: the only line of four that no box of two makes. */
const cleaned = (line: readonly number[]): number[] => {
  const share = alternatingSum(line) / 4;
  return line.map((v, i) => v - share * ALTERNATING[i]!);
};
/** The three numbers that a box of two spreads into the line. */
const unboxed = ([a, b, , d]: readonly number[]): number[] => [a!, b! - a!, d!];

export function project(kernel: Matrix): Projection {
  const kept = turn(turn(kernel.map(cleaned)).map(cleaned));
  const rest = kernel.map((row, r) => row.map((v, c) => v - kept[r]![c]!));
  const stamp = turn(turn(kept.map(unboxed)).map(unboxed));
  const weights = stamp.map((row) => [...row].reverse()).reverse();
  return { kept, rest, weights, norms: { kernel: norm(kernel), kept: norm(kept), rest: norm(rest) } };
}

/** What a flat image of ones becomes at each place of a block of 2 x 2, away from the border. */
export function phaseSums(kernel: Matrix): number[][] {
  const sums = zeros([2, 2]);
  kernel.forEach((row, i) => row.forEach((v, j) => (sums[i % 2]![j % 2]! += v)));
  return sums;
}

/** The kernel of the transposed convolution that does what nearest upsampling and this convolution do. */
export function boxed(weights: Matrix): number[][] {
  const out = zeros([weights.length + 1, weights[0]!.length + 1]);
  const stamp = [...weights].reverse().map((row) => [...row].reverse());
  stamp.forEach((row, i) =>
    row.forEach((v, j) => {
      for (const [a, b] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) out[i + a]![j + b]! += v;
    }),
  );
  return out;
}

// ------------------------------------------------------------------------------------ difference

export interface Difference {
  values: number[][];
  /** The largest in size, and how many are not zero up to rounding. */
  largest: number;
  count: number;
  /** Whether the outermost pixels are the only ones that differ. */
  onlyBorder: boolean;
}

export function differenceOf(first: Matrix, second: Matrix): Difference {
  const values = first.map((row, r) => row.map((v, c) => v - second[r]![c]!));
  const scale = 1e-9 * (1 + Math.max(...[...first, ...second].map((row) => Math.max(...row.map(Math.abs)))));
  const [h, w] = sizeOf(values);
  let [largest, count, inside] = [0, 0, 0];
  values.forEach((row, r) =>
    row.forEach((v, c) => {
      if (Math.abs(v) <= scale) {
        row[c] = 0;
        return;
      }
      count += 1;
      largest = Math.max(largest, Math.abs(v));
      if (r > 0 && c > 0 && r < h - 1 && c < w - 1) inside += 1;
    }),
  );
  return { values, largest, count, onlyBorder: count > 0 && inside === 0 };
}
