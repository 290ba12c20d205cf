"""Gradients of both operations: four functions, and two of them are the other two again.

With y = conv(x, kernel) and a loss whose derivative by y is `gradient`, `conv_input_gradient` and
`conv_kernel_gradient` are its derivatives by x and by the kernel. The input's is the transposed
convolution; for a transposed convolution it is the convolution. In the kernel's gradients x and
`gradient` change places.

For complex numbers nothing is conjugated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    ConvolutionAxis,
    channel_groups,
    checked_array,
    checked_groups,
    convolution_axes,
    kernel_rank,
    per_axis,
    spatial_sizes,
    working_dtypes,
)
from conv_lib.ops.convolution import conv
from conv_lib.ops.transposed import conv_transpose
from conv_lib.ops.window import zero_extended


def conv_input_gradient(
    gradient: ArrayLike,
    kernel: ArrayLike,
    input_size: tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the gradient of `conv` with respect to its input.

    >>> kernel = np.array([1.0, 10.0]).reshape(2, 1, 1)
    >>> conv_input_gradient(np.ones((1, 2, 1)), kernel, (5,), stride=2)[0, :, 0]
    array([ 1., 10.,  1., 10.,  0.])

    It is `conv_transpose` with the same kernel array and settings, at the size of the input: a
    pixel gets, from every output it went into, that output's gradient times the weight between
    them. A pixel that no window reached (the last one above) gets 0.

    Parameters
    ----------
    gradient : array_like, shape (..., *output_sizes, out_channels)
        That of the loss with respect to the output of `conv`.
    kernel : array_like, shape (*kernel_sizes, in_channels // groups, out_channels)
    input_size : (height, width), or (length,), or (depth, height, width)
        Several sizes give outputs of the same size, so it must be said which.
    stride, padding, dilation, groups : those of the `conv`

    Returns
    -------
    ndarray, shape (..., *input_size, in_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv`, and when `gradient` has not the size of the output.

    Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/Conv2DBackpropInput
    """
    rank = kernel_rank(kernel)
    names = AXIS_NAMES[rank]
    gradient = checked_array("gradient", gradient, [*names, "out_channels"])
    input_size = spatial_sizes("input_size", input_size, names)
    axes = convolution_axes(input_size, np.shape(kernel)[:rank], stride, padding, dilation)
    _match_outputs("gradient", gradient, axes)
    return conv_transpose(
        gradient,
        kernel,
        stride=stride,
        padding=[(axis.before, axis.after) for axis in axes],
        dilation=dilation,
        output_shape=input_size,
        groups=groups,
    )


