"""What conv_lib says of a state that a link holds, against what the page shows for it (tests/test_tools_fuzz.py).

`HOLDS` has a row for every widget that keeps its state in the link. Each reads the state from the link's own text,
computes with conv_lib, and compares. Tools that answer in words are in fuzz_says.py and fuzz_sizes.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import fuzz_says
import fuzz_sizes
from channels_cases import counts_of
from conv_lib.decoders import checkerboard
from conv_lib.widgets import (
    ChannelView,
    LiveDecoder,
    MatrixView,
    PhaseLab,
    Translator,
    UpsamplingBench,
)
from conv_lib.widgets.links import query as query_of
from conv_lib.widgets.upsampling import WAYS
from explorer_cases import reference
from fuzz_says import Parts, Shown, amounts, same_link
from fuzz_sizes import pair
from matrix_cases import answers as matrix_answers
from phase_cases import answers as phase_answers

KERNELS = ("transposed3", "transposed4", "resize", "shuffle")


class Hold(NamedTuple):
    """A comparison, and what the harness collects for it besides grids and text: names and selectors."""

    check: Callable[[Parts, Shown], None]
    look: dict[str, str] = {}


def matrix(text: str) -> list[list[float]]:
    return [[float(v) for v in row.split(",")] for row in text.split(";")]


def named(shown: Shown, name: str) -> dict[str, Any]:
    found = [grid for grid in shown["grids"] if grid["name"] == name]
    assert len(found) == 1, (name, [grid["name"] for grid in shown["grids"]])
    return found[0]


def values(shown: Shown, name: str) -> np.ndarray:
    cells = named(shown, name)["cells"]
    rows, columns = (sorted({cell[axis] for cell in cells}) for axis in (0, 1))
    out = np.full((len(rows), len(columns)), np.nan)
    for r, c, v in cells:
        out[rows.index(r), columns.index(c)] = v
    return out


def hold(shown: Shown, name: str, want: Any, *, scale: float = 0.0, rtol: float = 1e-9) -> None:
    """A grid shows `want`. `scale` is that of the terms: where they cancel, rounding is measured against them."""
    want = np.asarray(want, float)
    got = values(shown, name)
    assert got.shape == want.shape, (name, got.shape, want.shape)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=rtol * max(1.0, scale), err_msg=name)


def about(said: float, value: float, digits: float = 0.0051) -> bool:
    """A number as cells and lines round it: to some decimals, and from a million on to two digits."""
    return abs(said - value) <= (0.051 * abs(value) if abs(value) >= 999_999 else digits)


def padding_of(text: str) -> Any:
    if text in ("valid", "same"):
        return text
    flat = [int(v) for v in text.split(",")]
    return [flat[:2], flat[2:]] if len(flat) == 4 else tuple(flat)


def whole_or_word(text: str) -> Any:
    return text if text in ("valid", "same", "lower") else int(text)


# ------------------------------------------------------------------------------------------ grids


def hold_explorer(parts: Parts, shown: Shown) -> None:
    output = parts.get("output")
    settings = {
        "mode": parts["mode"],
        "input": matrix(parts["input"]),
        "kernel": matrix(parts["kernel"]),
        "stride": int(parts["stride"]),
        "dilation": int(parts["dilation"]),
        "padding": padding_of(parts["padding"]),
        "outputSize": [int(v) for v in output.split("x")] if output else None,
    }
    hold(shown, "Input", settings["input"])
    hold(shown, "Kernel", settings["kernel"])
    hold(shown, "Output", reference(settings))


def hold_phase(parts: Parts, shown: Shown) -> None:
    kernel = matrix(parts["kernel"])
    w = PhaseLab(
        kernel=kernel[0] if parts["dims"] == "1" else kernel,
        padding=padding_of(parts["padding"]),
        view=parts["view"],
        **{name: int(parts[name]) for name in ("stride", "height", "width", "wave") if name in parts},
    )
    same_link(query_of(w), shown)
    want = phase_answers({**w.state(), "padding": w.padding})
    hold(shown, "Kernel", kernel)
    if parts["dims"] == "1":
        for text, total in zip(shown["found"]["sums"], want["sums"][0], strict=True):
            assert about(amounts(text)[0], total), (parts, text, total)
    else:
        hold(shown, "Phase sums", want["sums"])
    if w.view == "flat":
        hold(shown, "Overlap counts", want["counts"])
        hold(shown, "Output", want["output"])


def hold_upsampling(parts: Parts, shown: Shown) -> None:
    first, second = parts["minus"].split(",")
    w = UpsamplingBench(
        shown=parts["shown"],
        input=matrix(parts["input"]),
        transposed3=matrix(parts["k3"]),
        transposed4=matrix(parts["k4"]),
        resize=matrix(parts["resize"]),
        shuffle=[matrix(one) for one in parts["shuffle"].split("|")],
        first=first,
        second=second,
        in_channels=int(parts["channels"].split(",")[0]),
        out_channels=int(parts["channels"].split(",")[1]),
        tab=parts["tab"],
    )
    same_link(query_of(w), shown)
    # Kernels are drawn for the way that is pointed at.
    for grid in shown["grids"]:
        if grid["name"].startswith("Kernel, "):
            way = next(way for way, words in WAYS.items() if words == grid["name"].removeprefix("Kernel, ").lower())
            hold(shown, grid["name"], getattr(w, way))
        if grid["name"].startswith("Kernel for place "):
            row, column = map(int, amounts(grid["name"]))
            hold(shown, grid["name"], w.shuffle[2 * row + column])
    if w.tab == "project":
        weights, kept = w.projection
        kernel = np.asarray(w.transposed4)
        parted = (kernel, kept, kernel - kept, weights)
        for grid, part in zip(shown["grids"][-4:], parted, strict=True):
            hold(shown, grid["name"], part, scale=np.abs(kernel).max(), rtol=1e-8)
    if w.tab == "cost":
        cells = np.reshape(shown["found"]["costs"], (len(WAYS), 3))
        costs = [[f"{cost.weights:,}", f"{cost.macs:,}"] for cost in w.costs.values()]
        assert cells[:, :2].tolist() == costs, (parts, cells)
    if w.shown == "photo":
        return
    hold(shown, "Input", w.input)
    outputs = w.outputs
    drawn = [grid["name"] for grid in shown["grids"] if grid["name"].startswith("Output, ")]
    assert [name.removeprefix("Output, ").lower() for name in drawn] == [words.lower() for words in WAYS.values()]
    scale = np.abs(w.input).max() * max(np.abs(getattr(w, name)).sum() for name in KERNELS)
    for name, way in zip(drawn, WAYS, strict=True):
        hold(shown, name, outputs[way], scale=scale)
    for grid in shown["grids"]:
        if grid["name"].startswith("Difference: "):
            hold(shown, grid["name"], outputs[w.first] - outputs[w.second], scale=scale)


def hold_matrix(parts: Parts, shown: Shown) -> None:
    given = {name: matrix(parts[name]) for name in ("x", "y", "kernel")}
    w = MatrixView(
        x=given["x"],
        kernel=given["kernel"],
        stride=int(parts["stride"]),
        padding=whole_or_word(parts["padding"]),
        dilation=int(parts["dilation"]),
        transposed=parts["T"] == "1",
        tab=parts["tab"],
    )
    w.y = given["y"]
    same_link(query_of(w), shown)
    want = matrix_answers(w.state())
    a = np.array(want["matrix"])
    scales = {name: np.abs(given[name]).max() * np.abs(given["kernel"]).sum() for name in ("x", "y")}
    back = scales["x"] * np.abs(given["kernel"]).sum()
    t, worked = w.transposed, ("y" if w.transposed else "x")
    hold(shown, "Matrix Aᵀ" if t else "Matrix A", a.T if t else a)
    hold(shown, f"Input {worked}", given[worked])
    hold(shown, "Kernel", given["kernel"])
    hold(shown, "Output Aᵀy" if t else "Output Ax", want["aty" if t else "ax"], scale=scales[worked])
    if w.tab != "none":
        hold(shown, "A x", want["ax"], scale=scales["x"])
        hold(shown, "x", given["x"])
    if w.tab == "adjoint":
        hold(shown, "Aᵀ y", want["aty"], scale=scales["y"])
        hold(shown, "y", given["y"])
    if w.tab == "back":
        hold(shown, "AᵀA x", want["back"], scale=back)
    rows, columns = (a.T if t else a).shape
    facts = dict(zip(shown["found"]["terms"], shown["found"]["facts"], strict=True))
    assert facts["Shape"] == f"{rows} × {columns}"
    assert facts["Weights"] == f"{sum(want['counts'])} of {a.size}"
    assert facts["Zeros"] == str(a.size - sum(want["counts"]))
    assert facts["Rank"] == str(want["rank"]), (parts, facts)


def hold_channels(parts: Parts, shown: Shown) -> None:
    inputs = np.array([matrix(one) for one in parts["input"].split("/")])
    slices = np.array([matrix(one) for one in parts["kernel"].split("/")])
    groups, o = int(parts["groups"]), int(parts["channel"])
    per = len(inputs) // groups
    kernel = np.moveaxis(slices.reshape(-1, per, *slices.shape[1:]), (0, 1), (3, 2))
    *sizes, padding, bias = parts["count"].split(",")
    names = ("height", "width", "channels", "filters", "kernel", "stride", "groups")
    counted = {**dict(zip(names, map(int, sizes), strict=True)), "padding": padding, "bias": bias == "bias"}
    w = ChannelView(counted=counted)
    with w.hold_trait_notifications():
        w.input, w.kernel, w.groups = np.moveaxis(inputs, 0, -1), kernel, groups
        w.bias = None if parts["bias"] == "none" else [float(v) for v in parts["bias"].split(",")]
        w.stride, w.padding, w.channel = int(parts["stride"]), parts["padding"], o
    same_link(query_of(w), shown)
    scale = np.abs(inputs).max() * np.abs(kernel).sum()
    hold(shown, f"Output channel {o}", w.output[..., o], scale=scale)
    seen = [c for c in range(len(inputs)) if c // per == o // (kernel.shape[3] // groups)]
    maps = w.parts(o)
    for c, image in enumerate(inputs):
        hold(shown, f"Input channel {c}", image)
    for m, c in enumerate(seen):
        hold(shown, f"Kernel slice from in {c} to out {o}", kernel[:, :, m, o])
        hold(shown, f"Part of in {c}", maps[c], scale=scale)
    assert sum(grid["name"].startswith("Part of") for grid in shown["grids"]) == len(seen)
    if w.bias is not None:
        hold(shown, f"Bias of out {o}", [[w.bias[o]]])
    found = shown["found"]
    assert found["total"] == [f"{w.parameters:,}"]
    # Kernels that are not square are drawn too, but conv_lib counts a layer by one side.
    layers = [(found["counted"], found["counted sizes"], counted)]
    if kernel.shape[0] == kernel.shape[1]:
        drawn = {"height": inputs.shape[1], "width": inputs.shape[2], "channels": len(inputs), "kernel": len(kernel)}
        drawn |= {"filters": kernel.shape[3], "stride": w.stride, "groups": groups, "padding": w.padding}
        layers.append((found["drawn"], found["drawn sizes"], drawn | {"bias": w.bias is not None}))
    for (total, products), (weights, output, positions), sizes in layers:
        want = counts_of({"counted": sizes})
        k, per = sizes["kernel"], sizes["channels"] // sizes["groups"]
        assert amounts(weights)[:4] == [k, k, per, sizes["filters"]], (parts, weights)
        factors = [int(want["weights"]), *want["output"], int(want["multiplies"])]
        assert amounts(positions) == factors, (parts, positions, factors)
        assert total == f"{int(want['weights']) + int(want['biases']):,}", (parts, total, want)
        assert products == f"{int(want['multiplies']):,}", (parts, products, want)
        assert [int(side) for side in re.findall(r"= (\d+)", output)] == want["output"], (parts, output, want)


def hold_translator(parts: Parts, shown: Shown) -> None:
    size, channels = pair(parts["size"]), pair(parts["channels"])
    groups, k, operation = int(parts["groups"]), int(parts["kernel"]), parts["op"]
    conv = operation == "conv"
    third, fourth = (channels[0] // groups, channels[1]) if conv else (channels[1] // groups, channels[0])
    own = {}
    for key, name, shape in (("x", "input", (*size, channels[0])), ("w", "kernel", (k, k, third, fourth))):
        if key in parts:
            own[name] = np.array([float(v) for v in parts[key].split(",")]).reshape(shape)
    padding = parts["padding"]
    w = Translator(
        source=parts["from"],
        target=parts["to"],
        operation=operation,
        size=size,
        channels=channels,
        kernel_size=k,
        stride=int(parts["stride"]),
        dilation=int(parts["dilation"]),
        groups=groups,
        padding=padding if padding in ("valid", "same", "lower") else padding_of(padding),
        extra=None if parts["extra"] == "none" else int(parts["extra"]),
        shown=parts["show"],
        channel=int(parts["channel"]),
        **own,
    )
    same_link(query_of(w), shown)
    fuzz_says.hold_ports(w, shown)
    ours = w.output[..., w.channel]
    typed = w.typed_output if w.shown == "typed" else w.output
    theirs = None if typed is None else typed[..., w.channel]
    name = next(grid["name"] for grid in shown["grids"] if grid["name"].startswith("Output of "))
    both = [array for array in (ours, theirs) if array is not None]
    rows, columns = (max(array.shape[axis] for array in both) for axis in (0, 1))
    assert named(shown, name)["size"] == [rows, columns]
    got = values(shown, name)
    scale = max(float(np.abs(array).max()) for array in both)
    np.testing.assert_allclose(got[: ours.shape[0], : ours.shape[1]], ours, rtol=1e-9, atol=1e-9 * max(1.0, scale))
    c = int(next(g["name"] for g in shown["grids"] if g["name"].startswith("Input, channel ")).split()[-1])
    settings = w._settings()
    hold(shown, f"Input, channel {c}", np.asarray(settings["input"])[..., c])
    per_in, per_out = channels[0] // groups, channels[1] // groups
    if c // per_in == w.channel // per_out:
        at = (c % per_in, w.channel) if conv else (w.channel % per_out, c)
        hold(shown, f"Kernel, in {c} to out {w.channel}", np.asarray(settings["kernel"])[:, :, at[0], at[1]])
    texts = np.array(shown["found"]["cells"], dtype=object).reshape(rows, columns)
    for r, c in np.ndindex(rows, columns):
        want = [float(a[r, c]) if r < a.shape[0] and c < a.shape[1] else None for a in both]
        if len(want) == 2 and None not in want and abs(want[0] - want[1]) <= 1e-9 * (1 + abs(want[0])):
            want = want[:1]
        said = [None if part == "–" else amounts(part)[0] for part in texts[r, c].split(" ")]
        assert len(said) == len(want), (parts, r, c, said, want)
        for one, other in zip(said, want, strict=True):
            assert (one is None) == (other is None), (parts, r, c, said, want)
            assert one is None or about(one, other, 0.051), (parts, r, c, said, want)


@lru_cache(maxsize=1)
def decoder_of(text: str) -> LiveDecoder:
    return LiveDecoder(decoders=json.loads(text)["decoders"])


def hold_decoder(parts: Parts, shown: Shown) -> None:
    w = decoder_of(shown["made"])
    layer, channel = (int(v) for v in parts["map"].split(","))
    w.z, w.checkpoint, w.kind = [float(v) for v in parts["z"].split(",")], int(parts["checkpoint"]), parts["kind"]
    transposed, resized = shown["grids"]
    meters, phases = [], []
    for grid, kind in ((transposed, w.kind), (resized, "resize")):
        ops = next(model["ops"] for model in w.decoders["models"] if model["kind"] == kind)
        maps = [result for op, result in zip(ops, w.maps(kind), strict=True) if op["size"]]
        picture = maps[-1][..., 0]
        assert grid["name"].endswith(f" {channel}")
        hold(shown, grid["name"], maps[layer][..., channel], scale=np.abs(maps[layer]).max())
        meters.append(checkerboard(maps[-1][None]))
        phases.append([picture[r::2, c::2].mean() for r in (0, 1) for c in (0, 1)])
    np.testing.assert_allclose([float(v) for v in shown["found"]["meters"]], meters, atol=6e-4)
    for line, four, board in zip(shown["found"]["phases"], phases, meters, strict=True):
        np.testing.assert_allclose(amounts(line), [*four, board], atol=6e-4)
    steps = w.decoders["steps"][w.checkpoint]
    assert amounts(shown["found"]["training"][0]) == ([steps] if steps else [])


HOLDS = {
    "BenchPlot": Hold(fuzz_says.hold_bench, fuzz_says.BENCH),
    "ChannelView": Hold(hold_channels, {
        "total": ".cb-total strong",
        "drawn": ".cb-readout:not(.cb-count *) strong",
        "drawn sizes": ".cb-readout:not(.cb-count *) .cb-formula",
        "counted": ".cb-count .cb-readout strong",
        "counted sizes": ".cb-count .cb-readout .cb-formula",
    }),
    "ConvExplorer": Hold(hold_explorer),
    "DecoderRuler": Hold(fuzz_sizes.hold_chain, fuzz_sizes.CHAIN),
    "ErrorReader": Hold(fuzz_says.hold_errors, fuzz_says.ERRORS),
    "LiveDecoder": Hold(hold_decoder, {
        "meters": ".cb-meter strong",
        "phases": ".cb-readout .cb-formula",
        "training": ".cb-training label strong",
    }),
    "MatrixView": Hold(hold_matrix, {"terms": ".cb-facts dt", "facts": ".cb-facts dd strong"}),
    "PhaseLab": Hold(hold_phase, {"sums": ".cb-ph-phase strong"}),
    "QuestionIndex": Hold(fuzz_says.hold_index, fuzz_says.INDEX),
    "RoundingCheck": Hold(fuzz_says.hold_rounding, fuzz_says.ROUNDING),
    "SizeRuler": Hold(fuzz_sizes.hold_ruler, fuzz_sizes.RULER),
    "SizeSolver": Hold(fuzz_sizes.hold_solver, fuzz_sizes.SOLVER),
    "Translator": Hold(hold_translator, fuzz_says.PORTS | {"cells": "[aria-label^='Output of '] [role=gridcell]"}),
    "UpsamplingBench": Hold(hold_upsampling, {"costs": ".cb-costs td"}),
}  # fmt: skip
