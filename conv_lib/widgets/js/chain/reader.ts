/** Goes through pasted lines as Python would, with tensors that only know which layers made them. Nothing is executed. */
import * as words from "../words/en/chain.ts";
import { axisLayer, axisSize } from "./axis.ts";
import { CLASSES, FUNCTIONS, HOLDERS, layer, QUIET, rowOf, viewed } from "./classes.ts";
import { applied, inputNode, joined, lineTo, onto, type Line, type Node } from "./graph.ts";
import { layerFault, type Framework, type Layer, type Pair } from "./layers.ts";
import { JOINED, joinedRoots, makerOf, makesLayers, roots, tokensIn, type Part } from "./parts.ts";
import { Parser, type Block, type Expr } from "./python.ts";
import { Args, equal, num, seq, tensor, truth, Unclear, UNKNOWN, type Func, type Instance, type Made, type Own, type Value } from "./values.ts";
import { isMap, walkChain, type Chain, type Shape } from "./walk.ts";

/** Values worked out before the reader gives up: far more than any model has. */
const MOST_VALUES = 60_000;
const MOST_CALLS = 20;
const MOST_TURNS = 60;
const MOST_NODES = 2000;
/** Results whose size is asked for; each is a walk through the chain. */
const MOST_SIZES = 150;

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

class TooMuch extends Error {}

const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
const nameOf = (e: Expr): string => (e.t === "name" ? lastOf(e.path) : e.t === "attr" ? e.name : "");
const CALLED = ["forward", "call", "__call__"];
const SELF_MADE = ["__init__", "build", ...CALLED];
/** What a model or list answers with itself. */
const ITSELF = /^(to|cuda|cpu|eval|train|float|half|double|apply|requires_grad_|children|modules|copy|parameters)$/;
const JOINS: Record<string, "concat" | "add"> = { Concatenate: "concat", Concat: "concat", Add: "add" };
const TENSOR_NAMES = /^(x|inputs?|inp|input_tensor|input_layer|images?|img|tensor|z|h|features?|skip)$/i;

/** A class of the text, or one of those that it is made of, that has a method. */
function methodOf(own: Own, name: string, classes: (base: string) => Own | null, depth = 0): Func | null {
  const found = own.methods.get(name);
  if (found || depth > 8) return found ?? null;
  for (const base of own.bases) {
    const other = classes(base);
    const inherited = other && other !== own ? methodOf(other, name, classes, depth + 1) : null;
    if (inherited) return inherited;
  }
  return null;
}

export class Reader {
  readonly notes: string[] = [];
  offered: Part[] = [];
  private made: Made[] = [];
  private nodes: Node[] = [];
  private inputs = new Map<Node, Input>();
  private input: Input | null = null;
  private sizes = new Map<Node, Shape | null>();
  private globals = new Map<string, Value>([["__name__", { t: "str", v: "__main__" }]]);
  private env = this.globals;
  private model: (Value & { t: "model" }) | null = null;
  private values = 0;
  private depth = 0;
  private line = 0;
  private returned: Value = UNKNOWN;
  /** Why the statements that follow are not gone through. */
  private jump: "return" | "break" | "continue" | null = null;
  private within: Own | null = null;

  constructor(private readonly chainOf: (framework: Framework, layers: Layer[], input: Input | null) => Chain) {}

  private note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  // ------------------------------------------------------------------- which part is read

