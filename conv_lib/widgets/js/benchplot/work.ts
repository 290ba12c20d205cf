/** What follows from the sizes of a layer, and the numbers that were stored for it. conv_lib.bench has the same. */
import * as words from "../words/en/benchplot.ts";

export type Backend = "numpy" | "floor" | "tf_eager" | "tf_function" | "tf_gpu" | "torch";

/** One layer that was timed; all were run with "same" padding. */
export interface Layer {
  name: string;
  kind: "conv" | "transpose";
  mflop: number;
  x_shape: [number, number, number, number];
  kernel_shape: [number, number, number, number];
  stride: number;
  dilation: number;
  rounds: number;
  milliseconds: Partial<Record<Backend, number>>;
  faster_tf: Backend | null;
  extra_mib: number | null;
  ratio_to_tf: number | null;
  ratio_to_floor: number | null;
  ratio_to_tf_spread: [number, number] | null;
  ratio_to_floor_spread: [number, number] | null;
}

export interface About {
  name?: string;
  threads?: number;
  blas?: string;
  tf32?: boolean;
  device?: string;
  missing?: string;
}

/** One run of the bench. */
export interface Stored {
  name: string;
  dtype: "float32" | "float64";
  machine: { date: string; cpu: string; cores: number; python: string; load_before?: string; load_after?: string };
  backends: Partial<Record<Backend, About>>;
  workloads: Layer[];
  growth: Layer[];
}

export interface Work {
  output: [number, number, number, number];
  /** Rows, inner size and columns of one matrix product with the same multiplications. */
  product: [number, number, number];
  /** Bytes of input, kernel and output. */
  bytes: [number, number, number];
  /** Bytes of all windows at once, or of all stamps. */
  copied: number;
  perByte: number;
}

const times = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

export function workOf(layer: Layer, dtype: Stored["dtype"]): Work {
  const { kind, x_shape: x, kernel_shape: k, stride } = layer;
  const conv = kind === "conv";
  const filters = conv ? k[3] : k[2];
  const side = (n: number) => (conv ? Math.ceil(n / stride) : n * stride);
  const output: Work["output"] = [x[0], side(x[1]), side(x[2]), filters];
  const taps = k[0] * k[1];
  const product: Work["product"] = conv
    ? [times(output.slice(0, 3)), taps * x[3], filters]
    : [times(x.slice(0, 3)), x[3], taps * filters];
  const size = dtype === "float64" ? 8 : 4;
  const bytes: Work["bytes"] = [size * times(x), size * times(k), size * times(output)];
  return {
    output,
    product,
    bytes,
    copied: size * product[0] * (conv ? product[1] : product[2]),
    perByte: (2 * times(product)) / (bytes[0] + bytes[1] + bytes[2]),
  };
}

/** What is drawn: "tf" is the faster of TensorFlow's two ways on the CPU. */
export type Shown = "numpy" | "tf" | "floor" | "tf_gpu" | "torch";
export const SHOWN: readonly Shown[] = ["numpy", "tf", "floor", "tf_gpu", "torch"];

export type Quantity = "ms" | "gflops" | "tf" | "floor" | "memory";
export const QUANTITIES = (["ms", "gflops", "tf", "floor", "memory"] as const).map((value) => ({
  value,
  label: words.QUANTITIES[value],
}));

export function timeOf(layer: Layer, shown: Shown): number | null {
  const key = shown === "tf" ? layer.faster_tf : shown;
  return (key && layer.milliseconds[key]) ?? null;
}

/** GFLOP/s. */
export function rateOf(layer: Layer, shown: Shown): number | null {
  const time = timeOf(layer, shown);
  return time === null ? null : layer.mflop / time;
}

export function valueOf(layer: Layer, quantity: Quantity, shown: Shown): number | null {
  switch (quantity) {
    case "ms": return timeOf(layer, shown);
    case "gflops": return rateOf(layer, shown);
    case "tf": return shown === "numpy" ? layer.ratio_to_tf : null;
    case "floor": return shown === "numpy" ? layer.ratio_to_floor : null;
    case "memory": return shown === "numpy" ? layer.extra_mib : null;
  }
}

export function spreadOf(layer: Layer, quantity: Quantity): [number, number] | null {
  if (quantity === "tf") return layer.ratio_to_tf_spread;
  return quantity === "floor" ? layer.ratio_to_floor_spread : null;
}

/** The name of a layer without its kind, in the book's signs. */
export const shortName = (layer: Layer): string =>
  layer.name.replace(/^(conv|transpose) /, "").replace(/x/g, "\u00d7").replace("->", "\u2192");

/** Three digits that count, never a power of ten. */
export function digits(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const places = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(places, 7));
}

export function bytesText(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib >= 0.1 ? `${digits(mib)} MiB` : bytes >= 1024 ? `${digits(bytes / 1024)} KiB` : `${bytes} B`;
}
