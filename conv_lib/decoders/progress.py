"""A progress bar on stderr: there in a notebook and a terminal, left out of the built page."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator


def bar(total: int, words: str) -> Iterator[None]:
    """Yield `total` times, and show how far it is and how long it will take."""
    start = last = time.monotonic()
    for done in range(1, total + 1):
        yield
        now = time.monotonic()
        if now - last > 2 or done == total:
            last = now
            left = (now - start) / done * (total - done)
            filled = 30 * done // total
            print(
                f"\r{words}  [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}, {left:.0f} s left  ",
                end="\n" if done == total else "",
                file=sys.stderr,
                flush=True,
            )
