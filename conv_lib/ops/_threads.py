"""Several threads of Python with one thread of BLAS each, instead of one thread with many.

Between two products a tile of windows is copied, and that is NumPy's work, on one core. If BLAS
spreads each product over the cores, all but one of them wait during the copies. If each core takes
its own tiles instead, one copies while another multiplies, and nobody waits. NumPy releases the
interpreter in both, so ordinary threads do.

How many threads BLAS has is asked and set through threadpoolctl. Without it the tiles are done one
after the other, with whatever threads BLAS takes.
"""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def available() -> int:
    """Return how many threads `share` uses: as many as BLAS has now."""
    return max((library.get_num_threads() for library in _blas()), default=1)


def share(work: Callable[[Iterator], None], jobs: Iterable[Any]) -> None:
    """Call `work(its_jobs)` in every thread; whoever is free takes the next job."""
    jobs = deque(jobs)
    count = min(available(), len(jobs))
    if count < 2:
        _take(work, jobs)
        return
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            _take(work, jobs)
        except BaseException as error:
            jobs.clear()
            errors.append(error)

    # Started anew for each call: a pool would not survive a fork, and a start takes microseconds.
    threads = [threading.Thread(target=worker, daemon=True) for _ in range(count - 1)]
    with _one_thread_of_blas():
        try:
            for thread in threads:
                thread.start()
            worker()
        finally:
            jobs.clear()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
    if errors:
        raise errors[0]


@contextmanager
def _one_thread_of_blas() -> Iterator[None]:
    """Hold BLAS at one thread; several callers may do so at once, and the last one lets go."""
    global _holders
    with _lock:
        if not _holders:
            _before[:] = [(library, library.get_num_threads()) for library in _blas()]
            for library, _ in _before:
                library.set_num_threads(1)
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if not _holders:
                for library, number in _before:
                    library.set_num_threads(number)


_lock = threading.Lock()
_holders = 0
_before: list[tuple[Any, int]] = []


def _take(work: Callable[[Iterator], None], jobs: deque) -> None:
    # Products may flag what nobody reads: unused lanes of BLAS, a tile redone. Each thread has its
    # own state for these warnings.
    with np.errstate(all="ignore"):
        work(_left(jobs))


def _left(jobs: deque) -> Iterator:
    while True:
        try:
            yield jobs.popleft()
        except IndexError:
            return


@functools.cache
def _blas() -> tuple:
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return ()
    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)
