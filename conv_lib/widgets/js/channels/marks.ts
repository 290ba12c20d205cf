/** Which cells light up, in which tint, for a pointed-at cell: in every input channel, slice and map. */
import { keyOf, type Box, type Mark } from "../ui/grid.tsx";
import { tint } from "../ui/tint.ts";
import { productsOf, type Focus, type Product, type Scene } from "./picture.ts";
import { inputSize, kernelSize } from "./settings.ts";

export type Marks = Map<string, Mark>;

export interface Lit {
  /** By input channel. */
  inputs: Marks[];
  slices: Marks[];
  partials: Marks[];
  output: Marks;
  /** The frame round the window in every input channel, in drawn cells; null when no window is pointed at. */
  window: Box | null;
  products: Product[];
}

const SAME_CELL = "var(--cb-output-strong)";

export function litBy(scene: Scene, focus: Focus): Lit {
  const { settings: s, rows } = scene;
  const [kh, kw] = kernelSize(s);
  const colour = ([r, c]: readonly [number, number]) => tint(r * kw + c, kh * kw);
  const products = productsOf(s, focus);
  const lit: Lit = {
    inputs: rows.map(() => new Map()),
    slices: rows.map((row) => {
      const marks: Marks = new Map();
      row.slice?.forEach((line, r) => line.forEach((_, c) => marks.set(keyOf(r, c), { tint: colour([r, c]), role: "whole" })));
      return marks;
    }),
    partials: rows.map(() => new Map()),
    output: new Map(),
    window: null,
    products,
  };
  const [[top, bottom], [left, right]] = scene.pad;
  if (focus.grid === "output" || focus.grid === "partial") {
    const here = keyOf(focus.row, focus.column);
    const corner = [focus.row * s.stride, focus.column * s.stride] as const;
    const [h, w] = inputSize(s);
    rows.forEach((row, c) => {
      if (!row.slice) return;
      for (let r = 0; r < kh; r++) {
        for (let col = 0; col < kw; col++) {
          const [y, x] = [corner[0] + r, corner[1] + col];
          if (y >= top + h + bottom || x >= left + w + right) continue;
          const data = y >= top && y < top + h && x >= left && x < left + w;
          lit.inputs[c]!.set(keyOf(y, x), { tint: colour([r, col]), role: data ? "part" : "under" });
        }
      }
      lit.partials[c]!.set(here, { tint: SAME_CELL, role: "part" });
    });
    lit.output.set(here, { tint: SAME_CELL, role: "part" });
    lit.window = { kind: "stamp", at: corner, size: [kh, kw] };
  } else if (focus.grid === "bias") {
    scene.output.forEach((line, r) => line.forEach((_, c) => lit.output.set(keyOf(r, c), { tint: SAME_CELL, role: "part" })));
  } else if (rows[focus.channel]?.slice) {
    for (const p of products) {
      const mark: Mark = { tint: colour(p.kernel), role: "part" };
      lit.partials[focus.channel]!.set(keyOf(...p.output), mark);
      lit.output.set(keyOf(...p.output), mark);
      if (focus.grid === "kernel") lit.inputs[focus.channel]!.set(keyOf(p.input[0] + top, p.input[1] + left), mark);
      else lit.slices[focus.channel]!.set(keyOf(...p.kernel), mark);
    }
  }
  return lit;
}
