"""Ways to upsample, and checkerboards."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, listed, phases, read, row
from conv_lib.ops import (
    bilinear_kernel,
    conv2d_transpose,
    conv_transpose,
    overlap_counts,
    phase_sums,
    upsample_nearest,
    zero_insert,
)

topic = Topic("upsampling", "Upsampling and checkerboards")


def inside(counts: np.ndarray, stride: int) -> np.ndarray:
    """One period of counts away from the border."""
    start = (len(counts) // 2) // stride * stride
    return counts[(slice(start, start + stride),) * counts.ndim]


@topic(
    "upsample-then-conv",
    "Is UpSampling2D(2) and a Conv2DTranspose the same as one Conv2DTranspose with stride 2?",
    words="upsampling2d vs conv2dtranspose, upsample then convolve, resize convolution, nearest neighbour and conv, "
    "equivalent layers, un-max-pooling",
    asked="q005",
    links=[
        explorer(
            mode="transpose",
            picture="gather",
            input=[[1, 2], [3, 4]],
            kernel=[[1, 2, 1], [2, 4, 2], [1, 2, 1]],
            stride=2,
            padding="same",
        ),
        read("zero-insertion", "What it is not"),
        read("upsampling", "Why a box"),
    ],
)
def _() -> str:
    x = np.array([[1.0, 2], [3, 4]])[..., None]
    repeated, zeros = upsample_nearest(x, 2)[..., 0], zero_insert(x, 2)[..., 0]
    return (
        f"No. `UpSampling2D` repeats pixels, {row(repeated[0])} in the first row; the strided layer puts zeros "
        f"between them, {row(zeros[0])}; then both filter. With the same kernel the first "
        f"multiplies {2 * 2} times as often; the second overlaps unevenly when the stride does not divide the "
        "kernel. The zeros stand in fixed places, so this is not max-unpooling either, which needs to know where "
        "each maximum was."
    )


@topic(
    "why-checkerboards",
    "Why does my output show a checkerboard?",
    words="checkerboard artifacts, checkerboard pattern, grid pattern in generated images, chessboard, how to avoid "
    "checkerboard, uneven overlap, grid artifacts",
    links=[
        phases(kernel=[1, 1, 1], stride=2, width=6),
        read("checkerboards", "What helps"),
        read("upsampling", "Which one?"),
    ],
)
def _() -> str:
    three, four = phase_sums([1.0, 1, 1], 2), phase_sums([1.0, 1, 1, 1], 2)
    dirty, clean = phase_sums([1.0, 2, 3, 5], 2), phase_sums([0.5, 1, 0.5], 2)
    return (
        "With stride 2, even and odd outputs meet different weights of the kernel. Where the weights that they "
        f"meet add up differently, a flat image becomes striped: three ones give {row(three)} in turn, four give "
        f"{row(four)}. "
        "A kernel that the stride divides helps at the start, but the sums decide: [1, 2, 3, 5] gives "
        f"{row(dirty)}, [0.5, 1, 0.5] gives {row(clean)}. Upsampling with a fixed filter and convolving afterwards "
        "avoids it."
    )


@topic(
    "pix2pix-overlap",
    "Kernel 3, stride 2: are some output pixels covered by one input only?",
    words="pix2pixhd convtranspose2d, overlap count, uneven overlap kernel 3 stride 2, coverage, k4 s2 instead of "
    "k3, how many inputs reach a pixel",
    asked="q097",
    links=[
        phases(kernel=[[1, 1, 1]] * 3, stride=2, height=4, width=5),
        explorer(mode="transpose", input=[[1] * 4] * 3, kernel=[[1] * 3] * 3, stride=2),
    ],
)
def _() -> str:
    def covered(kernel: int) -> list[int]:
        return sorted(np.unique(inside(overlap_counts((12, 12), kernel, stride=2), 2)))

    line = inside(overlap_counts(12, 3, stride=2), 2)
    return (
        f"Yes. Along one axis {listed(line, 'and')} inputs reach the outputs in turn (away from the border), in an "
        f"image {listed(covered(3), 'and')}. Kernel 4 covers each pixel {covered(4)[0]} times, kernel 2 once, "
        "kernel 6 "
        f"{covered(6)[0]} times. Uneven coverage makes the pattern what an untrained layer does; weights can learn "
        "to cancel it, but it often shows."
    )


@topic(
    "bilinear-weights",
    "I want bilinear upsampling only. Why does the layer want weights, and what if they train?",
    words="bilinear upsampling with deconvolution, mxnet upsampling weights, fixed bilinear kernel, initialise "
    "bilinear, fcn bilinear, freeze weights",
    asked="q101",
    links=[
        phases(kernel=[0.25, 0.75, 0.75, 0.25], stride=2, width=6, padding="same"),
        read("checkerboards", "At the border"),
        read("upsampling", "Start as an interpolation"),
    ],
)
def _() -> str:
    taps = bilinear_kernel((2,))[:, 0, 0]
    return (
        "Because it is a transposed convolution on each channel alone, with stride f and a kernel of 2f − f mod 2: "
        f"for factor 2, {len(taps)} weights {row(taps)} along each axis. "
        "Freeze them and it interpolates; let them train and it is an ordinary transposed layer that starts as an "
        "interpolation."
    )


@topic(
    "bilinear-sums",
    "Bilinear kernels add up to 4, 16, 64. Do they amplify?",
    words="bilinear deconv kernel sum, kernel sums to 4, gain of upsampling kernel, amplifies features, sum of "
    "weights x2 x4 x8, dla",
    asked="q103",
    links=[
        phases(kernel=[0.25, 0.75, 0.75, 0.25], stride=2, width=6, padding="same"),
        read("checkerboards", "Add up the phases"),
    ],
)
def _() -> str:
    sums = [bilinear_kernel(f)[:, :, 0, 0].sum() for f in (2, 4, 8)]
    each = {
        f"{value:g}" for f in (2, 4, 8) for value in phase_sums(bilinear_kernel(f)[:, :, 0, 0], f).ravel().round(12)
    }
    return (
        f"No. For factors 2, 4 and 8 the sums are {listed((f'{s:g}' for s in sums), 'and')}, but each output meets "
        "only every f-th weight along each axis. The kernel falls into f · f phases, and each of them adds up to "
        f"{listed(sorted(each))}: the gain away from the border."
    )


@topic(
    "bilinear-border",
    "A bilinear transposed convolution and nn.Upsample(bilinear) differ. Why?",
    words="bilinear border difference, align_corners, dark edges upsampling, edges 0.75, upsample bilinear vs conv "
    "transpose, half pixel",
    asked="q104",
    links=[
        phases(kernel=bilinear_kernel(2)[:, :, 0, 0].tolist(), stride=2, height=3, width=4, padding="same"),
        read("checkerboards", "At the border"),
        read("upsampling", "Half-pixel centres, or corners?"),
    ],
)
def _() -> str:
    y = conv2d_transpose(np.ones((1, 4, 5, 1)), bilinear_kernel(2), stride=2, padding="same")[0, :, :, 0]
    return (
        "At the border. Inside, they agree with `align_corners=False`. Outside the image the transposed layer "
        f"finds zeros: a constant 1 becomes {y[0, 3]:g} at the edges and {y[0, 0]:g} at the corners, and stays "
        f"{y[3, 3]:g} inside. "
        "`Upsample` repeats the edge and gives 1 everywhere."
    )


@topic(
    "circular-transpose",
    "ConvTranspose2d has only zero padding; I need circular boundaries",
    words="padding_mode circular, periodic boundary transposed convolution, wrap around, lattice, torus, only zeros "
    "padding mode is supported",
    asked="q106",
    links=[read("zero-insertion", "Padding crops")],
)
def _() -> str:
    n, k, s, p, a = 6, 3, 2, 1, 2
    least = -(-(k - 1) // s)
    x, w = np.arange(1.0, n + 1), np.array([1.0, 10, 100])
    wide = np.concatenate([x[-a:], x, x[:a]])
    got = conv_transpose(wide[:, None], w.reshape(k, 1, 1), stride=s)[a * s + p : a * s + p + s * n, 0]
    round_ = np.zeros(s * n)
    for i in range(n):
        for j in range(k):
            round_[(i * s + j - p) % (s * n)] += x[i] * w[j]
    equal = "exactly equal" if np.array_equal(got, round_) else "not equal"
    return (
        "Wrap the small input: pad it circularly by a pixels, at least (kernel − 1) / stride rounded up, run the "
        f"layer with `padding=0`, and keep stride · n outputs from a · stride + p on. For n = {n}, kernel {k}, "
        f"stride {s}, p = {p} one pixel is enough (a ≥ {least}); "
        f"with a = {a}, keep {s * n} from {a * s + p} on. That is {equal} to stamps that run round the ends."
    )


@topic(
    "resize-cost",
    "Could upsampling and a convolution be as cheap as one strided layer?",
    words="upsample conv cost, resize convolution slower, 4x more operations, fused upsample convolution, flops of "
    "conv2d_transpose, faster upsampling",
    asked="q125",
    links=[read("speed", "Transposed: do not multiply the zeros"), read("upsampling", "What each costs")],
)
def _() -> str:
    plain = shapes.layer_cost((3, 3), 1, 1, positions=(2, 2)).macs
    strided = shapes.layer_cost((3, 3), 1, 1).macs
    fused = shapes.layer_cost((3 + 2 - 1,) * 2, 1, 1).macs
    return (
        f"Written naively it costs {plain // strided} times as much at factor 2: k · k products at each of the "
        f"enlarged places, {plain} instead of {strided} for each input pixel with kernel 3. But the repeated pixels "
        "let the four phases shrink to 2 × 2 weights each, "
        f"which is one kernel of {3 + 2 - 1} with stride 2: {fused} instead of {plain}, {plain / fused:g} times "
        "less, and the same result."
    )
