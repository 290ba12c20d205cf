/** The ruler's sentences: the result at a glance, the formulas with the reader's numbers, and what a pixel is linked with. */
import { count } from "../words/en/shared.ts";
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasPaddedSize,
  kerasTransposedSize,
  pads,
  transposedSizes,
} from "../core/shapes.ts";
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
  const words = runs.map(([a, b]) => (a === b ? minus(a) : b === a + 1 ? `${minus(a)} and ${minus(b)}` : `${minus(a)} to ${minus(b)}`));
  if (words.length > 6) return `${words.slice(0, 3).join(", ")} \u2026 ${words[words.length - 1]}`;
  if (words.length === 2 && runs.every(([a, b]) => a === b)) return words.join(" and ");
  return words.join(", ");
}

const kernelName = (s: Settings) => (s.dilation > 1 ? "k\u2091" : "k");
const isAre = (n: number, noun: string) => `${count(n, noun)} ${n === 1 ? "is" : "are"}`;

/** The result in one short line. */
export function headline(scene: Scene): string {
  const s = scene.settings;
  if (s.mode === "transpose") {
    const legal = transposedSizes(s.size, axisOf(s))!;
    const choice = legal.first === legal.last ? "the only legal size" : `legal: ${legal.first} to ${legal.last}`;
    const named = typeof s.padding === "string" && !(s.stride > 1 && s.dilation > 1);
    return named ? `${choice}; Keras takes ${kerasTransposedSize(s.size, axisOf(s))}` : choice;
  }
  if (s.mode === "stack") {
    const field = scene.fields[scene.fields.length - 1]!;
    return `one output pixel sees ${field.size}, its neighbour starts ${field.jump} further`;
  }
  const [before, after] = pads(s.size, axisOf(s));
  const { end, between } = unread(scene);
  const lost = [
    end ? `the last ${isAre(end, "pixel")} never reached` : "",
    between ? `${isAre(between, "pixel")} skipped in between` : "",
  ].filter(Boolean);
  const padded = before + after ? `padding ${before} before, ${after} after` : "no padding";
  return [padded, ...(lost.length ? lost : ["every pixel is read"])].join("; ");
}

/** Whether all inner pixels have equally many links. */
export function evenness(s: Settings): string {
  const counts = phases(s);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  const rest = `k mod s = ${s.kernel} mod ${s.stride} = ${s.kernel % s.stride}`;
  const verb = s.mode === "conv" ? "is read" : "gets";
  const unit = s.mode === "conv" ? (n: number) => count(n, "time") : (n: number) => count(n, "stamp");
  if (low === high) return `${rest}: even. Every inner pixel ${verb} ${unit(low)}.`;
  const pattern = counts.length <= 8 ? ` (${counts.join(", ")}, over and over)` : "";
  return `${rest}${s.dilation > 1 ? `, with dilation ${s.dilation}` : ""}: uneven. An inner pixel ${verb} ${low} to ${unit(high)}${pattern}.`;
}

