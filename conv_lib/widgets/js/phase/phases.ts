/**
 * Overlap counts, phase sums, the output on a flat image, and the frequency response of an upsampler.
 * conv_lib.ops.phases and conv_lib.conv_transpose are the reference; tests/js replays their answers here.
 */
import { sizeOf, zeros, type Matrix, type Size } from "../core/ops.ts";
import { fullSize } from "../core/shapes.ts";
import { axis, inputSize, strides, windowOf, type Settings } from "./settings.ts";

/** One product at an output cell: the weight, and the input cell it meets. */
export interface Tap {
  weight: Size;
  input: Size;
}

export type Kept = "data" | "cropped" | "appended";

export interface Lab {
  settings: Settings;
  kernelSize: Size;
  strides: Size;
  input: Size;
  /** The full result, before anything is cropped or appended. */
  full: Size;
  /** What is drawn: the full result, and what is kept past its end. */
  drawn: Size;
  /** What is kept, [start, stop) down and across. */
  window: readonly [readonly [number, number], readonly [number, number]];
  /** For each phase, how many weights it has and what they add up to. */
  taps: number[][];
  sums: number[][];
  /** For each drawn cell, how many input cells reach it, and what a flat image of ones becomes there. */
  counts: number[][];
  values: number[][];
  verdict: Verdict;
  border: Border;
}

export interface Verdict {
  /** Whether every phase has equally many weights. */
  even: boolean;
  /** Whether the phases add up to the same, beyond rounding. */
  clean: boolean;
  /** Phases without any weight: the kernel is shorter than the stride. */
  gaps: number;
  low: number;
  high: number;
  mean: number;
}

/** The kept cells at the border, which fewer stamps reach than their like inside. */
export interface Border {
  /** Kept cells from the border to the first that all its stamps reach, on each side of each axis. */
  before: Size;
  after: Size;
  /** Whether any kept cell has all its stamps. */
  inside: boolean;
}

/** How many weights of a kernel axis phase p has. */
export const tapsOf = (kernel: number, stride: number, p: number): number =>
  p < kernel ? Math.floor((kernel - 1 - p) / stride) + 1 : 0;

export function phaseSums(kernel: Matrix, [sv, sh]: Size): number[][] {
  const sums = zeros([sv, sh]);
  kernel.forEach((row, r) => row.forEach((w, c) => (sums[r % sv]![c % sh]! += w)));
  return sums;
}

/** What a full result cell on one axis is made of: pairs of weight and input. */
function alongAxis(u: number, kernel: number, stride: number, n: number): [weight: number, input: number][] {
  const found: [number, number][] = [];
  for (let k = u % stride; k < kernel; k += stride) {
    const i = (u - k) / stride;
    if (i >= 0 && i < n) found.push([k, i]);
  }
  return found;
}

/** The products at a cell of the full result. */
export function tapsAt(lab: Pick<Lab, "kernelSize" | "strides" | "input">, [r, c]: Size): Tap[] {
  const down = alongAxis(r, lab.kernelSize[0], lab.strides[0], lab.input[0]);
  const across = alongAxis(c, lab.kernelSize[1], lab.strides[1], lab.input[1]);
  return down.flatMap(([kr, ir]) => across.map(([kc, ic]): Tap => ({ weight: [kr, kc], input: [ir, ic] })));
}

export const phaseOf = (lab: Pick<Lab, "strides">, [r, c]: Size): Size => [r % lab.strides[0], c % lab.strides[1]];

export function keptAs(lab: Pick<Lab, "window" | "full">, [r, c]: Size): Kept {
  const [[top, bottom], [left, right]] = lab.window;
  if (r < top || r >= bottom || c < left || c >= right) return "cropped";
  return r >= lab.full[0] || c >= lab.full[1] ? "appended" : "data";
}

/** Whether every weight of its phase reaches the cell: then it is what the phase adds up to. */
export function isInside(lab: Lab, at: Size): boolean {
  return ([0, 1] as const).every(
    (a) =>
      at[a] < lab.full[a] &&
      alongAxis(at[a], lab.kernelSize[a], lab.strides[a], lab.input[a]).length ===
        tapsOf(lab.kernelSize[a], lab.strides[a], at[a] % lab.strides[a]),
  );
}

export function verdictOf(kernel: Matrix, stride: Size): Verdict {
  const [kh, kw] = sizeOf(kernel);
  const sums = phaseSums(kernel, stride).flat();
  const taps = zeros(stride).flatMap((row, p) => row.map((_, q) => tapsOf(kh, stride[0], p) * tapsOf(kw, stride[1], q)));
  const size = kernel.flat().reduce((sum, w) => sum + Math.abs(w), 0);
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  return {
    even: taps.every((t) => t === taps[0]),
    clean: high - low <= 1e-9 * size,
    gaps: taps.filter((t) => t === 0).length,
    low,
    high,
    mean: sums.reduce((a, b) => a + b, 0) / sums.length,
  };
}

