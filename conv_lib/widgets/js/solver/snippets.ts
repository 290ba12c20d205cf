/**
 * The chosen answer as code to paste: the same pixels in Keras, tf.nn and PyTorch, by the framework's own settings where
 * it has them, by cropping where it has not. Each asserts the size that the page shows; tests/test_solver_js.py runs them.
 */
import { kerasTransposedSize } from "../core/shapes.ts";
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import { axisOf, fullOf, windowOn, type Plan } from "./plan.ts";
import { FRAMEWORKS, FRAMEWORK_NAMES, queryFor, type Settings } from "./settings.ts";
import { fitsOn, rectangularOf, type Framework, type Query, type Rectangular } from "./solve.ts";

const pair = (values: readonly unknown[]) => (values[0] === values[1] ? `${values[0]}` : `(${values.join(", ")})`);

/** The framework's own setting for the plan, if it has one: it starts at the same pixel of the full result. */
export function ownSetting(s: Settings, plan: Plan, framework: Framework): Rectangular | null {
  const q: Query = { ...queryFor(s, framework), padding: null };
  const alone = plan.window.map(([start], i) =>
    fitsOn(q, i, [plan.kernel[i]!, plan.stride[i]!, plan.dilation]).filter((fit) => windowOn(s, i, fit)[0] === start),
  );
  return rectangularOf(q, alone);
}

/** Pixels to add (positive) or to cut (negative): [[top, bottom], [left, right]]. */
const none = (pads: readonly (readonly number[])[]) => pads.every((p) => p.every((v) => v === 0));
const nested = (pads: readonly (readonly number[])[]) => `(${pads.map((p) => `(${p.join(", ")})`).join(", ")})`;

function kerasEdges(variable: string, pads: readonly (readonly number[])[]): string[] {
  const cut = pads.map((p) => p.map((v) => Math.max(-v, 0)));
  const add = pads.map((p) => p.map((v) => Math.max(v, 0)));
  return [
    ...(none(cut) ? [] : [`${variable} = tf.keras.layers.Cropping2D(${nested(cut)})(${variable})`]),
    ...(none(add) ? [] : [`${variable} = tf.keras.layers.ZeroPadding2D(${nested(add)})(${variable})`]),
  ];
}

function tfEdges(variable: string, size: readonly number[], pads: readonly (readonly number[])[]): string[] {
  const slices = pads.map(([a, b], i) => `${Math.max(-a!, 0)}:${size[i]! + Math.min(b!, 0)}`);
  const cut = pads.some((p) => p.some((v) => v < 0));
  const add = pads.map((p) => p.map((v) => Math.max(v, 0)));
  return [
    ...(cut ? [`${variable} = ${variable}[:, ${slices.join(", ")}, :]`] : []),
    ...(none(add) ? [] : [`${variable} = tf.pad(${variable}, ((0, 0), ${add.map((p) => `(${p.join(", ")})`).join(", ")}, (0, 0)))`]),
  ];
}

function torchEdges(variable: string, pads: readonly (readonly number[])[]): string[] {
  if (none(pads)) return [];
  return [`${variable} = F.pad(${variable}, (${[...pads[1]!, ...pads[0]!].join(", ")}))  # below 0: cut`];
}

/** Pads that take a result of `size` pixels to the window, or the input to it. */
const padsTo = (plan: Plan, size: readonly number[]) =>
  plan.window.map(([start, stop], i) => [start ? -start : 0, stop - size[i]!] as const);

const NO_SETTING = (edge: string) => `# No setting of this framework gives these pixels: ${edge}.`;

function keras(s: Settings, plan: Plan): string[] {
  const { kernel, stride, dilation } = plan;
  if (Math.max(...stride) > 1 && dilation > 1) return ["# Keras refuses strides and dilation_rate above 1 together; tf.nn takes them.", ...tfnn(s, plan)];
  const up = s.direction === "up";
  const own = ownSetting(s, plan, "keras");
  const padding = own ? (own.padding[0] as string) : "valid";
  const layer = [
    `layer = tf.keras.layers.Conv2D${up ? "Transpose" : ""}(`,
    `    8, ${pair(kernel)}, strides=${pair(stride)}, padding="${padding}",`,
    ...(dilation > 1 ? [`    dilation_rate=${dilation},`] : []),
    ...(own?.outputPadding ? [`    output_padding=${pair(own.outputPadding)},`] : []),
    ")",
  ];
  const head = ["import tensorflow as tf", "", `x = tf.ones((1, ${s.size.join(", ")}, 3))`];
  const end = [`assert y.shape == (1, ${s.wanted.join(", ")}, 8)`, "print(y.shape)"];
  if (own) return [...head, ...layer, "y = layer(x)", ...end];
  if (!up) return [...head, NO_SETTING("pad, then a valid layer"), ...kerasEdges("x", padsTo(plan, s.size)), ...layer, "y = layer(x)", ...end];
  const given = s.size.map((n, i) => kerasTransposedSize(n, axisOf(plan, i))!);
  return [...head, NO_SETTING("take all, then crop"), ...layer, "y = layer(x)", ...kerasEdges("y", padsTo(plan, given)), ...end];
}

