"""Trait types that the widgets share: matrices, padding and sizes, as plain lists that travel as JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import TraitError, TraitType


class Whole(TraitType):
    """A whole number between two limits."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(**options)
        self.low, self.high = low, high

    def validate(self, obj: Any, value: Any) -> int:
        """Return `value` as an int, or say what is wrong with it."""
        if not (is_whole(value) and self.low <= value <= self.high):
            raise TraitError(f"{self.name} is a whole number from {self.low} to {self.high}. Received: {value!r}")
        return int(value)


class Matrix(TraitType):
    """A matrix of finite numbers, given as an array or as lists, kept as lists of rows."""

    info_text = "a matrix of finite numbers"

    def __init__(self, *, name: str, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.words, self.most = name, most

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        """Return `value` as lists of rows, or say what is wrong with it."""
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise TraitError(
                f"{self.words} must be a matrix of numbers, all rows equally long. Received: {str(value)[:60]}"
            ) from None
        if array.ndim != 2 or not 1 <= min(array.shape) <= max(array.shape) <= self.most:
            raise TraitError(
                f"{self.words} must be a matrix with 1 to {self.most} rows and columns. Received: shape {array.shape}"
            )
        if not np.isfinite(array).all():
            raise TraitError(f"{self.words} must hold finite numbers. Received: {value}")
        return [[_plain(v) for v in row] for row in array]


class Tensor(TraitType):
    """An array of finite numbers with named axes, given as an array or as lists, kept as nested lists."""

    info_text = "an array of finite numbers"

    def __init__(self, *, name: str, most: dict[str, int], **options: Any) -> None:
        super().__init__(**options)
        self.words, self.most = name, most

    def validate(self, obj: Any, value: Any) -> list:
        """Return `value` as nested lists, or say what is wrong with it."""
        axes = ", ".join(f"{axis} 1 to {most}" for axis, most in self.most.items())
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise TraitError(f"{self.words} must be an array of numbers. Received: {str(value)[:60]}") from None
        if array.ndim != len(self.most) or not all(
            1 <= size <= most for size, most in zip(array.shape, self.most.values(), strict=True)
        ):
            raise TraitError(f"{self.words} must have the axes ({axes}). Received: shape {array.shape}")
        if not np.isfinite(array).all():
            raise TraitError(f"{self.words} must hold finite numbers. Received: {str(value)[:60]}")
        return _plain_lists(array)


class PaddingTrait(TraitType):
    """ "valid", "same", a number of pixels, or ((top, bottom), (left, right))."""

    info_text = '"valid", "same", an int, or ((top, bottom), (left, right))'

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def validate(self, obj: Any, value: Any) -> str | list[list[int]]:
        """Return the padding as a word or as nested lists, or say what is wrong with it."""
        if isinstance(value, str) and value.lower() in ("valid", "same"):
            return value.lower()
        pairs = [[value, value]] * 2 if isinstance(value, int) else value
        try:
            (top, bottom), (left, right) = pairs
        except (TypeError, ValueError):
            raise TraitError(f"padding is {self.info_text}. Received: {value!r}") from None
        result = [[top, bottom], [left, right]]
        if not all(is_whole(p) and 0 <= p <= self.most for pair in result for p in pair):
            raise TraitError(f"padding counts whole pixels, from 0 to {self.most} on a side. Received: {value!r}")
        return [[int(p) for p in pair] for pair in result]


class EvenPadding(TraitType):
    """ "valid", "same", or one number of pixels for every side."""

    info_text = '"valid", "same", or one whole number of pixels'

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def validate(self, obj: Any, value: Any) -> str | int:
        """Return the padding as a word or a number, or say what is wrong with it."""
        if isinstance(value, str) and value.lower() in ("valid", "same"):
            return value.lower()
        if not (is_whole(value) and 0 <= value <= self.most):
            raise TraitError(f"padding is {self.info_text} from 0 to {self.most}. Received: {value!r}")
        return int(value)


class SizeTrait(TraitType):
    """(height, width), or None for the default."""

    info_text = "(height, width) or None"

    def validate(self, obj: Any, value: Any) -> list[int] | None:
        """Return the size as a list, or say what is wrong with it."""
        if value is None:
            return None
        try:
            height, width = value
        except (TypeError, ValueError):
            height = None
        if height is None or not (is_whole(height) and is_whole(width)) or min(height, width) < 1:
            raise TraitError(f"{self.name} is (height, width), or None. Received: {value!r}")
        return [int(height), int(width)]


def whole(limits: dict[str, Any], name: str, default: int = 1) -> Whole:
    """A whole-number trait between the limits that the table `limits` gives under `name`."""
    low, high = limits[name]
    return Whole(low=low, high=high, default_value=default).tag(sync=True)


def is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _plain(value: float) -> float | int:
    """A whole number as an int: that is how readers write it."""
    return int(value) if value == int(value) else float(value)


def _plain_lists(array: np.ndarray) -> list:
    return [_plain(v) for v in array] if array.ndim == 1 else [_plain_lists(part) for part in array]
