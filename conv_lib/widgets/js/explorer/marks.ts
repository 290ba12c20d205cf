/** Which cells light up, in which tint, and which lines are drawn for a pointed-at cell. */
import { sizeOf } from "../core/ops.ts";
import { keyOf, type Box, type Mark } from "../ui/grid.tsx";
import { tint } from "../ui/tint.ts";
import { drawnAt, type Focus, type GridName, type Product, type Scene, type Stamp } from "./picture.ts";

export type Marks = Record<GridName, Map<string, Mark>>;

const GRIDS: GridName[] = ["input", "kernel", "output"];

export function marksOf(scene: Scene, focus: Focus | null, products: Product[], stamp: Stamp | null): Marks {
  const marks: Marks = { input: new Map(), kernel: new Map(), output: new Map() };
  const [kh, kw] = sizeOf(scene.settings.kernel);
  const colour = ([r, c]: readonly [number, number]) => tint(r * kw + c, kh * kw);
  for (let r = 0; r < kh; r++) {
    for (let c = 0; c < kw; c++) {
      const [dr, dc] = drawnAt(scene, "kernel", [r, c]);
      marks.kernel.set(keyOf(dr, dc), { tint: colour([r, c]), role: "whole" });
    }
  }
  if (!focus) return marks;
  for (const { at, kernel } of stamp?.cells ?? []) {
    marks[stamp!.grid].set(keyOf(...at), { tint: colour(kernel), role: "under" });
  }
  for (const product of products) {
    for (const grid of GRIDS) {
      if (grid === focus.grid) continue;
      const [r, c] = drawnAt(scene, grid, product[grid]);
      marks[grid].set(keyOf(r, c), { tint: colour(product.kernel), role: "part" });
    }
  }
  return marks;
}

/** The frame round the cells under the kernel, and in the scatter picture the frame of what is kept. */
export function boxesOf(scene: Scene, grid: GridName, stamp: Stamp | null): Box[] {
  const boxes: Box[] = [];
  const { size, origin, dataSize } = scene.grids[grid];
  const cropped = grid === "output" && (size[0] !== dataSize[0] || size[1] !== dataSize[1]);
  if (cropped) boxes.push({ kind: "kept", at: origin, size: dataSize });
  if (stamp?.grid === grid && stamp.cells.length) {
    const first = stamp.cells[0]!.at;
    const last = stamp.cells[stamp.cells.length - 1]!.at;
    boxes.push({ kind: "stamp", at: first, size: [last[0] - first[0] + 1, last[1] - first[1] + 1] });
  }
  return boxes;
}
