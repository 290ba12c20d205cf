/**
 * One layer along one axis by the rules of one framework: conv_lib/shapes/layer.py, chain.py and accepted.py, which are
 * the reference. tests/js/chain.test.ts replays their case vectors.
 */
import { effectiveKernel, fullSize, kerasPaddedSize, kerasTransposedSize, pads, transposedSizes, type Axis } from "../core/shapes.ts";
import * as words from "../words/en/chain.ts";
import type { Framework, Layer } from "./layers.ts";

export interface AxisLayer extends Axis {
  kind: "conv" | "pool" | "transposed" | "upsample" | "shift" | "fixed";
  outputPadding: number | null;
  ceil: boolean;
  /** "shift": pixels added (or cut); "fixed": the size whatever comes in. */
  amount: number;
}

const ROUNDING = new Set(["conv", "depthwise", "pool"]);
/** Whether a layer gathers with a kernel: such layers have a receptive field, and may round. */
export const gathers = (layer: Layer): boolean => ROUNDING.has(layer.kind);

/** What a layer does along one axis (0: vertical); null where it has no pixels to work on. */
export function axisLayer(layer: Layer, which: 0 | 1): AxisLayer | null {
  const base: AxisLayer = {
    kind: "conv",
    kernel: layer.kernel[which],
    stride: layer.stride[which],
    dilation: layer.dilation[which],
    padding: typeof layer.padding === "string" ? layer.padding : [layer.padding[which], layer.padding[which]],
    outputPadding: layer.output_padding?.[which] ?? null,
    ceil: layer.ceil,
    amount: 0,
  };
  const [a = 0, b = 0, c = 0, d = 0] = layer.size;
  switch (layer.kind) {
    case "conv":
    case "depthwise":
      return base;
    case "pool":
    case "transposed":
      return { ...base, kind: layer.kind };
    case "upsample":
    case "shuffle":
      return { ...base, kind: "upsample" };
    case "pad":
      return { ...base, kind: "shift", amount: which ? c + d : a + b };
    case "crop":
      return { ...base, kind: "shift", amount: -(which ? c + d : a + b) };
    case "resize":
      return { ...base, kind: "fixed", amount: which ? b : a };
    case "concat":
    case "add":
    case "norm":
    case "pass":
      return { ...base, kind: "shift", amount: 0 };
    default:
      return null;
  }
}

const minus = (n: number): string => String(n).replace("-", "\u2212");

/** What a framework refuses whatever the size. */
export function refusal(l: AxisLayer, framework: Framework): string | null {
  const span = effectiveKernel(l.kernel, l.dilation);
  const { stride, dilation, padding } = l;
  if (l.kind === "upsample" || l.kind === "shift" || l.kind === "fixed") return null;
  if (framework === "keras") {
    if (typeof padding !== "string") return words.kerasPads(`${padding[0]}`);
    if (stride > 1 && dilation > 1) return words.kerasStride(`${stride}`, `${dilation}`);
    if (l.ceil) return words.KERAS_CEIL;
    if (l.kind === "transposed" && l.outputPadding !== null && l.outputPadding >= stride)
      return words.kerasOutputPadding(`${l.outputPadding}`, `${stride}`);
    return null;
  }
  if (padding === "same" && (l.kind !== "conv" || stride > 1)) return words.torchSame(`${(span - 1) >> 1}`);
  if (l.kind === "pool" && typeof padding !== "string" && padding[0] > Math.floor(l.kernel / 2))
    return words.torchPoolPadding(`${padding[0]}`, `${Math.floor(l.kernel / 2)}`);
  const most = Math.max(stride, dilation);
  if (l.kind === "transposed" && (l.outputPadding ?? 0) >= most) return words.torchOutputPadding(`${l.outputPadding}`, `${most}`);
  return null;
}

/** The size after a layer, or in words why there is none. */
export function axisSize(l: AxisLayer, size: number, framework: Framework): number | string {
  const refused = refusal(l, framework);
  if (refused) return refused;
  const span = effectiveKernel(l.kernel, l.dilation);
  switch (l.kind) {
    case "upsample":
      return size * l.stride;
    case "fixed":
      return l.amount;
    case "shift": {
      const out = size + l.amount;
      return out >= 1 ? out : words.cropsAll(`${-l.amount}`, `${size}`);
    }
    case "transposed":
      return framework === "keras" ? kerasTransposed(l, size) : torchTransposed(l, size);
    default: {
      const [before, after] = pads(size, l);
      const padded = size + before + after;
      if (l.ceil) {
        const count = Math.ceil((padded - span) / l.stride) + 1;
        // A last window that would start in the padding after the end is dropped.
        const kept = (count - 1) * l.stride >= size + before ? count - 1 : count;
        if (kept >= 1) return kept;
      }
      if (span > padded) {
        const floor = Math.floor((padded - span) / l.stride) + 1;
        const room = before + after ? words.paddedRoom(`${size} + ${before} + ${after} = ${padded}`) : words.room(size);
        return words.noRoom(`${span}`, room, `(${size} + ${before + after} \u2212 ${span}) / ${l.stride} + 1`, minus(floor));
      }
      return Math.floor((padded - span) / l.stride) + 1;
    }
  }
}

