/** The layers of Keras and PyTorch: what the arguments of their classes and functions mean. */
import * as words from "../words/en/chain.ts";
import { PLAIN, tidy, type Framework, type Layer } from "./layers.ts";
import { Args, num, numberOf, pairOf, Unclear, type Value } from "./values.ts";

export interface Class {
  framework: Framework | null;
  signature: readonly string[];
  make(a: Args): Layer[];
}

export const layer = (kind: Layer["kind"], settings: Partial<Layer>): Layer[] => [tidy({ ...PLAIN, kind, ...settings })];

const kerasPadding = (a: Args): Layer["padding"] => {
  const value = a.get("padding");
  if (value === undefined) return "valid";
  const word = a.word("padding");
  if (word === "valid" || word === "same") return word;
  throw new Unclear(words.KERAS_PADDING);
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
  if (!v || !h) throw new Unclear(words.TWO_AXES);
  return [...pairOf(v, "padding"), ...pairOf(h, "padding")];
};
/** PyTorch writes left, right, top, bottom; negative numbers crop. */
const torchSides = (value: Value | undefined): Layer[] => {
  if (value === undefined) throw new Unclear(words.NO_PADDING);
  const all = value.t === "seq" ? value.items.map((v) => numberOf(v, "padding")) : Array<number>(4).fill(numberOf(value, "padding"));
  if (all.length !== 4) throw new Unclear(words.FOUR_SIDES);
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
const scaled = (value: Value | undefined): Layer[] => layer("upsample", { stride: pairOf(value ?? num(2), "scale_factor") });
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
export const CLASSES: Record<string, Class> = {
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
      if (size.length !== 3 || size.some((v) => v < 1)) throw new Unclear(words.KERAS_RESHAPE);
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
/** Cut to a size, whatever comes in. */
CLASSES.CenterCrop = {
  framework: null,
  signature: ["height", "width"],
  make: (a) => layer("resize", { size: a.has("width") ? [a.whole("height", NaN), a.whole("width", NaN)] : a.pair("height", a.pair("size", [NaN, NaN])) }),
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
  if (all.length !== 3 || all.some((v) => v < 1)) throw new Unclear(words.TORCH_RESHAPE);
  return [all[1]!, all[2]!, all[0]!];
}

export function viewed(args: readonly Value[]): Layer[] {
  const rest = (args[0]?.t === "seq" ? args[0].items : args).slice(1);
  if (rest.length === 3) return layer("reshape", { size: channelsLast(rest) });
  if (rest.length === 1) return layer("flatten", {});
  throw new Unclear(words.UNCLEAR_SHAPE);
}

/** Functions of a tensor; the first argument is the tensor. */
export const FUNCTIONS: Record<string, Class> = {
  max_pool2d: { framework: T, signature: ["input", ...TORCH_POOL, "dilation", "ceil_mode"], make: torchPool("max") },
  avg_pool2d: { framework: T, signature: ["input", ...TORCH_POOL, "ceil_mode"], make: torchPool("avg") },
  adaptive_avg_pool2d: { framework: T, signature: ["input", "output_size"], make: CLASSES.AdaptiveAvgPool2d!.make },
  interpolate: { framework: T, signature: ["input", "size", "scale_factor"], make: torchUp },
  upsample: { framework: T, signature: ["input", "size", "scale_factor"], make: torchUp },
  pad: { framework: T, signature: ["input", "padding"], make: (a) => torchSides(a.get("padding", "pad")) },
  pixel_shuffle: { framework: T, signature: ["input", "upscale_factor"], make: CLASSES.PixelShuffle!.make },
  flatten: { framework: T, signature: [], make: () => layer("flatten", {}) },
  resize: { framework: null, signature: ["input", "size"], make: (a) => layer("resize", { size: a.pair("size", [NaN, NaN]) }) },
};

/** The row of a table under a name that a text gave. */
export const rowOf = (table: Record<string, Class>, name: string): Class | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

/** Calls that hold layers, build models or change no size: no layer of their own. */
export const HOLDERS = /^(Sequential|ModuleList|ModuleDict|OrderedDict|Model|Functional|Module|DataParallel|Input|InputLayer|Parameter|Tensor|Variable|Adam|SGD|RMSprop|.*Loss|.*Optimizer)$/;
/** Functions of a tensor that leave its size alone. */
export const QUIET = /^(act|activation|act_fn|relu|relu6|leaky_relu|elu|selu|gelu|silu|sigmoid|tanh|softmax|log_softmax|softplus|dropout|dropout2d|batch_norm|contiguous|to|cast|cuda|cpu|float|half|clone|detach|identity|hardtanh|mish|exp|log|sqrt|square|abs|pow|clamp|clip|clip_by_value|mul|multiply|sub|subtract|div|divide|(?:rand|randn|zeros|ones)_like|normalize|l2_normalize|stop_gradient|dropout_?\d?)$/;

