/** The channel view. */
import { count, ONES, RANDOM } from "./shared.ts";

export const LABELS = {
  inputHeight: "Input height",
  inputWidth: "Input width",
  channelsIn: "Channels in",
  channelsOut: "Channels out",
  kernelSize: "Kernel size",
  stride: "Stride",
  countHeight: "Height",
  countWidth: "Width",
  countChannels: "Channels",
  countFilters: "Filters",
  countKernel: "Kernel",
  countStride: "Stride",
  countGroups: "Groups",
};
export type Axis = "height" | "width";

// ---- the picture. A channel in is "in 0", a channel out is "out 0".
export const LEAD = "Choose a channel out. Each has its own slice for every channel it sees; the parts are added.";
export const HINT = "Point at any cell to trace it. To change an input, a weight or a bias, click it twice or press Enter.";
export const inOf = (channel: number): string => `in ${channel}`;
export const outOf = (channel: number): string => `out ${channel}`;
export const channelOf = (channel: number): string => `Channel ${channel}`;
export const firstIn = (channel: number): string => `input in ${channel}`;
export const inputOf = (channel: number): string => `Input channel ${channel}`;
export const slice = (input: number, output: number): string => `in ${input} \u2192 out ${output}`;
export const sliceOf = (input: number, output: number): string => `Kernel slice from in ${input} to out ${output}`;
export const part = (channel: number): string => `part ${channel}`;
export const partOf = (channel: number): string => `Part of in ${channel}`;
export const noSlice = (input: number, output: number): string => `no kernel slice: out ${output} does not see in ${input}`;
export const BIAS = "Bias";
export const PLUS_BIAS = "+ bias, to every cell";
export const biasOf = (output: number): string => `Bias of out ${output}`;
export const SUM_OF_PARTS = "Sum of the parts";
export const equals = (output: number): string => `= output out ${output}`;
export const outputOf = (channel: number): string => `Output channel ${channel}`;

// ---- the kernel
export const KERNEL = "Kernel";
export const SHAPE = "Shape of the kernel";
export const axes = (groups: number): [string, string, string, string] => ["height", "width", groups > 1 ? `in/${groups}` : "in", "out"];
/** Before the total, which is set in bold. */
export const parameters = (weights: string, biases: string, filters: number, bias: boolean): string =>
  `${weights} weights${bias ? ` + ${biases} ${filters === 1 ? "bias" : "biases"}` : ", no bias"} = `;
export const OUTPUT_CHANNEL = "Output channel";
export const CORNER = "in\u2193 out\u2192";
export const strip = (output: number, slices: number, height: number, width: number): string =>
  `out ${output}: ${slices} slices of ${height} by ${width}`;

// ---- controls
export const FILL = "Fill values";
export const FILL_WITH = "with \u2026";
const FILLS = { ones: ONES, powers: "1, 10, 100 by channel", spike: "a single 1 in each", random: RANDOM };
export type Fill = keyof typeof FILLS;
export const fill = (grid: "input" | "kernel", how: Fill): string => `${grid}: ${FILLS[how]}`;
export const SWITCH = { on: "on", off: "off" };
export const GROUPS = "Groups";
export const depthwise = (groups: number): string => `${groups} depthwise`;
export const FOLDED = "Change channels, groups, sizes and bias; count parameters; see the code";
export const COUNT = "Count a layer of any size";
export const counted = (
  n: { filters: number; kernel: number; height: number; width: number; channels: number },
  parameters: string,
): string =>
  `${count(n.filters, "filter")} of ${n.kernel} \u00d7 ${n.kernel} on ${n.height} \u00d7 ${n.width} \u00d7 ${n.channels}: ${parameters} parameters`;

// ---- shapes and counts
export const LINES = { kernel: "Kernel", parameters: "Parameters", output: "Output", products: "Products" };
export const kernelLine = (channels: number, groups: number, torch: string): string =>
  `height, width, channels in${groups > 1 ? ` / groups (${channels} / ${groups})` : ""}, channels out.` +
  `${groups > 1 && groups === channels ? " Depthwise: each filter sees one channel." : ""} PyTorch stores ${torch}.`;
export const parametersLine = (bias: boolean): string =>
  bias
    ? "Weights, then one bias for each channel out. The image size plays no part."
    : "Weights only: no bias. The image size plays no part.";
export const outputLine = (shape: string): string => `Shape ${shape}.`;
export const productsLine = (same: boolean): string =>
  `Multiplications: each weight is used once for each output position.${same ? " Products with padding count too." : ""}`;

// ---- the sum of a cell. Tuples stand around names of cells, which are set in colour.
export const PLACES = { kernel: "kernel", bias: "bias" };
export const SUMMED = "Summed, not averaged.";
export const otherWeights = (n: number): string => `The other ${count(n, "weight")} meet padding and add 0.`;
export const biasAdded = (value: string): [string, string, string] => ["", ` = ${value} is added to every cell of `, ", once."];
export const unseen = (value: string, input: number): [string, string, string] => [
  "",
  ` = ${value}. `,
  ` does not see in ${input}: the groups cut this link.`,
];
export const inputGoesTo = (value: string, cells: number): [string, string, string] => [
  "",
  ` = ${value} goes to ${count(cells, "cell")} of `,
  ":",
];
export const weightIsUsed = (value: string, cells: number): [string, string, string] => [
  "",
  ` = ${value} is used at ${count(cells, "cell")} of `,
  ":",
];
export const NOT_USED = "No output uses this cell.";
export const ONLY_PADDING = "It only ever meets padding.";
export const otherFilters = (n: number, input: number): string =>
  `The other ${count(n, "filter")} that see in ${input} read the same number with weights of their own.`;

// ---- what is not legal, and what to do
export const unevenGroups = (groups: number, ins: number, outs: number, legal: readonly number[]): string =>
  `${groups} groups cannot share ${ins} channels in and ${outs} channels out evenly. Groups must divide both: here ${legal.join(" or ")}.`;
export const ONE_GROUP = "Use 1 group";
export const kernelTooLarge = (axis: Axis, kernel: number, input: number): string =>
  `The kernel is ${kernel} cells in ${axis}, but the input ${axis} is ${input} and valid padding adds nothing. A kernel must fit inside its input.`;
export const unevenCount = (groups: number, channels: number, filters: number): string =>
  `${groups} groups cannot share ${channels} channels and ${filters} filters evenly: groups must divide both.`;
export const countedTooLarge = (kernel: number, height: number, width: number): string =>
  `A kernel of ${kernel} does not fit into ${height} \u00d7 ${width}, and valid padding adds nothing.`;
