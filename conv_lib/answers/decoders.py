"""Encoder-decoders, skips and generators: sizes through many layers."""

from __future__ import annotations

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, decoder, listed, phases, read, ruler

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
    words="concat size mismatch, skip connection size mismatch, unet input size, sizes of tensors must match "
    "except in dimension, 86 and 87, multiple of 16, concatenate different shapes, concatenate layer "
    "requires inputs with matching shapes except for the concat axis, got inputs shapes, 88 and 89, unet "
    "concat error, expected size but got size for tensor number 1 in the list",
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
    words="odd input size, pad to skip, F.pad diffX diffY, crop to match, arbitrary image size, pad image to "
    "multiple, crop feature maps in skip connections",
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


@topic(
    "twenty-eight-or-thirty-two",
    "My autoencoder takes 28 × 28 and returns 32 × 32 (or 24 × 24)",
    words="autoencoder output 32 instead of 28, keras blog autoencoder shape mismatch, 28 14 7 4 8 16 32, autoencoder "
    "output shape differs from input shape, upsampling2d wrong size, dimensions must be equal but are 28 and 32",
    links=[
        decoder(preset="autoencoder-32"),
        decoder("Open it with poolings that round down", preset="autoencoder-24"),
        read("decoders", "From 7 to 28"),
    ],
)
def _() -> str:
    up, down = pooled(28, 3, padding="same"), pooled(28, 3)
    doubled = [up[-1] * 2**n for n in range(3)]
    middle = shapes.conv_size(doubled[-1], 3)
    return (
        f"28 = 4 · 7 halves evenly twice only. The third pooling rounds: with `same` {chain(up)}, and three doublings "
        f"make {8 * up[-1]}; with `valid` {chain(down)} and {8 * down[-1]}. Halve twice only, or pad the images to 32 "
        f"and crop the output, or lose the extra pixels on the way: {chain(doubled)}, a 3 × 3 convolution without "
        f"padding makes {middle}, and doubling gives {2 * middle}."
    )


@topic(
    "dcgan-larger",
    "How do I make a DCGAN's images larger: 128 or 256?",
    words="dcgan 128x128, dcgan 256x256, increase image size of gan, larger images generator, add a layer to "
    "generator and discriminator, higher resolution gan, change output size of generator, dcgan image "
    "size 512, dcgan 64x64 to 256x256",
    links=[decoder(preset="dcgan-generator"), read("decoders", "A GAN generator")],
)
def _() -> str:
    sizes = [1, shapes.torch_transposed_size(1, 4)]
    while sizes[-1] < 256:
        sizes.append(shapes.torch_transposed_size(sizes[-1], 4, stride=2, padding=1))
    other = [25]
    while other[-1] < 200:
        other.append(shapes.torch_transposed_size(other[-1], 4, stride=2, padding=1))
    count = {size: sizes.index(size) for size in (64, 128, 256)}
    return (
        "For each doubling add one layer of kernel 4, stride 2, padding 1 to both networks. The generator goes "
        f"{chain(sizes)}: {count[64]} layers for 64, {count[128]} for 128, {count[256]} for 256; the discriminator "
        "goes the same way back, down to 4. Double the channels at the small end, so that they halve with each "
        f"doubling of the size. Other sizes start elsewhere: {chain(other)}."
    )


@topic(
    "why-four-two-one",
    "Why kernel 4, stride 2, padding 1 in generators?",
    words="why kernel size 4 in dcgan, pix2pix 4x4 kernel, kernel 4 stride 2 padding 1, 4x4 convolution stride "
    "2, why 4 and not 3, why kernel size 5 in keras gan, kernel size of generator and discriminator 4 "
    "dcgan",
    links=[
        ruler(mode="transpose", size=32, kernel=4, stride=2, padding=1),
        phases(kernel=[[1] * 4] * 4, stride=2, height=4, width=5),
        read("checkerboards", "What the counts do tell"),
    ],
)
def _() -> str:
    down = shapes.conv_size(64, 4, stride=2, padding=1)
    four, three = (shapes.torch_transposed_size(down, k, stride=2, padding=1) for k in (4, 3))
    kinds = {k: shapes.overlap(k, 2) for k in (3, 4, 5)}
    return (
        f"It halves and doubles exactly, 64 to {down} and back to {four}, without `output_padding`; kernel 3 comes "
        f"back to {three}. And 2 divides 4, so each pixel of the output is covered by the same number of stamps, 2 "
        f"along each axis; the overlap of kernel 3 is {kinds[3]}, that of kernel 5 {kinds[5]}, which favours "
        "checkerboards. Kernel 2 does both as well, but its stamps do not overlap at all."
    )


