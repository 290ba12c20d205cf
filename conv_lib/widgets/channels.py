"""The channel view: which kernel slice meets which channel, and how the parts add up to one channel out."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Enum, TraitError, TraitType, observe, validate

from conv_lib.figures.presets import PRESETS
from conv_lib.ops import conv2d
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import Tensor, Whole, whole

_FILE = json.loads((STATIC.parent / "channel_limits.json").read_text("utf-8"))
LIMITS = _FILE["fields"]
_START = PRESETS["channels"]
_COUNTED = {
    "height": "countHeight",
    "width": "countWidth",
    "channels": "countChannels",
    "kernel": "countKernel",
    "filters": "countFilters",
    "stride": "countStride",
    "groups": "countGroups",
}


class CountedTrait(TraitType):
    """The sizes of a layer that is counted and not drawn, as a dict; sizes left out keep their default."""

    def validate(self, obj: Any, value: Any) -> dict[str, Any]:
        """Return all sizes, or say what is wrong with them."""
        names = ", ".join(_FILE["counted"])
        if not isinstance(value, dict) or set(value) - set(_FILE["counted"]):
            raise TraitError(f"counted is a dict with the keys {names}. Received: {value!r}")
        sizes = {**_FILE["counted"], **value}
        for name, field in _COUNTED.items():
            low, high = LIMITS[field]
            if type(sizes[name]) is not int or not low <= sizes[name] <= high:
                raise TraitError(f"{name} in counted is a whole number from {low} to {high}. Received: {sizes[name]!r}")
        if sizes["padding"] not in ("valid", "same") or type(sizes["bias"]) is not bool:
            raise TraitError(
                "In counted, padding is 'valid' or 'same' and bias is True or False. "
                f"Received: padding={sizes['padding']!r}, bias={sizes['bias']!r}"
            )
        if sizes["channels"] % sizes["groups"] or sizes["filters"] % sizes["groups"]:
            raise TraitError(
                f"groups in counted must divide channels ({sizes['channels']}) and filters "
                f"({sizes['filters']}). Received: {sizes['groups']}"
            )
        if sizes["padding"] == "valid" and sizes["kernel"] > min(sizes["height"], sizes["width"]):
            raise TraitError(
                f"In counted, a kernel of {sizes['kernel']} does not fit into "
                f"{sizes['height']} × {sizes['width']} with valid padding."
            )
        return sizes


class ChannelView(BookWidget):
    """See one convolution channel by channel: its parts, their sum, and how many numbers it has.

    >>> w = ChannelView(input=[[[1, 10, 100]]], kernel=[[[[1], [1], [1]]]])
    >>> w.output
    array([[[111.]]])
    >>> w.parts(0)[:, 0, 0]
    array([  1.,  10., 100.])
    >>> w.parameters
    3

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    input : array_like, shape (height, width, in_channels)
    kernel : array_like, shape (kernel_height, kernel_width, in_channels // groups, out_channels)
        The layout of TensorFlow and Keras: `layer.get_weights()[0]` of a `Conv2D` as it is.
    bias : array_like, shape (out_channels,), or None
        None is a layer without bias.
    stride, groups : int
    padding : "valid" or "same"
    channel : int
        The channel out that is shown.
    counted : dict
        The sizes in the boxes that only count: height, width, channels, kernel, filters, stride,
        groups, padding, bias. What is left out keeps its default.
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing its sweep.

    Settings that depend on each other change together inside `with w.hold_trait_notifications():`.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal, or too large to draw. The last legal settings stay.
    """

    _esm = STATIC / "channels.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "input",
        "kernel",
        "bias",
        "stride",
        "padding",
        "groups",
        "channel",
        "counted",
    )

    input = Tensor(
        name="input",
        most={name: LIMITS[f][1] for name, f in [("height", "inputHeight"), ("width", "inputWidth")]}
        | {"in_channels": LIMITS["channelsIn"][1]},
        default_value=_START["input"],
    ).tag(sync=True)
    kernel = Tensor(
        name="kernel",
        most={
            "kernel_height": LIMITS["kernelSize"][1],
            "kernel_width": LIMITS["kernelSize"][1],
            "in_channels // groups": LIMITS["channelsIn"][1],
            "out_channels": LIMITS["channelsOut"][1],
        },
        default_value=_START["kernel"],
    ).tag(sync=True)
    bias = Tensor(
        name="bias", most={"out_channels": LIMITS["channelsOut"][1]}, default_value=None, allow_none=True
    ).tag(sync=True)
    stride = whole(LIMITS, "stride")
    padding = Enum(["valid", "same"], "valid").tag(sync=True)
    groups = Whole(low=1, high=LIMITS["channelsIn"][1], default_value=1).tag(sync=True)
    channel = Whole(low=0, high=LIMITS["channelsOut"][1] - 1, default_value=0).tag(sync=True)
    counted = CountedTrait(default_value=dict(_FILE["counted"])).tag(sync=True)

    @property
    def output(self) -> np.ndarray:
        """The layer's output with its bias, shape (height, width, out_channels), computed by conv_lib."""
        return _result(self._settings())

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns: weights and biases."""
        return int(np.size(self.kernel)) + (0 if self.bias is None else len(self.bias))

    def parts(self, channel: int | None = None) -> np.ndarray:
        """Return what each input channel contributes to one channel out, shape (in_channels, height, width).

        The output is their sum, plus the bias. A channel that the groups cut off contributes zeros.
        """
        o = self.channel if channel is None else channel
        x, kernel = np.asarray(self.input, float), np.asarray(self.kernel, float)
        seen = _seen(x.shape[-1], kernel.shape[-1], self.groups, o)
        result = np.zeros((x.shape[-1], *self.output.shape[:2]))
        for m, c in enumerate(seen):
            one = conv2d(
                x[..., c : c + 1], kernel[:, :, m : m + 1, o : o + 1], stride=self.stride, padding=self.padding
            )
            result[c] = one[..., 0]
        return result

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.state_traits}

    @validate(*state_traits)
    def _legal(self, proposal: Any) -> Any:
        changed = proposal["trait"].name
        settings = {**self._settings(), changed: proposal["value"]}
        try:
            _result(settings)
        except ValueError as error:
            raise TraitError(str(error)) from None
        outs = np.shape(settings["kernel"])[-1]
        if changed == "channel" and proposal["value"] >= outs:
            raise TraitError(f"channel counts the {outs} channels out from 0. Received: {proposal['value']}")
        return proposal["value"]

    @observe("kernel")
    def _drop_missing_channel(self, _change: Any) -> None:
        self.channel = min(self.channel, np.shape(self.kernel)[-1] - 1)

    def figure(self) -> Any:
        """Return a matplotlib Figure of the shown channel out: parts and sum."""
        from conv_lib.figures import channels_figure

        settings = self._settings()
        settings.pop("counted")
        return channels_figure(settings.pop("input"), settings.pop("kernel"), **settings)

    def describe(self) -> str:
        """Return the layer in a sentence."""
        shape = tuple(np.shape(self.kernel))
        height, width, outs = self.output.shape
        rows = np.array2string(np.round(self.output[..., self.channel], 3), separator=", ", threshold=1000)
        bias = "no bias" if self.bias is None else f"{outs} biases"
        return (
            f"Convolution of {np.shape(self.input)[-1]} channels to {outs}, groups {self.groups}, "
            f"stride {self.stride}, padding {self.padding}: kernel of shape {shape}, "
            f"{np.size(self.kernel)} weights and {bias}. "
            f"Channel out {self.channel} is the sum of one part for each channel it sees: {' '.join(rows.split())}."
        )


def _seen(ins: int, outs: int, groups: int, o: int) -> range:
    """Which channels in a channel out sees."""
    group = o // (outs // groups)
    return range(group * ins // groups, (group + 1) * ins // groups)


def _result(settings: dict[str, Any]) -> np.ndarray:
    x, kernel = np.asarray(settings["input"], float), np.asarray(settings["kernel"], float)
    y = conv2d(x, kernel, **{name: settings[name] for name in ("stride", "padding", "groups")})
    if settings["bias"] is None:
        return y
    if len(settings["bias"]) != kernel.shape[-1]:
        raise ValueError(
            f"bias has one number for each of the {kernel.shape[-1]} channels out. Received: {len(settings['bias'])}"
        )
    return y + np.asarray(settings["bias"], float)
