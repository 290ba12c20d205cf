"""How large the output is."""

from __future__ import annotations

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, listed, read, ruler, solver

topic = Topic("sizes", "Output sizes")


@topic(
    "size-by-hand",
    "How do I work out the size of a transposed convolution by hand?",
    words="formula, calculate output shape, output dimensions, height and width, conv2d_transpose output size, "
    "side length, input 3 stride 2 padding 1 kernel 2",
    asked="q003",
    links=[
        ruler(mode="transpose", size=3, kernel=2, stride=2, padding=1),
        read("output-size", "By hand, with padding in pixels"),
    ],
)
def _() -> str:
    got = shapes.torch_transposed_size(3, 2, stride=2, padding=1)
    back = shapes.conv_size(got, 2, stride=2, padding=1)
    return (
        "Output = (input − 1) · stride + dilation · (kernel − 1) + 1, less the padding at both ends, plus "
        "`output_padding`. "
        f"Input 3, kernel 2, stride 2, padding 1: (3 − 1) · 2 + 2 − 2 · 1 = {got}. "
        f"Check it forwards: the convolution takes {got} to {back}."
    )


@topic(
    "five-or-six",
    "Keras gives 5, tf.nn also takes 6: which output size is right?",
    words="5 or 6, two legal sizes, 5x5 or 6x6, output_shape, ambiguous size, why two sizes, several possible "
    "outputs, "
    "which size is correct",
    asked="q004",
    links=[
        explorer(mode="transpose", input=[[1, 2], [3, 4]], kernel=[[1, 1, 1]] * 3, stride=2, output_size=[6, 6]),
        read("output-size", "Why there is a choice"),
    ],
)
def _() -> str:
    legal = shapes.transposed_sizes(2, 3, stride=2)
    keras = shapes.keras_transposed_size(2, 3, stride=2)
    return (
        f"Both. A `valid` convolution with kernel 3 and stride 2 takes {listed(legal, 'and')} pixels to 2, so its "
        "transpose may go "
        f"back to either: there are always as many legal sizes as the stride is large. Keras takes {keras}; "
        f"{legal[-1]} is the same result "
        f"with {legal[-1] - keras} row and column of zeros at the bottom and right."
    )


@topic(
    "padding-shrinks",
    "ConvTranspose2d: why does more padding make the output smaller?",
    words="pytorch convtranspose2d formula, padding makes output smaller, 5 becomes 11 or 7 or 13 or 15, padding crops",
    asked="q006",
    links=[
        ruler(mode="transpose", size=5, kernel=3, stride=2, padding=2, torch=[2, 0]),
        read("zero-insertion", "Padding crops"),
    ],
)
def _() -> str:
    size = shapes.torch_transposed_size
    a, b = size(5, 3, stride=2), size(5, 3, stride=2, padding=2)
    c, d = size(5, 5, stride=2), size(5, 3, stride=3)
    return (
        "`padding` is that of the convolution being transposed. That one pads its large input; so the transpose "
        "crops as many pixels "
        "from each end of its large output: size = (input − 1) · stride − 2 · padding + kernel. From 5: kernel 3, "
        f"stride 2 gives {a}; "
        f"with padding 2 it gives {b}; kernel 5 gives {c}; kernel 3 with stride 3 gives {d}."
    )


@topic(
    "two-becomes-four",
    "2 × 2 becomes 4 × 4 with kernel 3, stride 2, padding 1 in a lecture. Which formula gives that?",
    words="andrew ng, coursera, f=3 s=2 p=1, deep learning specialization, 2x2 to 4x4, formula does not match",
    asked="q007",
    links=[
        solver(preset="two-to-four"),
        ruler(mode="transpose", size=2, kernel=3, stride=2, padding=[1, 0], torch=[1, 1]),
    ],
)
def _() -> str:
    full = shapes.full_size(2, 3, stride=2)
    both = shapes.torch_transposed_size(2, 3, stride=2, padding=1)
    four = shapes.torch_transposed_size(2, 3, stride=2, padding=1, output_padding=1)
    start, stop = shapes.transposed_window(2, 3, 4, stride=2, padding="same")
    return (
        f"The full result is {full} wide. Cropping 1 at both ends leaves (2 − 1) · 2 − 2 · 1 + 3 = {both}; {four} "
        "means cropping one end only. "
        "PyTorch says that with padding 1 and `output_padding` 1 (crops 1 before, 0 after), TensorFlow with `same` "
        f"(crops {start} before, {full - stop} after). The sizes are equal, the pixels are shifted by one."
    )