@topic(
    "patchgan-seventy",
    "Where do the 70 × 70 and the 30 × 30 of PatchGAN come from?",
    words="patchgan 70x70, pix2pix discriminator receptive field, discriminator output 30x30, patch "
    "discriminator size, patchgan for other image size, 256 to 30",
    links=[
        decoder(
            framework="torch",
            height=256,
            width=256,
            channels=3,
            layers="conv.f64.k4.s2.p1;conv.f128.k4.s2.p1;conv.f256.k4.s2.p1;conv.f512.k4.p1;conv.k4.p1",
        ),
        read("sizes", "What one pixel sees"),
    ],
)
def _() -> str:
    layers = [shapes.Layer("conv", 4, stride=2, padding=1)] * 3 + [shapes.Layer("conv", 4, padding=1)] * 2
    sizes = [256]
    for layer in layers:
        sizes.append(shapes.layer_size(layer, sizes[-1], framework="torch"))
    seen = [field.size for field in shapes.receptive_field(layers)]
    return (
        "From five layers of kernel 4 with padding 1, three of stride 2 and two of stride 1. Sizes from 256: "
        f"{chain(sizes)}, so it gives {sizes[-1]} × {sizes[-1]} verdicts. What one of them sees grows layer by layer, "
        f"{listed(seen, 'and')} pixels: {seen[-1]} × {seen[-1]}. The field does not depend on the image's size, the "
        f"number of verdicts does: 512 gives {(512 // 8) - 2}."
    )


@topic(
    "unet-of-the-paper",
    "The U-Net of the paper: why 572 in and 388 out, and how is the skip cropped?",
    words="unet 572 388, original unet sizes, crop and concatenate, copy and crop, unet output smaller than "
    "input, skip 64 and 56, 568 392, valid convolutions unet, cropping2d skip",
    links=[decoder(preset="unet-572"), read("decoders", "A segmentation net")],
)
def _() -> str:
    size, skips = 572, []
    for _ in range(4):
        size -= 2 * (3 - shapes.conv_size(3, 3))
        skips.append(size)
        size = shapes.conv_size(size, 2, stride=2)
    size = shapes.conv_size(shapes.conv_size(size, 3), 3)
    met = []
    for _ in range(4):
        met.append(2 * size)
        size = shapes.conv_size(shapes.conv_size(2 * size, 3), 3)
    low, high = (skips[-1] - met[0]) // 2, (skips[0] - met[-1]) // 2
    return (
        "Its 3 × 3 convolutions have no padding, so each pair takes 4 pixels off. The skips on the way down are "
        f"{listed(skips, 'and')} wide, the maps that they meet on the way up {listed(met, 'and')}; the last pair "
        f"leaves {size}. Crop each skip equally on both sides: {skips[-1]} to {met[0]} by {low}, {skips[0]} to "
        f"{met[-1]} by {high}. With `same` convolutions there is nothing to crop, if the image is a multiple of 16."
    )


@topic(
    "channels-after-a-skip",
    "How many channels does the layer after a skip take?",
    words="concat channels add up, 512 + 512 = 1024, in_channels after concatenate, skip add or concatenate, unet "
    "upconv halves channels, unet channel numbers, 1024 to 512",
    links=[decoder(preset="unet-572"), read("decoders", "A segmentation net")],
)
def _() -> str:
    up = shapes.layer_cost((2, 2), 1024, 512).weights
    after = shapes.layer_cost((3, 3), 512 + 512, 512).weights
    return (
        f"The sum: concatenating 512 from below and 512 from the skip gives {512 + 512:,}, and the next convolution "
        f"brings them back to 512 ({after:,} weights at 3 × 3). That is why the transposed 2 × 2 layer before it goes "
        f"from 1,024 to 512 ({up:,} weights). Upsampling by interpolation keeps the channels, so 1,024 and 512 make "
        f"{1024 + 512:,}. Adding instead of concatenating keeps 512, and needs the same number on both sides."
    )


@topic(
    "stride-or-pool",
    "Strided convolution or max pooling?",
    words="strided convolution vs max pooling, downsampling with stride or maxpool, replace pooling with stride 2, all "
    "convolutional net, convolution stride 2 instead of pooling",
    links=[
        ruler(mode="conv", size=64, kernel=3, stride=2, padding="same"),
        read("matrix", "Stride leaves rows out"),
    ],
)
def _() -> str:
    full, half = (shapes.layer_cost((3, 3), 64, 64, positions=(n, n)).macs for n in (64, 32))
    sizes = {shapes.conv_size(64, 3, stride=2, padding="same"), shapes.conv_size(64, 2, stride=2)}
    return (
        f"Both take 64 to {listed(sizes)}. A convolution at stride 1 and a pooling compute all places and keep a "
        f"quarter: with 64 channels {full / 1e6:.0f} million products, where stride 2 takes {half / 1e6:.1f} million, "
        f"{full // half} times fewer. The strided layer learns what to keep, and a transposed layer in the decoder "
        "goes exactly its way back. Pooling has no weights and keeps the strongest answer, wherever in the window it "
        "was."
    )
