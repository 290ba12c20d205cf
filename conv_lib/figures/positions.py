"""One axis: a row of cells, and under it every place where the kernel stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from conv_lib.figures.palette import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Stamp(NamedTuple):
    """One place of the kernel: its label, and the cells on which its weights stand."""

    label: str
    cells: Sequence[int]


def positions_figure(
    cells: Sequence[tuple[str, str]], stamps: Sequence[Stamp], *, label: str, theme: str = "light"
) -> Figure:
    """Draw a row of cells and below it, one line each, the places of the kernel.

    Parameters
    ----------
    cells : sequence of (role, text)
        Padding is hatched, an appended zero dotted.
    stamps : sequence of Stamp
        After twelve of them the rest is left out.
    label : str
        What the row of cells is.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    hatches = {"padding": "////", "zero": ".."}
    ui = PALETTE["ui"][theme]
    shown = list(stamps)[:12]
    height = 1.3 + 0.8 * len(shown)
    figure = Figure(figsize=((len(cells) + 3.6) * 0.36, (height + 0.2) * 0.42), layout="constrained")
    ax = figure.add_subplot(xlim=(-3.5, len(cells) + 0.1), ylim=(height + 0.1, -0.1), aspect="equal")
    ax.set_axis_off()

    def cell(left: float, top: float, size: float, role: str, text: str) -> None:
        ax.add_patch(
            Rectangle(
                (left, top),
                1,
                size,
                facecolor=role_colour(role, "fill", theme),
                edgecolor=role_colour(role, "strong", theme),
                hatch=hatches.get(role),
                linewidth=0.8,
            )
        )
        ax.text(left + 0.5, top + size / 2 + 0.02, text, ha="center", va="center", fontsize=9, color=ui["ink"])

    first = next((role for role, _ in cells if role in ("input", "output")), "input")
    ax.text(-0.3, 0.5, label, ha="right", va="center", fontsize=9, color=role_colour(first, theme=theme))
    for i, (role, text) in enumerate(cells):
        cell(i, 0, 1, role, text)
    for line, stamp in enumerate(shown):
        top = 1.3 + 0.8 * line
        ax.text(-0.3, top + 0.35, stamp.label, ha="right", va="center", fontsize=8, color=ui["quiet"])
        ax.plot([min(stamp.cells) + 0.5, max(stamp.cells) + 0.5], [top + 0.35] * 2, color=ui["rule"], zorder=0)
        for weight, place in enumerate(stamp.cells):
            cell(place, top, 0.7, "kernel", str(weight))
    return figure
