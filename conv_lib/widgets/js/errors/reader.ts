/** Reading a message: conv_lib/diagnosis is the reference, and writes the vectors that tests/js replays here. */
import table from "../../../diagnosis/forms.json";
import * as words from "../words/en/errors.ts";
import { COMPUTE, type Values } from "./compute.ts";

export type Role = "input" | "kernel" | "output";

export interface LinkRow {
  page: string;
  text: string;
  section?: string;
  widget?: string;
  settings?: Record<string, string>;
}

export interface Form {
  id: string;
  framework: string;
  title: string;
  patterns: string[];
  numbers: Record<string, { is: string; axes?: string; role?: Role }>;
  cause: string[];
  fixes: string[];
  compute: string[];
  provoke: string;
  example: string;
  error: string;
  link?: LinkRow;
  environment?: Record<string, string>;
  quoted?: string;
}

export const FORMS = table.forms as unknown as Form[];
export const VERSIONS = table.versions as Record<string, string>;
export const PRELUDES = table.preludes as Record<string, string>;
export const MOST = 20_000;

const PLACES: Record<string, string> = {
  n: "-?[0-9]{1,15}",
  s: "[\\[({][0-9None?, x-]{0,80}[\\])}]",
  w: "[A-Za-z0-9_.:+-]{0,59}[A-Za-z0-9_]",
  t: "[A-Za-z0-9_.:+ -]{1,60}",
};

interface Expression {
  form: Form;
  expression: RegExp;
  literal: number;
}

/** Only the places of a pattern become expressions, each of bounded length; all else is literal. */
function compiled(pattern: string): { expression: RegExp; literal: number } {
  const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  let source = "";
  let literal = 0;
  let at = 0;
  for (const token of pattern.matchAll(/\{\{|\}\}|\{\*\}|\{([nswt]):([a-z]+)\}/g)) {
    const text = pattern.slice(at, token.index);
    source += escape(text);
    literal += text.length;
    source += token[1] ? `(?<${token[2]}>${PLACES[token[1]]})` : token[0] === "{*}" ? ".{0,300}?" : `\\${token[0][0]}`;
    at = token.index! + token[0].length;
  }
  source += escape(pattern.slice(at));
  return { expression: new RegExp(source, "id"), literal: literal + pattern.length - at };
}

let expressions: Expression[] | null = null;
const all = (): Expression[] =>
  (expressions ??= FORMS.flatMap((form) => form.patterns.map((pattern) => ({ form, ...compiled(pattern) }))));