export function labOf(s: Settings): Lab {
  const kernelSize = sizeOf(s.kernel);
  const stride = strides(s);
  const input = inputSize(s);
  const full: Size = [fullSize(input[0], axis(s, 0)), fullSize(input[1], axis(s, 1))];
  const window = [windowOf(s, 0), windowOf(s, 1)] as const;
  const drawn: Size = [Math.max(full[0], window[0][1]), Math.max(full[1], window[1][1])];
  const lab: Lab = {
    settings: s,
    kernelSize,
    strides: stride,
    input,
    full,
    drawn,
    window,
    taps: zeros(stride).map((row, p) => row.map((_, q) => tapsOf(kernelSize[0], stride[0], p) * tapsOf(kernelSize[1], stride[1], q))),
    sums: phaseSums(s.kernel, stride),
    counts: zeros(drawn),
    values: zeros(drawn),
    verdict: verdictOf(s.kernel, stride),
    border: { before: [0, 0], after: [0, 0], inside: false },
  };
  for (let r = 0; r < drawn[0]; r++) {
    for (let c = 0; c < drawn[1]; c++) {
      const taps = tapsAt(lab, [r, c]);
      lab.counts[r]![c] = taps.length;
      lab.values[r]![c] = taps.reduce((sum, { weight: [i, j] }) => sum + s.kernel[i]![j]!, 0);
    }
  }
  lab.border = borderOf(lab);
  return lab;
}

function borderOf(lab: Lab): Border {
  const side = (which: 0 | 1): [number, number] | null => {
    const [start, stop] = lab.window[which];
    const whole: number[] = [];
    for (let u = start; u < Math.min(stop, lab.full[which]); u++) {
      const met = alongAxis(u, lab.kernelSize[which], lab.strides[which], lab.input[which]).length;
      if (met === tapsOf(lab.kernelSize[which], lab.strides[which], u % lab.strides[which])) whole.push(u);
    }
    return whole.length ? [whole[0]! - start, stop - 1 - whole[whole.length - 1]!] : null;
  };
  const [down, across] = [side(0), side(1)];
  return {
    before: [down?.[0] ?? 0, across?.[0] ?? 0],
    after: [down?.[1] ?? 0, across?.[1] ?? 0],
    inside: down !== null && across !== null,
  };
}

/** The values that are kept. */
export function output(lab: Lab): number[][] {
  const [[top, bottom], [left, right]] = lab.window;
  return lab.values.slice(top, bottom).map((row) => row.slice(left, right));
}

/**
 * The kernel nearest to this one whose phases add up to the same: what is missing is shared out among the weights of
 * each phase. Null where a phase has no weight.
 */
export function levelled(kernel: Matrix, stride: Size): number[][] | null {
  const { gaps, mean } = verdictOf(kernel, stride);
  if (gaps) return null;
  const [kh, kw] = sizeOf(kernel);
  const sums = phaseSums(kernel, stride);
  const tidy = (v: number): number => Number(v.toFixed(10)) + 0;
  return kernel.map((row, r) =>
    row.map((w, c) => {
      const [p, q] = [r % stride[0], c % stride[1]];
      return tidy(w + (mean - sums[p]![q]!) / (tapsOf(kh, stride[0], p) * tapsOf(kw, stride[1], q)));
    }),
  );
}

/** How strongly a wave of these frequencies (cycles per output pixel) passes; a flat image is [0, 0]. */
export function gain(kernel: Matrix, [sv, sh]: Size, [fv, fh]: readonly [number, number]): number {
  let [re, im] = [0, 0];
  kernel.forEach((row, r) =>
    row.forEach((w, c) => {
      const angle = -2 * Math.PI * (fv * r + fh * c);
      re += w * Math.cos(angle);
      im += w * Math.sin(angle);
    }),
  );
  return Math.hypot(re, im) / (sv * sh);
}

/**
 * Where a wave of the input, `f` cycles per input pixel, stands in the output: once where it belongs, at f / stride,
 * and as an image round every other multiple of 1 / stride. Frequencies from 0 to 0.5, the true one first.
 */
export function imagesOf(f: number, stride: number): number[] {
  const found: number[] = [];
  for (let m = 0; m < stride; m++) {
    for (const at of [(m + f) / stride, (m - f) / stride]) {
      const folded = Math.abs(at - Math.round(at));
      if (!found.some((g) => Math.abs(g - folded) < 1e-12)) found.push(folded);
    }
  }
  return found;
}

/** Zero insertion and filter in one, of a large picture: values in reading order, a window of the full result. */
export function upsampled(
  x: ArrayLike<number>,
  [h, w]: Size,
  kernel: Matrix,
  [sv, sh]: Size,
  [top, left]: Size,
): { values: Float64Array; size: Size } {
  const size: Size = [h * sv, w * sh];
  const values = new Float64Array(size[0] * size[1]);
  kernel.forEach((row, i) =>
    row.forEach((weight, j) => {
      if (!weight) return;
      for (let r = 0; r < h; r++) {
        const y = r * sv + i - top;
        if (y < 0 || y >= size[0]) continue;
        for (let c = 0; c < w; c++) {
          const z = c * sh + j - left;
          if (z >= 0 && z < size[1]) values[y * size[1] + z]! += weight * x[r * w + c]!;
        }
      }
    }),
  );
  return { values, size };
}
