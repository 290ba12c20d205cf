/**
 * One layer in the words of each framework, in two dimensions: what its arguments mean, the call of another framework
 * with the same values, and what one gets by typing the same numbers in. conv_lib.frameworks is the reference and
 * tests/js replays its cases here; names, layouts and defaults are its data (translator_facts.json).
 */
import facts from "../../translator_facts.json";
import * as words from "../words/en/frameworks.ts";
import {
  effectiveKernel,
  fullSize,
  kerasPaddedSize,
  kerasTransposedSize,
  samePadding,
  torchTransposedWindow,
  transposedSizes,
  transposedWindow,
  type Padding,
  type Pads,
} from "./shapes.ts";

export type Name = keyof typeof facts;
export type Operation = "conv" | "transposed";
export type Pair = readonly [number, number];

interface Row {
  label: string;
  calls: Record<Operation, string>;
  data: string;
  kernels: Record<Operation, string>;
  flipped: boolean;
  names: Record<Operation, { stride: string; dilation: string; groups: string }>;
  refuses: string[];
}
export const FRAMEWORKS = facts as unknown as Record<Name, Row>;
export const NAMES = Object.keys(facts) as Name[];
export const channelsLast = (name: Name): boolean => FRAMEWORKS[name].data.endsWith("C");
/** Frameworks without groups in the transposed layer. */
export const NO_GROUPS: readonly Name[] = ["tf", "keras", "jax", "jax-default"];

/** A layer with its framework's numbers; the names come in when it is written. */
export interface Layer {
  framework: Name;
  operation: Operation;
  size: Pair;
  taps: Pair;
  ins: number;
  outs: number;
  strides: Pair;
  dilations: Pair;
  groups: number;
  /** A name, or (before, after) for each axis. */
  padding: "valid" | "same" | "lower" | readonly [Pads, Pads];
  /** output_padding; null where it is left out. */
  extras: Pair | null;
  /** output_shape of tf.nn. */
  output: Pair | null;
}

/** One axis as in conv_lib.frameworks.meaning. */
export interface AxisMeaning {
  size: number;
  kernel: number;
  stride: number;
  dilation: number;
  start: number;
  output: number;
}

export class Refused extends Error {}

const both = <T>(f: (which: 0 | 1) => T): [T, T] => [f(0), f(1)];
export const spanOf = (a: AxisMeaning): number => effectiveKernel(a.kernel, a.dilation);
export const fullOf = (a: AxisMeaning): number => (a.size - 1) * a.stride + spanOf(a);

// ------------------------------------------------------------------------- what a layer means

function convAxis(size: number, kernel: number, stride: number, dilation: number, [before, after]: Pads): AxisMeaning {
  const room = size + before + after - effectiveKernel(kernel, dilation);
  if (room < 0) throw new Refused(words.KERNEL_TOO_LARGE);
  return { size, kernel, stride, dilation, start: -before, output: Math.floor(room / stride) + 1 };
}

/** The axes of a layer; throws `Refused` for what its framework does not take. */
export function axesOf(layer: Layer): [AxisMeaning, AxisMeaning] {
  const { framework, operation, padding } = layer;
  const label = FRAMEWORKS[framework].label;
  if (layer.ins % layer.groups || layer.outs % layer.groups)
    throw new Refused(words.groupsDivide(layer.ins, layer.outs));
  if (layer.groups > 1 && operation === "transposed" && NO_GROUPS.includes(framework))
    throw new Refused(words.noGroups(FRAMEWORKS[framework].calls[operation]));
  if (framework === "keras") {
    if (typeof padding !== "string") throw new Refused(words.KERAS_NAMES);
    if (Math.max(...layer.strides) > 1 && Math.max(...layer.dilations) > 1)
      throw new Refused(words.KERAS_STRIDES_OR_DILATION);
  }
  if (padding === "lower" && framework !== "onnx") throw new Refused(words.notLower(label));
  if (typeof padding !== "string" && !framework.startsWith("jax") && Math.min(...padding.flat()) < 0)
    throw new Refused(words.noNegativePadding(label));
  if (framework === "torch") {
    if (typeof padding !== "string" && padding.some(([b, a]) => a !== b))
      throw new Refused(words.TORCH_BOTH_ENDS);
    if (typeof padding === "string" && operation === "transposed")
      throw new Refused(words.TORCH_PIXELS);
    if (padding === "same" && Math.max(...layer.strides) > 1)
      throw new Refused(words.TORCH_SAME);
  }
  return both((which) => (operation === "conv" ? convRead(layer, which) : transposedRead(layer, which)));
}

