"""Random differences with conv_lib's explanation: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

from conv_lib.compare import explain_difference
from conv_lib.compare.rounding import BITS


def cases(count: int, seed: int = 11) -> list[dict[str, Any]]:
    """Questions with their answers; differences lie around every limit, and on it."""
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        scale = draw.choice([1.0, 2.0**draw.randint(-20, 20), 200.0, 10 ** draw.uniform(-9, 14)])
        how = {
            "dtype": draw.choice(list(BITS)),
            "scale": scale,
            "terms": draw.choice([1, 25, 576, draw.randint(1, 10**7)]),
            "device": draw.choice(["CPU", "GPU"]),
        }
        limits = [rung.limit for rung in explain_difference(0, **how).ladder]
        unit = explain_difference(0, **how).unit
        near, anywhere = draw.choice(limits) * draw.uniform(0.4, 1.6), scale * 10 ** draw.uniform(-10, 0)
        difference = min(draw.choice([0, unit, *limits, 2 * scale, 3 * scale, near, anywhere]), 1e15)
        found = explain_difference(difference, **how)
        answer = {name: getattr(found, name) for name in ("kind", "unit", "units", "relative", "bound")}
        answer["ladder"] = [{"kind": rung.kind, "limit": rung.limit} for rung in found.ladder]
        rows.append({"difference": difference, **how, "answer": answer})
    return rows
