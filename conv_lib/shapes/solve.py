"""Settings of one layer that take one size to another, or the reason that none does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from conv_lib._checks import integer, padding_name, refusal
from conv_lib.shapes.axis import (
    Padding,
    conv_size,
    effective_kernel,
    full_size,
    keras_transposed_size,
    transposed_sizes,
)
from conv_lib.shapes.layer import FRAMEWORKS, choice

OPERATIONS = ("conv", "transposed")
# Settings tried in one call, each axis apart: each takes about two microseconds.
MOST_TRIED = 20_000


class Setting(NamedTuple):
    """One way from the size to the wanted size. Tuples have one entry for each axis.

    output_padding : for "transposed" in Keras (None: not given) and PyTorch; None elsewhere
    output_size : for "transposed" in tf.nn, which takes it; None elsewhere
    overlap : "even", "uneven" or "gaps", see `overlap`
    macs : multiply-accumulates for one pair of an input and an output channel
    """

    kernel: int
    stride: int
    padding: tuple[Padding, ...]
    output_padding: tuple[int, ...] | None
    output_size: tuple[int, ...] | None
    dilation: int
    overlap: str
    macs: int


class Rectangular(NamedTuple):
    """A setting with a kernel and a stride for each axis: tuples, all of them.

    overlap : of the worst axis
    macs : multiply-accumulates for one pair of an input and an output channel
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[Padding, ...]
    output_padding: tuple[int, ...] | None
    output_size: tuple[int, ...] | None
    dilation: int
    overlap: str
    macs: int


class Window(NamedTuple):
    """A layer without padding and the window that gives the wanted size exactly.

    window : (start, stop) for each axis. For "conv", of its input, before the layer; for
        "transposed", of its output. A negative start, or a stop beyond the end, adds zeros
        (`conv_lib.zero_extended` takes such windows).
    """

    kernel: int
    stride: int
    dilation: int
    window: tuple[tuple[int, int], ...]


class Answer(NamedTuple):
    """What `find_settings` found.

    settings : the simplest first, at most `limit` of them
    count : how many there are
    reason : why there is none; "" when there are settings
    nearest : for each axis, the sizes reached that are nearest below and above the wanted one
        (the wanted one itself where it is reached; None where there is none on that side)
    window : pad and crop instead; always given
    rectangular : where no setting has one kernel and one stride for all axes, the simplest with
        one of each for each axis; None where there is none, or where there are settings
    """

    settings: tuple[Setting, ...]
    count: int
    reason: str
    nearest: tuple[tuple[int | None, int | None], ...]
    window: Window
    rectangular: Rectangular | None


def overlap(kernel: int, stride: int, *, dilation: int = 1) -> str:
    """Return how the windows (or stamps) of neighbouring pixels overlap.

    >>> overlap(4, 2), overlap(3, 2), overlap(1, 2)
    ('even', 'uneven', 'gaps')

    "even": away from the borders every pixel is covered equally often (kernel mod stride is 0);
    "gaps": some are never covered: kernel < stride, or stride and dilation share a divisor;
    "uneven": all others.
    """
    kernel, stride = integer("kernel", kernel), integer("stride", stride)
    # Taps fall on the residues i * dilation mod stride.
    if kernel < stride or math.gcd(stride, integer("dilation", dilation)) > 1:
        return "gaps"
    return "uneven" if kernel % stride else "even"


