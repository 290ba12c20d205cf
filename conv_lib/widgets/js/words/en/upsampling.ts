/** The upsampling bench. A numbered place in a text, {0}, is filled with what is marked up. */
/** The eight ways: what each is called, `short` where the name does not fit, and what it does. */
export const WAYS = {
  nearest: {
    name: "Nearest",
    short: "nearest",
    does: "Repeats every pixel in a block of 2 \u00d7 2. Nothing is learned.",
  },
  bilinear: {
    name: "Bilinear",
    short: "bilinear",
    does: "Interpolates between pixel centres, so that the edges of both images meet (half-pixel centres, align_corners=False).",
  },
  corners: {
    name: "Bilinear, aligned corners",
    short: "aligned corners",
    does: "Interpolates so that the corner pixels meet. The step between samples is then not one half.",
  },
  zeros: {
    name: "Zero insertion",
    short: "zero insertion",
    does: "Puts a zero after every pixel, both ways. A convolution has to follow.",
  },
  transposed3: {
    name: "Transposed, k3 s2",
    short: "transposed k3",
    does: "Stamps a 3 \u00d7 3 kernel every second pixel. An output meets 1, 2 or 4 of the weights.",
  },
  transposed4: {
    name: "Transposed, k4 s2",
    short: "transposed k4",
    does: "Stamps a 4 \u00d7 4 kernel every second pixel. Inside, every output meets 4 of the weights.",
  },
  resize: {
    name: "Resize, then convolution",
    short: "resize-convolution",
    does: "Repeats every pixel, then slides a 3 \u00d7 3 kernel. Weights that fall on copies of one pixel add up.",
  },
  shuffle: {
    name: "Pixel shuffle",
    short: "pixel shuffle",
    does: "Slides four 3 \u00d7 3 kernels over the small image and lays the four results out as blocks of 2 \u00d7 2.",
  },
};
/** Calls in code: one after the other, and the part of one that inserts zeros. */
export const then = (first: string, second: string): string => `${first}, then ${second}`;
export const firstHalf = (call: string): string => `the first half of a strided ${call}`;

export const LABELS = {
  height: "Height of the input",
  width: "Width of the input",
  inChannels: "Channels in",
  outChannels: "Channels out",
};
export const WHAT_IS_DOUBLED = "What is doubled";
export const GRID = "Grid";
export const PHOTOGRAPH = "Photograph";

// ---- input, kernel, outputs
export const INPUT_TITLE = "input";
export const INPUT = "Input";
export const photograph = (height: number, width: number): string => `Input: a photograph of ${height} by ${width} pixels`;
export const output = (name: string): string => `Output, ${name}`;
export const KERNEL_TITLE = "kernel";
export const kernelOf = (name: string): string => `Kernel, ${name}`;
export const NO_KERNEL = "none: nothing is learned";
export const FOUR_KERNELS = "four kernels";
export const kernelForPlace = (row: number, column: number): string => `Kernel for place ${row}, ${column} of a block`;
/** Below an output; the products are those of one of its pixels. */
export const cost = (weights: number, products: string | null): string =>
  [weights ? `${weights} weights` : "no weights", products && `${products} products`].filter(Boolean).join(" \u00b7 ");
export const HINT =
  "Point at an output for its sum, at an input for where it goes. Click an input or a weight twice to change it. Products are counted for each output pixel.";

// ---- the line about a pixel
export const MADE_OF = "What the pixel is made of";
/** {0}: the name of the way. */
export const levels = (low: string, high: string): string => `{0}: grey levels from ${low} to ${high}.`;
export const BEYOND = "What lies below 0 or above 1 is drawn black or white.";
export const WITHIN = "0 is black and 1 is white.";
export const pixelsOf = (n: number, way: string): string => `${n} ${n === 1 ? "pixel" : "pixels"} of ${way}`;
/** An input pixel, which is set apart, and the outputs that it reaches. */
export const reaches = (row: number, column: number, value: string, outputs: string[]): [string, string] => [
  `Input [${row}, ${column}] = ${value}`,
  ` is in ${outputs.join(", ")}.`,
];
export const UNREACHED = "No input reaches this pixel.";
export const IN_BRACKETS = "Weights in brackets fall on copies of one pixel.";
export const meets = (met: number, all: number): string => `It meets ${met} of the ${all} weights.`;

// ---- below the outputs
export const FOLD = "Differences, costs, and what resize-convolution gives up";
export const WHAT_TO_LOOK_AT = "What to look at";
export const TABS = { difference: "Difference of two", cost: "What each costs", project: "What resize gives up" };

export const TAKE = "Take";
export const SUBTRACT = "and subtract";
export const difference = (first: string, second: string): string => `Difference: ${first} minus ${second}`;
export const greyIsZero = (label: string): string => `${label}; grey is zero`;
export const SAME_WAY = "The same way twice: nothing differs.";
export const EQUAL = "Equal at every pixel, border included.";
export const differAtBorder = (count: number, all: number, largest: string): string =>
  `Equal inside. At the border they differ in ${count} of ${all} pixels, by up to ${largest}.`;
export const differ = (count: number, all: number, largest: string): string =>
  `They differ in ${count} of ${all} pixels, by up to ${largest}.`;
export const GREYS = "Mid-grey is zero, black \u22120.25, white 0.25.";

export const WAY = "Way";
export const WEIGHTS = "Weights";
export const productsFor = (size: string): string => `Products, ${size} in`;
export const TIMES_LEAST = "\u00d7 the least";
export const COSTS_HINT =
  "Without biases. The first four keep the number of channels and learn nothing; something with weights has to follow.";

export const K4 = "k4 kernel";
export const K4_LABEL = "Kernel to project";
export const KEPT = "= what is kept";
export const KEPT_LABEL = "Part that resize-convolution can be";
export const GIVEN_UP = "+ given up";
export const GIVEN_UP_LABEL = "Part that is given up";
export const K3 = "its 3 \u00d7 3 kernel";
export const K3_LABEL = "Kernel of that resize-convolution";
/** The first sentence, in bold, and the second. */
export const NOTHING_GIVEN_UP = [
  "Nothing is given up.",
  "Nearest upsampling and the 3 \u00d7 3 kernel do exactly what this layer does.",
];
export const givenUp = (percent: string, rest: string, kernel: string): [string, string] => [
  `Given up: ${percent} %.`,
  `The part on the right has length ${rest}, the kernel ${kernel} (square root of the sum of squares).`,
];
export const SUMS = "+ \u2212 + \u2212 sums";
export const sums = (rows: string, columns: string): string => `rows ${rows}; columns ${columns}.`;
export const ALL_ZERO = "All eight are zero exactly when nothing is given up.";
export const FLAT_IMAGE = "Flat image";
/** What ones become at the four places of a block; one number where they are equal. */
export const flatImage = (places: string[], kept: string): string =>
  `ones become ${places.length === 1 ? `${places[0]} everywhere` : places.join(", ")} with the kernel, ${kept} everywhere with what is kept.`;
export const awayFromBorder = (checkerboard: boolean): string =>
  `${checkerboard ? "The four places of a block differ: a checkerboard. " : ""}Away from the border.`;
export const USE_K3 = "Use the 3 \u00d7 3 kernel, and compare";
export const KEEP_ONLY = "Keep only what resize can be";

export const CODE = "These eight in NumPy and in Keras";
/** The name of a tab with code. */
export const PROJECTION = "Projection";
