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
    height, width_px = np.squeeze(next(iter(rows.values()))[0]).shape
    gap = max(1, round(width_px / 12))
    step, drop = width_px + gap, height + gap
    label, head = 0.95, 0.22 if titles else 0.02
    scale = (width - label) / (step * count)
    figure = Figure(figsize=(width, drop * len(rows) * scale + head))
    ax = figure.add_axes(
        (label / width, 0, 1 - label / width, 1 - head / figure.get_figheight()),
        xlim=(0, step * count),
        ylim=(drop * len(rows), 0),
    )
    ax.set_axis_off()
    for r, (name, pictures) in enumerate(rows.items()):
        # One image for each row: a page full of small images would be heavy.
        strip = np.full((height, step * len(pictures)), np.nan)
        for c, picture in enumerate(pictures):
            strip[:, c * step : c * step + width_px] = np.squeeze(picture)
        ax.imshow(
            np.ma.masked_invalid(strip),
            cmap="gray",
            vmin=limits[0],
            vmax=limits[1],
            interpolation="none",
            extent=(0, strip.shape[1], r * drop + height, r * drop),
            aspect="auto",
        )
        ax.text(-gap, r * drop + height / 2, name, ha="right", va="center", fontsize=8, color=ink)
    ax.set(xlim=(0, step * count), ylim=(drop * len(rows), 0))
    for c, title in enumerate(titles):
        ax.text(c * step + width_px / 2, -gap, title, ha="center", va="bottom", fontsize=8, color=ink)
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
    for label in sorted(set(decoders["labels"])):
        here = [p for p, other in zip(decoders["points"], decoders["labels"], strict=True) if other == label]
        plane.plot(*zip(*here, strict=True), linestyle="", marker=f"${label}$", markersize=4, markeredgewidth=0,
                   color=ui["quiet"])
    blue = role_colour("input", theme=theme)
    plane.plot(*z, "o", markersize=10, markerfacecolor="none", markeredgewidth=2.2, color=blue)
    plane.set(xticks=[], yticks=[])
    plane.set_title("latent plane", fontsize=9, color=ui["ink"], pad=4)
    steps = decoders["steps"]
    share = 0.62 / len(steps)
    for row, name in enumerate((kind, "resize")):
        model = next(model for model in decoders["models"] if model["kind"] == name)
        pictures = [run_ops(model["ops"], unpack(decoders, name, i), [z])[-1][0, :, :, 0] for i in range(len(steps))]
        height, width = pictures[0].shape
        strip = np.full((height, (width + 1) * len(steps)), np.nan)
        for i, picture in enumerate(pictures):
            strip[:, i * (width + 1) : i * (width + 1) + width] = picture
        ax = figure.add_axes((0.37, 0.53 - 0.46 * row, share * len(steps), 0.36))
        ax.imshow(np.ma.masked_invalid(strip), cmap="gray", vmin=0, vmax=1, interpolation="none", aspect="auto")
        ax.set_xticks([i * (width + 1) + width / 2 - 0.5 for i in range(len(steps))], [str(step) for step in steps])
        ax.set_yticks([])
        ax.tick_params(length=0, labelsize=7, colors=ui["quiet"])
        ax.get_xticklabels()[checkpoint].set_fontweight("bold")
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.set_title(SHORT[name] + ", after … batches", loc="left", fontsize=9, color=ui["ink"], pad=4)
    return figure