@topic(
    "what-sets-the-size",
    "Filters set the channels. What sets height and width, and is the output always doubled?",
    words="4x4x512 to 8x8x256, tf.layers.conv2d_transpose, does conv2dtranspose always double, what determines the "
    "spatial size, "
    "gan generator size",
    asked="q008",
    links=[
        ruler(mode="transpose", size=4, kernel=5, stride=2, padding="same"),
        read("output-size", "Which one Keras takes"),
    ],
)
def _() -> str:
    size = shapes.keras_transposed_size
    same, three = size(4, 5, stride=2, padding="same"), size(4, 5, stride=3, padding="same")
    valid = size(4, 5, stride=2)
    return (
        f"Stride and padding do. In Keras `same` gives input · stride, whatever the kernel: 4 · 2 = {same}; a "
        f"stride of 3 gives {three}. "
        f"`valid` gives (input − 1) · stride + max(kernel, stride): with kernel 5 and stride 2 that is {valid}, not "
        f"{same}."
    )


@topic(
    "legal-output-shapes",
    "Which output_shape does tf.nn.conv2d_transpose accept?",
    words="output_shape too small or too large, caffe formula, is it cropped or zero padded, legal output shape, "
    "any output shape, 13 or 14",
    asked="q010",
    links=[
        ruler(mode="transpose", size=7, kernel=3, stride=2, padding="same"),
        read("output-size", "Why there is a choice"),
    ],
)
def _() -> str:
    same = shapes.transposed_sizes(7, 3, stride=2, padding="same")
    valid = shapes.transposed_sizes(7, 3, stride=2)
    return (
        "Exactly the sizes that the convolution, with the same settings, takes back to your input; anything else is "
        "an error. "
        "`SAME`: (input − 1) · stride + 1 up to input · stride. `VALID`: (input − 1) · stride + kernel and the "
        "stride − 1 sizes above it, "
        f"which only add zeros at the end. From 7 with stride 2, `SAME` takes {listed(same)}, and `VALID` with "
        f"kernel 3 takes {listed(valid)}. "
        "Each `SAME` size crops differently, so the smaller is not always the larger with a row cut off."
    )


@topic(
    "thirty-one-not-thirty-two",
    "16 becomes 31, not 32: one pixel short",
    words="one pixel short, off by one, 31 instead of 32, one row missing, convtranspose3d, output one smaller than "
    "expected, "
    "conv transpose does not double, one less",
    asked="q014",
    links=[
        solver(preset="sixteen-to-32"),
        ruler(mode="transpose", size=16, kernel=3, stride=2, padding=1, torch=[1, 1]),
        read(
            "zero-insertion", "`output_padding` gives back, at one end", "Read: output_padding gives back, at one end"
        ),
    ],
)
def _() -> str:
    size = shapes.torch_transposed_size
    short, full = size(16, 3, stride=2, padding=1), size(16, 3, stride=2, padding=1, output_padding=1)
    four, depth = size(16, 4, stride=2, padding=1), size(32, 1)
    return (
        f"Kernel 3, stride 2, padding 1: (16 − 1) · 2 − 2 + 3 = {short} is right, and one below twice the input. "
        f"Add `output_padding=1` for {full}, or take "
        f"kernel 4: (16 − 1) · 2 − 2 + 4 = {four}. In `ConvTranspose3d` with kernel (1, 3, 3) only the strided axes "
        "need it, "
        f"`output_padding=(0, 1, 1)`; the depth stays {depth}."
    )


@topic(
    "sonnet-or-tf",
    "Two libraries give 7 × 11 and 7 × 10 for the same layer. Which is wrong?",
    words="sonnet, tf.layers, 7x10 or 7x11, libraries disagree on size, different output size",
    asked="q017",
    links=[ruler(mode="transpose", size=4, kernel=4, stride=2)],
)
def _() -> str:
    high, wide = shapes.transposed_sizes(4, 4), shapes.transposed_sizes(4, 4, stride=2)
    return (
        f"Neither. From 4 with kernel 4, stride 1 leaves one size, {listed(high)}; stride 2 leaves two, "
        f"{listed(wide)}, since the convolution "
        "takes both back to 4. TensorFlow takes the smaller, Sonnet the larger, whose last column holds only zeros "
        "(and the bias). "
        f"Ask for one: `output_shape=[{high[0]}, {wide[0]}]`."
    )


