"""Kernel layouts, and what is flipped."""

from __future__ import annotations

import numpy as np

from conv_lib.answers._entry import Topic, explorer, matrix, read, row
from conv_lib.ops import conv1d, conv2d, conv2d_transpose, conv_kernel_gradient, conv_matrix, flip_kernel, zero_insert

topic = Topic("kernels", "Kernel layout and flips")


@topic(
    "outputs-third",
    "conv2d_transpose wants its kernel as (height, width, out, in). Intended?",
    words="kernel shape transposed convolution, filter shape order, in out swapped, hwoi hwio, output channels "
    "third, filter layout, why is the filter 4-dimensional, four axes of the kernel",
    asked="q075",
    links=[read("convolution", "Why the kernel has four axes"), read("gradient", "Tied weights")],
)
def _() -> str:
    kernel = np.zeros((3, 3, 61, 63))
    out = conv2d_transpose(np.zeros((1, 2, 2, 63)), kernel).shape[-1]
    forward = conv2d(np.zeros((1, 4, 4, 61)), kernel).shape[-1]
    return (
        "Yes. It is the kernel of the convolution that is transposed, and what goes into that one comes out of this "
        "one. So the encoder's kernel serves a tied decoder as it is: "
        f"one of shape (3, 3, 61, 63) takes {forward} channels to {out} in `conv2d_transpose`, and 61 to {forward} "
        "in `conv2d`."
    )


@topic(
    "same-shape-other-values",
    "Two frameworks agree in shape but not in values. Are the channels swapped?",
    words="mkl-dnn onednn deconvolution mismatch, values differ shapes agree, io axes swapped, wrong results "
    "after conversion, input output channels equal, tflite transpose conv gives different result, "
    "converted layer wrong values",
    asked="q078",
    links=[read("frameworks", "Names and layouts")],
)
def _() -> str:
    rng = np.random.default_rng(0)
    kernel, x = rng.integers(1, 9, (3, 3, 2, 2)).astype(float), rng.integers(1, 9, (1, 4, 5, 2)).astype(float)
    right, wrong = conv2d_transpose(x, kernel), conv2d_transpose(x, kernel.swapaxes(2, 3))
    return (
        "Often. TensorFlow's transposed layer keeps (height, width, out, in); with as many channels in as out, a "
        "kernel whose last two axes are swapped runs without an error. With 2 and 2 channels, both give "
        f"{right.shape[1:]}{'' if right.shape == wrong.shape else ' (not equal)'}, "
        f"and {int((right != wrong).sum())} of {right.size} numbers differ. Swap the last two axes, and test with "
        "different numbers of channels, so that the mistake shows."
    )


@topic(
    "tied-weights",
    "How do I tie a decoder's weights to the encoder's?",
    words="tied weights convolutional autoencoder, share weights encoder decoder, transpose the kernel, weight "
    "tying keras, conv_transpose2d with conv.weight",
    asked="q079",
    links=[
        matrix(x=[[1, 2, 0, 3], [3, 1, 0, 2], [0, 1, 2, 1]], kernel=[[1, 2], [3, 4]], tab="adjoint"),
        read("gradient", "Tied weights"),
        read("decoders", "Tie the weights"),
    ],
)
def _() -> str:
    rng = np.random.default_rng(0)
    kernel = rng.integers(-3, 4, (3, 3, 2, 5)).astype(float)
    a, b = rng.integers(-3, 4, (1, 6, 7, 2)).astype(float), rng.integers(-3, 4, (1, 4, 5, 5)).astype(float)
    one, other = (conv2d(a, kernel) * b).sum(), (a * conv2d_transpose(b, kernel)).sum()
    return (
        "Permute nothing: pass the same array. Keras' `Conv2D` kernel (height, width, in, out) already has the "
        "layout that `Conv2DTranspose` wants, and PyTorch takes `F.conv_transpose2d(y, conv.weight, stride=..., "
        "padding=...)`. "
        "Biases stay separate. The sign of success is the adjoint test, Σ conv(a) · b = Σ a · transpose(b): here "
        f"{one:g} = {other:g}. It is Aᵀ, not the inverse."
    )