  read(all: readonly Block[], parts: readonly Part[], wanted: string | null): Found {
    const pasted = all.some(({ head, tokens }) => head === "def" && SELF_MADE.includes(tokens[1]?.text ?? "") && tokens[3]?.text === "self");
    this.safely(() => this.run(all));
    this.safely(() => this.applyLast());
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

  private safely(go: () => unknown): void {
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

  /** A list of layers and objects made outside of functions, and called by no line, is the model. */
  private applyLast(): void {
    if (this.model || this.nodes.some((node) => node.inputs.length)) return;
    const holds = (value: Value): boolean => value.t === "object" || (value.t === "seq" && value.items.some(holds));
    const last = [...this.globals.values()].filter((value) => value.t === "seq" && holds(value)).at(-1);
    if (last) this.apply(last, [this.start()], new Map(), "");
  }

  /** Objects of the text's classes that lines outside of functions give a name. */
  private tops(): Instance[] {
    return [...this.globals.values()].flatMap((value) => (value.t === "object" ? [value.object] : []));
  }

  /** The last of them that no other holds. */
  private rootOfTops(): Instance | undefined {
    const held = new Set<Instance>();
    const hold = (value: Value): void => {
      if (value.t === "object") held.add(value.object);
      else if (value.t === "seq") value.items.forEach(hold);
    };
    for (const object of this.tops()) [...object.attrs.values(), ...(object.inner ? [object.inner] : [])].forEach(hold);
    return this.tops().filter((object) => !held.has(object)).at(-1);
  }

  /** A class, or the function that makes it where it does not say itself what with. */
  private madeBy(parts: readonly Part[], name: string): string {
    const value = this.globals.get(name);
    const init = value?.t === "own" ? this.method(value.own, "__init__") : null;
    const open = init?.params.some((param) => !init.defaults.has(param));
    return (open ? makerOf(parts, name)?.name : null) ?? name;
  }

  private start(): Value {
    return tensor(this.kept(inputNode()));
  }

  /** The result of a class or function on an input. */
  private one(part: Part): Node | null {
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

  private inTurn(names: readonly string[]): Node | null {
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
  private remade(own: Own): Value {
    const top = this.tops().filter((one) => one.of === own).at(-1);
    return this.instance(own, top?.args ?? [], top?.named ?? new Map());
  }

  /** "def __init__(self)" and "def forward(self, x)" without the line of their class. */
  private pastedMethods(all: readonly Block[]): Node | null {
    const own = this.ownOf("", 1, [], all.filter((block) => block.head === "def"));
    let found: Node | null = null;
    this.safely(() => {
      const object = this.instance(own, [], new Map());
      if (CALLED.some((name) => own.methods.has(name))) found = this.deepest(this.apply(object, [this.start()], new Map(), ""));
    });
    return found;
  }

  private deepest(value: Value): Node | null {
    if (value.t === "tensor") return value.node;
    if (value.t !== "seq") return null;
    return value.items.map((one) => this.deepest(one)).reduce((best, one) => (one && (!best || one.depth > best.depth) ? one : best), null);
  }

  private finish(part: string, output: Node | null): Found {
    const votes = { keras: 0, torch: 0 };
    for (const { framework } of this.made) if (framework) votes[framework]++;
    const isApplied = output !== null && output.inputs.length > 0;
    const framework = votes.torch > votes.keras ? "torch" : votes.keras ? "keras" : isApplied ? "torch" : null;
    const mixed = votes.keras > 0 && votes.torch > 0;
    if (!isApplied) return { layers: this.made.flatMap((one) => one.layers), input: this.input, part, framework, mixed };
    const line = this.lineTo(output);
    const on = new Set<Layer>(line.layers);
    line.notes.forEach((text) => this.note(text));
    const unused = this.made.filter((one) => !one.used && one.layers.some((made) => !on.has(made)));
    const lines = [...new Set(unused.map((one) => `${one.line}`))];
    if (lines.length) this.note(words.leftOut(lines.slice(0, 4), lines.length > 4));
    let input = this.inputs.get(line.start) ?? this.input;
    // The input that the text gives to all of it says nothing of a class within.
    const expects = line.layers.find((one) => one.expects !== null)?.expects;
    if (part && input?.c && expects && input.c !== expects && !input.flat) input = null;
    return { layers: line.layers, input, part, framework, mixed };
  }

  // --------------------------------------------------------------------------- sizes

  private framework(): Framework {
    return this.made.some((one) => one.framework === "keras") ? "keras" : "torch";
  }

  private lineTo(node: Node): Line {
    return lineTo(node, (from, cut, meets) => {
      const [whole, small, wanted] = [this.shapeOf(from), this.shapeOf(cut), this.shapeOf(meets)];
      return isMap(whole) && isMap(small) && isMap(wanted) && small.h === wanted.h && small.w === wanted.w && whole.h >= wanted.h && whole.w >= wanted.w;
    });
  }

  private shapeOf(node: Node): Shape | null {
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
  private shapeValue(node: Node): Value {
    const shape = this.shapeOf(node);
    if (!shape) return UNKNOWN;
    const list = !isMap(shape) ? [shape.n] : this.framework() === "keras" ? [shape.h, shape.w, shape.c] : [shape.c, shape.h, shape.w];
    return seq([1, ...list].map((v) => (v === null ? UNKNOWN : { t: "num", v, sized: true })));
  }

  // ------------------------------------------------------------------------ statements

  private run(all: readonly Block[]): void {
    let taken = false;
    for (const s of all) {
      if (this.jump) return;
      if (++this.values > MOST_VALUES) throw new TooMuch();
      this.line = s.line;
      if (s.head === "class") {
        const [name, ...rest] = s.tokens.slice(1);
        const bases = rest.flatMap(({ kind, text }, i) => (kind === "name" && rest[i + 1]?.text !== "." && rest[i + 1]?.text !== "=" ? [text] : []));
        if (name) this.env.set(name.text, { t: "own", own: this.ownOf(name.text, s.line, bases, s.body) });
      } else if (s.head === "def") {
        const func = this.define(s, null);
        if (func.name) this.env.set(func.name, { t: "func", func, self: null });
      } else if (s.head === "for") this.loop(s);
      else if (s.head === "while") {
        this.note(words.unreadLoop(`${s.line}`));
        this.run(s.body);
      } else if (s.head === "if" || s.head === "elif" || s.head === "else") {
        if (s.head === "if") taken = false;
        if (taken) continue;
        const holds = s.head === "else" ? true : this.holds(s);
        // A way out that may be taken or not, such as "if return_features: return", is not taken.
        if (holds === false || (holds === null && s.body.at(-1) && ["return", "raise"].includes(s.body.at(-1)!.head))) continue;
        if (holds === null && makesLayers(tokensIn(s))) this.note(words.unreadTest(`${s.line}`));
        taken = true;
        this.run(s.body);
      } else if (["with", "try", "finally"].includes(s.head)) this.run(s.body);
      else if (s.head !== "except") this.statement(s);
    }
  }

  private holds(s: Block): boolean | null {
    try {
      return truth(this.value(new Parser(s.tokens.slice(1)).expression()));
    } catch (error) {
      if (error instanceof TooMuch) throw error;
      return null;
    }
  }

  private loop(s: Block): void {
    let names: string[] = [];
    let over: Value = UNKNOWN;
    try {
      const read = new Parser(s.tokens.slice(1)).loop();
      names = read.names;
      over = this.value(read.over);
    } catch (error) {
      if (error instanceof TooMuch) throw error;
    }
    if (over.t === "object" && over.object.inner) over = over.object.inner;
    const turns = over.t === "seq" && over.items.length <= MOST_TURNS ? over.items : null;
    if (!turns) {
      this.note(words.unreadLoop(`${s.line}`));
      names.forEach((name) => this.env.delete(name));
    }
    for (const item of turns ?? [null]) {
      if (item) this.bind(names, item);
      this.run(s.body);
      if (this.jump === "return") return;
      const stop = this.jump === "break";
      this.jump = null;
      if (stop) return;
    }
  }

  /** Names get the items of a value, one alone gets all of it. */
  private bind(names: readonly string[], value: Value): void {
    if (names.length === 1) this.assign(names[0]!, value);
    else if (value.t === "seq") {
      const items = value.items.length === names.length ? value.items : value.items.flatMap((one) => (one.t === "seq" ? one.items : [one]));
      names.forEach((name, i) => this.assign(name, items[i] ?? UNKNOWN));
    } else names.forEach((name) => this.assign(name, UNKNOWN));
  }

  private assign(path: string, value: Value): void {
    const dot = path.lastIndexOf(".");
    const owner = dot > 0 ? this.lookup(path.slice(0, dot)) : null;
    if (owner?.t === "object") owner.object.attrs.set(path.slice(dot + 1), value);
    else this.env.set(path, value);
  }

  private statement(s: Block): void {
    let { tokens } = s;
    if (["import", "from", "assert", "del", "pass", "raise", "global", "async"].includes(s.head)) return;
    if (["@", "%", "!"].includes(tokens[0]?.text ?? "")) return;
    if (tokens.length === 1 && (tokens[0]!.text === "break" || tokens[0]!.text === "continue")) {
      this.jump = tokens[0]!.text;
      return;
    }
    if (s.head === "return") tokens = tokens.slice(1);
    try {
      const parser = new Parser(tokens);
      while (!parser.done) {
        const { targets, value } = parser.line();
        const result = this.value(value);
        if (s.head === "return") this.returned = result;
        if (targets.length > 1 && result.t === "seq") this.bind(targets, result);
        else for (const target of targets) this.assign(target, result);
      }
    } catch (error) {
      if (error instanceof TooMuch) throw error;
      if (tokens.some((t) => t.kind === "name" && (rowOf(CLASSES, t.text) || /^[A-Z]\w*2[dD]/.test(t.text)))) this.note(words.unreadLine(`${s.line}`, s.text.slice(0, 50)));
    }
    // In a function that is the end; lines pasted from the middle of one go on.
    if (s.head === "return" && this.depth) this.jump = "return";
  }

  // ---------------------------------------------------------- classes and functions of the text

  private ownOf(name: string, line: number, bases: string[], body: readonly Block[]): Own {
    const own: Own = { name, line, bases, methods: new Map(), attrs: new Map() };
    const methods = own.methods as Map<string, Func>;
    for (const block of body) {
      if (block.head !== "def") continue;
      const func = this.define(block, own);
      methods.set(func.name, func);
    }
    const outer = this.env;
    this.env = new Map(outer);
    const before = new Set(outer.keys());
    this.run(body.filter((block) => !block.head));
    for (const [key, value] of this.env) if (!before.has(key) && !key.includes(".")) own.attrs.set(key, value);
    this.env = outer;
    return own;
  }

  private define(s: Block, of: Own | null): Func {
    const params: string[] = [];
    const defaults = new Map<string, Expr>();
    let rest: string | null = null;
    let depth = 0;
    let expects = "";
    for (let i = 2; i < s.tokens.length; i++) {
      const { text, kind } = s.tokens[i]!;
      if (kind === "op" && "([{".includes(text)) depth++;
      else if (kind === "op" && ")]}".includes(text) && --depth === 0) break;
      if (depth === 1 && kind === "op" && (text === "," || text === "(")) expects = "one";
      else if (expects && kind === "op" && (text === "*" || text === "**")) expects = text;
      else if (expects && kind === "name") {
        if (expects === "one") params.push(text);
        else if (expects === "*") rest = text;
        expects = "";
      } else if (depth === 1 && text === "=" && params.length) {
        try {
          defaults.set(params[params.length - 1]!, new Parser(s.tokens.slice(i + 1)).expression());
        } catch {
          // Left without a value.
        }
      }
    }
    return { name: s.tokens[1]?.text ?? "", params: params.filter((p) => p !== "self"), rest, defaults, body: s.body, scope: this.env, of };
  }

  private readonly classNamed = (name: string): Own | null => {
    const value = this.env.get(name) ?? this.globals.get(name);
    return value?.t === "own" ? value.own : null;
  };
  private method(own: Own, name: string): Func | null {
    return methodOf(own, name, this.classNamed);
  }

  private inline(func: Func, self: Instance | null, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    if (this.depth >= MOST_CALLS) return UNKNOWN;
    this.depth++;
    const { env, returned, within } = this;
    this.env = new Map(func.scope);
    if (self) this.env.set("self", { t: "object", object: self });
    for (const param of func.params) this.env.delete(param);
    for (const [param, value] of func.defaults) this.env.set(param, this.value(value));
    func.params.forEach((param, i) => args[i] && this.env.set(param, args[i]!));
    if (func.rest) this.env.set(func.rest, seq(args.slice(func.params.length)));
    for (const [param, value] of named) this.env.set(param, value);
    this.within = func.of;
    this.returned = { t: "none" };
    this.run(func.body);
    const result = this.returned;
    this.jump = null;
    [this.env, this.returned, this.within] = [env, returned, within];
    this.depth--;
    return result;
  }

  private instance(own: Own, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const object: Instance = { of: own, args, named, attrs: new Map(), inner: null };
    const init = this.method(own, "__init__");
    if (init) this.inline(init, object, args, named);
    else object.inner = this.baseMade(own, args, named);
    const build = this.method(own, "build");
    if (build) this.inline(build, object, [], new Map());
    return { t: "object", object };
  }

  /** What a class is that extends Sequential or a layer. */
  private baseMade(own: Own, args: readonly Value[], named: ReadonlyMap<string, Value>): Value | null {
    for (const base of own.bases) {
      if (/^(Sequential|ModuleList)$/.test(base)) return seq(args[0]?.t === "seq" && args.length === 1 ? args[0].items : [...args]);
      if (rowOf(CLASSES, base) && !this.classNamed(base)) return this.construct(base, args, named);
    }
    return null;
  }

  private superCall(name: string, args: Value[], named: Map<string, Value>): Value {
    const self = this.env.get("self");
    if (self?.t !== "object" || !this.within) return UNKNOWN;
    for (const base of this.within.bases) {
      const own = this.classNamed(base);
      const func = own && own !== this.within ? this.method(own, name) : null;
      if (func) return this.inline(func, self.object, args, named);
    }
    if (name === "__init__") self.object.inner = this.baseMade(this.within, args, named);
    else if (CALLED.includes(name) && self.object.inner) return this.apply(self.object.inner, args, named, name);
    return UNKNOWN;
  }

  // ----------------------------------------------------------------------------- values

  private lookup(path: string): Value {
    const whole = this.env.get(path);
    if (whole) return whole;
    const [first, ...rest] = path.split(".");
    let value = this.env.get(first!);
    if (!rest.length || !value) return { t: "name", path };
    for (const name of rest) {
      value = this.attribute(value, name);
      if (!value) return this.globals.get(path) ?? { t: "name", path };
    }
    return value;
  }

  private attribute(of: Value, name: string): Value | undefined {
    switch (of.t) {
      case "tensor":
        return name === "shape" ? this.shapeValue(of.node) : ["data", "output", "input"].includes(name) ? of : undefined;
      case "model":
        return name === "output" ? tensor(of.output) : name === "input" ? tensor(of.input) : undefined;
      case "own": {
        const func = this.method(of.own, name);
        return of.own.attrs.get(name) ?? (func ? { t: "func", func, self: null } : undefined);
      }
      case "object": {
        const func = this.method(of.object.of, name);
        return of.object.attrs.get(name) ?? of.object.of.attrs.get(name) ?? (func ? { t: "func", func, self: of.object } : undefined);
      }
      default:
        return undefined;
    }
  }

  private value(e: Expr): Value {
    if (++this.values > MOST_VALUES) throw new TooMuch();
    switch (e.t) {
      case "num":
        return num(e.v);
      case "str":
        return { t: "str", v: e.v };
      case "seq":
        return this.sequence(e.items);
      case "name":
        if (e.path === "None") return { t: "none" };
        if (e.path === "True" || e.path === "False") return { t: "bool", v: e.path === "True" };
        return this.lookup(e.path);
      case "op":
        return this.operation(e.op, this.value(e.a), this.value(e.b));
      case "test":
        return this.test(e);
      case "not": {
        const holds = truth(this.value(e.of));
        return holds === null ? UNKNOWN : { t: "bool", v: !holds };
      }
      case "choice": {
        const holds = truth(this.value(e.test));
        const value = this.value(holds === false ? e.no : e.yes);
        if (holds === null && ["made", "tensor", "object"].includes(value.t)) this.note(words.unreadTest(`${this.line}`));
        return value;
      }
      case "each":
        return seq(this.each(e));
      case "star":
        return this.value(e.of);
      case "attr":
        return this.attribute(this.value(e.of), e.name) ?? UNKNOWN;
      case "index":
        return this.index(e);
      case "call":
        return this.call(e);
      default:
        return UNKNOWN;
    }
  }

  private each(e: Expr & { t: "each" }): Value[] {
    const over = this.value(e.over);
    if (over.t !== "seq" || over.items.length > MOST_TURNS) {
      this.note(words.unreadLoop(`${this.line}`));
      return [this.value(e.item)];
    }
    const outer = this.env;
    this.env = new Map(outer);
    const found: Value[] = [];
    for (const item of over.items) {
      this.bind(e.names, item);
      if (!e.when || truth(this.value(e.when)) !== false) found.push(this.value(e.item));
    }
    this.env = outer;
    return found;
  }

  private test(e: Expr & { t: "test" }): Value {
    const a = this.value(e.a);
    const known = truth(a);
    if (e.op === "and" && known === false) return a;
    if (e.op === "or" && known === true) return a;
    const b = this.value(e.b);
    if (e.op === "and") return known || truth(b) === false ? b : UNKNOWN;
    if (e.op === "or") return known === false ? b : UNKNOWN;
    const says = (v: boolean | null): Value => (v === null ? UNKNOWN : { t: "bool", v });
    // A class of a framework, such as "norm_layer=nn.BatchNorm2d", is something.
    const isClass = (v: Value) => v.t === "name" && Boolean(rowOf(CLASSES, lastOf(v.path)));
    const same = (isClass(a) && b.t === "none") || (isClass(b) && a.t === "none") ? false : equal(a, b);
    if (e.op === "==") return says(same);
    if (e.op === "!=") return says(same === null ? null : !same);
    if (e.op === "in") {
      if (b.t !== "seq") return UNKNOWN;
      const all = b.items.map((one) => equal(a, one));
      return says(all.includes(true) ? true : all.includes(null) ? null : false);
    }
    if (a.t !== "num" || b.t !== "num") return UNKNOWN;
    return says({ "<": a.v < b.v, ">": a.v > b.v, "<=": a.v <= b.v, ">=": a.v >= b.v }[e.op] ?? null);
  }

  private index(e: Expr & { t: "index" }): Value {
    if (e.of.t === "name" && rowOf(CLASSES, lastOf(e.of.path)) && this.lookup(e.of.path).t === "name")
      return this.construct(lastOf(e.of.path), e.items.map((x) => this.value(x)), new Map());
    let of = this.value(e.of);
    if (of.t === "object" && of.object.inner) of = of.object.inner;
    if (of.t === "tensor") return this.cut(of.node, e.items);
    if (of.t !== "seq") return UNKNOWN;
    const [at] = e.items;
    if (at?.t === "slice") {
      const [from, to, by] = at.parts.map((part) => (part ? this.value(part) : null));
      const bound = (v: Value | null | undefined) => (v?.t === "num" ? v.v : undefined);
      if ([from, to, by].some((v) => v && v.t !== "num" && v.t !== "none")) return UNKNOWN;
      const step = bound(by) ?? 1;
      if (Math.abs(step) < 1) return UNKNOWN;
      const items = step < 0 && !from && !to ? [...of.items].reverse() : of.items.slice(bound(from), bound(to));
      return seq(items.filter((_, i) => i % Math.abs(step) === 0));
    }
    const place = at ? this.value(at) : UNKNOWN;
    return (place.t === "num" && of.items.at(place.v)) || UNKNOWN;
  }

  /** "x[:, :, 2:-2, 2:-2]" cuts pixels away; what takes channels or images apart is not followed. */
  private cut(node: Node, items: readonly Expr[]): Value {
    const shape = this.shapeOf(node);
    const keras = this.framework() === "keras";
    if (!isMap(shape) || items.length !== (keras && items.length === 3 ? 3 : 4)) return UNKNOWN;
    const sides: number[] = [];
    let sized = false;
    for (const [i, size] of [shape.h, shape.w].entries()) {
      const item = items[(keras ? 1 : 2) + i]!;
      if (item.t !== "slice" || item.parts.length > 2) return UNKNOWN;
      const [from, to] = item.parts.map((part) => (part ? this.value(part) : null));
      if ([from, to].some((v) => v && v.t !== "num")) return UNKNOWN;
      const place = (v: Value | null | undefined, usual: number) => (v?.t !== "num" ? usual : v.v < 0 ? Math.max(size + v.v, 0) : Math.min(v.v, size));
      sides.push(place(from, 0), size - place(to, size));
      sized ||= [from, to].some((v) => v?.t === "num" && v.sized);
    }
    if (sides.some((v) => !Number.isInteger(v) || v < 0)) return UNKNOWN;
    if (sized) this.note(words.fixedSize(`${this.line}`, "crop", sides.join(", ")));
    return sides.some((v) => v) ? this.add(node, layer("crop", { size: sides }), "crop") : tensor(node);
  }

  /** A list; "[-1, 1, nn.ConvTranspose2d, [384, 3, 2, 1, 1]]" of a model file is a layer. */
  private sequence(items: readonly Expr[]): Value {
    const at = items.findIndex((item, i) => item.t === "name" && rowOf(CLASSES, lastOf(item.path)) && items[i + 1]?.t === "seq");
    if (at >= 0) {
      const [name, args] = [items[at] as Expr & { t: "name" }, items[at + 1] as Expr & { t: "seq" }];
      return this.construct(lastOf(name.path), args.items.map((x) => this.value(x)), new Map());
    }
    return seq(this.spread(items));
  }

  private spread(items: readonly Expr[]): Value[] {
    return items.flatMap((item) => {
      const value = this.value(item);
      return (item.t === "star" || item.t === "each") && value.t === "seq" ? value.items : [value];
    });
  }

  private operation(op: string, a: Value, b: Value): Value {
    if (a.t === "tensor" && b.t === "tensor") return op === "+" ? this.join("add", [a, b]) : a;
    // "x * 0.5" has the size of x, and so has what an unknown value is added to.
    if (a.t === "tensor" || b.t === "tensor") return a.t === "tensor" ? a : b;
    if (a.t === "num" && b.t === "num") {
      const v = { "+": a.v + b.v, "-": a.v - b.v, "*": a.v * b.v, "/": a.v / b.v, "//": Math.floor(a.v / b.v), "%": a.v % b.v, "**": a.v ** b.v }[op];
      return v !== undefined && Number.isFinite(v) ? { t: "num", v, ...(a.sized || b.sized ? { sized: true } : {}) } : UNKNOWN;
    }
    const [list, times] = a.t === "seq" ? [a, b] : [b, a];
    if (op === "*" && list.t === "seq" && times.t === "num" && times.v >= 0 && times.v * list.items.length < 100) return seq(Array.from({ length: times.v }, () => list.items).flat());
    if (op === "+" && a.t === "seq" && b.t === "seq" && a.items.length + b.items.length < 1000) return seq([...a.items, ...b.items]);
    return UNKNOWN;
  }

  // ------------------------------------------------------------------------------ calls

  private call(e: Expr & { t: "call" }): Value {
    let name = nameOf(e.callee);
    const { callee } = e;
    if (callee.t === "attr" && callee.of.t === "call" && nameOf(callee.of.callee) === "super") return this.superCall(name, this.spread(e.args), this.namedOf(e));
    const dot = callee.t === "name" ? callee.path.lastIndexOf(".") : -1;
    const owner = callee.t === "attr" ? this.value(callee.of) : callee.t === "name" && dot > 0 ? this.lookup(callee.path.slice(0, dot)) : null;
    const target = callee.t === "attr" ? (this.attribute(owner!, name) ?? UNKNOWN) : callee.t === "name" ? this.lookup(callee.path) : this.value(callee);
    const args = this.spread(e.args);
    const named = this.namedOf(e);
    if (callee.t === "name") this.line = callee.line;
    switch (target.t) {
      case "made":
      case "seq":
      case "object":
      case "model":
        return this.apply(target, args, named, name);
      case "func":
        return this.inline(target.func, target.self, args, named);
      case "own":
        return this.instance(target.own, args, named);
      case "join":
        return this.join(target.kind, args[0]?.t === "seq" ? args[0].items : args);
      case "name":
        // "norm=nn.BatchNorm2d" is given as an argument, and called by its new name.
        if (target.path && callee.t === "name" && target.path !== callee.path) name = lastOf(target.path);
        break;
      default:
        return UNKNOWN;
    }
    const answer = owner && owner.t !== "name" ? this.ask(owner, name, args, named) : undefined;
    if (answer) return answer;
    const own = this.globals.get(name);
    if (own?.t === "own") return this.instance(own.own, args, named);
    if (own?.t === "func" && owner?.t === "name") return this.inline(own.func, null, args, named);
    if (callee.t !== "name" && callee.t !== "attr") return UNKNOWN;
    if (Object.hasOwn(JOINS, name)) return { t: "join", kind: JOINS[name]! };
    if (rowOf(CLASSES, name)) return this.construct(name, args, named);
    return this.function(name, owner?.t === "tensor" ? [owner, ...args] : args, named, args);
  }

  private namedOf(e: Expr & { t: "call" }): Map<string, Value> {
    return new Map([...e.named].map(([key, x]) => [key, this.value(x)] as const));
  }

  /** Methods of lists, models and tensors; undefined where it is none. */
  private ask(owner: Value, name: string, args: Value[], named: Map<string, Value>): Value | undefined {
    if (owner.t === "seq") {
      const { items } = owner;
      if (name === "append" || name === "add") items.push(...args.slice(0, 1));
      else if (name === "add_module") items.push(...args.slice(1, 2));
      else if (name === "extend") items.push(...(args[0]?.t === "seq" ? args[0].items : []));
      else if (name === "insert" && args[0]?.t === "num") items.splice(args[0].v, 0, ...args.slice(1, 2));
      else if (name === "reverse") items.reverse();
      else if (name === "pop") return (args[0]?.t === "num" ? items.splice(args[0].v, 1)[0] : items.pop()) ?? UNKNOWN;
      else return ITSELF.test(name) ? owner : name === "format" ? undefined : UNKNOWN;
      return { t: "none" };
    }
    if (owner.t === "object" || owner.t === "model" || owner.t === "made") {
      if (ITSELF.test(name)) return owner;
      if (name === "add_module" && owner.t === "object" && args[0]?.t === "str" && args[1]) {
        owner.object.attrs.set(args[0].v, args[1]);
        if (owner.object.inner?.t === "seq") owner.object.inner.items.push(args[1]);
      }
      if (name === "add" && owner.t === "object" && owner.object.inner?.t === "seq") owner.object.inner.items.push(...args.slice(0, 1));
      if (CALLED.includes(name)) return this.apply(owner, args, named, name);
      // Something of the object that is not known, called on a tensor, is a layer that is not known.
      return args.some((a) => a.t === "tensor") ? undefined : UNKNOWN;
    }
    if (owner.t === "tensor" && (name === "size" || name === "get_shape")) {
      const shape = this.shapeValue(owner.node);
      return shape.t === "seq" && args[0]?.t === "num" ? (shape.items.at(args[0].v) ?? UNKNOWN) : shape;
    }
    return owner.t === "str" || owner.t === "num" ? UNKNOWN : undefined;
  }

  private function(name: string, args: Value[], named: Map<string, Value>, own: Value[]): Value {
    const given = args.find((a) => a.t === "tensor");
    const [first] = args;
    const all = first?.t === "seq" ? first.items : args;
    const plain = this.plainFunction(name, args);
    if (plain) return plain;
    if (name === "Input" || name === "InputLayer") {
      const node = inputNode();
      const input = this.takeInput(named.get("shape") ?? named.get("input_shape") ?? named.get("batch_shape") ?? first, named.has("batch_shape"));
      if (input) this.inputs.set(node, input);
      this.nodes.push(node);
      return tensor(node);
    }
    if (name === "Model" || name === "Functional") {
      const [input, output] = [named.get("inputs") ?? named.get("input") ?? first, named.get("outputs") ?? named.get("output") ?? args[1]];
      const [from, to] = [input && this.deepest(input), output && this.deepest(output)];
      if (from && to) return (this.model = { t: "model", input: from, output: to });
      return UNKNOWN;
    }
    if (/^(randn|rand|zeros|ones|empty)$/.test(name)) {
      const shape = own[0]?.t === "seq" ? own[0].items : own;
      if (shape.length !== 4 || !shape.every((v) => v.t === "num")) return UNKNOWN;
      const node = inputNode();
      const [, c, h, w] = shape.map((v) => (v as { v: number }).v);
      this.input = { h: h!, w: w!, c: c!, flat: false };
      this.inputs.set(node, this.input);
      this.nodes.push(node);
      return tensor(node);
    }
    if (name === "summary" && first?.t === "object") return this.summary(first, named.get("input_size") ?? args[1]);
    if (/^(cat|concat|concatenate)$/.test(name) && all.some((a) => a.t === "tensor")) return this.join("concat", all);
    if (/^[aA]dd$/.test(name) && all.length > 1 && all.some((a) => a.t === "tensor")) return this.join("add", all);
    if ((name === "shape" || name === "int_shape") && first?.t === "tensor") return this.shapeValue(first.node);
    if (!given) {
      if (HOLDERS.test(name)) return name === "Sequential" || name === "ModuleList" ? seq(first?.t === "seq" && args.length === 1 ? first.items : args) : (args.find((a) => a.t === "object" || a.t === "model") ?? seq(args));
      // A wrapper such as spectral_norm(nn.Conv2d(...)): the layer in it is read.
      const held = args.find((a) => a.t === "made" || a.t === "object" || a.t === "model");
      if (held) return held;
      if (/^[A-Z]\w*[a-z]/.test(name) && !/Error$|Callback|Checkpoint|Stopping|Generator$|Dataset|Loader$/.test(name)) return this.construct(name, args, named);
      return UNKNOWN;
    }
    if (HOLDERS.test(name) || /loss|criterion/i.test(name)) return UNKNOWN;
    if (QUIET.test(name)) return given;
    if (/^(dim|numel|item|mean|sum|print|fit|compile|summary|backward|step|len)$/.test(name)) return UNKNOWN;
    const row = rowOf(FUNCTIONS, name);
    const rest = new Args(row?.signature ?? [], args, named);
    if (!row) return this.add(given.node, this.careful(name, () => (name === "view" || name === "reshape" ? viewed(own) : [])), name);
    const sized = [...args, ...named.values()].flatMap((v) => (v.t === "seq" ? v.items : [v])).filter((v) => v.t === "num" && v.sized) as { v: number }[];
    if (sized.length && name !== "flatten") this.note(words.fixedSize(`${this.line}`, name, sized.map(({ v }) => `${v}`).join(", ")));
    const made = this.careful(name, () => row.make(rest));
    // Padding by nothing, as it is where sizes happen to fit.
    if (name === "pad" && made.every((one) => one.kind === "pad" && one.size.every((v) => v === 0))) return given;
    return this.add(given.node, made, name);
  }

  /** Functions of numbers and lists. */
  private plainFunction(name: string, args: Value[]): Value | null {
    const [first] = args;
    const lists = args.filter((a): a is Value & { t: "seq" } => a.t === "seq");
    const whole = args.filter((a): a is Value & { t: "num" } => a.t === "num");
    const numeric = args.length > 0 && whole.length === args.length;
    const rounds = { int: Math.trunc, floor: Math.floor, ceil: Math.ceil, round: Math.round, abs: Math.abs, log2: Math.log2 }[name];
    if (rounds && numeric && args.length === 1) return { ...whole[0]!, v: rounds(whole[0]!.v) };
    if ((name === "min" || name === "max") && numeric) return num(Math[name](...whole.map(({ v }) => v)));
    if (name === "range" && numeric) {
      const [a, b, by] = whole.map(({ v }) => v) as [number, number?, number?];
      const [from, to, step] = [b === undefined ? 0 : a, b ?? a, by ?? 1];
      const length = step ? Math.min(Math.max(Math.ceil((to - from) / step), 0), MOST_TURNS + 1) : MOST_TURNS + 1;
      return seq(Array.from({ length }, (_, i) => num(from + i * step)));
    }
    if (name === "len" && first?.t === "seq") return num(first.items.length);
    if ((name === "list" || name === "tuple") && first?.t === "seq") return seq([...first.items]);
    if (name === "reversed" && first?.t === "seq") return seq([...first.items].reverse());
    if (name === "enumerate" && first?.t === "seq") return seq(first.items.map((item, i) => seq([num(i), item])));
    if (name === "zip" && args.length && lists.length === args.length)
      return seq(Array.from({ length: Math.min(...lists.map(({ items }) => items.length)) }, (_, i) => seq(lists.map(({ items }) => items[i]!))));
    if (name === "OrderedDict" && first?.t === "seq") return seq(first.items.flatMap((item) => (item.t === "seq" ? item.items : [item])));
    return null;
  }

  /** "summary(model, (3, 224, 224))" says what goes in. */
  private summary(model: Value, size: Value | undefined): Value {
    const all = size?.t === "seq" ? size.items.slice(-3) : [];
    if (all.length !== 3 || !all.every((v) => v.t === "num")) return UNKNOWN;
    const [c, h, w] = all.map((v) => (v as { v: number }).v);
    this.input = { h: h!, w: w!, c: c!, flat: false };
    this.apply(model, [this.start()], new Map(), "summary");
    return { t: "none" };
  }

  private takeInput(value: Value | undefined, batch: boolean): Input | null {
    if (value?.t !== "seq") return null;
    const items = batch ? value.items.slice(1) : value.items;
    const whole = (v: Value | undefined) => (v?.t === "num" && Number.isInteger(v.v) && v.v > 0 ? v.v : null);
    let input: Input | null = null;
    if (items.length === 3) input = { h: whole(items[0]), w: whole(items[1]), c: whole(items[2]), flat: false };
    if (items.length === 1) input = { h: 1, w: 1, c: whole(items[0]), flat: true };
    this.input ??= input;
    return input;
  }

  // ----------------------------------------------------------------------------- layers

  /** Layers by `make`, or an unknown layer of that name where the text is not clear. */
  private careful(name: string, make: () => Layer[]): Layer[] {
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

  private construct(name: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Made {
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

  private add(to: Node, layers: readonly Layer[], name: string): Value {
    return tensor(this.kept(applied(to, layers, name, this.line)));
  }

  /** What a layer, a list of them, or an object of a class makes of its arguments. */
  private apply(target: Value, args: readonly Value[], named: Map<string, Value>, name: string): Value {
    if (target.t === "object") return this.forward(target.object, args, named, name);
    const given =
      args.find((a) => a.t === "tensor") ??
      // "x = conv(x)" pasted alone: x is what goes in.
      (!this.nodes.length && args[0]?.t === "name" ? this.start() : null);
    if (target.t === "seq") {
      let value: Value = given ?? args[0] ?? UNKNOWN;
      this.markUsed(target);
      for (const item of target.items) {
        if (!["made", "seq", "object", "model", "func"].includes(item.t)) continue;
        value = item.t === "func" ? this.inline(item.func, item.self, [value], new Map()) : this.apply(item, value.t === "seq" ? value.items : [value], new Map(), name);
      }
      return value;
    }
    if (target.t === "model") return given?.t === "tensor" ? tensor(onto(target.output, target.input, given.node, this.line, (node) => this.kept(node))) : UNKNOWN;
    if (target.t !== "made" || !args.length) return UNKNOWN;
    target.used = true;
    if (given?.t !== "tensor") return UNKNOWN;
    const wanted = named.get("output_size");
    return this.add(given.node, wanted ? this.toSize(target.layers, given.node, wanted) : target.layers, name);
  }

  private kept(node: Node): Node {
    if (this.nodes.length >= MOST_NODES) throw new TooMuch();
    this.nodes.push(node);
    return node;
  }

  private markUsed(value: Value): void {
    if (value.t === "made") value.used = true;
    else if (value.t === "seq") value.items.forEach((one) => this.markUsed(one));
  }

  /** A transposed layer called with output_size: the output_padding that gives it. */
  private toSize(layers: readonly Layer[], from: Node, wanted: Value): readonly Layer[] {
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

  private forward(object: Instance, args: readonly Value[], named: Map<string, Value>, name: string): Value {
    const func = CALLED.map((called) => this.method(object.of, called)).find(Boolean);
    if (func) return this.inline(func, object, args, named);
    if (object.inner) return this.apply(object.inner, args, named, name);
    this.note(words.noForward(`${object.of.line}`, object.of.name));
    return this.apply(seq([...object.attrs.values()]), args, named, name);
  }

  private join(kind: "concat" | "add", all: readonly Value[]): Value {
    const nodes = all.flatMap((a) => (a.t === "tensor" ? [a.node] : []));
    if (!nodes.length) return UNKNOWN;
    const partial = nodes.length < all.length;
    if (nodes.length === 1 && !partial) return tensor(nodes[0]!);
    return tensor(this.kept(joined(kind, nodes, partial, this.line)));
  }
}
