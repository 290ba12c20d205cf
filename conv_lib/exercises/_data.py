"""Numbers for cases: small, whole, all different in a small array, the same on every machine."""

from __future__ import annotations

import numpy as np


def digits(*shape: int, seed: int = 0) -> np.ndarray:
    """Return small whole numbers from 1 on, mixed; a symmetric kernel would hide a flip."""
    count = int(np.prod(shape))
    mixed = np.random.default_rng(seed + 17 * count).permutation(count) % 9 + 1
    if count > 1 and mixed[0] == mixed[-1]:
        mixed[0] = mixed[-1] % 9 + 1
    return mixed.reshape(shape).astype(float)


def signed(*shape: int, seed: int = 0) -> np.ndarray:
    """Return numbers from -4 to 4 in halves."""
    return np.random.default_rng(seed).integers(-8, 9, shape) / 2.0
