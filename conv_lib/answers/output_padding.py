"""output_padding: choosing among the legal sizes."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, listed, message, read, ruler, solver
from conv_lib.ops import conv2d_transpose

topic = Topic("output-padding", "output_padding")


@topic(
    "what-is-output-padding",
    "What is output_padding?",
    words="output_padding meaning, output padding explained, why is output_padding needed, difference between "
    "padding and output_padding, what does output_padding do in keras and pytorch",
    links=[
        ruler(mode="transpose", size=3, kernel=3, stride=2, padding=1, torch=[1, 1]),
        read(
            "zero-insertion", "`output_padding` gives back, at one end", "Read: output_padding gives back, at one end"
        ),
    ],
)
def _() -> str:
    sizes = [shapes.torch_transposed_size(3, 3, stride=2, padding=1, output_padding=extra) for extra in (0, 1)]
    return (
        "A strided convolution takes several sizes to the same one, so its transpose has to be told which to go "
        "back to. `output_padding` counts up from the smallest: "
        f"from 3 with kernel 3, stride 2, padding 1 it gives {sizes[0]} with 0 and {sizes[1]} with 1. It crops less "
        "at the end; it does not pad the output with zeros."
    )


@topic(
    "odd-size-back",
    "23 and 24 both become 12, and 12 becomes 24. How do I get 23 back?",
    words="odd sizes, autoencoder output size differs from input, reconstruct odd size, 23 instead of 24, decode "
    "odd height",
    asked="q012",
    links=[
        solver(preset="twelve-to-23"),
        ruler(mode="transpose", size=12, kernel=3, stride=2, padding="same", output_size=23),
        read("output-size", "Choosing in Keras: `output_padding`", "Read: choosing in Keras"),
        read("decoders", "An autoencoder for an odd size"),
    ],
)
def _() -> str:
    down = {shapes.conv_size(n, 3, stride=2, padding="same") for n in (23, 24)}
    size = shapes.keras_transposed_size
    none, zero, one = (size(12, 3, stride=2, padding="same", output_padding=extra) for extra in (None, 0, 1))
    return (
        f"Rounding up takes both to {listed(down)}, so the size is lost and you must say which one you want. In "
        "Keras with `same`, kernel 3, stride 2: `output_padding=0` gives "
        f"{zero}, `output_padding=1` gives {one}, and without it the layer gives 12 · 2 = {none}."
    )


@topic(
    "output-padding-too-large",
    "The size I need asks for output_padding = stride, and Keras refuses it",
    words="output_padding must be less than strides, 46x62 to 368x489, kernel 16 stride 8, output_padding 8, "
    "crop 496 to 489, fcn-8s, output_padding must be strictly less than strides",
    asked="q021",
    links=[
        solver(preset="stride-eight"),
        ruler(mode="transpose", size=46, kernel=16, stride=8, padding="same"),
        ruler(
            "Open the width, 62 to 489", mode="transpose", size=62, kernel=16, stride=8, padding="same", output_size=489
        ),
    ],
)
def _() -> str:
    legal = [shapes.transposed_sizes(n, 16, stride=8, padding="same") for n in (46, 62)]
    keras = [shapes.keras_transposed_size(n, 16, stride=8, padding="same") for n in (46, 62)]
    base = shapes.keras_transposed_size(46, 16, stride=8, padding="same", output_padding=1) - 1
    at = {n: shapes.transposed_window(62, 16, n, stride=8, padding="same")[0] for n in (489, 496)}
    first = at[489] - at[496]
    return (
        f"With `output_padding` Keras counts from (46 − 1) · 8 + 16 − 16 = {base}, so 368 needs {368 - base}, and "
        f"it must stay below the stride. Leave it out: Keras gives {keras[0]} × {keras[1]}. "
        f"`tf.nn.conv2d_transpose` takes every size from {legal[0][0]} to {legal[0][-1]} and from {legal[1][0]} to "
        f"{legal[1][-1]}, so `output_shape` 368 × 489 works directly. "
        f"If you crop 496 to 489 yourself, keep columns {first} to {first + 488}, not 0 to 488: `SAME` crops "
        f"{at[489]} pixels on the left for 489 and {at[496]} for 496."
    )


@topic(
    "output-padding-one-side",
    "Why is output_padding on one side only?",
    words="output_padding one side, bottom right only, asymmetric output_padding, padding both sides output_padding "
    "one",
    asked="q036",
    links=[
        ruler(mode="transpose", size=3, kernel=3, stride=2, padding=1, torch=[1, 1]),
        read("output-size", "Equal shape, shifted values"),
    ],
)
def _() -> str:
    full = shapes.full_size(3, 3, stride=2)
    start, stop = shapes.torch_transposed_window(3, 3, stride=2, padding=1, output_padding=1)
    unread = 6 - ((shapes.conv_size(6, 3, stride=2) - 1) * 2 + 3)
    return (
        "Because it gives back what a strided convolution skipped, and that is always at the end: kernel 3 with "
        f"stride 2 leaves {unread} of 6 pixels unread at the right. "
        "So the crop is `padding` at the top and left but `padding − output_padding` at the bottom and right: of "
        f"{full} pixels, padding 1 with `output_padding` 1 crops {start} before and {full - stop} after."
    )


@topic(
    "output-padding-not-zeros",
    "output_padding should add zeros, but the new pixels are not zero. Bug?",
    words="output_padding non-zero values, docs say zeros, single pixel four values, "
    "convtranspose2d(1,1,3,stride=2,padding=1,output_padding=1)",
    asked="q038",
    links=[
        explorer(
            mode="transpose", input=[[1]], kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], stride=2, padding=[[1, 0], [1, 0]]
        )
    ],
)
def _() -> str:
    kernel = np.arange(1.0, 10).reshape(3, 3, 1, 1)
    got = conv2d_transpose(np.ones((1, 1, 1, 1)), kernel, stride=2, padding=((1, 0), (1, 0)))[0, :, :, 0]
    start, stop = shapes.torch_transposed_window(1, 3, stride=2, padding=1, output_padding=1)
    values = listed((f"{v:g}" for v in got.ravel()), "and")
    return (
        "No bug. A single 1 stamps the whole 3 × 3 kernel; padding 1 crops 1 at the top and left, and 1 − 1 = 0 at "
        f"the bottom and right. What remains is `kernel[{start}:{stop}, {start}:{stop}]`, {got.size} weights "
        f"({values} of a kernel 1 to 9). It uncrops. Zeros (before the bias) appear only where `output_padding` "
        "exceeds `padding`."
    )


@topic(
    "even-kernel-keeps-length",
    "With stride 1 and an even kernel no padding keeps the length",
    words="conv transpose 1d even kernel, kernel 4 stride 1, same length, L+1 or L-1, allow output_padding equal "
    "stride, convtranspose1d same",
    asked="q040",
    links=[ruler(mode="transpose", size=10, kernel=4, padding=[1, 2])],
)
def _() -> str:
    one, two = (shapes.torch_transposed_size(10, 4, padding=p) for p in (1, 2))
    cut = shapes.full_size(10, 4) - 10
    return (
        f"Kernel 4 makes {cut} pixels too many, and an equal crop at both ends takes an even number away: 10 "
        f"becomes {one} with padding 1, {two} with padding 2. "
        "Crop unequally: take padding 1 and drop the last sample, `y[..., :-1]`, which crops 1 before and "
        f"{cut - 1} after. `output_padding` cannot help, as it must be below the stride of 1."
    )


@topic(
    "stride-slash-dilation",
    "ONNX: 'output_padding must be less than the stride/dilation dimension'. Is [1, 1] with stride 2 allowed?",
    words="onnx convtranspose output_padding, stride/dilation dimension, output_padding invalid, less than stride "
    "or dilation",
    asked="q042",
    links=[ruler(mode="transpose", size=4, kernel=3, stride=2, padding=1, torch=[1, 1])],
)
def _() -> str:
    limit = max(2, 1)
    got = shapes.torch_transposed_size(4, 3, stride=2, padding=1, output_padding=1)
    return (
        "It is allowed. The slash means “or”: `output_padding` must be below the larger of stride and dilation, "
        f"here 1 < {limit}. "
        f"4 with kernel 3, stride 2, padding 1 then gives {got}. Only the stride leaves a real choice of sizes."
    )


@topic(
    "keras-on-torch-same",
    "Keras on the PyTorch backend: kernel 2, stride 1, same fails. What instead?",
    words="keras torch backend conv2dtranspose same, output_padding 1 must be smaller than stride, even kernel same "
    "pytorch, workaround",
    asked="q044",
    links=[
        ruler(mode="transpose", size=8, kernel=2, padding="same"),
        read("frameworks", "When there is no such argument"),
    ],
)
def _() -> str:
    full = shapes.full_size(8, 2)
    start, stop = shapes.transposed_window(8, 2, 8, padding="same")
    return (
        f"`same` must crop {full} to 8: {start} before and {full - stop} after. PyTorch can only say padding 1 with "
        "`output_padding` 1, which is refused at stride 1 and would cut the "
        f"wrong end. Use `padding='valid'`, which gives {full}, and drop the last row and column."
    )


@topic(
    "which-output-padding",
    "Which output_padding gets the encoder's size back?",
    words="how to compute output_padding, choose output_padding, decoder mirrors the encoder but is smaller, recover "
    "the input size of conv2d, 250 becomes 248, output_padding formula, symmetric decoder, inverse size of convolution",
    links=[
        ruler(mode="transpose", size=80, kernel=11, stride=3, torch=[0, 2]),
        read("output-size", "By hand, with padding in pixels"),
    ],
)
def _() -> str:
    down = shapes.conv_size(250, 11, stride=3)
    back, full = (shapes.torch_transposed_size(down, 11, stride=3, output_padding=o) for o in (0, 2))
    even, odd = (n + 2 - 3 - (n + 2 - 3) // 2 * 2 for n in (32, 33))
    return (
        "The rest of (input + 2 · padding − kernel) / stride: the pixels that the convolution left over. A dilated "
        f"kernel counts as dilation · (kernel − 1) + 1. 250 with kernel 11 and stride 3: the rest of {250 - 11} / 3 is "
        f"{(250 - 11) % 3}. The convolution gives {down}, the transposed layer {back} without and {full} with "
        f"`output_padding=2`. Kernel 3, stride 2, padding 1 needs {even} for even sizes and {odd} for odd ones. In "
        "PyTorch, `up(y, output_size=x.shape[-2:])` works it out."
    )


@topic(
    "output-padding-below-stride",
    "Why must output_padding be smaller than the stride?",
    words="output padding must be smaller than either stride or dilation, output_padding constraint, output_padding 1 "
    "with stride 1, why is output_padding limited, convtranspose1d output_padding error",
    links=[
        message(preset="torch-output-padding"),
        ruler(mode="transpose", size=3, kernel=3, stride=2),
        read("output-size", "Why there is a choice"),
    ],
)
def _() -> str:
    legal = shapes.transposed_sizes(3, 3, stride=2)
    next_ = legal[-1] + 1
    return (
        "Because a larger one names a size that the convolution does not take back to your input. Kernel 3 with stride "
        f"2 takes {listed(legal, 'and')} to 3, but {next_} to {shapes.conv_size(next_, 3, stride=2)}. At stride 1 each "
        "input has one size, so only 0 is left. PyTorch also lets you go up to dilation − 1, though dilation leaves "
        "no choice of size. If you want more pixels, pad the output: `F.pad(y, (0, 1, 0, 1))`."
    )


@topic(
    "requested-output-size",
    "requested an output size of (33, 33), but valid sizes range from [31, 31] to [32, 32]",
    words="convtranspose2d output_size argument, valid sizes range from, output_size in forward, "
    "output_size=x.size(), requested an output size, convtranspose2d ignores output_size, does not "
    "respect output_size",
    links=[
        message(preset="torch-output-size"),
        ruler(mode="transpose", size=16, kernel=3, stride=2, padding=1, torch=[1, 1]),
    ],
)
def _() -> str:
    low, high = (shapes.torch_transposed_size(16, 3, stride=2, padding=1, output_padding=o) for o in (0, 1))
    there = shapes.conv_size(33, 3, stride=2, padding=1)
    return (
        "`output_size` only chooses `output_padding` for you, so it reaches stride-many sizes: from 16 with kernel 3, "
        f"stride 2, padding 1 those are (16 − 1) · 2 − 2 + 3 = {low} and {high}. The convolution takes 33 to {there}, "
        f"not to 16. Ask for {listed((low, high))}, let the encoder end at {there}, or resize the result."
    )
