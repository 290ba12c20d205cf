/**
 * The reader's layer as code to paste: Keras, tf.nn, PyTorch and the widget itself.
 * Each snippet ends by comparing its result with what the page shows; tests/test_snippets.py runs them.
 */
import { exact } from "../core/numbers.ts";
import { axisOf, sizeOf, type Matrix } from "../core/ops.ts";
import { effectiveKernel, fullSize, pads, transposedWindow } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { defaultSize, outputSize, type Settings } from "./settings.ts";

const list = (m: Matrix): string => `[${m.map((row) => `[${row.map(exact).join(", ")}]`).join(", ")}]`;

interface Facts {
  s: Settings;
  output: Matrix;
  out: readonly [number, number];
  size: readonly [number, number];
  kernel: readonly [number, number];
  /** Pads of the convolution, or of the convolution being transposed: [[top, bottom], [left, right]]. */
  pad: readonly (readonly [number, number])[];
  /** Kept window of the full scatter result per axis, and the full length. */
  window: readonly (readonly [number, number])[];
  full: readonly number[];
}

function facts(s: Settings, output: Matrix): Facts {
  const size = sizeOf(s.input);
  const kernel = sizeOf(s.kernel);
  const out = outputSize(s);
  const axes = [axisOf(kernel, s, 0), axisOf(kernel, s, 1)] as const;
  return {
    s,
    output,
    out,
    size,
    kernel,
    pad: axes.map((a, i) => pads(s.mode === "conv" ? size[i]! : out[i]!, a)),
    window: axes.map((a, i) => transposedWindow(out[i]!, a)),
    full: axes.map((a, i) => fullSize(size[i]!, a)),
  };
}

const pairs = (p: readonly (readonly [number, number])[]): string =>
  `((${p[0]!.join(", ")}), (${p[1]!.join(", ")}))`;

function tensorflowData(f: Facts): string {
  return [
    "import numpy as np",
    "import tensorflow as tf",
    "",
    `x = np.float32(${list(f.s.input)})[None, :, :, None]  # NHWC`,
    `kernel = np.float32(${list(f.s.kernel)})[:, :, None, None]`,
    "",
  ].join("\n");
}

const check = (f: Facts, result: string): string =>
  [
    `expected = np.float32(${list(f.output)})  # what the page shows`,
    `assert np.allclose(${result}, expected, atol=1e-3)`,
    "print(y.shape)",
  ].join("\n");

/** Lines that cut the window out of a full result `y` (NHWC) and append zeros where it runs past the end. */
function cutWindow(f: Facts): string[] {
  const [v, h] = f.window;
  const beyond = f.window.map(([, stop], i) => Math.max(stop - f.full[i]!, 0));
  const lines = [`y = y[:, ${v![0]}:${v![1]}, ${h![0]}:${h![1]}, :]`];
  if (beyond.some(Boolean)) {
    lines.push(`y = tf.pad(y, ((0, 0), (0, ${beyond[0]}), (0, ${beyond[1]}), (0, 0)))`);
  }
  return lines;
}

