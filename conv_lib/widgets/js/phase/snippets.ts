/** The reader's upsampler as code to paste; tests/test_phase_js.py runs it. */
import { exact } from "../core/numbers.ts";
import type { Matrix } from "../core/ops.ts";
import { fullSize } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { output, type Lab } from "./phases.ts";
import { axis, kernelOf, type Settings } from "./settings.ts";

const nested = (values: readonly number[] | Matrix): string =>
  `[${values.map((v) => (typeof v === "number" ? exact(v) : nested(v))).join(", ")}]`;

const tidy = (m: Matrix): number[][] => m.map((row) => row.map((v) => Number(v.toPrecision(12))));

/** Numbers that a page shows, as Python compares them: of a strip the row. */
const shown = (s: Settings, m: Matrix): string => nested(s.dims === 1 ? tidy(m)[0]! : tidy(m));

/** Whether padding in pixels must be cut by hand, and how. */
function cuts({ settings: s, window, full }: Lab): { slice: string; appended: number[] } {
  const axes = s.dims === 1 ? [1] : [0, 1];
  return {
    slice: axes.map((a) => `${window[a]![0]}:${Math.min(window[a]![1], full[a]!)}`).join(", "),
    appended: axes.map((a) => Math.max(window[a]![1] - full[a]!, 0)),
  };
}

export function snippets(s: Settings, lab: Lab): Snippet[] {
  const { dims, stride } = s;
  const size = dims === 1 ? [s.width] : [s.height, s.width];
  const kernel = nested(kernelOf(s));
  const given = typeof s.padding === "string" ? `"${s.padding}"` : dims === 1 ? `[(${s.padding.join(", ")})]` : `((${s.padding.join(", ")}), (${s.padding.join(", ")}))`;
  const kept = output(lab);
  const atol = Number(((1 + Math.max(...kept.flat().map(Math.abs))) * 1e-5).toPrecision(1));
  const [from, to] = lab.window[1];
  const [above, below] = lab.window[0];
  const counts = lab.counts.slice(above, below).map((row) => row.slice(from, to));
  const expected = shown(s, kept);
  const sizes = size.join(", ");
  const axes = dims === 1 ? "[:, None, None]" : "[:, :, None, None]";

  const numpy = [
    "import numpy as np",
    `from conv_lib import conv_transpose, overlap_counts, phase_sums`,
    "",
    `kernel = np.array(${kernel}, float)`,
    `print("phase sums", phase_sums(kernel, ${stride}))`,
    `settings = dict(stride=${stride}, padding=${given})`,
    `counts = overlap_counts((${sizes}${dims === 1 ? "," : ""}), kernel.shape, **settings)`,
    `flat = np.ones((${sizes}, 1))`,
    `y = conv_transpose(flat, kernel${axes}, **settings)[..., 0]`,
    "print(counts)",
    "print(y)",
    "",
    `assert np.allclose(phase_sums(kernel, ${stride}), ${shown(s, lab.sums)})  # what the page shows`,
    `assert np.array_equal(counts, ${nested(dims === 1 ? counts[0]! : counts)})`,
    `assert np.allclose(y, ${expected})`,
  ];

  const named = typeof s.padding === "string";
  const whole = ([0, 1] as const).slice(2 - dims).map((a) => (named ? lab.window[a][1] - lab.window[a][0] : fullSize(size[a - (2 - dims)]!, axis(s, a))));
  const tensorflow = [
    "import numpy as np",
    "import tensorflow as tf",
    "",
    `kernel = tf.constant(${kernel}, tf.float32)`,
    `flat = tf.ones((1, ${sizes}, 1))`,
    `y = tf.nn.conv${dims}d_transpose(`,
    `    flat, kernel${dims === 1 ? "[:, None, None]" : "[:, :, None, None]"}, output_shape=(1, ${whole.join(", ")}, 1),`,
    `    strides=${stride}, padding="${named ? (s.padding as string).toUpperCase() : "VALID"}",`,
    ")[0, ..., 0]",
    ...(named ? [] : [`y = y[${cuts(lab).slice}]  # padding in pixels crops`]),
    "print(y.numpy())",
    "",
    `assert np.allclose(y, ${expected}, atol=${atol})  # what the page shows`,
  ];

  const { slice, appended } = cuts(lab);
  const pairs = [...appended].reverse().map((n) => `0, ${n}`).join(", ");
  const torch = [
    "import torch",
    "import torch.nn.functional as F",
    "",
    `kernel = torch.tensor(${kernel}, dtype=torch.float32)`,
    `flat = torch.ones(1, 1, ${sizes})`,
    `y = F.conv_transpose${dims}d(flat, kernel[None, None], stride=${stride})[0, 0]`,
    ...(lab.window.some(([start, stop], a) => start > 0 || stop < lab.full[a]!) ? [`y = y[${slice}]  # what padding crops`] : []),
    ...(appended.some((n) => n > 0) ? [`y = F.pad(y, (${pairs}))`] : []),
    "print(y)",
    "",
    `expected = torch.tensor(${expected}, dtype=torch.float32)`,
    `assert torch.allclose(y, expected, atol=${atol})  # what the page shows`,
  ];

  const widget = [
    "from conv_lib.widgets import PhaseLab",
    "",
    "w = PhaseLab(",
    `    kernel=${kernel},`,
    `    stride=${stride}, height=${s.height}, width=${s.width},`,
    `    padding=${named ? `"${s.padding as string}"` : `(${(s.padding as readonly number[]).join(", ")})`}, view="${s.view}", wave=${s.wave},`,
    ")",
    "w",
  ];
  return [
    { name: "NumPy", code: numpy.join("\n") },
    { name: "TensorFlow", code: tensorflow.join("\n") },
    { name: "PyTorch", code: torch.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
