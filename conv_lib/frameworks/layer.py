"""A layer in the words of one framework, and what a framework is here: one row of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conv_lib._checks import integer, refusal
from conv_lib.frameworks.meaning import Axis, Meaning

SPATIAL = "DHW"


@dataclass(frozen=True)
class Framework:
    """How one framework reads a convolution and its transpose.

    calls : what is called, for "conv" and "transposed"
    data : layout of the data; S stands for the spatial axes, N batch, C channels
    kernels : layout of the kernel for "conv" and "transposed"; I input and O output channels of
        this very layer, of which groups divide the first one ("conv") or O ("transposed")
    flipped : whether the transposed kernel is stored turned by 180 degrees; no convolution's is
    windows : which window of the padded input ("conv") or of the full result ("transposed")
    arguments : what the calls take, with the values that stand when left out
    refuses : what it does not take
    """

    name: str
    calls: Mapping[str, str]
    data: str
    kernels: Mapping[str, str]
    flipped: bool
    windows: Mapping[str, str]
    arguments: Mapping[str, Mapping[str, Any]]
    refuses: Sequence[str]
    read: Callable = field(repr=False)
    write: Callable = field(repr=False)

    @property
    def channels_last(self) -> bool:
        return self.data.endswith("C")


@dataclass(frozen=True)
class FrameworkLayer:
    """A convolution or its transpose as a framework takes it, on an input of a known size.

    framework : a name in `FRAMEWORKS`
    operation : "conv" or "transposed"
    kernel : ndarray, in the layout of the framework
    size : of the input, one for each spatial axis
    arguments : by the framework's own names; tf.nn has no `groups` and reads it off the channels
        of x, so it is stated here
    """

    framework: str
    operation: str
    kernel: np.ndarray
    size: tuple[int, ...]
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Conversion:
    """A layer of another framework with the same values.

    layer : what to call, with its kernel (the bias stays as it is)
    code : the line that calls it on `x`, in the framework's data layout, with `kernel`
    input_pad, output_pad : (before, after) for each spatial axis, done before and after the call:
        zeros added, or, negative, pixels cropped. Part of `code`
    native : whether the call alone is enough
    any_size : whether all of this, numbers included, also holds for every larger input
    notes : what was rewritten, and why
    """

    layer: FrameworkLayer
    code: str
    input_pad: tuple[tuple[int, int], ...]
    output_pad: tuple[tuple[int, int], ...]
    any_size: bool
    notes: tuple[str, ...]

    @property
    def native(self) -> bool:
        return not any(map(any, (*self.input_pad, *self.output_pad)))


# ---------------------------------------------------------------------------------- layouts


def relayout(kernel: np.ndarray, source: str, target: str, *, flip: bool = False) -> np.ndarray:
    """Return a kernel with its axes in another order, on request flipped along the spatial ones.

    >>> relayout(np.ones((5, 7, 3, 4)), "SIO", "OIS").shape
    (4, 3, 5, 7)
    """
    letters = SPATIAL[len(SPATIAL) + 2 - kernel.ndim :]
    source, target = source.replace("S", letters), target.replace("S", letters)
    if flip:
        kernel = np.flip(kernel, tuple(source.index(letter) for letter in letters))
    return np.ascontiguousarray(np.transpose(kernel, [source.index(axis) for axis in target]))


CANONICAL = {"conv": "SIO", "transposed": "SOI"}


def from_framework(framework: Framework, operation: str, kernel: np.ndarray) -> np.ndarray:
    """Return a framework's kernel in the layout of `Meaning`."""
    flip = framework.flipped and operation == "transposed"
    return relayout(kernel, framework.kernels[operation], CANONICAL[operation], flip=flip)


def to_framework(framework: Framework, operation: str, kernel: np.ndarray) -> np.ndarray:
    """Return the kernel of a `Meaning` in a framework's layout."""
    flip = framework.flipped and operation == "transposed"
    return relayout(kernel, CANONICAL[operation], framework.kernels[operation], flip=flip)


# -------------------------------------------------------- from arguments to axes, and back


