"""One layer as a picture: the image side on the left, the kernel, the map side on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conv_lib import shapes
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.ops import conv2d, conv2d_transpose

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 1.6  # cells between two grids


def number(value: float) -> str:
    """Return a number as it stands in a cell: at most two decimals, a true minus sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def draw_grid(
    ax: Axes,
    values: np.ndarray,
    role: str,
    *,
    left: float = 0,
    top: float = 0,
    fills: np.ndarray | None = None,
    theme: str = "light",
) -> Axes:
    """Draw a matrix as labelled cells and return the Axes.

    Parameters
    ----------
    values : ndarray, shape (height, width)
        NaN leaves a place empty.
    role : "input", "kernel", "output" or "padding"
        Sets colour and hatch.
    left, top : float
        Position of the upper left corner, in cells; y grows downwards.
    fills : ndarray of str, shape (height, width), optional
        Colours of the cells, where each has its own.
    """
    from matplotlib.patches import Rectangle

    ink = PALETTE["ui"][theme]["ink"]
    for (r, c), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        fill = role_colour(role, "fill", theme) if fills is None else fills[r, c]
        ax.add_patch(
            Rectangle(
                (left + c, top + r),
                1,
                1,
                facecolor=fill,
                edgecolor=role_colour(role, "strong", theme),
                hatch="////" if role == "padding" else None,
                linewidth=0.8,
            )
        )
        text = number(value)
        size = 11 if len(text) < 4 else 8
        ax.text(left + c + 0.5, top + r + 0.52, text, ha="center", va="center", fontsize=size, color=ink)
    return ax


def layer_figure(
    x: Any,
    kernel: Any,
    *,
    mode: str = "conv",
    stride: int = 1,
    padding: Any = "valid",
    dilation: int = 1,
    output_size: tuple[int, int] | None = None,
    theme: str = "light",
) -> Figure:
    """Draw a layer with one channel: input, kernel and output, labelled and with arrows.

    Parameters
    ----------
    x : array_like, shape (height, width)
    kernel : array_like, shape (kernel height, kernel width)
    mode : "conv" or "transpose"
        The image side stands left and the map side right in both, so that only the arrows turn round.
    output_size : (height, width), optional
        For "transpose": one of the legal sizes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    x, kernel = np.asarray(x, float), np.asarray(kernel, float)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    if mode == "conv":
        y = conv2d(x[..., None], kernel[..., None, None], **settings)[..., 0]
        large, small, order = x, y, ("input", "output")
    else:
        y = conv2d_transpose(x[..., None], kernel[..., None, None], output_shape=output_size, **settings)[..., 0]
        large, small, order = y, x, ("output", "input")

    pads = [(0, 0), (0, 0)]
    if mode == "conv":
        per_axis = (padding, padding) if isinstance(padding, str | int) else padding
        pads = [
            shapes.padding_pair(n, k, stride=stride, padding=p, dilation=dilation)
            for n, k, p in zip(x.shape, kernel.shape, per_axis, strict=True)
        ]
    (before, after), (left_pad, right_pad) = pads
    drawn_height = before + large.shape[0] + after
    drawn_width = left_pad + large.shape[1] + right_pad
    height = max(drawn_height, kernel.shape[0], small.shape[0])
    kernel_left = drawn_width + GAP
    small_left = kernel_left + kernel.shape[1] + GAP
    width = small_left + small.shape[1]

    figure = Figure(figsize=(width * 0.42 + 0.2, (height + 1) * 0.42 + 0.1), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-0.1, width + 0.1), ylim=(height + 0.1, -1))
    ax.set_axis_off()

    large_top = (height - drawn_height) / 2
    if before + after + left_pad + right_pad:
        ring = np.pad(np.full(large.shape, np.nan), pads)
        draw_grid(ax, ring, "padding", top=large_top, theme=theme)
    draw_grid(ax, large, order[0], left=left_pad, top=large_top + before, theme=theme)
    tints = np.array([tint(i, kernel.size, theme) for i in range(kernel.size)]).reshape(kernel.shape)
    kernel_top = (height - kernel.shape[0]) / 2
    draw_grid(ax, kernel, "kernel", left=kernel_left, top=kernel_top, fills=tints, theme=theme)
    small_top = (height - small.shape[0]) / 2
    draw_grid(ax, small, order[1], left=small_left, top=small_top, theme=theme)

    sides = [
        (order[0], large.shape, drawn_width / 2, large_top),
        ("kernel", kernel.shape, kernel_left + kernel.shape[1] / 2, kernel_top),
        (order[1], small.shape, small_left + small.shape[1] / 2, small_top),
    ]
    for role, shape, middle, top in sides:
        label = f"{PALETTE['roles'][role]['label']} {shape[0]} × {shape[1]}"
        colour = role_colour(role, theme=theme)
        ax.text(middle, top - 0.4, label, ha="center", va="center", fontsize=9, color=colour)
    for start in (drawn_width, kernel_left + kernel.shape[1]):
        ends = [(start + 0.25, height / 2), (start + GAP - 0.25, height / 2)]
        tail, head = ends if mode == "conv" else ends[::-1]
        arrow = {"arrowstyle": "->", "color": PALETTE["ui"][theme]["quiet"]}
        ax.annotate("", head, tail, arrowprops=arrow)
    return figure
