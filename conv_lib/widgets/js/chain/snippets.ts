/** Code that runs as pasted and asserts the sizes: Keras, PyTorch, and this widget. */
import { effectiveKernel, samePadding, transposedWindow, type Axis } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/chain.ts";
import { axisLayer } from "./axis.ts";
import type { Framework, Layer, Pair } from "./layers.ts";
import { compact } from "./settings.ts";
import { isMap, walkChain, type Chain, type Shape, type Step, type Walk } from "./walk.ts";

const axes = [0, 1] as const;
const pair = ([h, w]: Pair): string => (h === w ? String(h) : `(${h}, ${w})`);
type Map2D = { h: number; w: number; c: number | null };
const sizesOf = (m: Map2D): Pair => [m.h, m.w];

/** What a framework cannot say; the code ends there. */
class Refused extends Error {}

interface Line {
  /** The call; it is applied to the last value. */
  make: string;
  /** Functions are called with the value as the first argument, layers are made and then called. */
  plain?: boolean;
  remark?: string;
}

const kerasSides = ([t, b, l, r]: readonly number[]): string => `((${t}, ${b}), (${l}, ${r}))`;
const torchSides = ([t, b, l, r]: readonly number[]): string => `(${l}, ${r}, ${t}, ${b})`;

function kerasLines(step: Step, framework: Framework): Line[] {
  const { layer } = step;
  const input = step.input as Map2D;
  const output = step.output as Map2D;
  const words: string[] = [];
  const put = (name: string, value: Pair, usual: number) => {
    if (value[0] !== usual || value[1] !== usual) words.push(`${name}=${pair(value)}`);
  };
  const found: Line[] = [];
  const pixels = typeof layer.padding === "string" ? null : layer.padding;
  switch (layer.kind) {
    case "conv":
    case "depthwise":
    case "pool": {
      const extra = [0, 0];
      if (layer.kind === "pool" && (layer.dilation[0] > 1 || layer.dilation[1] > 1)) throw new Refused("Keras has no dilated pooling");
      if (layer.ceil) {
        axes.forEach((a) => {
          const size = sizesOf(input)[a] + 2 * (pixels?.[a] ?? 0);
          extra[a] = Math.max((sizesOf(output)[a] - 1) * layer.stride[a] + layer.kernel[a] - size, 0);
        });
      }
      if (pixels?.some((v) => v) || extra.some((v) => v)) {
        const [ph, pw] = pixels ?? [0, 0];
        found.push({ make: `layers.ZeroPadding2D(${kerasSides([ph, ph + extra[0]!, pw, pw + extra[1]!])})` });
      }
      const first = layer.kind === "conv" ? `${layer.filters}, ${pair(layer.kernel)}` : pair(layer.kernel);
      if (layer.kind === "pool") {
        if (layer.stride[0] !== layer.kernel[0] || layer.stride[1] !== layer.kernel[1]) words.push(`strides=${pair(layer.stride)}`);
      } else put("strides", layer.stride, 1);
      if (layer.padding === "same") words.push('padding="same"');
      if (layer.kind !== "pool") {
        if (Math.max(...layer.stride) > 1 && Math.max(...layer.dilation) > 1) throw new Refused("Keras does not take stride and dilation above 1 together");
        put("dilation_rate", layer.dilation, 1);
      }
      if (layer.groups > 1) words.push(`groups=${layer.groups}`);
      if (layer.kind === "depthwise" && layer.filters !== 1) words.push(`depth_multiplier=${layer.filters}`);
      if (layer.kind !== "pool" && !layer.bias) words.push("use_bias=False");
      const name = { conv: "Conv2D", depthwise: "DepthwiseConv2D", pool: layer.name === "avg" ? "AveragePooling2D" : "MaxPooling2D" }[layer.kind];
      found.push({ make: `layers.${name}(${[first, ...words].join(", ")})` });
      return found;
    }
    case "transposed": {
      if (layer.groups > 1) throw new Refused("Keras' Conv2DTranspose takes no groups");
      if (Math.max(...layer.stride) > 1 && Math.max(...layer.dilation) > 1) throw new Refused("Keras does not take stride and dilation above 1 together");
      put("strides", layer.stride, 1);
      put("dilation_rate", layer.dilation, 1);
      if (layer.padding === "same") words.push('padding="same"');
      if (framework === "keras") {
        if (layer.output_padding) words.push(`output_padding=${pair(layer.output_padding)}`);
      } else {
        const extra = layer.output_padding ?? [0, 0];
        if (axes.some((a) => extra[a] >= layer.stride[a])) throw new Refused("Keras takes output_padding below the stride only");
        words.push(`output_padding=${pair(extra)}`);
      }
      if (!layer.bias) words.push("use_bias=False");
      found.push({ make: `layers.Conv2DTranspose(${[layer.filters, pair(layer.kernel), ...words].join(", ")})` });
      if (pixels?.some((v) => v)) found.push({ make: `layers.Cropping2D(${pair(pixels)})` });
      return found;
    }
    case "upsample":
      return [{ make: `layers.UpSampling2D(${pair(layer.stride)})` }];
    case "shuffle": {
      const r = layer.stride[0];
      return [
        { make: `layers.Reshape((${input.h}, ${input.w}, ${output.c}, ${r}, ${r}))` },
        { make: "layers.Permute((1, 4, 2, 5, 3))" },
        { make: `layers.Reshape((${output.h}, ${output.w}, ${output.c}))` },
      ];
    }
    case "pad":
      return [{ make: `layers.ZeroPadding2D(${kerasSides(layer.size)})` }];
    case "crop":
      return [{ make: `layers.Cropping2D(${kerasSides(layer.size)})` }];
    case "resize":
      return [{ make: `layers.Resizing(${layer.size.join(", ")})` }];
    case "norm":
      if (layer.name === "LayerNormalization") return [{ make: "layers.LayerNormalization()" }];
      if (layer.name === "GroupNormalization" || layer.name === "GroupNorm") return [{ make: "layers.GroupNormalization(1)" }];
      return /^Batch/.test(layer.name) ? [{ make: "layers.BatchNormalization()" }] : [];
    case "flatten":
      return [{ make: "layers.Flatten()" }];
    case "dense":
      return [{ make: `layers.Dense(${layer.filters}${layer.bias ? "" : ", use_bias=False"})` }];
    case "reshape":
      return [{ make: `layers.Reshape((${layer.size.join(", ")}))` }];
    case "globalpool":
      return [{ make: "layers.GlobalAveragePooling2D()" }];
    default:
      return [];
  }
}