def find_settings(
    size: int | Sequence[int],
    wanted: int | Sequence[int],
    *,
    operation: str = "transposed",
    framework: str = "keras",
    kernels: Iterable[int] | int = range(1, 17),
    strides: Iterable[int] | int = range(1, 9),
    dilations: Iterable[int] | int = 1,
    paddings: Iterable[int] | int | None = None,
    padding: str | int | None = None,
    limit: int = 20,
) -> Answer:
    """Find all settings of a layer that take `size` to `wanted`.

    >>> for setting in find_settings(80, 160, framework="torch").settings[:3]:
    ...     print(setting.kernel, setting.stride, setting.padding, setting.overlap)
    2 2 (0,) even
    4 2 (1,) even
    6 2 (2,) even
    >>> answer = find_settings((46, 62), (368, 489), kernels=16, strides=8)
    >>> answer.settings, answer.nearest
    ((), ((368, 368), (489, 489)))
    >>> answer.window.window
    ((4, 372), (7, 496))
    >>> wide = find_settings((4, 4), (4, 12), strides=range(1, 4), kernels=range(1, 4)).rectangular
    >>> wide.kernel, wide.stride, wide.padding
    ((1, 3), (1, 3), ('same', 'same'))
    >>> exact = find_settings((46, 62), (368, 489), kernels=16, strides=8, framework="tf")
    >>> exact.settings[0].padding, exact.settings[0].output_size
    (('same', 'same'), (368, 489))

    Order, simplest first: no gaps; no output_padding; no dilation; the smaller kernel (cheaper);
    names before numbers, the smaller padding, the smaller output_padding; the smaller stride.

    Parameters
    ----------
    size, wanted : int, or one for each of 1 to 3 axes
        Axes share kernel, stride and dilation. They share the padding too where that works, and
        only else have their own. Keras takes output_padding for all axes or none.
    operation : "transposed" or "conv"
    framework : "keras", "tf" (tf.nn) or "torch"
    kernels, strides, dilations, paddings : int or ints
        The limits. `paddings` in pixels, for tf.nn and PyTorch, which have it ("conv" and
        "transposed" alike; the same at both ends); None: 0 up to effective kernel - 1, since more
        would pad with windows of nothing but zeros, or crop whole stamps. At most 20,000
        combinations, counted on each axis.
    padding : "valid", "same" or int, optional
        Only this one. "valid" and 0 are the same; "same" in PyTorch is its padding="same".

    Raises
    ------
    ValueError
        For limits that are empty or allow more combinations.
    """
    choice("operation", operation, OPERATIONS)
    choice("framework", framework, FRAMEWORKS)
    sizes, wishes = _axes("size", size), _axes("wanted", wanted)
    if len(sizes) != len(wishes):
        raise ValueError(
            refusal(
                "size and wanted have the same axes.",
                f"size={size!r}, wanted={wanted!r}",
                f"{len(sizes)} sizes",
            )
        )
    limit = integer("limit", limit)
    only = None if padding is None else _only_padding(padding, framework)
    if isinstance(only, int):
        paddings = only
    pads = None if paddings is None else _limits("paddings", paddings, least=0)
    shapes = _combinations(
        [
            _limits("kernels", kernels),
            _limits("strides", strides),
            _limits("dilations", dilations),
        ],
        pads,
        axes=len(sizes),
    )
    families = _FAMILIES[framework, operation]
    if only is not None:
        families = _restricted(families, only, (framework, operation) == ("torch", "conv"))
    found, alone = [], [[] for _ in sizes]
    for kernel, stride, dilation in shapes:
        amounts = range(effective_kernel(kernel, dilation)) if pads is None else pads
        fits = [
            [
                (family.padding, family.output_padding_for(there))
                for family in families(here, kernel, stride, dilation, amounts)
                if there in family.sizes
            ]
            for here, there in zip(sizes, wishes, strict=True)
        ]
        for fitting, axis in zip(alone, fits, strict=True):
            fitting += [((kernel, stride, dilation), *fit) for fit in axis]
        for chosen in _together(fits):
            padding, extra = zip(*chosen, strict=True)
            pixels = sizes if operation == "transposed" else wishes
            found.append(
                Setting(
                    kernel=kernel,
                    stride=stride,
                    padding=padding,
                    output_padding=None if None in extra else extra,
                    output_size=wishes if (framework, operation) == ("tf", "transposed") else None,
                    dilation=dilation,
                    overlap=overlap(kernel, stride, dilation=dilation),
                    macs=math.prod(pixels) * kernel ** len(sizes),
                )
            )
    found.sort(key=lambda setting: _effort(setting, framework))
    nearest, reason, rectangular = tuple((there, there) for there in wishes), "", None
    if not found:
        rectangular = _rectangular(alone, sizes, wishes, operation, framework)
        nearest = tuple(
            _nearest(here, there, shapes, pads, families)
            for here, there in zip(sizes, wishes, strict=True)
        )
        reason = _foreign(only, shapes, operation, framework) or _reason(
            sizes, wishes, nearest, shapes, operation, framework
        )
    return Answer(
        settings=tuple(found[:limit]),
        count=len(found),
        reason=reason,
        nearest=nearest,
        window=_window(sizes, wishes, shapes, operation),
        rectangular=rectangular,
    )


