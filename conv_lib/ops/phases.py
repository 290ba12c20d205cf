"""Why stride leaves checkerboards: what the outputs of each phase are made of.

With stride s, output pixels u of a transposed convolution fall into s phases, u mod s: each phase
meets its own taps of the kernel. Kernels here are bare weights, (length,) or (height, width), from
one channel to one channel: take ``kernel[..., o, i]`` of a larger one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import AXIS_NAMES, checked_array, per_axis
from conv_lib.ops.transposed import conv_transpose


def overlap_counts(
    size: int | tuple[int, ...],
    kernel_size: int | tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    output_padding: int | tuple[int, ...] | None = None,
    output_shape: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Count for each output of a transposed convolution the input pixels that reach it.

    >>> overlap_counts(4, 3, stride=2)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap_counts((2, 2), 4, stride=2, padding="same")
    array([[1, 2, 2, 1],
           [2, 4, 4, 2],
           [2, 4, 4, 2],
           [1, 2, 2, 1]])

    Away from the border the counts are uneven where the stride does not divide the kernel. That is
    a warning, not a verdict: what shows in a flat image are the `phase_sums`.

    Parameters
    ----------
    size : int, or (length,), (height, width), (depth, height, width)
        Of the input. An int is one axis.
    kernel_size : int or one for each axis
    stride, padding, dilation, output_padding, output_shape : as for `conv_transpose`

    Returns
    -------
    ndarray of int64, shape output_sizes

    Raises
    ------
    TypeError, ValueError
        As `conv_transpose`.

    Source: Odena, Dumoulin, Olah, https://distill.pub/2016/deconv-checkerboard
    """
    rank = len(size) if isinstance(size, tuple | list) else 1
    if rank not in AXIS_NAMES:
        raise ValueError(
            refusal("size is an int, or one for each of 1, 2 or 3 axes.", f"size={size!r}", "4")
        )
    sizes = per_axis("size", size, AXIS_NAMES[rank])
    spans = per_axis("kernel_size", kernel_size, AXIS_NAMES[rank])
    return conv_transpose(
        np.ones((*sizes, 1), int),
        np.ones((*spans, 1, 1), int),
        stride=stride,
        padding=padding,
        dilation=dilation,
        output_padding=output_padding,
        output_shape=output_shape,
    )[..., 0]


def phase_sums(
    kernel: ArrayLike, stride: int | tuple[int, ...], *, dilation: int | tuple[int, ...] = 1
) -> np.ndarray:
    """Add up the weights that each phase meets: what a flat image of ones becomes.

    >>> phase_sums([1, 2, 3, 5], 2)  # the stride divides the kernel, and yet
    array([4, 7])
    >>> phase_sums([0.5, 1, 0.5], 2)  # it does not, and yet
    array([1., 1.])

        sums[p] = sum over the i with i * dilation mod stride == p of kernel[i]

    Equal sums: no checkerboard on flat images. The output repeats them with the period of the
    stride, away from the border, beginning in the full result with p = 0.

    Parameters
    ----------
    kernel : array_like, shape (length,), (height, width) or (depth, height, width)
    stride, dilation : int or one for each axis

    Returns
    -------
    ndarray, shape (stride,) or (stride of height, stride of width), and so on
        Integers widen as in `numpy.sum`.

    Raises
    ------
    TypeError, ValueError
        For arrays that do not hold numbers or have not 1 to 3 axes, and settings that are not
        integers of at least 1.

    Source: Sugawara, Shiota, Kiya, https://arxiv.org/abs/1806.02658
    """
    kernel = _weights(kernel)
    names = AXIS_NAMES[kernel.ndim]
    strides, dilations = per_axis("stride", stride, names), per_axis("dilation", dilation, names)
    sums = np.zeros(strides, kernel.sum().dtype)
    for tap, weight in np.ndenumerate(kernel):
        phase = tuple(i * d % s for i, d, s in zip(tap, dilations, strides, strict=True))
        sums[phase] += weight
    return sums


