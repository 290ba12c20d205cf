"""Random layers of the translator with the answers of conv_lib.frameworks: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib.frameworks import FRAMEWORKS, call_line, convert, meaning_of, mismatch, run_layer, typed_in
from conv_lib.widgets.translator import LIMITS, Translator, fresh_kernel

SETTINGS = [name for name in Translator.state_traits if name not in ("input", "kernel")]


def translator_cases(count: int, seed: int = 5) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal settings with their answers, and settings that Translator refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        s = _random_settings(draw)
        try:
            widget = Translator(**s)
        except Exception as error:
            assert type(error).__name__ in ("TraitError", "ValueError", "TypeError"), error
            refused.append({"settings": {"input": None, "kernel": None, **s}, "reason": str(error)})
            continue
        given = {"input": s.get("input"), "kernel": s.get("kernel")}
        legal.append({"settings": widget.state() | given, **answers(widget)})
    return legal, refused


def answers(widget: Translator) -> dict[str, Any]:
    """What conv_lib says about a layer: its call, its values, and every target's two ports."""
    layer = widget.layer
    targets = {}
    for name in FRAMEWORKS:
        if name == layer.framework:
            continue
        result = convert(layer, name)
        try:
            typed = typed_in(layer, name)
        except (TypeError, ValueError):
            port = None
        else:
            found = mismatch(layer, typed)
            port = {
                "code": call_line(typed),
                "axes": _axes(typed),
                "starts": list(found.starts),
                "sizes": list(found.sizes),
                "turned": found.turned,
                "same": found.same,
                "values": _run(widget, typed),
            }
        targets[name] = {
            "typed": port,
            "code": result.code,
            "input_pad": [list(pad) for pad in result.input_pad],
            "output_pad": [list(pad) for pad in result.output_pad],
            "native": result.native,
            "any_size": result.any_size,
            "notes": list(result.notes),
            "kernel_shape": list(result.layer.kernel.shape),
        }
    return {"code": call_line(layer), "axes": _axes(layer), "values": _run(widget, layer), "targets": targets}


def _axes(layer: Any) -> list[list[int]]:
    return [[axis.start, axis.output] for axis in meaning_of(layer).axes]


def _run(widget: Translator, layer: Any) -> list:
    x = np.asarray(widget._settings()["input"], float)[None]
    if FRAMEWORKS[layer.framework].channels_last:
        return np.moveaxis(run_layer(layer, x)[0], -1, 0).tolist()
    return run_layer(layer, np.moveaxis(x, -1, 1))[0].tolist()


def _random_settings(draw: random.Random) -> dict[str, Any]:
    operation = draw.choice(["conv", "transposed"])
    names = [name for name in FRAMEWORKS if operation == "transposed" or name != "jax-default"]
    source, target = draw.sample(names, 2)
    groups = draw.choice([1, 1, 1, 2])
    channels = [groups * draw.randint(1, 4 - groups), groups * draw.randint(1, 4 - groups)]
    pixels = [draw.randint(-1, 3), draw.randint(0, 3)]
    padding = draw.choice(["valid", "same", "same", "lower", pixels, [pixels[1]] * 2])
    extra = draw.choice([None, None, 0, 1, 2]) if operation == "transposed" else None
    s = {
        "source": source,
        "target": target,
        "operation": operation,
        "size": [draw.randint(1, 6), draw.randint(1, 6)],
        "channels": channels,
        "kernel_size": draw.randint(1, 5),
        "stride": draw.choice([1, 2, 2, 3, 4]),
        "dilation": draw.choice([1, 1, 1, 2, 3]),
        "groups": groups,
        "padding": padding,
        "extra": extra,
        "shown": draw.choice(["typed", "converted"]),
        "channel": draw.randrange(channels[1]),
    }
    if draw.random() < 0.3:
        s["input"] = [[[draw.choice([0.5, -1, 3, 2.25]) for _ in range(channels[0])] for _ in range(s["size"][1])]
                      for _ in range(s["size"][0])]  # fmt: skip
    if draw.random() < 0.2:
        shape = (channels[0] // groups, channels[1]) if operation == "conv" else (channels[1] // groups, channels[0])
        k = s["kernel_size"]
        made = np.ones((k, k, *shape)) if draw.random() < 0.5 else fresh_kernel((k, k, *shape)) + 0.5
        s["kernel"] = made.tolist()
    return s


assert LIMITS["kernelSize"][1] >= 5
