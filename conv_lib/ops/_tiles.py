"""The engine of both directions: copy windows into the rows of a tile, then one matrix product.

A convolution is one matrix product: a row for each output pixel, holding the window that it sees,
times the kernel as a matrix. But all rows at once are kernel_height * kernel_width times the input:
more than the caches hold, and often more than one wants to allocate. So the output is cut into
pieces, and the rows of one piece, a *tile* of about 4 MB, are copied and multiplied while they are
still in the cache. The tile is used again for the next piece: nothing else is allocated.

The copy is cheap because of the layout. With channels last, the pixels that one kernel row covers
lie side by side, so kernel_width * channels numbers are moved at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from conv_lib.ops import _threads
from conv_lib.ops.window import Overlap, cut, overlap

TILE = 2**22  # bytes: small against the caches of today, large against a matrix to multiply by

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

    def part(self, outputs: slice) -> Windows:
        """Return the windows of some of the outputs.

        >>> Windows(first=-1, step=2, spread=1, taps=3, count=9).part(slice(2, 6))
        Windows(first=3, step=2, spread=1, taps=3, count=4)
        """
        first = self.first + outputs.start * self.step
        return self._replace(first=first, count=outputs.stop - outputs.start)


def multiply(
    x: np.ndarray, windows: tuple[Windows, ...], matrix: np.ndarray, target: np.ndarray
) -> None:
    """Write windows(x) @ matrix into `target`.

    x is (batch, *spatial, channels), matrix (*taps, channels) flattened by columns, and target
    (batch, *counts, ...) where the last axes together have as many numbers as matrix has columns.
    """
    inner, columns = matrix.shape
    multiplications = target.size * inner
    if multiplications < SMALL:
        if multiplications:
            _product(_rows_of(x, windows, inner), matrix, target)
        return

    straight = target.flags.c_contiguous  # no need for a tile to put the product in
    counts = target.shape[: len(windows) + 1]
    most = max(1, TILE // ((inner if straight else inner + columns) * x.itemsize))

    def work(pieces: Iterator[tuple[slice, ...]]) -> None:
        tile = None if inner == x.shape[-1] else np.empty(most * inner, x.dtype)
        product = None if straight else np.empty((most, columns), x.dtype)
        for images, *outputs in pieces:
            seen = tuple(axis.part(part) for axis, part in zip(windows, outputs, strict=True))
            rows = _rows_of(x[images], seen, inner, tile)
            _product(rows, matrix, target[(images, *outputs)], product)

    _threads.share(work, pieces(counts, most, _threads.available()))


def _product(
    rows: np.ndarray, matrix: np.ndarray, place: np.ndarray, room: np.ndarray | None = None
) -> None:
    if place.flags.c_contiguous:
        rows.dot(matrix, place.reshape(-1, matrix.shape[1]))  # half the overhead of matmul
    else:
        product = np.matmul(rows, matrix, out=None if room is None else room[: len(rows)])
        place[...] = product.reshape(place.shape)


def _rows_of(
    x: np.ndarray, windows: tuple[Windows, ...], inner: int, tile: np.ndarray | None = None
) -> np.ndarray:
    """Return the windows as the rows of a matrix, copied into `tile` if one is given."""
    view = _windows_of(x, windows)
    if view.flags.c_contiguous:
        return view.reshape(-1, inner)  # the window of a 1x1 kernel is the pixel: they lie ready
    if view.shape[-1] == 1 and windows[-1].count > 2 * windows[-1].taps:
        # With one channel the longer run is along the output: tap by tap, all windows at once.
        outputs = len(windows) + 1
        view = view.transpose(*range(outputs, view.ndim), *range(outputs))
        return _copied(view, tile).reshape(inner, -1).T
    return _copied(view, tile).reshape(-1, inner)


def _copied(view: np.ndarray, tile: np.ndarray | None) -> np.ndarray:
    if tile is None:
        return view.copy()
    copied = tile[: view.size].reshape(view.shape)
    np.copyto(copied, view)
    return copied


def _windows_of(x: np.ndarray, windows: tuple[Windows, ...]) -> np.ndarray:
    """Return (batch, *outputs, *taps, channels), nothing copied but where zeros are needed."""
    where, shape, factors = _layout(windows, x.shape[1:-1])
    x = cut(x, where)
    batch, *along, channel = x.strides
    strides = [stride * factor for stride, factor in zip(along * 2, factors, strict=True)]
    return strided(x, (len(x), *shape, x.shape[-1]), (batch, *strides, channel))


@lru_cache(maxsize=1024)
def _layout(windows: tuple[Windows, ...], sizes: tuple[int, ...]) -> tuple[Overlap, tuple, tuple]:
    """Return which pixels are seen, (*outputs, *taps), and how many pixels apart those are."""
    reaches = tuple(
        (first, first + (count - 1) * step + (taps - 1) * spread + 1)
        for first, step, spread, taps, count in windows
    )
    shape = (*(axis.count for axis in windows), *(axis.taps for axis in windows))
    factors = (*(axis.step for axis in windows), *(axis.spread for axis in windows))
    return overlap(sizes, reaches), shape, factors


def pieces(sizes: Sequence[int], most: int, share: int = 1) -> list[tuple[slice, ...]]:
    """Cut a box into pieces of at most `most` cells, whole along the last axes where possible.

    >>> for piece in pieces((2, 3), 2):
    ...     print(piece)
    (slice(0, 1, None), slice(0, 2, None))
    (slice(0, 1, None), slice(2, 3, None))
    (slice(1, 2, None), slice(0, 2, None))
    (slice(1, 2, None), slice(2, 3, None))

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
