"""Why it is as slow as it is."""

from __future__ import annotations

from itertools import pairwise

from conv_lib import shapes
from conv_lib.answers._entry import Topic, message, read

topic = Topic("speed", "Speed")

# VGG16: channels of the 13 convolutions, grouped by image size.
VGG16 = [
    (224, [3, 64, 64]),
    (112, [64, 128, 128]),
    (56, [128, 256, 256, 256]),
    (28, [256, 512, 512, 512]),
    (14, [512] * 4),
]


def vgg_macs(separable: bool) -> int:
    """Multiply-accumulates of VGG16's convolutions on 224 × 224."""
    total = 0
    for size, channels in VGG16:
        places = (size, size)
        for before, after in pairwise(channels):
            if separable:
                total += shapes.layer_cost((3, 3), before, before, positions=places, groups=before).macs
                total += shapes.layer_cost((1, 1), before, after, positions=places).macs
            else:
                total += shapes.layer_cost((3, 3), before, after, positions=places).macs
    return total


@topic(
    "transpose-slower",
    "A transposed convolution takes 4 to 5 times as long as a convolution with equal work. Why?",
    words="transposed convolution slow, jax flax conv_transpose slow gpu, same flops different time, winograd, "
    "implicit gemm, lax conv_transpose",
    asked="q128",
    links=[read("speed", "Equal operations, unequal time")],
)
def _() -> str:
    gather = shapes.layer_cost((3, 3), 8, 16, positions=(32, 32)).macs
    scatter = shapes.layer_cost((3, 3), 16, 8, positions=(32, 32)).macs
    return (
        f"Equal counts ({gather:,} products for a layer and {scatter:,} for its transpose, say) do not mean the "
        "same program. The library chooses an algorithm for each call; in the public report cuDNN took Winograd "
        "for the 3-D convolution and implicit GEMM for its transpose, "
        "while in 2-D the two were almost equal (0.18 and 0.19 s). Time your own sizes, and try to let the library "
        "search."
    )


@topic(
    "separable-not-faster",
    "A depthwise separable VGG16 needs 8.6 times fewer operations but is hardly faster. Why?",
    words="depthwise separable slow gpu, fewer flops not faster, mobilenet slow, memory bandwidth, depthwise "
    "convolution performance",
    asked="q129",
    links=[read("speed", "Depthwise: few operations, nearly as many bytes")],
)
def _() -> str:
    plain, separable = vgg_macs(False), vgg_macs(True)
    share = 1 / 512 + 1 / 3**2
    return (
        f"VGG16's convolutions take {plain / 1e6:,.2f} million multiply-adds, separable ones {separable / 1e6:,.2f} "
        f"million, {plain / separable:.1f} times fewer (1/N + 1/k²: {share:.3f} for N = 512, k = 3). "
        f"But the depthwise part does only about k · k = {3 * 3} of them for each value that it loads, so memory "
        "and starting the programs decide. In the public report it was 1.4 times faster on a GPU, 3 times on a CPU."
    )


@topic(
    "depthwise-slower",
    "DepthwiseConv2D takes longer than Conv2D with 16 filters on 2 × 64 × 64 × 3. Why?",
    words="depthwiseconv2d slower than conv2d, microseconds benchmark, timing overhead, kernel launch, warm up, "
    "measure layer time",
    asked="q130",
    links=[read("speed", "Measure fairly")],
)
def _() -> str:
    places = (64, 64)
    depth = 2 * shapes.layer_cost((3, 3), 3, 3, positions=places, groups=3).macs
    full = 2 * shapes.layer_cost((3, 3), 3, 16, positions=places).macs
    return (
        f"The work is {depth / 1e6:.2f} against {full / 1e6:.2f} million multiply-adds: microseconds either way. "
        "What you time is Python and the start of the call, in the first one even the tracing. "
        "Measure with channels as in your network, after a warm-up, over many calls, and wait for the result before "
        "you stop the clock."
    )


@topic(
    "how-many-operations",
    "How many multiplications (FLOPs) does a layer take?",
    words="flops of conv2d, macs calculation, how to compute flops of a convolution, gflops convolution layer, "
    "operations of a transposed convolution, flops conv2dtranspose, multiply accumulate count",
    links=[read("speed", "Count first"), read("speed", "Transposed: do not multiply the zeros")],
)
def _() -> str:
    first = shapes.layer_cost((3, 3), 3, 64, positions=(224, 224)).macs
    up = shapes.layer_cost((4, 4), 64, 32, positions=(16, 16)).macs
    return (
        "Kernel pixels · channels in · channels out (divided by the groups) · places. The places of a convolution "
        f"are its outputs: VGG's first layer, 3 × 3 from 3 to 64 on 224 × 224, takes {first:,} multiply-adds, twice "
        f"that in FLOPs. Those of a transposed layer are its inputs: 4 × 4 from 64 to 32 on 16 × 16 takes {up:,}, "
        "whatever the stride."
    )


@topic(
    "out-of-memory",
    "Out of memory at a tensor of shape [64, 512, 512, 64]. How much does a layer need?",
    words="oom when allocating tensor with shape, cuda out of memory convolution, resource exhausted, memory "
    "of feature maps, how much memory does conv2d use, activation memory, reduce gpu memory batch size",
    links=[message(preset="tf-oom"), read("speed", "What im2col costs")],
)
def _() -> str:
    values = 64 * 512 * 512 * 64
    weights = shapes.layer_cost((3, 3), 64, 64).weights
    return (
        f"Its numbers times their bytes: 64 · 512 · 512 · 64 · 4 = {4 * values:,} bytes, {4 * values / 2**30:g} GiB "
        f"for this one map in float32. The weights are nothing beside it: {4 * weights:,} bytes for 3 × 3 from 64 to "
        "64. Training keeps every map for the backward pass. Half the batch takes half, half the side a quarter, "
        "float16 half; and an early stride shrinks all maps behind it."
    )


@topic(
    "what-is-im2col",
    "How is a convolution computed: what is im2col?",
    words="im2col, f.unfold, gemm convolution, how is convolution implemented, im2col memory, col2im, convolution with "
    "matrix multiplication of patches",
    links=[read("speed", "What im2col costs"), read("speed", "Five ways to the same numbers")],
)
def _() -> str:
    side = shapes.conv_size(56, 3, padding="same")
    rows, width = side * side, 3 * 3 * 64
    return (
        "It writes every window into a row of a matrix and multiplies by the kernel as a matrix. For 3 × 3 on 56 × "
        f"56 × 64 with `same` that is {rows:,} × {width}, {rows * width / (56 * 56 * 64):g} times the numbers of the "
        f"image, times {width} × channels out. The transposed layer does it backwards: first the product, then its "
        "rows are added back into the image (col2im). Libraries form the rows piece by piece, or take another "
        "algorithm."
    )
