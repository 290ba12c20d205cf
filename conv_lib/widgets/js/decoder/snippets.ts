/** The reader's point and checkpoint as code to paste; tests/test_decoder_js.py runs it. */
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { run, unpack, type Decoders, type Op, type Trained } from "./network.ts";
import type { Settings } from "./settings.ts";

const list = (values: readonly (number | string)[]): string => `[${values.join(", ")}]`;
const python = (op: Op): string =>
  `    {"op": "${op.op}", "kernel": ${list(op.kernel)}, "activation": "${op.activation}", "size": ${op.size ? list(op.size) : "None"}},`;

function weightLines(model: Trained, number: number): string[] {
  const { data, scales } = model.weights[number]!;
  return [
    `scales = ${list(scales)}`,
    'data = """',
    ...(data.match(/.{1,76}/g) ?? []),
    '"""',
  ];
}

export function snippets(s: Settings, decoders: Decoders): Snippet[] {
  const model = decoders.models.find((m) => m.kind === s.kind)!;
  const outputs = run(model.ops, unpack(model.weights[s.checkpoint]!, model.ops), s.z);
  const picture = outputs[outputs.length - 1]!;
  const middle = picture.height >> 1;
  const row = Array.from(picture.values.subarray(middle * picture.width, (middle + 1) * picture.width));
  const shown = list(row.map((v) => v.toFixed(5)));
  const head = [
    "import numpy as np",
    "from conv_lib.decoders import run_ops, unpacked, weight_shapes",
  ];
  const ops = ["ops = [", ...model.ops.map(python), "]"];
  const tail = [`assert np.allclose(picture[${middle}], ${shown}, atol=1e-4)  # what the page shows`];
  const numpy = [
    ...head,
    "",
    ...ops,
    ...weightLines(model, s.checkpoint),
    "",
    'weights = unpacked({"scales": scales, "data": data}, weight_shapes(ops))',
    `layers = run_ops(ops, weights, [${list(s.z)}])  # the result of every layer`,
    "picture = layers[-1][0, :, :, 0]",
    "print(picture.shape)",
    ...tail,
  ];
  const keras = [
    "import numpy as np",
    "from conv_lib.decoders import decoder, unpacked",
    "",
    ...weightLines(model, s.checkpoint),
    "",
    `model = decoder("${s.kind}")`,
    "shapes = [array.shape for array in model.get_weights()]",
    'model.set_weights(unpacked({"scales": scales, "data": data}, shapes))',
    "model.summary()",
    `picture = model(np.array([${list(s.z)}], "float32")).numpy()[0, :, :, 0]`,
    ...tail,
  ];
  const widget = [
    "from conv_lib.widgets import LiveDecoder",
    "",
    "# decoders = conv_lib.decoders.pack(film, codes, labels), as in the chapter",
    "w = LiveDecoder(",
    `    decoders=decoders, z=${list(s.z)}, checkpoint=${s.checkpoint},`,
    `    kind="${s.kind}", view="${s.view}", layer=${s.layer}, channel=${s.channel},`,
    ")",
    "w",
  ];
  return [
    { name: "NumPy", code: numpy.join("\n") },
    { name: "Keras", code: keras.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
