"""Random settings of the matrix view with the answers of conv_lib and NumPy: the vectors that JavaScript replays."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from conv_lib import conv2d, conv2d_transpose
from conv_lib.widgets.matrix import LIMITS, MatrixView


def matrix_by_columns(shape: tuple[int, int], kernel: np.ndarray, **settings: Any) -> np.ndarray:
    """A from `conv2d` alone: column n is the convolution of an image that is 1 at cell n."""
    cells = np.eye(shape[0] * shape[1]).reshape(-1, *shape, 1)
    columns = conv2d(cells, np.asarray(kernel, float)[..., None, None], **settings)
    return columns.reshape(len(cells), -1).T


def matrix_cases(count: int, seed: int = 3) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` legal settings with their answers, and settings that MatrixView refused on the way."""
    draw = random.Random(seed)
    legal: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    while len(legal) < count:
        s = _random_settings(draw)
        options = {name: s[name] for name in ("stride", "padding", "dilation")}
        try:
            size = np.shape(MatrixView(x=s["x"], kernel=s["kernel"], **options).y)
        except Exception as error:
            assert type(error).__name__ == "TraitError", error
            refused.append({"settings": {**s, "y": []}, "reason": str(error)})
            continue
        s["y"] = _matrix(draw, *size)
        legal.append({"settings": s, **answers(s)})
    return legal, refused


def answers(s: dict[str, Any]) -> dict[str, Any]:
    """What conv_lib and NumPy say about settings."""
    options = {name: s[name] for name in ("stride", "padding", "dilation")}
    x, y, kernel = (np.asarray(s[name], float) for name in ("x", "y", "kernel"))
    matrix = matrix_by_columns(x.shape, kernel, **options)
    # Which places hold a weight: those that differ when the weights do, whatever their values.
    numbered = np.arange(1.0, kernel.size + 1).reshape(kernel.shape)
    places = matrix_by_columns(x.shape, numbered, **options).round().astype(int)
    back = conv2d_transpose(y[..., None], kernel[..., None, None], output_shape=x.shape, **options)[..., 0]
    return {
        "matrix": matrix.tolist(),
        "rank": int(np.linalg.matrix_rank(matrix)),
        "counts": [int((places == n + 1).sum()) for n in range(kernel.size)],
        "ax": (matrix @ x.ravel()).reshape(y.shape).tolist(),
        "aty": back.tolist(),
        "back": (matrix.T @ (matrix @ x.ravel())).reshape(x.shape).tolist(),
    }


def _matrix(draw: random.Random, height: int, width: int) -> list[list[float]]:
    kind = draw.choice(["ones", "digits", "mixed"])
    pick = {
        "ones": lambda: 1,
        "digits": lambda: draw.randint(-3, 4),
        "mixed": lambda: draw.choice([0.5, -1.25, 0.1, 3, 0, -2, 1e3, 0.333]),
    }[kind]
    return [[pick() for _ in range(width)] for _ in range(height)]


def _random_settings(draw: random.Random) -> dict[str, Any]:
    height, width = (draw.randint(*LIMITS[side]) for side in ("height", "width"))
    kernel = _matrix(draw, draw.randint(1, 4), draw.randint(1, 4))
    return {
        "x": _matrix(draw, height, width),
        "y": [],
        "kernel": kernel,
        "stride": draw.choice([1, 1, 2, 3, 4]),
        "padding": draw.choice(["valid", "same", 0, 1, 2, 3]),
        "dilation": draw.choice([1, 1, 2, 3]),
        "transposed": draw.random() < 0.5,
        "tab": draw.choice(["none", "adjoint", "back"]),
    }
