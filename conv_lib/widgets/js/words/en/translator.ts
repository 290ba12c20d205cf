/** The translator. Numbered places in a text, {0} and {1}, are filled with what is marked up. */
import { capital, count } from "./shared.ts";

/** Names of frameworks where there is little room. */
export const SHORT = { tf: "tf.nn", keras: "Keras", torch: "PyTorch", jax: "JAX", "jax-default": "JAX default", onnx: "ONNX" };
/** What a field is called; the framework's own names are in the boxes of a layer. */
export const LABELS = {
  height: "Input height",
  width: "Input width",
  channelsIn: "Channels in",
  channelsOut: "Channels out",
  kernelSize: "Kernel size",
  stride: "Stride",
  dilation: "Dilation",
  groups: "Groups",
  before: "Pad before",
  after: "Pad after",
  extra: "Extra",
};

// ---- settings that are not legal
export const uneven = (groups: number, ins: number, outs: number): string =>
  `${groups} groups cannot share ${count(ins, "channel")} in and ${count(outs, "channel")} out evenly.`;
export const tooLarge = (size: string, most: number): string =>
  `The output would be ${size}; this widget draws at most ${most} cells a side.`;
export const USE_ONE_GROUP = "Use 1 group";
export const usePadding = (pixels: number): string => `Use padding ${pixels}`;
export const USE_EXTRA_0 = "Use output_padding 0";
export const LEAVE_EXTRA = "Leave output_padding out";
export const USE_NOTHING_EXTRA = "Use dilation 1, nothing extra";
export const useKernel = (kernel: number): string => `Use kernel ${kernel}, dilation 1`;
export const useKernelStride = (kernel: number): string => `Use kernel ${kernel}, stride 1, dilation 1`;
export const USE_PLAINEST = "Use kernel 1, stride 1, no padding";

// ---- choices
export const FROM = "From";
export const TO = "To";
export const LAYER = "Layer";
export const LAYERS = { conv: "Convolution", transposed: "Transposed" };
export const target = (framework: string, found: string): string => `${framework}: ${found}`;
/** What the same numbers make of a layer in another framework. */
export const EQUAL = "equal";
export const REFUSED = "refused";
export const OTHER_SIZE = "other size";
export const TURNED = "turned";
export const pixelsOff = (n: number): string => `${count(n, "pixel")} off`;
export const PORT = "Port";
export const TYPED = "Typed in";
export const CONVERTED = "Converted";
/** In place of a call. */
export const refusedCall = (why: string): string => `# refused: ${why}`;

// ---- what the port comes to: what is set in bold, and sentences after it
export const EQUAL_VALUES = "Equal in every value.";
export const oneCall = (framework: string): string => `One call of ${framework} is enough.`;
export const withPadding = (framework: string): string =>
  `No call of ${framework} has these values alone; with the padding of x that stands in the line it is exact.`;
export const withCrop = (framework: string): string =>
  `No call of ${framework} has these values alone; with the crop or padding of the result that stands in the line it is exact.`;
export const ANY_SIZE = "The line holds for every larger input too.";
export const thisSize = (size: string): string => `The numbers hold for an input of ${size}: ask again for another size.`;
export const note = (text: string): string => `${capital(text)}.`;
export const SAME_VALUES = "The same values.";
export const TYPE_THEM = "Here the numbers can be typed in as they are.";
export const ONLY_SHAPE = "Only the shape matches.";
export const NO_SHAPE = "Not even the shape matches:";
export const sizes = (source: string, port: string): string => `${source} and ${port}.`;
export const refuses = (framework: string): string => `${framework} refuses these numbers.`;
export const KERNEL_TURNED = "The kernel is turned by 180 degrees.";
export const NOT_RUN = "The standard says so; ONNX Runtime does not run auto_pad with dilation.";
export const convertedHas = (framework: string): string => `The converted line has the values of ${framework}.`;
const both = (...parts: (string | false)[]): string => parts.filter(Boolean).join(" and ");
/** A transposed layer: how many rows up and columns to the left its values stand. */
export const standsAt = (framework: string, up: number, left: number): string =>
  `In ${framework} every value stands ${both(
    up !== 0 && `${count(Math.abs(up), "row")} ${up > 0 ? "higher" : "lower"}`,
    left !== 0 && `${count(Math.abs(left), "column")} ${left > 0 ? "further left" : "further right"}`,
  )}.`;
