/** The parts of a pasted text that can be read each for itself: its classes, its functions, and the lines outside of them. */
import { CLASSES, rowOf } from "./classes.ts";
import type { Block, Token } from "./python.ts";

/** Between the names of parts that are read one after the other. */
export const JOINED = " + ";

export interface Part {
  /** The name of a class or function, of several joined by " + ", or "" for the lines outside of them. */
  name: string;
  kind: "class" | "def" | "joined" | "outside";
  /** Names of other parts that occur in it. */
  uses: ReadonlySet<string>;
  /** Of a function: whether it returns something. */
  returns: boolean;
}

/** All tokens of a block and of what is below it. */
export function tokensIn(block: Block, found: Token[] = []): Token[] {
  found.push(...block.tokens);
  for (const one of block.body) tokensIn(one, found);
  return found;
}

/** Whether a layer of Keras or PyTorch is made here: "Conv2d(3, 8, 3)", or "Conv2d, [3, 8, 3]" as model files have it. */
export const makesLayers = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, text }, i) => {
    if (kind !== "name" || !rowOf(CLASSES, text) || tokens[i - 1]?.text === "class") return false;
    return tokens[i + 1]?.text === "(" || (tokens[i + 1]?.text === "," && tokens[i + 2]?.text === "[");
  });

const ENCODES = /enc|contract|down|backbone/i;
const DECODES = /dec|expan|up|head/i;

/** Classes and functions that make layers, in the order of the text. */
export function partsOf(all: readonly Block[]): Part[] {
  const defined = all.filter((block) => (block.head === "class" || block.head === "def") && block.tokens[1]);
  const names = new Set(defined.map((block) => block.tokens[1]!.text));
  const rows = defined.map((block) => {
    const name = block.tokens[1]!.text;
    const tokens = tokensIn(block).slice(2);
    const uses = new Set(tokens.flatMap(({ kind, text }) => (kind === "name" && names.has(text) && text !== name ? [text] : [])));
    return { name, kind: block.head as "class" | "def", uses, builds: makesLayers(tokens), returns: block.body.some(({ head }) => head === "return") };
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (const row of rows)
      if (!row.builds && rows.some((other) => other.builds && row.uses.has(other.name))) row.builds = changed = true;
  }
  const found = new Map<string, Part>();
  // Of two of the same name the later counts, as in Python.
  for (const { builds, ...part } of rows) if (builds) found.set(part.name, part);
  return [...found.values()];
}

/** Parts that no other uses: classes, or functions where there is no class. */
export function roots(parts: readonly Part[]): Part[] {
  const classes = parts.filter((part) => part.kind === "class");
  const among = classes.length ? classes : parts;
  const free = among.filter((part) => !among.some((other) => other !== part && other.uses.has(part.name)));
  return free.length ? free : among.slice(-1);
}

/** A function that makes a class and returns it or what it gives, such as "def resnet18()". */
export const makerOf = (parts: readonly Part[], name: string): Part | null =>
  parts.filter((part) => part.kind === "def" && part.returns && part.uses.has(name)).at(-1) ?? null;

/** An encoder and a decoder that nothing joins in the text: in order, as one part. */
export function joinedRoots(parts: readonly Part[]): Part | null {
  const free = roots(parts).filter((part) => part.kind === "class");
  const at = free.findIndex((part, i) => ENCODES.test(part.name) && free[i + 1] && DECODES.test(free[i + 1]!.name) && !ENCODES.test(free[i + 1]!.name));
  if (at < 0) return null;
  return { name: [free[at]!, free[at + 1]!].map(({ name }) => name).join(JOINED), kind: "joined", uses: new Set(), returns: false };
}
