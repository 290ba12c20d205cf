"""The transpose, two ways: add up stamps, or ask each phase of the output which pixels reach it.

*Stamps* is the definition: one matrix product gives what every input pixel stamps, all its taps at
once, and then the stamps are added where they land. Tap by tap that would be kernel_height *
kernel_width additions of few numbers each. But seen in blocks of `stride` output pixels, all taps
of one block land side by side: ceil(kernel / stride) additions along each axis are enough.

*Phases* turns the question round. Output pixels with the same remainder on division by the stride
see the same taps of the kernel, so each phase of the output is a convolution at stride 1 with a
small kernel, and neighbouring phases that see the same input pixels share one product. Nothing is
added up in memory, but windows are copied: it pays where a stamp holds many numbers against the
channels that it was made from.
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
from conv_lib.ops._tiles import SMALL, TILE, Windows, multiply, pieces, strided
from conv_lib.ops.window import extended


def transpose(
    x: np.ndarray, kernel: np.ndarray, axes: tuple[TransposedAxis, ...], target: np.ndarray
) -> None:
    """Write the transposed convolution of x, (batch, *sizes, channels), into `target`.

    kernel is (*taps, filters, channels), target (batch, *outputs, filters).
    """
    taps = math.prod(kernel.shape[:-2])
    filters, channels = kernel.shape[-2:]
    strides = math.prod(axis.stride for axis in axes)
    # Numbers moved for each input pixel: stamps are written, read and added; windows are copied,
    # and each output number is written twice.
    stamped, gathered = 3 * taps * filters, taps * channels + 2 * strides * filters
    # At the borders windows hold zeros, which an infinite weight would turn into NaN.
    large = x.size * taps * filters >= SMALL
    if large and stamped > 1.5 * gathered and math.isfinite(abs(kernel.sum())):
        by_phases(x, kernel, axes, target)
    else:
        by_stamps(x, kernel, axes, target)


# ----------------------------------------------------------------------------------- by stamps


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
    starts = range(0, axis.kernel, axis.stride)
    return [
        Move(
            block,
            slice(0, min(axis.stride, axis.kernel - start)),
            slice(start, start + axis.stride),
        )
        for block, start in enumerate(starts)
    ]


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


# ----------------------------------------------------------------------------------- by phases


class Phase(NamedTuple):
    """Along one axis: the output pixels first, first + stride, ..., `width` neighbours at a time.

    `taps` has the kernel taps that each of the neighbours sees, in the order of the windows.
    """

    first: int
    windows: Windows
    taps: list[slice]

    @property
    def width(self) -> int:
        return len(self.taps)


def phases(axis: TransposedAxis) -> list[Phase]:
    """Return the phases of the output, neighbours with the same windows as one.

    >>> for phase in phases(TransposedAxis(4, 5, stride=2, dilation=1, full=11, window=(0, 11))):
    ...     print(phase.windows, phase.taps)
    Windows(first=-2, step=1, spread=1, taps=3, count=6) [slice(4, None, -2)]
    Windows(first=-1, step=1, spread=1, taps=2, count=5) [slice(3, None, -2)]
    """
    start, stop = axis.window
    found: list[Phase] = []
    # Tap i of pixel r lands on r * stride + i * dilation: equal remainders repeat after this many.
    common = math.gcd(axis.stride, axis.dilation)
    every, spread = axis.stride // common, axis.dilation // common
    for first in range(min(axis.stride, stop - start)):
        pixel, remainder = divmod(start + first, axis.stride)
        count = len(range(first, stop - start, axis.stride))
        seen = [tap for tap in range(axis.kernel) if tap * axis.dilation % axis.stride == remainder]
        if seen:
            pixel -= (seen[-1] * axis.dilation - remainder) // axis.stride
        windows = Windows(pixel, 1, spread, len(seen), count)
        # From the last tap, which the first pixel of the window stamps, back to the first.
        taps = slice(seen[-1], None, -every) if seen else slice(0)
        if found and found[-1].windows == windows:
            found[-1].taps.append(taps)
        else:
            found.append(Phase(first, windows, [taps]))
    return found


def by_phases(
    x: np.ndarray, kernel: np.ndarray, axes: tuple[TransposedAxis, ...], target: np.ndarray
) -> None:
    """Each phase of the output is a convolution of its own, written between the others."""
    *_, filters, channels = kernel.shape
    batch, *along, item = target.strides
    for several in itertools.product(*map(phases, axes)):
        windows = tuple(phase.windows for phase in several)
        widths = [phase.width for phase in several]
        corner = target[(slice(None), *(slice(phase.first, None) for phase in several))]
        place = strided(
            corner,
            (len(x), *(axis.count for axis in windows), *widths, filters),
            (
                batch,
                *(stride * axis.stride for stride, axis in zip(along, axes, strict=True)),
                *along,
                item,
            ),
        )
        if 0 in (axis.taps for axis in windows):
            place[...] = 0  # the stride jumps over these pixels
            continue
        matrix = np.empty((*(axis.taps for axis in windows), channels, *widths, filters), x.dtype)
        for neighbour in np.ndindex(*widths):
            taps = tuple(phase.taps[i] for phase, i in zip(several, neighbour, strict=True))
            matrix[(..., *neighbour, slice(None))] = kernel[taps].swapaxes(-1, -2)
        rows = math.prod(axis.taps for axis in windows) * channels
        multiply(x, windows, matrix.reshape(rows, -1), place)
