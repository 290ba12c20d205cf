"""What was measured, to read: a table, a JSON file, a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from conv_lib.bench.rounds import geometric_means


def table(records: Sequence[dict]) -> str:
    """Return the workloads as lines of text: times, ratios with their spread, memory."""
    lines = [
        f"{'':32}{'GFLOP':>8}{'NumPy':>10}{'TF':>10}{'floor':>10}"
        f"{'NumPy / TF':>22}{'/ floor':>9}{'extra':>9}",
        f"{'':32}{'':>8}{'ms':>10}{'ms':>10}{'ms':>10}{'median (least-most)':>22}{'':>9}{'MiB':>9}",
    ]
    for record in records:
        ms = record["milliseconds"]
        ratio = "-"
        if record["ratio_to_tf"]:
            least, most = record["ratio_to_tf_spread"]
            ratio = f"{record['ratio_to_tf']:.2f} ({least:.2f}-{most:.2f})"
        lines.append(
            f"{record['name']:32}{record['mflop'] / 1e3:8.3f}{ms['numpy']:10.3f}"
            f"{_number(ms.get(record['faster_tf']), 10)}{_number(ms.get('floor'), 10)}"
            f"{ratio:>22}{_number(record['ratio_to_floor'], 9, 2)}"
            f"{_number(record['extra_mib'], 9, 1)}"
        )
        others = [name for name in ("tf_gpu", "torch") if name in ms]
        for name in others:
            lines.append(f"{'':32}{'':8}{name:>10}{ms[name]:10.3f} ms")
    for key, words in (("ratio_to_tf", "TensorFlow"), ("ratio_to_floor", "the floor")):
        means = geometric_means(records, key)
        if means:
            each = ", ".join(f"{kind} {mean:.2f}" for kind, mean in means.items())
            lines.append(f"geometric mean over the heavy ones, as a multiple of {words}: {each}")
    return "\n".join(lines)


def growth_table(records: Sequence[dict]) -> str:
    """Return how time grows with the work: the last column stays level where it is linear."""
    lines = [f"{'':16}{'GFLOP':>8}{'NumPy':>10}{'TF':>10}{'NumPy, ms per GFLOP':>22}"]
    for record in records:
        ms = record["milliseconds"]
        lines.append(
            f"{record['name']:16}{record['mflop'] / 1e3:8.3f}{ms['numpy']:10.3f}"
            f"{_number(ms.get(record['faster_tf']), 10)}"
            f"{ms['numpy'] / record['mflop'] * 1e3:22.2f}"
        )
    return "\n".join(lines)


def about(machine: dict, backends: dict) -> str:
    """Return on what it was measured, thread counts and TF32 included."""
    lines = [", ".join(f"{key} {value}" for key, value in machine.items())]
    for name, those in backends.items():
        if "missing" in those:
            lines.append(f"{name}: left out, {those['missing']}")
        else:
            lines.append(
                f"{name}: "
                + ", ".join(f"{key} {value}" for key, value in those.items() if key != "process")
            )
    return "\n".join(lines)


def write_json(path: Path, document: dict) -> None:
    path.write_text(json.dumps(document, indent=1) + "\n")


def plot(path: Path, records: Sequence[dict], growth: Sequence[dict]) -> None:
    """Draw the ratios as bars, and time against work for what grew."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(9, 0.32 * len(records) + (4.2 if growth else 1.4)), layout="constrained")
    FigureCanvasAgg(fig)
    heights = [max(2.0, 0.32 * len(records)), 3] if growth else [1]
    rows = fig.subplots(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    ax, names = rows[0], [record["name"] for record in records]
    for offset, key, label, hatch in (
        (-0.2, "ratio_to_tf", "TensorFlow on the CPU", ""),
        (0.2, "ratio_to_floor", "one matrix product", "///"),
    ):
        values = [record[key] or float("nan") for record in records]
        places = [index + offset for index in range(len(records))]
        ax.barh(places, values, 0.4, label=label, hatch=hatch, edgecolor="white")
    ax.axvline(1, color="black", linewidth=0.8)
    ax.set_xscale("log")
    ax.set_yticks(range(len(records)), names)
    ax.invert_yaxis()
    ax.set_xlabel("time of conv_lib as a multiple of ... (left of 1: conv_lib is faster)")
    ax.legend(loc="lower right")
    if growth:
        for marker, word in (("o", "batch"), ("s", "size")):
            those = [record for record in growth if record["name"].startswith(word)]
            for name, style in (("numpy", "-"), ("tf_eager", ":")):
                points = [
                    (record["mflop"] / 1e3, record["milliseconds"][name])
                    for record in those
                    if name in record["milliseconds"]
                ]
                if points:
                    label = f"{word}, {name}"
                    rows[1].plot(*zip(*points, strict=True), style, marker=marker, label=label)
        rows[1].set(xscale="log", yscale="log", xlabel="GFLOP", ylabel="ms")
        rows[1].legend()
    fig.savefig(path, dpi=120)


def _number(value: float | None, width: int, digits: int = 3) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"
