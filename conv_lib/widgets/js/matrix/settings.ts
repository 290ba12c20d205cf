/** The matrix view's settings: what they are, when they are legal, as traits and as text for a link. */
import limits from "../../matrix_limits.json";
import { nearest, rangeProblem, type Fields, type Problem } from "../core/fields.ts";
import type { Model } from "../core/model.ts";
import { parseWhole } from "../core/numbers.ts";
import { axisOf, sizeOf, type Settings2D, type Size } from "../core/ops.ts";
import { convSize, effectiveKernel, pads } from "../core/shapes.ts";
import { illegal, joined, matrixText, oneOf, queryOf, reader, readMatrix, type Read } from "../core/query.ts";
import { presetsOf, readTraits, writeTraits } from "../core/traits.ts";
import * as words from "../words/en/matrix.ts";
import { DILATION, KERNEL_SIZE, STRIDE, USE_SAME_PADDING } from "../words/en/shared.ts";
import { freshInput, freshWeight, resized } from "../explorer/settings.ts";

/** The test that is open below the picture. */
export type Tab = "none" | "adjoint" | "back";

/** One state. `x` is the image, on which the convolution A works; `y` has the shape of A x, and Aᵀ works on it. */
export interface Settings {
  x: number[][];
  y: number[][];
  kernel: number[][];
  stride: number;
  /** "valid", "same", or the same number of pixels on every side. */
  padding: "valid" | "same" | number;
  dilation: number;
  transposed: boolean;
  tab: Tab;
}

const { cells, ...fields } = limits;
export const LIMITS = fields as unknown as { readonly [F in keyof typeof fields]: readonly [number, number] };
/** The matrix has at most this many rows and columns. */
export const MOST = cells;
export type NumberField = keyof typeof LIMITS;

export const LABELS: Record<NumberField, string> = {
  height: words.HEIGHT_OF_X,
  width: words.WIDTH_OF_X,
  kernelSize: KERNEL_SIZE,
  stride: STRIDE,
  dilation: DILATION,
  pad: words.PIXELS_A_SIDE,
};

/** The settings in the form of core/ops. */
export function conv(s: Settings): Settings2D {
  const { stride, dilation, padding: p } = s;
  return { stride, dilation, padding: typeof p === "number" ? [[p, p], [p, p]] : p };
}

export function mapSize(s: Settings): Size {
  const [size, k] = [sizeOf(s.x), sizeOf(s.kernel)];
  return [convSize(size[0], axisOf(k, conv(s), 0)), convSize(size[1], axisOf(k, conv(s), 1))];
}

/** The values that a new cell of y gets; MatrixView in Python has the same. */
export const freshY = (r: number, c: number): number => [1, 0, 2, -1, 1][(2 * r + c) % 5]!;

/** `y` cut or extended to the shape of A x. */
export function withFittingY(s: Settings): Settings {
  const size = mapSize(s);
  const now = sizeOf(s.y);
  if (Math.min(...size) < 1 || (now[0] === size[0] && now[1] === size[1])) return s;
  return { ...s, y: resized(s.y, size, freshY) };
}

function get(s: Settings, field: NumberField): number {
  switch (field) {
    case "height": return sizeOf(s.x)[0];
    case "width": return sizeOf(s.x)[1];
    case "kernelSize": return Math.max(...sizeOf(s.kernel));
    case "stride": return s.stride;
    case "dilation": return s.dilation;
    case "pad": return typeof s.padding === "number" ? s.padding : 0;
  }
}

function set(s: Settings, field: NumberField, value: number): Settings {
  const [h, w] = sizeOf(s.x);
  switch (field) {
    case "height": return { ...s, x: resized(s.x, [value, w], freshInput) };
    case "width": return { ...s, x: resized(s.x, [h, value], freshInput) };
    case "kernelSize": return { ...s, kernel: resized(s.kernel, [value, value], freshWeight) };
    case "stride": return { ...s, stride: value };
    case "dilation": return { ...s, dilation: value };
    case "pad": return { ...s, padding: value };
  }
}

