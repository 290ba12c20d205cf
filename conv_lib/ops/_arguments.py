"""From the arguments of a call to checked arrays and, for each axis, plain integers.

Written for any number of spatial axes; sizes all come from `conv_lib.shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from conv_lib import shapes
from conv_lib._checks import integer, padding_name, refusal
from conv_lib.ops._remembered import remembered

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


class ConvolutionAxis(NamedTuple):
    """One axis of a convolution, in pixels."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    output: int

    def met_by(self, tap: int) -> slice:
        """Return which padded pixels this tap of the kernel meets: one for each output."""
        first = tap * self.dilation
        return slice(first, first + (self.output - 1) * self.stride + 1, self.stride)


class TransposedAxis(NamedTuple):
    """One axis of a transposed convolution, in pixels; the window is counted in the full result."""

    size: int
    kernel: int
    stride: int
    dilation: int
    full: int
    window: tuple[int, int]


class Call(NamedTuple):
    """A checked call: arrays in the dtype to compute in, and the dtype to answer in."""

    x: np.ndarray
    kernel: np.ndarray
    axes: tuple
    groups: int
    dtype: np.dtype


@remembered
def convolution_call(
    x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, groups: Any, *, rank: int = 2
) -> Call:
    """Check a convolution with `rank` spatial axes."""
    names = AXIS_NAMES[rank]
    x = checked_array("x", x, [*names, "in_channels"])
    kernel = checked_kernel(kernel, names, ["in_channels // groups", "out_channels"])
    groups = checked_groups(groups, in_channels=x.shape[-1], out_channels=kernel.shape[-1])
    _match_channels(x.shape[-1] // groups, kernel, axis=-2, groups=groups)
    axes = convolution_axes(x.shape[-1 - rank : -1], kernel.shape[:rank], stride, padding, dilation)
    return _call(x, kernel, axes, groups)


def convolution_axes(
    sizes: Sequence[int],
    spans: Sequence[int],
    stride: Any,
    padding: Any,
    dilation: Any,
    *,
    causal: str = "before",
) -> tuple[ConvolutionAxis, ...]:
    """Return each axis of a convolution of `sizes` pixels with a kernel of `spans`.

    "causal" pads on the side that `causal` names. The forward convolution of the causal transpose
    is the one that looks ahead: its padding is "after".
    """
    names = AXIS_NAMES[len(sizes)]
    axes = []
    for name, size, span, step, pad, spread in zip(
        names,
        sizes,
        spans,
        per_axis("stride", stride, names),
        _paddings(padding, names),
        per_axis("dilation", dilation, names),
        strict=True,
    ):
        with _along(name):
            if pad == "causal" and len(names) == 1:
                reach = shapes.effective_kernel(span, spread) - 1
                pad = (reach, 0) if causal == "before" else (0, reach)
            how = {"stride": step, "padding": pad, "dilation": spread}
            output = shapes.conv_size(size, span, **how)
            before, after = shapes.padding_pair(size, span, **how)
        axes.append(ConvolutionAxis(size, span, step, spread, before, after, output))
    return tuple(axes)


@remembered
def transposed_call(
    x: Any,
    kernel: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    output_padding: Any,
    output_shape: Any,
    groups: Any,
    *,
    rank: int = 2,
) -> Call:
    """Check a transposed convolution with `rank` spatial axes."""
    names = AXIS_NAMES[rank]
    x = checked_array("x", x, [*names, "in_channels"])
    kernel = checked_kernel(kernel, names, ["out_channels // groups", "in_channels"])
    _match_channels(x.shape[-1], kernel, axis=-1, groups=1)
    groups = checked_groups(groups, in_channels=x.shape[-1])
    if output_padding is not None and output_shape is not None:
        raise ValueError(
            refusal(
                "output_padding and output_shape both choose the size: give one of them.",
                f"output_padding={output_padding!r}, output_shape={output_shape!r}",
                f"output_shape={output_shape!r} alone",
            )
        )
    extras = (None,) * rank
    if output_padding is not None:
        extras = per_axis("output_padding", output_padding, names, least=0)
    wanted = (None,) * rank
    if output_shape is not None:
        wanted = spatial_sizes("output_shape", output_shape, names)
    axes = []
    for name, size, span, step, pad, spread, extra, output in zip(
        names,
        x.shape[-1 - rank : -1],
        kernel.shape[:rank],
        per_axis("stride", stride, names),
        _paddings(padding, names),
        per_axis("dilation", dilation, names),
        extras,
        wanted,
        strict=True,
    ):
        with _along(name):
            if pad == "causal" and len(names) == 1:
                # Stamps begin at their own pixel and reach ahead: only the end is cropped.
                pad = (0, shapes.effective_kernel(span, spread) - 1)
                if output is None and extra is None:
                    output = size * step
            how = {"stride": step, "padding": pad, "dilation": spread}
            if output is None:
                output = shapes.transposed_size(size, span, output_padding=extra, **how)
            window = shapes.transposed_window(size, span, output, **how)
            full = shapes.full_size(size, span, stride=step, dilation=spread)
        axes.append(TransposedAxis(size, span, step, spread, full, window))
    return _call(x, kernel, axes, groups)


def as_batch(array: np.ndarray, rank: int) -> np.ndarray:
    """Return (batch, *spatial, channels), a view where one exists: all leading axes as one."""
    return array if array.ndim == rank + 2 else array.reshape(-1, *array.shape[-rank - 1 :])


def channel_groups(groups: int, in_channels: int, out_channels: int) -> list[tuple[slice, slice]]:
    """Return, for each group, which input and which output channels it connects.

    >>> channel_groups(2, 4, 6)
    [(slice(0, 2, None), slice(0, 3, None)), (slice(2, 4, None), slice(3, 6, None))]
    """
    ins, outs = in_channels // groups, out_channels // groups
    return [(slice(g * ins, (g + 1) * ins), slice(g * outs, (g + 1) * outs)) for g in range(groups)]


def checked_array(name: str, values: Any, trailing: Sequence[str]) -> np.ndarray:
    """Return `values` as an array of numbers whose last axes are those named in `trailing`."""
    layout = f"(..., {', '.join(trailing)})"
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be an array of shape {layout}. Received: {error}") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(
            refusal(f"{name} must hold numbers.", f"dtype {array.dtype}", "dtype float32")
        )
    if array.ndim < len(trailing):
        raise ValueError(
            refusal(
                f"{name} must have the shape {layout}.",
                f"shape {array.shape}",
                f"at least {len(trailing)} axes",
            )
        )
    # Leading axes may be empty: an empty batch gives an empty batch.
    for axis, size in zip(trailing, array.shape[array.ndim - len(trailing) :], strict=True):
        if size < 1:
            raise ValueError(
                refusal(f"{name} needs at least 1 along {axis}.", f"shape {array.shape}", "1")
            )
    return array