function keras(f: Facts): string {
  const { s } = f;
  const named = typeof s.padding === "string";
  const dilation = s.dilation > 1 ? `, dilation_rate=${s.dilation}` : "";
  const k = `(${f.kernel.join(", ")})`;
  const layer = (type: string, padding: string, extra = "") =>
    `layer = tf.keras.layers.${type}(1, ${k}, strides=${s.stride}, padding="${padding}"${dilation}${extra}, use_bias=False)`;
  const run = (input: string) => [`layer.build(${input}.shape)`, "layer.set_weights([kernel])", `y = layer(${input})`];
  if (s.stride > 1 && s.dilation > 1) {
    return [
      "# Keras refuses strides > 1 together with dilation_rate > 1.",
      "# The same values: spread the kernel out with zeros, and use no dilation.",
      ...spreadKernel(f),
      keras({ ...f, s: { ...s, dilation: 1 }, kernel: f.kernel.map((n) => effectiveKernel(n, s.dilation)) as never }),
    ].join("\n");
  }
  if (s.mode === "conv") {
    if (named) return [layer("Conv2D", s.padding as string), ...run("x")].join("\n");
    return [
      "# Keras has no explicit padding: pad first, then a valid layer.",
      `padded = tf.keras.layers.ZeroPadding2D(${pairs(f.pad)})(x)`,
      layer("Conv2D", "valid"),
      ...run("padded"),
    ].join("\n");
  }
  const isDefault = f.out[0] === defaultSize(s, 0) && f.out[1] === defaultSize(s, 1);
  if (named && isDefault) return [layer("Conv2DTranspose", s.padding as string), ...run("x")].join("\n");
  const op = f.out.map((n, i) => {
    const span = effectiveKernel(f.kernel[i]!, s.dilation);
    const least = (f.size[i]! - 1) * s.stride + (s.padding === "same" ? span % 2 : span);
    return n - least;
  });
  // With output_padding Keras hands TensorFlow an output shape, so the window is the one of tf.nn.
  if (named && op.every((v) => v >= 0 && v < s.stride)) {
    return [layer("Conv2DTranspose", s.padding as string, `, output_padding=(${op.join(", ")})`), ...run("x")].join("\n");
  }
  return [
    named
      ? "# No output_padding of Keras gives this size with these values: take everything, then cut."
      : "# Keras has no explicit padding here: take everything, then cut.",
    layer("Conv2DTranspose", "valid", fullOutputPadding(f)),
    ...run("x"),
    ...cutWindow(f),
  ].join("\n");
}

/** With k < s Keras' valid default is longer than the full result; output_padding=0 gives the full result. */
function fullOutputPadding(f: Facts): string {
  const short = f.kernel.some((n) => effectiveKernel(n, f.s.dilation) < f.s.stride);
  return short && f.s.stride > 1 ? ", output_padding=0" : "";
}

function spreadKernel(f: Facts): string[] {
  const d = f.s.dilation;
  const span = f.kernel.map((n) => effectiveKernel(n, d));
  return [
    `wide = np.zeros((${span.join(", ")}, 1, 1), "float32")`,
    `wide[::${d}, ::${d}] = kernel`,
    "kernel = wide",
  ];
}

function tfnn(f: Facts): string {
  const { s } = f;
  const named = typeof s.padding === "string";
  const wide = s.dilation > 1 && (s.stride > 1 || s.mode === "transpose");
  const lines: string[] = [];
  if (wide) {
    lines.push(
      s.stride > 1
        ? "# Stride and dilation together: spread the kernel out with zeros, and use no dilation."
        : "# Spread the kernel out with zeros: conv2d_transpose with dilation is not supported on every device.",
      ...spreadKernel(f),
    );
  }
  const dilation = s.dilation > 1 && !wide ? `, dilations=${s.dilation}` : "";
  const padding = named
    ? `"${(s.padding as string).toUpperCase()}"`
    : `[[0, 0], [${f.pad[0]!.join(", ")}], [${f.pad[1]!.join(", ")}], [0, 0]]`;
  if (s.mode === "conv") {
    lines.push(`y = tf.nn.conv2d(x, kernel, strides=${s.stride}, padding=${padding}${dilation})`);
  } else if (named) {
    lines.push(
      `y = tf.nn.conv2d_transpose(x, kernel, output_shape=(1, ${f.out.join(", ")}, 1),`,
      `                           strides=${s.stride}, padding=${padding})`,
    );
  } else {
    lines.push(
      "# Take everything, then cut: this is what the explicit padding of the convolution means here.",
      `y = tf.nn.conv2d_transpose(x, kernel, output_shape=(1, ${f.full.join(", ")}, 1),`,
      `                           strides=${s.stride}, padding="VALID")`,
      ...cutWindow(f),
    );
  }
  return lines.join("\n");
}

