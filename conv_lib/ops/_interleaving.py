"""The transpose asked the other way round: which input pixels reach this output pixel?

Output pixels with the same remainder on division by the stride see the same taps of the kernel. So
each such *phase* of the output is a convolution at stride 1 with a small kernel, and the results
are interleaved. Neighbouring phases that see the same input pixels share one product: where the
stride divides the kernel, all of them do.

Nothing is added up in memory, but windows are copied, and at the borders they hold zeros.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np

from conv_lib.ops._arguments import TransposedAxis
from conv_lib.ops._tiles import Windows, multiply, strided


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
