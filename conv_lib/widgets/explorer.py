"""The explorer: input, kernel and output of one convolution or transposed convolution, cell by cell."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Enum, TraitError, observe, validate

from conv_lib import shapes
from conv_lib.figures.presets import PRESETS
from conv_lib.ops import conv2d, conv2d_transpose
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import Matrix, PaddingTrait, SizeTrait, whole

LIMITS = json.loads((STATIC.parent / "limits.json").read_text("utf-8"))
_START = PRESETS["start"]


class ConvExplorer(BookWidget):
    """Explore one layer with one channel: change anything, and trace every number.

    >>> w = ConvExplorer(mode="transpose", input=[[1, 1], [1, 1]], kernel=[[1, 1], [1, 1]])
    >>> w.output
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    >>> w.stride = 2
    >>> w.output.shape
    (4, 4)

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    mode : "conv" or "transpose"
    picture : "scatter" or "gather"
        How the transposed layer is drawn. It changes no number.
    input : array_like, shape (height, width)
    kernel : array_like, shape (kernel height, kernel width)
    stride, dilation : int
    padding : "valid", "same", int or ((top, bottom), (left, right))
        For "transpose", the padding of the convolution that is transposed.
    output_size : (height, width) or None
        For "transpose", one of the legal sizes; None is the default of `conv_lib.conv2d_transpose`.
        It falls back to None when another setting makes it illegal.
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing its sweep.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal, or too large to draw. The last legal settings stay.
    """

    _esm = STATIC / "explorer.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "mode",
        "picture",
        "input",
        "kernel",
        "stride",
        "padding",
        "dilation",
        "output_size",
    )

    mode = Enum(["conv", "transpose"], "conv").tag(sync=True)
    picture = Enum(["scatter", "gather"], "scatter").tag(sync=True)
    input = Matrix(name="input", most=LIMITS["inputHeight"][1], default_value=_START["input"]).tag(sync=True)
    kernel = Matrix(name="kernel", most=LIMITS["kernelSize"][1], default_value=_START["kernel"]).tag(sync=True)
    stride = whole(LIMITS, "stride")
    padding = PaddingTrait(most=LIMITS["padTop"][1], default_value="valid").tag(sync=True)
    dilation = whole(LIMITS, "dilation")
    output_size = SizeTrait(default_value=None, allow_none=True).tag(sync=True)

    @property
    def output(self) -> np.ndarray:
        """The layer's output, shape (height, width), computed by conv_lib."""
        return _result({name: getattr(self, name) for name in self.state_traits})

    @validate(*state_traits)
    def _legal(self, proposal: Any) -> Any:
        changed = proposal["trait"].name
        settings = {name: getattr(self, name) for name in self.state_traits}
        settings[changed] = proposal["value"]
        if changed != "output_size":
            # A size that no longer fits is dropped below, not an error of the setting that changed.
            settings["output_size"] = _still_legal(settings)
        try:
            output = _result(settings)
        except ValueError as error:
            raise TraitError(str(error)) from None
        if max(*output.shape, *_full(settings)) > LIMITS["side"]:
            raise TraitError(
                f"The explorer draws at most {LIMITS['side']} cells a side. "
                f"Received: settings that need {max(*output.shape, *_full(settings))}"
            )
        return proposal["value"]

    @observe("mode", "input", "kernel", "stride", "padding", "dilation")
    def _drop_illegal_size(self, _change: Any) -> None:
        settings = {name: getattr(self, name) for name in self.state_traits}
        if settings["output_size"] != _still_legal(settings):
            self.output_size = None

    def figure(self) -> Any:
        """Return a matplotlib Figure of the layer."""
        from conv_lib.figures import layer_figure

        settings = {name: getattr(self, name) for name in self.state_traits}
        settings.pop("picture")
        return layer_figure(settings.pop("input"), settings.pop("kernel"), **settings)

    def describe(self) -> str:
        """Return the layer in a sentence."""
        kind = "Convolution" if self.mode == "conv" else "Transposed convolution"
        rows = np.array2string(np.round(self.output, 3), separator=", ", threshold=1000)
        return (
            f"{kind}: input {_by(self.input)}, kernel {_by(self.kernel)}, stride {self.stride}, "
            f"padding {self.padding}, dilation {self.dilation}, output {_by(self.output)}: "
            f"{' '.join(rows.split())}."
        )


def _by(matrix: Any) -> str:
    height, width = np.shape(matrix)
    return f"{height} × {width}"


def _result(settings: dict[str, Any]) -> np.ndarray:
    x = np.asarray(settings["input"], float)[..., None]
    kernel = np.asarray(settings["kernel"], float)[..., None, None]
    options = {name: settings[name] for name in ("stride", "padding", "dilation")}
    if settings["mode"] == "conv":
        return conv2d(x, kernel, **options)[..., 0]
    return conv2d_transpose(x, kernel, output_shape=settings["output_size"], **options)[..., 0]


def _full(settings: dict[str, Any]) -> list[int]:
    """The sides of what is drawn beside the output: the full result, or the padded input."""
    size, kernel = np.shape(settings["input"]), np.shape(settings["kernel"])
    stride, dilation, padding = (settings[n] for n in ("stride", "dilation", "padding"))
    if settings["mode"] == "transpose":
        return [shapes.full_size(n, k, stride=stride, dilation=dilation) for n, k in zip(size, kernel, strict=True)]
    return [n + sum(p) for n, p in zip(size, _pads(padding), strict=True)]


def _pads(padding: Any) -> Any:
    return [(0, 0), (0, 0)] if isinstance(padding, str) else padding


def _still_legal(settings: dict[str, Any]) -> Any:
    wanted = settings["output_size"]
    if wanted is None or settings["mode"] == "conv":
        return None
    padding = settings["padding"]
    per_axis = (padding, padding) if isinstance(padding, str) else padding
    options = {"stride": settings["stride"], "dilation": settings["dilation"]}
    sizes = zip(np.shape(settings["input"]), np.shape(settings["kernel"]), per_axis, wanted, strict=True)
    legal = all(
        size in shapes.transposed_sizes(n, k, padding=p if isinstance(p, str) else tuple(p), **options)
        for n, k, p, size in sizes
    )
    return wanted if legal else None
