"""Phases of a kernel: which weights meet at an output, what they add up to, and a flat image after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from conv_lib.figures.layer import draw_grid
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.ops import conv_transpose, overlap_counts, phase_sums

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 1.4  # cells between two grids


def phase_figure(
    kernel: Any, stride: int, size: Sequence[int], *, padding: Any = "valid", theme: str = "light"
) -> Figure:
    """Draw kernel and phase sums in the tints of the phases; below, overlap counts and the output of a flat image.

    Parameters
    ----------
    kernel : array_like, shape (length,) or (height, width)
    stride : int
    size : sequence of int
        Of the flat image of ones, as many axes as the kernel.
    padding : as for `conv_lib.conv_transpose`

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    kernel = np.asarray(kernel, float)
    counts = overlap_counts(tuple(size), kernel.shape, stride=stride, padding=padding)
    output = conv_transpose(
        np.ones((*size, 1)), kernel[..., None, None], stride=stride, padding=padding
    )[..., 0]
    strip = kernel.ndim == 1
    sums = np.atleast_2d(phase_sums(kernel, stride))
    kernel, counts, output = (np.atleast_2d(a) for a in (kernel, counts, output))

    top = max(len(kernel), len(sums))
    beside = 0 if strip else counts.shape[1] + GAP
    wide = max(kernel.shape[1] + GAP + sums.shape[1], 8, counts.shape[1] + beside)
    below = top + 1.4
    second = below + (len(counts) + 1.4 if strip else 0)
    height = second + len(counts)
    figure = Figure(figsize=((wide + 0.2) * 0.4, (height + 1.2) * 0.4), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-0.1, wide + 0.1), ylim=(height + 0.1, -1.1))
    ax.set_axis_off()
    ink = PALETTE["ui"][theme]["ink"]

    def title(text: str, left: float, y: float, colour: str) -> None:
        ax.text(left, y - 0.4, text, ha="left", va="center", fontsize=9, color=colour)

    across, down = sums.shape[1], len(sums)
    tints = np.array(
        [
            [tint((r % down) * across + c % across, sums.size, theme) for c in range(kernel.shape[1])]
            for r in range(len(kernel))
        ]
    )
    title("kernel, tinted by phase", 0, 0, role_colour("kernel", theme=theme))
    draw_grid(ax, kernel, "kernel", fills=tints, theme=theme)
    left = max(kernel.shape[1], 5) + GAP
    title("phase sums", left, 0, ink)
    phases = np.array([[tint(r * across + c, sums.size, theme) for c in range(across)] for r in range(down)])
    draw_grid(ax, sums, "kernel", left=left, fills=phases, theme=theme)

    title("overlap counts", 0, below, ink)
    paper = np.full(counts.shape, PALETTE["ui"][theme]["panel"])
    draw_grid(ax, counts, "output", top=below, fills=paper, theme=theme)
    title("output of a flat image", beside, second, role_colour("output", theme=theme))
    draw_shaded(ax, output, left=beside, top=second, theme=theme)
    ax.set_xlim(-0.1, max(wide, left + across) + 0.1)
    return figure


def draw_shaded(ax: Axes, values: np.ndarray, *, left: float = 0, top: float = 0, theme: str = "light") -> Axes:
    """Draw a grid of outputs, the larger the darker, and return the Axes."""
    low, high = min(values.min(), 0), max(values.max(), 0)
    share = (values - low) / (high - low or 1)
    steps = [PALETTE["ui"][theme]["paper"], *(role_colour("output", part, theme) for part in ("fill", "strong"))]
    fills = np.array(steps)[np.clip((share * 3).astype(int), 0, 2)]
    return draw_grid(ax, values, "output", left=left, top=top, fills=fills, theme=theme)


def bars_figure(rows: Sequence[tuple[str, np.ndarray]], *, theme: str = "light") -> Figure:
    """Draw rows of numbers as bars with the number on each, one row below the other, all on one scale.

    Parameters
    ----------
    rows : sequence of (label, values)

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    longest = max(len(values) for _, values in rows)
    figure = Figure(figsize=(max(longest * 0.34, 4), 1.2 * len(rows)), layout="constrained")
    axes = figure.subplots(len(rows), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    ink, line = PALETTE["ui"][theme]["ink"], role_colour("output", theme=theme)
    fill = role_colour("output", "strong", theme)
    least = min(0.0, *(float(np.min(values)) for _, values in rows))
    most = max(0.0, *(float(np.max(values)) for _, values in rows))
    room = 0.3 * (most - least or 1)
    for ax, (label, values) in zip(axes, rows, strict=True):
        ax.bar(np.arange(len(values)), values, width=0.9, color=fill, edgecolor=line, linewidth=0.8)
        for i, value in enumerate(values):
            ax.text(i, max(value, 0) + 0.05 * room, f"{value:.3g}", ha="center", va="bottom", fontsize=9, color=ink)
        ax.set_title(label, loc="left", fontsize=10, color=ink, pad=3)
        ax.axhline(0, color=ink, linewidth=0.8)
        ax.set(ylim=(least - (room if least < 0 else 0), most + room), xlim=(-0.6, longest - 0.4))
        ax.set_axis_off()
    return figure


def pictures_figure(pictures: Sequence[tuple[str, np.ndarray]], *, times: int = 7, theme: str = "light") -> Figure:
    """Draw grey pictures of one size in a row, every pixel as a square of `times` whole pixels of the file.

    A drawing at any other scale would add a pattern of its own, and checkerboards are judged by eye here.

    Parameters
    ----------
    pictures : sequence of (label, values from 0 to 1)
        A picture with fewer pixels than the largest is drawn with larger squares.

    Returns
    -------
    matplotlib.figure.Figure
        For `Picture`, which saves with 130 pixels an inch.
    """
    from matplotlib.figure import Figure

    dpi, gap, top = 130, 30, 44
    height, width = (times * max(values.shape[axis] for _, values in pictures) for axis in (0, 1))
    full = (len(pictures) * (width + gap) - gap, height + top)
    figure = Figure(figsize=(full[0] / dpi, full[1] / dpi), dpi=dpi)
    for i, (label, values) in enumerate(pictures):
        left = i * (width + gap)
        ax = figure.add_axes((left / full[0], 0, width / full[0], height / full[1]))
        ax.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
        ax.set_axis_off()
        figure.text(left / full[0], 1 - 0.35 * top / full[1], label, va="center", fontsize=10,
                    color=PALETTE["ui"][theme]["ink"])
    return figure