function convRead(layer: Layer, which: 0 | 1): AxisMeaning {
  const [size, kernel] = [layer.size[which], layer.taps[which]];
  const [stride, dilation] = [layer.strides[which], layer.dilations[which]];
  const { padding } = layer;
  let pads: Pads = [0, 0];
  if (padding === "same" || padding === "lower") {
    const [before, after] = samePadding(size, { kernel, stride, dilation, padding: "same" });
    pads = padding === "same" ? [before, after] : [after, before];
  } else if (padding !== "valid") pads = padding[which];
  return convAxis(size, kernel, stride, dilation, pads);
}

function transposedRead(layer: Layer, which: 0 | 1): AxisMeaning {
  const { framework, padding } = layer;
  const [size, kernel] = [layer.size[which], layer.taps[which]];
  const [stride, dilation] = [layer.strides[which], layer.dilations[which]];
  const base = { size, kernel, stride, dilation };
  const extra = layer.extras ? layer.extras[which] : null;
  const own: Padding = typeof padding === "string" ? (padding as Padding) : padding[which];
  const axis = { kernel, stride, dilation, padding: own };
  const span = effectiveKernel(kernel, dilation);
  const full = fullSize(size, axis);
  const legal = framework === "tf" || framework === "keras" ? transposedSizes(size, axis) : null;
  switch (framework) {
    case "tf": {
      const output = layer.output![which];
      if (!legal) throw new Refused(words.CROPS_ALL);
      if (output < legal.first || output > legal.last)
        throw new Refused(words.outputShape(output, size, legal.first, legal.last));
      return { ...base, start: transposedWindow(output, axis)[0], output };
    }
    case "keras": {
      const output = extra === null ? kerasTransposedSize(size, axis) : kerasPaddedSize(size, axis, extra);
      if (output === null || !legal || output < legal.first || output > legal.last)
        throw new Refused(words.kerasExtra(String(extra)));
      return { ...base, start: transposedWindow(output, axis)[0], output };
    }
    case "torch": {
      const window = torchTransposedWindow(size, axis, (padding as readonly [Pads, Pads])[which][0], extra ?? 0);
      if (!window) throw new Refused(words.TORCH_EXTRA);
      return { ...base, start: window[0], output: window[1] - window[0] };
    }
    case "jax":
    case "jax-default": {
      let pads: Pads;
      if (own === "same") {
        const total = span + stride - 2;
        const before = stride > span - 1 ? span - 1 : Math.ceil(total / 2);
        pads = [before, total - before];
      } else if (own === "valid") {
        pads = [span - 1, span + stride - 2 + Math.max(span - stride, 0) - (span - 1)];
      } else pads = own;
      const output = full + pads[0] + pads[1] - 2 * (span - 1);
      if (output < 1) throw new Refused(words.JAX_ONE_PIXEL);
      return { ...base, start: span - 1 - pads[0], output };
    }
    case "onnx": {
      const more = extra ?? 0;
      if (more >= Math.max(stride, dilation)) throw new Refused(words.ONNX_EXTRA);
      if (padding === "same" || padding === "lower") {
        const output = size * stride;
        const total = full + more - output;
        if (total < 0) throw new Refused(words.ONNX_APPENDS_NOTHING);
        const half = Math.floor(total / 2);
        return { ...base, start: padding === "same" ? half : total - half, output };
      }
      const [before, after] = padding === "valid" ? [0, 0] : padding[which];
      const output = full + more - before - after;
      if (output < 1) throw new Refused(words.ONNX_ONE_PIXEL);
      return { ...base, start: before, output };
    }
  }
}

