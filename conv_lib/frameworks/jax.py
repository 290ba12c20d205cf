"""JAX: lax.conv_general_dilated and lax.conv_transpose, channels last."""

from __future__ import annotations

from typing import Any

from conv_lib._checks import refusal
from conv_lib.frameworks.layer import (
    SPATIAL,
    Framework,
    Written,
    call_code,
    convolution_axis,
    numbers,
    pairs,
    simplest_padding,
)
from conv_lib.frameworks.meaning import Axis, Meaning, without_groups
from conv_lib.shapes import same_padding


def read(operation: str, sizes: tuple, taps: tuple, arguments: dict[str, Any]) -> tuple:
    """Return the axes and the groups of a JAX call."""
    rank, padding = len(sizes), arguments["padding"]
    if isinstance(padding, str):
        if padding.upper() not in ("SAME", "VALID"):
            raise ValueError(
                refusal(
                    "padding is 'SAME', 'VALID', or (before, after) for each axis.",
                    f"padding={padding!r}",
                    "'SAME' or 'VALID'",
                )
            )
        amounts: Any = [padding.upper()] * rank
    else:
        amounts = pairs("padding", padding, rank, least=-(2**31))
    name = "window_strides" if operation == "conv" else "strides"
    geometry = zip(
        sizes,
        taps,
        numbers(name, arguments[name], rank),
        numbers("rhs_dilation", arguments["rhs_dilation"], rank),
        amounts,
        strict=True,
    )
    if operation == "conv":
        axes = []
        for size, kernel, stride, dilation, pad in geometry:
            if pad == "SAME":
                pad = same_padding(size, kernel, stride=stride, dilation=dilation)
            elif pad == "VALID":
                pad = (0, 0)
            axes.append(convolution_axis(size, kernel, stride, dilation, *pad))
        return tuple(axes), arguments["feature_group_count"]
    return tuple(_transposed_axis(*axis) for axis in geometry), 1


def _transposed_axis(size: int, kernel: int, stride: int, dilation: int, padding: Any) -> Axis:
    """Return the window: padding in pixels is that of the input with zeros inserted.

    Source: jax/_src/lax/convolution.py, _conv_transpose_padding.
    """
    axis = Axis(size, kernel, stride, dilation, 0, 0)
    span = axis.span
    if padding == "SAME":
        total = span + stride - 2
        before = span - 1 if stride > span - 1 else -(-total // 2)
        padding = (before, total - before)
    elif padding == "VALID":
        before = span - 1
        padding = (before, span + stride - 2 + max(span - stride, 0) - before)
    before, after = padding
    output = axis.full + before + after - 2 * (span - 1)
    if output < 1:
        raise ValueError(
            refusal(
                "The padding of lax.conv_transpose must leave at least one pixel.",
                f"padding={padding}, that is size {output}",
                f"{(before + 1 - output, after)}",
            )
        )
    return axis._replace(start=span - 1 - before, output=output)


def writer(transpose_kernel: bool):
    """Return `write` for one of the two kernel conventions of lax.conv_transpose."""

    def write(meaning: Meaning) -> Written:
        """Return the call with the values of `meaning`: padding in pixels says every window."""
        transposed, notes = meaning.operation == "transposed", []
        if transposed and meaning.groups > 1:
            meaning = without_groups(meaning)
            notes.append("one dense kernel, zero between groups: lax.conv_transpose has no groups")
        axes = meaning.axes
        strides = tuple(axis.stride for axis in axes)
        how = {"strides" if transposed else "window_strides": strides}
        if transposed:
            before = [axis.span - 1 - axis.start for axis in axes]
            how["padding"] = tuple(
                (pad, axis.output - axis.full - pad + 2 * (axis.span - 1))
                for axis, pad in zip(axes, before, strict=True)
            )
        else:
            how["padding"] = tuple(map(simplest_padding, axes))
        how["rhs_dilation"] = tuple(axis.dilation for axis in axes)
        if transposed:
            how["transpose_kernel"] = transpose_kernel
        else:
            how["feature_group_count"] = meaning.groups
        letters = SPATIAL[-len(axes) :]
        layouts = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
        call = "lax.conv_transpose" if transposed else "lax.conv_general_dilated"
        code = call_code(call, ["x", "kernel"], {**how, "dimension_numbers": layouts})
        return Written(meaning, how, code, notes)

    return write


def _row(name: str, transpose_kernel: bool) -> Framework:
    return Framework(
        name=name,
        calls={"conv": "lax.conv_general_dilated", "transposed": "lax.conv_transpose"},
        data="NSC",
        # With transpose_kernel the axes called I and O are those of the convolution.
        kernels={"conv": "SIO", "transposed": "SOI" if transpose_kernel else "SIO"},
        flipped=not transpose_kernel,
        windows={
            "conv": '"SAME" as tf.nn; pixels may be negative (crop)',
            "transposed": "full[effective kernel - 1 - before :], where (before, after) pads the "
            'input with its zeros inserted; "SAME" and "VALID" give Keras\' sizes',
        },
        arguments={
            "conv": {
                "window_strides": 1,
                "padding": "VALID",
                "rhs_dilation": 1,
                "feature_group_count": 1,
            },
            "transposed": {
                "strides": 1,
                "padding": "VALID",
                "rhs_dilation": 1,
                "transpose_kernel": transpose_kernel,
            },
        },
        refuses=("groups in lax.conv_transpose",),
        read=read,
        write=writer(transpose_kernel),
    )


JAX = _row("jax", transpose_kernel=True)
JAX_DEFAULT = _row("jax-default", transpose_kernel=False)
