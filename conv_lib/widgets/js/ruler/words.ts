/** The ruler's sentences: the result at a glance, the formulas with the reader's numbers, and what a pixel is linked with. */
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasPaddedSize,
  kerasTransposedSize,
  pads,
  transposedSizes,
} from "../core/shapes.ts";
import * as words from "../words/en/ruler.ts";
import { and, OUTPUT, PADDING, range } from "../words/en/shared.ts";
import { linkedWith, phases, rowsOf, torchRow, unread, type Focus, type Scene } from "./scene.ts";
import { axisOf, outputSize, type Settings } from "./settings.ts";

export interface Line {
  name: string;
  /** Symbols, the reader's numbers, the result. */
  formula: readonly [symbols: string, numbers: string, result: string] | null;
  note: string;
}

const FLOOR = (inside: string) => `\u230a${inside}\u230b`;
const CEIL = (inside: string) => `\u2308${inside}\u2309`;
const M = "\u2212";

/** 0, 1, 2, 5 as "0 to 2 and 5"; far too many pieces are counted instead. */
export function listed(indices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const i of indices) {
    const last = runs[runs.length - 1];
    if (last && i === last[1] + 1) last[1] = i;
    else runs.push([i, i]);
  }
  const minus = (n: number) => String(n).replace("-", M);
  const parts = runs.map(([a, b]) => (a === b ? minus(a) : b === a + 1 ? and([minus(a), minus(b)]) : range(minus(a), minus(b))));
  if (parts.length > 6) return words.indices([...parts.slice(0, 3), parts[parts.length - 1]!], true);
  if (parts.length === 2 && runs.every(([a, b]) => a === b)) return and(parts);
  return words.indices(parts, false);
}

const kernelName = (s: Settings) => (s.dilation > 1 ? "k\u2091" : "k");
/** Its name, or null where it is given in pixels. */
const paddingName = (s: Settings) => (typeof s.padding === "string" ? s.padding : null);
/** Whether Keras has this transposed layer at all. */
const inKeras = (s: Settings) => typeof s.padding === "string" && !(s.stride > 1 && s.dilation > 1);

/** The result in one short line. */
export function headline(scene: Scene): string {
  const s = scene.settings;
  if (s.mode === "transpose") {
    const legal = transposedSizes(s.size, axisOf(s))!;
    return words.legalSizes(legal.first, legal.last, inKeras(s) ? kerasTransposedSize(s.size, axisOf(s)) : null);
  }
  if (s.mode === "stack") {
    const field = scene.fields[scene.fields.length - 1]!;
    return words.seesInStack(field.size, field.jump);
  }
  const { end, between } = unread(scene);
  return words.padsAndLoses(...pads(s.size, axisOf(s)), end, between);
}

/** Whether all inner pixels have equally many links. */
export function evenness(s: Settings): string {
  const counts = phases(s);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  const rest = `${words.mod("k", "s")} = ${words.mod(s.kernel, s.stride)} = ${s.kernel % s.stride}`;
  const reads = s.mode === "conv";
  if (low === high) return (reads ? words.readEvenly : words.stampedEvenly)(rest, low);
  const pattern = counts.length <= 8 ? counts.join(", ") : "";
  return (reads ? words.readUnevenly : words.stampedUnevenly)(rest, s.dilation, low, high, pattern);
}

