"""The size ruler: one axis of a convolution, of its transpose, or of a stack of layers, drawn to scale."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from traitlets import Enum, Int, TraitError, TraitType, Unicode, observe, validate

from conv_lib import shapes
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import is_whole, whole

LIMITS = json.loads((STATIC.parent / "ruler_limits.json").read_text("utf-8"))
_PARTS = ("kernel", "stride", "dilation")


class AxisPadding(TraitType):
    """ "valid", "same", a number of pixels, or (before, after): padding along one axis."""

    info_text = '"valid", "same", an int, or (before, after)'

    def validate(self, obj: Any, value: Any) -> str | list[int]:
        """Return the padding as a word or as a list of two, or say what is wrong with it."""
        if isinstance(value, str) and value.lower() in ("valid", "same"):
            return value.lower()
        most = LIMITS["padBefore"][1]
        return _pair("padding", value, (most, most), self.info_text)


class TorchPair(TraitType):
    """(padding, output_padding) of a PyTorch layer."""

    def validate(self, obj: Any, value: Any) -> list[int]:
        """Return the two as a list, or say what is wrong with them."""
        most = (LIMITS["torchPadding"][1], LIMITS["torchOutputPadding"][1])
        return _pair("torch", value, most, "(padding, output_padding)")


class LayerList(TraitType):
    """Layers of a stack: dicts with kernel and, if not 1, 1 and "valid", stride, dilation and padding."""

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return the layers as dicts with all four entries, or say what is wrong with them."""
        most = LIMITS["layers"][1]
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= most:
            raise TraitError(f"layers is a list of 1 to {most} dicts. Received: {str(value)[:60]}")
        return [_layer(number, layer) for number, layer in enumerate(value, 1)]


