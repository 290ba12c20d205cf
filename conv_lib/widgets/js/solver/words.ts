/** What the solver says of its answers. */
import { show, whole } from "../core/numbers.ts";
import { effectiveKernel, fullSize } from "../core/shapes.ts";
import * as words from "../words/en/solver.ts";
import { HEIGHT, WIDTH } from "../words/en/shared.ts";
import { answersOf, FRAMEWORK_NAMES, pairText, queryFor, type Answers, type Settings } from "./settings.ts";
import { axisOf, type Plan } from "./plan.ts";
import { solve, type Answer, type Framework, type LegalSize, type Pad, type Rectangular, type Setting, type Window } from "./solve.ts";

const padText = (p: Pad) => (typeof p === "string" ? `"${p}"` : String(p));
const list = (values: readonly (number | string)[]) => (values.every((v) => v === values[0]) ? `${values[0]}` : `(${values.join(", ")})`);

const pixels = (value: number | number[]) => (typeof value === "number" ? String(value) : list(value));

/** "kernel 4, stride 2" of a card's first line. */
export const shapeWords = (a: Setting | Rectangular | Window): string => words.shape(pixels(a.kernel), pixels(a.stride), a.dilation);

/** The framework's own arguments, beyond kernel and stride. */
export function argumentWords(a: Setting | Rectangular): string {
  const parts = [`padding=${list(a.padding.map(padText))}`];
  if (a.outputPadding && !(a.outputSize === null && a.outputPadding.every((v) => v === 0) && typeof a.padding[0] === "number"))
    parts.push(`output_padding=${list(a.outputPadding)}`);
  if (a.outputSize) parts.push(`output_shape ${a.outputSize.join(" \u00d7 ")}`);
  return parts.join(", ");
}

/** "784 multiply-adds for each pair of channels, 1 per output pixel". */
export function costWords(a: Setting | Rectangular, s: Settings): string {
  const each = a.macs / (s.wanted[0] * s.wanted[1]);
  return words.cost(whole(a.macs), show(each));
}

export function headline(s: Settings, answers: Answers): string {
  const { settings: { length }, rectangular } = answers[s.framework];
  const name = FRAMEWORK_NAMES[s.framework];
  if (rectangular) return words.rectangular(name);
  return length ? words.found(length, name) : words.none(s.direction === "up", name);
}

/** How many answers a framework has. */
export const countOf = ({ settings, rectangular }: Answer): number => settings.length || Number(rectangular !== null);

/** Where each axis alone has a setting but both together have none: what each would need. */
export function aloneWords(s: Settings): string {
  const both = queryFor(s, s.framework);
  const needs = s.size.map((here, i) => {
    const there = s.wanted[i]!;
    const first = solve({ ...both, size: [here], wanted: [there] }).settings[0];
    return first ? words.takes(here, there, argumentWords(first)) : null;
  });
  return needs.includes(null) ? "" : words.alone(needs as string[]);
}

/** Other frameworks that have a setting where this one has none. */
export const others = (s: Settings, answers: Answers): Framework[] =>
  countOf(answers[s.framework]) ? [] : (Object.keys(answers) as Framework[]).filter((one) => countOf(answers[one]) > 0);

/** The sizes to try instead, both axes at once: below, above, and the mixture where only one axis is off. */
export function nearestPairs(s: Settings, answers: Answers): [number, number][] {
  const [h, w] = answers[s.framework].nearest;
  if (h![0] === s.wanted[0] && w![0] === s.wanted[1]) return [];
  const found: [number, number][] = [];
  for (const side of [0, 1] as const) {
    const [a, b] = [h![side] ?? h![1 - side as 0 | 1], w![side] ?? w![1 - side as 0 | 1]];
    if (a === null || b === null || a === undefined || b === undefined) continue;
    if (found.some(([x, y]) => x === a && y === b)) continue;
    const there = answersOf({ ...s, wanted: [a, b] })[s.framework];
    if (there.settings.length) found.push([a, b]);
  }
  return found;
}

/** Whether the window is all there is: then the last card would say nothing new. */
export const wholeWindow = (s: Settings, w: Window, full: readonly number[]): boolean =>
  w.window.every(([start, stop], i) => start === 0 && stop === (s.direction === "up" ? full[i] : s.size[i]));

