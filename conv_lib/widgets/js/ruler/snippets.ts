/**
 * The reader's axis as code to paste: Keras, tf.nn, PyTorch and the widget itself. Each snippet asserts the size
 * that the page shows; tests/test_ruler_js.py runs those of Keras and tf.nn and holds their values to conv_lib.
 */
import { effectiveKernel, fullSize, pads, transposedWindow } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { rowsOf } from "./scene.ts";
import { axisOf, outputSize, type Settings } from "./settings.ts";

const HEAD = ["import numpy as np", "import tensorflow as tf", ""];
const TORCH = ["import torch", "import torch.nn.functional as F", ""];

const python = (value: Settings["padding"]) => (typeof value === "string" ? `"${value}"` : `(${value.join(", ")})`);

function ending(size: number, torch = false): string[] {
  return [`assert y.shape[${torch ? 2 : 1}] == ${size}`, "print(y.shape)"];
}

/** A kernel spread out with zeros, where stride and dilation do not go together. */
function spread(s: Settings): string[] {
  return [
    `wide = np.zeros((${effectiveKernel(s.kernel, s.dilation)}, 1, 1), "float32")`,
    `wide[::${s.dilation}] = kernel`,
    "kernel = wide",
  ];
}

const data = (s: Settings) => [
  `x = np.arange(1, ${s.size + 1}, dtype="float32").reshape(1, ${s.size}, 1)`,
  `kernel = np.arange(1, ${s.kernel + 1}, dtype="float32").reshape(${s.kernel}, 1, 1)`,
];

const run = (input: string) => [`layer.build(${input}.shape)`, "layer.set_weights([kernel])", `y = layer(${input})`];

function keras(s: Settings): string {
  const both = s.stride > 1 && s.dilation > 1;
  const kernel = both ? effectiveKernel(s.kernel, s.dilation) : s.kernel;
  const dilation = s.dilation > 1 && !both ? [`dilation_rate=${s.dilation}`] : [];
  const lead = both ? ["# Keras refuses strides and dilation_rate above 1 together: spread the kernel.", ...spread(s)] : [];
  const layer = (type: string, padding: string, ...extra: string[]) => [
    `layer = tf.keras.layers.${type}(`,
    `    ${[`1, ${kernel}, strides=${s.stride}, padding="${padding}"`, ...dilation, ...extra].join(", ")},`,
    "    use_bias=False,",
    ")",
  ];
  const lines = [...HEAD, ...data(s), ...lead];
  if (s.mode === "conv") {
    if (typeof s.padding === "string") lines.push(...layer("Conv1D", s.padding), ...run("x"));
    else
      lines.push(
        "# Keras names its padding: pad first, then a valid layer.",
        `padded = tf.keras.layers.ZeroPadding1D((${s.padding.join(", ")}))(x)`,
        ...layer("Conv1D", "valid"),
        ...run("padded"),
      );
    return [...lines, ...ending(outputSize(s))].join("\n");
  }
  const size = outputSize(s);
  const row = rowsOf(both ? { ...s, kernel, dilation: 1 } : s).find((r) => r.size === size)!;
  if (typeof s.padding === "string" && row.kerasDefault) lines.push(...layer("Conv1DTranspose", s.padding), ...run("x"));
  else if (typeof s.padding === "string" && row.kerasPadding !== null)
    lines.push(...layer("Conv1DTranspose", s.padding, `output_padding=${row.kerasPadding}`), ...run("x"));
  else
    lines.push(
      "# No setting of Keras keeps this window: take everything, then cut.",
      ...layer("Conv1DTranspose", "valid", "output_padding=0"),
      ...run("x"),
      ...cut(s),
    );
  return [...lines, ...ending(size)].join("\n");
}

/** Lines that cut the window out of the full result `y` (batch, width, channels), and append zeros past its end. */
function cut(s: Settings): string[] {
  const [start, stop] = transposedWindow(outputSize(s), axisOf(s));
  const full = fullSize(s.size, axisOf(s));
  const lines = [`y = y[:, ${start}:${stop}, :]`];
  const beyond = stop - Math.max(full, start);
  if (beyond > 0) lines.push(`y = tf.pad(y, ((0, 0), (0, ${beyond}), (0, 0)))`);
  return lines;
}

function tfnn(s: Settings): string {
  const lines = [...HEAD, ...data(s)];
  const wide = s.dilation > 1 && (s.stride > 1 || s.mode === "transpose");
  if (wide) lines.push("# Stride or transpose with dilation: spread the kernel out with zeros instead.", ...spread(s));
  const named = typeof s.padding === "string";
  const padding = named ? `"${(s.padding as string).toUpperCase()}"` : '"VALID"';
  if (s.mode === "conv") {
    if (!named) lines.push(`x = tf.pad(x, ((0, 0), (${(s.padding as readonly number[]).join(", ")}), (0, 0)))`);
    const dilation = s.dilation > 1 && !wide ? `, dilations=${s.dilation}` : "";
    lines.push(`y = tf.nn.conv1d(x, kernel, stride=${s.stride}, padding=${padding}${dilation})`);
  } else {
    const size = named ? outputSize(s) : fullSize(s.size, axisOf(s));
    if (!named) lines.push("# Padding in pixels: take everything, then cut.");
    lines.push(
      "y = tf.nn.conv1d_transpose(",
      `    x, kernel, output_shape=(1, ${size}, 1),`,
      `    strides=${s.stride}, padding=${padding},`,
      ")",
      ...(named ? [] : cut(s)),
    );
  }
  return [...lines, ...ending(outputSize(s))].join("\n");
}

