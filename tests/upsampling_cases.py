"""Random settings of the upsampling bench with the answers of conv_lib: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import phase_sums
from conv_lib.widgets.upsampling import LIMITS, WAYS, UpsamplingBench


def upsampling_cases(count: int, seed: int = 9) -> list[dict[str, Any]]:
    """`count` settings with their answers."""
    draw = random.Random(seed)
    cases = []
    for i in range(count):
        s = {
            "input": _matrix(draw, draw.randint(*LIMITS["height"]), draw.randint(*LIMITS["width"])),
            "shown": "photo" if i % 40 == 39 else "grid",
            "transposed3": _matrix(draw, 3, 3),
            "transposed4": _matrix(draw, 4, 4),
            "resize": _matrix(draw, 3, 3),
            "shuffle": [_matrix(draw, 3, 3) for _ in range(4)],
            "first": draw.choice(list(WAYS)),
            "second": draw.choice(list(WAYS)),
            "in_channels": draw.randint(*LIMITS["inChannels"]),
            "out_channels": draw.randint(*LIMITS["outChannels"]),
            "tab": draw.choice(["difference", "cost", "project"]),
        }
        cases.append({"settings": s, **answers(s)})
    return cases


def answers(s: dict[str, Any]) -> dict[str, Any]:
    """What conv_lib says about settings."""
    bench = UpsamplingBench(**s)
    weights, kept = bench.projection
    kernel = np.asarray(s["transposed4"], float)
    lengths = [("kernel", kernel), ("kept", kept), ("rest", kernel - kept)]
    return {
        "outputs": {way: y.tolist() for way, y in bench.outputs.items()},
        "costs": {way: {"weights": cost.weights, "macs": cost.macs} for way, cost in bench.costs.items()},
        "weights": weights.tolist(),
        "kept": kept.tolist(),
        "norms": {name: float(np.linalg.norm(m)) for name, m in lengths},
        "phases": phase_sums(kernel, 2).tolist(),
    }


def _matrix(draw: random.Random, height: int, width: int) -> list[list[float]]:
    kind = draw.choice(["ones", "digits", "mixed"])
    pick = {
        "ones": lambda: 1,
        "digits": lambda: draw.randint(-3, 4),
        "mixed": lambda: draw.choice([0.5, -1.25, 0.1, 3, 0, -2, 1e3, 0.333]),
    }[kind]
    return [[pick() for _ in range(width)] for _ in range(height)]
