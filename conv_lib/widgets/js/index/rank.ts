/** Which questions fit some words: stems, synonyms, slips of the finger, and phrases that people type. */
import * as words from "../words/en/index.ts";

export interface Entry {
  name: string;
  topic: string;
  question: string;
  /** Phrases between commas. */
  words: string;
  /** `code` in backticks. */
  answer: string;
  links: { address: string; text: string }[];
}

/** Longer texts are cut: nobody asks in more words, and every word is compared with all others. */
export const LONGEST = 2000;
const MOST_WORDS = 24;

const STOP = new Set(words.STOP.split(" "));

/** The end of a word that grammar put there. */
export function stem(word: string): string {
  if (/\d/.test(word) || word.length < 4) return word;
  let short = word;
  for (const [end, left] of words.ENDINGS) {
    if (short.endsWith(end) && short.length - end.length >= 3 && !(end === "s" && short.endsWith("ss"))) {
      short = short.slice(0, -end.length) + left;
      break;
    }
  }
  return /([b-df-hj-np-tv-z])\1$/.test(short) && short.length > 3 ? short.slice(0, -1) : short;
}

/** Conv2DTranspose, ConvTranspose2d, conv2d_transpose, TransposedConv2DLayer: one layer, one word. */
const LAYER_NAMES = /\b[a-z]*conv(\dd[_ ]?transposed?|_?transposed?_?\dd)[a-z]*\b|\b[a-z]*transposed?_?conv(\dd)[a-z]*\b/g;

/** Words and numbers, small, without accents; "7x7" and "output_padding" fall apart. */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, 4000)
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/(\d)\s*[x\u00d7*]\s*(?=\d)/g, "$1 ")
    .replace(/'(s|t|re|m|ll)\b/g, "")
    .replace(LAYER_NAMES, (_, after, before) => `convtranspose${(after ?? before).replace(/\D/g, "")}d`)
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => word.replace(/^\.+|\.+$/g, ""))
    .filter(Boolean)
    .flatMap((word) => (/^\d+(\.\d+)?(e\d+)?$/.test(word) || !word.includes(".") ? [word] : word.split(".")));
}

const telling = (text: string): string[] => wordsOf(text).filter((word) => !STOP.has(word));
const stems = (text: string): string[] => telling(text).map(stem);

const GROUP = new Map<string, number[]>();
words.SYNONYMS.forEach((line, i) => {
  for (const word of line.split(" ")) {
    const key = stem(word);
    GROUP.set(key, [...(GROUP.get(key) ?? []), i]);
  }
});

/** Whether two words are one letter apart, or two neighbours are swapped. */
function slip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a[0] !== b[0]) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const [x, y] = [a.slice(i), b.slice(i)];
  return x.slice(1) === y || x === y.slice(1) || x.slice(1) === y.slice(1) || (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
}

interface Indexed {
  entry: Entry;
  /** How much each stem weighs: most in the question and in what people type, less in the answer. */
  weight: Map<string, number>;
  phrases: { all: string; set: Set<string>; count: number }[];
}

export interface Index {
  rows: Indexed[];
  /** How telling a stem is: the fewer entries hold it, the more. */
  rare: Map<string, number>;
  vocabulary: string[];
}

export function indexOf(entries: readonly Entry[]): Index {
  const rows = entries.map((entry): Indexed => {
    const weight = new Map<string, number>();
    const add = (text: string, w: number) => {
      for (const word of stems(text)) weight.set(word, Math.max(weight.get(word) ?? 0, w));
    };
    add(entry.answer, 0.8);
    add(entry.topic, 1.5);
    add(entry.words, 2.6);
    add(entry.question, 3);
    const phrases = [entry.question, ...entry.words.split(",")].map((phrase) => {
      const list = stems(phrase);
      return { all: ` ${wordsOf(phrase).join(" ")} `, set: new Set(list), count: new Set(list).size };
    });
    return { entry, weight, phrases };
  });
  const count = new Map<string, number>();
  for (const { weight } of rows) for (const word of weight.keys()) count.set(word, (count.get(word) ?? 0) + 1);
  const rare = new Map([...count].map(([word, n]) => [word, Math.log(1 + rows.length / n)]));
  return { rows, rare, vocabulary: [...count.keys()] };
}

/** The words of the index that a typed word may mean, with how well they fit. */
function meanings(typed: string, last: boolean, index: Index): Map<string, number> {
  const found = new Map<string, number>();
  const put = (word: string, fit: number) => found.set(word, Math.max(found.get(word) ?? 0, fit));
  const number = /^\d/.test(typed);
  const groups = GROUP.get(typed);
  for (const word of index.vocabulary) {
    if (word === typed) put(word, 1);
    else if (number) continue;
    else if (last && typed.length >= 2 && word.startsWith(typed)) put(word, 0.75);
    else if (typed.length >= 4 && word.startsWith(typed)) put(word, 0.6);
    else if (groups && GROUP.get(word)?.some((group) => groups.includes(group))) put(word, 0.45);
  }
  if (!found.size && typed.length >= 4 && !number) {
    for (const word of index.vocabulary) if (word.length >= 4 && slip(typed, word)) put(word, 0.6);
  }
  return found;
}

/** The entries that fit, best first. */
export function rank(index: Index, query: string): { entry: Entry; score: number }[] {
  const text = query.slice(0, LONGEST);
  const some = telling(text).slice(0, MOST_WORDS);
  const typed = some.length ? some : wordsOf(text).slice(0, MOST_WORDS);
  if (!typed.length) return [];
  const wanted = [...new Set(typed.map(stem))];
  const open = /[\p{L}\p{N}]$/u.test(text);
  const terms = wanted.map((word, i) => ({ word, means: meanings(word, open && i === wanted.length - 1, index) }));
  const plain = ` ${wordsOf(text).join(" ")} `;
  const results = index.rows.map(({ entry, weight, phrases }) => {
    let score = 0;
    let covered = 0;
    let whole = 0;
    for (const { word, means } of terms) {
      let best = 0;
      let value = 1;
      for (const [other, fit] of means) {
        // What a word stands for tells no more than the word itself, however rare it is.
        const w = (weight.get(other) ?? 0) * fit * Math.min(index.rare.get(other)!, index.rare.get(word) ?? Infinity);
        if (w > best) [best, value] = [w, fit];
      }
      // The asker's own numbers are rarely ours: one that is unknown takes nothing away.
      const known = means.size ? Math.max(...[...means.keys()].map((one) => index.rare.get(one)!)) : /^\d/.test(word) ? 0 : 2;
      const telling_ = index.rare.get(word) ?? known;
      whole += telling_;
      if (best) covered += telling_ * value;
      score += best;
    }
    const share = whole ? covered / whole : 0;
    score *= 0.25 + 0.75 * share * share;
    // All of it within one phrase that people type, the more so the more of the phrase it is; or a whole phrase within it.
    let within = 0;
    for (const { all, set, count } of phrases) {
      const hits = wanted.filter((word) => set.has(word)).length;
      const whole = hits === wanted.length && count ? hits / count : hits === count && count > 1 ? hits / wanted.length : 0;
      within = Math.max(within, whole * (all.includes(plain) || (whole && plain.includes(all)) ? 1.25 : 1));
    }
    return { entry, score: score * (1 + within) };
  });
  const best = Math.max(...results.map((row) => row.score));
  return results.filter((row) => row.score > 0.22 * best && row.score > 0.4).sort((a, b) => b.score - a.score);
}
