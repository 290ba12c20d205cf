"""Larger images without weights: repeat pixels, or interpolate between them.

Two that are often mistaken for these stand elsewhere: `zero_insert` puts zeros between the pixels,
`max_unpool` puts each value back where a max pooling found it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import AXIS_NAMES, boolean, checked_array, per_axis, spatial_sizes

IMAGE = AXIS_NAMES[2]


def upsample_nearest(x: ArrayLike, factor: int | tuple[int, int]) -> np.ndarray:
    """Repeat every pixel, as Keras' UpSampling2D does by default.

    >>> upsample_nearest(np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1), 2)[0, :, :, 0]
    array([[1, 1, 2, 2],
           [1, 1, 2, 2],
           [3, 3, 4, 4],
           [3, 3, 4, 4]])

        y[b, r, c, m] = x[b, r // factor, c // factor, m]

    It is the adjoint of sum pooling, and the transposed convolution whose kernel is a box of the
    size of its stride (`box_kernel`).

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
    factor : int or (height, width)

    Returns
    -------
    ndarray, shape (..., height * factor, width * factor, channels)
        In the dtype of `x`.

    Raises
    ------
    TypeError, ValueError
        As `conv_lib.conv2d`.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d
    """
    x = checked_array("x", x, [*IMAGE, "channels"])
    rows, columns = per_axis("factor", factor, IMAGE)
    return x.repeat(rows, axis=-3).repeat(columns, axis=-2)


def upsample_bilinear(
    x: ArrayLike,
    factor: int | tuple[int, int] | None = None,
    *,
    size: tuple[int, int] | None = None,
    align_corners: bool = False,
) -> np.ndarray:
    """Interpolate linearly along both axes, with either of the two conventions for corners.

    >>> x = np.array([0.0, 8.0]).reshape(1, 1, 2, 1)
    >>> upsample_bilinear(x, (1, 2))[0, 0, :, 0]
    array([0., 2., 6., 8.])
    >>> upsample_bilinear(x, size=(1, 5), align_corners=True)[0, 0, :, 0]
    array([0., 2., 4., 6., 8.])

    Output pixel u reads the input at the place p, from the two pixels beside it:

        align_corners=False: p = (u + 1/2) * size / output_size - 1/2
        align_corners=True:  p = u * (size - 1) / (output_size - 1)

    The first takes pixels for squares and makes the *edges* of both images meet; a place outside
    the pixel centres is moved to the nearest. The second takes pixels for points and makes the
    *corner pixels* meet; the factor between distances is then not output_size / size.

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
    factor : int or (height, width), optional
    size : (height, width), optional
        The output size, instead of `factor`. A smaller one than that of `x` only skips pixels:
        nothing is averaged.
    align_corners : bool
        False is `tf.image.resize`, UpSampling2D and PyTorch's default; True is
        `tf.compat.v1.image.resize(..., align_corners=True)` and PyTorch's nn.UpsamplingBilinear2d.

    Returns
    -------
    ndarray, shape (..., *size, channels)
        float64 where `x` holds integers, else in the dtype of `x`.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers, sizes that are not integers, and an `align_corners`
        that is not a bool.
    ValueError
        For wrong axes, sizes below 1, and when not exactly one of `factor` and `size` is given.

    Source: https://www.tensorflow.org/api_docs/python/tf/image/resize,
    https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html
    """
    x = checked_array("x", x, [*IMAGE, "channels"])
    if (factor is None) == (size is None):
        raise ValueError(
            refusal(
                "factor and size both choose the size: give one of them.",
                f"factor={factor!r}, size={size!r}",
                "factor=2" if size is None else f"size={size!r} alone",
            )
        )
    align_corners = boolean("align_corners", align_corners)
    if size is None:
        factors = per_axis("factor", factor, IMAGE)
        size = [old * times for old, times in zip(x.shape[-3:-1], factors, strict=True)]
    size = spatial_sizes("size", size, IMAGE)
    answer = x.dtype if x.dtype.kind in "fc" else np.dtype("float64")
    result = x.astype("float32" if answer == np.float16 else answer)
    for axis, new in zip((-3, -2), size, strict=True):
        low, high, share = _neighbours(x.shape[axis], new, align_corners)
        share = share.astype(result.real.dtype).reshape(-1, *(1,) * (-1 - axis))
        below, above = result.take(low, axis=axis), result.take(high, axis=axis)
        result = below + (above - below) * share
    return result.astype(answer, copy=False)


def _neighbours(size: int, new: int, align_corners: bool) -> tuple[np.ndarray, ...]:
    """Return for each output pixel the input pixels before and after its place, and how far on."""
    u = np.arange(new)
    if align_corners:
        place = u * (size - 1) / max(new - 1, 1)
    else:
        place = ((u + 0.5) * size / new - 0.5).clip(0, size - 1)
    low = np.floor(place).astype(int)
    return low, np.minimum(low + 1, size - 1), place - low
