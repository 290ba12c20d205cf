"""A failing case as labelled grids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from conv_lib.exercises._exercise import Exercise, case_text, shape_text
from conv_lib.figures import Drawing, LabelledGrid, row_figure

LARGEST = (16, 26)  # rows and columns of a grid that is still drawn


def case_drawing(exercise: Exercise, case: Mapping[str, Any], wanted: Any, given: Any) -> Drawing | None:
    """Draw the case, what was asked for and what came; None where there is nothing to draw."""
    if exercise.picture is not None:
        figure, words = exercise.picture(case)
        return Drawing(figure, f"{words} Asked for: {exercise.kind.text(wanted)}.")
    if not isinstance(wanted, np.ndarray):
        return None
    wrong = first_wrong(wanted, given)
    grids = []
    for name, role in exercise.roles.items():
        values = np.asarray(case[name], float)
        if exercise.batch and role == "input" and values.ndim == 4:
            values = values[wrong[0] if wrong else 0]
        grids += _slices(name, values, role, wrong, exercise.out_axis)
    grids += _result("asked for", wanted, wrong, None, exercise.batch)
    if isinstance(given, np.ndarray) and 0 < given.ndim <= wanted.ndim:
        marks = ~np.isclose(wanted, given, rtol=1e-4, atol=1e-5) if given.shape == wanted.shape else None
        grids += _result("yours", given, wrong if marks is not None else None, marks, exercise.batch)
    grids = [
        g for g in grids if all(n <= most for n, most in zip(g.values.shape, LARGEST, strict=True)) and g.values.size
    ]
    words = [f"{exercise.name} with {case_text(exercise, case)}."]
    words += [f"{g.label}: {_rows(g.values)}." for g in grids]
    return Drawing(row_figure(grids), " ".join(words)) if grids else None


def numbers_text(exercise: Exercise, case: Mapping[str, Any], wanted: Any, given: Any) -> str:
    """The case written out for a terminal."""
    parts = []
    for name, value in case.items():
        if isinstance(value, np.ndarray):
            parts.append(f"{name} ({shape_text(value.shape)}):\n{_short(value)}")
        else:
            parts.append(f"{name} = {value.__name__ if callable(value) else repr(value)}")
    for label, value in (("asked for", wanted), ("yours", given)):
        if isinstance(value, np.ndarray):
            parts.append(f"{label} ({shape_text(value.shape)}):\n{_short(value)}")
        elif value is not None:
            parts.append(f"{label}: {exercise.kind.text(value)}")
    return "\n".join(parts)


def first_wrong(wanted: np.ndarray, given: Any) -> tuple[int, ...] | None:
    """The first place where two arrays of one shape differ."""
    if not isinstance(given, np.ndarray) or given.shape != wanted.shape:
        return None
    places = np.argwhere(~np.isclose(wanted, given, rtol=1e-4, atol=1e-5))
    return tuple(int(i) for i in places[0]) if len(places) else None


def _slices(name: str, values: Any, role: str, wrong: tuple[int, ...] | None, out_axis: int) -> list[LabelledGrid]:
    """An argument as grids: one for each channel; of a kernel, what leads to the output channel that is wrong."""
    values = np.atleast_1d(np.asarray(values, float))
    if values.ndim <= 2:
        grid = np.atleast_2d(values)
        return [LabelledGrid(f"{name} {shape_text(values.shape)}", grid, role)]
    if values.ndim == 3:
        channels = range(min(values.shape[-1], 4))
        return [LabelledGrid(f"{name}, channel {c}", values[..., c], role) for c in channels]
    out = wrong[-1] if wrong else 0
    if out >= values.shape[out_axis]:
        return []
    places = [(m, out) if out_axis == 3 else (out, m) for m in range(min(values.shape[5 - out_axis], 4))]
    return [LabelledGrid(f"{name}[:, :, {i}, {o}]", values[:, :, i, o], role) for i, o in places]


def _result(
    label: str, values: np.ndarray, wrong: tuple[int, ...] | None, marks: np.ndarray | None, batch: bool
) -> list[LabelledGrid]:
    """A result as one grid: of more than two axes, the slice in which the first wrong number is."""
    label = f"{label} {shape_text(values.shape)}"
    place = wrong or (0,) * values.ndim
    if values.size == 0 or len(place) != values.ndim:
        return []
    if values.ndim <= 2:
        cut: tuple[Any, ...] = ()
    elif values.ndim == 3 or batch:
        cut = (*place[: values.ndim - 3], ..., place[-1])
        label += f", channel {place[-1]}"
    else:
        cut = (..., *place[-2:])
        label += f"[:, :, {place[-2]}, {place[-1]}]"
    part = None if marks is None else np.atleast_2d(marks[cut])
    return [LabelledGrid(label, np.atleast_2d(values[cut]), "output", part)]


def _rows(values: np.ndarray) -> str:
    return "; ".join(" ".join(f"{v:g}" for v in row) for row in values)


def _short(values: np.ndarray) -> str:
    with np.printoptions(precision=4, suppress=True, threshold=200, edgeitems=4):
        text = str(np.where(values == 0, 0.0, values))
    return text
