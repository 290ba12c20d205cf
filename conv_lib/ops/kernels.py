"""Kernels with a purpose, and kernels rearranged.

Channels last two, in HWIO for a convolution and HWOI for its transpose; the kernels made here from
sizes alone act on every channel apart (a diagonal), which reads the same in both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import integer, refusal
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    checked_array,
    checked_kernel,
    kernel_rank,
    one_of,
    per_axis,
)

SPATIAL = ("W", "HW", "DHW")
CHANNELS = ["in_channels", "out_channels"]


def box_kernel(size: int | tuple[int, ...], channels: int = 1) -> np.ndarray:
    """Return a kernel of ones.

    >>> box_kernel((2, 3))[:, :, 0, 0]
    array([[1., 1., 1.],
           [1., 1., 1.]])

    With stride = size, `conv2d` is then `sum_pool` and `conv2d_transpose` is `upsample_nearest`.

    Parameters
    ----------
    size : int for both axes of an image, or one for each of one, two or three axes
    channels : int

    Returns
    -------
    ndarray of float64, shape (*size, channels, channels)
        Each channel goes to itself.

    Raises
    ------
    TypeError, ValueError
        For sizes and channels that are not integers, or below 1, or for more than three axes.
    """
    return _diagonal([np.ones(length) for length in _sizes("size", size)], channels)


def bilinear_kernel(factor: int | tuple[int, ...], channels: int = 1) -> np.ndarray:
    """Return the kernel of the transposed convolution that interpolates linearly.

    >>> bilinear_kernel((2,))[:, 0, 0]
    array([0.25, 0.75, 0.75, 0.25])
    >>> bilinear_kernel((1, 2))[:, :, 0, 0]
    array([[0.25, 0.75, 0.75, 0.25]])

    A triangle along each axis, of length 2 * factor - factor mod 2 and height 1, or just below
    where no pixel lies on its tip. ``conv2d_transpose(x, kernel, stride=factor, padding="same")``
    is `upsample_bilinear` with align_corners=False, except within factor // 2 pixels of the border:
    there the transposed convolution fades into the zeros outside.

    Parameters
    ----------
    factor : int for both axes of an image, or one for each of one, two or three axes
    channels : int

    Returns
    -------
    ndarray of float64, shape (*sizes, channels, channels)
        Each channel goes to itself.

    Raises
    ------
    TypeError, ValueError
        For sizes and channels that are not integers, or below 1, or for more than three axes.

    Source: Long, Shelhamer, Darrell, https://arxiv.org/abs/1411.4038, section 3.3
    """
    lines = []
    for step in _sizes("factor", factor):
        size = 2 * step - step % 2
        lines.append(1 - abs(np.arange(size) - (size - 1) / 2) / step)
    return _diagonal(lines, channels)


def icnr(kernel: ArrayLike, block: int, order: str = "depth_to_space") -> np.ndarray:
    """Repeat a kernel for every phase of a block: sub-pixel convolution that starts as a resize.

    >>> icnr(np.array([1, 2, 3]).reshape(1, 1, 1, 3), 2)[0, 0, 0]
    array([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    >>> icnr(np.array([1, 2, 3]).reshape(1, 1, 1, 3), 2, "pixel_shuffle")[0, 0, 0]
    array([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])

    A convolution with the result and then `depth_to_space` (or `pixel_shuffle`) is the convolution
    with `kernel` and then `upsample_nearest`: no checkerboard at the start of training. Draw
    `kernel` as you would initialise it.

    Parameters
    ----------
    kernel : array_like, shape (kernel_height, kernel_width, in_channels, out_channels)
    block : int
    order : "depth_to_space" or "pixel_shuffle"
        Which of the two lays out the blocks: they read the channels in another order.

    Returns
    -------
    ndarray, shape (kernel_height, kernel_width, in_channels, block * block * out_channels)

    Raises
    ------
    TypeError, ValueError
        For arrays that are no kernel, a block that is not an integer of at least 1, other orders.

    Source: Aitken and others, https://arxiv.org/abs/1707.02937
    """
    kernel = checked_kernel(kernel, AXIS_NAMES[2], CHANNELS)
    copies = integer("block", block) ** 2
    if one_of("order", order, ["depth_to_space", "pixel_shuffle"]) == "depth_to_space":
        return np.tile(kernel, copies)
    return kernel.repeat(copies, axis=-1)


def resize_conv_kernel(
    kernel: ArrayLike, factor: int | tuple[int, ...], padding: str = "same"
) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Return the kernel and padding of the transpose that equals nearest upsampling, then `conv`.

    >>> kernel, padding = resize_conv_kernel(np.array([1, 10, 100]).reshape(3, 1, 1), 2)
    >>> kernel[:, 0, 0], padding
    (array([100, 110,  11,   1]), [(1, 1)])

    For every kernel and factor, even ones too, and to the last pixel of the border,

        conv2d(upsample_nearest(x, factor), kernel, padding=padding)

    is ``conv2d_transpose(x, new, stride=factor, padding=crop)`` with the two that are returned. A
    pixel is repeated into a box, and the box is what the flipped kernel is stamped with: so `new`
    is the full convolution of both, kernel_size + factor - 1 long. `crop` is then
    (k // 2, (k - 1) // 2) for "same", which for an odd k "same" itself would give (for an even k it
    would shift by a pixel), and (k - 1, k - 1) for "valid".

    Parameters
    ----------
    kernel : array_like, shape (*kernel_sizes, in_channels // groups, out_channels)
        That of the convolution, for one, two or three spatial axes; without groups.
    factor : int or one for each spatial axis
    padding : "same" or "valid"
        That of the convolution.

    Returns
    -------
    new : ndarray, shape (*(kernel_size + factor - 1), out_channels, in_channels)
        In the layout of `conv_transpose`.
    crop : list of (before, after)

    Raises
    ------
    TypeError, ValueError
        For arrays that are no kernel, a factor that is not an integer of at least 1, and other
        paddings.

    Source: Odena, Dumoulin, Olah, https://distill.pub/2016/deconv-checkerboard
    """
    rank = kernel_rank(kernel)
    kernel = checked_kernel(kernel, AXIS_NAMES[rank], CHANNELS)
    factors = per_axis("factor", factor, AXIS_NAMES[rank])
    spans = kernel.shape[:rank]
    if one_of("padding", padding, ["same", "valid"]) == "same":
        crop = [(span // 2, (span - 1) // 2) for span in spans]
    else:
        crop = [(span - 1, span - 1) for span in spans]
    stamp = np.flip(kernel, range(rank)).swapaxes(-1, -2)
    sizes = [span + step - 1 for span, step in zip(spans, factors, strict=True)]
    # As for every sum in this package: integers widen, so that the additions cannot wrap.
    new = np.zeros((*sizes, *stamp.shape[rank:]), kernel.sum().dtype)
    for offset in np.ndindex(*factors):
        new[tuple(slice(o, o + span) for o, span in zip(offset, spans, strict=True))] += stamp
    return new, crop


def resize_conv_projection(
    kernel: ArrayLike, factor: int | tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the convolution behind nearest upsampling that comes nearest to a transposed one.

    >>> weights, kept = resize_conv_projection(np.array([1, 2, 3, 6]).reshape(4, 1, 1), 2)
    >>> weights[:, 0, 0], kept[:, 0, 0]
    (array([ 5., -1.,  2.]), array([2., 1., 4., 5.]))

    `resize_conv_kernel` makes from k weights a kernel of k + factor - 1: the kernels that nearest
    upsampling and a convolution can be are a subspace of all of that size. This is the orthogonal
    projection onto it, along each axis and each pair of channels: of all kernels in the subspace
    `kept` has the smallest ``np.sum((kernel - kept) ** 2)``, and ``resize_conv_kernel(weights,
    factor)[0]`` is `kept`.

    With factor 2 what is given up along an axis is the pattern + - + - ...; a kernel of even size
    lies in the subspace exactly if no row and no column holds any of it.

    Parameters
    ----------
    kernel : array_like, shape (*sizes, out_channels, in_channels)
        That of the transposed convolution, for one, two or three spatial axes.
    factor : int or one for each spatial axis
        Its stride; no larger than the kernel.

    Returns
    -------
    weights : ndarray, shape (*(size - factor + 1), in_channels, out_channels)
        In the layout of `conv`.
    kept : ndarray, shape of `kernel`
        In the layout of `conv_transpose`.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers, and factors that are not integers.
    ValueError
        For arrays that are no kernel, and a factor below 1 or above the size of the kernel.
    """
    rank = kernel_rank(kernel)
    kernel = checked_kernel(kernel, AXIS_NAMES[rank], CHANNELS[::-1])
    factors = per_axis("factor", factor, AXIS_NAMES[rank])
    spans = kernel.shape[:rank]
    if any(step > span for step, span in zip(factors, spans, strict=True)):
        legal = tuple(min(step, span) for step, span in zip(factors, spans, strict=True))
        raise ValueError(
            refusal(
                "A kernel of k + factor - 1 with k of at least 1 is no smaller than the factor.",
                f"factor={factor!r}, kernel of shape {kernel.shape}",
                f"factor={legal}",
            )
        )
    stamp = kept = kernel.astype(np.result_type(kernel, float))
    for axis, (step, span) in enumerate(zip(factors, spans, strict=True)):
        # Column i of `spread` is a box that begins at i: what one weight becomes.
        offsets = np.arange(span)[:, None] - np.arange(span - step + 1)
        spread = ((offsets >= 0) & (offsets < step)).astype(float)
        solve = np.linalg.pinv(spread)
        stamp = np.moveaxis(np.tensordot(solve, stamp, (1, axis)), 0, axis)
        kept = np.moveaxis(np.tensordot(spread @ solve, kept, (1, axis)), 0, axis)
    dtype = kernel.dtype if kernel.dtype.kind in "fc" else np.dtype(float)
    weights = np.flip(stamp, range(rank)).swapaxes(-1, -2)
    return weights.astype(dtype), kept.astype(dtype)


def flip_kernel(kernel: ArrayLike, layout: str = "HWIO") -> np.ndarray:
    """Turn a kernel round along its spatial axes, and leave its channels.

    >>> flip_kernel(np.array([[1, 2], [3, 4]]).reshape(2, 2, 1, 1))[:, :, 0, 0]
    array([[4, 3],
           [2, 1]])

    With it `conv2d` is the convolution of mathematics (scipy.signal.convolve2d).

    Parameters
    ----------
    kernel : array_like, with the axes that `layout` names
    layout : str
        As for `convert_kernel`.

    Returns
    -------
    ndarray
        A copy, in the same layout.

    Raises
    ------
    TypeError, ValueError
        As `convert_kernel`.
    """
    kernel = _laid_out(kernel, layout)
    return np.flip(kernel, [layout.index(letter) for letter in layout if letter in "DHW"]).copy()


def convert_kernel(kernel: ArrayLike, source: str, target: str) -> np.ndarray:
    """Reorder the axes of a kernel from one layout to another.

    >>> convert_kernel(np.ones((3, 2, 8, 16)), "HWIO", "OIHW").shape
    (16, 8, 3, 2)

    ============================  =======  ===========
    layer                         PyTorch  TensorFlow
    ============================  =======  ===========
    convolution                   OIHW     HWIO
    transposed convolution        IOHW     HWOI
    ============================  =======  ===========

    I and O are the channels into and out of *that* layer, H and W its height and width (D its
    depth, and a one-dimensional kernel has W alone). Only axes move: nothing is flipped, and no
    framework in the table needs it. To *transpose* a layer in TensorFlow, keep the array: what
    `conv2d` reads as HWIO is what `conv2d_transpose` reads as HWOI. With groups, I of a convolution
    (and O of a transpose) is the number per group.

    Parameters
    ----------
    kernel : array_like, with the axes that `source` names
    source, target : str
        The same letters in two orders.

    Returns
    -------
    ndarray
        A copy.

    Raises
    ------
    TypeError
        For arrays that do not hold numbers, and layouts that are not strings.
    ValueError
        For layouts that are not I, O and W, HW or DHW in some order, and a kernel with another
        number of axes.
    """
    kernel = _laid_out(kernel, source)
    _check_layout(target)
    if sorted(source) != sorted(target):
        raise ValueError(
            refusal(
                "Both layouts must name the same axes.",
                f"source={source!r}, target={target!r}",
                f"target={source!r}",
            )
        )
    return kernel.transpose([source.index(letter) for letter in target]).copy()


# ----------------------------------------------------------------------------------- inside


def _sizes(name: str, value: Any) -> tuple[int, ...]:
    """Return one size for each axis: an int is for the two of an image."""
    try:
        rank = len(value)
    except TypeError:
        rank = 2
    if isinstance(value, str) or rank not in AXIS_NAMES:
        raise ValueError(
            refusal(
                f"{name} is an int, or one for each of 1, 2 or 3 axes.",
                f"{name}={value!r}",
                "an integer",
            )
        )
    return per_axis(name, value, AXIS_NAMES[rank])


def _diagonal(lines: list[np.ndarray], channels: int) -> np.ndarray:
    """Return the product of one line of weights along each axis, from each channel to itself."""
    plane = np.ones(())
    for line in lines:
        plane = plane[..., None] * line
    return plane[..., None, None] * np.eye(integer("channels", channels))


def _laid_out(kernel: Any, layout: str) -> np.ndarray:
    _check_layout(layout)
    kernel = checked_array("kernel", kernel, list(layout))
    if kernel.ndim != len(layout):
        raise ValueError(
            refusal(
                f"A kernel laid out as {layout} has {len(layout)} axes.",
                f"shape {kernel.shape}",
                f"{len(layout)} axes",
            )
        )
    return kernel


def _check_layout(layout: Any) -> None:
    legal = [sorted(spatial + "IO") for spatial in SPATIAL]
    if not isinstance(layout, str):
        raise TypeError(refusal("A layout is a string.", f"{layout!r}", "'HWIO'"))
    if sorted(layout) not in legal:
        raise ValueError(
            refusal(
                "A layout names I, O and the spatial axes W, HW or DHW, in any order.",
                f"{layout!r}",
                "'HWIO', 'HWOI', 'OIHW' or 'IOHW'",
            )
        )
