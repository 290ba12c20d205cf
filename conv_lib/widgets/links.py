"""Links that open a widget on a page in a given state: the text that the widget itself would put into the address.

js/*/link.ts (and js/matrix/settings.ts) write and read the same text; tests/test_links.py holds the two together.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

from conv_lib.figures.presets import LABELS, WIDGETS
from conv_lib.widgets.base import BookWidget
from conv_lib.widgets.chain import DecoderRuler
from conv_lib.widgets.channels import ChannelView
from conv_lib.widgets.explorer import ConvExplorer
from conv_lib.widgets.matrix import MatrixView
from conv_lib.widgets.phase import PhaseLab
from conv_lib.widgets.rounding import RoundingCheck
from conv_lib.widgets.ruler import SizeRuler
from conv_lib.widgets.solver import SizeSolver
from conv_lib.widgets.translator import Translator
from conv_lib.widgets.upsampling import UpsamplingBench

CLASSES = {
    one.__name__: one
    for one in (
        ChannelView,
        ConvExplorer,
        DecoderRuler,
        MatrixView,
        PhaseLab,
        RoundingCheck,
        SizeRuler,
        SizeSolver,
        Translator,
        UpsamplingBench,
    )
}


class Link:
    """A link to a widget in one state.

    Attributes
    ----------
    address : str
        Relative to the page it stands on: "#name?query", or "page.html#name?query".
    text : str
    """

    def __init__(self, address: str, text: str) -> None:
        self.address, self.text = address, text

    def __repr__(self) -> str:
        return f"{self.text}: {self.address}"

    def _repr_html_(self) -> str:
        return f'<p class="cb-see"><a href="{html.escape(self.address)}">{html.escape(self.text)}</a></p>'


def see(preset: str, *, to: str, page: str = "", text: str | None = None, **settings: Any) -> Link:
    """Return a link that opens a preset in the widget called `to`.

    >>> see("not-flipped", to="clinic").address
    '#clinic?mode=conv&input=1,2,4,8,16&kernel=1,10,100&stride=1&padding=valid&dilation=1'
    >>> see("stem", to="ruler", page="sizes", text="The stem").address
    'sizes.html#ruler?mode=conv&size=224&kernel=7&stride=2&padding=same&dilation=1'

    Parameters
    ----------
    preset : str
        A name in `conv_lib.figures.PRESETS`; `settings` change it.
    to : str
        The name of a widget of the preset's class on the page.
    page : str
        Another chapter, without its ending; empty for the page that the link stands on.
    text : str, optional
        By default the label of the preset.
    """
    if preset not in WIDGETS:
        raise ValueError(f"preset is one of {', '.join(WIDGETS)}. Received: {preset!r}")
    widget = CLASSES[WIDGETS[preset]](preset, name=to, **settings)
    try:
        address = f"{f'{page}.html' if page else ''}#{to}?{query(widget)}"
    finally:
        widget.close()
    return Link(address, text or f"See it: {LABELS[preset]}")


def query(widget: BookWidget) -> str:
    """Return a widget's state as the text behind the question mark of a link to it."""
    if hasattr(widget, "query"):
        return widget.query()
    parts = _PARTS[type(widget).__name__](widget)
    return "&".join(f"{key}={value}" for key, value in parts)


Parts = list[tuple[str, Any]]


def _explorer(w: Any) -> Parts:
    padding = w.padding if isinstance(w.padding, str) else _row(p for pair in w.padding for p in pair)
    return [
        ("mode", w.mode),
        *([("picture", w.picture)] if w.mode == "transpose" else []),
        ("input", _matrix(w.input)),
        ("kernel", _matrix(w.kernel)),
        ("stride", w.stride),
        ("padding", padding),
        ("dilation", w.dilation),
        *([("output", "x".join(map(str, w.output_size)))] if w.output_size else []),
    ]


def _ruler(w: Any) -> Parts:
    axis = [
        ("kernel", w.kernel),
        ("stride", w.stride),
        ("padding", w.padding if isinstance(w.padding, str) else _row(w.padding)),
        ("dilation", w.dilation),
    ]
    layers = ";".join(f"{x['kernel']},{x['stride']},{x['dilation']},{x['padding']}" for x in w.layers)
    return [
        ("mode", w.mode),
        ("size", w.size),
        *([("layers", layers)] if w.mode == "stack" else axis),
        *([("torch", _row(w.torch))] if w.mode == "transpose" else []),
        *([("output", w.output_size)] if w.output_size is not None else []),
        *([("view", w.view)] if w.view != "auto" else []),
    ]