@topic(
    "scipy-disagrees",
    "scipy.signal.convolve2d and F.conv2d disagree on the same image. Why?",
    words="scipy convolve2d vs pytorch, convolution or correlation, cross-correlation, flip filter, numpy convolve "
    "differs from conv2d, true convolution",
    asked="q082",
    links=[
        explorer(mode="conv", input=[[1, 2, 0, 3, 1]] * 5, kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]], padding="same"),
        read("convolution", "Convolution or correlation?"),
    ],
)
def _() -> str:
    x = np.arange(1.0, 26).reshape(1, 5, 5, 1)
    kernel = np.arange(1.0, 10).reshape(3, 3, 1, 1)
    deep = conv2d(x, kernel, padding=1)[0, :, :, 0]
    signal = conv2d(x, flip_kernel(kernel, "HWIO"), padding=1)[0, :, :, 0]
    return (
        "What deep learning calls convolution is cross-correlation: the kernel is not turned round. Signal "
        "processing turns it by 180 degrees. Image 1 to 25, kernel 1 to 9: in the middle "
        f"{deep[2, 2]:g} in a network and {signal[2, 2]:g} in SciPy; at the top left {deep[0, 0]:g} and "
        f"{signal[0, 0]:g}. Flip the filter in both axes, or call `scipy.signal.correlate2d`, and they agree."
    )


@topic(
    "is-it-flipped",
    "Is the kernel of a transposed convolution flipped?",
    words="kernel flipped transposed convolution, rotated kernel, convolution arithmetic guide kernel, need to flip "
    "weights, double flipped",
    asked="q085",
    links=[
        explorer(mode="transpose", picture="gather", input=[[1, 0], [0, 0]], kernel=[[1, 2, 3], [4, 5, 6]]),
        read("zero-insertion", "Is the kernel flipped?"),
    ],
)
def _() -> str:
    kernel = np.array([[1.0, 2, 3], [4, 5, 6]]).reshape(2, 3, 1, 1)
    turned = flip_kernel(kernel, "HWIO")[:, :, 0, 0]
    stamp = conv2d_transpose(np.ones((1, 1, 1, 1)), kernel)[0, :, :, 0]
    return (
        f"Both views are right. Stamping uses the kernel as it is stored: a single 1 gives {row(stamp)}. Inserting "
        "zeros, padding and sliding as a convolution does gives the same only with the kernel turned round, "
        f"{row(turned)}. "
        "There is nothing to flip when weights are learned, or moved between TensorFlow, PyTorch and ONNX."
    )


