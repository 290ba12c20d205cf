/**
 * The reader's layer as code to paste: Keras, tf.nn, PyTorch and the widget itself.
 * Each snippet ends by comparing its result with what the page shows; tests/test_channels_snippets.py runs them.
 */
import { exact } from "../core/numbers.ts";
import type { Matrix } from "../core/ops.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { outputs, sceneOf } from "./picture.ts";
import { channelsIn, channelsOut, COUNTED_AT_FIRST, kernelSize, type Settings } from "./settings.ts";

const row = (values: readonly number[]): string => `[${values.map(exact).join(", ")}]`;
const list = (m: Matrix): string => `[${m.map(row).join(", ")}]`;
const planes = (all: readonly Matrix[], indent: string): string =>
  all.map((m, i) => `${indent}${list(m)},  # channel ${i}`).join("\n");

/** The kernel as filters of slices: PyTorch's layout (out, in / groups, height, width). */
const filters = (s: Settings): string =>
  s.slices.map((of, o) => `    [${of.map(list).join(",\n     ")}],  # filter ${o}`).join("\n");

function data(s: Settings): string[] {
  return ["x = np.float32([", planes(s.inputs, "    "), "])", "kernel = np.float32([", filters(s), "])"];
}

function tensorflow(s: Settings, body: string[]): string {
  return [
    "import numpy as np",
    "import tensorflow as tf",
    "",
    ...data(s),
    "x = x.transpose(1, 2, 0)[None]          # (1, height, width, in)",
    "kernel = kernel.transpose(2, 3, 1, 0)   # (height, width, in / groups, out)",
    ...(s.bias ? [`bias = np.float32(${row(s.bias)})`] : []),
    "",
    ...body,
    "",
    "expected = np.float32([  # what the page shows",
    planes(outputs(s), "    "),
    "]).transpose(1, 2, 0)",
    "assert np.allclose(y[0], expected, atol=1e-3)",
    "print(y.shape)",
  ].join("\n");
}

function keras(s: Settings): string[] {
  const [kh, kw] = kernelSize(s);
  const ins = channelsIn(s);
  const outs = channelsOut(s);
  const common = `(${kh}, ${kw}), strides=${s.stride}, padding="${s.padding}"`;
  const bias = `use_bias=${s.bias ? "True" : "False"}`;
  const weights = (kernel: string) => `layer.set_weights([${kernel}${s.bias ? ", bias" : ""}])`;
  if (s.groups > 1 && s.groups === ins) {
    return [
      "# As many groups as channels in: depthwise. Keras has a layer for it,",
      `# whose kernel is (height, width, in, multiplier): the same ${kh * kw * outs} numbers.`,
      `layer = tf.keras.layers.DepthwiseConv2D(${common},`,
      `                                        depth_multiplier=${outs / ins}, ${bias})`,
      "layer.build(x.shape)",
      weights(`kernel.reshape(${kh}, ${kw}, ${ins}, ${outs / ins})`),
      "y = layer(x)",
    ];
  }
  return [
    `layer = tf.keras.layers.Conv2D(${outs}, ${common},`,
    `                               ${s.groups > 1 ? `groups=${s.groups}, ` : ""}${bias})`,
    "layer.build(x.shape)",
    weights("kernel"),
    "y = layer(x)",
  ];
}

function tfnn(s: Settings): string[] {
  return [
    ...(s.groups > 1 ? [`# The groups follow from the shapes: ${channelsIn(s)} channels in x, ${channelsIn(s) / s.groups} in the kernel.`] : []),
    `y = tf.nn.conv2d(x, kernel, strides=${s.stride}, padding="${s.padding.toUpperCase()}")`,
    ...(s.bias ? ["y = tf.nn.bias_add(y, bias)"] : []),
  ];
}

function torch(s: Settings): string {
  const [[top, bottom], [left, right]] = sceneOf(s).pad;
  const even = top === bottom && left === right;
  const padding = top + left > 0 && even ? `, padding=(${top}, ${left})` : "";
  return [
    "import numpy as np",
    "import torch",
    "import torch.nn.functional as F",
    "",
    ...data(s),
    "x = torch.from_numpy(x)[None]       # (1, in, height, width)",
    "kernel = torch.from_numpy(kernel)   # (out, in / groups, height, width)",
    ...(s.bias ? [`bias = torch.tensor(${row(s.bias)}, dtype=torch.float32)`] : []),
    "",
    ...(even ? [] : ["# Uneven padding: pad first. F.pad counts left, right, top, bottom.", `x = F.pad(x, (${left}, ${right}, ${top}, ${bottom}))`]),
    `y = F.conv2d(x, kernel${s.bias ? ", bias" : ""}, stride=${s.stride}${padding}${s.groups > 1 ? `, groups=${s.groups}` : ""})`,
    "",
    "expected = torch.tensor([  # what the page shows",
    planes(outputs(s), "    "),
    "], dtype=torch.float32)",
    "assert torch.allclose(y[0], expected, atol=1e-3)",
    "print(y.shape)",
  ].join("\n");
}

function widget(s: Settings): string {
  const n = s.counted;
  const same = JSON.stringify(n) === JSON.stringify(COUNTED_AT_FIRST);
  const counted = Object.entries(n).map(([key, v]) => `${key}=${typeof v === "string" ? `"${v}"` : v === true ? "True" : v === false ? "False" : v}`);
  return [
    "import numpy as np",
    "from conv_lib.widgets import ChannelView",
    "",
    ...data(s).map((line) => line.replace("np.float32(", "np.array(")),
    "w = ChannelView(",
    "    input=x.transpose(1, 2, 0), kernel=kernel.transpose(2, 3, 1, 0),",
    `    bias=${s.bias ? row(s.bias) : "None"}, stride=${s.stride}, padding="${s.padding}",`,
    `    groups=${s.groups}, channel=${s.channel},`,
    ...(same ? [] : [`    counted=dict(${counted.join(", ")}),`]),
    ")",
    "w",
  ].join("\n");
}

export function snippets(s: Settings): Snippet[] {
  return [
    { name: "Keras", code: tensorflow(s, keras(s)) },
    { name: "tf.nn", code: tensorflow(s, tfnn(s)) },
    { name: "PyTorch", code: torch(s) },
    { name: THIS_WIDGET, code: widget(s) },
  ];
}
