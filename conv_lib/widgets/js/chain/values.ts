/** What a pasted text holds while it is read: numbers, layers, tensors, and classes and functions of its own. */
import * as words from "../words/en/chain.ts";
import type { Node } from "./graph.ts";
import type { Framework, Layer, Pair } from "./layers.ts";
import type { Block, Expr } from "./python.ts";

/** A function of the text; `params` leaves self out. */
export interface Func {
  name: string;
  params: readonly string[];
  /** The parameter that takes all further arguments. */
  rest: string | null;
  defaults: ReadonlyMap<string, Expr>;
  body: readonly Block[];
  /** What it sees besides its arguments. */
  scope: ReadonlyMap<string, Value>;
  /** The class whose method it is. */
  of: Own | null;
}

/** A class of the text. */
export interface Own {
  name: string;
  line: number;
  bases: readonly string[];
  methods: ReadonlyMap<string, Func>;
  attrs: Map<string, Value>;
}

export interface Instance {
  of: Own;
  /** What it was made with. */
  args: readonly Value[];
  named: ReadonlyMap<string, Value>;
  attrs: Map<string, Value>;
  /** What the class holds as a child of Sequential, or of a layer. */
  inner: Value | null;
}

export interface Made {
  t: "made";
  layers: Layer[];
  framework: Framework | null;
  line: number;
  used: boolean;
}

export type Value =
  | { t: "num"; v: number; /** Worked out from the size of a result. */ sized?: boolean }
  | { t: "str"; v: string }
  | { t: "none" }
  | { t: "bool"; v: boolean }
  | { t: "seq"; items: Value[] }
  | Made
  | { t: "tensor"; node: Node }
  | { t: "own"; own: Own }
  | { t: "func"; func: Func; self: Instance | null }
  | { t: "object"; object: Instance }
  | { t: "model"; input: Node; output: Node }
  | { t: "join"; kind: "concat" | "add" }
  /** A layer's class with some arguments: functools.partial. */
  | { t: "partial"; name: string; args: readonly Value[]; named: ReadonlyMap<string, Value> }
  | { t: "name"; path: string };

export const UNKNOWN: Value = { t: "name", path: "" };
export const num = (v: number): Value => ({ t: "num", v });
export const seq = (items: Value[]): Value & { t: "seq" } => ({ t: "seq", items });
export const tensor = (node: Node): Value => ({ t: "tensor", node });

/** Whether a value counts as true; null where the text does not tell. */
export function truth(value: Value): boolean | null {
  if (value.t === "bool") return value.v;
  if (value.t === "num") return value.v !== 0;
  if (value.t === "str") return value.v !== "";
  if (value.t === "seq") return value.items.length > 0;
  return value.t === "none" ? false : value.t === "name" ? null : true;
}

/** Whether two values are equal; null where the text does not tell. */
export function equal(a: Value, b: Value): boolean | null {
  if (a.t === "name" || b.t === "name") return null;
  if (a.t === "seq" && b.t === "seq") {
    if (a.items.length !== b.items.length) return false;
    const each = a.items.map((one, i) => equal(one, b.items[i]!));
    return each.includes(false) ? false : each.includes(null) ? null : true;
  }
  if (a.t === "own" && b.t === "own") return a.own === b.own;
  return "v" in a && "v" in b ? a.v === b.v : a.t === "none" && b.t === "none";
}

/** A value that is no number where one is needed. */
export class Unclear extends Error {}

export class Args {
  private readonly given = new Map<string, Value>();
  constructor(signature: readonly string[], args: readonly Value[], named: ReadonlyMap<string, Value>) {
    args.forEach((value, i) => signature[i] && this.given.set(signature[i]!, value));
    for (const [name, value] of named) this.given.set(name, value);
  }
  get(...names: string[]): Value | undefined {
    for (const name of names) if (this.given.has(name)) return this.given.get(name);
    return undefined;
  }
  has(name: string): boolean {
    const value = this.given.get(name);
    return value !== undefined && value.t !== "none";
  }
  whole(name: string, usual: number): number {
    const value = this.get(name);
    if (value === undefined) return usual;
    return numberOf(value, name);
  }
  /** A count of channels: null where the text does not say. */
  channels(...names: string[]): number | null {
    const value = this.get(...names);
    return value?.t === "num" && Number.isInteger(value.v) ? value.v : null;
  }
  pair(name: string, usual: Pair): Pair {
    const value = this.get(name);
    if (value === undefined || value.t === "none") return usual;
    return pairOf(value, name);
  }
  flag(name: string, usual: boolean): boolean {
    const value = this.get(name);
    return value?.t === "bool" ? value.v : usual;
  }
  word(name: string): string | null {
    const value = this.get(name);
    return value?.t === "str" ? value.v.toLowerCase() : null;
  }
}

export const numberOf = (value: Value, name: string): number => {
  if (value.t === "num") return value.v;
  throw new Unclear(value.t === "name" && value.path ? words.noNumberHere(name, value.path.slice(0, 30)) : words.noNumber(name));
};
export const pairOf = (value: Value, name: string): Pair => {
  if (value.t === "seq" && value.items.length === 2) return [numberOf(value.items[0]!, name), numberOf(value.items[1]!, name)];
  if (value.t === "seq" && value.items.length === 1) return pairOf(value.items[0]!, name);
  const one = numberOf(value, name);
  return [one, one];
};

