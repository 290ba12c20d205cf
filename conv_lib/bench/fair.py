"""Time some calls in one process, as fairly as one process can."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Calls = Mapping[str, Callable[[], Any]]


def median_ms(
    calls: Calls, *, rounds=5, seconds=0.1, clock=time.perf_counter
) -> dict[str, float]:
    """Return the median time of each call in milliseconds.

    Each is called once before the clock starts: first calls allocate,
    trace, or choose an algorithm. Then they take turns, so that whatever
    else the machine does slows all of them, and each round begins with
    another one. The median ignores the few calls that were interrupted.

    A call to a GPU must itself wait until the device is done.

    With `clock=time.process_time` only the work of this process counts,
    on all of its threads, and not the time in which others had the core.
    """
    for call in calls.values():
        call()
    names = [*calls]
    times = {name: [] for name in names}
    for index in range(rounds):
        shift = index % len(names)
        for name in names[shift:] + names[:shift]:
            stop = time.perf_counter() + seconds / rounds
            while True:
                start = clock()
                calls[name]()
                times[name].append(clock() - start)
                if time.perf_counter() >= stop:
                    break
    return {name: 1e3 * statistics.median(times[name]) for name in names}


def extra_mib(call: Callable[[], Any]) -> float:
    """Return how much memory a NumPy call takes at its peak, besides its result, in MiB.

    >>> x = np.ones(2**18)
    >>> extra_mib(lambda: x + 1) < 0.1 < extra_mib(lambda: (x + 1).sum())
    True
    """
    call()
    tracemalloc.start()
    result = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    kept = result.nbytes if isinstance(result, np.ndarray) else 0
    return (peak - kept) / 2**20
