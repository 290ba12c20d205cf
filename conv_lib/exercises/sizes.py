"""Exercises of chapters 2 and 6: sizes, as plain integers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from conv_lib import shapes
from conv_lib.exercises._exercise import ARRAY, PAIR, SIZES, WHOLE, Exercise, Mutant
from conv_lib.figures import Stamp, positions_figure

# -------------------------------------------------------------------------------- convolution


def _conv_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    return shapes.conv_size(size, kernel, stride=stride, padding=padding, dilation=dilation)


def _conv_picture(case: Mapping[str, Any], pads: tuple[int, int] | None = None) -> tuple[Any, str]:
    size, kernel = case["size"], case["kernel"]
    stride, dilation = case.get("stride", 1), case.get("dilation", 1)
    before, after = pads or (case.get("padding", 0),) * 2
    count = shapes.conv_size(size, kernel, stride=stride, padding=(before, after), dilation=dilation)
    cells = [("padding", "0")] * before + [("input", str(i)) for i in range(size)] + [("padding", "0")] * after
    stamps = [Stamp(f"output {i}", [i * stride + j * dilation for j in range(kernel)]) for i in range(count)]
    words = (
        f"An input of {size} with {before} and {after} pixels of padding; a kernel of {kernel} stands at "
        f"{count} place{'s' * (count != 1)}, {stride} apart."
    )
    return positions_figure(cells, stamps, label="input"), words


def _span(kernel: int, dilation: int) -> int:
    return (kernel - 1) * dilation + 1


def _mended(change: Any) -> Any:
    """A formula for the size of a convolution, from n, k, s, p, d."""

    def wrong(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> Any:
        return change(size, kernel, stride, padding, dilation)

    return wrong


CONV_SIZE = Exercise(
    name="conv_size",
    task="Return the output size of a convolution along one axis, from whole numbers: `size`, `kernel`, and if your "
    "function takes them `stride`, `padding` (pixels at both ends) and `dilation`.",
    takes=("size", "kernel"),
    options={"stride": 1, "padding": 0, "dilation": 1},
    right=_conv_size,
    cases=tuple(
        dict(zip(("size", "kernel"), pair, strict=True), **options)
        for options, pairs in (
            ({}, [(3, 2), (3, 3), (5, 1), (7, 3), (28, 5)]),
            ({"stride": 2}, [(4, 2), (5, 3), (6, 3), (7, 2), (8, 5), (23, 3)]),
            ({"stride": 3}, [(7, 2), (11, 4), (28, 3)]),
            ({"padding": 1}, [(3, 2), (4, 3), (6, 5)]),
            ({"padding": 2, "stride": 2}, [(5, 3), (6, 4), (7, 7)]),
            ({"dilation": 2}, [(5, 2), (7, 3), (11, 4)]),
            ({"dilation": 3, "padding": 1, "stride": 2}, [(8, 2), (9, 3)]),
        )
        for pair in pairs
    ),
    mutants=(
        Mutant(
            "One is missing: between the first place and the last the kernel makes (n − k) / s steps, which is one "
            "place more.",
            _mended(lambda n, k, s, p, d: (n + 2 * p - _span(k, d)) // s),
        ),
        Mutant(
            "One too many: the kernel must fit into the input, so the result is (n − k) // s + 1.",
            _mended(lambda n, k, s, p, d: (n + 2 * p - _span(k, d)) // s + 2),
        ),
        Mutant(
            "The size is rounded up. Where the kernel no longer fits there is no output: round down with `//`.",
            _mended(lambda n, k, s, p, d: math.ceil((n + 2 * p - _span(k, d)) / s) + 1),
        ),
        Mutant(
            "The size is not rounded: use `//` instead of `/`.",
            _mended(lambda n, k, s, p, d: (n + 2 * p - _span(k, d)) / s + 1),
        ),
        Mutant(
            "The one is added before the division: it belongs after it.",
            _mended(lambda n, k, s, p, d: (n + 2 * p - _span(k, d) + 1) // s),
        ),
        Mutant("The stride is forgotten.", _mended(lambda n, k, s, p, d: n + 2 * p - _span(k, d) + 1)),
        Mutant("The padding is forgotten.", _mended(lambda n, k, s, p, d: (n - _span(k, d)) // s + 1)),
        Mutant(
            "The padding is counted once. It stands at both ends.",
            _mended(lambda n, k, s, p, d: (n + p - _span(k, d)) // s + 1),
        ),
        Mutant("The dilation is forgotten.", _mended(lambda n, k, s, p, d: (n + 2 * p - k) // s + 1)),
        Mutant(
            "A dilated kernel spans (k − 1)·d + 1 pixels, not k·d: no gap follows the last weight.",
            _mended(lambda n, k, s, p, d: (n + 2 * p - k * d) // s + 1),
        ),
        Mutant(
            'That is the rule for "same" padding, ceil(n / s). Here the kernel counts.',
            _mended(lambda n, k, s, p, d: -(-n // s)),
        ),
        Mutant(
            "That is the size of the transposed convolution.",
            _mended(lambda n, k, s, p, d: (n - 1) * s + _span(k, d) - 2 * p),
        ),
    ),
    kind=WHOLE,
    picture=_conv_picture,
)


def _same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    return shapes.same_padding(size, kernel, stride=stride, dilation=dilation)


def _total(n: int, k: int, s: int, d: int) -> int:
    return max((-(-n // s) - 1) * s + _span(k, d) - n, 0)


def _pads(change: Any) -> Any:
    def wrong(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> Any:
        return change(size, kernel, stride, dilation)

    return wrong


SAME_PADDING = Exercise(
    name="same_padding",
    task='Return the pixels (before, after) that TensorFlow\'s "same" adds along one axis.',
    takes=("size", "kernel"),
    options={"stride": 1, "dilation": 1},
    right=_same_padding,
    cases=(
        {"size": 3, "kernel": 3},
        {"size": 3, "kernel": 2},
        {"size": 5, "kernel": 1},
        {"size": 5, "kernel": 4},
        {"size": 4, "kernel": 3, "stride": 2},
        {"size": 5, "kernel": 3, "stride": 2},
        {"size": 4, "kernel": 1, "stride": 2},
        {"size": 5, "kernel": 2, "stride": 3},
        {"size": 6, "kernel": 5, "stride": 2},
        {"size": 7, "kernel": 4, "stride": 3},
        {"size": 5, "kernel": 3, "dilation": 2},
        {"size": 6, "kernel": 2, "dilation": 3},
        {"size": 7, "kernel": 3, "stride": 2, "dilation": 2},
    ),
    mutants=(
        Mutant(
            "The odd pixel stands before the input. TensorFlow puts it after.",
            _pads(lambda n, k, s, d: (lambda t: (t - t // 2, t // 2))(_total(n, k, s, d))),
        ),
        Mutant(
            "The padding is that of stride 1. With a stride it is smaller: only what the last window overhangs.",
            _pads(lambda n, k, s, d: (lambda t: (t // 2, t - t // 2))(_span(k, d) - 1)),
        ),
        Mutant(
            "Both sides get the same. When the total is odd, the side after gets one more.",
            _pads(lambda n, k, s, d: (_total(n, k, s, d) // 2,) * 2),
        ),
        Mutant(
            "Both sides get k // 2. Take the total first, then split it.",
            _pads(lambda n, k, s, d: (k // 2, k // 2)),
        ),
        Mutant(
            "A padding below zero: where the windows leave pixels out there is nothing to pad. Take `max(…, 0)`.",
            _pads(lambda n, k, s, d: (lambda t: (t // 2, t - t // 2))((-(-n // s) - 1) * s + _span(k, d) - n)),
        ),
        Mutant(
            "The dilation is forgotten.",
            _pads(lambda n, k, s, d: (lambda t: (t // 2, t - t // 2))(_total(n, k, s, 1))),
        ),
        Mutant(
            "All of it stands after the input; half belongs before it.",
            _pads(lambda n, k, s, d: (0, _total(n, k, s, d))),
        ),
        Mutant(
            'The output size was rounded down. "same" rounds it up: ceil(n / s).',
            _pads(lambda n, k, s, d: (lambda t: (t // 2, t - t // 2))(max((n // s - 1) * s + _span(k, d) - n, 0))),
        ),
    ),
    kind=PAIR,
    picture=lambda case: _conv_picture(case, _same_padding(**case)),
)


# --------------------------------------------------------------------------------- transposed


def _legal(n: int, kernel: int, stride: int = 1, padding: str = "valid") -> list[int]:
    return list(shapes.transposed_sizes(n, kernel, stride=stride, padding=padding))


def _legal_picture(case: Mapping[str, Any]) -> tuple[Any, str]:
    from conv_lib.figures import windows_figure

    n, kernel, stride = case["n"], case["kernel"], case.get("stride", 1)
    padding = case.get("padding", "valid")
    legal = _legal(n, kernel, stride, padding)
    return windows_figure(n, kernel, stride=stride, padding=padding), (
        f"Input {n}, kernel {kernel}, stride {stride}, {padding}: "
        f"the full result and the window of each legal size, {legal[0]} to {legal[-1]}."
    )


def _wrong_sizes(change: Any) -> Any:
    def wrong(n: int, kernel: int, stride: int = 1, padding: str = "valid") -> Any:
        return change(n, kernel, stride, padding, _legal(n, kernel, stride, padding))

    return wrong


LEGAL_SIZES = Exercise(
    name="legal_sizes",
    task="Return all output sizes of a transposed convolution along one axis: those that the convolution maps back to "
    '`n`. Padding is "valid"; if your function takes `padding`, "same" is tried as well.',
    takes=("n", "kernel", "stride"),
    options={"padding": "valid"},
    right=_legal,
    cases=tuple(
        {"n": n, "kernel": k, "stride": s, **options}
        for options in ({}, {"padding": "same"})
        for n, k, s in [(2, 2, 1), (2, 3, 2), (2, 1, 2), (3, 2, 3), (4, 5, 3), (1, 3, 2), (7, 2, 4)]
    ),
    mutants=(
        Mutant(
            "Only the smallest is there. A convolution with stride s maps s sizes to the same one.",
            _wrong_sizes(lambda n, k, s, p, legal: legal[:1]),
        ),
        Mutant("The largest is missing: there are s sizes.", _wrong_sizes(lambda n, k, s, p, legal: legal[:-1])),
        Mutant(
            "The smallest is missing: there are s sizes, beginning with (n − 1)·s + k.",
            _wrong_sizes(lambda n, k, s, p, legal: legal[1:]),
        ),
        Mutant(
            "One too many at the end: `range` already stops before its end, and there are s sizes.",
            _wrong_sizes(lambda n, k, s, p, legal: [*legal, legal[-1] + 1]),
        ),
        Mutant(
            'That is the rule for "same". With "valid" the kernel counts.',
            _wrong_sizes(lambda n, k, s, p, legal: _legal(n, k, s, "same")),
        ),
        Mutant(
            'That is the rule for "valid". With "same" the kernel does not count.',
            _wrong_sizes(lambda n, k, s, p, legal: _legal(n, k, s)),
        ),
        Mutant(
            "The sizes begin at n·s + k. The last stamp begins at (n − 1)·s.",
            _wrong_sizes(lambda n, k, s, p, legal: [size + s for size in legal]),
        ),
        Mutant(
            "The sizes begin at n·s. Where the kernel is larger than the stride, the last stamp reaches further.",
            _wrong_sizes(lambda n, k, s, p, legal: list(range(n * s, n * s + s))),
        ),
        Mutant(
            "Only Keras' size is there. `tf.nn` takes more.",
            _wrong_sizes(lambda n, k, s, p, legal: [shapes.keras_transposed_size(n, k, stride=s, padding=p)]),
        ),
        Mutant(
            "There are as many sizes as the kernel has weights. It is the stride that counts.",
            _wrong_sizes(lambda n, k, s, p, legal: list(range(legal[0], legal[0] + k))),
        ),
    ),
    kind=SIZES,
    picture=_legal_picture,
)


def _transposed(
    n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0
) -> int:
    return shapes.torch_transposed_size(
        n, kernel, stride=stride, padding=padding, dilation=dilation, output_padding=output_padding
    )


def _transposed_picture(case: Mapping[str, Any]) -> tuple[Any, str]:
    n, kernel, stride = case["n"], case["kernel"], case.get("stride", 1)
    dilation, crop, extra = case.get("dilation", 1), case.get("padding", 0), case.get("output_padding", 0)
    full = shapes.full_size(n, kernel, stride=stride, dilation=dilation)
    size = _transposed(**case)
    cells = [
        ("output" if crop <= i < min(crop + size, full) else "padding" if i < full else "zero", str(i))
        for i in range(max(full, crop + size))
    ]
    stamps = [Stamp(f"input {i}", [i * stride + j * dilation for j in range(kernel)]) for i in range(n)]
    words = (
        f"{n} stamps of {kernel}, {stride} apart, fill {full} cells. Padding {crop} crops at both ends, "
        f"output_padding {extra} gives {extra} back at the end: {size} remain."
    )
    return positions_figure(cells, stamps, label="output"), words


def _wrong_transposed(change: Any) -> Any:
    def wrong(
        n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0
    ) -> Any:
        return change(n, kernel, stride, padding, dilation, output_padding)

    return wrong


TRANSPOSED_SIZE = Exercise(
    name="transposed_size",
    task="Return the output size of a transposed convolution along one axis, with padding in pixels as in PyTorch. "
    "`stride` is needed; `padding`, `dilation` and `output_padding` are tried if your function takes them.",
    takes=("n", "kernel", "stride"),
    options={"padding": 0, "dilation": 1, "output_padding": 0},
    right=_transposed,
    cases=tuple(
        {"n": n, "kernel": k, "stride": s, **options}
        for options, rows in (
            ({}, [(2, 2, 1), (2, 3, 2), (2, 1, 2), (4, 5, 3), (7, 4, 2)]),
            ({"padding": 1}, [(3, 2, 2), (2, 3, 2), (5, 4, 2), (4, 4, 1)]),
            ({"padding": 2}, [(5, 3, 2), (4, 5, 3)]),
            ({"dilation": 2}, [(2, 2, 1), (3, 3, 2), (4, 2, 3)]),
            ({"padding": 1, "output_padding": 1}, [(3, 3, 2), (4, 2, 2), (2, 5, 3)]),
        )
        for n, k, s in rows
    ),
    mutants=(
        Mutant(
            "The padding is added. In a transposed convolution it crops: − 2·p.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) + 2 * p + o),
        ),
        Mutant(
            "The padding is taken off once. It crops both ends: − 2·p.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) - p + o),
        ),
        Mutant(
            "The padding is forgotten: it crops both ends.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) + o),
        ),
        Mutant(
            "The last stamp begins at (n − 1)·s, not at n·s.",
            _wrong_transposed(lambda n, k, s, p, d, o: n * s + _span(k, d) - 2 * p + o),
        ),
        Mutant(
            'That is n·s, the rule for "same". Here the kernel counts.',
            _wrong_transposed(lambda n, k, s, p, d, o: n * s),
        ),
        Mutant(
            "The last stamp covers k cells, so one more: (n − 1)·s + k − 2·p.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) - 2 * p + o - 1),
        ),
        Mutant(
            "One too many: the last stamp begins at (n − 1)·s and covers k cells.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) - 2 * p + o + 1),
        ),
        Mutant(
            "`output_padding` is forgotten.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) - 2 * p),
        ),
        Mutant(
            "`output_padding` is added at both ends. It lengthens the end only.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + _span(k, d) - 2 * p + 2 * o),
        ),
        Mutant(
            "The dilation is forgotten.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + k - 2 * p + o),
        ),
        Mutant(
            "A dilated kernel spans (k − 1)·d + 1 cells, not k·d: no gap follows the last weight.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n - 1) * s + k * d - 2 * p + o),
        ),
        Mutant(
            "That is the size of the convolution, not of its transpose.",
            _wrong_transposed(lambda n, k, s, p, d, o: (n + 2 * p - _span(k, d)) // s + 1),
        ),
    ),
    kind=WHOLE,
    picture=_transposed_picture,
)


# ---------------------------------------------------------------------------- receptive field


def _field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size, jump


def _own_stride_first(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        size += (kernel - 1) * dilation * jump
    return size, jump


def _changed(size: Any) -> Any:
    """A wrong size from the layers, with the right jump."""
    return lambda layers: (size(layers), _field(layers)[1])


RECEPTIVE_FIELD = Exercise(
    name="receptive_field",
    task="For `layers`, a list of (kernel, stride, dilation) from the input on, return (size, jump) along one axis: "
    "how many input pixels one output pixel sees, and how many input pixels two neighbouring outputs are apart.",
    takes=("layers",),
    right=_field,
    cases=tuple(
        {"layers": layers}
        for layers in (
            [(3, 1, 1)],
            [(3, 1, 1), (3, 1, 1)],
            [(2, 2, 1), (3, 1, 1)],
            [(5, 1, 1), (2, 1, 1)],
            [(3, 2, 1), (3, 2, 1)],
            [(3, 1, 2)],
            [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
            [(3, 1, 1), (2, 2, 1), (3, 1, 1)],
            [(7, 2, 1), (3, 2, 2), (3, 1, 1), (1, 1, 1)],
            [(3, 2, 1), (5, 3, 1), (3, 2, 2), (2, 1, 3)],
            [],
        )
    ),
    mutants=(
        Mutant(
            "The strides are forgotten: behind a stride of s, a step is s input pixels wide.",
            _changed(lambda layers: 1 + sum((k - 1) * d for k, _, d in layers)),
        ),
        Mutant(
            "A layer's own stride is counted before its kernel. It widens the steps of the layers behind it only.",
            _own_stride_first,
        ),
        Mutant(
            "The kernels are added up. Neighbouring windows overlap, so each adds k − 1.",
            _changed(lambda layers: sum(k for k, _, _ in layers)),
        ),
        Mutant(
            "The kernels are multiplied. Each layer adds (k − 1) steps.",
            _changed(lambda layers: math.prod(k for k, _, _ in layers)),
        ),
        Mutant(
            "The layers are taken from the other end: `layers[0]` is next to the input.",
            lambda layers: _field(layers[::-1]),
        ),
        Mutant("One is missing: begin with 1, the pixel itself.", _changed(lambda layers: _field(layers)[0] - 1)),
        Mutant(
            "Each layer adds k steps. The window already holds one of them, so it adds k − 1.",
            _changed(lambda layers: _field([(k + 1, s, d) for k, s, d in layers])[0]),
        ),
        Mutant(
            "The dilation is forgotten: it widens the steps within its own layer.",
            lambda layers: _field([(k, s, 1) for k, s, _ in layers]),
        ),
        Mutant(
            "The jump adds up the strides. They multiply.",
            lambda layers: (_field(layers)[0], sum(s for _, s, _ in layers) or 1),
        ),
        Mutant(
            "The jump is the last stride only. The strides of all layers multiply.",
            lambda layers: (_field(layers)[0], layers[-1][1] if layers else 1),
        ),
    ),
    kind=PAIR,
)


def _windows(size: int, kernel: int, stride: int = 1) -> list[tuple[int, int]]:
    return [(start, start + kernel) for start in range(0, size - kernel + 1, stride)]


WINDOWS = Exercise(
    name="windows",
    task='Return the windows of a "valid" convolution along one axis as a list of (start, stop).',
    takes=("size", "kernel", "stride"),
    right=_windows,
    cases=tuple(
        {"size": n, "kernel": k, "stride": s}
        for n, k, s in [(3, 2, 1), (3, 3, 1), (5, 3, 2), (6, 3, 2), (5, 1, 2), (8, 3, 3), (9, 2, 4)]
    ),
    mutants=(
        Mutant("The last window is missing: `range` stops before its end.", lambda **a: _windows(**a)[:-1]),
        Mutant(
            "The last window is missing where it ends with the input: the last start is size − kernel.",
            lambda size, kernel, stride: _windows(size - 1, kernel, stride),
        ),
        Mutant(
            "Windows reach over the end. The last that fits starts at size − kernel.",
            lambda size, kernel, stride: [(i, i + kernel) for i in range(0, size, stride)],
        ),
        Mutant(
            "Each window stops at its last pixel. `stop` is one more, as in a slice.",
            lambda **a: [(start, stop - 1) for start, stop in _windows(**a)],
        ),
        Mutant("The stride is forgotten.", lambda size, kernel, stride: _windows(size, kernel)),
        Mutant(
            "The windows move by their own size. They move by the stride.",
            lambda size, kernel, stride: _windows(size, kernel, kernel),
        ),
        Mutant(
            "Those are starts and lengths. Asked for is (start, stop).",
            lambda **a: [(start, stop - start) for start, stop in _windows(**a)],
        ),
    ),
    kind=ARRAY,
    picture=lambda case: _conv_picture(case),
)


# ---------------------------------------------------------------------------------- parameters


def _parameters(kernel: tuple[int, int], ins: int, outs: int, bias: bool = True, groups: int = 1) -> int:
    return kernel[0] * kernel[1] * ins // groups * outs + (outs if bias else 0)


PARAMETERS = Exercise(
    name="parameter_count",
    task="Return how many numbers a `Conv2D` learns, with a bias: from `kernel` (height, width) and the channels `ins` "
    "and `outs`. `bias` (True or False) and `groups` are tried if your function takes them.",
    takes=("kernel", "ins", "outs"),
    options={"bias": True, "groups": 1},
    right=_parameters,
    cases=(
        {"kernel": (1, 1), "ins": 1, "outs": 1},
        {"kernel": (2, 3), "ins": 1, "outs": 2},
        {"kernel": (3, 3), "ins": 3, "outs": 10},
        {"kernel": (5, 2), "ins": 4, "outs": 7},
        {"kernel": (3, 3), "ins": 64, "outs": 128},
        {"kernel": (3, 2), "ins": 2, "outs": 5, "bias": False},
        {"kernel": (3, 3), "ins": 4, "outs": 8, "groups": 2},
        {"kernel": (2, 3), "ins": 6, "outs": 6, "groups": 6},
    ),
    mutants=(
        Mutant(
            "The bias is forgotten: one number for each output channel.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs, False, groups),
        ),
        Mutant(
            "The bias is one number in all. Every output channel has its own.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs, False, groups) + 1,
        ),
        Mutant(
            "Every slice of the kernel has a bias. It is one for each output channel.",
            lambda kernel, ins, outs, bias=True, groups=1: (kernel[0] * kernel[1] + 1) * ins * outs,
        ),
        Mutant(
            "There is a bias for each input channel. It is one for each output channel.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs, False, groups) + ins,
        ),
        Mutant(
            "The input channels are missing: each of them meets a slice of weights of its own.",
            lambda kernel, ins, outs, bias=True, groups=1: kernel[0] * kernel[1] * outs + outs * bool(bias),
        ),
        Mutant(
            "The output channels are missing: each has a kernel of its own.",
            lambda kernel, ins, outs, bias=True, groups=1: kernel[0] * kernel[1] * ins + outs * bool(bias),
        ),
        Mutant(
            "Only the kernel's height counts here. It has height times width weights.",
            lambda kernel, ins, outs, bias=True, groups=1: kernel[0] * ins * outs + outs * bool(bias),
        ),
        Mutant(
            "The kernel's height is squared. It has height times width weights.",
            lambda kernel, ins, outs, bias=True, groups=1: kernel[0] ** 2 * ins * outs + outs * bool(bias),
        ),
        Mutant(
            "The bias is counted although there is none.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs, True, groups),
        ),
        Mutant(
            "The groups are forgotten: a group sees ins // groups channels.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs, bias),
        ),
        Mutant(
            "The groups are divided out twice. A group has fewer input channels; all output channels remain.",
            lambda kernel, ins, outs, bias=True, groups=1: _parameters(kernel, ins, outs // groups, bias, groups),
        ),
    ),
    kind=WHOLE,
)


SIZE_EXERCISES = (CONV_SIZE, SAME_PADDING, LEGAL_SIZES, TRANSPOSED_SIZE, RECEPTIVE_FIELD, WINDOWS, PARAMETERS)
