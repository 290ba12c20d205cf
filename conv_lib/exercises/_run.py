"""Calls to a function that may do anything: raise, never end, print, change its arguments, return nonsense."""

from __future__ import annotations

import contextlib
import ctypes
import inspect
import io
import linecache
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

# Other names under which readers write the optional arguments.
ALIASES = {
    "stride": {"stride", "strides", "s", "step"},
    "padding": {"padding", "pad", "p", "pads", "crop"},
    "dilation": {"dilation", "dilations", "dilation_rate", "rate", "d"},
    "output_padding": {"output_padding", "op", "extra"},
    "groups": {"groups", "group", "g"},
    "bias": {"bias", "b"},
}


class _OutOfTime(BaseException):
    """Raised inside the reader's function; no `except Exception` of theirs catches it."""


@dataclass
class Outcome:
    """What one call did: `error` in words, or a `value`; `changed` names arguments that it altered."""

    case: Mapping[str, Any]
    value: Any = None
    error: str | None = None
    changed: tuple[str, ...] = ()
    printed: str = ""


class Refused(Exception):
    """A function that cannot be called with the exercise's arguments; says why."""


@dataclass
class Binding:
    """How a function takes an exercise's arguments.

    `takes` come by place; `options` have the name, or the place, under which it takes them; those in `needed` have
    no default of its own.
    """

    takes: tuple[str, ...]
    options: dict[str, str | int]
    needed: dict[str, Any]


def binding(function: Callable, takes: tuple[str, ...], options: Mapping[str, Any]) -> Binding:
    """Look up how `function` wants its arguments; `Refused` when they do not fit."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return Binding(takes, {}, {})
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    gathers = any(p.kind == p.VAR_POSITIONAL for p in parameters)
    call = f"({', '.join(takes)})"
    if len(plain) < len(takes) and not gathers:
        raise Refused(f"Your function takes {len(plain)} argument{'s' * (len(plain) != 1)}; it is called with {call}.")
    found: dict[str, str | int] = {}
    needed: dict[str, Any] = {}
    left = list(options)
    rest = [p for p in parameters if p not in plain[: len(takes)]]
    for p in rest:
        if p.kind == p.VAR_KEYWORD:
            found.update({name: name for name in left if name not in found})
        if p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL):
            continue
        name = next((o for o in left if p.name.lower() in ALIASES.get(o, {o})), None)
        if name is None and p.default is p.empty:
            place = len(found)
            name = left[place] if p.kind != p.KEYWORD_ONLY and place < len(left) else None
            if name is None:
                raise Refused(f"Your function also needs `{p.name}`; it is called with {call}.")
        if name is not None and name not in found:
            by_place = p.kind == p.POSITIONAL_ONLY
            found[name] = plain.index(p) if by_place else p.name
            if p.default is p.empty:
                needed[name] = options[name]
    return Binding(takes, found, needed)


def _call(function: Callable, how_to: Binding, case: Mapping[str, Any]) -> Outcome:
    given = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.items()}
    given = {**how_to.needed, **given}
    by_place = [given[name] for name in how_to.takes]
    by_name = {}
    for option, how in how_to.options.items():
        if option in given:
            if isinstance(how, int):
                by_place.append(given[option])
            else:
                by_name[how] = given[option]
    outcome = Outcome(case)
    try:
        outcome.value = function(*by_place, **by_name)
    except _OutOfTime:
        raise
    except BaseException as error:
        outcome.error = _where(error, function)
    outcome.changed = tuple(
        name
        for name, value in case.items()
        if isinstance(value, np.ndarray)
        and not (given[name].shape == value.shape and np.array_equal(given[name], value))
    )
    return outcome


def _where(error: BaseException, function: Callable) -> str:
    """The error, and the reader's own line that raised it."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code, trace.tb_lineno))
        trace = trace.tb_next
    own = getattr(inspect.unwrap(function), "__code__", None)
    file = own.co_filename if own else None
    mine = [(code, line) for code, line in frames if code.co_filename == file]
    words = " ".join(str(error).split())
    text = f"{type(error).__name__}: {words[:300]}" if words else type(error).__name__
    if not mine:
        return text
    code, line = mine[-1]
    source = linecache.getline(code.co_filename, line).strip()
    shown = f": `{source}`" if source else ""
    return f"{text} (line {line - code.co_firstlineno + 1} of `{code.co_name}`{shown})"


def run_all(
    function: Callable,
    how_to: Binding,
    cases: Iterable[Mapping[str, Any]],
    seconds: float,
) -> tuple[list[Outcome], Mapping[str, Any] | None]:
    """Call `function` on every case; return what happened, and the case it was in when the time was over.

    It runs in a thread of its own, so that the time limit holds in a notebook's main thread and elsewhere, on every
    system. What it prints is kept, not shown.
    """
    outcomes: list[Outcome] = []
    now: list[Mapping[str, Any]] = []
    printed = io.StringIO()
    over = threading.Event()

    def work() -> None:
        with contextlib.suppress(_OutOfTime):
            for case in cases:
                now.append(case)
                start = printed.tell()
                outcome = _call(function, how_to, case)
                if over.is_set():
                    return
                outcome.printed = printed.getvalue()[start:]
                outcomes.append(outcome)

    thread = threading.Thread(target=work, daemon=True, name="conv_lib check")
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        thread.start()
        try:
            thread.join(seconds)
        finally:
            over.set()
            end = time.monotonic() + 1.0
            # A bare `except:` inside a loop would catch it once, so it is raised until it gets through.
            while thread.is_alive() and time.monotonic() < end:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_OutOfTime))
                thread.join(0.05)
    stuck = now[len(outcomes)] if len(outcomes) < len(now) else None
    return outcomes, stuck
