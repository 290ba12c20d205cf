/** Layers as they are made and applied while a text is read: a graph, with the sizes of its results and what is to be said. */
import * as words from "../words/en/chain.ts";
import { axisLayer, axisSize } from "./axis.ts";
import { CLASSES, layer, rowOf } from "./classes.ts";
import { applied, CUTS, inputNode, joined, lineTo, type Line, type Node } from "./graph.ts";
import { layerFault, type Framework, type Layer, type Pair } from "./layers.ts";
import { Args, seq, tensor, Unclear, UNKNOWN, type Made, type Value } from "./values.ts";
import { isMap, walkChain, type Chain, type Shape } from "./walk.ts";

const MOST_NODES = 1000;
/** Results whose size is asked for; each is a walk through the chain. */
const MOST_SIZES = 80;

/** height, width, channels where the text says so; `flat` for an input that is a row of numbers. */
export interface Input {
  h: number | null;
  w: number | null;
  c: number | null;
  flat: boolean;
}

export interface Found {
  layers: Layer[];
  input: Input | null;
  part: string;
  framework: Framework | null;
  mixed: boolean;
}

/** The text asks for more than any model does. */
export class TooMuch extends Error {}

export class Trace {
  readonly notes: string[] = [];
  protected made: Made[] = [];
  protected nodes: Node[] = [];
  protected inputs = new Map<Node, Input>();
  protected input: Input | null = null;
  protected sizes = new Map<Node, Shape | null>();
  protected line = 0;

  constructor(private readonly chainOf: (framework: Framework, layers: Layer[], input: Input | null) => Chain) {}

  protected note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  protected start(): Value {
    return tensor(this.kept(inputNode()));
  }

  protected deepest(value: Value): Node | null {
    if (value.t === "tensor") return value.node;
    if (value.t !== "seq") return null;
    return value.items.map((one) => this.deepest(one)).reduce((best, one) => (one && (!best || one.depth > best.depth) ? one : best), null);
  }

  protected framework(): Framework {
    return this.made.some((one) => one.framework === "keras") ? "keras" : "torch";
  }

  protected lineTo(node: Node): Line {
    return lineTo(node, (from, cut, meets) => {
      const [whole, small, wanted] = [this.shapeOf(from), this.shapeOf(cut), this.shapeOf(meets)];
      return isMap(whole) && isMap(small) && isMap(wanted) && small.h === wanted.h && small.w === wanted.w && whole.h >= wanted.h && whole.w >= wanted.w;
    });
  }

  protected shapeOf(node: Node): Shape | null {
    const before = this.sizes.get(node);
    if (before !== undefined) return before;
    if (this.sizes.size >= MOST_SIZES) return null;
    this.sizes.set(node, null);
    const { layers, start } = this.lineTo(node);
    const walk = walkChain(this.chainOf(this.framework(), layers, this.inputs.get(start) ?? this.input));
    const shape = walk.stopped === null ? (walk.steps.at(-1)?.output ?? walk.start) : null;
    this.sizes.set(node, shape);
    return shape;
  }

  /** The shape of a result as its framework writes it, with a batch of 1. */
  protected shapeValue(node: Node): Value {
    const shape = this.shapeOf(node);
    if (!shape) return UNKNOWN;
    const list = !isMap(shape) ? [shape.n] : this.framework() === "keras" ? [shape.h, shape.w, shape.c] : [shape.c, shape.h, shape.w];
    return seq([1, ...list].map((v) => (v === null ? UNKNOWN : { t: "num", v, sized: true })));
  }

  protected takeInput(value: Value | undefined, batch: boolean): Input | null {
    if (value?.t !== "seq") return null;
    const items = batch ? value.items.slice(1) : value.items;
    const whole = (v: Value | undefined) => (v?.t === "num" && Number.isInteger(v.v) && v.v > 0 ? v.v : null);
    let input: Input | null = null;
    if (items.length === 3) input = { h: whole(items[0]), w: whole(items[1]), c: whole(items[2]), flat: false };
    if (items.length === 1) input = { h: 1, w: 1, c: whole(items[0]), flat: true };
    this.input ??= input;
    return input;
  }

  /** Layers by `make`, or an unknown layer of that name where the text is not clear. */
  protected careful(name: string, make: () => Layer[]): Layer[] {
    const clean = name.replace(/\W/g, "").replace(/^\d+/, "").slice(0, 40) || "layer";
    const line = `${this.line}`;
    const unknown = (): Layer[] => layer("unknown", { name: clean });
    try {
      const made = make();
      if (!made.length) {
        this.note(words.unreadLayer(line, clean));
        return unknown();
      }
      const bad = made.map(layerFault).find((found) => found !== null);
      if (bad) {
        this.note(words.wrongLayer(line, clean, bad));
        return unknown();
      }
      if (made.some((one) => one.filters === null)) this.note(words.noFilters(line, clean));
      return made;
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      this.note(words.unclearLayer(line, clean, error.message));
      return unknown();
    }
  }

