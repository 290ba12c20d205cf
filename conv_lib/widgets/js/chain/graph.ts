/** What a text does to its input, as a graph; and the chain of layers through it. */
import * as words from "../words/en/chain.ts";
import { layer } from "./classes.ts";
import type { Layer } from "./layers.ts";

/** A result: of layers on one other, or of several joined. Nodes without inputs are inputs of the model. */
export interface Node {
  inputs: readonly Node[];
  join: "concat" | "add" | null;
  /** A join with something whose size is not known. */
  partial: boolean;
  layers: readonly Layer[];
  name: string;
  line: number;
  /** Layers on the longest way to it. */
  depth: number;
}

export const inputNode = (): Node => ({ inputs: [], join: null, partial: false, layers: [], name: "", line: 0, depth: 0 });

export const applied = (to: Node, layers: readonly Layer[], name: string, line: number): Node => ({
  inputs: [to], join: null, partial: false, layers, name, line, depth: to.depth + layers.length,
});

export const joined = (join: "concat" | "add", inputs: readonly Node[], partial: boolean, line: number): Node => ({
  inputs, join, partial, layers: [], name: "", line, depth: Math.max(...inputs.map((one) => one.depth)) + 1,
});

/** The same layers on another input; `count` is told of each result that is made. */
export function onto(output: Node, from: Node, to: Node, line: number, count: (node: Node) => void): Node {
  const known = new Map<Node, Node>([[from, to]]);
  const copy = (node: Node): Node => {
    const before = known.get(node);
    if (before) return before;
    const inputs = node.inputs.map(copy);
    const made = !inputs.length ? node : node.join ? joined(node.join, inputs, node.partial, line) : applied(inputs[0]!, node.layers, node.name, node.line);
    known.set(node, made);
    if (made !== node) count(made);
    return made;
  };
  return copy(output);
}

export interface Line {
  layers: Layer[];
  /** The input at which the chain begins. */
  start: Node;
  notes: string[];
}

/** Layers that a skip may have on its way: they cut it to the size that it meets, or leave it alone. */
export const CUTS: readonly string[] = ["crop", "resize", "pass"];

/** The result that a skip was cut from. */
function uncut(node: Node): Node {
  let from = node;
  while (from.inputs.length === 1 && from.layers.every(({ kind }) => CUTS.includes(kind))) from = from.inputs[0]!;
  return from;
}

/**
 * The longest way to a result. What else is joined comes from a place on it, or from a side branch, which is said.
 * `cutToFit` tells whether a skip from one result, cut to another, has the size of a third.
 */
export function lineTo(output: Node, cutToFit: (from: Node, cut: Node, meets: Node) => boolean): Line {
  const way: Node[] = [];
  for (let node: Node | undefined = output; node; ) {
    way.push(node);
    node = node.inputs.reduce<Node | undefined>((best, one) => (best && best.depth >= one.depth ? best : one), undefined);
  }
  way.reverse();
  const place = new Map<Node, number>();
  const layers: Layer[] = [];
  const sides: Node[] = [];
  const notes: string[] = [];
  way.forEach((node, i) => {
    const before = way[i - 1];
    if (node.join && before) {
      const others = [...node.inputs];
      others.splice(others.indexOf(before), 1);
      const lost: Node[] = [];
      for (const one of others) {
        const from = uncut(one);
        if (place.has(one)) layers.push(...layer(node.join, { source: place.get(one)! }));
        else if (place.has(from) && cutToFit(from, one, before)) layers.push(...layer(node.join, { source: place.get(from)!, name: "crop" }));
        else lost.push(one);
      }
      sides.push(...lost);
      if ((lost.length || node.partial) && node.join === "add") notes.push(words.sideAdded(`${node.line}`));
      else if (lost.length || node.partial) {
        notes.push(words.sideJoined(`${node.line}`));
        layers.push(...layer("unknown", { name: "Concatenate" }));
      }
    }
    layers.push(...node.layers);
    place.set(node, layers.length);
  });
  const seen = new Set<Node>(way);
  while (sides.length) {
    const node = sides.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.layers.length) notes.unshift(words.sideBranch(`${node.line}`, node.name));
    sides.push(...node.inputs);
  }
  return { layers, start: way[0]!, notes };
}
