"""The decoder ruler: a chain of layers, the size after each, where pixels are lost and which skips do not fit."""

from __future__ import annotations

import json
import math
import re
from typing import Any, ClassVar, NamedTuple

from traitlets import Enum, TraitError, TraitType, Unicode, validate

from conv_lib import shapes
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import is_whole, whole

LIMITS = json.loads((STATIC.parent / "chain_limits.json").read_text("utf-8"))

# js/chain/layers.ts has the same entries, in the same order, and the same usual values.
_CONV = ("filters", "kernel", "stride", "padding", "dilation")
PARTS: dict[str, tuple[str, ...]] = {
    "conv": (*_CONV, "groups", "bias", "expects"),
    "depthwise": (*_CONV, "bias"),
    "transposed": (*_CONV, "output_padding", "groups", "bias", "expects"),
    "pool": ("name", "kernel", "stride", "padding", "dilation", "ceil"),
    "upsample": ("stride",),
    "shuffle": ("stride",),
    "pad": ("size",),
    "crop": ("size",),
    "resize": ("size",),
    "concat": ("source", "name"),
    "add": ("source", "name"),
    "norm": ("name",),
    "pass": ("name",),
    "flatten": (),
    "dense": ("filters", "bias", "expects"),
    "reshape": ("size",),
    "globalpool": (),
    "unknown": ("name",),
}
PLAIN: dict[str, Any] = {
    "name": "",
    "filters": 1,
    "kernel": [1, 1],
    "stride": [1, 1],
    "padding": "valid",
    "dilation": [1, 1],
    "output_padding": None,
    "groups": 1,
    "bias": True,
    "ceil": False,
    "expects": None,
    "source": 0,
    "size": [],
}
LETTERS = {
    "filters": "f",
    "kernel": "k",
    "stride": "s",
    "padding": "p",
    "dilation": "d",
    "output_padding": "o",
    "groups": "g",
    "bias": "b",
    "ceil": "c",
    "expects": "e",
    "source": "r",
    "size": "z",
    "name": "n",
}
_SIZES = {"pad": (4, 0), "crop": (4, 0), "resize": (2, 1), "reshape": (3, 1)}
_PAIRS = ("kernel", "stride", "dilation", "output_padding")
MOST_LAYERS = LIMITS["layers"][1]


