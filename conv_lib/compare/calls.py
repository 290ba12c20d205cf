"""The same call in NumPy and in every framework at hand, as one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from conv_lib.compare import frameworks
from conv_lib.compare.diagnosis import diagnose
from conv_lib.compare.frameworks import Asked, LeftOut, Ran, timed
from conv_lib.compare.stored import today
from conv_lib.compare.tolerance import tolerance_for
from conv_lib.compare.verdict import agreement
from conv_lib.ops import conv2d, conv2d_transpose
from conv_lib.ops._arguments import convolution_call, transposed_call

BACKENDS: dict[str, Callable[[Asked], Ran]] = {
    "tensorflow": frameworks.tensorflow,
    "keras": frameworks.keras,
    "tensorflow GPU": lambda asked: frameworks.tensorflow(asked, "GPU"),
    "torch": frameworks.torch,
}


@dataclass(frozen=True)
class Backend:
    """One framework's answer beside that of conv_lib.

    Attributes
    ----------
    version, device : str
    shape : tuple of int
    seconds : float
        Median of a call, the input already its own tensor. Not for close races: `conv_lib.bench`.
    max_absolute, max_relative : float
        Of the difference to conv_lib, as in `Agreement`.
    tolerance : float
        Largest absolute difference that counts as agreement.
    reason : str
        Why the tolerance is as large as that.
    agrees : bool
    difference : str
        What kind of difference it is, from `diagnose`.
    """

    version: str
    device: str
    shape: tuple[int, ...]
    seconds: float
    max_absolute: float
    max_relative: float
    tolerance: float
    reason: str
    agrees: bool
    difference: str


@dataclass(frozen=True)
class Comparison:
    """One call everywhere; true when every framework that ran agrees with conv_lib.

    Attributes
    ----------
    operation : str
    settings : dict
    shape : tuple of int
        Of conv_lib's result.
    dtype : str
    seconds : float
        Median of a call of conv_lib.
    backends : dict of str to Backend
    left_out : dict of str to str
        Which framework did not run, and why.
    date : str
    """

    operation: str
    settings: dict
    shape: tuple[int, ...]
    dtype: str
    seconds: float
    backends: dict[str, Backend] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    date: str = field(default_factory=today)

    def __bool__(self) -> bool:
        return all(backend.agrees for backend in self.backends.values())

    def __str__(self) -> str:
        lines = [f"{self.operation} {self.settings}: {self.dtype} {self.shape}"]
        for name, backend in self.backends.items():
            verdict = "agrees" if backend.agrees else f"differs, {backend.difference}"
            lines.append(
                f"  {name} ({backend.version}): {verdict}; largest difference "
                f"{backend.max_absolute:.2g}, tolerance {backend.tolerance:.1g} ({backend.reason})"
            )
        lines += [f"  {name}: left out, {reason}" for name, reason in self.left_out.items()]
        return "\n".join(lines)

    def as_dict(self) -> dict:
        """Return it as plain dicts, for `stored.save`."""
        return asdict(self)


def compare_call(
    operation: str,
    x: Any,
    kernel: Any,
    *,
    stride: Any = 1,
    padding: Any = "valid",
    dilation: Any = 1,
    output_shape: Any = None,
    groups: int = 1,
    backends: Any = tuple(BACKENDS),
    repeat: int = 5,
) -> Comparison:
    """Run a call in conv_lib and in each framework at hand, and say how far they lie apart.

    >>> x, kernel = np.ones((1, 4, 4, 1), "float32"), np.ones((3, 3, 1, 1), "float32")
    >>> record = compare_call("conv2d", x, kernel, padding="same", backends=["tensorflow GPU"])
    >>> record.shape, sorted({*record.backends, *record.left_out})
    ((1, 4, 4, 1), ['tensorflow GPU'])

    Parameters
    ----------
    operation : "conv2d" or "conv2d_transpose"
    x, kernel, stride, padding, dilation, output_shape, groups
        As `conv_lib.conv2d` and `conv_lib.conv2d_transpose` take them, with one batch axis.
        conv_lib checks them first: no framework is asked for what is illegal.
    backends : names among "tensorflow", "keras", "tensorflow GPU", "torch"
        Those that are not installed, or that refuse the call, are named in `left_out`.
    repeat : int
        How many calls are timed; 0 times none.

    Raises
    ------
    TypeError, ValueError
        As the operation; ValueError for an unknown operation or backend, or for x without exactly
        one batch axis.
    """
    kinds = {"conv2d": "conv", "conv2d_transpose": "transpose"}
    if operation not in kinds:
        raise ValueError(f"operation is one of {[*kinds]}. Received: operation={operation!r}.")
    unknown = [name for name in backends if name not in BACKENDS]
    if unknown:
        raise ValueError(f"backends are among {[*BACKENDS]}. Received: {unknown}.")
    x, kernel = np.asarray(x), np.asarray(kernel)
    if x.ndim != 4:
        raise ValueError(
            "To compare, x must have the shape (batch, height, width, channels). "
            f"Received: shape {x.shape}."
        )
    how = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    if operation == "conv2d":
        if output_shape is not None:
            raise ValueError("output_shape is for conv2d_transpose: conv2d has one legal size.")
        call = convolution_call(x, kernel, stride, padding, dilation, groups)

        def run(kernel):
            return conv2d(x, kernel, **how)

    else:
        how["output_shape"] = output_shape
        call = transposed_call(x, kernel, stride, padding, dilation, None, output_shape, groups)

        def run(kernel):
            return conv2d_transpose(x, kernel, **how)

    result, seconds = timed(lambda: run(kernel), repeat)
    asked = Asked(kinds[operation], call, padding, result.shape, result.dtype, repeat)
    variants = {
        "the kernel is flipped in space": lambda: run(kernel[::-1, ::-1]),
        "the kernel's height and width are swapped": lambda: run(kernel.swapaxes(0, 1)),
        "the kernel's channels are swapped": lambda: run(kernel.swapaxes(2, 3)),
    }
    if kernel.shape[0] != kernel.shape[1]:
        del variants["the kernel's height and width are swapped"]
    if kernel.shape[2] != kernel.shape[3] or groups > 1:
        del variants["the kernel's channels are swapped"]

    ran, left_out = {}, {}
    for name in backends:
        try:
            ran[name] = _beside(result, BACKENDS[name](asked), variants)
        except LeftOut as reason:
            left_out[name] = str(reason)
    shown = {key: value for key, value in how.items() if value is not None}
    return Comparison(operation, shown, result.shape, result.dtype.name, seconds, ran, left_out)


def _beside(result: np.ndarray, other: Ran, variants: dict) -> Backend:
    relative, reason = tolerance_for(result.dtype, device=other.device, tf32=other.tf32)
    finite = np.abs(result[np.isfinite(result)])
    tolerance = relative * max(1.0, float(finite.max(initial=0.0)))
    verdict = agreement(result, other.result, tolerance=tolerance)
    found = diagnose(result, other.result, tolerance=tolerance, variants=variants)
    return Backend(
        version=other.version,
        device=other.device,
        shape=other.result.shape,
        seconds=other.seconds,
        max_absolute=verdict.max_absolute,
        max_relative=verdict.max_relative,
        tolerance=tolerance,
        reason=reason,
        agrees=bool(verdict),
        difference=str(found),
    )
