"""What one output pixel of a stack of layers sees of the input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from conv_lib._checks import integer, refusal
from conv_lib.shapes.axis import effective_kernel, padding_pair
from conv_lib.shapes.layer import Layer, layer_size


class Field(NamedTuple):
    """The receptive field of a pixel along one axis, in pixels of the input.

    size : what one output pixel sees
    jump : from one output pixel's field to the next (the effective stride)
    start : first pixel that output pixel 0 sees; negative where that lies in the padding
    """

    size: int
    jump: int
    start: int


def receptive_field(
    layers: Sequence[Layer], *, size: int | None = None, framework: str = "keras"
) -> list[Field]:
    """Return the receptive field after each layer of convolutions and poolings.

    >>> dilated = [Layer("conv", 3, dilation=2**i) for i in range(4)]
    >>> [field.size for field in receptive_field(dilated)]
    [3, 7, 15, 31]
    >>> receptive_field([Layer("conv", 3, padding="same"), Layer("pool", 2)])[-1]
    Field(size=4, jump=2, start=-1)

    Each layer adds (effective kernel - 1) * jump to the size, then multiplies the jump by its
    stride; its padding before the first pixel moves the start back by padding * jump. Output pixel
    i sees the input pixels start + i * jump up to start + i * jump + size - 1; a dilated kernel
    or one below its stride leaves holes between them.

    size : int, optional
        Of the input. Needed only where "same" is strided: its padding depends on the size.

    Raises
    ------
    ValueError
        For a layer that enlarges (the fields of its pixels differ), for "same" with a stride and
        no `size`, and where `layer_size` refuses.

    Source: Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks,
    https://distill.pub/2019/computing-receptive-fields
    """
    fields, seen = [], Field(size=1, jump=1, start=0)
    for number, layer in enumerate(checked_layers(layers)):
        if layer.kind not in ("conv", "pool"):
            raise ValueError(
                refusal(
                    "One receptive field for all pixels exists for 'conv' and 'pool' only.",
                    f"layer {number}: {layer}",
                    f"the {number} layers before it" if number else "a convolution",
                )
            )
        span = effective_kernel(layer.kernel, layer.dilation)
        named_same = isinstance(layer.padding, str) and layer.padding.lower() == "same"
        how = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
        if size is not None:
            before, _ = padding_pair(size, layer.kernel, **how)
            size = layer_size(layer, size, framework=framework)
        elif named_same and layer.stride > 1:
            raise ValueError(
                refusal(
                    'The padding of a strided "same" depends on the size of the input.',
                    f"layer {number}: {layer}, size=None",
                    "size= in pixels",
                )
            )
        else:
            # At stride 1, "same" adds the effective kernel - 1 to any size.
            before, _ = padding_pair(span, layer.kernel, **how)
        seen = Field(
            size=seen.size + (span - 1) * seen.jump,
            jump=seen.jump * layer.stride,
            start=seen.start - before * seen.jump,
        )
        fields.append(seen)
    return fields


def pixels_read(
    layers: Sequence[Layer], *, pixel: int = 0, size: int | None = None, framework: str = "keras"
) -> list[int]:
    """Return the input pixels that one output pixel depends on, without the holes between them.

    >>> pixels_read([Layer("conv", 3, dilation=2)] * 2)
    [0, 2, 4, 6, 8]
    >>> pixels_read([Layer("conv", 3, padding="same")] * 2, pixel=1, size=9)
    [0, 1, 2, 3]

    Places in the padding are not pixels, and are left out.

    pixel : int
        Of the output, counted from 0.
    size : int, optional
        Of the input. Needed where a layer pads; without it the input has no end.

    Raises
    ------
    ValueError
        Where `receptive_field` refuses, for padding without `size`, for a `pixel` that the output
        does not have, and for a field of more than 10,000 pixels.
    """
    pixel = integer("pixel", pixel, least=0)
    layers = checked_layers(layers)
    fields = receptive_field(layers, size=size, framework=framework)
    if fields[-1].size > MOST_PIXELS:
        raise ValueError(
            refusal(
                f"The pixels of a field of at most {MOST_PIXELS} are listed.",
                f"a field of {fields[-1].size}",
                "fewer layers, or receptive_field for the numbers alone",
            )
        )
    sizes = [size]
    for number, layer in enumerate(layers):
        if size is not None:
            sizes.append(layer_size(layer, sizes[-1], framework=framework))
            continue
        span = effective_kernel(layer.kernel, layer.dilation)
        if any(padding_pair(span, layer.kernel, padding=layer.padding, dilation=layer.dilation)):
            raise ValueError(
                refusal(
                    "Where the padding begins depends on the size of the input.",
                    f"layer {number}: {layer}, size=None",
                    "size= in pixels",
                )
            )
    if size is not None and pixel >= sizes[-1]:
        last = sizes[-1] - 1
        raise ValueError(
            refusal(f"The output has the pixels 0 to {last}.", f"pixel={pixel}", str(last))
        )
    befores = [
        (above.start - below.start) // above.jump
        for above, below in pairwise([Field(1, 1, 0), *fields])
    ]
    read = {pixel}
    for number in reversed(range(len(layers))):
        layer, end = layers[number], math.inf if size is None else sizes[number]
        starts = [at * layer.stride - befores[number] for at in read]
        taps = range(0, layer.kernel * layer.dilation, layer.dilation)
        read = {start + tap for start in starts for tap in taps if 0 <= start + tap < end}
    return sorted(read)


def checked_layers(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return `layers` as a tuple of `Layer`, at most 1000."""
    if isinstance(layers, Layer | str) or not hasattr(layers, "__iter__"):
        raise TypeError(
            refusal(
                "layers is a sequence of Layer.",
                f"{layers!r} ({type(layers).__name__})",
                "[Layer(...)]",
            )
        )
    layers = tuple(layers)
    for number, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise TypeError(
                refusal(
                    "layers is a sequence of Layer.",
                    f"layer {number}: {layer!r} ({type(layer).__name__})",
                    "Layer(kind, kernel, ...)",
                )
            )
    if not 0 < len(layers) <= MOST_LAYERS:
        raise ValueError(
            refusal(f"A chain has 1 to {MOST_LAYERS} layers.", f"{len(layers)} layers", "1")
        )
    return layers


# No network is deeper along one path; it bounds the time of every function here.
MOST_LAYERS = 1000
MOST_PIXELS = 10_000
