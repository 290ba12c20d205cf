"""A window of an array whose outside is zeros: padding, cropping and appending zeros in one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

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
    leading = x.ndim - 1 - len(windows)
    inside, sizes, source, target = _overlap(x.shape[leading:-1], windows)
    if inside:
        return x[(..., *source, slice(None))]
    result = np.zeros((*x.shape[:leading], *sizes, x.shape[-1]), x.dtype)
    result[(..., *target, slice(None))] = x[(..., *source, slice(None))]
    return result


@lru_cache(maxsize=1024)
def _overlap(sizes: tuple[int, ...], windows: tuple[tuple[int, int], ...]) -> tuple:
    """Return whether all windows lie inside, their sizes, and where they overlap: in x, in them."""
    source, target = [], []
    for size, (start, stop) in zip(sizes, windows, strict=True):
        first = min(max(start, 0), size)
        last = max(min(stop, size), first)
        source.append(slice(first, last))
        target.append(slice(first - start, last - start))
    within = all(
        0 <= start and stop <= size for size, (start, stop) in zip(sizes, windows, strict=True)
    )
    return within, [stop - start for start, stop in windows], source, target
