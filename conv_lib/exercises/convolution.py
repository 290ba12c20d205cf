"""Exercises of chapters 0 to 2: convolution with loops, with windows, with channels, with "same" padding."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib import shapes
from conv_lib.exercises._data import digits, signed
from conv_lib.exercises._exercise import ARRAY, Exercise, Mutant
from conv_lib.ops import conv2d

ROLES = {"x": "input", "kernel": "kernel"}

FLIPPED = (
    "The kernel is turned by 180 degrees. Libraries do not flip it: the weight at the top left meets the pixel at the "
    "top left of the window."
)


def _plain(x: Any, kernel: Any, stride: int = 1, padding: Any = 0, dilation: int = 1) -> np.ndarray:
    """One channel: matrices in, matrix out."""
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    return conv2d(x[..., None], kernel[..., None, None], **options)[..., 0]


def _cut(y: np.ndarray, like: np.ndarray) -> np.ndarray:
    """The first rows and columns of `y`, as many as `like` has."""
    return y[: like.shape[0], : like.shape[1]]


def _last_product(x: Any, kernel: Any, stride: int = 1, padding: int = 0, dilation: int = 1) -> np.ndarray:
    last = np.zeros_like(kernel)
    last[-1, -1] = kernel[-1, -1]
    return _plain(x, last, stride, padding, dilation)


def _zero_edges(y: np.ndarray, rows: bool, columns: bool) -> np.ndarray:
    y = y.copy()
    if rows:
        y[-1] = 0
    if columns:
        y[:, -1] = 0
    return y


def _stride_in_size_only(x: Any, kernel: Any, stride: int = 1, **rest: Any) -> np.ndarray:
    return _cut(_plain(x, kernel, 1, **rest), _plain(x, kernel, stride, **rest))


def _dilation_in_size_only(x: Any, kernel: Any, dilation: int = 1, **rest: Any) -> np.ndarray:
    return _cut(_plain(x, kernel, **rest), _plain(x, kernel, dilation=dilation, **rest))


def _span_too_long(x: Any, kernel: Any, stride: int = 1, padding: int = 0, dilation: int = 1) -> np.ndarray:
    sizes = [n + 2 * padding - k * dilation for n, k in zip(x.shape, kernel.shape, strict=True)]
    rows, columns = (max(size // stride + 1, 0) for size in sizes)
    return _plain(x, kernel, stride, padding, dilation)[:rows, :columns]


def _uneven(x: Any, kernel: Any, padding: int = 0, *, before: bool, **rest: Any) -> np.ndarray:
    pair = (2 * padding, 0) if before else (0, 2 * padding)
    return _plain(x, kernel, padding=(pair, pair), **rest)


def _pixels_summed_first(x: Any, kernel: Any, **rest: Any) -> np.ndarray:
    return _plain(x, np.ones_like(kernel), **rest) * kernel.sum()


_ONE_CHANNEL = (
    Mutant(FLIPPED, lambda x, kernel, **o: _plain(x, kernel[::-1, ::-1], **o)),
    Mutant(
        "The kernel's rows and columns are swapped: `kernel[i, j]` goes i down and j across.",
        lambda x, kernel, **o: _plain(x, kernel.T, **o),
    ),
    Mutant(
        "Height and width of the output are swapped: its first axis runs down, its second across.",
        lambda **a: _plain(**a).T,
    ),
    Mutant(
        "Only rows are upside down: the kernel is flipped from top to bottom.",
        lambda x, kernel, **o: _plain(x, kernel[::-1], **o),
    ),
    Mutant(
        "The kernel is flipped from left to right.",
        lambda x, kernel, **o: _plain(x, kernel[:, ::-1], **o),
    ),
    Mutant(
        "The stride is forgotten: the window moves by one.",
        lambda x, kernel, stride=1, **o: _plain(x, kernel, **o),
    ),
    Mutant(
        "The stride is in the size of the output, but not in the place of the window: that begins at row * stride.",
        _stride_in_size_only,
    ),
    Mutant(
        "The dilation is forgotten: the weights stand `dilation` pixels apart.",
        lambda x, kernel, dilation=1, **o: _plain(x, kernel, **o),
    ),
    Mutant(
        "The dilation is in the size of the output, but not in the place of the weights: that is row + i * dilation.",
        _dilation_in_size_only,
    ),
    Mutant(
        "A dilated kernel spans (k − 1)·d + 1 pixels, not k·d: no gap follows the last weight.",
        _span_too_long,
    ),
    Mutant(
        "The padding is forgotten: rows and columns of zeros belong around the input.",
        lambda x, kernel, padding=0, **o: _plain(x, kernel, **o),
    ),
    Mutant(
        "All padding stands before the input; half of it belongs after it.",
        lambda **a: _uneven(**a, before=True),
    ),
    Mutant(
        "All padding stands after the input; half of it belongs before it.",
        lambda **a: _uneven(**a, before=False),
    ),
    Mutant(
        "The last row and the last column are missing: a kernel of k fits n − k + 1 times, not n − k.",
        lambda **a: _plain(**a)[:-1, :-1],
    ),
    Mutant("The last row is missing: a kernel of k fits n − k + 1 times, not n − k.", lambda **a: _plain(**a)[:-1]),
    Mutant(
        "The last column is missing: a kernel of k fits n − k + 1 times, not n − k.",
        lambda **a: _plain(**a)[:, :-1],
    ),
    Mutant(
        "The last row and the last column stay zero: the loops end one step early.",
        lambda **a: _zero_edges(_plain(**a), True, True),
    ),
    Mutant("The last row stays zero: its loop ends one step early.", lambda **a: _zero_edges(_plain(**a), True, False)),
    Mutant(
        "The last column stays zero: its loop ends one step early.",
        lambda **a: _zero_edges(_plain(**a), False, True),
    ),
    Mutant("Each product replaces the one before: use `+=`, not `=`.", _last_product),
    Mutant(
        "The products are averaged. A convolution adds them up.",
        lambda x, kernel, **o: _plain(x, kernel, **o) / kernel.size,
    ),
    Mutant(
        "The window is added up first and then multiplied. Each pixel has a weight of its own.",
        _pixels_summed_first,
    ),
    Mutant(
        "The numbers are cut to whole ones: the result was made as an array of integers.",
        lambda **a: np.trunc(_plain(**a)),
    ),
)


def _one(height: int, width: int, k_height: int, k_width: int, **options: int) -> dict[str, Any]:
    seed = height + 10 * width
    return {"x": digits(height, width, seed=seed), "kernel": digits(k_height, k_width, seed=seed + 1), **options}


_PLAIN_CASES = (
    _one(2, 3, 2, 2),  # a square kernel first: one read the wrong way round then gives numbers, not an error
    _one(1, 3, 1, 2),
    _one(3, 4, 2, 2),
    _one(4, 3, 1, 2),
    {"x": signed(3, 4, seed=2), "kernel": signed(2, 3, seed=3)},
    _one(5, 4, 3, 2),
    _one(4, 6, 4, 1),
    {"x": signed(7, 9, seed=4), "kernel": signed(3, 4, seed=5)},
)
_STRIDED = (_one(3, 5, 2, 2, stride=2), _one(5, 4, 1, 2, stride=2), _one(7, 8, 3, 2, stride=3))
_PADDED = (_one(2, 3, 2, 2, padding=1), _one(3, 2, 2, 3, padding=1), _one(4, 5, 3, 3, padding=2))
_DILATED = (_one(3, 4, 2, 2, dilation=2), _one(5, 7, 2, 3, dilation=2), _one(7, 9, 2, 3, dilation=3))
_MIXED = (
    _one(5, 6, 3, 2, stride=2, padding=1),
    _one(6, 8, 2, 3, stride=2, dilation=2),
    _one(6, 7, 2, 2, stride=2, padding=1, dilation=2),
)

CONV2D = Exercise(
    name="conv2d",
    task="Convolve a matrix `x` with a matrix `kernel`, as libraries do (the kernel is not flipped), and return the "
    "output as a matrix. If your function also takes `stride`, `padding` (pixels on every side) or `dilation`, "
    "these are tried as well.",
    takes=("x", "kernel"),
    options={"stride": 1, "padding": 0, "dilation": 1},
    right=_plain,
    cases=(*_PLAIN_CASES, *_STRIDED, *_PADDED, *_DILATED, *_MIXED),
    mutants=_ONE_CHANNEL,
    kind=ARRAY,
    roles=ROLES,
)


# ---------------------------------------------------------------------------- "same" padding


def _same(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, "same")


def _pads(x: Any, kernel: Any, stride: int) -> list[tuple[int, int]]:
    return [shapes.same_padding(n, k, stride=stride) for n, k in zip(x.shape, kernel.shape, strict=True)]


def _odd_before(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, tuple((after, before) for before, after in _pads(x, kernel, stride)))


def _pads_of_stride_1(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, tuple(_pads(x, kernel, 1)))


def _half_kernel(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, tuple((k // 2, k // 2) for k in kernel.shape))


def _all_after(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, tuple((0, sum(pair)) for pair in _pads(x, kernel, stride)))


def _swapped_pads(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(x, kernel, stride, tuple(_pads(x, kernel, stride)[::-1]))


def _edge(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(np.pad(x, _pads(x, kernel, stride), mode="edge"), kernel, stride)


def _mirrored(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _plain(np.pad(x, _pads(x, kernel, stride), mode="reflect"), kernel, stride)


CONV2D_SAME = Exercise(
    name="conv2d_same",
    task='Convolve a matrix `x` with a matrix `kernel` and TensorFlow\'s "same" padding, so that the output has '
    "ceil(size / stride) pixels a side.",
    takes=("x", "kernel"),
    options={"stride": 1},
    right=_same,
    cases=(
        _one(1, 3, 1, 3),
        _one(1, 3, 1, 2),
        _one(2, 3, 2, 3),
        _one(3, 4, 3, 2),
        _one(5, 4, 3, 5),
        _one(1, 4, 1, 3, stride=2),
        _one(3, 4, 3, 3, stride=2),
        _one(4, 5, 2, 3, stride=2),
        _one(1, 6, 1, 5, stride=3),
        _one(5, 6, 4, 2, stride=3),
        _one(7, 6, 1, 2, stride=3),
    ),
    mutants=(
        Mutant("The odd pixel of padding stands before the input. TensorFlow puts it after.", _odd_before),
        Mutant(
            "The padding is that of stride 1. With a stride it is smaller: only what the last window overhangs.",
            _pads_of_stride_1,
        ),
        Mutant(
            "The padding is k // 2 on both sides. That is right only for odd kernels with stride 1.",
            _half_kernel,
        ),
        Mutant("All padding stands after the input; half of it belongs before it.", _all_after),
        Mutant("The paddings of height and width are swapped.", _swapped_pads),
        Mutant('The border is filled with the pixels at the edge. "same" fills it with zeros.', _edge),
        Mutant('The border is filled with mirrored pixels. "same" fills it with zeros.', _mirrored),
        Mutant(
            'Nothing is padded: this is "valid".',
            lambda x, kernel, stride=1: _plain(x, kernel, stride),
        ),
        Mutant(FLIPPED, lambda x, kernel, stride=1: _same(x, kernel[::-1, ::-1], stride)),
        Mutant(
            "The stride is forgotten: the window moves by one.",
            lambda x, kernel, stride=1: _same(x, kernel),
        ),
        Mutant(
            "The stride is in the size of the output, but not in the place of the window: that begins at row * stride.",
            lambda x, kernel, stride=1: _cut(_same(x, kernel), _same(x, kernel, stride)),
        ),
        Mutant("Height and width of the output are swapped.", lambda **a: _same(**a).T),
    ),
    kind=ARRAY,
    roles=ROLES,
)


# ---------------------------------------------------------------------------------- channels


def _channels(x: Any, kernel: Any, bias: Any = 0.0, stride: int = 1, groups: int = 1) -> np.ndarray:
    return conv2d(x, kernel, stride=stride, groups=groups) + bias


def _first_channel(x: Any, kernel: Any, bias: Any = 0.0, **o: Any) -> np.ndarray:
    return _channels(x[..., :1], kernel[:, :, :1], bias, **o)


def _one_slice(x: Any, kernel: Any, bias: Any = 0.0, **o: Any) -> np.ndarray:
    return _channels(x, np.broadcast_to(kernel[:, :, :1], kernel.shape), bias, **o)


def _same_out(x: Any, kernel: Any, bias: Any = 0.0, **o: Any) -> np.ndarray:
    summed = _channels(x, kernel, 0.0, **o).sum(axis=-1, keepdims=True)
    return np.broadcast_to(summed, (*summed.shape[:-1], kernel.shape[-1])) + bias


def _no_groups_order(x: Any, kernel: Any, bias: Any = 0.0, groups: int = 1, **o: Any) -> np.ndarray:
    """Input channels dealt out to the groups in turn, instead of in blocks."""
    dealt = x.reshape(*x.shape[:-1], -1, groups).swapaxes(-1, -2).reshape(x.shape)
    return _channels(dealt, kernel, bias, groups=groups, **o)


def _many(
    height: int, width: int, k_height: int, k_width: int, ins: int, outs: int, *, bias: bool = False, **options: Any
) -> dict[str, Any]:
    seed = height + width + ins + outs
    groups = options.get("groups", 1)
    case = {
        "x": digits(height, width, ins, seed=seed),
        "kernel": digits(k_height, k_width, ins // groups, outs, seed=seed + 1),
    }
    if bias:
        case["bias"] = 10.0 * np.arange(1, outs + 1)
    return {**case, **options}


CHANNELS = Exercise(
    name="conv2d_channels",
    task="Convolve `x` of shape (height, width, in) with `kernel` of shape (kernel height, kernel width, in, out) and "
    "return shape (height, width, out). If your function also takes `bias` (one number for each output channel), "
    "`stride` or `groups`, these are tried as well.",
    takes=("x", "kernel"),
    options={"bias": 0.0, "stride": 1, "groups": 1},
    right=_channels,
    cases=(
        _many(1, 2, 1, 1, 2, 2),
        _many(2, 3, 1, 2, 2, 2),
        _many(2, 3, 2, 2, 3, 1),
        _many(2, 4, 1, 2, 1, 3),
        _many(4, 3, 2, 2, 2, 3),
        {"x": signed(5, 6, 3, seed=6), "kernel": signed(3, 2, 3, 4, seed=7)},
        _many(1, 2, 1, 2, 2, 2, bias=True),
        _many(3, 4, 2, 2, 2, 3, bias=True),
        _many(3, 5, 1, 2, 2, 3, stride=2),
        _many(1, 2, 1, 1, 4, 4, groups=2),
        _many(3, 4, 2, 2, 4, 2, groups=2),
        _many(3, 4, 2, 2, 3, 3, groups=3),
    ),
    mutants=(
        Mutant(
            "In and out are mixed up in the kernel: its third axis runs over input channels, its fourth over output "
            "channels.",
            lambda x, kernel, **o: _channels(x, kernel.swapaxes(2, 3), **o),
        ),
        Mutant(
            "The input channels are averaged. Their products are added up.",
            lambda x, kernel, bias=0.0, **o: _channels(x, kernel, **o) / kernel.shape[2] + bias,
        ),
        Mutant("Only the first input channel is used. Every output sums over all of them.", _first_channel),
        Mutant(
            "Only the last input channel counts: each one replaces the one before. Use `+=`, not `=`.",
            lambda x, kernel, bias=0.0, **o: _channels(x[..., -1:], kernel[:, :, -1:], bias, **o),
        ),
        Mutant("All input channels meet the same slice of the kernel. Each has its own.", _one_slice),
        Mutant("The output channels are mixed into one: each has a kernel of its own.", _same_out),
        Mutant(
            "The result has one channel: the output channels were added up too.",
            lambda x, kernel, bias=0.0, **o: _channels(x, kernel, bias, **o).sum(axis=-1),
        ),
        Mutant("The bias is forgotten.", lambda bias=0.0, **a: _channels(**a)),
        Mutant(
            "The bias is added once for every weight. It is added once for every output.",
            lambda x, kernel, bias=0.0, **o: _channels(x, kernel, bias * np.prod(kernel.shape[:3]), **o),
        ),
        Mutant(
            "The bias is added once for every input channel. It is added once for every output.",
            lambda x, kernel, bias=0.0, **o: _channels(x, kernel, bias * kernel.shape[2], **o),
        ),
        Mutant(
            "The bias is added once for every pixel of the kernel. It is added once for every output.",
            lambda x, kernel, bias=0.0, **o: _channels(x, kernel, bias * np.prod(kernel.shape[:2]), **o),
        ),
        Mutant("The groups take the input channels in turn. A group is a block of neighbours.", _no_groups_order),
        Mutant(FLIPPED, lambda x, kernel, **o: _channels(x, kernel[::-1, ::-1], **o)),
        Mutant(
            "The kernel's rows and columns are swapped: `kernel[i, j]` goes i down and j across.",
            lambda x, kernel, **o: _channels(x, kernel.swapaxes(0, 1), **o),
        ),
        Mutant(
            "The stride is forgotten: the window moves by one.",
            lambda stride=1, **a: _channels(**a),
        ),
        Mutant("Height and width of the output are swapped.", lambda **a: _channels(**a).swapaxes(0, 1)),
        Mutant(
            "The channels come first. Here they are the last axis: (height, width, out).",
            lambda **a: np.moveaxis(_channels(**a), -1, 0),
        ),
        Mutant(
            "The last row and the last column are missing: a kernel of k fits n − k + 1 times, not n − k.",
            lambda **a: _channels(**a)[:-1, :-1],
        ),
    ),
    kind=ARRAY,
    roles=ROLES,
)


# ------------------------------------------------------------------------------------ im2col


def _windows(x: Any, size: tuple[int, int], stride: int = 1) -> np.ndarray:
    view = np.lib.stride_tricks.sliding_window_view(x, size)[::stride, ::stride]
    return view.reshape(-1, size[0] * size[1]).copy()


def _rows_of(height: int, width: int, size: tuple[int, int], **options: int) -> dict[str, Any]:
    return {"x": np.arange(1.0, height * width + 1).reshape(height, width), "size": size, **options}


IM2COL = Exercise(
    name="im2col",
    task="Return the windows of `size` (height, width) of a matrix `x` as the rows of one matrix, in reading order, "
    "so that the convolution becomes `im2col(x, kernel.shape) @ kernel.ravel()`.",
    takes=("x", "size"),
    options={"stride": 1},
    right=_windows,
    cases=(
        _rows_of(2, 3, (1, 2)),
        _rows_of(2, 3, (2, 2)),
        _rows_of(3, 2, (2, 1)),
        _rows_of(3, 4, (2, 3)),
        _rows_of(4, 5, (3, 2)),
        _rows_of(3, 5, (2, 2), stride=2),
        _rows_of(5, 6, (2, 3), stride=2),
    ),
    mutants=(
        Mutant("The windows are the columns. Here each window is a row.", lambda **a: _windows(**a).T),
        Mutant(
            "Each window is read down its columns. Read it row by row.",
            lambda x, size, stride=1: (
                np.lib.stride_tricks.sliding_window_view(x, size)[::stride, ::stride]
                .swapaxes(2, 3)
                .reshape(-1, size[0] * size[1])
            ),
        ),
        Mutant(
            "The windows come column by column. Their order is that of reading: across, then down.",
            lambda x, size, stride=1: (
                np.lib.stride_tricks.sliding_window_view(x, size)[::stride, ::stride]
                .swapaxes(0, 1)
                .reshape(-1, size[0] * size[1])
            ),
        ),
        Mutant("Each window is read backwards: that flips the kernel.", lambda **a: _windows(**a)[:, ::-1]),
        Mutant(
            "Height and width of the window are swapped.",
            lambda x, size, stride=1: _windows(x, size[::-1], stride),
        ),
        Mutant(
            "The last windows of each row and column are missing: a window of k fits n − k + 1 times.",
            lambda x, size, stride=1: np.lib.stride_tricks.sliding_window_view(x, size)[:-1:stride, :-1:stride].reshape(
                -1, size[0] * size[1]
            ),
        ),
        Mutant(
            "The last windows of each row are missing: a window of k fits n − k + 1 times.",
            lambda x, size, stride=1: np.lib.stride_tricks.sliding_window_view(x, size)[::stride, :-1:stride].reshape(
                -1, size[0] * size[1]
            ),
        ),
        Mutant("The stride is forgotten: the window moves by one.", lambda x, size, stride=1: _windows(x, size)),
        Mutant(
            "The windows do not overlap: they move by their own size.",
            lambda x, size, stride=1: np.lib.stride_tricks.sliding_window_view(x, size)[:: size[0], :: size[1]].reshape(
                -1, size[0] * size[1]
            ),
        ),
        Mutant(
            "The windows keep their two axes. Each should be one row: flatten it.",
            lambda x, size, stride=1: np.lib.stride_tricks.sliding_window_view(x, size)[::stride, ::stride],
        ),
    ),
    kind=ARRAY,
    roles={"x": "input"},
)


# ------------------------------------------------------------------- what channels are good for


def _blur(photo: Any) -> np.ndarray:
    return conv2d(photo, np.full((5, 5, 1, 3), 1 / 25), groups=3)


BLUR = Exercise(
    name="blur",
    task="Blur a `photo` of shape (height, width, 3) with the mean of 5 × 5 pixels, each colour on its own. Nothing is "
    "padded.",
    takes=("photo",),
    right=_blur,
    cases=(
        {"photo": digits(5, 5, 3)},
        {"photo": digits(5, 6, 3)},
        {"photo": signed(7, 8, 3, seed=21)},
        {"photo": signed(9, 6, 3, seed=22)},
    ),
    mutants=(
        Mutant(
            "The colours are mixed: every output averages all three. Use three groups.",
            lambda photo: np.repeat(_blur(photo).mean(axis=-1, keepdims=True), 3, axis=-1),
        ),
        Mutant(
            "The colours are mixed, and added up. Use three groups.",
            lambda photo: np.repeat(_blur(photo).sum(axis=-1, keepdims=True), 3, axis=-1),
        ),
        Mutant(
            "The result has one channel: the colours were added up.",
            lambda photo: _blur(photo).sum(axis=-1, keepdims=True),
        ),
        Mutant("The picture becomes 25 times brighter: the weights must add up to 1.", lambda photo: _blur(photo) * 25),
        Mutant(
            "The picture becomes darker: 75 weights of 1/75 are for one output of all colours. Each colour has 25.",
            lambda photo: _blur(photo) / 3,
        ),
        Mutant(
            "The picture is padded. Here only windows count that lie inside.",
            lambda photo: conv2d(photo, np.full((5, 5, 1, 3), 1 / 25), groups=3, padding="same"),
        ),
        Mutant(
            "The mean is of 3 × 3 pixels, not of 5 × 5.",
            lambda photo: conv2d(photo, np.full((3, 3, 1, 3), 1 / 9), groups=3),
        ),
    ),
    kind=ARRAY,
    roles={"photo": "input"},
)


def _ungrouped(kernel: Any, groups: int) -> np.ndarray:
    height, width, per, outs = kernel.shape
    full = np.zeros((height, width, per * groups, outs))
    share = outs // groups
    for g in range(groups):
        mine = slice(g * share, (g + 1) * share)
        full[:, :, g * per : (g + 1) * per, mine] = kernel[..., mine]
    return full


UNGROUP = Exercise(
    name="ungroup",
    task="From a `kernel` for `groups` groups, shape (height, width, in / groups, out), make the kernel of shape "
    "(height, width, in, out) that gives the same output without groups.",
    takes=("kernel", "groups"),
    right=_ungrouped,
    cases=(
        {"kernel": digits(1, 1, 1, 2), "groups": 2},
        {"kernel": digits(1, 2, 1, 2), "groups": 2},
        {"kernel": digits(1, 1, 2, 4), "groups": 2},
        {"kernel": digits(2, 1, 2, 6), "groups": 3},
        {"kernel": digits(1, 2, 3, 2), "groups": 1},
        {"kernel": signed(2, 3, 2, 6, seed=23), "groups": 2},
    ),
    mutants=(
        Mutant(
            "Every group is filled. Where input and output belong to different groups, the weight is zero.",
            lambda kernel, groups: np.tile(kernel, (1, 1, groups, 1)),
        ),
        Mutant(
            "Only the first group is filled.",
            lambda kernel, groups: _ungrouped(
                kernel * (np.arange(kernel.shape[3]) < kernel.shape[3] // groups), groups
            ),
        ),
        Mutant(
            "The groups stand in the wrong order: the first input channels belong to the first outputs.",
            lambda kernel, groups: np.concatenate(np.split(_ungrouped(kernel, groups), groups, axis=2)[::-1], axis=2),
        ),
        Mutant(
            "The groups take the input channels in turn. A group is a block of neighbours.",
            lambda kernel, groups: np.take(
                _ungrouped(kernel, groups),
                np.argsort(np.arange(kernel.shape[2] * groups).reshape(-1, groups).T.ravel()),
                axis=2,
            ),
        ),
        Mutant(
            "The kernel is as it was: the input channels of the other groups are missing.",
            lambda kernel, groups: kernel,
        ),
    ),
    kind=ARRAY,
    roles={"kernel": "kernel"},
)


def _product(p: Any, q: Any) -> np.ndarray:
    pads = tuple((n - 1, n - 1) for n in q.shape)
    return _plain(p, q[::-1, ::-1], padding=pads)


POLYNOMIALS = Exercise(
    name="polynomials",
    task="Multiply two polynomials in two variables, given as matrices of coefficients: `p[i, j]` belongs to the "
    "powers i and j.",
    takes=("p", "q"),
    right=_product,
    cases=(
        {"p": digits(2, 2), "q": digits(2, 2, seed=1)},
        {"p": digits(1, 2), "q": digits(1, 2, seed=1)},
        {"p": digits(2, 3), "q": digits(2, 2, seed=1)},
        {"p": digits(1, 3), "q": digits(2, 1, seed=2)},
        {"p": signed(3, 2, seed=24), "q": signed(2, 4, seed=25)},
    ),
    mutants=(
        Mutant(
            "One factor must be turned by 180 degrees: as one power rises, the other falls.",
            lambda p, q: _product(p, q[::-1, ::-1]),
        ),
        Mutant(
            "The product is too small: powers add up, so the sizes add up too, less one. Let the kernel hang over on "
            "every side.",
            lambda p, q: _plain(p, q[::-1, ::-1]),
        ),
        Mutant(
            'That is "same" padding: some powers are cut off.', lambda p, q: _plain(p, q[::-1, ::-1], padding="same")
        ),
        Mutant("The coefficients are multiplied one by one. Every pair contributes.", lambda p, q: p * q),
        Mutant("That is the matrix product. Every pair of coefficients contributes.", lambda p, q: p @ q),
        Mutant(
            "The factor is turned in one direction only.",
            lambda p, q: _product(p, q[::-1]),
        ),
    ),
    kind=ARRAY,
    roles={"p": "input", "q": "kernel"},
)


def _merged(depthwise: Any, pointwise: Any) -> np.ndarray:
    return np.einsum("abm,mo->abmo", depthwise, pointwise)


SEPARABLE = Exercise(
    name="separable",
    task="Merge a `depthwise` kernel of shape (height, width, in) and the 1 × 1 kernel `pointwise` of shape (in, out) "
    "that follows it into one kernel of shape (height, width, in, out).",
    takes=("depthwise", "pointwise"),
    right=_merged,
    cases=(
        {"depthwise": digits(1, 2, 1), "pointwise": digits(1, 2)},
        {"depthwise": digits(1, 2, 2), "pointwise": digits(2, 2)},
        {"depthwise": digits(2, 2, 2), "pointwise": digits(2, 1)},
        {"depthwise": signed(2, 3, 3, seed=26), "pointwise": signed(3, 4, seed=27)},
    ),
    mutants=(
        Mutant(
            "The input channels are added up already. Each keeps its own slice.",
            lambda depthwise, pointwise: np.einsum("abm,mo->abo", depthwise, pointwise),
        ),
        Mutant(
            "The pointwise kernel is read as (out, in).",
            lambda depthwise, pointwise: np.einsum("abm,om->abmo", depthwise, pointwise),
        ),
        Mutant(
            "The weights are added. One after the other, they multiply.",
            lambda depthwise, pointwise: depthwise[..., None] + pointwise,
        ),
        Mutant(
            "In and out have changed places: the result is (height, width, in, out).",
            lambda depthwise, pointwise: np.einsum("abm,mo->abom", depthwise, pointwise),
        ),
        Mutant(
            "Every output has the same kernel: the pointwise weights are missing.",
            lambda depthwise, pointwise: np.repeat(depthwise[..., None], pointwise.shape[1], axis=-1),
        ),
    ),
    kind=ARRAY,
    roles={"depthwise": "kernel", "pointwise": "kernel"},
)


CONVOLUTION = (CONV2D, CONV2D_SAME, CHANNELS, IM2COL, BLUR, UNGROUP, POLYNOMIALS, SEPARABLE)