function find(s: Settings): { message: string; searched: NumberField[]; kernel: boolean } | null {
  const [size, k] = [sizeOf(s.x), sizeOf(s.kernel)];
  for (const which of [0, 1] as const) {
    const axis = axisOf(k, conv(s), which);
    if (convSize(size[which], axis) > 0) continue;
    const name = which === 0 ? "height" : "width";
    const span = effectiveKernel(axis.kernel, axis.dilation);
    return {
      message: words.tooLarge(name, span, axis.kernel, s.dilation, size[which], pads(size[which], axis)),
      searched: ["kernelSize", name, ...(s.dilation > 1 ? (["dilation"] as const) : [])],
      kernel: true,
    };
  }
  const [h, w] = mapSize(s);
  if (h * w > MOST) {
    return {
      message: words.tooManyRows(h, w, MOST),
      searched: ["pad", "height", "width"],
      kernel: false,
    };
  }
  return null;
}

export const FIELDS: Fields<Settings, NumberField> = {
  limits: LIMITS,
  labels: LABELS,
  get,
  set,
  settle: withFittingY,
  legal: (s) => find(s) === null,
};

export function check(s: Settings): Problem<Settings> | null {
  const found = find(s);
  if (!found) return null;
  // Pixels are a setting only where padding is given in pixels.
  const searched = found.searched.filter((field) => field !== "pad" || typeof s.padding === "number");
  const fixes = searched.flatMap((field) => nearest(FIELDS, s, field)).slice(0, found.kernel ? 2 : 3);
  if (found.kernel) {
    const same = withFittingY({ ...s, padding: "same" });
    if (!find(same)) fixes.push({ label: USE_SAME_PADDING, settings: same });
  }
  return { message: found.message, fixes };
}

// ------------------------------------------------------------------------------- traits

export const TRAITS = ["x", "y", "kernel", "stride", "padding", "dilation", "transposed", "tab"] as const satisfies readonly (keyof Settings)[];

const DEFAULTS = { y: [], stride: 1, padding: "valid", dilation: 1, transposed: false, tab: "none" } as const;

export function read(model: Model): Settings {
  const values = readTraits<Settings>(model, TRAITS);
  return withFittingY({ ...values, y: values.y ?? [] });
}

export const write = (model: Model, s: Settings): void => writeTraits(model, TRAITS, s);

export const PRESETS = presetsOf("MatrixView", (given: Partial<Settings>) =>
  withFittingY({ ...DEFAULTS, ...given } as unknown as Settings),
);

// ------------------------------------------------------------------------------- links

export function toQuery(s: Settings): string {
  const parts: [string, string][] = [
    ["T", s.transposed ? "1" : "0"],
    ["x", matrixText(s.x)],
    ["y", matrixText(s.y)],
    ["kernel", matrixText(s.kernel)],
    ["stride", String(s.stride)],
    ["padding", String(s.padding)],
    ["dilation", String(s.dilation)],
    ["tab", s.tab],
  ];
  return queryOf(parts);
}

/** Reads a query made by `toQuery`, on top of `base`. Never throws; the result is always legal if `base` is. */
export function fromQuery(query: string, base: Settings): Read<Settings> {
  const { take, unread } = reader(query);
  let s: Settings = { ...base };
  const within = (field: NumberField) => (text: string): number | null =>
    rangeProblem(FIELDS, s, field, text) ? null : parseWhole(text);
  take("T", (text) => (text === "1" ? true : text === "0" ? false : null), (v) => (s.transposed = v));
  take("x", (text) => readMatrix(text, LIMITS.height[1]), (v) => (s.x = v));
  take("kernel", (text) => readMatrix(text, LIMITS.kernelSize[1]), (v) => (s.kernel = v));
  take("stride", within("stride"), (v) => (s.stride = v));
  take("dilation", within("dilation"), (v) => (s.dilation = v));
  take("padding", (text) => (text === "valid" || text === "same" ? text : within("pad")(text)), (v) => (s.padding = v));
  take("tab", oneOf("none", "adjoint", "back"), (v) => (s.tab = v));
  const problem = check(s);
  if (problem) s = problem.fixes[0]?.settings ?? base;
  s = withFittingY(s);
  take(
    "y",
    (text) => {
      const y = readMatrix(text, MOST);
      const size = mapSize(s);
      return y && (problem || (y.length === size[0] && y[0]!.length === size[1])) ? y : null;
    },
    (v) => (s = withFittingY({ ...s, y: v })),
  );
  return { settings: s, message: joined(unread(), problem && illegal(problem.message)) };
}

export const same = (a: Settings, b: Settings): boolean => toQuery(a) === toQuery(b);
