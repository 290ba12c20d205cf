"""Input sizes that an encoder-decoder with skips accepts, and how they repeat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from conv_lib._checks import integer, refusal
from conv_lib.shapes.chain import checked_skips, unread
from conv_lib.shapes.layer import FRAMEWORKS, Layer, choice, layer_size, refuse_foreign
from conv_lib.shapes.receptive import checked_layers

# Sizes tried in one call: a fraction of a second.
MOST_SIZES = 10_000


class Accepted(NamedTuple):
    """The accepted sizes from `low` to `high`, and the rule they follow there.

    sizes : all of them, each tried
    modulus : the product of the strides of the encoder
    residues : where not None, `sizes` are exactly those from sizes[0] on whose remainder modulo
        `modulus` is one of these; None where they follow no such rule between `low` and `high`
    """

    low: int
    high: int
    sizes: tuple[int, ...]
    modulus: int
    residues: tuple[int, ...] | None

    def __str__(self) -> str:
        """The rule in words."""
        if not self.sizes:
            return f"no size from {self.low} to {self.high}"
        if self.residues is None:
            listed = ", ".join(map(str, self.sizes[:12])) + (", ..." if self.sizes[12:] else "")
            return f"{listed} (of {self.low} to {self.high})"
        if len(self.residues) == self.modulus:
            rule = "every size"
        elif self.residues == (0,):
            rule = f"multiples of {self.modulus}"
        else:
            rule = f"{' or '.join(map(str, self.residues))} mod {self.modulus}"
        return f"{rule}, from {self.sizes[0]} on"


def accepted_sizes(
    layers: Sequence[Layer],
    low: int = 1,
    high: int = 1024,
    *,
    skips: Sequence[tuple[int, int]] = (),
    framework: str = "keras",
    lossless: bool = False,
) -> Accepted:
    """Return every input size for which all layers run and all skips fit.

    >>> unet = [Layer("pool", 2)] * 4 + [Layer("upsample", stride=2)] * 4
    >>> fits = accepted_sizes(unet, skips=[(3, 5), (2, 6), (1, 7), (0, 8)])
    >>> print(fits)
    multiples of 16, from 16 on
    >>> double = [Layer("conv", 3), Layer("conv", 3)]
    >>> encoder = (double + [Layer("pool", 2)]) * 4 + double  # the U-Net of 2015, on 572 pixels
    >>> print(accepted_sizes(encoder, lossless=True))
    12 mod 16, from 140 on

    Each size is tried; at most 10,000. That two sizes differing by a multiple of the total stride
    fare alike is then read off, not assumed, so a chain that fits only a few sizes shows them.

    layers, skips, framework :
        As in `trace`; a skip (0, len(layers)) asks that the output has the size of the input.
    lossless : bool
        Ask also that no layer leaves pixels at the end unread, as `Step.lost` counts them.

    Raises
    ------
    ValueError
        When low > high, or more sizes are asked for.
    """
    network = _Network(layers, skips, framework, lossless)
    low = integer("low", low)
    high = integer("high", high, least=low)
    if high - low >= MOST_SIZES:
        raise ValueError(
            refusal(
                f"At most {MOST_SIZES} sizes are tried in one call.",
                f"low={low}, high={high}",
                f"high={low + MOST_SIZES - 1}",
            )
        )
    sizes = tuple(size for size in range(low, high + 1) if network.accepts(size))
    residues = tuple(sorted({size % network.modulus for size in sizes}))
    ruled = tuple(
        size
        for size in range(sizes[0] if sizes else low, high + 1)
        if size % network.modulus in set(residues)
    )
    # One period is no evidence of a second.
    seen_twice = bool(sizes) and high - sizes[0] >= 2 * network.modulus - 1
    return Accepted(
        low, high, sizes, network.modulus, residues if seen_twice and ruled == sizes else None
    )


def nearest_accepted(
    size: int,
    layers: Sequence[Layer],
    *,
    skips: Sequence[tuple[int, int]] = (),
    framework: str = "keras",
    lossless: bool = False,
) -> tuple[int | None, int | None]:
    """Return the accepted sizes nearest to `size`: the largest not above, the smallest not below.

    >>> unet = [Layer("pool", 2)] * 4 + [Layer("upsample", stride=2)] * 4
    >>> nearest_accepted(700, unet, skips=[(3, 5), (2, 6), (1, 7), (0, 8)])
    (688, 704)

    Both are `size` itself where it is accepted; None where no accepted size lies within two
    total strides (at most 5,000 pixels) and the chain's own span.
    """
    network = _Network(layers, skips, framework, lossless)
    size = integer("size", size)
    reach = min(2 * network.modulus + network.span, MOST_SIZES // 2)
    below = (size - step for step in range(min(reach, size - 1) + 1))
    above = (size + step for step in range(reach + 1))
    return (
        next((length for length in below if network.accepts(length)), None),
        next((length for length in above if network.accepts(length)), None),
    )


# ----------------------------------------------------------------------------------- inside


class _Network:
    """A checked chain that answers yes or no, and remembers the sizes of its inner layers."""

    def __init__(
        self, layers: Sequence[Layer], skips: Sequence, framework: str, lossless: bool
    ) -> None:
        if not isinstance(lossless, bool):
            raise TypeError(
                refusal("lossless must be True or False.", f"lossless={lossless!r}", "False")
            )
        self.lossless = lossless
        self.framework = choice("framework", framework, FRAMEWORKS)
        self.layers = checked_layers(layers)
        self.skips = checked_skips(skips, len(self.layers))
        shrinking = [layer for layer in self.layers if layer.kind in ("conv", "pool")]
        self.modulus = math.prod(layer.stride for layer in shrinking)
        self.span = sum(layer.kernel * layer.dilation for layer in shrinking)
        for layer in self.layers:
            # What the framework refuses at any size is a mistake, not an answer of "no size".
            refuse_foreign(layer, self.framework)
        # Inner layers meet few sizes, again and again.
        known: dict[Layer, dict[int, int | None]] = {layer: {} for layer in self.layers}
        self._known = [known[layer] for layer in self.layers]

    def accepts(self, size: int) -> bool:
        sizes = [size]
        for layer, known in zip(self.layers, self._known, strict=True):
            size = sizes[-1]
            if size not in known:
                try:
                    known[size] = layer_size(layer, size, framework=self.framework)
                except ValueError:
                    known[size] = None
                else:
                    if self.lossless and unread(layer, size, known[size]):
                        known[size] = None
            if known[size] is None:
                return False
            sizes.append(known[size])
        return all(sizes[source] == sizes[target] for source, target in self.skips)
