/** The size ruler. */
import { count, MUST_FIT, range } from "./shared.ts";

const M = "\u2212";

// ---- fields and choices
export const PADDING_BEFORE = "Padding before";
export const PADDING_AFTER = "Padding after";
export const TORCH_PADDING = "PyTorch padding";
export const TORCH_OUTPUT_PADDING = "PyTorch output_padding";
/** A field of one layer of the stack. */
export const ofLayer = (label: string, layer: number): string => `${label} ${layer}`;
export const MODE = "Mode";
export const STACK = "Stack";
export const VIEW = "View";
export const VIEWS = { whole: "Whole", ends: "Two ends", close: "Close-up" };
export const HINT = "Point at a pixel to see what it is linked with. Arrow keys move along a row.";
export const CHANGE = "Change sizes, kernel, stride, padding; see the formulas and the code";
export const CODE = "This in Keras, tf.nn and PyTorch";
export const removeLayer = (layer: number): string => `Remove layer ${layer}`;
export const ADD_LAYER = "Add a layer";

// ---- settings that are not legal
const spans = (span: number, kernel: number, dilation: number): string =>
  dilation > 1 ? `spans ${span} pixels (size ${kernel}, dilation ${dilation})` : `is ${span} pixels`;

export const tooLargeInLayer = (layer: number, span: number, kernel: number, dilation: number, arrive: number): string =>
  `The kernel of layer ${layer} ${spans(span, kernel, dilation)}, but only ${arrive} arrive there. ${MUST_FIT}`;
export const useSameInLayer = (layer: number): string => `Use same padding in layer ${layer}`;
export const tooLargeForValid = (span: number, kernel: number, dilation: number, size: number): string =>
  `The kernel ${spans(span, kernel, dilation)}, but the input is ${size} and valid padding adds nothing. ${MUST_FIT}`;
/** `sum` is "4 + 1 + 0 = 5". */
export const tooLarge = (span: number, kernel: number, dilation: number, sum: string): string =>
  `The kernel ${spans(span, kernel, dilation)}, but the padded input is ${sum}. ${MUST_FIT}`;
export const nothingLeft = (before: number, after: number, full: number): string =>
  `Padding ${before} + ${after} crops away the whole result: it has ${full} pixels before cropping, and at least 1 must be left.`;

const sizes = (first: number, last: number): string => (first === last ? String(first) : range(first, last));
export const illegalOutput = (out: number, becomes: number, size: number, first: number, last: number): string =>
  `An output of ${out} is not legal: the convolution would turn it into ${becomes}, and the input is ${size}. Legal: ${sizes(first, last)}.`;

// ---- the result in one short line
const choice = (first: number, last: number): string => (first === last ? "the only legal size" : `legal: ${range(first, last)}`);
export const legalSizes = (first: number, last: number, keras: number | null): string =>
  keras === null ? choice(first, last) : `${choice(first, last)}; Keras takes ${keras}`;
export const seesInStack = (field: number, jump: number): string =>
  `one output pixel sees ${field}, its neighbour starts ${jump} further`;
const areOf = (n: number): string => `${count(n, "pixel")} ${n === 1 ? "is" : "are"}`;
/** Padding of a convolution, and the pixels that it never reads: at the end, and between its windows. */
export const padsAndLoses = (before: number, after: number, end: number, between: number): string => {
  const padded = before + after ? `padding ${before} before, ${after} after` : "no padding";
  const lost = [end ? `the last ${areOf(end)} never reached` : "", between ? `${areOf(between)} skipped in between` : ""].filter(Boolean);
  return [padded, ...(lost.length ? lost : ["every pixel is read"])].join("; ");
};

// ---- formulas
export const PADS = "pads";
export const mod = (a: number | string, b: number | string): string => `${a} mod ${b}`;
export const KERNEL_SPANS = "Kernel spans";
export const WRITTEN_BELOW = "Written k\u2091 below.";
export const allGive = (first: number, last: number, out: number): string => `Inputs of ${range(first, last)} all give ${out}.`;
export const onlyGives = (size: number, out: number): string => `Only an input of ${size} gives ${out}.`;
export const padsOf = (before: number, after: number): string =>
  `${before} before, ${after} after${before === after ? "" : ": the odd pixel goes after"}.`;
export const READS = "Reads";
export const OVERLAP = "Overlap";
export const FULL_RESULT = "Full result";
const legal = (first: number, last: number): string =>
  first === last ? `Only ${first} is legal.` : `Legal: ${range(first, last)}.`;
export const kerasDefault = (first: number, last: number): string => `Without output_padding. ${legal(first, last)}`;
export const kerasRefusesBoth = (first: number, last: number): string =>
  `Keras refuses a stride and a dilation above 1 together. ${legal(first, last)}`;
export const kerasNamesPadding = (first: number, last: number): string =>
  `Keras and tf.nn.conv2d_transpose name their padding; in pixels you crop the full result yourself. ${legal(first, last)}`;
export const kerasGives = (extra: number, out: number): string => `output_padding=${extra} in Keras gives ${out}.`;
export const kerasCannot = (out: number, extra: string, most: number): string =>
  `${out} would need output_padding=${extra}, and Keras takes 0 to ${most}.`;

