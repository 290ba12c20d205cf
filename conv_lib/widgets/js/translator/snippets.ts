/** The layer as code to paste, in its source, its target and conv_lib; tests/test_translator_js.py runs it. */
import { channelsLast, convert, FRAMEWORKS, onnxRefuses, py, turnedBetween, type Layer, type Name, type Py } from "../core/frameworks.ts";
import { exact } from "../core/numbers.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { converted, SHORT } from "../words/en/translator.ts";
import { kernelAxes, planes, valuesOf, weightLine, type Scene } from "./scene.ts";
import { kernelOf, type Settings } from "./settings.ts";

type Nested = number | readonly Nested[];
const list = (v: Nested): string => (typeof v === "number" ? exact(v) : `[${v.map(list).join(", ")}]`);
const fill = <T>(n: number, value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));

/** x or y with its batch of one, in the layout of a framework. */
function dataOf(all: readonly (readonly (readonly number[])[])[], name: Name): Nested {
  if (!channelsLast(name)) return [all];
  return [all[0]!.map((row, r) => row.map((_, c) => all.map((plane) => plane[r]![c]!)))];
}

/** The source's kernel as it stores it. */
function kernelIn(s: Settings): Nested {
  const kernel = kernelOf(s);
  const canonical = s.operation === "conv" ? "HWIO" : "HWOI";
  const { letters, lengths } = kernelAxes(s, s.source);
  const flip = FRAMEWORKS[s.source].flipped && s.operation === "transposed";
  const build = (at: Record<string, number>, depth: number): Nested => {
    if (depth === 4) {
      const [r, c, a, b] = [...canonical].map((letter) => at[letter]!) as [number, number, number, number];
      const k = s.kernel_size - 1;
      return kernel[flip ? k - r : r]![flip ? k - c : c]![a]![b]!;
    }
    return fill(lengths[depth]!, (i) => build({ ...at, [letters[depth]!]: i }, depth + 1));
  };
  return build({}, 0);
}

const IMPORTS: Record<Name, string[]> = {
  tf: ["import tensorflow as tf"],
  keras: ["import keras"],
  torch: ["import torch", "import torch.nn.functional as F"],
  jax: ["from jax import lax"],
  "jax-default": ["from jax import lax"],
  onnx: ["import onnxruntime", "from onnx import TensorProto, helper"],
};

/** Lines that set y from x and kernel, NumPy in and out. */
function run(name: Name, code: string): string[] {
  if (name === "torch") return ["x, kernel = torch.from_numpy(x.copy()), torch.from_numpy(kernel.copy())", `y = ${code}.numpy()`];
  if (name !== "onnx") return [`y = np.asarray(${code})`];
  return [
    `nodes = ${code}`,
    "kind = TensorProto.FLOAT",
    "graph = helper.make_graph(",
    '    nodes, "layer",',
    '    [helper.make_tensor_value_info("x", kind, x.shape),',
    '     helper.make_tensor_value_info("kernel", kind, kernel.shape)],',
    '    [helper.make_tensor_value_info("y", kind, [None] * 4)],',
    ")",
    'model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)',
    "session = onnxruntime.InferenceSession(model.SerializeToString())",
    'y = session.run(["y"], {"x": x, "kernel": np.ascontiguousarray(kernel)})[0]',
  ];
}

/** The arguments of conv_lib.frameworks.framework_layer. */
function layerArguments(layer: Layer): string {
  const { framework: name, operation, padding: p } = layer;
  const transposed = operation === "transposed";
  const { stride, dilation, groups } = FRAMEWORKS[name].names[operation];
  const how: [string, Py][] = [[stride, layer.strides[0]]];
  const upper = typeof p === "string" ? p.toUpperCase() : null;
  if (name === "tf") how.push(["padding", upper ?? { list: [[0, 0], ...(p as readonly Py[]), [0, 0]] }]);
  else if (name === "onnx") {
    const pads = p as readonly [readonly [number, number], readonly [number, number]];
    how.push(upper ? ["auto_pad", { SAME: "SAME_UPPER", LOWER: "SAME_LOWER", VALID: "VALID" }[upper]!] : ["pads", [pads[0][0], pads[1][0], pads[0][1], pads[1][1]]]);
  } else if (name === "keras") how.push(["padding", p as string]);
  else if (name === "torch") how.push(["padding", typeof p === "string" ? p : p[0][0]]);
  else how.push(["padding", upper ?? (p as Py)]);
  if (layer.dilations[0] > 1) how.push([dilation, layer.dilations[0]]);
  if (layer.groups > 1) how.push([groups, layer.groups]);
  if (layer.extras) how.push(["output_padding", layer.extras[0]]);
  if (layer.output && transposed) how.push(["output_shape", layer.output]);
  return how.map(([key, value]) => `${key}=${py(value)}`).join(", ");
}

/** Lines that write zeros into the kernel where the target has no dilation or no groups. */
function rewritten(s: Settings, scene: Scene): string[] {
  const lines: string[] = [];
  const { letters } = kernelAxes(s, s.source);
  const canonical = s.operation === "conv" ? "HWIO" : "HWOI";
  const order = [...canonical].map((letter) => letters.indexOf(letter));
  lines.push(`kernel = np.transpose(kernel, (${order.join(", ")}))  # ${canonical}`);
  if (FRAMEWORKS[s.source].flipped && s.operation === "transposed") lines.push("kernel = kernel[::-1, ::-1]");
  if (scene.right.spread) {
    lines.push(
      `span = (${s.kernel_size} - 1) * ${s.dilation} + 1`,
      'spread = np.zeros((span, span, *kernel.shape[2:]), "float32")',
      `spread[::${s.dilation}, ::${s.dilation}] = kernel  # zeros between the taps`,
      "kernel = spread",
    );
  }
  if (scene.right.dense) {
    lines.push(
      "inner, outer = kernel.shape[2:]",
      `dense = np.zeros((*kernel.shape[:2], inner * ${s.groups}, outer), "float32")`,
      `for g in range(${s.groups}):  # zeros between groups`,
      `    part = slice(g * outer // ${s.groups}, (g + 1) * outer // ${s.groups})`,
      "    dense[:, :, g * inner : (g + 1) * inner, part] = kernel[..., part]",
      "kernel = dense",
    );
  }
  if (FRAMEWORKS[s.target].flipped && s.operation === "transposed") lines.push("kernel = kernel[::-1, ::-1]");
  const to = kernelAxes(s, s.target).letters;
  lines.push(`kernel = np.transpose(kernel, (${to.map((letter) => canonical.indexOf(letter)).join(", ")}))  # ${to.join("")}`);
  return lines;
}

