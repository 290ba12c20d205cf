"""Keras (on TensorFlow): Conv2D and Conv2DTranspose, and keras.ops.conv and conv_transpose."""

from __future__ import annotations

from typing import Any

from conv_lib._checks import padding_name, refusal
from conv_lib.frameworks.layer import (
    Framework,
    Written,
    call_code,
    moved_window,
    numbers,
    padded,
    simplest_padding,
)
from conv_lib.frameworks.meaning import Axis, Meaning, without_dilation, without_groups
from conv_lib.frameworks.tensorflow import named_padding, padded_axis
from conv_lib.shapes import keras_transposed_size, transposed_window


def read(operation: str, sizes: tuple, taps: tuple, arguments: dict[str, Any]) -> tuple:
    """Return the axes and the groups of a Keras layer."""
    rank, padding = len(sizes), arguments["padding"]
    if not isinstance(padding, str):
        raise ValueError(
            refusal("Keras pads by name only.", f"padding={padding!r}", "'valid' or 'same'")
        )
    padding = padding_name(padding)
    strides = numbers("strides", arguments["strides"], rank)
    dilations = numbers("dilation_rate", arguments["dilation_rate"], rank)
    if max(strides) > 1 and max(dilations) > 1:
        raise ValueError(
            refusal(
                "Keras does not take strides and dilation_rate above 1 together.",
                f"strides={strides}, dilation_rate={dilations}",
                "strides=1 or dilation_rate=1",
            )
        )
    geometry = zip(sizes, taps, strides, dilations, strict=True)
    if operation == "conv":
        return tuple(padded_axis(*axis, padding) for axis in geometry), arguments["groups"]
    extras = arguments["output_padding"]
    extras = (None,) * rank if extras is None else numbers("output_padding", extras, rank, least=0)
    return (
        tuple(_axis(*axis, padding, extra) for axis, extra in zip(geometry, extras, strict=True)),
        1,
    )


def _axis(size, kernel, stride, dilation, padding, extra) -> Axis:
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    output = keras_transposed_size(size, kernel, output_padding=extra, **how)
    start, _ = transposed_window(size, kernel, output, **how)
    return Axis(size, kernel, stride, dilation, start, output)


def write(meaning: Meaning) -> Written:
    """Return the call with the values of `meaning`."""
    notes = []
    if any(axis.dilation > 1 for axis in meaning.axes) and any(
        axis.stride > 1 for axis in meaning.axes
    ):
        meaning = without_dilation(meaning)
        notes.append("the zeros between the taps stand in the kernel: Keras does not take strides "
                     "and dilation_rate above 1 together")  # fmt: skip
    if meaning.groups > 1 and (meaning.operation == "transposed" or len(meaning.axes) == 3):
        meaning = without_groups(meaning)
        notes.append("one dense kernel, zero between groups: Keras has no groups here")
    axes = meaning.axes
    how: dict[str, Any] = {
        "strides": tuple(axis.stride for axis in axes),
        "padding": "valid",
        "dilation_rate": tuple(axis.dilation for axis in axes),
    }
    written = Written(meaning, how, "", notes)
    if meaning.operation == "conv":
        padding = named_padding(axes)
        if padding is None:
            written.input_pad = tuple(map(simplest_padding, axes))
        else:
            how["padding"] = padding.lower()
        x = padded("x", written.input_pad, "keras.ops.pad", channels_last=True)
        # keras.ops.conv reads the groups off the channels.
        written.code = call_code("keras.ops.conv", [x, "kernel"], _with_format(how))
        written.arguments = {**how, "groups": meaning.groups}
        return written
    for padding in ("valid", "same"):
        for extras in _output_paddings(axes, padding):
            if extras is not False:
                how["padding"], how["output_padding"] = padding, extras
                break
        else:
            continue
        break
    else:
        how["output_padding"] = None
        results = [_axis(*axis[:4], "valid", None) for axis in axes]
        written.output_pad = tuple(
            moved_window(axis, result.start, result.output)
            for axis, result in zip(axes, results, strict=True)
        )
    call = call_code("keras.ops.conv_transpose", ["x", "kernel"], _with_format(how))
    written.code = padded(call, written.output_pad, "keras.ops.pad", channels_last=True)
    return written


def _with_format(how: dict[str, Any]) -> dict[str, Any]:
    return {**how, "data_format": "channels_last"}


def _output_paddings(axes: tuple[Axis, ...], padding: str):
    """Yield output_padding for all axes, or None, where it gives these windows; else False."""

    def fits(axis: Axis, extra: int | None) -> bool:
        try:
            return _axis(*axis[:4], padding, extra) == axis
        except ValueError:
            return False

    yield None if all(fits(axis, None) for axis in axes) else False
    extras = []
    for axis in axes:
        cropped = 2 * (axis.span // 2) if padding == "same" else 0
        extras.append(axis.output - axis.full + cropped)
    yield (
        tuple(extras)
        if all(fits(axis, extra) for axis, extra in zip(axes, extras, strict=True))
        else False
    )


KERAS = Framework(
    name="keras",
    calls={"conv": "keras.layers.Conv2D", "transposed": "keras.layers.Conv2DTranspose"},
    data="NSC",
    kernels={"conv": "SIO", "transposed": "SOI"},
    flipped=False,
    windows={
        "conv": "as tf.nn",
        "transposed": "as tf.nn, with the size of shapes.keras_transposed_size",
    },
    arguments={
        "conv": {"strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1},
        "transposed": {
            "strides": 1,
            "padding": "valid",
            "output_padding": None,
            "dilation_rate": 1,
        },
    },
    refuses=(
        "padding in pixels",
        "strides and dilation_rate above 1 together",
        "groups in the transpose",
        "output_padding not below the stride, or for some axes only",
        'an even kernel with "same" and output_padding 0',
    ),
    read=read,
    write=write,
)
