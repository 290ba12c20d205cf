/**
 * Convolution and its transpose on one channel, as plain loops over lists of rows.
 * conv_lib.ops is the reference; tests/js replays its case vectors here.
 */
import { convSize, effectiveKernel, pads, transposedWindow, type Axis } from "./shapes.ts";

export type Matrix = readonly (readonly number[])[];

export interface Settings2D {
  stride: number;
  dilation: number;
  /** "valid", "same" or [[top, bottom], [left, right]]. */
  padding: "valid" | "same" | readonly [readonly [number, number], readonly [number, number]];
}

export type Size = readonly [height: number, width: number];

export const sizeOf = (m: Matrix): Size => [m.length, m[0]?.length ?? 0];

/** The settings of one axis (0: vertical, 1: horizontal). */
export function axisOf(kernelSize: Size, settings: Settings2D, which: 0 | 1): Axis {
  const { padding, stride, dilation } = settings;
  return {
    kernel: kernelSize[which],
    stride,
    dilation,
    padding: typeof padding === "string" ? padding : padding[which],
  };
}

export function zeros([height, width]: Size): number[][] {
  return Array.from({ length: height }, () => new Array<number>(width).fill(0));
}

/** One product: input cell, kernel cell and output cell that it links. */
export interface Link {
  input: readonly [number, number];
  kernel: readonly [number, number];
  output: readonly [number, number];
}

/**
 * Every link of the convolution that maps an image of size `large` to a map of size `small`,
 * as (large cell, kernel cell, small cell). The transposed layer has the same links, read backwards:
 * this one function is the connectivity of both.
 */
export function forEachLink(
  large: Size,
  small: Size,
  kernelSize: Size,
  settings: Settings2D,
  visit: (lr: number, lc: number, kr: number, kc: number, sr: number, sc: number) => void,
): void {
  const [top] = pads(large[0], axisOf(kernelSize, settings, 0));
  const [left] = pads(large[1], axisOf(kernelSize, settings, 1));
  const { stride, dilation } = settings;
  for (let sr = 0; sr < small[0]; sr++) {
    for (let kr = 0; kr < kernelSize[0]; kr++) {
      const lr = sr * stride + kr * dilation - top;
      if (lr < 0 || lr >= large[0]) continue;
      for (let sc = 0; sc < small[1]; sc++) {
        for (let kc = 0; kc < kernelSize[1]; kc++) {
          const lc = sc * stride + kc * dilation - left;
          if (lc >= 0 && lc < large[1]) visit(lr, lc, kr, kc, sr, sc);
        }
      }
    }
  }
}

/** Gather: each output is the weighted sum of the input window under the kernel. */
export function conv2d(x: Matrix, kernel: Matrix, settings: Settings2D): number[][] {
  const large = sizeOf(x);
  const kernelSize = sizeOf(kernel);
  const small: Size = [
    convSize(large[0], axisOf(kernelSize, settings, 0)),
    convSize(large[1], axisOf(kernelSize, settings, 1)),
  ];
  const out = zeros(small);
  forEachLink(large, small, kernelSize, settings, (lr, lc, kr, kc, sr, sc) => {
    out[sr]![sc]! += x[lr]![lc]! * kernel[kr]![kc]!;
  });
  return out;
}

/** Scatter: each input stamps the kernel, scaled, into the output; overlaps add. */
export function conv2dTranspose(
  x: Matrix,
  kernel: Matrix,
  settings: Settings2D,
  outputSize: Size,
): number[][] {
  const out = zeros(outputSize);
  forEachLink(outputSize, sizeOf(x), sizeOf(kernel), settings, (lr, lc, kr, kc, sr, sc) => {
    out[lr]![lc]! += x[sr]![sc]! * kernel[kr]![kc]!;
  });
  return out;
}

/** The full scatter result, nothing cropped: what the stamps add up to before the window is cut. */
export function fullScatter(x: Matrix, kernel: Matrix, settings: Settings2D): number[][] {
  const [h, w] = sizeOf(x);
  const [kh, kw] = sizeOf(kernel);
  const { stride, dilation } = settings;
  const out = zeros([
    (h - 1) * stride + effectiveKernel(kh, dilation),
    (w - 1) * stride + effectiveKernel(kw, dilation),
  ]);
  for (let r = 0; r < h; r++)
    for (let c = 0; c < w; c++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++)
          out[r * stride + i * dilation]![c * stride + j * dilation]! += x[r]![c]! * kernel[i]![j]!;
  return out;
}

/** The input of the gather picture: zeros inserted between the cells, then padded all round. */
export interface Spread {
  size: Size;
  /** Rows and columns of padding before the first input cell. */
  before: Size;
  after: Size;
}

export function spread(x: Matrix, kernel: Matrix, settings: Settings2D, outputSize: Size): Spread {
  const axis = (which: 0 | 1) => {
    const a = axisOf(sizeOf(kernel), settings, which);
    const n = sizeOf(x)[which];
    const span = effectiveKernel(a.kernel, a.dilation);
    const [start] = transposedWindow(outputSize[which], a);
    const core = (n - 1) * a.stride + 1;
    const before = span - 1 - start;
    const after = outputSize[which] - core + start;
    return { size: before + core + after, before, after };
  };
  const v = axis(0);
  const h = axis(1);
  return { size: [v.size, h.size], before: [v.before, h.before], after: [v.after, h.after] };
}

/** The kernel rotated by 180 degrees, which the gather picture slides. */
export function flipped(kernel: Matrix): number[][] {
  return [...kernel].reverse().map((row) => [...row].reverse());
}
