"""Random settings of the size ruler with conv_lib's answers: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import conv2d, conv2d_transpose, shapes
from conv_lib.widgets.ruler import LIMITS


def cases(count: int, seed: int = 11) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal settings with all that the ruler says of them, and those that conv_lib refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        settings = _random_settings(draw)
        try:
            legal.append({"settings": settings, **_answers(settings)})
        except ValueError as error:
            refused.append({"settings": settings, "reason": str(error)})
    return legal, refused


def _random_settings(draw: random.Random) -> dict[str, Any]:
    def number(name: str, small: int) -> int:
        low, high = LIMITS[name]
        return draw.randint(low, high) if draw.random() < 0.1 else draw.randint(low, min(small, high))

    def layer() -> dict[str, Any]:
        return {
            "kernel": draw.randint(1, 5),
            "stride": draw.choice([1, 1, 2, 3]),
            "dilation": draw.choice([1, 1, 2, 4]),
            "padding": draw.choice(["valid", "same"]),
        }

    settings: dict[str, Any] = {
        "mode": draw.choice(["conv", "transpose", "stack"]),
        "size": number("size", 30),
        "kernel": number("kernel", 7),
        "stride": number("stride", 6),
        "dilation": draw.choice([1, 1, number("dilation", 4)]),
        "padding": draw.choice(["valid", "same", [draw.randint(0, 6), draw.randint(0, 6)]]),
        "outputSize": None,
        "torch": [draw.randint(0, 5), draw.randint(0, 4)],
        "layers": [layer() for _ in range(draw.randint(1, 5))],
        "view": "auto",
    }
    if settings["mode"] == "transpose" and draw.random() < 0.5:
        choices = shapes.transposed_sizes(settings["size"], settings["kernel"], **_options(settings))
        # Now and then one past the legal range, which must be refused.
        settings["outputSize"] = draw.choice([*choices, *choices, (choices[-1] if choices else 0) + 1])
    return settings


def _options(settings: dict[str, Any]) -> dict[str, Any]:
    padding = settings["padding"]
    return {
        "stride": settings["stride"],
        "dilation": settings["dilation"],
        "padding": padding if isinstance(padding, str) else tuple(padding),
    }


def _ones(n: int) -> np.ndarray:
    return np.ones((1, n, 1))


def _kernel(k: int) -> np.ndarray:
    return np.ones((1, k, 1, 1))


def _wide(options: dict[str, Any]) -> dict[str, Any]:
    """Options along one axis as those of an image of height 1."""
    padding = options["padding"]
    pads = padding if isinstance(padding, str) else ((0, 0), padding)
    return {"stride": (1, options["stride"]), "dilation": (1, options["dilation"]), "padding": pads}


def _answers(settings: dict[str, Any]) -> dict[str, Any]:
    size, kernel, options = settings["size"], settings["kernel"], _options(settings)
    if settings["mode"] == "stack":
        return {"output": stack_sizes(settings)[-1], "fields": fields(settings)}
    if settings["mode"] == "conv":
        output = shapes.conv_size(size, kernel, **options)
        # How often a pixel is read is the gradient of the sum of all outputs: ones, scattered back.
        reads = conv2d_transpose(_ones(output), _kernel(kernel), output_shape=(1, size), **_wide(options))
        assert conv2d(_ones(size), _kernel(kernel), **_wide(options)).shape[1] == output
        return {"output": output, "counts": _whole(reads)}
    wanted = settings["outputSize"]
    output = shapes.transposed_size(size, kernel, **options) if wanted is None else wanted
    shapes.transposed_window(size, kernel, output, **options)
    plain = {**options, "padding": "valid"}
    full = shapes.full_size(size, kernel, stride=options["stride"], dilation=options["dilation"])
    stamps = conv2d_transpose(_ones(size), _kernel(kernel), output_shape=(1, full), **_wide(plain))
    return {
        "output": output,
        "counts": _whole(stamps),
        "rows": [_row(size, kernel, legal, options) for legal in shapes.transposed_sizes(size, kernel, **options)],
        "torch": _torch(size, kernel, options, *settings["torch"]),
    }


def _whole(values: np.ndarray) -> list[int]:
    return np.rint(values).astype(int).ravel().tolist()


def _row(size: int, kernel: int, legal: int, options: dict[str, Any]) -> dict[str, Any]:
    start, stop = shapes.transposed_window(size, kernel, legal, **options)
    given = [op for op in range(options["stride"]) if _keras(size, kernel, options, op) == legal]
    most = max(options["stride"], options["dilation"])
    torch = [op for op in range(most) if _torch(size, kernel, options, start, op) == [start, stop]]
    return {
        "size": legal,
        "window": [start, stop],
        "default": _keras(size, kernel, options, None) == legal,
        "op": given[0] if given else None,
        "torch": [start, torch[0]] if torch else None,
    }


def _keras(size: int, kernel: int, options: dict[str, Any], op: int | None) -> int | None:
    try:
        return shapes.keras_transposed_size(size, kernel, output_padding=op, **options)
    except ValueError:
        return None


def _torch(size: int, kernel: int, options: dict[str, Any], padding: int, op: int) -> list[int] | None:
    how = {"stride": options["stride"], "dilation": options["dilation"]}
    try:
        window = shapes.torch_transposed_window(size, kernel, padding=padding, output_padding=op, **how)
    except ValueError:
        return None
    return list(window)


def stack_sizes(settings: dict[str, Any]) -> list[int]:
    """The size before and after each layer."""
    sizes = [settings["size"]]
    for layer in settings["layers"]:
        sizes.append(shapes.conv_size(sizes[-1], layer["kernel"], **_options(layer)))
    return sizes


def seen_by(settings: dict[str, Any], pixel: int, depth: int) -> list[int]:
    """Input pixels, padding included, that a pixel after `depth` layers sees: followed back one by one."""
    sizes = stack_sizes(settings)
    seen = {pixel}
    for number in range(depth - 1, -1, -1):
        layer = settings["layers"][number]
        before, _ = shapes.padding_pair(sizes[number], layer["kernel"], **_options(layer))
        inside = [i for i in seen if 0 <= i < sizes[number + 1]]
        seen = {i * layer["stride"] - before + j * layer["dilation"] for i in inside for j in range(layer["kernel"])}
    return sorted(seen)


def fields(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The receptive field after each layer, found by following pixels back through an input without an end."""
    sizes = stack_sizes(settings)
    found = []
    for depth in range(1, len(sizes)):
        ends = []
        for pixel in (0, 1):
            low = high = pixel
            for number in range(depth - 1, -1, -1):
                layer = settings["layers"][number]
                before, _ = shapes.padding_pair(sizes[number], layer["kernel"], **_options(layer))
                low = low * layer["stride"] - before
                high = high * layer["stride"] - before + (layer["kernel"] - 1) * layer["dilation"]
            ends.append((low, high))
        found.append(
            {
                "output": sizes[depth],
                "size": ends[0][1] - ends[0][0] + 1,
                "jump": ends[1][0] - ends[0][0],
                "start": ends[0][0],
                "seen": seen_by(settings, sizes[depth] - 1, depth),
            }
        )
    return found
