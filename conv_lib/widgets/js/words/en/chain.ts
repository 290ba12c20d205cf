/** The decoder ruler: a chain of layers. */
import { count } from "./shared.ts";

// ---- layers
export const KINDS = {
  conv: "Convolution",
  depthwise: "Depthwise conv.",
  transposed: "Transposed conv.",
  pool: "Pooling",
  upsample: "Upsampling",
  shuffle: "Pixel shuffle",
  pad: "Padding",
  crop: "Cropping",
  resize: "Resize",
  concat: "Concatenate",
  add: "Add",
  norm: "Normalisation",
  pass: "No change of size",
  flatten: "Flatten",
  dense: "Dense (linear)",
  reshape: "Reshape",
  globalpool: "Global pooling",
  unknown: "Unknown",
};
/** Names of layers as rows show them, where these are shorter. */
export const SHORT = { conv: "Conv", depthwise: "Depthwise", transposed: "Transposed", upsample: "Upsample", dense: "Dense" };
export const POOLS = { max: "Max pool", avg: "Avg pool" };
export const UNKNOWN = "unknown";
export const INPUT = "Input";

/** Settings of a layer, as its row lists them. */
export const to = (channels: string): string => `to ${channels}`;
export const stride = (stride: string): string => `stride ${stride}`;
export const dilation = (dilation: string): string => `dilation ${dilation}`;
export const padding = (pixels: string): string => `padding ${pixels}`;
export const outputPadding = (pixels: string): string => `output_padding ${pixels}`;
export const groups = (groups: string): string => `groups ${groups}`;
export const times = (factor: string): string => `times ${factor}`;
export const allRound = (pixels: string): string => `${pixels} all round`;
export const sides = (top: string, bottom: string, left: string, right: string): string =>
  `top ${top}, bottom ${bottom}, left ${left}, right ${right}`;
export const joinedWith = (source: string, cut: boolean): string => `with ${source}${cut ? ", cut to fit" : ""}`;
/** Where a skip comes from: after a layer, or from the input (null). */
export const sourceOf = (layer: string | null): string => (layer === null ? "the input" : `layer ${layer}`);

// ---- fields
export const FIELDS = {
  height: "Height",
  width: "Width",
  channels: "Channels",
  filters: "Channels out",
  kernel: "Kernel",
  stride: "Stride",
  padding: "Padding",
  dilation: "Dilation",
  groups: "Groups",
};
export const along = (field: string, axis: 0 | 1): string => `${field}, ${axis ? "horizontal" : "vertical"}`;
export const SIDES = ["Top", "Bottom", "Left", "Right"];

// ---- what is out of range
export const tooMany = (most: string): string => `A chain has at most ${most} layers.`;
export const whole = (field: string, low: string, high: string): string => `${field} is a whole number from ${low} to ${high}.`;
export const noKind = (layer: string): string => `Layer ${layer} is of no kind that is known here.`;
export const noName = (layer: string): string => `Layer ${layer} has a name that is no name of a layer.`;
export const noSource = (layer: string, most: string): string =>
  `Layer ${layer} joins a skip, which comes from before it: after 0 to ${most} layers.`;
export const atLayer = (layer: string, what: string): string => `Layer ${layer}: ${what}`;
export const wrongFilters = (low: string, high: string): string => `filters or units are a whole number from ${low} to ${high}.`;
/** `setting` is the name of an argument. */
export const wrongPair = (setting: string, low: string, high: string): string =>
  `${setting} is a whole number from ${low} to ${high} along each axis.`;
export const wrongPadding = (low: string, high: string): string => `padding is valid, same, or pixels from ${low} to ${high}.`;
export const wrongNumber = (setting: string, low: string, high: string): string => `${setting} is a whole number from ${low} to ${high}.`;
export const ONE_FACTOR = "a pixel shuffle has one factor for both axes.";
export const wrongSizes = (many: string, low: string, high: string): string => `${many} whole numbers from ${low} to ${high} belong here.`;

