/** What a framework does not take: `Refused` and the notes of core/frameworks.ts. Arguments and calls are names. */
export const KERNEL_TOO_LARGE = "The kernel must fit into the padded input.";
export const groupsDivide = (ins: number, outs: number): string => `groups must divide ${ins} channels in and ${outs} channels out.`;
export const noGroups = (call: string): string => `${call} has no groups.`;
export const notLower = (framework: string): string => `SAME_LOWER is ONNX's, not ${framework}'s.`;
export const noNegativePadding = (framework: string): string => `${framework} takes no negative padding.`;
export const CROPS_ALL = "This padding crops everything.";
export const outputShape = (output: number, size: number, first: number, last: number): string =>
  `output_shape ${output} is not a size that the convolution maps back to ${size}: legal are ${first} to ${last}.`;

export const KERAS_NAMES = "Keras pads by name only: valid or same.";
export const KERAS_STRIDES_OR_DILATION = "Keras does not take strides and dilation_rate above 1 together.";
export const kerasExtra = (extra: string): string =>
  `Keras refuses output_padding ${extra} here: it must be below the stride, and the size must be legal.`;

export const TORCH_BOTH_ENDS = "PyTorch's padding is the same at both ends.";
export const TORCH_PIXELS = "PyTorch's transposed layer takes padding in pixels only.";
export const TORCH_SAME = "PyTorch takes padding='same' for stride 1 only.";
export const TORCH_EXTRA =
  "PyTorch's output_padding must be smaller than the larger of stride and dilation, and one pixel must be left.";

export const JAX_ONE_PIXEL = "The padding of lax.conv_transpose must leave at least one pixel.";

export const ONNX_EXTRA = "ONNX's output_padding must be smaller than the stride or the dilation.";
export const ONNX_APPENDS_NOTHING =
  "ONNX Runtime appends no zeros where the full result is smaller than SAME_* asks for.";
export const ONNX_ONE_PIXEL = "pads crop a transposed convolution, and must leave at least one pixel.";

/** Notes on a call with the same values, and why the kernel was written out. */
export const SPREAD = {
  tf: "the zeros between the taps stand in the kernel: tf.nn does not take dilation here on every device",
  keras: "the zeros between the taps stand in the kernel: Keras does not take strides and dilation_rate above 1 together",
};
export const DENSE = {
  tf: "one dense kernel, zero between groups: tf.nn does not take groups here on every device",
  keras: "one dense kernel, zero between groups: Keras has no groups here",
  jax: "one dense kernel, zero between groups: lax.conv_transpose has no groups",
};
