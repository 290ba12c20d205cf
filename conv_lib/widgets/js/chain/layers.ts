/** A layer of the chain as a value: two axes, channels, and what each kind of layer has. conv_lib/widgets/chain.py has the same. */
import limits from "../../chain_limits.json";
import * as words from "../words/en/chain.ts";

export type Framework = "keras" | "torch";
export type Pair = readonly [height: number, width: number];

export const KINDS = [
  "conv",
  "depthwise",
  "transposed",
  "pool",
  "upsample",
  "shuffle",
  "pad",
  "crop",
  "resize",
  "concat",
  "add",
  "norm",
  "pass",
  "flatten",
  "dense",
  "reshape",
  "globalpool",
  "unknown",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Layer {
  kind: Kind;
  /** The class as pasted, for "pass", "norm" and "unknown"; "max" or "avg" for "pool"; "crop" where a skip is cut to fit. */
  name: string;
  /** Channels out, units of "dense", multiplier of "depthwise"; null where a pasted line does not say. */
  filters: number | null;
  kernel: Pair;
  stride: Pair;
  padding: "valid" | "same" | Pair;
  dilation: Pair;
  /** null where Keras is to choose. */
  output_padding: Pair | null;
  groups: number;
  bias: boolean;
  /** PyTorch's pooling that rounds up. */
  ceil: boolean;
  /** The in_channels or in_features that a PyTorch layer was written with. */
  expects: number | null;
  /** Where a skip comes from: after so many layers; 0 is the input. */
  source: number;
  /** "pad", "crop": top, bottom, left, right; "resize": height, width; "reshape": height, width, channels. */
  size: readonly number[];
}

export const PLAIN: Layer = {
  kind: "conv",
  name: "",
  filters: 1,
  kernel: [1, 1],
  stride: [1, 1],
  padding: "valid",
  dilation: [1, 1],
  output_padding: null,
  groups: 1,
  bias: true,
  ceil: false,
  expects: null,
  source: 0,
  size: [],
};

/** The entries that matter for each kind, in the order in which links and Python write them. */
export const PARTS: { readonly [K in Kind]: readonly (keyof Layer)[] } = {
  conv: ["filters", "kernel", "stride", "padding", "dilation", "groups", "bias", "expects"],
  depthwise: ["filters", "kernel", "stride", "padding", "dilation", "bias"],
  transposed: ["filters", "kernel", "stride", "padding", "dilation", "output_padding", "groups", "bias", "expects"],
  pool: ["name", "kernel", "stride", "padding", "dilation", "ceil"],
  upsample: ["stride"],
  shuffle: ["stride"],
  pad: ["size"],
  crop: ["size"],
  resize: ["size"],
  concat: ["source", "name"],
  add: ["source", "name"],
  norm: ["name"],
  pass: ["name"],
  flatten: [],
  dense: ["filters", "bias", "expects"],
  reshape: ["size"],
  globalpool: [],
  unknown: ["name"],
};

/** Settings that belong to another kind are put back, so that equal layers look equal. */
export function tidy(layer: Layer): Layer {
  const kept = Object.fromEntries(PARTS[layer.kind].map((part) => [part, layer[part]]));
  return { ...PLAIN, kind: layer.kind, ...kept } as Layer;
}

/** A new layer of a kind, as people mostly write it. */
export function made(kind: Kind, framework: Framework, settings: Partial<Layer> = {}): Layer {
  const same = framework === "keras" ? ("same" as const) : ([1, 1] as Pair);
  const usual: Partial<Record<Kind, Partial<Layer>>> = {
    conv: { filters: 32, kernel: [3, 3], padding: same },
    depthwise: { kernel: [3, 3], padding: same },
    transposed: { filters: 32, kernel: [4, 4], stride: [2, 2], padding: same },
    pool: { name: "max", kernel: [2, 2], stride: [2, 2] },
    upsample: { stride: [2, 2] },
    shuffle: { stride: [2, 2] },
    pad: { size: [0, 1, 0, 1] },
    crop: { size: [0, 1, 0, 1] },
    resize: { size: [64, 64] },
    norm: { name: framework === "keras" ? "BatchNormalization" : "BatchNorm2d" },
    pass: { name: "ReLU" },
    dense: { filters: 10 },
    reshape: { size: [7, 7, 64] },
  };
  return tidy({ ...PLAIN, kind, ...usual[kind], ...settings });
}

export const LIMITS = limits as unknown as { readonly [name: string]: readonly [number, number] };
export const MOST_LAYERS = LIMITS.layers![1];

const isWhole = (v: unknown, name: string): boolean =>
  Number.isInteger(v) && (v as number) >= LIMITS[name]![0] && (v as number) <= LIMITS[name]![1];
const isPair = (v: unknown, name: string): boolean =>
  Array.isArray(v) && v.length === 2 && v.every((one) => isWhole(one, name));

const NAME = /^[A-Za-z_]\w{0,39}$/;
const SIZES: Partial<Record<Kind, number>> = { pad: 4, crop: 4, resize: 2, reshape: 3 };

/** What is out of range in a layer whatever its place, or null. */
export function layerFault(layer: Layer): string | null {
  const range = (name: string): [string, string] => [`${LIMITS[name]![0]}`, `${LIMITS[name]![1]}`];
  if (layer.filters !== null && !isWhole(layer.filters, "filters")) return words.wrongFilters(...range("filters"));
  for (const name of ["kernel", "stride", "dilation"] as const)
    if (!isPair(layer[name], name)) return words.wrongPair(name, ...range(name));
  if (layer.padding !== "valid" && layer.padding !== "same" && !isPair(layer.padding, "padding")) return words.wrongPadding(...range("padding"));
  if (layer.output_padding && !isPair(layer.output_padding, "output_padding")) return words.wrongNumber("output_padding", ...range("output_padding"));
  if (!isWhole(layer.groups, "groups")) return words.wrongNumber("groups", ...range("groups"));
  if (layer.expects !== null && !isWhole(layer.expects, "filters")) return words.wrongNumber("in_channels", ...range("filters"));
  if (layer.kind === "shuffle" && layer.stride[0] !== layer.stride[1]) return words.ONE_FACTOR;
  const most = SIZES[layer.kind];
  if (most !== undefined) {
    const least = layer.kind === "pad" || layer.kind === "crop" ? 0 : 1;
    if (layer.size.length !== most || !layer.size.every((v) => isWhole(v, "size") && v >= least))
      return words.wrongSizes(`${most}`, `${least}`, range("size")[1]);
  }
  return null;
}

/** What is out of range in layer `index` of the chain, or null. */
export function layerProblem(layer: Layer, index: number): string | null {
  const number = `${index + 1}`;
  if (!KINDS.includes(layer.kind)) return words.noKind(number);
  const fault = layerFault(layer);
  if (fault) return words.atLayer(number, fault);
  if (layer.name && !NAME.test(layer.name)) return words.noName(number);
  if ((layer.kind === "concat" || layer.kind === "add") && !(Number.isInteger(layer.source) && layer.source >= 0 && layer.source <= index))
    return words.noSource(number, `${index}`);
  return null;
}

// ------------------------------------------------------------------------------------ words

export const by = ([h, w]: Pair): string => `${h} \u00d7 ${w}`;
export const brief = ([h, w]: Pair): string => (h === w ? String(h) : `${h}\u00d7${w}`);

/** Name and settings of a layer as a row shows them. */
export function titleOf(layer: Layer, framework: Framework = "torch"): { name: string; details: string } {
  const parts: string[] = [];
  const put = (say: (text: string) => string, pair: Pair, usual: Pair = [1, 1]) => {
    if (pair[0] !== usual[0] || pair[1] !== usual[1]) parts.push(say(brief(pair)));
  };
  const filters = layer.filters === null ? "?" : String(layer.filters);
  let name = { ...words.KINDS, ...words.SHORT }[layer.kind];
  switch (layer.kind) {
    case "conv":
    case "depthwise":
    case "transposed":
    case "pool":
      if (layer.kind === "pool") name = layer.name === "avg" ? words.POOLS.avg : words.POOLS.max;
      name += ` ${layer.kernel[0]}\u00d7${layer.kernel[1]}`;
      if (layer.kind !== "pool" && layer.kind !== "depthwise") parts.push(words.to(filters));
      put(words.stride, layer.stride, layer.kind === "pool" ? layer.kernel : [1, 1]);
      put(words.dilation, layer.dilation);
      if (layer.padding === "same" || (layer.padding === "valid" && framework === "keras")) parts.push(layer.padding);
      else if (typeof layer.padding !== "string") put(words.padding, layer.padding, [0, 0]);
      if (layer.output_padding) parts.push(words.outputPadding(brief(layer.output_padding)));
      if (layer.groups > 1) parts.push(words.groups(`${layer.groups}`));
      if (layer.ceil) parts.push("ceil_mode");
      break;
    case "upsample":
    case "shuffle":
      parts.push(words.times(brief(layer.stride)));
      break;
    case "pad":
    case "crop": {
      const [t, b, l, r] = layer.size;
      parts.push(t === b && b === l && l === r ? words.allRound(`${t}`) : words.sides(`${t}`, `${b}`, `${l}`, `${r}`));
      break;
    }
    case "resize":
    case "reshape":
      parts.push(words.to(layer.size.join(" \u00d7 ")));
      break;
    case "concat":
    case "add":
      parts.push(words.joinedWith(sourceWords(layer.source), layer.name === "crop"));
      break;
    case "dense":
      parts.push(words.to(filters));
      break;
    case "norm":
    case "pass":
      name = layer.name || name;
      break;
    case "unknown":
      name = layer.name || words.UNKNOWN;
      parts.push(words.UNKNOWN);
  }
  return { name, details: parts.join(", ") };
}

export const sourceWords = (source: number): string => words.sourceOf(source ? `${source}` : null);