def _channels(w: Any) -> Parts:
    image, kernel = np.asarray(w.input, float), np.asarray(w.kernel, float)
    counted = [w.counted[key] for key in ("height", "width", "channels", "filters", "kernel", "stride", "groups")]
    counted += [w.counted["padding"], "bias" if w.counted["bias"] else "none"]
    slices = [kernel[..., i, o] for o in range(kernel.shape[3]) for i in range(kernel.shape[2])]
    return [
        ("input", "/".join(_matrix(image[..., c]) for c in range(image.shape[2]))),
        ("kernel", "/".join(map(_matrix, slices))),
        ("bias", "none" if w.bias is None else _row(w.bias)),
        ("stride", w.stride),
        ("padding", w.padding),
        ("groups", w.groups),
        ("channel", w.channel),
        ("count", ",".join(map(str, counted))),
    ]


def _matrix_view(w: Any) -> Parts:
    return [
        ("T", int(w.transposed)),
        ("x", _matrix(w.x)),
        ("y", _matrix(w.y)),
        ("kernel", _matrix(w.kernel)),
        ("stride", w.stride),
        ("padding", w.padding),
        ("dilation", w.dilation),
        ("tab", w.tab),
    ]


def _phase(w: Any) -> Parts:
    kernel = np.asarray(w.kernel, float)
    return [
        ("dims", kernel.ndim),
        ("kernel", _matrix(np.atleast_2d(kernel))),
        ("stride", w.stride),
        ("height", w.height),
        ("width", w.width),
        ("padding", w.padding if isinstance(w.padding, str) else _row(w.padding)),
        ("view", w.view),
        *([("wave", w.wave)] if w.wave else []),
    ]


def _upsampling(w: Any) -> Parts:
    return [
        ("shown", w.shown),
        ("input", _matrix(w.input)),
        ("k3", _matrix(w.transposed3)),
        ("k4", _matrix(w.transposed4)),
        ("resize", _matrix(w.resize)),
        ("shuffle", "|".join(map(_matrix, w.shuffle))),
        ("minus", f"{w.first},{w.second}"),
        ("channels", f"{w.in_channels},{w.out_channels}"),
        ("tab", w.tab),
    ]


def _translator(w: Any) -> Parts:
    return [
        ("from", w.source),
        ("to", w.target),
        ("op", w.operation),
        ("size", "x".join(map(str, w.size))),
        ("channels", "x".join(map(str, w.channels))),
        ("kernel", w.kernel_size),
        ("stride", w.stride),
        ("dilation", w.dilation),
        ("groups", w.groups),
        ("padding", w.padding if isinstance(w.padding, str) else _row(w.padding)),
        ("extra", "none" if w.extra is None else w.extra),
        ("show", w.shown),
        ("channel", w.channel),
        *([] if w.input is None else [("x", _row(np.ravel(w.input)))]),
        *([] if w.kernel is None else [("w", _row(np.ravel(w.kernel)))]),
    ]


_PARTS: dict[str, Callable[[Any], Parts]] = {
    "ConvExplorer": _explorer,
    "DecoderRuler": lambda w: w.parts(),
    "SizeRuler": _ruler,
    "ChannelView": _channels,
    "MatrixView": _matrix_view,
    "PhaseLab": _phase,
    "Translator": _translator,
    "UpsamplingBench": _upsampling,
}


def _matrix(rows: Any) -> str:
    return ";".join(_row(row) for row in rows)


def _row(values: Any) -> str:
    return ",".join(_exact(value) for value in values)


def _exact(value: Any) -> str:
    """A number as JavaScript's String() writes it; `exact` in js/core/numbers.ts."""
    number = float(value)
    if number == 0:
        return "0"
    if 1e-6 <= abs(number) < 1e21:
        text = format(Decimal(repr(number)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return re.sub(r"e([+-])0*", r"e\1", repr(number)).replace(".0e", "e")
