"""Reading a message: the row that fits, its numbers by name, and texts filled in with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conv_lib.diagnosis.compute import COMPUTE
from conv_lib.diagnosis.forms import AXES, EXPRESSIONS, Form

MOST = 20_000
"""Longer texts are cut: a message is shorter, and so is any traceback that says something."""

_ANSI = re.compile(r"\x1b?\[[0-9]{1,2}(?:;[0-9]{1,2}){0,3}m")
_QUOTES = re.compile("[\u2018\u2019\u201c\u201d\u0060\u0022]")
_SPACES = re.compile("[ \t\r\n\f\v\u00a0\u2000-\u200b\u2028\u2029\u3000\ufeff]+")
_HOLE = re.compile(r"\{(\??)([a-z_A-Z0-9.]+)\}")


@dataclass(frozen=True)
class Named:
    """One number or shape of a message, and what it is."""

    text: str
    what: str
    axes: str | None
    role: str | None


@dataclass(frozen=True)
class Link:
    """Where the book shows it: a page, a section or a widget on it, and the widget's settings."""

    page: str
    text: str
    section: str | None = None
    widget: str | None = None
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """The address, from the root of the book."""
        page = f"{self.page}.html"
        if self.section:
            return f"{page}#{self.section}"
        query = "&".join(f"{key}={value}" for key, value in self.settings)
        return f"{page}#{self.widget}?{query}" if query else f"{page}#{self.widget}"


@dataclass(frozen=True)
class Reading:
    """A message that is known, read."""

    form: Form
    matched: str
    numbers: tuple[Named, ...]
    values: dict[str, Any]
    cause: str
    fixes: tuple[str, ...]
    link: Link | None


@dataclass(frozen=True)
class Advice:
    """What can be said of any text: its last error, the reader's own line, and the shapes in it."""

    error: str | None
    line: str | None
    shapes: tuple[tuple[str, str], ...]


def cleaned(text: str) -> str:
    """Return a text as patterns see it: no colours, one kind of quote, single blanks."""
    text = _ANSI.sub("", text[:MOST])
    return _SPACES.sub(" ", _QUOTES.sub("'", text)).strip(" ")


def read(message: str) -> Reading | None:
    """Return what a message says, or None if it is not in the table."""
    text = cleaned(message)
    best = None
    for form, expression, literal in EXPRESSIONS:
        if best and best[0] >= literal:
            continue
        found = expression.search(text)
        if found:
            best = (literal, form, found)
    if best is None:
        return None
    _, form, found = best
    groups = {name: part for name, part in found.groupdict().items() if part is not None}
    values = _values(form, groups)
    for name in form.compute:
        values |= COMPUTE[name](values)
    numbers = tuple(
        Named(
            text=part,
            what=filled(form.numbers[name]["is"], values) or form.numbers[name]["is"],
            axes=axes_of(part, form.numbers[name].get("axes")),
            role=form.numbers[name].get("role"),
        )
        for name, part in sorted(groups.items(), key=lambda pair: found.start(pair[0]))
    )
    causes = [text for text in (filled(one, values) for one in form.cause) if text]
    fixes = [text for text in (filled(one, values) for one in form.fixes) if text]
    return Reading(form, found[0], numbers, values, causes[0] if causes else "", tuple(fixes), _link(form, values))


def advice(message: str) -> Advice:
    """Return what to look at in a message that is not known."""
    text = _ANSI.sub("", message[:MOST])
    lines = [line.strip() for line in re.split(r"[\r\n]", text)]
    errors = [line for line in lines if re.match(r"[A-Za-z_.]{0,60}(?:Error|Exception|Fail|InvalidArgument)\b", line)]
    own = [
        line
        for line in lines
        if re.match(r"File ['\"]", line) and not re.search(r"site-packages|dist-packages|<frozen|lib/python", line)
    ]
    shapes: list[str] = []
    for found in re.finditer(r"[\[(][0-9None?, -]{2,80}[\])]", cleaned(message)):
        if found[0] not in shapes and len(sizes_of(found[0])) > 1:
            shapes.append(found[0])
    guess = {
        2: "height and width, or batch and features",
        3: "one image: (height, width, channels) in TensorFlow, (channels, height, width) in PyTorch",
        4: "a batch, (batch, height, width, channels) in TensorFlow, (batch, channels, height, width) in PyTorch;"
        " or a kernel",
    }
    known = [(shape, guess[len(sizes_of(shape))]) for shape in shapes if len(sizes_of(shape)) in guess]
    return Advice(errors[-1][:300] if errors else None, own[-1][:200] if own else None, tuple(known[:6]))


def sizes_of(text: str) -> list[int | None]:
    """Return the sizes of a shape as it stands in a message; None for one that is not known."""
    parts = re.findall(r"-?[0-9]{1,15}|None|\?", text)
    return [int(part) if re.fullmatch(r"-?[0-9]+", part) else None for part in parts]


def axes_of(text: str, axes: str | None) -> str | None:
    """Return a shape in words, "batch 1, height 28", or None where its axes have no names."""
    sizes = sizes_of(text)
    if not axes or len(sizes) != len(axes):
        return None
    return ", ".join(
        f"{AXES[axis]} {'unknown' if size is None else _shown(size)}" for axis, size in zip(axes, sizes, strict=True)
    )


def filled(template: str, values: dict[str, Any]) -> str | None:
    """Return a text with values in its places, or None if one of them is not known."""
    holes = [hole[2] for hole in _HOLE.finditer(template)]
    if any(hole not in values for hole in holes):
        return None
    return _HOLE.sub(lambda hole: "" if hole[1] else _shown(values[hole[2]]), template)


def _shown(value: int | str) -> str:
    return str(value).replace("-", "\u2212") if isinstance(value, int) else value


def _values(form: Form, groups: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in groups.items():
        if re.fullmatch(r"-?[0-9]+", text):
            values[name] = int(text)
            continue
        values[name] = text
        if text[0] not in "[({":
            continue
        sizes = sizes_of(text)
        values[f"{name}.rank"] = len(sizes)
        axes = form.numbers[name].get("axes", "")
        for place, size in enumerate(sizes):
            if size is not None:
                values[f"{name}.{place}"] = size
                if len(axes) == len(sizes):
                    values[f"{name}.{axes[place]}"] = size
    return values


def _link(form: Form, values: dict[str, Any]) -> Link | None:
    if not form.link:
        return None
    link = form.link
    text = filled(link["text"], values) or link["text"]
    if "section" in link:
        return Link(link["page"], text, section=link["section"])
    settings = [(key, filled(value, values)) for key, value in link["settings"].items()]
    legal = all(value is not None for _, value in settings)
    if legal:
        low_high = {"size": (1, 512), "kernel": (1, 32), "stride": (1, 32), "dilation": (1, 16)}
        numbers = {key: int(value) for key, value in settings if key in low_high and str(value).isdigit()}
        legal = all(low_high[key][0] <= value <= low_high[key][1] for key, value in numbers.items())
    if not legal:
        return Link(link["page"], "Open the size ruler", widget=link["widget"])
    return Link(link["page"], text, widget=link["widget"], settings=tuple(settings))