def level_phases(kernel: ArrayLike, stride: int | tuple[int, ...]) -> np.ndarray:
    """Return the kernel nearest to `kernel` whose `phase_sums` are all equal: no checkerboard.

    >>> level_phases([1, 2, 3, 5], 2)
    array([1.75, 1.25, 3.75, 4.25])
    >>> phase_sums(level_phases([1, 2, 3, 5], 2), 2)
    array([5.5, 5.5])

    The common sum is the mean of the old ones, so a flat image keeps its mean. What a phase lacks
    is shared out evenly among its weights, which is the smallest change in the sense of least
    squares.

    Parameters
    ----------
    kernel : array_like, shape (length,), (height, width) or (depth, height, width)
    stride : int or one for each axis
        At most the size of the kernel: a phase without weights stays 0.

    Returns
    -------
    ndarray of the same shape, of floats

    Raises
    ------
    TypeError, ValueError
        As `phase_sums`, and where the stride is larger than the kernel.
    """
    kernel = _weights(kernel)
    strides = per_axis("stride", stride, AXIS_NAMES[kernel.ndim])
    if any(s > k for s, k in zip(strides, kernel.shape, strict=True)):
        raise ValueError(
            refusal(
                "every phase needs a weight: the stride is at most the size of the kernel.",
                f"stride={stride!r} for a kernel of shape {kernel.shape}",
                f"stride={min(kernel.shape)}",
            )
        )
    level = kernel.astype(np.result_type(kernel.dtype, float))
    mean = level.sum() / np.prod(strides)
    for phase in np.ndindex(*strides):
        part = level[tuple(slice(p, None, s) for p, s in zip(phase, strides, strict=True))]
        part += (mean - part.sum()) / part.size
    return level


def frequency_response(
    kernel: ArrayLike, stride: int | tuple[int, ...], frequencies: ArrayLike
) -> np.ndarray:
    """Return how strongly an upsampler passes each frequency of its output.

    >>> abs(frequency_response([1, 1], 2, [0, 0.25, 0.5])).round(3)  # nearest
    array([1.   , 0.707, 0.   ])
    >>> abs(frequency_response([1, 2, 3, 5], 2, [0, 0.5]))
    array([5.5, 1.5])

    An upsampler inserts zeros and filters. The zeros make stride copies of every wave in the input,
    each 1 / stride as strong; the filter weighs each by its own frequency f, in cycles per output
    pixel:

        response(f) = sum over i of kernel[i] * exp(-2 pi j f i) / stride

    At 0 it is the gain of a flat image, and at the other multiples of 1 / stride what is added to a
    flat image: the checkerboard. These are the discrete Fourier transform of `phase_sums` over
    stride. With several axes it is over the product of the strides, at every pair (or triple).

    Parameters
    ----------
    kernel : array_like, shape (length,), (height, width) or (depth, height, width)
    stride : int or one for each axis
    frequencies : array_like of real numbers, shape (n,)
        The same for every axis. 0.5 is the finest pattern there is: + - + -.

    Returns
    -------
    ndarray of complex128, shape (n,), (n, n) or (n, n, n)

    Raises
    ------
    TypeError, ValueError
        As `phase_sums`, and for frequencies that are not one axis of finite real numbers.

    Source: Vaidyanathan, Multirate Systems and Filter Banks, 1993, section 4.1
    """
    kernel = _weights(kernel)
    strides = per_axis("stride", stride, AXIS_NAMES[kernel.ndim])
    frequencies = np.atleast_1d(checked_array("frequencies", frequencies, []))
    if frequencies.dtype.kind == "c":
        raise TypeError(
            refusal("frequencies are real.", f"dtype {frequencies.dtype}", "dtype float64")
        )
    if frequencies.ndim != 1 or not np.isfinite(frequencies).all():
        raise ValueError(
            refusal(
                "frequencies is one axis of finite numbers.",
                f"frequencies of shape {frequencies.shape}: {frequencies!r}",
                "[0, 0.5]",
            )
        )
    response = kernel / np.prod(strides)
    for length in kernel.shape:
        waves = np.exp(-2j * np.pi * np.outer(np.arange(length), frequencies))
        # The axis in front goes, that of its frequencies comes last: in the end all are in order.
        response = np.tensordot(response, waves, (0, 0))
    return response


def _weights(kernel: Any) -> np.ndarray:
    kernel = checked_array("kernel", kernel, ["length"])
    if kernel.ndim not in AXIS_NAMES or not kernel.size:
        raise ValueError(
            refusal(
                "kernel is (length,), (height, width) or (depth, height, width), without channels.",
                f"shape {kernel.shape}",
                "kernel[..., 0, 0]",
            )
        )
    return kernel
