"""The live decoder: a trained generator and its twin with resize-convolution, run in the page."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Dict, Enum, TraitError, TraitType, observe, validate

from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import whole

LIMITS = json.loads((STATIC.parent / "decoder_limits.json").read_text("utf-8"))
REACH = LIMITS["reach"]
"""The latent plane goes from -REACH to REACH both ways."""


class _Point(TraitType):
    """A point of the latent plane."""

    def validate(self, obj: Any, value: Any) -> list[float]:
        try:
            point = np.asarray(value, float)
        except (TypeError, ValueError):
            point = np.zeros(0)
        if point.shape != (2,) or not np.isfinite(point).all() or np.abs(point).max() > REACH:
            raise TraitError(f"z is two numbers from {-REACH} to {REACH}. Received: {str(value)[:60]}")
        return [float(v) for v in point]


class LiveDecoder(BookWidget):
    """Drag a point in the latent plane and watch every layer of a decoder, beside its twin that resizes.

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    decoders : dict
        What `conv_lib.decoders.pack` returns: the weights at every checkpoint, and where real digits lie.
    z : (float, float)
        The point of the latent plane, from -3 to 3.
    checkpoint : int
        Which checkpoint of the training is shown; 0 is before it.
    kind : "k3" or "k4"
        The transposed decoder that stands beside the one that resizes.
    view : "picture" or "pattern"
        Whether all layers are shown as they are, or only what is finest in them.
    layer, channel : int
        The map whose numbers are written out.
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing the training.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "decoder.js"

    state_traits: ClassVar[tuple[str, ...]] = ("decoders", "z", "checkpoint", "kind", "view", "layer", "channel")

    decoders = Dict(help="What conv_lib.decoders.pack returns.").tag(sync=True)
    z = _Point(default_value=[0.0, 0.0], help="The point of the latent plane.").tag(sync=True)
    checkpoint = whole(LIMITS, "checkpoint", 0)
    kind = Enum(["k3", "k4"], "k3", help="The transposed decoder that is shown.").tag(sync=True)
    view = Enum(["picture", "pattern"], "picture").tag(sync=True)
    layer = whole(LIMITS, "layer", 0)
    channel = whole(LIMITS, "channel", 0)

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        if "decoders" not in settings:
            raise TypeError(
                "LiveDecoder needs weights: LiveDecoder(decoders=conv_lib.decoders.pack(film, codes, labels))."
            )
        decoders = settings.pop("decoders")
        super().__init__(None, decoders=decoders)
        if preset is not None or settings:
            self._start(preset, settings)

    def _start(self, preset: str | None, settings: dict[str, Any]) -> None:
        # The base class knows presets and misspelt settings; what it accepts is taken over.
        from conv_lib.figures.presets import PRESETS, WIDGETS

        if preset is not None:
            mine = [name for name, widget in WIDGETS.items() if widget == type(self).__name__]
            if preset not in mine:
                raise ValueError(f"preset is one of {', '.join(mine)}. Received: {preset!r}")
            settings = {**PRESETS[preset], **settings}
        for name, value in settings.items():
            if not self.has_trait(name):
                legal = ", ".join((*self.state_traits, "name", "folded", "playing"))
                raise TypeError(f"LiveDecoder has the settings {legal}. Received: {name!r}.")
            setattr(self, name, value)

    @validate("decoders")
    def _whole_decoders(self, proposal: Any) -> dict[str, Any]:
        from conv_lib.decoders import unpack

        value = proposal["value"]
        try:
            kinds = [model["kind"] for model in value["models"]]
            for kind in kinds:
                for number in range(len(value["steps"])):
                    unpack(value, kind, number)
            if "resize" not in kinds or not {"k3", "k4"} & set(kinds) or len(value["labels"]) != len(value["points"]):
                raise ValueError
        except Exception:
            raise TraitError(
                "decoders is what conv_lib.decoders.pack returns, with the kinds k3 or k4, and resize."
            ) from None
        return value

    @validate("checkpoint")
    def _there(self, proposal: Any) -> int:
        last = len(self.decoders["steps"]) - 1
        if proposal["value"] > last:
            raise TraitError(f"checkpoint is a whole number from 0 to {last}. Received: {proposal['value']}")
        return proposal["value"]

    @observe("decoders")
    def _fewer_checkpoints(self, _change: Any) -> None:
        self.checkpoint = min(self.checkpoint, len(self.decoders["steps"]) - 1)

    def maps(self, kind: str | None = None) -> list[np.ndarray]:
        """Return what every step of a decoder gives at `z`, computed by conv_lib: vectors and maps, in order."""
        from conv_lib.decoders import run_ops, unpack

        kind = kind or self.kind
        model = next(model for model in self.decoders["models"] if model["kind"] == kind)
        results = run_ops(model["ops"], unpack(self.decoders, kind, self.checkpoint), [self.z])
        return [result[0] for result in results]

    def figure(self) -> Any:
        """Return a matplotlib Figure: the plane, and what both decoders draw at every checkpoint."""
        from conv_lib.decoders.figures import live_figure

        return live_figure(self.decoders, self.z, self.checkpoint, self.kind)

    def describe(self) -> str:
        """Return the state in a sentence."""
        from conv_lib.decoders import checkerboard

        found = {kind: checkerboard(self.maps(kind)[-1][None]) for kind in (self.kind, "resize")}
        steps = self.decoders["steps"][self.checkpoint]
        return (
            f"A plane with the places of {len(self.decoders['points'])} test digits, and what two decoders draw at "
            f"({self.z[0]:g}, {self.z[1]:g}), from before training to after it. After {steps} batches the phases of "
            f"the picture stand {found[self.kind]:.4f} apart with transposed convolution (kernel {self.kind[1]}, "
            f"stride 2) and {found['resize']:.4f} with resize-convolution."
        )
