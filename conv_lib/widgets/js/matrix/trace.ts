/** What a pointed-at cell has to do with the rest: the entries of A that light up, and the links behind them. */
import { sizeOf } from "../core/ops.ts";
import type { Focus as ExplorerFocus, GridName, Product } from "../explorer/picture.ts";
import type { Algebra, Entry } from "./algebra.ts";
import type { Settings } from "./settings.ts";

/** A cell of the image x, the kernel, the map y, or a place of A (row and column of A, also where Aᵀ is drawn). */
export interface Focus {
  where: "image" | "kernel" | "map" | "matrix";
  row: number;
  column: number;
}

export type Cell = readonly [row: number, column: number];

/** Which grid of the layer holds the image: the transposed layer returns it. */
export const gridOf = (where: "image" | "kernel" | "map", transposed: boolean): GridName =>
  where === "kernel" ? "kernel" : (where === "image") === transposed ? "output" : "input";

export const whereOf = (grid: GridName, transposed: boolean): "image" | "kernel" | "map" =>
  grid === "kernel" ? "kernel" : (grid === "output") === transposed ? "image" : "map";

export const cellOf = (index: number, width: number): Cell => [Math.floor(index / width), index % width];

/** The focus in the explorer's words, or null for a place of the matrix. */
export function explorerFocus(f: Focus, transposed: boolean): ExplorerFocus | null {
  return f.where === "matrix" ? null : { grid: gridOf(f.where, transposed), row: f.row, column: f.column };
}

/** Whether a focused cell still exists. */
export function inside(f: Focus, s: Settings, a: Algebra): boolean {
  const [h, w] =
    f.where === "image" ? a.image : f.where === "map" ? a.map : f.where === "kernel" ? sizeOf(s.kernel) : [a.rows, a.columns];
  return f.row < h && f.column < w;
}

/** The entries of A that belong to a focused cell: a row, a column, a band, or one. */
export function entriesOf(f: Focus, s: Settings, a: Algebra): Entry[] {
  const width = { image: a.image[1], map: a.map[1], kernel: sizeOf(s.kernel)[1], matrix: 0 }[f.where];
  const index = f.row * width + f.column;
  switch (f.where) {
    case "image": return a.entries.filter((e) => e.column === index);
    case "map": return a.entries.filter((e) => e.row === index);
    case "kernel": return a.entries.filter((e) => e.weight === index);
    case "matrix": return a.entries.filter((e) => e.row === f.row && e.column === f.column);
  }
}

/** An entry as the link that it is: input cell, kernel cell, output cell of the layer. */
export function productOf(e: Entry, s: Settings, a: Algebra): Product {
  const image = cellOf(e.column, a.image[1]);
  const map = cellOf(e.row, a.map[1]);
  const kernel = cellOf(e.weight, sizeOf(s.kernel)[1]);
  return s.transposed ? { input: map, kernel, output: image } : { input: image, kernel, output: map };
}
