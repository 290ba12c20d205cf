"""A chain of layers as bars to scale: the size after each layer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from conv_lib.figures.palette import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def chain_figure(
    rows: Sequence[tuple[str, tuple[int | None, ...] | None]], misfits: Collection[int] = (), *, theme: str = "light"
) -> Figure:
    """Draw the width after each layer as a bar, and write the shape beside it.

    Parameters
    ----------
    rows : sequence of (label, shape)
        The input first; a shape is (height, width, channels), (numbers,), or None where a chain has ended.
    misfits : collection of int
        Rows that are marked, as joins that do not fit.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    ui = PALETTE["ui"][theme]
    widest = max([shape[1] for _, shape in rows if shape and len(shape) == 3], default=1)
    figure = Figure(figsize=(7.2, 0.3 + 0.24 * len(rows)))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 100), ylim=(len(rows), 0))
    axes.axis("off")
    for at, (label, shape) in enumerate(rows):
        middle = at + 0.5
        bad = at in misfits or shape is None
        colour = ui["warn"] if bad else ui["ink"]
        axes.text(1, middle, label, va="center", fontsize=8.5, color=colour)
        words = "?" if shape is None else " × ".join("?" if n is None else str(n) for n in shape)
        axes.text(99, middle, words, va="center", ha="right", fontsize=8.5, color=colour)
        if shape and len(shape) == 3:
            role = "input" if at == 0 else "output" if at == len(rows) - 1 else "padding"
            width = 40 * shape[1] / widest
            look = {"facecolor": role_colour(role, "strong", theme), "edgecolor": role_colour(role, "line", theme)}
            axes.add_patch(Rectangle((54 - width / 2, middle - 0.3), width, 0.6, lw=0.5, **look))
    return figure