function torch(s: Settings): string {
  const dilation = s.dilation > 1 ? `, dilation=${s.dilation}` : "";
  const lines = [
    ...TORCH,
    `x = torch.arange(1.0, ${s.size + 1}).reshape(1, 1, ${s.size})`,
    `kernel = torch.arange(1.0, ${s.kernel + 1}).reshape(1, 1, ${s.kernel})`,
  ];
  if (s.mode === "conv") {
    const [before, after] = pads(s.size, axisOf(s));
    if (before !== after) lines.push("# Uneven padding: pad first.", `x = F.pad(x, (${before}, ${after}))`);
    const padding = before === after && before ? `, padding=${before}` : "";
    lines.push(`y = F.conv1d(x, kernel, stride=${s.stride}${padding}${dilation})`);
    return [...lines, ...ending(outputSize(s), true)].join("\n");
  }
  const size = outputSize(s);
  const row = rowsOf(s).find((r) => r.size === size)!;
  if (row.torch) {
    lines.push(
      "y = F.conv_transpose1d(",
      `    x, kernel, stride=${s.stride}, padding=${row.torch[0]},`,
      `    output_padding=${row.torch[1]}${dilation},`,
      ")",
    );
  } else {
    lines.push(
      "# No padding and output_padding keep this window: take everything, then cut.",
      `y = F.conv_transpose1d(x, kernel, stride=${s.stride}${dilation})`,
      `y = y[..., ${row.start}:${row.stop}]`,
    );
    const beyond = row.stop - Math.max(fullSize(s.size, axisOf(s)), row.start);
    if (beyond > 0) lines.push(`y = F.pad(y, (0, ${beyond}))`);
  }
  return [...lines, ...ending(size, true)].join("\n");
}

function stackCode(s: Settings): Snippet[] {
  const size = outputSize(s);
  const both = s.layers.some((l) => l.stride > 1 && l.dilation > 1);
  const kerasLayers = s.layers.map((l) => {
    const dilation = l.dilation > 1 ? `, dilation_rate=${l.dilation}` : "";
    return `    tf.keras.layers.Conv1D(1, ${l.kernel}, strides=${l.stride}, padding="${l.padding}"${dilation}),`;
  });
  const calls = s.layers.map((l) => {
    const dilation = l.dilation > 1 ? `, dilations=${l.dilation}` : "";
    return `y = tf.nn.conv1d(y, tf.ones((${l.kernel}, 1, 1)), ${l.stride}, "${l.padding.toUpperCase()}"${dilation})`;
  });
  const refused = both ? ["# Layers with both strides and dilation above 1 are refused by TensorFlow."] : [];
  let here = s.size;
  const torchCalls = s.layers.flatMap((l) => {
    const [before, after] = pads(here, l);
    const dilation = l.dilation > 1 ? `, dilation=${l.dilation}` : "";
    here = Math.floor((here + before + after - effectiveKernel(l.kernel, l.dilation)) / l.stride) + 1;
    return [
      ...(before + after ? [`y = F.pad(y, (${before}, ${after}))`] : []),
      `y = F.conv1d(y, torch.ones(1, 1, ${l.kernel}), stride=${l.stride}${dilation})`,
    ];
  });
  const x = `x = tf.ones((1, ${s.size}, 1))`;
  return [
    { name: "Keras", code: [HEAD[1], "", ...refused, x, "model = tf.keras.Sequential([", ...kerasLayers, "])", "y = model(x)", ...ending(size)].join("\n") },
    { name: "tf.nn", code: [HEAD[1], "", ...refused, x, "y = x", ...calls, ...ending(size)].join("\n") },
    { name: "PyTorch", code: [...TORCH, `y = torch.ones(1, 1, ${s.size})`, ...torchCalls, ...ending(size, true)].join("\n") },
  ];
}

function widget(s: Settings): string {
  const lines =
    s.mode === "stack"
      ? [
          `    size=${s.size},`,
          "    layers=[",
          ...s.layers.map((l) => `        dict(kernel=${l.kernel}, stride=${l.stride}, dilation=${l.dilation}, padding="${l.padding}"),`),
          "    ],",
        ]
      : [
          `    size=${s.size}, kernel=${s.kernel}, stride=${s.stride},`,
          `    dilation=${s.dilation}, padding=${python(s.padding)},`,
          ...(s.outputSize === null ? [] : [`    output_size=${s.outputSize},`]),
          ...(s.mode === "transpose" ? [`    torch=(${s.torch.join(", ")}),`] : []),
        ];
  return ["from conv_lib.widgets import SizeRuler", "", "w = SizeRuler(", `    mode="${s.mode}",`, ...lines, ")", "w"].join("\n");
}

export function snippets(s: Settings): Snippet[] {
  const own = { name: THIS_WIDGET, code: widget(s) };
  if (s.mode === "stack") return [...stackCode(s), own];
  return [{ name: "Keras", code: keras(s) }, { name: "tf.nn", code: tfnn(s) }, { name: "PyTorch", code: torch(s) }, own];
}
