"""Exercise of chapter 12: the setting that breaks a claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conv_lib import shapes
from conv_lib.exercises._exercise import WHOLE, Exercise, Mutant


def _outcomes(claim: Callable, settings: Sequence[Any]) -> list[bool | None]:
    """For every setting whether the claim holds; None where it is not legal."""
    found: list[bool | None] = []
    for setting in settings:
        try:
            found.append(bool(claim(setting)))
        except ValueError:
            found.append(None)
    return found


def _first(outcomes: Sequence[bool | None], which: bool | None = False) -> int:
    return outcomes.index(which) if which in outcomes else -1


def _first_broken(claim: Callable, settings: Sequence[Any]) -> int:
    return _first(_outcomes(claim, settings))


def _last_broken(claim: Callable, settings: Sequence[Any]) -> int:
    found = _outcomes(claim, settings)
    return len(found) - 1 - found[::-1].index(False) if False in found else -1


def _setting_itself(claim: Callable, settings: Sequence[Any]) -> Any:
    place = _first_broken(claim, settings)
    return settings[place] if place >= 0 else -1


def _is_even(n: int) -> bool:
    return n % 2 == 0


def _below_nine(n: int) -> bool:
    return n < 9


def _every_cell_is_read(n: int) -> bool:
    """Kernel 3, stride 2, valid: no cell is left over at the end. ValueError below 3."""
    return (shapes.conv_size(n, 3, stride=2) - 1) * 2 + 3 == n


for _function in (_is_even, _below_nine, _every_cell_is_read):
    _function.__name__ = _function.__name__.lstrip("_")


def _case(claim: Callable, *settings: int) -> dict[str, Any]:
    return {"claim": claim, "settings": list(settings)}


COUNTEREXAMPLE = Exercise(
    name="counterexample",
    task="`claim` is a function of one setting, `settings` a list of settings. Return the place in the list of the "
    "first setting where the claim does not hold, counted from 0, or −1 when it holds in all of them. Where `claim` "
    "raises `ValueError` the setting is not legal: skip it.",
    takes=("claim", "settings"),
    right=_first_broken,
    cases=(
        _case(_is_even, 5),
        _case(_is_even, 2, 4),
        _case(_is_even, 2, 4, 7, 6, 9),
        _case(_below_nine, 7, 8, 9, 10, 11, 3),
        _case(_every_cell_is_read, 1, 3, 5),
        _case(_every_cell_is_read, 1, 2, 3, 5, 6, 8, 7),
        _case(_every_cell_is_read, 9, 7, 2, 5, 4),
    ),
    mutants=(
        Mutant("It is the last setting that breaks the claim. Asked for is the first: stop there.", _last_broken),
        Mutant(
            "It is the first setting where the claim *holds*. One that breaks it was asked for.",
            lambda claim, settings: _first(_outcomes(claim, settings), True),
        ),
        Mutant(
            "It counts from 1. Places in a list count from 0.",
            lambda claim, settings: _first_broken(claim, settings) + (1 if _first_broken(claim, settings) >= 0 else 0),
        ),
        Mutant("It is the setting itself. Asked for is its place in the list.", _setting_itself),
        Mutant(
            "A setting that is not legal counts as broken. The claim says nothing about it: skip it.",
            lambda claim, settings: _first([bool(one) for one in _outcomes(claim, settings)]),
        ),
        Mutant(
            "Places are counted among the legal settings. Count in the whole list.",
            lambda claim, settings: _first([one for one in _outcomes(claim, settings) if one is not None]),
        ),
        Mutant(
            "It is how many settings break the claim. Asked for is the place of the first.",
            lambda claim, settings: _outcomes(claim, settings).count(False),
        ),
        Mutant(
            "It is the length of the list when nothing breaks the claim. Then −1 was asked for.",
            lambda claim, settings: (
                _first_broken(claim, settings) if _first_broken(claim, settings) >= 0 else len(settings)
            ),
        ),
    ),
    kind=WHOLE,
)

CLAIMS = (COUNTEREXAMPLE,)
