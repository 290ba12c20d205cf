/**
 * The matrix A of a convolution: where each kernel weight stands in it, its rank, and an image that it erases.
 * conv_lib.conv_matrix and NumPy's matrix_rank are the reference; tests/js replays their answers here.
 */
import { conv2d, conv2dTranspose, forEachLink, sizeOf, type Matrix, type Size } from "../core/ops.ts";
import { conv, mapSize, type Settings } from "./settings.ts";

/** A weight's place in A: the row of its output cell, the column of its input cell. */
export interface Entry {
  row: number;
  column: number;
  /** The weight's place in the kernel, in reading order. */
  weight: number;
}

export interface Algebra {
  image: Size;
  map: Size;
  rows: number;
  columns: number;
  entries: Entry[];
  /** For each place of A, row by row, the weight that stands there, or -1. */
  weightAt: Int16Array;
  /** How often each weight of the kernel appears in A. */
  counts: number[];
  rank: number;
  ax: number[][];
  aty: number[][];
  /** Aᵀ A x: there and back. */
  back: number[][];
}

export function algebraOf(s: Settings): Algebra {
  const [image, map, k] = [sizeOf(s.x), mapSize(s), sizeOf(s.kernel)];
  const rows = map[0] * map[1];
  const columns = image[0] * image[1];
  const weightAt = new Int16Array(rows * columns).fill(-1);
  const counts = new Array<number>(k[0] * k[1]).fill(0);
  const entries: Entry[] = [];
  forEachLink(image, map, k, conv(s), (lr, lc, kr, kc, sr, sc) => {
    const entry = { row: sr * map[1] + sc, column: lr * image[1] + lc, weight: kr * k[1] + kc };
    entries.push(entry);
    weightAt[entry.row * columns + entry.column] = entry.weight;
    counts[entry.weight]! += 1;
  });
  entries.sort((a, b) => a.row - b.row || a.column - b.column);
  const ax = conv2d(s.x, s.kernel, conv(s));
  const algebra: Algebra = {
    image, map, rows, columns, entries, weightAt, counts, rank: 0, ax,
    aty: conv2dTranspose(s.y, s.kernel, conv(s), image),
    back: conv2dTranspose(ax, s.kernel, conv(s), image),
  };
  algebra.rank = rankOf(dense(algebra, s.kernel));
  return algebra;
}

/** A written out. */
export function dense(a: Pick<Algebra, "rows" | "columns" | "entries">, kernel: Matrix): number[][] {
  const flat = kernel.flat();
  const out = Array.from({ length: a.rows }, () => new Array<number>(a.columns).fill(0));
  for (const { row, column, weight } of a.entries) out[row]![column] = flat[weight]!;
  return out;
}

/** The rank as NumPy's matrix_rank counts it: singular values above the largest times size times machine epsilon. */
export function rankOf(a: Matrix): number {
  const values = singularValues(a);
  const limit = Math.max(...values) * Math.max(a.length, a[0]!.length) * Number.EPSILON;
  return values.filter((v) => v > limit).length;
}

/** One-sided Jacobi: turn pairs of columns until all are orthogonal; their lengths are the singular values. */
export function singularValues(a: Matrix): number[] {
  const [height, width] = sizeOf(a);
  const scale = Math.max(...a.flat().map(Math.abs)) || 1;
  const wide = width > height;
  const columns = Array.from({ length: wide ? height : width }, (_, j) =>
    Float64Array.from({ length: wide ? width : height }, (_, i) => (wide ? a[j]![i]! : a[i]![j]!) / scale),
  );
  for (let sweep = 0; sweep < 30; sweep++) {
    let turned = false;
    for (let p = 0; p < columns.length; p++) {
      for (let q = p + 1; q < columns.length; q++) {
        const [u, v] = [columns[p]!, columns[q]!];
        let [uu, vv, uv] = [0, 0, 0];
        for (let i = 0; i < u.length; i++) {
          uu += u[i]! * u[i]!;
          vv += v[i]! * v[i]!;
          uv += u[i]! * v[i]!;
        }
        if (Math.abs(uv) <= 1e-15 * Math.sqrt(uu * vv) || Math.min(uu, vv) < 1e-36) continue;
        turned = true;
        const zeta = (vv - uu) / (2 * uv);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cos = 1 / Math.hypot(1, t);
        const sin = cos * t;
        for (let i = 0; i < u.length; i++) {
          const [x, y] = [u[i]!, v[i]!];
          u[i] = cos * x - sin * y;
          v[i] = sin * x + cos * y;
        }
      }
    }
    if (!turned) break;
  }
  return columns.map((c) => Math.hypot(...c) * scale).sort((x, y) => y - x);
}

