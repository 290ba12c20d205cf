"""Untrained decoders with the answers of conv_lib: what the live decoder's tests run on, made in milliseconds."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib.decoders import Film, checkerboard, pack, run_ops, stride_pattern, unpack, weight_shapes
from conv_lib.widgets.decoder import REACH

SIZES = [(3, 2, 12), (6, 4, 8), (12, 8, 6), (24, 16, 1)]


def ops_of(kind: str) -> list[dict[str, Any]]:
    """The steps of `conv_lib.decoders.decoder(kind)`; a test compares them with Keras' own."""
    ops: list[dict[str, Any]] = [
        {"op": "dense", "kernel": [2, 32], "activation": "relu", "size": None},
        {"op": "dense", "kernel": [32, 72], "activation": "relu", "size": list(SIZES[0])},
    ]
    for before, after in zip(SIZES, SIZES[1:], strict=False):
        k = 3 if kind == "resize" else int(kind[1])
        channels = [before[2], after[2]] if kind == "resize" else [after[2], before[2]]
        ops.append(
            {
                "op": "resize" if kind == "resize" else "transposed",
                "kernel": [k, k, *channels],
                "activation": "sigmoid" if after[2] == 1 else "relu",
                "size": list(after),
            }
        )
    return ops


def random_decoders(seed: int = 0, steps: tuple[int, ...] = (0, 4, 8, 16, 32, 64, 128, 256)) -> dict[str, Any]:
    """What `pack` returns, with random weights that grow from checkpoint to checkpoint."""
    draw = np.random.default_rng(seed)
    film = Film(("k3", "k4", "resize"), (0,), steps)
    for kind in film.kinds:
        film.ops[kind] = ops_of(kind)
        shapes = weight_shapes(film.ops[kind])
        key = (kind, 0)
        film.weights[key] = [
            # Of about the size that trained weights have, so that no picture is all black or white.
            [draw.normal(size=shape) * (0.6 + 0.1 * i) * np.sqrt(2 * shape[-1] / np.prod(shape)) for shape in shapes]
            for i in range(len(steps))
        ]
        film.checkerboard[key] = [abs(float(v)) * 0.05 for v in draw.normal(size=len(steps))]
        film.loss[key] = [0.1] * len(steps)
    return pack(film, draw.normal(size=(120, 2)), draw.integers(0, 10, 120), real=0.0036)


def decoder_cases(count: int, seed: int = 5) -> dict[str, Any]:
    """Decoders, and for points, kinds and checkpoints what every layer gives."""
    decoders = random_decoders()
    draw = random.Random(seed)
    cases = []
    for _ in range(count):
        kind = draw.choice(["k3", "k4", "resize"])
        z = [round(draw.uniform(-REACH, REACH), 3) for _ in range(2)]
        number = draw.randrange(len(decoders["steps"]))
        results = run_ops(ops_of(kind), unpack(decoders, kind, number), [z])
        picture = results[-1]
        cases.append(
            {
                "kind": kind,
                "z": z,
                "checkpoint": number,
                "layers": [np.ravel(r).tolist() for r in results],
                "checkerboard": checkerboard(picture),
                "pattern": np.ravel(stride_pattern(results[-2])).tolist(),
            }
        )
    return {"decoders": decoders, "cases": cases}
