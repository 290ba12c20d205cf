"""Two results differ: what kind of mistake makes exactly this difference?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conv_lib.compare.tolerance import tolerance_for
from conv_lib.compare.verdict import agreement

# A difference below this share of the largest value is rounding in a coarser format than expected:
# TF32 and float16 keep 11 bits, bfloat16 keeps 8.
COARSE = 2e-2

WAYS = {
    "height": ("up", "down"),
    "width": ("to the left", "to the right"),
    "depth": ("forwards", "backwards"),
    "length": ("earlier", "later"),
}
SPATIAL = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True)
class Diagnosis:
    """What the difference between two results is.

    Attributes
    ----------
    kind : str
        "agree", "rounding", "shift", "flip", "channels", "layout", "size", "not finite", "variant"
        or "unknown".
    detail : str
        A sentence: which axis, which direction, which channels.
    """

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


def diagnose(
    first: Any,
    second: Any,
    *,
    tolerance: float | None = None,
    variants: Mapping[str, Callable[[], Any]] | None = None,
) -> Diagnosis:
    """Name the difference between two results of the same call.

    >>> a = np.arange(24.0).reshape(1, 4, 6, 1)
    >>> print(diagnose(a[:, :, :-1], a[:, :, 1:]))
    shift: the second is the first moved by one pixel to the left along the width
    >>> print(diagnose(a, a[:, ::-1]))
    flip: the second is the first flipped along the height
    >>> print(diagnose(a, np.moveaxis(a, -1, 1)))
    layout: the second has the axes of the first in the order (0, 3, 1, 2)

    Parameters
    ----------
    first, second : array_like, shape (batch, *spatial, channels)
    tolerance : float, optional
        Largest absolute difference that counts as agreement; by default that of `agreement`.
    variants : mapping of a sentence to a function, optional
        What the second may be instead, tried last: for example a call with the kernel flipped.

    Raises
    ------
    TypeError, ValueError
        As `agreement`.
    """
    a, b = np.asarray(first), np.asarray(second)
    verdict = agreement(a, b, tolerance=tolerance)
    if verdict:
        return Diagnosis("agree", f"largest difference {verdict.max_absolute:.2g}")

    def same(one: np.ndarray, other: np.ndarray) -> bool:
        return one.size > 0 and bool(agreement(one, other, tolerance=verdict.tolerance))

    for explanation in itertools.chain(
        _shifts(a, b, same), _flips(a, b, same), _channels(a, b, same), _layouts(a, b, same)
    ):
        return explanation
    if a.shape == b.shape and math.isfinite(verdict.max_absolute):
        if tolerance_for(b.dtype).relative and verdict.max_relative <= COARSE:
            return Diagnosis(
                "rounding",
                f"largest difference {verdict.max_absolute:.2g}, {verdict.max_relative:.1g} of the "
                f"largest value, above the tolerance of {verdict.tolerance:.1g}: a coarser format, "
                "such as TF32 or float16, or a sum of very many terms",
            )
    for sentence, variant in (variants or {}).items():
        other = np.asarray(variant())
        if other.shape == b.shape and same(other, b):
            return Diagnosis("variant", sentence)
    if a.shape != b.shape:
        return Diagnosis(
            "size", f"shapes {a.shape} and {b.shape}, and neither is part of the other"
        )
    if not math.isfinite(verdict.max_absolute):
        count = int((np.isfinite(a) != np.isfinite(b)).sum())
        return Diagnosis("not finite", f"NaN or infinity in only one of them at {count} places")
    return Diagnosis(
        "unknown",
        f"largest difference {verdict.max_absolute:.2g}; no shift, flip or layout explains it",
    )


def _shifts(a: np.ndarray, b: np.ndarray, same: Callable) -> Iterator[Diagnosis]:
    """One pixel along one axis or along several; also where one result is a window of the other."""
    names = SPATIAL.get(a.ndim - 2)
    if names is None or a.ndim != b.ndim or (a.shape[0], a.shape[-1]) != (b.shape[0], b.shape[-1]):
        return
    steps = sorted(itertools.product((0, -1, 1), repeat=len(names)), key=lambda s: sum(map(abs, s)))
    for step in steps:
        if a.shape == b.shape and not any(step):
            continue
        ours, theirs = [slice(None)], [slice(None)]
        for by, size, other in zip(step, a.shape[1:-1], b.shape[1:-1], strict=True):
            # b[i] is a[i - by]
            start, stop = max(0, by), min(size + by, other)
            theirs.append(slice(start, max(start, stop)))
            ours.append(slice(start - by, max(start, stop) - by))
        if same(a[tuple(ours)], b[tuple(theirs)]):
            moves = [
                f"{WAYS[name][by > 0]} along the {name}"
                for name, by in zip(names, step, strict=True)
                if by
            ]
            sizes = "" if a.shape == b.shape else f"; the shapes are {a.shape} and {b.shape}"
            if moves:
                yield Diagnosis(
                    "shift",
                    f"the second is the first moved by one pixel {' and '.join(moves)}{sizes}",
                )
            else:
                yield Diagnosis("size", f"equal where both have values{sizes}")


def _flips(a: np.ndarray, b: np.ndarray, same: Callable) -> Iterator[Diagnosis]:
    names = SPATIAL.get(a.ndim - 2)
    if names is None or a.shape != b.shape:
        return
    for count in range(1, len(names) + 1):
        for some in itertools.combinations(range(len(names)), count):
            if same(np.flip(a, [1 + axis for axis in some]), b):
                along = " and the ".join(names[axis] for axis in some)
                yield Diagnosis("flip", f"the second is the first flipped along the {along}")


def _channels(a: np.ndarray, b: np.ndarray, same: Callable) -> Iterator[Diagnosis]:
    if a.shape != b.shape or a.ndim < 2 or a.shape[-1] < 2:
        return
    order = []
    for channel in range(b.shape[-1]):
        left = [c for c in range(a.shape[-1]) if c not in order]
        found = next((c for c in left if same(a[..., c], b[..., channel])), None)
        if found is None:
            return
        order.append(found)
    yield Diagnosis("channels", f"the second has the channels of the first in the order {order}")


def _layouts(a: np.ndarray, b: np.ndarray, same: Callable) -> Iterator[Diagnosis]:
    if a.ndim > 5 or a.size != b.size:
        return
    for order in itertools.permutations(range(a.ndim)):
        turned = a.transpose(order)
        if order != tuple(range(a.ndim)) and turned.shape == b.shape and same(turned, b):
            yield Diagnosis("layout", f"the second has the axes of the first in the order {order}")
    if a.shape == b.shape and a.ndim > 2:
        for words, array in (
            ("channels first, read as if they were last", np.moveaxis(a, -1, 1)),
            ("channels last, read as if they were first", np.moveaxis(a, 1, -1)),
        ):
            if same(np.ascontiguousarray(array).reshape(a.shape), b):
                yield Diagnosis("layout", f"the numbers of the second lie in memory {words}")
