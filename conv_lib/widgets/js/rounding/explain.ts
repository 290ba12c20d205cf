/** What a difference can be: conv_lib.compare.explain_difference, held to it by tests/test_rounding_js.py. */
import facts from "../../rounding_facts.json";

export type Dtype = keyof typeof facts.bits;
export type Device = "CPU" | "GPU";
export type Rung = "order" | "float32" | "tf32" | "half";
export type Kind = Rung | "none" | "unit" | "geometry" | "scale";

export interface Question {
  difference: number;
  dtype: Dtype;
  scale: number;
  terms: number;
  device: Device;
}

export interface Answer {
  kind: Kind;
  /** The last place of the scale. */
  unit: number;
  units: number;
  relative: number;
  /** No two orders differ by more, if the scale is the largest sum of |x| |w|. */
  bound: number;
  ladder: { kind: Rung; limit: number }[];
}

/** The exponent e of value = m 2^e with m from 1/2 to 1. */
function exponent(value: number): number {
  let e = Math.floor(Math.log2(value)) + 1;
  if (2 ** e <= value) e++;
  else if (2 ** (e - 1) > value) e--;
  return e;
}

export function explain({ difference, dtype, scale, terms, device }: Question): Answer {
  const { share } = facts;
  const least = dtype === "float16" ? 2 ** -24 : 0;
  const unit = Math.max(2 ** (exponent(scale) - facts.bits[dtype]), least);
  const half = 2 ** (dtype === "float64" ? -53 : -24);
  const own = dtype === "bfloat16" ? share.half : share[dtype];
  const shares: [Rung, number][] = [["order", Math.max(own, 2 * Math.sqrt(terms) * half)]];
  if (dtype === "float64") shares.push(["float32", share.float32]);
  if ((dtype === "float64" || dtype === "float32") && device === "GPU") shares.push(["tf32", share.tf32]);
  if (dtype !== "bfloat16") shares.push(["half", share.half]);
  const ladder = shares.map(([kind, part]) => ({ kind, limit: part * scale }));
  const relative = difference / scale;
  const kind: Kind =
    difference === 0
      ? "none"
      : difference <= unit
        ? "unit"
        : relative > 2
          ? "scale"
          : (ladder.find(({ limit }) => difference <= limit)?.kind ?? "geometry");
  const bound = ((2 * terms * half) / (1 - terms * half)) * scale;
  return { kind, unit, units: difference / unit, relative, bound, ladder };
}

/** The name of a rung for these settings. */
export const rungName = (kind: Rung | "unit" | "geometry", dtype: Dtype): string =>
  (kind === "order" ? (facts.own as Partial<Record<Dtype, string>>)[dtype] : undefined) ?? facts.rungs[kind];

/** The verdict in a sentence, and what to do next. */
export function verdict(kind: Kind, dtype: Dtype): { says: string; next: string } {
  const [says, next] = facts.verdicts[kind === "order" && dtype in facts.own ? "coarse" : kind];
  return { says: says!, next: next! };
}
