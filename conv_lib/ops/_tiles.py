"""The engine of both directions: copy windows into the rows of a tile, then one matrix product.

A convolution is one matrix product: a row for each output pixel, holding the window that it sees,
times the kernel as a matrix. But all rows at once are kernel_height * kernel_width times the input:
more than the caches hold, and often more than one wants to allocate. So the output is cut into
pieces, and the rows of one piece, a *tile* of about 2 MB, are copied and multiplied while they are
still in the cache. The tile is used again for the next piece: nothing else is allocated.

The copy is cheap because of the layout. With channels last, the pixels that one kernel row covers
lie side by side, so kernel_width * channels numbers are moved at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from conv_lib.ops import _threads
from conv_lib.ops.window import extended

TILE = 2**21  # bytes: the tile of one thread fits into the second cache of a core

# Below this many multiplications a second thread costs more than it brings.
SMALL = 2**23


class Windows(NamedTuple):
    """The windows along one axis: output t sees first + t * step + j * spread for j < taps.

    Pixels before 0 and after the last one are zeros.
    """

    first: int
    step: int
    spread: int
    taps: int
    count: int

    def reach(self, start: int, stop: int) -> tuple[int, int]:
        """Return which pixels the outputs start ... stop - 1 see.

        >>> Windows(first=-1, step=2, spread=1, taps=3, count=4).reach(0, 2)
        (-1, 4)
        """
        last = (stop - 1) * self.step + (self.taps - 1) * self.spread
        return self.first + start * self.step, self.first + last + 1


def multiply(
    x: np.ndarray, windows: Sequence[Windows], matrix: np.ndarray, target: np.ndarray
) -> None:
    """Write windows(x) @ matrix into `target`.

    x is (batch, *spatial, channels), matrix (*taps, channels) flattened by columns, and target
    (batch, *counts, ...) where the last axes together have as many numbers as matrix has columns.
    """
    counts = target.shape[: len(windows) + 1]
    outputs = math.prod(counts)
    inner, columns = matrix.shape
    if outputs * inner * columns < SMALL:
        if outputs:
            rows = _windows_view(x, windows, ((0, n) for n in counts[1:])).reshape(-1, inner)
            target[...] = (rows @ matrix).reshape(target.shape)
        return

    most = max(1, TILE // (inner * x.itemsize))

    def work(pieces: Iterator[tuple[slice, ...]]) -> None:
        tile = np.empty(0, x.dtype)
        for piece in pieces:
            view = _windows_view(
                x[piece[0]], windows, ((part.start, part.stop) for part in piece[1:])
            )
            if view.flags.c_contiguous:
                rows = view  # a kernel of one pixel: the pixels themselves are the rows
            else:
                if tile.size < view.size:
                    tile = np.empty(view.size, x.dtype)
                rows = tile[: view.size].reshape(view.shape)
                np.copyto(rows, view)
            rows = rows.reshape(-1, inner)
            place = target[piece]
            if place.flags.c_contiguous:
                np.matmul(rows, matrix, out=place.reshape(-1, columns))
            else:
                place[...] = (rows @ matrix).reshape(place.shape)

    _threads.share(work, pieces(counts, most, _threads.available()))


def pieces(sizes: Sequence[int], most: int, share: int = 1) -> list[tuple[slice, ...]]:
    """Cut a box into pieces of at most `most` cells, whole along the last axes where possible.

    >>> pieces((2, 3, 4), 8)
    [(slice(0, 1, None), slice(0, 2, None), slice(0, 4, None)),
     (slice(0, 1, None), slice(2, 3, None), slice(0, 4, None)),
     (slice(1, 2, None), slice(0, 2, None), slice(0, 4, None)),
     (slice(1, 2, None), slice(2, 3, None), slice(0, 4, None))]

    Few pieces are made a multiple of `share`, so that as many threads finish together.
    """
    cells = math.prod(sizes)
    if not cells:
        return []
    number = math.ceil(cells / most)
    most = min(most, math.ceil(cells / (math.ceil(number / share) * share)))
    steps, inside = [], 1
    for size in reversed(sizes):
        fits = max(1, min(size, most // inside))
        steps.append(math.ceil(size / math.ceil(size / fits)))
        inside *= size
    cut = [
        [slice(start, min(start + step, size)) for start in range(0, size, step)]
        for size, step in zip(sizes, reversed(steps), strict=True)
    ]
    result: list[tuple[slice, ...]] = [()]
    for parts in cut:
        result = [(*before, part) for before in result for part in parts]
    return result


def strided(array: np.ndarray, shape: Sequence[int], strides: Sequence[int]) -> np.ndarray:
    """Return a view of `array` from its first number on; NumPy's as_strided, quicker if it can."""
    if array.flags.c_contiguous:
        return np.ndarray(shape, array.dtype, array, 0, strides)
    return as_strided(array, shape, strides)


def _windows_view(
    x: np.ndarray, windows: Sequence[Windows], ranges: Iterator[tuple[int, int]]
) -> np.ndarray:
    """Return (batch, *outputs, *taps, channels), nothing copied but where zeros are needed."""
    ranges = list(ranges)
    reaches = [axis.reach(*part) for axis, part in zip(windows, ranges, strict=True)]
    x = extended(x, reaches)
    batch, *along, channel = x.strides
    shape = [len(x)]
    strides = [batch]
    for axis, stride, (start, stop) in zip(windows, along, ranges, strict=True):
        shape.append(stop - start)
        strides.append(stride * axis.step)
    for axis, stride in zip(windows, along, strict=True):
        shape.append(axis.taps)
        strides.append(stride * axis.spread)
    return strided(x, (*shape, x.shape[-1]), (*strides, channel))
