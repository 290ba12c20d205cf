"""Do two arrays agree? Shapes first, then the largest difference against a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

# Sums in another order differ by a few units in the last place for each term. These leave room for
# some thousand terms of size one; a wrong term differs by far more.
RELATIVE_TOLERANCE = {"float16": 1e-2, "float32": 1e-5, "float64": 1e-12}


@dataclass(frozen=True)
class Agreement:
    """The record of one comparison; true when the two agree.

    Attributes
    ----------
    shapes : tuple of two shapes
    dtypes : tuple of two dtype names
    max_absolute : float
        Largest absolute difference. NaN when the shapes differ; inf where one value is not finite
        and the other is different.
    max_relative : float
        `max_absolute` over the largest finite magnitude in either array.
    tolerance : float
        Largest absolute difference that still counts as agreement.
    agrees : bool
    """

    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    dtypes: tuple[str, str]
    max_absolute: float
    max_relative: float
    tolerance: float
    agrees: bool

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        if self.shapes[0] != self.shapes[1]:
            return f"differ: shapes {self.shapes[0]} and {self.shapes[1]}"
        return (
            f"{'agree' if self.agrees else 'differ'}: shape {self.shapes[0]}, "
            f"largest difference {self.max_absolute:.2g} (tolerance {self.tolerance:.0e})"
        )

    __repr__ = __str__


def agreement(first: Any, second: Any, *, tolerance: float | None = None) -> Agreement:
    """Compare two arrays of numbers, from NumPy or any framework on the CPU.

    >>> agreement(np.ones((1, 4, 4, 1), "float32"), np.ones((1, 4, 4, 1), "float32"))
    agree: shape (1, 4, 4, 1), largest difference 0 (tolerance 1e-05)
    >>> agreement(np.zeros((1, 5)), np.zeros((1, 6)))
    differ: shapes (1, 5) and (1, 6)

    Parameters
    ----------
    first, second : array_like
        Shapes are compared as they are: nothing is broadcast. NaN agrees with NaN at the same
        place, and an infinity with itself.
    tolerance : float, optional
        Largest absolute difference allowed. By default 1e-2, 1e-5 or 1e-12 for float16, float32
        or float64 (the coarser of the two dtypes, 0 between integers), times the largest finite
        magnitude where that is above 1.

    Raises
    ------
    TypeError
        When the values are not numbers.
    ValueError
        When `tolerance` is negative or NaN.
    """
    a, b = _numbers("first", first), _numbers("second", second)
    if tolerance is not None and not tolerance >= 0:
        raise ValueError(
            f"tolerance must be at least 0. Received: tolerance={tolerance}. Nearest legal: 0."
        )
    scale = max(_largest(a), _largest(b))
    if tolerance is None:
        tolerance = _relative_tolerance(a, b) * max(1.0, scale)
    if a.shape == b.shape:
        largest = _largest_difference(a, b)
    else:
        largest = float("nan")
    return Agreement(
        shapes=(a.shape, b.shape),
        dtypes=(a.dtype.name, b.dtype.name),
        max_absolute=largest,
        max_relative=largest / scale if scale else largest,
        tolerance=float(tolerance),
        agrees=bool(largest <= tolerance),
    )


def _numbers(name: str, values: Any) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers. Received: dtype {array.dtype}.")
    return array


def _relative_tolerance(a: np.ndarray, b: np.ndarray) -> float:
    # A complex number has the precision of its real part.
    precisions = [np.empty(0, array.dtype).real.dtype for array in (a, b)]
    floats = [dtype for dtype in precisions if dtype.kind == "f"]
    if not floats:
        return 0.0
    coarsest = max(floats, key=lambda dtype: np.finfo(dtype).eps)
    return RELATIVE_TOLERANCE.get(coarsest.name, RELATIVE_TOLERANCE["float64"])


def _largest(array: np.ndarray) -> float:
    finite = array[np.isfinite(array)]
    return float(np.abs(finite.astype(_wide(finite))).max(initial=0.0))


def _largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    a, b = a[~same], b[~same]
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    return float(np.abs(a.astype(_wide(a)) - b.astype(_wide(b))).max(initial=0.0))


def _wide(array: np.ndarray) -> np.dtype:
    """Return a dtype in which unsigned integers and float16 can be subtracted without harm."""
    return np.result_type(array.dtype, np.float64)
