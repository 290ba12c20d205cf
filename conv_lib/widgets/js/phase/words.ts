/** What the lab says about a kernel, in words and with its numbers. */
import { show } from "../core/numbers.ts";
import type { Size } from "../core/ops.ts";
import * as words from "../words/en/phase.ts";
import { range } from "../words/en/shared.ts";
import { isInside, keptAs, phaseOf, tapsAt, type Lab } from "./phases.ts";

const distinct = (values: readonly number[]): string[] => [...new Set(values.map((v) => show(v)))];

/** One sentence: is there a checkerboard, and does the rule of the divisible kernel foresee it? */
export function headline({ verdict, sums, settings }: Lab): { word: string; rest: string } {
  const { even, clean, gaps } = verdict;
  const total = distinct(sums.flat());
  if (settings.stride === 1) return { word: words.CLEAN, rest: words.STRIDE_ONE };
  if (clean) return { word: words.CLEAN, rest: words.clean(show(verdict.mean), even) };
  if (gaps) return { word: words.GAPS, rest: words.gaps(gaps, sums.flat().length) };
  const rest =
    total.length > 1 && total.length < 7 ? words.sumsDiffer(total, even) : words.sumsFromTo(show(verdict.low), show(verdict.high), even);
  return { word: words.CHECKERBOARD, rest };
}

/** What the counts say, and what the sums say. */
export function judged({ verdict, taps, sums, settings }: Lab): { counts: string; sums: string } {
  const numbers = (values: readonly number[]) => {
    const found = distinct(values);
    return found.length > 4 ? range(show(Math.min(...values)), show(Math.max(...values))) : found.join(", ");
  };
  const divides = settings.kernel[0]!.length % settings.stride === 0 && (settings.dims === 1 || settings.kernel.length % settings.stride === 0);
  return {
    counts: words.counts(numbers(taps.flat()), verdict.even, settings.stride, divides),
    sums: words.sums(numbers(sums.flat()), verdict.clean),
  };
}

/** What is kept, and what happens at the border. */
export function borderWords(lab: Lab): { kept: string; border: string } {
  const { settings: s, full, window, border } = lab;
  const axes = (s.dims === 1 ? [1] : [0, 1]) as (0 | 1)[];
  const name = (a: 0 | 1) => (s.dims === 1 ? "cells" : a ? "columns" : "rows");
  const kept = axes.map((a) => {
    const [start, stop] = window[a];
    return words.kept(name(a), start, Math.min(stop, full[a]) - 1, full[a], stop - full[a]);
  });
  const none = axes.every((a) => border.before[a] + border.after[a] === 0);
  const parts = axes.map((a) => words.border(name(a), border.before[a], border.after[a]));
  return { kept: kept.join("; "), border: !border.inside ? words.TOO_SMALL : none ? words.NO_BORDER : parts.join("; ") };
}

/** What a cell is made of, for the line below the picture. */
export function trace(lab: Lab, at: Size): { name: string; phase: string; terms: { weight: number; at: Size }[]; value: number; note: string } {
  const [p, q] = phaseOf(lab, at);
  const { dims, kernel } = lab.settings;
  const [[top], [left]] = lab.window;
  const kept = keptAs(lab, at);
  const taps = tapsAt(lab, at);
  const here: Size = [at[0] - top, at[1] - left];
  const name = kept === "cropped" ? words.CROPPED_CELL : words.output(dims === 1 ? String(here[1]) : here.join(", "));
  const phase = words.phase(dims === 1 ? String(q) : `(${p}, ${q})`);
  const all = lab.taps[p]![q]!;
  const note =
    kept === "appended"
      ? words.APPENDED
      : all === 0
        ? words.STAYS_ZERO
        : isInside(lab, at)
          ? words.wholePhase(taps.length)
          : words.partOfPhase(taps.length, all);
  return {
    name,
    phase,
    terms: taps.map(({ weight }) => ({ weight: kernel[weight[0]]![weight[1]]!, at: weight })),
    value: lab.values[at[0]]![at[1]]!,
    note: kept === "cropped" ? words.cropsAway(note) : note,
  };
}