// ---- why a layer does not run
export const alongAxis = (axis: 0 | 1, what: string): string => `Along the ${axis ? "width" : "height"}: ${what}`;
export const kerasPads = (pixels: string): string =>
  `Keras pads by name only: valid or same. Put a padding layer before for ${pixels} pixels.`;
export const kerasStride = (stride: string, dilation: string): string =>
  `Keras does not take stride ${stride} together with dilation ${dilation}: one of them must be 1.`;
export const KERAS_CEIL = "ceil_mode is PyTorch\u2019s; Keras rounds up with padding same.";
export const kerasOutputPadding = (given: string, stride: string): string =>
  `output_padding must be smaller than the stride: ${given} is not below ${stride}.`;
export const torchSame = (nearest: string): string =>
  `PyTorch takes padding same for convolutions of stride 1 only. Nearest: padding ${nearest}.`;
export const torchPoolPadding = (given: string, most: string): string =>
  `PyTorch\u2019s pooling pads at most half its kernel: padding ${given} is above ${most}.`;
export const torchOutputPadding = (given: string, most: string): string =>
  `output_padding must be smaller than the larger of stride and dilation: ${given} is not below ${most}.`;
export const cropsAll = (cut: string, size: string): string => `Cropping ${cut} of ${size} pixels leaves nothing.`;
export const noRoom = (kernel: string, room: string, formula: string, result: string): string =>
  `The kernel of ${kernel} does not fit into ${room}: ${formula} is ${result}.`;
/** What a kernel has to fit into: pixels, or a sum of pixels and padding. */
export const room = (pixels: number): string => count(pixels, "pixel");
export const paddedRoom = (sum: string): string => `${sum} pixels`;
export const kerasMapsBack = (given: string, kernel: string, padding: string, size: string, first: string, last: string): string =>
  `output_padding ${given} with kernel ${kernel} and padding ${padding} would give a size that the convolution does not map back to ${size}; it must be ${first === last ? first : `${first} to ${last}`}. Leave output_padding out.`;
export const torchCropsAll = (padding: string, formula: string): string => `Padding ${padding} crops away everything: ${formula}.`;
export const whatever = (size: string): string => `${size}, whatever comes in`;
export const same = (size: string): string => `same: ${size}`;

export const unknownLayer = (name: string): string => `What ${name || "this layer"} does to sizes is not known here.`;
export const reshaped = (shape: string, makes: string, arrive: string): string => `${shape} is ${makes} numbers, and ${arrive} arrive.`;
export const NOTHING_TO_POOL = "There is no map to pool here: numbers arrive in a flat row.";
export const FLAT_ROW = "This layer works on a map, and numbers arrive in a flat row: a Reshape before it makes a map of them.";
export const wrongChannels = (written: string, arrive: string): string => `It was written for ${written} channels in, and ${arrive} arrive.`;
export const wrongNumbers = (written: string, arrive: string): string => `It was written for ${written} numbers, and ${arrive} arrive.`;
export const KERAS_GROUPS = "Keras\u2019 Conv2DTranspose takes no groups.";
export const groupsIn = (groups: string, channels: string): string => `groups=${groups} does not divide the ${channels} channels that come in.`;
export const groupsOut = (groups: string, channels: string): string => `groups=${groups} does not divide the ${channels} channels that go out.`;
export const shuffled = (pixels: string, channels: string, arrive: string): string =>
  `It makes ${pixels} pixels of ${channels} channels each, and ${arrive} channels arrive, which is no multiple of ${channels}.`;
export const LINEAR_ON_MAP = "nn.Linear works on the last axis, which is the width here: put nn.Flatten before it.";
export const NO_SKIP = "The skip comes from a place that has no map.";
export const unequalAdd = (brings: string, meets: string): string => `Add needs equal channels: the skip brings ${brings}, and meets ${meets}.`;

// ---- which inputs work
export const noSize = (low: string, high: string): string => `no size from ${low} to ${high}`;
export const someSizes = (sizes: string, more: boolean, low: string, high: string): string =>
  `${sizes}${more ? ", ..." : ""} (of ${low} to ${high})`;
