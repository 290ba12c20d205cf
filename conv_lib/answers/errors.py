"""Error messages, and what their numbers mean."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, decoder, listed, read, ruler, solver

topic = Topic("errors", "Error messages")


@topic(
    "computed-and-actual",
    "Size of out_backprop doesn't match: actual = 7, computed = 16. What are the two numbers?",
    words="could not create a primitive descriptor, out_backprop matches computed, conv2dslowbackpropinput, "
    "conv2dcustombackpropinput, actual computed, "
    "output_shape mismatch, tflearn conv_2d_transpose",
    asked="q028",
    links=[
        solver(preset="seven-to-16"),
        ruler(mode="transpose", size=7, kernel=3, stride=2, padding="same"),
        read("output-size", "If you are stuck"),
    ],
)
def _() -> str:
    computed = [shapes.conv_size(16, 3, stride=s, padding="same") for s in (1, 2, 3)]
    legal = shapes.transposed_sizes(7, 3, stride=2, padding="same")
    return (
        "`actual` is the size that you feed, 7. `computed` is what the convolution would make of the output you "
        f"ask for: 16 at stride 1 gives {computed[0]}. "
        f"No stride helps: 16 goes to {computed[1]} at stride 2 and to {computed[2]} at stride 3, never to 7. From "
        f"7, stride 2 reaches {listed(legal)}; so ask for {legal[-1]}, or let the encoder end at {computed[1]}. "
        "With oneDNN the same mistake only says “could not create a primitive descriptor”."
    )


@topic(
    "seven-to-twenty-eight-fails",
    "conv2d_transpose from 7 × 7 × 256 to [-1, 28, 28, 1] with stride 2 does not run",
    words="mnist gan generator error, output_shape -1, batch -1, bias 256 broadcasts, stride 2 from 7 to 28, "
    "conv2d_transpose does not run",
    asked="q027",
    links=[ruler(mode="transpose", size=7, kernel=3, stride=4, padding="same")],
)
def _() -> str:
    two, four = (shapes.transposed_sizes(7, 3, stride=s, padding="same") for s in (2, 4))
    once = shapes.keras_transposed_size(7, 3, stride=2, padding="same")
    wide = np.broadcast_shapes((28, 28, 1), (256,))
    return (
        f"`SAME` at stride 2 goes from 7 to {listed(two)} only. 28 needs stride 4 ({four[0]} to {four[-1]}) or two "
        f"layers, {chain((7, once, 2 * once))}. Besides: take the batch size from the input, `tf.shape(x)[0]` (with "
        "−1 "
        "TensorFlow's own kernels refuse, only oneDNN's run); the filter's shape is one list, [3, 3, 1, 256]; and a "
        "bias of length 256 gives no error, but "
        f"{chain(['28 × 28 × 1', ' × '.join(map(str, wide))])}: it needs length 1."
    )


@topic(
    "yolo-arguments",
    "Replacing Upsample by ConvTranspose2d [384, 3, 2, 1, 1]: 7 meets 16 in the concat",
    words="yolov5 yaml args, convtranspose2d args order, positional arguments, 7 versus 16, concat fails after "
    "replacing upsample",
    asked="q030",
    links=[
        decoder(preset="yolo-args"),
        ruler(mode="transpose", size=8, kernel=2, padding=1),
        ruler("Open kernel 4, stride 2, padding 1", mode="transpose", size=8, kernel=4, stride=2, padding=1),
    ],
)
def _() -> str:
    size = shapes.torch_transposed_size
    wrong, two, four = size(8, 2, padding=1), size(8, 2, stride=2), size(8, 4, stride=2, padding=1)
    return (
        "The arguments count by position: in, out, kernel, stride, padding. Read so, [384, 3, 2, 1, 1] is kernel "
        f"2, stride 1, padding 1, with 3 channels out, and 8 becomes (8 − 1) · 1 − 2 + 2 = {wrong}. "
        f"[384, 384, 2, 2] gives {two}, and so does [384, 384, 4, 2, 1], {four}."
    )


@topic(
    "kernel-greater-than-input",
    "Kernel size (3 x 3) can't be greater than actual input size (258 x 2)",
    words="kernel size can't be greater than padded input size, kernel larger than input, calculated padded input "
    "size per channel, empty axis, zero width, cartoongan",
    asked="q034",
    links=[
        ruler("Open the smallest that fits", mode="conv", size=1, kernel=3, padding=1),
        read("sizes", "If you are stuck"),
    ],
)
def _() -> str:
    high, wide = 258 - 2 * 1, 2 - 2 * 1
    return (
        f"The sizes in the message include the padding. If that layer pads by 1, the map is {high} × {wide}: one "
        "axis was empty before it came here, so the kernel is not at fault. "
        "Print the shapes of the layers before it and look for a slice that cut to nothing, for example images "
        "expected side by side, 512 wide, when they are 256 wide."
    )


@topic(
    "negative-dimension",
    "Negative dimension size caused by subtracting 3 from 2",
    words="negative dimension, valueerror negative dimension size, subtracting from, output size is too small, "
    "computed output size would be negative, non-positive size, image too small for network",
    links=[ruler("Open the smallest that fits", mode="conv", size=3, kernel=3), read("sizes", "If you are stuck")],
)
def _() -> str:
    same = shapes.conv_size(2, 3, padding="same")
    sizes = [28]
    while sizes[-1] >= 3:
        sizes.append(shapes.conv_size(sizes[-1], 3))
        if sizes[-1] >= 2:
            sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    return (
        "A kernel of 3 met an image of 2 pixels, and `valid` needs at least one whole window. Earlier layers shrank "
        "the image too far: with convolutions of 3 and pooling of 2, "
        f"{chain(sizes)}, where the next 3 does not fit. Use `padding='same'` (2 stays {same}), remove a pooling, "
        "or feed a larger image. "
        "Check the order of the axes too: channels read as height look just like this."
    )
