"""Parameters and multiply-accumulates of one layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from conv_lib._checks import integer, refusal


class Cost(NamedTuple):
    """What a layer holds and does, for one image.

    weights : numbers in its kernel
    bias : numbers in its bias, if it has one
    macs : multiplications, each with its addition, without those of the bias
    positions : pixels at which the kernel is applied, so macs == positions * weights
    """

    weights: int
    bias: int
    macs: int
    positions: int


def layer_cost(
    kernel: int | Sequence[int],
    in_channels: int,
    out_channels: int,
    *,
    positions: int | Sequence[int] = 1,
    groups: int = 1,
) -> Cost:
    """Return the parameters and multiply-accumulates of a (transposed) convolution.

    >>> layer_cost((3, 3), 3, 32, positions=(28, 28))
    Cost(weights=864, bias=32, macs=677376, positions=784)
    >>> layer_cost((4, 4), 512, 512, positions=(80, 80), groups=512).weights  # depthwise
    8192

    weights = kernel pixels * in_channels * out_channels / groups, in both directions; every
    position uses each of them once.

    Parameters
    ----------
    kernel : int or one for each axis
        In pixels. An int is the kernel of one axis, not of a square.
    positions : int or one for each axis
        Where the kernel is applied: the *output* size of a convolution (it gathers), the *input*
        size of a transposed convolution (it scatters).
    groups : int
        Depthwise: groups=in_channels.

    The count is that of the definition: products with padded zeros, and stamps that are cropped
    away, are counted.

    Raises
    ------
    ValueError
        When groups does not divide the channels, or kernel and positions have different axes.
    """
    taps, places = _sizes("kernel", kernel), _sizes("positions", positions)
    if len(places) != len(taps) and places != [1]:
        raise ValueError(
            refusal(
                "kernel and positions have the same axes.",
                f"kernel={kernel!r}, positions={positions!r}",
                f"{len(taps)} positions",
            )
        )
    channels = {
        "in_channels": integer("in_channels", in_channels),
        "out_channels": integer("out_channels", out_channels),
    }
    groups = integer("groups", groups)
    for name, count in channels.items():
        if count % groups:
            raise ValueError(
                refusal(
                    f"groups must divide {name}.",
                    f"groups={groups}, {name}={count}",
                    str(math.gcd(*channels.values())),
                )
            )
    weights = math.prod(taps) * in_channels * out_channels // groups
    return Cost(
        weights=weights,
        bias=channels["out_channels"],
        macs=weights * math.prod(places),
        positions=math.prod(places),
    )


def _sizes(name: str, value: int | Sequence[int]) -> list[int]:
    if isinstance(value, tuple | list):
        if not 1 <= len(value) <= 3:
            raise ValueError(
                refusal(f"{name} is an int, or one for each of 1 to 3 axes.", f"{value!r}", "1")
            )
        return [integer(name, entry) for entry in value]
    return [integer(name, value)]
