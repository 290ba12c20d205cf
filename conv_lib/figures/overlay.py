"""Two outputs beside each other, their differences marked: what a port gets wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conv_lib.figures.layer import draw_grid
from conv_lib.figures.palette import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 1.5  # cells between the two grids


def overlay_figure(
    a: np.ndarray, b: np.ndarray, names: tuple[str, str], *, theme: str = "light"
) -> Figure:
    """Draw two outputs side by side; cells of the second that differ from the first are framed.

    Parameters
    ----------
    a, b : ndarray, shape (height, width)
    names : (str, str)
        Of the two, above them.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    a, b = np.asarray(a, float), np.asarray(b, float)
    width = a.shape[1] + GAP + b.shape[1]
    height = max(a.shape[0], b.shape[0])
    cell = min(0.42, 8.5 / width)
    figure = Figure(figsize=(width * cell, (height + 1.4) * cell), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-0.15, width + 0.15), ylim=(height + 0.2, -1.3))
    ax.set_axis_off()
    draw_grid(ax, a, "output", theme=theme)
    left = a.shape[1] + GAP
    draw_grid(ax, b, "output", left=left, theme=theme)
    warn = PALETTE["ui"][theme]["warn"]
    shared = tuple(slice(0, min(pair)) for pair in zip(a.shape, b.shape, strict=True))
    differs = np.ones(b.shape, bool)
    differs[shared] = ~np.isclose(a[shared], b[shared])
    for r, c in np.argwhere(differs):
        box = Rectangle((left + c + 0.06, r + 0.06), 0.88, 0.88, fill=False, edgecolor=warn, linewidth=1.6)
        ax.add_patch(box)
    colour = role_colour("output", theme=theme)
    for place, name, size in ((0, names[0], a.shape), (left, names[1], b.shape)):
        words = f"{name}, {size[0]} × {size[1]}"
        ax.text(place, -0.4, words, ha="left", va="bottom", fontsize=9, color=colour)
    return figure
