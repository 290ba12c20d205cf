"""One axis to scale: rows of pixels with a cone from every window to the pixel that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from conv_lib import shapes
from conv_lib.figures.palette import PALETTE, role_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NUMBERED = 48
"""Cells on an axis up to which each holds its number; more have ticks."""
GAP = 2.6
CONES = 400


class _Row(NamedTuple):
    """Pixel i has its middle at origin + i * step; `before` and `after` count its padding."""

    role: str
    label: str
    size: int
    origin: float
    step: float
    before: int = 0
    after: int = 0


def ruler_figure(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: Any = "valid",
    dilation: int = 1,
    transposed: bool = False,
    theme: str = "light",
) -> Figure:
    """Draw the windows of a convolution over `size` pixels, with its padding and what it never reaches.

    Parameters
    ----------
    size, kernel, stride, padding, dilation : see `conv_lib.shapes.conv_size`
    transposed : bool
        Label the rows for the transposed layer: the same links, read from the bottom to the top.

    Returns
    -------
    matplotlib.figure.Figure
    """
    layer = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    names = ("output", "input") if transposed else ("input", "output")
    return _figure(size, [layer], names, theme)


def stack_figure(
    size: int, layers: Sequence[dict[str, Any]], *, pixel: int | None = None, theme: str = "light"
) -> Figure:
    """Draw a stack of layers over `size` pixels, and all that one output pixel sees.

    Parameters
    ----------
    layers : sequence of dict
        Each with kernel, stride, dilation and padding.
    pixel : int, optional
        Of the output; the middle one unless given.

    Returns
    -------
    matplotlib.figure.Figure
    """
    names = ("input", *(f"layer {i}" for i in range(1, len(layers))), "output")
    return _figure(size, layers, names, theme, pixel=pixel, trace=True)


def _figure(
    size: int,
    layers: Sequence[dict[str, Any]],
    names: Sequence[str],
    theme: str,
    *,
    pixel: int | None = None,
    trace: bool = False,
) -> Figure:
    from matplotlib.figure import Figure

    rows, lefts = _rows(size, layers, names)
    low = min(row.origin - (row.before + 0.5) * row.step for row in rows)
    high = max(row.origin + (row.size + row.after - 0.5) * row.step for row in rows)
    low, high = max(low, -size - 8), min(high, 2 * size + 8)
    tall = len(rows) * (1 + GAP) - GAP
    wide = high - low
    # Cells are square where they hold numbers; a long axis is squeezed into the width of a page.
    across = max(4.0, min(wide * 0.36, 9.5))
    figure = Figure(figsize=(across, (tall + 1.8) * 0.36), layout="constrained")
    ax = figure.add_subplot(xlim=(low - 0.02 * wide, high + 0.02 * wide), ylim=(tall + 0.9, -0.9))
    ax.set_axis_off()

    lit: list[set[int]] = [set() for _ in rows]
    if trace:
        lit[-1] = {(rows[-1].size - 1) // 2 if pixel is None else pixel}
        for number in range(len(layers) - 1, -1, -1):
            above = {at for i in lit[number + 1] for at in _taps(layers[number], lefts[number], i)}
            lit[number] = {at for at in above if 0 <= at < rows[number].size} if number else above
    for number, layer in enumerate(layers):
        _cones(ax, rows, number, layer, lefts[number], lit[number + 1] if trace else None, theme)
    read = _read(layers[0], lefts[0], rows) if not trace else None
    for number, row in enumerate(rows):
        top = number * (1 + GAP)
        _cells(ax, row, top, lit[number], read if number == 0 else None, wide, theme)
        below = number == len(rows) - 1
        label = f"{row.label} {row.size}"
        if row.before + row.after:
            label += f", padded by {row.before} + {row.after}"
        ax.text(
            low,
            top + 1.5 if below else top - 0.45,
            label,
            ha="left",
            va="center",
            fontsize=9,
            color=role_colour(row.role, theme=theme),
        )
    return figure


def _rows(size: int, layers: Sequence[dict[str, Any]], names: Sequence[str]) -> tuple[list[_Row], list[int]]:
    """The rows from the input down, and each layer's padding before."""
    rows, lefts = [], []
    origin, step = 0.5, 1.0
    for number, layer in enumerate(layers):
        kernel, options = layer["kernel"], {k: v for k, v in layer.items() if k != "kernel"}
        before, after = shapes.padding_pair(size, kernel, **options)
        role = names[0] if number == 0 else "padding"
        rows.append(_Row(role, names[number], size, origin, step, before, after))
        lefts.append(before)
        span = shapes.effective_kernel(kernel, layer["dilation"])
        origin += step * ((span - 1) / 2 - before)
        step *= layer["stride"]
        size = shapes.conv_size(size, kernel, **options)
    rows.append(_Row(names[-1], names[-1], size, origin, step))
    return rows, lefts


