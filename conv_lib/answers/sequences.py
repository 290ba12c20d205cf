"""One axis: audio and other sequences."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, explorer, read, row, ruler
from conv_lib.ops import conv1d, conv1d_transpose, conv2d_transpose

topic = Topic("sequences", "One axis or three: audio, volumes")


@topic(
    "causal-transpose",
    "Can a transposed convolution be causal?",
    words="causal transposed convolution, soundstream, audio decoder causal, no lookahead, streaming, trim the end, "
    "causal convtranspose1d",
    asked="q145",
    links=[
        explorer(mode="transpose", input=[[1, 2, 4, 8]], kernel=[[1, 1, 1, 1]], stride=2, padding=[[0, 0], [0, 2]]),
        read("zero-insertion", "Padding crops"),
    ],
)
def _() -> str:
    full = conv1d_transpose(np.array([[1.0], [2], [4], [8]]), np.ones((4, 1, 1)), stride=2)[:, 0]
    keep = 4 * 2
    return (
        "Yes: a stamp never reaches back, so output t depends on inputs up to t / stride only. Drop the last "
        f"kernel − stride samples, all of them at the end. Four ones at stride 2 on [1, 2, 4, 8] give {row(full)}; "
        f"keep the first {keep}, {row(full[:keep])}. "
        "Padding the input on the left, as a causal convolution does, is wrong here."
    )


@topic(
    "odd-strides",
    "An audio decoder is one sample short for odd strides",
    words="dac decoder length off by one, odd stride, kernel 2*stride padding ceil stride/2, 49 instead of 50, "
    "encodec, vocoder upsample length, descript audio codec",
    asked="q146",
    links=[ruler(mode="transpose", size=10, kernel=10, stride=5, padding=3, torch=[3, 1])],
)
def _() -> str:
    size = shapes.torch_transposed_size
    odd, fixed = (size(10, 10, stride=5, padding=3, output_padding=o) for o in (0, 1))
    even = size(10, 8, stride=4, padding=2)
    return (
        "Kernel 2s with padding s / 2 rounded up crops s samples for an even s, but s + 1 for an odd one. Stride "
        f"4: 10 becomes {even}, as it should; stride 5: (10 − 1) · 5 + 10 − 2 · 3 = {odd}. "
        f"`output_padding=1` brings back the last: {fixed}."
    )


@topic(
    "causal-padding",
    "What does padding='causal' do, and how do I do it in PyTorch?",
    words="causal padding conv1d, dilated causal convolution, no leakage from the future, left padding only, "
    "causal conv1d pytorch, causal convolution padding size",
    links=[
        ruler(mode="conv", size=10, kernel=3, dilation=4, padding=[8, 0]),
        read("sizes", "Padding"),
    ],
)
def _() -> str:
    y = conv1d(np.arange(1.0, 5)[:, None], np.array([1.0, 10, 100]).reshape(3, 1, 1), padding=((2, 0),))[:, 0]
    far = shapes.effective_kernel(3, 4) - 1
    size = shapes.conv_size(10, 3, dilation=4, padding=(far, 0))
    return (
        "It puts all of the padding before the sequence, dilation · (kernel − 1) zeros, so the length stays and "
        f"output t sees inputs up to t only. Kernel 3 takes 2 zeros: [1, 2, 3, 4] with [1, 10, 100] gives {row(y)}. "
        f"With dilation 4 it takes {far}, and 10 stays {size}. In PyTorch: `F.pad(x, ({far}, 0))`, then a convolution "
        "without padding; padding both sides and cutting off the end does the same."
    )


@topic(
    "hop-size",
    "Which transposed layers match a hop of 256 or 300 samples?",
    words="hop_length 256 upsampling, vocoder upsample rates, upsample mel spectrogram to audio, hifi-gan "
    "upsample_rates kernel sizes, convtranspose1d match hop size, audio length differs from frames times "
    "hop",
    links=[
        ruler(mode="transpose", size=100, kernel=16, stride=8, padding=4),
        ruler("Open the odd stride", mode="transpose", size=20, kernel=30, stride=15, padding=8, torch=[8, 1]),
    ],
)
def _() -> str:
    sizes = [100]
    for stride in (8, 8, 2, 2):
        sizes.append(shapes.torch_transposed_size(sizes[-1], 2 * stride, stride=stride, padding=stride // 2))
    odd = shapes.torch_transposed_size(100, 30, stride=15, padding=8, output_padding=1)
    both = shapes.torch_transposed_size(odd, 40, stride=20, padding=10)
    return (
        "Those whose strides multiply to the hop: 256 = 8 · 8 · 2 · 2, 300 = 15 · 20. An even stride s with kernel "
        f"2s and padding s / 2 gives exactly s times the length: {chain(sizes)} samples for 100 frames. An odd one "
        f"needs padding (s + 1) / 2 and `output_padding=1`: kernel 30, stride 15, padding 8 takes 100 to {odd:,}, and "
        f"kernel 40, stride 20, padding 10 takes that to {both:,}."
    )


@topic(
    "one-axis-by-two",
    "How do I get a one-dimensional transposed convolution out of Conv2DTranspose?",
    words="conv1dtranspose from conv2dtranspose, 1d deconvolution keras, conv1d transpose old keras, "
    "expand_dims conv2dtranspose, 1d upsampling with conv2dtranspose kernel (1 k), conv1d transpose "
    "using conv2d transpose",
    links=[
        explorer(mode="transpose", input=[[1, 2, 3]], kernel=[[1, 10]], stride=2),
        read("zero-insertion", "The first picture: stamps"),
    ],
)
def _() -> str:
    x, w = np.array([1.0, 2, 3]), np.array([1.0, 10])
    one = conv1d_transpose(x[:, None], w.reshape(2, 1, 1), stride=2)[:, 0]
    two = conv2d_transpose(x.reshape(1, 1, 3, 1), w.reshape(1, 2, 1, 1), stride=(1, 2))[0, 0, :, 0]
    equal = "the same" if np.array_equal(one, two) else "not equal"
    return (
        "Give the sequence a height of one: (batch, steps, channels) becomes (batch, 1, steps, channels), with "
        "kernel (1, k) and strides (1, s); take the axis off afterwards. [1, 2, 3] with kernel [1, 10] and stride 2 "
        f"gives {row(one)} either way, {equal} numbers. Today's Keras has `Conv1DTranspose`, PyTorch "
        "`ConvTranspose1d`."
    )


@topic(
    "conv-one-two-three",
    "Conv1D, Conv2D or Conv3D: which one, and which shape does it take?",
    words="difference between conv1d conv2d conv3d, conv1d input shape, conv3d input shape 5d, which "
    "convolution for time series, video conv3d, expected 5-dimensional input, kernel shape must have the "
    "same length as input, volumetric mri, conv3d needs 5-d input but it is 4-d",
    links=[read("convolution", "Why the kernel has four axes"), read("convolution", "Counting parameters")],
)
def _() -> str:
    one, two, three = (shapes.layer_cost((3,) * rank, 16, 32).weights for rank in (1, 2, 3))
    return (
        "By the axes along which the kernel slides; batch and channels do not count. Sequences: Conv1D, (batch, "
        "steps, channels). Images: Conv2D, (batch, height, width, channels). Volumes and films: Conv3D, (batch, "
        f"depth, height, width, channels). Kernel 3 from 16 to 32 channels has {one:,}, {two:,} and {three:,} "
        "weights. PyTorch puts the channels second in all of them, (batch, channels, steps); along each axis the "
        "sizes follow the same formula."
    )


@topic(
    "depth-of-a-volume",
    "A 3-D U-Net fails because of the depth: 18 slices",
    words="3d unet size mismatch depth, number of slices divisible by 8, conv3d skip connection mismatch, anisotropic "
    "pooling (1 2 2), odd number of slices, maxpool3d depth too small, volume depth padding",
    links=[
        ruler(mode="stack", size=18, layers=[{"kernel": 2, "stride": 2}] * 3),
        read("decoders", "Sizes first"),
    ],
)
def _() -> str:
    sizes = [18]
    for _ in range(3):
        sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    return (
        f"Depth halves like the other axes: {chain(sizes)}, and on the way up 2 · {2 * sizes[3]} = {4 * sizes[3]} "
        f"meets a skip of {sizes[1]}. Three halvings need a multiple of 8: pad to {-(-18 // 8) * 8} slices and cut "
        f"the result, or take {18 // 8 * 8}. Or halve the depth less often: pooling and strides of (1, 2, 2) leave it "
        "at 18, in `MaxPooling3D` as in `Conv3DTranspose`."
    )
