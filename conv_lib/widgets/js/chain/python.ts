/**
 * A small tolerant reader of Python text: statements in their blocks, and expressions with numbers, names, calls, lists,
 * arithmetic and comparisons. Nothing is executed; what is not understood is left out and said.
 */
export type Expr =
  | { t: "num"; v: number }
  | { t: "str"; v: string }
  | { t: "name"; path: string; line: number }
  | { t: "seq"; items: Expr[] }
  /** `named` holds what follows two stars under "**". */
  | { t: "call"; callee: Expr; args: Expr[]; named: Map<string, Expr> }
  | { t: "attr"; of: Expr; name: string }
  | { t: "index"; of: Expr; items: Expr[] }
  | { t: "slice"; parts: (Expr | null)[] }
  | { t: "op"; op: string; a: Expr; b: Expr }
  | { t: "test"; op: string; a: Expr; b: Expr }
  | { t: "not"; of: Expr }
  | { t: "choice"; test: Expr; yes: Expr; no: Expr }
  | { t: "each"; item: Expr; names: string[]; over: Expr; when: Expr | null }
  | { t: "star"; of: Expr }
  | { t: "lambda" };

export interface Statement {
  line: number;
  indent: number;
  /** "def", "class", "for" and so on, or "" for an expression or assignment. */
  head: string;
  text: string;
  tokens: Token[];
}

/** A statement with what is indented below it. */
export interface Block extends Statement {
  body: Block[];
}

export interface Token {
  kind: "num" | "str" | "name" | "op";
  text: string;
  line: number;
}

const TOKEN = /\s+|[rbuf]{0,2}("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|\/\/|->|:=|[-+*/%]=|[=!<>]=|.)/guy;
const OPEN = "([{";
const CLOSE = ")]}";
const HEADS = new Set(["def", "class", "for", "while", "if", "elif", "else", "with", "try", "except", "finally", "import", "from", "return", "assert", "del", "pass", "async", "raise", "global"]);

const COMPARISONS = ["==", "!=", "<", ">", "<=", ">="];
/** Words that are no names. */
const WORDS = new Set(["if", "else", "for", "in", "is", "and", "or", "not"]);

/** What stands before code in prints and consoles: ">>> ", "In [3]: ", "(0): ", "(main): ". */
const DECORATION = /^(\s*)(?:>>> ?|\.\.\. ?|In \[\d+\]: ?|\([\w.]+\): ?|- (?=\[))/;

/** Cuts a text into logical lines: a bracket that is open goes on over line ends. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let depth = 0;
  let current: Statement | null = null;
  let quoted = "";
  text.split(/\r\n?|\n/).forEach((raw, number) => {
    if (quoted) {
      // Inside a text over several lines, such as a docstring.
      if (raw.includes(quoted)) quoted = "";
      return;
    }
    const line = raw.replace(DECORATION, "$1").replace(/\t/g, "    ");
    const open = /^\s*[rbuf]*("""|''')/.exec(line);
    if (open && depth === 0) {
      if (!line.slice(line.indexOf(open[1]!) + 3).includes(open[1]!)) quoted = open[1]!;
      return;
    }
    const tokens = tokenise(line, number + 1);
    if (!tokens.length) return;
    // A line of a new statement inside a bracket that was never closed.
    const fresh = /^(\s*)(def|class|return|import)\b/.test(line) || /^\s*(self\.)?[A-Za-z_]\w*\s*=\s*[^=,]*\(/.test(line) && !/,\s*$/.test(line) && depth > 0 && /^\S/.test(line);
    if (fresh) depth = 0;
    if (depth === 0 || !current) {
      current = { line: number + 1, indent: /^ */.exec(line)![0].length, head: "", text: line.trim().slice(0, 80), tokens: [] };
      if (tokens[0]!.kind === "name" && HEADS.has(tokens[0]!.text)) current.head = tokens[0]!.text;
      found.push(current);
    }
    for (const token of tokens) {
      if (token.kind === "op" && OPEN.includes(token.text)) depth++;
      else if (token.kind === "op" && CLOSE.includes(token.text)) {
        // A bracket too many closes nothing: the middle of a listing was pasted.
        if (depth === 0) continue;
        depth--;
      } else if (token.text === ";" && depth === 0) {
        current = { ...current, head: "", text: current.text, tokens: [] };
        found.push(current);
        continue;
      }
      current.tokens.push(token);
    }
  });
  return found.filter((s) => s.tokens.length);
}

const COMPOUND = new Set(["def", "class", "for", "while", "if", "elif", "else", "with", "try", "except", "finally", "async"]);

