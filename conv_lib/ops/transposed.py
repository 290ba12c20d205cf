"""Transposed convolution, the fast form: one product for all stamps, then one addition per tap."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib.ops._arguments import Call, as_batch, channel_groups, kernel_rank, transposed_call
from conv_lib.ops._transposing import transpose


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
    how = (stride, padding, dilation, output_padding, output_shape, groups)
    return _transpose(transposed_call(x, kernel, *how))


def conv_transpose(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    output_padding: int | tuple[int, ...] | None = None,
    output_shape: tuple[int, ...] | None = None,
    groups: int = 1,
) -> np.ndarray:
    """Transpose a convolution along one, two or three spatial axes: as many as the kernel has.

    >>> x, kernel = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1), np.ones((4, 1, 1))
    >>> conv_transpose(x, kernel, stride=2)[0, :, 0]
    array([ 1.,  1.,  3.,  3.,  6.,  6., 12., 12.,  8.,  8.])
    >>> conv_transpose(x, kernel, stride=2, padding="causal")[0, :, 0]
    array([ 1.,  1.,  3.,  3.,  6.,  6., 12., 12.])
    >>> conv_transpose(np.ones((1, 2, 3, 4, 1)), np.ones((2, 2, 2, 6, 1))).shape
    (1, 3, 4, 5, 6)

    Formula, dtypes, sizes and errors are those of `conv2d_transpose`, which is this with two
    spatial axes.

    "causal" keeps the first size * stride pixels of the full result, so that output t depends on
    inputs up to t / stride only; what a stamp would add later is dropped, and where the kernel is
    shorter than the stride zeros are appended. Legal sizes are
    (size - 1) * stride + 1 up to size * stride, and none shifts the values. Mind the name: the
    transpose of an operation that looks back looks *ahead*. This one is therefore the adjoint of
    the convolution that looks ahead, with padding=[(0, (kernel - 1) * dilation)]; the adjoint of
    ``conv(..., padding="causal")`` is ``conv_transpose(..., padding=[((kernel - 1) * dilation,
    0)])``, and `conv_input_gradient` computes it.

    Parameters
    ----------
    x : array_like, shape (..., *spatial, in_channels)
    kernel : array_like, shape (*kernel_sizes, out_channels // groups, in_channels)
    stride, dilation, output_padding : int or one for each spatial axis
    padding : "valid", "same", "causal", int, or a pair (before, after) for each spatial axis
    output_shape : a size for each spatial axis, optional
    groups : int

    Returns
    -------
    ndarray, shape (..., *output_sizes, out_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv2d_transpose`, and when the kernel has not 3, 4 or 5 axes.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/conv_transpose
    """
    how = (stride, padding, dilation, output_padding, output_shape, groups)
    return _transpose(transposed_call(x, kernel, *how, rank=kernel_rank(kernel)))


def conv1d_transpose(
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
    """Transpose a convolution of sequences: `conv_transpose` with one spatial axis.

    >>> conv1d_transpose(np.ones((1, 3, 2)), np.ones((4, 5, 2)), stride=2).shape
    (1, 8, 5)

    x is (..., length, in_channels), kernel (kernel_length, out_channels // groups, in_channels).
    """
    how = (stride, padding, dilation, output_padding, output_shape, groups)
    return _transpose(transposed_call(x, kernel, *how, rank=1))


def conv3d_transpose(
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
    """Transpose a convolution of volumes: `conv_transpose` with three spatial axes.

    >>> conv3d_transpose(np.ones((1, 2, 3, 4, 2)), np.ones((2, 2, 2, 5, 2)), stride=2).shape
    (1, 4, 6, 8, 5)

    x is (..., depth, height, width, in_channels), kernel
    (kernel_depth, kernel_height, kernel_width, out_channels // groups, in_channels).
    """
    how = (stride, padding, dilation, output_padding, output_shape, groups)
    return _transpose(transposed_call(x, kernel, *how, rank=3))


def _transpose(call: Call) -> np.ndarray:
    x, kernel, axes, groups, dtype = call
    rank = len(axes)
    sizes = [stop - start for start, stop in [axis.window for axis in axes]]
    out_channels = groups * kernel.shape[-2]
    result = np.empty((*x.shape[: -rank - 1], *sizes, out_channels), x.dtype)
    images, target = as_batch(x, rank), as_batch(result, rank)
    if groups == 1:
        transpose(images, kernel, axes, target)
    else:
        for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
            transpose(images[..., ins], kernel[..., ins], axes, target[..., outs])
    return result.astype(dtype, copy=False)
