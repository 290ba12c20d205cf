/** A chain of layers on one input: the shape after each, where pixels are lost, which skips fit, what each layer costs. */
import { effectiveKernel, pads } from "../core/shapes.ts";
import * as words from "../words/en/chain.ts";
import { axisLayer, axisSize, collapses, fixed, gathers, restoring, unread, type AxisLayer } from "./axis.ts";
import type { Framework, Layer, Pair } from "./layers.ts";

export interface Chain {
  framework: Framework;
  height: number;
  width: number;
  channels: number;
  layers: readonly Layer[];
}

/** A map, or a flat row of numbers; null channels where a pasted line did not say. */
export type Shape = { h: number; w: number; c: number | null } | { n: number | null };
export const isMap = (shape: Shape | null): shape is { h: number; w: number; c: number | null } => shape !== null && "h" in shape;

/** What one pixel sees along one axis: pixels, and from one pixel's field to the next. */
export interface Field {
  size: number;
  jump: number;
  start: number;
}

/** A skip whose two ends differ, along both axes. */
export interface Misfit {
  source: number;
  skip: Pair;
  meets: Pair;
  /** Zeros to add before and after what the skip meets; negative: pixels to crop. */
  pad: readonly [Pair, Pair];
  /** The layer before, with the output_padding that makes it fit; null where none does. */
  fix: Layer | null;
}

export interface Step {
  layer: Layer;
  input: Shape | null;
  output: Shape | null;
  /** Why the chain ends here, or null. */
  problem: string | null;
  /** Something that does not end the chain. */
  remark: string | null;
  misfit: Misfit | null;
  /** All sizes with this output, along each axis: with more than one, the layer rounds. */
  collapses: readonly [Pair, Pair] | null;
  lost: Pair;
  /** The transposed layer that brings the size back; null where there is none or nothing was rounded. */
  restore: Layer | null;
  params: number | null;
  macs: number | null;
  /** Until the first layer that enlarges. */
  field: readonly [Field, Field] | null;
}

export interface Walk {
  chain: Chain;
  start: Shape;
  steps: Step[];
  params: number | null;
  macs: number | null;
  /** Number of the layer at which the chain ends, or null. */
  stopped: number | null;
}

export const shapeAfter = (walk: Walk, index: number): Shape | null =>
  index === 0 ? walk.start : (walk.steps[index - 1]?.output ?? null);

const axes = [0, 1] as const;
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
const times = (...all: (number | null)[]): number | null =>
  all.reduce<number | null>((a, b) => (a === null || b === null ? null : a * b), 1);

export const numbersIn = (shape: Shape): number | null => (isMap(shape) ? times(shape.h, shape.w, shape.c) : shape.n);

export function walkChain(chain: Chain): Walk {
  const start: Shape = { h: chain.height, w: chain.width, c: chain.channels };
  const walk: Walk = { chain, start, steps: [], params: 0, macs: 0, stopped: null };
  let here: Shape | null = start;
  let field: readonly [Field, Field] | null = [
    { size: 1, jump: 1, start: 0 },
    { size: 1, jump: 1, start: 0 },
  ];
  chain.layers.forEach((layer, index) => {
    const step = takeStep(walk, layer, here, index);
    field = here && step.output ? nextField(field, layer, here) : null;
    step.field = field;
    walk.steps.push(step);
    if (!step.output && walk.stopped === null) walk.stopped = index;
    here = step.output;
    if (walk.stopped === null) {
      walk.params = sum(walk.params, step.params);
      walk.macs = sum(walk.macs, step.macs);
    }
  });
  return walk;
}

function nextField(field: readonly [Field, Field] | null, layer: Layer, here: Shape): readonly [Field, Field] | null {
  if (!field || !isMap(here)) return null;
  if (layer.kind === "pad" || layer.kind === "crop") {
    const sign = layer.kind === "pad" ? -1 : 1;
    const before = [layer.size[0]!, layer.size[2]!];
    return axes.map((a) => ({ ...field[a], start: field[a].start + sign * before[a]! * field[a].jump })) as [Field, Field];
  }
  if (layer.kind === "pass" || layer.kind === "norm") return field;
  if (!gathers(layer)) return null;
  return axes.map((a): Field => {
    const l = axisLayer(layer, a)!;
    const [before] = pads(a ? here.w : here.h, l);
    return {
      size: field[a].size + (effectiveKernel(l.kernel, l.dilation) - 1) * field[a].jump,
      jump: field[a].jump * l.stride,
      start: field[a].start - before * field[a].jump,
    };
  }) as [Field, Field];
}