// ------------------------------------------------------------------------ the same numbers typed in

const half = (layer: Layer): [number, number] =>
  both((w) => Math.floor((effectiveKernel(layer.taps[w], layer.dilations[w]) - 1) / 2));

function fitting(layer: Layer, crops: readonly [Pads, Pads], outputs: Pair, strict: boolean): [number, number] {
  return both((w) => {
    const [stride, dilation] = [layer.strides[w], layer.dilations[w]];
    const full = (layer.size[w] - 1) * stride + effectiveKernel(layer.taps[w], dilation);
    const extra = outputs[w] - (full - crops[w][0] - crops[w][1]);
    return extra >= 0 && extra < (strict ? stride : Math.max(stride, dilation)) ? extra : 0;
  });
}

/** The layer that one gets by typing the same numbers into another framework; throws `Refused`. */
export function typedIn(layer: Layer, to: Name): Layer {
  const axes = axesOf(layer);
  if (to === layer.framework) return layer;
  const outputs: Pair = [axes[0].output, axes[1].output];
  const transposed = layer.operation === "transposed";
  const next: Layer = { ...layer, framework: to, extras: null, output: null };
  const heard = layer.padding === "lower" ? "same" : layer.padding;
  const extras = transposed ? (layer.extras ?? (layer.framework === "torch" || layer.framework === "onnx" ? [0, 0] : null)) : null;
  next.padding = heard;
  if (layer.groups > 1 && transposed && NO_GROUPS.includes(to)) throw new Refused(words.noGroups(FRAMEWORKS[to].calls.transposed));
  if (to === "tf") {
    if (transposed) next.output = outputs;
  } else if (to === "keras") {
    if (typeof heard !== "string") next.padding = heard.flat().some(Boolean) ? "same" : "valid";
    if (extras && extras.some(Boolean)) next.extras = extras;
  } else if (to === "onnx") {
    if (transposed) {
      if (extras) next.extras = extras;
      else if (heard === "valid") next.extras = fitting(layer, [[0, 0], [0, 0]], outputs, true);
      else if (typeof heard !== "string") next.extras = fitting(layer, heard, outputs, true);
    }
  } else if (to === "torch") {
    if (!(layer.operation === "conv" && heard === "same" && Math.max(...layer.strides) === 1)) {
      if (typeof heard === "string") {
        const p = heard === "same" ? half(layer) : [0, 0];
        next.padding = [[p[0]!, p[0]!], [p[1]!, p[1]!]];
      }
      if (typeof next.padding !== "string" && next.padding.some(([b, a]) => a !== b))
        throw new Refused(words.TORCH_BOTH_ENDS);
      if (transposed) next.extras = extras ?? fitting(layer, next.padding as readonly [Pads, Pads], outputs, false);
    }
  }
  axesOf(next);
  return next;
}

// --------------------------------------------------------------------------- how far apart

export interface Mismatch {
  starts: Pair;
  sizes: Pair;
  turned: boolean;
  same: boolean;
}

/** Whether the kernel that a typed-in port uses is the source's turned by 180 degrees. */
export const turnedBetween = (a: Name, b: Name, operation: Operation): boolean =>
  operation === "transposed" && FRAMEWORKS[a].flipped !== FRAMEWORKS[b].flipped;

export function mismatch(a: Layer, b: Layer, symmetric: boolean): Mismatch {
  const [x, y] = [axesOf(a), axesOf(b)];
  const starts = both((w) => y[w].start - x[w].start);
  const sizes = both((w) => y[w].output - x[w].output);
  const turned = !symmetric && turnedBetween(a.framework, b.framework, a.operation);
  return { starts, sizes, turned, same: !turned && ![...starts, ...sizes].some(Boolean) };
}

// ------------------------------------------------------------------------------ the right call

/** A Python value: arrays are tuples, `list` makes a list. */
export type Py = number | string | boolean | null | readonly Py[] | { list: readonly Py[] };

