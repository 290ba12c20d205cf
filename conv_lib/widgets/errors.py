"""The error reader: paste a message, and read what its numbers are, why it came and what helps."""

from __future__ import annotations

import html
import json
import re
from typing import Any, ClassVar

from traitlets import TraitError, Unicode, validate

from conv_lib.diagnosis import FORMS, MOST, Reading, cleaned, find, read
from conv_lib.widgets.base import STATIC, BookWidget

LONGEST = 9_000


class ErrorReader(BookWidget):
    """Read an error message about shapes: TensorFlow, Keras, PyTorch, ONNX Runtime and JAX.

    >>> w = ErrorReader(message="mat1 and mat2 shapes cannot be multiplied (2x1600 and 3136x10)")
    >>> w.reading.form.id
    'torch-matmul'
    >>> print(w.reading.fixes[1])
    Make it `nn.Linear(1600, 10)`, or feed images of the size it was made for.

    Parameters
    ----------
    preset : str, optional
        The id of a row of `conv_lib.diagnosis.FORMS`: its example is the message.
    message : str
        The message, with its traceback or without; what is past 20,000 characters is cut.
    name : str
        Name in links to this widget; unique on a page.

    Raises
    ------
    ValueError
        For a preset that does not exist.
    """

    _esm = STATIC / "errors.js"

    state_traits: ClassVar[tuple[str, ...]] = ("message",)

    name = Unicode("errors", help="Name in links to this widget; unique on a page.").tag(sync=True)
    message = Unicode(FORMS[0].example).tag(sync=True)

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        if preset is not None:
            settings = {"message": find(preset).example, **settings}
        super().__init__(**settings)

    @validate("message")
    def _cut(self, proposal: Any) -> str:
        text = proposal["value"]
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise TraitError("message holds half a character (a lone surrogate), which cannot be shown.")
        return text[:MOST]

    @property
    def reading(self) -> Reading | None:
        """What the message says; None if it is not known."""
        return read(self.message)

    def query(self) -> str:
        """Return what a link to this state says after the question mark; the same as the page makes."""
        for form in FORMS:
            if form.example == self.message:
                return f"example={form.id}"
        whole = _encoded(self.message)
        if len(whole) <= LONGEST:
            return f"text={whole}"
        reading = self.reading
        return f"text={_encoded(reading.matched if reading else cleaned(self.message)[-500:])[:LONGEST]}"

    def describe(self) -> str:
        """Return the cause and what helps, in sentences."""
        reading = self.reading
        if reading is None:
            return f"A message that is not among the {len(FORMS)} that are known here."
        words = f"{reading.form.framework}, {reading.form.title}. {reading.cause} {' '.join(reading.fixes)}"
        return words.replace("`", "")

    def figure(self) -> Any:
        """Return a matplotlib Figure: the numbers of the message, and what each is."""
        from textwrap import fill

        from matplotlib.figure import Figure

        from conv_lib.figures.palette import PALETTE

        reading = self.reading
        rows = [(one.text, fill(one.what.replace("`", ""), 62), one.role) for one in reading.numbers] if reading else []
        rows = rows or [("", "No numbers to name.", None)]
        lines = sum(text.count("\n") + 1 for _, text, _ in rows)
        figure = Figure(figsize=(7, 0.26 * lines + 0.2 * len(rows) + 0.2))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 7), ylim=(0, figure.get_figheight()))
        axes.axis("off")
        top = figure.get_figheight() - 0.1
        for number, text, role in rows:
            colour = PALETTE["roles"][role]["light"]["line"] if role else PALETTE["ui"]["light"]["ink"]
            axes.text(1.9, top, number, ha="right", va="top", color=colour, family="monospace", fontsize=10)
            axes.text(2.1, top, text, va="top", color=PALETTE["ui"]["light"]["ink"], fontsize=10)
            top -= 0.26 * (text.count("\n") + 1) + 0.2
        return figure

    def to_html(self) -> str:
        """Return the widget as HTML; without JavaScript it is the reading itself, as text."""
        reading = self.reading
        state = html.escape(json.dumps(self.state(), ensure_ascii=False))
        folded = " data-folded" if self.folded else ""
        parts = [f"<p><code>{html.escape(cleaned(self.message)[:600])}</code></p>"]
        if reading:
            parts.append(f"<p>{_prose(reading.cause)}</p><dl>")
            for one in reading.numbers:
                axes = f" ({html.escape(one.axes)})" if one.axes else ""
                parts.append(f"<dt><code>{html.escape(one.text)}</code></dt><dd>{_prose(one.what)}{axes}</dd>")
            parts.append(f"</dl><ul>{''.join(f'<li>{_prose(fix)}</li>' for fix in reading.fixes)}</ul>")
        parts.append("<p>With JavaScript on, you can paste a message of your own here.</p>")
        return (
            f'<div class="cb-widget" id="{self.name}" data-widget="ErrorReader" '
            f'data-name="{self.name}"{folded} data-state="{state}">'
            f"<noscript>{''.join(parts)}</noscript></div>"
        )


def _prose(text: str) -> str:
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(text))


def _encoded(text: str) -> str:
    """Blanks as "_"; signs that mean something in addresses as "~2f~"."""
    return "".join(
        "_" if sign == " " else sign if re.match(r"[A-Za-z0-9.,:()/-]", sign) else f"~{ord(sign):x}~" for sign in text
    )
