"""Exercises of chapter 8: the phase sums of a kernel, and a kernel made clean."""

from __future__ import annotations

from typing import Any

import numpy as np

from conv_lib.exercises._data import digits, signed
from conv_lib.exercises._exercise import ARRAY, Exercise, Mutant
from conv_lib.ops import level_phases, phase_sums

ROLES = {"kernel": "kernel"}


def _case(height: int, width: int, stride: int, seed: int = 0) -> dict[str, Any]:
    return {"kernel": digits(height, width, seed=seed + height), "stride": stride}


def _counts(kernel: Any, stride: int) -> np.ndarray:
    return phase_sums(np.ones_like(kernel), stride)


def _blocks(kernel: Any, stride: int) -> np.ndarray:
    """Neighbours summed: index // stride instead of index % stride."""
    sums = np.zeros([-(-n // stride) for n in kernel.shape])
    for (i, j), weight in np.ndenumerate(kernel):
        sums[i // stride, j // stride] += weight
    return sums


def _one_stride(kernel: Any, stride: int, axis: int) -> np.ndarray:
    strides = [1, 1]
    strides[axis] = stride
    return phase_sums(kernel, tuple(strides))


PHASE_SUMS = Exercise(
    name="phase_sums",
    task="Add up the weights of the matrix `kernel` that belong to each phase: the weight at row i and column j is in "
    "phase (i mod stride, j mod stride). Return a matrix of stride × stride sums.",
    takes=("kernel", "stride"),
    right=phase_sums,
    cases=(
        _case(2, 3, 2),
        _case(3, 2, 2),
        _case(3, 4, 2),
        _case(5, 4, 3),
        _case(2, 4, 3),
        {"kernel": signed(5, 7, seed=4), "stride": 3},
        _case(4, 6, 2),
    ),
    mutants=(
        Mutant("Phases down and across are swapped.", lambda kernel, stride: phase_sums(kernel, stride).T),
        Mutant(
            "The weights are counted, not added up. That gives the overlap counts.",
            lambda kernel, stride: _counts(kernel, stride),
        ),
        Mutant(
            "The weights of a phase are averaged. Add them up.",
            lambda kernel, stride: phase_sums(kernel, stride) / np.maximum(_counts(kernel, stride), 1),
        ),
        Mutant(
            "Neighbours are added up: i // stride. A phase takes every weight with the same i % stride.",
            _blocks,
        ),
        Mutant(
            "Only the columns have phases. Rows fall into phases as well.",
            lambda kernel, stride: _one_stride(kernel, stride, 1),
        ),
        Mutant(
            "Only the rows have phases. Columns fall into phases as well.",
            lambda kernel, stride: _one_stride(kernel, stride, 0),
        ),
        Mutant(
            "The kernel is turned by 180 degrees. Phases are counted from its first weight as it is stored.",
            lambda kernel, stride: phase_sums(kernel[::-1, ::-1], stride),
        ),
        Mutant(
            "The last weight of each phase replaces the others. They add up: use `+=`.",
            lambda kernel, stride: _last(kernel, stride),
        ),
    ),
    kind=ARRAY,
    roles=ROLES,
)


def _last(kernel: Any, stride: int) -> np.ndarray:
    result = np.zeros((stride, stride))
    for (i, j), weight in np.ndenumerate(kernel):
        result[i % stride, j % stride] = weight
    return result


def _scaled(kernel: Any, stride: int) -> np.ndarray:
    sums = phase_sums(kernel, stride)
    factors = sums.mean() / sums
    return kernel * np.tile(factors, [-(-n // stride) for n in kernel.shape])[: kernel.shape[0], : kernel.shape[1]]


def _shared(kernel: Any, stride: int, goal: float, *, whole: bool = False) -> np.ndarray:
    """What each phase lacks to `goal`, added to its weights: shared out, or whole to each."""
    result = np.array(kernel, float)
    for p, q in np.ndindex(stride, stride):
        part = result[p::stride, q::stride]
        part += (goal - part.sum()) / (1 if whole else part.size)
    return result


def _first_takes_all(kernel: Any, stride: int) -> np.ndarray:
    result = np.array(kernel, float)
    for p, q in np.ndindex(stride, stride):
        part = result[p::stride, q::stride]
        part[0, 0] += kernel.sum() / stride**2 - part.sum()
    return result


LEVEL_PHASES = Exercise(
    name="level_phases",
    task="Return the kernel nearest to the matrix `kernel` (least squares) whose phase sums are all equal to the "
    "mean of the old phase sums. The kernel is at least as large as the stride.",
    takes=("kernel", "stride"),
    right=level_phases,
    cases=(
        _case(2, 3, 2),
        _case(3, 2, 2),
        _case(3, 4, 2),
        _case(5, 4, 3),
        _case(4, 6, 2),
        {"kernel": np.abs(signed(5, 7, seed=4)) + 0.5, "stride": 3},
    ),
    mutants=(
        Mutant(
            "Each phase is scaled to the right sum. Adding the same to each of its weights changes them less.",
            _scaled,
        ),
        Mutant(
            "What a phase lacks is added to each of its weights in full. Share it out among them.",
            lambda kernel, stride: _shared(kernel, stride, kernel.sum() / stride**2, whole=True),
        ),
        Mutant(
            "One weight of each phase takes all of the change. Shared out among them it is smaller.",
            _first_takes_all,
        ),
        Mutant(
            "The sums are 1. They should be the mean of the old ones.",
            lambda kernel, stride: _shared(kernel, stride, 1.0),
        ),
        Mutant(
            "The sums are the sum of all weights. Each phase gets its share of that, the mean of the old sums.",
            lambda kernel, stride: _shared(kernel, stride, kernel.sum()),
        ),
        Mutant(
            "The mean of the weights is not the mean of the phase sums: that is the sum over stride · stride.",
            lambda kernel, stride: _shared(kernel, stride, kernel.mean()),
        ),
        Mutant(
            "The phase sums are returned. Return a kernel.",
            lambda kernel, stride: phase_sums(kernel, stride),
        ),
        Mutant(
            "All weights are equal. That levels a kernel only where the stride divides it, and it is not the nearest.",
            lambda kernel, stride: np.full(kernel.shape, kernel.mean()),
        ),
    ),
    kind=ARRAY,
    roles=ROLES,
)

PHASES = (PHASE_SUMS, LEVEL_PHASES)
