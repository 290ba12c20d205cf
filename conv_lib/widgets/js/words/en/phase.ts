/** The phase lab. */
import { and, count, range } from "./shared.ts";

// ---- fields and choices
export const KERNEL_HEIGHT = "Kernel height";
export const KERNEL_WIDTH = "Kernel width";
export const INPUT_HEIGHT = "Input height";
export const INPUT_WIDTH = "Input width";
export const CROP_BEFORE = "Crop before";
export const CROP_AFTER = "Crop after";
export const WAVES = "Waves in 100 input pixels";
export const CROP_PIXELS = "crop pixels";
export const UPSAMPLED = "What is upsampled";
export const STRIP = "Strip";
export const IMAGE = "Image";
export const SHOWN = "Shown";
export const VIEWS = { flat: "Flat image", photo: "Photo", spectrum: "Spectrum" };
export const LEVEL = "Level the phases";
export const ONES = "Ones";
export const RANDOM = "Random";
export const EDIT_HINT = "To edit, click a weight twice or press Enter.";
export const POINT_HINT = "Point at an output to see which weights make it. Arrow keys move.";
export const CHANGE = "Change stride, sizes and padding; see the border and the code";
export const CODE = "This in NumPy, TensorFlow and PyTorch";

// ---- settings that are not legal
export const nothingLeft = (axis: "height" | "width", full: number, before: number, after: number): string =>
  `The full result is ${full} ${axis === "width" ? "wide" : "high"}. Cropping ${before} before and ${after} after leaves nothing.`;
export const CROP_NOTHING = "Crop nothing";

// ---- the verdict
export const CLEAN = "Clean";
export const CHECKERBOARD = "Checkerboard";
export const GAPS = "Gaps";
export const STRIDE_ONE = "stride 1 has a single phase, and nothing to disagree with.";
const unless = (contrary: string, how: string): string => (contrary ? `${contrary}: ${how}` : how);
export const clean = (sum: string, even: boolean): string =>
  unless(even ? "" : "although the counts are uneven", `every phase adds up to ${sum}.`);
export const gaps = (without: number, phases: number): string =>
  `the kernel is shorter than the stride: ${count(without, "phase")} of ${phases} met by no weight.`;
const CONTRARY = "although the counts are even";
export const sumsDiffer = (sums: readonly string[], even: boolean): string =>
  unless(even ? CONTRARY : "", `the phases add up to ${and(sums)}.`);
export const sumsFromTo = (least: string, most: string, even: boolean): string =>
  unless(even ? CONTRARY : "", `the phases add up to ${least} at least and ${most} at most.`);
export const COUNTS = "Counts";
export const SUMS = "Sums";
/** `counts` is "1, 2" or "1 to 6". */
export const counts = (counts: string, even: boolean, stride: number, divides: boolean): string =>
  `${counts}: ${even ? "even" : "uneven"}, since ${stride} ${divides ? "divides" : "does not divide"} the kernel`;
export const sums = (sums: string, equal: boolean): string => `${sums}: ${equal ? "equal" : "not equal"}`;

// ---- what is kept
export const IN_FULL = { cells: "cells in the full result", columns: "columns in the full result" };
export const KEPT = "Kept";
export const BORDER = "Border";
export const UNTIL_COMPLETE = "(kept cells until the pattern is complete)";
type Axis = "cells" | "rows" | "columns";
export const kept = (axis: Axis, first: number, last: number, full: number, zeros: number): string =>
  `${axis} ${range(first, last)} of ${full}${zeros > 0 ? `, then ${count(zeros, "zero")}` : ""}`;
export const TOO_SMALL = "no kept cell has all its stamps: the image is too small for this kernel";
export const NO_BORDER = "none: every kept cell has all its stamps";
export const border = (axis: Axis, before: number, after: number): string =>
  `${axis === "cells" ? "" : `${axis}: `}${before} before, ${after} after`;

// ---- kernel and phases
export const PHASE_SUMS = "Phase sums";
export const phase = (name: string): string => `phase ${name}`;
export const phaseSum = (row: number, column: number, sum: string): string => `Phase ${row}, ${column}: ${sum}`;
export const NO_WEIGHT = "no weight";

