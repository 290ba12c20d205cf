"""Convolution, the fast form: copy every window into a row of one matrix, then one product."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    Call,
    as_batch,
    channel_groups,
    checked_array,
    convolution_call,
    kernel_rank,
)
from conv_lib.ops._convolving import convolve


def conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, int] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Convolve images with a kernel, as `tf.nn.conv2d` and Keras' Conv2D (without bias) do.

    >>> x = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> kernel = np.array([[1.0, 0.0], [0.0, -1.0]]).reshape(2, 2, 1, 1)
    >>> conv2d(x, kernel)[0, :, :, 0]
    array([[-4., -4.],
           [-4., -4.]])
    >>> conv2d(x, kernel, stride=2, padding="same").shape
    (1, 2, 2, 1)

    Each output pixel is the sum over the kernel of what lies under it. The kernel is not flipped:
    in mathematics this is a cross-correlation.

        y[b, r, c, o] = sum over i, j, m of
            padded[b, r * stride + i * dilation, c * stride + j * dilation, m] * kernel[i, j, m, o]

    Parameters
    ----------
    x : array_like, shape (..., height, width, in_channels)
        Any number of leading axes, also none; an empty batch works.
    kernel : array_like, shape (kernel_height, kernel_width, in_channels // groups, out_channels)
    stride, dilation : int or (height, width)
        In pixels. Both may be above 1 together, as in `tf.nn.conv2d`; Keras refuses that.
    padding : "valid", "same", int, or ((top, bottom), (left, right))
        Zeros in pixels around the input. "same" is TensorFlow's: an odd pixel goes below and right.
    groups : int
        Splits the channels: output group g reads input group g only.

    Returns
    -------
    ndarray, shape (..., output_height, output_width, out_channels)
        Sizes by `shapes.conv_size`. dtype as NumPy promotes the two; integers (and booleans) widen
        as in `numpy.sum`, float16 is added up in float32 and returned as float16.
        A NaN or infinity in `x` reaches only the outputs whose window holds it; an infinite weight
        times a padded zero is NaN, as everywhere in floating point.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers and settings that are not integers.
    ValueError
        For wrong axes, channels or groups, settings out of range, and a kernel larger than the
        padded input.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/conv2d
    """
    return _convolve(convolution_call(x, kernel, stride, padding, dilation, groups))


def conv(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Convolve along one, two or three spatial axes: as many as the kernel has.

    >>> x = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1)
    >>> kernel = np.array([1.0, 10.0]).reshape(2, 1, 1)
    >>> conv(x, kernel)[0, :, 0]
    array([21., 42., 84.])
    >>> conv(x, kernel, padding="causal")[0, :, 0]
    array([10., 21., 42., 84.])
    >>> conv(np.ones((1, 3, 4, 5, 1)), np.ones((2, 2, 2, 1, 6))).shape
    (1, 2, 3, 4, 6)

    Formula, dtypes and errors are those of `conv2d`, which is this with two spatial axes. Both
    arrays are made of an axis each for depth, height and width, or height and width, or length:

    Parameters
    ----------
    x : array_like, shape (..., *spatial, in_channels)
    kernel : array_like, shape (*kernel_sizes, in_channels // groups, out_channels)
    stride, dilation : int or one for each spatial axis
    padding : "valid", "same", "causal", int, or a pair (before, after) for each spatial axis
        "causal" is for one spatial axis: all zeros go before, (kernel - 1) * dilation of them, so
        that output t depends on inputs up to t * stride only. Their number is ceil(size / stride).
    groups : int

    Returns
    -------
    ndarray, shape (..., *output_sizes, out_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv2d`, and when the kernel has not 3, 4 or 5 axes.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/convolution;
    causal: https://keras.io/api/layers/convolution_layers/convolution1d
    """
    rank = kernel_rank(kernel)
    return _convolve(convolution_call(x, kernel, stride, padding, dilation, groups, rank=rank))


def conv1d(x, kernel, *, stride=1, padding="valid", dilation=1, groups=1):
    """Convolve sequences: `conv` with one spatial axis.

    >>> conv1d(np.ones((1, 6, 3)), np.ones((2, 3, 4)), stride=2).shape
    (1, 3, 4)

    x is (..., length, in_channels), kernel (kernel_length, in_channels // groups, out_channels).
    """
    return _convolve(convolution_call(x, kernel, stride, padding, dilation, groups, rank=1))


def conv3d(x, kernel, *, stride=1, padding="valid", dilation=1, groups=1):
    """Convolve volumes: `conv` with three spatial axes.

    >>> conv3d(np.ones((1, 4, 5, 6, 3)), np.ones((2, 2, 2, 3, 4)), padding="same").shape
    (1, 4, 5, 6, 4)

    x is (..., depth, height, width, in_channels), kernel
    (kernel_depth, kernel_height, kernel_width, in_channels // groups, out_channels).
    """
    return _convolve(convolution_call(x, kernel, stride, padding, dilation, groups, rank=3))


def depthwise_conv2d(x, kernel, *, stride=1, padding="valid", dilation=1):
    """Convolve every channel with kernels of its own, as Keras' DepthwiseConv2D (without bias).

    >>> x = np.array([1.0, 2.0]).reshape(1, 1, 1, 2)
    >>> kernel = np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]]).reshape(1, 1, 2, 3)
    >>> depthwise_conv2d(x, kernel)[0, 0, 0]
    array([  1.,  10., 100.,   6.,  60., 600.])

    It is `conv2d` with as many groups as channels. Keras lays the kernel out as
    (kernel_height, kernel_width, in_channels, multiplier), `conv2d` as
    (kernel_height, kernel_width, 1, in_channels * multiplier): the same numbers in the same order.

    Parameters
    ----------
    x : array_like, shape (..., height, width, in_channels)
    kernel : array_like, shape (kernel_height, kernel_width, in_channels, multiplier)
    stride, padding, dilation : as for `conv2d`

    Returns
    -------
    ndarray, shape (..., output_height, output_width, in_channels * multiplier)
        Output m of channel c is at c * multiplier + m.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/depthwise_conv2d
    """
    x = checked_array("x", x, [*AXIS_NAMES[2], "in_channels"])
    kernel = checked_array(
        "kernel", kernel, ["kernel_height", "kernel_width", "in_channels", "multiplier"]
    )
    if kernel.ndim != 4 or kernel.shape[2] != x.shape[-1]:
        raise ValueError(
            refusal(
                "A depthwise kernel must have the shape "
                "(kernel_height, kernel_width, in_channels, multiplier).",
                f"shape {kernel.shape}, {x.shape[-1]} channels in x",
                str((*kernel.shape[-4:-2], x.shape[-1], kernel.shape[-1])),
            )
        )
    kernel = kernel.reshape(*kernel.shape[:2], 1, -1)
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    return conv2d(x, kernel, groups=x.shape[-1], **how)


def _convolve(call: Call) -> np.ndarray:
    x, kernel, axes, groups, dtype = call
    rank = len(axes)
    result = np.empty(
        (*x.shape[: -rank - 1], *[axis.output for axis in axes], kernel.shape[-1]), x.dtype
    )
    images, target = as_batch(x, rank), as_batch(result, rank)
    if groups == 1:
        convolve(images, kernel, axes, target)
    else:
        for ins, outs in channel_groups(groups, x.shape[-1], kernel.shape[-1]):
            convolve(images[..., ins], kernel[..., outs], axes, target[..., outs])
    return result.astype(dtype, copy=False)
