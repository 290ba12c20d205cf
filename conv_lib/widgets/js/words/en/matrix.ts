/** The matrix view. */
import { count, MUST_FIT, range } from "./shared.ts";

// ---- fields and choices
export const HEIGHT_OF_X = "Height of x";
export const WIDTH_OF_X = "Width of x";
export const PIXELS_A_SIDE = "Pixels a side";
export const EXPLICIT = "explicit";
export const HINT =
  "Point at a cell of a grid or of the matrix. To change an input, a weight or an entry, click it twice or press Enter.";
export const CHANGE = "Change sizes, stride and padding; test the adjoint; see the code";
export const CODE = "This matrix in NumPy, and its transpose in TensorFlow";
export const SIZE_OF_AX = { height: "Height of Ax", width: "Width of Ax" };

// ---- settings that are not legal
export const tooLarge = (axis: "height" | "width", span: number, kernel: number, dilation: number, size: number, pads: readonly [number, number]): string => {
  const [before, after] = pads;
  const spans = dilation > 1 ? `spans ${span} cells (size ${kernel}, dilation ${dilation})` : `is ${span} cells`;
  const room = before + after ? `${size} + ${before} + ${after} = ${size + before + after}` : String(size);
  return `The kernel ${spans}, but the ${axis} of x${before + after ? " with its padding" : ""} is ${room}. ${MUST_FIT}`;
};
export const tooManyRows = (height: number, width: number, most: number): string =>
  `A x would have ${height} \u00b7 ${width} = ${height * width} cells, and A as many rows. This widget draws at most ${most}.`;
export const STAYS_ZERO =
  "This place stays 0. No weight can stand here: the window of the output cell does not reach the input cell.";

// ---- the picture; {0}, {1}, ... are set apart
/** {0} is Ax or its transpose. */
export const LEAD = "{0}: convolution";
export const LEAD_TRANSPOSED = "{0}: transposed convolution";
export const inputTitle = (vector: string): string => `Input ${vector}`;
export const outputTitle = (product: string): string => `Output ${product}`;
export const matrixTitle = (name: string): string => `Matrix ${name}`;
export const BACK_TO_A = "Back to the convolution, A";
export const TO_TRANSPOSE = "Transpose: rows become columns";
export const BACK = "back to the convolution";
export const TRANSPOSE = "transpose";
export const COLUMNS = "columns: input cells";
export const ROWS = "rows: output cells";
/** The name of a place of the matrix; places are "1, 2", `weight` is null where no weight stands. */
export const place = (row: number, output: string, column: number, input: string, weight: readonly [at: string, value: string] | null): string =>
  `Row ${row}, output [${output}]; column ${column}, input [${input}]: ${weight ? `kernel [${weight[0]}] is ${weight[1]}` : "no weight"}`;

// ---- what can be counted in the matrix
export const SHAPE = "Shape";
export const outputsAndInputs = (outputs: string, inputs: string): string => `${outputs} outputs, ${inputs} inputs`;
export const WEIGHTS = "Weights";
export const entriesOf = (entries: number, places: number): string => `${entries} of ${places}`;
export const uses = (numbers: number, least: number, most: number, zeros: number): string =>
  `${numbers} numbers, each ${least === most ? least : range(least, most)} times${zeros ? `; ${zeros} of them are 0` : ""}`;
export const ZEROS = "Zeros";
export const empty = (percent: number): string => `${percent} % of the matrix is empty`;
export const RANK = "Rank";
export const fullRank = (full: number): string => `full: it could not exceed ${full}`;
export const lowRank = (full: number): string => `it could be ${full}`;
export const EMPTY_ROWS = "Empty rows";
export const EMPTY_COLUMNS = "Empty columns";
export const NOT_REACHED = "cells of x that no window reaches";
export const ONLY_PADDING = "windows that meet only padding";

