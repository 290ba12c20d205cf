"""Rounding or bug? From the size of a difference: its units in the last place, and what can explain it."""

from __future__ import annotations

import json
import math
from typing import Any, ClassVar

from traitlets import Enum, TraitError, TraitType

from conv_lib.compare import Difference, explain_difference
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import whole

FACTS = json.loads((STATIC.parent / "rounding_facts.json").read_text("utf-8"))


class Amount(TraitType):
    """A positive number between the limits of `conv_lib.compare.explain_difference`, or 0 where that is legal."""

    def __init__(self, *, zero: bool, **options: Any) -> None:
        super().__init__(**options)
        self.zero = zero

    def validate(self, obj: Any, value: Any) -> float:
        """Return `value` as a float, or say what is wrong with it."""
        try:
            number = math.nan if isinstance(value, bool | str) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not (FACTS["smallest"] <= number <= FACTS["largest"] or (self.zero and number == 0)):
            least = "0, or a number" if self.zero else "a number"
            raise TraitError(
                f"{self.name} is {least} from {FACTS['smallest']:g} to {FACTS['largest']:g}. Received: {value!r}"
            )
        return abs(number)


class RoundingCheck(BookWidget):
    """Say what a difference between two results can be.

    >>> w = RoundingCheck(difference=1.6e-4, device="GPU", terms=25)
    >>> w.answer.kind
    'tf32'
    >>> w.query()
    'difference=0.00016&dtype=float32&scale=1&terms=25&device=GPU'

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    difference : float
        The largest absolute difference seen.
    dtype : "float64", "float32", "tf32", "bfloat16" or "float16"
    scale : float
        The largest |output| or, better, the largest sum of |x| |w|.
    terms : int
        Products in one output.
    device : "CPU" or "GPU"
        "GPU" if either result came from one.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "rounding.js"

    state_traits: ClassVar[tuple[str, ...]] = ("difference", "dtype", "scale", "terms", "device")

    # js/rounding/settings.ts has the same defaults.
    difference = Amount(zero=True, default_value=1.6e-4).tag(sync=True)
    dtype = Enum(list(FACTS["bits"]), "float32").tag(sync=True)
    scale = Amount(zero=False, default_value=1.0).tag(sync=True)
    terms = whole(FACTS, "terms", 25)
    device = Enum(["CPU", "GPU"], "GPU").tag(sync=True)

    @property
    def answer(self) -> Difference:
        """The answer of `conv_lib.compare.explain_difference`."""
        how = {name: getattr(self, name) for name in self.state_traits[1:]}
        return explain_difference(self.difference, **how)

    @property
    def verdict(self) -> str:
        """The answer in a sentence."""
        return FACTS["verdicts"][self._words()][0]

    def _words(self) -> str:
        kind = self.answer.kind
        return "coarse" if kind == "order" and self.dtype in FACTS["own"] else kind

    def query(self) -> str:
        """Return the text behind the question mark of a link to this state, as the page writes it."""
        from conv_lib.widgets.links import _exact

        numbers = ("difference", "scale", "terms")
        parts = [
            (name, _exact(getattr(self, name)) if name in numbers else getattr(self, name))
            for name in self.state_traits
        ]
        return "&".join(f"{name}={value}" for name, value in parts)

    def figure(self) -> Any:
        """Return a matplotlib Figure of the explanations on a logarithmic line, the difference marked."""
        from matplotlib.figure import Figure

        from conv_lib.figures.palette import PALETTE

        answer = self.answer
        ends = [answer.unit, *(rung.limit for rung in answer.ladder), 2 * self.scale]
        names = [
            *(FACTS["own"].get(self.dtype, FACTS["rungs"]["order"]) if rung.kind == "order"
              else FACTS["rungs"][rung.kind] for rung in answer.ladder),
            FACTS["rungs"]["geometry"],
        ]  # fmt: skip
        figure = Figure(figsize=(7.2, 1.0 + 0.32 * len(names)), layout="constrained")
        shown = [ends[0], ends[-1], self.difference or ends[0]]
        ax = figure.add_subplot(xscale="log", xlim=(min(shown) / 5, max(shown) * 5), ylim=(len(names) - 0.4, -1.0))
        ink = PALETTE["ui"]["light"]["ink"]
        for i in range(len(names)):
            colour = PALETTE["tints"]["light"][i]
            ax.barh(i, ends[i + 1] - ends[i], left=ends[i], height=0.7, color=colour, edgecolor=ink, linewidth=0.6)
        if self.difference:
            ax.axvline(self.difference, color=ink, linewidth=1.6)
            words = f"  yours: {self.difference:.3g}"
            label = ax.text(self.difference, -0.75, words, va="center", fontsize=9, color=ink)
            label.set_in_layout(False)
        ax.set_yticks(range(len(names)), names)
        ax.set_xlabel("difference", fontsize=9, color=ink)
        ax.tick_params(labelsize=8, colors=ink)
        ax.spines[["left", "right", "top"]].set_visible(False)
        return figure

    def describe(self) -> str:
        """Return the difference and its verdict in a sentence or two."""
        answer = self.answer
        return (
            f"A difference of {self.difference:.3g} in {FACTS['names'][self.dtype]} at a scale of {self.scale:.3g} is "
            f"{answer.units:.3g} units in the last place, {answer.relative:.2g} of the scale. {self.verdict}"
        )
