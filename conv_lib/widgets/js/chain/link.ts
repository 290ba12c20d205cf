/** A chain as text for a link, and back. conv_lib/widgets/chain.py writes and reads the same. */
import { parseWhole } from "../core/numbers.ts";
import { joined, oneOf, queryOf, reader, type Read } from "../core/query.ts";
import { KINDS, layerProblem, LIMITS, MOST_LAYERS, PARTS, PLAIN, tidy, type Framework, type Kind, type Layer, type Pair } from "./layers.ts";
import type { Chain } from "./walk.ts";

const LETTERS: { readonly [part in keyof Layer]?: string } = {
  filters: "f",
  kernel: "k",
  stride: "s",
  padding: "p",
  dilation: "d",
  output_padding: "o",
  groups: "g",
  bias: "b",
  ceil: "c",
  expects: "e",
  source: "r",
  size: "z",
  name: "n",
};
const PART_OF = new Map(Object.entries(LETTERS).map(([part, letter]) => [letter, part as keyof Layer]));

const pairText = ([h, w]: Pair): string => (h === w ? String(h) : `${h}x${w}`);

function valueText(layer: Layer, part: keyof Layer): string {
  const value = layer[part];
  if (part === "size") return layer.size.join("x");
  if (part === "filters") return String(layer.filters ?? 0);
  if (Array.isArray(value)) return pairText(value as unknown as Pair);
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

/** "conv.f64.k3.psame;pool.nmax.k2.s2": what is as usual is left out. */
export const layersText = (layers: readonly Layer[]): string =>
  layers
    .map((layer) =>
      [
        layer.kind,
        ...PARTS[layer.kind]
          .filter((part) => JSON.stringify(layer[part]) !== JSON.stringify(PLAIN[part]))
          .map((part) => LETTERS[part]! + valueText(layer, part)),
      ].join("."),
    )
    .join(";");

function readPair(text: string): Pair | null {
  const [h, w = h, ...rest] = text.split("x").map(parseWhole);
  return rest.length || h === null || w === null || h === undefined ? null : [h, w!];
}

function readValue(part: keyof Layer, text: string): unknown {
  switch (part) {
    case "kernel":
    case "stride":
    case "dilation":
    case "output_padding":
      return readPair(text);
    case "padding":
      return text === "same" || text === "valid" ? text : readPair(text);
    case "bias":
    case "ceil":
      return text === "1" ? true : text === "0" ? false : null;
    case "size": {
      const all = text.split("x").map(parseWhole);
      return all.some((v) => v === null) ? null : all;
    }
    case "name":
      return text;
    default:
      return parseWhole(text);
  }
}

/** Reads what `layersText` wrote; null where it is nothing of that kind. */
export function readLayers(text: string): Layer[] | null {
  if (text === "") return [];
  const rows = text.split(";");
  if (rows.length > MOST_LAYERS) return null;
  const layers: Layer[] = [];
  for (const row of rows) {
    const [kind, ...parts] = row.split(".");
    if (!KINDS.includes(kind as Kind)) return null;
    const given: Record<string, unknown> = {};
    for (const part of parts) {
      const name = PART_OF.get(part[0] ?? "");
      const value = name && readValue(name, part.slice(1));
      if (!name || value === null || value === undefined) return null;
      given[name] = name === "filters" && value === 0 ? null : value;
    }
    const layer = tidy({ ...PLAIN, ...given, kind: kind as Kind } as Layer);
    if (layerProblem(layer, layers.length)) return null;
    layers.push(layer);
  }
  return layers;
}

export const toQuery = (s: Chain): string =>
  queryOf([
    ["framework", s.framework],
    ["size", `${s.height}x${s.width}x${s.channels}`],
    ["layers", layersText(s.layers)],
  ]);

const within = (name: string, value: number | null | undefined): value is number =>
  value !== null && value !== undefined && value >= LIMITS[name]![0] && value <= LIMITS[name]![1];

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Chain): Read<Chain> {
  const { take: read, unread } = reader(query);
  let s: Chain = base;
  read("framework", oneOf<Framework>("keras", "torch"), (framework) => (s = { ...s, framework }));
  read(
    "size",
    (text) => {
      const [height, width, channels, ...rest] = text.split("x").map(parseWhole);
      const good = !rest.length && within("height", height) && within("width", width) && within("channels", channels);
      return good ? { height, width, channels } : null;
    },
    (size) => (s = { ...s, ...size }),
  );
  read("layers", readLayers, (layers) => (s = { ...s, layers }));
  return { settings: s, message: joined(unread()) };
}

export const sameChain = (a: Chain, b: Chain): boolean => a === b || toQuery(a) === toQuery(b);