export const ruleFrom = (rule: string, first: string): string => `${rule}, from ${first} on`;
export const EVERY_SIZE = "every size";
export const multiples = (of: string): string => `multiples of ${of}`;
export const residues = (all: readonly string[], modulus: string): string => `${all.join(" or ")} mod ${modulus}`;
export const runs = (before: string | null, skips: boolean): string =>
  `Runs${before === null ? "" : ` before layer ${before}`}${skips ? ", every skip fits" : ""}`;
export const AS_LARGE = "Output as large as the input";
export const NONE_UNREAD = "No pixel left unread";
/** Two wishes that the same sizes grant. */
export const both = (first: string, second: string): string => `${first}, ${second[0]!.toLowerCase()}${second.slice(1)}`;
export const heightAndWidth = (height: string, width: string): string => `height: ${height}; width: ${width}`;

// ---- the verdict
export const EMPTY = "The chain has no layers yet: add one, or paste lines of code.";
export const misfit = (layer: string, source: string, brings: string, meets: string): string =>
  `The skip at layer ${layer} does not fit: ${source} brings ${brings}, and it meets ${meets}.`;
export const moreMisfits = (more: number): string => `${more} more ${more === 1 ? "skip does" : "skips do"} not fit.`;
export const brings = (brings: string, meets: string): string => `brings ${brings}, meets ${meets}`;
export const stops = (layer: string, why: string): string => `The chain ends at layer ${layer}. ${why}`;
export const runsTo = (skips: boolean, size: string, wanted: string): string =>
  `Every layer runs${skips ? " and every skip fits" : ""}, but it ends at ${size}, not at the ${wanted} that went in.`;
export const rounded = (layer: string, from: string, to: string): string => `Layer ${layer} rounded ${from} to ${to}.`;
export const allRuns = (skips: boolean, unread: number): string =>
  `Every layer runs${skips ? " and every skip fits" : ""}${unread ? `; ${count(unread, "layer")} ${unread === 1 ? "leaves" : "leave"} pixels unread` : ""}.`;

// ---- what would help
export const kernelIn = (kernel: string, layer: string): string => `Kernel ${kernel} in layer ${layer}`;
export const sameIn = (layer: string): string => `Padding same in layer ${layer}`;
export const takeIn = (arrive: string, layer: string): string => `Take ${arrive} in layer ${layer}`;
export const leaveOutIn = (layer: string): string => `Leave output_padding out in layer ${layer}`;
export const outputPaddingIn = (pixels: string, layer: string): string => `output_padding ${pixels} in layer ${layer}`;
export const noOutputPaddingIn = (layer: string): string => `No output_padding in layer ${layer}`;
export const plainIn = (factor: string, layer: string): string => `Kernel ${factor}, stride ${factor}, no padding in layer ${layer}`;
/** Numbers of pixels, which may differ from side to side. */
export const pixels = (all: readonly string[]): string => `${all.join(" and ")} px`;
export const pad = (pixels: string, atEnd: boolean): string => `Pad ${pixels} ${atEnd ? "at the end" : "before the join"}`;
export const crop = (pixels: string, atEnd: boolean): string => `Crop ${pixels} ${atEnd ? "at the end" : "before the join"}`;
export const CUT_SKIP = "Cut the skip to fit";

// ---- one layer, when its row is open
export const unreadPixels = (pixels: string): string => `${pixels} px unread`;
export const unreadRows = (rows: number, columns: number): string =>
  `${[rows && count(rows, "row"), columns && count(columns, "column")].filter(Boolean).join(", ")} unread`;
