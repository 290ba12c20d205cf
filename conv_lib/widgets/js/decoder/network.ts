/**
 * The decoders themselves: weights read from text, and every layer run for one point of the latent plane.
 * conv_lib.decoders.run_ops is the reference; tests/js replays its answers here.
 */
import { pads } from "../core/shapes.ts";

/** One step of a decoder, as conv_lib.decoders.Op. */
export interface Op {
  op: "dense" | "transposed" | "resize";
  kernel: number[];
  activation: "relu" | "sigmoid" | "linear";
  size: number[] | null;
}

export type Kind = "k3" | "k4" | "resize";

export interface Trained {
  kind: Kind;
  ops: Op[];
  /** The checkerboard of test pictures, and the error, at every checkpoint. */
  checkerboard: number[];
  loss: number[];
  weights: { scales: number[]; data: string }[];
}

/** What conv_lib.decoders.pack returns. */
export interface Decoders {
  steps: number[];
  points: [number, number][];
  /** One digit for each point. */
  labels: string;
  /** The checkerboard of real pictures. */
  real: number;
  models: Trained[];
}

/** A map with channels: value (r, c, m) stands at (r * width + c) * channels + m. */
export interface Maps {
  height: number;
  width: number;
  channels: number;
  values: Float64Array;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The shapes of kernel and bias of every step, in order. A transposed kernel is (height, width, out, in). */
export const shapesOf = (ops: readonly Op[]): number[][] =>
  ops.flatMap((op) => [op.kernel, [op.op === "transposed" ? op.kernel[2]! : op.kernel[op.kernel.length - 1]!]]);

/** Weights of one checkpoint: whole numbers of 8 bits, times the scale of their array, in single precision. */
export function unpack(row: Trained["weights"][number], ops: readonly Op[]): Float64Array[] {
  const bytes = Uint8Array.from(atob(row.data), (sign) => sign.charCodeAt(0));
  const whole = new Int8Array(bytes.buffer);
  let at = 0;
  return shapesOf(ops).map((shape, i) => {
    const part = Float64Array.from(whole.subarray(at, at + size(shape)), (v) => Math.fround(v * row.scales[i]!));
    at += part.length;
    return part;
  });
}

function dense(x: Float64Array, op: Op, kernel: Float64Array, bias: Float64Array): Float64Array {
  const units = op.kernel[1]!;
  const y = Float64Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value === 0) continue;
    for (let u = 0; u < units; u++) y[u]! += value * kernel[i * units + u]!;
  }
  return y;
}

/** Stamps the kernel for every input, two cells apart. */
function transposed(x: Maps, op: Op, kernel: Float64Array, bias: Float64Array): Float64Array {
  const [kh, kw, outs, ins] = op.kernel as [number, number, number, number];
  const [height, width] = op.size as [number, number, number];
  const [top] = pads(height, { kernel: kh, stride: 2, padding: "same", dilation: 1 });
  const [left] = pads(width, { kernel: kw, stride: 2, padding: "same", dilation: 1 });
  const y = new Float64Array(height * width * outs);
  for (let at = 0; at < y.length; at++) y[at] = bias[at % outs]!;
  for (let r = 0; r < x.height; r++) {
    for (let i = 0; i < kh; i++) {
      const row = 2 * r + i - top;
      if (row < 0 || row >= height) continue;
      for (let c = 0; c < x.width; c++) {
        const from = (r * x.width + c) * ins;
        for (let j = 0; j < kw; j++) {
          const column = 2 * c + j - left;
          if (column < 0 || column >= width) continue;
          const to = (row * width + column) * outs;
          for (let o = 0; o < outs; o++) {
            const stamp = ((i * kw + j) * outs + o) * ins;
            let sum = 0;
            for (let m = 0; m < ins; m++) sum += x.values[from + m]! * kernel[stamp + m]!;
            y[to + o]! += sum;
          }
        }
      }
    }
  }
  return y;
}

