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
    return extended(x, windows)


def extended(x: np.ndarray, windows: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return what `zero_extended` does, for arguments that are known to be right."""
    axis = x.ndim - 1 - len(windows)
    source, target = [slice(None)] * axis, [slice(None)] * axis
    shape, inside = list(x.shape), True
    for start, stop in windows:
        size = shape[axis]
        shape[axis] = stop - start
        if start >= 0 and stop <= size:
            source.append(slice(start, stop))
            target.append(slice(None))
        else:
            inside = False
            first = min(max(start, 0), size)
            last = max(min(stop, size), first)
            source.append(slice(first, last))
            target.append(slice(first - start, last - start))
        axis += 1
    piece = x[tuple(source)]
    if inside:
        return piece
    result = np.zeros(shape, x.dtype)
    result[tuple(target)] = piece
    return result
