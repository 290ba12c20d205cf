"""A decoder as a list of steps that NumPy, Keras and the widget's JavaScript run alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike

from conv_lib.ops import conv2d, conv2d_transpose, upsample_nearest


class Op(TypedDict, total=False):
    """One step.

    op : "dense", "transposed" (stride 2, "same") or "resize" (nearest times 2, then a convolution, "same")
    kernel : shape of its kernel, as Keras keeps it
    activation : "relu", "sigmoid" or "linear"
    size : (height, width, channels) of its result; a dense step without one gives a vector
    """

    op: str
    kernel: list[int]
    activation: str
    size: list[int] | None


def describe_ops(model: Any) -> list[Op]:
    """Return the steps of a Keras model made by `decoder`."""
    ops: list[Op] = []
    resized = False
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "Dense":
            step: Op = {"op": "dense", "size": None}
        elif kind == "Reshape":
            ops[-1]["size"] = list(layer.target_shape)
            continue
        elif kind == "UpSampling2D":
            resized = True
            continue
        elif kind == "Conv2DTranspose":
            step = {"op": "transposed", "size": list(layer.output.shape[1:])}
        elif kind == "Conv2D" and resized:
            step = {"op": "resize", "size": list(layer.output.shape[1:])}
            resized = False
        else:
            raise ValueError(f"A decoder of this chapter has no layer {kind}.")
        ops.append({**step, "kernel": list(layer.kernel.shape), "activation": layer.activation.__name__})
    return ops


def run_ops(ops: Sequence[Op], weights: Sequence[ArrayLike], z: ArrayLike) -> list[np.ndarray]:
    """Return the result of every step for latent points `z`, with the functions of `conv_lib` alone.

    Parameters
    ----------
    ops : sequence of Op
    weights : sequence of array_like
        A kernel and a bias for each step, as `model.get_weights()` gives them.
    z : array_like, shape (count, latent)

    Returns
    -------
    list of ndarray of float64
    """
    x = np.asarray(z, float)
    results = []
    for step, kernel, bias in zip(ops, weights[::2], weights[1::2], strict=True):
        kernel, bias = np.asarray(kernel, float), np.asarray(bias, float)
        if step["op"] == "dense":
            x = x.reshape(len(x), -1) @ kernel + bias
            if step["size"]:
                x = x.reshape(len(x), *step["size"])
        elif step["op"] == "transposed":
            x = conv2d_transpose(x, kernel, stride=2, padding="same") + bias
        else:
            x = conv2d(upsample_nearest(x, 2), kernel, padding="same") + bias
        if step["activation"] == "relu":
            x = np.maximum(x, 0)
        elif step["activation"] == "sigmoid":
            x = (1 + np.tanh(x / 2)) / 2  # 1 / (1 + exp(-x)), without its overflow
        results.append(x)
    return results
