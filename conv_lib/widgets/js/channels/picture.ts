/** What is drawn for one output channel: a partial map for each input channel, and their sum with the bias. */
import { axisOf, conv2d, forEachLink, zeros, type Matrix, type Size } from "../core/ops.ts";
import { pads } from "../core/shapes.ts";
import { channelsIn, channelsOut, inputSize, kernelSize, outputSize, sliceOf, spatial, type Settings } from "./settings.ts";

export interface Row {
  /** The kernel slice that meets this input channel, or null where groups cut it. */
  slice: Matrix | null;
  partial: Matrix | null;
}

export interface Scene {
  settings: Settings;
  /** One row for each input channel. */
  rows: Row[];
  output: Matrix;
  /** Padding before and after, vertical and horizontal. */
  pad: readonly [readonly [number, number], readonly [number, number]];
}

/** All output channels, added up channel by channel. */
export function outputs(s: Settings): Matrix[] {
  return Array.from({ length: channelsOut(s) }, (_, o) => sceneOf({ ...s, channel: o }).output);
}

export function sceneOf(s: Settings): Scene {
  const rows = Array.from({ length: channelsIn(s) }, (_, c): Row => {
    const slice = sliceOf(s, c, s.channel);
    return { slice, partial: slice && conv2d(s.inputs[c]!, slice, spatial(s)) };
  });
  const bias = s.bias?.[s.channel] ?? 0;
  const output = zeros(outputSize(s)).map((line, r) =>
    line.map((_, c) => rows.reduce((sum, row) => sum + (row.partial?.[r]![c] ?? 0), 0) + bias),
  );
  const k = kernelSize(s);
  const [h, w] = inputSize(s);
  return { settings: s, rows, output, pad: [pads(h, axisOf(k, spatial(s), 0)), pads(w, axisOf(k, spatial(s), 1))] };
}

/** Where the reader points. A partial map and the output are the same cells, seen before and after the sum. */
export interface Focus {
  grid: "input" | "kernel" | "partial" | "bias" | "output";
  /** The input channel of an input, a slice or a partial map; 0 otherwise. */
  channel: number;
  row: number;
  column: number;
}

/** One product of one channel: input cell, kernel cell and output cell that it links. */
export interface Product {
  input: Size;
  kernel: Size;
  output: Size;
}

/** Every product that an input cell, a weight or an output cell takes part in; the same in every channel. */
export function productsOf(s: Settings, focus: Focus): Product[] {
  const found: Product[] = [];
  const mine = focus.grid === "partial" ? "output" : focus.grid;
  if (mine === "bias") return found;
  forEachLink(inputSize(s), outputSize(s), kernelSize(s), spatial(s), (lr, lc, kr, kc, sr, sc) => {
    const product: Product = { input: [lr, lc], kernel: [kr, kc], output: [sr, sc] };
    const [r, c] = product[mine];
    if (r === focus.row && c === focus.column) found.push(product);
  });
  const order = mine === "output" ? "kernel" : "output";
  return found.sort((a, b) => a[order][0] - b[order][0] || a[order][1] - b[order][1]);
}

export interface Counts {
  output: Size;
  weights: bigint;
  biases: bigint;
  /** Products added up, those with padding counted. */
  multiplies: bigint;
}

/** The numbers of a layer, exact at any size. */
export function countsOf(n: {
  height: number;
  width: number;
  channels: number;
  kernel: Size;
  filters: number;
  stride: number;
  groups: number;
  padding: "valid" | "same";
  bias: boolean;
}): Counts {
  const how = { stride: n.stride, dilation: 1, padding: n.padding } as const;
  const axes = [axisOf(n.kernel, how, 0), axisOf(n.kernel, how, 1)] as const;
  const side = (size: number, which: 0 | 1) => {
    const [before, after] = pads(size, axes[which]);
    return Math.floor((size + before + after - n.kernel[which]) / n.stride) + 1;
  };
  const output: Size = [side(n.height, 0), side(n.width, 1)];
  const weights = BigInt(n.kernel[0]) * BigInt(n.kernel[1]) * BigInt(n.channels / n.groups) * BigInt(n.filters);
  return {
    output,
    weights,
    biases: n.bias ? BigInt(n.filters) : 0n,
    multiplies: weights * BigInt(output[0]) * BigInt(output[1]),
  };
}