export const ROUNDED_UP = "rounded up";
export const TERMS = {
  stops: "Stops here",
  remark: "Does not fit",
  size: "Size",
  channels: "Channels",
  misfit: "Misfit",
  skip: "Skip",
  rounds: "Rounds",
  back: "Way back",
  parameters: "Parameters",
  macs: "Multiply-adds",
  sees: "Sees",
};
export const heightWidth = (height: string, width: string): string => `height ${height}; width ${width}`;
export const added = (channels: string): string => `${channels}, added one by one`;
const larger = (n: number) => `${count(Math.abs(n), "pixel")} too ${n > 0 ? "small" : "large"}`;
/** By how much what a skip meets is too small, or with a minus too large. */
export const misfits = (height: number, width: number): string => {
  const each = [height && `${larger(height)} in height`, width && `${larger(width)} in width`].filter(Boolean).join(", ");
  return `What the skip meets is ${height === width ? `${larger(height)} in height and in width` : each}.`;
};
export const middleKept = (skip: string, size: string): string => `${skip}, its middle ${size} is kept`;
export const allGive = (first: string, last: string, size: string): string => `${first} to ${last} all give ${size}`;
export const bothGive = (first: string, last: string, size: string): string => `${first} and ${last} both give ${size}`;
export const gives = (from: string, size: string): string => `${from} gives ${size}`;
export const heightsWidths = (heights: string, widths: string): string => `heights ${heights}; widths ${widths}`;
export const atEnd = (rounds: string, unread: string): string => `${rounds}; ${unread} at the end`;
/** `padding` in pixels or "same", "valid"; `extra` null where output_padding is left out; `other` is how else to ask for the size. */
export const wayBack = (layer: string, kernel: string, stride: string, padding: string, inPixels: boolean, extra: string | null, size: string, other: string): string =>
  `${layer} with the same kernel ${kernel}, stride ${stride}, ${inPixels ? `padding ${padding}` : padding} and ${extra === null ? "output_padding left out" : `output_padding ${extra}`} gives ${size} again (${other} ${size})`;
export const orSetting = (name: string): string => `or ${name}`;
export const perImage = (macs: string): string => `${macs} for one image`;
export const sees = (pixels: string, jump: string): string => `${pixels} pixels of the input, moving on by ${jump}`;
export const SEES_MANY = "behind a layer that enlarges or joins, pixels see regions of different sizes";

// ---- the page
export const RULES_OF = "Rules of";
export const PASTE = "Paste your layers (Keras or PyTorch)";
export const PASTE_LABEL = "Lines of code: they are read, never run";
export const PASTE_OR = "or:";
export const READ_LINES = "Read these lines";
export const TO = "to";
export const totals = (parameters: string, macs: string): string => `${parameters} parameters, ${macs} multiply-adds`;
export const TWO_BARS = "Bars: width above, height below, to scale";
export const ONE_BAR = "Bars: width to scale; thicker with more channels";
export const BESIDE = "Beside each size";
export const BESIDES = { params: "parameters", macs: "multiply-adds", field: "pixels seen" };
export const LAYERS = "Layers";
export const layer = (number: string, name: string): string => `Layer ${number}: ${name}`;
export const ADD_AFTER = "Add a layer after";
export const MOVE_UP = "Move up";
export const MOVE_DOWN = "Move down";
export const REMOVE = "Remove";
export const KIND = "Kind";
export const IN_PIXELS = "in pixels";
export const GIVEN = "given";
export const SKIP_FROM = "Skip from";
export const place = (source: string, shape: string): string => `${source}: ${shape}`;
export const IF_LARGER = "If the skip is larger";
export const IF_LARGERS = { fails: "it does not fit", crop: "cut its borders" };
export const APART = "Height and width apart";
export const ADD = { conv: "Convolution", pool: "Pooling", transposed: "Transposed", upsample: "Upsampling", concat: "Skip" };
export const addAtEnd = (kind: string): string => `Add at the end: ${kind}`;
export const CODE_SUMMARY = "Code that asserts these sizes";
/** Name of a tab with code. */
export const THIS_WIDGET = "This widget";

