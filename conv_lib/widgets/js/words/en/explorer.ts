/** The explorer. */
import { count, ONES, RANDOM } from "./shared.ts";

export const LABELS = {
  inputHeight: "Input height",
  inputWidth: "Input width",
  kernelSize: "Kernel size",
  stride: "Stride",
  dilation: "Dilation",
  padTop: "Padding top",
  padBottom: "Padding bottom",
  padLeft: "Padding left",
  padRight: "Padding right",
};
export const GRIDS = { input: "Input", kernel: "Kernel", output: "Output" };
export type Axis = "height" | "width";

// ---- what is shown
export const MODE = "Mode";
export const MODES = { conv: "Convolution", transpose: "Transposed" };
export const PICTURE = "Picture";
export const PICTURES = { scatter: "Scatter", gather: "Gather" };
export const rotated = (size: string): string => `${size}, rotated`;
export const padded = (size: string, drawn: string): string => `${size}, padded to ${drawn}`;
export const spread = (size: string, drawn: string): string => `${size}, spread to ${drawn}`;
export const LEGEND = {
  padding: "padding",
  zero: "inserted zero",
  cropped: "cropped away",
  appended: "appended zero",
  kept: "kept",
};
export const HINT = "Point at a cell to trace it. To change an input or kernel value, click it twice or press Enter.";
export const FOLDED = "Change sizes, stride, padding, values; see the formula and the code";
export const cut = (output: string, most: string): string =>
  `The output was ${output}. An input here is at most ${most}, so it was cut.`;

// ---- controls
export const PADDINGS = { valid: "valid", same: "same", explicit: "explicit" };
export const OUTPUT_SIDES = { height: "Output height", width: "Output width" };
export const kerasSize = (size: number): string => `${size} (Keras)`;
export const smallestSize = (size: number): string => `${size} (smallest)`;
export const VALUES = { input: "Input values", kernel: "Kernel values" };
export const FILL = "fill with \u2026";
export const FILLS = { count: "1, 2, 3, \u2026", ones: ONES, spike: "a single 1", random: RANDOM };

// ---- the sum of a cell
export const PLACES = { input: "input", kernel: "kernel", output: "output" };
export const moreProducts = (n: number): string => `${n} more product${n === 1 ? "" : "s"}`;
export const otherProducts = (n: number, insertedZeros: boolean): string =>
  `The other ${count(n, "product")} meet padding${insertedZeros ? " or an inserted zero" : ""} and add 0.`;
export const NOT_REACHED = "No input reaches this cell.";
export const NOT_USED = "No output uses this cell.";
/** Before and after the name of the cell; after them comes the list of products. */
export const goesTo = (value: string, n: number): [string, string] => ["", ` = ${value} goes to ${count(n, "output cell")}: `];
export const takesPart = (value: string, n: number): [string, string] => [
  "",
  ` = ${value} takes part in ${count(n, "product")}${n ? ": " : "."}`,
];
export const andMore = (n: number): string => `, and ${n} more.`;

// ---- formulas
export const SYMBOLS = { height: "height", width: "width", pads: "pads" };
export const where = (formula: string): string => `Here ${formula}.`;
export const padsOf = (before: number, after: number): string => `Padding ${before} before, ${after} after.`;
export const neverReached = (n: number): string =>
  n === 0 ? "Every cell is reached." : `The last ${n === 1 ? "cell is" : `${n} cells are`} never reached.`;
export const legal = (first: number, last: number): string =>
  first === last ? `Only ${first} is legal.` : `Legal: ${first} to ${last}.`;
export const IS_KERAS = "Keras\u2019 default.";
export const kerasIs = (size: number): string => `Keras\u2019 default is ${size}.`;
export const NOTHING_CROPPED = "Nothing is cropped.";
export const keeps = (first: number, last: number, lastOfAll: number, zeros: number): string =>
  `Keeps ${first} to ${last} of the full result 0 to ${lastOfAll}${zeros ? `, then ${count(zeros, "zero")}` : ""}.`;
export const torch = (padding: number, extra: number): string => `PyTorch: padding ${padding}, output_padding ${extra}.`;
export const TORCH_CUTS = "PyTorch: only by cutting the full result.";
export const SHAPES = "Shapes";

// ---- what is not legal, and what to do
export const inputTooLarge = (axis: Axis, low: number, high: number, size: number): string =>
  `The input ${axis} is a whole number from ${low} to ${high}. Received: ${size}.`;
/** `pads` of an explicit padding; null where valid padding adds nothing. */
export const kernelTooLarge = (
  axis: Axis,
  span: number,
  kernel: number,
  dilation: number,
  size: number,
  pads: readonly [number, number] | null,
): string => {
  const large =
    dilation > 1 ? `The kernel spans ${span} cells (size ${kernel}, dilation ${dilation})` : `The kernel is ${span} cells`;
  const room = pads
    ? `the padded input ${axis} is ${size} + ${pads[0]} + ${pads[1]} = ${size + pads[0] + pads[1]}`
    : `the input ${axis} is ${size} and valid padding adds nothing`;
  return `${large}, but ${room}. A kernel must fit inside its padded input.`;
};
export const paddedTooLarge = (axis: Axis, size: number, most: number): string =>
  `The padded input ${axis} would be ${size}; this widget draws at most ${most} cells a side.`;
export const allCropped = (axis: Axis, before: number, after: number, full: number): string =>
  `Padding ${before} + ${after} crops away the whole result: its ${axis} before cropping is ${full}, and at least 1 must be left.`;
export const illegalOutput = (axis: Axis, output: number, back: number, size: number, first: number, last: number): string =>
  `An output ${axis} of ${output} is not legal: the convolution would turn it into ${back}, and the input ${axis} is ${size}. Legal: ${first === last ? first : `${first} to ${last}`}.`;
export const resultTooLarge = (axis: Axis, size: number, most: number): string =>
  `The result would be ${count(size, "cell")} in ${axis}; this widget draws at most ${most}.`;