function torch(f: Facts): string {
  const { s } = f;
  const dilation = s.dilation > 1 ? `, dilation=${s.dilation}` : "";
  const lines = [
    "import torch",
    "import torch.nn.functional as F",
    "",
    `x = torch.tensor(${list(s.input)}, dtype=torch.float32)[None, None]  # NCHW`,
    `kernel = torch.tensor(${list(s.kernel)}, dtype=torch.float32)[None, None]`,
    "",
  ];
  const [v, h] = f.pad;
  if (s.mode === "conv") {
    const even = v![0] === v![1] && h![0] === h![1];
    if (even) {
      const padding = v![0] === h![0] ? `${v![0]}` : `(${v![0]}, ${h![0]})`;
      lines.push(`y = F.conv2d(x, kernel, stride=${s.stride}, padding=${padding}${dilation})`);
    } else {
      lines.push(
        "# Uneven padding: pad first. F.pad counts left, right, top, bottom.",
        `x = F.pad(x, (${h!.join(", ")}, ${v!.join(", ")}))`,
        `y = F.conv2d(x, kernel, stride=${s.stride}${dilation})`,
      );
    }
  } else {
    const p = f.window.map(([start]) => start);
    const op = f.out.map((n, i) => n - (f.full[i]! - 2 * p[i]!));
    const most = Math.max(s.stride, s.dilation);
    if (op.every((n) => n >= 0 && n < most)) {
      const two = (a: readonly number[]) => (a[0] === a[1] ? `${a[0]}` : `(${a.join(", ")})`);
      lines.push(
        `y = F.conv_transpose2d(x, kernel, stride=${s.stride}, padding=${two(p)}, output_padding=${two(op)}${dilation})`,
      );
    } else {
      lines.push(
        "# No padding and output_padding of PyTorch keep this window: take everything, then cut.",
        `y = F.conv_transpose2d(x, kernel, stride=${s.stride}${dilation})`,
        `y = y[..., ${f.window[0]!.join(":")}, ${f.window[1]!.join(":")}]`,
      );
      const beyond = f.window.map(([, stop], i) => Math.max(stop - f.full[i]!, 0));
      if (beyond.some(Boolean)) lines.push(`y = F.pad(y, (0, ${beyond[1]}, 0, ${beyond[0]}))`);
    }
  }
  lines.push(
    `expected = torch.tensor(${list(f.output)}, dtype=torch.float32)  # what the page shows`,
    "assert torch.allclose(y[0, 0], expected, atol=1e-3)",
    "print(y.shape)",
  );
  return lines.join("\n");
}

function widget(f: Facts): string {
  const { s } = f;
  const padding =
    typeof s.padding === "string" ? `"${s.padding}"` : pairs(s.padding as readonly (readonly [number, number])[]);
  const lines = [
    "from conv_lib.widgets import ConvExplorer",
    "",
    "w = ConvExplorer(",
    `    mode="${s.mode}",`,
    ...(s.mode === "transpose" ? [`    picture="${s.picture}",`] : []),
    `    input=${list(s.input)},`,
    `    kernel=${list(s.kernel)},`,
    `    stride=${s.stride}, padding=${padding}, dilation=${s.dilation},`,
    ...(s.outputSize ? [`    output_size=(${s.outputSize.join(", ")}),`] : []),
    ")",
    "w",
  ];
  return lines.join("\n");
}

export function snippets(s: Settings, output: Matrix): Snippet[] {
  const f = facts(s, output);
  const tf = (body: string) => [tensorflowData(f) + body, check(f, "y[0, :, :, 0]")].join("\n");
  return [
    { name: "Keras", code: tf(keras(f)) },
    { name: "tf.nn", code: tf(tfnn(f)) },
    { name: "PyTorch", code: torch(f) },
    { name: THIS_WIDGET, code: widget(f) },
  ];
}
