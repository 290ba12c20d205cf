"""Random settings of the explorer with conv_lib's answers: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import conv2d, conv2d_transpose, shapes
from conv_lib.widgets.explorer import LIMITS


def size_cases() -> list[dict[str, Any]]:
    """Every size rule along one axis, over a grid of settings."""
    cases = []
    for size in (1, 2, 3, 5, 8, 13):
        for kernel in (1, 2, 3, 4, 6):
            for stride in (1, 2, 3, 5):
                for dilation in (1, 2, 3):
                    for padding in ("valid", "same", (0, 0), (1, 2), (3, 0)):
                        cases.append(_size_case(size, kernel, stride, dilation, padding))
    return cases


def _size_case(size: int, kernel: int, stride: int, dilation: int, padding: Any) -> dict[str, Any]:
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        conv = shapes.conv_size(size, kernel, **options)
    except ValueError:
        conv = None
    legal = shapes.transposed_sizes(size, kernel, **options)
    keras = None
    if isinstance(padding, str) and not (stride > 1 and dilation > 1):
        keras = shapes.keras_transposed_size(size, kernel, **options)
    return {
        "size": size,
        "kernel": kernel,
        **options,
        "conv": conv,
        "pads": shapes.padding_pair(size, kernel, **options),
        "legal": [legal[0], legal[-1]] if legal else None,
        "keras": keras,
        "full": shapes.full_size(size, kernel, stride=stride, dilation=dilation),
        "windows": [
            [out, *shapes.transposed_window(size, kernel, out, **options)] for out in legal
        ],
    }


def layer_cases(count: int, seed: int = 7) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal layers with their outputs, and the settings that conv_lib refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        settings = _random_settings(draw)
        try:
            output = reference(settings)
        except ValueError as error:
            refused.append({"settings": settings, "reason": str(error)})
            continue
        if max(output.shape) <= 24 and _fits(settings, output):
            legal.append({"settings": settings, "output": output.tolist()})
    return legal, refused


def _random_settings(draw: random.Random) -> dict[str, Any]:
    kernel = draw.randint(1, 4)
    height, width = draw.randint(1, 8), draw.randint(1, 8)

    def matrix(h: int, w: int) -> list[list[float]]:
        return [[draw.choice([-3, -2, -1, 0, 1, 2, 3, 4, 0.5, -1.25]) for _ in range(w)] for _ in range(h)]

    mode = draw.choice(["conv", "transpose"])
    settings: dict[str, Any] = {
        "mode": mode,
        "picture": draw.choice(["scatter", "gather"]),
        "input": matrix(height, width),
        "kernel": matrix(kernel, kernel),
        "stride": draw.randint(1, 4),
        "dilation": draw.choice([1, 1, 1, 2, 3]),
        "padding": draw.choice(
            ["valid", "same", [[draw.randint(0, 3), draw.randint(0, 3)] for _ in range(2)]]
        ),
        "outputSize": None,
    }
    if mode == "transpose" and draw.random() < 0.6:
        sides = []
        for n, p in zip((height, width), _per_axis(settings["padding"]), strict=True):
            options = {"stride": settings["stride"], "dilation": settings["dilation"]}
            choices = shapes.transposed_sizes(n, kernel, padding=p, **options)
            # Now and then one past the legal range, which must be refused.
            sides.append(draw.choice([*choices, *choices, (choices[-1] if choices else 0) + 1]))
        settings["outputSize"] = sides
    return settings


def _per_axis(padding: Any) -> list[Any]:
    return [padding] * 2 if isinstance(padding, str) else [tuple(p) for p in padding]


def _fits(settings: dict[str, Any], output: np.ndarray) -> bool:
    if settings["mode"] == "conv":
        return True
    return all(
        shapes.full_size(n, k, stride=settings["stride"], dilation=settings["dilation"])
        <= LIMITS["side"]
        for n, k in zip(np.shape(settings["input"]), np.shape(settings["kernel"]), strict=True)
    )


def reference(settings: dict[str, Any]) -> np.ndarray:
    """The output, shape (height, width), by conv_lib.ops."""
    x = np.asarray(settings["input"], float)[..., None]
    kernel = np.asarray(settings["kernel"], float)[..., None, None]
    options = {name: settings[name] for name in ("stride", "padding", "dilation")}
    if settings["mode"] == "conv":
        return conv2d(x, kernel, **options)[..., 0]
    return conv2d_transpose(x, kernel, output_shape=settings["outputSize"], **options)[..., 0]