/** Where the colon stands that ends the head of a compound statement; -1 where there is none. */
function colonOf(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind !== "op") return false;
    if (OPEN.includes(text)) depth++;
    else if (CLOSE.includes(text)) depth--;
    return text === ":" && depth <= 0;
  });
}

/** Statements as a tree: what is indented deeper than a head belongs to it, and so does what follows it on its line. */
export function blocks(all: readonly Statement[]): Block[] {
  const found: Block[] = [];
  for (let i = 0; i < all.length; i++) {
    const s = all[i]!;
    if (!COMPOUND.has(s.head)) {
      found.push({ ...s, body: [] });
      continue;
    }
    let end = i + 1;
    while (end < all.length && all[end]!.indent > s.indent) end++;
    const colon = colonOf(s.tokens);
    const rest = colon < 0 ? [] : s.tokens.slice(colon + 1);
    const head = rest.length && rest[0]!.kind === "name" && HEADS.has(rest[0]!.text) ? rest[0]!.text : "";
    const own: Statement[] = rest.length ? [{ ...s, head, tokens: rest }] : [];
    found.push({ ...s, tokens: colon < 0 ? s.tokens : s.tokens.slice(0, colon), body: [...blocks(own), ...blocks(all.slice(i + 1, end))] });
    i = end - 1;
  }
  return found;
}