export function lines(scene: Scene): Line[] {
  const s = scene.settings;
  if (s.mode === "stack") return [];
  const axis = axisOf(s);
  const span = effectiveKernel(s.kernel, s.dilation);
  const k = kernelName(s);
  const spread: Line[] =
    s.dilation > 1
      ? [{ name: "Kernel spans", formula: ["(k \u2212 1)\u00b7d + 1", `(${s.kernel} ${M} 1)\u00b7${s.dilation} + 1`, String(span)], note: "Written k\u2091 below." }]
      : [];
  if (s.mode === "conv") {
    const out = outputSize(s);
    const [before, after] = pads(s.size, axis);
    const collapse = transposedSizes(out, axis);
    const others =
      collapse && collapse.last > collapse.first
        ? `Inputs of ${collapse.first} to ${collapse.last} all give ${out}.`
        : `Only an input of ${s.size} gives ${out}.`;
    const size: Line =
      s.padding === "same"
        ? { name: "Output", formula: [CEIL("L / s"), CEIL(`${s.size} / ${s.stride}`), String(out)], note: others }
        : {
            name: "Output",
            formula: [
              FLOOR(`(L${s.padding === "valid" ? "" : " + pads"} ${M} ${k}) / s`) + " + 1",
              FLOOR(`(${s.size}${s.padding === "valid" ? "" : ` + ${before} + ${after}`} ${M} ${span}) / ${s.stride}`) + " + 1",
              String(out),
            ],
            note: others,
          };
    const same: Line[] =
      s.padding === "same"
        ? [
            {
              name: "Padding",
              formula: [
                `max((n ${M} 1)\u00b7s + ${k} ${M} L, 0)`,
                `max((${out} ${M} 1)\u00b7${s.stride} + ${span} ${M} ${s.size}, 0)`,
                String(before + after),
              ],
              note: `${before} before, ${after} after${before === after ? "" : ": the odd pixel goes after"}.`,
            },
          ]
        : [];
    return [...spread, size, ...same, { name: "Reads", formula: null, note: evenness(s) }];
  }
  const out = outputSize(s);
  const full = fullSize(s.size, axis);
  const legal = transposedSizes(s.size, axis)!;
  const range = legal.first === legal.last ? `Only ${legal.first} is legal.` : `Legal: ${legal.first} to ${legal.last}.`;
  const found: Line[] = [
    ...spread,
    { name: "Full result", formula: [`(n ${M} 1)\u00b7s + ${k}`, `(${s.size} ${M} 1)\u00b7${s.stride} + ${span}`, String(full)], note: "" },
  ];
  const keras = typeof s.padding === "string" && !(s.stride > 1 && s.dilation > 1) ? kerasTransposedSize(s.size, axis) : null;
  const chosen = rowsOf(s).find((row) => row.size === out)!;
  if (keras !== null) {
    const symbols = s.padding === "same" ? "n\u00b7s" : `(n ${M} 1)\u00b7s + max(${k}, s)`;
    const numbers = s.padding === "same" ? `${s.size}\u00b7${s.stride}` : `(${s.size} ${M} 1)\u00b7${s.stride} + max(${span}, ${s.stride})`;
    found.push({ name: "Keras", formula: [symbols, numbers, String(keras)], note: `Without output_padding. ${range}` });
    if (out !== keras || chosen.kerasPadding !== null) {
      const base = s.padding === "same" ? span % 2 : span;
      const op = out - (s.size - 1) * s.stride - base;
      const works = kerasPaddedSize(s.size, axis, op) === out;
      found.push({
        name: "output_padding",
        formula: [
          `(n ${M} 1)\u00b7s + ${s.padding === "same" ? `${k} mod 2` : k} + op`,
          `(${s.size} ${M} 1)\u00b7${s.stride} + ${base} + ${op}`.replace("+ -", `${M} `),
          String(out),
        ],
        note: works
          ? `output_padding=${op} in Keras gives ${out}.`
          : `${out} would need output_padding=${String(op).replace("-", M)}, and Keras takes 0 to ${s.stride - 1}.`,
      });
    }
  } else {
    const why =
      typeof s.padding === "string"
        ? "Keras refuses a stride and a dilation above 1 together."
        : "Keras and tf.nn.conv2d_transpose name their padding; in pixels you crop the full result yourself.";
    found.push({ name: "Keras", formula: null, note: `${why} ${range}` });
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
  found.push({ name: "Overlap", formula: null, note: evenness(s) });
  return found;
}

/** Why PyTorch refuses the reader's settings; null when it takes them. */
export function torchRefusal(s: Settings): string | null {
  if (torchRow(s)) return null;
  const [p, op] = s.torch;
  const most = Math.max(s.stride, s.dilation);
  if (op >= most) return `PyTorch refuses output_padding=${op}: it must be smaller than the stride or the dilation, here ${most}.`;
  const full = fullSize(s.size, axisOf(s));
  return `PyTorch refuses padding=${p}: it crops both ends of ${full}, and nothing would be left. At most ${Math.floor((full + op - 1) / 2)}.`;
}

/** How PyTorch's window stands to the legal row of the same size. */
export function torchVerdict(s: Settings): string {
  const torch = torchRow(s)!;
  const row = rowsOf(s).find((r) => r.size === torch.size);
  const back = convSize(torch.size, { ...axisOf(s), padding: [s.torch[0], s.torch[0]] });
  const named = typeof s.padding === "string" ? `\u201c${s.padding}\u201d` : "this padding";
  if (!row) {
    return back === s.size
      ? `${named} does not reach ${torch.size}: padding=${s.torch[0]} transposes a convolution that pads by ${s.torch[0]}.`
      : `Legal in PyTorch, though its convolution turns ${torch.size} into ${back}, not ${s.size}.`;
  }
  if (row.start === torch.start) return `The same window as ${named} with output ${row.size}.`;
  const by = torch.start - row.start;
  return `The same size as ${named}, but the window starts ${count(Math.abs(by), "pixel")} ${by > 0 ? "later" : "earlier"}: every value is shifted.`;
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
    if (focus.level === 0) return `Input pixel ${focus.index} stamps the kernel onto ${listed(bottom)} of the full result.`;
    if (!inside.length) return `Pixel ${focus.index} of the full result gets no stamp: it stays 0.`;
    return `Pixel ${focus.index} of the full result adds up ${count(inside.length, "stamp")}: from input ${listed(inside)}.`;
  }
  if (focus.level === 0) {
    return bottom.length
      ? `Input pixel ${focus.index} reaches ${count(bottom.length, "output pixel")}: ${listed(bottom)}.`
      : `Input pixel ${focus.index} reaches no output pixel: the stride never gets there.`;
  }
  const outside = top.length - inside.length;
  const who = focus.level === last ? `Output pixel ${focus.index}` : `Pixel ${focus.index} after layer ${focus.level}`;
  const pad = outside ? `, and ${count(outside, "pixel")} of padding` : "";
  return `${who} sees ${count(inside.length, "input pixel")}${inside.length ? `: ${listed(inside)}` : ""}${pad}.`;
}
