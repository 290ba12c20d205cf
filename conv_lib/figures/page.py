"""Drawings as HTML: one SVG that follows the reader's light or dark theme and says what it shows."""

from __future__ import annotations

import html
import re
from functools import cache
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from conv_lib.figures.palette import PALETTE, tint, tint_css

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def svg(figure: Figure, alt: str) -> str:
    """Return a figure, drawn in the light theme, as inline SVG text with `alt` as its description.

    Where a page defines the book's CSS variables its colours follow them; elsewhere they stay.
    """
    import matplotlib

    # Fixed ids and no date: the same figure gives the same bytes. Text stays text.
    with matplotlib.rc_context({"svg.hashsalt": "conv_lib", "svg.fonttype": "none"}):
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    # Inline in a page, style rules would reach the whole page and ids would repeat.
    text = re.sub(r"<(metadata|style)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r'(<g) id="[^"]*"', r"\1", text)
    text = re.sub(r'\b(d|x|y)="([^"]*)"', _short, text)
    text = re.sub(r">\s+<", "><", text)
    # What the root says of its size becomes a limit: on a phone the drawing shrinks.
    width = re.search(r'width="([\d.]+)pt"', text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"| height="[\d.]+pt"(?=[^>]*>)', r"\1", text, count=2)
    size = f"width:{float(width[1]) * 4 / 3:.0f}px;max-width:100%;height:auto" if width else ""
    label = html.escape(alt)
    text = text.replace("<svg", f'<svg role="img" aria-label="{label}" style="{size}"', 1)
    themed = _themed()
    return re.sub(r"#[0-9a-f]{6}\b", lambda found: themed.get(found[0], found[0]), text)


def _short(attribute: re.Match) -> str:
    """Places to a hundredth of a point: nobody sees more, and drawings are about a tenth shorter."""
    places = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), attribute[2])
    return f'{attribute[1]}="{" ".join(places.split())}"'


class Drawing:
    """A figure with its description, as a cell of a chapter shows it.

    >>> from conv_lib.figures import windows_figure
    >>> Drawing(windows_figure(3, 3, stride=2), "Three rows of cells.")
    Three rows of cells.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        return f'<div class="cb-drawing" style="background:var(--cb-paper, #fff)">{svg(self.figure, self.alt)}</div>'


class Picture:
    """A figure that holds a photograph, as a JPEG beside the page: inline it would weigh the page down.

    In a chapter the alt text stands in the cell's metadata, `mystnb: image: alt:`; `alt` is for consoles.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_jpeg_(self) -> bytes:
        out = BytesIO()
        self.figure.savefig(out, format="jpg", dpi=130, facecolor="white", pil_kwargs={"quality": 88})
        return out.getvalue()


@cache
def _themed() -> dict[str, str]:
    """For each colour of the light theme, the CSS that follows the page's theme."""
    themed: dict[str, str] = {}
    for count in range(1, 50):
        for index in range(count):
            themed[tint(index, count)] = tint_css(index, count)
    for role, themes in PALETTE["roles"].items():
        for part, colour in themes["light"].items():
            name = role if part == "line" else f"{role}-{part}"
            themed[colour] = f"var(--cb-{name}, {colour})"
    for name, colour in PALETTE["ui"]["light"].items():
        themed.setdefault(colour, f"var(--cb-{name}, {colour})")
    return themed