function torchLines(step: Step, framework: Framework): Line[] {
  const { layer } = step;
  const input = step.input as Map2D;
  const output = step.output as Map2D;
  const words: string[] = [];
  const found: Line[] = [];
  const put = (name: string, value: Pair, usual: number) => {
    if (value[0] !== usual || value[1] !== usual) words.push(`${name}=${pair(value)}`);
  };
  switch (layer.kind) {
    case "conv":
    case "depthwise":
    case "pool": {
      const strided = layer.stride[0] > 1 || layer.stride[1] > 1;
      const explicit = layer.padding === "same" && (strided || layer.kind === "pool");
      if (explicit) {
        const pads = axes.map((a) => samePadding(sizesOf(input)[a], axisLayer(layer, a) as Axis));
        if (pads.flat().some((v) => v)) found.push({ make: `nn.ZeroPad2d(${torchSides([...pads[0]!, ...pads[1]!])})` });
      }
      if (layer.kind === "pool") {
        if (layer.stride[0] !== layer.kernel[0] || layer.stride[1] !== layer.kernel[1]) words.push(`stride=${pair(layer.stride)}`);
      } else put("stride", layer.stride, 1);
      if (typeof layer.padding !== "string") put("padding", layer.padding, 0);
      else if (layer.padding === "same" && !explicit) words.push('padding="same"');
      put("dilation", layer.dilation, 1);
      if (layer.kind === "pool") {
        if (layer.ceil) words.push("ceil_mode=True");
        found.push({ make: `nn.${layer.name === "avg" ? "AvgPool2d" : "MaxPool2d"}(${[pair(layer.kernel), ...words].join(", ")})` });
        return found;
      }
      const groups = layer.kind === "depthwise" ? input.c! : layer.groups;
      if (groups > 1) words.push(`groups=${groups}`);
      if (!layer.bias) words.push("bias=False");
      found.push({ make: `nn.Conv2d(${[layer.expects ?? input.c, output.c, pair(layer.kernel), ...words].join(", ")})` });
      return found;
    }
    case "transposed": {
      put("stride", layer.stride, 1);
      const crop: number[] = [0, 0, 0, 0];
      if (framework === "torch") {
        if (typeof layer.padding !== "string") put("padding", layer.padding, 0);
        if (layer.output_padding) put("output_padding", layer.output_padding, 0);
      } else {
        // Keras' window of the full result, cut out.
        axes.forEach((a) => {
          const axis = axisLayer(layer, a) as Axis;
          const full = (sizesOf(input)[a] - 1) * axis.stride + effectiveKernel(axis.kernel, axis.dilation);
          const [start, stop] = transposedWindow(sizesOf(output)[a], axis);
          crop[2 * a] = -start || 0;
          crop[2 * a + 1] = stop - full;
        });
      }
      put("dilation", layer.dilation, 1);
      if (layer.groups > 1) words.push(`groups=${layer.groups}`);
      if (!layer.bias) words.push("bias=False");
      found.push({ make: `nn.ConvTranspose2d(${[layer.expects ?? input.c, layer.filters, pair(layer.kernel), ...words].join(", ")})` });
      if (crop.some((v) => v)) found.push({ make: `nn.ZeroPad2d(${torchSides(crop)})` });
      return found;
    }
    case "upsample":
      return [{ make: `nn.Upsample(scale_factor=${pair(layer.stride)})` }];
    case "shuffle":
      return [{ make: `nn.PixelShuffle(${layer.stride[0]})` }];
    case "pad":
      return [{ make: `nn.ZeroPad2d(${torchSides(layer.size)})` }];
    case "crop":
      return [{ make: `nn.ZeroPad2d(${torchSides(layer.size.map((v) => -v || 0))})` }];
    case "resize":
      return [{ make: `nn.Upsample(size=(${layer.size.join(", ")}))` }];
    case "norm": {
      const c = isMap(step.input) ? step.input.c : (step.input as { n: number }).n;
      if (/^Batch/.test(layer.name)) return [{ make: `nn.BatchNorm${isMap(step.input) ? 2 : 1}d(${c})` }];
      if (layer.name === "GroupNorm" || layer.name === "GroupNormalization") return [{ make: `nn.GroupNorm(1, ${c})` }];
      return layer.name === "InstanceNorm2d" ? [{ make: `nn.InstanceNorm2d(${c})` }] : [];
    }
    case "flatten":
      return [{ make: "nn.Flatten()" }];
    case "dense": {
      const bias = layer.bias ? "" : ", bias=False";
      return isMap(step.input)
        ? [{ make: `nn.Conv2d(${step.input.c}, ${layer.filters}, 1${bias})` }]
        : [{ make: `nn.Linear(${layer.expects ?? (step.input as { n: number }).n}, ${layer.filters}${bias})` }];
    }
    case "reshape":
      return [{ make: `nn.Unflatten(1, (${layer.size[2]}, ${layer.size[0]}, ${layer.size[1]}))` }];
    case "globalpool":
      return [{ make: "nn.AdaptiveAvgPool2d(1)" }, { make: "nn.Flatten()" }];
    default:
      return [];
  }
}

