/** The reader's convolution as code to paste; tests/test_matrix_js.py runs it. */
import { exact } from "../core/numbers.ts";
import { axisOf, sizeOf, type Matrix } from "../core/ops.ts";
import { effectiveKernel, pads } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import type { Algebra } from "./algebra.ts";
import { conv, type Settings } from "./settings.ts";

const list = (m: Matrix): string => `[${m.map((row) => `[${row.map(exact).join(", ")}]`).join(", ")}]`;

export function snippets(s: Settings, a: Algebra): Snippet[] {
  const padding = typeof s.padding === "string" ? `"${s.padding}"` : String(s.padding);
  const scale = (1 + Math.max(...[...a.ax, ...a.aty].flat().map(Math.abs))) * 1e-5;
  const atol = Number(scale.toPrecision(1));
  const numpy = [
    "import numpy as np",
    "from conv_lib import conv_matrix",
    "",
    `x = np.array(${list(s.x)}, float)`,
    `y = np.array(${list(s.y)}, float)`,
    `kernel = np.array(${list(s.kernel)}, float)[:, :, None, None]`,
    "",
    `A = conv_matrix((${a.image.join(", ")}, 1), kernel, stride=${s.stride}, padding=${padding}, dilation=${s.dilation})`,
    `print(A.shape, "rank", np.linalg.matrix_rank(A))`,
    "forth = (A @ x.ravel()).reshape(y.shape)",
    "back = (A.T @ y.ravel()).reshape(x.shape)",
    "print(np.sum(forth * y), np.sum(x * back))  # always equal",
    "",
    `assert np.allclose(forth, ${list(a.ax)})  # what the page shows`,
    `assert np.allclose(back, ${list(a.aty)})`,
  ];
  const k = sizeOf(s.kernel);
  const span = k.map((n) => effectiveKernel(n, s.dilation));
  const p = a.image.map((n, i) => pads(n, axisOf(k, conv(s), i as 0 | 1)));
  const given =
    typeof s.padding === "string" ? `"${s.padding.toUpperCase()}"` : `[[0, 0], [${p[0]!.join(", ")}], [${p[1]!.join(", ")}], [0, 0]]`;
  const tensorflow = [
    "import numpy as np",
    "import tensorflow as tf",
    "",
    `x = tf.constant(${list(s.x)}, tf.float32)[None, :, :, None]  # NHWC`,
    `y = tf.constant(${list(s.y)}, tf.float32)[None, :, :, None]`,
    `kernel = np.float32(${list(s.kernel)})[:, :, None, None]`,
    ...(s.dilation > 1
      ? [
          "# Dilation: the kernel spread out with zeros, which every device can differentiate.",
          `wide = np.zeros((${span.join(", ")}, 1, 1), "float32")`,
          `wide[::${s.dilation}, ::${s.dilation}] = kernel`,
          "kernel = wide",
        ]
      : []),
    "",
    "with tf.GradientTape() as tape:",
    "    tape.watch(x)",
    `    forth = tf.nn.conv2d(x, kernel, strides=${s.stride}, padding=${given})  # A x`,
    "    loss = tf.reduce_sum(forth * y)                # <A x, y>",
    "back = tape.gradient(loss, x)                      # A.T y",
    "print(back[0, :, :, 0].numpy())",
    "",
    `assert np.allclose(forth[0, :, :, 0], ${list(a.ax)}, atol=${atol})  # what the page shows`,
    `assert np.allclose(back[0, :, :, 0], ${list(a.aty)}, atol=${atol})`,
  ];
  const widget = [
    "from conv_lib.widgets import MatrixView",
    "",
    "w = MatrixView(",
    `    x=${list(s.x)},`,
    `    y=${list(s.y)},`,
    `    kernel=${list(s.kernel)},`,
    `    stride=${s.stride}, padding=${padding}, dilation=${s.dilation},`,
    `    transposed=${s.transposed ? "True" : "False"}, tab="${s.tab}",`,
    ")",
    "w",
  ];
  return [
    { name: "NumPy", code: numpy.join("\n") },
    { name: "TensorFlow", code: tensorflow.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
