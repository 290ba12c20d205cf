"""Try a reader's function on cases that they have not seen, and say what kind of mistake it makes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conv_lib.exercises._exercise import Exercise, Mutant, Unfit, case_text, shape_text
from conv_lib.exercises._pictures import case_drawing, first_wrong, numbers_text
from conv_lib.exercises._report import Report
from conv_lib.exercises._run import Outcome, Refused, binding, run_all
from conv_lib.exercises.claims import CLAIMS
from conv_lib.exercises.convolution import CONVOLUTION
from conv_lib.exercises.decoders import DECODERS
from conv_lib.exercises.matrices import MATRICES
from conv_lib.exercises.phases import PHASES
from conv_lib.exercises.porting import PORTING
from conv_lib.exercises.sizes import SIZE_EXERCISES
from conv_lib.exercises.speed import SPEED
from conv_lib.exercises.transposed import TRANSPOSED
from conv_lib.exercises.upsampling import UPSAMPLING

EXERCISES: dict[str, Exercise] = {
    e.name: e
    for e in (
        *CONVOLUTION,
        *SIZE_EXERCISES,
        *MATRICES,
        *TRANSPOSED,
        *CLAIMS,
        *DECODERS,
        *PHASES,
        *PORTING,
        *SPEED,
        *UPSAMPLING,
    )
}
"""All coding exercises by name."""

SECONDS = 10.0

# What an exception often means in these exercises.
HINTS = {
    "IndexError": "An index runs past the end. Do the loops run over the size of the output, and does every axis have "
    "its own size?",
    "ValueError": "Two arrays do not fit together. At the border a slice can come out shorter than the kernel.",
    "TypeError": "Is it a size that was divided with `/`? That gives a float; `//` gives a whole number.",
    "ZeroDivisionError": "Something is divided by a size or a stride that is zero here.",
    "RecursionError": "The function calls itself without end.",
}
HINT_WORDS = {"TypeError": "integer", "ValueError": "broadcast"}  # only said where the message has this word


def check(name: str | None = None, function: Callable | None = None, *, seconds: float = SECONDS) -> Report:
    """Check a solution: right, or the smallest case that fails and what kind of mistake it looks like.

    >>> def my_zero_insert(x, stride):
    ...     return np.repeat(np.repeat(x, stride, axis=0), stride, axis=1)
    >>> report = check("zero_insert", my_zero_insert)
    >>> bool(report)
    False
    >>> print(report.mistake)
    The values are repeated. Between them belong zeros.

    Parameters
    ----------
    name : str
        An exercise; without a function, its task is shown. Without anything, all of them.
    function : callable
        The solution itself, without brackets. Arguments that it does not take are left out.
    seconds : float
        How long all cases together may take.

    Returns
    -------
    Report
        True when everything was right. Whatever the function does, no error comes out of `check`.
    """
    if name is None:
        lines = [f"`{e.signature}`" for e in EXERCISES.values()]
        return Report(None, "Exercises that check themselves", tuple(lines))
    if not isinstance(name, str) or name not in EXERCISES:
        legal = ", ".join(f"`{one}`" for one in EXERCISES)
        near = difflib.get_close_matches(str(name), EXERCISES, 1, 0.3)
        guess = f" Did you mean `{near[0]}`?" if near else ""
        swapped = ' The name comes first: `check("conv2d", my_conv2d)`.' if callable(name) else ""
        shown = getattr(name, "__name__", name)
        return Report(False, f"No exercise is called {str(shown)[:60]!r}.", (f"They are {legal}.{guess}{swapped}",))
    exercise = EXERCISES[name]
    if function is None:
        return Report(None, f"The task: `{exercise.signature}`", (exercise.task,))
    if not callable(function):
        what = type(function).__name__
        line = f'Hand over the function itself, without brackets: `check("{name}", my_{name})`. Received: {what}.'
        return Report(False, f"{name}: there is no function to check.", (line,))
    try:
        return _checked(exercise, function, seconds)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a reader's object does when it is looked at
        return Report(False, f"{name}: the result cannot be read.", (f"{type(error).__name__}: {error}",))


def _checked(exercise: Exercise, function: Callable, seconds: float) -> Report:
    try:
        how_to = binding(function, exercise.takes, exercise.options)
    except Refused as refused:
        call = f"The exercise asks for `{exercise.signature}`."
        return Report(False, f"{exercise.name}: your function cannot be called.", (str(refused), call))
    cases = [case for case in exercise.cases if not set(case) - set(exercise.takes) - set(how_to.options)]
    outcomes, stuck = run_all(function, how_to, cases, seconds)

    for number, outcome in enumerate(outcomes):
        report = _judge(exercise, outcome, number, outcomes)
        if report is not None:
            return report
    if stuck is not None:
        lines = [
            f"The case was {case_text(exercise, stuck)}; the cases before it were right."
            if outcomes
            else f"The case was {case_text(exercise, stuck)}, the first.",
            "Does every loop come to an end? A `while` needs something that changes.",
        ]
        return Report(False, f"{exercise.name}: no answer after {seconds:g} seconds.", tuple(lines))
    lines = []
    missing = [f"`{option}`" for option in exercise.options if option not in how_to.options]
    if missing:
        lines.append(f"Your function does not take {' or '.join(missing)}; cases with it were left out.")
    return Report(True, f"{exercise.name}: right in all {len(outcomes)} cases.", tuple(lines))


def _judge(exercise: Exercise, outcome: Outcome, number: int, outcomes: list[Outcome]) -> Report | None:
    """The report on one call, or None when it was right."""
    case, kind = outcome.case, exercise.kind
    wanted = kind.read(exercise.right(**_copied(case)))
    given, unfit = None, None
    if outcome.error is None:
        try:
            given = kind.read(outcome.value)
        except Unfit as found:
            unfit = str(found)
    right = outcome.error is None and unfit is None and kind.same(wanted, given)
    if right and not outcome.changed:
        return None

    before = {0: "", 1: " The case before it was right."}.get(number, f" The {number} cases before it were right.")
    sizes = ""
    if given is not None and not isinstance(wanted, np.ndarray):
        sizes = f": asked for is {kind.text(wanted)}, yours is {kind.text(given)}"
    where = f"The smallest case that fails: {case_text(exercise, case)}{sizes}.{before}"
    tail = []
    if outcome.changed:
        whose = " and ".join(f"`{one}`" for one in outcome.changed)
        changed = f"Your function changes its argument {whose}, which belongs to the caller. Work on a copy."
        if right:
            headline = f"{exercise.name}: right numbers, but an argument was changed."
            return Report(False, headline, (changed,), mistake=changed)
        tail.append(changed)
    if outcome.printed.strip():
        tail.append(f"It printed: `{' '.join(outcome.printed.split())[:300]}`")

    mistake = None
    if outcome.error is not None:
        headline = f"{exercise.name}: your function raises an error."
        kind_of_error = outcome.error.split(":")[0].split(" ")[0]
        hint = HINTS.get(kind_of_error)
        if hint and HINT_WORDS.get(kind_of_error, "") not in outcome.error:
            hint = None
        lines = [outcome.error, *([hint] if hint else []), where]
    elif unfit is not None:
        headline = f"{exercise.name}: not what was asked for."
        lines, mistake = [unfit, where], unfit
    else:
        mutant = _likeliest(exercise, outcomes, number)
        mistake = mutant.message if mutant else None
        headline = f"{exercise.name}: not yet."
        said = f"Most likely: {mistake}" if mistake else _difference(exercise, wanted, given)
        lines = [said, where] if said else [where]

    def draw() -> Any:
        return case_drawing(exercise, case, wanted, given)

    numbers = numbers_text(exercise, case, wanted, given)
    return Report(False, headline, (*lines, *tail), numbers, mistake, draw)


def _likeliest(exercise: Exercise, outcomes: list[Outcome], failed: int) -> Mutant | None:
    """The mistake that gives the reader's result in the failing case, and in most others."""
    kind = exercise.kind
    read = []
    for outcome in [outcomes[failed], *outcomes[:failed], *outcomes[failed + 1 :]]:
        try:
            if outcome.error is None:
                wanted, given = kind.read(exercise.right(**_copied(outcome.case))), kind.read(outcome.value)
                read.append((outcome.case, given, kind.same(wanted, given)))
        except Unfit:
            continue
    best, most = None, 0.5
    for mutant in exercise.mutants:
        agrees = [_gives(mutant, case, given, kind) for case, given, _ in read]
        if not agrees or not agrees[0]:
            continue
        wrong = [agree for agree, (_, _, fine) in zip(agrees, read, strict=True) if not fine]
        share = (sum(agrees) + sum(wrong)) / (len(agrees) + len(wrong))
        if sum(wrong) >= len(wrong) / 2 and share > most:
            best, most = mutant, share
    return best


