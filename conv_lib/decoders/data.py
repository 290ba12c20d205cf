"""Real handwriting that ships in a package: scikit-learn's digits, 1,797 images of 8 x 8 pixels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from conv_lib._checks import integer
from conv_lib.ops import upsample_bilinear


class DigitSet(NamedTuple):
    """Images, shape (count, height, width, 1), float32 from 0 to 1, and the digits that they show."""

    train: np.ndarray
    train_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray


def digits(factor: int | tuple[int, int] = 1) -> DigitSet:
    """Return the digits, enlarged bilinearly; 360 of them, drawn with a fixed seed, are for testing.

    Parameters
    ----------
    factor : int or (height, width)
        (3, 2) gives 24 x 16: other than in the originals, height and width differ.

    Source: https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    images = (found.images[..., None] / 16).astype("float32")
    if factor != 1:
        images = np.clip(upsample_bilinear(images, factor), 0, 1).astype("float32")
    labels = found.target.astype("int64")
    test = np.zeros(len(images), bool)
    test[np.random.default_rng(0).permutation(len(images))[: len(images) // 5 + 1]] = True
    return DigitSet(images[~test], labels[~test], images[test], labels[test])


def two_digits(
    count: int, *, size: tuple[int, int] = (12, 20), seed: int = 0, test: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures that hold two digits each, and for each pixel what it belongs to.

    Parameters
    ----------
    count : int
    size : (height, width)
        Of a picture: at least 8 x 16, so that two digits fit side by side.
    seed : int
    test : bool
        Whether the digits come from the images for testing.

    Returns
    -------
    pictures : ndarray of float32, shape (count, height, width, 1)
    masks : ndarray of int32, shape (count, height, width)
        0 is paper, 1 the ink of an even digit, 2 that of an odd one.
    """
    count = integer("count", count)
    height, width = integer("height", size[0], least=8), integer("width", size[1], least=16)
    found = digits()
    images, labels = (found.test, found.test_labels) if test else (found.train, found.train_labels)
    draw = np.random.default_rng(seed)
    pictures = np.zeros((count, height, width, 1), "float32")
    masks = np.zeros((count, height, width), "int32")
    for i in range(count):
        first = draw.integers(0, width - 16 + 1)
        second = draw.integers(first + 8, width - 8 + 1)
        for left in (first, second):
            which = draw.integers(len(images))
            top = draw.integers(0, height - 8 + 1)
            here = np.s_[i, top : top + 8, left : left + 8]
            pictures[here] = images[which]
            masks[here] = np.where(images[which, ..., 0] >= 0.25, 1 + labels[which] % 2, 0)
    return pictures, masks
