"""A convolution as a matrix: its entries in the tints of the weights that they are, the zeros as dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conv_lib.figures.layer import draw_grid
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.ops import conv_matrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 0.5  # cells between the matrix and what stands at its sides


def weight_places(image: tuple[int, int], kernel_size: tuple[int, int], **settings: Any) -> np.ndarray:
    """Return which weight of the kernel, in reading order, stands at each place of A; -1 for none.

    >>> weight_places((1, 3), (1, 2))
    array([[ 0,  1, -1],
           [-1,  0,  1]])

    Parameters
    ----------
    image, kernel_size : (height, width)
    settings : stride, padding, dilation
        As for `conv_lib.conv2d`.

    Returns
    -------
    ndarray of int, shape (output cells, input cells)
    """
    numbers = np.arange(1.0, np.prod(kernel_size) + 1).reshape(*kernel_size, 1, 1)
    return conv_matrix((*image, 1), numbers, **settings).astype(int) - 1


def draw_matrix(ax: Axes, kernel: np.ndarray, places: np.ndarray, *, theme: str = "light") -> Axes:
    """Draw A with its upper left corner at the origin and return the Axes; `places` from `weight_places`."""
    empty = places < 0
    values = np.where(empty, np.nan, kernel.ravel()[places])
    tints = np.array([tint(i, kernel.size, theme) for i in range(kernel.size)])
    draw_grid(ax, values, "kernel", fills=np.where(empty, "", tints[places]), theme=theme)
    rows, columns = np.nonzero(empty)
    ax.scatter(columns + 0.5, rows + 0.5, s=2, color=PALETTE["ui"][theme]["quiet"])
    return ax


def matrix_figure(
    x: Any,
    kernel: Any,
    *,
    y: Any = None,
    transposed: bool = False,
    theme: str = "light",
    **settings: Any,
) -> Figure:
    """Draw A with its input along the columns and its output along the rows.

    Parameters
    ----------
    x : array_like, shape (height, width)
    kernel : array_like, shape (kernel height, kernel width)
    y : array_like, shape (output height, output width), optional
        For `transposed`: what A.T works on.
    transposed : bool
        Draw A.T, with y along its columns.
    settings : stride, padding, dilation
        As for `conv_lib.conv2d`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    x, kernel = np.asarray(x, float), np.asarray(kernel, float)
    places = weight_places(x.shape, kernel.shape, **settings)
    given = x
    if transposed:
        places, given = places.T, np.asarray(y, float)
    matrix = np.where(places < 0, 0, kernel.ravel()[places])
    result = matrix @ given.ravel()

    height, width = places.shape
    cell = min(0.36, 9 / (width + 5))
    figure = Figure(figsize=((width + 5) * cell, (height + 3.4) * cell), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-1.6, width + 3.2), ylim=(height + 0.2, -3.2))
    ax.set_axis_off()
    draw_matrix(ax, kernel, places, theme=theme)
    draw_grid(ax, given.reshape(1, -1), "input", top=-1 - GAP, theme=theme)
    draw_grid(ax, result.reshape(-1, 1), "output", left=width + GAP, theme=theme)
    name, vector = ("$A^\\top$", "y") if transposed else ("$A$", "x")
    quiet = PALETTE["ui"][theme]["ink"]
    ax.text(-0.4, height / 2, name, ha="right", va="center", fontsize=13, color=quiet)
    labels = {"ha": "center", "va": "center", "fontsize": 9}
    ax.text(width / 2, -2.2, f"input {vector}, one column per cell", color=role_colour("input", theme=theme), **labels)
    colour = role_colour("output", theme=theme)
    ax.text(width + 2.4, height / 2, "output, one row per cell", rotation=270, color=colour, **labels)
    return figure
