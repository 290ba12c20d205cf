"""Which window of the full result each legal output size keeps, drawn one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conv_lib import shapes
from conv_lib.figures.palette import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def windows_figure(size: int, kernel: int, *, stride: int = 1, padding: str = "valid", theme: str = "light") -> Figure:
    """Draw the full result of a transposed convolution and, below it, every legal output.

    Along one axis: each row is one legal size, its cells numbered as in the full result. Cropped
    cells stay empty, appended zeros are dotted. The row of Keras' default size says so.

    Parameters
    ----------
    size, kernel, stride, padding : see `conv_lib.shapes.transposed_sizes`

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    options = {"stride": stride, "padding": padding}
    full = shapes.full_size(size, kernel, stride=stride)
    legal = shapes.transposed_sizes(size, kernel, **options)
    keras = shapes.keras_transposed_size(size, kernel, **options)
    rows = [("full result", range(full))]
    for wanted in legal:
        start, stop = shapes.transposed_window(size, kernel, wanted, **options)
        rows.append((f"output {wanted}" + (" (Keras)" if wanted == keras else ""), range(start, stop)))

    width = max(cells.stop for _, cells in rows)
    figure = Figure(figsize=((width + 4.4) * 0.42, (len(rows) + 0.3) * 0.5), layout="constrained")
    ax = figure.add_subplot(xlim=(-4.3, width + 0.1), ylim=(len(rows) * 1.2, -0.2), aspect="equal")
    ax.set_axis_off()
    ink = PALETTE["ui"][theme]["ink"]
    for row, (label, cells) in enumerate(rows):
        top = row * 1.2
        colour = role_colour("padding" if row == 0 else "output", theme=theme)
        ax.text(-0.3, top + 0.5, label, ha="right", va="center", fontsize=9, color=colour)
        for cell in cells:
            role = "zero" if cell >= full else "padding" if row == 0 else "output"
            ax.add_patch(
                Rectangle(
                    (cell, top),
                    1,
                    1,
                    facecolor=role_colour(role, "fill", theme),
                    edgecolor=role_colour(role, "strong", theme),
                    hatch=".." if role == "zero" else None,
                )
            )
            text = "0" if role == "zero" else str(cell)
            ax.text(cell + 0.5, top + 0.52, text, ha="center", va="center", fontsize=9, color=ink)
    return figure
