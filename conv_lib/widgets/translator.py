"""The translator: one layer in the words of five frameworks, and how far a typed-in port is from the right one."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Enum, TraitError, TraitType, validate

from conv_lib import shapes
from conv_lib.frameworks import (
    FRAMEWORKS,
    Conversion,
    FrameworkLayer,
    Mismatch,
    convert,
    framework_layer,
    meaning_of,
    mismatch,
    relayout,
    run_layer,
    typed_in,
)
from conv_lib.frameworks.typed import dilation_name, groups_name, stride_name
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import SizeTrait, Tensor, Whole, is_whole

LIMITS = json.loads((STATIC.parent / "translator_limits.json").read_text("utf-8"))
NAMES = {
    "tf": "tf.nn",
    "keras": "Keras",
    "torch": "PyTorch",
    "jax": "JAX, transpose_kernel=True",
    "jax-default": "JAX as it stands",
    "onnx": "ONNX",
}
CANONICAL = {"conv": "SIO", "transposed": "SOI"}


def facts() -> dict[str, Any]:
    """Return what the widget's JavaScript knows of the frameworks: the rows of `FRAMEWORKS` as JSON values.

    `translator_facts.json` holds this; a test compares the two.
    """
    fields = ("calls", "data", "kernels", "flipped", "arguments", "refuses")
    rows = {}
    for name, row in FRAMEWORKS.items():
        rows[name] = {"label": NAMES[name], **{field: getattr(row, field) for field in fields}}
        rows[name]["names"] = {
            operation: {
                "stride": stride_name(name, operation),
                "dilation": dilation_name(name),
                "groups": groups_name(name),
            }
            for operation in ("conv", "transposed")
        }
    return json.loads(json.dumps(rows))


def fresh_input(size: tuple[int, int], channels: int) -> np.ndarray:
    """Small whole numbers, shape (height, width, channels); js/translator/settings.ts has the same."""
    r, c, i = np.indices((*size, channels))
    return np.array([1, 2, 0, 3, 1, 0, 2])[(3 * r + c + 2 * i) % 7]


def fresh_kernel(shape: tuple[int, ...]) -> np.ndarray:
    """Small whole numbers for a kernel; js/translator/settings.ts has the same."""
    r, c, a, b = np.indices(shape)
    return np.array([1, 2, 0, 3, -1, 1, 0, 2, -2, 1, 0])[(4 * r + c + 3 * a + 5 * b) % 11]


class _Padding(TraitType):
    """ "valid", "same", "lower", or (before, after) in pixels for both axes."""

    info_text = '"valid", "same", "lower" (ONNX), or (before, after) in pixels'

    def validate(self, obj: Any, value: Any) -> str | list[int]:
        if value in ("valid", "same", "lower"):
            return value
        pair = [value, value] if is_whole(value) else value
        low, high = LIMITS["before"]
        if (
            isinstance(pair, list | tuple)
            and len(pair) == 2
            and all(is_whole(p) and low <= p <= high for p in pair)
        ):
            return [int(p) for p in pair]
        raise TraitError(f"padding is {self.info_text}, from {low} to {high}. Received: {value!r}")


def _whole(name: str, default: int, **options: Any) -> Whole:
    low, high = LIMITS[name]
    return Whole(low=low, high=high, default_value=default, **options).tag(sync=True)


def _tensor(name: str, axes: dict[str, str]) -> Tensor:
    most = {axis: LIMITS[limit][1] for axis, limit in axes.items()}
    return Tensor(name=name, most=most, default_value=None, allow_none=True).tag(sync=True)


class Translator(BookWidget):
    """Take one layer from one framework to another, and see what a port typed in by hand gets wrong.

    >>> w = Translator(source="keras", target="torch", operation="transposed", stride=2, padding="same")
    >>> w.typed.arguments
    {'stride': 2, 'padding': 1, 'output_padding': 1, 'dilation': 1, 'groups': 1}
    >>> w.mismatch.starts  # the same size, one pixel off
    (1, 1)
    >>> w.conversion.output_pad
    ((0, -1), (0, -1))

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    source, target : "tf", "keras", "torch", "jax", "jax-default" or "onnx"
    operation : "conv" or "transposed"
    size : (int, int)
        Height and width of the input.
    channels : (int, int)
        In and out.
    kernel_size, stride, dilation, groups : int
        The same for both axes.
    padding : "valid", "same", "lower" (ONNX's SAME_LOWER), int, or (before, after)
        What of it a framework takes, it says itself.
    extra : int or None
        output_padding of the transposed layer; for tf.nn, pixels above the smallest legal output_shape.
    shown : "typed" or "converted"
        Which port is laid over the source.
    channel : int
        The output channel that is shown.
    input : array_like, shape (height, width, channels in), or None for small numbers
    kernel : array_like, in TensorFlow's layout, or None for small numbers
        (kh, kw, in // groups, out), or (kh, kw, out // groups, in) for the transposed layer.
    name : str
        Name in links to this widget; unique on a page.
    folded : bool
        Whether the controls start folded away.

    Raises
    ------
    traitlets.TraitError
        For settings that the source framework does not take, or that are too large to draw.
    """

    _esm = STATIC / "translator.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "source",
        "target",
        "operation",
        "size",
        "channels",
        "kernel_size",
        "stride",
        "dilation",
        "groups",
        "padding",
        "extra",
        "shown",
        "channel",
        "input",
        "kernel",
    )

    source = Enum(list(FRAMEWORKS), "keras").tag(sync=True)
    target = Enum(list(FRAMEWORKS), "torch").tag(sync=True)
    operation = Enum(["conv", "transposed"], "transposed").tag(sync=True)
    size = SizeTrait(default_value=[3, 4]).tag(sync=True)
    channels = SizeTrait(default_value=[2, 3]).tag(sync=True)
    kernel_size = _whole("kernelSize", 3)
    stride = _whole("stride", 1)
    dilation = _whole("dilation", 1)
    groups = _whole("groups", 1)
    padding = _Padding(default_value="valid").tag(sync=True)
    extra = _whole("extra", None, allow_none=True)
    shown = Enum(["typed", "converted"], "typed").tag(sync=True)
    channel = Whole(low=0, high=LIMITS["channelsOut"][1] - 1, default_value=0).tag(sync=True)
    input = _tensor("input", {"height": "height", "width": "width", "channels in": "channelsIn"})
    kernel = _tensor(
        "kernel",
        {"height": "kernelSize", "width": "kernelSize", "third axis": "channelsIn", "fourth axis": "channelsOut"},
    )

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        settings.setdefault("name", "translator")
        super().__init__(preset, **settings)
        _layer(self._settings())

    @property
    def layer(self) -> FrameworkLayer:
        """The layer in the words of its source."""
        return _layer(self._settings())

    @property
    def typed(self) -> FrameworkLayer | None:
        """The same numbers typed into the target; None where the target refuses them."""
        try:
            return typed_in(self.layer, self.target)
        except (TypeError, ValueError):
            return None

    @property
    def conversion(self) -> Conversion:
        """The right port."""
        return convert(self.layer, self.target)

    @property
    def mismatch(self) -> Mismatch | None:
        """How far the typed-in port is from the source; None where the target refuses it."""
        typed = self.typed
        return None if typed is None else mismatch(self.layer, typed)

    @property
    def output(self) -> np.ndarray:
        """The layer's output, channels last, shape (height, width, channels out)."""
        return self._run(self.layer)

    @property
    def typed_output(self) -> np.ndarray | None:
        """What the typed-in port returns, channels last."""
        return None if self.typed is None else self._run(self.typed)

    def _run(self, layer: FrameworkLayer) -> np.ndarray:
        x = np.asarray(self._settings()["input"], float)[None]
        if FRAMEWORKS[layer.framework].channels_last:
            return run_layer(layer, x)[0]
        return np.moveaxis(run_layer(layer, np.moveaxis(x, -1, 1)), 1, -1)[0]

    def _settings(self, **changed: Any) -> dict[str, Any]:
        s = {name: changed.get(name, getattr(self, name)) for name in self.state_traits}
        if s["input"] is None:
            s["input"] = fresh_input(tuple(s["size"]), s["channels"][0])
        if s["kernel"] is None:
            s["kernel"] = fresh_kernel(_kernel_shape(s))
        return s

    @validate(*state_traits)
    def _legal(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        s = self._settings(**{name: value})
        limits = [("size", ("height", "width")), ("channels", ("channelsIn", "channelsOut"))]
        for trait, fields in limits:
            for number, field in zip(s[trait] or (), fields, strict=False):
                if not LIMITS[field][0] <= number <= LIMITS[field][1]:
                    raise TraitError(f"{trait} goes up to {LIMITS[field][1]}. Received: {s[trait]}")
            if s[trait] is None:
                raise TraitError(f"{trait} is two whole numbers. Received: None")
        try:
            layer = _layer(s)
            outputs = [axis.output for axis in meaning_of(layer).axes]
        except (TypeError, ValueError) as error:
            raise TraitError(str(error)) from None
        if max(outputs) > LIMITS["side"]:
            raise TraitError(f"The translator draws at most {LIMITS['side']} cells a side. Received: {outputs}")
        if s["channel"] >= s["channels"][1]:
            raise TraitError(f"channel counts the {s['channels'][1]} channels out from 0. Received: {s['channel']}")
        return value

    def figure(self) -> Any:
        """Return a matplotlib Figure: the source's output beside the typed-in one, with differences marked."""
        from conv_lib.figures import overlay_figure

        typed = self.typed_output
        other = typed if self.shown == "typed" and typed is not None else self.output
        names = NAMES[self.source], NAMES[self.target]
        return overlay_figure(self.output[..., self.channel], other[..., self.channel], names)

    def describe(self) -> str:
        """Return the layer and its port in a sentence."""
        result = self.conversion
        right = "The right port is one call" if result.native else "The right port needs a pad or crop"
        return (
            f"{self.layer_words()} in {NAMES[self.source]}, ported to {NAMES[self.target]}. With the same numbers "
            f"typed in: {verdict(self.mismatch, self.operation)} {right}: {result.code}"
        )

    def layer_words(self) -> str:
        """The layer in a few words."""
        kind = "Transposed convolution" if self.operation == "transposed" else "Convolution"
        return (
            f"{kind}, kernel {self.kernel_size}, stride {self.stride}, padding {self.padding}, input "
            f"{self.size[0]} × {self.size[1]}, {self.channels[0]} channels to {self.channels[1]}"
        )


def verdict(found: Mismatch | None, operation: str) -> str:
    """Return a mismatch in a sentence; js/translator/words.ts has its own, longer one."""
    if found is None:
        return "the target refuses them."
    if found.same:
        return "the same values."
    where = "result" if operation == "transposed" else "input"
    parts = []
    if any(found.sizes):
        parts.append(f"another size, by {found.sizes[0]:+d} rows and {found.sizes[1]:+d} columns")
    if any(found.starts):
        parts.append(f"a window {found.starts[0]:+d} rows and {found.starts[1]:+d} columns off in the {where}")
    if found.turned:
        parts.append("a kernel turned by 180 degrees")
    return "; ".join(parts) + "."


def _kernel_shape(s: dict[str, Any]) -> tuple[int, ...]:
    ins, outs = s["channels"]
    k, groups = s["kernel_size"], s["groups"]
    if s["operation"] == "conv":
        return k, k, max(ins // groups, 1), outs
    return k, k, max(outs // groups, 1), ins


def _layer(s: dict[str, Any]) -> FrameworkLayer:
    """Return the layer of settings in the words of its source; ValueError for what is not legal."""
    ins, outs = s["channels"]
    groups, operation, source = s["groups"], s["operation"], s["source"]
    if ins % groups or outs % groups:
        raise ValueError(f"groups must divide {ins} channels in and {outs} out. Received: {groups}")
    x, kernel = np.asarray(s["input"], float), np.asarray(s["kernel"], float)
    if x.shape != (*s["size"], ins):
        raise ValueError(f"input has the shape {(*s['size'], ins)}. Received: {x.shape}")
    if kernel.shape != _kernel_shape(s):
        raise ValueError(f"kernel has the shape {_kernel_shape(s)}. Received: {kernel.shape}")
    row = FRAMEWORKS[source]
    flip = row.flipped and operation == "transposed"
    kernel = relayout(kernel, CANONICAL[operation], row.kernels[operation], flip=flip)
    return framework_layer(source, operation, kernel, tuple(s["size"]), **_arguments(s))


def _arguments(s: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the source as one would write them."""
    source, operation, padding, extra = s["source"], s["operation"], s["padding"], s["extra"]
    how = {stride_name(source, operation): s["stride"], dilation_name(source): s["dilation"]}
    known = FRAMEWORKS[source].arguments[operation]
    transposed = operation == "transposed"
    if groups_name(source) in known:
        how[groups_name(source)] = s["groups"]
    if s["groups"] > 1 and transposed and source in ("tf", "keras", "jax", "jax-default"):
        raise ValueError(f"{FRAMEWORKS[source].calls[operation]} has no groups. Received: {s['groups']}")
    if extra is not None and (not transposed or source.startswith("jax")):
        raise ValueError(f"{FRAMEWORKS[source].calls[operation]} has no extra pixels. Received: extra={extra}")
    if padding == "lower" and source != "onnx":
        raise ValueError(f"SAME_LOWER is ONNX's. Received: padding='lower' with source={source!r}")
    named = isinstance(padding, str)
    if source == "tf":
        how["padding"] = padding.upper() if named else [[0, 0], list(padding), list(padding), [0, 0]]
        if transposed:
            pads = padding if named else tuple(padding)
            above = extra if extra is not None else (s["stride"] - 1 if padding == "same" else 0)
            sizes = []
            for n in s["size"]:
                legal = shapes.transposed_sizes(
                    n, s["kernel_size"], stride=s["stride"], padding=pads, dilation=s["dilation"]
                )
                if above >= len(legal):
                    raise ValueError(f"extra goes up to {len(legal) - 1}: legal are {list(legal)}. Received: {extra}")
                sizes.append(legal[above])
            how["output_shape"] = tuple(sizes)
        return how
    if source == "onnx":
        names = {"same": "SAME_UPPER", "lower": "SAME_LOWER", "valid": "VALID"}
        how |= {"auto_pad": names[padding]} if named else {"pads": tuple(p for p in padding for _ in (0, 1))}
    elif source == "torch":
        if not named and padding[0] != padding[1]:
            raise ValueError(f"PyTorch pads both ends alike. Received: {tuple(padding)}")
        how["padding"] = padding if named else padding[0]
    elif source == "keras":
        how["padding"] = padding if named else tuple(padding)
    else:
        how["padding"] = padding.upper() if named else (tuple(padding), tuple(padding))
    if transposed and extra is not None:
        if source == "onnx" and extra >= s["stride"]:
            raise ValueError(f"ONNX Runtime takes an output_padding below the stride only. Received: {extra}")
        how["output_padding"] = extra
    return how
