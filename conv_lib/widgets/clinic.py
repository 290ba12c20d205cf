"""A question clinic: claims are asked, then tried, and the two must agree."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conv_lib.compare.claims import Trial, try_claim
from conv_lib.widgets.question import Question


@dataclass
class _Row:
    says: str
    answer: str
    trial: Trial | None = None


class Clinic:
    """The claims of a chapter. Each is asked under a name, and tried by a function of that name.

    >>> clinic = Clinic()
    >>> _ = clinic.ask("adding_commutes", "a + b is b + a.", answer="true",
    ...                wrong={"false": "Try two numbers."}, why="For all that were tried.")
    >>> def adding_commutes(a, b):
    ...     return a + b == b + a
    >>> print(clinic.test(adding_commutes, a=range(9), b=range(9)))
    true in all 81 settings
    >>> clinic.sheet()
    1 claim: 1 true, 0 false, 0 only if
    """

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def ask(
        self,
        name: str,
        says: str,
        *,
        answer: str,
        only_if: str | Sequence[str] = (),
        wrong: Mapping[str, str],
        why: str,
    ) -> Question:
        """Return the question whether a claim is true, false, or true only if.

        Parameters
        ----------
        name : str
            Of the function that will state it in `test`. The question is called "ask-" and the name with hyphens;
            `sheet` links to "claim-" and the same, the target before the heading.
        says : str
            The claim, a sentence; `code` in backticks.
        answer : "true", "false" or "only if ..."
        only_if : str or sequence of str
            The conditions among which readers choose, without the words "only if".
        wrong : mapping
            From every other option to what is said about it.
        why : str
        """
        conditions = [only_if] if isinstance(only_if, str) else list(only_if)
        options = ["true", "false", *(f"only if {condition}" for condition in conditions)]
        if answer not in options:
            raise ValueError(f"answer is one of {options}. Received: {answer!r}")
        if set(wrong) != set(options) - {answer}:
            raise ValueError(f"wrong answers each of {sorted(set(options) - {answer})}. Received: {sorted(wrong)}")
        if name in self._rows:
            raise ValueError(f"the claim {name!r} was asked already")
        self._rows[name] = _Row(says, answer)
        return Question(
            name=f"ask-{name.replace('_', '-')}",
            ask=f"“{says}”",
            options=options,
            answer=answer,
            wrong=dict(wrong),
            why=why,
        )

    def test(
        self, claim: Callable[..., Any], *, only_if: Callable[..., Any] | None = None, **ranges: Iterable[Any]
    ) -> Trial:
        """Try a claim as `conv_lib.compare.try_claim` does; what comes out must be what `ask` said.

        Raises
        ------
        AssertionError
            When the verdict is another, or the condition does not fit every setting.
        """
        row = self._rows[claim.__name__]
        trial = try_claim(claim, only_if=only_if, **ranges)
        kind = "only if" if row.answer.startswith("only if") else row.answer
        if trial.verdict != kind or (kind == "only if" and not trial.exact):
            raise AssertionError(f"{claim.__name__} was asked with the answer {row.answer!r}. Tried: {trial}")
        row.trial = trial
        return trial

    def sheet(self) -> Sheet:
        """Return all claims with their verdicts.

        Raises
        ------
        RuntimeError
            When a claim was asked and never tried.
        """
        untried = [name for name, row in self._rows.items() if row.trial is None]
        if untried:
            raise RuntimeError(f"asked and never tried: {', '.join(untried)}")
        return Sheet([(name, row.says, row.answer, row.trial.tried) for name, row in self._rows.items()])


class Sheet:
    """A table of verdicts.

    Attributes
    ----------
    rows : list of (name, claim, verdict, number of settings)
    """

    def __init__(self, rows: list[tuple[str, str, str, int]]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        kinds = ", ".join(
            f"{sum(answer.startswith(kind) for _, _, answer, _ in self.rows)} {kind}"
            for kind in ("true", "false", "only if")
        )
        count = len(self.rows)
        return f"{count} claim{'' if count == 1 else 's'}: {kinds}"

    def _repr_html_(self) -> str:
        lines = [
            f'<tr><td><a href="#{_anchor(name)}">“{_code(says)}”</a></td><td>{_code(answer)}</td></tr>'
            for name, says, answer, _ in self.rows
        ]
        return (
            f'<table class="table cb-verdicts"><caption>{html.escape(repr(self))}</caption>'
            '<thead><tr><th scope="col">Claim</th><th scope="col">Verdict</th></tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table>"
        )


def _anchor(name: str) -> str:
    return f"claim-{name.replace('_', '-')}"


def _code(text: str) -> str:
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
