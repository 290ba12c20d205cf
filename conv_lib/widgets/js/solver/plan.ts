/** What an answer does to the pixels: where its window starts, what is cropped, padded or appended, how often each is met. */
import { fullSize, samePadding } from "../core/shapes.ts";
import { strip } from "../words/en/solver.ts";
import type { Settings } from "./settings.ts";
import type { Alone, Pair, Rectangular, Setting, Window } from "./solve.ts";

/** A layer without padding, and for each axis a window: of its full result ("up"), or of its input ("down"). */
export interface Plan {
  kernel: Pair;
  stride: Pair;
  dilation: number;
  window: Window["window"];
}

/** The plan's layer along one axis. */
export const axisOf = (plan: Plan, which: number) =>
  ({ kernel: plan.kernel[which]!, stride: plan.stride[which]!, dilation: plan.dilation, padding: "valid" }) as const;

/** The full result of a layer without padding. */
export const fullOf = (s: Settings, plan: Plan): number[] => s.size.map((n, i) => fullSize(n, axisOf(plan, i)));

/** The window of a setting along one axis. */
export function windowOn(s: Settings, which: number, { shape, padding }: Pick<Alone, "shape" | "padding">): readonly [number, number] {
  const [kernel, stride, dilation] = shape;
  const size = s.size[which]!;
  const wanted = s.wanted[which]!;
  if (s.direction === "up") {
    const start = padding === "valid" ? 0 : padding === "same" ? samePadding(wanted, { kernel, stride, dilation, padding })[0] : padding;
    return [start, start + wanted];
  }
  if (padding === "valid") return [0, size];
  const [before, after] = padding === "same" ? samePadding(size, { kernel, stride, dilation, padding }) : [padding, padding];
  return [before ? -before : 0, size + after];
}

const both = (value: number | readonly number[]): Pair => (typeof value === "number" ? [value, value] : (value as Pair));

export function planOf(s: Settings, answer: Setting | Rectangular | Window): Plan {
  const [kernel, stride] = [both(answer.kernel), both(answer.stride)];
  const { dilation } = answer;
  const window =
    "window" in answer
      ? answer.window
      : answer.padding.map((padding, i) => windowOn(s, i, { shape: [kernel[i]!, stride[i]!, dilation], padding }));
  return { kernel, stride, dilation, window };
}

export type Kind = "kept" | "cropped" | "appended" | "padding" | "data";

/** One pixel of the strip; null stands for those that are left out. */
export interface Cell {
  index: number;
  kind: Kind;
  count: number;
}

const MOST_CELLS = 38;

/** The pixels along one axis, in the order they lie: the full result or, "down", the padded input. */
export function stripOf(s: Settings, plan: Plan, which: 0 | 1): (Cell | null)[] {
  const [start, stop] = plan.window[which]!;
  const up = s.direction === "up";
  const { kernel, stride, dilation } = axisOf(plan, which);
  const size = s.size[which];
  const outputs = up ? size : s.wanted[which];
  const full = up ? fullSize(size, axisOf(plan, which)) : 0;
  const from = up ? 0 : Math.min(start, 0);
  const to = up ? Math.max(full, stop) : Math.max(stop, size);
  /** How many stamps land on pixel i, or windows read it. */
  const met = (i: number): number => {
    const at = up ? i : i - start;
    let count = 0;
    for (let tap = 0; tap < kernel; tap++) {
      const rest = at - tap * dilation;
      if (rest >= 0 && rest % stride === 0 && rest / stride < outputs) count++;
    }
    return count;
  };
  const cell = (index: number): Cell => {
    const inside = index >= start && index < stop;
    const kind: Kind = up
      ? inside
        ? index < full
          ? "kept"
          : "appended"
        : "cropped"
      : index < 0 || index >= size
        ? "padding"
        : inside
          ? "data"
          : "cropped";
    return { index, kind, count: inside || up ? met(index) : 0 };
  };
  const length = to - from;
  const at = (offset: number) => cell(from + offset);
  if (length <= MOST_CELLS) return Array.from({ length }, (_, i) => at(i));
  const half = (MOST_CELLS - 2) / 2;
  return [
    ...Array.from({ length: half }, (_, i) => at(i)),
    null,
    ...Array.from({ length: half }, (_, i) => at(length - half + i)),
  ];
}

/** The strip in words. */
export function stripWords(cells: readonly (Cell | null)[], up: boolean): string {
  const shown = cells.filter((cell): cell is Cell => cell !== null);
  const inside = shown.filter((cell) => cell.kind === "kept" || cell.kind === "data");
  const middle = inside.length >> 1;
  const counts = inside.slice(Math.max(middle - 2, 0), middle + 3).map((cell) => cell.count);
  const firsts = { cropped: 0, padding: 0 };
  for (const cell of shown) if (cell.kind === "cropped" || cell.kind === "padding") firsts[cell.kind]++;
  const whole = cells.length === shown.length;
  const appended = shown.filter((cell) => cell.kind === "appended").length;
  return strip(up, counts.join(", "), whole ? firsts.cropped : 0, whole ? firsts.padding : 0, appended);
}
