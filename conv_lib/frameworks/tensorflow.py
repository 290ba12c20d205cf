"""TensorFlow: tf.nn.conv2d and tf.nn.conv2d_transpose."""

from __future__ import annotations

from typing import Any

from conv_lib._checks import refusal
from conv_lib.frameworks.layer import (
    Framework,
    Written,
    call_code,
    convolution_axis,
    moved_window,
    needed_padding,
    numbers,
    padded,
    pairs,
    simplest_padding,
)
from conv_lib.frameworks.meaning import Axis, Meaning, without_dilation, without_groups
from conv_lib.shapes import (
    same_padding,
    transposed_size,
    transposed_sizes,
    transposed_window,
)


def per_axis(name: str, value: Any, rank: int) -> tuple[int, ...]:
    """Return one integer per spatial axis; TensorFlow also takes batch and channels, with 1."""
    if not isinstance(value, str) and hasattr(value, "__len__") and len(value) == rank + 2:
        value = value[1:-1]
    return numbers(name, value, rank)


def paddings(padding: Any, rank: int) -> list:
    """Return one padding per spatial axis, as `conv_lib.shapes` takes it."""
    if isinstance(padding, str):
        return [padding] * rank
    if hasattr(padding, "__len__") and len(padding) == rank + 2:
        padding = padding[1:-1]
    return list(pairs("padding", padding, rank))


def read(operation: str, sizes: tuple, taps: tuple, arguments: dict[str, Any]) -> tuple:
    """Return the axes and the groups of a tf.nn call."""
    rank = len(sizes)
    strides = per_axis("strides", arguments["strides"], rank)
    dilations = per_axis("dilations", arguments["dilations"], rank)
    geometry = list(
        zip(sizes, taps, strides, dilations, paddings(arguments["padding"], rank), strict=True)
    )
    if operation == "conv":
        return tuple(padded_axis(*axis) for axis in geometry), arguments["groups"]
    wanted = arguments["output_shape"]
    if wanted is None:
        raise ValueError(
            refusal(
                "tf.nn's transposed convolution needs output_shape.",
                "output_shape=None",
                repr(
                    tuple(
                        transposed_size(size, kernel, stride=stride, padding=pad, dilation=spread)
                        for size, kernel, stride, spread, pad in geometry
                    )
                ),
            )
        )
    axes = []
    for axis, output in zip(geometry, per_axis("output_shape", wanted, rank), strict=True):
        size, kernel, stride, dilation, pad = axis
        start, _ = transposed_window(
            size, kernel, output, stride=stride, padding=pad, dilation=dilation
        )
        axes.append(Axis(size, kernel, stride, dilation, start, output))
    return tuple(axes), arguments["groups"]


def padded_axis(size: int, kernel: int, stride: int, dilation: int, padding: Any) -> Axis:
    """Return the axis of a convolution for "VALID", "SAME" or (before, after)."""
    if isinstance(padding, str) and padding.lower() == "same":
        padding = same_padding(size, kernel, stride=stride, dilation=dilation)
    elif isinstance(padding, str):
        padding = (0, 0)
    return convolution_axis(size, kernel, stride, dilation, *padding)


def named_padding(axes: tuple[Axis, ...]) -> str | None:
    """Return "VALID" or "SAME" where it has the values of a convolution with these axes."""
    for name in ("VALID", "SAME"):
        try:
            if all(padded_axis(*axis[:4], name)[-2:] == (axis.start, axis.output) for axis in axes):
                return name
        except ValueError:
            continue
    return None


