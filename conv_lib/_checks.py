"""Checks of single arguments, and the wording of every error: rule, what came, what is legal."""

from __future__ import annotations

import difflib
import math
import operator
from typing import Any


def refusal(rule: str, received: str, legal: str) -> str:
    """Return the text of an error: the rule, what came, and the nearest legal value.

    >>> refusal("stride must be at least 1.", "stride=0", "1")
    'stride must be at least 1. Received: stride=0. Nearest legal: 1.'
    """
    return f"{rule} Received: {received}. Nearest legal: {legal}."


def integer(name: str, value: Any, *, least: int = 1) -> int:
    """Return `value` as an int of at least `least`.

    >>> integer("kernel", 3)
    3

    Raises
    ------
    TypeError
        For anything that is not an integer: 1.5, 2.0, "3", True, NaN, None.
    ValueError
        Below `least`.
    """
    # bool passes operator.index, but stride=True is a mistake, never a stride.
    if not isinstance(value, bool):
        try:
            number = operator.index(value)
        except TypeError:
            pass
        else:
            if number >= least:
                return number
            raise ValueError(
                refusal(f"{name} must be at least {least}.", f"{name}={number}", str(least))
            )
    raise TypeError(
        refusal(
            f"{name} must be an integer.",
            f"{name}={value!r} ({type(value).__name__})",
            _nearest_integers(value, least),
        )
    )


def _nearest_integers(value: Any, least: int) -> str:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return f"an integer, {least} or more"
    if not math.isfinite(number):
        return f"an integer, {least} or more"
    below, above = max(least, math.floor(number)), max(least, math.ceil(number))
    return str(below) if below == above else f"{below} or {above}"


def padding_name(padding: str, names: tuple[str, ...] = ("valid", "same")) -> str:
    """Return "valid" or "same" in lower case.

    >>> padding_name("SAME")
    'same'
    """
    if padding.lower() in names:
        return padding.lower()
    near = difflib.get_close_matches(padding.strip().lower(), names, n=1)
    legal = " or ".join(map(repr, names))
    raise ValueError(
        refusal(
            f"padding is named {legal}, or given in pixels.",
            f"padding={padding!r}",
            repr(near[0]) if near else legal,
        )
    )
