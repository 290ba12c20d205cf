/** Goes through pasted lines as Python would, with tensors that only know which layers made them. Nothing is executed. */
import * as words from "../words/en/chain.ts";
import { MOST_TURNS, plainFunction } from "./builtins.ts";
import { CLASSES, FUNCTIONS, HOLDERS, layer, QUIET, rowOf, viewed } from "./classes.ts";
import { inputNode, onto, type Node } from "./graph.ts";
import { makesLayers, tokensIn } from "./parts.ts";
import { Parser, type Block, type Expr } from "./python.ts";
import { TooMuch, Trace } from "./trace.ts";
import { Args, equal, num, seq, tensor, truth, UNKNOWN, type Func, type Instance, type Own, type Value } from "./values.ts";
import { isMap } from "./walk.ts";

/** Values worked out before the reader gives up: far more than any model has. */
const MOST_VALUES = 25_000;
const MOST_CALLS = 14;

const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
const nameOf = (e: Expr): string => (e.t === "name" ? lastOf(e.path) : e.t === "attr" ? e.name : "");
/** Methods that a call of an object goes to. */
export const CALLED = ["forward", "call", "__call__"];
/** What a model or list answers with itself. */
const ITSELF = /^(to|cuda|cpu|eval|train|float|half|double|apply|requires_grad_|children|modules|copy|parameters)$/;
const JOINS: Record<string, "concat" | "add"> = { Concatenate: "concat", Concat: "concat", Add: "add" };

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

export class Reader extends Trace {
  protected globals = new Map<string, Value>([["__name__", { t: "str", v: "__main__" }]]);
  protected env = this.globals;
  protected model: (Value & { t: "model" }) | null = null;
  protected values = 0;
  protected depth = 0;
  protected returned: Value = UNKNOWN;
  /** Why the statements that follow are not gone through. */
  protected jump: "return" | "break" | "continue" | null = null;
  protected within: Own | null = null;