@topic(
    "static-shape-unknown",
    "The static shape shows None, but the size of Conv2DTranspose is known. Is something lost?",
    words="static shape unknown, unknown dimension, compute_output_shape, set_shape, none none none, get_shape",
    asked="q025",
    links=[ruler(mode="transpose", size=128, kernel=2, stride=2)],
)
def _() -> str:
    size = shapes.keras_transposed_size
    high, wide = size(128, 2, stride=2), size(32, 2, stride=2)
    return (
        "Only the inference before the run is lost, not the result. Old Keras computed the size from a run-time "
        "tensor, which leaves `?`; today's "
        f"`compute_output_shape` answers. The arithmetic is (128 − 1) · 2 + 2 = {high} and (32 − 1) · 2 + 2 = "
        f"{wide}. "
        "Where a later layer needs the shape, state it with `set_shape`."
    )


@topic(
    "unknown-batch",
    "conv2d_transpose needs output_shape, but the batch size is unknown",
    words="variable batch size, batch none, output_shape ?, dynamic batch, tf.shape, tf.stack, set_shape, placeholder",
    asked="q026",
    links=[read("output-size", "If you are stuck")],
)
def _() -> str:
    size = shapes.keras_transposed_size(20, 5, stride=2, padding="same")
    return (
        f"`output_shape` may be computed at run time: `tf.stack([tf.shape(x)[0], {size}, {size}, 32])` with the "
        "batch taken from the input. "
        f"Inside a graph the other sizes are then unknown too, so say `y.set_shape([None, {size}, {size}, 32])` "
        "before layers that need the number "
        "of channels, such as a batch normalisation. The Keras layer does all this by itself."
    )


@topic(
    "nothing-gets-larger",
    "Conv2DTranspose does not enlarge anything. How do I upsample?",
    words="does not upsample, same size out, output not bigger, dilation_rate does not enlarge, strides, double the "
    "size",
    asked="q096",
    links=[
        ruler(mode="transpose", size=8, kernel=3, stride=2, padding="same"),
        read("two-layers", "It does not always enlarge"),
    ],
)
def _() -> str:
    one = shapes.keras_transposed_size(8, 3, padding="same", dilation=2)
    two = shapes.keras_transposed_size(8, 3, padding="same", stride=2)
    return (
        f"`strides` does that: with `same` the output is input · stride, so 8 becomes {two} at stride 2 and stays "
        f"{one} at stride 1, whatever the dilation. "
        f"`dilation_rate` only spreads the kernel: 3 taps at dilation 2 span {shapes.effective_kernel(3, 2)} pixels. "
        "It is not `UpSampling2D` with a convolution, which repeats pixels where the strided layer inserts zeros."
    )


@topic(
    "seven-to-twenty-eight",
    "How do I get from 7 to 28?",
    words="7 to 28, 28 to 14 to 7, 28 14 7 14 28, mnist autoencoder decoder, mnist gan, which stride and kernel, "
    "autoencoder sizes",
    links=[
        solver(preset="seven-to-28"),
        ruler(mode="transpose", size=7, kernel=4, stride=4, padding="same"),
        ruler(
            "Open the encoder, layer by layer",
            mode="stack",
            size=28,
            layers=[{"kernel": 3, "stride": 2, "padding": "same"}] * 2,
        ),
        read("decoders", "From 7 to 28"),
    ],
)
def _() -> str:
    down = [28, 28, 28]
    up = shapes.keras_transposed_size
    for i in (1, 2):
        down[i] = shapes.conv_size(down[i - 1], 3, stride=2, padding="same")
    first, direct = up(7, 3, stride=2, padding="same"), up(7, 3, stride=4, padding="same")
    return (
        f"With `same`, two layers of stride 2 go {down[0]} → {down[1]} → {down[2]} as convolutions and 7 → {first} "
        f"→ {up(first, 3, stride=2, padding='same')} as "
        f"transposed ones, whatever the kernel. One layer of stride 4 goes 7 → {direct} at once. Kernel 4 at stride "
        "2 overlaps evenly; kernel 3 does not."
    )


@topic(
    "convolution-size",
    "Which size does an ordinary convolution give?",
    words="conv2d output size formula, output shape of conv2d, floor, (n + 2p - f) / s + 1, how is the output size "
    "computed",
    links=[ruler(mode="conv", size=28, kernel=5, stride=2), read("sizes", "Valid: count the windows")],
)
def _() -> str:
    valid, same = shapes.conv_size(28, 5, stride=2), shapes.conv_size(28, 5, stride=2, padding="same")
    padded = shapes.conv_size(28, 5, stride=2, padding=2)
    return (
        "Count where windows fit: floor((input + padding at both ends − kernel) / stride) + 1; a dilated kernel "
        "counts as "
        f"dilation · (kernel − 1) + 1. 28 with kernel 5 and stride 2 gives {valid}, with padding 2 gives {padded}. "
        f"`same` is simply input / stride, rounded up: {same}."
    )