function kerasTransposed(l: AxisLayer, size: number): number | string {
  if (l.outputPadding === null) return kerasTransposedSize(size, l)!;
  const out = kerasPaddedSize(size, l, l.outputPadding);
  if (out !== null) return out;
  const legal = transposedSizes(size, l)!;
  return words.kerasMapsBack(`${l.outputPadding}`, `${l.kernel}`, `${l.padding}`, `${size}`, `${legal.first}`, `${legal.last}`);
}

function torchTransposed(l: AxisLayer, size: number): number | string {
  const crop = typeof l.padding === "string" ? 0 : l.padding[0];
  const out = fullSize(size, l) - 2 * crop + (l.outputPadding ?? 0);
  if (out >= 1) return out;
  const span = effectiveKernel(l.kernel, l.dilation);
  return words.torchCropsAll(`${crop}`, `(${size} \u2212 1)\u00b7${l.stride} + ${span} \u2212 2\u00b7${crop} + ${l.outputPadding ?? 0} = ${minus(out)}`);
}

/** The formula of a layer with the reader's numbers, for the detail view. */
export function formula(l: AxisLayer, size: number, out: number, framework: Framework): string {
  const span = effectiveKernel(l.kernel, l.dilation);
  switch (l.kind) {
    case "upsample":
      return `${size} \u00b7 ${l.stride} = ${out}`;
    case "shift":
      return l.amount ? `${size} ${l.amount < 0 ? "\u2212" : "+"} ${Math.abs(l.amount)} = ${out}` : `${size}`;
    case "fixed":
      return words.whatever(`${out}`);
    case "transposed": {
      const start = `(${size} \u2212 1)\u00b7${l.stride}`;
      if (framework === "torch") {
        const crop = typeof l.padding === "string" ? 0 : l.padding[0];
        return `${start} + ${span} \u2212 2\u00b7${crop} + ${l.outputPadding ?? 0} = ${out}`;
      }
      if (l.outputPadding === null)
        return l.padding === "same" ? `${size} \u00b7 ${l.stride} = ${out}` : `${start} + max(${span}, ${l.stride}) = ${out}`;
      return `${start} + ${l.padding === "same" ? span % 2 : span} + ${l.outputPadding} = ${out}`;
    }
    default: {
      if (l.padding === "same") return l.stride > 1 ? `\u2308${size} / ${l.stride}\u2309 = ${out}` : words.same(`${out}`);
      const [before, after] = pads(size, l);
      const [open, close] = l.ceil ? ["\u2308", "\u2309"] : ["\u230a", "\u230b"];
      return l.stride > 1
        ? `${open}(${size} + ${before + after} \u2212 ${span}) / ${l.stride}${close} + 1 = ${out}`
        : `${size} + ${before + after} \u2212 ${span} + 1 = ${out}`;
    }
  }
}

/** All sizes with this output, first and last: with more than one, the layer rounds. */
export function collapses(l: AxisLayer, size: number, out: number, framework: Framework): [number, number] {
  if (l.kind !== "conv" && l.kind !== "pool") return [size, size];
  const grown = (n: number) => {
    const found = n < 1 ? 0 : axisSize(l, n, framework);
    return typeof found === "number" ? found : 0;
  };
  let [low, high] = [size, size];
  while (low > 1 && grown(low - 1) === out) low--;
  while (grown(high + 1) === out) high++;
  return [low, high];
}

/** Pixels at the end of the input that no window reads. */
export function unread(l: AxisLayer, size: number, out: number): number {
  if (l.kind !== "conv" && l.kind !== "pool") return 0;
  const [before] = pads(size, l);
  return Math.max(size + before - (out - 1) * l.stride - effectiveKernel(l.kernel, l.dilation), 0);
}

/** A transposed layer with the output_padding that makes it give `wanted`, or null where none does. */
export function fixed(l: AxisLayer, size: number, wanted: number, framework: Framework): AxisLayer | null {
  if (l.kind !== "transposed") return null;
  const plain = { ...l, outputPadding: null };
  const gives = (v: AxisLayer) => axisSize(v, size, framework) === wanted;
  if (gives(plain)) return plain;
  const most = framework === "keras" ? l.stride : Math.max(l.stride, l.dilation);
  for (let extra = 0; extra < most; extra++) {
    const variant = { ...l, outputPadding: extra };
    if (gives(variant)) return variant;
  }
  return null;
}

/** The transposed layer of the same geometry that undoes the size of a convolution or pooling; null where there is none. */
export function restoring(l: AxisLayer, size: number, framework: Framework): AxisLayer | null {
  if (l.kind !== "conv" && l.kind !== "pool") return null;
  const out = axisSize(l, size, framework);
  if (typeof out === "string") return null;
  let { padding } = l;
  if (framework === "torch" && padding === "same") {
    const total = effectiveKernel(l.kernel, l.dilation) - 1;
    if (total % 2) return null;
    padding = [total / 2, total / 2];
  }
  return fixed({ ...l, kind: "transposed", padding, ceil: false, outputPadding: null }, out, size, framework);
}
