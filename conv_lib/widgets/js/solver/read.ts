/** Reads a question as people type it: "7 to 28", "46x62 -> 368x489 kernel 16 stride 8 same", "(None, 7, 7, 256) → 28, k4 s2". */
import * as say from "../words/en/solver.ts";
import { DILATION, KERNEL, PADDING, STRIDE } from "../words/en/shared.ts";
import { NUMBERS, settle, type NumberField, type Settings } from "./settings.ts";
import type { Pad, Pair } from "./solve.ts";

const LONGEST = 400;

export interface Question {
  /** Null where no sizes could be read. */
  settings: Settings | null;
  /** What was left out or cannot be used, in sentences. */
  notes: string[];
}

const FILLERS = new Set(
  ("a an and are as at be batch but by can cannot channels conv2d conv2dtranspose convtranspose2d do does filters for from get give gives going " +
    "have how i image images in input is it layer layers like make map maps me my need of one only or output please px pixel pixels " +
    "shape shapes should size sizes so that the then this through turn turns use using want wanted was what when which why will with would x")
    .split(" "),
);

/** One spelling for everything that has several. */
function plain(text: string): string {
  return text
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/<\/?[a-z][^>]*>?/g, " ")
    .replace(/[\u00d7\u2715\u2716\u2a2f\u0445]/g, "x")
    .replace(/[\u2192\u21d2\u27f6\u279c\u2794\u21a6\u2933\u25b6\u00bb]|-+>|=+>/g, " > ")
    .replace(/[\u2212\u2013\u2014]/g, "-")
    .replace(/[\u00a0\u2009\u202f]/g, " ")
    // (None, 7, 7, 256) and [-1, 28, 28, 1]: numbers between commas are one shape.
    .replace(/(?:\bnone|-\s*1|\?)(?=\s*,)/g, "1")
    .replace(/[([][\d\s,]*[)\]]/g, (shape) => shape.replace(/(\d)\s*,\s*(?=\d)/g, "$1x"))
    // "7, 7" too, but not "489, 16x16 kernel".
    .replace(/(?<![\dx])(\d+)\s*,\s*(?=\d+(?![\d\s]*[x*]|\d|\s*(?:kernel|filter)))/g, "$1x")
    .replace(/(\d)\s*(?:by\s+|x\s*|\*\s*)(?=\d)/g, "$1x");
}

const VALUE = "\\s*(?:=|:|\\bis\\b|\\bof\\b)?\\s*[([]?\\s*";
const NUMBER = "(\\d+(?:x\\d+)*)";

