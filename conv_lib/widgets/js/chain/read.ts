/** Layers from pasted lines of Keras or PyTorch. The text is read, never executed. */
import { LIMITS, MOST_LAYERS, layerProblem, PLAIN, tidy, type Framework, type Layer, type Pair } from "./layers.ts";
import { Parser, statements, type Expr, type Statement } from "./python.ts";
import type { Chain } from "./walk.ts";

export interface Reading {
  /** null where no layer was found. */
  chain: Chain | null;
  /** What the reader should know: lines left out, names without a number, layers that are not known. */
  notes: string[];
}

const LONGEST_TEXT = 30_000;
/** Values worked out before the reader gives up: far more than any model has. */
const MOST_VALUES = 60_000;

type Value =
  | { t: "num"; v: number }
  | { t: "str"; v: string }
  | { t: "none" }
  | { t: "bool"; v: boolean }
  | { t: "seq"; items: Value[] }
  | { t: "made"; layers: Layer[]; line: number }
  | { t: "tensor"; at: number | null }
  | { t: "name"; path: string };

const UNKNOWN: Value = { t: "name", path: "" };

/** A value that is no number where one is needed. */
class Unclear extends Error {}

class Args {
  private readonly given = new Map<string, Value>();
  constructor(signature: readonly string[], args: readonly Value[], named: ReadonlyMap<string, Value>) {
    args.forEach((value, i) => signature[i] && this.given.set(signature[i]!, value));
    for (const [name, value] of named) this.given.set(name, value);
  }
  get(...names: string[]): Value | undefined {
    for (const name of names) if (this.given.has(name)) return this.given.get(name);
    return undefined;
  }
  has(name: string): boolean {
    const value = this.given.get(name);
    return value !== undefined && value.t !== "none";
  }
  whole(name: string, usual: number): number {
    const value = this.get(name);
    if (value === undefined) return usual;
    return numberOf(value, name);
  }
  /** A count of channels: null where the text does not say. */
  channels(...names: string[]): number | null {
    const value = this.get(...names);
    return value?.t === "num" && Number.isInteger(value.v) ? value.v : null;
  }
  pair(name: string, usual: Pair): Pair {
    const value = this.get(name);
    if (value === undefined || value.t === "none") return usual;
    return pairOf(value, name);
  }
  flag(name: string, usual: boolean): boolean {
    const value = this.get(name);
    return value?.t === "bool" ? value.v : usual;
  }
  word(name: string): string | null {
    const value = this.get(name);
    return value?.t === "str" ? value.v.toLowerCase() : null;
  }
}

const numberOf = (value: Value, name: string): number => {
  if (value.t === "num") return value.v;
  throw new Unclear(value.t === "name" && value.path ? `${name} is \u201c${value.path.slice(0, 30)}\u201d, which has no number here` : `${name} is no number`);
};
const pairOf = (value: Value, name: string): Pair => {
  if (value.t === "seq" && value.items.length === 2) return [numberOf(value.items[0]!, name), numberOf(value.items[1]!, name)];
  if (value.t === "seq" && value.items.length === 1) return pairOf(value.items[0]!, name);
  const one = numberOf(value, name);
  return [one, one];
};

interface Class {
  framework: Framework | null;
  signature: readonly string[];
  make(a: Args): Layer[];
}

const layer = (kind: Layer["kind"], settings: Partial<Layer>): Layer[] => [tidy({ ...PLAIN, kind, ...settings })];

const kerasPadding = (a: Args): Layer["padding"] => {
  const value = a.get("padding");
  if (value === undefined) return "valid";
  const word = a.word("padding");
  if (word === "valid" || word === "same") return word;
  throw new Unclear(`padding of Keras is "valid" or "same"`);
};
const torchPadding = (a: Args): Layer["padding"] => {
  const word = a.word("padding");
  if (word === "same" || word === "valid") return word;
  const [h, w] = a.pair("padding", [0, 0]);
  // No padding has the same name in both frameworks.
  return h === 0 && w === 0 ? "valid" : [h, w];
};
/** top, bottom, left, right of Keras' padding and cropping. */
const kerasSides = (value: Value | undefined, usual: number): number[] => {
  if (value === undefined) return [usual, usual, usual, usual];
  if (value.t !== "seq") return Array<number>(4).fill(numberOf(value, "padding"));
  const [v, h] = value.items;
  if (!v || !h) throw new Unclear("padding needs two axes");
  return [...pairOf(v, "padding"), ...pairOf(h, "padding")];
};
/** PyTorch writes left, right, top, bottom; negative numbers crop. */
const torchSides = (value: Value | undefined): Layer[] => {
  if (value === undefined) throw new Unclear("padding is not given");
  const all = value.t === "seq" ? value.items.map((v) => numberOf(v, "padding")) : Array<number>(4).fill(numberOf(value, "padding"));
  if (all.length !== 4) throw new Unclear("padding has four sides: left, right, top, bottom");
  const [l, r, t, b] = all as [number, number, number, number];
  const sides = [t, b, l, r];
  const found: Layer[] = [];
  if (sides.some((v) => v > 0) || sides.every((v) => v === 0)) found.push(...layer("pad", { size: sides.map((v) => Math.max(v, 0)) }));
  if (sides.some((v) => v < 0)) found.push(...layer("crop", { size: sides.map((v) => Math.max(-v, 0)) }));
  return found;
};

