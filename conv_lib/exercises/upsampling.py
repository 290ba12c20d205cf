"""Exercises of chapter 9: resize and convolution in one layer, interpolation, blocks of channels, the projection."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib.exercises._data import digits, signed
from conv_lib.exercises._exercise import ARRAY, Exercise, Mutant
from conv_lib.ops import conv2d_transpose, depth_to_space, pixel_shuffle, resize_conv_projection, upsample_bilinear

# ----------------------------------------------------------------- resize and convolution in one


def _boxed(kernel: Any, rows: int, columns: int | None = None) -> np.ndarray:
    """The full convolution of a kernel, as it is given, with a box of ones."""
    box = np.ones((rows, rows if columns is None else columns))
    return conv2d_transpose(box[..., None], kernel[..., None, None])[..., 0]


RESIZE_KERNEL = Exercise(
    name="resize_kernel",
    task="Nearest upsampling by `factor` and then a convolution with the matrix `kernel` is one transposed convolution "
    "with stride `factor`: make its kernel.",
    takes=("kernel", "factor"),
    right=lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor),
    cases=(
        {"kernel": digits(1, 2), "factor": 2},
        {"kernel": digits(2, 3), "factor": 2},
        {"kernel": digits(3, 1), "factor": 3},
        {"kernel": digits(3, 2, seed=1), "factor": 1},
        {"kernel": signed(3, 5, seed=31), "factor": 2},
        {"kernel": signed(2, 4, seed=32), "factor": 4},
    ),
    mutants=(
        Mutant(
            "The kernel is not turned. A convolution reads under its kernel, a transposed one stamps it: what is "
            "stamped is the kernel turned by 180 degrees.",
            lambda kernel, factor: _boxed(kernel, factor),
        ),
        Mutant(
            "Every weight became a block. The boxes overlap: neighbours begin one cell apart and add up.",
            lambda kernel, factor: np.kron(kernel[::-1, ::-1], np.ones((factor, factor))),
        ),
        Mutant(
            "The last row and the last column are missing: k + factor − 1 a side.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor)[:-1, :-1],
        ),
        Mutant(
            "The boxes are one too large: repeating by `factor` makes boxes of `factor`.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor + 1),
        ),
        Mutant(
            "The result is divided by the size of the box. Nearest upsampling copies, it does not average.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor) / factor**2,
        ),
        Mutant(
            "The boxes have a height but no width.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor, 1),
        ),
        Mutant(
            "The boxes have a width but no height.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], 1, factor),
        ),
        Mutant(
            "Rows and columns are swapped.",
            lambda kernel, factor: _boxed(kernel[::-1, ::-1], factor).T,
        ),
    ),
    kind=ARRAY,
    roles={"kernel": "kernel"},
)


# -------------------------------------------------------------------------------- interpolation


def _row(x: Any, place: np.ndarray) -> np.ndarray:
    """The values of x at places between its numbers; beyond its ends the last ones."""
    return np.interp(place, np.arange(len(x)), x)


def _places(x: Any, factor: int) -> np.ndarray:
    return (np.arange(len(x) * factor) + 0.5) / factor - 0.5


def _extended(x: Any, factor: int) -> np.ndarray:
    place = _places(x, factor)
    low = np.clip(np.floor(place).astype(int), 0, max(len(x) - 2, 0))
    high = np.minimum(low + 1, len(x) - 1)
    return x[low] + (x[high] - x[low]) * (place - low)


BILINEAR_ROW = Exercise(
    name="bilinear_row",
    task="Interpolate a row `x` linearly to len(x) * factor numbers, with half-pixel centres: output u reads at the "
    "place (u + 1/2) / factor − 1/2, and beyond the ends stands the last number.",
    takes=("x", "factor"),
    right=lambda x, factor: upsample_bilinear(x.reshape(1, -1, 1), (1, factor))[0, :, 0],
    cases=(
        {"x": np.array([0.0, 8.0]), "factor": 2},
        {"x": np.array([4.0, 0.0, 12.0]), "factor": 2},
        {"x": np.array([6.0, 0.0, 3.0, 9.0]), "factor": 3},
        {"x": np.array([5.0]), "factor": 2},
        {"x": signed(5, seed=33), "factor": 4},
        {"x": signed(4, seed=34), "factor": 1},
    ),
    mutants=(
        Mutant(
            "The corner pixels meet: that is align_corners=True. Here the edges of the pixels meet.",
            lambda x, factor: _row(x, np.linspace(0, len(x) - 1, len(x) * factor)),
        ),
        Mutant(
            "Output u reads at u / factor: the half pixels are missing, and all is shifted towards the beginning.",
            lambda x, factor: _row(x, np.arange(len(x) * factor) / factor),
        ),
        Mutant(
            "Beyond the ends the line is continued. There stands the last number.",
            _extended,
        ),
        Mutant(
            "Beyond the ends zeros are read. There stands the last number.",
            lambda x, factor: _row(np.pad(x, 1), _places(x, factor) + 1),
        ),
        Mutant("The numbers are repeated: that is nearest.", lambda x, factor: np.repeat(x, factor)),
        Mutant(
            "Numbers stand between neighbours only: (n − 1) · factor + 1 of them. Asked for are n · factor.",
            lambda x, factor: _row(x, np.arange((len(x) - 1) * factor + 1) / factor),
        ),
        Mutant(
            "The row runs backwards.",
            lambda x, factor: _row(x, _places(x, factor))[::-1],
        ),
    ),
    kind=ARRAY,
)


# ----------------------------------------------------------------------------- blocks of channels


def _blocks(x: Any, block: int, order: str, places: tuple[int, ...]) -> np.ndarray:
    """Channels read in the order of `order`, and laid out by a transposition."""
    height, width, channels = x.shape
    sizes = {"r": height, "q": width, "y": block, "x": block, "c": channels // block**2}
    parts = x.reshape(height, width, *(sizes[letter] for letter in order))
    return parts.transpose(places).reshape(height * block, width * block, -1)


DEPTH_TO_SPACE = Exercise(
    name="depth_to_space",
    task="Lay the channels of `x`, shape (height, width, block · block · c), out as blocks of pixels, in TensorFlow's "
    "order (row in the block, column in the block, channel): shape (height · block, width · block, c).",
    takes=("x", "block"),
    right=lambda x, block: depth_to_space(x, block),
    cases=(
        {"x": digits(1, 1, 4), "block": 2},
        {"x": digits(1, 2, 8), "block": 2},
        {"x": digits(2, 3, 8, seed=1), "block": 2},
        {"x": digits(3, 2, 18), "block": 3},
        {"x": digits(2, 3, 5), "block": 1},
        {"x": signed(2, 3, 12, seed=35), "block": 2},
    ),
    mutants=(
        Mutant(
            "The channels are read in PyTorch's order (channel, row, column): that is pixel_shuffle.",
            lambda x, block: pixel_shuffle(x, block),
        ),
        Mutant(
            "Rows and columns of the block are swapped.",
            lambda x, block: _blocks(x, block, "xyc", (0, 3, 1, 2, 4)),
        ),
        Mutant(
            "The numbers are only counted off anew: between the two `reshape` the axes must change places, so that "
            "the row in the block stands behind the row.",
            lambda x, block: x.reshape(x.shape[0] * block, x.shape[1] * block, -1),
        ),
        Mutant(
            "The blocks lie one beside the other as whole images. Each pixel becomes a block.",
            lambda x, block: _blocks(x, block, "yxc", (2, 0, 3, 1, 4)),
        ),
        Mutant(
            "Height and width of the result are swapped.",
            lambda x, block: depth_to_space(x, block).swapaxes(0, 1),
        ),
    ),
    kind=ARRAY,
)


# -------------------------------------------------------------------------------- the projection


def _without(kernel: Any, axes: str, pattern: Any = lambda i: (-1.0) ** i, length: Any = lambda n: n) -> np.ndarray:
    """The kernel without its share of a pattern, down its columns ("y"), along its rows ("x"), or both."""
    result = np.asarray(kernel, float)
    for axis, letter in enumerate("yx"):
        if letter in axes:
            line = pattern(np.arange(result.shape[axis]))
            lines = np.moveaxis(result, axis, 0)
            lines = lines - np.multiply.outer(line, line @ lines) / length(len(line))
            result = np.moveaxis(lines, 0, axis)
    return result


def _without_board(kernel: Any) -> np.ndarray:
    board = (-1.0) ** np.indices(kernel.shape).sum(axis=0)
    return kernel - board * (board * kernel).sum() / kernel.size


RESIZE_PART = Exercise(
    name="resize_part",
    task="Of all kernels that nearest upsampling by 2 and a convolution can make in one layer, find the nearest to the "
    "matrix `kernel`: take the pattern + − + − … out of each column and out of each row.",
    takes=("kernel",),
    right=lambda kernel: resize_conv_projection(kernel[..., None, None], 2)[1][..., 0, 0],
    cases=(
        {"kernel": digits(2, 3)},
        {"kernel": digits(4, 2, seed=2)},
        {"kernel": digits(4, 4)},
        {"kernel": digits(3, 5)},
        {"kernel": signed(4, 6, seed=36)},
        {"kernel": signed(6, 5, seed=37)},
    ),
    mutants=(
        Mutant("The pattern is taken out of the columns only. Rows hold it too.", lambda kernel: _without(kernel, "y")),
        Mutant("The pattern is taken out of the rows only. Columns hold it too.", lambda kernel: _without(kernel, "x")),
        Mutant("Nothing is taken out.", lambda kernel: np.asarray(kernel, float)),
        Mutant(
            "Only the chessboard is taken out. Stripes along rows and along columns have to go as well.",
            _without_board,
        ),
        Mutant(
            "That is what is given up. Asked for is what is left without it.",
            lambda kernel: kernel - _without(kernel, "yx"),
        ),
        Mutant(
            "The mean is taken out of each row and column. The pattern has changing signs.",
            lambda kernel: _without(kernel, "yx", pattern=lambda i: np.ones(len(i))),
        ),
        Mutant(
            "The share of the pattern is its sum divided by the length of the line. You did not divide.",
            lambda kernel: _without(kernel, "yx", length=lambda n: 1),
        ),
    ),
    kind=ARRAY,
    roles={"kernel": "kernel"},
)

UPSAMPLING = (RESIZE_KERNEL, BILINEAR_ROW, DEPTH_TO_SPACE, RESIZE_PART)
