/** A search that holds a reader's own numbers is handed on to the tool that works with them. */
import { packed } from "../core/query.ts";
import * as words from "../words/en/index.ts";

export interface Onward {
  /** Relative to the root of the site. */
  address: string;
  text: string;
}

const SAYS_ERROR = /error|exception|traceback|invalid|incompatible|mismatch|negative|must |cannot|can't|expected|received|got /i;
const PAIR = "(\\d{1,5})(?:\\s*[x\u00d7*]\\s*(\\d{1,5}))?";
const SIZES = new RegExp(`(?<![\\d.x\u00d7])${PAIR}\\s*(?:to|into|->|=>|\u2192)\\s*${PAIR}(?![\\d.])`, "i");
const AFTER = { kernel: /\b(?:kernel(?:[ _]size)?\s*=?|k\s*=?)\s*(\d{1,3})\b/i, stride: /\b(?:strides?\s*=?|s\s*=?)\s*(\d{1,3})\b/i };

/** "7 to 28", "46x62 -> 368x489 kernel 16 stride 8": a state of the size solver. */
function sizes(text: string): Onward | null {
  const found = SIZES.exec(text);
  if (!found) return null;
  const [h, w, toH, toW] = found.slice(1);
  const [from, to] = [`${h}x${w ?? h}`, `${toH}x${toW ?? toH}`];
  if (Number(h) < 1 || Number(toH) < 1) return null;
  const rest = (Object.keys(AFTER) as (keyof typeof AFTER)[]).flatMap((key) => {
    const value = AFTER[key].exec(text)?.[1];
    return value ? [`${key}=${value}`] : [];
  });
  const direction = Number(toH) >= Number(h) ? "up" : "down";
  return { address: `book/tools/solver.html#solver?${[`do=${direction}`, `from=${from}`, `to=${to}`, ...rest].join("&")}`, text: words.solve(from, to) };
}

/** An error message, or what may be one: the error reader names each number in it. */
function message(text: string): Onward | null {
  if (text.trim().length < 30 || !SAYS_ERROR.test(text) || !/\d/.test(text)) return null;
  return { address: `book/tools/errors.html#errors?text=${packed(text.trim())}`, text: words.READ_MESSAGE };
}

/** The tool that takes a search on, or null. */
export const onward = (text: string): Onward | null => message(text) ?? sizes(text);