// ---- reading pasted code: what was read, what was left out
export const read = (layers: number, framework: string): string => `Read ${count(layers, "layer")} (${framework}).`;
export const NO_LAYER = "No layer of Keras or PyTorch was found in this text, so nothing was changed.";
export const notKnown = (names: string): string => `Not known here: ${names}.`;
export const LOOKS_LIKE = 'A line looks like `Conv2D(64, 3, padding="same")` or `nn.Conv2d(3, 64, 3, padding=1)`.';
export const onlyFirst = (characters: string): string => `Only the first ${characters} characters are read.`;
export const TOO_DEEP = "The text is nested too deeply to be read to its end.";
export const TOO_LONG = "The text asks for more steps than are taken here; it is read until there.";
export const someLayers = (shown: string, all: string): string => `Only the first ${shown} of ${all} layers are shown.`;
export const leftOut = (lines: readonly string[], more: boolean): string =>
  `Left out, because no line applies them: ${lines.map((line) => `line ${line}`).join(", ")}${more ? ", \u2026" : ""}.`;
export const mixed = (framework: string): string => `Keras and PyTorch are mixed; all of it is read by the rules of ${framework}.`;
export const READ_WHICH = "Part of the text to read";
export const inOrder = (names: readonly string[]): string => `${names.join(", then ")}`;
export const OUTSIDE = "the lines outside of classes and functions";
export const PASTED = "the pasted lines";
export const chosen = (part: string, others: readonly string[]): string =>
  `This is ${part}. The text also has ${others.join(", ")}: choose above what is read.`;

export const unreadLine = (line: string, text: string): string => `Line ${line} could not be read: \u201c${text}\u201d.`;
export const unreadLoop = (line: string): string => `Line ${line}: a loop is read once, not as often as it would run.`;
export const unreadTest = (line: string): string => `Line ${line}: whether this holds is not known here; it is read as if it did.`;
export const unreadLayer = (line: string, name: string): string =>
  `Line ${line}: \u201c${name}\u201d is not known here, nor what it does to sizes.`;
export const wrongLayer = (line: string, name: string, why: string): string => `Line ${line}, ${name}: ${why}`;
export const unclearLayer = (line: string, name: string, why: string): string => `Line ${line}, ${name}: ${why}.`;
export const noFilters = (line: string, name: string): string =>
  `Line ${line}, ${name}: how many channels come out is not a number here. Sizes are not changed by that; a line above such as \u201cn = 64\u201d would tell.`;
export const noForward = (line: string, name: string): string =>
  `Line ${line}: \u201c${name}\u201d has no forward or call here, so its layers are read in the order in which they are made.`;
export const notFollowed = (part: string): string =>
  `What ${part} does to its input could not be followed to the end, so its layers are read in the order in which they are made.`;
export const unreadStars = (line: string): string => `Line ${line}: what the two stars stand for is not known here; it is left out.`;
export const sideBranch = (line: string, name: string): string =>
  `Line ${line}: ${name || "a layer"} works on an earlier result; side branches are not followed.`;
export const sideAdded = (line: string): string => `Line ${line}: a side branch is added here; its size is not checked.`;
export const sideJoined = (line: string): string => `Line ${line}: a side branch is joined here, and its channels are not known.`;
export const formatLeftOut = (line: string): string => `Line ${line}: data_format is left out; sizes are height \u00d7 width \u00d7 channels.`;
export const outputSizeLeftOut = (line: string): string => `Line ${line}: output_size is left out; its number is not known here.`;
export const fixedSize = (line: string, name: string, size: string): string =>
  `Line ${line}: ${name} works its numbers out from sizes. For this input they are ${size}; read the lines again for another input.`;

/** Why a setting is not understood, with its name. */
export const noNumberHere = (setting: string, name: string): string => `${setting} is \u201c${name}\u201d, which has no number here`;
export const noNumber = (setting: string): string => `${setting} is no number`;
export const KERAS_PADDING = 'padding of Keras is "valid" or "same"';
export const TWO_AXES = "padding needs two axes";
export const NO_PADDING = "padding is not given";
export const FOUR_SIDES = "padding has four sides: left, right, top, bottom";
export const KERAS_RESHAPE = "a reshape to height, width and channels is understood, others are not";
export const TORCH_RESHAPE = "a shape of channels, height and width is understood, others are not";
export const UNCLEAR_SHAPE = "what this does to the shape is not clear";