function takeStep(walk: Walk, layer: Layer, input: Shape | null, index: number): Step {
  const { framework } = walk.chain;
  const step: Step = {
    layer, input, output: null, problem: null, remark: null, misfit: null, collapses: null, lost: [0, 0], restore: null, params: 0, macs: 0, field: null,
  };
  if (!input) return { ...step, params: null, macs: null };
  const fail = (problem: string): Step => ({ ...step, problem, params: null, macs: null });
  if (layer.kind === "unknown") return fail(words.unknownLayer(layer.name));
  if (layer.kind === "norm") {
    const c = isMap(input) ? input.c : input.n;
    // Keras counts the two moving averages as parameters, PyTorch does not.
    const each = layer.name === "BatchNormalization" ? 4 : /^InstanceNorm/.test(layer.name) ? 0 : 2;
    return { ...step, output: input, params: times(each, c) };
  }
  if (layer.kind === "pass") return { ...step, output: input };
  if (layer.kind === "flatten") return { ...step, output: { n: numbersIn(input) } };
  if (layer.kind === "dense") return dense(step, layer, input, framework);
  if (layer.kind === "reshape") {
    const [h, w, c] = layer.size as [number, number, number];
    const n = numbersIn(input);
    if (n !== null && n !== h * w * c) return fail(words.reshaped(`${h} \u00d7 ${w} \u00d7 ${c}`, `${h * w * c}`, `${n}`));
    return { ...step, output: { h, w, c } };
  }
  if (!isMap(input)) return fail(layer.kind === "globalpool" ? words.NOTHING_TO_POOL : words.FLAT_ROW);
  if (layer.kind === "globalpool") return { ...step, output: { n: input.c } };
  if (layer.kind === "concat" || layer.kind === "add") return join(step, walk, layer, input, index);
  const sizes = [input.h, input.w] as const;
  const along = axes.map((a) => axisLayer(layer, a)!) as [AxisLayer, AxisLayer];
  const found = axes.map((a) => axisSize(along[a], sizes[a], framework));
  for (const a of axes) {
    if (typeof found[a] !== "string") continue;
    const both = found[0] === found[1] || (typeof found[0] === "string" && sizes[0] === sizes[1]);
    return fail(both ? found[a] : words.alongAxis(a, found[a]));
  }
  const [h, w] = found as [number, number];
  let c = input.c;
  const kernel = layer.kernel[0] * layer.kernel[1];
  if (layer.kind === "conv" || layer.kind === "transposed") {
    if (layer.expects !== null && c !== null && layer.expects !== c)
      step.remark = words.wrongChannels(`${layer.expects}`, `${c}`);
    const cin = layer.expects ?? c;
    if (framework === "keras" && layer.kind === "transposed" && layer.groups > 1) return fail(words.KERAS_GROUPS);
    if (cin !== null && cin % layer.groups) return fail(words.groupsIn(`${layer.groups}`, `${cin}`));
    if (layer.filters !== null && layer.filters % layer.groups)
      return fail(words.groupsOut(`${layer.groups}`, `${layer.filters}`));
    const weights = times(kernel, cin === null ? null : cin / layer.groups, layer.filters);
    step.params = sum(weights, layer.bias ? layer.filters : 0);
    step.macs = times(weights, layer.kind === "conv" ? h * w : input.h * input.w);
    c = layer.filters;
  } else if (layer.kind === "depthwise") {
    const out = times(c, layer.filters);
    const weights = times(kernel, out);
    step.params = sum(weights, layer.bias ? out : 0);
    step.macs = times(weights, h * w);
    c = out;
  } else if (layer.kind === "shuffle") {
    const [y, x] = layer.stride;
    if (c !== null && c % (y * x)) return fail(words.shuffled(`${y} \u00d7 ${x}`, `${y * x}`, `${c}`));
    c = c === null ? null : c / (y * x);
  }
  step.output = { h, w, c };
  if (gathers(layer)) {
    step.collapses = axes.map((a) => collapses(along[a], sizes[a], found[a] as number, framework)) as unknown as [Pair, Pair];
    step.lost = axes.map((a) => unread(along[a], sizes[a], found[a] as number)) as unknown as Pair;
    if (step.collapses.some(([low, high]) => low !== high)) {
      const back = axes.map((a) => restoring(along[a], sizes[a], framework));
      if (back[0] && back[1]) step.restore = fromAxes(layer, back as [AxisLayer, AxisLayer], input.c);
    }
  }
  return step;
}

