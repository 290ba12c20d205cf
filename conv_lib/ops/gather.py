"""The other picture of the transpose: insert zeros, flip the kernel, convolve at stride 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from conv_lib import shapes
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    channel_groups,
    checked_array,
    per_axis,
    transposed_call,
)
from conv_lib.ops.convolution import conv2d
from conv_lib.ops.window import zero_extended


def zero_insert(x: ArrayLike, stride: int | tuple[int, int]) -> np.ndarray:
    """Insert stride - 1 zeros between neighbouring pixels.

    >>> zero_insert(np.array([[1, 2, 3]]).reshape(1, 3, 1), (1, 2))[0, :, 0]
    array([1, 0, 2, 0, 3])

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
    stride : int or (height, width)

    Returns
    -------
    ndarray, shape (..., (height - 1) * stride + 1, (width - 1) * stride + 1, channels)
        None before the first pixel, none after the last.

    Raises
    ------
    TypeError, ValueError
        As `conv_lib.conv2d`.
    """
    x = checked_array("x", x, ["height", "width", "channels"])
    rows, columns = per_axis("stride", stride, AXIS_NAMES[2])
    *batch, height, width, channels = x.shape
    result = np.zeros(
        (*batch, (height - 1) * rows + 1, (width - 1) * columns + 1, channels), x.dtype
    )
    result[..., ::rows, ::columns, :] = x
    return result


def conv2d_transpose_gather(
    x,
    kernel,
    *,
    stride=1,
    padding="valid",
    dilation=1,
    output_padding=None,
    output_shape=None,
    groups=1,
):
    """Transpose as `conv_lib.conv2d_transpose` does, but ask each output pixel what reaches it.

    >>> x, kernel = np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1))
    >>> conv2d_transpose_gather(x, kernel)[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])

    With kernel the effective one, size and output_size along one axis, and `before` the padding of
    the convolution over output_size: insert stride - 1 zeros, pad by kernel - 1 - before and
    output_size - (size - 1) * stride - 1 + before (a negative amount crops), then convolve at
    stride 1 with the kernel flipped in both directions and its channels swapped.

    A picture to think with, not to compute with: most products have an inserted zero as a factor
    (and an infinite weight times such a zero is NaN, where `conv2d_transpose` has none).
    Arguments and errors are those of `conv_lib.conv2d_transpose`.
    """
    call = transposed_call(
        x, kernel, stride, padding, dilation, output_padding, output_shape, groups
    )
    x, kernel, axes, groups, dtype = call
    inserted = zero_insert(x, [axis.stride for axis in axes])
    # The far end of the kernel reaches this many pixels back from the output pixel.
    reaches = [shapes.effective_kernel(axis.kernel, axis.dilation) - 1 for axis in axes]
    padded = zero_extended(
        inserted,
        [
            (axis.window[0] - reach, axis.window[1])
            for axis, reach in zip(axes, reaches, strict=True)
        ],
    )
    out_channels = kernel.shape[-2] * groups
    return np.concatenate(
        [
            conv2d(
                padded[..., ins],
                kernel[::-1, ::-1, :, ins].swapaxes(2, 3),
                dilation=[axis.dilation for axis in axes],
            )
            for ins, _ in channel_groups(groups, x.shape[-1], out_channels)
        ],
        axis=-1,
    ).astype(dtype, copy=False)
