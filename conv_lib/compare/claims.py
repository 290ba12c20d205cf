"""A claim tried on many small settings: true, false, or only if."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conv_lib._checks import refusal

# Enough for every claim about small layers; a mistyped range must not run for minutes.
MOST_SETTINGS = 100_000


@dataclass(frozen=True)
class Trial:
    """What came of trying a claim; true when the claim held in every setting.

    Attributes
    ----------
    claim : str
        The name of the function that states it.
    held, broke : int
        In how many settings it held, and in how many not.
    refused : int
        Settings that are not legal: the claim says nothing about them.
    holds_at, breaks_at : dict or None
        The plainest setting where it held, and where it broke: the counterexample.
    exact : bool or None
        Whether `only_if` says precisely where it holds. None without `only_if`.
    missed : dict or None
        The plainest setting about which `only_if` is wrong.
    """

    claim: str
    held: int
    broke: int
    refused: int
    holds_at: dict[str, Any] | None
    breaks_at: dict[str, Any] | None
    exact: bool | None = None
    missed: dict[str, Any] | None = None

    @property
    def tried(self) -> int:
        """How many legal settings there were."""
        return self.held + self.broke

    @property
    def verdict(self) -> str:
        """ "true", "false" or "only if". """
        if not self.broke:
            return "true"
        return "only if" if self.held else "false"

    def __bool__(self) -> bool:
        return not self.broke

    def __str__(self) -> str:
        count = "the one setting" if self.tried == 1 else f"{self.tried} settings"
        if self.verdict == "true":
            return f"true in {count if self.tried == 1 else f'all {count}'}"
        if self.verdict == "false":
            return f"false in {count if self.tried == 1 else f'all {count}'}\nfor example at {_text(self.breaks_at)}"
        lines = [f"only if: true in {self.held} of {count}"]
        lines += [f"breaks first at {_text(self.breaks_at)}"]
        if self.exact is None:
            lines += [f"holds first at {_text(self.holds_at)}"]
        elif self.exact:
            lines += ["the condition says exactly where"]
        else:
            lines += [f"the condition is wrong at {_text(self.missed)}"]
        return "\n".join(lines)


def try_claim(
    claim: Callable[..., Any], *, only_if: Callable[..., Any] | None = None, **ranges: Iterable[Any]
) -> Trial:
    """Try a claim in every combination of settings, the plain ones first.

    >>> from conv_lib.shapes import conv_size
    >>> def keeps_the_size(n, k, s):
    ...     return conv_size(n, k, stride=s, padding="same") == n
    >>> print(try_claim(keeps_the_size, n=range(2, 9), k=range(1, 6), s=range(1, 4)))
    only if: true in 35 of 105 settings
    breaks first at n=2, k=1, s=2
    holds first at n=2, k=1, s=1
    >>> print(try_claim(keeps_the_size, n=range(2, 9), k=range(1, 6), s=range(1, 4),
    ...                 only_if=lambda n, k, s: s == 1))
    only if: true in 35 of 105 settings
    breaks first at n=2, k=1, s=2
    the condition says exactly where

    Parameters
    ----------
    claim : callable
        Takes one value of each range by name, and returns whether the claim holds there. A
        ValueError means that the setting is not legal, and it does not count.
    only_if : callable, optional
        Takes the same, and says where the claim ought to hold.
    ranges : iterables
        The values of each setting, from plain to large.

    Returns
    -------
    Trial
        Trying proves a claim false. It proves one true only for the settings that were tried.

    Raises
    ------
    ValueError
        When no setting is legal, or there are more than 100,000.
    """
    if not ranges:
        raise ValueError(refusal("A claim is tried on ranges of settings.", "none", "n=range(1, 9)"))
    names, values = list(ranges), [list(one) for one in ranges.values()]
    held = broke = refused = wrong = 0
    first: dict[bool, dict[str, Any]] = {}
    missed = None
    for combination in _plain_first(names, values):
        setting = dict(zip(names, combination, strict=True))
        try:
            holds = bool(claim(**setting))
        except ValueError:
            refused += 1
            continue
        held, broke = held + holds, broke + (not holds)
        first.setdefault(holds, setting)
        if only_if is not None and bool(only_if(**setting)) != holds:
            wrong += 1
            missed = missed or setting
    if not held + broke:
        raise ValueError(refusal("At least one setting must be legal.", f"{refused} refused", "larger ranges"))
    return Trial(
        claim=getattr(claim, "__name__", "claim"),
        held=held,
        broke=broke,
        refused=refused,
        holds_at=first.get(True),
        breaks_at=first.get(False),
        exact=None if only_if is None else wrong == 0,
        missed=missed,
    )


def _plain_first(names: list[str], values: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """All combinations, those near the beginning of every range first."""
    count = 1
    for one in values:
        count *= len(one)
    if count > MOST_SETTINGS:
        raise ValueError(
            refusal(
                f"At most {MOST_SETTINGS} settings are tried.",
                f"{count} from {', '.join(names)}",
                "shorter ranges",
            )
        )
    places = itertools.product(*(range(len(one)) for one in values))
    for place in sorted(places, key=lambda p: (sum(p), p)):
        yield tuple(one[i] for one, i in zip(values, place, strict=True))


def _text(setting: dict[str, Any] | None) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in (setting or {}).items())
