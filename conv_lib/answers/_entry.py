"""An entry of the index of questions: what people ask, a short answer whose numbers are computed, where to go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

PLACES = {
    "ChannelView": ("book/convolution", "channels", "the channel view"),
    "ConvExplorer": ("book/output-size", "output-size", "the explorer"),
    "DecoderRuler": ("book/workbench", "decoder", "the decoder ruler"),
    "ErrorReader": ("book/tools/errors", "errors", "the error reader"),
    "MatrixView": ("book/matrix", "matrix", "the matrix view"),
    "PhaseLab": ("book/checkerboards", "lab", "the phase lab"),
    "RoundingCheck": ("book/workbench", "rounding", "Rounding or bug?"),
    "SizeRuler": ("book/sizes", "ruler", "the size ruler"),
    "SizeSolver": ("book/workbench", "solver", "the size solver"),
    "Translator": ("book/frameworks", "frameworks", "the translator"),
    "UpsamplingBench": ("book/upsampling", "bench", "the upsampling bench"),
}
"""Where a widget opens on a reader's numbers: page, name on that page, what it is called."""


@dataclass(frozen=True)
class Target:
    """A link: a widget in a state, or a section of a page.

    widget : class in `conv_lib.widgets`, "" for a section
    settings : of the widget
    page : "book/sizes"; the place of the widget where it is empty
    anchor : id of the section
    text : what the link says
    """

    widget: str = ""
    settings: dict[str, Any] = field(default_factory=dict, hash=False)
    page: str = ""
    anchor: str = ""
    text: str = ""

    @property
    def address(self) -> str:
        """ "book/sizes.html#ruler?mode=conv&size=13": relative to the root of the site."""
        if not self.widget:
            return f"{self.page}.html" + (f"#{self.anchor}" if self.anchor else "")
        page, name, _ = PLACES[self.widget]
        return f"{page}.html#{name}?{self.query}"

    @property
    def query(self) -> str:
        """The state of the widget, as its own link says it."""
        from conv_lib import widgets
        from conv_lib.widgets.links import CLASSES, query

        widget = getattr(widgets, self.widget)(**self.settings)
        try:
            return query(widget) if self.widget in CLASSES else widget.query()
        finally:
            widget.close()


def _opener(name: str) -> Callable[..., Target]:
    def opener(text: str = "", **settings: Any) -> Target:
        page, _, called = PLACES[name]
        return Target(name, settings, page, text=text or f"Open it in {called}")

    return opener


ruler, explorer = _opener("SizeRuler"), _opener("ConvExplorer")
decoder, solver = _opener("DecoderRuler"), _opener("SizeSolver")
matrix, channels, phases = _opener("MatrixView"), _opener("ChannelView"), _opener("PhaseLab")
rounding, message = _opener("RoundingCheck"), _opener("ErrorReader")
translator, bench = _opener("Translator"), _opener("UpsamplingBench")


def read(page: str, heading: str, text: str = "") -> Target:
    """Return a link to a section by its heading."""
    anchor = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    return Target(page=f"book/{page}", anchor=anchor, text=text or f"Read: {heading.strip('?').replace('`', '')}")


@dataclass(frozen=True)
class Entry:
    """One question.

    name : its anchor on the page
    topic : a key of `TOPICS`
    question : in our words
    words : what else people type who mean this question; phrases between commas
    links : where it can be tried or read on
    asked : ids of public questions that it answers, as in the tests
    """

    name: str
    topic: str
    question: str
    words: str
    answer_of: Callable[[], str]
    links: tuple[Target, ...]
    asked: tuple[str, ...]

    @property
    def address(self) -> str:
        """Relative to the root of the site."""
        return f"book/questions.html#{self.name}"

    @property
    def answer(self) -> str:
        """Two to four sentences, `code` in backticks; computed now."""
        parts = " ".join(self.answer_of().split()).split("`")
        parts[::2] = [re.sub(r"(?<![\w.])-(?=\d)", "−", part) for part in parts[::2]]
        return "`".join(parts)


class Topic:
    """The entries of one module; calling it makes a decorator for the function that answers."""

    def __init__(self, key: str, title: str) -> None:
        self.key, self.title = key, title
        self.entries: list[Entry] = []

    def __call__(
        self, name: str, question: str, *, words: str, links: Sequence[Target] = (), asked: str = ""
    ) -> Callable[[Callable[[], str]], Callable[[], str]]:
        def register(answer: Callable[[], str]) -> Callable[[], str]:
            ids = tuple(asked.split())
            self.entries.append(Entry(name, self.key, question, words, answer, tuple(links), ids))
            return answer

        return register


# ---------------------------------------------------------------- how numbers are written


def listed(values: Iterable[Any], word: str = "or") -> str:
    """ "5 or 6"; "1, 2 or 3"."""
    texts = [str(value) for value in values]
    return f" {word} ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def chain(sizes: Iterable[int]) -> str:
    """ "28 → 14 → 7"."""
    return " → ".join(map(str, sizes))


def row(values: Iterable[Any]) -> str:
    """ "[1, 3, 2]"; whole numbers without a point."""
    return "[" + ", ".join(row(v) if hasattr(v, "__len__") else f"{v:g}" for v in values) + "]"


def power(value: float, digits: int = 1) -> str:
    """ "1.5e-5": one digit after the point, or more, and the power of ten."""
    digits, exponent = f"{value:.{digits}e}".split("e")
    return f"{digits}e{int(exponent)}"
