"""What a layer computes, in words that no framework owns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from conv_lib._checks import refusal
from conv_lib.ops import zero_extended
from conv_lib.shapes import effective_kernel, full_size


class Axis(NamedTuple):
    """One axis, in pixels.

    A convolution's output pixel r sums input[start + r * stride + i * dilation] * kernel[i]; a
    transposed convolution's output pixel r is full[start + r] of the full result. Outside are
    zeros, so a negative start pads; `output` pixels come out.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    start: int
    output: int

    @property
    def span(self) -> int:
        return effective_kernel(self.kernel, self.dilation)

    @property
    def full(self) -> int:
        return full_size(self.size, self.kernel, stride=self.stride, dilation=self.dilation)


class Meaning(NamedTuple):
    """A layer without its framework.

    operation : "conv" or "transposed"
    kernel : ndarray, shape (*spatial, in // groups, out) or, transposed, (*spatial, out // groups,
        in): TensorFlow's layouts, not flipped
    """

    operation: str
    kernel: np.ndarray
    axes: tuple[Axis, ...]
    groups: int

    @property
    def in_channels(self) -> int:
        if self.operation == "conv":
            return self.kernel.shape[-2] * self.groups
        return self.kernel.shape[-1]

    @property
    def out_channels(self) -> int:
        if self.operation == "conv":
            return self.kernel.shape[-1]
        return self.kernel.shape[-2] * self.groups


def evaluate(meaning: Meaning, x: np.ndarray) -> np.ndarray:
    """Run a layer in NumPy, channels last, with any number of spatial axes: one tap at a time.

    >>> kernel = np.ones((2, 2, 1, 1))
    >>> axes = (Axis(3, 2, 1, 1, start=0, output=2), Axis(3, 2, 1, 1, start=-1, output=4))
    >>> evaluate(Meaning("conv", kernel, axes, 1), np.ones((1, 3, 3, 1)))[0, :, :, 0]
    array([[2., 4., 4., 2.],
           [2., 4., 4., 2.]])

    x : ndarray, shape (batch, *spatial, in_channels)
    """
    axes = meaning.axes
    expected = (*(axis.size for axis in axes), meaning.in_channels)
    if x.ndim != len(axes) + 2 or x.shape[1:] != expected:
        raise ValueError(
            refusal(
                "x has the layer's size, with batch and channels.",
                f"shape {x.shape} (channels last)",
                f"(batch, {', '.join(map(str, expected))})",
            )
        )
    kernel = without_groups(meaning).kernel
    # Where the first pixel of all windows meets a tap, and from there with the stride.
    steps = [axis.output if meaning.operation == "conv" else axis.size for axis in axes]
    taps = [
        (
            kernel[tap],
            (
                slice(None),
                *(
                    slice(
                        i * axis.dilation,
                        i * axis.dilation + (n - 1) * axis.stride + 1,
                        axis.stride,
                    )
                    for i, axis, n in zip(tap, axes, steps, strict=True)
                ),
            ),
        )
        for tap in np.ndindex(*kernel.shape[:-2])
    ]
    if meaning.operation == "conv":
        reads = [
            (axis.start, axis.start + (axis.output - 1) * axis.stride + axis.span) for axis in axes
        ]
        padded = zero_extended(x, reads)
        return sum(padded[places] @ weights for weights, places in taps)
    full = np.zeros(
        (len(x), *(axis.full for axis in axes), meaning.out_channels), np.result_type(x, kernel)
    )
    for weights, places in taps:
        full[places] += x @ weights.T
    return zero_extended(full, [(axis.start, axis.start + axis.output) for axis in axes])


def without_dilation(meaning: Meaning) -> Meaning:
    """Return the same layer with the zeros between the taps written into its kernel.

    >>> axis = Axis(7, 2, 2, 3, start=0, output=2)
    >>> spread = without_dilation(Meaning("conv", np.ones((2, 1, 1)), (axis,), 1))
    >>> spread.kernel[:, 0, 0], spread.axes[0].dilation
    (array([1., 0., 0., 1.]), 1)
    """
    kernel, axes = meaning.kernel, meaning.axes
    spread = np.zeros((*(axis.span for axis in axes), *kernel.shape[-2:]), kernel.dtype)
    spread[tuple(slice(None, None, axis.dilation) for axis in axes)] = kernel
    axes = tuple(axis._replace(kernel=axis.span, dilation=1) for axis in axes)
    return meaning._replace(kernel=spread, axes=axes)


def without_groups(meaning: Meaning) -> Meaning:
    """Return the same layer with one group: zeros between channels that are not connected.

    >>> axis = Axis(3, 1, 1, 1, start=0, output=3)
    >>> grouped = Meaning("conv", np.array([[[5.0, 6.0]]]), (axis,), 2)  # 2 channels to 2
    >>> without_groups(grouped).kernel[0]
    array([[5., 0.],
           [0., 6.]])
    """
    kernel, groups = meaning.kernel, meaning.groups
    # The axis that is split by groups, and the one that holds all channels in order of groups.
    inner, outer = kernel.shape[-2:]
    dense = np.zeros((*kernel.shape[:-2], inner * groups, outer), kernel.dtype)
    for group in range(groups):
        part = slice(group * outer // groups, (group + 1) * outer // groups)
        dense[..., group * inner : (group + 1) * inner, part] = kernel[..., part]
    return meaning._replace(kernel=dense, groups=1)
