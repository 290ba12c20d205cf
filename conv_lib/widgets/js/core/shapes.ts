/**
 * Sizes along one axis: the same rules as conv_lib/shapes/axis.py, which is the reference.
 * Python writes case vectors and tests/js replays them here, so the two cannot drift.
 */

export type Pads = readonly [before: number, after: number];
/** Padding along one axis. */
export type Padding = "valid" | "same" | Pads;

/** Settings along one axis. */
export interface Axis {
  kernel: number;
  stride: number;
  padding: Padding;
  dilation: number;
}

/** A half-open range of legal sizes. */
export interface SizeRange {
  first: number;
  last: number;
}

export function effectiveKernel(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** TensorFlow's SAME padding for an input of `size`: the odd pixel goes after. */
export function samePadding(size: number, axis: Axis): Pads {
  const out = Math.ceil(size / axis.stride);
  const span = effectiveKernel(axis.kernel, axis.dilation);
  const total = Math.max((out - 1) * axis.stride + span - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** The padding in pixels that a convolution of an input of `size` uses. */
export function pads(size: number, axis: Axis): Pads {
  if (axis.padding === "valid") return [0, 0];
  if (axis.padding === "same") return samePadding(size, axis);
  return axis.padding;
}

/** Output size of a convolution; 0 or less means that the kernel does not fit. */
export function convSize(size: number, axis: Axis): number {
  const [before, after] = pads(size, axis);
  const room = size + before + after - effectiveKernel(axis.kernel, axis.dilation);
  return room < 0 ? 0 : Math.floor(room / axis.stride) + 1;
}

/** Every size that a convolution with these settings maps back to `size`; null when there is none. */
export function transposedSizes(size: number, axis: Axis): SizeRange | null {
  const { stride, padding } = axis;
  let last: number;
  let first: number;
  if (padding === "same") {
    first = (size - 1) * stride + 1;
    last = size * stride;
  } else {
    const [before, after] = padding === "valid" ? [0, 0] : padding;
    first = (size - 1) * stride + effectiveKernel(axis.kernel, axis.dilation) - before - after;
    last = first + stride - 1;
  }
  first = Math.max(first, 1);
  return first > last ? null : { first, last };
}

/** The size that Keras' Conv2DTranspose gives with output_padding=None. */
export function kerasTransposedSize(size: number, axis: Axis): number | null {
  if (axis.padding === "same") return size * axis.stride;
  if (axis.padding !== "valid") return null;
  const span = effectiveKernel(axis.kernel, axis.dilation);
  return (size - 1) * axis.stride + Math.max(span, axis.stride);
}

/** The length of the full scatter result, before anything is cropped. */
export function fullSize(size: number, axis: Axis): number {
  return (size - 1) * axis.stride + effectiveKernel(axis.kernel, axis.dilation);
}

/**
 * The window [start, stop) of the full scatter result that an output of `outputSize` keeps.
 * Past the end of the full result the kept values are zeros.
 */
export function transposedWindow(outputSize: number, axis: Axis): readonly [number, number] {
  const [before] = pads(outputSize, axis);
  return [before, before + outputSize];
}
