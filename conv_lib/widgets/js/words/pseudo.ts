/** Puts accents on the vowels of all text, for the made-up language of the tests; places such as {size} and `code` stay. */
const ACCENTS: Record<string, string> = { a: "\u00e1", e: "\u00e9", i: "\u00ed", o: "\u00f3", u: "\u00fa", A: "\u00c1", E: "\u00c9", I: "\u00cd", O: "\u00d3", U: "\u00da" };

export function mark<T>(value: T): T {
  if (typeof value === "string") return value.replace(/`[^`]*`|\{[^}]*\}|[aeiou]/gi, (found) => ACCENTS[found] ?? found) as T;
  if (typeof value === "function") return ((...args: unknown[]) => mark((value as (...args: unknown[]) => unknown)(...args))) as T;
  if (Array.isArray(value)) return value.map(mark) as T;
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mark(one)])) as T;
  return value;
}

/** Marks what stands under some keys of a table, however deep. */
export function markIn<T>(table: T, keys: readonly string[]): T {
  if (Array.isArray(table)) return table.map((one) => markIn(one, keys)) as T;
  if (!table || typeof table !== "object") return table;
  return Object.fromEntries(Object.entries(table).map(([key, one]) => [key, keys.includes(key) ? mark(one) : markIn(one, keys)])) as T;
}
