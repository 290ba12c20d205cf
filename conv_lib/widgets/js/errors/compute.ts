/** What follows from the numbers of a message: the same functions as conv_lib/diagnosis/compute.py, the reference. */
import { effectiveKernel, transposedSizes, type Axis, type Padding } from "../core/shapes.ts";
import * as words from "../words/en/errors.ts";

export type Values = Record<string, number | string>;
const LARGE = 100_000;

const num = (v: Values, name: string): number | null => {
  const value = v[name];
  return typeof value === "number" ? value : null;
};

/** The named numbers, if all are there and neither below `low` nor huge. */
function small(v: Values, names: readonly string[], low = 1): number[] | null {
  const found = names.map((name) => num(v, name));
  return found.every((value) => value !== null && value >= low && value <= LARGE) ? (found as number[]) : null;
}

function span(first: number, last: number): string {
  if (first === last) return `${first}`;
  return (last === first + 1 ? words.either : words.between)(`${first}`, `${last}`);
}

function reach(n: number, axis: Axis): string {
  const sizes = transposedSizes(n, axis);
  return sizes ? span(sizes.first, sizes.last) : words.NO_SIZE;
}

/** The sizes of a shape, if all are known. */
function sizes(name: string, v: Values): number[] | null {
  const rank = num(v, `${name}.rank`) ?? 0;
  const found = Array.from({ length: rank }, (_, place) => num(v, `${name}.${place}`));
  return rank && found.every((size) => size !== null && size >= 0) ? (found as number[]) : null;
}

const product = (all: readonly number[]): number => all.reduce((a, b) => a * b, 1);
const up = (a: number, b: number): number => Math.ceil(a / b);

function strides(n: number, wanted: number): Values {
  if (wanted < n) return {};
  const stride = up(wanted, n);
  if (up(wanted, stride) === n) return { fit_stride: stride };
  return {
    stride_below: words.wouldNeed(`${stride - 1}`, `${up(wanted, stride - 1)}`),
    stride_above: words.wouldNeed(`${stride}`, `${up(wanted, stride)}`),
  };
}

function flatSizes(v: Values): Values {
  const a = num(v, "a");
  const b = num(v, "b");
  if (a === null || b === null || Math.min(a, b) <= 0 || a === b || Math.max(a, b) > 1e9) return {};
  let [shared, rest] = [a, b];
  while (rest) [shared, rest] = [rest, shared % rest];
  if (shared > LARGE) return {};
  for (let channels = shared; channels > 0; channels--) {
    if (shared % channels) continue;
    const sideA = Math.floor(Math.sqrt(a / channels));
    const sideB = Math.floor(Math.sqrt(b / channels));
    if (sideA ** 2 * channels === a && sideB ** 2 * channels === b) return { channels, side_a: sideA, side_b: sideB };
  }
  return {};
}

function roots(v: Values): Values {
  const found = small(v, ["a", "b"]);
  if (!found) return {};
  const [a, b] = found.map((size) => Math.floor(Math.sqrt(size))) as [number, number];
  return a * a === found[0] && b * b === found[1] ? { root_a: a, root_b: b } : {};
}

function gib(size: number): Values {
  if (!(size > 0 && size <= 2 ** 53)) return {};
  const value = size / 2 ** 30;
  return { gib: value >= 10 ? halfEven(value) : value.toFixed(2) };
}

/** Rounded as Python rounds, so that both say the same. */
function halfEven(value: number): string {
  const low = Math.floor(value);
  return String(value - low === 0.5 ? low + (low % 2) : Math.round(value));
}

function multiple(v: Values): Values {
  const found = small(v, ["c", "b"]);
  if (!found) return {};
  const [c, b] = found as [number, number];
  const down = c - (c % b);
  return { up: down + b, ...(down ? { down } : { single: 1 }) };
}

function swap(v: Values, i: number, j: number): Values {
  const want = sizes("want", v);
  const w = sizes("w", v);
  if (!want || !w || want.length !== 4 || want.join() === w.join()) return {};
  [want[i], want[j]] = [want[j]!, want[i]!];
  return want.join() === w.join() ? { swapped: 1 } : {};
}

