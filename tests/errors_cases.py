"""Messages for the error reader: every example, as readers paste them, with other numbers, and junk."""

from __future__ import annotations

import random
import re
from typing import Any

from conv_lib.diagnosis import FORMS, advice, read
from conv_lib.widgets import ErrorReader

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/train.py", line 12, in <module>
    y = model(x)
  File "/usr/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
{error}: {message}
"""

JUNK = [
    "",
    " ",
    "no error here",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\U0001f600 " * 50,
    "x" * 10_000,
    "%&=~_#?",
    "ValueError: something else: (1, 28, 28, 3) is not [28, 28] nor (3, 28, 28)",
    "mat1 and mat2 shapes cannot be multiplied (x and y)",
    "-1 -1 -1 NaN 1e999 0.5",
    TRACEBACK.format(error="KeyError", message="'weights'"),
]

QUOTED = [
    "Kernel size (3 x 3) cannot be greater than padded input size (258 x 2)",
    "RuntimeError: Calculated padded input size per channel: (258 x 2). Kernel size: (3 x 3). "
    "Kernel size can't be greater than actual input size",
    "out_backprop mismatch: actual = 7, computed = 16",
    "logits and labels must have the same shape ((None, 32, 32, 1) vs (None, 28, 28, 1))",
    "operands could not be broadcast together with shapes (1,64,44,8) (1,64,43,8)",
]


def messages() -> list[str]:
    rng = random.Random(6)
    found = list(JUNK + QUOTED)
    for form in FORMS:
        found.append(form.example)
        found.append(TRACEBACK.format(error=form.error, message=form.example))
        found.append(form.example.replace("'", "\u2019").replace(" ", "\n  ", 3))
        for _ in range(4):
            found.append(re.sub(r"(?<![A-Za-z_0-9])[0-9]+", lambda _: str(rng.choice(SIZES)), form.example))
    return found


SIZES = [0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 14, 16, 28, 32, 43, 44, 64, 100, 784, 1024, 3136, 99999, 123456789]


def cases() -> list[dict[str, Any]]:
    rows = []
    for message in messages():
        reading, said = read(message), advice(message)
        row: dict[str, Any] = {"message": message, "query": ErrorReader(message=message).query(), "id": None}
        row["advice"] = {"error": said.error, "line": said.line, "shapes": [list(pair) for pair in said.shapes]}
        if reading:
            row |= {
                "id": reading.form.id,
                "matched": reading.matched,
                "numbers": [[one.text, one.what, one.axes, one.role] for one in reading.numbers],
                "values": reading.values,
                "cause": reading.cause,
                "fixes": list(reading.fixes),
                "link": [reading.link.text, reading.link.address] if reading.link else None,
            }
        rows.append(row)
    return rows
