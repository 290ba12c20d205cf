"""Convolution, the fast form: copy every window into a row of one matrix, then one product."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from conv_lib import shapes
from conv_lib.ops._arguments import Call, channel_groups, convolution_call
from conv_lib.ops.window import zero_extended


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


def _convolve(call: Call) -> np.ndarray:
    x, kernel, axes, groups, dtype = call
    rank = len(axes)
    taps, out_channels = kernel.shape[:rank], kernel.shape[-1]
    padded = zero_extended(x, [(-axis.before, axis.size + axis.after) for axis in axes])
    result = np.empty(
        (*x.shape[: -rank - 1], *(axis.output for axis in axes), out_channels), x.dtype
    )

    # (..., *outputs, channels, *taps): a view, nothing is copied yet.
    windows = sliding_window_view(
        padded,
        [shapes.effective_kernel(axis.kernel, axis.dilation) for axis in axes],
        axis=tuple(range(-rank - 1, -1)),
    )
    steps = [slice(None, None, axis.stride) for axis in axes]
    spread = [slice(None, None, axis.dilation) for axis in axes]
    windows = windows[(..., *steps, slice(None), *spread)]
    # Channels last again, so that the copy below moves runs of neighbouring numbers.
    windows = np.moveaxis(windows, -rank - 1, -1)

    for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
        rows = windows[..., ins].reshape(-1, np.prod(taps) * kernel.shape[-2])
        product = rows @ kernel[..., outs].reshape(rows.shape[1], -1)
        result[..., outs] = product.reshape(result[..., outs].shape)
    return result.astype(dtype, copy=False)
