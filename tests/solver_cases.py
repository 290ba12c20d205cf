"""Random questions to the size solver with conv_lib's answers: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

from conv_lib import shapes
from conv_lib.widgets.solver import LIMITS, searched

FRAMEWORKS = ("keras", "tf", "torch")


def questions(count: int, seed: int = 5) -> list[dict[str, Any]]:
    """Questions as settings of the widget; most have answers, many have none."""
    draw = random.Random(seed)
    return [_question(draw) for _ in range(count)]


def _question(draw: random.Random) -> dict[str, Any]:
    up = draw.random() < 0.6
    most = 4096 if draw.random() < 0.03 else draw.choice([6, 16, 64, 300])
    size = [draw.randint(1, most)] * 2 if draw.random() < 0.5 else [draw.randint(1, most), draw.randint(1, most)]
    kernel, stride = draw.randint(1, 9), draw.randint(1, 5)
    wanted = []
    for n in size:
        near = (n - 1) * stride + kernel if up else max((n - kernel) // stride + 1, 1)
        wanted.append(min(max(near + draw.choice([0, 0, 0, -1, 1, -kernel // 2, draw.randint(-9, 9)]), 1), 4096))
    return {
        "ask": "settings",
        "direction": "up" if up else "down",
        "size": size,
        "wanted": wanted,
        "kernel": draw.choice([0, kernel, kernel, draw.randint(1, 20)]),
        "stride": draw.choice([0, stride, draw.randint(1, 9)]),
        "dilation": draw.choice([1, 1, 1, 1, draw.randint(1, 8)]),
        "padding": draw.choice([None, None, None, "valid", "same", 0, draw.randint(0, 9)]),
        "framework": draw.choice(FRAMEWORKS),
        "pick": 0,
    }


def answer(q: dict[str, Any]) -> dict[str, Any]:
    """conv_lib's answer, in the words of js/solver/solve.ts."""
    size, wanted = tuple(q["size"]), tuple(q["wanted"])
    kernels, strides = searched(size, wanted, q["dilation"])
    found = shapes.find_settings(
        size,
        wanted,
        operation="transposed" if q["direction"] == "up" else "conv",
        framework=q["framework"],
        kernels=q["kernel"] or kernels,
        strides=q["stride"] or strides,
        dilations=q["dilation"],
        padding=q["padding"],
        limit=LIMITS["shown"],
    )
    window = found.window
    wide = found.rectangular
    return {
        "count": found.count,
        "settings": [{**_setting(s), "kernel": s.kernel, "stride": s.stride} for s in found.settings],
        "rectangular": wide and {**_setting(wide), "kernel": list(wide.kernel), "stride": list(wide.stride)},
        "reason": found.reason,
        "nearest": [list(pair) for pair in found.nearest],
        "window": {
            "kernel": window.kernel,
            "stride": window.stride,
            "dilation": window.dilation,
            "window": [list(pair) for pair in window.window],
        },
    }


def _setting(s: shapes.Setting | shapes.Rectangular) -> dict[str, Any]:
    return {
        "dilation": s.dilation,
        "padding": list(s.padding),
        "outputPadding": None if s.output_padding is None else list(s.output_padding),
        "outputSize": None if s.output_size is None else list(s.output_size),
        "overlap": s.overlap,
        "macs": s.macs,
    }


def legal(count: int, seed: int = 9) -> list[dict[str, Any]]:
    """Settings along one axis with every size they give, and who gives it."""
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        size, kernel, stride = draw.randint(1, 40), draw.randint(1, 9), draw.randint(1, 6)
        dilation = draw.choice([1, 1, draw.randint(1, 4)])
        padding = draw.choice(["valid", "same", draw.randint(0, 8)])
        how = {"stride": stride, "padding": padding, "dilation": dilation}
        up = [_legal(size, kernel, there, how) for there in shapes.transposed_sizes(size, kernel, **how)]
        try:
            down = shapes.conv_size(size, kernel, **how)
        except ValueError:
            down = None
        pads = list(shapes.padding_pair(size, kernel, **how))
        rows.append(
            {
                "size": size,
                "shape": [kernel, stride, dilation],
                "padding": padding,
                "up": up,
                "down": down,
                "pads": pads,
            }
        )
    return rows


def _legal(size: int, kernel: int, there: int, how: dict[str, Any]) -> dict[str, Any]:
    start, stop = shapes.transposed_window(size, kernel, there, **how)
    named = how["padding"] in ("valid", "same", 0)
    keras = {**how, "padding": how["padding"] or "valid"}

    def by_keras(extra: int | None) -> int | None:
        try:
            return shapes.keras_transposed_size(size, kernel, output_padding=extra, **keras)
        except ValueError:
            return None

    given = [extra for extra in range(how["stride"]) if named and by_keras(extra) == there]
    torch = []
    for extra in range(max(how["stride"], how["dilation"])):
        try:
            torch_how = {"stride": how["stride"], "dilation": how["dilation"]}
            window = shapes.torch_transposed_window(size, kernel, padding=start, output_padding=extra, **torch_how)
        except ValueError:
            continue
        if window == (start, stop):
            torch.append([start, extra])
    return {
        "size": there,
        "start": start,
        "stop": stop,
        "kerasDefault": named and by_keras(None) == there,
        "kerasPadding": given[0] if given else None,
        "torch": torch[0] if torch else None,
    }
