"""ONNX: the operators Conv and ConvTranspose."""

from __future__ import annotations

from typing import Any

from conv_lib._checks import refusal
from conv_lib.frameworks.layer import (
    Framework,
    Written,
    call_code,
    convolution_axis,
    moved_window,
    numbers,
    simplest_padding,
)
from conv_lib.frameworks.meaning import Axis, Meaning
from conv_lib.shapes import same_padding

AUTO_PADS = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")


def read(operation: str, sizes: tuple, taps: tuple, arguments: dict[str, Any]) -> tuple:
    """Return the axes and the groups of an ONNX node."""
    rank, auto = len(sizes), arguments["auto_pad"]
    if auto not in AUTO_PADS:
        raise ValueError(
            refusal(f"auto_pad is one of {', '.join(AUTO_PADS)}.", f"auto_pad={auto!r}", "'NOTSET'")
        )
    pads = arguments["pads"]
    if pads is not None and auto != "NOTSET":
        raise ValueError(
            refusal(
                "pads and auto_pad exclude each other.",
                f"pads={pads!r}, auto_pad={auto!r}",
                "auto_pad='NOTSET'",
            )
        )
    pads = numbers("pads", 0 if pads is None else pads, 2 * rank, least=0)
    geometry = list(
        zip(
            sizes,
            taps,
            numbers("strides", arguments["strides"], rank),
            numbers("dilations", arguments["dilations"], rank),
            strict=True,
        )
    )
    if operation == "conv":
        axes = []
        for (size, kernel, stride, dilation), *pad in zip(
            geometry, pads[:rank], pads[rank:], strict=True
        ):
            if auto.startswith("SAME"):
                pad = same_padding(size, kernel, stride=stride, dilation=dilation)
                pad = pad if auto == "SAME_UPPER" else pad[::-1]
            axes.append(convolution_axis(size, kernel, stride, dilation, *pad))
        return tuple(axes), arguments["group"]
    extras = numbers("output_padding", arguments["output_padding"], rank, least=0)
    wanted = arguments["output_shape"]
    wanted = (None,) * rank if wanted is None else numbers("output_shape", wanted, rank)
    axes = []
    for axis, extra, output, before, after in zip(
        geometry, extras, wanted, pads[:rank], pads[rank:], strict=True
    ):
        axes.append(_transposed_axis(Axis(*axis, 0, 0), extra, output, before, after, auto))
    return tuple(axes), arguments["group"]


def _transposed_axis(
    axis: Axis, extra: int, output: int | None, before: int, after: int, auto: str
) -> Axis:
    """Return the window: pads crop the full result, output_padding uncovers or appends.

    Source: https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
    """
    limit = max(axis.stride, axis.dilation)
    if extra >= limit:
        raise ValueError(
            refusal(
                "output_padding must be smaller than the stride or the dilation.",
                f"output_padding={extra}, stride={axis.stride}, dilation={axis.dilation}",
                str(limit - 1),
            )
        )
    if output is None and auto.startswith("SAME"):
        output = axis.size * axis.stride
    if output is not None:
        # output_shape makes the runtime choose the pads; an odd pixel goes to the beginning
        # except with SAME_UPPER.
        total = axis.full + extra - output
        if total < 0:
            raise ValueError(
                refusal(
                    "Where the full result is smaller than the output asked for, the standard "
                    "appends zeros and ONNX Runtime does not.",
                    f"full result {axis.full}, output_padding={extra}, output size {output}",
                    f"output_padding={-total + extra} with pads in pixels",
                )
            )
        return axis._replace(
            start=total // 2 if auto == "SAME_UPPER" else total - total // 2, output=output
        )
    output = axis.full + extra - before - after
    if output < 1:
        raise ValueError(
            refusal(
                "pads crop a transposed convolution, and must leave at least one pixel.",
                f"pads {before} and {after} on {axis.full + extra} pixels",
                f"together at most {axis.full + extra - 1}",
            )
        )
    return axis._replace(start=before, output=output)


