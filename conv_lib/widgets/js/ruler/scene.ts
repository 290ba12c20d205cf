/**
 * What the ruler draws: rows of pixels on one axis, and which pixel of one row is linked to which of the next.
 * A convolution has two rows, a stack one more per layer; a transposed layer is the same with the rows exchanged.
 * conv_lib is the reference for every number here; tests/js/ruler.test.ts replays its case vectors.
 */
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasPaddedSize,
  kerasTransposedSize,
  pads,
  torchTransposedWindow,
  transposedSizes,
  transposedWindow,
  type Axis,
} from "../core/shapes.ts";
import { axisOf, outputSize, type Settings } from "./settings.ts";

/** A row of pixels. Positions are in pixels of the row drawn to scale: pixel i has its middle at origin + i * step. */
export interface Level {
  role: "input" | "between" | "output";
  size: number;
  origin: number;
  step: number;
  /** Pixels of padding that the next layer adds. */
  before: number;
  after: number;
}

/** The links between two rows: narrow pixel i meets the wide pixels i * stride - before + j * dilation. */
export interface Edge {
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
  /** Which of the two rows the kernel spreads over. */
  wide: 0 | 1;
}

/** The receptive field after a layer: size, step from one pixel to the next, and where pixel 0 begins. */
export interface Field {
  output: number;
  size: number;
  jump: number;
  start: number;
}

export interface Scene {
  settings: Settings;
  levels: Level[];
  edges: Edge[];
  /** What is drawn, in pixels of the axis. */
  from: number;
  to: number;
  /** How many links each pixel of the row drawn to scale has. */
  counts: number[];
  /** Stack mode: after each layer. */
  fields: Field[];
}

export function fieldsOf(size: number, layers: readonly Axis[]): Field[] {
  let seen: Field = { output: size, size: 1, jump: 1, start: 0 };
  return layers.map((layer) => {
    const [before] = pads(seen.output, layer);
    seen = {
      output: convSize(seen.output, layer),
      size: seen.size + (effectiveKernel(layer.kernel, layer.dilation) - 1) * seen.jump,
      jump: seen.jump * layer.stride,
      start: seen.start - before * seen.jump,
    };
    return seen;
  });
}

/** The wide pixels that narrow pixel `i` meets, padding included. */
export function taps(edge: Edge, i: number): number[] {
  return Array.from({ length: edge.kernel }, (_, j) => i * edge.stride - edge.before + j * edge.dilation);
}

/** How many narrow pixels meet each of `wide` wide ones. */
export function countLinks(edge: Edge, narrow: number, wide: number): number[] {
  const counts = new Array<number>(wide).fill(0);
  for (let i = 0; i < narrow; i++) for (const at of taps(edge, i)) if (at >= 0 && at < wide) counts[at]!++;
  return counts;
}

export function buildScene(s: Settings): Scene {
  if (s.mode === "transpose") {
    const axis = axisOf(s);
    const full = fullSize(s.size, axis);
    const span = effectiveKernel(s.kernel, s.dilation);
    const edge: Edge = { kernel: s.kernel, stride: s.stride, dilation: s.dilation, before: 0, wide: 1 };
    const shown = rowsOf(s);
    const torch = torchRow(s);
    return {
      settings: s,
      levels: [
        { role: "input", size: s.size, origin: span / 2, step: s.stride, before: 0, after: 0 },
        { role: "output", size: full, origin: 0.5, step: 1, before: 0, after: 0 },
      ],
      edges: [edge],
      from: 0,
      to: Math.max(full, torch?.stop ?? 0, ...shown.map((row) => row.stop)),
      counts: countLinks(edge, s.size, full),
      fields: [],
    };
  }
  const layers: readonly Axis[] = s.mode === "conv" ? [axisOf(s)] : s.layers;
  const levels: Level[] = [];
  const edges: Edge[] = [];
  let here: Level = { role: "input", size: s.size, origin: 0.5, step: 1, before: 0, after: 0 };
  let [from, to] = [0, s.size];
  layers.forEach((layer, l) => {
    const [before, after] = pads(here.size, layer);
    const span = effectiveKernel(layer.kernel, layer.dilation);
    levels.push({ ...here, before, after });
    edges.push({ kernel: layer.kernel, stride: layer.stride, dilation: layer.dilation, before, wide: 0 });
    // Padding of late layers may reach very far out; a row's length on both sides is enough of it.
    from = Math.min(from, Math.max(here.origin - (before + 0.5) * here.step, -s.size - 8));
    to = Math.max(to, Math.min(here.origin + (here.size + after - 0.5) * here.step, 2 * s.size + 8));
    here = {
      role: l === layers.length - 1 ? "output" : "between",
      size: convSize(here.size, layer),
      origin: here.origin + here.step * ((span - 1) / 2 - before),
      step: here.step * layer.stride,
      before: 0,
      after: 0,
    };
  });
  levels.push(here);
  const scene: Scene = { settings: s, levels, edges, from, to, counts: [], fields: fieldsOf(s.size, layers) };
  scene.counts = s.mode === "conv" ? countLinks(edges[0]!, here.size, s.size) : [];
  return scene;
}

