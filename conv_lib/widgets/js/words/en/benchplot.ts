/** The bench's own plots. A numbered place in a text, {0}, is filled with what is marked up. */
import { count } from "./shared.ts";

const cores = (n: number): string => count(n, "core");

export const VIEWS = { layers: "Layer by layer", rate: "Rate", growth: "Growth" };
/** What is drawn, and the same in a narrow table. */
export const SHOWN = {
  numpy: "conv_lib on NumPy",
  tf: "TensorFlow, CPU",
  floor: "one matrix product",
  tf_gpu: "TensorFlow, GPU",
  torch: "PyTorch, CPU",
};
export const SHORT: Record<keyof typeof SHOWN, string> = {
  numpy: "NumPy",
  tf: "TensorFlow",
  floor: "one product",
  tf_gpu: "TensorFlow, GPU",
  torch: "PyTorch",
};
export const QUANTITIES = {
  ms: "time",
  gflops: "rate",
  tf: "NumPy / TensorFlow",
  floor: "NumPy / one product",
  memory: "extra memory",
};
/** The same below the axis. */
export const AXES: Record<keyof typeof QUANTITIES, string> = {
  ms: "milliseconds",
  gflops: "GFLOP/s",
  tf: "time of NumPy, as a multiple of TensorFlow's",
  floor: "time of NumPy, as a multiple of one product's",
  memory: "MiB besides input, kernel and result",
};
export const KINDS = { conv: "Convolution", transpose: "Transposed convolution" };

// ---- controls and hints
export const VIEW = "View";
export const MEASURED = "Measured";
export const SHOW = "Show";
/** A run in the menu. */
export const run = (date: string, n: number, dtype: string): string => `${date}, ${cores(n)}, ${dtype}`;
export const RATE_HINT =
  "Each column of marks is a heavy layer. To the left: few operations for each byte. Below: little done per second.";
export const GROWTH_HINT = "Solid: one layer on 1 to 64 images. Dashed: another on images of 32 to 1024 pixels.";
export const MARKS = "Marks";
export const LINE_IS_RANGE = "line: least and most of the rounds";

// ---- charts
export const LAYERS = "Layers";
/** What a reader hears of a layer. */
export const layer = (name: string, times: string[]): string => `${name}: ${times.join(", ")}`;
export const takes = (shown: string, time: string): string => `${shown} ${time} milliseconds`;
export const PER_BYTE = "operations per byte";
export const WORK = "work, GFLOP";
export const fastest = (rate: string): string => `fastest here: ${rate} GFLOP/s`;

// ---- one layer
export const CHOSEN = "The chosen layer";
export const kernel = (size: string): string => `kernel ${size}`;
export const stride = (value: number): string => `stride ${value}`;
export const dilation = (value: number): string => `dilation ${value}`;
export const BACKEND = "backend";
export const rounds = (low: string, high: string, n: number): string => `${low} to ${high} in ${count(n, "round")}`;
export const OPERATIONS = "Operations";
/** {0}: how many millions. */
export const operations = (product: string): string => `${product} = {0} million`;
export const BYTES = "Bytes, at least";
export const OPERATIONS_PER_BYTE = "Operations per byte";
export const WINDOWS = "All windows, copied";
export const STAMPS = "All stamps, written";
export const timesInput = (factor: string): string => `${factor} times the input`;
export const timesOutput = (factor: string): string => `${factor} times the output`;
export const MEMORY = "Memory conv_lib took";
export const BESIDES = "besides these three";

// ---- where it was measured
export const measured = (date: string, cpu: string, n: number, python: string, dtype: string): string =>
  `Measured ${date} on ${cpu}, ${cores(n)}, Python ${python}, ${dtype}.`;
export const backend = (name: string, details: string[]): string => `${name} (${details.join(", ")}).`;
export const threads = (n: number): string => count(n, "thread");
export const TF32_ON = "TF32 on";
/** The two ways in which TensorFlow ran on a CPU. */
export const fasterOf = (name: string, one: string, other: string): string => `${name}, the faster of ${one} and ${other}`;
/** The first sentence, in bold, and the reason. */
export const notMeasured = (shown: string, why: string): [string, string] => [`${shown}: not measured.`, `${why}.`];
export const NOT_ASKED_FOR = "it was not asked for";

export const CODE = "Read these numbers in Python, or measure your own";
/** Names of the tabs with code. */
export const READ = "Read it";
export const MEASURE = "Measure it";