export function readQuestion(typed: string, base: Settings): Question {
  const notes: string[] = [];
  let text = plain(typed);
  if (typed.length > LONGEST) notes.push(say.onlyFirst(LONGEST));
  const fraction = /\d+\.\d+|(?<![\w-])-\s*\d+/.exec(text);
  if (fraction) return { settings: null, notes: [say.wholeNumbers(fraction[0].slice(0, 24))] };

  /** Takes the first match out of the text. */
  const take = (pattern: string): string | null => {
    const found = new RegExp(pattern).exec(text);
    if (!found) return null;
    text = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`;
    return found.slice(1).find((group) => group !== undefined) ?? found[0];
  };
  const limit = (name: string, field: NumberField, value: number): number | null => {
    const [low, high] = NUMBERS[field];
    if (value >= low && value <= high) return value;
    notes.push(say.outOfRange(name, low, high, String(value).slice(0, 12)));
    return null;
  };
  const one = (name: string, field: NumberField, given: string | null): number | null => {
    if (given === null) return null;
    const values = given.split("x").map(Number);
    if (new Set(values).size > 1) {
      notes.push(say.oneForBoth(name, given));
      return null;
    }
    return limit(name, field, values[0]!);
  };

  const extra = take(`\\b(?:output[_ -]?padding|op)${VALUE}${NUMBER}`);
  if (extra !== null) notes.push(say.LOOKED_FOR);
  const dilation = one(DILATION, "dilation", take(`\\b(?:dilations?(?:[_ ]rate)?|rate|d)${VALUE}${NUMBER}`));
  const stride = one(STRIDE, "stride", take(`\\b(?:strides?|s)${VALUE}${NUMBER}`));
  const kernel = one(
    KERNEL,
    "kernel",
    take(`\\b(?:kernels?(?:[_ -]?size)?|filters?(?:[_ -]?size)|k|f)${VALUE}${NUMBER}`) ?? take(`${NUMBER}\\s*(?:kernel|filter)s?\\b`),
  );
  const pixels = one(PADDING, "pixels", take(`\\b(?:padding|pad|p)${VALUE}${NUMBER}`));
  const name = take("\\b(valid|same)\\b");
  take("\\bpadding\\b\\s*[=:]?");
  const padding: Pad | null = (name as "valid" | "same" | null) ?? pixels;
  const framework = take("\\b(?:py)?torch\\b")
    ? "torch"
    : take("\\btf\\.nn\\b|\\btf\\b|\\btensorflow\\b")
      ? "tf"
      : take("\\bkeras\\b")
        ? "keras"
        : base.framework;
  const said = take("\\b(?:transposed?|up(?:sampl\\w*)?|deconv\\w*|decod\\w*|tconv)\\b")
    ? "up"
    : take("\\b(?:conv(?:olution|olve)?|down(?:sampl\\w*)?|encod\\w*)\\b")
      ? "down"
      : null;

  // What is left are the sizes: "A to B", "A > B", "B from A", or A alone.
  text = text.replace(/\b(?:in)?to\b|\bbecomes?\b|\binstead of\b/g, " > ");
  const groups = [...text.matchAll(/\d+(?:x\d+)*/g)];
  const sizes = groups.map((group) => group[0].split("x").map(Number));
  const backwards = !text.includes(">") && /\d\D*\bfrom\b\D*\d/.test(text);
  if (backwards) sizes.reverse();
  const words = text.replace(/\d+(?:x\d+)*/g, " ").match(/[a-z_][\w.]*/g) ?? [];
  const unknown = [...new Set(words.filter((word) => !FILLERS.has(word)))];
  if (unknown.length) notes.push(say.notUsed(unknown.slice(0, 4).map((word) => word.slice(0, 20))));
  if (sizes.length > 2) notes.push(say.TWO_SIZES);
  if (!sizes.length) {
    return { settings: null, notes: [say.TYPE_SIZES, ...notes] };
  }

  const pairs: (Pair | null)[] = sizes.slice(0, 2).map((numbers, i) => {
    const which = i ? (["toHeight", "toWidth"] as const) : (["height", "width"] as const);
    const [h, w] = numbers.length > 3 ? [numbers[1]!, numbers[2]!] : [numbers[0]!, numbers[1] ?? numbers[0]!];
    if (numbers.length > 2 && !i)
      notes.push(say.readAs(numbers.length > 3, h, w));
    const pair = [limit(say.A_HEIGHT, which[0], h), limit(say.A_WIDTH, which[1], w)];
    return pair.includes(null) ? null : (pair as unknown as Pair);
  });
  if (pairs.includes(null)) return { settings: null, notes };
  const size = pairs[0]!;
  const wanted = pairs[1] ?? null;
  const grows = wanted ? Math.sign(wanted[0] * wanted[1] - size[0] * size[1]) : 0;
  const direction = said ?? (grows > 0 ? "up" : grows < 0 ? "down" : base.direction);
  return {
    settings: settle({
      ask: wanted ? "settings" : "sizes",
      direction,
      size,
      wanted: wanted ?? base.wanted,
      kernel: kernel ?? 0,
      stride: stride ?? 0,
      dilation: dilation ?? 1,
      padding,
      framework,
      pick: 0,
    }),
    notes,
  };
}

/** The question in words that `readQuestion` reads back. */
export function phrase(s: Settings): string {
  const pair = (p: Pair) => p.join("x");
  const parts = [s.ask === "settings" ? `${pair(s.size)} to ${pair(s.wanted)}` : pair(s.size)];
  if (s.kernel) parts.push(`kernel ${s.kernel}`);
  if (s.stride) parts.push(`stride ${s.stride}`);
  if (s.padding !== null) parts.push(typeof s.padding === "number" ? `padding ${s.padding}` : s.padding);
  if (s.dilation > 1) parts.push(`dilation ${s.dilation}`);
  const grows = s.ask === "settings" ? s.wanted[0] * s.wanted[1] - s.size[0] * s.size[1] : 0;
  if (s.ask === "sizes" || grows === 0 || grows > 0 !== (s.direction === "up"))
    parts.push(s.direction === "up" ? "transposed" : "convolution");
  return parts.join(" ");
}
