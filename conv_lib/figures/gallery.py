"""Pictures beside each other, each under its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from conv_lib.figures.palette import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def gallery_figure(
    pictures: Mapping[str, np.ndarray], *, columns: int = 3, span: tuple[float, float] = (0, 1), theme: str = "light"
) -> Figure:
    """Draw grey pictures with their names, pixel by pixel.

    Parameters
    ----------
    pictures : mapping from a name to an ndarray of shape (height, width)
    columns : int
    span : (black, white)
        Values outside are drawn black and white.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    rows = -(-len(pictures) // columns)
    height, width = next(iter(pictures.values())).shape
    each = 6.6 / columns
    figure = Figure(figsize=(6.6, rows * (each * height / width + 0.25)), layout="constrained")
    for i, (name, picture) in enumerate(pictures.items()):
        ax = figure.add_subplot(rows, columns, i + 1)
        ax.imshow(picture, cmap="gray", vmin=span[0], vmax=span[1], interpolation="nearest")
        ax.set_title(name, fontsize=9, color=PALETTE["ui"][theme]["ink"])
        ax.set_axis_off()
    return figure
