"""Stored results of the bench as drawings: a row for each layer, or its rate against its operations per byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conv_lib.figures.palette import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BACKENDS = {
    "numpy": ("conv_lib on NumPy", "o", "accent"),
    "tf": ("TensorFlow, CPU", "s", "warn"),
    "floor": ("one matrix product", "D", "quiet"),
    "tf_gpu": ("TensorFlow, GPU", "^", "ink"),
    "torch": ("PyTorch, CPU", "v", "ink"),
}
"""What is drawn, in this order: label, mark, colour. "tf" is the faster of eager and tf.function."""

QUANTITIES = {
    "ms": "milliseconds",
    "gflops": "GFLOP/s",
    "tf": "time of conv_lib as a multiple of TensorFlow's on the CPU",
    "floor": "time of conv_lib as a multiple of one matrix product's",
    "memory": "memory of conv_lib besides input, kernel and result, MiB",
}


def bench_value(record: Mapping[str, Any], quantity: str, backend: str) -> float | None:
    """Return a number of a stored record, or None where there is none."""
    if quantity in ("tf", "floor"):
        return record[f"ratio_to_{quantity}"] if backend == "numpy" else None
    if quantity == "memory":
        return record["extra_mib"] if backend == "numpy" else None
    time = record["milliseconds"].get(record["faster_tf"] if backend == "tf" else backend)
    return time if time is None or quantity == "ms" else record["mflop"] / time


def short_name(record: Mapping[str, Any]) -> str:
    """Return the name of a layer without its kind, in the book's signs."""
    return record["name"].removeprefix("conv ").removeprefix("transpose ").replace("x", "×").replace("->", "→")


def bench_figure(
    records: Sequence[Mapping[str, Any]], quantity: str = "ms", *, chosen: str = "", theme: str = "light"
) -> Figure:
    """Draw one quantity of every layer: a row each, a mark for each backend, on a scale of powers of ten."""
    from matplotlib.figure import Figure

    ui = PALETTE["ui"][theme]
    figure = Figure(figsize=(7.2, 1.1 + 0.25 * len(records)), layout="constrained")
    ax = figure.add_subplot(ylim=(len(records) - 0.4, -0.6), xscale="log", xlabel=QUANTITIES[quantity])
    for name, (label, mark, colour) in BACKENDS.items():
        found = [(bench_value(r, quantity, name), place) for place, r in enumerate(records)]
        found = [(value, place) for value, place in found if value]
        if found:
            values, places = zip(*found, strict=True)
            ax.plot(values, places, mark, color=ui[colour], label=label, markersize=5)
    if quantity in ("tf", "floor"):
        ax.axvline(1, color=ui["ink"], linewidth=0.8)
        for place, record in enumerate(records):
            spread = record[f"ratio_to_{quantity}_spread"]
            if spread:
                ax.plot(spread, [place, place], color=ui["accent"], linewidth=1)
    for place, record in enumerate(records):
        if record["name"] == chosen:
            ax.axhspan(place - 0.5, place + 0.5, color=ui["panel"], zorder=0)
    labels = [f"{'transposed ' if r['kind'] == 'transpose' else ''}{short_name(r)}" for r in records]
    ax.set_yticks(range(len(records)), labels, fontsize=8)
    _quiet(ax, theme)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure


def rate_figure(
    records: Sequence[Mapping[str, Any]],
    per_byte: Sequence[float],
    *,
    chosen: str = "",
    theme: str = "light",
) -> Figure:
    """Draw the rate of every layer against its operations per byte; thin lines join equal bytes per second."""
    from matplotlib.figure import Figure

    ui = PALETTE["ui"][theme]
    figure = Figure(figsize=(7.2, 4.6), layout="constrained")
    ax = figure.add_subplot(xscale="log", yscale="log", xlabel="operations per byte", ylabel="GFLOP/s")
    for name, (label, mark, colour) in BACKENDS.items():
        rates = [bench_value(r, "gflops", name) for r in records]
        found = [(x, y) for x, y in zip(per_byte, rates, strict=True) if y]
        if found:
            ax.plot(*zip(*found, strict=True), mark, color=ui[colour], label=label, markersize=5)
    for place, record in zip(per_byte, records, strict=True):
        if record["name"] == chosen:
            ax.axvline(place, color=ui["rule"], linewidth=5, zorder=0)
    low, high = ax.get_xlim()
    bottom, top = ax.get_ylim()
    for power in range(-3, 4):
        ax.plot([low, high], [10**power * low, 10**power * high], color=ui["rule"], linewidth=0.7, zorder=0)
        at = max(low, bottom / 10**power)
        if low <= at < high and 10**power * at < top:
            words = {"fontsize": 7, "color": ui["quiet"], "rotation": 25}
            ax.text(at * 1.15, 10**power * at * 1.25, f"{10.0**power:g} GB/s", **words)
    ax.set(xlim=(low, high), ylim=(bottom, top))
    _quiet(ax, theme)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return figure


def growth_figure(records: Sequence[Mapping[str, Any]], *, theme: str = "light") -> Figure:
    """Draw time against work for one layer on more images, and one layer on larger images."""
    from matplotlib.figure import Figure

    ui = PALETTE["ui"][theme]
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    ax = figure.add_subplot(xscale="log", yscale="log", xlabel="GFLOP", ylabel="milliseconds")
    for word, line in (("batch", "-"), ("size", "--")):
        those = [record for record in records if record["name"].startswith(word)]
        for name, (label, mark, colour) in BACKENDS.items():
            found = [(r["mflop"] / 1e3, bench_value(r, "ms", name)) for r in those]
            found = [(x, y) for x, y in found if y]
            if found:
                style = {"color": ui[colour], "marker": mark, "markersize": 4, "linewidth": 1}
                ax.plot(*zip(*found, strict=True), line, label=f"{word}: {label}", **style)
    _quiet(ax, theme)
    figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return figure


def _quiet(ax: Axes, theme: str) -> None:
    ui = PALETTE["ui"][theme]
    ax.grid(True, color=ui["rule"], linewidth=0.5)
    ax.set_axisbelow(True)
    ax.tick_params(which="both", length=0, colors=ui["ink"], labelsize=8)
    ax.xaxis.label.set(size=9, color=ui["ink"])
    ax.yaxis.label.set(size=9, color=ui["ink"])
    for side in ax.spines.values():
        side.set_visible(False)