def checked_kernel(kernel: Any, names: Sequence[str], channels: list[str]) -> np.ndarray:
    """Return `kernel` as an array with the spatial axes `names` and the named two of channels."""
    axes = [*(f"kernel_{name}" for name in names), *channels]
    kernel = checked_array("kernel", kernel, axes)
    if kernel.ndim != len(axes):
        raise ValueError(
            refusal(
                f"kernel must have the shape ({', '.join(axes)}).",
                f"shape {kernel.shape}",
                f"{len(axes)} axes",
            )
        )
    return kernel


def kernel_rank(kernel: Any) -> int:
    """Return how many spatial axes a kernel has: all but the two of channels.

    >>> kernel_rank(np.ones((3, 3, 1, 8)))
    2
    """
    kernel = checked_array("kernel", kernel, ["kernel_size", "channels", "channels"])
    rank = kernel.ndim - 2
    if rank not in AXIS_NAMES:
        raise ValueError(
            refusal(
                "kernel must have 1, 2 or 3 spatial axes and two of channels.",
                f"shape {kernel.shape}",
                f"{max(AXIS_NAMES) + 2} axes",
            )
        )
    return rank


def working_dtypes(*arrays: np.ndarray) -> tuple[np.dtype, np.dtype]:
    """Return the dtype to compute in, and the dtype to answer in.

    >>> working_dtypes(np.ones(1, "int8"))
    (dtype('int64'), dtype('int64'))
    >>> working_dtypes(np.ones(1, "float16"))
    (dtype('float32'), dtype('float16'))
    """
    answer = np.result_type(*(array.dtype for array in arrays))
    if answer.kind in "biu":
        # A sum of many small integers leaves int8 at once: widen as np.sum does.
        answer = np.zeros(0, answer).sum().dtype
    # float16 holds three digits, too few to add in.
    return np.dtype("float32") if answer == np.float16 else answer, answer


def checked_groups(groups: Any, **channels: int) -> int:
    """Return `groups`, which must divide each of the named channel counts."""
    groups = integer("groups", groups)
    for name, count in channels.items():
        if count % groups:
            divisors = [number for number in range(1, count + 1) if count % number == 0]
            raise ValueError(
                refusal(
                    f"groups must divide {name}.",
                    f"groups={groups}, {name}={count}",
                    str(min(divisors, key=lambda number: abs(number - groups))),
                )
            )
    return groups


def per_axis(name: str, value: Any, axes: Sequence[str], *, least: int = 1) -> tuple[int, ...]:
    """Return one integer for each axis, from an int or a sequence."""
    values = _sequence(value)
    if values is None:
        return (integer(name, value, least=least),) * len(axes)
    if len(values) != len(axes):
        raise ValueError(
            refusal(
                f"{name} is an int, or {_listed(axes)}.",
                f"{name}={value!r}",
                f"{len(axes)} integers",
            )
        )
    return tuple(
        integer(f"{name} along the {axis}", entry, least=least)
        for axis, entry in zip(axes, values, strict=True)
    )


