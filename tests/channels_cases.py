"""Random settings of the channel view with conv_lib's answers: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import conv2d

VALUES = [-3, -2, -1, 0, 1, 2, 3, 4, 0.5, -1.25]


def channel_cases(count: int, seed: int = 5) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal layers as trait values with output and parts, and the traits that conv_lib refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        traits = _random_traits(draw)
        try:
            output = reference(traits)
        except ValueError as error:
            refused.append({"traits": traits, "reason": str(error)})
            continue
        parts = [[parts_of(traits, c, o).tolist() for c in range(_ins(traits))] for o in range(_outs(traits))]
        legal.append({"traits": traits, "output": output.tolist(), "parts": parts, "counts": counts_of(traits)})
    return legal, refused


def _array(draw: random.Random, *shape: int) -> list:
    values = np.array([draw.choice(VALUES) for _ in range(int(np.prod(shape)))], dtype=object)
    return values.reshape(shape).tolist()


def _random_traits(draw: random.Random) -> dict[str, Any]:
    groups = draw.choice([1, 1, 2, 3, 4])
    ins = draw.choice([n for n in range(1, 5) if n % groups == 0])
    outs = draw.choice([n for n in range(1, 7) if n % groups == 0])
    kernel = (draw.randint(1, 5), draw.randint(1, 5)) if draw.random() < 0.3 else (draw.randint(1, 4),) * 2
    counted_groups = draw.choice([1, 1, 2, 8, 32])
    counted = {
        "height": draw.randint(40, 600),
        "width": draw.randint(40, 600),
        "channels": counted_groups * draw.randint(1, 40),
        "kernel": draw.randint(1, 11),
        "filters": counted_groups * draw.randint(1, 40),
        "stride": draw.randint(1, 5),
        "groups": counted_groups,
        "padding": draw.choice(["valid", "same"]),
        "bias": draw.choice([True, False]),
    }
    return {
        "input": _array(draw, draw.randint(1, 7), draw.randint(1, 7), ins),
        "kernel": _array(draw, *kernel, ins // groups, outs),
        "bias": draw.choice([None, _array(draw, outs)]),
        "stride": draw.randint(1, 4),
        "padding": draw.choice(["valid", "same"]),
        "groups": groups,
        "channel": draw.randrange(outs),
        "counted": counted,
    }


def _ins(traits: dict[str, Any]) -> int:
    return np.shape(traits["input"])[-1]


def _outs(traits: dict[str, Any]) -> int:
    return np.shape(traits["kernel"])[-1]


def reference(traits: dict[str, Any]) -> np.ndarray:
    """The output, shape (height, width, out), by conv_lib.ops."""
    options = {name: traits[name] for name in ("stride", "padding", "groups")}
    y = conv2d(np.array(traits["input"], float), np.array(traits["kernel"], float), **options)
    return y if traits["bias"] is None else y + np.array(traits["bias"], float)


def parts_of(traits: dict[str, Any], c: int, o: int) -> np.ndarray:
    """What channel in `c` adds to channel out `o`: all other channels are set to zero, and the bias is left out."""
    x = np.array(traits["input"], float)
    only = np.zeros_like(x)
    only[..., c] = x[..., c]
    return reference({**traits, "input": only, "bias": None})[..., o]


def counts_of(traits: dict[str, Any]) -> dict[str, Any]:
    """The counted layer's numbers; weights are counted on an array without memory behind it."""
    n = traits["counted"]
    k = n["kernel"]
    # One row and one column are enough to know the output's sides.
    row = conv2d(np.zeros((k, n["width"], 1)), np.zeros((k, k, 1, 1)), stride=n["stride"], padding=n["padding"])
    column = conv2d(np.zeros((n["height"], k, 1)), np.zeros((k, k, 1, 1)), stride=n["stride"], padding=n["padding"])
    weights = np.broadcast_to(0.0, (k, k, n["channels"] // n["groups"], n["filters"])).size
    output = [column.shape[0], row.shape[1]]
    return {
        "output": output,
        "weights": str(weights),
        "biases": str(n["filters"] if n["bias"] else 0),
        "multiplies": str(weights * output[0] * output[1]),
    }
