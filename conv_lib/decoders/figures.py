"""Drawings of the chapter on decoders: pictures in rows, curves over training, and the live decoder in print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from conv_lib.decoders.forward import run_ops
from conv_lib.decoders.pack import unpack
from conv_lib.figures import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHORT = {"k3": "transposed k3", "k4": "transposed k4", "resize": "resize + conv"}
STYLES = {"k3": "-", "k4": "--", "resize": ":"}
COLOURS = {"k3": "kernel", "k4": "zero", "resize": "output"}


def pictures_figure(
    rows: Mapping[str, Sequence[np.ndarray]],
    *,
    titles: Sequence[str] = (),
    limits: tuple[float, float] = (0, 1),
    width: float = 6.6,
    theme: str = "light",
) -> Figure:
    """Draw rows of small grey pictures, each row with its label, each column with its title.

    Parameters
    ----------
    rows : mapping from a label to pictures of shape (height, width) or (height, width, 1)
    titles : sequence of str
        One for each column, or none.
    limits : (black, white)
    """
    from matplotlib.figure import Figure

    ink = PALETTE["ui"][theme]["ink"]
    count = max(len(row) for row in rows.values())
    first = np.squeeze(next(iter(rows.values()))[0])
    side = (width - 1.0) / count
    each = side * first.shape[0] / first.shape[1]
    figure = Figure(figsize=(width, (each + 0.06) * len(rows) + 0.3))
    grid = figure.add_gridspec(
        len(rows), count, left=1.0 / width, right=0.995, top=1 - (0.25 / figure.get_figheight() if titles else 0.01),
        bottom=0.01, wspace=0.08, hspace=0.08,
    )
    for r, (label, pictures) in enumerate(rows.items()):
        for c, picture in enumerate(pictures):
            ax = figure.add_subplot(grid[r, c])
            ax.imshow(np.squeeze(picture), cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="none")
            ax.set(xticks=[], yticks=[])
            for spine in ax.spines.values():
                spine.set_color(PALETTE["ui"][theme]["rule"])
            if r == 0 and c < len(titles):
                ax.set_title(titles[c], fontsize=8, color=ink, pad=3)
            if c == 0:
                ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=8, color=ink, labelpad=6)
    return figure


def curves_figure(
    steps: Sequence[int],
    curves: Mapping[str, np.ndarray],
    *,
    real: float | None = None,
    ylabel: str = "checkerboard",
    xlabel: str = "batches",
    theme: str = "light",
) -> Figure:
    """Draw one line for each kind over the checkpoints, with a band from the least to the most of the seeds.

    Parameters
    ----------
    steps : sequence of int
    curves : mapping from a kind of `KINDS`, or another label, to an array (seeds, checkpoints)
    real : float, optional
        A level to compare with: that of real pictures.
    """
    from matplotlib.figure import Figure

    ui = PALETTE["ui"][theme]
    figure = Figure(figsize=(6.6, 2.9), layout="constrained")
    ax = figure.add_subplot()
    places = np.arange(len(steps))
    others = iter(("input", "kernel", "output", "zero"))
    for kind, values in curves.items():
        values = np.atleast_2d(values)
        colour = role_colour(COLOURS.get(kind) or next(others), theme=theme)
        middle = np.median(values, axis=0)
        ax.plot(places, middle, STYLES.get(kind, "-"), color=colour, linewidth=2, label=SHORT.get(kind, kind))
        if len(values) > 1:
            ax.fill_between(places, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.18, linewidth=0)
    if real is not None:
        ax.axhline(real, color=ui["quiet"], linewidth=1)
        ax.annotate("real digits", (places[-1], real), (0, 3), textcoords="offset points", ha="right", fontsize=8,
                    color=ui["quiet"])
    ax.set_xticks(places, [str(step) for step in steps])
    ax.set_xlabel(xlabel, color=ui["ink"], fontsize=9)
    ax.set_ylabel(ylabel, color=ui["ink"], fontsize=9)
    ax.set_ylim(bottom=0)
    ax.tick_params(colors=ui["quiet"], labelsize=8)
    for name, spine in ax.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(ui["rule"])
    legend = ax.legend(frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_color(ui["ink"])
    return figure


def live_figure(
    decoders: dict[str, Any], z: Sequence[float], checkpoint: int, kind: str = "k3", *, theme: str = "light"
) -> Figure:
    """Draw the latent plane with its digits, and what a decoder and its twin draw at `z` at every checkpoint."""
    from matplotlib.figure import Figure

    ui = PALETTE["ui"][theme]
    figure = Figure(figsize=(7.4, 3.1))
    plane = figure.add_axes((0.01, 0.09, 0.34, 0.82), xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    for (a, b), label in zip(decoders["points"], decoders["labels"], strict=True):
        if max(abs(a), abs(b)) < 3:
            plane.text(a, b, label, fontsize=5.5, color=ui["quiet"], ha="center", va="center")
    blue = role_colour("input", theme=theme)
    plane.plot(*z, "o", markersize=10, markerfacecolor="none", markeredgewidth=2.2, color=blue)
    plane.set(xticks=[], yticks=[])
    plane.set_title("latent plane", fontsize=9, color=ui["ink"], pad=4)
    steps = decoders["steps"]
    share = 0.62 / len(steps)
    for row, name in enumerate((kind, "resize")):
        model = next(model for model in decoders["models"] if model["kind"] == name)
        for i, step in enumerate(steps):
            picture = run_ops(model["ops"], unpack(decoders, name, i), [z])[-1][0, :, :, 0]
            ax = figure.add_axes((0.37 + i * share, 0.53 - 0.46 * row, share * 0.94, 0.36))
            ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="none")
            ax.set(xticks=[], yticks=[])
            for spine in ax.spines.values():
                spine.set_color(ui["ink"] if i == checkpoint else ui["rule"])
                spine.set_linewidth(2 if i == checkpoint else 0.8)
            ax.set_xlabel(str(step), fontsize=7, color=ui["quiet"], labelpad=2)
            if i == 0:
                ax.set_title(SHORT[name] + ", after … batches", loc="left", fontsize=9, color=ui["ink"], pad=4)
    return figure