  protected construct(name: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Made {
    const found = rowOf(CLASSES, name);
    const shape = named.get("input_shape") ?? named.get("batch_input_shape");
    if (shape) this.takeInput(shape, named.has("batch_input_shape"));
    const format = named.get("data_format");
    if (format?.t === "str" && format.v === "channels_first") this.note(words.formatLeftOut(`${this.line}`));
    const layers = this.careful(name, () => found?.make(new Args(found.signature, args, named)) ?? []);
    const made: Made = { t: "made", layers, framework: found?.framework ?? null, line: this.line, used: false };
    this.made.push(made);
    return made;
  }

  protected add(to: Node, layers: readonly Layer[], name: string): Value {
    return tensor(this.kept(applied(to, layers, name, this.line)));
  }

  protected kept(node: Node): Node {
    if (this.nodes.length >= MOST_NODES) throw new TooMuch();
    this.nodes.push(node);
    return node;
  }

  protected markUsed(value: Value): void {
    if (value.t === "made") value.used = true;
    else if (value.t === "seq") value.items.forEach((one) => this.markUsed(one));
  }

  /** A transposed layer called with output_size: the output_padding that gives it. */
  protected toSize(layers: readonly Layer[], from: Node, wanted: Value): readonly Layer[] {
    const [only] = layers;
    const shape = this.shapeOf(from);
    const sizes = (wanted.t === "seq" ? wanted.items.slice(-2) : []).map((v) => (v.t === "num" ? v.v : NaN));
    if (only?.kind === "transposed" && isMap(shape) && sizes.length === 2) {
      const extra = ([0, 1] as const).map((a) => {
        const plain = axisSize({ ...axisLayer(only, a)!, outputPadding: null }, a ? shape.w : shape.h, "torch");
        return typeof plain === "number" ? sizes[a]! - plain : NaN;
      });
      const most = Math.max(...only.stride, ...only.dilation);
      if (extra.every((v) => v >= 0 && v < most)) {
        this.note(words.fixedSize(`${this.line}`, "output_size", sizes.join(", ")));
        return [{ ...only, output_padding: extra.some((v) => v) ? (extra as unknown as Pair) : null }];
      }
    }
    this.note(words.outputSizeLeftOut(`${this.line}`));
    return layers;
  }

  protected join(kind: "concat" | "add", all: readonly Value[]): Value {
    const nodes = all.flatMap((a) => (a.t === "tensor" ? [a.node] : []));
    if (!nodes.length) return UNKNOWN;
    const partial = nodes.length < all.length;
    if (nodes.length === 1 && !partial) return tensor(nodes[0]!);
    return tensor(this.kept(joined(kind, nodes, partial, this.line)));
  }

  protected finish(part: string, output: Node | null): Found {
    const votes = { keras: 0, torch: 0 };
    for (const { framework } of this.made) if (framework) votes[framework]++;
    const isApplied = output !== null && output.inputs.length > 0;
    const framework = votes.torch > votes.keras ? "torch" : votes.keras ? "keras" : isApplied ? "torch" : null;
    const mixed = votes.keras > 0 && votes.torch > 0;
    if (!isApplied && part && this.made.length) this.note(words.notFollowed(part));
    if (!isApplied) return { layers: this.made.flatMap((one) => one.layers), input: this.input, part, framework, mixed };
    const line = this.lineTo(output);
    const on = new Set<Layer>(line.layers);
    line.notes.forEach((text) => this.note(text));
    const aside = this.nodes.filter(({ layers }) => !layers.some((one) => on.has(one)) && layers.some(({ kind }) => !CUTS.includes(kind)));
    for (const [at, name] of [...new Map(aside.map((node) => [node.line, node.name]))].slice(0, 4)) this.note(words.sideBranch(`${at}`, name));
    const unused = this.made.filter((one) => !one.used && one.layers.some((made) => !on.has(made)));
    const lines = [...new Set(unused.map((one) => `${one.line}`))];
    if (lines.length) this.note(words.leftOut(lines.slice(0, 4), lines.length > 4));
    let input = this.inputs.get(line.start) ?? this.input;
    // The input that the text gives to all of it says nothing of a class within.
    const expects = line.layers.find((one) => one.expects !== null)?.expects;
    if (part && input?.c && expects && input.c !== expects && !input.flat) input = null;
    return { layers: line.layers, input, part, framework, mixed };
  }
}