/** What the window of the last card keeps, adds or cuts. */
export function windowWords(s: Settings, w: Window, full: readonly number[]): string {
  if (s.direction === "up") {
    const [rows, columns] = w.window.map(([start, stop], i) => [start, Math.min(stop, full[i]!) - 1] as const);
    const [below, right] = w.window.map(([, stop], i) => Math.max(stop - full[i]!, 0));
    return words.keep(pairText(full), rows!, columns!, [below!, right!]);
  }
  const axes = w.window.map(([start, stop], i) => {
    const size = s.size[i]!;
    const axis = i ? "columns" : "rows";
    const added = [Math.max(-start, 0), Math.max(stop - size, 0)] as const;
    const cut = [Math.max(start, 0), Math.max(size - stop, 0)] as const;
    if (added.some(Boolean)) return words.add(axis, ...added);
    return cut.some(Boolean) ? words.cut(axis, ...cut) : words.leave(axis);
  });
  return words.thenNoPadding(axes);
}

/** The size between two layers of whole strides, where the sizes are a whole number of times apart that has factors. */
export function middleOf(s: Settings): [number, number] | null {
  const [small, large] = s.direction === "up" ? [s.size, s.wanted] : [s.wanted, s.size];
  const ratio = large[0] / small[0];
  if (!Number.isInteger(ratio) || large[1] !== small[1] * ratio) return null;
  const factor = [2, 3, 5, 7].find((f) => ratio > f && ratio % f === 0);
  if (!factor) return null;
  const first = s.direction === "up" ? factor : ratio / factor;
  return [small[0] * first, small[1] * first];
}

/** "(7 \u2212 1)\u00b74 + 4 = 28": the full result of a transposed layer. */
export function fullFormula(size: number, a: { kernel: number; stride: number; dilation: number }): string {
  const span = a.dilation > 1 ? `((${a.kernel} \u2212 1)\u00b7${a.dilation} + 1)` : String(a.kernel);
  return `(${size} \u2212 1)\u00b7${a.stride} + ${span} = ${fullSize(size, { ...a, padding: "valid" })}`;
}

/** The size of the chosen answer, worked out. */
export function formulas(s: Settings, plan: Plan): { name: string; steps: string[] }[] {
  const lines = s.size.map((size, i) => {
    const [start, stop] = plan.window[i]!;
    const wanted = s.wanted[i]!;
    const axis = axisOf(plan, i);
    if (s.direction === "up") {
      const full = fullSize(size, axis);
      const after = full - stop;
      const parts = [
        ...(start ? [words.cutBefore(start)] : []),
        ...(after > 0 ? [words.cutAfter(after)] : after < 0 ? [words.appended(-after)] : []),
      ];
      return [fullFormula(size, axis), ...(parts.length ? [`${[full, ...parts].join(" ")} = ${wanted}`] : [])];
    }
    const part = (value: number) => (value ? ` ${value > 0 ? "+" : "\u2212"} ${Math.abs(value)}` : "");
    const span = effectiveKernel(axis.kernel, axis.dilation);
    const padded = `${size}${part(-start)}${part(stop - size)} \u2212 ${span}`;
    return [`\u230a(${padded}) / ${axis.stride}\u230b + 1 = ${wanted}`];
  });
  if (String(lines[0]) === String(lines[1])) return [{ name: words.SIZE, steps: lines[0]! }];
  return [
    { name: HEIGHT, steps: lines[0]! },
    { name: WIDTH, steps: lines[1]! },
  ];
}

/** Who gives a legal size, as badges. */
export function takers(row: LegalSize, up: boolean): { text: string; first: boolean }[] {
  const badges: { text: string; first: boolean }[] = [];
  if (row.kerasDefault) badges.push({ text: up ? words.byDefault("Keras") : "Keras", first: true });
  if (row.kerasPadding !== null) badges.push({ text: `Keras output_padding=${row.kerasPadding}`, first: false });
  if (row.tf) badges.push({ text: up ? `tf.nn output_shape=${row.size}` : "tf.nn", first: false });
  if (row.torch)
    badges.push({ text: `PyTorch padding=${row.torch[0]}${up ? `, output_padding=${row.torch[1]}` : ""}`, first: false });
  else if (row.torchSame) badges.push({ text: `PyTorch padding="same"`, first: false });
  return badges;
}
