/** Shapes and counts with the reader's numbers in them. */
import { countsOf } from "./picture.ts";
import { channelsIn, channelsOut, inputSize, kernelSize, type Settings } from "./settings.ts";

export interface Line {
  name: string;
  /** Code, such as a shape. */
  code?: string;
  /** A formula in symbols and numbers, and what it gives. */
  formula?: string;
  result?: string;
  note?: string;
}

type Layer = Parameters<typeof countsOf>[0];

const grouped = (n: bigint | number): string => n.toLocaleString("en");
const TIMES = " \u00b7 ";
const FLOOR = (inside: string) => `\u230a${inside}\u230b`;
const CEIL = (inside: string) => `\u2308${inside}\u2309`;

export const drawn = (s: Settings): Layer => {
  const [height, width] = inputSize(s);
  return {
    height,
    width,
    channels: channelsIn(s),
    kernel: kernelSize(s),
    filters: channelsOut(s),
    stride: s.stride,
    groups: s.groups,
    padding: s.padding,
    bias: s.bias !== null,
  };
};

export const counted = (s: Settings): Layer => ({ ...s.counted, kernel: [s.counted.kernel, s.counted.kernel] });

export function shapeOfKernel(n: Layer): number[] {
  return [...n.kernel, n.channels / n.groups, n.filters];
}

/** "54 weights + 2 biases = 56 parameters", for the card beside the picture. */
export function parameterWords(n: Layer): { weights: string; biases: string; total: string } {
  const { weights, biases } = countsOf(n);
  return { weights: grouped(weights), biases: grouped(biases), total: grouped(weights + biases) };
}

export function lines(n: Layer): Line[] {
  const { output, weights, biases, multiplies } = countsOf(n);
  const [kh, kw] = n.kernel;
  const per = n.channels / n.groups;
  const shape = shapeOfKernel(n);
  const side = (size: number, k: number) =>
    n.padding === "same" ? CEIL(`${size} / ${n.stride}`) : `${FLOOR(`(${size} \u2212 ${k}) / ${n.stride}`)} + 1`;
  const depthwise = n.groups > 1 && n.groups === n.channels;
  return [
    {
      name: "Kernel",
      code: `(${shape.join(", ")})`,
      note:
        "height, width, channels in" +
        (n.groups > 1 ? ` / groups (${n.channels} / ${n.groups})` : "") +
        `, channels out.${depthwise ? " Depthwise: each filter sees one channel." : ""}` +
        ` PyTorch stores (${[n.filters, per, kh, kw].join(",\u00a0")}).`,
    },
    {
      name: "Parameters",
      formula:
        `${[kh, kw, per, n.filters].map(grouped).join(TIMES)}` +
        (n.bias ? ` + ${grouped(n.filters)} = ${grouped(weights)} + ${grouped(biases)}` : ""),
      result: grouped(weights + biases),
      note: n.bias
        ? "Weights, then one bias for each channel out. The image size plays no part."
        : "Weights only: no bias. The image size plays no part.",
    },
    {
      name: "Output",
      formula: `${side(n.height, kh)} = ${output[0]},  ${side(n.width, kw)} = ${output[1]}`,
      result: "",
      note: `Shape (1, ${output.join(", ")}, ${n.filters}).`,
    },
    {
      name: "Products",
      formula: `${grouped(weights)}${TIMES}${output.map(grouped).join(TIMES)}`,
      result: grouped(multiplies),
      note:
        "Multiplications: each weight is used once for each output position." +
        (n.padding === "same" ? " Products with padding count too." : ""),
    },
  ];
}
