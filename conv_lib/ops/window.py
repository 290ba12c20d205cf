"""A window of an array whose outside is zeros: padding, cropping and appending zeros in one."""

from __future__ import annotations

from collections.abc import Sequence

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
    spatial = range(x.ndim - 1 - len(windows), x.ndim - 1)
    source, target, shape = [slice(None)] * x.ndim, [slice(None)] * x.ndim, list(x.shape)
    for axis, (start, stop) in zip(spatial, windows, strict=True):
        first = min(max(start, 0), x.shape[axis])
        last = max(min(stop, x.shape[axis]), first)
        source[axis] = slice(first, last)
        offset = first - start
        target[axis] = slice(offset, offset + last - first)
        shape[axis] = stop - start
    if tuple(shape) == x[tuple(source)].shape:
        return x[tuple(source)]
    result = np.zeros(shape, x.dtype)
    result[tuple(target)] = x[tuple(source)]
    return result