function tfnn(s: Settings, plan: Plan): string[] {
  const { kernel, stride, dilation } = plan;
  const up = s.direction === "up";
  const own = ownSetting(s, plan, "tf");
  const name = own?.padding[0] ?? "valid";
  const pixels = (own?.padding ?? []) as number[];
  const padding = typeof name === "string" ? `"${name.toUpperCase()}"` : `[[0, 0], ${pixels.map((p) => `[${p}, ${p}]`).join(", ")}, [0, 0]]`;
  const full = fullOf(s, plan);
  const more = dilation > 1 ? [`    dilations=${dilation},`] : [];
  const head = [
    "import tensorflow as tf",
    "",
    `x = tf.ones((1, ${s.size.join(", ")}, 3))`,
    `kernel = tf.random.normal((${kernel.join(", ")}, ${up ? "8, 3" : "3, 8"}))`,
  ];
  const end = [`assert y.shape == (1, ${s.wanted.join(", ")}, 8)`, "print(y.shape)"];
  if (!up) {
    const call = ["y = tf.nn.conv2d(", `    x, kernel, strides=${pair(stride)},`, `    padding=${padding},`, ...more, ")"];
    const edges = own ? [] : [NO_SETTING("pad first"), ...tfEdges("x", s.size, padsTo(plan, s.size))];
    return [...head, ...edges, ...call, ...end];
  }
  const call = [
    "y = tf.nn.conv2d_transpose(",
    `    x, kernel, output_shape=(1, ${(own ? s.wanted : full).join(", ")}, 8),`,
    `    strides=${pair(stride)}, padding=${padding},`,
    ...more,
    ")",
  ];
  return [...head, ...(own ? [] : [NO_SETTING("take all, then crop")]), ...call, ...(own ? [] : tfEdges("y", full, padsTo(plan, full))), ...end];
}

function torch(s: Settings, plan: Plan): string[] {
  const { kernel, stride, dilation } = plan;
  const up = s.direction === "up";
  const own = ownSetting(s, plan, "torch");
  const padding = own && own.padding.some(Boolean) ? [typeof own.padding[0] === "string" ? `padding="same"` : `padding=${pair(own.padding)}`] : [];
  const extra = own?.outputPadding?.some(Boolean) ? [`output_padding=${pair(own.outputPadding)}`] : [];
  const options = [`stride=${pair(stride)}`, ...padding, ...extra, ...(dilation > 1 ? [`dilation=${dilation}`] : [])].join(", ");
  const layer = [`layer = torch.nn.Conv${up ? "Transpose" : ""}2d(`, `    3, 8, ${pair(kernel)}, ${options},`, ")"];
  const head = ["import torch", ...(own ? [] : ["import torch.nn.functional as F"]), "", `x = torch.ones(1, 3, ${s.size.join(", ")})`];
  const end = [`assert y.shape == (1, 8, ${s.wanted.join(", ")})`, "print(y.shape)"];
  if (own) return [...head, ...layer, "y = layer(x)", ...end];
  const full = fullOf(s, plan);
  return up
    ? [...head, NO_SETTING("take all, then crop"), ...layer, "y = layer(x)", ...torchEdges("y", padsTo(plan, full)), ...end]
    : [...head, NO_SETTING("pad first"), ...torchEdges("x", padsTo(plan, s.size)), ...layer, "y = layer(x)", ...end];
}

export function widgetCode(s: Settings): string {
  const padding = typeof s.padding === "string" ? `"${s.padding}"` : s.padding;
  const lines = [
    `    direction="${s.direction}",`,
    `    size=(${s.size.join(", ")}),`,
    `    wanted=${s.ask === "settings" ? `(${s.wanted.join(", ")})` : "None"},`,
    ...(s.kernel ? [`    kernel=${s.kernel},`] : []),
    ...(s.stride ? [`    stride=${s.stride},`] : []),
    ...(s.dilation > 1 ? [`    dilation=${s.dilation},`] : []),
    ...(padding !== null ? [`    padding=${padding},`] : []),
    `    framework="${s.framework}",`,
    ...(s.pick ? [`    pick=${s.pick},`] : []),
  ];
  return ["from conv_lib.widgets import SizeSolver", "", "w = SizeSolver(", ...lines, ")", "w"].join("\n");
}

const CODE = { keras, tf: tfnn, torch };

/** The framework that is looked at comes first. */
export function snippets(s: Settings, plan: Plan): Snippet[] {
  const order = [s.framework, ...FRAMEWORKS.filter((one) => one !== s.framework)];
  return [
    ...order.map((one) => ({ name: FRAMEWORK_NAMES[one], code: CODE[one](s, plan).join("\n") })),
    { name: THIS_WIDGET, code: widgetCode(s) },
  ];
}