// ---- the flat image
export const OVERLAP_COUNTS = "Overlap counts";
export const STAMPS_THAT_REACH = "stamps that reach a cell";
export const STAMPS_IN_COLUMN = "stamps in each column";
export const OF_ONES = "of a flat image of ones";
export const ADDS_UP = "what the column adds up to";
export const ones = (n: number, stride: number): string => `${n} ones; each stamps the kernel ${stride} further on`;
export const croppedCell = (value: string): string => `Cropped: ${value}`;
export const outputCell = (at: string, value: string): string => `Output ${at}: ${value}`;
export const MADE_OF = "What the cell is made of";
export const CROPPED_CELL = "cropped cell";
export const output = (at: string): string => `output[${at}]`;
export const APPENDED = "Past the end of the full result: an appended zero.";
export const STAYS_ZERO = "No weight of the kernel belongs to this phase: it stays 0.";
export const wholePhase = (weights: number): string =>
  `${weights === 1 ? "The only weight" : `All ${weights} weights`} of this phase: the phase sum.`;
export const partOfPhase = (weights: number, all: number): string => `At the border: ${weights} of the ${all} weights of this phase.`;
export const cropsAway = (note: string): string => `${note} Padding crops it away.`;

// ---- the photograph; {0}, {1}, ... are set apart
export const photograph = (size: string): string => `Photograph, ${size} pixels, each drawn as a block`;
export const upsampled = (size: string, verdict: string): string =>
  `The photograph upsampled with this kernel, ${size} pixels. ${verdict}`;
export const by = (height: number, width: number): string => `${height} by ${width}`;
/** {0} is the word for the input, {1} its size. */
export const AS_BLOCKS = "{0} {1}, pixels as blocks";
export const STAYS_FLAT = "Flat parts stay flat: all phases add up to the same.";
export const brightness = (least: string, most: string): string =>
  `In flat parts one phase is ${least} % as bright as the mean, another ${most} %.`;
export const ON_GREY = "The phases add up to nothing on average: what you see is drawn on mid grey.";
export const alongBoth = (height: number, width: number): string => `Used along both axes: ${height} \u00d7 ${width} weights.`;
export const dividedBy = (mean: string): string => `Shown divided by the mean of the phase sums, ${mean}, to keep its brightness.`;

// ---- the spectrum
export const response = (says: string): string => `Frequency response. ${says}`;
export const responseOfBoth = (says: string): string => `Frequency response of both axes. ${says}`;
export const noImages = (gain: string): string => `A flat image passes with gain ${gain}; stride 1 makes no images.`;
const checkerboard = (seen: boolean): string => (seen ? "that is the checkerboard." : "no checkerboard.");
/** Images of a flat image: where they are and with which gains they pass. */
export const flatImage = (gain: string, images: readonly string[], gains: readonly string[], seen: boolean): string =>
  `A flat image passes with gain ${gain}. Its ${images.length === 1 ? "image" : "images"} at ${images.join(" and ")} ` +
  `${images.length === 1 ? "passes" : "pass"} with ${gains.join(" and ")}: ${checkerboard(seen)}`;
/** `images` are `imageWith`. */
export const wave = (cycles: string, becomes: string, gain: string, images: readonly string[]): string =>
  `A wave of ${cycles} cycles per input pixel becomes ${becomes} per output pixel, gain ${gain}.${images.length ? ` Images: ${images.join(", ")}.` : ""}`;
export const imageWith = (frequency: string, gain: string): string => `${frequency} with ${gain}`;
export const strongestImage = (gain: string, strongest: string, seen: boolean): string =>
  `A flat image passes with gain ${gain}. The strongest of its images passes with ${strongest}: ${checkerboard(seen)}`;
export const imageAt = (frequency: string): string => `image at ${frequency}`;
export const CYCLES = "cycles per output pixel";
export const CYCLES_ACROSS = "cycles per output pixel, across";
export const DOWN = "down";
export const GAIN = "gain";
export const THE_WAVE = "the wave itself";
export const ITS_IMAGES = "its images";
export const INPUT_CAN_HOLD = "what the input can hold";
export const A_FLAT_IMAGE = "a flat image";
export const DARKER = "darker: larger gain";
