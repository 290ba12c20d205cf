"""What a pixel of a network sees of a photograph: boxes to scale on the picture that matplotlib ships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from conv_lib.figures.palette import PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def photograph() -> np.ndarray:
    """Return the photograph of Grace Hopper that matplotlib ships, shape (600, 512, 3), from 0 to 1."""
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    with get_sample_data("grace_hopper.jpg") as file:
        return imread(file, format="jpg").astype("float32") / 255


def small_photograph() -> np.ndarray:
    """Return the face of `photograph` in grey, shape (64, 56), from 0 to 1: means of squares of 5 × 5 pixels."""
    grey = photograph()[40:360, 116:396].mean(axis=-1)
    return grey.reshape(64, 5, 56, 5).mean(axis=(1, 3))


def fields_figure(
    fields: Sequence[tuple[str, int]], *, centre: tuple[int, int] = (188, 224), theme: str = "light"
) -> Figure:
    """Draw the photograph with a square for each receptive field, all round one pixel.

    Parameters
    ----------
    fields : sequence of (label, size)
        Size in pixels of the photograph.
    centre : (row, column)

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    image = photograph()
    height, width, _ = image.shape
    figure = Figure(figsize=(6.6, 6.6 * height / (width + 270)), layout="constrained")
    ax = figure.add_subplot(xlim=(0, width + 270), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    ax.imshow(image.mean(axis=-1), cmap="gray", vmin=0, vmax=1, extent=(0, width, height, 0))
    ax.set(xlim=(0, width + 270), ylim=(height, 0))
    colour, ink = PALETTE["tints"][theme][0], PALETTE["ui"][theme]["ink"]
    row, column = centre
    tops = []
    for label, size in sorted(fields, key=lambda field: field[1]):
        left, top = column - size / 2, row - size / 2
        for width_of_line, edge in ((3.2, ink), (1.6, colour)):
            ax.add_patch(Rectangle((left, top), size, size, fill=False, edgecolor=edge, linewidth=width_of_line))
        # Labels stand beside the photograph, each level with its box or just above the one before.
        y = max(min(row - size / 2, height - 20), 16) if size > 40 else row
        tops.append(min(y, tops[-1] - 42) if tops else y)
        ax.plot([column + size / 2, width + 8], [max(top, tops[-1]) if size > 40 else row, tops[-1]], color=ink, lw=0.8)
        ax.text(width + 12, tops[-1], f"{label}: {size}", va="center", fontsize=12, color=ink)
    return figure
