"""PyTorch: torch.nn.functional.conv2d and conv_transpose2d, and the modules that call them."""

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
    simplest_padding,
)
from conv_lib.frameworks.meaning import Axis, Meaning
from conv_lib.shapes import same_padding, torch_transposed_window


def read(operation: str, sizes: tuple, taps: tuple, arguments: dict[str, Any]) -> tuple:
    """Return the axes and the groups of a PyTorch layer."""
    rank = len(sizes)
    strides = numbers("stride", arguments["stride"], rank)
    dilations = numbers("dilation", arguments["dilation"], rank)
    padding = arguments["padding"]
    if operation == "transposed":
        geometry = zip(
            sizes,
            taps,
            strides,
            dilations,
            numbers("padding", padding, rank, least=0),
            numbers("output_padding", arguments["output_padding"], rank, least=0),
            strict=True,
        )
        axes = []
        for size, kernel, stride, dilation, pad, extra in geometry:
            how = {"stride": stride, "dilation": dilation, "padding": pad, "output_padding": extra}
            start, stop = torch_transposed_window(size, kernel, **how)
            axes.append(Axis(size, kernel, stride, dilation, start, stop - start))
        return tuple(axes), arguments["groups"]
    if padding == "same":
        if max(strides) > 1:
            raise ValueError(
                refusal(
                    'PyTorch takes padding="same" for stride 1 only.',
                    f"stride={arguments['stride']!r}",
                    "stride=1, or padding in pixels",
                )
            )
        amounts = [
            same_padding(size, kernel, dilation=dilation)
            for size, kernel, dilation in zip(sizes, taps, dilations, strict=True)
        ]
    elif padding == "valid":
        amounts = [(0, 0)] * rank
    else:
        amounts = [(pad, pad) for pad in numbers("padding", padding, rank, least=0)]
    geometry = zip(sizes, taps, strides, dilations, amounts, strict=True)
    return tuple(convolution_axis(*axis, *pad) for *axis, pad in geometry), arguments["groups"]


def write(meaning: Meaning) -> Written:
    """Return the call with the values of `meaning`."""
    axes, rank = meaning.axes, len(meaning.axes)
    how = {
        "stride": tuple(axis.stride for axis in axes),
        "padding": (0,) * rank,
        "dilation": tuple(axis.dilation for axis in axes),
        "groups": meaning.groups,
    }
    written = Written(meaning, how, "")
    if meaning.operation == "conv":
        symmetric = [
            before >= 0 and least <= before <= most
            for before, least, most in map(needed_padding, axes)
        ]
        if all(symmetric):
            how["padding"] = tuple(-axis.start for axis in axes)
        else:
            written.input_pad = tuple(map(simplest_padding, axes))
        x = padded("x", written.input_pad, "F.pad", channels_last=False)
        written.code = call_code(f"F.conv{rank}d", [x, "kernel"], how)
        return written
    limits = [max(axis.stride, axis.dilation) for axis in axes]
    extras = [axis.output - axis.full + 2 * axis.start for axis in axes]
    if all(
        axis.start >= 0 and 0 <= extra < limit
        for axis, extra, limit in zip(axes, extras, limits, strict=True)
    ):
        how["padding"] = tuple(axis.start for axis in axes)
        how["output_padding"] = tuple(extras)
    else:
        # Nothing cropped, zeros appended as far as output_padding does it, then a slice.
        beyond = [axis.start + axis.output - axis.full for axis in axes]
        extras = [min(max(over, 0), most - 1) for over, most in zip(beyond, limits, strict=True)]
        how["output_padding"] = tuple(extras)
        written.output_pad = tuple(
            moved_window(axis, 0, axis.full + extra)
            for axis, extra in zip(axes, extras, strict=True)
        )
    call = call_code(f"F.conv_transpose{rank}d", ["x", "kernel"], how)
    written.code = padded(call, written.output_pad, "F.pad", channels_last=False)
    return written


TORCH = Framework(
    name="torch",
    calls={
        "conv": "torch.nn.functional.conv2d",
        "transposed": "torch.nn.functional.conv_transpose2d",
    },
    data="NCS",
    kernels={"conv": "OIS", "transposed": "IOS"},
    flipped=False,
    windows={
        "conv": "padding zeros at both ends",
        "transposed": "full[padding : full - padding + output_padding]: output_padding uncovers "
        "cropped pixels first, and only beyond the end appends zeros",
    },
    arguments={
        "conv": {"stride": 1, "padding": 0, "dilation": 1, "groups": 1},
        "transposed": {
            "stride": 1,
            "padding": 0,
            "output_padding": 0,
            "dilation": 1,
            "groups": 1,
        },
    },
    refuses=(
        'padding="same" with a stride above 1',
        "padding that differs at the two ends",
        "output_padding not below the larger of stride and dilation",
        "padding by name for the transpose",
    ),
    read=read,
    write=write,
)
