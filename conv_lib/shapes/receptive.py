"""What one output pixel of a stack of layers sees of the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from conv_lib._checks import refusal
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