export const COMPUTE: Record<string, (v: Values) => Values> = {
  transpose_target(v): Values {
    const found = small(v, ["actual", "wanted", "filter", "stride", "dilation"]);
    if (!found) return {};
    const [n, wanted, kernel, stride, dilation] = found as [number, number, number, number, number];
    const axis = (padding: Padding): Axis => ({ kernel, stride, dilation, padding });
    const k = effectiveKernel(kernel, dilation);
    const valid = wanted >= k ? Math.floor((wanted - k) / stride) + 1 : 0;
    const same = up(wanted, stride);
    const out: Values = {
      same_reach: reach(n, axis("same")),
      valid_reach: reach(n, axis("valid")),
      padding: v.computed === valid && valid !== same ? "valid" : "same",
      ...strides(n, wanted),
    };
    if (stride === 1 && wanted > 1) Object.assign(out, { same2_reach: span(2 * n - 1, 2 * n), end2: up(wanted, 2) });
    const steps = [n];
    while (steps[steps.length - 1]! < wanted) steps.push(2 * steps[steps.length - 1]!);
    if (steps[steps.length - 1] === wanted && steps.length > 2)
      Object.assign(out, { steps: steps.length - 1, steps_text: steps.join(" \u2192 ") });
    return out;
  },
  transpose_guess(v): Values {
    const found = small(v, ["actual", "computed"]);
    if (!found) return {};
    const [n, wanted] = found as [number, number];
    return { same2_reach: span(2 * n - 1, 2 * n), ...strides(n, wanted) };
  },
  onnx_target(v): Values {
    const found = small(v, ["actual", "filter", "stride", "dilation"]);
    if (!found) return {};
    const [n, kernel, stride, dilation] = found as [number, number, number, number];
    return { valid_reach: reach(n, { kernel, stride, dilation, padding: "valid" }) };
  },
  kernel_fits(v): Values {
    const found = small(v, ["n", "k", "s"]);
    if (!found) return {};
    const [n, k, s] = found as [number, number, number];
    return k > n ? { missing: k - n, same_out: up(n, s) } : {};
  },
  keras_window(v): Values {
    for (const [place, axis] of ["H", "W"].entries()) {
      const given: Record<string, number | null> = {
        n: num(v, `x.${axis}`),
        kernel: num(v, `w.${axis}`),
        s: num(v, `strides.${place}`),
        d: num(v, `dilations.${place}`),
      };
      const found = small(given as Values, ["n", "kernel", "s", "d"]);
      if (!found) continue;
      const [n, kernel, , d] = found as [number, number, number, number];
      const k = effectiveKernel(kernel, d);
      if (k > n) return { ...(given as Values), k };
    }
    return {};
  },
  differing_axis(v): Values {
    const rank = num(v, "x.rank");
    if (rank === null || rank !== num(v, "y.rank")) return {};
    const named = "x.H" in v || "x.W" in v || "x.C" in v;
    const letters = (named && ({ 4: "NHWC", 3: "HWC" } as Record<number, string>)[rank]) || "";
    const coarse = (place: number) => "NC".includes(letters[place] ?? "-");
    const places = Array.from({ length: rank }, (_, place) => place);
    places.sort((p, q) => Number(coarse(p)) - Number(coarse(q)) || p - q);
    for (const place of places) {
      const a = num(v, `x.${place}`);
      const b = num(v, `y.${place}`);
      if (a !== null && b !== null && a !== b) return { a, b, ...(coarse(place) ? { coarse: 1 } : {}) };
    }
    return {};
  },
  two_sizes(v): Values {
    const found = small(v, ["a", "b"]);
    if (!found || found[0] === found[1]) return {};
    const smaller = Math.min(...found);
    const larger = Math.max(...found);
    const difference = larger - smaller;
    const before = Math.floor(difference / 2);
    const out: Values = { smaller, larger, difference, before, after: difference - before };
    out[difference <= 3 ? "near" : "far"] = 1;
    if (difference === 1 && smaller > 1 && !("coarse" in v)) {
      const even = larger % 2 === 0 ? larger : smaller;
      const odd = larger + smaller - even;
      Object.assign(out, { even, odd, half: even / 2, rounding: even > odd ? words.ROUNDED.up : words.ROUNDED.down });
    }
    return out;
  },
  halvings(v): Values {
    const found = small(v, ["smaller", "larger"]);
    if (!found) return {};
    const [smaller, larger] = found as [number, number];
    const down = [smaller];
    while (down[down.length - 1]! > 1 && down.length < 8) {
      down.push(up(down[down.length - 1]!, 2));
      const back = down.map((_, times) => down[down.length - 1]! * 2 ** times);
      if (back[back.length - 1] !== larger) continue;
      let exact = 0;
      while (smaller % 2 ** (exact + 1) === 0) exact++;
      return {
        down_text: down.slice(1).join(" \u2192 "),
        up_text: back.slice(1).join(" \u2192 "),
        exact: words.times(exact),
      };
    }
    return {};
  },
  last_axis(v): Values {
    const rank = num(v, "x.rank");
    if (rank === null || !small(v, ["b"])) return {};
    const axis = num(v, "axis") ?? -1;
    const a = num(v, `x.${axis < 0 ? axis + rank : axis}`);
    return a === null ? {} : { a };
  },
  flat_or_channels: (v): Values => (v["x.rank"] === 2 ? { flat: 1, ...flatSizes(v), ...roots(v) } : { map: 1 }),
  matrix_sizes: (v): Values => ("x.1" in v && "w.0" in v ? { a: v["x.1"]!, b: v["w.0"]! } : {}),
  flat_sizes: flatSizes,
  volume(v): Values {
    const all = sizes("x", v);
    const count = all ? product(all) : 0;
    return count > 0 && count <= 2 ** 50 ? { count, ...gib(4 * count) } : {};
  },
  bytes: (v): Values => gib(num(v, "bytes") ?? 0),
  multiple,
  multiple_groups(v): Values {
    const found = small(v, ["c", "groups"]);
    if (!found) return {};
    const [c, groups] = found as [number, number];
    const divisors = [];
    for (let d = 1; d <= c; d++) if (c % d === 0) divisors.push(d);
    return { divisors: divisors.slice(0, 10).join(", "), ...multiple({ c, b: groups }) };
  },
  weight_groups: (v): Values => ("w.O" in v ? { c: v["w.O"]! } : {}),
  output_padding: (v): Values => (small(v, ["s"]) ? { most: (v.s as number) - 1 } : {}),
  bound: (v): Values => (small(v, ["bound"]) ? { most: (v.bound as number) - 1 } : {}),
  torch_output_padding(v): Values {
    const found = small(v, ["sh", "sw", "dh", "dw"]);
    if (!found) return {};
    const [sh, sw, dh, dw] = found as [number, number, number, number];
    return { most_h: Math.max(sh, dh) - 1, most_w: Math.max(sw, dw) - 1 };
  },
  dilation_zeros(v): Values {
    const d = num(v, "dilations.0");
    return d === null ? {} : { zeros: d - 1 };
  },
  counts(v): Values {
    const out: Values = {};
    for (const name of ["x", "y"]) {
      const all = sizes(name, v);
      if (all && product(all) <= 2 ** 50) out[`count_${name}`] = product(all);
    }
    const [x, y] = [num(out, "count_x"), num(out, "count_y")];
    if (x && y && x > y && x % y === 0) out.times = x / y;
    return out;
  },
  per_image(v): Values {
    const [batch, size] = [num(v, "y.0"), num(v, "size")];
    return batch !== null && size !== null && batch > 0 && size % batch === 0 ? { each: size / batch } : {};
  },
  swapped: (v): Values => swap(v, 2, 3),
  swapped_first: (v): Values => swap(v, 0, 1),
  one_missing: (v): Values => ((num(v, "want") ?? 0) - (num(v, "found") ?? 0) === 1 ? { one: 1 } : {}),
  channels_last(v): Values {
    const all = sizes("x", v);
    if (all?.length === 4 && all[3] === v.want && all[1]! > 4) {
      const [n, h, w, c] = all;
      return { nhwc: 1, permuted: `${n}, ${c}, ${h}, ${w}` };
    }
    return { nchw: 1 };
  },
  kernel_box(v): Values {
    const found = small(v, ["h", "w", "kh", "kw"], 0);
    if (!found) return {};
    const [h, w, kh, kw] = found as [number, number, number, number];
    const raw = [h - 2, w - 2] as const;
    return {
      pad: up(Math.max(kh - h, kw - w, 0), 2),
      ...(Math.min(...raw) >= 0 ? { raw_h: raw[0], raw_w: raw[1] } : {}),
      [Math.min(...raw) === 0 && Math.max(...raw) > 0 ? "empty" : "full"]: 1,
    };
  },
  nearest_size(v): Values {
    const [want, first, last] = ["want", "first", "last"].map((name) => sizes(name, v));
    if (!want || !first || !last || want.length !== first.length || want.length !== last.length) return {};
    return { nearest: `(${want.map((size, i) => Math.min(Math.max(size, first[i]!), last[i]!)).join(", ")})` };
  },
  less_padding(v): Values {
    const least = Math.min(num(v, "oh") ?? 1, num(v, "ow") ?? 1);
    return least < 1 && least > -LARGE ? { less: up(1 - least, 2) } : {};
  },
  half_kernel(v): Values {
    if (!small(v, ["k"])) return {};
    return { half_k: Math.floor(effectiveKernel(v.k as number, Math.max(num(v, "d") ?? 1, 1)) / 2) };
  },
  group_channels: (v): Values => (small(v, ["i", "groups"]) ? { want: (v.i as number) * (v.groups as number) } : {}),
  dtype_code: (v): Values => (typeof v.w === "string" ? { w_code: `jnp.${v.w}` } : {}),
};