function fromAxes(layer: Layer, [v, h]: [AxisLayer, AxisLayer], filters: number | null): Layer {
  const given = v.outputPadding !== null || h.outputPadding !== null;
  return {
    ...layer,
    kind: "transposed",
    name: "",
    filters,
    expects: null,
    groups: 1,
    ceil: false,
    padding: typeof v.padding === "string" ? v.padding : [v.padding[0], (h.padding as Pair)[0]],
    output_padding: given ? [v.outputPadding ?? 0, h.outputPadding ?? 0] : null,
  };
}

function dense(step: Step, layer: Layer, input: Shape, framework: Framework): Step {
  if (isMap(input) && framework === "torch")
    return { ...step, problem: words.LINEAR_ON_MAP, params: null, macs: null };
  const units = isMap(input) ? input.c : input.n;
  if (layer.expects !== null && units !== null && layer.expects !== units)
    return { ...step, problem: words.wrongNumbers(`${layer.expects}`, `${units}`), params: null, macs: null };
  const cin = layer.expects ?? units;
  const weights = times(cin, layer.filters);
  return {
    ...step,
    output: isMap(input) ? { ...input, c: layer.filters } : { n: layer.filters },
    params: sum(weights, layer.bias ? layer.filters : 0),
    macs: times(weights, isMap(input) ? input.h * input.w : 1),
  };
}

function join(step: Step, walk: Walk, layer: Layer, input: { h: number; w: number; c: number | null }, index: number): Step {
  const skip = shapeAfter(walk, layer.source);
  if (!isMap(skip)) return { ...step, problem: words.NO_SKIP, params: null, macs: null };
  const cut = layer.name === "crop" && skip.h >= input.h && skip.w >= input.w;
  const output = { h: input.h, w: input.w, c: layer.kind === "concat" ? sum(input.c, skip.c) : input.c };
  if (layer.kind === "add" && skip.c !== null && input.c !== null && skip.c !== input.c)
    step.remark = words.unequalAdd(`${skip.c}`, `${input.c}`);
  if (cut || (skip.h === input.h && skip.w === input.w)) return { ...step, output };
  const wanted = [skip.h, skip.w] as const;
  const more = [skip.h - input.h, skip.w - input.w] as const;
  const before = more.map((m) => Math.floor(m / 2));
  const last = walk.steps[index - 1];
  let fix: Layer | null = null;
  if (last?.layer.kind === "transposed" && isMap(last.input)) {
    const sizes = [last.input.h, last.input.w] as const;
    const found = axes.map((a) => fixed(axisLayer(last.layer, a)!, sizes[a], wanted[a], walk.chain.framework));
    if (found[0] && found[1]) {
      const same = fromAxes(last.layer, found as [AxisLayer, AxisLayer], last.layer.filters);
      const out = axes.map((a) => axisSize(axisLayer(same, a)!, sizes[a], walk.chain.framework));
      if (out[0] === wanted[0] && out[1] === wanted[1]) fix = { ...same, groups: last.layer.groups, expects: last.layer.expects };
    }
  }
  const misfit: Misfit = {
    source: layer.source,
    skip: wanted,
    meets: [input.h, input.w],
    pad: [
      [before[0]!, more[0] - before[0]!],
      [before[1]!, more[1] - before[1]!],
    ],
    fix,
  };
  // What comes after is shown as if the skip had been brought to the size that it meets.
  return { ...step, output, misfit };
}

// ------------------------------------------------------------------------- which inputs work

/** The accepted sizes from 1 to `high` along one axis, and the rule they follow there. */
export interface Accepted {
  sizes: number[];
  modulus: number;
  residues: number[] | null;
}

