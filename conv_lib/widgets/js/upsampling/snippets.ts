/** The reader's grid through all eight ways as code to paste; tests/test_upsampling_js.py runs it. */
import { exact } from "../core/numbers.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { PROJECTION } from "../words/en/upsampling.ts";
import type { Settings } from "./settings.ts";
import { outputOf, project, WAYS } from "./ways.ts";

const list = (m: Matrix): string => `[${m.map((row) => `[${row.map(exact).join(", ")}]`).join(", ")}]`;

export function snippets(s: Settings): Snippet[] {
  const [h, w] = sizeOf(s.input);
  const outputs = WAYS.map((way) => [way, outputOf(way, s.input, s)] as const);
  const kernels = [...s.transposed3, ...s.transposed4, ...s.resize, ...s.shuffle.flat()].flat();
  const largest = (m: readonly number[]) => Math.max(1, ...m.map(Math.abs));
  const scale = 16 * largest(s.input.flat()) * largest(kernels);
  const atol = (digits: number) => Number((scale * digits).toPrecision(1));
  const expected = [
    "",
    "expected = {  # what the page shows",
    ...outputs.map(([way, m]) => `    "${way}": ${list(m)},`),
    "}",
  ];
  const given = [
    `k3 = ${list(s.transposed3)}`,
    `k4 = ${list(s.transposed4)}`,
    `resize = ${list(s.resize)}`,
    `shuffle = [${s.shuffle.map(list).join(", ")}]`,
  ];
  const numpy = [
    "import numpy as np",
    "import conv_lib as cl",
    "",
    `x = np.array(${list(s.input)}, float)[None, :, :, None]`,
    ...given,
    "weights = lambda k: np.array(k, float)[:, :, None, None]",
    'up = dict(stride=2, padding="same")',
    "four = np.stack([np.array(k, float) for k in shuffle], -1)[:, :, None, :]",
    "",
    "results = {",
    '    "nearest": cl.upsample_nearest(x, 2),',
    '    "bilinear": cl.upsample_bilinear(x, 2),',
    `    "corners": cl.upsample_bilinear(x, size=(${2 * h}, ${2 * w}), align_corners=True),`,
    '    "zeros": cl.conv2d_transpose(x, np.ones((1, 1, 1, 1)), **up),',
    '    "transposed3": cl.conv2d_transpose(x, weights(k3), **up),',
    '    "transposed4": cl.conv2d_transpose(x, weights(k4), **up),',
    '    "resize": cl.conv2d(cl.upsample_nearest(x, 2), weights(resize), padding="same"),',
    '    "shuffle": cl.depth_to_space(cl.conv2d(x, four, padding="same"), 2),',
    "}",
    ...expected,
    "for way, y in results.items():",
    "    print(way, y[0, :, :, 0].round(3).tolist())",
    `    assert np.allclose(y[0, :, :, 0], expected[way], atol=${atol(1e-9)})`,
  ];
  const keras = [
    "import numpy as np",
    "import tensorflow as tf",
    "",
    `x = np.float32(${list(s.input)})[None, :, :, None]  # NHWC`,
    ...given,
    "weights = lambda k: np.float32(k)[:, :, None, None]",
    "four = np.stack([np.float32(k) for k in shuffle], -1)[:, :, None, :]",
    "Up = tf.keras.layers.UpSampling2D",
    "",
    "def transposed(k):",
    '    layer = tf.keras.layers.Conv2DTranspose(1, len(k), strides=2, padding="same", use_bias=False)',
    "    layer.build(x.shape)",
    "    layer.set_weights([weights(k)])",
    "    return layer(x)",
    "",
    "results = {",
    '    "nearest": Up(2)(x),',
    '    "bilinear": Up(2, interpolation="bilinear")(x),',
    `    "corners": tf.compat.v1.image.resize_bilinear(x, (${2 * h}, ${2 * w}), align_corners=True),`,
    '    "zeros": transposed([[1]]),',
    '    "transposed3": transposed(k3),',
    '    "transposed4": transposed(k4),',
    '    "resize": tf.nn.conv2d(Up(2)(x), weights(resize), 1, "SAME"),',
    '    "shuffle": tf.nn.depth_to_space(tf.nn.conv2d(x, four, 1, "SAME"), 2),',
    "}",
    ...expected,
    "for way, y in results.items():",
    "    print(way, np.array(y)[0, :, :, 0].tolist())",
    `    assert np.allclose(y[0, :, :, 0], expected[way], atol=${atol(1e-6)}), way`,
  ];
  const p = project(s.transposed4);
  const projection = [
    "import numpy as np",
    "from conv_lib import resize_conv_kernel, resize_conv_projection",
    "",
    `k4 = np.array(${list(s.transposed4)}, float)[:, :, None, None]`,
    "conv_kernel, kept = resize_conv_projection(k4, 2)",
    "print(conv_kernel[:, :, 0, 0].round(3))  # the 3 x 3 kernel behind UpSampling2D(2)",
    'print("given up:", np.linalg.norm(k4 - kept), "of", np.linalg.norm(k4))',
    "",
    "assert np.allclose(resize_conv_kernel(conv_kernel, 2)[0], kept)",
    `assert np.allclose(kept[:, :, 0, 0], ${list(p.kept)})  # what the page shows`,
    `assert np.isclose(np.linalg.norm(k4 - kept), ${exact(p.norms.rest)}, atol=${Number((1e-9 * largest(s.transposed4.flat())).toPrecision(1))})`,
  ];
  const widget = [
    "from conv_lib.widgets import UpsamplingBench",
    "",
    "w = UpsamplingBench(",
    `    input=${list(s.input)},`,
    `    transposed3=${list(s.transposed3)},`,
    `    transposed4=${list(s.transposed4)},`,
    `    resize=${list(s.resize)},`,
    `    shuffle=[${s.shuffle.map(list).join(", ")}],`,
    `    shown="${s.shown}", first="${s.first}", second="${s.second}",`,
    `    in_channels=${s.in_channels}, out_channels=${s.out_channels}, tab="${s.tab}",`,
    ")",
    "w",
  ];
  return [
    { name: "NumPy", code: numpy.join("\n") },
    { name: "Keras", code: keras.join("\n") },
    { name: PROJECTION, code: projection.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
