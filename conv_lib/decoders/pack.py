"""Weights that travel in a page: 8 bits a weight, one scale for each array, base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from conv_lib.decoders.forward import Op
from conv_lib.decoders.train import Film

STEPS = 127
"""A weight is a whole number from -127 to 127, times the scale of its array."""


def packed(weights: Sequence[np.ndarray]) -> dict[str, Any]:
    """Return arrays as {"scales": one number for each, "data": base64 of all in order, 8 bits each}."""
    scales, bytes_ = [], []
    for array in weights:
        largest = float(np.abs(array).max())
        scale = float(f"{largest / STEPS:.6g}") or 1e-9
        scales.append(scale)
        bytes_.append(np.clip(np.rint(np.asarray(array, float) / scale), -STEPS, STEPS).astype(np.int8).tobytes())
    return {"scales": scales, "data": base64.b64encode(b"".join(bytes_)).decode()}


def unpacked(row: dict[str, Any], shapes: Sequence[Sequence[int]]) -> list[np.ndarray]:
    """Return the arrays of `packed`, float32."""
    whole = np.frombuffer(base64.b64decode(row["data"]), np.int8)
    arrays, at = [], 0
    for shape, scale in zip(shapes, row["scales"], strict=True):
        count = int(np.prod(shape))
        arrays.append((whole[at : at + count] * scale).reshape(shape).astype("float32"))
        at += count
    return arrays


def weight_shapes(ops: Sequence[Op]) -> list[list[int]]:
    """Return the shapes of kernel and bias of every step, in order."""
    shapes: list[list[int]] = []
    for op in ops:
        kernel = op["kernel"]
        # A transposed kernel is (height, width, out, in).
        shapes += [list(kernel), [kernel[2] if op["op"] == "transposed" else kernel[-1]]]
    return shapes


def pack(
    film: Film, codes: np.ndarray, labels: np.ndarray, *, real: float = 0.0, seed: int | None = None
) -> dict[str, Any]:
    """Return what a page needs to run the decoders of one seed of a film: JSON values only.

    Parameters
    ----------
    film : Film
    codes : ndarray, shape (count, 2)
        Where pictures lie in the latent plane; kept to two decimals.
    labels : ndarray, shape (count,)
        The digits that they show.
    real : float
        `checkerboard` of the real pictures, for comparison.
    seed : int, optional
        One of `film.seeds`; the first by default.
    """
    which = film.seeds[0] if seed is None else seed
    return {
        "steps": list(film.steps),
        "points": [[round(float(a), 2), round(float(b), 2)] for a, b in codes],
        "real": round(real, 5),
        "labels": "".join(str(int(label)) for label in labels),
        "models": [
            {
                "kind": kind,
                "ops": film.ops[kind],
                "checkerboard": [round(v, 5) for v in film.checkerboard[kind, which]],
                "loss": [round(v, 5) for v in film.loss[kind, which]],
                "weights": [packed(weights) for weights in film.weights[kind, which]],
            }
            for kind in film.kinds
        ],
    }


def unpack(state: dict[str, Any], kind: str, number: int) -> list[np.ndarray]:
    """Return the weights that a page uses for a kind at checkpoint `number`: arrays for `model.set_weights`."""
    model = next(model for model in state["models"] if model["kind"] == kind)
    return unpacked(model["weights"][number], weight_shapes(model["ops"]))
