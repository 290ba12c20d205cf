/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { exact, parseNumber, parseWhole } from "../core/numbers.ts";
import { check, FIELDS, LIMITS, type Settings, type NumberField } from "./settings.ts";

export const matrixText = (m: readonly (readonly number[])[]): string =>
  m.map((row) => row.map(exact).join(",")).join(";");

export function toQuery(s: Settings): string {
  const padding =
    typeof s.padding === "string" ? s.padding : s.padding.map((p) => p.join(",")).join(",");
  const parts: [string, string][] = [
    ["mode", s.mode],
    ...(s.mode === "transpose" ? [["picture", s.picture] as [string, string]] : []),
    ["input", matrixText(s.input)],
    ["kernel", matrixText(s.kernel)],
    ["stride", String(s.stride)],
    ["padding", padding],
    ["dilation", String(s.dilation)],
    ...(s.outputSize ? [["output", s.outputSize.join("x")] as [string, string]] : []),
  ];
  return parts.map(([key, value]) => `${key}=${value}`).join("&");
}

export interface Read {
  settings: Settings;
  /** What in the link was not understood or not legal; the settings then keep what they had there. */
  message: string | null;
}

export function readMatrix(text: string, most: number): number[][] | null {
  if (text.length > 4000) return null;
  const rows = text.split(";").map((row) => row.split(",").map(parseNumber));
  const width = rows[0]!.length;
  if (rows.length > most || width > most || rows.some((row) => row.length !== width)) return null;
  return rows.every((row) => row.every((v) => v !== null)) ? (rows as number[][]) : null;
}

function readPadding(text: string): Settings["padding"] | null {
  if (text === "valid" || text === "same") return text;
  const p = text.split(",").map(parseWhole);
  const [low, high] = LIMITS.padTop;
  if (p.length !== 4 || p.some((v) => v === null || v < low || v > high)) return null;
  return [[p[0]!, p[1]!], [p[2]!, p[3]!]];
}

/** The parts key=value of a query; anything in it may have been typed by hand. */
export function partsOf(query: string): Map<string, string> {
  let decoded = query;
  try {
    decoded = decodeURIComponent(query);
  } catch {
    // A stray % sign: read the text as it stands.
  }
  const given = new Map<string, string>();
  for (const part of decoded.slice(0, 10_000).split("&")) {
    const at = part.indexOf("=");
    if (at > 0) given.set(part.slice(0, at), part.slice(at + 1));
  }
  return given;
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read {
  const given = partsOf(query);
  const s: Settings = { ...base, outputSize: null };
  const bad: string[] = [];
  const read = <T>(key: string, parse: (text: string) => T | null, set: (value: T) => void) => {
    const text = given.get(key);
    if (text === undefined) return;
    const value = parse(text);
    if (value === null) bad.push(key);
    else set(value);
  };
  const oneOf = <T extends string>(...names: T[]) => (text: string): T | null =>
    names.find((name) => name === text) ?? null;
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  read("mode", oneOf("conv", "transpose"), (v) => (s.mode = v));
  read("picture", oneOf("scatter", "gather"), (v) => (s.picture = v));
  read("input", (text) => readMatrix(text, LIMITS.inputHeight[1]), (v) => (s.input = v));
  read("kernel", (text) => readMatrix(text, LIMITS.kernelSize[1]), (v) => (s.kernel = v));
  read("stride", within("stride"), (v) => (s.stride = v));
  read("dilation", within("dilation"), (v) => (s.dilation = v));
  read("padding", readPadding, (v) => (s.padding = v));
  read(
    "output",
    (text) => {
      const size = text.split("x").map(parseWhole);
      return size.length === 2 && size.every((v) => v !== null && v > 0)
        ? (size as unknown as readonly [number, number])
        : null;
    },
    (v) => (s.outputSize = v),
  );
  if (s.mode === "conv") s.outputSize = null;
  const unread = bad.length
    ? `The link\u2019s ${bad.join(", ")} cannot be read; the rest is shown.`
    : null;
  const problem = check(s);
  if (!problem) return { settings: s, message: unread };
  const fallback = problem.fixes[0]?.settings ?? base;
  const notes = [unread, `The link asks for something that is not legal. ${problem.message}`];
  return { settings: fallback, message: notes.filter(Boolean).join(" ") };
}

/** Whether two states are the same to a reader. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return toQuery({ ...a, picture: b.picture }) === toQuery(b) && a.picture === b.picture;
}