  protected run(all: readonly Block[]): void {
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

  protected holds(s: Block): boolean | null {
    try {
      return truth(this.value(new Parser(s.tokens.slice(1)).expression()));
    } catch (error) {
      if (error instanceof TooMuch) throw error;
      return null;
    }
  }

  protected loop(s: Block): void {
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
  protected bind(names: readonly string[], value: Value): void {
    if (names.length === 1) this.assign(names[0]!, value);
    else if (value.t === "seq") {
      const items = value.items.length === names.length ? value.items : value.items.flatMap((one) => (one.t === "seq" ? one.items : [one]));
      names.forEach((name, i) => this.assign(name, items[i] ?? UNKNOWN));
    } else names.forEach((name) => this.assign(name, UNKNOWN));
  }

  protected assign(path: string, value: Value): void {
    const dot = path.lastIndexOf(".");
    const owner = dot > 0 ? this.lookup(path.slice(0, dot)) : null;
    if (owner?.t === "object") owner.object.attrs.set(path.slice(dot + 1), value);
    else this.env.set(path, value);
  }

  protected statement(s: Block): void {
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

  protected ownOf(name: string, line: number, bases: string[], body: readonly Block[]): Own {
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

  protected define(s: Block, of: Own | null): Func {
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

  protected readonly classNamed = (name: string): Own | null => {
    const value = this.env.get(name) ?? this.globals.get(name);
    return value?.t === "own" ? value.own : null;
  };

  protected method(own: Own, name: string): Func | null {
    return methodOf(own, name, this.classNamed);
  }

  protected inline(func: Func, self: Instance | null, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    if (this.depth >= MOST_CALLS) return UNKNOWN;
    this.depth++;
    const { env, returned, within, line } = this;
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
    [this.env, this.returned, this.within, this.line] = [env, returned, within, line];
    this.depth--;
    return result;
  }

  protected instance(own: Own, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const object: Instance = { of: own, args, named, attrs: new Map(), inner: null };
    const init = this.method(own, "__init__");
    if (init) this.inline(init, object, args, named);
    else object.inner = this.baseMade(own, args, named);
    const build = this.method(own, "build");
    if (build) this.inline(build, object, [], new Map());
    return { t: "object", object };
  }

  /** What a class is that extends Sequential or a layer. */
  protected baseMade(own: Own, args: readonly Value[], named: ReadonlyMap<string, Value>): Value | null {
    for (const base of own.bases) {
      if (/^(Sequential|ModuleList)$/.test(base)) return seq(args[0]?.t === "seq" && args.length === 1 ? args[0].items : [...args]);
      if (rowOf(CLASSES, base) && !this.classNamed(base)) return this.construct(base, args, named);
    }
    return null;
  }

  protected superCall(name: string, args: Value[], named: Map<string, Value>): Value {
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

  protected lookup(path: string): Value {
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

  protected attribute(of: Value, name: string): Value | undefined {
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

  protected value(e: Expr): Value {
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

  protected each(e: Expr & { t: "each" }): Value[] {
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

  protected test(e: Expr & { t: "test" }): Value {
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

  protected index(e: Expr & { t: "index" }): Value {
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
    if (place.t === "str") return of.items[of.items.findIndex((one) => one.t === "str" && one.v === place.v) + 1] ?? UNKNOWN;
    return (place.t === "num" && of.items.at(place.v)) || UNKNOWN;
  }

  /** "x[:, :, 2:-2, 2:-2]" cuts pixels away; what takes channels or images apart is not followed. */
  protected cut(node: Node, items: readonly Expr[]): Value {
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
  protected sequence(items: readonly Expr[]): Value {
    const at = items.findIndex((item, i) => item.t === "name" && rowOf(CLASSES, lastOf(item.path)) && items[i + 1]?.t === "seq");
    if (at >= 0) {
      const [name, args] = [items[at] as Expr & { t: "name" }, items[at + 1] as Expr & { t: "seq" }];
      return this.construct(lastOf(name.path), args.items.map((x) => this.value(x)), new Map());
    }
    return seq(this.spread(items));
  }

  protected spread(items: readonly Expr[]): Value[] {
    return items.flatMap((item) => {
      const value = this.value(item);
      return (item.t === "star" || item.t === "each") && value.t === "seq" ? value.items : [value];
    });
  }

  protected operation(op: string, a: Value, b: Value): Value {
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

  protected call(e: Expr & { t: "call" }): Value {
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
      case "partial":
        return this.construct(target.name, [...target.args, ...args], new Map([...target.named, ...named]));
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

  protected namedOf(e: Expr & { t: "call" }): Map<string, Value> {
    const named = new Map<string, Value>();
    for (const [key, x] of e.named) {
      const value = this.value(x);
      if (key !== "**") named.set(key, value);
      else if (value.t !== "seq") this.note(words.unreadStars(`${this.line}`));
      // A dictionary is a list of keys and values in turn.
      else value.items.forEach((one, i) => i % 2 === 0 && one.t === "str" && named.set(one.v, value.items[i + 1] ?? UNKNOWN));
    }
    return named;
  }

  /** Methods of lists, models and tensors; undefined where it is none. */
  protected ask(owner: Value, name: string, args: Value[], named: Map<string, Value>): Value | undefined {
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
      if (name === "build") this.takeInput(args[0] ?? named.get("input_shape"), true);
      // Something of the object that is not known, called on a tensor, is a layer that is not known.
      return args.some((a) => a.t === "tensor") ? undefined : UNKNOWN;
    }
    if (owner.t === "tensor" && (name === "size" || name === "get_shape")) {
      const shape = this.shapeValue(owner.node);
      return shape.t === "seq" && args[0]?.t === "num" ? (shape.items.at(args[0].v) ?? UNKNOWN) : shape;
    }
    return owner.t === "str" || owner.t === "num" ? UNKNOWN : undefined;
  }

  protected function(name: string, args: Value[], named: Map<string, Value>, own: Value[]): Value {
    const given = args.find((a) => a.t === "tensor");
    const [first] = args;
    const all = first?.t === "seq" ? first.items : args;
    if (name === "dict") return seq([...named].flatMap(([key, value]): Value[] => [{ t: "str", v: key }, value]));
    if (name === "partial" && first?.t === "name" && rowOf(CLASSES, lastOf(first.path))) return { t: "partial", name: lastOf(first.path), args: args.slice(1), named };
    const plain = plainFunction(name, args);
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
      if (HOLDERS.test(name)) return /^(Sequential|ModuleList|ModuleDict)$/.test(name) ? seq(first?.t === "seq" && args.length === 1 ? first.items : args) : (args.find((a) => a.t === "object" || a.t === "model") ?? seq(args));
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

  /** "summary(model, (3, 224, 224))" says what goes in. */
  protected summary(model: Value, size: Value | undefined): Value {
    const all = size?.t === "seq" ? size.items.slice(-3) : [];
    if (all.length !== 3 || !all.every((v) => v.t === "num")) return UNKNOWN;
    const [c, h, w] = all.map((v) => (v as { v: number }).v);
    this.input = { h: h!, w: w!, c: c!, flat: false };
    this.apply(model, [this.start()], new Map(), "summary");
    return { t: "none" };
  }

  /** What a layer, a list of them, or an object of a class makes of its arguments. */
  protected apply(target: Value, args: readonly Value[], named: Map<string, Value>, name: string): Value {
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

  protected forward(object: Instance, args: readonly Value[], named: Map<string, Value>, name: string): Value {
    const func = CALLED.map((called) => this.method(object.of, called)).find(Boolean);
    if (func) return this.inline(func, object, args, named);
    if (object.inner) return this.apply(object.inner, args, named, name);
    this.note(words.noForward(`${object.of.line}`, object.of.name));
    return this.apply(seq([...object.attrs.values()]), args, named, name);
  }
}
