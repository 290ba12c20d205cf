"""The book's colours. palette.json is their only source: figures, widgets and pages read it."""

import json
from importlib.resources import files

PALETTE = json.loads(files("conv_lib.figures").joinpath("palette.json").read_text("utf-8"))


def role_colour(role: str, part: str = "line", theme: str = "light") -> str:
    """Return the colour of a role: "input", "kernel", "output", "padding" or "zero".

    `part` is "line" (text and outlines), "fill" (cells) or "strong" (rules and patterns).
    """
    return PALETTE["roles"][role][theme][part]


def tint(index: int, count: int, theme: str = "light") -> str:
    """Return the tint of kernel weight `index` of `count`, in reading order.

    >>> tint(0, 9)
    '#ffe08a'
    """
    anchors = PALETTE["tints"][theme]
    low, share = _between(index, count, len(anchors))
    ends = zip(_rgb(anchors[low]), _rgb(anchors[low + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in ends)


def tint_css(index: int, count: int) -> str:
    """Return the tint as CSS that follows a page's theme, and is light where a page has none."""
    anchors = PALETTE["tints"]["light"]
    low, share = _between(index, count, len(anchors))
    first, second = (f"var(--cb-tint-{i}, {anchors[i]})" for i in (low, low + 1))
    return f"color-mix(in oklab, {first} {100 * (1 - share):.0f}%, {second})"


def _between(index: int, count: int, anchors: int) -> tuple[int, float]:
    """The anchor before a tint, and how far the tint is on the way to the next."""
    place = 0.0 if count < 2 else index / (count - 1) * (anchors - 1)
    low = min(int(place), anchors - 2)
    return low, place - low


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