const kerasShape = (shape: Shape): string => (isMap(shape) ? `(${shape.h}, ${shape.w}, ${shape.c})` : `(${shape.n},)`);
const torchShape = (shape: Shape): string => (isMap(shape) ? `(${shape.c}, ${shape.h}, ${shape.w})` : `(${shape.n},)`);

/** Numbers that the pasted lines left open stand as 8 in code. */
const STAND_IN = 8;

function program(walk: Walk, target: Framework): string {
  const keras = target === "keras";
  const { chain } = walk;
  const body: string[] = [];
  const checks: string[] = [];
  let open = false;
  let params = 0;
  let counted = true;
  let lastIndex = 0;
  let stop = "";
  for (const [i, step] of walk.steps.entries()) {
    const { layer } = step;
    const number = i + 1;
    const name = `x${number}`;
    const before = `x${i}`;
    const wrong = step.problem ?? (step.misfit ? `The skip brings ${step.misfit.skip.join(" x ")} and meets ${step.misfit.meets.join(" x ")}.` : step.remark);
    if (wrong || !step.output) {
      stop = `# Layer ${number} does not run: ${ascii(wrong ?? "")}`;
      break;
    }
    if (layer.kind === "concat" || layer.kind === "add") {
      let skip = `x${layer.source}`;
      const from = (layer.source ? walk.steps[layer.source - 1]!.output : walk.start) as Map2D;
      const to = step.output as Map2D;
      if (from.h !== to.h || from.w !== to.w) {
        const sides = axes.flatMap((a) => {
          const cut = sizesOf(from)[a] - sizesOf(to)[a];
          return [Math.floor(cut / 2), cut - Math.floor(cut / 2)];
        });
        const [t, b, l, r] = sides as [number, number, number, number];
        skip = keras ? `layers.Cropping2D(${kerasSides(sides)})(${skip})` : `${skip}[..., ${t}:${from.h - b}, ${l}:${from.w - r}]`;
      }
      if (layer.kind === "add") body.push(`${name} = ${before} + ${skip}`);
      else body.push(keras ? `${name} = layers.Concatenate()([${before}, ${skip}])` : `${name} = torch.cat([${before}, ${skip}], dim=1)`);
    } else {
      let lines: Line[];
      try {
        lines = keras ? kerasLines(step, chain.framework) : torchLines(step, chain.framework);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        stop = `# Layer ${number} has no counterpart here: ${error.message}.`;
        break;
      }
      if (layer.kind === "norm" && (target !== chain.framework || !lines.length)) counted = false;
      if (!lines.length) body.push(`${name} = ${before}  # ${layer.name}: no change of size`);
      lines.forEach(({ make }, j) => {
        const from = j ? name : before;
        body.push(keras ? `${name} = ${make}(${from})` : `${name} = add(${make})(${from})`);
      });
      if (layer.filters === STAND_IN && open0(chain, i)) open = true;
    }
    checks.push(`    (${name}, ${keras ? kerasShape(step.output) : torchShape(step.output)}),`);
    params += step.params ?? 0;
    lastIndex = number;
  }
  const start = keras ? kerasShape(walk.start) : torchShape(walk.start);
  const head = keras
    ? ["import keras", "from keras import layers", "", `x0 = keras.Input(${start})`]
    : [
        "import torch",
        "from torch import nn",
        "",
        'torch.set_default_device("meta")  # sizes only: nothing is computed',
        "made = []",
        "",
        "",
        "def add(layer):",
        "    made.append(layer)",
        "    return layer",
        "",
        "",
        `x0 = torch.zeros(1, ${start.slice(1, -1)})`,
      ];
  const tail = [
    ...(stop ? [stop] : []),
    "",
    "for value, size in [",
    ...checks,
    "]:",
    keras ? "    assert tuple(value.shape[1:]) == size, value.shape" : "    assert tuple(value.shape[1:]) == size, value.shape",
  ];
  if (counted && !open && lastIndex) {
    tail.push(
      keras
        ? `assert keras.Model(x0, x${lastIndex}).count_params() == ${params}`
        : `assert sum(p.numel() for layer in made for p in layer.parameters()) == ${params}`,
    );
  }
  const note = open ? [`# ${STAND_IN} stands for channels that were not given.`] : [];
  if (!checks.length) return [...head, ...note, ...tail.slice(0, stop ? 1 : 0)].join("\n");
  return [...head, ...note, ...body, ...tail].join("\n");
}

