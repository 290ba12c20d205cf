/** The size solver. */
import { and, count, range } from "./shared.ts";

// ---- the question
export const ASK = "From one size to another, in your words";
/** A question in English, which is what ../../solver/read.ts reads. */
export const PLACEHOLDER = "7x7 to 28x28 kernel 4";
export const SUCH_AS = "Such as 46x62 \u2192 368x489 k16 s8 same. One size alone asks what a layer makes of it: 2x2 k3 s2.";
export const BY_HAND = "Or set each number by hand";
export const LAYER = "Layer";
export const QUESTION = "Question";
export const WHICH_SETTING = "Which setting?";
export const WHICH_SIZES = "Which sizes?";
export const LABELS = {
  height: "From height",
  width: "From width",
  toHeight: "To height",
  toWidth: "To width",
  pixels: "Padding in pixels",
};
export const ANY = "any";
export const VALID_AND_SAME = "valid and same";

// ---- what was read of it
export const onlyFirst = (characters: number): string => `Only the first ${characters} characters are read.`;
export const wholeNumbers = (received: string): string => `Sizes are whole numbers from 1 on. Received: \u201c${received}\u201d.`;
export const outOfRange = (name: string, low: number, high: number, received: string): string =>
  `${name} is a whole number from ${low} to ${high}. Received: ${received}.`;
export const A_HEIGHT = "A height";
export const A_WIDTH = "A width";
export const oneForBoth = (name: string, given: string): string =>
  `${name} ${given} is not used: both axes share one ${name.toLowerCase()} here. Ask for each axis by itself.`;
export const LOOKED_FOR = "output_padding is looked for: each answer says which one it needs.";
export const notUsed = (words: readonly string[]): string => `Not used: ${words.map((word) => `\u201c${word}\u201d`).join(", ")}.`;
export const TWO_SIZES = "Two sizes are read, the first and the second; the others are not used.";
export const TYPE_SIZES = "Type the size you have and the size you want, such as \u201c7x7 to 28x28\u201d.";
export const readAs = (batch: boolean, height: number, width: number): string =>
  `Read as ${batch ? "batch, " : ""}height, width, channels: ${height} \u00d7 ${width}.`;

// ---- the answer
export const none = (up: boolean, framework: string): string =>
  `no single ${up ? "transposed convolution" : "convolution"} of ${framework} does this`;
export const found = (settings: number, framework: string): string =>
  `${count(settings, "setting")} of ${framework}, the simplest first`;
export const rectangular = (framework: string): string => `${framework} does it with a kernel and a stride for each axis`;
export const FRAMEWORK = "Framework";
export const ANSWERS = "Answers";
export const more = (settings: number): string => `Show ${settings} more`;
export const CODE = "Code of the chosen answer in Keras, tf.nn and PyTorch";

// ---- one answer
/** Kernel and stride are numbers, or "(2, 4)" for both axes. */
export const shape = (kernel: string, stride: string, dilation: number): string =>
  `Kernel ${kernel}, stride ${stride}${dilation > 1 ? `, dilation ${dilation}` : ""}`;
export const cost = (macs: string, each: string): string => `${macs} multiply-adds per channel pair, ${each} per output pixel`;
export const OVERLAP = {
  up: {
    even: ["even overlap", "Away from the borders every pixel gets equally many stamps."],
    uneven: ["uneven overlap", "Neighbouring pixels get different numbers of stamps: a checkerboard may show."],
    gaps: ["gaps", "Some pixels get no stamp at all: only the bias."],
  },
  down: {
    even: ["read evenly", "Away from the borders every pixel is read equally often."],
    uneven: ["read unevenly", "Neighbouring pixels are read different numbers of times."],
    gaps: ["gaps", "Some pixels are never read."],
  },
} as const;

// ---- pad and crop instead
export const crop = (up: boolean, shape: string): string => `${up ? "Crop" : "Pad or cut first"}: ${shape.toLowerCase()}`;
export const EVERYWHERE = "Works in every framework.";
type Run = readonly [first: number, last: number];
export const keep = (full: string, rows: Run, columns: Run, zeros: readonly [rows: number, columns: number]): string => {
  const append = zeros.some(Boolean) ? ` Append ${zeros[0]} rows and ${zeros[1]} columns of zeros.` : "";
  return `padding="valid" gives ${full}. Keep rows ${range(...rows)} and columns ${range(...columns)}.${append}`;
};
type Axis = "rows" | "columns";
export const add = (axis: Axis, before: number, after: number): string => `add ${before} ${axis} before and ${after} after`;
export const cut = (axis: Axis, before: number, after: number): string => `cut ${before} ${axis} before and ${after} after`;
export const leave = (axis: Axis): string => `leave the ${axis}`;
/** `axes` are two of the three above. */
export const thenNoPadding = (axes: readonly string[]): string => {
  const text = `${axes.join(", ")}; then no padding.`;
  return text[0]!.toUpperCase() + text.slice(1);
};