const CONV = ["filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate"] as const;
const pool = (kind: "max" | "avg") => (a: Args) => {
  const kernel = a.pair("pool_size", [2, 2]);
  return layer("pool", { name: kind, kernel, stride: a.pair("strides", kernel), padding: kerasPadding(a) });
};
const torchPool = (kind: "max" | "avg") => (a: Args) => {
  const kernel = a.pair("kernel_size", [NaN, NaN]);
  return layer("pool", {
    name: kind,
    kernel,
    stride: a.pair("stride", kernel),
    padding: torchPadding(a),
    dilation: kind === "max" ? a.pair("dilation", [1, 1]) : [1, 1],
    ceil: a.flag("ceil_mode", false),
  });
};
const scaled = (value: Value | undefined): Layer[] => layer("upsample", { stride: pairOf(value ?? { t: "num", v: 2 }, "scale_factor") });
const torchUp = (a: Args): Layer[] => (a.has("size") ? layer("resize", { size: a.pair("size", [1, 1]) }) : scaled(a.get("scale_factor")));

const conv2d = (a: Args): Layer[] =>
  layer("conv", {
    filters: a.channels("filters", "nb_filter"),
    kernel: a.pair("kernel_size", [NaN, NaN]),
    stride: a.pair("strides", [1, 1]),
    padding: kerasPadding(a),
    dilation: a.pair("dilation_rate", [1, 1]),
    groups: a.whole("groups", 1),
    bias: a.flag("use_bias", true),
  });
const depthwise = (a: Args): Layer[] =>
  layer("depthwise", {
    filters: a.whole("depth_multiplier", 1),
    kernel: a.pair("kernel_size", [NaN, NaN]),
    stride: a.pair("strides", [1, 1]),
    padding: kerasPadding(a),
    dilation: a.pair("dilation_rate", [1, 1]),
    bias: a.flag("use_bias", true),
  });

