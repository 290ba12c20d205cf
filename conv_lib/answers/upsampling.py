"""Ways to upsample, and checkerboards."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, bench, explorer, listed, phases, read, row
from conv_lib.ops import (
    bilinear_kernel,
    conv1d_transpose,
    conv2d,
    conv2d_transpose,
    conv_transpose,
    depth_to_space,
    icnr,
    overlap_counts,
    phase_sums,
    pixel_shuffle,
    upsample_bilinear,
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
    words="checkerboard artifacts, checkerboard pattern, grid pattern in generated images, chessboard, how to "
    "avoid checkerboard, uneven overlap, grid artifacts, remove checkerboard artifacts of "
    "convtranspose2d, tonal artifacts in audio from transposed convolution, grid like pattern of a "
    "deconvolution layer",
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
    "bilinear, fcn bilinear, freeze weights, bilinear initialization of a transposed convolution",
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
    words="bilinear border difference, dark edges upsampling, edges 0.75, upsample bilinear vs conv transpose, "
    "bilinear transposed convolution differs from upsample at the edge",
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


@topic(
    "which-upsampling",
    "Upsampling with a convolution, or a transposed convolution: which is better?",
    words="which is better upsampling or transposed convolution, should the decoder use upsampling or conv "
    "transpose, nearest or bilinear or transposed, best way to upsample, resize convolution vs "
    "transposed convolution, nn.upsample vs convtranspose2d, which upsampling layer in unet, resize "
    "convolution instead of transposed convolution to avoid checkerboard artifacts, convolution or "
    "transposed convolution in the decoder of an autoencoder, f.interpolate vs conv transpose, learnable "
    "upsampling, upsample layer has weights or not",
    links=[bench(preset="upsample"), read("upsampling", "Which one?"), read("upsampling", "What each costs")],
)
def _() -> str:
    resize = shapes.layer_cost((3, 3), 1, 1, positions=(2, 2)).macs
    strided = shapes.layer_cost((4, 4), 1, 1).macs
    return (
        "Neither always. Resizing first draws no checkerboard on a flat area, but the convolution behind it works at "
        f"4 times as many places: {resize} products for each input pixel with kernel 3, where kernel 4 with stride 2 "
        f"takes {strided}. The transposed layer can learn more: every resize-convolution is one of its kernels, few "
        "of its kernels are a resize-convolution. No checkerboard from the first step on: resize. Few products: "
        "transposed, with a kernel that is a multiple of the stride. Only larger: interpolate, and learn nothing."
    )


@topic(
    "pixel-shuffle",
    "What is PixelShuffle (depth_to_space), next to a transposed convolution?",
    words="pixelshuffle, sub-pixel convolution, depth_to_space, espcn, pixel shuffle vs transposed convolution, super "
    "resolution upsampling layer, periodic shuffling",
    links=[bench(preset="upsample", first="shuffle", second="transposed4"), read("upsampling", "Pixel shuffle")],
)
def _() -> str:
    rng = np.random.default_rng(0)
    four, x = rng.integers(-3, 4, (3, 3, 1, 4)).astype(float), rng.integers(-3, 4, (1, 5, 6, 1)).astype(float)
    shuffled = depth_to_space(conv2d(x, four, padding="same"), 2)
    # Tap t of phase a meets input i + t - 1 on the way to output 2i + a: the large kernel's tap a + 4 - 2t.
    large = np.zeros((6, 6, 1, 1))
    for t, u, a, b in np.ndindex(3, 3, 2, 2):
        large[a + 4 - 2 * t, b + 4 - 2 * u, 0, 0] = four[t, u, 0, 2 * a + b]
    equal = np.array_equal(shuffled, conv2d_transpose(x, large, stride=2, padding=2))
    return (
        "A convolution makes 4 channels for each one wanted, and the shuffle lays them out as blocks of 2 × 2: "
        f"12 channels of 5 × 6 become {12 // 4} of {shuffled.shape[1]} × {shuffled.shape[2]}. It is a transposed layer "
        f"of stride 2 in another order: 3 × 3 weights for 4 channels are the {large.size} of one kernel of 6 × 6 "
        f"with padding 2, and the results are {'the same' if equal else 'not equal'}. So it can show checkerboards too."
    )


@topic(
    "shuffle-order",
    "depth_to_space and PixelShuffle give different images. Why?",
    words="depth_to_space vs pixel_shuffle, pixel shuffle channel order, dcr crd onnx depthtospace, space_to_depth vs "
    "pixel_unshuffle, pixelshuffle in keras, tensorflow pytorch pixel shuffle mismatch",
    links=[read("upsampling", "Pixel shuffle"), read("frameworks", "Names and layouts")],
)
def _() -> str:
    x = np.arange(8).reshape(1, 1, 1, 8)
    tf, torch = depth_to_space(x, 2)[0, :, :, 0], pixel_shuffle(x, 2)[0, :, :, 0]
    order = [int(v) for v in np.arange(8).reshape(2, 4).T.ravel()]
    moved = depth_to_space(x[..., order], 2)
    equal = "agree" if np.array_equal(moved, pixel_shuffle(x, 2)) else "(not equal)"
    return (
        "They read the channels in another order: TensorFlow keeps a pixel's channels together, PyTorch a channel's "
        f"pixels. With channels 0 to 7 and blocks of 2, the first output channel is {row(tf)} in TensorFlow and "
        f"{row(torch)} in PyTorch; with one channel out there is no difference. Take the channels in the order "
        f"{row(order)} before `depth_to_space`, and they {equal}. ONNX calls the two orders DCR and CRD."
    )


@topic(
    "shuffle-checkerboard",
    "PixelShuffle shows a checkerboard too. What is ICNR?",
    words="icnr initialization, pixelshuffle checkerboard artifacts, sub-pixel convolution artifacts, initialise pixel "
    "shuffle, checkerboard with pixel shuffle",
    links=[
        bench(preset="upsample-flat", first="shuffle", second="nearest"),
        read("upsampling", "Start as an interpolation"),
    ],
)
def _() -> str:
    ones, four = np.ones((1, 1, 1, 1)), np.array([1.0, 2, 3, 4]).reshape(1, 1, 1, 4)
    before = depth_to_space(conv2d(ones, four), 2)[0, :, :, 0]
    after = depth_to_space(conv2d(ones, icnr(four[..., :1], 2)), 2)[0, :, :, 0]
    return (
        "The four channels of a block start with different weights, so a flat image is not flat afterwards: weights 1, "
        f"2, 3 and 4 make {row(before)} of a single 1. ICNR starts all four with the same kernel, {row(after)}: the "
        "layer then begins as a convolution and a nearest upsampling. Training may still pull them apart."
    )


@topic(
    "checkerboard-from-strides",
    "No transposed layer, yet a checkerboard. Where does it come from?",
    words="checkerboard with resize convolution, checkerboard in the gradient, strided convolution in "
    "discriminator artifacts, grid pattern without deconvolution, perceptual loss pattern, deepdream "
    "grid, max pooling gradient pattern",
    links=[
        read("checkerboards", "Gradients have it too"),
        phases(kernel=[1, 1, 1], stride=2, width=6),
    ],
)
def _() -> str:
    three, four = (inside(overlap_counts(12, k, stride=2), 2) for k in (3, 4))
    return (
        "Often from the gradient of a strided convolution, in a discriminator or in the network behind a perceptual "
        "loss: that gradient is a transposed convolution. With kernel 3 and stride 2, pixels are read by "
        f"{listed(three, 'and')} windows in turn, and get as much more gradient; with kernel 4 by "
        f"{listed(four, 'and')}. Another place to look: a pixel shuffle, or a resize by nearest and no convolution "
        "behind it."
    )


@topic(
    "bilinear-in-frameworks",
    "Bilinear upsampling differs between frameworks. What does align_corners do?",
    words="align_corners true or false, tf.image.resize vs f.interpolate, half_pixel_centers, upsampling2d bilinear "
    "pytorch, bilinear resize mismatch, resize_bilinear tf1, interpolate gives different values",
    links=[
        bench(preset="upsample-ramp", first="bilinear", second="corners"),
        read("upsampling", "Half-pixel centres, or corners?"),
    ],
)
def _() -> str:
    x = np.array([1.0, 2, 3]).reshape(1, 1, 3, 1)
    centres = upsample_bilinear(x, (1, 2))[0, 0, :, 0]
    corners = upsample_bilinear(x, size=(1, 6), align_corners=True)[0, 0, :, 0].round(9)
    old = np.interp(np.arange(6) / 2, np.arange(3), x.ravel())
    return (
        f"There are three rules. Doubling [1, 2, 3] with half-pixel centres gives {row(centres)}: `tf.image.resize`, "
        "Keras' `UpSampling2D(interpolation='bilinear')`, PyTorch with `align_corners=False`. With the corner pixels "
        f"in place it is {row(corners)}: PyTorch with `align_corners=True`. TensorFlow 1's `resize_bilinear` did "
        f"{row(old)}, which leans to one side."
    )


@topic(
    "unpooling-or-transpose",
    "Is max unpooling the same as a transposed convolution?",
    words="max unpooling vs transposed convolution, unpooling deconvolution difference, maxunpool2d vs "
    "convtranspose2d, segnet unpooling, switches argmax indices, what is unpooling",
    links=[
        explorer(mode="transpose", input=[[3, 2]], kernel=[[1, 0]], stride=2),
        read("zero-insertion", "What it is not"),
    ],
)
def _() -> str:
    x = np.array([1.0, 3, 2, 0]).reshape(2, 2)
    best, unpooled = x.argmax(1), np.zeros((2, 2))
    unpooled[np.arange(2), best] = x.max(1)
    stamped = conv1d_transpose(x.max(1)[:, None], np.array([1.0, 0]).reshape(2, 1, 1), stride=2)[:, 0]
    return (
        "No. Unpooling puts each value back where its maximum was, which the pooling has to remember, and has no "
        f"weights; the transposed layer puts a learned stamp at fixed places. {row(x.ravel())} pooled by 2 is "
        f"{row(x.max(1))}; unpooled {row(unpooled.ravel())}, but with stride 2 and kernel [1, 0] {row(stamped)}."
    )