// ------------------------------------------------------------------------------ tracing

export interface Focus {
  level: number;
  index: number;
}

/**
 * The pixels of every row that are linked with the focused one: up to the input (what it sees) and down to the
 * output (what it reaches). Padding is listed too, as indices outside the row.
 */
export function linkedWith(scene: Scene, focus: Focus): number[][] {
  const found: number[][] = scene.levels.map(() => []);
  found[focus.level] = [focus.index];
  const inside = (level: number, i: number) => i >= 0 && i < scene.levels[level]!.size;
  for (let l = focus.level - 1; l >= 0; l--) found[l] = across(scene, l, l, found[l + 1]!.filter((i) => inside(l + 1, i)));
  for (let l = focus.level + 1; l < scene.levels.length; l++)
    found[l] = across(scene, l - 1, l, found[l - 1]!.filter((i) => inside(l - 1, i)));
  return found;
}

/** The pixels of row `to` that the pixels `lit` of the row beside it are linked with, over one edge. */
function across(scene: Scene, edgeIndex: number, to: number, lit: number[]): number[] {
  const edge = scene.edges[edgeIndex]!;
  const wide = edgeIndex + edge.wide;
  const next = new Set<number>();
  if (to === wide) {
    for (const i of lit) for (const at of taps(edge, i)) next.add(at);
  } else {
    const { size } = scene.levels[to]!;
    for (const at of lit) {
      for (let j = 0; j < edge.kernel; j++) {
        const i = (at + edge.before - j * edge.dilation) / edge.stride;
        if (Number.isInteger(i) && i >= 0 && i < size) next.add(i);
      }
    }
  }
  return [...next].sort((a, b) => a - b);
}

// ------------------------------------------------------------------------------ facts in words and rows

/** Input pixels of a convolution that no window reads: behind the last window, and between windows. */
export function unread(scene: Scene): { end: number; between: number } {
  const { size } = scene.levels[0]!;
  const edge = scene.edges[0]!;
  const last = (scene.levels[1]!.size - 1) * edge.stride - edge.before + effectiveKernel(edge.kernel, edge.dilation);
  const end = Math.max(size - Math.max(last, 0), 0);
  const between = scene.counts.filter((n, i) => n === 0 && i < size - end).length;
  return { end, between };
}

/** How often each phase of the stride is met, far from the ends: even when all are equal. */
export function phases(s: { kernel: number; stride: number; dilation: number }): number[] {
  const counts = new Array<number>(s.stride).fill(0);
  for (let j = 0; j < s.kernel; j++) counts[(j * s.dilation) % s.stride]!++;
  return counts;
}

/** One legal output size of a transposed layer: the window of the full result that it keeps, and who gives it. */
export interface LegalRow {
  size: number;
  start: number;
  stop: number;
  kerasDefault: boolean;
  /** Keras' output_padding that gives this size. */
  kerasPadding: number | null;
  tf: boolean;
  /** PyTorch's padding and output_padding that keep this very window. */
  torch: readonly [number, number] | null;
}

export function rowsOf(s: Settings): LegalRow[] {
  const axis = axisOf(s);
  const legal = transposedSizes(s.size, axis);
  if (!legal) return [];
  const named = typeof s.padding === "string";
  const refused = s.stride > 1 && s.dilation > 1;
  const full = fullSize(s.size, axis);
  return Array.from({ length: legal.last - legal.first + 1 }, (_, i) => {
    const size = legal.first + i;
    const [start, stop] = transposedWindow(size, axis);
    const op = Array.from({ length: s.stride }, (_, o) => o).find((o) => kerasPaddedSize(s.size, axis, o) === size);
    const extra = size - (full - 2 * start);
    const window = torchTransposedWindow(s.size, axis, start, extra);
    return {
      size,
      start,
      stop,
      kerasDefault: named && !refused && kerasTransposedSize(s.size, axis) === size,
      kerasPadding: op ?? null,
      tf: named && s.dilation === 1,
      torch: window ? ([start, extra] as const) : null,
    };
  });
}

/** The window that the reader's PyTorch settings keep; null where PyTorch refuses them. */
export function torchRow(s: Settings): { size: number; start: number; stop: number } | null {
  const window = torchTransposedWindow(s.size, axisOf(s), ...s.torch);
  return window && { size: window[1] - window[0], start: window[0], stop: window[1] };
}

export { outputSize };
