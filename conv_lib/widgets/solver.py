"""The size solver: every setting of a layer that takes one size to another, or every size that one setting gives."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from traitlets import Enum, Int, TraitError, TraitType, Unicode, validate

from conv_lib import shapes
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import EvenPadding, SizeTrait, is_whole, whole

LIMITS = json.loads((STATIC.parent / "solver_limits.json").read_text("utf-8"))
FRAMEWORK_NAMES = {"keras": "Keras", "tf": "tf.nn", "torch": "PyTorch"}


class MaybeWhole(TraitType):
    """A whole number between two limits, or None."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(**options)
        self.low, self.high = low, high

    def validate(self, obj: Any, value: Any) -> int | None:
        """Return `value` as an int or None, or say what is wrong with it."""
        if value is None:
            return None
        if not (is_whole(value) and self.low <= value <= self.high):
            raise TraitError(
                f"{self.name} is a whole number from {self.low} to {self.high}, or None for any. Received: {value!r}"
            )
        return int(value)


class MaybePadding(EvenPadding):
    """Padding, or None for any."""

    info_text = '"valid", "same", one whole number of pixels, or None for any'

    def validate(self, obj: Any, value: Any) -> str | int | None:
        """Return the padding as a word, a number or None, or say what is wrong with it."""
        return None if value is None else super().validate(obj, value)