export function py(value: Py): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `(${value.map(py).join(", ")}${value.length === 1 ? "," : ""})`;
  return `[${(value as { list: readonly Py[] }).list.map(py).join(", ")}]`;
}

type Named = [string, Py][];
const call = (name: string, listed: string[], named: Named): string =>
  `${name}(${[...listed, ...named.map(([key, value]) => `${key}=${py(value)}`)].join(", ")})`;

type PadPair = readonly [Pads, Pads];
const NOTHING: PadPair = [[0, 0], [0, 0]];
const any = (pads: PadPair): boolean => pads.flat().some(Boolean);

function padded(code: string, amounts: PadPair, how: string, last: boolean): string {
  const adds = amounts.map((pair) => pair.map((n) => Math.max(n, 0)));
  if (adds.flat().some(Boolean)) {
    const of: Py = how === "F.pad" ? [...adds].reverse().flat() : [[0, 0], ...adds, [0, 0]];
    code = `${how}(${code}, ${py(of)})`;
  }
  const cuts = amounts.map(([before, after]) => `${before < 0 ? -before : ""}:${after < 0 ? after : ""}`);
  return cuts.some((cut) => cut !== ":") ? `${code}[${[...(last ? [":"] : [":", ":"]), ...cuts].join(", ")}]` : code;
}

const needed = (a: AxisMeaning): [number, number, number] => {
  const least = a.start + (a.output - 1) * a.stride + spanOf(a) - a.size;
  return [-a.start, least, least + a.stride - 1];
};
function simplest(a: AxisMeaning): Pads {
  const [before, least, most] = needed(a);
  return least <= before && before <= most ? [before, before] : [before, Math.min(Math.max(least, 0), most)];
}
const moved = (a: AxisMeaning, start: number, length: number): Pads => [start - a.start, a.start + a.output - start - length];

export interface Conversion {
  code: string;
  inputPad: PadPair;
  outputPad: PadPair;
  native: boolean;
  anySize: boolean;
  notes: string[];
  /** The kernel that the code takes: zeros written between the taps, or between groups. */
  spread: boolean;
  dense: boolean;
}

interface Written extends Omit<Conversion, "anySize" | "native"> {}

const spreadAxes = (axes: [AxisMeaning, AxisMeaning]): [AxisMeaning, AxisMeaning] =>
  both((w) => ({ ...axes[w], kernel: spanOf(axes[w]), dilation: 1 }));
const pairOf = (axes: readonly AxisMeaning[], key: "stride" | "dilation" | "start" | "output"): Pair =>
  [axes[0]![key], axes[1]![key]];

function convNamed(axes: readonly AxisMeaning[], name: "VALID" | "SAME"): boolean {
  return axes.every((a) => {
    const pads: Pads = name === "SAME" ? samePadding(a.size, { ...a, padding: "same" }) : [0, 0];
    const room = a.size + pads[0] + pads[1] - spanOf(a);
    return room >= 0 && -pads[0] === a.start && Math.floor(room / a.stride) + 1 === a.output;
  });
}
const namedPadding = (axes: readonly AxisMeaning[]) => (["VALID", "SAME"] as const).find((name) => convNamed(axes, name)) ?? null;