const ascii = (text: string): string =>
  text
    .replace(/\u2212/g, "-")
    .replace(/[\u230a\u230b\u2308\u2309]/g, "")
    .replace(/\u00d7/g, "x")
    .replace(/\u2019/g, "'")
    .replace(/\u00b7/g, "*");

const stoodIn = new WeakMap<Chain, ReadonlySet<number>>();
const open0 = (chain: Chain, index: number): boolean => stoodIn.get(chain)?.has(index) ?? false;

/** The chain with a number wherever the pasted lines left one open. */
function closed(chain: Chain): Chain {
  const missing = new Set<number>();
  let unsure = false;
  const layers = chain.layers.map((layer, i): Layer => {
    const now: Layer = unsure && layer.expects !== null && layer.kind !== "dense" ? { ...layer, expects: null } : layer;
    if (layer.kind === "conv" || layer.kind === "transposed" || layer.kind === "dense") unsure = layer.filters === null;
    if (now.filters !== null) return now;
    missing.add(i);
    return { ...now, filters: STAND_IN };
  });
  if (!missing.size) return chain;
  const whole = { ...chain, layers };
  stoodIn.set(whole, missing);
  return whole;
}

const value = (v: unknown): string =>
  v === null ? "None" : v === true ? "True" : v === false ? "False" : typeof v === "string" ? `"${v}"` : Array.isArray(v) ? (v.length === 2 && v[0] === v[1] ? String(v[0]) : `[${v.join(", ")}]`) : String(v);

export function pythonOf(s: Chain): string {
  const rows = s.layers.map((layer) => `    {${Object.entries(compact(layer)).map(([k, v]) => `"${k}": ${value(v)}`).join(", ")}},`);
  return [
    "from conv_lib.widgets import DecoderRuler",
    "",
    "layers = [",
    ...rows,
    "]",
    "w = DecoderRuler(",
    `    framework="${s.framework}",`,
    `    height=${s.height}, width=${s.width}, channels=${s.channels},`,
    "    layers=layers,",
    ")",
    "w",
  ].join("\n");
}

export function snippets(s: Chain): Snippet[] {
  const walk = walkChain(closed(s));
  return [
    { name: "Keras", code: program(walk, "keras") },
    { name: "PyTorch", code: program(walk, "torch") },
    { name: THIS_WIDGET, code: pythonOf(s) },
  ];
}
