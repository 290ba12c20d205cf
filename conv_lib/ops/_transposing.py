"""Two ways to the same transposed convolution, and when each is taken."""

from __future__ import annotations

import math

import numpy as np

from conv_lib.ops._arguments import TransposedAxis
from conv_lib.ops._interleaving import by_phases
from conv_lib.ops._stamps import by_stamps
from conv_lib.ops._tiles import SMALL


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
