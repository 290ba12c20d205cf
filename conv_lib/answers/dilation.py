"""Dilation and receptive fields."""

from __future__ import annotations

from conv_lib import shapes
from conv_lib.answers._entry import Topic, listed, read, ruler

topic = Topic("dilation", "Dilation and receptive fields")


@topic(
    "stride-or-dilation",
    "What is the difference between stride and dilation?",
    words="stride vs dilation, dilation rate, atrous, strides and dilation_rate, dilated convolution explained",
    links=[ruler(mode="conv", size=12, kernel=3, dilation=2), read("sizes", "Dilation")],
)
def _() -> str:
    stride, dilation = shapes.conv_size(12, 3, stride=2), shapes.conv_size(12, 3, dilation=2)
    return (
        "The stride is the step between windows, the dilation the step between the taps within one window. 12 "
        f"pixels and kernel 3: stride 2 gives {stride} windows of 3 neighbours; dilation 2 gives {dilation} windows "
        "that span "
        f"{shapes.effective_kernel(3, 2)} and read every second pixel. Stride makes the output small; dilation lets "
        "each output see further."
    )


@topic(
    "stride-and-dilation",
    "Does a transposed layer take strides=2 together with dilation_rate=2?",
    words="strides and dilation together, conv1dtranspose dilation_rate strides, strides > 1 not supported with "
    "dilation_rate > 1, both above 1",
    asked="q110",
    links=[ruler(mode="transpose", size=5, kernel=3, stride=2, dilation=2, padding="same")],
)
def _() -> str:
    out = shapes.transposed_size(5, 3, stride=2, padding="same", dilation=2)
    try:
        shapes.keras_transposed_size(5, 3, stride=2, padding="same", dilation=2)
        refused = "takes it"
    except ValueError:
        refused = "refuses it"
    return (
        f"It is well defined: with `same`, 5 becomes 5 · 2 = {out}, and kernel 3 spans "
        f"{shapes.effective_kernel(3, 2)}. Today's Keras {refused}; older versions let `Conv1DTranspose` pass, and "
        "whether the values were right was for you to check. "
        "`conv_lib` and PyTorch take both."
    )


@topic(
    "dilation-one",
    "Does dilation 1 put one zero between the taps, or none?",
    words="dilation=1 zeros, dilation rate 1 or 0, holes between taps, how many zeros does dilation insert, "
    "effective kernel size",
    asked="q111",
    links=[ruler(mode="conv", size=12, kernel=3, dilation=3), read("sizes", "Dilation")],
)
def _() -> str:
    spans = [shapes.effective_kernel(3, d) for d in (1, 2, 3)]
    return (
        "None. Dilation d is the step from one tap to the next, so d − 1 places lie between them, and the kernel "
        "spans d · (k − 1) + 1. "
        f"For kernel 3: {spans[0]} at d = 1, the ordinary kernel; {spans[1]} at d = 2; {spans[2]} at d = 3."
    )


@topic(
    "dilated-field",
    "Where does the receptive field 2^(i+2) − 1 of dilations 1, 2, 4, … come from?",
    words="receptive field dilated convolutions, exponential receptive field, wavenet dilation, multi-scale context "
    "aggregation, derive receptive field",
    asked="q112",
    links=[
        ruler(mode="stack", size=64, layers=[{"kernel": 3, "dilation": d} for d in (1, 2, 4, 8)]),
        read("sizes", "What one pixel sees"),
    ],
)
def _() -> str:
    layers = [shapes.Layer("conv", 3, dilation=2**i) for i in range(4)]
    seen = [field.size for field in shapes.receptive_field(layers)]
    return (
        "Each layer of stride 1 lets an output see (k − 1) · d pixels more: with kernel 3, 2 · 2^i. The sum 1 + 2 · "
        "(1 + 2 + … + 2^i) is 2^(i+2) − 1. "
        f"Counted layer by layer: {listed(seen[:4], 'and')}."
    )


@topic(
    "receptive-field",
    "How large is the receptive field of my network?",
    words="receptive field, receptive field calculation, how many pixels does one output see, field of view, three "
    "3x3 equal one 7x7",
    links=[ruler(mode="stack", size=64, layers=[{"kernel": 3}] * 3), read("sizes", "What one pixel sees")],
)
def _() -> str:
    threes = shapes.receptive_field([shapes.Layer("conv", 3)] * 3)[-1].size
    strided = [f.size for f in shapes.receptive_field([shapes.Layer("conv", 3, stride=2)] * 3)]
    return (
        "Start with 1; each layer adds (span of its kernel − 1) times the product of all strides before it. "
        f"Three kernels of 3 see {threes}, as one kernel of 7 does; with stride 2 each they see "
        f"{listed(strided, 'and then')}."
    )


