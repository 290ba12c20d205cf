/** Python's own functions, as far as models use them. */
import { num, seq, type Value } from "./values.ts";

/** Loops that go on for longer are read once. */
export const MOST_TURNS = 60;

/** What a function of numbers and lists gives; null where it is none of these. */
export function plainFunction(name: string, args: Value[]): Value | null {
  const [first] = args;
  const lists = args.filter((a): a is Value & { t: "seq" } => a.t === "seq");
  const whole = args.filter((a): a is Value & { t: "num" } => a.t === "num");
  const numeric = args.length > 0 && whole.length === args.length;
  const rounds = { int: Math.trunc, floor: Math.floor, ceil: Math.ceil, round: Math.round, abs: Math.abs, log2: Math.log2 }[name];
  if (rounds && numeric && args.length === 1) return { ...whole[0]!, v: rounds(whole[0]!.v) };
  if ((name === "min" || name === "max") && numeric) return num(Math[name](...whole.map(({ v }) => v)));
  if (name === "range" && numeric) {
    const [a, b, by] = whole.map(({ v }) => v) as [number, number?, number?];
    const [from, to, step] = [b === undefined ? 0 : a, b ?? a, by ?? 1];
    const length = step ? Math.min(Math.max(Math.ceil((to - from) / step), 0), MOST_TURNS + 1) : MOST_TURNS + 1;
    return seq(Array.from({ length }, (_, i) => num(from + i * step)));
  }
  if (name === "len" && first?.t === "seq") return num(first.items.length);
  if ((name === "list" || name === "tuple") && first?.t === "seq") return seq([...first.items]);
  if (name === "reversed" && first?.t === "seq") return seq([...first.items].reverse());
  if (name === "enumerate" && first?.t === "seq") return seq(first.items.map((item, i) => seq([num(i), item])));
  if (name === "zip" && args.length && lists.length === args.length)
    return seq(Array.from({ length: Math.min(...lists.map(({ items }) => items.length)) }, (_, i) => seq(lists.map(({ items }) => items[i]!))));
  if (name === "OrderedDict" && first?.t === "seq") return seq(first.items.flatMap((item) => (item.t === "seq" ? item.items : [item])));
  return null;
}
