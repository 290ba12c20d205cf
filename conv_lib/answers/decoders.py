"""Encoder-decoders, skips and generators: sizes through many layers."""

from __future__ import annotations

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, decoder, read, ruler

topic = Topic("decoders", "Decoders, skips and generators")
HALVE = {"kernel": 2, "stride": 2}


def pooled(size: int, times: int, **settings) -> list[int]:
    """The sizes as 2 × 2 pooling halves them."""
    sizes = [size]
    for _ in range(times):
        sizes.append(shapes.conv_size(sizes[-1], 2, stride=2, **settings))
    return sizes


def unet(depth: int) -> dict:
    """A U-Net along one axis, as `shapes.nearest_accepted` takes it."""
    layers = [shapes.Layer("pool", 2)] * depth + [shapes.Layer("upsample", stride=2)] * depth
    return {"layers": layers, "skips": [(depth - n, depth + n) for n in range(1, depth + 1)]}


@topic(
    "skip-does-not-fit",
    "A U-Net fails at a skip for 700 × 700; 400 and 800 work. Why?",
    words="concat size mismatch, skip connection size mismatch, unet input size, sizes of tensors must match except "
    "in dimension, 86 and 87, "
    "multiple of 16, concatenate different shapes",
    asked="q057",
    links=[
        decoder(preset="unet-700"),
        ruler("Open it, layer by layer", mode="stack", size=400, layers=[HALVE] * 4),
        read("output-size", "If you are stuck"),
        read("decoders", "Sizes first"),
    ],
)
def _() -> str:
    down = pooled(700, 4)
    below, above = shapes.nearest_accepted(700, **unet(4))
    return (
        f"Each pooling halves and rounds down: {chain(down)}. On the way up 2 · {down[-1]} = {2 * down[-1]} meets "
        f"the {down[-2]} of the skip. "
        f"Four poolings need a multiple of 2 · 2 · 2 · 2 = {2**4}: 400 and 800 are, 700 / {2**4} = {700 / 16:g} is "
        f"not. The nearest sizes that work are {below} and {above}."
    )


@topic(
    "carvana-unet",
    "U-Net at 1024 × 684: the upsampled map is 64 × 44, the skip 64 × 43",
    words="carvana, 684, 43 and 44, off by one at the skip, ceil mode pooling, one more than the skip",
    asked="q059",
    links=[
        decoder(preset="carvana"),
        ruler("Open the encoder", mode="stack", size=512, layers=[{**HALVE, "padding": "same"}] * 5),
    ],
)
def _() -> str:
    down = pooled(684, 5, padding="same")
    below, above = shapes.nearest_accepted(684, **unet(5))
    return (
        f"Where each halving rounds up, {chain(down)}; then 2 · {down[-1]} = {2 * down[-1]} meets a skip of "
        f"{down[-2]}. 1024 = {2**5} · {1024 // 2**5} divides evenly, 684 does not. "
        f"Take {below} or {above}, or crop the upsampled map by one pixel to the size of the skip."
    )


@topic(
    "any-size-unet",
    "Can a U-Net take any input size?",
    words="odd input size, pad to skip, F.pad diffX diffY, crop to match, arbitrary image size, pad image to multiple",
    asked="q062",
    links=[ruler("Open the encoder", mode="stack", size=512, layers=[HALVE] * 4), read("decoders", "Sizes first")],
)
def _() -> str:
    down = pooled(43, 1)
    gap = down[0] - 2 * down[1]
    padded = -(-700 // 16) * 16
    return (
        "Yes, if you bring both ends of each skip to one size. After upsampling, with dx and dy what the skip has "
        "more in width and height: `F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])`, width first. "
        f"From 43: pooling gives {down[1]}, upsampling {2 * down[1]}, so dx = {gap} and the pad is {gap // 2} left, "
        f"{gap - gap // 2} right. "
        f"Or pad the image to a multiple of 2 to the power of the depth (700 to {padded} for four poolings) and "
        "crop the prediction."
    )


@topic(
    "dcgan-thirty-two",
    "DCGAN for 32 × 32 images: sizes must be non-negative, then 256 scores instead of 64",
    words="dcgan imagesize 32, batch 64 loss 256 elements, input and target size mismatch 256 64, discriminator "
    "output too large, sizes should be non-negative",
    asked="q063",
    links=[
        decoder(preset="dcgan-32"),
        ruler(
            "Open the discriminator", mode="stack", size=32, layers=[{"kernel": 4, "stride": 2, "padding": "same"}] * 4
        ),
        read("decoders", "A GAN generator"),
    ],
)
def _() -> str:
    def halved(size: int, times: int) -> list[int]:
        sizes = [size]
        for _ in range(times):
            sizes.append(shapes.conv_size(sizes[-1], 4, stride=2, padding=1))
        return sizes

    short = halved(32, 4)
    wrong = shapes.torch_transposed_size(32, 1, stride=2, padding=1)
    long = halved(wrong, 4)
    side = shapes.conv_size(long[-1], 2)
    return (
        f"The discriminator is built for 64: {chain(short)}, and a kernel of 4 does not fit into {short[-1]} "
        f"({short[-1]} − 4 + 1 = {short[-1] - 4 + 1}). Changing the generator's last kernel to 1 but leaving stride "
        "2 and padding 1 makes "
        f"images of (32 − 1) · 2 − 2 + 1 = {wrong}; then {chain(long)} and, with a last kernel of 2, {side} × "
        f"{side} scores an image: 64 · {side * side} = {64 * side * side}. "
        "Remove one layer of stride 2 from each network instead."
    )


@topic(
    "vector-to-map",
    "How does ConvTranspose2d turn a vector of 100 into 512 maps of 4 × 4?",
    words="latent vector to feature map, z 100, first layer of generator, 1x1 to 4x4, convtranspose2d(100, 512, 4, "
    "1, 0), dense layer reshape",
    asked="q064",
    links=[
        ruler(mode="transpose", size=1, kernel=4),
        read("zero-insertion", "The first picture: stamps"),
        read("decoders", "How a vector becomes a map"),
    ],
)
def _() -> str:
    side = shapes.torch_transposed_size(1, 4)
    weights = shapes.layer_cost((4, 4), 100, 512).weights
    return (
        "See the vector as 100 channels of one pixel. Each channel stamps its own 4 × 4 kernel for each of the 512 "
        f"maps, times its value, and the 100 stamps add up; the size is (1 − 1) · 1 + 4 = {side}. "
        f"It has 100 · 512 · 16 = {weights:,} weights and equals a dense layer from 100 to {512 * side * side:,} "
        "without bias, reshaped."
    )


@topic(
    "which-input-sizes",
    "Which input sizes may my network have?",
    words="multiple of 32, divisible by 16, must be divisible by, valid input sizes, 12 mod 16, 572 unet, resize to "
    "multiple, allowed sizes",
    links=[
        decoder(preset="unet-572"),
        ruler("Open it, layer by layer", mode="stack", size=512, layers=[HALVE] * 5),
        read("sizes", "Predict any network"),
    ],
)
def _() -> str:
    five = shapes.accepted_sizes(low=1, high=300, **unet(5))
    double = [shapes.Layer("conv", 3)] * 2
    encoder = (double + [shapes.Layer("pool", 2)]) * 4 + double
    paper = shapes.accepted_sizes(encoder, 1, 600, lossless=True)
    return (
        "Those that every layer halves without rounding. With `same` convolutions and n halvings these are the "
        "multiples of 2 to the power n: "
        f"for five, {five}. Convolutions without padding shift the rule: the U-Net of 2015 takes {paper} (572 is "
        "one). For another size, pad the image and crop the result."
    )
