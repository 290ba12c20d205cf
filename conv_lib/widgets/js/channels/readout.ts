/** Shapes and counts with the reader's numbers in them. */
import { whole } from "../core/numbers.ts";
import * as words from "../words/en/channels.ts";
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
export function parameterNumbers(n: Layer): { weights: string; biases: string; total: string } {
  const { weights, biases } = countsOf(n);
  return { weights: whole(weights), biases: whole(biases), total: whole(weights + biases) };
}

export function lines(n: Layer): Line[] {
  const { output, weights, biases, multiplies } = countsOf(n);
  const [kh, kw] = n.kernel;
  const per = n.channels / n.groups;
  const shape = shapeOfKernel(n);
  const side = (size: number, k: number) =>
    n.padding === "same" ? CEIL(`${size} / ${n.stride}`) : `${FLOOR(`(${size} \u2212 ${k}) / ${n.stride}`)} + 1`;
  return [
    {
      name: words.LINES.kernel,
      code: `(${shape.join(", ")})`,
      note: words.kernelLine(n.channels, n.groups, `(${[n.filters, per, kh, kw].join(",\u00a0")})`),
    },
    {
      name: words.LINES.parameters,
      formula:
        `${[kh, kw, per, n.filters].map(whole).join(TIMES)}` +
        (n.bias ? ` + ${whole(n.filters)} = ${whole(weights)} + ${whole(biases)}` : ""),
      result: whole(weights + biases),
      note: words.parametersLine(n.bias),
    },
    {
      name: words.LINES.output,
      formula: `${side(n.height, kh)} = ${output[0]},  ${side(n.width, kw)} = ${output[1]}`,
      result: "",
      note: words.outputLine(`(1, ${output.join(", ")}, ${n.filters})`),
    },
    {
      name: words.LINES.products,
      formula: `${whole(weights)}${TIMES}${output.map(whole).join(TIMES)}`,
      result: whole(multiplies),
      note: words.productsLine(n.padding === "same"),
    },
  ];
}