function tokenise(line: string, number: number): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(line); match; match = TOKEN.exec(line)) {
    const [text, str, num, name, op] = match;
    if (op === "#") break;
    if (str !== undefined) found.push({ kind: "str", text: str.replace(/^("""|'''|"|')/, "").replace(/("""|'''|"|')$/, ""), line: number });
    else if (num !== undefined) found.push({ kind: "num", text: num, line: number });
    else if (name !== undefined) found.push({ kind: "name", text: name, line: number });
    else if (op !== undefined) found.push({ kind: "op", text: op, line: number });
    if (!text) break;
  }
  return found;
}

const DEEPEST = 40;

export class Parser {
  private at = 0;
  private depth = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  private peek(): string {
    const token = this.tokens[this.at];
    return token && token.kind === "op" ? token.text : "";
  }
  get done(): boolean {
    return this.at >= this.tokens.length;
  }
  private take(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }
  private word(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "name" || token.text !== text) return false;
    this.at++;
    return true;
  }

  /** A whole line: the names assigned, and what to. */
  line(): { targets: string[]; value: Expr } {
    let value = this.list();
    const targets: string[] = [];
    while (this.peek() === "=" || this.peek() === ":") {
      if (this.take(":")) {
        // A type after a name.
        this.expression();
        continue;
      }
      this.at++;
      if (value.t === "name") targets.push(value.path);
      else if (value.t === "seq") targets.push(...value.items.flatMap((item) => (item.t === "name" ? [item.path] : [])));
      value = this.list();
    }
    if (/^[-+*/]=$/.test(this.peek())) {
      const op = this.tokens[this.at++]!.text[0]!;
      const target = value;
      value = { t: "op", op, a: target, b: this.list() };
      if (target.t === "name") targets.push(target.path);
    }
    return { targets, value };
  }

  /** Expressions with commas between are a tuple. */
  private list(): Expr {
    const first = this.expression();
    if (this.peek() !== ",") return first;
    const items = [first];
    while (this.take(",")) if (!this.done && this.peek() !== "=") items.push(this.expression());
    return { t: "seq", items };
  }

  expression(): Expr {
    if (++this.depth > DEEPEST) throw new Error("too deep");
    let found = this.either();
    if (this.word("if")) {
      const test = this.either();
      found = { t: "choice", test, yes: found, no: this.word("else") ? this.expression() : found };
    }
    this.depth--;
    return found;
  }

  private either(): Expr {
    let left = this.both();
    while (this.word("or")) left = { t: "test", op: "or", a: left, b: this.both() };
    return left;
  }

  private both(): Expr {
    let left = this.compared();
    while (this.word("and")) left = { t: "test", op: "and", a: left, b: this.compared() };
    return left;
  }

  private compared(): Expr {
    if (this.word("not")) return { t: "not", of: this.compared() };
    let left = this.sum();
    for (;;) {
      if (COMPARISONS.includes(this.peek())) left = { t: "test", op: this.tokens[this.at++]!.text, a: left, b: this.sum() };
      else if (this.word("is")) {
        const not = this.word("not");
        left = { t: "test", op: not ? "!=" : "==", a: left, b: this.sum() };
      } else if (this.word("in")) left = { t: "test", op: "in", a: left, b: this.sum() };
      else if (this.tokens[this.at]?.text === "not" && this.tokens[this.at + 1]?.text === "in") {
        this.at += 2;
        left = { t: "not", of: { t: "test", op: "in", a: left, b: this.sum() } };
      } else return left;
    }
  }

  private sum(): Expr {
    let left = this.term();
    while (this.peek() === "+" || this.peek() === "-") left = { t: "op", op: this.tokens[this.at++]!.text, a: left, b: this.term() };
    return left;
  }

  private term(): Expr {
    let left = this.unary();
    while (["*", "/", "//", "%"].includes(this.peek())) left = { t: "op", op: this.tokens[this.at++]!.text, a: left, b: this.unary() };
    return left;
  }

  private unary(): Expr {
    if (this.take("-")) return { t: "op", op: "-", a: { t: "num", v: 0 }, b: this.unary() };
    if (this.take("+")) return this.unary();
    if (this.take("*")) return { t: "star", of: this.unary() };
    const base = this.postfix();
    return this.take("**") ? { t: "op", op: "**", a: base, b: this.unary() } : base;
  }

  private postfix(): Expr {
    let value = this.atom();
    for (;;) {
      if (this.take(".")) {
        const name = this.tokens[this.at++]?.text ?? "";
        value = value.t === "name" ? { t: "name", path: `${value.path}.${name}`, line: value.line } : { t: "attr", of: value, name };
      } else if (this.take("(")) {
        const { items, named } = this.inside(")");
        value = { t: "call", callee: value, args: items, named };
      } else if (this.peek() === "[" && value.t !== "num") {
        this.at++;
        value = { t: "index", of: value, items: this.places() };
      } else return value;
    }
  }

  private atom(): Expr {
    const token = this.tokens[this.at++];
    if (!token) throw new Error("end");
    if (token.kind === "num") return { t: "num", v: Number(token.text.replace(/_/g, "")) };
    if (token.kind === "str") {
      // Texts side by side are one text.
      let v = token.text;
      while (this.tokens[this.at]?.kind === "str") v += this.tokens[this.at++]!.text;
      return { t: "str", v };
    }
    if (token.kind === "name" && token.text === "lambda") {
      while (!this.done && !this.take(":")) this.at++;
      this.expression();
      return { t: "lambda" };
    }
    if (token.kind === "name" && !WORDS.has(token.text)) return { t: "name", path: token.text, line: token.line };
    if (token.text === "(" || token.text === "[" || token.text === "{") {
      const { items, commas } = this.inside(CLOSE[OPEN.indexOf(token.text)]!);
      return token.text === "(" && items.length === 1 && !commas ? items[0]! : { t: "seq", items };
    }
    throw new Error(`not expected: ${token.text}`);
  }

  /** The names of "for a, (b, c) in", and what they go through. */
  loop(): { names: string[]; over: Expr } {
    const names: string[] = [];
    while (!this.done && !this.word("in")) {
      const token = this.tokens[this.at++]!;
      if (token.kind === "name") names.push(token.text);
    }
    return { names, over: this.either() };
  }

  /** What stands between the brackets of an index. */
  private places(): Expr[] {
    const items: Expr[] = [];
    let parts: (Expr | null)[] = [null];
    const finish = () => {
      const [first] = parts;
      if (parts.length > 1) items.push({ t: "slice", parts });
      else if (first) items.push(first);
      parts = [null];
    };
    while (!this.done && this.peek() !== "]") {
      if (this.take(":")) parts.push(null);
      else if (this.take(",")) finish();
      else parts[parts.length - 1] = this.expression();
    }
    this.take("]");
    finish();
    return items;
  }

  /** What stands between brackets; commas may be missing, as in a printed model, and so may the last bracket. */
  private inside(close: string): { items: Expr[]; named: Map<string, Expr>; commas: boolean } {
    const items: Expr[] = [];
    const named = new Map<string, Expr>();
    let commas = false;
    while (!this.done && !this.take(close)) {
      if (this.take(",")) {
        commas = true;
        continue;
      }
      if (this.take(":")) continue;
      if (this.take("**")) {
        named.set("**", this.expression());
        continue;
      }
      if (items.length && !commas && this.word("for")) {
        const { names, over } = this.loop();
        const when = this.word("if") ? this.expression() : null;
        items.push({ t: "each", item: items.pop()!, names, over, when });
        continue;
      }
      const start = this.tokens[this.at]!;
      if (start.kind === "name" && this.tokens[this.at + 1]?.text === "=" && this.tokens[this.at + 1]?.kind === "op") {
        this.at += 2;
        named.set(start.text, this.expression());
      } else items.push(this.expression());
    }
    return { items, named, commas };
  }
}
