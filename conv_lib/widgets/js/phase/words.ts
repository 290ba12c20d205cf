/** What the lab says about a kernel, in words and with its numbers. */
import { show } from "../core/numbers.ts";
import { count } from "../words/en/shared.ts";
import { isInside, phaseOf, tapsAt, type Lab } from "./phases.ts";
import { keptAs } from "./phases.ts";
import type { Size } from "../core/ops.ts";

const list = (values: readonly string[]): string =>
  values.length < 2 ? (values[0] ?? "") : `${values.slice(0, -1).join(", ")} and ${values[values.length - 1]}`;

const distinct = (values: readonly number[]): string[] => [...new Set(values.map((v) => show(v)))];

/** One sentence: is there a checkerboard, and does the rule of the divisible kernel foresee it? */
export function headline({ verdict, sums, settings }: Lab): { word: string; rest: string } {
  const { even, clean, gaps } = verdict;
  const total = distinct(sums.flat());
  if (settings.stride === 1) return { word: "Clean", rest: "stride 1 has a single phase, and nothing to disagree with." };
  if (clean) {
    const how = `every phase adds up to ${show(verdict.mean)}.`;
    return { word: "Clean", rest: even ? how : `although the counts are uneven: ${how}` };
  }
  if (gaps) {
    return { word: "Gaps", rest: `the kernel is shorter than the stride: ${count(gaps, "phase")} of ${sums.flat().length} met by no weight.` };
  }
  const how = total.length > 1 && total.length < 7 ? `the phases add up to ${list(total)}.` : `the phases add up to ${show(verdict.low)} at least and ${show(verdict.high)} at most.`;
  return { word: "Checkerboard", rest: even ? `although the counts are even: ${how}` : how };
}

/** What the counts say, and what the sums say. */
export function judged({ verdict, taps, sums, settings }: Lab): { counts: string; sums: string } {
  const numbers = (values: readonly number[]) => {
    const found = distinct(values);
    return found.length > 4 ? `${show(Math.min(...values))} to ${show(Math.max(...values))}` : found.join(", ");
  };
  const divides = settings.kernel[0]!.length % settings.stride === 0 && (settings.dims === 1 || settings.kernel.length % settings.stride === 0);
  return {
    counts: `${numbers(taps.flat())}: ${verdict.even ? "even" : "uneven"}, since ${settings.stride} ${divides ? "divides" : "does not divide"} the kernel`,
    sums: `${numbers(sums.flat())}: ${verdict.clean ? "equal" : "not equal"}`,
  };
}

/** What is kept, and what happens at the border. */
export function borderWords(lab: Lab): { kept: string; border: string } {
  const { settings: s, full, window, border } = lab;
  const axes = (s.dims === 1 ? [1] : [0, 1]) as (0 | 1)[];
  const range = (a: 0 | 1) => {
    const [start, stop] = window[a];
    const beyond = stop - full[a];
    return `${start} to ${Math.min(stop, full[a]) - 1} of ${full[a]}${beyond > 0 ? `, then ${count(beyond, "zero")}` : ""}`;
  };
  const names = ["rows", "columns"] as const;
  const kept = s.dims === 1 ? `cells ${range(1)}` : axes.map((a) => `${names[a]} ${range(a)}`).join("; ");
  if (!border.inside) return { kept, border: "no kept cell has all its stamps: the image is too small for this kernel" };
  const parts = axes.map((a) => `${s.dims === 1 ? "" : `${names[a]}: `}${border.before[a]} before, ${border.after[a]} after`);
  const none = axes.every((a) => border.before[a] + border.after[a] === 0);
  return { kept, border: none ? "none: every kept cell has all its stamps" : `${parts.join("; ")}` };
}

/** What a cell is made of, for the line below the picture. */
export function trace(lab: Lab, at: Size): { name: string; phase: string; terms: { weight: number; at: Size }[]; value: number; note: string } {
  const [p, q] = phaseOf(lab, at);
  const { dims, kernel } = lab.settings;
  const [[top], [left]] = lab.window;
  const kept = keptAs(lab, at);
  const taps = tapsAt(lab, at);
  const here: Size = [at[0] - top, at[1] - left];
  const name = kept === "cropped" ? (dims === 1 ? `cropped cell` : "cropped cell") : dims === 1 ? `output[${here[1]}]` : `output[${here.join(", ")}]`;
  const phase = dims === 1 ? `phase ${q}` : `phase (${p}, ${q})`;
  const all = lab.taps[p]![q]!;
  const note =
    kept === "appended"
      ? "Past the end of the full result: an appended zero."
      : all === 0
        ? "No weight of the kernel belongs to this phase: it stays 0."
        : isInside(lab, at)
          ? `${taps.length === 1 ? "The only weight" : `All ${taps.length} weights`} of this phase: the phase sum.`
          : `At the border: ${taps.length} of the ${all} weights of this phase.`;
  return {
    name,
    phase,
    terms: taps.map(({ weight }) => ({ weight: kernel[weight[0]]![weight[1]]!, at: weight })),
    value: lab.values[at[0]]![at[1]]!,
    note: kept === "cropped" ? `${note} Padding crops it away.` : note,
  };
}
