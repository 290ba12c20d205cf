/** Settings as text for a link, and back. Anything in a link may have been typed by hand. */
import { rangeProblem } from "../core/fields.ts";
import { parseWhole } from "../core/numbers.ts";
import { illegal, joined, oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { check, FIELDS, LIMITS, MOST_LAYERS, type Layer, type NumberField, type Settings } from "./settings.ts";

export function toQuery(s: Settings): string {
  const padding = typeof s.padding === "string" ? s.padding : s.padding.join(",");
  const axis: [string, string][] = [
    ["kernel", String(s.kernel)],
    ["stride", String(s.stride)],
    ["padding", padding],
    ["dilation", String(s.dilation)],
  ];
  const layers = s.layers.map((l) => [l.kernel, l.stride, l.dilation, l.padding].join(",")).join(";");
  const parts: [string, string][] = [
    ["mode", s.mode],
    ["size", String(s.size)],
    ...(s.mode === "stack" ? ([["layers", layers]] as [string, string][]) : axis),
    ...(s.mode === "transpose" ? ([["torch", s.torch.join(",")]] as [string, string][]) : []),
    ...(s.outputSize !== null ? ([["output", String(s.outputSize)]] as [string, string][]) : []),
    ...(s.view !== "auto" ? ([["view", s.view]] as [string, string][]) : []),
  ];
  return queryOf(parts);
}

const inRange = (field: NumberField, value: number | null): value is number =>
  value !== null && value >= LIMITS[field][0] && value <= LIMITS[field][1];

function readPadding(text: string): Settings["padding"] | null {
  if (text === "valid" || text === "same") return text;
  const [before, after, ...rest] = text.split(",").map(parseWhole);
  if (rest.length || !inRange("padBefore", before ?? null) || !inRange("padAfter", after ?? null)) return null;
  return [before!, after!];
}

function readLayers(text: string): Layer[] | null {
  const rows = text.split(";").map((row) => row.split(","));
  if (rows.length > MOST_LAYERS) return null;
  const layers = rows.map(([k, s, d, padding, ...rest]): Layer | null => {
    const [kernel, stride, dilation] = [k, s, d].map((t) => parseWhole(t ?? "")) as (number | null)[];
    const good =
      inRange("kernel", kernel!) && inRange("stride", stride!) && inRange("dilation", dilation!) && !rest.length;
    return good && (padding === "valid" || padding === "same")
      ? { kernel: kernel!, stride: stride!, dilation: dilation!, padding }
      : null;
  });
  return layers.some((layer) => layer === null) ? null : (layers as Layer[]);
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take: read, unread } = reader(query);
  const s: Settings = { ...base, outputSize: null, view: "auto" };
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  read("mode", oneOf("conv", "transpose", "stack"), (v) => (s.mode = v));
  for (const field of ["size", "kernel", "stride", "dilation"] as const) read(field, within(field), (v) => (s[field] = v));
  read("padding", readPadding, (v) => (s.padding = v));
  read("layers", readLayers, (v) => (s.layers = v));
  read(
    "torch",
    (text) => {
      const [p, op, ...rest] = text.split(",").map(parseWhole);
      const good = !rest.length && inRange("torchPadding", p ?? null) && inRange("torchOutputPadding", op ?? null);
      return good ? ([p!, op!] as const) : null;
    },
    (v) => (s.torch = v),
  );
  read("output", (text) => { const v = parseWhole(text); return v !== null && v > 0 ? v : null; }, (v) => (s.outputSize = v));
  read("view", oneOf("auto", "whole", "ends", "close"), (v) => (s.view = v));
  if (s.mode !== "transpose") s.outputSize = null;
  const problem = check(s);
  if (!problem) return { settings: s, message: unread() };
  return { settings: problem.fixes[0]?.settings ?? base, message: joined(unread(), illegal(problem.message)) };
}

/** Whether two states are the same to a reader. */
export const sameSettings = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
