"""Exercises of chapters 0 and 5: the transposed convolution as scatter and as gather, its parts, one dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib.exercises._data import digits, signed
from conv_lib.exercises._exercise import ARRAY, Exercise, Mutant
from conv_lib.ops import conv2d, conv2d_transpose, zero_insert

ROLES = {"x": "input", "kernel": "kernel"}


def _full(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    """Nothing cropped, nothing appended."""
    return conv2d_transpose(x[..., None], kernel[..., None, None], stride=stride, padding=0)[..., 0]


def _crop(full: np.ndarray, before: int, after: int) -> np.ndarray:
    return full[before : full.shape[0] - after, before : full.shape[1] - after]


def _scatter(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
    return _crop(_full(x, kernel, stride), padding, padding)


def _stamped(x: Any, kernel: Any, stride: int, *, step: int, add: bool) -> np.ndarray:
    size = [(n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True)]
    result = np.zeros(size)
    for (i, j), value in np.ndenumerate(x):
        rows, columns = slice(i * step, i * step + kernel.shape[0]), slice(j * step, j * step + kernel.shape[1])
        result[rows, columns] = value * kernel + (result[rows, columns] if add else 0)
    return result


def _overwritten(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
    return _crop(_stamped(x, kernel, stride, step=stride, add=False), padding, padding)


def _stride_in_size_only(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
    return _crop(_stamped(x, kernel, stride, step=1, add=True), padding, padding)


def _averaged(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
    counts = _full(np.ones_like(x), np.ones_like(kernel), stride)
    return _crop(_full(x, kernel, stride) / np.maximum(counts, 1), padding, padding)


def _of_size(extra: int) -> Any:
    """The output with its end cut off, or zeros appended: size n·s + extra."""

    def wrong(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
        full = _full(x, kernel, stride)
        size = [n * stride + extra for n in x.shape]
        result = np.zeros(size)
        part = full[: size[0], : size[1]]
        result[: part.shape[0], : part.shape[1]] = part
        return _crop(result, padding, padding)

    return wrong


def _resized(x: Any, kernel: Any, stride: int = 1, padding: int = 0) -> np.ndarray:
    bigger = np.kron(x, np.ones((stride, stride)))
    around = [(k - 1, k - 1) for k in kernel.shape]
    y = conv2d(np.pad(bigger, around)[..., None], kernel[::-1, ::-1, None, None])[..., 0]
    return _crop(y, padding, padding)


_COMMON = (
    Mutant("Height and width of the output are swapped.", lambda **a: _scatter(**a).T),
    Mutant(
        "The padding is forgotten: it crops the result at all sides.",
        lambda x, kernel, stride=1, padding=0: _full(x, kernel, stride),
    ),
    Mutant(
        "The padding is added around the result. In a transposed convolution it crops.",
        lambda x, kernel, stride=1, padding=0: np.pad(_full(x, kernel, stride), padding),
    ),
    Mutant(
        "The input is padded. The padding crops the result instead.",
        lambda x, kernel, stride=1, padding=0: _full(np.pad(x, padding), kernel, stride),
    ),
    Mutant(
        "All of it is cropped at the end. The padding crops both ends.",
        lambda x, kernel, stride=1, padding=0: _crop(_full(x, kernel, stride), 0, 2 * padding),
    ),
    Mutant(
        "All of it is cropped at the beginning. The padding crops both ends.",
        lambda x, kernel, stride=1, padding=0: _crop(_full(x, kernel, stride), 2 * padding, 0),
    ),
    Mutant(
        "Only the end is cropped. The padding crops both ends.",
        lambda x, kernel, stride=1, padding=0: _crop(_full(x, kernel, stride), 0, padding),
    ),
    Mutant(
        "Only the beginning is cropped. The padding crops both ends.",
        lambda x, kernel, stride=1, padding=0: _crop(_full(x, kernel, stride), padding, 0),
    ),
    Mutant(
        "The last row and the last column are missing: the size is (n − 1)·s + k.",
        lambda **a: _scatter(**a)[:-1, :-1],
    ),
    Mutant("The output has n·s cells a side. The last stamp reaches (n − 1)·s + k.", _of_size(0)),
    Mutant(
        "The input is enlarged by repeating its values. Between them belong zeros.",
        _resized,
    ),
    Mutant(
        "The numbers are cut to whole ones: the result was made as an array of integers.",
        lambda **a: np.trunc(_scatter(**a)),
    ),
)

_SCATTER_ONLY = (
    Mutant(
        "The kernel's rows and columns are swapped: `kernel[i, j]` lands i down and j across.",
        lambda x, kernel, **o: _scatter(x, kernel.T, **o),
    ),
    Mutant(
        "The stride is forgotten: stamps stand `stride` cells apart.",
        lambda x, kernel, stride=1, **o: _scatter(x, kernel, **o),
    ),
    Mutant(
        "The kernel is turned by 180 degrees. A stamp is the kernel as it is stored; only the sliding window of the "
        "second picture is rotated.",
        lambda x, kernel, **o: _scatter(x, kernel[::-1, ::-1], **o),
    ),
    Mutant("Each stamp replaces what was there. Overlaps add up: use `+=`, not `=`.", _overwritten),
    Mutant(
        "The stride is in the size of the output, but not in the place of the stamps: those begin at row * stride.",
        _stride_in_size_only,
    ),
    Mutant("Overlaps are averaged. They add up.", _averaged),
    Mutant(
        "That is the convolution. Its transpose stamps the kernel instead of reading under it.",
        lambda x, kernel, stride=1, padding=0: conv2d(
            x[..., None], kernel[..., None, None], stride=stride, padding=padding
        )[..., 0],
    ),
)


def _one(height: int, width: int, k_height: int, k_width: int, **options: int) -> dict[str, Any]:
    seed = 3 * height + width
    return {"x": digits(height, width, seed=seed), "kernel": digits(k_height, k_width, seed=seed + 1), **options}


_CASES = (
    _one(2, 3, 2, 2),
    _one(1, 2, 1, 2),
    _one(2, 1, 1, 3),
    _one(3, 2, 2, 3),
    {"x": signed(3, 4, seed=11), "kernel": signed(2, 3, seed=12)},
    _one(1, 2, 1, 2, stride=2),
    _one(1, 2, 1, 3, stride=2),
    _one(2, 3, 3, 2, stride=2),
    _one(3, 2, 1, 2, stride=3),
    {"x": signed(4, 3, seed=13), "kernel": signed(4, 3, seed=14), "stride": 2},
    _one(2, 3, 2, 3, padding=1),
    _one(3, 2, 3, 3, stride=2, padding=1),
    _one(3, 4, 4, 2, stride=3, padding=2),
)

SCATTER = Exercise(
    name="conv2d_transpose",
    task="Transpose a convolution: stamp the matrix `kernel`, times each value of the matrix `x`, `stride` cells "
    "apart, and return everything that was reached. If your function also takes `padding`, it crops so many cells at "
    "every side.",
    takes=("x", "kernel"),
    options={"stride": 1, "padding": 0},
    right=_scatter,
    cases=_CASES,
    mutants=(*_SCATTER_ONLY, *_COMMON),
    kind=ARRAY,
    roles=ROLES,
)


# ---------------------------------------------------------------------------- zero insertion


def _inserted(x: Any, stride: int) -> np.ndarray:
    return zero_insert(x[..., None], stride)[..., 0]


def _slid(x: Any, kernel: Any, stride: int = 1, padding: int = 0, *, spread: Any = _inserted, pad: int = -1) -> Any:
    """The second picture, with its parts open to mistakes; `kernel` is used as it comes."""
    around = [(k + pad, k + pad) for k in kernel.shape]
    y = conv2d(np.pad(spread(x, stride), around)[..., None], kernel[..., None, None])[..., 0]
    return _crop(y, padding, padding)


def _zeros_after(x: Any, stride: int) -> np.ndarray:
    result = np.zeros([n * stride for n in x.shape])
    result[::stride, ::stride] = x
    return result


def _zeros_before(x: Any, stride: int) -> np.ndarray:
    return _zeros_after(x[::-1, ::-1], stride)[::-1, ::-1]


def _one_zero_more(x: Any, stride: int) -> np.ndarray:
    return _inserted(x, stride + 1)


def _around(x: Any, stride: int) -> np.ndarray:
    """Zeros round the image, none between."""
    return np.pad(x, stride - 1)


def _turned(kernel: np.ndarray) -> np.ndarray:
    return kernel[::-1, ::-1]


GATHER = Exercise(
    name="conv2d_transpose_gather",
    task="The same by the second picture: put `stride` − 1 zeros between the values of `x`, pad by kernel − 1, and "
    "slide the rotated kernel over it. If your function also takes `padding`, it crops.",
    takes=("x", "kernel"),
    options={"stride": 1, "padding": 0},
    right=_scatter,
    cases=_CASES,
    mutants=(
        Mutant(
            "The kernel is not rotated. Sliding over the spread input needs it turned by 180 degrees.",
            lambda x, kernel, **o: _slid(x, kernel, **o),
        ),
        Mutant(
            "The kernel is flipped in one direction only. It must be turned by 180 degrees: `kernel[::-1, ::-1]`.",
            lambda x, kernel, **o: _slid(x, kernel[::-1], **o),
        ),
        Mutant(
            "The kernel is flipped from left to right only. It must be turned by 180 degrees: `kernel[::-1, ::-1]`.",
            lambda x, kernel, **o: _slid(x, kernel[:, ::-1], **o),
        ),
        Mutant(
            "The kernel is transposed. It must be turned by 180 degrees: `kernel[::-1, ::-1]`.",
            lambda x, kernel, **o: _slid(x, kernel.T, **o),
        ),
        Mutant(
            "Zeros stand after the last value too. They belong between values only.",
            lambda x, kernel, **o: _slid(x, _turned(kernel), spread=_zeros_after, **o),
        ),
        Mutant(
            "Zeros stand before the first value too. They belong between values only.",
            lambda x, kernel, **o: _slid(x, _turned(kernel), spread=_zeros_before, **o),
        ),
        Mutant(
            "`stride` zeros stand between neighbours. One fewer: then values are `stride` cells apart.",
            lambda x, kernel, **o: _slid(x, _turned(kernel), spread=_one_zero_more, **o),
        ),
        Mutant(
            "No zeros are inserted: values must stand `stride` cells apart.",
            lambda x, kernel, stride=1, **o: _slid(x, _turned(kernel), 1, **o),
        ),
        Mutant(
            "The edge is not padded by kernel − 1: the first and last stamps are seen in part only.",
            lambda x, kernel, **o: (
                _slid(x, _turned(kernel), pad=-min(kernel.shape), **o)
                if kernel.shape[0] == kernel.shape[1]
                else _scatter(x, kernel, **o)[
                    kernel.shape[0] - 1 : 1 - kernel.shape[0] or None, kernel.shape[1] - 1 : 1 - kernel.shape[1] or None
                ]
            ),
        ),
        Mutant(
            "The edge is padded by the kernel's size. One fewer is enough.",
            lambda x, kernel, **o: _slid(x, _turned(kernel), pad=0, **o),
        ),
        Mutant(
            "The window moves by `stride`. The zeros have done that already: it moves by 1.",
            lambda x, kernel, stride=1, padding=0: _crop(
                _slid(x, _turned(kernel), stride)[::stride, ::stride], padding, padding
            ),
        ),
        *_COMMON,
    ),
    kind=ARRAY,
    roles=ROLES,
)

ZERO_INSERT = Exercise(
    name="zero_insert",
    task="Put `stride` − 1 zeros between neighbours of a matrix `x`, in both directions: none before the first, none "
    "after the last.",
    takes=("x", "stride"),
    right=_inserted,
    cases=(
        {"x": digits(1, 2), "stride": 2},
        {"x": digits(2, 3), "stride": 2},
        {"x": digits(3, 2, seed=1), "stride": 1},
        {"x": digits(2, 4), "stride": 3},
        {"x": digits(1, 1), "stride": 4},
        {"x": signed(3, 4, seed=15), "stride": 3},
    ),
    mutants=(
        Mutant("Zeros stand after the last value too. They belong between values only.", _zeros_after),
        Mutant("Zeros stand before the first value too. They belong between values only.", _zeros_before),
        Mutant("`stride` zeros stand between neighbours. One fewer: then values are `stride` apart.", _one_zero_more),
        Mutant(
            "The values are repeated. Between them belong zeros.", lambda x, stride: np.kron(x, np.ones([stride] * 2))
        ),
        Mutant("The zeros stand around the matrix. They belong between its values.", _around),
        Mutant(
            "Only rows of zeros were inserted: columns need them too.",
            lambda x, stride: _inserted(x, (stride, 1)),
        ),
        Mutant(
            "Only columns of zeros were inserted: rows need them too.",
            lambda x, stride: _inserted(x, (1, stride)),
        ),
        Mutant(
            "Values are left out: every `stride`-th is kept. That is the opposite, subsampling.",
            lambda x, stride: x[::stride, ::stride],
        ),
        Mutant("Rows and columns are swapped.", lambda x, stride: _inserted(x, stride).T),
    ),
    kind=ARRAY,
    roles={"x": "input"},
)


# ---------------------------------------------------------------------------- kernel rotation


def _rotated(kernel: Any) -> np.ndarray:
    return kernel[::-1, ::-1].swapaxes(2, 3)


ROTATED = Exercise(
    name="rotated_kernel",
    task="From a `kernel` of a transposed convolution, shape (height, width, out, in), make the kernel with which an "
    "ordinary convolution over the spread and padded input gives the same: shape (height, width, in, out).",
    takes=("kernel",),
    right=_rotated,
    cases=(
        {"kernel": digits(1, 2, 1, 1)},
        {"kernel": digits(2, 2, 1, 1)},
        {"kernel": digits(1, 2, 2, 1)},
        {"kernel": digits(1, 1, 2, 2)},
        {"kernel": digits(2, 3, 2, 2)},
        {"kernel": signed(3, 2, 4, 3, seed=16)},
    ),
    mutants=(
        Mutant(
            "Nothing was turned: height and width both run backwards. Only the channels changed places.",
            lambda kernel: kernel.swapaxes(2, 3),
        ),
        Mutant(
            "The channels did not change places: the last two axes are (out, in) here and (in, out) there.",
            lambda kernel: kernel[::-1, ::-1],
        ),
        Mutant(
            "Height and width changed places. A rotation by 180 degrees keeps them and runs both backwards.",
            lambda kernel: kernel.transpose(1, 0, 3, 2),
        ),
        Mutant(
            "All axes are reversed in order: `.T` changes places, it does not turn.",
            lambda kernel: kernel.T,
        ),
        Mutant(
            "Only the height runs backwards: the width does too.",
            lambda kernel: kernel[::-1].swapaxes(2, 3),
        ),
        Mutant(
            "Only the width runs backwards: the height does too.",
            lambda kernel: kernel[:, ::-1].swapaxes(2, 3),
        ),
        Mutant(
            "That is a turn by 90 degrees. Two of them are needed.",
            lambda kernel: np.rot90(kernel).swapaxes(2, 3),
        ),
        Mutant(
            "The channels run backwards too. Only height and width are turned.",
            lambda kernel: np.flip(kernel).swapaxes(2, 3),
        ),
    ),
    kind=ARRAY,
    roles={"kernel": "kernel"},
)


# ------------------------------------------------------------------------------ one dimension


def _full_1d(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return _full(x[None], kernel[None], stride)[0]


def _causal(x: Any, kernel: Any, stride: int) -> np.ndarray:
    result = np.zeros(len(x) * stride)
    full = _full_1d(x, kernel, stride)[: len(result)]
    result[: len(full)] = full
    return result


def _middle(x: Any, kernel: Any, stride: int) -> np.ndarray:
    extra = max(len(kernel) - stride, 0)
    return _full_1d(x, kernel, stride)[extra // 2 :][: len(x) * stride]


CAUSAL = Exercise(
    name="causal_transpose",
    task="Transpose a causal convolution in one dimension: `x` and `kernel` are rows of numbers, the output has "
    "len(x) * stride of them, and output t depends on no input after t // stride.",
    takes=("x", "kernel", "stride"),
    right=_causal,
    cases=(
        {"x": digits(2), "kernel": digits(2, seed=1), "stride": 1},
        {"x": digits(3), "kernel": digits(3, seed=1), "stride": 2},
        {"x": np.array([1.0, 2, 4, 8]), "kernel": digits(4), "stride": 2},
        {"x": digits(3, seed=2), "kernel": digits(2, seed=3), "stride": 2},
        {"x": digits(4, seed=2), "kernel": digits(7, seed=3), "stride": 3},
        {"x": signed(5, seed=17), "kernel": signed(5, seed=18), "stride": 2},
    ),
    mutants=(
        Mutant(
            "The beginning is cut off. Then an output sees inputs that come later: cut off the end.",
            lambda x, kernel, stride: _full_1d(x, kernel, stride)[max(len(kernel) - stride, 0) :],
        ),
        Mutant(
            'Both ends are cut off, as "same" does. Then an output sees inputs that come later: cut off the end only.',
            _middle,
        ),
        Mutant(
            "Nothing is cut off: the last len(kernel) − stride numbers are too many.",
            _full_1d,
        ),
        Mutant(
            "The kernel runs backwards. A stamp is the kernel as it is stored.",
            lambda x, kernel, stride: _causal(x, kernel[::-1], stride),
        ),
        Mutant(
            "The input is padded at its beginning. The transpose needs no padding: cut off the end of its result.",
            lambda x, kernel, stride: _full_1d(np.pad(x, (len(kernel) - 1, 0)), kernel, stride)[: len(x) * stride],
        ),
        Mutant(
            "The stride is forgotten: stamps stand `stride` places apart.",
            lambda x, kernel, stride: _full_1d(x, kernel)[: len(x)],
        ),
    ),
    kind=ARRAY,
    roles=ROLES,
)


# ------------------------------------------------------------------------------------ channels


def _channels(x: Any, kernel: Any, stride: int = 1) -> np.ndarray:
    return conv2d_transpose(x, kernel, stride=stride, padding=0)


def _many(height: int, width: int, k_height: int, k_width: int, outs: int, ins: int, **options: int) -> dict[str, Any]:
    seed = height + width + outs
    return {
        "x": digits(height, width, ins, seed=seed),
        "kernel": digits(k_height, k_width, outs, ins, seed=seed + 1),
        **options,
    }


CHANNELS = Exercise(
    name="conv2d_transpose_channels",
    task="Transpose a convolution with channels: `x` of shape (height, width, in), `kernel` of shape (kernel height, "
    "kernel width, out, in); return (height, width, out), nothing cropped.",
    takes=("x", "kernel"),
    options={"stride": 1},
    right=_channels,
    cases=(
        _many(1, 2, 1, 1, 2, 2),
        _many(1, 2, 1, 2, 2, 2),
        _many(2, 3, 2, 2, 1, 2),
        _many(2, 3, 2, 1, 3, 2),
        {"x": signed(3, 4, 3, seed=19), "kernel": signed(2, 3, 2, 3, seed=20)},
        _many(1, 2, 1, 3, 2, 2, stride=2),
        _many(3, 2, 3, 2, 2, 3, stride=2),
    ),
    mutants=(
        Mutant(
            "In and out are mixed up in the kernel: here its third axis is the output's, its fourth the input's.",
            lambda x, kernel, **o: _channels(x, kernel.swapaxes(2, 3), **o),
        ),
        Mutant(
            "The input channels are averaged. Their stamps add up.",
            lambda x, kernel, **o: _channels(x, kernel, **o) / kernel.shape[3],
        ),
        Mutant(
            "Only the first input channel is used. The stamps of all of them add up.",
            lambda x, kernel, **o: _channels(x[..., :1], kernel[..., :1], **o),
        ),
        Mutant(
            "Only the last input channel counts: each one replaces the one before. Use `+=`, not `=`.",
            lambda x, kernel, **o: _channels(x[..., -1:], kernel[..., -1:], **o),
        ),
        Mutant(
            "The kernel is turned by 180 degrees. A stamp is the kernel as it is stored.",
            lambda x, kernel, **o: _channels(x, kernel[::-1, ::-1], **o),
        ),
        Mutant(
            "The kernel's rows and columns are swapped.",
            lambda x, kernel, **o: _channels(x, kernel.swapaxes(0, 1), **o),
        ),
        Mutant(
            "The stride is forgotten: stamps stand `stride` cells apart.",
            lambda x, kernel, stride=1: _channels(x, kernel),
        ),
        Mutant("Height and width of the output are swapped.", lambda **a: _channels(**a).swapaxes(0, 1)),
        Mutant(
            "The last row and the last column are missing: the size is (n − 1)·s + k.",
            lambda **a: _channels(**a)[:-1, :-1],
        ),
    ),
    kind=ARRAY,
    roles=ROLES,
    out_axis=2,
)


TRANSPOSED = (SCATTER, GATHER, ZERO_INSERT, ROTATED, CAUSAL, CHANNELS)