@topic(
    "first-corner",
    "Matrix form says the corner is w00 · y00, the figure suggests w22 · y00. A mistake?",
    words="theano tutorial convolution arithmetic, w00 or w22, zero padded figure, top left weight, matrix form",
    asked="q086",
    links=[
        explorer(mode="transpose", picture="gather", input=[[1, 2], [3, 4]], kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        read("zero-insertion", "Is the kernel flipped?"),
    ],
)
def _() -> str:
    kernel = np.arange(9.0).reshape(3, 3) + 10
    y = np.array([[5.0, 1], [1, 1]])
    corner = conv2d_transpose(y[None, ..., None], kernel[..., None, None])[0, 0, 0, 0]
    which = next(f"w{i}{j}" for i in range(3) for j in range(3) if kernel[i, j] * y[0, 0] == corner)
    return (
        f"The answer is {which} · y00. The figure leaves out that the kernel slides turned round: its last weight "
        "is then the original w00, and that one lies on y00 in the corner. "
        f"With kernel 10 to 18 and y00 = 5 the corner is {kernel[0, 0]:g} · {y[0, 0]:g} = {corner:g}."
    )


@topic(
    "transpose-as-conv",
    "F.conv2d with w.transpose(0, 1) does not equal F.conv_transpose2d. What is missing?",
    words="conv_transpose2d as conv2d, transpose of conv2d, flip spatial dimensions, padding k-1-p, 5x5 padding 2, "
    "agree in shape not values, 1x1 kernels agree",
    asked="q087",
    links=[
        explorer(
            mode="transpose",
            picture="gather",
            input=[[1, 2, 3], [4, 5, 6]],
            kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
            padding=[[1, 1], [1, 1]],
        ),
        read("zero-insertion", "With stride 1 it is a convolution"),
    ],
)
def _() -> str:
    rng = np.random.default_rng(0)
    kernel, x = rng.normal(size=(5, 5, 32, 3)), rng.normal(size=(1, 8, 9, 3))
    want = conv2d_transpose(x, kernel, padding=2)
    pad = 5 - 1 - 2
    swapped = kernel.swapaxes(2, 3)
    without = np.abs(conv2d(x, swapped, padding=pad) - want).max()
    flipped = np.abs(conv2d(x, swapped[::-1, ::-1], padding=pad) - want).max()
    return (
        "The flip in space: `F.conv2d(x, w.transpose(0, 1).flip(2, 3), padding=k - 1 - p)`, here 5 − 1 − 2 = "
        f"{pad}. With it the two agree ({'largest difference below 1e-12' if flipped < 1e-12 else 'they do not'}), "
        f"without it only in shape ({'values differ' if without > 1 else 'values agree'}). A 1 × 1 kernel has "
        "nothing to flip. At a stride above 1, insert stride − 1 zeros between the inputs first."
    )


@topic(
    "kernel-gradient",
    "What is the gradient with respect to the kernel, and the backward pass of a transposed layer?",
    words="gradient of convolution with respect to weights, backpropagation through a conv layer, kernel "
    "gradient, dw of convolution, weight gradient stride 2, backward of conv_transpose2d, gradient of "
    "transposed convolution",
    links=[
        matrix(x=[[1, 2, 0, 3]], y=[[1, 10]], kernel=[[1, 2, 3]], tab="adjoint"),
        read("gradient", "Why the gradient is the transpose"),
    ],
)
def _() -> str:
    x, g = np.array([1.0, 2, 3, 4]).reshape(1, 4, 1), np.array([1.0, 10]).reshape(1, 2, 1)
    one = conv_kernel_gradient(x, g, (3,))[:, 0, 0]
    two = conv_kernel_gradient(x, g, (2,), stride=2)[:, 0, 0]
    back = conv1d(np.arange(1.0, 7)[:, None], np.array([1.0, 10]).reshape(2, 1, 1), stride=2)[:, 0]
    return (
        "Each weight adds up, over all outputs, the input that it met times the gradient there: the gradient slides "
        f"over the input. x = [1, 2, 3, 4] and g = [1, 10] give {row(one)} for a kernel of 3; with stride 2, g is "
        f"spread out first, and a kernel of 2 gets {row(two)}. The gradient for the input is a transposed "
        "convolution. That of a transposed layer is therefore a plain convolution with the same kernel, stride and "
        f"padding: 1 to 6 with [1, 10] and stride 2 give {row(back)}."
    )


@topic(
    "convolution-as-matrix",
    "How is a convolution written as a matrix?",
    words="toeplitz matrix convolution, doubly block circulant, convolution as matrix multiplication, sparse matrix C "
    "transpose, unroll a convolution into a matrix, 4x16 matrix, convolution matrix example",
    links=[
        matrix(x=[[1, 2, 0, 3], [3, 1, 0, 2], [0, 1, 2, 1], [1, 0, 1, 2]], kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        read("matrix", "Read it"),
    ],
)
def _() -> str:
    a = np.asarray(conv_matrix((4, 4, 1), np.arange(1.0, 10).reshape(3, 3, 1, 1)))
    return (
        f"One row for each output, one column for each input. A 4 × 4 image and a 3 × 3 kernel: {a.shape[1]} numbers "
        f"in, {a.shape[0]} out, a matrix of {a.shape[0]} × {a.shape[1]}. Each row holds the kernel's "
        f"{(a[0] != 0).sum()} weights where its window lies, so {(a != 0).sum()} of {a.size} places are filled. The "
        f"transposed layer multiplies by the transpose, {a.shape[1]} × {a.shape[0]}. It explains the layer; nobody "
        "computes it like that."
    )


@topic(
    "zeros-between",
    "Where does a transposed convolution insert zeros, and how many?",
    words="insert zeros between pixels, zero insertion count, stride minus 1 zeros, padding k-1-p of transposed "
    "convolution, emulate transposed convolution with convolution, lhs_dilation, dilate the input",
    links=[
        explorer(
            mode="transpose",
            picture="gather",
            input=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
            kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
            stride=2,
            padding=[[1, 1], [1, 1]],
        ),
        read("zero-insertion", "The second picture: zeros between"),
    ],
)
def _() -> str:
    between = zero_insert(np.ones((1, 3, 1)), (1, 2)).shape[1]
    pad = 3 - 1 - 1
    out = between + 2 * pad - 3 + 1
    return (
        "stride − 1 zeros between neighbours, and kernel − 1 − padding around; then the kernel, turned round, slides "
        f"with stride 1. From 3 with stride 2: {between} pixels; kernel 3 and padding 1 add {pad} at each end, "
        f"{between + 2 * pad}; sliding leaves {out}, as (3 − 1) · 2 − 2 + 3 = {(3 - 1) * 2 - 2 + 3} says. "
        f"`output_padding=1` adds one more zero at the end, {out + 1}. It is a picture: libraries do not multiply the "
        "zeros."
    )