/** Repeats every pixel twice both ways, then convolves. */
function resize(x: Maps, op: Op, kernel: Float64Array, bias: Float64Array): Float64Array {
  const [kh, kw, ins, outs] = op.kernel as [number, number, number, number];
  const [height, width] = op.size as [number, number, number];
  const [top] = pads(height, { kernel: kh, stride: 1, padding: "same", dilation: 1 });
  const [left] = pads(width, { kernel: kw, stride: 1, padding: "same", dilation: 1 });
  const y = new Float64Array(height * width * outs);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const to = (row * width + column) * outs;
      for (let o = 0; o < outs; o++) y[to + o] = bias[o]!;
      for (let i = 0; i < kh; i++) {
        const r = row + i - top;
        if (r < 0 || r >= height) continue;
        for (let j = 0; j < kw; j++) {
          const c = column + j - left;
          if (c < 0 || c >= width) continue;
          const from = ((r >> 1) * x.width + (c >> 1)) * ins;
          for (let m = 0; m < ins; m++) {
            const value = x.values[from + m]!;
            if (value === 0) continue;
            const row0 = ((i * kw + j) * ins + m) * outs;
            for (let o = 0; o < outs; o++) y[to + o]! += value * kernel[row0 + o]!;
          }
        }
      }
    }
  }
  return y;
}

/** What every step gives for the point `z`; a vector is a map of one pixel. */
export function run(ops: readonly Op[], weights: readonly Float64Array[], z: readonly number[]): Maps[] {
  let x: Maps = { height: 1, width: 1, channels: z.length, values: Float64Array.from(z) };
  return ops.map((op, i) => {
    const [kernel, bias] = [weights[2 * i]!, weights[2 * i + 1]!];
    const values =
      op.op === "dense" ? dense(x.values, op, kernel, bias) : (op.op === "transposed" ? transposed : resize)(x, op, kernel, bias);
    if (op.activation === "relu") for (let n = 0; n < values.length; n++) values[n] = Math.max(values[n]!, 0);
    if (op.activation === "sigmoid") for (let n = 0; n < values.length; n++) values[n] = 1 / (1 + Math.exp(-values[n]!));
    const [height, width, channels] = op.size ?? [1, 1, values.length];
    x = { height: height!, width: width!, channels: channels!, values };
    return x;
  });
}

/** The mean of each phase of one channel: [[even row even column, even odd], [odd even, odd odd]]. */
export function phaseMeans(x: Maps, channel = 0): [number, number, number, number] {
  const rows = x.height >> 1;
  const columns = x.width >> 1;
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let r = 0; r < rows * 2; r++)
    for (let c = 0; c < columns * 2; c++) sums[(r % 2) * 2 + (c % 2)]! += x.values[(r * x.width + c) * x.channels + channel]!;
  return sums.map((v) => v / (rows * columns)) as typeof sums;
}

/** How far the phases stand apart: their standard deviation, as conv_lib.decoders.checkerboard of one picture. */
export function checkerboard(x: Maps, channel = 0): number {
  const means = phaseMeans(x, channel);
  const middle = means.reduce((a, b) => a + b) / 4;
  return Math.sqrt(means.reduce((sum, v) => sum + (v - middle) ** 2, 0) / 4);
}

/** A map minus itself smoothed by [1, 2, 1] / 4 both ways, as conv_lib.decoders.stride_pattern. */
export function pattern(x: Maps): Maps {
  const { height, width, channels } = x;
  const pass = (from: Float64Array, length: number, step: number): Float64Array =>
    from.map((v, n) => {
      const at = Math.floor(n / step) % length;
      const before = at > 0 ? from[n - step]! : v;
      const after = at < length - 1 ? from[n + step]! : v;
      return (before + 2 * v + after) / 4;
    });
  const smooth = pass(pass(x.values, height, width * channels), width, channels);
  return { ...x, values: x.values.map((v, n) => v - smooth[n]!) };
}
