/**
 * What is drawn: three grids of cells in drawn coordinates, and for each focused cell the links that
 * it takes part in. Padding, inserted zeros and cropped cells are drawn but are not data.
 */
import {
  axisOf,
  conv2d,
  conv2dTranspose,
  flipped,
  forEachLink,
  fullScatter,
  sizeOf,
  spread,
  type Matrix,
  type Size,
} from "../core/ops.ts";
import { effectiveKernel, pads, transposedWindow } from "../core/shapes.ts";
import { outputSize, type Settings } from "./settings.ts";

export type GridName = "input" | "kernel" | "output";
export type CellKind = "data" | "padding" | "zero" | "cropped" | "appended";

export interface DrawnGrid {
  size: Size;
  /** Drawn position of the data cell [0][0], and the step between data cells (the stride where zeros are inserted). */
  origin: Size;
  step: number;
  dataSize: Size;
  kind(r: number, c: number): CellKind;
  value(r: number, c: number): number;
}

export interface Focus {
  grid: GridName;
  row: number;
  column: number;
}

/** A product input x weight that one output cell adds up. All positions are data positions. */
export interface Product {
  input: readonly [number, number];
  kernel: readonly [number, number];
  output: readonly [number, number];
}

export interface Scene {
  settings: Settings;
  output: number[][];
  grids: Record<GridName, DrawnGrid>;
  /** Whether the kernel is drawn rotated by 180 degrees. */
  kernelFlipped: boolean;
}

function plain(values: Matrix): DrawnGrid {
  return {
    size: sizeOf(values),
    origin: [0, 0],
    step: 1,
    dataSize: sizeOf(values),
    kind: () => "data",
    value: (r, c) => values[r]![c]!,
  };
}

/** `values` with `before` and `after` cells of padding round it and `step - 1` zeros between its cells. */
function surrounded(values: Matrix, before: Size, after: Size, step: number): DrawnGrid {
  const [h, w] = sizeOf(values);
  const core: Size = [(h - 1) * step + 1, (w - 1) * step + 1];
  const data = (r: number, c: number): readonly [number, number] | null => {
    const y = r - before[0];
    const x = c - before[1];
    if (y < 0 || x < 0 || y >= core[0] || x >= core[1] || y % step || x % step) return null;
    return [y / step, x / step];
  };
  return {
    size: [before[0] + core[0] + after[0], before[1] + core[1] + after[1]],
    origin: before,
    step,
    dataSize: [h, w],
    kind(r, c) {
      if (data(r, c)) return "data";
      const y = r - before[0];
      const x = c - before[1];
      return y < 0 || x < 0 || y >= core[0] || x >= core[1] ? "padding" : "zero";
    },
    value(r, c) {
      const at = data(r, c);
      return at ? values[at[0]]![at[1]]! : 0;
    },
  };
}

/** The full scatter result with the kept window inside it. */
function framed(full: Matrix, output: Matrix, start: Size): DrawnGrid {
  const [h, w] = sizeOf(output);
  const [fh, fw] = sizeOf(full);
  const kept = (r: number, c: number) =>
    r >= start[0] && c >= start[1] && r < start[0] + h && c < start[1] + w;
  return {
    size: [Math.max(fh, start[0] + h), Math.max(fw, start[1] + w)],
    origin: start,
    step: 1,
    dataSize: [h, w],
    kind(r, c) {
      if (!kept(r, c)) return r < fh && c < fw ? "cropped" : "padding";
      return r < fh && c < fw ? "data" : "appended";
    },
    value: (r, c) => full[r]?.[c] ?? 0,
  };
}

export function buildScene(settings: Settings): Scene {
  const { input, kernel, mode, picture } = settings;
  const k = sizeOf(kernel);
  const out = outputSize(settings);
  if (mode === "conv") {
    const size = sizeOf(input);
    const [top, bottom] = pads(size[0], axisOf(k, settings, 0));
    const [left, right] = pads(size[1], axisOf(k, settings, 1));
    const output = conv2d(input, kernel, settings);
    return {
      settings,
      output,
      grids: {
        input: surrounded(input, [top, left], [bottom, right], 1),
        kernel: plain(kernel),
        output: plain(output),
      },
      kernelFlipped: false,
    };
  }
  const output = conv2dTranspose(input, kernel, settings, out);
  if (picture === "scatter") {
    const start = ([0, 1] as const).map(
      (a) => transposedWindow(out[a], axisOf(k, settings, a))[0],
    ) as unknown as Size;
    return {
      settings,
      output,
      grids: {
        input: plain(input),
        kernel: plain(kernel),
        output: framed(fullScatter(input, kernel, settings), output, start),
      },
      kernelFlipped: false,
    };
  }
  const { before, after } = spread(input, kernel, settings, out);
  const atLeast0 = ([a, b]: Size): Size => [Math.max(a, 0), Math.max(b, 0)];
  return {
    settings,
    output,
    grids: {
      input: surrounded(input, atLeast0(before), atLeast0(after), settings.stride),
      kernel: plain(flipped(kernel)),
      output: plain(output),
    },
    kernelFlipped: true,
  };
}

