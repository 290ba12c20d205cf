/** Numbers as readers write and read them. */
import { LOCALE } from "../words/en/shared.ts";

/** At most `digits` decimals, no trailing zeros, a true minus sign. */
export function show(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e6 || size < 10 ** -digits / 2)
      ? value.toExponential(1).replace("e+", "e")
      : String(Number(value.toFixed(digits)));
  return text.replace(/^-/, "\u2212").replace("e-", "e\u2212");
}

/** A number as it fits into a cell: fewer decimals, then powers of ten, rather than more than six signs. */
export function short(value: number): string {
  for (const digits of [2, 1, 0]) {
    const text = show(value, digits);
    if (text.length <= 6) return text;
  }
  return value.toExponential(0).replace("e+", "e").replace(/-/g, "\u2212");
}

/** Shortest text that reads back as the same number, for links and code. */
export function exact(value: number): string {
  return String(Object.is(value, -0) ? 0 : value);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

/** A finite number of a size that still prints in a cell, or null. Accepts a decimal comma and a minus sign. */
export function parseNumber(text: string): number | null {
  const cleaned = text.trim().replace(/\u2212/g, "-").replace(",", ".");
  if (cleaned.length > 24 || !NUMBER.test(cleaned)) return null;
  const value = Number(cleaned);
  return Number.isFinite(value) && Math.abs(value) <= 1e9 ? value : null;
}

/** A whole number, or null. */
export function parseWhole(text: string): number | null {
  const cleaned = text.trim();
  return /^[+-]?\d{1,6}$/.test(cleaned) ? Number(cleaned) : null;
}

/** A whole number, its digits in groups. */
export const whole = (value: number | bigint): string => value.toLocaleString(LOCALE);