class SizeRuler(BookWidget):
    """Measure one axis: where windows stand, what they miss, which sizes are legal, what a pixel sees.

    >>> w = SizeRuler(size=13, kernel=6, stride=5)
    >>> w.output
    2
    >>> w.padding = "same"
    >>> w.output
    3

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    mode : "conv", "transpose" or "stack"
    size, kernel, stride, dilation : int
        In pixels along the axis; "stack" uses only `size`.
    padding : "valid", "same", int or (before, after)
        For "transpose", the padding of the convolution that is transposed.
    output_size : int or None
        For "transpose", one of the legal sizes; None is the default of `conv_lib.conv2d_transpose`.
        It falls back to None when another setting makes it illegal.
    torch : (padding, output_padding)
        For "transpose": the PyTorch layer whose window is shown beside. What PyTorch refuses is shown as refused.
    layers : list of dict
        For "stack": `{"kernel": 3, "stride": 1, "dilation": 2, "padding": "same"}`; stride and dilation are 1 and
        padding is "valid" where they are not given.
    view : "auto", "whole", "ends" or "close"
        How an axis with many pixels is shown.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "ruler.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "mode",
        "size",
        "kernel",
        "stride",
        "dilation",
        "padding",
        "output_size",
        "torch",
        "layers",
        "view",
    )

    name = Unicode("size-ruler", help="Name in links to this widget; unique on a page.").tag(sync=True)
    mode = Enum(["conv", "transpose", "stack"], "conv").tag(sync=True)
    # js/ruler/traits.ts has the same defaults.
    size = whole(LIMITS, "size", 6)
    kernel = whole(LIMITS, "kernel", 3)
    stride = whole(LIMITS, "stride", 1)
    dilation = whole(LIMITS, "dilation", 1)
    padding = AxisPadding(default_value="valid").tag(sync=True)
    output_size = Int(None, allow_none=True).tag(sync=True)
    torch = TorchPair(default_value=[0, 0]).tag(sync=True)
    layers = LayerList(
        default_value=[{"kernel": 3, "stride": 1, "dilation": 1, "padding": "valid"} for _ in range(2)]
    ).tag(sync=True)
    view = Enum(["auto", "whole", "ends", "close"], "auto").tag(sync=True)

    @property
    def output(self) -> int:
        """The size of the output, of the last layer in a stack, by `conv_lib.shapes`."""
        return _output({name: getattr(self, name) for name in self.state_traits})

    @property
    def window(self) -> tuple[int, int]:
        """For "transpose": the window of the full result that the output keeps."""
        if self.mode != "transpose":
            raise ValueError(f'window is for mode "transpose". Received: mode={self.mode!r}')
        return shapes.transposed_window(self.size, self.kernel, self.output, **self._options())

    def _options(self) -> dict[str, Any]:
        return _options({name: getattr(self, name) for name in ("stride", "padding", "dilation")})

    @validate(*state_traits)
    def _legal(self, proposal: Any) -> Any:
        changed = proposal["trait"].name
        settings = {name: getattr(self, name) for name in self.state_traits}
        settings[changed] = proposal["value"]
        if changed != "output_size":
            # A size that no longer fits is dropped below, not an error of the setting that changed.
            settings["output_size"] = _still_legal(settings)
        try:
            _output(settings)
        except ValueError as error:
            raise TraitError(str(error)) from None
        return proposal["value"]

    @observe("mode", "size", "kernel", "stride", "padding", "dilation")
    def _drop_illegal_size(self, _change: Any) -> None:
        settings = {name: getattr(self, name) for name in self.state_traits}
        if settings["output_size"] != _still_legal(settings):
            self.output_size = None

    def figure(self) -> Any:
        """Return a matplotlib Figure of the axis."""
        from conv_lib.figures import ruler_figure, stack_figure, windows_figure

        options = self._options()
        if self.mode == "stack":
            return stack_figure(self.size, self.layers)
        if self.mode == "conv":
            return ruler_figure(self.size, self.kernel, **options)
        full = shapes.full_size(self.size, self.kernel, stride=self.stride, dilation=self.dilation)
        if full > MOST_DRAWN or self.stride > 8 or self.dilation > 1 or not isinstance(options["padding"], str):
            return ruler_figure(self.output, self.kernel, transposed=True, **options)
        return windows_figure(self.size, self.kernel, stride=self.stride, padding=options["padding"])

    def describe(self) -> str:
        """Return the axis in a sentence or two."""
        if self.mode == "stack":
            sizes = _sizes(self.size, self.layers)[1:]
            # What a pixel sees and the jump depend on no padding; "valid" asks for no size either.
            plain = [shapes.Layer("conv", **{**layer, "padding": "valid"}) for layer in self.layers]
            steps = [
                f"after layer {number}: {size} pixels, each sees {field.size}, jump {field.jump}"
                for number, (size, field) in enumerate(zip(sizes, shapes.receptive_field(plain), strict=True), 1)
            ]
            return f"A stack of layers on {self.size} pixels; {'; '.join(steps)}."
        words = f"kernel {self.kernel}, stride {self.stride}, padding {self.padding}, dilation {self.dilation}"
        if self.mode == "conv":
            before, after = shapes.padding_pair(self.size, self.kernel, **self._options())
            return (
                f"Convolution of {self.size} pixels, {words}: {self.output} pixels. "
                f"Padding {before} before and {after} after."
            )
        legal = shapes.transposed_sizes(self.size, self.kernel, **self._options())
        start, stop = self.window
        return (
            f"Transposed convolution of {self.size} pixels, {words}: {self.output} pixels, the window {start} to "
            f"{stop - 1} of the full result. Legal sizes: {legal[0]} to {legal[-1]}."
        )


MOST_DRAWN = 40
"""Cells in a row of the static figure that can hold their numbers."""


def _options(settings: dict[str, Any]) -> dict[str, Any]:
    padding = settings["padding"]
    return {
        "stride": settings["stride"],
        "dilation": settings["dilation"],
        "padding": padding if isinstance(padding, str) else tuple(padding),
    }


def _sizes(size: int, layers: list[dict[str, Any]]) -> list[int]:
    """The size before and after each layer."""
    sizes = [size]
    for layer in layers:
        sizes.append(shapes.conv_size(sizes[-1], layer["kernel"], **_options(layer)))
    return sizes


def _output(settings: dict[str, Any]) -> int:
    """The output size of the settings; ValueError where they are not legal."""
    size, kernel = settings["size"], settings["kernel"]
    if settings["mode"] == "stack":
        return _sizes(size, settings["layers"])[-1]
    options = _options(settings)
    if settings["mode"] == "conv":
        return shapes.conv_size(size, kernel, **options)
    wanted = settings["output_size"]
    if wanted is None:
        return shapes.transposed_size(size, kernel, **options)
    shapes.transposed_window(size, kernel, wanted, **options)
    return wanted


def _still_legal(settings: dict[str, Any]) -> int | None:
    wanted = settings["output_size"]
    if wanted is None or settings["mode"] != "transpose":
        return None
    legal = shapes.transposed_sizes(settings["size"], settings["kernel"], **_options(settings))
    return wanted if wanted in legal else None


def _pair(name: str, value: Any, most: tuple[int, int], words: str) -> list[int]:
    pair = [value, value] if is_whole(value) else value
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise TraitError(f"{name} is {words}. Received: {value!r}")
    if not all(is_whole(p) and 0 <= p <= high for p, high in zip(pair, most, strict=True)):
        raise TraitError(
            f"{name} is {words}, in whole pixels from 0 to {most[0]} and {most[1]}. Received: {value!r}"
        )
    return [int(p) for p in pair]


def _layer(number: int, layer: Any) -> dict[str, Any]:
    given = layer if isinstance(layer, dict) else None
    if given is None or not {"kernel"} <= set(given) <= {*_PARTS, "padding"}:
        raise TraitError(
            f"layer {number} is a dict with kernel, and if you like stride, dilation and padding. Received: {layer!r}"
        )
    result: dict[str, Any] = {}
    for part in _PARTS:
        low, high = LIMITS[part]
        value = given.get(part, 1)
        if not (is_whole(value) and low <= value <= high):
            raise TraitError(
                f"{part} of layer {number} is a whole number from {low} to {high}. Received: {value!r}"
            )
        result[part] = int(value)
    padding = given.get("padding", "valid")
    if not isinstance(padding, str) or padding.lower() not in ("valid", "same"):
        raise TraitError(f'padding of layer {number} is "valid" or "same". Received: {padding!r}')
    result["padding"] = padding.lower()
    return result
