/** Which part of a pasted text is read: the model, as far as the text tells, or the part that the reader chose. */
import * as words from "../words/en/chain.ts";
import type { Node } from "./graph.ts";
import { JOINED, joinedRoots, makerOf, makesLayers, roots, tokensIn, type Part } from "./parts.ts";
import type { Block } from "./python.ts";
import { CALLED, Reader } from "./reader.ts";
import { TooMuch, type Found } from "./trace.ts";
import { seq, type Instance, type Own, type Value } from "./values.ts";

const SELF_MADE = ["__init__", "build", ...CALLED];
/** Names of parameters that take what goes through the layers. */
const TENSOR_NAMES = /^(x|inputs?|inp|input_tensor|input_layer|images?|img|tensor|z|h|features?|skip)$/i;

export class Chooser extends Reader {
  offered: Part[] = [];

  read(all: readonly Block[], parts: readonly Part[], wanted: string | null): Found {
    const pasted = all.some(({ head, tokens }) => head === "def" && SELF_MADE.includes(tokens[1]?.text ?? "") && tokens[3]?.text === "self");
    this.safely(() => this.run(all));
    this.safely(() => this.applyLast(parts));
    const outside = this.model?.output ?? this.nodes.filter((node) => node.inputs.length).at(-1) ?? null;
    const loose = all.some((block) => block.head !== "class" && block.head !== "def" && makesLayers(tokensIn(block)));
    if (pasted) return this.finish("", this.pastedMethods(all));
    const free = roots(parts);
    const both = joinedRoots(parts);
    const here: Part[] = outside || loose ? [{ name: "", kind: "outside", uses: new Set(), returns: false }] : [];
    const list = [...parts, ...(both ? [both] : []), ...here];
    this.offered = list.length > 1 ? list : [];
    const top = this.rootOfTops();
    const inBoth = both && (!top || both.name.split(JOINED).includes(top.of.name));
    const usual = outside || !parts.length ? "" : inBoth ? both.name : (top?.of.name ?? this.madeBy(parts, free[free.length - 1]!.name));
    const name = list.some((part) => part.name === wanted) ? wanted! : usual;
    const part = list.find((one) => one.name === name);
    if (!part || part.kind === "outside") return this.finish("", outside);
    const { notes } = this;
    notes.length = 0;
    this.made = [];
    this.nodes = [];
    let found: Node | null = null;
    this.safely(() => (found = part.kind === "joined" ? this.inTurn(part.name.split(JOINED)) : this.one(part)));
    const others = free.filter((one) => one !== part && !parts.some((other) => other.uses.has(one.name)) && (part.kind !== "joined" || !part.name.split(JOINED).includes(one.name)));
    if (others.length && wanted === null) this.notes.unshift(words.chosen(part.name, others.map((one) => one.name)));
    return this.finish(part.name, found);
  }

  protected safely(go: () => unknown): void {
    try {
      go();
    } catch (error) {
      this.note(error instanceof TooMuch ? words.TOO_LONG : words.TOO_DEEP);
    }
    this.depth = 0;
    this.env = this.globals;
    this.jump = null;
    this.within = null;
  }

  /** What holds objects, is made outside of functions, and is called by no line, is the model: a list, or an object of objects. */
  protected applyLast(parts: readonly Part[]): void {
    if (this.model || this.nodes.some((node) => node.inputs.length)) return;
    const holds = (value: Value): boolean => value.t === "object" || (value.t === "seq" && value.items.some(holds));
    const last = [...this.globals.values()].filter((value) => value.t === "seq" && holds(value)).at(-1);
    const root = this.rootOfTops();
    if (last) this.apply(last, [this.start()], new Map(), "");
    else if (root && !parts.some(({ name }) => name === root.of.name)) this.forward(root, [this.start()], new Map(), root.of.name);
  }

  /** Objects of the text's classes that lines outside of functions give a name. */
  protected tops(): Instance[] {
    return [...this.globals.values()].flatMap((value) => (value.t === "object" ? [value.object] : []));
  }

  /** The last of them that no other holds. */
  protected rootOfTops(): Instance | undefined {
    const held = new Set<Instance>();
    const hold = (value: Value): void => {
      if (value.t === "object") held.add(value.object);
      else if (value.t === "seq") value.items.forEach(hold);
    };
    for (const object of this.tops()) [...object.attrs.values(), ...(object.inner ? [object.inner] : [])].forEach(hold);
    return this.tops().filter((object) => !held.has(object)).at(-1);
  }

  /** A class, or the function that makes it where it does not say itself what with. */
  protected madeBy(parts: readonly Part[], name: string): string {
    const value = this.globals.get(name);
    const init = value?.t === "own" ? this.method(value.own, "__init__") : null;
    const open = init?.params.some((param) => !init.defaults.has(param));
    return (open ? makerOf(parts, name)?.name : null) ?? name;
  }

  /** The result of a class or function on an input. */
  protected one(part: Part): Node | null {
    const value = this.globals.get(part.name);
    if (value?.t === "own") return this.deepest(this.apply(this.remade(value.own), [this.start()], new Map(), part.name));
    if (value?.t !== "func") return null;
    const first = value.func.params[0];
    const result = this.inline(value.func, null, first && TENSOR_NAMES.test(first) ? [this.start()] : [], new Map());
    if (result.t === "model") return result.output;
    if (result.t === "made" || result.t === "object" || (result.t === "seq" && !this.deepest(result)))
      return this.deepest(this.apply(result, [this.start()], new Map(), part.name));
    return this.deepest(result) ?? this.nodes.at(-1) ?? null;
  }

  protected inTurn(names: readonly string[]): Node | null {
    let args: Value[] = [this.start()];
    for (const name of names) {
      const value = this.globals.get(name);
      if (value?.t !== "own") continue;
      const takes = CALLED.map((called) => this.method(value.own, called)).find(Boolean)?.params.length ?? 1;
      const list = args.length > 1 && takes === 1 ? [seq(args)] : args;
      const result = this.apply(this.remade(value.own), list, new Map(), name);
      args = result.t === "seq" ? result.items : [result];
    }
    return this.deepest(seq(args));
  }

  /** An object of a class, with the arguments that the text gives it outside of functions. */
  protected remade(own: Own): Value {
    const top = this.tops().filter((one) => one.of === own).at(-1);
    return this.instance(own, top?.args ?? [], top?.named ?? new Map());
  }

  /** "def __init__(self)" and "def forward(self, x)" without the line of their class. */
  protected pastedMethods(all: readonly Block[]): Node | null {
    const own = this.ownOf("", 1, [], all.filter((block) => block.head === "def"));
    let found: Node | null = null;
    this.safely(() => {
      const object = this.instance(own, [], new Map());
      if (CALLED.some((name) => own.methods.has(name))) found = this.deepest(this.apply(object, [this.start()], new Map(), ""));
    });
    return found;
  }
}
