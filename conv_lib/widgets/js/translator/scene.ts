/** What the translator shows of its settings: the source, both ports, their values, and how they differ. */
import {
  axesOf,
  callLine,
  convert,
  evaluate,
  FRAMEWORKS,
  fullOf,
  mismatch,
  Refused,
  turnedKernel,
  typedIn,
  turnedBetween,
  type AxisMeaning,
  type Conversion,
  type Layer,
  type Mismatch,
  type Name,
  type Planes,
} from "../core/frameworks.ts";
import { samePadding } from "../core/shapes.ts";
import * as words from "../words/en/translator.ts";
import { choices, inputOf, kernelOf, layerOf, symmetric, type Settings } from "./settings.ts";

export interface Typed {
  layer: Layer;
  axes: [AxisMeaning, AxisMeaning];
  code: string;
  found: Mismatch;
}

export interface Scene {
  /** What each other framework makes of the same numbers, for its chip. */
  badges: { name: Name; text: string; good: boolean }[];
  layer: Layer;
  axes: [AxisMeaning, AxisMeaning];
  code: string;
  typed: Typed | null;
  refusal: string | null;
  right: Conversion;
  /** The source's output at the channel shown, and that of the port that is laid over it; null where there is none. */
  ours: number[][];
  theirs: number[][] | null;
  theirAxes: [AxisMeaning, AxisMeaning] | null;
}

export const planes = (s: Settings): Planes => {
  const x = inputOf(s);
  return Array.from({ length: s.channels[0] }, (_, i) => x.map((row) => row.map((cell) => cell[i]!)));
};

/** What a target makes of the same numbers: null where it refuses them. */
export function typedFor(s: Settings, layer: Layer, to: Name): Typed | string {
  try {
    const next = typedIn(layer, to);
    return { layer: next, axes: axesOf(next), code: callLine(next), found: mismatch(layer, next, symmetric(kernelOf(s))) };
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** All channels of a layer's output, or one. */
export function valuesOf(s: Settings, axes: [AxisMeaning, AxisMeaning], turned: boolean, channel: number): number[][] {
  const kernel = kernelOf(s);
  return evaluate(s.operation, axes, s.groups, s.channels[1], planes(s), turned ? turnedKernel(kernel) : kernel, channel);
}

export function buildScene(s: Settings): Scene {
  const layer = layerOf(s);
  const axes = axesOf(layer);
  const tried = typedFor(s, layer, s.target);
  const typed = typeof tried === "string" ? null : tried;
  const right = convert(layer, s.target);
  const ours = valuesOf(s, axes, false, s.channel);
  let theirs: number[][] | null = ours;
  let theirAxes: Scene["theirAxes"] = axes;
  if (s.shown === "typed") {
    theirAxes = typed?.axes ?? null;
    theirs = theirAxes && valuesOf(s, theirAxes, turnedBetween(s.source, s.target, s.operation), s.channel);
  }
  const badges = choices(s.operation)
    .filter((name) => name !== s.source)
    .map((name) => ({ name, ...badge(name === s.target ? tried : typedFor(s, layer, name)) }));
  return { badges, layer, axes, code: callLine(layer), typed, refusal: typeof tried === "string" ? tried : null, right, ours, theirs, theirAxes };
}

// ------------------------------------------------------------------------------------ words

export type Verdict = "same" | "shape" | "nothing" | "refused";

export function verdictOf(typed: Typed | null): Verdict {
  if (!typed) return "refused";
  if (typed.found.same) return "same";
  return typed.found.sizes.some(Boolean) ? "nothing" : "shape";
}

/** One or two words for a target's chip. */
export function badge(tried: Typed | string): { text: string; good: boolean } {
  if (typeof tried === "string") return { text: words.REFUSED, good: false };
  const { found } = tried;
  if (found.same) return { text: words.EQUAL, good: true };
  if (found.sizes.some(Boolean)) return { text: words.OTHER_SIZE, good: false };
  if (found.turned) return { text: words.TURNED, good: false };
  return { text: words.pixelsOff(Math.max(...found.starts.map(Math.abs))), good: false };
}

export const sizeWords = (axes: readonly AxisMeaning[]): string => axes.map((a) => a.output).join(" \u00d7 ");

/** (before, after): added around the input of a convolution, cropped from the full result of its transpose. */
export function padSplit(layer: Layer, a: AxisMeaning, which: 0 | 1): readonly [number, number] {
  if (layer.operation === "transposed") return [a.start, fullOf(a) - a.start - a.output];
  if (typeof layer.padding !== "string") return layer.padding[which];
  if (layer.padding === "valid") return [0, 0];
  const [before, after] = samePadding(a.size, { ...a, padding: "same" });
  return layer.padding === "same" ? [before, after] : [after, before];
}

export const splitWords = (layer: Layer, [rows, columns]: [AxisMeaning, AxisMeaning]): string =>
  words.sides(layer.operation === "transposed", padSplit(layer, rows, 0), padSplit(layer, columns, 1));

/** "H W O I" with its lengths, as a framework stores this kernel. */
export function kernelAxes(s: Settings, name: Name): { letters: string[]; lengths: number[] } {
  const letters = [...FRAMEWORKS[name].kernels[s.operation].replace("S", "HW")];
  const [ins, outs] = s.channels;
  const k = s.kernel_size;
  const lengths = letters.map((letter) =>
    letter === "I" ? (s.operation === "conv" ? ins / s.groups : ins) : letter === "O" ? (s.operation === "conv" ? outs : outs / s.groups) : k,
  );
  return { letters, lengths };
}

/** The line of NumPy that takes a kernel from one framework to another. */
export function weightLine(s: Settings): string {
  const from = kernelAxes(s, s.source).letters;
  const to = kernelAxes(s, s.target).letters;
  const order = to.map((letter) => from.indexOf(letter));
  const flip = turnedBetween(s.source, s.target, s.operation);
  let code = "kernel";
  if (flip) code = `np.flip(kernel, (${from.indexOf("H")}, ${from.indexOf("W")}))`;
  if (order.some((n, i) => n !== i)) code = `np.transpose(${code}, (${order.join(", ")}))`;
  return code === "kernel" ? "kernel = kernel" : `kernel = ${code}`;
}
