"""Exercises of chapter 11: what im2col takes, and TensorFloat-32."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conv_lib import shapes
from conv_lib.compare.tf32 import to_tf32
from conv_lib.exercises._exercise import ARRAY, WHOLE, Exercise, Mutant


def _bytes(height: int, width: int, channels: int, kernel: tuple[int, int], stride: int = 1) -> int:
    rows, columns = (shapes.conv_size(n, k, stride=stride) for n, k in zip((height, width), kernel, strict=True))
    return 4 * rows * columns * kernel[0] * kernel[1] * channels


def _with(**wrong: Callable[..., Any]) -> Callable[..., int]:
    """The count with some arguments replaced by what the mistake makes of them."""

    def count(**case: Any) -> int:
        case = {"stride": 1, **case}
        return _bytes(**{**case, **{name: change(**case) for name, change in wrong.items()}})

    return count


def _counted(height: int, width: int, channels: int, kernel: tuple[int, int], stride: int = 1) -> int:
    """Windows counted at every pixel, as "same" padding has them."""
    rows, columns = -(-height // stride), -(-width // stride)
    return 4 * rows * columns * kernel[0] * kernel[1] * channels


IM2COL_BYTES = Exercise(
    name="im2col_bytes",
    task='Return how many bytes the matrix of im2col takes for one float32 image and "valid" padding: a row for every '
    "output, holding the window that it sees. `kernel` is (height, width).",
    takes=("height", "width", "channels", "kernel"),
    options={"stride": 1},
    right=_bytes,
    cases=(
        {"height": 3, "width": 4, "channels": 1, "kernel": (1, 2)},
        {"height": 5, "width": 4, "channels": 1, "kernel": (2, 3)},
        {"height": 6, "width": 9, "channels": 2, "kernel": (3, 2)},
        {"height": 28, "width": 30, "channels": 3, "kernel": (3, 3)},
        {"height": 224, "width": 320, "channels": 64, "kernel": (3, 5)},
        {"height": 9, "width": 12, "channels": 3, "kernel": (3, 2), "stride": 2},
        {"height": 23, "width": 31, "channels": 4, "kernel": (5, 3), "stride": 3},
    ),
    mutants=(
        Mutant("These are numbers. A float32 has four bytes.", lambda **a: _bytes(**a) // 4),
        Mutant("That is float64: eight bytes each. A float32 has four.", lambda **a: 2 * _bytes(**a)),
        Mutant('That counts a window at every pixel. With "valid" padding there are n − k + 1 of them.', _counted),
        Mutant(
            "The channels are missing: a window holds all of them.",
            _with(channels=lambda **a: 1),
        ),
        Mutant(
            "That is the input itself. Each of its pixels is copied into every window that sees it.",
            lambda height, width, channels, kernel, stride=1: 4 * height * width * channels,
        ),
        Mutant(
            "That is one number for each window, the output of one filter. A window holds more.",
            lambda **a: _bytes(**a) // (a["kernel"][0] * a["kernel"][1]),
        ),
        Mutant(
            "The stride is forgotten: it leaves out windows.",
            _with(stride=lambda **a: 1),
        ),
        Mutant(
            "Height and width of the kernel are swapped.",
            _with(kernel=lambda **a: a["kernel"][::-1]),
        ),
    ),
    kind=WHOLE,
)


def _kept(bits: int) -> Callable[..., np.ndarray]:
    """Round to so many bits behind the point."""

    def rounded(x: np.ndarray) -> np.ndarray:
        mantissa, exponent = np.frexp(x)
        scale = 2.0 ** (bits + 1)
        return np.ldexp(np.trunc(mantissa * scale + np.copysign(0.5, x)) / scale, exponent)

    return rounded


TF32 = Exercise(
    name="tf32",
    task="Round float32 numbers to TensorFloat-32: of the 23 bits behind the point keep 10, rounded to the nearest. "
    "Two equally near ones do not come up.",
    takes=("x",),
    right=to_tf32,
    cases=tuple(
        {"x": (np.random.default_rng(7 + n).uniform(0.7, 2.3, (n, n + 1)) * scale).astype(np.float32)}
        for n, scale in ((1, 1.0), (2, -1.0), (2, 40.0), (3, 0.01), (4, -700.0), (2, 1e6), (3, 1e-7))
    ),
    mutants=(
        Mutant(
            "The bits are cut off, not rounded: that is always too small.", lambda x: to_tf32(x, rounding="truncate")
        ),
        Mutant("Rounded away from zero every time. Nearest means up or down.", lambda x: _up(x)),
        Mutant(
            "That is float16. It keeps 10 bits too, but has 5 for the exponent: it ends at 65504. TF32 has 8.",
            lambda x: x.astype(np.float16),
        ),
        Mutant("7 bits are kept: that is bfloat16.", _kept(7)),
        Mutant("9 bits behind the point are kept. The leading 1 is not stored, so 10 others are.", _kept(9)),
        Mutant("11 bits behind the point are kept. 11 counts the leading 1, which is not stored.", _kept(11)),
        Mutant(
            "All numbers are rounded to the same place behind the decimal point. A float's bits begin at its own size.",
            lambda x: np.round(x * 1024) / 1024,
        ),
        Mutant("Nothing is rounded.", lambda x: x),
    ),
    kind=ARRAY,
    roles={"x": "input"},
)


def _up(x: np.ndarray) -> np.ndarray:
    cut = to_tf32(x, rounding="truncate")
    _, exponent = np.frexp(cut)
    return np.where(cut == x, cut, cut + np.copysign(np.ldexp(1.0, exponent - 11), x))


SPEED = (IM2COL_BYTES, TF32)
