"""What the two layers are."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, matrix, read, row
from conv_lib.ops import conv1d, conv1d_transpose, conv2d_transpose, conv_matrix, flip_kernel

topic = Topic("concepts", "What the layers do")


def line(values) -> np.ndarray:
    """A sequence with one channel."""
    return np.asarray(values, float)[:, None]


@topic(
    "conv-or-transpose",
    "What is the difference between Conv2D and Conv2DTranspose?",
    words="conv2d vs conv2dtranspose, 3x3 to 2x2 or 4x4, functional difference, gather scatter, when to use "
    "conv2dtranspose",
    asked="q001",
    links=[explorer(mode="transpose", input=[[1, 1], [1, 1]], kernel=[[1, 1], [1, 1]]), read("two-layers", "Scatter")],
)
def _() -> str:
    valid, full = shapes.conv_size(3, 2), shapes.full_size(3, 2)
    ones = conv2d_transpose(np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)))[0, :, :, 0]
    return (
        "`Conv2D` gathers: each output is a weighted sum of one window, so a 3 × 3 image and a 2 × 2 kernel give 3 "
        f"− 2 + 1 = {valid}. `Conv2DTranspose` scatters: each input stamps the kernel, and overlaps add, "
        f"so the size is (3 − 1) · 1 + 2 = {full}. With ones, 2 × 2 and 2 × 2 give {row(ones)}. The same "
        "connections, the other way round; the weights are learned separately, and nothing is inverted."
    )


@topic(
    "what-does-it-compute",
    "“The transpose (gradient) of conv2d”: what does tf.nn.conv2d_transpose compute?",
    words="deconvolution meaning, transpose of conv2d, gradient of conv2d, what is transposed convolution, not an "
    "actual deconvolution, fractionally strided, why use transposed convolution",
    asked="q002",
    links=[
        matrix(x=[[1, 2, 0, 3]], y=[[1, 2, 4]], kernel=[[1, 10]], transposed=True, tab="adjoint"),
        read("gradient", "Three ways to the same numbers"),
    ],
)
def _() -> str:
    weights = np.array([1.0, 10]).reshape(2, 1, 1)
    stamps = conv1d_transpose(line([1, 2, 4]), weights, stride=2)[:, 0]
    matrix_ = conv_matrix((len(stamps), 1), weights, stride=2)
    wide, high = matrix_.shape[1], matrix_.shape[0]
    return (
        "Write the convolution, large image to small, as a matrix A; the transposed layer multiplies by Aᵀ. In "
        "pictures: each input stamps the kernel, `stride` pixels apart, and the padding is cropped. "
        f"[1, 2, 4] with kernel [1, 10] and stride 2 gives {row(stamps)}; A is {high} × {wide}. It is exactly the "
        "backward pass of `conv2d` for its input, and serves as an upsampling that is learned."
    )


@topic(
    "image-does-not-come-back",
    "conv2d, then conv2d_transpose with the same weights, gives another image. What is wrong?",
    words="does not recover image, reconstruct input, deconvolution inverse, is it the inverse, undo "
    "convolution, random weights different image, invert, is transposed convolution the inverse of "
    "convolution",
    asked="q091",
    links=[matrix(x=[[1, 2, 3]], y=[[1, 1]], kernel=[[1, 1]], tab="back"), read("gradient", "Not an inverse")],
)
def _() -> str:
    kernel = np.ones((2, 1, 1))
    there = conv1d(line([1, 2, 3]), kernel)
    back = conv1d_transpose(there, kernel)
    return (
        "Nothing in the code; the expectation is. The transposed layer multiplies by Aᵀ, and Aᵀ A is not the "
        "identity. "
        f"The smallest case: [1, 2, 3] with kernel [1, 1] gives {row(there[:, 0])}, and back {row(back[:, 0])}. The "
        "shape comes back, the values do not."
    )


@topic(
    "one-number-left",
    "Can the transposed layer undo a 3 × 3 convolution on a 3 × 3 image?",
    words="undo conv2d, nine numbers to one, rank 1, recover original 3x3, convtranspose2d with conv weights, "
    "information lost",
    asked="q092",
    links=[
        matrix(x=[[1, 2, 0], [3, 1, 0], [0, 1, 2]], y=[[1]], kernel=[[1, 0, -1], [2, 1, 0], [0, -1, 1]], tab="back"),
        read("gradient", "Not an inverse"),
    ],
)
def _() -> str:
    a = np.asarray(conv_matrix((3, 3, 1), np.arange(1.0, 10).reshape(3, 3, 1, 1)))
    rank = int(np.linalg.matrix_rank(a))
    return (
        f"No, and nothing can: {a.shape[1]} numbers became {a.shape[0]}, a matrix of rank {rank}. The transposed "
        "layer returns that one number times the kernel, always the same pattern, whatever the image was."
    )


@topic(
    "which-map-is-the-input",
    "In the well-known animations, which map is the input and which the output?",
    words="convolution gif, conv_arithmetic animations, blue and green map, vdumoulin, white cells dashed, "
    "animation confusing",
    asked="q095",
    links=[
        read("zero-insertion", "With stride 1 it is a convolution"),
        explorer(mode="transpose", picture="gather", input=[[1, 2], [3, 4]], kernel=[[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
    ],
)
def _() -> str:
    forward = shapes.padding_pair(4, 3, padding=0)[0]
    pad = 3 - 1 - forward
    sizes = shapes.full_size(2, 3), shapes.conv_size(2, 3, padding=pad)
    return (
        "Blue, below, is the input and the green map above it the output, in all of them; white cells are padding "
        "or inserted zeros. The two kinds look alike because at stride 1 a transposed convolution "
        f"is a convolution with padding kernel − 1 − p and the kernel turned round. For p = {forward} and kernel 3 "
        f"that is padding {pad}: 2 becomes {sizes[0]} either way ({sizes[1]})."
    )


@topic(
    "why-rotate",
    "Why is the kernel rotated by 180 degrees in the gradient?",
    words="rotate weights 180 degrees, flip kernel backpropagation, backward pass convolution, gradient with "
    "respect to input, rot180",
    asked="q114",
    links=[
        matrix(x=[[1, 2, 0, 3]], kernel=[[1, 2, 3]], tab="adjoint"),
        read("gradient", "Where the 180 degrees come from"),
    ],
)
def _() -> str:
    w, g = np.array([1.0, 2, 3]), np.array([1.0, 10])
    full = conv1d_transpose(line(g), w.reshape(3, 1, 1))[:, 0]
    return (
        "The layer computes y[i] = Σ x[i + j] w[j], so x[n] reached y[n − j], and its gradient is Σ g[n − j] w[j]. "
        "The index runs backwards: that is sliding the turned kernel over the gradient, with padding kernel − 1. "
        f"For w = [1, 2, 3] and g = [1, 10] the sum is {row(full)}, the same as stamping w unturned. It is only "
        "bookkeeping for Aᵀ g."
    )


@topic(
    "step-by-step",
    "How does a transposed convolution with stride 2 compute its numbers, step by step?",
    words="transposed convolution example by hand, numerical example, how does transposed convolution work, "
    "overlapping values are summed, calculate conv2dtranspose manually, worked example stride 2, 2x2 "
    "input 3x3 kernel",
    links=[
        explorer(mode="transpose", input=[[1, 2], [3, 4]], kernel=[[1, 2, 1], [2, 4, 2], [1, 2, 1]], stride=2),
        read("zero-insertion", "The first picture: stamps"),
    ],
)
def _() -> str:
    kernel = np.array([1.0, 10, 100]).reshape(3, 1, 1)
    first, second = (conv1d_transpose(line(x), kernel, stride=2)[:, 0] for x in ([1, 0], [0, 2]))
    both = conv1d_transpose(line([1, 2]), kernel, stride=2)[:, 0]
    image = conv2d_transpose(np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)), stride=2)[0, :, :, 0]
    return (
        "Each input stamps the kernel, times its value, `stride` pixels after the one before; where stamps overlap "
        f"they add up. [1, 2] with kernel [1, 10, 100] and stride 2: {row(first)} + {row(second)} = {row(both)}. "
        f"Padding 1 then crops it to {row(both[1:-1])}. An image does so along both axes: 2 × 2 with a 3 × 3 kernel "
        f"makes {image.shape[0]} × {image.shape[1]}, and in the middle {image[2, 2]:g} stamps meet."
    )


@topic(
    "many-names",
    "Deconvolution, transposed, fractionally strided, up-convolution: are they the same?",
    words="deconvolution vs transposed convolution, why is it called deconvolution, upconvolution, up-conv "
    "meaning, fractionally strided convolution meaning, stride 1/2, backwards strided convolution, is "
    "deconvolution the wrong name",
    links=[
        read("two-layers", '"Deconvolution" promises too much'),
        read("zero-insertion", 'What "fractional stride" means'),
    ],
)
def _() -> str:
    spread = np.zeros(3)
    spread[::2] = [1, 2]
    return (
        "All four mean this layer. “Transposed”, because it multiplies by the transpose of the convolution's matrix. "
        f"“Fractionally strided”, because with zeros between, [1, 2] becomes {row(spread)}, and a step of one pixel "
        f"there is a step of 1 / stride = {1 / 2} in the input. “Deconvolution” promises an inverse, which it is not: "
        "it restores the shape, not the values. “Up-convolution” is also said of an upsampling with a convolution "
        "behind it, so look at the code."
    )


@topic(
    "stride-one",
    "Is a Conv2DTranspose with stride 1 just a Conv2D?",
    words="conv2dtranspose stride 1 vs conv2d, transposed convolution with stride 1 same as convolution, "
    "conv2dtranspose strides=1 padding same, difference at stride 1, why use conv2dtranspose with stride "
    "1",
    links=[
        explorer(mode="transpose", input=[[1, 2, 3]], kernel=[[1, 10, 100]], padding="same"),
        read("zero-insertion", "With stride 1 it is a convolution"),
    ],
)
def _() -> str:
    kernel, x = np.array([1.0, 10, 100]).reshape(3, 1, 1), line([1, 2, 3])
    plain, transposed = conv1d(x, kernel, padding="same")[:, 0], conv1d_transpose(x, kernel, padding="same")[:, 0]
    turned = conv1d(x, flip_kernel(kernel, "WIO"), padding="same")[:, 0]
    equal = "the same as" if np.array_equal(turned, transposed) else "(not equal)"
    return (
        "Yes, with the kernel turned round, its two channel axes swapped, and kernel − 1 − p for the padding p. [1, "
        f"2, 3] with kernel [1, 10, 100] and `same`: {row(plain)} as a convolution, {row(transposed)} transposed, "
        f"{equal} a convolution with [100, 10, 1]. So learned from scratch it can do no more and no less, and it "
        f"enlarges only without padding: 3 becomes 3 + 3 − 1 = {shapes.full_size(3, 3)}."
    )


@topic(
    "np-convolve",
    "Is np.convolve a transposed convolution?",
    words="full convolution, scipy convolve mode full, numpy equivalent of transposed convolution, implement "
    "conv_transpose in numpy, np.correlate conv layer, full padding convolution",
    links=[
        explorer(mode="transpose", input=[[1, 2, 3]], kernel=[[1, 10]], stride=2),
        read("convolution", "Convolution or correlation?"),
    ],
)
def _() -> str:
    x, w = np.array([1.0, 2, 3]), np.array([1.0, 10])
    one, spread = np.convolve(x, w), np.convolve([1, 0, 2, 0, 3], w)
    ours = [conv1d_transpose(line(x), w.reshape(2, 1, 1), stride=s)[:, 0] for s in (1, 2)]
    equal = np.array_equal(ours[0], one) and np.array_equal(ours[1], spread)
    return (
        f"At stride 1, yes: `np.convolve([1, 2, 3], [1, 10])` is {row(one)}, and so is the layer without padding"
        f"{'' if equal else ' (not equal)'}; its size is n + k − 1 = {len(one)}. At stride 2 put the zeros in first: "
        f"`np.convolve([1, 0, 2, 0, 3], [1, 10])` is {row(spread)}. The plain layer is "
        f"`np.correlate(x, w, 'valid')`, here {row(np.correlate(x, w, 'valid'))}: it does not turn the kernel round."
    )