def conv_kernel_gradient(
    x: ArrayLike,
    gradient: ArrayLike,
    kernel_size: tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the gradient of `conv` with respect to its kernel.

    >>> x = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1)
    >>> conv_kernel_gradient(x, np.ones((1, 3, 1)), (2,))[:, 0, 0]
    array([ 7., 14.])

    A weight gets, from every window it was in, the pixel it met times the gradient of that output:

        kernel_gradient[i, j, m, o] = sum over b, r, c of
            padded[b, r * stride + i * dilation, c * stride + j * dilation, m]
            * gradient[b, r, c, o]

    (Read as a convolution: x is the input, `gradient` the kernel, and stride and dilation have
    changed places.)

    Parameters
    ----------
    x : array_like, shape (..., *spatial, in_channels)
    gradient : array_like, shape (..., *output_sizes, out_channels)
        That of the loss with respect to the output of `conv`.
    kernel_size : (height, width), or (length,), or (depth, height, width)
    stride, padding, dilation, groups : those of the `conv`

    Returns
    -------
    ndarray, shape (*kernel_size, in_channels // groups, out_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv`, and when `gradient` has not the size of the output.

    Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/Conv2DBackpropFilter
    """
    x, gradient, names, kernel_size = _checked(x, gradient, kernel_size)
    sizes = x.shape[-1 - len(names) : -1]
    axes = convolution_axes(sizes, kernel_size, stride, padding, dilation)
    _match_outputs("gradient", gradient, axes)
    return _kernel_gradient(x, gradient, axes, groups)


def conv_transpose_input_gradient(
    gradient: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the gradient of `conv_transpose` with respect to its input.

    >>> kernel = np.array([1.0, 10.0]).reshape(2, 1, 1)
    >>> gradient = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 4, 1)
    >>> conv_transpose_input_gradient(gradient, kernel, stride=2)[0, :, 0]
    array([21., 43.])

    It is `conv` with the same kernel array and settings: the transpose of the transpose. The size
    of the input needs not be said, since `conv` maps every legal output size back to it.

    Parameters
    ----------
    gradient : array_like, shape (..., *output_sizes, out_channels)
        That of the loss with respect to the output of `conv_transpose`.
    kernel : array_like, shape (*kernel_sizes, out_channels // groups, in_channels)
    stride, padding, dilation, groups : those of the `conv_transpose`

    Returns
    -------
    ndarray, shape (..., *input_sizes, in_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv`.

    Source: the gradient of Conv2DBackpropInput,
    https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/python/ops/nn_grad.py
    """
    rank = kernel_rank(kernel)
    gradient = checked_array("gradient", gradient, [*AXIS_NAMES[rank], "out_channels"])
    sizes = gradient.shape[-1 - rank : -1]
    how = (sizes, np.shape(kernel)[:rank], stride, padding, dilation)
    pairs = [(axis.before, axis.after) for axis in convolution_axes(*how, causal="after")]
    return conv(gradient, kernel, stride=stride, padding=pairs, dilation=dilation, groups=groups)


def conv_transpose_kernel_gradient(
    x: ArrayLike,
    gradient: ArrayLike,
    kernel_size: tuple[int, ...],
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the gradient of `conv_transpose` with respect to its kernel.

    >>> x, gradient = np.array([1.0, 10.0]), np.array([1.0, 2.0, 3.0])
    >>> conv_transpose_kernel_gradient(x.reshape(1, 2, 1), gradient.reshape(1, 3, 1), (2,))[:, 0, 0]
    array([21., 32.])

    It is `conv_kernel_gradient` with `gradient` in the place of x and x in that of `gradient`.

    Parameters
    ----------
    x : array_like, shape (..., *spatial, in_channels)
    gradient : array_like, shape (..., *output_sizes, out_channels)
        That of the loss with respect to the output of `conv_transpose`.
    kernel_size : (height, width), or (length,), or (depth, height, width)
    stride, padding, dilation, groups : those of the `conv_transpose`

    Returns
    -------
    ndarray, shape (*kernel_size, out_channels // groups, in_channels)

    Raises
    ------
    TypeError, ValueError
        As `conv_transpose`, and when the sizes of `x` and `gradient` do not belong together.

    Source: the gradient of Conv2DBackpropInput,
    https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/python/ops/nn_grad.py
    """
    x, gradient, names, kernel_size = _checked(x, gradient, kernel_size)
    sizes = gradient.shape[-1 - len(names) : -1]
    axes = convolution_axes(sizes, kernel_size, stride, padding, dilation, causal="after")
    _match_outputs("x", x, axes)
    return _kernel_gradient(gradient, x, axes, groups)


# ----------------------------------------------------------------------------------- inside


def _kernel_gradient(
    x: np.ndarray, gradient: np.ndarray, axes: tuple[ConvolutionAxis, ...], groups: int
) -> np.ndarray:
    groups = checked_groups(groups, in_channels=x.shape[-1], out_channels=gradient.shape[-1])
    compute, answer = working_dtypes(x, gradient)
    x, gradient = x.astype(compute, copy=False), gradient.astype(compute, copy=False)
    padded = zero_extended(x, [(-axis.before, axis.size + axis.after) for axis in axes])
    taps, out_channels = [axis.kernel for axis in axes], gradient.shape[-1]
    result = np.empty((*taps, x.shape[-1] // groups, out_channels), compute)
    for tap in np.ndindex(*taps):
        # The pixels that this tap meets, one for each output.
        places = [axis.met_by(i) for i, axis in zip(tap, axes, strict=True)]
        met = padded[(..., *places, slice(None))]
        for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
            columns = met[..., ins].reshape(-1, result.shape[-2])
            result[tap][:, outs] = columns.T @ gradient[..., outs].reshape(
                -1, out_channels // groups
            )
    return result.astype(answer, copy=False)


def _checked(x: Any, gradient: Any, kernel_size: Any) -> tuple:
    """Return both arrays, the names of their spatial axes, and the kernel's sizes."""
    try:
        names = AXIS_NAMES[len(kernel_size)]
    except (TypeError, KeyError):
        raise ValueError(
            refusal(
                "kernel_size is (length,), (height, width) or (depth, height, width).",
                f"kernel_size={kernel_size!r}",
                "(3, 3)",
            )
        ) from None
    kernel_size = per_axis("kernel_size", kernel_size, names)
    x = checked_array("x", x, [*names, "in_channels"])
    gradient = checked_array("gradient", gradient, [*names, "out_channels"])
    batch = slice(None, -1 - len(names))
    if x.shape[batch] != gradient.shape[batch]:
        raise ValueError(
            refusal(
                "x and gradient must have the same leading axes.",
                f"shapes {x.shape} and {gradient.shape}",
                f"a gradient of shape {(*x.shape[batch], *gradient.shape[-1 - len(names) :])}",
            )
        )
    return x, gradient, names, kernel_size


def _match_outputs(name: str, array: np.ndarray, axes: tuple[ConvolutionAxis, ...]) -> None:
    """Refuse an array that has not the sizes of a convolution's output."""
    expected, rank = tuple(axis.output for axis in axes), len(axes)
    if array.shape[-1 - rank : -1] != expected:
        sizes = tuple(axis.size for axis in axes)
        raise ValueError(
            refusal(
                f"{name} must have the sizes to which the convolution takes {sizes}.",
                f"shape {array.shape}",
                f"{(*array.shape[: -1 - rank], *expected, array.shape[-1])}",
            )
        )
