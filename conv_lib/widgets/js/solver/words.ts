/** What the solver says of its answers. */
import { count, show } from "../core/numbers.ts";
import { answersOf, FRAMEWORK_NAMES, pairText, type Answers, type Settings } from "./settings.ts";
import type { Framework, LegalSize, Pad, Setting, Window } from "./solve.ts";

const padText = (p: Pad) => (typeof p === "string" ? `"${p}"` : String(p));
const list = (values: readonly (number | string)[]) => (values[0] === values[1] ? `${values[0]}` : `(${values.join(", ")})`);

/** "kernel 4, stride 2" of a card's first line. */
export const shapeWords = (a: Setting | Window): string =>
  `Kernel ${a.kernel}, stride ${a.stride}${a.dilation > 1 ? `, dilation ${a.dilation}` : ""}`;

/** The framework's own arguments, beyond kernel and stride. */
export function argumentWords(a: Setting): string {
  const parts = [`padding=${list(a.padding.map(padText))}`];
  if (a.outputPadding && !(a.outputSize === null && a.outputPadding.every((v) => v === 0) && typeof a.padding[0] === "number"))
    parts.push(`output_padding=${list(a.outputPadding)}`);
  if (a.outputSize) parts.push(`output_shape ${pairText(a.outputSize)}`);
  return parts.join(", ");
}

/** "784 multiply-adds for each pair of channels, 1 per output pixel". */
export function costWords(a: Setting, s: Settings): string {
  const each = a.macs / (s.wanted[0] * s.wanted[1]);
  return `${a.macs.toLocaleString("en-US")} multiply-adds per channel pair, ${show(each)} per output pixel`;
}

export const OVERLAP = {
  up: {
    even: ["even overlap", "Away from the borders every pixel gets equally many stamps."],
    uneven: ["uneven overlap", "Neighbouring pixels get different numbers of stamps: a checkerboard may show."],
    gaps: ["gaps", "Some pixels get no stamp at all: only the bias."],
  },
  down: {
    even: ["read evenly", "Away from the borders every pixel is read equally often."],
    uneven: ["read unevenly", "Neighbouring pixels are read different numbers of times."],
    gaps: ["gaps", "Some pixels are never read."],
  },
} as const;

export function headline(s: Settings, answers: Answers): string {
  const { settings } = answers[s.framework];
  const layer = s.direction === "up" ? "transposed convolution" : "convolution";
  if (!settings.length) return `no single ${layer} of ${FRAMEWORK_NAMES[s.framework]} does this`;
  return `${count(settings.length, "setting")} of ${FRAMEWORK_NAMES[s.framework]}, the simplest first`;
}

/** Other frameworks that have a setting where this one has none. */
export const others = (s: Settings, answers: Answers): Framework[] =>
  (Object.keys(answers) as Framework[]).filter((one) => one !== s.framework && answers[one].settings.length > 0);

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

/** "crop 4 before and 4 after" for a window. */
export function windowWords(s: Settings, w: Window, full: readonly number[]): string {
  const axes = w.window.map(([start, stop], i) => {
    const end = s.direction === "up" ? full[i]! : s.size[i]!;
    const parts: string[] = [];
    const before = s.direction === "up" ? start : start;
    if (before > 0) parts.push(`cut ${before} before`);
    if (before < 0) parts.push(`add ${-before} before`);
    if (stop < end) parts.push(`cut ${end - stop} after`);
    if (stop > end) parts.push(`add ${stop - end} after`);
    return parts.join(", ") || "nothing to cut";
  });
  const what = s.direction === "up" ? "of the full result" : "of the input, then no padding";
  return axes[0] === axes[1] ? `${axes[0]} ${what}` : `height: ${axes[0]}; width: ${axes[1]} ${what}`;
}

/** Who gives a legal size, as badges. */
export function takers(row: LegalSize, up: boolean): { text: string; first: boolean }[] {
  const badges: { text: string; first: boolean }[] = [];
  if (row.kerasDefault) badges.push({ text: up ? "Keras, by default" : "Keras", first: true });
  if (row.kerasPadding !== null) badges.push({ text: `Keras output_padding=${row.kerasPadding}`, first: false });
  if (row.tf) badges.push({ text: up ? `tf.nn output_shape=${row.size}` : "tf.nn", first: false });
  if (row.torch)
    badges.push({ text: `PyTorch padding=${row.torch[0]}${up ? `, output_padding=${row.torch[1]}` : ""}`, first: false });
  else if (row.torchSame) badges.push({ text: `PyTorch padding="same"`, first: false });
  return badges;
}