def write(meaning: Meaning) -> Written:
    """Return the node with the values of `meaning`, with a Pad node where it needs one."""
    axes, rank = meaning.axes, len(meaning.axes)
    how: dict[str, Any] = {
        "strides": tuple(axis.stride for axis in axes),
        "dilations": tuple(axis.dilation for axis in axes),
        "group": meaning.groups,
    }
    written = Written(meaning, how, "")
    if meaning.operation == "conv":
        amounts = [simplest_padding(axis) for axis in axes]
        if min(map(min, amounts)) < 0:
            written.input_pad, amounts = tuple(amounts), [(0, 0)] * rank
        operator = "Conv"
    else:
        beyond = [axis.start + axis.output - axis.full for axis in axes]
        # Only below the stride: ONNX Runtime refuses what the dilation would allow.
        extras = [
            min(max(over, 0), axis.stride - 1) for over, axis in zip(beyond, axes, strict=True)
        ]
        # Pads from inside the full result only; what lies outside is for a Pad node.
        amounts = [
            (min(max(axis.start, 0), axis.full - 1), max(-over, 0))
            for axis, over in zip(axes, beyond, strict=True)
        ]
        if any(
            before + after >= axis.full for axis, (before, after) in zip(axes, amounts, strict=True)
        ):
            amounts = [(0, 0)] * rank
        written.output_pad = tuple(
            moved_window(axis, before, axis.full - before - after + extra)
            for axis, (before, after), extra in zip(axes, amounts, extras, strict=True)
        )
        how["output_padding"] = tuple(extras)
        operator = "ConvTranspose"
    how["pads"] = tuple(pair[0] for pair in amounts) + tuple(pair[1] for pair in amounts)
    written.code = _nodes(operator, how, written)
    return written


def _nodes(operator: str, how: dict[str, Any], written: Written) -> str:
    """Return code for the nodes from x and kernel to y."""
    make, nodes, x, y = "helper.make_node", [], "x", "y"
    before, after = (any(map(any, pad)) for pad in (written.input_pad, written.output_pad))
    if before:
        nodes += _pad_nodes("x", "padded", written.input_pad)
        x = "padded"
    if after:
        y = "uncropped"
    nodes.append(call_code(make, [f'"{operator}"', f'["{x}", "kernel"]', f'["{y}"]'], how))
    if after:
        nodes += _pad_nodes("uncropped", "y", written.output_pad)
    return f"[{', '.join(nodes)}]"


def _pad_nodes(source: str, target: str, amounts: tuple) -> list[str]:
    """Return code for a Pad node; negative pads crop."""
    values = [0, 0, *(pair[0] for pair in amounts), 0, 0, *(pair[1] for pair in amounts)]
    name = f"pads_of_{target}"
    return [
        f'helper.make_node("Constant", [], ["{name}"], value_ints={values})',
        f'helper.make_node("Pad", ["{source}", "{name}"], ["{target}"])',
    ]


ONNX = Framework(
    name="onnx",
    calls={"conv": "Conv", "transposed": "ConvTranspose"},
    data="NCS",
    kernels={"conv": "OIS", "transposed": "IOS"},
    flipped=False,
    windows={
        "conv": "pads: all beginnings, then all ends; SAME_UPPER as tf.nn, SAME_LOWER with an odd "
        "pixel at the beginning",
        "transposed": "full[begin : full + output_padding - end]; with output_shape (or SAME_*, "
        "size * stride) the crop is split, an odd pixel at the end for SAME_UPPER, else at the "
        "beginning",
    },
    arguments={
        "conv": {"strides": 1, "pads": None, "auto_pad": "NOTSET", "dilations": 1, "group": 1},
        "transposed": {
            "strides": 1,
            "pads": None,
            "auto_pad": "NOTSET",
            "output_padding": 0,
            "output_shape": None,
            "dilations": 1,
            "group": 1,
        },
    },
    refuses=(
        "negative pads",
        "output_padding not below stride or dilation (ONNX Runtime: not below the stride)",
        "by us, since runtimes differ: SAME_* or output_shape beyond the full result",
    ),
    read=read,
    write=write,
)
