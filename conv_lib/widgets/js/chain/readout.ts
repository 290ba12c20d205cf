/** What the chain says in sentences: the verdict, where pixels went, which inputs work, and what would help. */
import { use } from "../words/en/shared.ts";
import * as words from "../words/en/chain.ts";
import { whole } from "../core/numbers.ts";
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

/** Large numbers are rounded. */
export function amount(n: number | null): string {
  if (n === null) return "?";
  if (n >= 999.5e9) return `${(n / 1e12).toPrecision(3)} T`;
  if (n >= 999.5e6) return `${(n / 1e9).toPrecision(3)} G`;
  if (n >= 1e7) return `${(n / 1e6).toPrecision(3)} M`;
  return whole(n);
}

const enlarges = (layer: Layer): boolean => layer.kind === "upsample" || layer.kind === "shuffle" || (layer.kind === "transposed" && Math.max(...layer.stride) > 1);
const shrinks = (layer: Layer): boolean => gathers(layer) && Math.max(...layer.stride) > 1;
export const joins = (layer: Layer): boolean => layer.kind === "concat" || layer.kind === "add";

const sentences = (...all: (string | false)[]): string => all.filter(Boolean).join(" ");

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
  if (!steps.length) return { tone: "note", text: words.EMPTY, at: null, remedies: [] };
  const bad = steps.findIndex((step) => step.misfit);
  if (bad >= 0 && (stopped === null || bad < stopped)) {
    const { misfit } = steps[bad]!;
    const all = steps.filter((step) => step.misfit).length;
    return {
      tone: "bad",
      text: sentences(words.misfit(`${bad + 1}`, sourceWords(misfit!.source), by(misfit!.skip), by(misfit!.meets)), all > 1 && words.moreMisfits(all - 1)),
      at: bad,
      remedies: remediesOf(chain, bad, steps[bad]!),
    };
  }
  if (stopped !== null) return { tone: "bad", text: words.stops(`${stopped + 1}`, steps[stopped]!.problem!), at: stopped, remedies: toRun(walk, stopped) };
  const odd = steps.findIndex((step) => step.remark);
  if (odd >= 0) return { tone: "bad", text: words.atLayer(`${odd + 1}`, steps[odd]!.remark!), at: odd, remedies: toRun(walk, odd) };
  const out = end(walk);
  const joined = chain.layers.some(joins);
  if (isMap(out) && comesBack(walk) && (out.h !== chain.height || out.w !== chain.width)) {
    const first = steps.findIndex((step) => shrinks(step.layer) && rounding(step));
    const where = first >= 0 && isMap(steps[first]!.input) && words.rounded(`${first + 1}`, sizeWords(steps[first]!.input as never), sizeWords(steps[first]!.output as never));
    return {
      tone: "note",
      text: sentences(words.runsTo(joined, sizeWords(out), by([chain.height, chain.width])), where),
      at: first >= 0 ? first : null,
      remedies: toSize(chain, out),
    };
  }
  const lost = steps.filter((step) => step.lost[0] || step.lost[1]).length;
  return { tone: "good", text: words.allRuns(joined, lost), at: null, remedies: [] };
}

/** The nearest settings with which a layer runs. */
function toRun({ chain, steps }: Walk, index: number): Remedy[] {
  const { layer, input } = steps[index]!;
  const number = `${index + 1}`;
  const tries: [string, Partial<Layer>][] = [];
  if (isMap(input) && gathers(layer)) {
    const [ph, pw] = typeof layer.padding === "string" ? [0, 0] : layer.padding;
    const room: Pair = [Math.min(layer.kernel[0], input.h + 2 * ph), Math.min(layer.kernel[1], input.w + 2 * pw)];
    if (room[0] < layer.kernel[0] || room[1] < layer.kernel[1]) tries.push([words.kernelIn(brief(room), number), { kernel: room, dilation: [1, 1] }]);
    if (chain.framework === "keras") tries.push([words.sameIn(number), { padding: "same" }]);
  }
  const arrive = input && (isMap(input) ? input.c : input.n);
  if (layer.expects !== null && layer.expects !== arrive) tries.push([words.takeIn(`${arrive}`, number), { expects: arrive }]);
  if (layer.kind === "transposed") tries.push([words.leaveOutIn(number), { output_padding: null }]);
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
  return sized(chain, chain.layers.length, more.map((m) => [Math.floor(m / 2), m - Math.floor(m / 2)]) as never, true);
}

