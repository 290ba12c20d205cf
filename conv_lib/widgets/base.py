"""What all widgets of the book share: bundled code, and a form that needs no kernel."""

from __future__ import annotations

import html
import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

import anywidget
from traitlets import Bool, TraitError, Unicode, validate

from conv_lib.figures.page import svg
from conv_lib.figures.presets import PRESETS, WIDGETS

STATIC = Path(__file__).parent / "static"


class BookWidget(anywidget.AnyWidget):
    """An anywidget that also travels as plain HTML: its state, and a figure for readers without JavaScript.

    `preset` names a row of `conv_lib.figures.PRESETS`; other arguments change it. Subclasses name the
    traits that make up their state in `state_traits`, and provide `figure` and `describe`. On a
    published page `page/<Class>.js` finds the HTML and mounts the same code that runs in Jupyter.
    """

    _css = STATIC / "widgets.css"

    state_traits: ClassVar[tuple[str, ...]] = ()

    name = Unicode("explorer", help="Name in links to this widget; unique on a page.").tag(sync=True)
    folded = Bool(False, help="Whether the controls start folded away.").tag(sync=True)
    playing = Bool(False, help="Whether it starts by playing its sweep.").tag(sync=True)

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        if preset is not None:
            mine = [name for name, widget in WIDGETS.items() if widget == type(self).__name__]
            if preset not in mine:
                raise ValueError(f"preset is one of {', '.join(mine)}. Received: {preset!r}")
            settings = {**PRESETS[preset], **settings}
        for setting in settings:
            # traitlets would only warn, and a misspelt setting would give a silent wrong number.
            if not self.has_trait(setting):
                nearest = get_close_matches(setting, self.trait_names(), 1, 0)[0]
                legal = ", ".join((*self.state_traits, "name", "folded", "playing"))
                raise TypeError(
                    f"{type(self).__name__} has the settings {legal}. Received: {setting!r}. "
                    f"Nearest legal: {nearest!r}."
                )
        super().__init__(**settings)

    @validate("name")
    def _check_name(self, proposal: Any) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", proposal["value"]):
            raise TraitError(f"name is lower-case letters, digits and hyphens. Received: {proposal['value']!r}")
        return proposal["value"]

    def figure(self) -> Any:
        """Return a matplotlib Figure of the present state."""
        raise NotImplementedError

    def describe(self) -> str:
        """Return the present state in a sentence, for readers who do not see the figure."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """Return what a page needs to show this widget, as JSON values."""
        return {trait: getattr(self, trait) for trait in (*self.state_traits, "folded", "playing")}

    def to_html(self) -> str:
        """Return the widget as HTML for a page without a kernel."""
        state = html.escape(json.dumps(self.state(), ensure_ascii=False))
        words = html.escape(self.describe())
        folded = " data-folded" if self.folded else ""
        return (
            f'<div class="cb-widget" id="{self.name}" data-widget="{type(self).__name__}" '
            f'data-name="{self.name}"{folded} data-state="{state}">'
            f"<noscript><figure>{svg(self.figure(), self.describe())}"
            f"<figcaption>{words} With JavaScript on, this figure is a widget that you can change."
            "</figcaption></figure></noscript></div>"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/html"] = self.to_html()
            data["text/plain"] = self.describe()
        return bundle