# ------------------------------------------------------------ what one padding reaches


class _Family(NamedTuple):
    """The sizes that one padding reaches, in ascending order of output_padding."""

    padding: Padding
    sizes: range
    output_padding: int | None = None  # that of sizes[0]

    def output_padding_for(self, size: int) -> int | None:
        if self.output_padding is None:
            return None
        return self.output_padding + size - self.sizes[0]


def _only(size: int) -> range:
    return range(size, size + 1) if size > 0 else range(0)


def _padded_conv(
    size: int, kernel: int, stride: int, dilation: int, amounts: Iterable[int]
) -> Iterator[_Family]:
    """`conv_size` for many paddings."""
    room = size - effective_kernel(kernel, dilation)
    for amount in amounts:
        yield _Family(amount, _only((room + 2 * amount) // stride + 1))


def _named_conv(size: int, kernel: int, stride: int, dilation: int) -> Iterator[_Family]:
    yield _Family("valid", _only((size - effective_kernel(kernel, dilation)) // stride + 1))
    yield _Family("same", _only(conv_size(size, kernel, stride=stride, padding="same")))


def _keras_conv(size, kernel, stride, dilation, amounts):
    if stride == 1 or dilation == 1:
        yield from _named_conv(size, kernel, stride, dilation)


def _tf_conv(size, kernel, stride, dilation, amounts):
    yield from _named_conv(size, kernel, stride, dilation)
    # No padding is "valid".
    yield from _padded_conv(size, kernel, stride, dilation, filter(None, amounts))


def _torch_conv(size, kernel, stride, dilation, amounts):
    # Only an even span makes "same" more than a number.
    if stride == 1 and effective_kernel(kernel, dilation) % 2 == 0:
        yield _Family("same", _only(size))
    yield from _padded_conv(size, kernel, stride, dilation, amounts)


def _keras_transposed(size, kernel, stride, dilation, amounts):
    if stride > 1 and dilation > 1:
        return
    how = {"stride": stride, "dilation": dilation}
    for padding in ("valid", "same"):
        yield _Family(padding, _only(keras_transposed_size(size, kernel, padding=padding, **how)))
        # An even span with "same" and output_padding 0 has no legal size.
        least = int(padding == "same" and effective_kernel(kernel, dilation) % 2 == 0)
        if least < stride:
            smallest = keras_transposed_size(
                size, kernel, padding=padding, output_padding=least, **how
            )
            yield _Family(padding, range(smallest, smallest + stride - least), least)


def _tf_transposed(size, kernel, stride, dilation, amounts):
    how = {"stride": stride, "dilation": dilation}
    for padding in ("valid", "same"):
        yield _Family(padding, transposed_sizes(size, kernel, padding=padding, **how))
    if dilation == 1:  # tf.nn.conv2d_transpose takes dilation with padding by name only
        full = full_size(size, kernel, **how)
        for amount in filter(None, amounts):
            smallest = full - 2 * amount
            yield _Family(amount, range(max(smallest, 1), max(smallest + stride, 1)))


def _torch_transposed(size, kernel, stride, dilation, amounts):
    full = full_size(size, kernel, stride=stride, dilation=dilation)
    choices = max(stride, dilation)
    for amount in amounts:
        smallest = full - 2 * amount
        least = max(1 - smallest, 0)
        yield _Family(amount, range(smallest + least, smallest + max(choices, least)), least)


_FAMILIES = {
    ("keras", "conv"): _keras_conv,
    ("keras", "transposed"): _keras_transposed,
    ("tf", "conv"): _tf_conv,
    ("tf", "transposed"): _tf_transposed,
    ("torch", "conv"): _torch_conv,
    ("torch", "transposed"): _torch_transposed,
}


# ----------------------------------------------------------------------------------- inside


def _only_padding(padding: str | int, framework: str) -> Padding:
    """Return the padding as the framework writes it."""
    only = padding_name(padding) if isinstance(padding, str) else integer("padding", padding, least=0)
    if framework == "torch":
        return 0 if only == "valid" else only
    return only or "valid"


def _restricted(
    families: Callable[..., Iterator[_Family]], only: Padding, torch_conv: bool
) -> Callable[..., Iterator[_Family]]:
    """Return `families` without those of another padding."""

    def restricted(size, kernel, stride, dilation, amounts):
        span = effective_kernel(kernel, dilation)
        # `_torch_conv` writes "same" with an odd span as a number.
        number = torch_conv and only == "same" and stride == 1 and span % 2 == 1
        for family in families(size, kernel, stride, dilation, amounts):
            if family.padding == (span // 2 if number else only):
                yield family

    return restricted


def _foreign(only: Padding | None, shapes, operation: str, framework: str) -> str:
    """Say that the framework has no such padding, or nothing."""
    if framework == "keras" and isinstance(only, int):
        return 'Keras pads by name only: "valid" or "same".'
    if framework == "torch" and only == "same":
        if operation == "transposed":
            return "PyTorch's transposed convolution takes padding in pixels, not by name."
        if all(stride > 1 for _, stride, _ in shapes):
            return 'PyTorch takes padding="same" at stride 1 only.'
    if (framework, operation) == ("tf", "transposed") and isinstance(only, int):
        if all(dilation > 1 for _, _, dilation in shapes):
            return "tf.nn.conv2d_transpose takes dilation with padding by name only."
    return ""


def _together(fits: Sequence[list[tuple]]) -> Iterator[tuple]:
    """Combine what fits each axis: the same padding on all, or each its simplest in pixels."""
    common, by_padding = False, []
    for axis in fits:
        extras_of: dict[Padding, list] = {}
        for padding, extra in axis:
            extras_of.setdefault(padding, []).append(extra)
        by_padding.append(extras_of)
    for padding in by_padding[0]:
        choices = [extras_of.get(padding, []) for extras_of in by_padding]
        # Not given (None) on every axis, or given on every axis.
        if all(None in extras for extras in choices):
            common = True
            yield tuple((padding, None) for _ in fits)
        elif all(any(extra is not None for extra in extras) for extras in choices):
            common = True
            yield tuple(
                (padding, next(extra for extra in extras if extra is not None))
                for extras in choices
            )
    if not common:
        own = [
            [(extra or 0, amount) for amount, extra in axis if not isinstance(amount, str)]
            for axis in fits
        ]
        if all(own):
            simplest = [min(choices) for choices in own]
            given = any(extra is not None for _, extra in fits[0])
            yield tuple((amount, extra if given else None) for extra, amount in simplest)


def _effort(setting: Setting, framework: str) -> tuple:
    extra = setting.output_padding
    named = isinstance(setting.padding[0], str)
    return (
        setting.overlap == "gaps",
        extra is not None and (framework == "keras" or any(extra)),
        setting.dilation,
        setting.kernel,
        not named,
        setting.padding if named else (sum(setting.padding), *setting.padding),
        extra or (),
        setting.stride,
    )


NUMBER = "\uffff"  # sorts behind all names


def _rectangular(alone, sizes, wishes, operation, framework) -> Rectangular | None:
    """Combine what fits each axis alone, with a kernel and a stride of its own."""
    groups: list[dict[tuple, tuple]] = []
    for axis in alone:
        simplest: dict[tuple, tuple] = {}
        for (kernel, stride, dilation), padding, extra in axis:
            # What a call takes for all axes: dilation, a padding by name, and output_padding or none.
            name = padding if isinstance(padding, str) else NUMBER
            used = extra is not None if framework == "keras" else bool(extra)
            amount = 0 if isinstance(padding, str) else padding
            gaps = overlap(kernel, stride, dilation=dilation) == "gaps"
            effort = (gaps, used, kernel, amount, extra or 0, stride)
            group = (dilation, name, extra is not None)
            if group not in simplest or effort < simplest[group][0]:
                simplest[group] = effort, (kernel, stride, padding, extra)
        groups.append(simplest)
    shared = [group for group in groups[0] if all(group in others for others in groups)]
    if not shared:
        return None

    def together(group: tuple) -> tuple:
        gaps, used, kernels, *rest = map(sum, zip(*(axis[group][0] for axis in groups), strict=True))
        dilation, *padding = group
        return gaps, used, dilation, kernels, padding, rest

    best = min(shared, key=together)
    kernel, stride, padding, extra = zip(*(axis[best][1] for axis in groups), strict=True)
    dilation = best[0]
    overlaps = {overlap(*shape, dilation=dilation) for shape in zip(kernel, stride, strict=True)}
    return Rectangular(
        kernel=kernel,
        stride=stride,
        padding=padding,
        output_padding=extra if best[2] else None,
        output_size=wishes if (framework, operation) == ("tf", "transposed") else None,
        dilation=dilation,
        overlap=next(one for one in ("gaps", "uneven", "even") if one in overlaps),
        macs=math.prod(sizes if operation == "transposed" else wishes) * math.prod(kernel),
    )


def _nearest(size, wanted, shapes, pads, families) -> tuple[int | None, int | None]:
    """Return the reached sizes nearest to `wanted`: the largest not above, the smallest above."""
    below = above = None
    for kernel, stride, dilation in shapes:
        amounts = range(effective_kernel(kernel, dilation)) if pads is None else pads
        for family in families(size, kernel, stride, dilation, amounts):
            sizes = family.sizes
            if not sizes:
                continue
            if sizes[0] <= wanted:
                below = max(below or 0, min(sizes[-1], wanted))
            if sizes[-1] >= wanted:
                reached = max(sizes[0], wanted)
                above = reached if above is None else min(above, reached)
    return below, above


def _reason(sizes, wishes, nearest, shapes, operation, framework) -> str:
    parts = []
    for here, there, (below, above) in zip(sizes, wishes, nearest, strict=True):
        if below == there:
            continue
        if below is None and above is None:
            why = (
                "every kernel is larger than the input"
                if operation == "conv"
                else "the padding crops everything away"
            )
            text = f"from {here}, no size is reached at all: {why}"
        elif above is None:
            text = f"from {here}, at most {below} is reached, not {there}"
        elif below is None:
            text = f"from {here}, at least {above} is reached, not {there}"
        else:
            text = f"from {here}, {below} and {above} are reached, not {there}"
        parts.append(text)
    if not parts:
        shared = "kernel, stride and dilation"
        if framework == "keras" and operation == "transposed":
            shared += ", one padding, and output_padding for all axes or none"
        elif framework != "torch":
            shared += " and a padding that the axes may share"
        return f"Each axis alone can be reached, but not all together with one {shared}."
    if framework == "torch" and all(stride == 1 for _, stride, _ in shapes):
        parts.append("at stride 1 the same padding at both ends changes the size in steps of 2")
    return f"Within these limits, {'; '.join(parts)}."


def _window(sizes, wishes, shapes, operation) -> Window:
    """Choose the shape that needs the fewest pixels added or cut, and centre the window."""

    def total(here: int, there: int, kernel: int, stride: int, dilation: int) -> int:
        """Return pixels to add (conv, to the input) or to cut (transposed, from the output)."""
        low, high = (there, here) if operation == "conv" else (here, there)
        return full_size(low, kernel, stride=stride, dilation=dilation) - high

    def effort(shape: tuple[int, int, int]) -> tuple:
        amounts = [total(*pair, *shape) for pair in zip(sizes, wishes, strict=True)]
        kernel, stride, dilation = shape
        # Both ways a negative amount is the worse: input never read, or output never reached.
        worse = sum(max(-amount - (stride - 1) * (operation == "conv"), 0) for amount in amounts)
        gaps = overlap(kernel, stride, dilation=dilation) == "gaps"
        return worse, gaps, sum(map(abs, amounts)), dilation, kernel, stride

    kernel, stride, dilation = shape = min(shapes, key=effort)
    windows = []
    for here, there in zip(sizes, wishes, strict=True):
        amount = total(here, there, *shape)
        if operation == "transposed":
            start = max(amount, 0) // 2
            windows.append((start, start + there))
        elif amount >= 0:
            windows.append((-(amount // 2), here + amount - amount // 2))
        elif -amount < stride:
            windows.append((0, here))  # the last pixels are not read anyway
        else:
            windows.append((-amount // 2, -amount // 2 + here + amount))
    return Window(kernel, stride, dilation, tuple(windows))


def _axes(name: str, value: int | Sequence[int]) -> tuple[int, ...]:
    if not isinstance(value, tuple | list):
        return (integer(name, value),)
    if not 1 <= len(value) <= 3:
        raise ValueError(
            refusal(f"{name} is an int, or one for each of 1 to 3 axes.", f"{name}={value!r}", "1")
        )
    return tuple(integer(f"{name} along axis {axis}", entry) for axis, entry in enumerate(value))


def _limits(name: str, values: Iterable[int] | int, *, least: int = 1) -> tuple[int, ...]:
    """Return one or many integers, sorted, each once."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return (integer(name, values, least=least),)
    listed = list(islice(values, MOST_TRIED + 1))
    if not 0 < len(listed) <= MOST_TRIED:
        raise ValueError(
            refusal(
                f"{name} holds 1 to {MOST_TRIED} integers.",
                "none" if not listed else f"more than {MOST_TRIED}",
                f"range({least}, 17)",
            )
        )
    return tuple(sorted({integer(name, value, least=least) for value in listed}))


def _combinations(
    limits: Sequence[tuple[int, ...]], pads: tuple[int, ...] | None, *, axes: int
) -> list[tuple[int, int, int]]:
    """Return every (kernel, stride, dilation), unless there are too many to try."""
    kernels, strides, dilations = limits
    each = [
        effective_kernel(kernel, dilation) if pads is None else len(pads)
        for kernel, dilation in islice(product(kernels, dilations), MOST_TRIED)
    ]
    tried = sum(each) * len(strides) * axes
    if tried > MOST_TRIED or len(kernels) * len(dilations) > MOST_TRIED:
        raise ValueError(
            refusal(
                f"At most {MOST_TRIED} combinations of kernel, stride, dilation and padding are "
                "tried in one call, counted on each axis.",
                f"{len(kernels)} kernels up to {kernels[-1]}, {len(strides)} strides, "
                f"{len(dilations)} dilations, {axes} axes, "
                f"{'all' if pads is None else len(pads)} paddings",
                "fewer kernels or strides, or paddings in a short range",
            )
        )
    return list(product(kernels, strides, dilations))