def _gives(mutant: Mutant, case: Mapping[str, Any], given: Any, kind: Any) -> bool:
    try:
        with np.errstate(all="ignore"):
            return kind.same(kind.read(mutant.wrong(**_copied(case))), given)
    except Exception:
        return False


def _difference(exercise: Exercise, wanted: Any, given: Any) -> str:
    if not isinstance(wanted, np.ndarray):
        return ""  # the line about the case says it
    if given.shape != wanted.shape:
        if tuple(n for n in given.shape if n != 1) == tuple(n for n in wanted.shape if n != 1):
            extra = "axes of length 1 too many" if given.ndim > wanted.ndim else "another number of axes"
            return f"Your result has {extra}: {given.shape}; asked for was {wanted.shape}."
        return f"Your result is {shape_text(given.shape)}; asked for was {shape_text(wanted.shape)}."
    if not np.isfinite(given).all():
        return "Your result holds values that are not numbers. `np.empty` leaves what was in memory; use `np.zeros`."
    count = int((~np.isclose(wanted, given, rtol=1e-4, atol=1e-5)).sum())
    place = first_wrong(wanted, given)
    cells = f"{count} of {wanted.size} numbers {'is' if count == 1 else 'are'} wrong"
    return (
        f"The shape is right, {cells}. The first is {list(place)}: {given[place]:g}, asked for was {wanted[place]:g}."
    )


def _copied(case: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.items()}