function write(to: Name, operation: Operation, given: [AxisMeaning, AxisMeaning], groups: number, outs: number): Written {
  let axes = given;
  const w: Written = { code: "", inputPad: NOTHING, outputPad: NOTHING, notes: [], spread: false, dense: false };
  const transposed = operation === "transposed";
  const dilated = axes.some((a) => a.dilation > 1);
  const strided = axes.some((a) => a.stride > 1);
  const withoutDilation = (note: string) => {
    axes = spreadAxes(axes);
    w.spread = true;
    w.notes.push(note);
  };
  const withoutGroups = (note: string) => {
    groups = 1;
    w.dense = true;
    w.notes.push(note);
  };
  const simple = (): PadPair => both((i) => simplest(axes[i]));
  const explicit = (pads: PadPair): Py => ({ list: [{ list: [0, 0] }, { list: pads[0] }, { list: pads[1] }, { list: [0, 0] }] });
  switch (to) {
    case "tf": {
      if (dilated && transposed) withoutDilation(words.SPREAD.tf);
      if (groups > 1 && transposed) withoutGroups(words.DENSE.tf);
      const how: Named = [["strides", pairOf(axes, "stride")]];
      if (!transposed) {
        let padding: Py = namedPadding(axes);
        if (padding === null && axes.every((a) => needed(a)[0] >= 0)) {
          const amounts = simple();
          if (amounts.every(([, after]) => after >= 0)) padding = explicit(amounts);
        }
        if (padding === null) {
          padding = "VALID";
          w.inputPad = simple();
        }
        how.push(["padding", padding]);
        if (dilated) how.push(["dilations", pairOf(axes, "dilation")]);
        w.code = call("tf.nn.conv2d", [padded("x", w.inputPad, "tf.pad", true), "kernel"], how);
        return w;
      }
      const fits = (a: AxisMeaning, padding: Padding): boolean => {
        const axis = { ...a, padding };
        const legal = transposedSizes(a.size, axis);
        return a.start >= 0 && !!legal && a.output >= legal.first && a.output <= legal.last && transposedWindow(a.output, axis)[0] === a.start;
      };
      let outputs = pairOf(axes, "output");
      let padding: Py = (["valid", "same"] as const).find((name) => axes.every((a) => fits(a, name)))?.toUpperCase() ?? null;
      if (padding === null) {
        const amounts: PadPair = both((i) => [axes[i].start, Math.max(fullOf(axes[i]) - axes[i].start - axes[i].output, 0)] as const);
        if (axes.every((a, i) => fits(a, amounts[i as 0 | 1]))) padding = explicit(amounts);
      }
      if (padding === null) {
        padding = "VALID";
        outputs = both((i) => {
          const legal = transposedSizes(axes[i].size, { ...axes[i], padding: "valid" })!;
          return Math.min(Math.max(axes[i].start + axes[i].output, legal.first), legal.last);
        });
        w.outputPad = both((i) => moved(axes[i], 0, outputs[i]));
      }
      how.push(["padding", padding]);
      const shape = `output_shape=(x.shape[0], ${outputs.join(", ")}, ${outs})`;
      w.code = padded(call("tf.nn.conv2d_transpose", ["x", "kernel", shape], how), w.outputPad, "tf.pad", true);
      return w;
    }
    case "keras": {
      if (dilated && strided) withoutDilation(words.SPREAD.keras);
      if (groups > 1 && transposed) withoutGroups(words.DENSE.keras);
      let padding: Py = "valid";
      let extras: Py = null;
      const rest = (): Named => [["strides", pairOf(axes, "stride")], ["padding", padding], ["dilation_rate", pairOf(axes, "dilation")]];
      if (!transposed) {
        const name = namedPadding(axes);
        if (name === null) w.inputPad = simple();
        else padding = name.toLowerCase();
        const x = padded("x", w.inputPad, "keras.ops.pad", true);
        w.code = call("keras.ops.conv", [x, "kernel"], [...rest(), ["data_format", "channels_last"]]);
        return w;
      }
      const result = (a: AxisMeaning, name: "valid" | "same", extra: number | null): AxisMeaning | null => {
        const axis = { ...a, padding: name };
        const output = extra === null ? kerasTransposedSize(a.size, axis) : kerasPaddedSize(a.size, axis, extra);
        const legal = transposedSizes(a.size, axis);
        if (output === null || !legal || output < legal.first || output > legal.last) return null;
        return { ...a, start: transposedWindow(output, axis)[0], output };
      };
      const equal = (a: AxisMeaning, b: AxisMeaning | null) => !!b && a.start === b.start && a.output === b.output;
      let found = false;
      for (const name of ["valid", "same"] as const) {
        const more = both((i) => axes[i].output - fullOf(axes[i]) + (name === "same" ? 2 * Math.floor(spanOf(axes[i]) / 2) : 0));
        if (axes.every((a) => equal(a, result(a, name, null)))) extras = null;
        else if (axes.every((a, i) => equal(a, result(a, name, more[i as 0 | 1])))) extras = more;
        else continue;
        padding = name;
        found = true;
        break;
      }
      if (!found)
        w.outputPad = both((i) => {
          const r = result(axes[i], "valid", null)!;
          return moved(axes[i], r.start, r.output);
        });
      const code = call("keras.ops.conv_transpose", ["x", "kernel"], [...rest(), ["output_padding", extras], ["data_format", "channels_last"]]);
      w.code = padded(code, w.outputPad, "keras.ops.pad", true);
      return w;
    }
    case "torch": {
      let padding: Pair = [0, 0];
      let extras: Pair = [0, 0];
      const rest = (): Named => [["stride", pairOf(axes, "stride")], ["padding", padding], ["dilation", pairOf(axes, "dilation")], ["groups", groups]];
      if (!transposed) {
        const even = axes.every((a) => {
          const [before, least, most] = needed(a);
          return before >= 0 && least <= before && before <= most;
        });
        if (even) padding = both((i) => -axes[i].start + 0);
        else w.inputPad = simple();
        w.code = call("F.conv2d", [padded("x", w.inputPad, "F.pad", false), "kernel"], rest());
        return w;
      }
      const limits = axes.map((a) => Math.max(a.stride, a.dilation));
      const wanted = both((i) => axes[i].output - fullOf(axes[i]) + 2 * axes[i].start);
      if (axes.every((a, i) => a.start >= 0 && wanted[i]! >= 0 && wanted[i]! < limits[i]!)) {
        padding = pairOf(axes, "start");
        extras = wanted;
      } else {
        extras = both((i) => Math.min(Math.max(axes[i].start + axes[i].output - fullOf(axes[i]), 0), limits[i]! - 1));
        w.outputPad = both((i) => moved(axes[i], 0, fullOf(axes[i]) + extras[i]));
      }
      w.code = padded(call("F.conv_transpose2d", ["x", "kernel"], [...rest(), ["output_padding", extras]]), w.outputPad, "F.pad", false);
      return w;
    }
    case "jax":
    case "jax-default": {
      if (transposed && groups > 1) withoutGroups(words.DENSE.jax);
      const pads: PadPair = transposed
        ? both((i) => {
            const [a, span] = [axes[i], spanOf(axes[i])];
            const before = span - 1 - a.start;
            return [before, a.output - fullOf(a) - before + 2 * (span - 1)] as const;
          })
        : simple();
      const how: Named = [
        [transposed ? "strides" : "window_strides", pairOf(axes, "stride")],
        ["padding", pads],
        ["rhs_dilation", pairOf(axes, "dilation")],
        transposed ? ["transpose_kernel", to === "jax"] : ["feature_group_count", groups],
        ["dimension_numbers", ["NHWC", "HWIO", "NHWC"]],
      ];
      w.code = call(transposed ? "lax.conv_transpose" : "lax.conv_general_dilated", ["x", "kernel"], how);
      return w;
    }
    case "onnx": {
      const how: Named = [["strides", pairOf(axes, "stride")], ["dilations", pairOf(axes, "dilation")], ["group", groups]];
      let amounts: PadPair;
      if (!transposed) {
        amounts = simple();
        if (Math.min(...amounts.flat()) < 0) {
          w.inputPad = amounts;
          amounts = NOTHING;
        }
      } else {
        const beyond = both((i) => axes[i].start + axes[i].output - fullOf(axes[i]));
        const extras = both((i) => Math.min(Math.max(beyond[i], 0), axes[i].stride - 1));
        amounts = both((i) => [Math.min(Math.max(axes[i].start, 0), fullOf(axes[i]) - 1), Math.max(-beyond[i], 0)] as const);
        if (axes.some((a, i) => amounts[i]![0] + amounts[i]![1] >= fullOf(a))) amounts = NOTHING;
        w.outputPad = both((i) => moved(axes[i], amounts[i][0], fullOf(axes[i]) - amounts[i][0] - amounts[i][1] + extras[i]));
        how.push(["output_padding", extras]);
      }
      how.push(["pads", [amounts[0][0], amounts[1][0], amounts[0][1], amounts[1][1]]]);
      const padNodes = (from: string, target: string, pads: PadPair): string[] => {
        const values = [0, 0, pads[0][0], pads[1][0], 0, 0, pads[0][1], pads[1][1]];
        const name = `pads_of_${target}`;
        return [
          `helper.make_node("Constant", [], ["${name}"], value_ints=[${values.join(", ")}])`,
          `helper.make_node("Pad", ["${from}", "${name}"], ["${target}"])`,
        ];
      };
      const nodes: string[] = [];
      const [x, y] = [any(w.inputPad) ? "padded" : "x", any(w.outputPad) ? "uncropped" : "y"];
      if (x === "padded") nodes.push(...padNodes("x", "padded", w.inputPad));
      nodes.push(call("helper.make_node", [`"${transposed ? "ConvTranspose" : "Conv"}"`, `["${x}", "kernel"]`, `["${y}"]`], how));
      if (y === "uncropped") nodes.push(...padNodes("uncropped", "y", w.outputPad));
      w.code = `[${nodes.join(", ")}]`;
      return w;
    }
  }
}