export function lines(scene: Scene): Line[] {
  const s = scene.settings;
  if (s.mode === "stack") return [];
  const axis = axisOf(s);
  const span = effectiveKernel(s.kernel, s.dilation);
  const k = kernelName(s);
  const spread: Line[] =
    s.dilation > 1
      ? [{ name: words.KERNEL_SPANS, formula: ["(k \u2212 1)\u00b7d + 1", `(${s.kernel} ${M} 1)\u00b7${s.dilation} + 1`, String(span)], note: words.WRITTEN_BELOW }]
      : [];
  if (s.mode === "conv") {
    const out = outputSize(s);
    const [before, after] = pads(s.size, axis);
    const collapse = transposedSizes(out, axis);
    const others =
      collapse && collapse.last > collapse.first
        ? words.allGive(collapse.first, collapse.last, out)
        : words.onlyGives(s.size, out);
    const size: Line =
      s.padding === "same"
        ? { name: OUTPUT, formula: [CEIL("L / s"), CEIL(`${s.size} / ${s.stride}`), String(out)], note: others }
        : {
            name: OUTPUT,
            formula: [
              FLOOR(`(L${s.padding === "valid" ? "" : ` + ${words.PADS}`} ${M} ${k}) / s`) + " + 1",
              FLOOR(`(${s.size}${s.padding === "valid" ? "" : ` + ${before} + ${after}`} ${M} ${span}) / ${s.stride}`) + " + 1",
              String(out),
            ],
            note: others,
          };
    const same: Line[] =
      s.padding === "same"
        ? [
            {
              name: PADDING,
              formula: [
                `max((n ${M} 1)\u00b7s + ${k} ${M} L, 0)`,
                `max((${out} ${M} 1)\u00b7${s.stride} + ${span} ${M} ${s.size}, 0)`,
                String(before + after),
              ],
              note: words.padsOf(before, after),
            },
          ]
        : [];
    return [...spread, size, ...same, { name: words.READS, formula: null, note: evenness(s) }];
  }
  const out = outputSize(s);
  const full = fullSize(s.size, axis);
  const legal = transposedSizes(s.size, axis)!;
  const sizes = [legal.first, legal.last] as const;
  const found: Line[] = [
    ...spread,
    { name: words.FULL_RESULT, formula: [`(n ${M} 1)\u00b7s + ${k}`, `(${s.size} ${M} 1)\u00b7${s.stride} + ${span}`, String(full)], note: "" },
  ];
  const keras = inKeras(s) ? kerasTransposedSize(s.size, axis) : null;
  const chosen = rowsOf(s).find((row) => row.size === out)!;
  if (keras !== null) {
    const symbols = s.padding === "same" ? "n\u00b7s" : `(n ${M} 1)\u00b7s + max(${k}, s)`;
    const numbers = s.padding === "same" ? `${s.size}\u00b7${s.stride}` : `(${s.size} ${M} 1)\u00b7${s.stride} + max(${span}, ${s.stride})`;
    found.push({ name: "Keras", formula: [symbols, numbers, String(keras)], note: words.kerasDefault(...sizes) });
    if (out !== keras || chosen.kerasPadding !== null) {
      const base = s.padding === "same" ? span % 2 : span;
      const op = out - (s.size - 1) * s.stride - base;
      const works = kerasPaddedSize(s.size, axis, op) === out;
      found.push({
        name: "output_padding",
        formula: [
          `(n ${M} 1)\u00b7s + ${s.padding === "same" ? words.mod(k, 2) : k} + op`,
          `(${s.size} ${M} 1)\u00b7${s.stride} + ${base} + ${op}`.replace("+ -", `${M} `),
          String(out),
        ],
        note: works
          ? words.kerasGives(op, out)
          : words.kerasCannot(out, String(op).replace("-", M), s.stride - 1),
      });
    }
  } else {
    const why = typeof s.padding === "string" ? words.kerasRefusesBoth : words.kerasNamesPadding;
    found.push({ name: "Keras", formula: null, note: why(...sizes) });
  }
  const [p, op] = s.torch;
  const torch = torchRow(s);
  found.push({
    name: "PyTorch",
    formula: torch && [
      `(n ${M} 1)\u00b7s ${M} 2p + d\u00b7(k ${M} 1) + op + 1`,
      `(${s.size} ${M} 1)\u00b7${s.stride} ${M} 2\u00b7${p} + ${s.dilation}\u00b7(${s.kernel} ${M} 1) + ${op} + 1`,
      String(torch.size),
    ],
    note: torch ? torchVerdict(s) : torchRefusal(s)!,
  });
  found.push({ name: words.OVERLAP, formula: null, note: evenness(s) });
  return found;
}

/** Why PyTorch refuses the reader's settings; null when it takes them. */
export function torchRefusal(s: Settings): string | null {
  if (torchRow(s)) return null;
  const [p, op] = s.torch;
  const most = Math.max(s.stride, s.dilation);
  if (op >= most) return words.torchOutputPadding(op, most);
  const full = fullSize(s.size, axisOf(s));
  return words.torchCropsAll(p, full, Math.floor((full + op - 1) / 2));
}

/** How PyTorch's window stands to the legal row of the same size. */
export function torchVerdict(s: Settings): string {
  const torch = torchRow(s)!;
  const row = rowsOf(s).find((r) => r.size === torch.size);
  const back = convSize(torch.size, { ...axisOf(s), padding: [s.torch[0], s.torch[0]] });
  const named = paddingName(s);
  if (!row) {
    return back === s.size ? words.torchOutOfReach(named, torch.size, s.torch[0]) : words.torchOnly(torch.size, back, s.size);
  }
  return row.start === torch.start ? words.torchSame(named, row.size) : words.torchShifted(named, torch.start - row.start);
}

/** What the focused pixel is linked with, in a sentence. */
export function trace(scene: Scene, focus: Focus): string {
  const { settings: s, levels } = scene;
  const found = linkedWith(scene, focus);
  const top = found[0]!;
  const bottom = found[found.length - 1]!;
  const inside = top.filter((i) => i >= 0 && i < levels[0]!.size);
  const last = levels.length - 1;
  if (s.mode === "transpose") {
    if (focus.level === 0) return words.stampsOnto(focus.index, listed(bottom));
    return inside.length ? words.addsUp(focus.index, inside.length, listed(inside)) : words.noStamp(focus.index);
  }
  if (focus.level === 0) {
    return bottom.length ? words.reaches(focus.index, bottom.length, listed(bottom)) : words.reachesNone(focus.index);
  }
  const layer = focus.level === last ? null : focus.level;
  return words.sees(focus.index, layer, inside.length, listed(inside), top.length - inside.length);
}

/** What a row keeps of the full result. */
export function keptWords({ start, stop }: { start: number; stop: number }, full: number): string {
  return words.keeps(start < full ? [listed([start]), Math.min(stop, full) - 1] : null, Math.max(stop - Math.max(full, start), 0));
}
