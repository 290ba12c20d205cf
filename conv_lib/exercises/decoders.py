"""Exercises of chapter 10: sizes that fit, skips, and a measure of checkerboards."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib.exercises._data import digits
from conv_lib.exercises._exercise import ARRAY, WHOLE, Exercise, Mutant

PADDED_SIZE = Exercise(
    name="padded_size",
    task="Return the smallest size, not below `size`, that can be halved `depth` times without a rest.",
    takes=("size", "depth"),
    right=lambda size, depth: -(-size // 2**depth) * 2**depth,
    cases=tuple(
        {"size": size, "depth": depth}
        for size, depth in [(3, 1), (4, 1), (4, 2), (5, 2), (7, 2), (8, 3), (9, 3), (12, 2), (13, 3), (28, 3), (43, 3),
                            (684, 5), (700, 4), (704, 4)]
    ),
    mutants=(
        Mutant(
            "A size that fits already gets a whole multiple more. It needs nothing.",
            lambda size, depth: (size // 2**depth + 1) * 2**depth,
        ),
        Mutant(
            "It is rounded down: that crops the picture. Asked for is the next size above.",
            lambda size, depth: size // 2**depth * 2**depth,
        ),
        Mutant(
            "The multiple is 2 · depth. Each halving is a factor of two, so it is 2 ** depth.",
            lambda size, depth: -(-size // (2 * depth)) * 2 * depth,
        ),
        Mutant(
            "It is rounded to the nearest multiple, which can lie below the size.",
            lambda size, depth: int(size / 2**depth + 0.5) * 2**depth,
        ),
        Mutant(
            "That is the size after halving, not the padded one: multiply again.",
            lambda size, depth: -(-size // 2**depth),
        ),
        Mutant(
            "That is the number of pixels to add. Asked for is the size with them.",
            lambda size, depth: -size % 2**depth,
        ),
        Mutant(
            "It is padded to a power of two. A multiple of 2 ** depth is enough.",
            lambda size, depth: max(2**depth, 1 << (size - 1).bit_length()),
        ),
    ),
    kind=WHOLE,
)


def _fitted(x: np.ndarray, height: int, width: int, *, after: bool = True, crop_start: bool = False,
            pad_start: bool = False, pad: bool = True, crop: bool = True, mode: str = "constant") -> np.ndarray:
    for axis, wanted in enumerate((height, width)):
        more = wanted - x.shape[axis]
        half, rest = abs(more) // 2, abs(more) % 2
        before = half if after else half + rest
        if more > 0 and pad:
            if pad_start:
                before = 0
            ends = [(0, 0), (0, 0)]
            ends[axis] = (before, more - before)
            x = np.pad(x, ends, mode=mode)
        elif more < 0 and crop:
            if crop_start:
                before = 0
            x = np.take(x, range(before, before + wanted), axis=axis)
    return x


def _resized(x: np.ndarray, height: int, width: int) -> np.ndarray:
    rows = np.arange(height) * x.shape[0] // height
    return x[rows][:, np.arange(width) * x.shape[1] // width]


FIT_TO_SKIP = Exercise(
    name="fit_to_skip",
    task="Return the map `x` with the size (`height`, `width`) of a skip: padded with zeros on both sides, or cropped "
    "on both sides. Where the number of pixels is odd, one more is added or cut after than before.",
    takes=("x", "height", "width"),
    right=lambda x, height, width: _fitted(x, height, width),
    cases=tuple(
        {"x": digits(*size, seed=seed), "height": height, "width": width}
        for seed, (size, height, width) in enumerate(
            [
                ((2, 3), 3, 3),
                ((2, 3), 4, 5),
                ((3, 4), 2, 4),
                ((4, 6), 5, 9),
                ((5, 8), 4, 6),
                ((4, 7), 3, 8),
                ((6, 5), 9, 2),
            ]
        )
    ),
    mutants=(
        Mutant(
            "Height and width are mixed up: with square maps nobody would notice.",
            lambda x, height, width: _fitted(x, width, height),
        ),
        Mutant(
            "The odd pixel stands before. Asked for is after.",
            lambda x, height, width: _fitted(x, height, width, after=False),
        ),
        Mutant(
            "All pixels are added at the end and cut at the end. The map then lies shifted against the skip: half "
            "belongs on each side.",
            lambda x, height, width: _fitted(x, height, width, pad_start=True, crop_start=True),
        ),
        Mutant(
            "It is padded, but never cropped.",
            lambda x, height, width: _fitted(x, height, width, crop=False),
        ),
        Mutant(
            "It is cropped, but never padded.",
            lambda x, height, width: _fitted(x, height, width, pad=False),
        ),
        Mutant(
            "The border is repeated. Asked for are zeros.",
            lambda x, height, width: _fitted(x, height, width, mode="edge"),
        ),
        Mutant("The map is stretched. Pad or crop it, so that its pixels keep their size.", _resized),
    ),
    kind=ARRAY,
    roles={"x": "input"},
)


def _means(image: np.ndarray, stride: int) -> np.ndarray:
    return np.array([[image[r::stride, c::stride].mean() for c in range(stride)] for r in range(stride)])


def _board(change: Any) -> Any:
    def wrong(image: np.ndarray, stride: int = 2) -> Any:
        return change(np.asarray(image, float), stride)

    return wrong


CHECKERBOARD = Exercise(
    name="checkerboard",
    task="Return how far the phases of a matrix stand apart: the standard deviation of the stride · stride means of "
    "the pixels that leave the same remainders.",
    takes=("image",),
    options={"stride": 2},
    right=lambda image, stride=2: _means(np.asarray(image, float), stride).std(),
    cases=tuple(
        {"image": digits(height, width, seed=seed), **options}
        for seed, (height, width, options) in enumerate(
            [
                (2, 4, {}),
                (4, 6, {}),
                (6, 4, {}),
                (5, 7, {}),
                (6, 9, {"stride": 3}),
                (7, 10, {"stride": 3}),
                (8, 4, {"stride": 4}),
            ]
        )
    ),
    mutants=(
        Mutant(
            "That is the spread of all pixels: it measures the picture, not the checkerboard. Take the means of the "
            "phases first.",
            _board(lambda x, s: x.std()),
        ),
        Mutant(
            "The standard deviation divides by one less (`ddof=1`). Asked for is the plain one.",
            _board(lambda x, s: _means(x, s).std(ddof=1)),
        ),
        Mutant("That is the variance: take its root.", _board(lambda x, s: _means(x, s).var())),
        Mutant(
            "That is the largest difference of the means. Asked for is their standard deviation.",
            _board(lambda x, s: np.ptp(_means(x, s))),
        ),
        Mutant(
            "Only the diagonal phases are compared: row and column both 0, both 1, and so on.",
            _board(lambda x, s: np.array([x[p::s, p::s].mean() for p in range(s)]).std()),
        ),
        Mutant(
            "The phases are added up, not averaged: then a large picture has a large checkerboard.",
            _board(lambda x, s: np.array([x[r::s, c::s].sum() for r in range(s) for c in range(s)]).std()),
        ),
        Mutant(
            "The picture is cut into blocks. A phase is not a block: its pixels stand a stride apart.",
            _board(lambda x, s: np.array([b.mean() for part in np.array_split(x, s) for b in
                                          np.array_split(part, s, axis=1)]).std()),
        ),
        Mutant(
            "Only the rows are compared. A checkerboard has a period in both directions.",
            _board(lambda x, s: np.array([x[r::s].mean() for r in range(s)]).std()),
        ),
    ),
    kind=ARRAY,
    roles={"image": "input"},
)

DECODERS = (PADDED_SIZE, FIT_TO_SKIP, CHECKERBOARD)
