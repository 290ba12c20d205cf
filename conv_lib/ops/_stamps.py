"""The transpose by its definition: every input pixel stamps the kernel, and stamps add up.

One matrix product gives what every input pixel stamps, all its taps at once. Then the stamps are
added where they land. Tap by tap that would be kernel_height * kernel_width additions of few
numbers each. But seen in blocks of `stride` output pixels, all taps that land in one block lie side
by side: ceil(kernel / stride) additions along each axis are enough.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from conv_lib.ops import _threads
from conv_lib.ops._arguments import TransposedAxis
from conv_lib.ops._tiles import SMALL, TILE, pieces
from conv_lib.ops.window import extended


class Move(NamedTuple):
    """Along one axis: these taps of a stamp land in this block, on these of its pixels."""

    block: int
    pixels: slice
    taps: slice


def moves(axis: TransposedAxis) -> list[Move]:
    """Return where the taps land, counted from the input pixel's own block of `stride` pixels.

    >>> for move in moves(TransposedAxis(4, 5, stride=2, dilation=1, full=11, window=(0, 11))):
    ...     print(move)
    Move(block=0, pixels=slice(0, 2, None), taps=slice(0, 2, None))
    Move(block=1, pixels=slice(0, 2, None), taps=slice(2, 4, None))
    Move(block=2, pixels=slice(0, 1, None), taps=slice(4, 5, None))
    """
    if axis.dilation > 1:
        places = [divmod(tap * axis.dilation, axis.stride) for tap in range(axis.kernel)]
        return [
            Move(block, slice(pixel, pixel + 1), slice(tap, tap + 1))
            for tap, (block, pixel) in enumerate(places)
        ]
    result = []
    for block, start in enumerate(range(0, axis.kernel, axis.stride)):
        stop = min(start + axis.stride, axis.kernel)
        result.append(Move(block, slice(0, stop - start), slice(start, stop)))
    return result


def by_stamps(
    x: np.ndarray, kernel: np.ndarray, axes: tuple[TransposedAxis, ...], target: np.ndarray
) -> None:
    """Each piece of output rows adds up the stamps that reach it.

    A stamp that reaches into two pieces is made for both, so that no two threads write to one
    place. No product is ever multiplied by a zero that is not in the input.
    """
    taps, (filters, channels) = kernel.shape[:-2], kernel.shape[-2:]
    matrix = kernel.reshape(-1, channels).T
    if x.size * matrix.shape[1] < SMALL:
        if target.size:
            _add_up(x, matrix, taps, axes, target)
        return

    first, *others = axes
    stride, (begin, end) = first.stride, first.window
    span = first.full - (first.size - 1) * stride  # of one stamp, in pixels

    def work(pieces: Iterator[tuple[slice, slice]]) -> None:
        tiles = [np.empty(0, x.dtype), np.empty(0, x.dtype)]
        for images, rows in pieces:
            start, stop = begin + rows.start * stride, min(begin + rows.stop * stride, end)
            place = target[images, start - begin : stop - begin]
            low, high = max(0, -((span - 1 - start) // stride)), (stop - 1) // stride + 1
            part = x[images, low : max(low, high)]
            if not part.size:
                place[...] = 0  # appended zeros
                continue
            # A piece is a transposed convolution of fewer rows, cropped to what it owns.
            window = (start - low * stride, stop - low * stride)
            full = (part.shape[1] - 1) * stride + span
            here = first._replace(size=part.shape[1], full=full, window=window)
            _add_up(part, matrix, taps, (here, *others), place, tiles)

    # Rows are counted in blocks of `stride` output pixels: about what one input row covers.
    rows = math.ceil((end - begin) / stride)
    numbers = matrix.shape[1] + filters * math.prod(axis.stride for axis in axes)
    pixels = math.prod(axis.size for axis in others)
    most = max(1, TILE // (pixels * numbers * x.itemsize))
    _threads.share(work, pieces((len(x), rows), most, _threads.available()))


def _add_up(
    x: np.ndarray,
    matrix: np.ndarray,
    taps: tuple[int, ...],
    axes: tuple[TransposedAxis, ...],
    target: np.ndarray,
    tiles: list[np.ndarray] | None = None,
) -> None:
    filters = matrix.shape[1] // math.prod(taps)
    order, blocks, sizes, routes, windows = _plan(axes)
    images, *_, channels = x.shape
    pixels = x.reshape(-1, channels)
    if tiles is None:
        stamps, full = pixels @ matrix, np.zeros((images, *blocks, filters), x.dtype)
    else:
        stamps = np.matmul(pixels, matrix, out=_room(tiles, 0, (len(pixels), matrix.shape[1])))
        full = _room(tiles, 1, (images, *blocks, filters))
        full.fill(0)
    stamps = stamps.reshape(*x.shape[:-1], *taps, filters).transpose(order)
    for there, these in routes:
        full[there] += stamps[these]
    target[...] = extended(full.reshape(images, *sizes, filters), windows)


@lru_cache(maxsize=1024)
def _plan(axes: tuple[TransposedAxis, ...]) -> tuple:
    """Return all that follows from sizes: how stamps are turned, and which part lands where."""
    rank = len(axes)
    # (batch, *sizes, *taps, filters) to (batch, size, taps, size, taps, ..., filters)
    order = [0, *itertools.chain(*((1 + i, 1 + rank + i) for i in range(rank))), 2 * rank + 1]
    along = [moves(axis) for axis in axes]
    counts = [axis.size + steps[-1].block for axis, steps in zip(axes, along, strict=True)]
    blocks = [*itertools.chain(*((n, a.stride) for n, a in zip(counts, axes, strict=True)))]
    sizes = [n * axis.stride for n, axis in zip(counts, axes, strict=True)]
    routes = []
    for route in itertools.product(*along):
        there, these = [slice(None)], [slice(None)]
        for move, axis in zip(route, axes, strict=True):
            there += [slice(move.block, move.block + axis.size), move.pixels]
            these += [slice(None), move.taps]
        routes.append((tuple(there), tuple(these)))
    return order, blocks, sizes, routes, tuple(axis.window for axis in axes)


def _room(tiles: list[np.ndarray], index: int, shape: tuple[int, ...]) -> np.ndarray:
    """Return that tile in this shape; a larger one takes its place where it is too small."""
    size = math.prod(shape)
    if tiles[index].size < size:
        tiles[index] = np.empty(0, tiles[index].dtype)
        tiles[index] = np.empty(size, tiles[index].dtype)
    return tiles[index][:size].reshape(shape)
