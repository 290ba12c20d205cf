/** Where a pixel of the axis is drawn: all of it, its two ends with a break between, or a close-up. */
import type { View } from "./settings.ts";

/** A piece of the axis, [from, to) in pixels of the axis, drawn from x on. */
export interface Piece {
  from: number;
  to: number;
  x: number;
}

export interface Scale {
  pieces: Piece[];
  /** Screen pixels per pixel of the axis. */
  px: number;
  view: Exclude<View, "auto">;
  /** Whether everything fits with a number in each cell, so that no other view is needed. */
  roomy: boolean;
}

const LARGEST = 44;
/** Numbers fit into cells from here on. */
export const READABLE = 17;
const GAP = 34;

/** `middle` is the place that a reader moved to, which must show; null before anyone moved. */
export function scaleOf(from: number, to: number, width: number, wanted: View, middle: number | null): Scale {
  const total = to - from;
  const fit = Math.min(LARGEST, width / total);
  const roomy = fit >= READABLE;
  const digits = String(Math.ceil(Math.max(to, -from))).length;
  const close = Math.min(LARGEST, 12 + 5 * digits);
  const ends = Math.floor((width - GAP) / 2 / close);
  const view = roomy ? "whole" : wanted === "auto" ? (fit >= 7 || total <= 2 * ends ? "whole" : "ends") : wanted;
  const half = (width - GAP) / 2;
  const reach = half / close;
  // A pixel that is looked at is never hidden in the break: then the close-up follows it.
  const hidden = middle !== null && middle > from + reach && middle < to - reach;
  if (view === "ends" && total > 2 * ends && !hidden) {
    const x = half + GAP;
    return {
      view,
      px: close,
      roomy,
      pieces: [
        { from, to: from + reach, x: 0 },
        { from: to - reach, to, x },
      ],
    };
  }
  if (view !== "whole" && total * close > width) {
    const shown = width / close;
    const start = Math.min(Math.max((middle ?? from) - shown / 2, from), to - shown);
    return { view: "close", px: close, roomy, pieces: [{ from: start, to: start + shown, x: 0 }] };
  }
  return { view: "whole", px: fit, roomy, pieces: [{ from, to, x: (width - total * fit) / 2 }] };
}

export const xIn = (scale: Scale, piece: Piece, u: number): number => piece.x + (u - piece.from) * scale.px;

/** The place on the axis under a screen position, or null in the break. */
export function placeAt(scale: Scale, x: number): number | null {
  for (const piece of scale.pieces) {
    const u = piece.from + (x - piece.x) / scale.px;
    if (u >= piece.from && u < piece.to) return u;
  }
  return null;
}

/** A round distance between ticks whose labels do not touch. */
export function tickStep(px: number): number {
  for (let power = 1; power < 1e6; power *= 10)
    for (const factor of [1, 2, 5]) if (factor * power * px >= 34) return factor * power;
  return 1e6;
}
