/** Numbers as people have them: 1.6e-4, 2^-16, 1,5 · 10^-5; and a number of terms as a product, 5x5x64 / 2. */
import facts from "../../rounding_facts.json";
import { exact } from "../core/numbers.ts";

const NUMBER = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const POWER = /^(?:(.+?)[x*·×])?(2|10)(?:\^|\*\*)\(?([+-]?\d{1,3})\)?$/i;
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number between the limits, 0 where `zero` allows it, or null. */
export function readAmount(text: string, zero: boolean): number | null {
  if (text.length > 40) return null;
  const raised = text.replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (signs) =>
    `^${[...signs].map((sign) => (sign === "⁻" ? "-" : SUPERSCRIPT.indexOf(sign))).join("")}`);
  const cleaned = raised.replace(/\s/g, "").replace(/\u2212/g, "-").replace(",", ".");
  const power = POWER.exec(cleaned);
  const factor = power ? (power[1] ?? "1") : cleaned;
  if (!NUMBER.test(factor)) return null;
  // "1.5 · 10^-5" is read as 1.5e-5 is: a product would be off by a rounding.
  const value = !power ? Number(factor) : power[2] === "10" && !/e/i.test(factor) ? Number(`${factor}e${power[3]}`) : Number(factor) * Number(power[2]) ** Number(power[3]);
  return (value === 0 && zero) || (value >= facts.smallest && value <= facts.largest) ? value : null;
}

/** How many terms: a whole number, or a product of whole numbers, divided by the groups. */
export function readTerms(text: string): number | null {
  if (text.length > 60) return null;
  const [product, groups, ...rest] = text.replace(/(\d)[,_](?=\d{3}\b)/g, "$1").split("/");
  const whole = (part: string) => (/^\s*\d{1,8}\s*$/.test(part) ? Number(part) : NaN);
  const value = product!.split(/[x*×·]/i).reduce((all, part) => all * whole(part), 1) / (groups === undefined ? 1 : whole(groups));
  return rest.length === 0 && Number.isInteger(value) && value >= facts.terms[0]! && value <= facts.terms[1]! ? value : null;
}

/** An amount as its box shows it: powers of two as such, small and large ones with their power of ten. */
export function amountText(value: number): string {
  const power = Math.log2(value);
  if (Number.isInteger(power) && 2 ** power === value && Math.abs(power) >= 7) return `2^${power}`;
  return value !== 0 && (value < 1e-3 || value >= 1e6) ? value.toExponential().replace("e+", "e") : exact(value);
}
