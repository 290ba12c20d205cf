/** What is said about an answer. */
import * as words from "../words/en/question.ts";
import { readNumber, readNumbers, type Typed } from "./read.ts";

export interface Asked {
  kind: "number" | "list" | "set" | "shape" | "one" | "several";
  ask: string;
  /** Numbers, or indices of options. */
  answer: number[];
  shown: string;
  options: string[];
  wrong: [number[], string][];
  why: string;
  hint: string;
  tolerance: number;
}

/** What the reader typed, or the indices of what was chosen. */
export type Given = string | number[];

export interface Judgement {
  verdict: "right" | "wrong" | "unread";
  text: string;
}

export const isChoice = (q: Asked): boolean => q.kind === "one" || q.kind === "several";

const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
const same = (a: number[], b: number[]) => a.length === b.length && a.every((v, i) => Math.abs(v - b[i]!) <= 1e-9 * Math.max(1, Math.abs(v)));

function near(typed: Typed, value: number, tolerance: number): boolean {
  const distance = Math.abs(typed.value - value);
  if (distance <= tolerance + 1e-9 * Math.max(1, Math.abs(value))) return true;
  // What is not whole may be rounded.
  const { decimals } = typed;
  return decimals !== null && decimals >= 2 && !Number.isInteger(value) && distance <= 0.5 * 10 ** -decimals + 1e-12;
}

function equal(q: Asked, typed: Typed[], values: number[]): boolean {
  if (typed.length !== values.length) return false;
  const given = q.kind === "set" ? [...typed].sort((a, b) => a.value - b.value) : typed;
  const wanted = q.kind === "set" ? sorted(values) : values;
  return given.every((t, i) => near(t, wanted[i]!, q.tolerance));
}

/** Shapes may come with a batch and a channel of one; of a square, one side is enough. */
function shapesOf(q: Asked, typed: Typed[]): Typed[][] {
  if (q.kind !== "shape" || q.answer.length !== 2) return [typed];
  const found = [typed];
  const one = (t: Typed | undefined) => t?.value === 1;
  if (typed.length === 4 && one(typed[0]) && one(typed[3])) found.push(typed.slice(1, 3));
  if (typed.length === 3 && one(typed[2])) found.push(typed.slice(0, 2));
  if (typed.length === 1) found.push([typed[0]!, typed[0]!]);
  return found;
}

function remark(q: Asked, typed: Typed[]): string | null {
  const values = typed.map((t) => t.value);
  const { kind, answer } = q;
  if (kind === "set") {
    const hits = values.filter((v) => answer.includes(v)).length;
    if (hits === values.length && hits > 0) return words.MORE;
    if (answer.length > 0 && answer.every((v) => values.includes(v))) return words.NOT_ALL;
    return null;
  }
  if (kind === "shape" && values.length === 2 && same(values, [...answer].reverse())) {
    return words.TURNED;
  }
  if (kind !== "number" && values.length === answer.length && same(sorted(values), sorted(answer))) {
    return words.ANOTHER_ORDER;
  }
  if ((kind === "shape" || kind === "list") && values.length !== answer.length) {
    return words.howMany(answer.length, values.length);
  }
  return null;
}

/** A single wrong number is named wherever it stands, unless the answer holds it too. */
const standsAlone = (q: Asked, key: number[]): boolean => key.length === 1 && !q.answer.includes(key[0]!);

export function judge(q: Asked, given: Given): Judgement {
  const other = q.hint || words.LOOK_AGAIN;
  if (typeof given !== "string") {
    if (given.length === 0) return { verdict: "unread", text: words.CHOOSE };
    const chosen = sorted(given);
    if (same(chosen, q.answer)) return { verdict: "right", text: q.why };
    const said = q.wrong.find(([key]) => same(sorted(key), chosen)) ?? q.wrong.find(([key]) => standsAlone(q, key) && chosen.includes(key[0]!));
    if (said) return { verdict: "wrong", text: said[1] };
    if (q.kind === "several" && chosen.every((i) => q.answer.includes(i))) return { verdict: "wrong", text: words.MORE };
    return { verdict: "wrong", text: other };
  }
  const kind = q.kind as keyof typeof words.NEEDED;
  if (given.trim() === "") return { verdict: "unread", text: words.NEEDED[kind] };
  const numbers = kind === "number" ? null : readNumbers(given);
  const readings = kind === "number" ? readNumber(given).map((t) => [t]) : numbers ? shapesOf(q, numbers) : [];
  if (readings.length === 0) return { verdict: "unread", text: words.NEEDED[kind] };
  if (readings.some((r) => equal(q, r, q.answer))) return { verdict: "right", text: q.why };
  const said =
    q.wrong.find(([key]) => readings.some((r) => equal(q, r, key))) ??
    q.wrong.find(([key]) => kind !== "number" && standsAlone(q, key) && readings[0]!.some((t) => near(t, key[0]!, 0)));
  if (said) return { verdict: "wrong", text: said[1] };
  return { verdict: "wrong", text: remark(q, readings[0]!) ?? other };
}
