/** Links: a query is key=value&key=value, and anything in it may have been typed by hand. */
import { exact, parseNumber } from "./numbers.ts";
import * as words from "../words/en/shared.ts";

/** What a link said: settings that are legal, and what in it could not be used. */
export interface Read<S> {
  settings: S;
  message: string | null;
}

/** No link that a widget writes is longer. */
const LONGEST = 12_000;

/** The parts key=value of a query. */
export function partsOf(query: string): Map<string, string> {
  let decoded = query;
  try {
    decoded = decodeURIComponent(query);
  } catch {
    // A stray % sign: read the text as it stands.
  }
  const given = new Map<string, string>();
  for (const part of decoded.slice(0, LONGEST).split("&")) {
    const at = part.indexOf("=");
    if (at > 0) given.set(part.slice(0, at), part.slice(at + 1));
  }
  return given;
}

/** The query that `partsOf` reads. */
export const queryOf = (parts: readonly (readonly [string, string])[]): string =>
  parts.map(([key, value]) => `${key}=${value}`).join("&");

/** Takes a query key by key and remembers which could not be read. */
export function reader(query: string) {
  const given = partsOf(query);
  const bad: string[] = [];
  return {
    given,
    /** Uses the value of `key`, if there is one; `parse` answers null for what it cannot read. */
    take<T>(key: string, parse: (text: string) => T | null, use: (value: T) => void): void {
      const text = given.get(key);
      if (text === undefined) return;
      const value = parse(text);
      if (value === null) bad.push(key);
      else use(value);
    },
    /** A sentence about the keys that could not be read, or null. */
    unread: (): string | null => (bad.length ? words.unreadKeys(bad) : null),
  };
}

/** Reads one of some words. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (text: string): T | null =>
    words.find((word) => word === text) ?? null;

/** The sentence for a link whose settings break a rule. */
export const illegal = words.illegalLink;

/** Sentences as one text, or null when there is none. */
export const joined = (...notes: (string | null)[]): string | null => notes.filter(Boolean).join(" ") || null;

/** A matrix as rows of numbers: "1,2;3,4". */
export const matrixText = (m: readonly (readonly number[])[]): string =>
  m.map((row) => row.map(exact).join(",")).join(";");

/** Reads what `matrixText` wrote; null unless it is a matrix with at most the given rows and columns. */
export function readMatrix(text: string, most: number, mostColumns = most): number[][] | null {
  if (text.length > 4000) return null;
  const rows = text.split(";").map((row) => row.split(",").map(parseNumber));
  const width = rows[0]!.length;
  if (rows.length > most || width > mostColumns || rows.some((row) => row.length !== width)) return null;
  return rows.every((row) => row.every((v) => v !== null)) ? (rows as number[][]) : null;
}

/** Any text as a value in a query: blanks as "_"; signs that mean something in addresses as "~2f~". */
export function packed(text: string): string {
  let out = "";
  for (const sign of text)
    out += /[A-Za-z0-9.,:()/-]/.test(sign) ? sign : sign === " " ? "_" : `~${sign.codePointAt(0)!.toString(16)}~`;
  return out;
}

/** Reads what `packed` wrote. */
export function unpacked(text: string): string {
  return text.replace(/_/g, " ").replace(/~([0-9a-f]{1,6})~/g, (_, hex: string) => {
    const code = parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
