/** Numbers as the answer shows them. */
import { whole } from "../core/numbers.ts";

/** Three digits, and a power of ten where that is shorter to read. */
export function amount(value: number): string {
  if (value === 0) return "0";
  if (value >= 1e-3 && value < 1e5) return String(Number(value.toPrecision(3)));
  const [digits, power] = value.toExponential(2).split("e") as [string, string];
  return `${Number(digits)}e${power.replace("+", "").replace("-", "\u2212")}`;
}

/** Units in the last place: whole where there are many. */
export const unitsText = (units: number): string =>
  units >= 1e6 ? amount(units) : units >= 10 ? whole(Math.round(units)) : String(Number(units.toPrecision(2)));
