"""Same, valid, and pixels of padding."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, listed, read, row, ruler
from conv_lib.ops import conv1d, conv2d

topic = Topic("padding", "Same, valid and padding")


@topic(
    "valid-or-same",
    "What is the difference between VALID and SAME?",
    words="valid vs same, padding same or valid, zero padding, difference between same and valid",
    links=[ruler(mode="conv", size=6, kernel=3, stride=2, padding="same"), read("sizes", "Same, and its uneven pad")],
)
def _() -> str:
    valid, same = (shapes.conv_size(6, 3, stride=2, padding=p) for p in ("valid", "same"))
    before, after = shapes.same_padding(6, 3, stride=2)
    return (
        "`valid` uses only windows that lie inside the image, so the output shrinks. `same` adds zeros until the "
        "output is input / stride, rounded up; "
        f"only at stride 1 is that the size of the input. 6 pixels, kernel 3, stride 2: `valid` gives {valid}, "
        f"`same` gives {same} with {before} zeros before and {after} after."
    )


@topic(
    "thirteen-six-five",
    "Width 13, filter 6, stride 5: what do SAME and VALID do?",
    words="13 6 5, dropped columns, which pixels are dropped, same valid example, left and right padding",
    asked="q047",
    links=[
        ruler(mode="conv", size=13, kernel=6, stride=5),
        ruler("Open it with same", mode="conv", size=13, kernel=6, stride=5, padding="same"),
    ],
)
def _() -> str:
    valid, same = (shapes.conv_size(13, 6, stride=5, padding=p) for p in ("valid", "same"))
    before, after = shapes.same_padding(13, 6, stride=5)
    last = (valid - 1) * 5 + 6
    return (
        f"`VALID` places {valid} windows, 0 to 5 and 5 to {last - 1}, and never reads the last {13 - last} columns. "
        f"`SAME` places 13 / 5 rounded up = {same}, and needs ({same} − 1) · 5 + 6 − 13 = {before + after} zeros: "
        f"{before} left and {after} right, the odd one at the end."
    )


@topic(
    "strided-same-in-pytorch",
    "Why does PyTorch refuse padding='same' with stride 2?",
    words="padding same not supported for strided convolutions, pytorch same padding stride 2, resnet stem, tf "
    "same in pytorch, port pretrained weights, shifted by one pixel, kernel 7 stride 2 padding 3 or "
    "same, first conv layer of resnet differs",
    asked="q049",
    links=[
        ruler(mode="conv", size=224, kernel=7, stride=2, padding="same"),
        read("sizes", "One on each side is another layer"),
        read("frameworks", "`same` with stride 2: the odd pixel"),
    ],
)
def _() -> str:
    before, after = shapes.same_padding(224, 7, stride=2)
    out = shapes.conv_size(224, 7, stride=2, padding="same")
    both = shapes.conv_size(224, 7, stride=2, padding=3)
    return (
        "Because two meanings of the word disagree. TensorFlow pads as little as needed: for 224, kernel 7, stride "
        f"2 that is ({out} − 1) · 2 + 7 − 224 = {before + after}, "
        f"{before} before and {after} after. A fixed 3 on each side, {3 + 3} in all, also gives {both}, but every "
        "window stands one pixel further left, so weights from "
        f"TensorFlow are silently off. Pad by hand: `F.pad(x, ({before}, {after}, {before}, {after}))`."
    )


@topic(
    "no-pad-at-the-top",
    "How can SAME add nothing at the top and left?",
    words="uneven padding, asymmetric same padding, pad only right and bottom, no top left padding, 6x6 3x3 stride "
    "2 same",
    asked="q050",
    links=[
        explorer(
            mode="conv",
            input=[[1, 2, 0, 3, 1, 2]] * 6,
            kernel=[[1, 0, -1], [2, 1, 0], [0, -1, 1]],
            stride=2,
            padding="same",
        ),
        read("sizes", "Same, and its uneven pad"),
    ],
)
def _() -> str:
    out = shapes.conv_size(6, 3, stride=2, padding="same")
    before, after = shapes.same_padding(6, 3, stride=2)
    return (
        f"6 / 2 = {out} windows of 3 need ({out} − 1) · 2 + 3 = {(out - 1) * 2 + 3} pixels, {before + after} more "
        f"than there are. Half of it, rounded down, goes before: {before}; the rest after: {after}. "
        "Putting 1 on each side instead shifts every window by one pixel."
    )


@topic(
    "padding-in-transposed",
    "What does padding mean in a transposed convolution?",
    words="padding transposed layer, padding crops, padding p in convtranspose2d, why crop, what is padding in "
    "deconvolution",
    links=[
        explorer(
            mode="transpose",
            input=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
            kernel=[[1, 2], [3, 4]],
            stride=2,
            padding=[[1, 1], [1, 1]],
        ),
        read("zero-insertion", "Padding crops"),
    ],
)
def _() -> str:
    full = shapes.full_size(3, 2, stride=2)
    got = shapes.torch_transposed_size(3, 2, stride=2, padding=1)
    return (
        "It is the padding of the convolution that is transposed. There it adds pixels to the large side; here the "
        "large side is the output, so the same pixels are cut off. "
        f"Input 3, kernel 2, stride 2: the stamps make {full} pixels; padding 1 crops one at each end and leaves "
        f"{got}."
    )


@topic(
    "which-padding-keeps-the-size",
    "Which padding keeps the size?",
    words="padding to keep the same size, padding for kernel 3 5 7, calculate same padding by hand, padding "
    "(k-1)/2, padding with dilation, dilated convolution keep size, padding equals dilation, aspp "
    "padding 6 12 18, pytorch padding for kernel size 5",
    links=[
        ruler(mode="conv", size=20, kernel=3, dilation=6, padding=6),
        read("sizes", "Padding"),
        read("sizes", "Dilation"),
    ],
)
def _() -> str:
    def pads(kernel: int, dilation: int = 1) -> tuple[int, int]:
        return shapes.same_padding(50, kernel, dilation=dilation)

    three, five, seven = (pads(k)[0] for k in (3, 5, 7))
    before, after = pads(4)
    return (
        "At stride 1, dilation · (kernel − 1) / 2 on each side. "
        f"Kernel 3 takes {three}, 5 takes {five}, 7 takes {seven}; dilated by 2, kernel 3 takes {pads(3, 2)[0]}, and "
        f"dilated by 6 it takes {pads(3, 6)[0]}. An even kernel needs an odd number in all: kernel 4 takes {before} "
        f"before and {after} after, which one number cannot say."
    )


@topic(
    "why-odd-kernels",
    "Why are kernels odd, 3 × 3 or 5 × 5, and not even?",
    words="odd kernel size, why 3x3 and 5x5, even kernel size, filter size odd numbers, center pixel, even filter "
    "shifted by half a pixel, symmetric padding",
    links=[
        ruler(mode="conv", size=6, kernel=4, padding="same"),
        explorer(mode="conv", input=[[1, 2, 3, 4, 5, 6]], kernel=[[1, 2, 3, 4]], padding="same"),
        read("sizes", "Same, and its uneven pad"),
    ],
)
def _() -> str:
    before, after = shapes.same_padding(6, 4)
    x, w = np.arange(1.0, 7)[:, None], np.arange(1.0, 5).reshape(4, 1, 1)
    out = conv1d(x, w, padding="same")[:, 0]
    four = shapes.conv_size(64, 4, stride=2, padding=1)
    return (
        "An odd kernel has a middle pixel and takes equal padding on both sides, so each output looks around its own "
        f"input. Kernel 4 needs {before + after} zeros to keep the size, {before} before and {after} after, and looks "
        f"half a pixel to the right: 1 to 6 with kernel [1, 2, 3, 4] gives {row(out)}, in TensorFlow and PyTorch "
        f"alike. At stride 2 an even kernel is the natural one: 4 with padding 1 takes 64 to {four} and reads the "
        "same on both sides."
    )


@topic(
    "torch-padding-in-keras",
    "How do I write PyTorch's padding=1 with stride 2 in Keras?",
    words="pytorch conv2d padding in keras, zeropadding2d then valid, port resnet to keras, pytorch to tensorflow "
    "padding, stride 2 padding 1 keras equivalent, same with stride 2 is shifted, tf.pad before conv",
    links=[
        ruler("Open it with padding 1", mode="conv", size=224, kernel=3, stride=2, padding=1),
        ruler("Open it with same", mode="conv", size=224, kernel=3, stride=2, padding="same"),
        read("frameworks", "`same` with stride 2: the odd pixel"),
    ],
)
def _() -> str:
    both = {shapes.conv_size(224, 3, stride=2, padding=p) for p in (1, "same")}
    even, odd = shapes.same_padding(224, 3, stride=2), shapes.same_padding(225, 3, stride=2)
    return (
        "With `ZeroPadding2D(1)` and then a convolution with `padding='valid'`; a 7 × 7 kernel with padding 3 takes "
        f"`ZeroPadding2D(3)`. `same` has the right size, 224 becomes {listed(both)} either way, but pads {even[0]} "
        f"before and {even[1]} after, so every window stands one pixel further right and ported weights are off. On "
        f"an odd size, 225, `same` pads {odd[0]} and {odd[1]} and the two agree."
    )


@topic(
    "border-of-zeros",
    "Do the zeros of the padding spoil the border?",
    words="zero padding border effect, edge artifacts, padding_mode reflect, reflection padding, replicate padding, "
    "dark border, boundary effects, tf.pad reflect, artifacts at the image edges",
    links=[
        explorer(mode="conv", input=[[9] * 5] * 4, kernel=[[1] * 3] * 3, padding="same"),
        read("sizes", "Padding"),
    ],
)
def _() -> str:
    y = conv2d(np.ones((1, 5, 6, 1)), np.full((3, 3, 1, 1), 1 / 9), padding="same")[0, :, :, 0]
    return (
        f"They darken it: the mean over 3 × 3 of an image of ones is {y[2, 2]:g} inside, {y[0, 2]:.3f} at the edge and "
        f"{y[0, 0]:.3f} in the corner. Networks mostly learn to live with it. Where it shows, pad with the image "
        "itself: `padding_mode='reflect'` in PyTorch's `Conv2d` (its transposed layer takes zeros only), or "
        "`tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], 'REFLECT')` and then `valid`. Without padding there is no "
        f"such border, and 28 becomes {shapes.conv_size(28, 3)}."
    )
