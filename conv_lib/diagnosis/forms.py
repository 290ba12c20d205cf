"""The table of known messages, and its patterns.

A pattern is the text of a message with places for what changes:

    {n:name}  a whole number         {s:name}  a shape, with its brackets
    {w:name}  a word                 {t:name}  a few words
    {*}       anything, up to 300 characters, as little as possible

`{{` and `}}` are braces. All else is taken literally, so no row of the table can hold a slow expression.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

AXES = {
    "N": "batch",
    "C": "channels",
    "H": "height",
    "W": "width",
    "I": "channels in",
    "O": "channels out",
}
"""The letters in which the table names the axes of a shape."""

PLACES = {
    "n": r"(?P<{}>-?[0-9]{{1,15}})",
    "s": r"(?P<{}>[\[({{][0-9None?, x-]{{0,80}}[\])}}])",
    "w": r"(?P<{}>[A-Za-z0-9_.:+-]{{0,59}}[A-Za-z0-9_])",
    "t": r"(?P<{}>[A-Za-z0-9_.:+ -]{{1,60}})",
}
_TOKEN = re.compile(r"\{\{|\}\}|\{\*\}|\{([nswt]):([a-z]+)\}")


@dataclass(frozen=True)
class Form:
    """One known message: how it is written, what its numbers are, why it comes, what helps."""

    id: str
    framework: str
    title: str
    patterns: tuple[str, ...]
    numbers: dict[str, dict[str, str]]
    cause: tuple[str, ...]
    fixes: tuple[str, ...]
    compute: tuple[str, ...]
    provoke: str
    example: str
    error: str
    link: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    quoted: str = ""

    @property
    def code(self) -> str:
        """The run that gave the example, as a program that raises it."""
        lines = [f'os.environ["{name}"] = "{value}"' for name, value in self.environment.items()]
        head = "\n".join(["import os", "", *lines, ""]) if lines else ""
        return f"{head}{PRELUDES[self.framework]}\n\n{self.provoke}\n"


def compiled(pattern: str) -> tuple[re.Pattern[str], int]:
    """Return a pattern as a regular expression, and how many letters of it are literal."""
    parts, at, literal = [], 0, 0
    for token in _TOKEN.finditer(pattern):
        text = pattern[at : token.start()]
        parts.append(re.escape(text))
        literal += len(text)
        if token[1]:
            parts.append(PLACES[token[1]].format(token[2]))
        else:
            parts.append({"{{": r"\{", "}}": r"\}", "{*}": ".{0,300}?"}[token[0]])
        at = token.end()
    parts.append(re.escape(pattern[at:]))
    return re.compile("".join(parts), re.ASCII | re.IGNORECASE), literal + len(pattern) - at


def _load() -> tuple[dict[str, str], dict[str, str], tuple[Form, ...]]:
    table = json.loads(files("conv_lib.diagnosis").joinpath("forms.json").read_text("utf-8"))
    lists = ("patterns", "cause", "fixes", "compute")
    rows = [{**row, **{name: tuple(row[name]) for name in lists}} for row in table["forms"]]
    return table["versions"], table["preludes"], tuple(Form(**row) for row in rows)


VERSIONS, PRELUDES, FORMS = _load()
"""The versions that produced the examples, what each example imports, and the rows of the table."""

EXPRESSIONS = [(form, *compiled(pattern)) for form in FORMS for pattern in form.patterns]
"""Every pattern of every row, compiled."""


def find(name: str) -> Form:
    """Return the row with this id."""
    for form in FORMS:
        if form.id == name:
            return form
    from difflib import get_close_matches

    nearest = get_close_matches(str(name), [form.id for form in FORMS], 1, 0)[0]
    raise ValueError(f"No message has the id {name!r}. Nearest: {nearest!r}.")