/**
 * An image that is not zero and that A turns into zeros, or null when there is none. A pattern that the eye
 * knows if one will do (chessboard, stripes), otherwise a solution of A x = 0 in whole numbers where possible.
 */
export function erased(s: Settings, a: Algebra): number[][] | null {
  if (a.rank >= a.columns) return null;
  const size = s.kernel.flat().reduce((sum, w) => sum + Math.abs(w), 0) || 1;
  const gone = (x: number[][]): boolean =>
    conv2d(x, s.kernel, conv(s)).every((row) => row.every((v) => Math.abs(v) <= 1e-9 * size * Math.max(...x.flat().map(Math.abs))));
  const [h, w] = a.image;
  const image = (f: (r: number, c: number) => number): number[][] =>
    Array.from({ length: h }, (_, r) => Array.from({ length: w }, (_, c) => f(r, c)));
  const patterns: ((r: number, c: number) => number)[] = [
    (r, c) => ((r + c) % 2 ? -1 : 1),
    (_, c) => (c % 2 ? -1 : 1),
    (r) => (r % 2 ? -1 : 1),
  ];
  for (const pattern of patterns) if (gone(image(pattern))) return image(pattern);
  return nullVectors(dense(a, s.kernel))
    .map((v) => image((r, c) => wholeMultiple(v)[r * w + c]!))
    .filter(gone)
    .sort((p, q) => roughness(p) - roughness(q))[0] ?? null;
}

const roughness = (x: number[][]): number =>
  x.flat().reduce((sum, v) => sum + Math.abs(v) + (Number.isInteger(v) ? 0 : 100), 0);

/** A basis of the solutions of A x = 0, by elimination: one for each column without a pivot. */
function nullVectors(a: Matrix): number[][] {
  const m = a.map((row) => [...row]);
  const width = m[0]!.length;
  const scale = Math.max(...m.flat().map(Math.abs)) || 1;
  const pivots: number[] = [];
  for (let c = 0; c < width && pivots.length < m.length; c++) {
    const at = pivots.length;
    let best = at;
    for (let r = at + 1; r < m.length; r++) if (Math.abs(m[r]![c]!) > Math.abs(m[best]![c]!)) best = r;
    if (Math.abs(m[best]![c]!) <= 1e-10 * scale) continue;
    [m[at], m[best]] = [m[best]!, m[at]!];
    const pivot = m[at]![c]!;
    m[at] = m[at]!.map((v) => v / pivot);
    m.forEach((row, r) => {
      const factor = row[c]!;
      if (r !== at && factor) m[r] = row.map((v, j) => v - factor * m[at]![j]!);
    });
    pivots.push(c);
  }
  const free = Array.from({ length: width }, (_, c) => c).filter((c) => !pivots.includes(c));
  return free.map((f) => {
    const x = new Array<number>(width).fill(0);
    x[f] = 1;
    pivots.forEach((c, r) => (x[c] = -m[r]![f]!));
    return x;
  });
}

/** `v` times a small number that makes it whole, if there is one; rounding errors are cleaned away. */
function wholeMultiple(v: number[]): number[] {
  for (let n = 1; n <= 48; n++) {
    const scaled = v.map((x) => x * n);
    if (scaled.every((x) => Math.abs(x - Math.round(x)) < 1e-7)) return scaled.map((x) => Math.round(x) + 0);
  }
  return v;
}

/** The sum of products of two grids of the same shape, and the size of its terms (to judge rounding). */
export function inner(a: Matrix, b: Matrix): { sum: number; size: number } {
  let [sum, size] = [0, 0];
  a.forEach((row, r) =>
    row.forEach((v, c) => {
      sum += v * b[r]![c]!;
      size += Math.abs(v * b[r]![c]!);
    }),
  );
  return { sum, size };
}

/** What the adjoint test finds: both sums, and whether they differ by more than rounding. */
export function adjointTest(s: Settings, a: Algebra): { left: number; right: number; equal: boolean; rounding: number } {
  const left = inner(a.ax, s.y);
  const right = inner(s.x, a.aty);
  const rounding = Math.abs(left.sum - right.sum);
  // Each of the products w x y may be rounded, and so may each partial sum.
  let size = 0;
  const flat = { x: s.x.flat(), y: s.y.flat(), w: s.kernel.flat() };
  for (const { row, column, weight } of a.entries) size += Math.abs(flat.y[row]! * flat.w[weight]! * flat.x[column]!);
  return { left: left.sum, right: right.sum, equal: rounding <= 1e-12 * size, rounding };
}
