"""A window of an array whose outside is zeros: padding, cropping and appending zeros in one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from conv_lib.ops._arguments import checked_array, checked_windows


def zero_extended(x: np.ndarray, windows: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return x[..., start:stop, ..., :] over the spatial axes, with zeros where it reaches outside.

    >>> zero_extended(np.array([[1], [2], [3]]), [(-1, 2)])[:, 0]
    array([0, 1, 2])
    >>> zero_extended(np.array([[1], [2], [3]]), [(1, 5)])[:, 0]
    array([2, 3, 0, 0])

    Parameters
    ----------
    x : ndarray, shape (..., *spatial, channels)
    windows : sequence of (start, stop), one for each spatial axis
        In pixels of `x`. Unlike in a Python slice, a negative start lies before the first pixel.

    Returns
    -------
    ndarray, shape (..., *(stop - start), channels)
        A view of `x` where no zero is needed, so treat it as read-only.
    """
    windows = checked_windows(windows)
    x = checked_array("x", x, [*("spatial axis" for _ in windows), "channels"])
    return extended(x, tuple(windows))


def extended(x: np.ndarray, windows: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Return what `zero_extended` does, for windows that are known to be right."""
    return cut(x, overlap(x.shape[-1 - len(windows) : -1], windows))


class Overlap(NamedTuple):
    """Where windows and an array overlap, as an index of the array and one of the windows."""

    inside: bool  # nothing reaches outside
    sizes: tuple[int, ...]
    source: tuple
    target: tuple


@lru_cache(maxsize=1024)
def overlap(sizes: tuple[int, ...], windows: tuple[tuple[int, int], ...]) -> Overlap:
    """Return how windows lie on axes of these sizes.

    >>> inside, sizes, source, target = overlap((3,), ((-1, 2),))
    >>> inside, sizes, source[1], target[1]
    (False, (3,), slice(0, 2, None), slice(1, 3, None))
    """
    source, target, inside = [...], [...], True
    for size, (start, stop) in zip(sizes, windows, strict=True):
        first = min(max(start, 0), size)
        last = max(min(stop, size), first)
        source.append(slice(first, last))
        target.append(slice(first - start, last - start))
        inside = inside and 0 <= start and stop <= size
    widths = tuple(stop - start for start, stop in windows)
    return Overlap(inside, widths, (*source, slice(None)), (*target, slice(None)))


def cut(x: np.ndarray, where: Overlap) -> np.ndarray:
    """Return the windows: a view where they lie inside, else a copy among zeros."""
    inside, sizes, source, target = where
    if inside:
        return x[source]
    result = np.zeros((*x.shape[: -1 - len(sizes)], *sizes, x.shape[-1]), x.dtype)
    result[target] = x[source]
    return result