class SizeSolver(BookWidget):
    """Find what takes one size to another.

    >>> w = SizeSolver(size=(7, 7), wanted=(28, 28))
    >>> w.answer.settings[0].kernel, w.answer.settings[0].stride, w.answer.settings[0].padding
    (4, 4, ('same', 'same'))
    >>> w = SizeSolver(size=(8, 8), wanted=(16, 8))
    >>> w.answer.count, w.answer.rectangular.kernel, w.answer.rectangular.stride
    (0, (2, 1), (2, 1))
    >>> w = SizeSolver(size=(46, 62), wanted=(368, 489), kernel=16, stride=8, padding="same")
    >>> w.answer.count
    0
    >>> w.answer.window.window
    ((4, 372), (7, 496))

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    direction : "up" or "down"
        A transposed convolution, or a convolution.
    size : (height, width)
    wanted : (height, width) or None
        None asks which sizes the setting gives; kernel 3 and stride 2 stand in where none is given.
    kernel, stride : int or None
        For both axes; None: any. Where no single one serves both, the answer has one for each axis.
    dilation : int
    padding : "valid", "same", int or None
        None: any.
    framework : "keras", "tf" or "torch"
        Whose settings are looked at.
    pick : int
        The answer whose code is shown, the simplest is 0; -1 is pad and crop.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "solver.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "direction",
        "size",
        "wanted",
        "kernel",
        "stride",
        "dilation",
        "padding",
        "framework",
        "pick",
    )

    name = Unicode("size-solver", help="Name in links to this widget; unique on a page.").tag(sync=True)
    direction = Enum(["up", "down"], "up").tag(sync=True)
    # js/solver/traits.ts has the same defaults.
    size = SizeTrait(default_value=[7, 7]).tag(sync=True)
    wanted = SizeTrait(default_value=[28, 28]).tag(sync=True)
    kernel = MaybeWhole(low=LIMITS["kernel"][0], high=LIMITS["kernel"][1], default_value=None).tag(sync=True)
    stride = MaybeWhole(low=LIMITS["stride"][0], high=LIMITS["stride"][1], default_value=None).tag(sync=True)
    dilation = whole(LIMITS, "dilation", 1)
    padding = MaybePadding(most=LIMITS["pixels"][1], default_value=None).tag(sync=True)
    framework = Enum(["keras", "tf", "torch"], "keras").tag(sync=True)
    pick = Int(0, min=-1, max=LIMITS["shown"] - 1).tag(sync=True)

    @validate("size", "wanted")
    def _within(self, proposal: Any) -> Any:
        name, value, most = proposal["trait"].name, proposal["value"], LIMITS["height"][1]
        if value is None and name == "size":
            raise TraitError("size is (height, width). Received: None")
        if value is not None and max(value) > most:
            raise TraitError(f"{name} goes up to {most} pixels along an axis. Received: {value!r}")
        return value

    @property
    def answer(self) -> shapes.Answer:
        """All settings that lead to `wanted`, or why there is none, by `conv_lib.shapes.find_settings`."""
        if self.wanted is None:
            raise ValueError("answer is for a wanted size. Received: wanted=None; `sizes` answers that")
        size, wanted = tuple(self.size), tuple(self.wanted)
        kernels, strides = searched(size, wanted, self.dilation)
        return shapes.find_settings(
            size,
            wanted,
            operation="transposed" if self.direction == "up" else "conv",
            framework=self.framework,
            kernels=self.kernel or kernels,
            strides=self.stride or strides,
            dilations=self.dilation,
            padding=self.padding,
            limit=LIMITS["shown"],
        )

    @property
    def sizes(self) -> dict[str | int, tuple[list[int], list[int]]]:
        """For each padding, the sizes along height and width that the setting gives."""
        paddings = ["valid", "same"] if self.padding is None else [self.padding]
        return {padding: tuple(self._sizes(size, padding) for size in self.size) for padding in paddings}

    def _sizes(self, size: int, padding: str | int) -> list[int]:
        how = {"stride": self.stride or 2, "padding": padding, "dilation": self.dilation}
        kernel = self.kernel or 3
        if self.direction == "up":
            return list(shapes.transposed_sizes(size, kernel, **how))
        try:
            return [shapes.conv_size(size, kernel, **how)]
        except ValueError:
            return []

    def query(self) -> str:
        """Return the text behind the question mark of a link to this state, as the page writes it."""
        parts = [
            ("do", self.direction),
            ("from", "x".join(map(str, self.size))),
            ("to", "x".join(map(str, self.wanted)) if self.wanted else None),
            ("kernel", self.kernel if self.wanted else self.kernel or 3),
            ("stride", self.stride if self.wanted else self.stride or 2),
            ("padding", self.padding),
            ("dilation", self.dilation if self.dilation > 1 else None),
            ("in", self.framework),
            ("pick", self.pick if self.wanted and self.pick else None),
        ]
        return "&".join(f"{key}={value}" for key, value in parts if value is not None)

    def figure(self) -> Any:
        """Return a matplotlib Figure of the first answer along the height."""
        from conv_lib.figures import ruler_figure, windows_figure

        how: dict[str, Any] = {"kernel": self.kernel or 3, "stride": self.stride or 2, "dilation": self.dilation}
        padding: Any = "valid" if self.padding is None else self.padding
        small = self.size[0]
        large = (self._sizes(small, padding) or [small])[0]
        if self.wanted:
            answer = self.answer
            first = answer.settings[0] if answer.settings else answer.rectangular or answer.window
            own = first is not answer.window
            kernel, stride = (n[0] if isinstance(n, tuple) else n for n in (first.kernel, first.stride))
            how = {"kernel": kernel, "stride": stride, "dilation": first.dilation}
            padding = first.padding[0] if own else "valid"
            large = self.wanted[0] if own or self.direction == "down" else first.window[0][1]
        if self.direction == "down":
            if not self.wanted and not self._sizes(small, padding):
                padding = "same"
            if self.wanted and not own:
                padding = tuple(max(n, 0) for n in (-first.window[0][0], first.window[0][1] - small))
            return ruler_figure(small, **how, padding=padding)
        named = isinstance(padding, str) and how["dilation"] == 1
        if named and shapes.full_size(small, how["kernel"], stride=how["stride"]) <= 40 and how["stride"] <= 8:
            return windows_figure(small, how["kernel"], stride=how["stride"], padding=padding)
        return ruler_figure(
            max(large, shapes.effective_kernel(how["kernel"], how["dilation"])), **how, padding=padding, transposed=True
        )

    def describe(self) -> str:
        """Return the question and its answer in a sentence or two."""
        layer = "transposed convolution" if self.direction == "up" else "convolution"
        here = _pair(self.size)
        if self.wanted is None:
            each = "; ".join(
                f"padding {padding}: height {_listed(heights)}, width {_listed(widths)}"
                for padding, (heights, widths) in self.sizes.items()
            )
            return f"A {layer} of {here} with kernel {self.kernel or 3}, stride {self.stride or 2}. {each}."
        framework, answer = FRAMEWORK_NAMES[self.framework], self.answer
        question = f"From {here} to {_pair(self.wanted)} with one {layer} of {framework}"
        window = answer.window
        first = answer.settings[0] if answer.settings else answer.rectangular
        if first is None:
            return (
                f"{question}: no setting does it. {answer.reason} With cropping: kernel {window.kernel}, "
                f"stride {window.stride}, and the window {window.window[0]} by {window.window[1]}."
            )
        extra = "" if first.output_padding is None else f", output_padding {_shared(first.output_padding)}"
        found = (
            f"{answer.count} settings. The simplest is"
            if answer.count
            else f"one setting with a kernel and a stride for each axis. {answer.reason} It is"
        )
        return (
            f"{question}: {found} kernel {first.kernel}, stride {first.stride}, "
            f"padding {_shared(first.padding)}{extra}: {first.overlap} overlap, "
            f"{first.macs:,} multiply-adds per channel pair."
        )


def searched(size: tuple[int, ...], wanted: tuple[int, ...], dilation: int) -> tuple[list[int], list[int]]:
    """Return the kernels and strides that are tried: small ones, and those near the ratio of the sizes.

    >>> searched((1, 1), (40, 40), 1)[1][-2:]
    [8, 40]
    """
    near: set[int] = set()
    if dilation == 1:
        for here, there in zip(size, wanted, strict=True):
            high, low = max(here, there), min(here, there)
            near |= {ratio for ratio in (high // low, -(-high // low)) if ratio <= LIMITS["stride"][1]}
    double = {2 * ratio for ratio in near if 2 * ratio <= LIMITS["kernel"][1]}
    return sorted({*range(1, 17), *near, *double}), sorted({*range(1, 9), *near})


def _pair(size: list[int]) -> str:
    return f"{size[0]} × {size[1]}"


def _shared(values: tuple[Any, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(values)


def _listed(sizes: list[int]) -> str:
    if not sizes:
        return "none"
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
