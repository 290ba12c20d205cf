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
    anchors = [_rgb(colour) for colour in PALETTE["tints"][theme]]
    place = 0.0 if count < 2 else index / (count - 1) * (len(anchors) - 1)
    low = min(int(place), len(anchors) - 2)
    share = place - low
    mixed = (round(a + (b - a) * share) for a, b in zip(anchors[low], anchors[low + 1], strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
