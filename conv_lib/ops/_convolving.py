"""The convolution as products of windows, and what to do where a product would be too narrow."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from conv_lib.ops._arguments import ConvolutionAxis
from conv_lib.ops._tiles import SMALL, Windows, multiply, strided

# Below this many columns, a matrix product spends its time fetching rows rather than multiplying.
COLUMNS = 64


def convolve(
    x: np.ndarray, kernel: np.ndarray, axes: tuple[ConvolutionAxis, ...], target: np.ndarray
) -> None:
    """Write the convolution of x, (batch, *sizes, channels), into `target`, (batch, *outputs, ...).

    kernel is (*taps, channels, filters).
    """
    windows = _windows(axes)
    filters = kernel.shape[-1]
    if filters < COLUMNS and target.size * kernel.size >= SMALL * filters:
        together = neighbours(axes[-1], filters)
        # A window that is too wide multiplies the pixels that one of its outputs does not see by
        # zero. That is harmless, unless such a pixel is NaN or infinite.
        if together > 1 and x.dtype.kind in "fc" and math.isfinite(abs(x.sum())):
            _several_at_once(x, kernel, windows, target, together)
            return
    multiply(x, windows, kernel.reshape(-1, filters), target)


@lru_cache(maxsize=1024)
def _windows(axes: tuple[ConvolutionAxis, ...]) -> tuple[Windows, ...]:
    return tuple(
        Windows(-axis.before, axis.stride, axis.dilation, axis.kernel, axis.output) for axis in axes
    )


def neighbours(axis: ConvolutionAxis, filters: int) -> int:
    """Return how many neighbouring outputs share a row of the product.

    As many as fill its columns, but the shared window should stay below twice the kernel.

    >>> neighbours(ConvolutionAxis(256, 15, 1, 1, 7, 7, 256), filters=8)
    8
    """
    if axis.dilation > 1:
        return 1
    return max(1, min(COLUMNS // filters, axis.kernel // axis.stride, axis.output))


def _several_at_once(
    x: np.ndarray,
    kernel: np.ndarray,
    windows: tuple[Windows, ...],
    target: np.ndarray,
    together: int,
) -> None:
    """Compute `together` neighbouring outputs from one window that covers all of theirs.

    The kernel becomes a block Toeplitz matrix: the same weights, one stride further down for each
    neighbour, zeros elsewhere. With kernel (a, b, c), stride 1 and three neighbours:

        a 0 0
        b a 0
        c b a
        0 c b
        0 0 c

    More multiplications, but the product has `together` times the columns, and windows are copied
    once for all of them.
    """
    *others, last = windows
    *taps, channels, filters = kernel.shape
    width = last.taps + (together - 1) * last.step
    matrix = np.zeros((*taps[:-1], width, channels, together, filters), x.dtype)
    for index in range(together):
        start = index * last.step
        matrix[..., start : start + last.taps, :, index, :] = kernel
    matrix = matrix.reshape(-1, together * filters)

    count = last.count // together
    shared = Windows(last.first, last.step * together, 1, width, count)
    *along, column, item = target.strides
    place = strided(
        target,
        (*target.shape[:-2], count, together, filters),
        (*along, column * together, column, item),
    )
    multiply(x, (*others, shared), matrix, place)
    done = count * together
    if done < last.count:
        rest = last._replace(first=last.first + done * last.step, count=last.count - done)
        multiply(x, (*others, rest), kernel.reshape(-1, filters), target[..., done:, :])
