"""How much of a picture is checkerboard: what repeats with the stride, in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import integer, refusal


def phase_means(images: ArrayLike, stride: int = 2) -> np.ndarray:
    """Return the mean of each phase: of the pixels whose row and column leave the same remainders mod stride.

    >>> phase_means(np.array([[0, 1, 0, 1], [2, 3, 2, 3]])[None, :, :, None])
    array([[[0., 1.],
            [2., 3.]]])

    Parameters
    ----------
    images : array_like, shape (count, height, width, channels)
        Height and width are cut to multiples of the stride.
    stride : int

    Returns
    -------
    ndarray of float64, shape (count, stride, stride)
    """
    x = np.asarray(images, float)
    stride = integer("stride", stride)
    if x.ndim != 4 or min(x.shape[1:3]) < stride:
        raise ValueError(
            refusal(
                f"images have the axes (count, height, width, channels), and at least {stride} rows and columns.",
                f"shape {x.shape}",
                "images[None, :, :, None]",
            )
        )
    count, height, width, channels = x.shape
    rows, columns = height // stride, width // stride
    x = x[:, : rows * stride, : columns * stride]
    return x.reshape(count, rows, stride, columns, stride, channels).mean(axis=(1, 3, 5))


def checkerboard(images: ArrayLike, stride: int = 2) -> float:
    """Return how far the phases of a picture stand apart: the standard deviation of `phase_means`, over all images.

    >>> flat = np.ones((1, 4, 6, 1))
    >>> checkerboard(flat)
    0.0
    >>> checkerboard(flat + np.indices((4, 6)).sum(axis=0)[None, :, :, None] % 2)
    0.5

    It is the amplitude at the stride's frequency: what a fixed pattern that repeats with the stride adds to a picture.
    In grey levels, where 1 is the way from black to white. The root mean square over the images is returned.
    """
    means = phase_means(images, stride)
    return float(np.sqrt(means.var(axis=(1, 2)).mean()))


def stride_pattern(images: ArrayLike) -> np.ndarray:
    """Return what a picture holds at the finest frequencies: itself minus itself smoothed by [1, 2, 1] / 4 both ways.

    The smoothing removes every pattern of period 2 and keeps flat areas; at the border the last pixels are repeated.
    Shape and axes stay: (count, height, width, channels).
    """
    x = np.asarray(images, float)
    smooth = x
    for axis in (1, 2):
        pad = [(0, 0)] * 4
        pad[axis] = (1, 1)
        p = np.pad(smooth, pad, mode="edge")
        n = x.shape[axis]
        low, mid, high = (np.take(p, np.arange(k, n + k), axis=axis) for k in range(3))
        smooth = (low + 2 * mid + high) / 4
    return x - smooth


def intersection_over_union(masks: ArrayLike, predicted: ArrayLike, classes: int) -> list[float]:
    """Return for each class the pixels that are in both masks, divided by those in at least one.

    >>> intersection_over_union([[0, 1, 1]], [[0, 0, 1]], 2)
    [0.5, 0.5]
    """
    a, b = np.asarray(masks), np.asarray(predicted)
    if a.shape != b.shape:
        raise ValueError(refusal("Both masks have one shape.", f"{a.shape} and {b.shape}", "scores.argmax(axis=-1)"))
    return [float(((a == c) & (b == c)).sum() / max(((a == c) | (b == c)).sum(), 1)) for c in range(classes)]
