"""Moving layers between frameworks."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, read, row, ruler
from conv_lib.frameworks import FRAMEWORKS
from conv_lib.ops import conv2d_transpose

topic = Topic("frameworks", "Between frameworks")


@topic(
    "kernel-layouts",
    "How are kernels laid out in TensorFlow, PyTorch and ONNX?",
    words="nchw nhwc, kernel layout table, weight shape pytorch tensorflow, oihw hwio, convert weights, load keras "
    "weights into pytorch, channels first",
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
    words="lower convtranspose2d padding, padding means crop, tico, convert padding transposed convolution, valid "
    "plus slice, 14 instead of 8",
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