/** A convolution: how many rows down and columns to the right its windows read. */
export const readsAt = (framework: string, down: number, right: number): string =>
  `In ${framework} every window reads the input ${both(
    down !== 0 && `${count(Math.abs(down), "row")} ${down > 0 ? "further down" : "higher up"}`,
    right !== 0 && `${count(Math.abs(right), "column")} ${right > 0 ? "further right" : "further left"}`,
  )}.`;

// ---- outputs, one over the other
export const OUTPUT = "Output";
export const outputChannel = (channel: number): string => `Output, channel ${channel}`;
export const outputsOf = (source: string, port: string): string => `Output of ${source} and ${port}`;
export const cellBoth = (value: string, row: number, column: number): string => `${value}, both, row ${row}, column ${column}`;
export const cellAlone = (value: string, row: number, column: number): string => `${value}, row ${row}, column ${column}`;
export const cellApart = (ours: string, theirs: string, source: string, port: string, row: number, column: number): string =>
  `${ours} ${theirs}, ${source} and ${port}, row ${row}, column ${column}`;
export const slid = (agree: number, single: number): string =>
  `All ${agree} cells that both have agree; ${single} belong to one of them`;
export const apart = (source: string, port: string, differ: number, all: number): string =>
  `above ${source}, below ${port}: ${differ} of ${all} cells differ`;
export const agree = (source: string, port: string, all: number): string => `${source} and ${port} agree in all ${all} cells`;
export const alone = (source: string): string => `${source} alone`;
export const SLIDE_BACK = "Back to where it stands";
export const slide = (port: string): string => `Slide ${port} into place`;
/** {0}: the framework, {1}: the value. */
export const valueAt = (cell: string, place: string): string => `{0} [${cell}] = {1}, ${place}.`;
export const outsideAt = (cell: string): string => `{0} [${cell}] is outside.`;
export const REFUSES_THERE = "{0} refuses.";
export const windowFrom = (cell: string): string => `the window from input [${cell}]`;
export const HINT = "Point at an output cell to see where each takes it from.";

// ---- windows on one axis
export const AXES = ["Rows", "Columns"] as const;
export const ofFullResult = (length: number): string => `of the full result, ${length}`;
export const ofInput = (length: number): string => `of the input, ${length}`;
export const startsAt = (start: string, stride: number): string => `starts at ${start}${stride > 1 ? `, every ${stride}` : ""}`;
export const REFUSES = "refuses";
export const windows = (title: string, frameworks: string[]): string => `${title}: ${frameworks.join("; ")}.`;

// ---- arguments, sizes and numbers
export const FOLD = "Change arguments, sizes and numbers; see layouts and code";
export const IN_PIXELS = "in pixels";
export const PADDING_PIXELS = "padding, pixels";
export const OUTPUT_CHANNEL = "Output channel";
export const NUMBERS = "Change the numbers: input and kernel";
export const INPUT_CHANNEL = "Input channel";
export const inChannel = (channel: number): string => `in ${channel}`;
export const input = (channel: number): string => `Input, channel ${channel}`;
export const kernel = (from: number, to: number): string => `Kernel, in ${from} to out ${to}`;
export const cutOff = (from: number, to: number): string => `Groups cut channel ${from} off from channel ${to} of the output.`;
export const CELLS_HINT = "Click a cell twice, or press Enter on it, to change its number.";

// ---- what the two store and keep
export const STORED = "What the two store and keep";
export const typedIn = (framework: string): string => `${framework}, typed in`;
/** Also the name of a tab with code. */
export const converted = (framework: string): string => `${framework}, converted`;
export const DATA = "Data";
export const KERNEL_AXES = "Kernel axes";
export const FLIPPED = "Flipped";
export const YES_FLIPPED = "yes, by 180\u00b0";
export const NOT_FLIPPED = "no";
export const CROPS = "Crops";
export const PADS = "Pads";
/** Pixels before and after, on both axes; what is cropped of a transposed layer may be less than nothing. */
export const sides = (transposed: boolean, rows: readonly [number, number], columns: readonly [number, number]): string => {
  const one = (n: number, side: string): string => (transposed && n < 0 ? `${-n} appended ${side}` : `${n} ${side}`);
  return `${one(rows[0], "top")}, ${one(rows[1], "bottom")}; ${one(columns[0], "left")}, ${one(columns[1], "right")}`;
};
export const WEIGHTS = "Weights";
export const SAME_ARRAY = "the same array; nothing to do";
export const AND_ZEROS = "and zeros written in: see the code";

export const CODE = "Code that runs as pasted";