/** The call of another framework with the same values. */
export function convert(layer: Layer, to: Name): Conversion {
  const result = write(to, layer.operation, axesOf(layer), layer.groups, layer.outs);
  const text = (w: Written) => JSON.stringify([w.code, w.inputPad, w.outputPad]);
  let anySize = !(layer.framework === "tf" && layer.operation === "transposed");
  for (let step = 1; anySize && step <= Math.max(...layer.strides); step++) {
    const larger = { ...layer, size: both((w) => layer.size[w] + step) };
    anySize = text(write(to, layer.operation, axesOf(larger), layer.groups, layer.outs)) === text(result);
  }
  return { ...result, native: !any(result.inputPad) && !any(result.outputPad), anySize };
}

/** What the standard defines and ONNX Runtime does not run (tests/frameworks). */
export const onnxRefuses = (layer: Layer): boolean =>
  layer.framework === "onnx" && layer.operation === "conv" && Math.max(...layer.dilations) > 1 && (layer.padding === "same" || layer.padding === "lower");

// ------------------------------------------------------------------------- a layer in its own words

const plain = (pair: Pair): Py => (pair[0] === pair[1] ? pair[0] : pair);

/** The call of a layer with its own arguments, defaults left out. */
export function callLine(layer: Layer): string {
  const { framework, operation, padding: p } = layer;
  const transposed = operation === "transposed";
  const names = FRAMEWORKS[framework].names[operation];
  const dilation: Named = plain(layer.dilations) === 1 ? [] : [[names.dilation, plain(layer.dilations)]];
  const stride: Named = plain(layer.strides) === 1 ? [] : [[names.stride, plain(layer.strides)]];
  const groups: Named = layer.groups === 1 ? [] : [[names.groups, layer.groups]];
  const listed = ["x", "kernel"];
  const explicit: Py = typeof p === "string" ? p.toUpperCase() : { list: [{ list: [0, 0] }, { list: p[0] }, { list: p[1] }, { list: [0, 0] }] };
  const extras = layer.extras && plain(layer.extras);
  switch (framework) {
    case "tf": {
      const how: Named = [[names.stride, plain(layer.strides)], ["padding", explicit], ...dilation];
      if (!transposed) return call("tf.nn.conv2d", listed, how);
      return call("tf.nn.conv2d_transpose", [...listed, `output_shape=(x.shape[0], ${layer.output!.join(", ")}, ${layer.outs})`], how);
    }
    case "keras": {
      const padding: Named = [["padding", p as string]];
      if (!transposed) return call("keras.ops.conv", listed, [...stride, ...padding, ...dilation]);
      const more: Named = extras === null ? [] : [["output_padding", extras]];
      return call("keras.ops.conv_transpose", listed, [[names.stride, plain(layer.strides)], ...padding, ...more, ...dilation]);
    }
    case "torch": {
      const pixels: Py = typeof p === "string" ? p : plain([p[0][0], p[1][0]]);
      const padding: Named = pixels === 0 ? [] : [["padding", pixels]];
      const more: Named = extras === null || extras === 0 ? [] : [["output_padding", extras]];
      return call(transposed ? "F.conv_transpose2d" : "F.conv2d", listed, [...stride, ...padding, ...more, ...dilation, ...groups]);
    }
    case "jax":
    case "jax-default": {
      const spread: Named = dilation.length ? [[names.dilation, layer.dilations]] : [];
      const how: Named = [
        [names.stride, layer.strides],
        ["padding", typeof p === "string" ? p.toUpperCase() : p],
        ...spread,
        ...(transposed ? ([["transpose_kernel", framework === "jax"]] as Named) : groups),
        ["dimension_numbers", ["NHWC", "HWIO", "NHWC"]],
      ];
      return call(transposed ? "lax.conv_transpose" : "lax.conv_general_dilated", listed, how);
    }
    case "onnx": {
      const lists = (named: Named, pair: Pair): Named => named.map(([name]) => [name, { list: pair }]);
      const auto = { same: "SAME_UPPER", lower: "SAME_LOWER", valid: "VALID" };
      const pads: Named = typeof p === "string" ? [["auto_pad", auto[p]]] : [["pads", { list: [p[0][0], p[1][0], p[0][1], p[1][1]] }]];
      const more: Named = extras === null || extras === 0 ? [] : [["output_padding", { list: layer.extras! }]];
      const how = [...lists(stride, layer.strides), ...pads, ...more, ...lists(dilation, layer.dilations), ...groups];
      return `[${call("helper.make_node", [`"${transposed ? "ConvTranspose" : "Conv"}"`, '["x", "kernel"]', '["y"]'], how)}]`;
    }
  }
}