def numbers(name: str, value: Any, rank: int, *, least: int = 1) -> tuple[int, ...]:
    """Return one integer for each axis, from an int or a sequence."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return (integer(name, value, least=least),) * rank
    values = tuple(value)
    if len(values) != rank:
        raise ValueError(
            refusal(
                f"{name} is an int, or one for each of the {rank} spatial axes.",
                f"{name}={value!r}",
                f"{rank} integers",
            )
        )
    return tuple(integer(name, entry, least=least) for entry in values)


def pairs(name: str, value: Any, rank: int, *, least: int = 0) -> tuple[tuple[int, int], ...]:
    """Return (before, after) for each axis."""
    rule = f"{name} in pixels is (before, after) for each of the {rank} spatial axes."
    try:
        listed = [tuple(pair) for pair in value]
    except TypeError:
        listed = []
    if len(listed) != rank or any(len(pair) != 2 for pair in listed):
        raise ValueError(
            refusal(rule, f"{name}={value!r}", repr(tuple((0, 0) for _ in range(rank))))
        )
    return tuple(
        (integer(name, before, least=least), integer(name, after, least=least))
        for before, after in listed
    )


def convolution_axis(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int
) -> Axis:
    """Return the axis of a convolution whose input is padded, or, negative, cropped."""
    axis = Axis(size, kernel, stride, dilation, -before, 0)
    room = size + before + after - axis.span
    if room < 0:
        raise ValueError(
            refusal(
                "The kernel must fit into the padded input.",
                f"effective kernel {axis.span}, padded input {size + before + after}",
                f"size={size - room}",
            )
        )
    return axis._replace(output=room // stride + 1)


def needed_padding(axis: Axis) -> tuple[int, int, int]:
    """Return the padding before a convolution's input, and the least and the most after it."""
    least = axis.start + (axis.output - 1) * axis.stride + axis.span - axis.size
    # The last stride - 1 pixels are not read in any case.
    return -axis.start, least, least + axis.stride - 1


def simplest_padding(axis: Axis) -> tuple[int, int]:
    """Return the padding that gives the axis its values: the same at both ends, or the least."""
    before, least, most = needed_padding(axis)
    if least <= before <= most:
        return before, before
    return before, min(max(least, 0), most)


def moved_window(axis: Axis, start: int, length: int) -> tuple[int, int]:
    """Return what to add to (or crop from) a result full[start : start + length]."""
    return start - axis.start, axis.start + axis.output - start - length


# ------------------------------------------------------------------------------------- code


def padded(code: str, amounts: Sequence[tuple[int, int]], call: str, channels_last: bool) -> str:
    """Return code that pads or crops the spatial axes of an expression.

    >>> padded("x", [(0, 1), (-2, 0)], "tf.pad", True)
    'tf.pad(x, ((0, 0), (0, 1), (0, 0), (0, 0)))[:, :, 2:]'
    >>> padded("x", [(0, 1), (2, 0)], "F.pad", False)
    'F.pad(x, (2, 0, 0, 1))'
    """
    adds = [(max(before, 0), max(after, 0)) for before, after in amounts]
    if any(map(any, adds)):
        if call == "F.pad":  # PyTorch counts from the last axis
            amounts_of = tuple(amount for pair in reversed(adds) for amount in pair)
        else:
            amounts_of = ((0, 0), *adds, (0, 0))
        code = f"{call}({code}, {amounts_of})"
    cuts = [
        f"{-before if before < 0 else ''}:{after if after < 0 else ''}" for before, after in amounts
    ]
    if any(cut != ":" for cut in cuts):
        lead = [":"] if channels_last else [":", ":"]
        code += f"[{', '.join([*lead, *cuts])}]"
    return code


def call_code(call: str, positional: Sequence[str], keywords: Mapping[str, Any]) -> str:
    """Return the code of a call."""
    listed = [*positional, *(f"{name}={value!r}" for name, value in keywords.items())]
    return f"{call}({', '.join(listed)})"


class Written:
    """What a framework's `write` returns: arguments, code and pads around the call."""

    def __init__(self, meaning: Meaning, arguments: dict, code: str, notes=()) -> None:
        nothing = tuple((0, 0) for _ in meaning.axes)
        self.meaning, self.arguments, self.code = meaning, arguments, code
        self.input_pad = self.output_pad = nothing
        self.notes = list(notes)
