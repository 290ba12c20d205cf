/** The live decoder's settings: what they are, when they are legal, as traits and as text for a link. */
import limits from "../../decoder_limits.json";
import type { Fields, Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { parseNumber, parseWhole } from "../core/numbers.ts";
import { oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import type { Kind as UseKind } from "../ui/use-settings.ts";
import { use } from "../words/en/shared.ts";
import * as words from "../words/en/decoder.ts";
import type { Decoders, Op } from "./network.ts";

export type View = "picture" | "pattern";
export type Point = readonly [number, number];

export interface Settings {
  z: Point;
  checkpoint: number;
  /** The transposed decoder; its twin always resizes. */
  kind: "k3" | "k4";
  view: View;
  /** The map whose numbers are written out: a layer that makes maps, and one of its channels. */
  layer: number;
  channel: number;
}

/** The latent plane goes from -REACH to REACH both ways. */
export const REACH = limits.reach;
export const TRAITS = ["z", "checkpoint", "kind", "view", "layer", "channel"] as const satisfies readonly (keyof Settings)[];
export type NumberField = "checkpoint" | "layer" | "channel";

export const hold = (v: number): number => Math.min(Math.max(v, -REACH), REACH);
/** Three decimals are finer than a pixel of the plane. */
export const rounded = (z: Point): Point => [Number(hold(z[0]).toFixed(3)) + 0, Number(hold(z[1]).toFixed(3)) + 0];

/** The steps of a decoder that make maps, first to last. */
export const mapOps = (ops: readonly Op[]): Op[] => ops.filter((op) => op.size);

export interface Preset {
  name: string;
  label: string;
  settings: Settings;
}

/** Everything about the settings that depends on the decoders at hand. */
export function kindOf(decoders: Decoders): UseKind<Settings, NumberField> & { presets: Preset[] } {
  const stages = mapOps(decoders.models[0]!.ops);
  const last = decoders.steps.length - 1;
  const kinds = (["k3", "k4"] as const).filter((kind) => decoders.models.some((m) => m.kind === kind));
  const maps = (layer: number): number => stages[layer]!.size![2]!;

  const settle = (s: Settings): Settings => {
    const layer = Math.min(s.layer, stages.length - 1);
    return {
      ...s,
      kind: kinds.includes(s.kind) ? s.kind : kinds[0]!,
      z: rounded(s.z),
      layer,
      channel: Math.min(s.channel, maps(layer) - 1),
      checkpoint: Math.min(s.checkpoint, last),
    };
  };
  const fields: Fields<Settings, NumberField> = {
    limits: { checkpoint: [0, last], layer: [0, stages.length - 1], channel: [0, Math.max(...stages.map((op) => op.size![2]!)) - 1] },
    labels: words.LABELS,
    get: (s, field) => s[field],
    set: (s, field, value) => ({ ...s, [field]: value }),
    settle,
    legal: () => true,
  };
  const check = (s: Settings): Problem<Settings> | null => {
    const most = maps(s.layer) - 1;
    if (s.channel <= most) return null;
    return {
      message: words.wrongMap(most, s.channel),
      fixes: [{ label: use(most), settings: { ...s, channel: most } }],
    };
  };
  const toQuery = (s: Settings): string =>
    queryOf([
      ["z", s.z.join(",")],
      ["checkpoint", String(s.checkpoint)],
      ["kind", s.kind],
      ["view", s.view],
      ["map", `${s.layer},${s.channel}`],
    ]);
  const whole = (low: number, high: number) => (text: string): number | null => {
    const value = parseWhole(text);
    return value !== null && value >= low && value <= high ? value : null;
  };
  const fromQuery = (query: string, base: Settings): Read<Settings> => {
    const s = { ...base };
    const link = reader(query);
    link.take("z", readPoint, (v) => (s.z = v));
    link.take("checkpoint", whole(0, last), (v) => (s.checkpoint = v));
    link.take("kind", oneOf(...kinds), (v) => (s.kind = v));
    link.take("view", oneOf("picture", "pattern"), (v) => (s.view = v));
    link.take(
      "map",
      (text) => {
        const [layer, channel, ...more] = text.split(",").map(parseWhole);
        if (more.length || layer == null || channel == null || layer < 0 || layer >= stages.length) return null;
        return channel >= 0 && channel < maps(layer) ? ([layer, channel] as const) : null;
      },
      ([layer, channel]) => Object.assign(s, { layer, channel }),
    );
    return { settings: s, message: link.unread() };
  };
  return {
    fields,
    traits: TRAITS,
    check,
    read: (model) => settle(readTraits<Settings>(model, TRAITS)),
    write: (model, s) => writeTraits(model, TRAITS, s),
    toQuery,
    fromQuery,
    same: (a, b) => toQuery(a) === toQuery(b),
    presets: presetsOf("LiveDecoder", (given: Settings) => settle(given)),
  };
}

/** Two numbers within reach: "0.4,-0.3". */
export function readPoint(text: string): Point | null {
  const parts = text.split(",").map(parseNumber);
  if (parts.length !== 2 || parts.some((v) => v === null || Math.abs(v) > REACH)) return null;
  return rounded(parts as unknown as Point);
}

export const readDecoders = (model: Model): Decoders => model.get("decoders") as Decoders;