// ------------------------------------------------------------------------------------ values

/** x[c][row][column]; kernel as conv_lib's: [kh][kw][in / groups][out], transposed [kh][kw][out / groups][in]. */
export type Planes = readonly (readonly (readonly number[])[])[];
export type Kernel = readonly (readonly (readonly (readonly number[])[])[])[];

export const turnedKernel = (kernel: Kernel): Kernel => [...kernel].reverse().map((row) => [...row].reverse());

/** One output channel of a layer. */
export function evaluate(
  operation: Operation,
  axes: readonly [AxisMeaning, AxisMeaning],
  groups: number,
  outs: number,
  x: Planes,
  kernel: Kernel,
  channel: number,
): number[][] {
  const [v, h] = axes;
  const out = Array.from({ length: v.output }, () => new Array<number>(h.output).fill(0));
  const per = x.length / groups;
  const group = Math.floor(channel / (outs / groups));
  for (let m = 0; m < per; m++) {
    const plane = x[group * per + m]!;
    for (let i = 0; i < v.kernel; i++) {
      for (let j = 0; j < h.kernel; j++) {
        const tap = kernel[i]![j]!;
        const weight = operation === "conv" ? tap[m]![channel]! : tap[channel % (outs / groups)]![group * per + m]!;
        if (operation === "conv") {
          for (let r = 0; r < v.output; r++) {
            const row = plane[v.start + r * v.stride + i * v.dilation];
            if (!row) continue;
            for (let c = 0; c < h.output; c++) {
              const value = row[h.start + c * h.stride + j * h.dilation];
              if (value !== undefined) out[r]![c]! += value * weight;
            }
          }
        } else {
          for (let r = 0; r < v.size; r++) {
            const row = out[r * v.stride + i * v.dilation - v.start];
            if (!row) continue;
            for (let c = 0; c < h.size; c++) {
              const at = c * h.stride + j * h.dilation - h.start;
              if (at >= 0 && at < h.output) row[at]! += plane[r]![c]! * weight;
            }
          }
        }
      }
    }
  }
  return out;
}
