"""The line that shows a tool on another site: the book's pages ``embed/<Class>.html`` hold one tool each."""

from __future__ import annotations

import html
import json
from pathlib import Path

NAME = "tool"  # what the widget on such a page is called in links
WIDTHS = (720, 360)  # in CSS pixels: an article on a screen, and a phone
SIZES = Path(__file__).with_name("embed_sizes.json")
YOUR_SITE = "https://YOUR-SITE/"
TITLES = {
    "ConvExplorer": "Explorer: one layer on your numbers",
    "ChannelView": "Channels: what each filter reads and adds up",
    "SizeRuler": "Size ruler: windows and stamps along one axis",
    "MatrixView": "Matrix: the layer and its transpose",
    "PhaseLab": "Phase lab: where checkerboards come from",
    "UpsamplingBench": "Upsampling bench: ways to a larger map, compared",
    "DecoderRuler": "Decoder ruler: the sizes of a whole network",
    "SizeSolver": "Size solver: every setting from one size to another",
    "ErrorReader": "Error reader: what a message about shapes means",
    "RoundingCheck": "Rounding or bug? Two results, compared",
    "BenchPlot": "Bench: times of stored runs",
    "Translator": "Translator: one layer from framework to framework",
}


def tools() -> list[str]:
    """Return the classes that have a page of their own."""
    from conv_lib import widgets

    return sorted(name for name in TITLES if hasattr(widgets, name))


def title(widget: str) -> str:
    """Return what a tool is called above its page."""
    return TITLES.get(widget, widget)


def sizes() -> dict[str, list[int]]:
    """Return the height of each tool's page at the widths of `WIDTHS`, as the tests measured it."""
    return json.loads(SIZES.read_text("utf-8"))


def iframe(widget: str, query: str = "", *, base: str = YOUR_SITE, width: int = 720) -> str:
    """Return the line that shows a tool on another site.

    >>> iframe("SizeRuler")[:76]
    '<iframe src="https://YOUR-SITE/embed/SizeRuler.html" title="Size ruler: windo'

    Parameters
    ----------
    widget : str
        The tool's class.
    query : str, optional
        Its state, the part of a link behind the question mark.
    base : str
        Where the book lies.
    width : int
        The width of the place in pixels: the height is the measured one at the nearest width below.
    """
    if widget not in tools():
        raise ValueError(f"widget is one of {', '.join(tools())}. Received: {widget!r}")
    state = f"#{NAME}?{query}" if query else ""
    address = html.escape(f"{base.rstrip('/')}/embed/{widget}.html{state}")
    height = sizes().get(widget, [900, 1600])[0 if width >= WIDTHS[0] else 1]
    return (
        f'<iframe src="{address}" title="{html.escape(title(widget))}" width="100%" height="{height}" '
        'style="border:0" loading="lazy" allow="clipboard-write; fullscreen"></iframe>'
    )