// ---- the line on the pointed-at cell; {0}, {1}, ... are set apart
export const STANDS_FOR = "What the cell stands for";
export const CELL = { input: "input", kernel: "kernel", output: "output" };
/** {0} is the place of the matrix, {1} the kernel's cell, {2} its value, {3} and {4} the output and the input, {5} `ONE_WEIGHT`. */
export const entry = (weight: string): string => `{0} = {1} = {2}: {3} takes {4} times ${weight}. {5}`;
export const ONE_WEIGHT = "Change this number and its whole band changes: it is one weight.";
/** {0} is the place of the matrix with its 0, {1} and {2} the output and the input, {3} `NO_WEIGHT`. */
export const NO_ENTRY = "{0}: {1} does not use {2}. {3}";
export const NO_WEIGHT = "No weight can stand here, whatever the kernel holds.";
/** {0} is the kernel's cell, {1} `times`, {2} the places, {3} `MANY_PLACES`. */
export const band = (value: string, matrix: string, some: boolean): string =>
  `{0} = ${value} stands in ${matrix} {1}${some ? ": {2} " : ". "}{3}`;
export const times = (n: number): string => count(n, "time");
export const MANY_PLACES = "(row, column) of each. One weight, many places.";
/** {0} is the output, {1} the products, {2} their sum, {3} says how many places are empty. */
export const row = (index: number, vector: string, some: boolean): string =>
  `{0} = row ${index} \u00b7 ${vector} = {1}${some ? " = " : ""}{2}. {3}`;
export const NO_PLACE_EMPTY = "No place of this row is empty.";
export const othersZero = (rest: number): string => `The other ${count(rest, "place")} of the row hold 0.`;
export const ROW_EMPTY = "The row is empty: nothing reaches this cell.";
/** {0} is the input, {1} the products. */
export const column = (value: string, index: number, outputs: number): string =>
  outputs
    ? `{0} = ${value} is column ${index}. It goes to ${count(outputs, "output cell")}: {1}`
    : `{0} = ${value} is column ${index}: empty. No output uses this cell.`;

// ---- tests of the transpose
export const TESTS = "Test the transpose: the adjoint test, and there and back";
export const TESTS_SHORT = "Tests of the transpose";
export const TABS = { adjoint: "Adjoint test", back: "There and back" };
export const ADJOINT_HINT =
  "Two numbers made in two ways: A carries x to y's side, A\u1d40 carries y to x's side. Change any x, y or kernel value and try to make them differ.";
export const writtenOut = (name: string): string => `${name} written out`;
/** `rounding` is "" where both are equal to the last digit. */
export const equal = (products: number, rounding: string): string =>
  `Both are the sum of the same ${count(products, "product")} w\u00b7x\u00b7y, one for each weight in A.` +
  (rounding && ` (They differ by ${rounding}: that is rounding, not mathematics.)`);
export const differs = (by: string): string => `They differ by ${by}. Please tell us: this should not happen.`;
export const RANDOM_DIGITS = "Random digits";
export const WILD_NUMBERS = "Wild numbers";
export const BACK_HINT = "The shape returns. Do the values? A deconvolution would bring x back; A\u1d40 does not try to.";
export const X_IS_ZERO = "x is zero.";
export const ERASED = "Erased: nothing came back.";
export const CAME_BACK = "This x came back.";
export const DID_NOT_COME_BACK = "x did not come back.";
export const lost = (rank: number, numbers: number, dimensions: number): string =>
  `The rank of A is ${rank}, and x has ${numbers} numbers: ${count(dimensions, "dimension")} of x ${dimensions === 1 ? "is" : "are"} lost in A x, and no layer behind it can restore ${dimensions === 1 ? "it" : "them"}.`;
export const nothingLost = (rank: number): string =>
  `The rank of A is ${rank}, as many as x has numbers: nothing is lost, and an inverse exists. A\u1d40 is still not that inverse.`;
export const AN_ERASED_X = "An x that A erases";
export const NONE_ERASED = "No x is erased";
export const SINGLE_ONE = "A single 1";
