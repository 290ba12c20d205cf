"""How large the output is."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, explorer, listed, read, row, ruler, solver
from conv_lib.ops import conv1d_transpose

topic = Topic("sizes", "Output sizes")


@topic(
    "size-by-hand",
    "How do I work out the size of a transposed convolution by hand?",
    words="formula, calculate output shape, output dimensions, height and width, conv2d_transpose output size, "
    "side length, input 3 stride 2 padding 1 kernel 2, output length of convtranspose1d",
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
    words="one pixel short, off by one, 31 instead of 32, one row missing, convtranspose3d, output one smaller "
    "than expected, conv transpose does not double, one less, 63 instead of 64, 127 instead of 128, 15 "
    "instead of 16, 255 instead of 256, not exactly doubled",
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


@topic(
    "exact-multiple",
    "Which kernel, stride and padding give exactly 2, 3 or 4 times the input?",
    words="exactly double the size, upsample by exactly 2, kernel and padding for x2 x3 x4, triple the size, "
    "upscale by 4 with one layer, output exactly stride times input, kernel minus stride rule, 512 and "
    "not 513 or 511, integer multiple of the input, 8x8 to 32x32 with one transposed layer",
    links=[
        solver(size=(10, 10), wanted=(30, 30), framework="torch"),
        ruler(mode="transpose", size=10, kernel=5, stride=3, padding=1),
        read("output-size", "By hand, with padding in pixels"),
    ],
)
def _() -> str:
    def reached(*settings: tuple[int, int, int]) -> str:
        sizes = {shapes.torch_transposed_size(10, k, stride=s, padding=p) for k, s, p in settings}
        return listed(sorted(sizes), "and")

    odd = shapes.torch_transposed_size(10, 3, stride=2, padding=1, output_padding=1)
    keras = shapes.keras_transposed_size(10, 5, stride=2, padding="same")
    return (
        "Those with kernel − stride = 2 · padding − `output_padding`. From 10: kernel 2, 4 with padding 1, 6 with "
        f"padding 2 double to {reached((2, 2, 0), (4, 2, 1), (6, 2, 2))}; kernel 3, 5 with padding 1 and stride 3 "
        f"give {reached((3, 3, 0), (5, 3, 1))}; kernel 4, 8 with padding 2 and stride 4 give "
        f"{reached((4, 4, 0), (8, 4, 2))}. An odd difference needs `output_padding=1`: kernel 3, stride 2, padding 1 "
        f"gives {odd} with it. In Keras `padding='same'` does it for every kernel, {keras} with kernel 5."
    )


@topic(
    "kernel-below-stride",
    "What if the kernel is smaller than the stride?",
    words="kernel size less than stride, kernel 1 stride 2, gaps in the output, every second pixel zero, "
    "stamps do not touch, kernel 2 stride 3, kernel_size smaller than stride in a transposed "
    "convolution, 1x1 convolution with stride 2, resnet downsample shortcut",
    links=[
        explorer(mode="transpose", input=[[1, 2, 3, 4]], kernel=[[1, 1]], stride=3),
        ruler(mode="transpose", size=4, kernel=2, stride=3),
    ],
)
def _() -> str:
    stamps = conv1d_transpose(np.array([[1.0], [2]]), np.ones((2, 1, 1)), stride=3)[:, 0]
    torch, keras = shapes.torch_transposed_size(4, 2, stride=3), shapes.keras_transposed_size(4, 2, stride=3)
    return (
        "The stamps do not touch, and the pixels between them hold nothing but the bias: [1, 2] with kernel [1, 1] "
        f"and stride 3 gives {row(stamps)} in Keras. Sizes differ too: from 4, PyTorch gives (4 − 1) · 3 + 2 = "
        f"{torch}, and Keras 4 · 3 = {keras}, with a gap at the end. A convolution with kernel 2 and stride 3 reads "
        "two of every three pixels and never sees the third."
    )


@topic(
    "one-axis-only",
    "How do I enlarge one axis only, or both by different factors?",
    words="stride (1 2), strides per axis, non-square stride, upsample only the width, upsample only height, "
    "rectangular kernel (3 5), output_padding tuple, different stride for height and width, rectangular "
    "input, conv2dtranspose strides=(1 2)",
    links=[
        ruler("Open the axis that doubles", mode="transpose", size=50, kernel=4, stride=2, padding=1),
        ruler("Open the axis that stays", mode="transpose", size=16, kernel=3, padding=1),
    ],
)
def _() -> str:
    size = shapes.torch_transposed_size
    high, wide = size(16, 3, padding=1), size(50, 4, stride=2, padding=1)
    first, second = size(50, 3, stride=2, padding=4), size(100, 5, padding=2)
    return (
        "Give pairs, height first; each axis follows the formula by itself. `kernel_size=(3, 4), stride=(1, 2), "
        f"padding=(1, 1)` takes 16 × 50 to {high} × {wide}; in Keras `strides=(1, 2), padding='same'` does. "
        "`output_padding` takes a pair as well, and must be 0 where the stride is 1. Kernel (3, 5), stride (2, 1) "
        f"and padding (4, 2) take 50 × 100 to {first} × {second}."
    )


@topic(
    "not-a-multiple",
    "Can I enlarge by 1.5, or to a size that is no multiple?",
    words="factor 1.5, fractional scale factor, non-integer upsampling, stride 1.5, upsample to an arbitrary size, 10 "
    "to 15, 64 to 100, resize to exact size",
    links=[
        solver(size=(10, 10), wanted=(15, 15)),
        ruler(mode="transpose", size=10, kernel=3, stride=3, padding="same"),
        read("upsampling", "Which one?"),
    ],
)
def _() -> str:
    two = shapes.transposed_sizes(10, 3, stride=2, padding="same")
    up = shapes.keras_transposed_size(10, 3, stride=3, padding="same")
    down = shapes.conv_size(up, 3, stride=2, padding="same")
    return (
        f"Not by a stride, which is a whole number: from 10, stride 2 with `same` reaches {listed(two)}. Enlarge by 3 "
        f"and halve with a strided convolution, {chain((10, up, down))}; or resize to the size that you want "
        "(`tf.image.resize`, `F.interpolate(size=...)`) and convolve after it; or take the next larger size and crop. "
        f"At stride 1 a kernel of 6 reaches {shapes.full_size(10, 6)} too, but it only spreads the pixels, it does "
        "not scale them."
    )


@topic(
    "fraction-is-floored",
    "The size formula gives 112.5. What does the layer do?",
    words="output size is not an integer, formula gives a fraction, decimal output size, does not divide "
    "evenly, floor or ceil, stride does not fit, leftover pixels, (224 - 7 + 6) / 2 + 1, (n + 2p - k) / "
    "s + 1 is not an integer",
    links=[
        ruler(mode="conv", size=224, kernel=7, stride=2, padding=3),
        read("sizes", "Valid: count the windows"),
    ],
)
def _() -> str:
    got = shapes.conv_size(224, 7, stride=2, padding=3)
    left = 224 + 2 * 3 - ((got - 1) * 2 + 7)
    return (
        f"It rounds down: a window that does not fit is left out. (224 + 2 · 3 − 7) / 2 + 1 = {(224 + 6 - 7) / 2 + 1} "
        f"gives {got}, and the last {left} of the padded pixels is never read. That is no error; but 223 gives "
        f"{shapes.conv_size(223, 7, stride=2, padding=3)} as well, so a decoder has to be told which of them to return "
        f"to. `same` rounds up: 225 with stride 2 gives {shapes.conv_size(225, 7, stride=2, padding='same')}."
    )


@topic(
    "same-but-smaller",
    "padding='same', but the output is smaller than the input. Why?",
    words="same padding halves the image, same padding not same size, padding same with stride 2, why use same "
    "padding with max pooling, maxpooling padding same, same does not keep the size, output not same "
    "size as input, same padding but the output is half the size",
    links=[
        ruler(mode="conv", size=7, kernel=2, stride=2, padding="same"),
        read("sizes", "Same, and its uneven pad"),
    ],
)
def _() -> str:
    size = shapes.conv_size
    with_, without = size(7, 2, stride=2, padding="same"), size(7, 2, stride=2)
    return (
        "`same` promises input / stride, rounded up, so it keeps the size at stride 1 only. 28 with stride 2 becomes "
        f"{size(28, 3, stride=2, padding='same')}. A pooling strides by its window unless told otherwise, so "
        "`MaxPooling2D(2, padding='same')` halves too. All that `same` adds is the last, partial window: 7 becomes "
        f"{with_} with it and {without} without."
    )


@topic(
    "ceil-mode",
    "Pooling gives 33 in one framework and 32 in the other",
    words="ceil_mode, caffe pooling rounds up, floor or ceil pooling, pooling output one larger, maxpool rounding, 55 "
    "or 56 pooling, caffe to pytorch pooling size, partial window",
    links=[
        ruler("Open it rounded down", mode="conv", size=112, kernel=3, stride=2),
        ruler("Open it rounded up", mode="conv", size=112, kernel=3, stride=2, padding="same"),
        read("sizes", "Predict any network"),
    ],
)
def _() -> str:
    def pooled(size: int, padding: int, ceil: bool) -> int:
        layer = shapes.Layer("pool", 3, stride=2, padding=padding, ceil_mode=ceil)
        return shapes.layer_size(layer, size, framework="torch")

    before, after = shapes.same_padding(112, 3, stride=2)
    return (
        "Caffe's pooling rounds up and keeps a last, partial window; PyTorch rounds down unless you say "
        "`ceil_mode=True`, and so does `valid` in Keras. Window 3, stride 2: 64 with padding 1 gives "
        f"{pooled(64, 1, False)} or {pooled(64, 1, True)}, 112 without padding gives {pooled(112, 0, False)} or "
        f"{pooled(112, 0, True)}. Keras' `same` takes 112 to {shapes.conv_size(112, 3, stride=2, padding='same')} "
        f"with {before} before and {after} after, which are the windows of `ceil_mode`."
    )


@topic(
    "variable-input-size",
    "Can one network take images of different sizes?",
    words="input shape (none none 3), variable input size, fully convolutional any size, different image sizes, train "
    "on 128 test on 512, flatten and dense need a fixed size, globalaveragepooling2d, shapes used to initialize "
    "variables must be fully-defined",
    links=[read("convolution", "Counting parameters"), read("decoders", "Sizes first")],
)
def _() -> str:
    layer = shapes.layer_cost((3, 3), 3, 16)
    return (
        "Its convolutions can, as their weights do not depend on the size: a 3 × 3 layer from 3 to 16 channels has "
        f"{layer.weights + layer.bias} parameters for any image, so write `Input((None, None, 3))`. A dense layer "
        f"after `Flatten` cannot: a map of 8 × 8 × 16 gives it {8 * 8 * 16:,} numbers, one of 9 × 9 × 16 "
        f"{9 * 9 * 16:,}. Put `GlobalAveragePooling2D` before it, or a convolution in its place. With skips, the size "
        "must still halve evenly."
    )


@topic(
    "keras-needs-no-output-shape",
    "tf.nn.conv2d_transpose wants an output_shape. Why does Keras need none?",
    words="keras conv2dtranspose output_shape argument, why does keras not require output_shape, deconv_output_length, "
    "how does keras compute the output shape, set output shape in keras",
    links=[
        ruler(mode="transpose", size=7, kernel=5, stride=2, padding="same"),
        read("output-size", "Which one Keras takes"),
        read("output-size", "Choosing in Keras: `output_padding`", "Read: choosing in Keras"),
    ],
)
def _() -> str:
    keras = shapes.keras_transposed_size
    same, valid = (keras(7, 5, stride=2, padding=p) for p in ("same", "valid"))
    legal = [shapes.transposed_sizes(7, 5, stride=2, padding=p) for p in ("same", "valid")]
    zero, one = (keras(7, 5, stride=2, padding="same", output_padding=o) for o in (0, 1))
    return (
        "Keras picks one of the legal sizes by a rule: input · stride for `same`, (input − 1) · stride + max(kernel, "
        f"stride) for `valid`. From 7 with kernel 5 and stride 2 that is {same} and {valid}. tf.nn leaves the choice "
        f"to you, {listed(legal[0])} and {listed(legal[1])}. In Keras `output_padding` chooses: with `same`, 0 gives "
        f"{zero} and 1 gives {one}."
    )