const ANSI = /\x1b?\[[0-9]{1,2}(?:;[0-9]{1,2}){0,3}m/g;
const QUOTES = /[\u2018\u2019\u201c\u201d\u0060\u0022]/g;
const SPACES = /[ \t\r\n\f\v\u00a0\u2000-\u200b\u2028\u2029\u3000\ufeff]+/g;

export const cleaned = (text: string): string =>
  text.slice(0, MOST).replace(ANSI, "").replace(QUOTES, "'").replace(SPACES, " ").replace(/^ +| +$/g, "");

export interface Named {
  text: string;
  what: string;
  axes: string | null;
  role: Role | null;
  /** Where it stands in the matched text. */
  at: readonly [number, number];
}

export interface Link {
  page: string;
  text: string;
  address: string;
}

export interface Reading {
  form: Form;
  matched: string;
  numbers: Named[];
  values: Values;
  cause: string;
  fixes: string[];
  link: Link | null;
}

const INTEGER = /^-?[0-9]+$/;

export function sizesOf(text: string): (number | null)[] {
  return (text.match(/-?[0-9]{1,15}|None|\?/g) ?? []).map((part) => (INTEGER.test(part) ? Number(part) : null));
}

const shown = (value: number | string): string =>
  typeof value === "number" ? String(value).replace(/-/g, "\u2212") : value;

function axesOf(text: string, axes: string | undefined): string | null {
  const sizes = sizesOf(text);
  if (!axes || sizes.length !== axes.length) return null;
  return sizes.map((size, i) => words.axisSize(words.AXES[axes[i]!]!, size === null ? null : shown(size))).join(", ");
}

/** A text with values in its places, or null if one of them is not known. */
export function filled(template: string, values: Values): string | null {
  const hole = /\{(\??)([a-z_A-Z0-9.]+)\}/g;
  for (const found of template.matchAll(hole)) if (!Object.hasOwn(values, found[2]!)) return null;
  return template.replace(hole, (_, quiet: string, name: string) => (quiet ? "" : shown(values[name]!)));
}

function valuesOf(form: Form, groups: [string, string][]): Values {
  const values: Values = {};
  for (const [name, text] of groups) {
    if (INTEGER.test(text)) {
      values[name] = Number(text);
      continue;
    }
    values[name] = text;
    if (!"[({".includes(text[0]!)) continue;
    const sizes = sizesOf(text);
    values[`${name}.rank`] = sizes.length;
    const axes = form.numbers[name]!.axes ?? "";
    sizes.forEach((size, place) => {
      if (size === null) return;
      values[`${name}.${place}`] = size;
      if (axes.length === sizes.length) values[`${name}.${axes[place]}`] = size;
    });
  }
  return values;
}

const LIMITS: Record<string, readonly [number, number]> = {
  size: [1, 512],
  kernel: [1, 32],
  stride: [1, 32],
  dilation: [1, 16],
};

function linkOf(form: Form, values: Values): Link | null {
  const link = form.link;
  if (!link) return null;
  const page = `${link.page}.html`;
  const text = filled(link.text, values) ?? link.text;
  if (link.section) return { page: link.page, text, address: `${page}#${link.section}` };
  const settings = Object.entries(link.settings!).map(([key, value]) => [key, filled(value, values)] as const);
  const legal = settings.every(([key, value]) => {
    if (value === null) return false;
    const limits = LIMITS[key];
    return !limits || !INTEGER.test(value) || (Number(value) >= limits[0] && Number(value) <= limits[1]);
  });
  if (!legal) return { page: link.page, text: words.OPEN_RULER, address: `${page}#${link.widget}` };
  const query = settings.map(([key, value]) => `${key}=${value}`).join("&");
  return { page: link.page, text, address: `${page}#${link.widget}?${query}` };
}

/** What a message says, or null if it is not in the table. */
export function readMessage(message: string): Reading | null {
  const text = cleaned(message);
  let best: (Expression & { found: RegExpExecArray }) | null = null;
  for (const one of all()) {
    if (best && best.literal >= one.literal) continue;
    const found = one.expression.exec(text);
    if (found) best = { ...one, found };
  }
  if (!best) return null;
  const { form, found } = best;
  const places = (found as unknown as { indices: { groups?: Record<string, [number, number] | undefined> } }).indices.groups ?? {};
  const groups = Object.entries(found.groups ?? {}).filter(([, part]) => part !== undefined);
  const values = valuesOf(form, groups);
  for (const name of form.compute) Object.assign(values, COMPUTE[name]!(values));
  const numbers = groups
    .map(([name, part]): Named => {
      const row = form.numbers[name]!;
      const [start, end] = places[name]!;
      return {
        text: part,
        what: filled(row.is, values) ?? row.is,
        axes: axesOf(part, row.axes),
        role: row.role ?? null,
        at: [start - found.index, end - found.index],
      };
    })
    .sort((a, b) => a.at[0] - b.at[0]);
  const known = (templates: string[]) => templates.map((one) => filled(one, values)).filter((one): one is string => !!one);
  return { form, matched: found[0], numbers, values, cause: known(form.cause)[0] ?? "", fixes: known(form.fixes), link: linkOf(form, values) };
}

export interface Advice {
  error: string | null;
  line: string | null;
  shapes: [shape: string, guess: string][];
}

/** What to look at in a message that is not known. */
export function adviceOn(message: string): Advice {
  const lines = message.slice(0, MOST).replace(ANSI, "").split(/[\r\n]/).map((line) => line.trim());
  const errors = lines.filter((line) => /^[A-Za-z_.]{0,60}(?:Error|Exception|Fail|InvalidArgument)\b/.test(line));
  const own = lines.filter(
    (line) => /^File ['"]/.test(line) && !/site-packages|dist-packages|<frozen|lib\/python/.test(line),
  );
  const shapes = new Set<string>();
  for (const found of cleaned(message).matchAll(/[\[(][0-9None?, -]{2,80}[\])]/g))
    if (sizesOf(found[0]).length > 1) shapes.add(found[0]);
  const known = [...shapes].flatMap((shape): [string, string][] => {
    const guess = words.GUESSES[sizesOf(shape).length];
    return guess ? [[shape, guess]] : [];
  });
  return {
    error: errors.length ? errors[errors.length - 1]!.slice(0, 300) : null,
    line: own.length ? own[own.length - 1]!.slice(0, 200) : null,
    shapes: known.slice(0, 6),
  };
}