function sized(chain: Chain, index: number, [v, h]: readonly [Pair, Pair], atEnd: boolean): Remedy[] {
  const all = [...v, ...h];
  const sides = (sign: number) => all.map((n) => Math.max(sign * n, 0));
  const pixels = (sign: number) => words.pixels([...new Set(all.map((n) => sign * n))].filter((n) => n > 0).map(String));
  if (all.every((n) => n >= 0) && all.some((n) => n))
    return [{ label: words.pad(pixels(1), atEnd), settings: inserted(chain, index, made("pad", chain.framework, { size: sides(1) })) }];
  if (all.every((n) => n <= 0) && all.some((n) => n))
    return [{ label: words.crop(pixels(-1), atEnd), settings: inserted(chain, index, made("crop", chain.framework, { size: sides(-1) })) }];
  return [];
}

export function remediesOf(chain: Chain, index: number, step: Step): Remedy[] {
  const { misfit } = step;
  if (!misfit) return [];
  const found: Remedy[] = [];
  if (misfit.fix) {
    const extra = misfit.fix.output_padding;
    found.push({
      label: extra ? words.outputPaddingIn(brief(extra), `${index}`) : words.noOutputPaddingIn(`${index}`),
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
      found.push({ label: words.plainIn(brief([y, x]), `${index}`), settings: withLayer(chain, index - 1, settings) });
    }
  }
  found.push(...sized(chain, index, misfit.pad, false));
  if (misfit.skip[0] >= misfit.meets[0] && misfit.skip[1] >= misfit.meets[1]) found.push({ label: words.CUT_SKIP, settings: withLayer(chain, index, { name: "crop" }) });
  return found;
}

/** Whether a layer's stride does not divide what it is given. */
export function rounding(step: Step): string | null {
  const { layer, input, output } = step;
  if (!gathers(layer) || !isMap(input) || !isMap(output)) return null;
  if (step.lost[0] || step.lost[1]) {
    const [v, h] = step.lost;
    return v === h ? words.unreadPixels(`${v}`) : words.unreadRows(v, h);
  }
  const uneven = [input.h, input.w].some((size, a) => size % layer.stride[a]! !== 0);
  const up = layer.padding === "same" || layer.ceil || output.h * layer.stride[0] > input.h || output.w * layer.stride[1] > input.w;
  return uneven && shrinks(layer) && up ? words.ROUNDED_UP : null;
}

/** Lines about one layer: what is read when its row is open. */
export function linesOf(walk: Walk, index: number): { term: string; text: string }[] {
  const step = walk.steps[index]!;
  const { layer, input, output } = step;
  const { framework } = walk.chain;
  const lines: { term: string; text: string }[] = [];
  if (step.problem) lines.push({ term: words.TERMS.stops, text: step.problem });
  if (step.remark) lines.push({ term: words.TERMS.remark, text: step.remark });
  if (isMap(input) && isMap(output)) {
    const along = [0, 1].map((a) => {
      const l = axisLayer(layer, a as 0 | 1);
      return l ? formula(l, a ? input.w : input.h, a ? output.w : output.h, framework) : "";
    });
    if (along[0] && !joins(layer) && layer.kind !== "pass" && layer.kind !== "norm")
      lines.push({ term: words.TERMS.size, text: along[0] === along[1] ? along[0] : words.heightWidth(along[0], along[1]!) });
  }
  if (joins(layer) && isMap(input)) {
    const from = layer.source ? walk.steps[layer.source - 1]?.output : walk.start;
    if (isMap(from ?? null)) {
      const skip = from as { h: number; w: number; c: number | null };
      lines.push({ term: words.TERMS.channels, text: layer.kind === "concat" ? `${input.c ?? "?"} + ${skip.c ?? "?"} = ${input.c === null || skip.c === null ? "?" : input.c + skip.c}` : words.added(`${input.c ?? "?"}`) });
      if (step.misfit) {
        const [v, h] = step.misfit.pad.map(([b, a]) => b + a) as [number, number];
        lines.push({ term: words.TERMS.misfit, text: words.misfits(v, h) });
      } else if (layer.name === "crop") lines.push({ term: words.TERMS.skip, text: words.middleKept(sizeWords(skip), sizeWords(input)) });
    }
  }
  if (step.collapses) {
    const [v, h] = step.collapses;
    const give = ([low, high]: Pair, out: number) =>
      high > low ? (high - low > 1 ? words.allGive : words.bothGive)(`${low}`, `${high}`, `${out}`) : words.gives(`${low}`, `${out}`);
    if (isMap(output) && (v[0] !== v[1] || h[0] !== h[1])) {
      const text = v[0] === h[0] && v[1] === h[1] ? give(v, output.h) : words.heightsWidths(give(v, output.h), give(h, output.w));
      lines.push({ term: words.TERMS.rounds, text: step.lost[0] || step.lost[1] ? words.atEnd(text, rounding(step)!) : text });
    }
    if (step.restore && isMap(input)) {
      const extra = step.restore.output_padding;
      const torch = framework === "torch";
      const { padding } = step.restore;
      const pixels = typeof padding !== "string";
      lines.push({
        term: words.TERMS.back,
        text: words.wayBack(
          titleOf({ ...step.restore, output_padding: null }).name,
          brief(step.restore.kernel),
          brief(step.restore.stride),
          pixels ? brief(padding) : padding,
          pixels,
          extra ? brief(extra) : torch ? "0" : null,
          sizeWords(input),
          torch ? words.orSetting("output_size") : "tf.nn: output_shape",
        ),
      });
    }
  }
  if (step.params) lines.push({ term: words.TERMS.parameters, text: paramWords(step) });
  if (step.macs) lines.push({ term: words.TERMS.macs, text: words.perImage(amount(step.macs)) });
  if (step.field) {
    const [v, h] = step.field;
    lines.push({ term: words.TERMS.sees, text: words.sees(by([v.size, h.size]), brief([v.jump, h.jump])) });
  } else if (gathers(layer) && isMap(output)) {
    lines.push({ term: words.TERMS.sees, text: words.SEES_MANY });
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
  const runs = words.runs(looked < 0 ? null : `${looked + 1}`, skips);
  if (looked === 0) return [];
  const wishes: [string, Wish][] = [[runs, { skips: true, returns: false, lossless: false }]];
  if (back && !unknown) wishes.push([words.AS_LARGE, { skips: true, returns: true, lossless: false }]);
  if (lossy) wishes.push([words.NONE_UNREAD, { skips: true, returns: false, lossless: true }]);
  const all = wishes.map(([label, wish]): Rule => {
    const [v, h] = [accepted(chain, 0, wish), accepted(chain, 1, wish)];
    const [high, wide] = [ruleWords(v), ruleWords(h)];
    const near = [nearestAccepted(chain, 0, chain.height, wish), nearestAccepted(chain, 1, chain.width, wish)];
    const fits = near[0]![0] === chain.height && near[1]![0] === chain.width;
    const remedies: Remedy[] = [];
    for (const side of fits ? [] : ([0, 1] as const)) {
      const [height, width] = [near[0]![side], near[1]![side]];
      if (height === null || width === null || height > 9999 || width > 9999) continue;
      if (remedies.some((r) => r.settings.height === height && r.settings.width === width)) continue;
      remedies.push({ label: use(by([height, width])), settings: { ...chain, height, width } });
    }
    return { label, text: high === wide ? high : words.heightAndWidth(high, wide), fits, remedies };
  });
  // Wishes that the same sizes grant are one line.
  return all.reduce<Rule[]>((merged, rule) => {
    const same = merged.find((other) => other.text === rule.text && other.remedies.length === rule.remedies.length);
    if (!same) return [...merged, rule];
    return merged.map((other) => (other === same ? { ...other, label: words.both(other.label, rule.label) } : other));
  }, []);
}
