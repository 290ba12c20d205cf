"""Transposed convolution, the fast form: one product for all stamps, then one addition per tap."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib.ops._arguments import Call, channel_groups, transposed_call
from conv_lib.ops.window import zero_extended


def conv2d_transpose(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, int] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, int] = 1,
    output_padding: int | tuple[int, int] | None = None,
    output_shape: tuple[int, int] | None = None,
    groups: int = 1,
) -> np.ndarray:
    """Transpose a convolution, as `tf.nn.conv2d_transpose` and Keras' Conv2DTranspose do.

    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    >>> kernel = np.ones((2, 2, 1, 1))
    >>> conv2d_transpose(x, kernel, stride=2)[0, :, :, 0]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.],
           [3., 3., 4., 4.],
           [3., 3., 4., 4.]])
    >>> conv2d_transpose(x, np.ones((3, 3, 1, 1)), stride=2, output_shape=(5, 6)).shape
    (1, 5, 6, 1)

    Each input pixel stamps the kernel, times its value, into the output; overlaps add up. It is
    exactly the transpose (adjoint) of `conv2d` with the same kernel array and settings,
    sum(conv2d(a, kernel) * b) == sum(a * conv2d_transpose(b, kernel, output_shape=size of a)),
    not its inverse.

        full[b, r * stride + i * dilation, c * stride + j * dilation, o] +=
            x[b, r, c, m] * kernel[i, j, o, m]

    and the result is a window of `full`, by `shapes.transposed_window`.

    Parameters
    ----------
    x : array_like, shape (..., height, width, in_channels)
        Any number of leading axes, also none; an empty batch works.
    kernel : array_like, shape (kernel_height, kernel_width, out_channels // groups, in_channels)
        TensorFlow's layout: the same array that `conv2d` takes for the opposite direction.
    stride, dilation : int or (height, width)
        In pixels. Both may be above 1 together, which Keras refuses and `tf.nn` takes at times.
    padding : "valid", "same", int, or ((top, bottom), (left, right))
        That of the convolution, so here it crops the full result.
    output_padding : int or (height, width), optional
        Keras' way to choose the size, see `shapes.transposed_size`.
    output_shape : (height, width), optional
        TensorFlow's way: any of `shapes.transposed_sizes`. With neither, Keras' default for "valid"
        and "same", the smallest legal size for padding in pixels.
    groups : int
        Splits the channels: input group g stamps into output group g only.

    Returns
    -------
    ndarray, shape (..., output_height, output_width, out_channels)
        dtype as for `conv2d`. What no stamp reaches is 0, whatever the kernel holds.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers and settings that are not integers.
    ValueError
        For wrong axes, channels or groups, settings out of range, and sizes that the convolution
        does not map back to those of `x`.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/conv2d_transpose
    """
    call = transposed_call(
        x, kernel, stride, padding, dilation, output_padding, output_shape, groups
    )
    full = _scatter(call)
    window = zero_extended(full, [axis.window for axis in call.axes])
    return np.ascontiguousarray(window, dtype=call.dtype)


def _scatter(call: Call) -> np.ndarray:
    """Return the full result: nothing cropped, nothing appended."""
    x, kernel, axes, groups, _ = call
    rank = len(axes)
    taps, outs_per_group = kernel.shape[:rank], kernel.shape[-2]
    out_channels = groups * outs_per_group
    full = np.zeros((*x.shape[: -rank - 1], *(axis.full for axis in axes), out_channels), x.dtype)

    for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
        # One row per input pixel, and in it the whole stamp: (*taps, out_channels).
        stamps = x[..., ins].reshape(-1, kernel.shape[-1] // groups) @ np.moveaxis(
            kernel[..., ins], -1, 0
        ).reshape(-1, np.prod(taps) * outs_per_group)
        stamps = stamps.reshape(*x.shape[:-1], *taps, outs_per_group)
        # Stamps of different pixels overlap, but the same tap of all of them never does.
        for tap in np.ndindex(*taps):
            places = tuple(
                slice(
                    i * axis.dilation,
                    i * axis.dilation + (axis.size - 1) * axis.stride + 1,
                    axis.stride,
                )
                for i, axis in zip(tap, axes, strict=True)
            )
            full[(..., *places, outs)] += stamps[(..., *tap, slice(None))]
    return full
