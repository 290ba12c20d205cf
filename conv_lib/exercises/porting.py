"""Exercises of the chapter between frameworks: kernels, flattened rows and padding from one to another."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib.exercises._data import digits
from conv_lib.exercises._exercise import ARRAY, PAIR, Exercise, Mutant

SHAPES = [(1, 1, 2, 3), (1, 2, 1, 1), (2, 3, 2, 3), (3, 3, 4, 2), (2, 2, 3, 3), (3, 2, 5, 5)]


def _turned(kernel: np.ndarray) -> np.ndarray:
    return kernel[::-1, ::-1]


PORT_KERNEL = Exercise(
    name="port_kernel",
    task="Take the kernel of a Keras `Conv2DTranspose`, (height, width, out, in), and return it as PyTorch's "
    "`ConvTranspose2d` stores it: (in, out, height, width).",
    takes=("kernel",),
    right=lambda kernel: kernel.transpose(3, 2, 0, 1),
    cases=tuple({"kernel": digits(*shape, seed=i)} for i, shape in enumerate(SHAPES)),
    mutants=(
        Mutant(
            "The kernel is also turned by 180 degrees. Both frameworks store it as it is stamped: nothing is flipped.",
            lambda kernel: _turned(kernel).transpose(3, 2, 0, 1),
        ),
        Mutant(
            "In and out are swapped: that is (out, in, height, width), the order of a `Conv2d`.",
            lambda kernel: kernel.transpose(2, 3, 0, 1),
        ),
        Mutant("Height and width are swapped: `.T` turns all four axes round.", lambda kernel: kernel.T),
        Mutant(
            "In and out are swapped, and so are height and width.",
            lambda kernel: kernel.transpose(2, 3, 1, 0),
        ),
        Mutant(
            "The numbers are read in the old order under a new shape. `reshape` moves no axis; `transpose` does.",
            lambda kernel: kernel.reshape(kernel.shape[3], kernel.shape[2], *kernel.shape[:2]),
        ),
        Mutant("The axes are still in Keras' order.", lambda kernel: kernel),
    ),
    kind=ARRAY,
)


def _rows(weights: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    return weights.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(weights.shape)


def _reread(order: tuple[str, str, str], to: tuple[int, ...]) -> Any:
    """Read the rows in an order of axes, and lay these out in another."""

    def wrong(weights: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
        lengths = {"h": height, "w": width, "c": channels}
        split = weights.reshape(*(lengths[axis] for axis in order), -1)
        return split.transpose(*to, 3).reshape(weights.shape)

    return wrong


DENSE_ROWS = Exercise(
    name="dense_rows",
    task="A dense layer stands behind a flattened map. Its weights, (rows, units), were trained on rows in the order "
    "(height, width, channels). Return them with the rows in the order (channels, height, width).",
    takes=("weights", "height", "width", "channels"),
    right=_rows,
    cases=tuple(
        {"weights": np.arange(1.0, h * w * c * units + 1).reshape(-1, units), "height": h, "width": w, "channels": c}
        for h, w, c, units in [(1, 2, 2, 1), (2, 1, 3, 1), (2, 2, 2, 1), (2, 3, 4, 2), (3, 2, 2, 3), (3, 4, 5, 2)]
    ),
    mutants=(
        Mutant("Nothing has moved.", lambda weights, **_: weights),
        Mutant(
            "That is the way back: from (channels, height, width) to (height, width, channels).",
            _reread(("c", "h", "w"), (1, 2, 0)),
        ),
        Mutant(
            "Height and width are swapped as well: the new order is (channels, height, width).",
            _reread(("h", "w", "c"), (2, 1, 0)),
        ),
        Mutant("The rows are reversed.", lambda weights, **_: weights[::-1]),
    ),
    kind=ARRAY,
)


def _jax(change: Any) -> Any:
    def wrong(kernel: int, padding: int = 0, output_padding: int = 0) -> Any:
        return change(kernel, padding, output_padding)

    return wrong


JAX_PADDING = Exercise(
    name="jax_padding",
    task="PyTorch's transposed layer has a `kernel`, a `padding` and an `output_padding`. Return the (before, after) "
    "that `lax.conv_transpose` needs for the same values.",
    takes=("kernel", "padding", "output_padding"),
    right=_jax(lambda k, p, extra: (k - 1 - p, k - 1 - p + extra)),
    cases=tuple(
        {"kernel": k, "padding": p, "output_padding": extra}
        for k, p, extra in [
            (1, 0, 0), (3, 0, 0), (3, 1, 0), (3, 1, 1), (4, 1, 0), (5, 2, 1), (2, 2, 1), (7, 3, 2), (4, 0, 3),
        ]  # fmt: skip
    ),
    mutants=(
        Mutant(
            "PyTorch's padding is passed on as it is. It crops the result; JAX pads the input with its zeros inserted.",
            _jax(lambda k, p, extra: (p, p + extra)),
        ),
        Mutant("PyTorch's padding is passed on, and the output_padding is lost.", _jax(lambda k, p, extra: (p, p))),
        Mutant("The output_padding is lost: it belongs at the end.", _jax(lambda k, p, extra: (k - 1 - p, k - 1 - p))),
        Mutant(
            "The output_padding is at the beginning. It belongs at the end.",
            _jax(lambda k, p, extra: (k - 1 - p + extra, k - 1 - p)),
        ),
        Mutant(
            "The output_padding is at both ends. It belongs at the end.",
            _jax(lambda k, p, extra: (k - 1 - p + extra, k - 1 - p + extra)),
        ),
        Mutant("One too many: a kernel reaches k − 1 pixels beyond.", _jax(lambda k, p, extra: (k - p, k - p + extra))),
        Mutant(
            "The padding is added. It crops, so it is taken off.",
            _jax(lambda k, p, extra: (k - 1 + p, k - 1 + p + extra)),
        ),
        Mutant("Negative pads are cut to zero. JAX takes them: they crop.",
               _jax(lambda k, p, extra: (max(k - 1 - p, 0), max(k - 1 - p + extra, 0)))),  # fmt: skip
        Mutant("The padding is forgotten.", _jax(lambda k, p, extra: (k - 1, k - 1 + extra))),
    ),
    kind=PAIR,
)

PORTING = (PORT_KERNEL, DENSE_ROWS, JAX_PADDING)