/** Where a data cell of a grid is drawn. */
export function drawnAt(scene: Scene, grid: GridName, [r, c]: readonly [number, number]): Size {
  if (grid === "kernel" && scene.kernelFlipped) {
    const [h, w] = scene.grids.kernel.size;
    return [h - 1 - r, w - 1 - c];
  }
  const { origin, step } = scene.grids[grid];
  return [origin[0] + r * step, origin[1] + c * step];
}

/** The data cell that is drawn at a place, or null for padding, inserted zeros and cropped cells. */
export function dataAt(scene: Scene, grid: GridName, r: number, c: number): Size | null {
  if (grid === "kernel" && scene.kernelFlipped) {
    const [h, w] = scene.grids.kernel.size;
    return [h - 1 - r, w - 1 - c];
  }
  const g = scene.grids[grid];
  const kind = g.kind(r, c);
  if (kind !== "data" && kind !== "appended") return null;
  return [(r - g.origin[0]) / g.step, (c - g.origin[1]) / g.step];
}

/** Every product that a focused data cell takes part in, in reading order of the kernel. */
export function productsOf(scene: Scene, focus: Focus): Product[] {
  const { settings, output } = scene;
  const isConv = settings.mode === "conv";
  const large = isConv ? sizeOf(settings.input) : sizeOf(output);
  const small = isConv ? sizeOf(output) : sizeOf(settings.input);
  const found: Product[] = [];
  forEachLink(large, small, sizeOf(settings.kernel), settings, (lr, lc, kr, kc, sr, sc) => {
    const product: Product = isConv
      ? { input: [lr, lc], kernel: [kr, kc], output: [sr, sc] }
      : { input: [sr, sc], kernel: [kr, kc], output: [lr, lc] };
    const [r, c] = product[focus.grid];
    if (r === focus.row && c === focus.column) found.push(product);
  });
  const order = (p: Product) =>
    focus.grid === "output" ? p.input : focus.grid === "input" ? p.output : p.output;
  return found.sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1]);
}

/**
 * The cells under the kernel when it stands at a focused cell, padding and cropped cells included:
 * which grid they lie in, and for each drawn cell the kernel cell that meets it.
 */
export interface Stamp {
  grid: "input" | "output";
  cells: { at: Size; kernel: Size }[];
}

export function stampOf(scene: Scene, focus: Focus): Stamp | null {
  const { settings } = scene;
  const { stride, dilation, mode, picture } = settings;
  const k = sizeOf(settings.kernel);
  let grid: "input" | "output";
  let corner: Size;
  let turned = false;
  if (mode === "conv" && focus.grid === "output") {
    grid = "input";
    corner = [focus.row * stride, focus.column * stride];
  } else if (mode === "transpose" && picture === "scatter" && focus.grid === "input") {
    grid = "output";
    corner = [focus.row * stride, focus.column * stride];
  } else if (mode === "transpose" && picture === "gather" && focus.grid === "output") {
    const { before } = spread(settings.input, settings.kernel, settings, sizeOf(scene.output));
    grid = "input";
    corner = [focus.row + Math.max(-before[0], 0), focus.column + Math.max(-before[1], 0)];
    turned = true;
  } else {
    return null;
  }
  const [height, width] = scene.grids[grid].size;
  const cells: Stamp["cells"] = [];
  for (let i = 0; i < k[0]; i++) {
    for (let j = 0; j < k[1]; j++) {
      const at: Size = [corner[0] + i * dilation, corner[1] + j * dilation];
      if (at[0] < height && at[1] < width) {
        cells.push({ at, kernel: turned ? [k[0] - 1 - i, k[1] - 1 - j] : [i, j] });
      }
    }
  }
  return { grid, cells };
}

/** How many cells the kernel covers along each axis. */
export function kernelSpan(s: Settings): Size {
  const [h, w] = sizeOf(s.kernel);
  return [effectiveKernel(h, s.dilation), effectiveKernel(w, s.dilation)];
}

/** The cells that Play visits, in order: outputs where the kernel gathers, inputs where it scatters. */
export function sweepOf(scene: Scene): Focus[] {
  const { mode, picture, input } = scene.settings;
  const grid: GridName = mode === "transpose" && picture === "scatter" ? "input" : "output";
  const [h, w] = grid === "input" ? sizeOf(input) : sizeOf(scene.output);
  return Array.from({ length: h * w }, (_, i) => ({
    grid,
    row: Math.floor(i / w),
    column: i % w,
  }));
}
