"""Moving layers between frameworks."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, read, row, ruler, translator
from conv_lib.frameworks import FRAMEWORKS
from conv_lib.ops import conv1d, conv1d_transpose, conv2d_transpose, convert_kernel, zero_insert

topic = Topic("frameworks", "Between frameworks")


@topic(
    "kernel-layouts",
    "How are kernels laid out in TensorFlow, PyTorch and ONNX?",
    words="nchw nhwc, kernel layout table, weight shape pytorch tensorflow, oihw hwio, convert weights, load "
    "keras weights into pytorch, channels first, meaning of the conv2d weight shape",
    links=[read("frameworks", "Names and layouts")],
)
def _() -> str:
    def axes(name: str, kind: str) -> str:
        words = {"S": "height, width", "I": "in", "O": "out"}
        return "(" + ", ".join(words[letter] for letter in FRAMEWORKS[name].kernels[kind]) + ")"

    same = axes("torch", "conv") == axes("onnx", "conv") and axes("torch", "transposed") == axes("onnx", "transposed")
    return (
        f"For a convolution, TensorFlow and Keras: {axes('keras', 'conv')}; PyTorch{' and ONNX' if same else ''}: "
        f"{axes('torch', 'conv')}. For the transposed layer, TensorFlow and Keras: {axes('keras', 'transposed')}; "
        f"PyTorch{' and ONNX' if same else ''}: {axes('torch', 'transposed')}. Moving weights is a permutation of "
        "the axes; nothing is turned round. Try it with different numbers of channels in and out."
    )


@topic(
    "padded-input-instead",
    "A converter pads the input for output_padding: 64 samples instead of 43. Where do they come from?",
    words="coreai-torch, output_padding lowered by padding input, convtranspose1d stride 8 kernel 16, extra "
    "samples, converter output too long",
    asked="q043",
    links=[
        ruler(mode="transpose", size=4, kernel=16, stride=8, torch=[0, 3]),
        read("frameworks", "Three converters that got it wrong"),
    ],
)
def _() -> str:
    right = shapes.torch_transposed_size(4, 16, stride=8, output_padding=3)
    wrong = shapes.full_size(4 + 3, 16, stride=8)
    return (
        "Each sample added to the input becomes `stride` samples of the output, so the result is too long by "
        "output_padding · (stride − 1). The two lengths fit 4 samples and `output_padding` 3 with kernel 16 and "
        "stride 8: "
        f"(4 − 1) · 8 + 16 + 3 = {right} in PyTorch, (4 − 1 + 3) · 8 + 16 = {wrong} in the converter, 3 · 7 = "
        f"{wrong - right} too many. Keep more of the output's end instead."
    )


@topic(
    "flatten-order",
    "Keras to PyTorch works with 1 channel before Flatten and breaks with 2",
    words="flatten order nchw nhwc, dense layer after flatten, keras to pytorch linear weights, permute before "
    "view, first dense layer wrong",
    asked="q080",
    links=[read("frameworks", "The first dense layer")],
)
def _() -> str:
    first = np.arange(8).reshape(2, 2, 2)  # channels, height, width: numbers as PyTorch flattens them
    last = first.transpose(1, 2, 0).ravel()
    return (
        "`Flatten` reads the numbers as they lie: channels last in Keras, channels first in PyTorch. For 2 × 2 with "
        "2 channels, Keras takes PyTorch's numbers in the order "
        f"{row(last)}, not {row(first.ravel())}. Permute to channels last before `view`, or reorder the rows of the "
        "first dense layer. With one channel both orders are the same."
    )


@topic(
    "onnx-same-upper",
    "ONNX ConvTranspose with auto_pad=SAME_UPPER turned 2 × 2 into 4 × 4. What should it be?",
    words="onnxruntime convtranspose auto_pad same_upper, ort output shape wrong, auto_pad ignored",
    asked="q135",
    links=[
        explorer(mode="transpose", input=[[2, 3], [4, 5]], kernel=[[2, 3, 4], [5, 6, 7], [8, 9, 10]], padding="same")
    ],
)
def _() -> str:
    x = np.array([[2.0, 3], [4, 5]])[None, ..., None]
    kernel = np.arange(2.0, 11).reshape(3, 3, 1, 1)
    same, full = (conv2d_transpose(x, kernel, padding=p)[0, :, :, 0] for p in ("same", "valid"))
    return (
        f"{same.shape[0]} × {same.shape[1]}, input · stride. {full.shape[0]} × {full.shape[1]} is the full result, "
        "which `VALID` gives; `SAME` crops one at each side. "
        f"[[2, 3], [4, 5]] with a kernel of 2 to 10 gives {row(same)}."
    )


@topic(
    "lost-output-padding",
    "An imported model gives 55 instead of 56",
    words="tvm convtranspose import, one pixel short after conversion, converter lost output_padding, 55 instead of "
    "56, off by one after export, wrong size after importing",
    asked="q137",
    links=[
        ruler(mode="transpose", size=28, kernel=3, stride=2, padding=1, torch=[1, 1]),
        read("frameworks", "Three converters that got it wrong"),
    ],
)
def _() -> str:
    without, with_ = (shapes.torch_transposed_size(28, 3, stride=2, padding=1, output_padding=o) for o in (0, 1))
    return (
        f"The importer dropped `output_padding`: (28 − 1) · 2 − 2 + 3 = {without}, and {with_} with "
        "`output_padding=1`. "
        "A size that is short by 1 to stride − 1 pixels nearly always means that."
    )


@topic(
    "converter-padded",
    "A converter pads the input where ConvTranspose2d has padding. Shapes fit, values do not",
    words="lower convtranspose2d padding, padding means crop, tico, convert padding transposed convolution, "
    "valid plus slice, 14 instead of 8, add zeropadding before conv2dtranspose, converting conv2d "
    "transpose",
    asked="q138",
    links=[
        ruler(mode="transpose", size=4, kernel=4, stride=2, padding=1),
        read("zero-insertion", "Padding crops"),
        read("frameworks", "Three converters that got it wrong"),
    ],
)
def _() -> str:
    right = shapes.torch_transposed_size(4, 4, stride=2, padding=1)
    wrong = shapes.full_size(4 + 2, 4, stride=2)
    return (
        f"`padding` crops the output here. 4 with kernel 4, stride 2, padding 1: (4 − 1) · 2 + 4 − 2 = {right}. "
        f"Padding the input instead gives (6 − 1) · 2 + 4 = {wrong}, and cutting that to size keeps the wrong "
        "numbers. "
        f"Write it as `VALID` ({shapes.full_size(4, 4, stride=2)} pixels), then slice one off each end."
    )


@topic(
    "same-transposed-in-pytorch",
    "ConvTranspose2d has no padding='same'. How do I write Keras' Conv2DTranspose in PyTorch?",
    words="convtranspose2d padding same, conv_transpose2d argument padding must be tuple of ints, keras "
    "conv2dtranspose to pytorch, same padding transposed convolution pytorch, conv2dtranspose equivalent "
    "in pytorch, convtranspose2d does not work with padding same, translate tensorflow conv2d_transpose "
    "to pytorch, slice the output to the correct shape, ported layer is shifted by one pixel",
    links=[
        translator(preset="port-shift"),
        translator("Open kernel 4, which ports exactly", preset="port-even"),
        read("frameworks", "When there is no such argument"),
    ],
)
def _() -> str:
    def crops(kernel: int) -> tuple[int, int]:
        start, stop = shapes.transposed_window(10, kernel, 20, stride=2, padding="same")
        return start, shapes.full_size(10, kernel, stride=2) - stop

    three, four = crops(3), crops(4)
    start, stop = shapes.torch_transposed_window(10, 3, stride=2, padding=1, output_padding=1)
    return (
        "`same` crops kernel − stride pixels in all, the smaller half before. An even difference PyTorch calls "
        f"`padding`: kernel 4 with stride 2 crops {four[0]} and {four[1]}, so `padding=1` is exact. An odd one it "
        f"cannot say: kernel 3 crops {three[0]} before and {three[1]} after, so use no padding and drop the last row "
        f"and column, `y[..., :-1, :-1]`. `padding=1, output_padding=1` gives the same size, but crops {start} before "
        f"and {shapes.full_size(10, 3, stride=2) - stop} after: everything is shifted by one pixel."
    )


@topic(
    "move-weights",
    "Which transpose moves a kernel from PyTorch to Keras?",
    words="pytorch weights to keras transpose(2 3 1 0), convert conv2d weights pytorch to tensorflow, "
    "set_weights from pytorch, permute kernel axes, convtranspose2d weights to keras, state_dict to "
    "keras, load pytorch weights in tensorflow, convert pytorch conv weights to keras",
    links=[read("frameworks", "Names and layouts"), read("frameworks", "A whole network, ported")],
)
def _() -> str:
    weight = np.zeros((64, 3, 7, 5))
    plain, transposed = convert_kernel(weight, "OIHW", "HWIO"), convert_kernel(weight, "IOHW", "HWOI")
    same = weight.transpose(2, 3, 1, 0).shape == plain.shape == transposed.shape
    return (
        "`w.transpose(2, 3, 1, 0)`, for `Conv2d` and `ConvTranspose2d` alike: (out, in, height, width) becomes "
        "(height, width, in, out), and (in, out, height, width) becomes (height, width, out, in). A weight of (64, "
        f"3, 7, 5) is {plain.shape if same else '(not equal)'} in Keras. The way back is `transpose(3, 2, 0, 1)`. "
        "Nothing is flipped, and the bias stays as it is. Afterwards look at the padding of strided layers, at the "
        "flatten order, and at the batch normalisation's epsilon."
    )


@topic(
    "depthwise-weights",
    "How do DepthwiseConv2D and groups=in_channels translate?",
    words="depthwiseconv2d in pytorch, depth_multiplier and groups, depthwise weights keras to pytorch, groups equals "
    "in_channels, depthwise kernel shape, convert depthwise convolution weights",
    links=[
        read("convolution", "Groups: not every channel meets every filter"),
        read("frameworks", "Names and layouts"),
    ],
)
def _() -> str:
    channels, multiplier = 3, 2
    weight = np.arange(channels * multiplier * 9).reshape(channels * multiplier, 1, 3, 3)
    keras = weight.reshape(channels, multiplier, 3, 3).transpose(2, 3, 0, 1)
    return (
        "`Conv2d(C, C * m, k, groups=C)` in PyTorch is `DepthwiseConv2D(k, depth_multiplier=m)` in Keras. The weight "
        "is (C · m, 1, height, width) there and (height, width, C, m) here: `w.reshape(C, m, h, w).transpose(2, 3, "
        f"0, 1)`. For 3 channels and m = 2, {weight.shape} becomes {keras.shape}, {keras.size} weights. Both put what "
        "channel c makes with its kernel j at c · m + j."
    )


@topic(
    "grouped-transpose",
    "What shape has the weight of a ConvTranspose2d with groups?",
    words="grouped transposed convolution weight shape, convtranspose2d groups, depthwise transposed convolution, "
    "conv_transpose2d groups weight, in_channels out_channels/groups, keras conv2dtranspose groups",
    links=[
        translator(preset="port-groups"),
        read("convolution", "Groups: not every channel meets every filter"),
    ],
)
def _() -> str:
    weights = shapes.layer_cost((3, 3), 64, 128, groups=4).weights
    return (
        f"(in, out / groups, height, width): from 64 to 128 channels in 4 groups (64, {128 // 4}, 3, 3), where "
        f"`Conv2d` has (128, {64 // 4}, 3, 3). Both hold {weights:,} weights. To turn one into the other, swap the "
        "two axes within each group, not of the whole array. Keras' `Conv2DTranspose` has no groups: split the "
        "channels, give each part a layer of its own, and concatenate."
    )


@topic(
    "jax-conv-transpose",
    "JAX's or Flax's ConvTranspose does not match PyTorch's. Why?",
    words="jax lax.conv_transpose, flax convtranspose vs pytorch, transpose_kernel, jax conv_transpose kernel flipped, "
    "nnx convtranspose, port pytorch to flax, flax transposed convolution different values",
    links=[
        translator(preset="port-jax-default"),
        translator("Open it with padding in pixels", preset="port-jax-pixels"),
        read("frameworks", "Flipped or not"),
    ],
)
def _() -> str:
    x, w = np.array([1.0, 2, 4])[:, None], np.array([1.0, 10, 100]).reshape(3, 1, 1)
    between = zero_insert(x[None], (1, 2))[0]
    jax = conv1d(between, w, padding=2)[:, 0]
    other = conv1d_transpose(x, w, stride=2)[:, 0]
    return (
        "By default `lax.conv_transpose` slides the kernel as it is stored over the input with zeros between, so it "
        f"stands the other way round. [1, 2, 4] with kernel [1, 10, 100] and stride 2 gives {row(jax)} in JAX and "
        f"{row(other)} elsewhere. Pass `transpose_kernel=True` and a kernel of (height, width, out, in), or turn the "
        "kernel round yourself. A `padding` in pairs of numbers means the zeros around the stretched input: "
        "PyTorch's p is kernel − 1 − p there."
    )


@topic(
    "onnx-pads",
    "What do the pads of ONNX's ConvTranspose mean?",
    words="onnx convtranspose pads, tf2onnx conv2d_transpose, onnx output_shape attribute, pads begin end, export "
    "conv2dtranspose same to onnx, tensorrt deconvolution padding, onnx transposed convolution asymmetric",
    links=[
        translator(source="keras", target="onnx", operation="transposed", size=[3, 4], stride=2, padding="same"),
        read("frameworks", "The transposed layer in all of them"),
    ],
)
def _() -> str:
    start, stop = shapes.transposed_window(10, 3, 20, stride=2, padding="same")
    full = shapes.full_size(10, 3, stride=2)
    torch = shapes.torch_transposed_size(10, 3, stride=2, padding=1, output_padding=1)
    keras = [start, start, full - stop, full - stop]
    return (
        "They crop the output: first the beginnings of all axes, then the ends, so the two may differ, as they may "
        f"not in PyTorch. Keras' `same` with kernel 3 and stride 2 is `pads={keras}`; PyTorch's padding 1 with "
        "output_padding 1 is `pads=[1, 1, 1, 1]` and `output_padding=[1, 1]`. From 10 both give (10 − 1) · 2 + 3 − "
        f"pads + output_padding = {torch}, one pixel apart. Kernels are laid out as in PyTorch, (in, out / groups, "
        "height, width)."
    )


@topic(
    "after-porting",
    "My ported network is nearly right, but differs by some percent",
    words="batchnorm epsilon keras pytorch, converted model slightly different outputs, ported model accuracy drop, "
    "batch normalization momentum difference, compare layer by layer after conversion, default eps 1e-3 vs 1e-5",
    links=[read("frameworks", "A whole network, ported"), read("frameworks", "Seven numbers")],
)
def _() -> str:
    ratio = np.sqrt((0.01 + 1e-3) / (0.01 + 1e-5))
    return (
        "Look at what no weight file says. The epsilon of a batch normalisation is 0.001 in Keras and 0.00001 in "
        f"PyTorch: for a channel of variance 0.01 that is a factor of {ratio:.3f}. Momentum 0.99 in Keras is "
        f"{1 - 0.99:.2g} in PyTorch. `same` with a stride pads another way, bilinear upsampling has three rules, and "
        "`Flatten` has another order. Compare layer by layer with the same input: rounding stays below 1e-5 of the "
        "largest output, and the first layer above it is the one."
    )


@topic(
    "initial-weights",
    "How do Keras and PyTorch initialise a convolution?",
    words="default initialization conv2d, glorot_uniform vs kaiming_uniform, pytorch default init in keras, weight "
    "initialization transposed convolution, initial weights range, kernel_initializer default",
    links=[read("frameworks", "Names and layouts"), read("upsampling", "Start as an interpolation")],
)
def _() -> str:
    taps = 3 * 3
    keras, torch = np.sqrt(6 / (taps * 64 + taps * 128)), 1 / np.sqrt(taps * 64)
    back = 1 / np.sqrt(taps * 128)
    return (
        "Keras draws uniformly up to ±√(6 / (fan in + fan out)), with kernel pixels · channels for a fan, and starts "
        "the bias at zero. PyTorch draws both up to ±1 / √(fan in). For 3 × 3 from 64 to 128 channels that is "
        f"±{keras:.4f} and ±{torch:.4f}. In `ConvTranspose2d` PyTorch counts the channels out for the fan in, so from "
        f"64 to 128 it draws up to ±{back:.4f}."
    )