export function snippets(s: Settings, scene: Scene): Snippet[] {
  const expected = fill(s.channels[1], (o) => valuesOf(s, scene.axes, false, o));
  const scale = (1 + Math.max(...expected.flat(2).map(Math.abs))) * 1e-5;
  const atol = Number(scale.toPrecision(1));
  const data = FRAMEWORKS[s.source].data.replace("S", "HW");
  const layout = kernelAxes(s, s.source).letters.join("");
  const arrays = [
    `x = np.array(${list(dataOf(planes(s), s.source))}, "float32")  # ${data}`,
    `kernel = np.array(${list(kernelIn(s))}, "float32")  # ${layout}`,
  ];
  const known = `expected = np.array(${list(dataOf(expected, s.source))})  # what the page shows, ${data}`;
  const [here, there] = [channelsLast(s.source), channelsLast(s.target)];
  // ONNX defines auto_pad with dilation; ONNX Runtime does not run it.
  const unrunnable = onnxRefuses(scene.layer);
  const source = [
    "import numpy as np",
    ...IMPORTS[s.source],
    "",
    ...arrays,
    "",
    ...(unrunnable ? ["# ONNX Runtime does not run auto_pad with dilation: the same in pads."] : []),
    ...run(s.source, unrunnable ? convert(scene.layer, "onnx").code : scene.code),
    "",
    known,
    `assert y.shape == expected.shape and np.allclose(y, expected, atol=${atol})`,
    'print("as on the page:", y.shape)',
  ];
  const target = [
    "import numpy as np",
    ...IMPORTS[s.target],
    "",
    `# from ${SHORT[s.source]}`,
    ...arrays,
    "",
    `# to ${SHORT[s.target]}`,
    ...(here === there ? [] : [`x = np.transpose(x, ${here ? "(0, 3, 1, 2)" : "(0, 2, 3, 1)"})  # ${FRAMEWORKS[s.target].data.replace("S", "HW")}`]),
    ...(scene.right.spread || scene.right.dense
      ? rewritten(s, scene)
      : weightLine(s) === "kernel = kernel"
        ? ["# the kernel stays as it is"]
        : [`${weightLine(s)}  # ${kernelAxes(s, s.target).letters.join("")}`]),
    ...(here === there && !turnedBetween(s.source, s.target, s.operation) ? [] : ["x, kernel = np.ascontiguousarray(x), np.ascontiguousarray(kernel)"]),
    "",
    ...run(s.target, scene.right.code),
    "",
    ...(here === there ? [] : [`y = np.transpose(y, ${here ? "(0, 2, 3, 1)" : "(0, 3, 1, 2)"})  # back to ${data}`]),
    known,
    `assert y.shape == expected.shape and np.allclose(y, expected, atol=${atol})`,
    'print("the same values:", y.shape)',
  ];
  const typed = scene.typed;
  const alike = typed?.found.same ?? false;
  const lib = [
    "import numpy as np",
    "from conv_lib.frameworks import convert, framework_layer, mismatch, run_layer, typed_in",
    "",
    ...arrays,
    "",
    "layer = framework_layer(",
    `    "${s.source}", "${s.operation}", kernel, (${s.size.join(", ")}),`,
    `    ${layerArguments(scene.layer)},`,
    ")",
    known,
    "assert np.allclose(run_layer(layer, x), expected)",
    "",
    `port = convert(layer, "${s.target}")`,
    "print(port.code)",
    `assert port.native == ${scene.right.native ? "True" : "False"}`,
    ...(typed
      ? [
          "",
          `typed = typed_in(layer, "${s.target}")  # the same numbers typed in`,
          "print(mismatch(layer, typed))",
          `assert mismatch(layer, typed).same == ${alike ? "True" : "False"}`,
        ]
      : []),
  ];
  const own = (v: Nested | null) => (v === null ? "None" : list(v));
  const padding = typeof s.padding === "string" ? `"${s.padding}"` : py(s.padding);
  const widget = [
    "from conv_lib.widgets import Translator",
    "",
    "w = Translator(",
    `    source="${s.source}", target="${s.target}", operation="${s.operation}",`,
    `    size=(${s.size.join(", ")}), channels=(${s.channels.join(", ")}), kernel_size=${s.kernel_size},`,
    `    stride=${s.stride}, dilation=${s.dilation}, groups=${s.groups}, padding=${padding}, extra=${py(s.extra)},`,
    `    shown="${s.shown}", channel=${s.channel},`,
    ...(s.input ? [`    input=${own(s.input)},`] : []),
    ...(s.kernel ? [`    kernel=${own(s.kernel)},`] : []),
    ")",
    "w",
  ];
  return [
    { name: converted(SHORT[s.target]), code: target.join("\n") },
    { name: SHORT[s.source], code: source.join("\n") },
    { name: "NumPy", code: lib.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
