"""A question that checks its answer in place: predict, then look."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from traitlets import Any as AnyTrait
from traitlets import Bool, Enum, Float, List, Unicode

from conv_lib.widgets.base import STATIC, BookWidget

SEPARATORS = re.compile(r"[\s,;×xX()\[\]]+")


class Question(BookWidget):
    """Ask for a number, some numbers, a shape or a choice, and answer each common mistake.

    >>> q = Question(name="legal-sizes", ask="Input 4, kernel 5, stride 3: which sizes are legal?",
    ...              answer={14, 15, 16}, wrong={12: "That is the rule for `same`."})
    >>> q.kind, q.answer, q.shown
    ('set', [14, 15, 16], '14, 15, 16')
    >>> Question(name="shape", ask="Which size comes out?", answer="2 x 4").shown
    '2 × 4'
    >>> Question(name="undo", ask="Is it an inverse?", options=["yes", "no"], answer="no").kind
    'one'

    Parameters
    ----------
    name : str
        Unique on its page; the reader's answer is kept under it.
    ask : str
        Plain text; `code` in backticks.
    answer : number, sequence, set, range, str or tuple
        A number (int, float, Fraction). A list or array: numbers in this order. A set or range: in any
        order. A tuple, or a text such as "2 x 4": a shape. With `options`: the text or index of the
        right one, or a list of several.
    options : sequence of str, optional
        Makes it a choice.
    wrong : mapping, optional
        From a common wrong answer, written as `answer` is, to what is said about it. A single number
        that the answer does not hold is named in every list that holds it.
    why : str
        Said when the answer is right, and when it is shown.
    hint : str
        Said about wrong answers that `wrong` does not name.
    tolerance : float
        Largest difference that still counts. Answers that are not whole may always be rounded to two
        or more decimals.

    Attributes
    ----------
    given : str, int or list of int
        What the reader typed, or the index or indices of what was chosen. Follows the page in Jupyter.
    correct : bool or None
        Whether that is right; None before it was checked.
    """

    _esm = STATIC / "question.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "ask",
        "kind",
        "answer",
        "shown",
        "options",
        "wrong",
        "why",
        "hint",
        "tolerance",
    )

    ask = Unicode().tag(sync=True)
    kind = Enum(["number", "list", "set", "shape", "one", "several"], "number").tag(sync=True)
    answer = List(help="Numbers, or indices of options.").tag(sync=True)
    shown = Unicode(help="The answer as readers see it.").tag(sync=True)
    options = List(Unicode()).tag(sync=True)
    wrong = List(help="Pairs of an answer, as `answer` holds it, and what is said about it.").tag(sync=True)
    why = Unicode().tag(sync=True)
    hint = Unicode().tag(sync=True)
    tolerance = Float(0.0).tag(sync=True)
    given = AnyTrait(None, allow_none=True).tag(sync=True)
    correct = Bool(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        *,
        name: str,
        ask: str,
        answer: Any,
        options: Sequence[str] = (),
        wrong: Mapping[Any, str] | None = None,
        why: str = "",
        hint: str = "",
        tolerance: float = 0.0,
    ) -> None:
        options = [str(option) for option in options]
        if options:
            several = isinstance(answer, list | tuple | set | frozenset)
            kind = "several" if several else "one"
            values = _chosen(answer, options)
            shown = ", ".join(options[i] for i in values)
            said = [[_chosen(key, options), text] for key, text in (wrong or {}).items()]
        else:
            kind, values, shown = _read(answer)
            said = [[_read(key)[1], text] for key, text in (wrong or {}).items()]
        keys = [sorted(key) if kind in ("set", "several") else key for key, _ in said]
        if values in keys:
            raise ValueError(f"question {name!r}: the answer {shown} is also among the wrong ones")
        if any(keys.count(key) > 1 for key in keys):
            raise ValueError(f"question {name!r}: a wrong answer is named twice: {keys}")
        if len(set(options)) < len(options):
            raise ValueError(f"question {name!r}: two options read the same: {options}")
        if not ask.strip():
            raise ValueError(f"question {name!r} asks nothing")
        super().__init__(
            name=name,
            ask=ask,
            kind=kind,
            answer=values,
            shown=shown,
            options=options,
            wrong=said,
            why=why,
            hint=hint,
            tolerance=float(tolerance),
        )

    def state(self) -> dict[str, Any]:
        """Return what a page needs to ask this question, as JSON values."""
        return {trait: getattr(self, trait) for trait in self.state_traits}

    def describe(self) -> str:
        """Return the question, without its answer."""
        options = f" ({' / '.join(self.options)})" if self.options else ""
        return f"{self.ask}{options}"

    def to_html(self) -> str:
        """Return the question as HTML for a page without a kernel; without JavaScript the answer is folded."""
        state = html.escape(json.dumps(self.state(), ensure_ascii=False))
        options = "".join(f"<li>{_code(option)}</li>" for option in self.options)
        return (
            f'<div class="cb-widget" id="{self.name}" data-widget="Question" data-name="{self.name}" '
            f'data-state="{state}"><div class="cb-question cb-waiting"><p class="cb-ask">{_code(self.ask)}</p>'
            f"{f'<ul>{options}</ul>' if options else ''}"
            f'<noscript><details class="cb-solution"><summary>Show the answer</summary>'
            f"<p><strong>{_code(self.shown)}</strong> {_code(self.why)}</p></details></noscript></div></div>"
        )


def _chosen(value: Any, options: list[str]) -> list[int]:
    """The indices of options given by text or index, in increasing order."""
    if isinstance(value, list | tuple | set | frozenset):
        return sorted({i for one in value for i in _chosen(one, options)})
    if isinstance(value, str) and value in options:
        return [options.index(value)]
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and 0 <= value < len(options):
        return [int(value)]
    raise ValueError(f"a choice is one of the options {options} or an index. Received: {value!r}")


def _read(value: Any) -> tuple[str, list[float], str]:
    """Kind, numbers and text of an answer that is typed."""
    if isinstance(value, str):
        numbers = [_number(part) for part in SEPARATORS.split(value) if part]
        if len(numbers) < 2:
            raise ValueError(f"a shape is written like '2 x 4' or '(1, 2, 4, 1)'. Received: {value!r}")
        return "shape", numbers, _shape_text(numbers)
    if isinstance(value, tuple):
        numbers = [_number(one) for one in value]
        return "shape", numbers, _shape_text(numbers)
    if isinstance(value, range | Set):
        numbers = sorted(_number(one) for one in value)
        return "set", numbers, ", ".join(map(_text, numbers)) or "none"
    if isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim):
        array = np.asarray(value, dtype=float)
        text = ", ".join(_text(one) for one in array.ravel())
        if array.ndim > 1:
            text = "; ".join(", ".join(map(_text, row)) for row in array.reshape(-1, array.shape[-1]))
        return "list", [_plain(one) for one in array.ravel()], text
    number = _number(value)
    return "number", [number], str(value) if isinstance(value, Fraction) else _text(number)


def _number(value: Any) -> float:
    try:
        if isinstance(value, str):
            value = Fraction(value)
        if isinstance(value, Real | np.ndarray) and not isinstance(value, bool) and np.isfinite(float(value)):
            return _plain(float(value))
    except (TypeError, ValueError, ZeroDivisionError):
        pass
    raise ValueError(f"an answer is made of finite numbers. Received: {value!r}")


def _plain(value: float) -> float:
    return int(value) if value == int(value) else float(value)


def _text(value: float) -> str:
    return f"{value:.6g}".replace("-", "−") if value != int(value) else str(int(value)).replace("-", "−")


def _shape_text(numbers: list[float]) -> str:
    if len(numbers) in (2, 3):
        return " × ".join(map(_text, numbers))
    return f"({', '.join(map(_text, numbers))})"


def _code(text: str) -> str:
    """Escaped HTML, with `code` in backticks."""
    parts = html.escape(text).split("`")
    if len(parts) % 2 == 0:
        raise ValueError(f"a backtick is not closed: {text!r}")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
