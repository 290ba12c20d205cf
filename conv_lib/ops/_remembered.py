"""Calls that come again are checked once: a training loop makes the same call a million times.

Which calls are legal, and the sizes they lead to, follow from shapes, dtypes and settings alone.
Checking them takes some 15 microseconds, three times as long as a small convolution itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

MOST = 512  # calls remembered; then it starts afresh


def remembered(check: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function from (x, kernel, *settings, rank) to a `Call`, so that it runs once for each.

    Only plain settings are remembered. 1, 1.0 and True are equal to a dictionary, but a stride of
    1.0 or True is an error, so anything but exact integers, strings and None is checked each time.
    """
    known: dict[tuple, tuple] = {}

    @functools.wraps(check)
    def checked(x, kernel, *settings, rank=2):
        if type(x) is not np.ndarray or type(kernel) is not np.ndarray or not _plain(settings):
            return check(x, kernel, *settings, rank=rank)
        key = (x.shape, kernel.shape, x.dtype, kernel.dtype, settings, rank)
        found = known.get(key)
        if found is None:
            call = check(x, kernel, *settings, rank=rank)
            if len(known) >= MOST:
                known.clear()
            found = known[key] = (call.x.dtype, call._replace(x=None, kernel=None))
        dtype, call = found
        if x.dtype != dtype:
            x = x.astype(dtype)
        if kernel.dtype != dtype:
            kernel = kernel.astype(dtype)
        return type(call)(x, kernel, *call[2:])

    return checked


def _plain(settings: tuple) -> bool:
    for setting in settings:
        kind = type(setting)
        if kind is tuple:
            if not _plain(setting):
                return False
        elif kind is not int and kind is not str and setting is not None:
            return False
    return True