const TORCH_POOL = ["kernel_size", "stride", "padding"] as const;
const T = "torch";
const K = "keras";
const CLASSES: Record<string, Class> = {
  Conv2D: { framework: K, signature: [...CONV, "groups", "activation", "use_bias"], make: conv2d },
  Conv2DTranspose: {
    framework: K,
    signature: ["filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate", "activation", "use_bias"],
    make: (a) =>
      layer("transposed", {
        ...conv2d(a)[0],
        kind: "transposed",
        output_padding: a.has("output_padding") ? a.pair("output_padding", [0, 0]) : null,
      }),
  },
  DepthwiseConv2D: { framework: K, signature: ["kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "activation", "use_bias"], make: depthwise },
  SeparableConv2D: {
    framework: K,
    signature: [...CONV, "depth_multiplier", "activation", "use_bias"],
    make: (a) => [
      { ...depthwise(a)[0]!, bias: false },
      ...layer("conv", { filters: a.channels("filters"), kernel: [1, 1], bias: a.flag("use_bias", true) }),
    ],
  },
  MaxPooling2D: { framework: K, signature: ["pool_size", "strides", "padding"], make: pool("max") },
  AveragePooling2D: { framework: K, signature: ["pool_size", "strides", "padding"], make: pool("avg") },
  UpSampling2D: { framework: K, signature: ["size", "data_format", "interpolation"], make: (a) => scaled(a.get("size")) },
  ZeroPadding2D: { framework: K, signature: ["padding"], make: (a) => layer("pad", { size: kerasSides(a.get("padding"), 1) }) },
  Cropping2D: { framework: K, signature: ["cropping"], make: (a) => layer("crop", { size: kerasSides(a.get("cropping"), 0) }) },
  Resizing: { framework: K, signature: ["height", "width"], make: (a) => layer("resize", { size: [a.whole("height", NaN), a.whole("width", NaN)] }) },
  Dense: { framework: K, signature: ["units", "activation", "use_bias"], make: (a) => layer("dense", { filters: a.channels("units"), bias: a.flag("use_bias", true) }) },
  Reshape: {
    framework: K,
    signature: ["target_shape"],
    make: (a) => {
      const value = a.get("target_shape", "dims");
      const size = value?.t === "seq" ? value.items.map((v) => numberOf(v, "target_shape")) : [];
      if (size.length !== 3 || size.some((v) => v < 1)) throw new Unclear("a reshape to height, width and channels is understood, others are not");
      return layer("reshape", { size });
    },
  },
  Flatten: { framework: null, signature: [], make: () => layer("flatten", {}) },
  GlobalAveragePooling2D: { framework: K, signature: [], make: (a) => (a.flag("keepdims", false) ? layer("resize", { size: [1, 1] }) : layer("globalpool", {})) },
  Conv2d: {
    framework: T,
    signature: ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias", "padding_mode"],
    make: (a) =>
      layer("conv", {
        filters: a.channels("out_channels"),
        expects: a.channels("in_channels"),
        kernel: a.pair("kernel_size", [NaN, NaN]),
        stride: a.pair("stride", [1, 1]),
        padding: torchPadding(a),
        dilation: a.pair("dilation", [1, 1]),
        groups: a.whole("groups", 1),
        bias: a.flag("bias", true),
      }),
  },
  ConvTranspose2d: {
    framework: T,
    signature: ["in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias", "dilation"],
    make: (a) => {
      const extra = a.pair("output_padding", [0, 0]);
      return layer("transposed", {
        filters: a.channels("out_channels"),
        expects: a.channels("in_channels"),
        kernel: a.pair("kernel_size", [NaN, NaN]),
        stride: a.pair("stride", [1, 1]),
        padding: torchPadding(a),
        output_padding: extra[0] || extra[1] ? extra : null,
        dilation: a.pair("dilation", [1, 1]),
        groups: a.whole("groups", 1),
        bias: a.flag("bias", true),
      });
    },
  },
  MaxPool2d: { framework: T, signature: [...TORCH_POOL, "dilation", "return_indices", "ceil_mode"], make: torchPool("max") },
  AvgPool2d: { framework: T, signature: [...TORCH_POOL, "ceil_mode", "count_include_pad"], make: torchPool("avg") },
  Upsample: { framework: T, signature: ["size", "scale_factor", "mode"], make: torchUp },
  UpsamplingNearest2d: { framework: T, signature: ["size", "scale_factor"], make: torchUp },
  PixelShuffle: { framework: T, signature: ["upscale_factor"], make: (a) => layer("shuffle", { stride: a.pair("upscale_factor", [NaN, NaN]) }) },
  ZeroPad2d: { framework: T, signature: ["padding"], make: (a) => torchSides(a.get("padding")) },
  Linear: { framework: T, signature: ["in_features", "out_features", "bias"], make: (a) => layer("dense", { filters: a.channels("out_features"), expects: a.channels("in_features"), bias: a.flag("bias", true) }) },
  Unflatten: {
    framework: T,
    signature: ["dim", "unflattened_size"],
    make: (a) => {
      const value = a.get("unflattened_size");
      return layer("reshape", { size: channelsLast(value?.t === "seq" ? value.items : []) });
    },
  },
  AdaptiveAvgPool2d: { framework: T, signature: ["output_size"], make: (a) => layer("resize", { size: a.pair("output_size", [NaN, NaN]) }) },
};
const also = (name: string, ...others: string[]) => others.forEach((other) => (CLASSES[other] = CLASSES[name]!));
also("Conv2D", "Convolution2D");
also("Conv2DTranspose", "Convolution2DTranspose");
also("MaxPooling2D", "MaxPool2D");
also("AveragePooling2D", "AvgPool2D");
also("SeparableConv2D", "SeparableConvolution2D");
also("GlobalAveragePooling2D", "GlobalAvgPool2D", "GlobalMaxPooling2D", "GlobalMaxPool2D");
also("UpsamplingNearest2d", "UpsamplingBilinear2d");
also("ZeroPad2d", "ReflectionPad2d", "ReplicationPad2d");
also("AdaptiveAvgPool2d", "AdaptiveMaxPool2d");
for (const name of ["BatchNormalization", "GroupNormalization", "LayerNormalization"]) CLASSES[name] = { framework: K, signature: [], make: () => layer("norm", { name }) };
for (const name of ["BatchNorm2d", "BatchNorm1d", "GroupNorm", "InstanceNorm2d"]) CLASSES[name] = { framework: T, signature: [], make: () => layer("norm", { name }) };
const PASS = "Activation ELU Softmax Dropout SpatialDropout2D GaussianNoise GaussianDropout Rescaling ActivityRegularization ReLU LeakyReLU PReLU";
for (const name of PASS.split(" ")) CLASSES[name] = { framework: null, signature: [], make: () => layer("pass", { name }) };
const TORCH_PASS = "ReLU6 SELU GELU SiLU CELU Sigmoid Tanh LogSoftmax Softmax2d Softplus Hardtanh Hardswish Hardsigmoid Mish Identity Dropout2d AlphaDropout LogSigmoid";
for (const name of TORCH_PASS.split(" ")) CLASSES[name] = { framework: T, signature: [], make: () => layer("pass", { name }) };

function channelsLast(items: readonly Value[]): number[] {
  const all = items.map((v) => numberOf(v, "shape"));
  if (all.length !== 3 || all.some((v) => v < 1)) throw new Unclear("a shape of channels, height and width is understood, others are not");
  return [all[1]!, all[2]!, all[0]!];
}

/** Calls that hold layers, build models or change no size: no layer of their own. */
const HOLDERS = /^(Sequential|ModuleList|ModuleDict|OrderedDict|Model|Functional|Module|DataParallel|Input|InputLayer|Parameter|Tensor|Variable|Adam|SGD|RMSprop|.*Loss|.*Optimizer)$/;
/** Functions of a tensor that leave its size alone. */
const QUIET = /^(relu|relu6|leaky_relu|elu|selu|gelu|silu|sigmoid|tanh|softmax|log_softmax|softplus|dropout|dropout2d|batch_norm|contiguous|to|cuda|cpu|float|half|clone|detach|identity|hardtanh|mish)$/;

interface Func {
  params: string[];
  defaults: Map<string, Expr>;
  body: Statement[];
}

class Reader {
  readonly notes: string[] = [];
  readonly constructed: { layers: Layer[]; framework: Framework | null; line: number; used: boolean }[] = [];
  readonly applied: Layer[] = [];
  private env = new Map<string, Value>();
  private functions = new Map<string, Func>();
  private foreignClasses = new Set<string>();
  private values = 0;
  private depth = 0;
  private line = 0;
  /** height, width, channels where the text says so; `flat` for an input that is a row of numbers. */
  input: { h: number | null; w: number | null; c: number | null; flat: boolean } | null = null;
  private last = 0;
  private returned: Value = UNKNOWN;

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  run(all: Statement[]): Value {
    this.returned = UNKNOWN;
    const classes = all.filter((s) => s.head === "class");
    const main = classes[classes.length - 1];
    for (let i = 0; i < all.length; i++) {
      const s = all[i]!;
      this.line = s.line;
      const below = () => {
        let end = i + 1;
        while (end < all.length && all[end]!.indent > s.indent) end++;
        return end;
      };
      if (s.head === "class") {
        if (s === main) continue;
        this.foreignClasses.add(s.tokens[1]?.text ?? "");
        i = below() - 1;
      } else if (s.head === "def") {
        const end = below();
        const name = s.tokens[1]?.text ?? "";
        const func = this.define(s, all.slice(i + 1, end));
        if (["__init__", "forward", "call", "build"].includes(name)) {
          for (const param of func.params) this.env.delete(param);
          for (const [param, value] of func.defaults) this.env.set(param, this.value(value));
        } else if (all.length > end || this.functions.size || all.some((other) => other !== s && other.tokens.some((t) => t.text === name))) {
          this.functions.set(name, func);
          i = end - 1;
        } else {
          for (const [param, value] of func.defaults) this.env.set(param, this.value(value));
        }
      } else if (s.head === "for" && this.loop(s, all.slice(i + 1, below()))) i = below() - 1;
      else this.statement(s);
    }
    return this.returned;
  }

  /** Goes through a loop over a list or range that is written out; false where it cannot. */
  private loop(s: Statement, body: Statement[]): boolean {
    const at = s.tokens.findIndex((t) => t.kind === "name" && t.text === "in");
    const names = s.tokens.slice(1, at).filter((t) => t.kind === "name");
    if (at < 0 || names.length !== 1 || !body.length || this.depth > 8) return false;
    let over: Value;
    try {
      over = this.value(new Parser(s.tokens.slice(at + 1)).expression());
    } catch {
      return false;
    }
    if (over.t !== "seq" || over.items.length > 60) return false;
    this.depth++;
    for (const item of over.items) {
      this.env.set(names[0]!.text, item);
      this.run(body);
    }
    this.depth--;
    return true;
  }

  private define(s: Statement, body: Statement[]): Func {
    const params: string[] = [];
    const defaults = new Map<string, Expr>();
    let depth = 0;
    let expects = false;
    for (let i = 2; i < s.tokens.length; i++) {
      const { text, kind } = s.tokens[i]!;
      if (kind === "op" && "([{".includes(text)) depth++;
      else if (kind === "op" && ")]}".includes(text) && --depth === 0) break;
      if (depth === 1 && (text === "," || text === "(")) expects = true;
      else if (expects && kind === "name") {
        params.push(text);
        expects = false;
      } else if (depth === 1 && text === "=" && params.length) {
        try {
          defaults.set(params[params.length - 1]!, new Parser(s.tokens.slice(i + 1)).expression());
        } catch {
          // Left without a value.
        }
      }
    }
    return { params: params.filter((p) => p !== "self"), defaults, body };
  }

  private statement(s: Statement): void {
    let { tokens } = s;
    if (["import", "from", "assert", "del", "pass", "raise", "global", "async"].includes(s.head)) return;
    if (s.tokens[0]?.text === "@" || s.tokens[0]?.text === "%" || s.tokens[0]?.text === "!") return;
    if (s.head === "return") tokens = tokens.slice(1);
    else if (s.head) {
      if (s.head === "for" || s.head === "while") this.note(`Line ${s.line}: a loop is read once, not as often as it would run.`);
      if (s.head === "for" && tokens[1]) this.env.delete(tokens[1].text);
      return;
    }
    if (!tokens.length) return;
    try {
      const parser = new Parser(tokens);
      do {
        const { targets, value } = parser.line();
        const result = this.value(value);
        if (s.head === "return") this.returned = result;
        if (targets.length > 1 && result.t === "seq") targets.forEach((t, i) => this.env.set(t, result.items[i] ?? UNKNOWN));
        else for (const target of targets) this.env.set(target, result);
      } while (!parser.done);
    } catch {
      if (tokens.some((t) => t.kind === "name" && (CLASSES[t.text] || /^[A-Z]\w*2[dD]/.test(t.text)))) this.note(`Line ${s.line} could not be read: \u201c${s.text.slice(0, 50)}\u201d.`);
    }
  }

  value(e: Expr): Value {
    if (++this.values > MOST_VALUES) throw new Error("too much");
    switch (e.t) {
      case "num":
        return { t: "num", v: e.v };
      case "str":
        return { t: "str", v: e.v };
      case "seq":
        return this.sequence(e.items);
      case "name":
        if (e.path === "None") return { t: "none" };
        if (e.path === "True" || e.path === "False") return { t: "bool", v: e.path === "True" };
        return this.env.get(e.path) ?? { t: "name", path: e.path };
      case "op":
        return this.operation(e.op, this.value(e.a), this.value(e.b));
      case "attr": {
        const of = this.value(e.of);
        return of.t === "tensor" && e.name === "output" ? of : UNKNOWN;
      }
      case "index": {
        if (e.of.t === "name" && CLASSES[lastOf(e.of.path)]) return this.construct(lastOf(e.of.path), e.items.map((x) => this.value(x)), new Map());
        const of = this.value(e.of);
        const at = e.items.map((x) => this.value(x))[0];
        return (of.t === "seq" && at?.t === "num" && of.items[at.v]) || UNKNOWN;
      }
      case "call":
        return this.call(e);
    }
  }

  /** A list; "[-1, 1, nn.ConvTranspose2d, [384, 3, 2, 1, 1]]" of a model file is a layer. */
  private sequence(items: readonly Expr[]): Value {
    const at = items.findIndex((item, i) => item.t === "name" && CLASSES[lastOf(item.path)] && items[i + 1]?.t === "seq");
    if (at >= 0) {
      const [name, args] = [items[at] as Expr & { t: "name" }, items[at + 1] as Expr & { t: "seq" }];
      return this.construct(lastOf(name.path), args.items.map((x) => this.value(x)), new Map());
    }
    return { t: "seq", items: items.map((x) => this.value(x)) };
  }

  private operation(op: string, a: Value, b: Value): Value {
    if (a.t === "tensor" && b.t === "tensor") return op === "+" ? this.joined("add", [a, b]) : a;
    if (a.t === "num" && b.t === "num") {
      const v = { "+": a.v + b.v, "-": a.v - b.v, "*": a.v * b.v, "/": a.v / b.v, "//": Math.floor(a.v / b.v), "%": a.v % b.v, "**": a.v ** b.v }[op];
      return v !== undefined && Number.isFinite(v) ? { t: "num", v } : UNKNOWN;
    }
    if (op === "*" && a.t === "seq" && b.t === "num" && b.v >= 0 && b.v * a.items.length < 100) return { t: "seq", items: Array.from({ length: b.v }, () => a.items).flat() };
    if (op === "+" && a.t === "seq" && b.t === "seq") return { t: "seq", items: [...a.items, ...b.items] };
    return UNKNOWN;
  }

  private call(e: Expr & { t: "call" }): Value {
    const path = e.callee.t === "name" ? e.callee.path : e.callee.t === "attr" ? e.callee.name : "";
    const name = lastOf(path);
    const known = e.callee.t === "name" ? this.env.get(path) : e.callee.t === "call" || e.callee.t === "index" ? this.value(e.callee) : undefined;
    // The arguments are read after the layer: Conv2D(...)(MaxPooling2D(...)(x)) applies the inner one first.
    const func = this.functions.get(name);
    const args = e.args.map((x) => this.value(x));
    const named = new Map([...e.named].map(([key, x]) => [key, this.value(x)] as const));
    if (known?.t === "made") return this.apply(known.layers, args, name);
    if (known?.t === "seq" && e.callee.t !== "name") return UNKNOWN;
    if (known?.t === "seq") return this.apply(layersIn(known), args, name);
    if (known && known.t !== "name" && known.t !== "tensor") return UNKNOWN;
    // A join class, "Concatenate()([a, b])", comes here with the call of its instance.
    if (e.callee.t === "call") {
      const inner = e.callee.callee;
      const innerName = inner.t === "name" ? lastOf(inner.path) : "";
      const all = args[0]?.t === "seq" ? args[0].items : args;
      if (/^Concat(enate)?$/i.test(innerName)) return this.joined("concat", all);
      if (innerName === "Add") return this.joined("add", all);
      return UNKNOWN;
    }
    const self = e.callee.t === "attr" ? this.value(e.callee.of) : this.env.get(path.slice(0, Math.max(path.lastIndexOf("."), 0)));
    const inside = self?.t === "tensor" ? [self, ...args] : args;
    if (e.callee.t === "name") this.line = e.callee.line;
    if (func) return this.inline(func, args, named);
    if (CLASSES[name]) return this.construct(name, args, named);
    if (/^(Concatenate|Concat|Add)$/.test(name)) return UNKNOWN;
    return this.function(name, inside, named, args);
  }

  private function(name: string, args: Value[], named: Map<string, Value>, own: Value[]): Value {
    const tensor = args.find((a) => a.t === "tensor");
    const all = args[0]?.t === "seq" ? args[0].items : args;
    if (name === "range" && args.length && args.every((a) => a.t === "num")) {
      const [a, b, by] = args.map((v) => (v as { v: number }).v) as [number, number?, number?];
      const [from, to, step] = [b === undefined ? 0 : a, b ?? a, by ?? 1];
      const length = step ? Math.min(Math.max(Math.ceil((to - from) / step), 0), 61) : 61;
      return { t: "seq", items: Array.from({ length }, (_, i) => ({ t: "num", v: from + i * step })) };
    }
    if (name === "reversed" && args[0]?.t === "seq") return { t: "seq", items: [...args[0].items].reverse() };
    if (name === "Input" || name === "InputLayer") {
      this.takeInput(named.get("shape") ?? named.get("input_shape") ?? named.get("batch_shape") ?? args[0], named.has("batch_shape"));
      return { t: "tensor", at: 0 };
    }
    if (/^(randn|rand|zeros|ones|empty)$/.test(name)) {
      const shape = own[0]?.t === "seq" ? own[0].items : own;
      if (shape.length === 4 && shape.every((v) => v.t === "num")) {
        const [, c, h, w] = shape.map((v) => (v as { v: number }).v);
        this.input = { h: h!, w: w!, c: c!, flat: false };
        return { t: "tensor", at: this.applied.length ? null : 0 };
      }
      return UNKNOWN;
    }
    if (/^(cat|concat|concatenate)$/.test(name) && all.some((a) => a.t === "tensor")) return this.joined("concat", all);
    if (name === "add" && all.length > 1 && all.every((a) => a.t === "tensor")) return this.joined("add", all);
    if (!tensor) {
      const held = args.find((a) => a.t === "made");
      if (HOLDERS.test(name)) return { t: "seq", items: args };
      // A wrapper such as spectral_norm(nn.Conv2d(...)): the layer in it is read.
      if (held) return held;
      if (/^[A-Z]\w*[a-z]/.test(name) && !/Error$|Callback|Checkpoint|Stopping|Generator$|Dataset|Loader$/.test(name)) return this.construct(name, args, named);
      return UNKNOWN;
    }
    if (HOLDERS.test(name)) return UNKNOWN;
    if (QUIET.test(name)) return tensor;
    const rest = new Args(FUNCTIONS[name]?.signature ?? [], args, named);
    const made = FUNCTIONS[name];
    if (made) return this.apply(this.careful(name, () => made.make(rest)), [tensor], name);
    if (/^(size|dim|shape|numel|item|mean|sum|print|fit|compile|summary|backward|step)$/.test(name)) return UNKNOWN;
    if (name === "view" || name === "reshape") return this.apply(this.careful(name, () => viewed(own)), [tensor], name);
    return this.apply(this.careful(name, () => []), [tensor], name);
  }

  private inline(func: Func, args: Value[], named: Map<string, Value>): Value {
    if (++this.depth > 8) {
      this.depth--;
      return UNKNOWN;
    }
    const outer = this.env;
    const returned = this.returned;
    this.env = new Map(outer);
    for (const param of func.params) this.env.delete(param);
    for (const [param, value] of func.defaults) this.env.set(param, this.value(value));
    func.params.forEach((param, i) => args[i] && this.env.set(param, args[i]!));
    for (const [param, value] of named) this.env.set(param, value);
    const result = this.run(func.body);
    this.env = outer;
    this.returned = returned;
    this.depth--;
    return result;
  }

  private takeInput(value: Value | undefined, batch: boolean): void {
    if (value?.t !== "seq") return;
    const items = batch ? value.items.slice(1) : value.items;
    const whole = (v: Value | undefined) => (v?.t === "num" && Number.isInteger(v.v) && v.v > 0 ? v.v : null);
    if (items.length === 3) this.input ??= { h: whole(items[0]), w: whole(items[1]), c: whole(items[2]), flat: false };
    if (items.length === 1) this.input ??= { h: 1, w: 1, c: whole(items[0]), flat: true };
  }

  /** Layers by `make`, or an unknown layer of that name where the text is not clear. */
  private careful(name: string, make: () => Layer[]): Layer[] {
    const clean = name.replace(/\W/g, "").slice(0, 40) || "layer";
    const unknown = (): Layer[] => layer("unknown", { name: clean });
    try {
      const made = make();
      if (!made.length) {
        this.note(
          this.foreignClasses.has(clean)
            ? `Line ${this.line}: \u201c${clean}\u201d is a class of its own, whose inside is not read. Paste its layers alone to see them.`
            : `Line ${this.line}: \u201c${clean}\u201d is not known here, nor what it does to sizes.`,
        );
        return unknown();
      }
      const bad = made.map((one) => layerProblem(one, MOST_LAYERS)).find((found) => found !== null);
      if (bad) {
        this.note(`Line ${this.line}, ${clean}: ${bad.replace(/^Layer \d+:? ?/, "")}`);
        return unknown();
      }
      if (made.some((one) => one.filters === null))
        this.note(`Line ${this.line}, ${clean}: how many channels come out is not a number here. Sizes are not changed by that; a line above such as \u201cn = 64\u201d would tell.`);
      return made;
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      this.note(`Line ${this.line}, ${clean}: ${error.message}.`);
      return unknown();
    }
  }

  private construct(name: string, args: Value[], named: Map<string, Value>): Value {
    const found = this.foreignClasses.has(name) ? undefined : CLASSES[name];
    const shape = named.get("input_shape") ?? named.get("batch_input_shape");
    if (shape) this.takeInput(shape, named.has("batch_input_shape"));
    const format = named.get("data_format");
    if (format?.t === "str" && format.v === "channels_first") this.note(`Line ${this.line}: data_format is left out; sizes are height \u00d7 width \u00d7 channels.`);
    const layers = this.careful(name, () => found?.make(new Args(found.signature, args, named)) ?? []);
    this.constructed.push({ layers, framework: found?.framework ?? null, line: this.line, used: false });
    return { t: "made", layers, line: this.line };
  }

  private apply(layers: Layer[], args: Value[], name: string): Value {
    for (const one of this.constructed) one.used ||= one.layers.every((made) => layers.includes(made));
    if (args.length === 0) return UNKNOWN;
    const tensor = args.find((a) => a.t === "tensor") ?? (this.applied.length === 0 && args[0]?.t === "name" ? ({ t: "tensor", at: 0 } as const) : null);
    if (!tensor || tensor.t !== "tensor") return UNKNOWN;
    if (tensor.at === null || tensor.at !== this.last) {
      this.note(`Line ${this.line}: ${name || "a layer"} works on an earlier result; side branches are not followed.`);
      return { t: "tensor", at: null };
    }
    this.applied.push(...layers);
    this.last = this.applied.length;
    return { t: "tensor", at: this.last };
  }

  private joined(kind: "concat" | "add", all: readonly Value[]): Value {
    const tensors = all.filter((a) => a.t === "tensor");
    if (tensors.some((a) => a.at === null) || tensors.length < 2 || !tensors.some((a) => a.at === this.last)) {
      if (kind === "add" && tensors.some((a) => a.at === this.last)) {
        this.note(`Line ${this.line}: a side branch is added here; its size is not checked.`);
        return { t: "tensor", at: this.last };
      }
      if (!tensors.some((a) => a.at === this.last)) return { t: "tensor", at: null };
      this.note(`Line ${this.line}: a side branch is joined here, and its channels are not known.`);
      return this.apply(layer("unknown", { name: "Concatenate" }), [{ t: "tensor", at: this.last }], "Concatenate");
    }
    let mine = false;
    for (const { at } of tensors) {
      if (at === this.last && !mine) mine = true;
      else this.applied.push(...layer(kind, { source: at! }));
    }
    this.last = this.applied.length;
    return { t: "tensor", at: this.last };
  }
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

function layersIn(value: Value): Layer[] {
  if (value.t === "made") return value.layers;
  return value.t === "seq" ? value.items.flatMap(layersIn) : [];
}

function viewed(args: readonly Value[]): Layer[] {
  const rest = (args[0]?.t === "seq" ? args[0].items : args).slice(1);
  if (rest.length === 3) return layer("reshape", { size: channelsLast(rest) });
  if (rest.length === 1) return layer("flatten", {});
  throw new Unclear("what this does to the shape is not clear");
}

/** Functions of a tensor; the first argument is the tensor. */
const FUNCTIONS: Record<string, Class> = {
  max_pool2d: { framework: T, signature: ["input", ...TORCH_POOL, "dilation", "ceil_mode"], make: torchPool("max") },
  avg_pool2d: { framework: T, signature: ["input", ...TORCH_POOL, "ceil_mode"], make: torchPool("avg") },
  adaptive_avg_pool2d: { framework: T, signature: ["input", "output_size"], make: CLASSES.AdaptiveAvgPool2d!.make },
  interpolate: { framework: T, signature: ["input", "size", "scale_factor"], make: torchUp },
  upsample: { framework: T, signature: ["input", "size", "scale_factor"], make: torchUp },
  pad: { framework: T, signature: ["input", "padding"], make: (a) => torchSides(a.get("padding", "pad")) },
  pixel_shuffle: { framework: T, signature: ["input", "upscale_factor"], make: CLASSES.PixelShuffle!.make },
  flatten: { framework: T, signature: [], make: () => layer("flatten", {}) },
};

/** Reads pasted text on top of `base`: what the text does not say stays. Never throws. */
export function readCode(text: string, base: Chain): Reading {
  const reader = new Reader();
  if (text.length > LONGEST_TEXT) reader.note(`Only the first ${LONGEST_TEXT} characters are read.`);
  try {
    reader.run(statements(text.slice(0, LONGEST_TEXT)));
  } catch {
    reader.note("The text is nested too deeply to be read to its end.");
  }
  const { constructed, applied, notes } = reader;
  const unused = constructed.filter((one) => !one.used);
  let layers = applied.length ? applied : constructed.flatMap((one) => one.layers);
  if (!layers.some((one) => one.kind !== "unknown")) {
    const names = layers.length ? ` Not known here: ${[...new Set(layers.map((one) => one.name))].slice(0, 6).join(", ")}.` : "";
    return { chain: null, notes: [`No layer of Keras or PyTorch was found in this text, so nothing was changed.${names} A line looks like Conv2D(64, 3, padding="same") or nn.Conv2d(3, 64, 3, padding=1).`] };
  }
  if (applied.length && unused.length) notes.push(`Left out, because no line applies them: ${unused.slice(0, 4).map((one) => `line ${one.line}`).join(", ")}${unused.length > 4 ? ", \u2026" : ""}.`);
  const votes = { keras: 0, torch: 0 };
  for (const { framework } of constructed) if (framework) votes[framework]++;
  const framework: Framework = votes.torch > votes.keras ? "torch" : votes.keras ? "keras" : applied.length ? "torch" : base.framework;
  if (votes.keras && votes.torch) notes.push(`Keras and PyTorch are mixed; all of it is read by the rules of ${framework === "keras" ? "Keras" : "PyTorch"}.`);
  let { input } = reader;
  const first = layers.find((one) => one.kind !== "pass" && one.kind !== "norm");
  if (!input && first?.kind === "dense" && first.expects) input = { h: 1, w: 1, c: first.expects, flat: true };
  if (input?.flat && layers[0]?.kind !== "flatten") {
    layers = [tidy({ ...PLAIN, kind: "flatten" }), ...layers.map((one) => (one.kind === "concat" || one.kind === "add" ? { ...one, source: one.source && one.source + 1 } : one))];
  }
  if (layers.length > MOST_LAYERS) {
    notes.push(`Only the first ${MOST_LAYERS} of ${layers.length} layers are shown.`);
    layers = layers.slice(0, MOST_LAYERS);
  }
  const within = (name: "height" | "width" | "channels", value: number | null | undefined, usual: number): number => {
    const [low, high] = LIMITS[name]!;
    return value === null || value === undefined || !Number.isInteger(value) || value < low || value > high ? usual : value;
  };
  const expects = layers.find((one) => !["pass", "norm", "pool", "pad"].includes(one.kind))?.expects;
  const chain: Chain = {
    framework,
    height: within("height", input?.h, base.height),
    width: within("width", input?.w, base.width),
    channels: within("channels", input?.c ?? expects, base.channels),
    layers,
  };
  return { chain, notes: notes.slice(0, 12) };
}
