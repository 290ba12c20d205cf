"""Labelled grids in a row, some of their cells marked as wrong: what an exercise shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conv_lib.figures.layer import draw_grid
from conv_lib.figures.palette import PALETTE, role_colour, tint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 1.2  # cells between two grids
WIDEST = 17  # cells in a row, beyond which a new one begins


@dataclass(frozen=True)
class LabelledGrid:
    """A matrix with its label, in the colour of a role; cells where `wrong` is true get a mark."""

    label: str
    values: np.ndarray
    role: str
    wrong: np.ndarray | None = None


def row_figure(grids: Sequence[LabelledGrid], *, theme: str = "light") -> Figure:
    """Draw labelled grids one beside the other, on a new line where they would become too wide.

    Parameters
    ----------
    grids : sequence of LabelledGrid
        A grid of role "kernel" gets the tints of its weights. A cell marked as wrong has a thick edge and a
        filled corner.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon, Rectangle

    # Labels are about as wide as 0.19 of a cell for each letter.
    places, left, top, deepest, widest = [], 0.0, 0.0, 0.0, 0.0
    for grid in grids:
        rows, columns = grid.values.shape
        width = max(columns, 0.2 * len(grid.label))
        if left and left + width > WIDEST:
            left, top = 0.0, top + deepest + 1.5
            deepest = 0.0
        places.append((left, top))
        left += width + GAP
        widest, deepest = max(widest, left - GAP), max(deepest, float(rows))
    height = top + deepest

    figure = Figure(figsize=((widest + 0.2) * 0.42, (height + 1.1) * 0.42), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-0.1, widest + 0.1), ylim=(height + 0.1, -1))
    ax.set_axis_off()
    warn = PALETTE["ui"][theme]["warn"]
    for grid, (left, top) in zip(grids, places, strict=True):
        values = np.asarray(grid.values, float)
        fills = None
        if grid.role == "kernel":
            fills = np.array([tint(i, values.size, theme) for i in range(values.size)]).reshape(values.shape)
        draw_grid(ax, values, grid.role, left=left, top=top, fills=fills, theme=theme)
        colour = role_colour(grid.role, theme=theme)
        ax.text(left, top - 0.4, grid.label, ha="left", va="center", fontsize=9, color=colour)
        if grid.wrong is None:
            continue
        for r, c in np.argwhere(grid.wrong):
            x, y = left + c, top + r
            ax.add_patch(Rectangle((x + 0.06, y + 0.06), 0.88, 0.88, fill=False, edgecolor=warn, linewidth=1.8))
            ax.add_patch(Polygon([(x + 0.06, y + 0.06), (x + 0.34, y + 0.06), (x + 0.06, y + 0.34)], color=warn))
    return figure
