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

// ---- ConvExplorer and ChannelView
export const SUM = "Sum";
export const PADDING = "Padding";
export const USE_SAME_PADDING = "Use same padding";
export const ONES = "all ones";
export const RANDOM = "random digits";
/** Names of the code, and of its last tab. */
export const LAYER_CODE = "This layer in Keras, tf.nn and PyTorch";
export const THIS_WIDGET = "This widget";

// ---- Translator, UpsamplingBench, LiveDecoder, BenchPlot
/** The same text at the beginning of a sentence or of a row. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