def boolean(name: str, value: Any) -> bool:
    """Return a bool, and refuse what merely could be read as one."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(refusal(f"{name} is a bool.", f"{name}={value!r}", "True or False"))
    return bool(value)


def one_of(name: str, value: Any, names: Sequence[str]) -> str:
    """Return `value`, which must be one of `names`."""
    if isinstance(value, str) and value in names:
        return value
    kind = ValueError if isinstance(value, str) else TypeError
    legal = " or ".join(repr(choice) for choice in names)
    raise kind(refusal(f"{name} is {legal}.", f"{name}={value!r}", legal))


def spatial_sizes(name: str, value: Any, axes: Sequence[str]) -> tuple[int, ...]:
    """Return one size for each spatial axis, from a sequence."""
    sizes = _sequence(value)
    if sizes is None or len(sizes) != len(axes):
        whole = sizes is not None and len(sizes) == len(axes) + 2
        raise ValueError(
            refusal(
                f"{name} is {_listed(axes)}, without batch and channels.",
                f"{name}={value!r}",
                repr(sizes[1:-1]) if whole else f"{len(axes)} integers",
            )
        )
    return per_axis(name, sizes, axes)


def checked_windows(windows: Any) -> list[tuple[int, int]]:
    """Return (start, stop) pairs with start <= stop; either may be negative."""
    pairs = _sequence(windows)
    if pairs is None or any(len(_sequence(pair) or ()) != 2 for pair in pairs):
        raise ValueError(
            refusal(
                "windows is a sequence of (start, stop), one for each spatial axis.",
                f"windows={windows!r}",
                "[(0, 3), (0, 3)]",
            )
        )
    checked = []
    for start, stop in pairs:
        start = integer("start", start, least=-(2**62))
        checked.append((start, integer("stop", stop, least=start)))
    return checked


# ----------------------------------------------------------------------------------- inside


@contextmanager
def _along(axis: str) -> Iterator[None]:
    """Say along which axis a size was refused."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"Along the {axis}: {error}") from None


def _call(x: np.ndarray, kernel: np.ndarray, axes: Sequence, groups: int) -> Call:
    compute, answer = working_dtypes(x, kernel)
    return Call(
        x.astype(compute, copy=False),
        kernel.astype(compute, copy=False),
        tuple(axes),
        groups,
        answer,
    )


def _match_channels(expected: int, kernel: np.ndarray, *, axis: int, groups: int) -> None:
    if kernel.shape[axis] == expected:
        return
    other = -1 if axis == -2 else -2
    hint = ""
    if kernel.shape[other] == expected:
        hint = (
            " The last two axes look swapped: a convolution takes (..., in, out), "
            "its transpose (..., out, in)."
        )
    grouped = f" // groups = {expected * groups} // {groups}" if groups > 1 else ""
    legal = list(kernel.shape)
    legal[axis] = expected
    if hint:
        legal[other] = kernel.shape[axis]
    raise ValueError(
        refusal(
            f"kernel axis {kernel.ndim + axis} must match the channels of x{grouped}.",
            f"{kernel.shape[axis]} in a kernel of shape {kernel.shape}, {expected} in x",
            f"a kernel of shape {tuple(legal)}",
        )
        + hint
    )


def _paddings(padding: Any, axes: Sequence[str]) -> tuple:
    """Return one padding for each axis, as `shapes` takes it."""
    if len(axes) == 1 and isinstance(padding, str):
        # Before and after exist in time: causal padding is for one axis only, as in Keras.
        return (padding_name(padding, ("valid", "same", "causal")),)
    pairs = _sequence(padding)
    if pairs is None:
        return (padding,) * len(axes)
    entries = [_sequence(pair) for pair in pairs]
    if len(pairs) != len(axes) or any(entry is None or len(entry) != 2 for entry in entries):
        # A flat pair is (height, width) in PyTorch and (before, after) in np.pad: not guessed.
        sides = {"height": "(top, bottom)", "width": "(left, right)"}
        names = "'valid', 'same', 'causal'" if len(axes) == 1 else "'valid', 'same'"
        raise ValueError(
            refusal(
                f"padding is {names}, an int, or "
                f"{_listed([sides.get(axis, '(before, after)') for axis in axes])}.",
                f"padding={padding!r}",
                {
                    1: "((1, 2),) for 1 before and 2 after",
                    2: "((1, 1), (2, 2)) for 1 above and below, 2 left and right",
                    3: "((1, 1), (2, 2), (0, 0)) for two, four and no pixels in all",
                }[len(axes)],
            )
        )
    return tuple(entries)


def _listed(names: Sequence[str]) -> str:
    """Return names as Python writes a tuple: with a comma even after a single one."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _sequence(value: Any) -> tuple | None:
    """Return a sequence as a tuple, and None for a string or a single value."""
    if isinstance(value, str | bytes):
        return None
    try:
        return tuple(value)
    except TypeError:
        return None
