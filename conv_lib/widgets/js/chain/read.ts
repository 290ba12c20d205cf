/** Layers from pasted lines of Keras or PyTorch. The text is read, never executed. */
import * as words from "../words/en/chain.ts";
import { Chooser } from "./choose.ts";
import { LIMITS, MOST_LAYERS, PLAIN, tidy, type Framework, type Layer } from "./layers.ts";
import { partsOf, type Part } from "./parts.ts";
import { blocks, statements } from "./python.ts";
import type { Input } from "./trace.ts";
import type { Chain } from "./walk.ts";

export interface Reading {
  /** null where no layer was found. */
  chain: Chain | null;
  /** What the reader should know: lines left out, names without a number, layers that are not known. */
  notes: string[];
  /** The parts of the text that can be read, and which was; none where there is only one. */
  parts: readonly Part[];
  part: string;
}

const LONGEST_TEXT = 30_000;
const MOST_NOTES = 12;

/** The whole chain on top of `base`: what the text does not say stays. */
export function chainOf(base: Chain, framework: Framework, layers: Layer[], input: Input | null): Chain {
  const first = layers.find((one) => one.kind !== "pass" && one.kind !== "norm");
  let start = input;
  if (!start && first?.kind === "dense" && first.expects) start = { h: 1, w: 1, c: first.expects, flat: true };
  let all = layers;
  if (start?.flat && layers[0]?.kind !== "flatten")
    all = [tidy({ ...PLAIN, kind: "flatten" }), ...layers.map((one) => (one.kind === "concat" || one.kind === "add" ? { ...one, source: one.source && one.source + 1 } : one))];
  const within = (name: "height" | "width" | "channels", value: number | null | undefined, usual: number): number => {
    const [low, high] = LIMITS[name]!;
    return value === null || value === undefined || !Number.isInteger(value) || value < low || value > high ? usual : value;
  };
  const expects = all.find((one) => !["pass", "norm", "pool", "pad"].includes(one.kind))?.expects;
  return {
    framework,
    height: within("height", start?.h, base.height),
    width: within("width", start?.w, base.width),
    channels: within("channels", start?.c ?? expects, base.channels),
    layers: all,
  };
}

/** Reads pasted text on top of `base`; `wanted` names a part of it. Never throws. */
export function readCode(text: string, base: Chain, wanted: string | null = null): Reading {
  const all = blocks(statements(text.slice(0, LONGEST_TEXT)));
  const parts = partsOf(all);
  const reader = new Chooser((framework, layers, input) => chainOf(base, framework, layers, input));
  const { layers: found, input, part, framework: voted, mixed } = reader.read(all, parts, wanted);
  const notes = reader.notes;
  if (text.length > LONGEST_TEXT) notes.unshift(words.onlyFirst(`${LONGEST_TEXT}`));
  const offered = reader.offered;
  if (!found.some((one) => one.kind !== "unknown")) {
    const names = [...new Set(found.map((one) => one.name))].slice(0, 6).join(", ");
    return { chain: null, notes: [[words.NO_LAYER, names && words.notKnown(names), words.LOOKS_LIKE].filter(Boolean).join(" ")], parts: offered, part };
  }
  const framework = voted ?? base.framework;
  if (mixed) notes.push(words.mixed(framework === "keras" ? "Keras" : "PyTorch"));
  const chain = chainOf(base, framework, found, input);
  if (chain.layers.length <= MOST_LAYERS) return { chain, notes: notes.slice(0, MOST_NOTES), parts: offered, part };
  notes.push(words.someLayers(`${MOST_LAYERS}`, `${chain.layers.length}`));
  return { chain: { ...chain, layers: chain.layers.slice(0, MOST_LAYERS) }, notes: notes.slice(0, MOST_NOTES), parts: offered, part };
}
