"""Sizes of layers, and the solver's settings, in the frameworks themselves."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from calls import missing  # noqa: E402

from conv_lib import shapes  # noqa: E402
from conv_lib.shapes import Layer  # noqa: E402


def installed(name):
    absent = missing(name)
    if absent:
        pytest.skip(f"{name} is left out: no {' and no '.join(absent)}; make test-frameworks")


def torch_size(layer, size):
    """Return the output size in PyTorch, None where it refuses."""
    import torch

    x = torch.ones((1, 1, size))
    how = {"stride": layer.stride, "dilation": layer.dilation}
    if layer.kind != "transposed" or not isinstance(layer.padding, str):
        how["padding"] = 0 if layer.padding == "valid" else layer.padding
    make = {"conv": torch.nn.Conv1d, "transposed": torch.nn.ConvTranspose1d}
    try:
        if layer.kind == "pool":
            return torch.nn.MaxPool1d(layer.kernel, ceil_mode=layer.ceil_mode, **how)(x).shape[-1]
        if layer.kind == "upsample":
            return torch.nn.Upsample(scale_factor=layer.stride)(x).shape[-1]
        if layer.output_padding is not None:
            how["output_padding"] = layer.output_padding
        return make[layer.kind](1, 1, layer.kernel, **how)(x).shape[-1]
    except (RuntimeError, ValueError):
        return None


def keras_size(layer, size):
    """Return the output size in Keras, by running it, None where it refuses."""
    import keras

    layers = keras.layers
    how = {"padding": layer.padding, "strides": layer.stride}
    try:
        if layer.kind == "pool":
            made = layers.MaxPooling1D(layer.kernel, **how)
        elif layer.kind == "upsample":
            made = layers.UpSampling1D(layer.stride)
        elif layer.kind == "conv":
            made = layers.Conv1D(1, layer.kernel, dilation_rate=layer.dilation, **how)
        else:
            extra = None if layer.output_padding is None else (layer.output_padding, 0)
            # Conv1DTranspose takes no output_padding on every version: ask in two dimensions.
            made = layers.Conv2DTranspose(
                1, (layer.kernel, 1), strides=(layer.stride, 1), padding=layer.padding,
                dilation_rate=(layer.dilation, 1), output_padding=extra,
            )  # fmt: skip
            return made(np.ones((1, size, 1, 1), "float32")).shape[1]
        return made(np.ones((1, size, 1), "float32")).shape[1]
    except Exception:  # Keras and TensorFlow raise many types
        return None


def ours(layer, size, framework):
    try:
        return shapes.layer_size(layer, size, framework=framework)
    except ValueError:
        return None


def test_sizes_in_torch():
    installed("torch")
    compared = refused = 0
    grid = itertools.product(range(1, 6), range(1, 5), (1, 2, 3), ("valid", "same", 0, 1, 2))
    for kernel, stride, dilation, padding in grid:
        layers = [Layer("conv", kernel, stride, padding, dilation)]
        if padding != "same":
            layers += [
                Layer("pool", kernel, stride, padding, dilation, ceil_mode=ceil)
                for ceil in (False, True)
            ]
            layers += [
                Layer("transposed", kernel, stride, padding, dilation, extra)
                for extra in (None, 0, 1, 2, 3)
            ]
        for layer, size in itertools.product(layers, range(1, 10)):
            expected = torch_size(layer, size)
            assert ours(layer, size, "torch") == expected, (layer, size)
            compared, refused = compared + (expected is not None), refused + (expected is None)
    print({"test": "sizes in torch", "compared": compared, "refused alike": refused})
    assert compared > 10_000 and refused > 1_000


def test_sizes_in_keras():
    installed("keras")
    compared = 0
    for kernel, stride, padding in itertools.product((1, 2, 3, 5), (1, 2, 3), ("valid", "same")):
        layers = [
            Layer("conv", kernel, stride, padding),
            Layer("pool", kernel, stride, padding),
            Layer("upsample", stride=stride),
        ]
        layers += [Layer("transposed", kernel, stride, padding, 1, extra) for extra in (None, 0, 1)]
        for layer, size in itertools.product(layers, (1, 5, 8)):
            expected = ours(layer, size, "keras")
            if expected is None:
                continue  # some of these kill the process; see test_sweep_refusals.py
            assert keras_size(layer, size) == expected, (layer, size)
            compared += 1
    print({"test": "sizes in keras", "compared": compared})
    assert compared > 250


@pytest.mark.parametrize(
    ("framework", "sizes"), [("torch", range(1, 8)), ("keras", (2, 5)), ("tf", (2, 5))]
)
@pytest.mark.parametrize("operation", ["conv", "transposed"])
def test_the_settings_that_the_solver_finds(framework, sizes, operation):
    installed(framework)
    ran = 0
    for size, wanted in itertools.product(sizes, range(1, 13)):
        answer = shapes.find_settings(
            size, wanted, operation=operation, framework=framework, kernels=range(1, 5),
            strides=range(1, 4), limit=500,
        )  # fmt: skip
        for setting in answer.settings:
            extra = setting.output_padding and setting.output_padding[0]
            layer = Layer(
                operation, setting.kernel, setting.stride, setting.padding[0], setting.dilation,
                extra, setting.output_size and setting.output_size[0],
            )  # fmt: skip
            run = {"torch": torch_size, "keras": keras_size, "tf": tf_size}[framework]
            assert run(layer, size) == wanted, (layer, size)
            ran += 1
    print({"test": "solver", "framework": framework, "operation": operation, "ran": ran})
    assert ran > 40


def tf_size(layer, size):
    """Return the output size in tf.nn, by running it in two dimensions."""
    import tensorflow as tf

    padding = layer.padding
    if not isinstance(padding, str):
        padding = [[0, 0], [padding, padding], [0, 0], [0, 0]]
    else:
        padding = padding.upper()
    x, kernel = np.ones((1, size, 1, 1), "float32"), np.ones((layer.kernel, 1, 1, 1), "float32")
    how = {"strides": (layer.stride, 1), "padding": padding}
    if layer.kind == "transposed":
        shape = (1, layer.output_size, 1, 1)
        return tf.nn.conv2d_transpose(x, kernel, output_shape=shape, **how).shape[1]
    return tf.nn.conv2d(x, kernel, **how).shape[1]