export interface Wish {
  /** Every skip must fit. */
  skips: boolean;
  /** The output must have the size of the input. */
  returns: boolean;
  /** No pixels may be left unread. */
  lossless: boolean;
}

/** What is asked of a size along one axis: the layers up to the first that has no pixels, and the skips among them. */
export class Network {
  readonly modulus: number;
  readonly span: number;
  private readonly layers: { l: AxisLayer; skip: number | null; known: Map<number, number | null> }[] = [];
  /** A later layer that only takes one size, "expects", asks for that many numbers in all, so it is not looked at here. */
  constructor(
    private readonly chain: Chain,
    which: 0 | 1,
    private readonly wish: Wish,
  ) {
    const shared = new Map<string, Map<number, number | null>>();
    for (const layer of chain.layers) {
      const l = axisLayer(layer, which);
      if (!l) break;
      const key = JSON.stringify(l);
      let known = shared.get(key);
      if (!known) shared.set(key, (known = new Map()));
      const joins = layer.kind === "concat" || layer.kind === "add";
      this.layers.push({ l, skip: joins && wish.skips && layer.name !== "crop" ? layer.source : null, known });
    }
    const shrinking = this.layers.filter(({ l }) => l.kind === "conv" || l.kind === "pool");
    this.modulus = shrinking.reduce((product, { l }) => product * l.stride, 1);
    this.span = shrinking.reduce((total, { l }) => total + l.kernel * l.dilation, 0);
  }

  accepts(first: number): boolean {
    const sizes = [first];
    for (const { l, skip, known } of this.layers) {
      const size = sizes[sizes.length - 1]!;
      if (skip !== null && sizes[skip] !== size) return false;
      let out = known.get(size);
      if (out === undefined) {
        const found = axisSize(l, size, this.chain.framework);
        out = typeof found === "string" || (this.wish.lossless && unread(l, size, found)) ? null : found;
        known.set(size, out);
      }
      if (out === null) return false;
      sizes.push(out);
    }
    return !this.wish.returns || sizes[sizes.length - 1] === first;
  }
}

export const HIGHEST = 1024;

export function accepted(chain: Chain, which: 0 | 1, wish: Wish, low = 1, high = HIGHEST): Accepted {
  const network = new Network(chain, which, wish);
  const { modulus } = network;
  const sizes: number[] = [];
  for (let size = low; size <= high; size++) if (network.accepts(size)) sizes.push(size);
  const residues = [...new Set(sizes.map((size) => size % modulus))].sort((a, b) => a - b);
  const has = new Set(residues);
  let ruled = sizes.length > 0 && high - sizes[0]! >= 2 * modulus - 1;
  for (let size = sizes[0] ?? high + 1, i = 0; ruled && size <= high; size++)
    if (has.has(size % modulus)) ruled = sizes[i++] === size;
  return { sizes, modulus, residues: ruled ? residues : null };
}

/** The accepted sizes nearest to `size`, below (or itself) and above (or itself). */
export function nearestAccepted(chain: Chain, which: 0 | 1, size: number, wish: Wish): [number | null, number | null] {
  const network = new Network(chain, which, wish);
  const reach = Math.min(2 * network.modulus + network.span, 5000);
  let [below, above]: [number | null, number | null] = [null, null];
  for (let d = 0; d <= Math.min(reach, size - 1) && below === null; d++) if (network.accepts(size - d)) below = size - d;
  for (let d = 0; d <= reach && above === null; d++) if (network.accepts(size + d)) above = size + d;
  return [below, above];
}

/** The rule in words, as conv_lib.shapes.Accepted prints it. */
export function ruleWords({ sizes, modulus, residues }: Accepted, low = 1, high = HIGHEST): string {
  if (!sizes.length) return words.noSize(`${low}`, `${high}`);
  if (residues === null) return words.someSizes(sizes.slice(0, 12).join(", "), sizes.length > 12, `${low}`, `${high}`);
  const rule =
    residues.length === modulus
      ? words.EVERY_SIZE
      : residues.length === 1 && !residues[0]
        ? words.multiples(`${modulus}`)
        : words.residues(residues.map(String), `${modulus}`);
  return words.ruleFrom(rule, `${sizes[0]}`);
}
