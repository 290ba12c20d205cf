"""How far two correct results may lie apart, and why."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Tolerance(NamedTuple):
    """A relative tolerance: times the largest magnitude where that is above 1, and the reason."""

    relative: float
    reason: str


def tolerance_for(dtype: Any, *, device: str = "CPU", tf32: bool = False) -> Tolerance:
    """Return the tolerance that a dtype deserves on a device.

    >>> tolerance_for("float32").relative
    1e-05
    >>> tolerance_for("float32", device="GPU", tf32=True).relative
    0.004

    Parameters
    ----------
    dtype : dtype or its name
        Of the results.
    device : "CPU" or "GPU"
    tf32 : bool
        Whether TensorFloat-32 is allowed. Only GPUs have it, and only for float32.

    Raises
    ------
    TypeError
        For a dtype that does not hold numbers.
    ValueError
        For another device.
    """
    dtype = np.dtype(dtype)
    if device not in ("CPU", "GPU"):
        raise ValueError(f"device is 'CPU' or 'GPU'. Received: device={device!r}.")
    if dtype.kind in "biu":
        return Tolerance(0.0, "integers are exact in any order of summation")
    if dtype.kind not in "fc":
        raise TypeError(f"Results must hold numbers. Received: dtype {dtype}.")
    precision = np.empty(0, dtype).real.dtype
    if precision == np.float16:
        return Tolerance(
            1e-2,
            "float16: the result is rounded to 11 bits, and frameworks may also add in float16, "
            "where conv_lib adds in float32",
        )
    if precision == np.float32 and device == "GPU" and tf32:
        return Tolerance(
            4e-3,
            "TF32: the GPU rounds the factors to 11 bits before it multiplies (measured: at most "
            "2e-3 of outputs of unit variance); tf.config.experimental."
            "enable_tensor_float_32_execution(False) turns it off",
        )
    order = "order of summation: each order rounds differently, by units in the last place"
    if precision == np.float32:
        return Tolerance(1e-5, f"{order} of float32 (24 bits)")
    return Tolerance(1e-12, f"{order} of float64 (53 bits)")