/** `rest` is "k mod s = 3 mod 2 = 1". */
export const readEvenly = (rest: string, times: number): string => `${rest}: even. Every inner pixel is read ${count(times, "time")}.`;
export const stampedEvenly = (rest: string, times: number): string => `${rest}: even. Every inner pixel gets ${count(times, "stamp")}.`;
const uneven = (rest: string, dilation: number): string => `${rest}${dilation > 1 ? `, with dilation ${dilation}` : ""}: uneven.`;
const over = (pattern: string): string => (pattern ? ` (${pattern}, over and over)` : "");
export const readUnevenly = (rest: string, dilation: number, least: number, most: number, pattern: string): string =>
  `${uneven(rest, dilation)} An inner pixel is read ${range(least, count(most, "time"))}${over(pattern)}.`;
export const stampedUnevenly = (rest: string, dilation: number, least: number, most: number, pattern: string): string =>
  `${uneven(rest, dilation)} An inner pixel gets ${range(least, count(most, "stamp"))}${over(pattern)}.`;

// ---- PyTorch beside the rest
export const torchOutputPadding = (extra: number, most: number): string =>
  `PyTorch refuses output_padding=${extra}: it must be smaller than the stride or the dilation, here ${most}.`;
export const torchCropsAll = (padding: number, full: number, most: number): string =>
  `PyTorch refuses padding=${padding}: it crops both ends of ${full}, and nothing would be left. At most ${most}.`;
/** A padding by its name; null for one in pixels. */
const named = (padding: string | null): string => (padding === null ? "this padding" : `\u201c${padding}\u201d`);
export const torchOutOfReach = (padding: string | null, size: number, pad: number): string =>
  `${named(padding)} does not reach ${size}: padding=${pad} transposes a convolution that pads by ${pad}.`;
export const torchOnly = (size: number, becomes: number, wanted: number): string =>
  `Legal in PyTorch, though its convolution turns ${size} into ${becomes}, not ${wanted}.`;
export const torchSame = (padding: string | null, size: number): string => `The same window as ${named(padding)} with output ${size}.`;
export const torchShifted = (padding: string | null, by: number): string =>
  `The same size as ${named(padding)}, but the window starts ${count(Math.abs(by), "pixel")} ${by > 0 ? "later" : "earlier"}: every value is shifted.`;

// ---- what a pixel is linked with
/** Runs of indices, each "3", "3 and 4" or "3 to 5"; `left` says whether some are left out before the last. */
export const indices = (runs: readonly string[], left: boolean): string =>
  left ? `${runs.slice(0, -1).join(", ")} \u2026 ${runs[runs.length - 1]}` : runs.join(", ");
export const stampsOnto = (index: number, where: string): string => `Input pixel ${index} stamps the kernel onto ${where} of the full result.`;
export const noStamp = (index: number): string => `Pixel ${index} of the full result gets no stamp: it stays 0.`;
export const addsUp = (index: number, stamps: number, where: string): string =>
  `Pixel ${index} of the full result adds up ${count(stamps, "stamp")}: from input ${where}.`;
export const reaches = (index: number, outputs: number, where: string): string =>
  `Input pixel ${index} reaches ${count(outputs, "output pixel")}: ${where}.`;
export const reachesNone = (index: number): string => `Input pixel ${index} reaches no output pixel: the stride never gets there.`;
/** `layer` is null for the last one. */
export const sees = (index: number, layer: number | null, inputs: number, where: string, padding: number): string => {
  const who = layer === null ? `Output pixel ${index}` : `Pixel ${index} after layer ${layer}`;
  const pad = padding ? `, and ${count(padding, "pixel")} of padding` : "";
  return `${who} sees ${count(inputs, "input pixel")}${inputs ? `: ${where}` : ""}${pad}.`;
};

// ---- the picture
export const layerName = (layer: number): string => `Layer ${layer}`;
export const pixelOf = (row: string): string => `${row} pixel`;
export const NOT_TRACED = "not traced";
export const TIMES_READ = "times read";
export const STAMPS = "stamps";
export const paddedBy = (before: number, after: number): string => `padded by ${before} + ${after}`;
export const LEGEND = { padding: "padding", unread: "never reached", cropped: "cropped away" };

// ---- the legal outputs
export const LEGAL_SIZES = "Legal output sizes";
export const output = (size: number): string => `Output ${size}`;
export const NO_OUTPUT = "No output";
export const KERAS_DEFAULT = "Keras default";
/** What an output keeps of the full result, null for nothing, and how many zeros it appends. */
export const keeps = (kept: readonly [first: string, last: number] | null, zeros: number): string => {
  const what = kept ? `keeps ${range(...kept)}` : "keeps nothing";
  return zeros ? `${what}, appends ${count(zeros, "zero")}` : what;
};
export const keepsAnd = (kept: string, verdict: string): string => `${kept}. ${verdict}`;

// ---- a stack; {0}, {1}, ... are set apart
/** {0} is `afterLayer`, {1} the field. */
export const seesAfter = (pixels: number, jump: number): string => `{0} ${count(pixels, "pixel")}, each sees {1}, jump ${jump}`;
export const afterLayer = (layer: number): string => `After layer ${layer}:`;
/** {0} is the sum. */
export const RULE = `Each layer adds (k ${M} 1)\u00b7d\u00b7jump to what a pixel sees, then multiplies the jump by its stride: {0}`;
