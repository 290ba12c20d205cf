"""Pooling, and the ways back, which are not the same.

- Sums go back by repeating: the gradient of `sum_pool` is `upsample_nearest`.
- Maxima go back to where they were found: `max_pool` remembers the places, `max_unpool` and
  `max_pool_gradient` need them. Zeros stand everywhere else, but where the others stand depends on
  the image; in `zero_insert` it does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    ConvolutionAxis,
    checked_array,
    convolution_axes,
    per_axis,
    spatial_sizes,
    working_dtypes,
)
from conv_lib.ops.window import zero_extended

IMAGE = AXIS_NAMES[2]


def sum_pool(
    x: ArrayLike,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: Any = "valid",
) -> np.ndarray:
    """Add up each window, channel by channel.

    >>> sum_pool(np.arange(8.0).reshape(1, 2, 4, 1), 2)[0, :, :, 0]
    array([[10., 18.]])

    It is the depthwise convolution with a kernel of ones.

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
    size : int or (height, width)
        Of the window.
    stride : int or (height, width), optional
        By default `size`: windows side by side.
    padding : "valid", "same", int, or ((top, bottom), (left, right))
        As for `conv2d`; less than `size` at every side, so that no window lies outside the image.

    Returns
    -------
    ndarray, shape (..., output_height, output_width, channels)
        Sizes by `shapes.conv_size`, dtype as for `conv2d`.

    Raises
    ------
    TypeError, ValueError
        As `conv2d`, and for padding that is not less than `size`.
    """
    x, axes = _checked(x, size, stride, padding)
    compute, answer = working_dtypes(x)
    padded = zero_extended(x, [(-axis.before, axis.size + axis.after) for axis in axes])
    return sum(tap.astype(compute) for tap in _taps(padded, axes)).astype(answer, copy=False)


def average_pool(
    x: ArrayLike,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: Any = "valid",
) -> np.ndarray:
    """Average each window, channel by channel, over the pixels that are in the image.

    >>> average_pool(np.arange(6.0).reshape(1, 2, 3, 1), 2, padding="same")[0, :, :, 0]
    array([[2. , 3.5]])

    So do TensorFlow and Keras. PyTorch counts the padded zeros too unless count_include_pad=False.

    Parameters
    ----------
    x, size, stride, padding : as for `sum_pool`

    Returns
    -------
    ndarray, shape (..., output_height, output_width, channels)
        float64 where `x` holds integers, else in the dtype of `x`.

    Raises
    ------
    TypeError, ValueError
        As `sum_pool`.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/avg_pool
    """
    x = checked_array("x", x, [*IMAGE, "channels"])
    how = {"stride": stride, "padding": padding}
    counts = sum_pool(np.ones((*x.shape[-3:-1], 1)), size, **how)
    total = sum_pool(x.astype("float32") if x.dtype == np.float16 else x, size, **how)
    answer = x.dtype if x.dtype.kind in "fc" else np.dtype("float64")
    return (total / counts).astype(answer, copy=False)


def max_pool(
    x: ArrayLike,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    padding: Any = "valid",
) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest value of each window, channel by channel, and where it was found.

    >>> x = np.array([[1, 2, 6, 3], [3, 5, 2, 1]]).reshape(1, 2, 4, 1)
    >>> values, indices = max_pool(x, 2)
    >>> values[0, :, :, 0], indices[0, :, :, 0]
    (array([[5, 6]]), array([[5, 2]]))

    Padding never wins. Of equal values the first in reading order wins; NaN wins over any number.

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
        Real numbers.
    size, stride, padding : as for `sum_pool`

    Returns
    -------
    values : ndarray, shape (..., output_height, output_width, channels)
        In the dtype of `x`.
    indices : ndarray of int64, the same shape
        row * width + column in `x`, as in PyTorch. TensorFlow's argmax is
        (row * width + column) * channels + channel.

    Raises
    ------
    TypeError, ValueError
        As `sum_pool`, and TypeError for complex numbers, which have no order.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/max_pool_with_argmax,
    https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    x, axes = _checked(x, size, stride, padding)
    if x.dtype.kind == "c":
        raise TypeError(
            refusal("x must hold numbers with an order.", f"dtype {x.dtype}", "dtype float64")
        )
    height, width = (axis.size for axis in axes)
    # Counted from 1: the zeros of the padding say that there is no pixel.
    places = np.arange(1, height * width + 1).reshape(height, width, 1)
    windows = [(-axis.before, axis.size + axis.after) for axis in axes]
    pixels = zip(
        _taps(zero_extended(x, windows), axes),
        _taps(zero_extended(places, windows), axes),
        strict=True,
    )
    values, found = (first.copy() for first in next(pixels))
    found = np.broadcast_to(found, values.shape).copy()
    for value, place in pixels:
        # value != value is true for NaN alone.
        larger = (value > values) | ((value != value) & (values == values))
        wins = (place > 0) & (larger | (found == 0))
        values, found = np.where(wins, value, values), np.where(wins, place, found)
    return values, found - 1


def max_unpool(values: ArrayLike, indices: ArrayLike, output_size: tuple[int, int]) -> np.ndarray:
    """Put each value where a max pooling found it, and zeros everywhere else.

    >>> x = np.array([[1, 2, 6, 3], [3, 5, 2, 1]]).reshape(1, 2, 4, 1)
    >>> max_unpool(*max_pool(x, 2), (2, 4))[0, :, :, 0]
    array([[0, 0, 6, 0],
           [0, 5, 0, 0]])

    Where windows overlap two values may belong to one place: then the last in reading order stays,
    and nothing is added. (`max_pool_gradient` adds.)

    Parameters
    ----------
    values : array_like, shape (..., height, width, channels)
    indices : array_like of integers, the same shape
        As `max_pool` returns them: row * width + column in the output, for each channel.
    output_size : (height, width)

    Returns
    -------
    ndarray, shape (..., *output_size, channels)
        In the dtype of `values`.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers, and indices or sizes that are not integers.
    ValueError
        For wrong axes, shapes that differ, and indices outside the output.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
    """
    values, places, result, shape = _places("values", values, indices, "output_size", output_size)
    result[places] = values
    return result.reshape(shape)


def max_pool_gradient(
    gradient: ArrayLike, indices: ArrayLike, input_size: tuple[int, int]
) -> np.ndarray:
    """Return the gradient of the values of `max_pool` with respect to its input.

    >>> x = np.array([1.0, 5.0, 2.0]).reshape(1, 1, 3, 1)
    >>> values, indices = max_pool(x, (1, 2), stride=1)  # the 5 wins both windows
    >>> max_pool_gradient(np.ones_like(values), indices, (1, 3))[0, 0, :, 0]
    array([0., 2., 0.])

    Each output's gradient goes to the pixel that won, and adds up there: with the indices held, it
    is the adjoint of picking them.

    Parameters
    ----------
    gradient : array_like, shape (..., output_height, output_width, channels)
        That of the loss with respect to the values of `max_pool`.
    indices : ndarray of integers, the same shape
        As `max_pool` returned them.
    input_size : (height, width)

    Returns
    -------
    ndarray, shape (..., *input_size, channels)
        In the dtype of `gradient`.

    Raises
    ------
    TypeError, ValueError
        As `max_unpool`.

    Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops/MaxPoolGradWithArgmax
    """
    gradient, places, result, shape = _places(
        "gradient", gradient, indices, "input_size", input_size
    )
    np.add.at(result, places, gradient)
    return result.reshape(shape)


# ----------------------------------------------------------------------------------- inside


def _checked(x: Any, size: Any, stride: Any, padding: Any) -> tuple:
    x = checked_array("x", x, [*IMAGE, "channels"])
    spans = per_axis("size", size, IMAGE)
    stride = spans if stride is None else stride
    axes = convolution_axes(x.shape[-3:-1], spans, stride, padding, 1)
    for name, axis in zip(IMAGE, axes, strict=True):
        if max(axis.before, axis.after) >= axis.kernel:
            raise ValueError(
                refusal(
                    f"Along the {name}: padding must be less than the window of a pooling.",
                    f"padding=({axis.before}, {axis.after}), size={axis.kernel}",
                    f"at most {axis.kernel - 1}",
                )
            )
    return x, axes


def _taps(padded: np.ndarray, axes: tuple[ConvolutionAxis, ...]):
    """Yield, for each place in the window, the pixels there: one for each output."""
    for tap in np.ndindex(*(axis.kernel for axis in axes)):
        places = [axis.met_by(i) for i, axis in zip(tap, axes, strict=True)]
        yield padded[(..., *places, slice(None))]


def _places(name: str, values: Any, indices: Any, size_name: str, size: Any) -> tuple:
    """Return values as (images, pixels, channels), their places in such an array of zeros, that
    array, and the shape that it shall have in the end."""
    values = checked_array(name, values, [*IMAGE, "channels"])
    indices = checked_array("indices", indices, [*IMAGE, "channels"])
    height, width = spatial_sizes(size_name, size, IMAGE)
    if indices.dtype.kind not in "iu":
        raise TypeError(
            refusal("indices must hold integers.", f"dtype {indices.dtype}", "dtype int64")
        )
    if indices.shape != values.shape:
        raise ValueError(
            refusal(
                f"indices and {name} must have the same shape.",
                f"shapes {indices.shape} and {values.shape}",
                f"indices of shape {values.shape}",
            )
        )
    if indices.size and not 0 <= indices.min() <= indices.max() < height * width:
        raise ValueError(
            refusal(
                f"indices count the pixels of the output, 0 to {height * width - 1}.",
                f"{indices.min()} to {indices.max()}, with a size of {(height, width)}",
                f"0 to {height * width - 1}",
            )
        )
    *batch, rows, columns, channels = values.shape
    images = int(np.prod(batch))
    flat = (images, rows * columns, channels)
    image, _, channel = np.ogrid[:images, :1, :channels]
    result = np.zeros((images, height * width, channels), values.dtype)
    places = (image, indices.reshape(flat), channel)
    return values.reshape(flat), places, result, (*batch, height, width, channels)