class LayerChain(TraitType):
    """Layers as dicts with what is not as usual, or as the text that links hold."""

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return the layers as dicts, or say what is wrong with them."""
        if isinstance(value, str):
            value = layers_from_text(value)
        if not isinstance(value, list | tuple) or len(value) > MOST_LAYERS:
            raise TraitError(f"layers is a list of at most {MOST_LAYERS} dicts. Received: {str(value)[:60]}")
        return [_compact(_layer(number, layer)) for number, layer in enumerate(value, 1)]


class Stop(NamedTuple):
    """Where a chain ends before its last layer, and why."""

    layer: int
    reason: str


class DecoderRuler(BookWidget):
    """Follow an image through a chain of layers: sizes, parameters, what is lost, and which skips fit.

    >>> w = DecoderRuler(height=28, width=28, channels=1, layers=[{"kind": "pool", "kernel": 2, "stride": 2}] * 2)
    >>> w.output
    (7, 7, 1)
    >>> print(w.accepted())
    every size, from 4 on
    >>> w.query()
    'framework=keras&size=28x28x1&layers=pool.k2.s2;pool.k2.s2'

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    framework : "keras" or "torch"
        Whose size rules.
    height, width, channels : int
        Of the input.
    layers : list of dict, or str
        `{"kind": "conv", "filters": 64, "kernel": 3, "stride": 2, "padding": "same"}`; kernel, stride, dilation,
        padding and output_padding are numbers or (height, width), and what is not given is as usual. Kinds: conv,
        depthwise, transposed, pool, upsample, shuffle, pad, crop, resize, concat, add, norm, pass, flatten, dense,
        reshape, globalpool, unknown. The text of a link is taken too: "conv.f64.k3.s2.psame;upsample.s2".

    Raises
    ------
    traitlets.TraitError
        For a layer that is none. A chain whose sizes do not fit is no error: showing that is what this is for.
    """

    _esm = STATIC / "chain.js"

    state_traits: ClassVar[tuple[str, ...]] = ("framework", "height", "width", "channels", "layers")

    name = Unicode("decoder", help="Name in links to this widget; unique on a page.").tag(sync=True)
    # js/chain/settings.ts has the same defaults.
    framework = Enum(["keras", "torch"], "keras").tag(sync=True)
    height = whole(LIMITS, "height", 28)
    width = whole(LIMITS, "width", 28)
    channels = whole(LIMITS, "channels", 1)
    layers = LayerChain(default_value=[]).tag(sync=True)

    @validate("layers")
    def _sources(self, proposal: Any) -> Any:
        for number, layer in enumerate(proposal["value"], 1):
            if layer["kind"] in ("concat", "add") and layer.get("source", 0) >= number:
                raise TraitError(
                    f"layer {number} joins a skip, which comes from before it: after 0 to {number - 1} layers. "
                    f"Received: source={layer['source']}"
                )
        return proposal["value"]

    @property
    def shapes(self) -> list[tuple[int | None, ...] | None]:
        """The shape of the input and after each layer; None from the layer on where the chain ends."""
        return self._walk()[0]

    @property
    def output(self) -> tuple[int | None, ...] | None:
        """The shape after the last layer, or None where the chain ends before."""
        return self.shapes[-1]

    @property
    def stop(self) -> Stop | None:
        """The layer at which the chain ends, counted from 1, and why; None where every layer runs."""
        return self._walk()[1]

    @property
    def misfits(self) -> list[tuple[int, tuple[int, int], tuple[int, int]]]:
        """Joins that do not fit: (layer, what the skip brings, what it meets)."""
        return self._walk()[2]

    def accepted(self, axis: int = 0, *, returns: bool = False, lossless: bool = False) -> shapes.Accepted:
        """Return the input sizes for which the chain runs and all skips fit, along one axis."""
        layers, skips = self.axis_layers(axis)
        if returns:
            skips.append((0, len(layers)))
        return shapes.accepted_sizes(layers, skips=skips, framework=self.framework, lossless=lossless)

    def axis_layers(self, axis: int) -> tuple[list[shapes.Layer], list[tuple[int, int]]]:
        """Return the layers along one axis as `conv_lib.shapes` takes them, and the skips between them."""
        found: list[shapes.Layer] = []
        skips, places = [], [0]
        for layer in map(_full, self.layers):
            if layer["kind"] in ("concat", "add"):
                if layer["name"] != "crop":
                    skips.append((places[layer["source"]], len(found)))
            elif layer["kind"] in ("pad", "crop", "resize", "flatten", "dense", "reshape", "globalpool", "unknown"):
                raise ValueError(f"Sizes along one axis are for chains of convolutions. Received: {layer['kind']!r}")
            elif layer["kind"] not in ("pass", "norm"):
                found.append(_axis_layer(layer, axis))
            places.append(len(found))
        return found, skips

    def query(self) -> str:
        """Return the text after the question mark of a link that opens this chain."""
        return "&".join(f"{key}={value}" for key, value in self.parts())

    def parts(self) -> list[tuple[str, str]]:
        """Return the keys and values of that text."""
        size = f"{self.height}x{self.width}x{self.channels}"
        return [("framework", self.framework), ("size", size), ("layers", layers_text(self.layers))]

    def figure(self) -> Any:
        """Return a matplotlib Figure of the sizes."""
        from conv_lib.figures import chain_figure

        rows = [("input", self.shapes[0])]
        titles = [f"{n} {_title(_full(layer))}" for n, layer in enumerate(self.layers, 1)]
        rows += list(zip(titles, self.shapes[1:], strict=True))
        return chain_figure(rows, {layer for layer, *_ in self.misfits})

    def describe(self) -> str:
        """Return the chain in a sentence or two."""
        sizes, stop, misfits = self._walk()
        words = f"A chain of {len(self.layers)} layers on {_size_words(sizes[0])}: "
        steps = [_size_words(size) for size in sizes[1:] if size is not None]
        words += ", ".join(f"{n}: {size}" for n, size in enumerate(steps, 1)) + "."
        for layer, brings, meets in misfits:
            ends = f"it brings {_size_words(brings)} and meets {_size_words(meets)}"
            words += f" The skip at layer {layer} does not fit: {ends}."
        if stop:
            words += f" The chain ends at layer {stop.layer}: {stop.reason}"
        return words

    def _walk(self) -> tuple[list[tuple[int | None, ...] | None], Stop | None, list]:
        sizes: list[tuple[int | None, ...] | None] = [(self.height, self.width, self.channels)]
        misfits: list[tuple[int, tuple[int, int], tuple[int, int]]] = []
        stop = None
        for number, layer in enumerate(map(_full, self.layers), 1):
            here = sizes[-1]
            if here is None:
                sizes.append(None)
                continue
            try:
                if layer["kind"] in ("concat", "add"):
                    sizes.append(_joined(layer, here, sizes[layer["source"]], number, misfits))
                else:
                    sizes.append(_after(layer, here, self.framework))
            except ValueError as error:
                stop = Stop(number, str(error))
                sizes.append(None)
        return sizes, stop, misfits


# ----------------------------------------------------------------------------------- inside


def layers_text(layers: list[dict[str, Any]]) -> str:
    """Return layers as links hold them: "conv.f64.k3.psame;pool.nmax.k2.s2"."""
    return ";".join(
        ".".join(
            [
                layer["kind"],
                *(
                    LETTERS[part] + _value_text(part, full[part])
                    for part in PARTS[layer["kind"]]
                    if full[part] != PLAIN[part]
                ),
            ]
        )
        for layer in layers
        for full in [_full(layer)]
    )


def layers_from_text(text: str) -> list[dict[str, Any]]:
    """Return the layers that `layers_text` wrote."""
    parts = {letter: part for part, letter in LETTERS.items()}
    layers = []
    for row in text.split(";") if text else []:
        kind, *rest = row.split(".")
        layer: dict[str, Any] = {"kind": kind}
        for entry in rest:
            part = parts.get(entry[:1])
            value = _value_from(part, entry[1:]) if part else None
            if value is None:
                raise TraitError(f"layers has an entry that cannot be read: {entry[:20]!r} in {row[:60]!r}")
            layer[part] = None if part == "filters" and value == 0 else value
        layers.append(layer)
    return layers


def _value_text(part: str, value: Any) -> str:
    if part == "size":
        return "x".join(map(str, value))
    if part == "filters":
        return str(value or 0)
    if isinstance(value, list):
        return str(value[0]) if value[0] == value[1] else f"{value[0]}x{value[1]}"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _value_from(part: str, text: str) -> Any:
    if part == "name" or (part == "padding" and text in ("same", "valid")):
        return text
    if not re.fullmatch(r"[0-9]{1,6}(x[0-9]{1,6})*", text):
        return None
    numbers = [int(number) for number in text.split("x")]
    if part == "size":
        return numbers
    if part in ("bias", "ceil"):
        return bool(numbers[0])
    if part in (*_PAIRS, "padding"):
        return numbers if len(numbers) == 2 else [numbers[0]] * 2
    return numbers[0]


def _full(layer: dict[str, Any]) -> dict[str, Any]:
    return {**PLAIN, **layer}


def _compact(layer: dict[str, Any]) -> dict[str, Any]:
    return {"kind": layer["kind"], **{p: layer[p] for p in PARTS[layer["kind"]] if layer[p] != PLAIN[p]}}


def _layer(number: int, given: Any) -> dict[str, Any]:
    """A layer with all its entries, checked."""
    if not isinstance(given, dict) or given.get("kind") not in PARTS:
        raise TraitError(f"layer {number} is a dict with a kind: {', '.join(PARTS)}. Received: {str(given)[:60]}")
    kind = given["kind"]
    unknown = set(given) - {"kind", *PLAIN}
    if unknown:
        raise TraitError(f"layer {number}, {kind}, has {', '.join(PARTS[kind])}. Received: {sorted(unknown)}")
    layer = {**PLAIN, **{part: given[part] for part in PARTS[kind] if part in given}, "kind": kind}

    def refuse(part: str, words: str) -> TraitError:
        return TraitError(f"{part} of layer {number} is {words}. Received: {layer[part]!r}")

    def number_in(part: str, name: str) -> None:
        low, high = LIMITS[name]
        if not (is_whole(layer[part]) and low <= layer[part] <= high):
            raise refuse(part, f"a whole number from {low} to {high}")
        layer[part] = int(layer[part])

    for part in (*_PAIRS, "padding"):
        value = layer[part]
        if (part == "output_padding" and value is None) or (part == "padding" and value in ("valid", "same")):
            continue
        low, high = LIMITS[part]
        pair = [value, value] if is_whole(value) else value
        if not (_is_list(pair, 2) and all(is_whole(v) and low <= v <= high for v in pair)):
            raise refuse(part, f"a whole number from {low} to {high}, or two of them")
        layer[part] = [int(v) for v in pair]
    if layer["filters"] is not None:
        number_in("filters", "filters")
    if layer["expects"] is not None:
        number_in("expects", "filters")
    number_in("groups", "groups")
    for part in ("bias", "ceil"):
        if not isinstance(layer[part], bool):
            raise refuse(part, "True or False")
    if not (isinstance(layer["name"], str) and re.fullmatch(r"([A-Za-z_]\w{0,39})?", layer["name"], re.ASCII)):
        raise refuse("name", "the name of a class")
    if not (is_whole(layer["source"]) and layer["source"] >= 0):
        raise refuse("source", "a number of layers")
    if kind == "shuffle" and layer["stride"][0] != layer["stride"][1]:
        raise refuse("stride", "one factor for both axes")
    count, least = _SIZES.get(kind, (0, 0))
    size, high = layer["size"], LIMITS["size"][1]
    if not (_is_list(size, count) and all(is_whole(v) and least <= v <= high for v in size)):
        raise refuse("size", f"{count} whole numbers from {least} to {high}")
    layer["size"] = [int(v) for v in size]
    return layer


def _is_list(value: Any, count: int) -> bool:
    return isinstance(value, list | tuple) and len(value) == count


def _axis_layer(layer: dict[str, Any], axis: int) -> shapes.Layer:
    """The layer along one axis, as `conv_lib.shapes` takes it."""
    kind = layer["kind"]
    if kind in ("upsample", "shuffle"):
        return shapes.Layer("upsample", stride=layer["stride"][axis])
    padding, extra = layer["padding"], layer["output_padding"]
    return shapes.Layer(
        {"depthwise": "conv"}.get(kind, kind),
        layer["kernel"][axis],
        layer["stride"][axis],
        padding if isinstance(padding, str) else padding[axis],
        layer["dilation"][axis],
        output_padding=None if extra is None else extra[axis],
        ceil_mode=layer["ceil"],
    )


def _after(layer: dict[str, Any], here: tuple, framework: str) -> tuple:
    """The shape after a layer; ValueError where there is none."""
    kind = layer["kind"]
    if kind == "unknown":
        raise ValueError(f"What {layer['name'] or 'this layer'} does to sizes is not known here.")
    if kind in ("pass", "norm"):
        return here
    if kind == "flatten":
        return (None if None in here else math.prod(here),)
    if kind == "dense":
        if len(here) == 3 and framework == "torch":
            raise ValueError("nn.Linear works on the last axis, which is the width here: put nn.Flatten before it.")
        if None not in (layer["expects"], here[-1]) and layer["expects"] != here[-1]:
            raise ValueError(f"It was written for {layer['expects']} numbers, and {here[-1]} arrive.")
        return (*here[:-1], layer["filters"])
    if kind == "reshape":
        if None not in here and math.prod(here) != math.prod(layer["size"]):
            raise ValueError(f"{layer['size']} is {math.prod(layer['size'])} numbers, and {math.prod(here)} arrive.")
        return tuple(layer["size"])
    if len(here) == 1:
        raise ValueError("This layer works on a map, and numbers arrive in a flat row.")
    if kind == "globalpool":
        return here[2:]
    if kind == "resize":
        return (*layer["size"], here[2])
    if kind in ("pad", "crop"):
        t, b, left, right = layer["size"]
        sign = 1 if kind == "pad" else -1
        size = here[0] + sign * (t + b), here[1] + sign * (left + right)
        if min(size) < 1:
            raise ValueError(f"Cropping {layer['size']} of {here[:2]} leaves nothing.")
        return (*size, here[2])
    size = tuple(shapes.layer_size(_axis_layer(layer, a), here[a], framework=framework) for a in (0, 1))
    channels, factor = here[2], math.prod(layer["stride"])
    if kind in ("conv", "transposed"):
        channels = layer["filters"]
        groups, cin = layer["groups"], layer["expects"] or here[2]
        if framework == "keras" and kind == "transposed" and groups > 1:
            raise ValueError("Keras' Conv2DTranspose takes no groups.")
        if (cin or 0) % groups or (channels or 0) % groups:
            raise ValueError(f"groups={groups} does not divide the channels.")
    elif kind == "depthwise" and channels is not None:
        channels *= layer["filters"]
    elif kind == "shuffle" and channels is not None:
        if channels % factor:
            raise ValueError(f"{channels} channels arrive, which is no multiple of {factor}.")
        channels //= factor
    return (*size, channels)


def _joined(layer: dict[str, Any], here: tuple, skip: tuple | None, number: int, misfits: list) -> tuple:
    if len(here) == 1 or skip is None or len(skip) == 1:
        raise ValueError("A skip joins two maps.")
    cut = layer["name"] == "crop" and skip[0] >= here[0] and skip[1] >= here[1]
    if not cut and skip[:2] != here[:2]:
        misfits.append((number, skip[:2], here[:2]))
    both = None if None in (here[2], skip[2]) else here[2] + skip[2]
    return (*here[:2], both if layer["kind"] == "concat" else here[2])


def _size_words(size: tuple) -> str:
    return " x ".join("?" if n is None else str(n) for n in size)


_TITLES = {"conv": "convolution", "pool": "pooling", "upsample": "upsampling", "concat": "concatenate"}


def _title(layer: dict[str, Any]) -> str:
    kind = layer["kind"]
    words = layer["name"] if kind in ("pass", "norm", "unknown") else _TITLES.get(kind, kind)
    if kind in ("conv", "depthwise", "transposed", "pool"):
        words += " " + "x".join(map(str, layer["kernel"]))
        if layer["stride"] != [1, 1]:
            words += " stride " + "x".join(map(str, sorted(set(layer["stride"]))))
    return words or kind
