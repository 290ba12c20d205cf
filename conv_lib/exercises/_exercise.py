"""What an exercise is made of: its task, the right function, cases, and mistakes that people make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class Unfit(Exception):
    """A result that is not of the kind asked for; says what it is and what was asked."""


@dataclass(frozen=True)
class Mutant:
    """A wrong function that people write, and what is said to them.

    `wrong` takes the arguments of a case and returns what the mistake would return. Where the mistake
    makes no sense for a case it may raise anything.
    """

    message: str
    wrong: Callable[..., Any]


@dataclass(frozen=True)
class Kind:
    """How results are read, compared and written. `read` raises `Unfit`."""

    read: Callable[[Any], Any]
    same: Callable[[Any, Any], bool]
    text: Callable[[Any], str]


@dataclass(frozen=True)
class Exercise:
    """One coding exercise.

    Attributes
    ----------
    name : str
    task : str
        What to write, in a few sentences.
    takes : tuple of str
        Names of the arguments that every solution takes, in order.
    options : mapping from str to its default
        Arguments that a solution may take; cases that need one which it does not take are left out.
    right : callable
        The reference, called with the arguments of a case by name.
    cases : tuple of dict
        From small to large.
    mutants : tuple of Mutant
        The more specific ones first.
    kind : Kind
    roles : mapping from an argument to "input" or "kernel"
        Arguments that are drawn, and in which colour.
    batch : bool
        Whether arrays of four axes begin with a batch; otherwise they are kernels.
    out_axis : 2 or 3
        Which axis of a kernel runs over the channels of the result.
    picture : callable, optional
        From a case to a figure and the words for it, where the arguments are no grids.
    """

    name: str
    task: str
    takes: tuple[str, ...]
    right: Callable[..., Any]
    cases: tuple[dict[str, Any], ...]
    mutants: tuple[Mutant, ...]
    kind: Kind
    options: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    out_axis: int = 3
    picture: Callable[[Mapping[str, Any]], tuple[Any, str]] | None = None

    @property
    def signature(self) -> str:
        """The call as a reader writes it: "conv2d(x, kernel, stride=1)"."""
        options = [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.name}({', '.join([*self.takes, *options])})"


def case_text(exercise: Exercise, case: Mapping[str, Any]) -> str:
    """The arguments of a case in one line; arrays by their shapes."""
    parts = []
    for name, value in case.items():
        if isinstance(value, np.ndarray):
            parts.append(f"{name} of shape {shape_text(value.shape)}")
        else:
            parts.append(f"{name}={value.__name__ if callable(value) else repr(value)}")
    return ", ".join(parts)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as the book writes it: 2 × 3."""
    return " × ".join(map(str, shape)) if shape else "a single number"


# ------------------------------------------------------------------------------------ results


def to_array(raw: Any) -> np.ndarray:
    """Numbers from an array, nested lists or a framework's tensor; `Unfit` for anything else."""
    if raw is None:
        raise Unfit("Your function returns nothing (`None`). Does it end with `return`?")
    if callable(raw) and not hasattr(raw, "__array__"):
        raise Unfit("Your function returns a function, not numbers. Are brackets missing behind a name?")
    if hasattr(raw, "detach"):  # PyTorch
        raw = raw.detach().cpu()
    try:
        array = np.asarray(raw)
    except Exception:
        array = None
    if array is None or array.dtype.kind not in "biuf":
        if isinstance(raw, list | tuple):
            raise Unfit("Your function returns lists that are not equally long, or that hold more than numbers.")
        raise Unfit(f"Your function returns a `{type(raw).__name__}`, not an array of numbers.")
    return array.astype(float)


def _array_same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    return ours.shape == theirs.shape and bool(np.allclose(ours, theirs, rtol=1e-4, atol=1e-5, equal_nan=False))


ARRAY = Kind(to_array, _array_same, lambda a: f"shape {shape_text(a.shape)}")


def _whole(raw: Any) -> int:
    array = to_array(raw)
    if array.size != 1:
        raise Unfit(f"Your function returns {shape_text(array.shape)} numbers where one was asked for.")
    value = float(array.reshape(()))
    if not np.isfinite(value):
        raise Unfit(f"Your function returns {value}, which is no size.")
    if value == int(value) and np.asarray(raw).dtype.kind == "f":
        raise Unfit(f"Your function returns {value}. A size is a whole number: divide with `//`, not with `/`.")
    return value if value != int(value) else int(value)


WHOLE = Kind(_whole, lambda a, b: a == b, str)


def _pair(raw: Any) -> tuple[int, int]:
    array = to_array(raw)
    if array.shape != (2,):
        raise Unfit(f"Your function returns {shape_text(array.shape)}; asked for were two numbers, (before, after).")
    return _whole(raw[0]), _whole(raw[1])


PAIR = Kind(_pair, lambda a, b: a == b, str)


def _sizes(raw: Any) -> list[int]:
    if isinstance(raw, set | frozenset | range) or hasattr(raw, "__next__"):
        raw = list(raw)
    array = to_array(raw)
    if array.ndim != 1:
        raise Unfit("Your function returns one number; asked for were all legal sizes, as a list.")
    return sorted(_whole(one) for one in (raw if isinstance(raw, list | tuple) else array.astype(int)))


SIZES = Kind(_sizes, lambda a, b: a == b, str)


def _truth(raw: Any) -> bool:
    array = np.asarray(raw)
    if array.size != 1 or array.dtype.kind not in "bi":
        raise Unfit(f"Your function returns a `{type(raw).__name__}`; asked for was True or False.")
    return bool(array.reshape(()))


TRUTH = Kind(_truth, lambda a, b: a == b, str)
