/** The size formula with the reader's numbers in it, one line per axis. */
import { axisOf, sizeOf } from "../core/ops.ts";
import { joined } from "../core/query.ts";
import {
  convSize,
  effectiveKernel,
  fullSize,
  kerasTransposedSize,
  pads,
  transposedSizes,
  transposedWindow,
} from "../core/shapes.ts";
import * as words from "../words/en/explorer.ts";
import { outputSize, type Settings } from "./settings.ts";

export interface FormulaLine {
  axis: "height" | "width";
  /** The formula in symbols, with the reader's numbers, and its value. */
  symbols: string;
  numbers: string;
  result: string;
  /** A sentence on what the padding did, or which sizes are legal. */
  note: string;
}

const FLOOR = (inside: string) => `\u230a${inside}\u230b`;
const CEIL = (inside: string) => `\u2308${inside}\u2309`;

export function formulaLines(s: Settings): FormulaLine[] {
  return ([0, 1] as const).map((which) => {
    const axis = axisOf(sizeOf(s.kernel), s, which);
    const size = sizeOf(s.input)[which];
    const span = effectiveKernel(axis.kernel, axis.dilation);
    const name = which === 0 ? "height" : "width";
    const symbol = words.SYMBOLS[name];
    const k = axis.dilation > 1 ? "k\u2091" : "k";
    const spanNote =
      axis.dilation > 1 ? words.where(`k\u2091 = (${axis.kernel} \u2212 1)\u00b7${axis.dilation} + 1 = ${span}`) : null;
    if (s.mode === "conv") {
      const out = convSize(size, axis);
      const [before, after] = pads(size, axis);
      if (axis.padding === "same") {
        return {
          axis: name,
          symbols: CEIL(`${symbol} / s`),
          numbers: CEIL(`${size} / ${axis.stride}`),
          result: String(out),
          note: joined(words.padsOf(before, after), spanNote)!,
        };
      }
      const explicit = axis.padding !== "valid";
      const reached = (out - 1) * axis.stride + span;
      const left = size + before + after - reached;
      return {
        axis: name,
        symbols: FLOOR(`(${symbol}${explicit ? ` + ${words.SYMBOLS.pads}` : ""} \u2212 ${k}) / s`) + " + 1",
        numbers:
          FLOOR(
            `(${size}${explicit ? ` + ${before} + ${after}` : ""} \u2212 ${span}) / ${axis.stride}`,
          ) + " + 1",
        result: String(out),
        note: joined(words.neverReached(left), spanNote)!,
      };
    }
    const out = outputSize(s)[which];
    const range = transposedSizes(size, axis)!;
    const full = fullSize(size, axis);
    const [start, stop] = transposedWindow(out, axis);
    const keras = kerasTransposedSize(size, axis);
    const op = out - (full - 2 * start);
    const note = joined(
      words.legal(range.first, range.last),
      keras === null ? null : keras === out ? words.IS_KERAS : words.kerasIs(keras),
      start === 0 && stop === full
        ? words.NOTHING_CROPPED
        : words.keeps(start, Math.min(stop, full) - 1, full - 1, Math.max(stop - full, 0)),
      op >= 0 && op < Math.max(axis.stride, axis.dilation) ? words.torch(start, op) : words.TORCH_CUTS,
      spanNote,
    )!;
    if (axis.padding === "same") {
      const short = size * axis.stride - out;
      return {
        axis: name,
        symbols: `${symbol} \u00b7 s${short ? ` \u2212 ${short}` : ""}`,
        numbers: `${size} \u00b7 ${axis.stride}${short ? ` \u2212 ${short}` : ""}`,
        result: String(out),
        note,
      };
    }
    const [before, after] = pads(out, axis);
    const cropped = before + after > 0;
    const extra = out - (full - before - after);
    return {
      axis: name,
      symbols:
        `(${symbol} \u2212 1)\u00b7s + ${k}` + (cropped ? ` \u2212 ${words.SYMBOLS.pads}` : "") + (extra ? ` + ${extra}` : ""),
      numbers:
        `(${size} \u2212 1)\u00b7${axis.stride} + ${span}` +
        (cropped ? ` \u2212 ${before} \u2212 ${after}` : "") +
        (extra ? ` + ${extra}` : ""),
      result: String(out),
      note,
    };
  });
}
