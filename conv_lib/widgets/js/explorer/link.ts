/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { parseWhole } from "../core/numbers.ts";
import { illegal, joined, matrixText, oneOf, queryOf, reader, readMatrix, type Read } from "../core/query.ts";
import { check, FIELDS, LIMITS, type Settings, type NumberField } from "./settings.ts";

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
  return queryOf(parts);
}

function readPadding(text: string): Settings["padding"] | null {
  if (text === "valid" || text === "same") return text;
  const p = text.split(",").map(parseWhole);
  const [low, high] = LIMITS.padTop;
  if (p.length !== 4 || p.some((v) => v === null || v < low || v > high)) return null;
  return [[p[0]!, p[1]!], [p[2]!, p[3]!]];
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take: read, unread } = reader(query);
  const s: Settings = { ...base, outputSize: null };
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
  const problem = check(s);
  if (!problem) return { settings: s, message: unread() };
  return { settings: problem.fixes[0]?.settings ?? base, message: joined(unread(), illegal(problem.message)) };
}

/** Whether two states are the same to a reader. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return toQuery({ ...a, picture: b.picture }) === toQuery(b) && a.picture === b.picture;
}

