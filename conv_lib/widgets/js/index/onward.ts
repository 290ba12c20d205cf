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

/** "7 to 28", "46x62 -> 368x489 kernel 16 stride 8": the size solver reads the rest itself. */
function sizes(text: string): Onward | null {
  const found = SIZES.exec(text);
  if (!found) return null;
  const [h, w, toH, toW] = found.slice(1);
  return { address: `book/tools/solver.html#solver?ask=${packed(text.trim())}`, text: words.solve(`${h}x${w ?? h}`, `${toH}x${toW ?? toH}`) };
}

/** An error message, or what may be one: the error reader names each number in it. */
function message(text: string): Onward | null {
  if (text.trim().length < 30 || !SAYS_ERROR.test(text) || !/\d/.test(text)) return null;
  return { address: `book/tools/errors.html#errors?text=${packed(text.trim())}`, text: words.READ_MESSAGE };
}

/** The tool that takes a search on, or null. */
export const onward = (text: string): Onward | null => message(text) ?? sizes(text);
