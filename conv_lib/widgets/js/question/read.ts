/** Numbers as readers type them: 1/2, 0,5, 2 × 4, (1, 6, 8, 1), 14 to 16, (4-1)*3+5 = 14, 1,728, 75 %. */

import { TYPED } from "../words/en/question.ts";

export interface Typed {
  value: number;
  /** Decimals that were written; null where the number was calculated. */
  decimals: number | null;
}

const any = (words: readonly string[]): string => `(?:${words.join("|")})`;
const PERCENT = new RegExp(`%$|\\s*${any(TYPED.percent)}$`);
const NONE = new RegExp(`^(${any(TYPED.none)}|\\[\\s*\\]|\\(\\s*\\)|\\{\\s*\\})$`);
const RANGE = new RegExp(`(\\d+)\\s*(?:${any(TYPED.to)}|\\u2013|\\u2014|\\u2026|\\.\\.\\.?)\\s*(\\d+)`, "g");
/** Words stand alone: \b would see no end in "à". */
const BETWEEN = new RegExp(`[\\s,;&*]+|(?<=\\d)\\s*x\\s*(?=[\\d.])|(?<![\\p{L}\\d_])${any(TYPED.between)}(?![\\p{L}\\d_])`, "u");
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/;

function cleaned(text: string): string {
  return text
    .slice(0, 400)
    .toLowerCase()
    .replace(/[\u2212\ufe63\uff0d]/g, "-")
    .replace(/[\u00a0\u2009\u202f]/g, " ")
    .replace(/\*\*/g, "^")
    .replace(/[\u00d7\u00b7\u22c5\u2715\u2716*]/g, "*")
    .replace(/[\u2248~]/g, "=")
    .trim()
    .replace(/(?<!\.)\.$/, "");
}

function plain(text: string): Typed | null {
  if (!PLAIN.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? { value, decimals: (text.split(".")[1] ?? "").length } : null;
}

/** The value of + - * / ^ and brackets, or null. */
function calculated(text: string): number | null {
  const tokens = text.match(/\d+\.?\d*|\.\d+|[-+*/^()]|\S/g) ?? [];
  let at = 0;
  const fail = () => {
    throw new SyntaxError(text);
  };
  const atom = (): number => {
    const token = tokens[at++];
    if (token === "(") {
      const value = sum();
      return tokens[at++] === ")" ? value : fail()!;
    }
    if (token === "-") return -power();
    if (token === "+") return power();
    return token !== undefined && /^[\d.]/.test(token) ? Number(token) : fail()!;
  };
  const power = (): number => {
    const base = atom();
    if (tokens[at] !== "^") return base;
    at++;
    return base ** power();
  };
  const product = (): number => {
    let value = power();
    while (tokens[at] === "*" || tokens[at] === "/") value = tokens[at++] === "*" ? value * power() : value / power();
    return value;
  };
  function sum(): number {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-") value += tokens[at++] === "+" ? product() : -product();
    return value;
  }
  try {
    const value = sum();
    return at === tokens.length && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** What a text can mean as one number; several where a comma or "x" has two readings, none where it has none. */
export function readNumber(text: string): Typed[] {
  let body = cleaned(text).replace(/(?<=[\d)\s])x(?=[\d(\s])/g, "*");
  body = body.slice(body.lastIndexOf("=") + 1).trim();
  const percent = PERCENT.test(body);
  body = body.replace(/(?<=[\d)])\s*(%|\p{Script=Latin}[\p{Script=Latin} ]*)$/u, "").trim();
  const found: Typed[] = [];
  const add = (typed: Typed | null) => {
    if (!typed) return;
    found.push(typed);
    if (percent) {
      found.push({ value: typed.value / 100, decimals: typed.decimals === null ? null : typed.decimals + 2 });
    }
  };
  if (/^[+-]?\d{1,3}([ ,']\d{3})+(\.\d+)?$/.test(body)) add(plain(body.replace(/[ ,']/g, "")));
  if (/^[+-]?\d*,\d+$/.test(body)) add(plain(body.replace(",", ".")));
  const whole = plain(body);
  if (whole) add(whole);
  else {
    const value = calculated(body);
    if (value !== null) add({ value, decimals: null });
    // "4 x 4", where one side was asked for
    const sides = body.split("*").map((side) => plain(side.trim()));
    if (sides.length > 1 && sides.every((side) => side && side.value === sides[0]!.value)) add(sides[0]!);
  }
  return found;
}

/** The numbers of a list, a set or a shape in order; null where something is no number. */
export function readNumbers(text: string): Typed[] | null {
  let body = cleaned(text);
  body = body.slice(body.lastIndexOf("=") + 1).trim();
  if (NONE.test(body)) return [];
  body = body.replace(/\b(np\.)?(array|tensorshape|tuple|list|range)\b/g, " ").replace(/[()[\]{}]/g, " ");
  body = body.replace(RANGE, "$1~$2");
  body = body.replace(/(^|[\s,;])(\d+)(?:-| - )(\d+)(?=$|[\s,;])/g, "$1$2~$3");
  // With semicolons between the numbers, a comma inside one is a decimal comma.
  if (/;/.test(body) && /\d,\d/.test(body) && !/, /.test(body)) body = body.replace(/(\d),(\d)/g, "$1.$2");
  const parts = body.split(BETWEEN).map((p) => p?.trim());
  const found: Typed[] = [];
  for (const part of parts) {
    if (!part || part === "x") continue;
    const range = /^(\d+)~(\d+)$/.exec(part);
    if (range) {
      const [first, last] = [Number(range[1]), Number(range[2])];
      if (last < first || last - first > 200) return null;
      for (let value = first; value <= last; value++) found.push({ value, decimals: 0 });
      continue;
    }
    const number = plain(part);
    const value = number ? number.value : calculated(part);
    if (value === null) return null;
    found.push(number ?? { value, decimals: null });
  }
  return found.length ? found : null;
}
