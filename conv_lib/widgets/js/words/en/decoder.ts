/** The live decoder. Numbered places in a text, {0}, are filled with what is marked up. */
import { count, received } from "./shared.ts";

/** The decoders, and the same where there is little room. */
export const NAMES = { k3: "Transposed, k3 s2", k4: "Transposed, k4 s2", resize: "Resize, then conv k3" };
export const SHORT = { k3: "k3 s2", k4: "k4 s2", resize: "resize" };
export const LABELS = { checkpoint: "Checkpoint", layer: "Layer", channel: "Map" };
export const wrongMap = (most: number, map: number): string => `This layer has the maps 0 to ${most}. Received: ${map}.`;

// ---- controls
export const DECODER = "Transposed decoder";
export const KERNELS = { k3: "Kernel 3", k4: "Kernel 4" };
export const WHAT_IS_SHOWN = "What is shown";
export const VALUES = "Values";
export const finePart = (louder: number): string => `Fine part \u00d7 ${louder}`;

// ---- the point
export const PLANE = "Latent plane";
export const DRAG = "drag the point";
export const POINT = "Point in the latent plane: arrow keys move it both ways";
export const point = (across: string, up: string, digit: string): string => `${across} across, ${up} up; nearest digit ${digit}`;
export const ACROSS = "Across";
export const UP = "Up";
export const wrongPoint = (label: string, reach: number, text: string): string =>
  `${label} is a number from \u2212${reach} to ${reach}. Received: ${received(text)}. The point stays.`;
/** {0}: the digit. */
export const NEAREST = "nearest test digit: {0}";

// ---- training
export const trained = (batches: number): string =>
  batches === 0 ? "before training" : `after ${batches} ${batches === 1 ? "batch" : "batches"}`;
/** {0}: how long. */
export const TRAINING = "Training: {0}";
/** The curves; each decoder with its numbers. */
export const curves = (decoders: [name: string, values: string[]][], real: string): string =>
  `Checkerboard of test digits over training. ${decoders.map(([name, values]) => `${name}: ${values.join(", ")}`).join(". ")}. Real digits: ${real}.`;
export const HINT =
  "Point at a map to read its values. The curves say how far the four phases of a picture stand apart, over all test digits; the thin line is that of real digits.";
/** {0}: the value of the transposed decoder, {1}: of its twin. */
export const values = (stage: string, map: number, row: number, column: number): string =>
  `${stage}, map ${map}, [${row}, ${column}]: {0} transposed, {1} resized`;

// ---- layers and maps
export const stage = (layer: number, last: number): string =>
  layer === 0 ? "Dense" : layer === last ? `Layer ${layer}: the picture` : `Layer ${layer}`;
export const size = (maps: number, height: number, width: number): string =>
  `${maps > 1 ? `${count(maps, "map")} of ` : ""}${height} \u00d7 ${width}`;
export const stageAndSize = (stage: string, size: string): string => `${stage} (${size})`;
/** What a reader hears of maps; a picture says how far its phases are apart. */
export const maps = (name: string, stage: string, size: string, largest: string, apart: string | null): string =>
  `${name}, ${stage}: ${size}, largest value ${largest}${apart === null ? "" : `, phases ${apart} apart`}`;
export const map = (name: string, stage: string, number: number): string => `${name}, ${stage}, map ${number}`;
/** {0}: how strong it is. */
export const CHECKERBOARD = "checkerboard {0}";

// ---- below the pictures
export const FOLD = "The numbers of a map, the phases, and the code";
/** The means of the four phases, row by row; {0}: their standard deviation. */
export const phases = ([a, b, c, d]: readonly string[]): string => `phases ${a}, ${b}; ${c}, ${d}: standard deviation {0}`;
export const PHASES_HINT = "the mean of even and of odd columns, first in even rows, then in odd ones";
export const ONE_MAP = "The numbers of one map";
export const TINTS_HINT =
  "Four tints for four phases: row and column even or odd. A checkerboard is one tint with larger numbers.";
export const code = (trained: string): string => `This decoder, ${trained}, in NumPy and Keras`;