@topic(
    "gridding",
    "What is the gridding of dilated convolutions, and which rates avoid it?",
    words="gridding artifacts dilated convolution, dilation 2 2 2, holes in the receptive field, hybrid dilated "
    "convolution, dilation rates 1 2 5, dilated convolution misses pixels, which dilation rates to choose",
    links=[
        ruler(mode="stack", size=64, layers=[{"kernel": 3, "dilation": 2}] * 3),
        ruler("Open rates 1, 2, 5", mode="stack", size=64, layers=[{"kernel": 3, "dilation": d} for d in (1, 2, 5)]),
        read("sizes", "Holes, and the middle"),
    ],
)
def _() -> str:
    def field(*rates: int) -> tuple[int, int]:
        layers = [shapes.Layer("conv", 3, dilation=d) for d in rates]
        return shapes.receptive_field(layers)[-1].size, len(shapes.pixels_read(layers))

    (wide, read_), (all_, full) = field(2, 2, 2), field(1, 2, 5)
    return (
        "Layers with the same dilation d only ever read every d-th pixel, so neighbouring outputs see different pixels "
        f"and the result can look like a grid. Three layers of kernel 3 and dilation 2 span {wide} pixels and read "
        f"{read_} of them. Rates without a common divisor, rising slowly, leave no hole: 1, 2, 5 span {all_} and read "
        f"{full}."
    )


@topic(
    "output-stride",
    "How does a network keep its resolution with dilation (output stride 8 or 16)?",
    words="output stride 8 16, deeplab output stride, replace stride with dilation, replace_stride_with_dilation, "
    "dilated resnet, atrous instead of stride, keep resolution without pooling",
    links=[
        ruler(
            "Open the last layers",
            mode="stack",
            size=64,
            layers=[
                {"kernel": 3, "padding": "same"},
                {"kernel": 3, "dilation": 2, "padding": "same"},
                {"kernel": 3, "dilation": 4, "padding": "same"},
            ],
        ),
        read("sizes", "Dilation"),
    ],
)
def _() -> str:
    strided = [shapes.Layer("conv", 3, stride=2, padding=1)] * 5 + [shapes.Layer("conv", 3, padding=1)]
    kept = strided[:3] + [shapes.Layer("conv", 3, dilation=d, padding=d) for d in (1, 2, 4)]

    def ends(layers: list[shapes.Layer]) -> tuple[int, int]:
        size = 224
        for layer in layers:
            size = shapes.layer_size(layer, size, framework="torch")
        return size, shapes.receptive_field(layers)[-1].size

    (small, seen), (large, also) = ends(strided), ends(kept)
    both = f"{seen}" if seen == also else "(not equal)"
    return (
        f"Five strides of 2 take 224 to {small}, an output stride of {224 // small}. Set the last two to stride 1, and "
        "dilate the layers after the first of them by 2 and those after the second by 4: the kernels meet the same "
        f"pixels as before, each output still sees {both} of them, and the map stays {large} (output stride "
        f"{224 // large}). The weights can be kept; what grows is the work, {(large // small) ** 2} times in the last "
        "layers."
    )


@topic(
    "wavenet-field",
    "How many samples does a WaveNet or TCN see?",
    words="wavenet receptive field samples, dilations 1 2 4 to 512, tcn receptive field, kernel size 2 dilation stack, "
    "how many dilated layers for my sequence length, causal dilated receptive field",
    links=[
        ruler(mode="stack", size=128, layers=[{"kernel": 2, "dilation": 2**i} for i in range(5)]),
        read("sizes", "What one pixel sees"),
    ],
)
def _() -> str:
    block = [shapes.Layer("conv", 2, dilation=2**i) for i in range(10)]
    one, three = (shapes.receptive_field(block * n)[-1].size for n in (1, 3))
    wide = shapes.receptive_field([shapes.Layer("conv", 3, dilation=2**i) for i in range(10)])[-1].size
    return (
        "1 + (kernel − 1) · the sum of the dilations. Kernel 2 with dilations 1, 2, 4 to 512: 1 + 1,023 = "
        f"{one:,} samples, {one / 16:g} ms at 16 kHz; three such blocks {three:,}; kernel 3 instead {wide:,}. Each "
        "further layer doubles it, so a sequence of L samples takes about log₂ L layers of kernel 2."
    )