def write(meaning: Meaning) -> Written:
    """Return the call with the values of `meaning`."""
    rank, notes = len(meaning.axes), []
    transposed = meaning.operation == "transposed"
    dilated = any(axis.dilation > 1 for axis in meaning.axes)
    strided = any(axis.stride > 1 for axis in meaning.axes)
    if dilated and (transposed or rank == 3 or (rank == 1 and strided)):
        meaning = without_dilation(meaning)
        notes.append("the zeros between the taps stand in the kernel: tf.nn does not take dilation "
                     "here on every device")  # fmt: skip
    if meaning.groups > 1 and (transposed or rank == 3):
        meaning = without_groups(meaning)
        notes.append("one dense kernel, zero between groups: tf.nn does not take groups here on "
                     "every device")  # fmt: skip
    axes = meaning.axes
    written = Written(meaning, {}, "", notes)
    strides = tuple(axis.stride for axis in axes)
    how: dict[str, Any] = {"stride" if rank == 1 and not transposed else "strides": strides}
    if rank == 3:
        how["strides"] = (1, *strides, 1)
    elif rank == 1:
        how = {name: value[0] for name, value in how.items()}
    padding = named_padding(axes) if not transposed else None
    if not transposed:
        if padding is None and rank == 2 and all(needed_padding(axis)[0] >= 0 for axis in axes):
            amounts = [simplest_padding(axis) for axis in axes]
            if all(after >= 0 for _, after in amounts):
                padding = [[0, 0], *map(list, amounts), [0, 0]]
        if padding is None:
            padding = "VALID"
            written.input_pad = tuple(map(simplest_padding, axes))
        how["padding"] = padding
        if dilated and rank != 3:
            spread = tuple(axis.dilation for axis in axes)
            how["dilations"] = spread[0] if rank == 1 else spread
        x = padded("x", written.input_pad, "tf.pad", channels_last=True)
        written.code = call_code(f"tf.nn.conv{rank}d", [x, "kernel"], how)
    else:
        padding = _transposed_padding(axes)
        outputs = tuple(axis.output for axis in axes)
        if padding is None:
            padding = "VALID"
            outputs = tuple(_nearest_valid(axis) for axis in axes)
            written.output_pad = tuple(
                moved_window(axis, 0, length) for axis, length in zip(axes, outputs, strict=True)
            )
        how["padding"] = padding
        shape = f"output_shape=(x.shape[0], {', '.join(map(str, outputs))}, {meaning.out_channels})"
        call = call_code(f"tf.nn.conv{rank}d_transpose", ["x", "kernel", shape], how)
        written.code = padded(call, written.output_pad, "tf.pad", channels_last=True)
    written.arguments = {
        "strides": strides,
        "padding": padding,
        "dilations": tuple(axis.dilation for axis in axes),
        "groups": meaning.groups,
    }
    if transposed:
        written.arguments["output_shape"] = outputs
    return written


def _transposed_padding(axes: tuple[Axis, ...]) -> Any:
    """Return the padding of a transposed convolution with these windows, None if there is none."""

    def fits(axis: Axis, padding: Any) -> bool:
        how = {"stride": axis.stride, "padding": padding, "dilation": axis.dilation}
        if axis.start < 0 or axis.output not in transposed_sizes(axis.size, axis.kernel, **how):
            return False
        return transposed_window(axis.size, axis.kernel, axis.output, **how)[0] == axis.start

    for name in ("VALID", "SAME"):
        if all(fits(axis, name) for axis in axes):
            return name
    if len(axes) != 2:
        return None
    amounts = [(axis.start, max(axis.full - axis.start - axis.output, 0)) for axis in axes]
    if all(fits(axis, pair) for axis, pair in zip(axes, amounts, strict=True)):
        return [[0, 0], *map(list, amounts), [0, 0]]
    return None


def _nearest_valid(axis: Axis) -> int:
    """Return the legal "VALID" size nearest to where the window stops."""
    legal = transposed_sizes(axis.size, axis.kernel, stride=axis.stride, dilation=axis.dilation)
    return min(max(axis.start + axis.output, legal[0]), legal[-1])


TF = Framework(
    name="tf",
    calls={"conv": "tf.nn.conv2d", "transposed": "tf.nn.conv2d_transpose"},
    data="NSC",
    kernels={"conv": "SIO", "transposed": "SOI"},
    flipped=False,
    windows={
        "conv": '"SAME" pads max((ceil(size / stride) - 1) * stride + effective kernel - size, 0), '
        "an odd pixel at the end",
        "transposed": "full[before : before + output_shape], before as the convolution over "
        'output_shape pads: 0 for "VALID"',
    },
    arguments={
        "conv": {"strides": 1, "padding": "VALID", "dilations": 1, "groups": 1},
        "transposed": {
            "output_shape": None,
            "strides": 1,
            "padding": "SAME",
            "dilations": 1,
            "groups": 1,
        },
    },
    refuses=(
        "an output_shape that the convolution does not map back to the input",
        "the transpose without output_shape",
        "padding in pixels in one and three dimensions",
    ),
    read=read,
    write=write,
)
