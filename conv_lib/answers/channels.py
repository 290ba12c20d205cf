"""Channels, biases and parameters."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, channels, listed, read, ruler
from conv_lib.ops import conv2d

topic = Topic("channels", "Channels and parameters")


@topic(
    "channels-are-summed",
    "An RGB image into 32 filters: are the three colour responses averaged?",
    words="rgb channels averaged or summed, three channels one feature map, how does conv2d treat colour "
    "channels, feature maps from rgb, multiple input channels, how many feature maps after a conv layer, "
    "number of output channels",
    asked="q069",
    links=[
        channels(input=[[[1, 10, 100]]], kernel=[[[[1], [1], [1]]]]),
        read("convolution", "Many channels, and the bias"),
    ],
)
def _() -> str:
    cost = shapes.layer_cost((3, 3), 3, 32)
    total = conv2d(np.array([[[[1.0, 10, 100]]]]), np.ones((1, 1, 3, 1)))[0, 0, 0, 0]
    return (
        f"They are added, not divided by 3: 1 + 10 + 100 = {total:g}. Each filter has its own 3 × 3 slice for each "
        f"colour; 3 · 32 = {3 * 32} small kernels, {cost.weights} weights and {cost.bias} biases, "
        f"{cost.weights + cost.bias} in all."
    )


@topic(
    "how-many-parameters",
    "How many parameters does a layer have?",
    words="parameter count, number of weights, param #, model.summary, count parameters conv2d, trainable params, "
    "calculate weights",
    links=[channels(), read("convolution", "Counting parameters")],
)
def _() -> str:
    a, b = shapes.layer_cost((3, 3), 3, 10), shapes.layer_cost((3, 3), 64, 64)
    return (
        "Kernel height · kernel width · channels in · channels out, divided by the groups, and one bias for each "
        "channel out. The image's size does not matter, nor do stride and padding. "
        f"3 × 3 from 3 to 10 channels: {a.weights} + {a.bias} = {a.weights + a.bias}. From 64 to 64: {b.weights:,} "
        f"+ {b.bias} = {b.weights + b.bias:,}. The transposed layer counts the same."
    )


@topic(
    "bias-before-batch-norm",
    "Does a convolution need a bias before a batch normalisation?",
    words="bias=False batchnorm, use_bias false, bias redundant batch norm, conv bn bias",
    asked="q072",
    links=[read("convolution", "The bias before a batch normalisation")],
)
def _() -> str:
    y = np.array([1.0, 2, 6])
    plain, biased = y - y.mean(), (y + 5) - (y + 5).mean()
    return (
        "No. The normalisation subtracts the mean, and the bias with it: [1, 2, 6] and [6, 7, 11] both become "
        f"{listed((f'{v:g}' for v in plain), 'and')}"
        f"{'' if np.array_equal(plain, biased) else ' (not equal)'}; its own shift takes over. You save one number "
        "for each channel out, and keeping it does no harm. With an activation in between, convolution, ReLU, "
        "normalisation, the bias does matter."
    )


@topic(
    "which-kernel-doubles",
    "Which transposed layers double 80 × 80, and what do they cost?",
    words="kernel 2 or 4 for upsampling, k4 s2 p1, k3 s2 p1 output_padding 1, depthwise transposed 512 channels, "
    "which kernel size to upsample by 2, parameters of transposed convolution",
    asked="q073",
    links=[
        ruler(mode="transpose", size=80, kernel=4, stride=2, padding=1),
        read("checkerboards", "What the counts do tell"),
    ],
)
def _() -> str:
    rows = [(2, 0, 0), (3, 1, 1), (4, 1, 0), (5, 2, 1), (8, 3, 0)]
    sizes = {shapes.torch_transposed_size(80, k, stride=2, padding=p, output_padding=o) for k, p, o in rows}
    costs = [sum(shapes.layer_cost((k, k), 512, 512, groups=512)[:2]) for k, _, _ in rows]
    kinds = {kind: [k for k, _, _ in rows if k > 2 and shapes.overlap(k, 2) == kind] for kind in ("even", "uneven")}
    return (
        f"All five of these give {listed(sorted(sizes))}: kernel 2; 3 with padding 1 and `output_padding` 1; 4 with "
        "padding 1; 5 with padding 2 and `output_padding` 1; 8 with padding 3. Depthwise on 512 channels they have "
        f"512 · k · k + 512 parameters: {listed((f'{c:,}' for c in costs), 'and')}. Kernel 2 does not overlap, "
        f"{listed(kinds['even'], 'and')} overlap evenly, {listed(kinds['uneven'], 'and')} unevenly."
    )


@topic(
    "one-by-one",
    "What does a 1 × 1 convolution do?",
    words="1x1 convolution, pointwise convolution, why 1x1 kernel, reduce channels, bottleneck",
    links=[
        channels(input=[[[1, 2, 3], [4, 5, 6]]], kernel=[[[[1, 0], [0, 1], [1, 1]]]]),
        read("convolution", "What a 1 × 1 convolution does"),
    ],
)
def _() -> str:
    cost = shapes.layer_cost((1, 1), 256, 64)
    return (
        "It mixes the channels of each pixel and looks at no neighbour: the same small dense layer at every place. "
        "Height and width stay (at stride 1), the channels change: "
        f"from 256 to 64 with {cost.weights:,} weights, where a 3 × 3 kernel needs "
        f"{shapes.layer_cost((3, 3), 256, 64).weights:,}."
    )


@topic(
    "what-are-groups",
    "What does `groups` do?",
    words="groups argument conv2d, grouped convolution explained, in_channels must be divisible by groups, "
    "number of filters must be evenly divisible by the number of groups, out_channels must be divisible "
    "by groups, groups=3, resnext group convolution, groups parameter of conv2d",
    links=[
        channels(preset="two-groups"),
        read("convolution", "Groups: not every channel meets every filter"),
    ],
)
def _() -> str:
    grouped, plain = (shapes.layer_cost((3, 3), 3, 12, groups=g).weights for g in (3, 1))
    return (
        "It cuts the channels into groups that do not see each other: each is a smaller layer of its own, and the "
        f"results are put side by side. `Conv2d(3, 12, 3, groups=3)` has a weight of (12, 1, 3, 3), {grouped} numbers "
        f"instead of {plain}; channel 0 makes outputs 0 to {12 // 3 - 1}, channel 1 the next {12 // 3}. Channels in "
        "and channels out must both be divisible by it. As many groups as channels in is a depthwise convolution."
    )


@topic(
    "depthwise-or-separable",
    "DepthwiseConv2D or SeparableConv2D: what is the difference?",
    words="separableconv2d vs depthwiseconv2d, depthwise separable convolution, pointwise after depthwise, separable "
    "convolution parameters, mobilenet block parameters, what is a depthwise convolution",
    links=[
        channels(preset="depthwise"),
        read("speed", "Depthwise: few operations, nearly as many bytes"),
    ],
)
def _() -> str:
    depth = shapes.layer_cost((3, 3), 64, 64, groups=64).weights
    point = shapes.layer_cost((1, 1), 64, 128).weights
    full = shapes.layer_cost((3, 3), 64, 128).weights
    return (
        "A depthwise layer gives each channel a kernel of its own and mixes none; a separable layer is a depthwise "
        f"one and then a 1 × 1 convolution that mixes. 3 × 3 from 64 to 128 channels: {depth:,} + {point:,} = "
        f"{depth + point:,} weights, where a full convolution has {full:,}, {full / (depth + point):.1f} times as "
        "many. In PyTorch write `Conv2d(64, 64, 3, groups=64)` and `Conv2d(64, 128, 1)`."
    )


@topic(
    "two-threes",
    "Why two 3 × 3 convolutions instead of one 5 × 5?",
    words="two 3x3 vs one 5x5, three 3x3 instead of 7x7, vgg small kernels, stack of small kernels parameters, 5x5 or "
    "3x3 kernel, large kernel or small kernel",
    links=[
        ruler(mode="stack", size=64, layers=[{"kernel": 3}] * 2),
        read("sizes", "What one pixel sees"),
        read("convolution", "Counting parameters"),
    ],
)
def _() -> str:
    three, five, seven = (shapes.layer_cost((k, k), 64, 64).weights for k in (3, 5, 7))
    seen = [f.size for f in shapes.receptive_field([shapes.Layer("conv", 3)] * 3)]
    return (
        f"They see the same {seen[1]} × {seen[1]} pixels with fewer weights, and have one more activation between. "
        f"With 64 channels: 2 · {three:,} = {2 * three:,} against {five:,}. Three see {seen[2]} × {seen[2]} with "
        f"{3 * three:,} against {seven:,}. Not every 5 × 5 kernel is a product of two small ones, so it is another "
        "layer, not the same one cheaper."
    )