def _taps(layer: dict[str, Any], before: int, i: int) -> list[int]:
    return [i * layer["stride"] - before + j * layer["dilation"] for j in range(layer["kernel"])]


def _read(layer: dict[str, Any], before: int, rows: list[_Row]) -> set[int]:
    return {at for i in range(rows[1].size) for at in _taps(layer, before, i)}


def _width(row: _Row) -> float:
    return min(row.step, max(1.0, row.step * 0.5))


def _cones(
    ax: Axes, rows: list[_Row], number: int, layer: dict[str, Any], before: int, lit: set[int] | None, theme: str
) -> None:
    from matplotlib.patches import Polygon

    above, below = rows[number], rows[number + 1]
    top = number * (1 + GAP) + 1
    each = 1 if layer["dilation"] == 1 else layer["kernel"]
    every = max(1, below.size * each // CONES)
    shown = sorted(set(range(0, below.size, every)) | (lit or set()))
    for i in shown:
        taps = _taps(layer, before, i)
        ends = [(taps[0], taps[-1])] if layer["dilation"] == 1 else [(t, t) for t in taps]
        strong = lit is not None and i in lit
        for a, b in ends:
            half, thin = _width(above) / 2, _width(below) / 2
            left, right = above.origin + a * above.step - half, above.origin + b * above.step + half
            middle = below.origin + i * below.step
            corners = [(left, top), (right, top), (middle + thin, top + GAP), (middle - thin, top + GAP)]
            colour = role_colour("kernel", theme=theme)
            ax.add_patch(Polygon(corners, facecolor=colour, alpha=0.34 if strong else 0.13, edgecolor="none"))


def _cells(
    ax: Axes, row: _Row, top: float, lit: set[int], read: set[int] | None, wide: float, theme: str
) -> None:
    from matplotlib.patches import Rectangle

    w = _width(row)
    ink, warn = PALETTE["ui"][theme]["ink"], PALETTE["ui"][theme]["warn"]
    count = row.before + row.size + row.after
    many = wide > NUMBERED * 4
    step = 1 if wide <= NUMBERED else next(t for t in (5, 10, 20, 50, 100, 200, 500, 1000, 5000) if wide / t <= 24)
    runs = [("padding", -row.before, 0), (row.role, 0, row.size), ("padding", row.size, row.size + row.after)]
    if many:
        for role, start, stop in runs:
            if stop > start:
                corner = (row.origin + start * row.step - w / 2, top)
                length = (stop - start - 1) * row.step + w
                ax.add_patch(_box(Rectangle, corner, length, role, theme, None))
    for i in range(-row.before, count - row.before):
        role = row.role if 0 <= i < row.size else "padding"
        middle = row.origin + i * row.step
        unread = read is not None and i not in read
        if not many or i in lit:
            box = _box(Rectangle, (middle - w / 2, top), w, "kernel" if i in lit else role, theme, row)
            if unread:
                box.set(facecolor="none", edgecolor=warn, linestyle=":")
            ax.add_patch(box)
        outside = not 0 <= i < row.size
        if (step == 1 and not many) or (not outside and i % step == 0):
            text = "0" if outside else str(i)
            ax.text(middle, top + 0.52, text, ha="center", va="center", fontsize=9, color=warn if unread else ink)


def _box(shape: Any, corner: tuple[float, float], width: float, role: str, theme: str, row: _Row | None) -> Any:
    plain = role == "padding" and row is not None and row.role == "padding"
    return shape(
        corner,
        width,
        1,
        facecolor=role_colour(role, "strong" if role == "kernel" else "fill", theme),
        edgecolor=role_colour(role, "line" if role == "kernel" else "strong", theme),
        hatch="////" if role == "padding" and not plain else None,
        linewidth=0.8,
    )
