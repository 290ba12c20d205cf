"""One channel out of a convolution as a picture: a row for each channel in, the parts added up below each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conv_lib import shapes
from conv_lib.figures.layer import draw_grid, number
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.ops import conv2d

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 1.3  # cells between two grids
TITLE = 0.9  # cells above a grid for its title


def channels_figure(
    x: Any,
    kernel: Any,
    *,
    bias: Any = None,
    channel: int = 0,
    stride: int = 1,
    padding: str = "valid",
    groups: int = 1,
    theme: str = "light",
) -> Figure:
    """Draw how one channel out comes about: input channel, kernel slice, part; then the sum.

    Parameters
    ----------
    x : array_like, shape (height, width, in_channels)
    kernel : array_like, shape (kernel_height, kernel_width, in_channels // groups, out_channels)
    bias : array_like, shape (out_channels,), optional
    channel : int
        The channel out that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    x, kernel = np.asarray(x, float), np.asarray(kernel, float)
    options = {"stride": stride, "padding": padding}
    ins, outs = x.shape[-1], kernel.shape[-1]
    per = ins // groups
    first = channel // (outs // groups) * per
    total = conv2d(x, kernel, groups=groups, **options)[..., channel]
    if bias is not None:
        total = total + bias[channel]
    pads = [shapes.padding_pair(n, k, **options) for n, k in zip(x.shape[:2], kernel.shape[:2], strict=True)]
    padded = [before + n + after for n, (before, after) in zip(x.shape[:2], pads, strict=True)]

    row_height = max(padded[0], kernel.shape[0], total.shape[0]) + TITLE + 0.3
    kernel_left = padded[1] + GAP
    part_left = kernel_left + max(kernel.shape[1], 2) + GAP
    width = part_left + max(total.shape[1], 2)
    bias_height = 0 if bias is None else 1.4
    height = ins * row_height + bias_height + total.shape[0] + 0.7

    figure = Figure(figsize=(width * 0.42 + 0.2, height * 0.42 + 0.1), layout="constrained")
    ax = figure.add_subplot(aspect="equal", xlim=(-0.1, width + 0.1), ylim=(height + 0.1, -0.1))
    ax.set_axis_off()
    quiet = PALETTE["ui"][theme]["quiet"]
    tints = np.array([tint(i, kernel[..., 0, 0].size, theme) for i in range(kernel[..., 0, 0].size)])

    def title(left: float, columns: float, top: float, words: str, role: str | None) -> None:
        colour = quiet if role is None else role_colour(role, theme=theme)
        ax.text(left + columns / 2, top + TITLE / 2, words, ha="center", va="center", fontsize=8.5, color=colour)

    def sign(left: float, top: float, text: str) -> None:
        ax.text(left - GAP / 2, top, text, ha="center", va="center", fontsize=12, color=quiet)

    for c in range(ins):
        top = c * row_height
        middle = top + TITLE + (row_height - TITLE - 0.3) / 2
        title(0, padded[1], top, f"input in {c}", "input")
        ring_top = middle - padded[0] / 2
        if padding == "same" and padded != list(x.shape[:2]):
            ring = np.pad(np.full(x.shape[:2], np.nan), pads)
            draw_grid(ax, ring, "padding", top=ring_top, theme=theme)
        draw_grid(ax, x[..., c], "input", left=pads[1][0], top=ring_top + pads[0][0], theme=theme)
        if not first <= c < first + per:
            title(kernel_left, part_left - kernel_left, middle - TITLE / 2, "no slice", None)
            continue
        one = kernel[:, :, c - first, channel]
        part = conv2d(x[..., c : c + 1], one[..., None, None], **options)[..., 0]
        title(kernel_left, max(one.shape[1], 2), top, f"in {c} → out {channel}", "kernel")
        fills = tints.reshape(one.shape)
        draw_grid(ax, one, "kernel", left=kernel_left, top=middle - one.shape[0] / 2, fills=fills, theme=theme)
        plus = "+ " if c > first else ""
        title(part_left, max(part.shape[1], 2), top, f"{plus}part {c}", None)
        paper = np.full(part.shape, PALETTE["ui"][theme]["paper"])
        draw_grid(ax, part, "output", left=part_left, top=middle - part.shape[0] / 2, fills=paper, theme=theme)
        sign(kernel_left, middle, "∗")
        sign(part_left, middle, "=")

    top = ins * row_height
    if bias is not None:
        words = f"+ bias {number(float(bias[channel]))}, to every cell"
        ax.text(
            width, top + 0.5, words, ha="right", va="center", fontsize=8.5, color=role_colour("kernel", theme=theme)
        )
        top += bias_height
    ax.plot([part_left, width], [top, top], color=PALETTE["ui"][theme]["ink"], linewidth=1.4)
    top += 0.4
    ax.text(
        part_left - 0.4,
        top + total.shape[0] / 2,
        f"= output out {channel}",
        ha="right",
        va="center",
        fontsize=8.5,
        color=role_colour("output", theme=theme),
    )
    draw_grid(ax, total, "output", left=part_left, top=top, theme=theme)
    return figure
