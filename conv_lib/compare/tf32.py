"""TensorFloat-32 without the GPU: what its tensor cores make of float32 factors."""

from __future__ import annotations

from typing import Any

import numpy as np

_DROPPED = 13  # of the 23 bits behind the point; 10 are kept
_HALF = np.uint32(1 << (_DROPPED - 1))
_KEPT = np.uint32(0xFFFFFFFF << _DROPPED & 0xFFFFFFFF)


def to_tf32(x: Any, *, rounding: str = "nearest") -> np.ndarray:
    """Round numbers to TensorFloat-32: the sign, the 8 exponent bits, 10 of the 23 mantissa bits.

    >>> [float(v - 1) * 1024 for v in to_tf32([1 + 2**-10, 1 + 2**-11, 1 + 2**-12])]
    [1.0, 1.0, 0.0]

    A convolution in TF32 is `conv2d(to_tf32(x), to_tf32(kernel))` in float32: the product of two
    numbers of 11 bits has 22, and float32 holds 24. So products are exact, and only the sums are
    rounded, as in float32. (In which order they are added is the GPU's affair.)

    Parameters
    ----------
    x : array_like of real numbers
    rounding : "nearest" or "truncate"
        To the nearest, and away from zero where two are equally near, as the PTX instruction
        cvt.rna.tf32.f32 does: off by at most 2**-11 of the number. Or the bits are cut off: by at
        most 2**-10. Infinities and NaN stay as they are.

    Returns
    -------
    ndarray of float32

    Raises
    ------
    TypeError
        For what is not real numbers.
    ValueError
        For another rounding.

    Source: https://docs.nvidia.com/cuda/parallel-thread-execution/ (cvt, .tf32)
    """
    if rounding not in ("nearest", "truncate"):
        raise ValueError(f"rounding is 'nearest' or 'truncate'. Received: rounding={rounding!r}.")
    numbers = np.asarray(x)
    if numbers.dtype.kind not in "biuf":
        raise TypeError(f"x must hold real numbers. Received: dtype {numbers.dtype}.")
    numbers = numbers.astype(np.float32)
    bits = numbers.view(np.uint32)
    if rounding == "nearest":
        bits = bits + _HALF  # a carry out of the mantissa raises the exponent: that is right
    rounded = (bits & _KEPT).view(np.float32)
    return np.where(np.isfinite(numbers), rounded, numbers)
