/** What widgets share: numbers, controls, messages about fields, cells and links. */

/** How whole numbers are grouped. */
export const LOCALE = "en-US";

/** "1 cell", "2 cells": for nouns that take an s. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

// ---- a text that a field, a cell or a link could not use
export const received = (text: string): string => (text.trim() === "" ? "nothing" : `\u201c${text.slice(0, 24)}\u201d`);
export const outOfRange = (label: string, low: number, high: number, text: string): string =>
  `${label} is a whole number from ${low} to ${high}. Received: ${received(text)}.`;
export const keep = (value: number | string): string => `Keep ${value}`;
export const use = (value: number | string): string => `Use ${value}`;
export const useFor = (label: string, value: number): string => `Use ${label.toLowerCase()} ${value}`;
export const UNDO = "Undo";
export const badCell = (text: string): string =>
  `A cell takes a number between \u22121e9 and 1e9. Received: \u201c${text.slice(0, 24)}\u201d. The old value stays.`;
export const unreadKeys = (keys: readonly string[]): string =>
  `The link has ${keys.map((key) => `a ${key}`).join(", ")} that cannot be read; the rest is shown.`;
export const illegalLink = (why: string): string => `The link asks for something that is not legal. ${why}`;

// ---- controls
export const EXAMPLE = "Example";
export const OWN_NUMBERS = "your own numbers";
export const CODE = "Code";
export const codeIn = (framework: string): string => `${framework} code`;
export const COPY_CODE = "Copy code";
export const COPY_LINK = "Copy link";
export const COPY_AS_PYTHON = "Copy as Python";
export const COPY_PICTURE = "Copy picture";
export const PICTURE_COPIED = "Picture copied";
export const PICTURE_SAVED = "Picture saved";
export const COPIED = "Copied";
export const TEXT_TO_COPY = "Text to copy";
export const RESET = "Reset";
export const BACK = "Back";
export const PLAY = "Play";
export const PAUSE = "Pause";
export const STEP = "Step";
export const sliderOf = (label: string): string => `${label}, slider`;
export const cellOf = (grid: string, row: number, column: number): string => `${grid}, row ${row}, column ${column}`;

// ---- joining
/** "5 to 7". */
export const range = (first: number | string, last: number | string): string => `${first} to ${last}`;
/** "1, 2 and 3". */
export const and = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
/** The same text at the beginning of a sentence or of a row. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// ---- labels of what a layer has
export const KERNEL = "Kernel";
export const KERNEL_SIZE = "Kernel size";
export const STRIDE = "Stride";
export const DILATION = "Dilation";
export const PADDING = "Padding";
export const INPUT = "Input";
export const INPUT_SIZE = "Input size";
export const OUTPUT = "Output";
export const HEIGHT = "Height";
export const WIDTH = "Width";
export const CONVOLUTION = "Convolution";
export const TRANSPOSED = "Transposed";
export const IN_PIXELS = "in pixels";
export const APPENDED_ZERO = "appended zero";
export const SUM = "Sum";
export const ONES = "all ones";
export const RANDOM = "random digits";

export const USE_SAME_PADDING = "Use same padding";
export const MUST_FIT = "A kernel must fit inside its padded input.";

// ---- names of the code, and of its last tab
export const LAYER_CODE = "This layer in Keras, tf.nn and PyTorch";
export const THIS_WIDGET = "This widget";
