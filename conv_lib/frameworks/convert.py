"""From one framework to another with the same values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import integer, refusal
from conv_lib.frameworks.jax import JAX, JAX_DEFAULT
from conv_lib.frameworks.keras import KERAS
from conv_lib.frameworks.layer import (
    Conversion,
    Framework,
    FrameworkLayer,
    from_framework,
    numbers,
    to_framework,
)
from conv_lib.frameworks.meaning import Meaning, evaluate
from conv_lib.frameworks.onnx import ONNX
from conv_lib.frameworks.pytorch import TORCH
from conv_lib.frameworks.tensorflow import TF
from conv_lib.ops import zero_extended
from conv_lib.shapes.layer import choice

FRAMEWORKS = {row.name: row for row in (TF, KERAS, TORCH, JAX, JAX_DEFAULT, ONNX)}
OPERATIONS = ("conv", "transposed")


def framework_layer(
    framework: str,
    operation: str,
    kernel: ArrayLike,
    size: int | Sequence[int],
    **arguments: Any,
) -> FrameworkLayer:
    """Return a layer in the words of its framework, checked by that framework's rules.

    >>> layer = framework_layer("torch", "conv", np.ones((4, 3, 3, 2)), (5, 7), stride=2)
    >>> layer.arguments
    {'stride': 2, 'padding': 0, 'dilation': 1, 'groups': 1}

    Parameters
    ----------
    framework : "tf", "keras", "torch", "jax", "jax-default" or "onnx"
        tf is tf.nn. "jax" is lax.conv_transpose with transpose_kernel=True, "jax-default" without;
        their convolutions are the same.
    operation : "conv" or "transposed"
    kernel : array_like, in the framework's layout, with 1 to 3 spatial axes
    size : int or one for each spatial axis
        Of the input, in pixels.
    arguments
        By the framework's own names; those left out stand as the framework has them.

    Raises
    ------
    TypeError
        For an argument that the framework does not have, and for what is not an integer.
    ValueError
        For what the framework refuses.
    """
    row = FRAMEWORKS[choice("framework", framework, tuple(FRAMEWORKS))]
    choice("operation", operation, OPERATIONS)
    kernel = np.asarray(kernel)
    if kernel.dtype.kind not in "biufc":
        raise TypeError(
            refusal("kernel must hold numbers.", f"dtype {kernel.dtype}", "dtype float32")
        )
    if not 3 <= kernel.ndim <= 5 or 0 in kernel.shape:
        raise ValueError(
            refusal(
                f"kernel has the layout {row.kernels[operation]} with 1 to 3 spatial axes (S), "
                "none of them empty.",
                f"shape {kernel.shape}",
                "a kernel of 3 to 5 axes",
            )
        )
    known = row.arguments[operation]
    unknown = sorted(set(arguments) - set(known))
    if unknown:
        raise TypeError(
            refusal(
                f"{row.calls[operation]} takes {', '.join(known)}.",
                ", ".join(f"{name}={arguments[name]!r}" for name in unknown),
                ", ".join(known),
            )
        )
    if arguments.get("transpose_kernel", known.get("transpose_kernel")) != known.get(
        "transpose_kernel"
    ):
        raise ValueError(
            refusal(
                "The kernel's layout and flip depend on transpose_kernel, so each has its name.",
                f"transpose_kernel={arguments['transpose_kernel']!r} with framework={framework!r}",
                "'jax' for True, 'jax-default' for False",
            )
        )
    layer = FrameworkLayer(
        framework,
        operation,
        kernel,
        numbers("size", size, kernel.ndim - 2),
        {**known, **arguments},
    )
    meaning_of(layer)
    return layer


def meaning_of(layer: FrameworkLayer) -> Meaning:
    """Return what a layer computes, free of its framework.

    >>> layer = framework_layer(
    ...     "torch", "transposed", np.ones((3, 4, 3, 3)), (5, 7), stride=2, padding=1
    ... )
    >>> meaning = meaning_of(layer)
    >>> meaning.axes[0].start, meaning.axes[0].output, meaning.kernel.shape
    (1, 9, (3, 3, 4, 3))
    """
    row = FRAMEWORKS[layer.framework]
    kernel = from_framework(row, layer.operation, layer.kernel)
    taps = kernel.shape[:-2]
    axes, groups = row.read(layer.operation, layer.size, taps, layer.arguments)
    groups = integer("groups", groups)
    if kernel.shape[-1] % groups:
        raise ValueError(
            refusal(
                f"groups must divide the {kernel.shape[-1]} "
                f"{'output' if layer.operation == 'conv' else 'input'} channels of the kernel.",
                f"groups={groups}, kernel {layer.kernel.shape} as {row.kernels[layer.operation]}",
                "1",
            )
        )
    return Meaning(layer.operation, kernel, axes, groups)


def run_layer(layer: FrameworkLayer, x: ArrayLike) -> np.ndarray:
    """Run a layer in NumPy, as its framework would.

    >>> layer = framework_layer("torch", "transposed", np.ones((3, 4, 3, 3)), (5, 7), stride=2)
    >>> run_layer(layer, np.ones((2, 3, 5, 7))).shape
    (2, 4, 11, 15)

    x : array_like, in the data layout of the framework; so is the result.

    Raises
    ------
    ValueError
        When `x` has not the size and the channels of the layer.
    """
    x, row, meaning = np.asarray(x), FRAMEWORKS[layer.framework], meaning_of(layer)
    if x.ndim != len(layer.size) + 2:
        raise ValueError(
            refusal(
                f"x has the layout {row.data} with {len(layer.size)} spatial axes (S).",
                f"shape {x.shape}",
                f"{len(layer.size) + 2} axes",
            )
        )
    if row.channels_last:
        return evaluate(meaning, x)
    return np.moveaxis(evaluate(meaning, np.moveaxis(x, 1, -1)), -1, 1)


def convert(layer: FrameworkLayer, to: str) -> Conversion:
    """Return a layer of another framework that gives the same values.

    >>> kernel = np.ones((3, 3, 4, 3))  # height, width, out, in
    >>> same = framework_layer("keras", "transposed", kernel, (5, 7), strides=2, padding="same")
    >>> torch = convert(same, "torch")
    >>> torch.native, torch.output_pad
    (False, ((0, -1), (0, -1)))
    >>> print(torch.code)  # doctest: +NORMALIZE_WHITESPACE
    F.conv_transpose2d(x, kernel, stride=(2, 2), padding=(0, 0), dilation=(1, 1), groups=1,
        output_padding=(0, 0))[:, :, :-1, :-1]
    >>> torch.layer.kernel.shape
    (3, 4, 3, 3)

    Where the other framework has no such window, the exact pad and crop is part of the code;
    where it lacks groups or dilation, zeros are written into the kernel, and `notes` says so. The
    bias needs no change: it is added after the crop.

    Raises
    ------
    ValueError
        For a framework that is not known.
    """
    row = FRAMEWORKS[choice("framework", to, tuple(FRAMEWORKS))]
    written = row.write(meaning_of(layer))
    result = FrameworkLayer(
        to,
        layer.operation,
        to_framework(row, layer.operation, written.meaning.kernel),
        layer.size,
        {**row.arguments[layer.operation], **written.arguments},
    )
    return Conversion(
        layer=result,
        code=written.code,
        input_pad=written.input_pad,
        output_pad=written.output_pad,
        any_size=_holds_for_larger(layer, row, written),
        notes=tuple(written.notes),
    )


def run_conversion(conversion: Conversion, x: ArrayLike) -> np.ndarray:
    """Run in NumPy what the code of a conversion does: pad or crop, call, pad or crop.

    >>> same = framework_layer("keras", "transposed", np.ones((3, 3, 4, 2)), (3, 5), strides=2, padding="same")
    >>> run_conversion(convert(same, "torch"), np.ones((1, 2, 3, 5))).shape
    (1, 4, 6, 10)

    x : array_like, in the data layout of the conversion's framework; so is the result.
    """
    layer = conversion.layer
    last = FRAMEWORKS[layer.framework].channels_last

    def padded(array: np.ndarray, amounts: tuple) -> np.ndarray:
        array = array if last else np.moveaxis(array, 1, -1)
        sizes = array.shape[1:-1]
        windows = [(-before, n + after) for n, (before, after) in zip(sizes, amounts, strict=True)]
        array = zero_extended(array, windows)
        return array if last else np.moveaxis(array, -1, 1)

    x = padded(np.asarray(x), conversion.input_pad)
    sizes = x.shape[1:-1] if last else x.shape[2:]
    called = FrameworkLayer(layer.framework, layer.operation, layer.kernel, tuple(sizes), layer.arguments)
    return padded(run_layer(called, x), conversion.output_pad)


def keras_layer(layer: Any, size: int | Sequence[int]) -> FrameworkLayer:
    """Return a built layer of Keras, `Conv2D` or `Conv2DTranspose` (or 1D, 3D), as a `FrameworkLayer`.

    layer : the layer itself, with its weights; the bias is not looked at
    size : of its input, one for each spatial axis
    """
    transposed = type(layer).__name__.endswith("Transpose")
    known = KERAS.arguments["transposed" if transposed else "conv"]
    arguments = {name: getattr(layer, name) for name in known if hasattr(layer, name)}
    operation = "transposed" if transposed else "conv"
    return framework_layer("keras", operation, np.asarray(layer.kernel), size, **arguments)


# ----------------------------------------------------------------------------------- inside

# Windows repeat with the stride; longer ones are not followed.
MOST_STEPS = 64


def _holds_for_larger(layer: FrameworkLayer, row: Framework, written: Any) -> bool:
    """Try one full period of larger inputs: windows depend on the size modulo the stride."""
    period = max(axis.stride for axis in written.meaning.axes)
    if layer.arguments.get("output_shape") is not None or period > MOST_STEPS:
        return False
    for step in range(1, period + 1):
        larger = FrameworkLayer(
            layer.framework,
            layer.operation,
            layer.kernel,
            tuple(size + step for size in layer.size),
            layer.arguments,
        )
        other = row.write(meaning_of(larger))
        if (other.code, other.input_pad, other.output_pad) != (
            written.code,
            written.input_pad,
            written.output_pad,
        ):
            return False
    return True
