"""A difference between two results, from its size alone: what can explain it?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral
from typing import NamedTuple

from conv_lib.compare.diagnosis import COARSE
from conv_lib.compare.tolerance import tolerance_for

BITS = {"float64": 53, "float32": 24, "tf32": 11, "bfloat16": 8, "float16": 11}
"""Bits of the significand, the leading one counted."""

LARGEST, SMALLEST = 1e15, 1e-30
MOST_TERMS = 10**7


class Rung(NamedTuple):
    """One explanation, and the largest difference that it covers."""

    kind: str
    limit: float


@dataclass(frozen=True)
class Difference:
    """What a difference can be.

    Attributes
    ----------
    kind : str
        "none"; "unit", one unit in the last place or less; "order" of summation; "float32" in a float64
        calculation; "tf32"; "half", a format of 16 bits; "geometry"; "scale", larger than the scale allows.
    unit : float
        The last place of the scale: the step to the next number of the dtype.
    units : float
        The difference in such units.
    relative : float
        The difference over the scale.
    bound : float
        No two orders of summation differ by more, if the scale is the largest sum of ``abs(x) * abs(w)``. The sums
        are made in float64 for float64 and in float32 for all else.
    ladder : tuple of Rung
        The explanations, from the smallest to the largest. The first that covers the difference is `kind`.
    """

    kind: str
    unit: float
    units: float
    relative: float
    bound: float
    ladder: tuple[Rung, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.units:.3g} units in the last place, {self.relative:.2g} of the scale"


def explain_difference(
    difference: float, *, dtype: str = "float32", scale: float = 1.0, terms: int = 1, device: str = "CPU"
) -> Difference:
    """Say what the largest difference between two results can be.

    >>> print(explain_difference(2**-16, scale=200))
    unit: 1 units in the last place, 7.6e-08 of the scale
    >>> explain_difference(1.6e-4, terms=25, device="GPU").kind
    'tf32'
    >>> explain_difference(1.9, scale=2.4).kind
    'geometry'

    The rules are those of `tolerance_for` and `diagnose`, times the scale. From some thousand terms on,
    sums in another order may differ by more: by 2 √terms half units.

    Parameters
    ----------
    difference : float
        The largest absolute difference seen.
    dtype : "float64", "float32", "tf32", "bfloat16" or "float16"
        Of the calculation.
    scale : float
        The largest ``abs(output)`` or, better, the largest sum of ``abs(x) * abs(w)`` behind one.
    terms : int
        Products in one output: kernel height × width × channels in / groups.
    device : "CPU" or "GPU"
        "GPU" if either result came from one. Makes no difference for "tf32", which only GPUs have.

    Raises
    ------
    TypeError
        When a number is not real, or `terms` is not whole.
    ValueError
        For a negative difference, a scale that is not positive, or another word.
    """
    _check(difference, dtype, scale, terms, device)
    unit = 2.0 ** (math.frexp(scale)[1] - BITS[dtype])
    if dtype == "float16":
        unit = max(unit, 2.0**-24)  # its smallest positive number
    half = 2.0 ** -(53 if dtype == "float64" else 24)  # what one addition loses
    ladder = tuple(Rung(kind, share * scale) for kind, share in _shares(dtype, device, 2 * math.sqrt(terms) * half))
    relative = difference / scale
    if difference == 0:
        kind = "none"
    elif difference <= unit:
        kind = "unit"
    elif relative > 2:
        kind = "scale"
    else:
        kind = next((rung.kind for rung in ladder if difference <= rung.limit), "geometry")
    return Difference(kind, unit, difference / unit, relative, 2 * terms * half / (1 - terms * half) * scale, ladder)


def _shares(dtype: str, device: str, walk: float) -> list[tuple[str, float]]:
    """For each explanation, the share of the scale up to which it holds."""
    tf32 = tolerance_for("float32", device="GPU", tf32=True).relative
    own = {"tf32": tf32, "bfloat16": COARSE}.get(dtype) or tolerance_for(dtype).relative
    shares = [("order", max(own, walk))]
    if dtype == "float64":
        shares.append(("float32", tolerance_for("float32").relative))
    if dtype in ("float64", "float32") and device == "GPU":
        shares.append(("tf32", tf32))
    if dtype != "bfloat16":
        shares.append(("half", COARSE))
    return shares


def _check(difference: float, dtype: str, scale: float, terms: int, device: str) -> None:
    if dtype not in BITS:
        raise ValueError(f"dtype is one of {', '.join(BITS)}. Received: dtype={dtype!r}.")
    if device not in ("CPU", "GPU"):
        raise ValueError(f"device is 'CPU' or 'GPU'. Received: device={device!r}.")
    if isinstance(terms, bool) or not isinstance(terms, Integral):
        raise TypeError(f"terms is a whole number. Received: terms={terms!r}.")
    if not 1 <= terms <= MOST_TERMS:
        raise ValueError(f"terms is a whole number from 1 to {MOST_TERMS:,}. Received: terms={terms!r}.")
    if not (difference == 0 or SMALLEST <= difference <= LARGEST):
        raise ValueError(
            f"difference is 0, or from {SMALLEST:g} to {LARGEST:g}. Received: difference={difference!r}."
        )
    if not SMALLEST <= scale <= LARGEST:
        raise ValueError(f"scale is from {SMALLEST:g} to {LARGEST:g}. Received: scale={scale!r}.")
