/** What the chain says in sentences: the verdict, where pixels went, which inputs work, and what would help. */
import { count } from "../words/en/shared.ts";
import { axisLayer, formula, gathers } from "./axis.ts";
import { brief, by, made, sourceWords, titleOf, type Layer, type Pair } from "./layers.ts";
import { inserted, withLayer } from "./settings.ts";
import { accepted, isMap, nearestAccepted, ruleWords, walkChain, type Chain, type Shape, type Step, type Walk, type Wish } from "./walk.ts";

export interface Remedy {
  label: string;
  settings: Chain;
}

export const shapeWords = (shape: Shape | null): string =>
  shape === null ? "?" : isMap(shape) ? `${shape.h} \u00d7 ${shape.w} \u00d7 ${shape.c ?? "?"}` : `${shape.n ?? "?"}`;
const sizeWords = (shape: { h: number; w: number }): string => by([shape.h, shape.w]);

/** 1,234,567 as "1,234,567"; larger ones rounded. */
export function amount(n: number | null): string {
  if (n === null) return "?";
  if (n >= 1e12) return `${(n / 1e12).toPrecision(3)} T`;
  if (n >= 1e9) return `${(n / 1e9).toPrecision(3)} G`;
  if (n >= 1e7) return `${(n / 1e6).toPrecision(3)} M`;
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

const enlarges = (layer: Layer): boolean => layer.kind === "upsample" || layer.kind === "shuffle" || (layer.kind === "transposed" && Math.max(...layer.stride) > 1);
const shrinks = (layer: Layer): boolean => gathers(layer) && Math.max(...layer.stride) > 1;
export const joins = (layer: Layer): boolean => layer.kind === "concat" || layer.kind === "add";

export interface Verdict {
  tone: "good" | "bad" | "note";
  text: string;
  /** The layer that it is about. */
  at: number | null;
  remedies: Remedy[];
}

const end = (walk: Walk): Shape | null => (walk.steps.length ? walk.steps[walk.steps.length - 1]!.output : walk.start);
const comesBack = (walk: Walk): boolean => walk.chain.layers.some(enlarges) && walk.chain.layers.some(shrinks);

export function verdictOf(walk: Walk): Verdict {
  const { chain, steps, stopped } = walk;
  if (!steps.length) return { tone: "note", text: "The chain has no layers yet: add one, or paste lines of code.", at: null, remedies: [] };
  const bad = steps.findIndex((step) => step.misfit);
  if (bad >= 0 && (stopped === null || bad < stopped)) {
    const { misfit } = steps[bad]!;
    const all = steps.filter((step) => step.misfit).length;
    const rest = all > 1 ? ` ${all - 1} more ${all === 2 ? "skip does" : "skips do"} not fit.` : "";
    return {
      tone: "bad",
      text: `The skip at layer ${bad + 1} does not fit: ${sourceWords(misfit!.source)} brings ${by(misfit!.skip)}, and it meets ${by(misfit!.meets)}.${rest}`,
      at: bad,
      remedies: remediesOf(chain, bad, steps[bad]!),
    };
  }
  if (stopped !== null) return { tone: "bad", text: `The chain ends at layer ${stopped + 1}. ${steps[stopped]!.problem}`, at: stopped, remedies: toRun(walk, stopped) };
  const odd = steps.findIndex((step) => step.remark);
  if (odd >= 0) return { tone: "bad", text: `Layer ${odd + 1}: ${steps[odd]!.remark}`, at: odd, remedies: toRun(walk, odd) };
  const out = end(walk);
  const joined = chain.layers.some(joins) ? " and every skip fits" : "";
  if (isMap(out) && comesBack(walk) && (out.h !== chain.height || out.w !== chain.width)) {
    const first = steps.findIndex((step) => shrinks(step.layer) && rounding(step));
    const where = first >= 0 && isMap(steps[first]!.input) ? ` Layer ${first + 1} rounded ${sizeWords(steps[first]!.input as never)} to ${sizeWords(steps[first]!.output as never)}.` : "";
    return {
      tone: "note",
      text: `Every layer runs${joined}, but it ends at ${sizeWords(out)}, not at the ${by([chain.height, chain.width])} that went in.${where}`,
      at: first >= 0 ? first : null,
      remedies: toSize(chain, out),
    };
  }
  const lost = steps.filter((step) => step.lost[0] || step.lost[1]).length;
  return { tone: "good", text: `Every layer runs${joined}${lost ? `; ${count(lost, "layer")} ${lost === 1 ? "leaves" : "leave"} pixels unread` : ""}.`, at: null, remedies: [] };
}

/** The nearest settings with which a layer runs. */
function toRun({ chain, steps }: Walk, index: number): Remedy[] {
  const { layer, input } = steps[index]!;
  const tries: [string, Partial<Layer>][] = [];
  if (isMap(input) && gathers(layer)) {
    const [ph, pw] = typeof layer.padding === "string" ? [0, 0] : layer.padding;
    const room: Pair = [Math.min(layer.kernel[0], input.h + 2 * ph), Math.min(layer.kernel[1], input.w + 2 * pw)];
    if (room[0] < layer.kernel[0] || room[1] < layer.kernel[1]) tries.push([`Kernel ${brief(room)} in layer ${index + 1}`, { kernel: room, dilation: [1, 1] }]);
    if (chain.framework === "keras") tries.push([`Padding same in layer ${index + 1}`, { padding: "same" }]);
  }
  const arrive = input && (isMap(input) ? input.c : input.n);
  if (layer.expects !== null && layer.expects !== arrive) tries.push([`Take ${arrive} in layer ${index + 1}`, { expects: arrive }]);
  if (layer.kind === "transposed") tries.push([`Leave output_padding out in layer ${index + 1}`, { output_padding: null }]);
  return tries
    .map(([label, change]) => ({ label, settings: withLayer(chain, index, change) }))
    .filter(({ settings }) => {
      const again = walkChain(settings).steps[index]!;
      return again.output !== null && !again.remark;
    });
}

/** A layer at the end that brings the size of the input back. */
function toSize(chain: Chain, out: { h: number; w: number }): Remedy[] {
  const more = [chain.height - out.h, chain.width - out.w] as const;
  return sized(chain, chain.layers.length, more.map((m) => [Math.floor(m / 2), m - Math.floor(m / 2)]) as never, "at the end");
}

function sized(chain: Chain, index: number, [v, h]: readonly [Pair, Pair], where: string): Remedy[] {
  const all = [...v, ...h];
  const sides = (sign: number) => all.map((n) => Math.max(sign * n, 0));
  const words = (sign: number) => `${[...new Set(all.map((n) => sign * n))].filter((n) => n > 0).join(" and ")} px`;
  if (all.every((n) => n >= 0) && all.some((n) => n))
    return [{ label: `Pad ${words(1)} ${where}`, settings: inserted(chain, index, made("pad", chain.framework, { size: sides(1) })) }];
  if (all.every((n) => n <= 0) && all.some((n) => n))
    return [{ label: `Crop ${words(-1)} ${where}`, settings: inserted(chain, index, made("crop", chain.framework, { size: sides(-1) })) }];
  return [];
}

export function remediesOf(chain: Chain, index: number, step: Step): Remedy[] {
  const { misfit } = step;
  if (!misfit) return [];
  const found: Remedy[] = [];
  if (misfit.fix) {
    const extra = misfit.fix.output_padding;
    found.push({
      label: extra ? `output_padding ${brief(extra)} in layer ${index}` : `No output_padding in layer ${index}`,
      settings: withLayer(chain, index - 1, { output_padding: extra }),
    });
  }
  const before = chain.layers[index - 1];
  const from = index > 0 ? walkChain(chain).steps[index - 1]!.input : null;
  if (before?.kind === "transposed" && isMap(from) && !misfit.fix) {
    // The plain way to enlarge by a whole number: kernel and stride alike, no padding.
    const [y, x] = [misfit.skip[0] / from.h, misfit.skip[1] / from.w];
    if (Number.isInteger(y) && Number.isInteger(x) && y > 0 && x > 0) {
      const settings: Partial<Layer> = { kernel: [y, x], stride: [y, x], dilation: [1, 1], output_padding: null, padding: chain.framework === "keras" ? "valid" : [0, 0] };
      found.push({ label: `Kernel ${brief([y, x])}, stride ${brief([y, x])}, no padding in layer ${index}`, settings: withLayer(chain, index - 1, settings) });
    }
  }
  found.push(...sized(chain, index, misfit.pad, "before the join"));
  if (misfit.skip[0] >= misfit.meets[0] && misfit.skip[1] >= misfit.meets[1]) found.push({ label: "Cut the skip to fit", settings: withLayer(chain, index, { name: "crop" }) });
  return found;
}

/** Whether a layer's stride does not divide what it is given. */
export function rounding(step: Step): string | null {
  const { layer, input, output } = step;
  if (!gathers(layer) || !isMap(input) || !isMap(output)) return null;
  if (step.lost[0] || step.lost[1]) {
    const [v, h] = step.lost;
    const words = v === h ? `${v} px` : [v && count(v, "row"), h && count(h, "column")].filter(Boolean).join(", ");
    return `${words} unread`;
  }
  const uneven = [input.h, input.w].some((size, a) => size % layer.stride[a]! !== 0);
  const up = layer.padding === "same" || layer.ceil || output.h * layer.stride[0] > input.h || output.w * layer.stride[1] > input.w;
  return uneven && shrinks(layer) && up ? "rounded up" : null;
}

/** Lines about one layer: what is read when its row is open. */
export function linesOf(walk: Walk, index: number): { term: string; text: string }[] {
  const step = walk.steps[index]!;
  const { layer, input, output } = step;
  const { framework } = walk.chain;
  const lines: { term: string; text: string }[] = [];
  if (step.problem) lines.push({ term: "Stops here", text: step.problem });
  if (step.remark) lines.push({ term: "Does not fit", text: step.remark });
  if (isMap(input) && isMap(output)) {
    const along = [0, 1].map((a) => {
      const l = axisLayer(layer, a as 0 | 1);
      return l ? formula(l, a ? input.w : input.h, a ? output.w : output.h, framework) : "";
    });
    if (along[0] && !joins(layer) && layer.kind !== "pass" && layer.kind !== "norm")
      lines.push({ term: "Size", text: along[0] === along[1] ? along[0] : `height ${along[0]}; width ${along[1]}` });
  }
  if (joins(layer) && isMap(input)) {
    const from = layer.source ? walk.steps[layer.source - 1]?.output : walk.start;
    if (isMap(from ?? null)) {
      const skip = from as { h: number; w: number; c: number | null };
      lines.push({ term: "Channels", text: layer.kind === "concat" ? `${input.c ?? "?"} + ${skip.c ?? "?"} = ${input.c === null || skip.c === null ? "?" : input.c + skip.c}` : `${input.c ?? "?"}, added one by one` });
      if (step.misfit) {
        const [v, h] = step.misfit.pad.map(([b, a]) => b + a) as [number, number];
        const one = (n: number) => `${count(Math.abs(n), "pixel")} too ${n > 0 ? "small" : "large"}`;
        const both = v === h ? `${one(v)} in height and in width` : [v && `${one(v)} in height`, h && `${one(h)} in width`].filter(Boolean).join(", ");
        lines.push({ term: "Misfit", text: `What the skip meets is ${both}.` });
      } else if (layer.name === "crop") lines.push({ term: "Skip", text: `${sizeWords(skip)}, its middle ${sizeWords(input)} is kept` });
    }
  }
  if (step.collapses) {
    const [v, h] = step.collapses;
    const words = ([low, high]: Pair, out: number) => (high - low > 1 ? `${low} to ${high} all give ${out}` : high > low ? `${low} and ${high} both give ${out}` : `${low} gives ${out}`);
    if (isMap(output) && (v[0] !== v[1] || h[0] !== h[1])) {
      const text = v[0] === h[0] && v[1] === h[1] ? words(v, output.h) : `heights ${words(v, output.h)}; widths ${words(h, output.w)}`;
      lines.push({ term: "Rounds", text: step.lost[0] || step.lost[1] ? `${text}; ${rounding(step)} at the end` : text });
    }
    if (step.restore && isMap(input)) {
      const extra = step.restore.output_padding;
      const torch = framework === "torch";
      const given = extra ? `output_padding ${brief(extra)}` : torch ? "output_padding 0" : "output_padding left out";
      lines.push({ term: "Way back", text: `${titleOf({ ...step.restore, output_padding: null }).name} with the same kernel ${brief(step.restore.kernel)}, stride ${brief(step.restore.stride)}${typeof step.restore.padding === "string" ? `, ${step.restore.padding}` : `, padding ${brief(step.restore.padding)}`} and ${given} gives ${sizeWords(input)} again (${torch ? "or output_size" : "tf.nn: output_shape"} ${sizeWords(input)})` });
    }
  }
  if (step.params) lines.push({ term: "Parameters", text: paramWords(step) });
  if (step.macs) lines.push({ term: "Multiply-adds", text: `${amount(step.macs)} for one image` });
  if (step.field) {
    const [v, h] = step.field;
    lines.push({ term: "Sees", text: `${by([v.size, h.size])} pixels of the input, moving on by ${brief([v.jump, h.jump])}` });
  } else if (gathers(layer) && isMap(output)) {
    lines.push({ term: "Sees", text: "behind a layer that enlarges or joins, pixels see regions of different sizes" });
  }
  return lines;
}

function paramWords(step: Step): string {
  const { layer, input } = step;
  const total = amount(step.params);
  const cin = layer.expects ?? (isMap(input) ? input.c : (input as { n: number | null }).n);
  const bias = (n: number | null) => (layer.bias ? ` + ${n}` : "");
  if (layer.kind === "conv" || layer.kind === "transposed")
    return `${layer.kernel.join("\u00b7")}\u00b7${cin}${layer.groups > 1 ? `/${layer.groups}` : ""}\u00b7${layer.filters}${bias(layer.filters)} = ${total}`;
  if (layer.kind === "dense") return `${cin}\u00b7${layer.filters}${bias(layer.filters)} = ${total}`;
  return total;
}

// ----------------------------------------------------------------------- which inputs work

export interface Rule {
  label: string;
  text: string;
  fits: boolean;
  remedies: Remedy[];
}

export function rulesOf(walk: Walk): Rule[] {
  const { chain } = walk;
  const skips = chain.layers.some((layer) => joins(layer) && layer.name !== "crop");
  const back = comesBack(walk) && isMap(end(walk) ?? null);
  const lossy = chain.layers.some(shrinks);
  const unknown = chain.layers.some((layer) => layer.kind === "unknown");
  // A flat row of numbers, or a layer that is not known, ends what can be said of sizes.
  const looked = chain.layers.findIndex((layer) => !axisLayer(layer, 0));
  const runs = looked < 0 ? "Runs" : `Runs before layer ${looked + 1}`;
  if (looked === 0) return [];
  const wishes: [string, Wish][] = [[skips ? `${runs}, every skip fits` : runs, { skips: true, returns: false, lossless: false }]];
  if (back && !unknown) wishes.push(["Output as large as the input", { skips: true, returns: true, lossless: false }]);
  if (lossy) wishes.push(["No pixel left unread", { skips: true, returns: false, lossless: true }]);
  const all = wishes.map(([label, wish]): Rule => {
    const [v, h] = [accepted(chain, 0, wish), accepted(chain, 1, wish)];
    const words = [ruleWords(v), ruleWords(h)];
    const near = [nearestAccepted(chain, 0, chain.height, wish), nearestAccepted(chain, 1, chain.width, wish)];
    const fits = near[0]![0] === chain.height && near[1]![0] === chain.width;
    const remedies: Remedy[] = [];
    for (const side of fits ? [] : ([0, 1] as const)) {
      const [height, width] = [near[0]![side], near[1]![side]];
      if (height === null || width === null || height > 9999 || width > 9999) continue;
      if (remedies.some((r) => r.settings.height === height && r.settings.width === width)) continue;
      remedies.push({ label: `Use ${by([height, width])}`, settings: { ...chain, height, width } });
    }
    return { label, text: words[0] === words[1] ? words[0]! : `height: ${words[0]}; width: ${words[1]}`, fits, remedies };
  });
  // Wishes that the same sizes grant are one line.
  return all.reduce<Rule[]>((merged, rule) => {
    const same = merged.find((other) => other.text === rule.text && other.remedies.length === rule.remedies.length);
    if (!same) return [...merged, rule];
    return merged.map((other) => (other === same ? { ...other, label: `${other.label}, ${rule.label[0]!.toLowerCase()}${rule.label.slice(1)}` } : other));
  }, []);
}