// ---- where there is none
export const takes = (here: number, there: number, settings: string): string => `${here} \u2192 ${there} takes ${settings}`;
export const alone = (needs: readonly string[]): string => `Alone, ${needs.join("; ")}.`;
export const anyCase = (up: boolean): string => `${up ? "Cropping" : "Padding by hand"} works in any case: see below.`;
export const RECTANGULAR_DOES = "A kernel and a stride for each axis do it: see below.";
export const reach = (size: string): string => `Reach ${size} instead`;
export const can = (framework: string): string => `${framework} can`;
export const ANY_SETTING = "Any kernel, stride and padding";
export const KERAS_BY_NAME = 'Keras pads by name only: "valid" or "same".';
export const TORCH_IN_PIXELS = "PyTorch's transposed convolution takes padding in pixels, not by name.";
export const TORCH_SAME = 'PyTorch takes padding="same" at stride 1 only.';
export const TF_DILATION = "tf.nn.conv2d_transpose takes dilation with padding by name only.";
export const noSizeConv = (from: number): string => `from ${from}, no size is reached at all: every kernel is larger than the input`;
export const noSizeTransposed = (from: number): string => `from ${from}, no size is reached at all: the padding crops everything away`;
export const atMost = (from: number, most: number, wanted: number): string => `from ${from}, at most ${most} is reached, not ${wanted}`;
export const atLeast = (from: number, least: number, wanted: number): string => `from ${from}, at least ${least} is reached, not ${wanted}`;
export const around = (from: number, below: number, above: number, wanted: number): string =>
  `from ${from}, ${below} and ${above} are reached, not ${wanted}`;
export const STEPS_OF_TWO = "at stride 1 the same padding at both ends changes the size in steps of 2";
/** `parts` are some of the five above. */
export const within = (parts: readonly string[]): string => `Within these limits, ${parts.join("; ")}.`;
const notTogether = (shared: string): string => `Each axis alone can be reached, but not all together with one ${shared}.`;
export const NOT_TOGETHER = {
  plain: notTogether("kernel, stride and dilation"),
  padding: notTogether("kernel, stride and dilation and a padding that the axes may share"),
  keras: notTogether("kernel, stride and dilation, one padding, and output_padding for all axes or none"),
};

// ---- in two layers
/** Sizes are "7 × 7 → 14 × 14 → 28 × 28". */
export const twoLayers = (sizes: string): string => `Or in two layers: ${sizes}.`;
export const SHOW_FIRST = "Show the first";

// ---- formulas
export const SIZE = "Size";
export const cutBefore = (pixels: number): string => `\u2212 ${pixels} cut before`;
export const cutAfter = (pixels: number): string => `\u2212 ${pixels} cut after`;
export const appended = (pixels: number): string => `+ ${pixels} appended`;

// ---- the strips
export const AXES = ["height", "width"];
export const ofAxis = (axis: string, strip: string): string => `${axis}: ${strip}`;
export const strip = (up: boolean, counts: string, cropped: number, padding: number, appended: number): string =>
  [
    `${up ? "Stamps on" : "Windows that read"} neighbouring pixels in the middle: ${counts}`,
    ...(cropped ? [`${cropped} cropped`] : []),
    ...(padding ? [`${padding} of padding`] : []),
    ...(appended ? [`${appended} appended as zeros`] : []),
  ].join("; ") + ".";
export const LEGEND = {
  up: ["stamps on a pixel", "output"],
  down: ["windows that read a pixel", "input"],
  padding: "padding",
  cutOff: "cut off",
} as const;

// ---- every size of a setting
export const through = (up: boolean, kernel: number, stride: number, dilation: number): string =>
  `through a ${up ? "transposed convolution" : "convolution"} with kernel ${kernel}, stride ${stride}${dilation > 1 ? `, dilation ${dilation}` : ""}`;
/** `axis` is "" where both axes are alike. */
export const withPadding = (padding: number | string, axis: string, size: number): string =>
  `Padding ${typeof padding === "string" ? padding : `of ${padding}`}${axis ? `, ${axis} ${size}` : ""}`;
export const fullResult = (formula: string): string => `Full result: ${formula}`;
export const CROPS_ALL = "No size: the padding crops everything away.";
export const doesNotFit = (span: number, size: number): string =>
  `No size: the kernel spans ${span} pixels and does not fit into ${size}.`;
export const sizesFrom = (size: number): string => `Sizes from ${size}`;
export const showSettings = (from: number, to: number): string => `${from} \u2192 ${to}: show the settings that do it`;
export const byDefault = (framework: string): string => `${framework}, by default`;
/** What a size cuts off the full result, and appends to it. */
export const cuts = (before: number, after: number, zeros: number): string => {
  const cut = [...(before ? [`${before} before`] : []), ...(after > 0 ? [`${after} after`] : [])];
  const what = cut.length ? `cuts ${and(cut)}` : "keeps the full result";
  return zeros ? `${what}, appends ${count(zeros, "zero")}` : what;
};
export const inputsGive = (before: number, after: number, first: number, last: number, size: number): string =>
  `${before || after ? `padding ${before} before, ${after} after; ` : ""}inputs ${range(first, last)} all give ${size}`;
