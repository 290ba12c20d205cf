"""The phase lab: where checkerboards come from, as overlap counts, as phase sums, and as a picture."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Enum, TraitError, TraitType, validate

from conv_lib import shapes
from conv_lib.figures.presets import PRESETS
from conv_lib.ops import conv_transpose, overlap_counts, phase_sums
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import is_whole, whole

LIMITS = json.loads((STATIC.parent / "phase_limits.json").read_text("utf-8"))
_START = PRESETS["phase-ones"]


class _Kernel(TraitType):
    """Weights: a list for a strip, a list of rows for an image."""

    def validate(self, obj: Any, value: Any) -> list:
        """Return the kernel as lists, or say what is wrong with it."""
        most = LIMITS["kernelWidth"][1]
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise TraitError(f"kernel must be a list of numbers, or of rows. Received: {str(value)[:60]}") from None
        if array.ndim not in (1, 2) or not array.size or max(array.shape) > most:
            raise TraitError(
                f"kernel must be 1 to {most} weights, or a matrix with 1 to {most} rows and columns. "
                f"Received: shape {array.shape}"
            )
        if not np.isfinite(array).all() or np.abs(array).max() > 1e9:
            raise TraitError(f"kernel must hold finite numbers up to 1e9. Received: {str(value)[:60]}")
        whole = np.vectorize(lambda v: int(v) if v == int(v) else float(v), otypes=[object])
        return whole(array).tolist()


class _Crop(TraitType):
    """ "valid", "same", or the pixels cropped (before, after) on every axis."""

    def validate(self, obj: Any, value: Any) -> str | list[int]:
        """Return the padding as a word or a pair, or say what is wrong with it."""
        if isinstance(value, str) and value.lower() in ("valid", "same"):
            return value.lower()
        low, high = LIMITS["cropBefore"]
        pair = [value, value] if is_whole(value) else value
        pair = pair if isinstance(pair, list | tuple) else []
        if len(pair) != 2 or not all(is_whole(p) and low <= p <= high for p in pair):
            raise TraitError(
                f'padding is "valid", "same", a number of pixels, or (before, after), from {low} to {high}. '
                f"Received: {str(value)[:60]!r}"
            )
        return [int(p) for p in pair]


class PhaseLab(BookWidget):
    """See overlap counts beside phase sums beside the output, and edit the kernel until the checkerboard goes.

    >>> w = PhaseLab(kernel=[1, 2, 3, 5], stride=2, width=4)
    >>> w.counts
    array([1, 1, 2, 2, 2, 2, 2, 2, 1, 1])
    >>> w.sums
    array([4., 7.])
    >>> w.output
    array([1., 2., 4., 7., 4., 7., 4., 7., 3., 5.])
    >>> w.clean
    False

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    kernel : array_like, shape (length,) or (height, width)
        A strip or an image, from one channel to one.
    stride : int
    height, width : int
        Of the flat image of ones; a strip has no height.
    padding : "valid", "same", int, or (before, after)
        Pixels crop the full result, the same on both axes: PyTorch's padding=p, output_padding=op is (p, p - op).
    view : "flat", "photo" or "spectrum"
    wave : int
        The wave of the spectrum, in cycles per 100 input pixels.
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing its sweep.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "phase.js"

    state_traits: ClassVar[tuple[str, ...]] = ("kernel", "stride", "height", "width", "padding", "view", "wave")

    kernel = _Kernel(default_value=_START["kernel"]).tag(sync=True)
    stride = whole(LIMITS, "stride", 2)
    height = whole(LIMITS, "height", 4)
    width = whole(LIMITS, "width", 6)
    padding = _Crop(default_value="valid").tag(sync=True)
    view = Enum(["flat", "photo", "spectrum"], "flat").tag(sync=True)
    wave = whole(LIMITS, "wave", 0)

    @property
    def counts(self) -> np.ndarray:
        """How many input cells reach each output."""
        return overlap_counts(self._size(), np.shape(self.kernel), **self._settings())

    @property
    def sums(self) -> np.ndarray:
        """What the weights of each phase add up to."""
        return phase_sums(np.asarray(self.kernel, float), self.stride)

    @property
    def output(self) -> np.ndarray:
        """What a flat image of ones becomes; computed by conv_lib."""
        kernel = np.asarray(self.kernel, float)[..., None, None]
        return conv_transpose(np.ones((*self._size(), 1)), kernel, **self._settings())[..., 0]

    @property
    def clean(self) -> bool:
        """Whether every phase adds up to the same, beyond rounding."""
        return bool(np.ptp(self.sums) <= 1e-9 * np.abs(np.asarray(self.kernel, float)).sum())

    def _size(self, **proposed: Any) -> tuple[int, ...]:
        now = {name: proposed.get(name, getattr(self, name)) for name in ("kernel", "height", "width")}
        return (now["width"],) if np.ndim(now["kernel"]) == 1 else (now["height"], now["width"])

    def _settings(self) -> dict[str, Any]:
        padding = self.padding
        if not isinstance(padding, str):
            padding = [tuple(padding)] * np.ndim(self.kernel)
        return {"stride": self.stride, "padding": padding}

    @validate("kernel", "stride", "height", "width", "padding")
    def _legal(self, proposal: Any) -> Any:
        proposed = {proposal["trait"].name: proposal["value"]}
        padding = proposed.get("padding", self.padding)
        if isinstance(padding, str):
            return proposal["value"]
        kernel, stride = np.shape(proposed.get("kernel", self.kernel)), proposed.get("stride", self.stride)
        for n, k in zip(self._size(**proposed), kernel, strict=True):
            full = shapes.full_size(n, k, stride=stride)
            if full - sum(padding) < 1:
                raise TraitError(
                    f"padding crops {padding[0]} cells before and {padding[1]} after from a full result of {full}: "
                    "nothing is left"
                )
        return proposal["value"]

    def figure(self) -> Any:
        """Return a matplotlib Figure of kernel, phase sums, counts and output."""
        from conv_lib.figures import phase_figure

        return phase_figure(self.kernel, self.stride, self._size(), padding=self._settings()["padding"])

    def describe(self) -> str:
        """Return kernel, counts, sums and verdict in a sentence."""
        size = " × ".join(map(str, self._size()))
        inside = ", ".join(map(str, np.unique(phase_sums(np.ones(np.shape(self.kernel), int), self.stride))))
        shown = {"float_kind": lambda value: f"{value:g}"}
        sums = " ".join(np.array2string(np.round(self.sums, 3), separator=", ", formatter=shown).split())
        verdict = "no checkerboard" if self.clean else "a checkerboard"
        return (
            f"A flat image of {size} ones, upsampled with the kernel {self.kernel} at stride {self.stride}, padding "
            f"{self.padding}. Inside, outputs are reached by these numbers of stamps: {inside}. The phases of the "
            f"kernel add up to {sums}: {verdict}."
        )
