"""What `check` answers: words, and the smallest failing case as a drawing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conv_lib.figures import Drawing


@dataclass(frozen=True)
class Report:
    """The answer to one check; true when everything was right.

    Attributes
    ----------
    passed : bool or None
        None where nothing was checked: a task, or the list of exercises.
    headline : str
        What happened, in a few words.
    lines : tuple of str
        The rest, with `code` in backticks: the likely mistake first.
    numbers : str
        The failing case written out, for a terminal.
    mistake : str or None
        The mistake that it looks like.
    """

    passed: bool | None
    headline: str
    lines: tuple[str, ...] = ()
    numbers: str = ""
    mistake: str | None = None
    draw: Callable[[], Drawing] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def drawing(self) -> Drawing | None:
        """The failing case as a figure with its description, or None."""
        return self.draw() if self.draw else None

    def __bool__(self) -> bool:
        return bool(self.passed)

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.headline, *self.lines, self.numbers) if part)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        sign, name, colour = {
            True: ("✓ ", "output", "#00694d"),
            False: ("✗ ", "warn", "#9a2d00"),
            None: ("", "accent", "#0b5fa5"),
        }[self.passed]
        colour = f"var(--cb-{name}, {colour})"
        lines = "".join(f'<p style="margin:.35em 0 0">{_code(line)}</p>' for line in self.lines)
        picture = ""
        if self.drawing is not None:
            picture = f'<div style="margin-top:.6em">{self.drawing._repr_html_()}</div>'
        elif self.numbers:
            picture = f'<pre style="margin:.6em 0 0">{html.escape(self.numbers)}</pre>'
        return (
            f'<div class="cb-check" style="border-left:3px solid {colour};padding:.35em .9em">'
            f'<p style="margin:0"><strong style="color:{colour}">{sign}'
            f"{_code(self.headline)}</strong></p>{lines}{picture}</div>"
        )


def _code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))
