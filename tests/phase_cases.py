"""Random settings of the phase lab with the answers of conv_lib: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import conv_transpose, frequency_response, level_phases, overlap_counts, phase_sums
from conv_lib.widgets.phase import LIMITS, PhaseLab


def phase_cases(count: int, seed: int = 5) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal settings with their answers, and settings that PhaseLab refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        given = _random_settings(draw)
        try:
            widget = PhaseLab(**given)
        except Exception as error:
            assert type(error).__name__ == "TraitError", error
            refused.append({"settings": given, "reason": str(error)})
            continue
        legal.append({"settings": given, "clean": widget.clean, **answers(given)})
    return legal, refused


def answers(given: dict[str, Any]) -> dict[str, Any]:
    """What conv_lib says about settings."""
    kernel = np.asarray(given["kernel"], float)
    strip = kernel.ndim == 1
    size = (given["width"],) if strip else (given["height"], given["width"])
    padding = given["padding"]
    if not isinstance(padding, str):
        padding = [tuple(padding)] * kernel.ndim
    settings = {"stride": given["stride"], "padding": padding}
    ones = np.ones((*size, 1))
    short = min(kernel.shape) < given["stride"]
    frequencies = [0, 0.1, 0.25, 1 / 3, 0.5]
    rows = np.atleast_2d
    return {
        "counts": rows(overlap_counts(size, kernel.shape, **settings)).tolist(),
        "output": rows(conv_transpose(ones, kernel[..., None, None], **settings)[..., 0]).tolist(),
        "taps": rows(phase_sums(np.ones(kernel.shape, int), given["stride"])).tolist(),
        "sums": rows(phase_sums(kernel, given["stride"])).tolist(),
        "level": None if short else rows(level_phases(kernel, given["stride"])).tolist(),
        "frequencies": frequencies,
        "gain": rows(abs(frequency_response(kernel, given["stride"], frequencies))).tolist(),
    }


def _random_settings(draw: random.Random) -> dict[str, Any]:
    kind = draw.choice(["ones", "digits", "mixed"])
    pick = {
        "ones": lambda: 1,
        "digits": lambda: draw.randint(-3, 5),
        "mixed": lambda: draw.choice([0.5, -1.25, 0.1, 3, 0, -2, 0.333, 1e3]),
    }[kind]
    columns = draw.randint(*LIMITS["kernelWidth"])
    row = [pick() for _ in range(columns)]
    kernel: Any = row
    if draw.random() < 0.5:
        kernel = [[pick() for _ in range(columns)] for _ in range(draw.randint(*LIMITS["kernelHeight"]))]
    return {
        "kernel": kernel,
        "stride": draw.randint(*LIMITS["stride"]),
        "height": draw.randint(*LIMITS["height"]),
        "width": draw.randint(*LIMITS["width"]),
        "padding": draw.choice(["valid", "same", [draw.randint(0, 4), draw.randint(0, 4)]]),
        "view": draw.choice(["flat", "photo", "spectrum"]),
        "wave": draw.randint(*LIMITS["wave"]),
    }
