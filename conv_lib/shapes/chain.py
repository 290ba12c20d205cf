"""A size through a chain of layers: where pixels are lost, what restores them, which skips fit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from conv_lib._checks import integer, refusal
from conv_lib.shapes.axis import _checked, effective_kernel, padding_pair
from conv_lib.shapes.layer import FRAMEWORKS, Layer, choice, layer_size
from conv_lib.shapes.receptive import checked_layers


class Step(NamedTuple):
    """One layer of a trace.

    size, output : pixels before and after the layer
    collapses : all sizes that give this output; with more than one, the layer rounds
    lost : pixels at the end of the input that no window reads
    restore : the transposed layer of the same geometry from `output` back to `size`, or None
        where the framework has none
    """

    layer: Layer
    size: int
    output: int
    collapses: range
    lost: int
    restore: Layer | None


class Misfit(NamedTuple):
    """A skip whose two ends differ.

    source, target : numbers of layers before the two ends; 0 is the input
    skip_size, size : pixels that the skip brings, and that it meets
    pad : (before, after) zeros to add to what it meets; negative: pixels to crop
    fix : the layer before the target, set so that the skip fits; None where no setting does it
    """

    source: int
    target: int
    skip_size: int
    size: int
    pad: tuple[int, int]
    fix: Layer | None


class Trace(NamedTuple):
    """A size through a chain: sizes[i] stands after i layers, sizes[0] is the input."""

    sizes: tuple[int, ...]
    steps: tuple[Step, ...]
    misfits: tuple[Misfit, ...]

    def __str__(self) -> str:
        """One line per layer, then one per skip that does not fit."""
        lines = []
        for step in self.steps:
            line = f"{step.size} -> {step.output}  {step.layer}"
            if len(step.collapses) > 1:
                first, last = step.collapses[0], step.collapses[-1]
                line += f"  ({first} to {last} all give {step.output})"
            if step.lost:
                line += f", {step.lost} unread"
            lines.append(line)
        for misfit in self.misfits:
            lines.append(
                f"skip from {misfit.source} to {misfit.target} does not fit: it brings "
                f"{misfit.skip_size}, and meets {misfit.size}"
            )
        return "\n".join(lines)


def trace(
    size: int,
    layers: Sequence[Layer],
    *,
    skips: Sequence[tuple[int, int]] = (),
    framework: str = "keras",
) -> Trace:
    """Follow a size through a chain of layers.

    >>> down, up = Layer("pool", 2), Layer("upsample", stride=2)
    >>> print(trace(43, [down, up], skips=[(0, 2)]))
    43 -> 21  Layer('pool', 2, stride=2)  (42 to 43 all give 21), 1 unread
    21 -> 42  Layer('upsample', stride=2)
    skip from 0 to 2 does not fit: it brings 43, and meets 42
    >>> trace(23, [Layer("conv", 3, stride=2, padding="same")]).steps[0].restore
    Layer('transposed', 3, stride=2, padding='same', output_padding=0)

    Parameters
    ----------
    layers : sequence of Layer
        1 to 1000, each after the one before.
    skips : sequence of (source, target)
        The map after `source` layers is joined to the map after `target` layers, so both must have
        the same size; 0 is the input.
    framework : "keras", "tf" or "torch"
        Whose size rules, see `layer_size`.

    Raises
    ------
    ValueError
        Where a layer refuses its size; the message names the layer.
    """
    choice("framework", framework, FRAMEWORKS)
    layers, size = checked_layers(layers), integer("size", size)
    skips = checked_skips(skips, len(layers))
    sizes, steps = [size], []
    for number, layer in enumerate(layers):
        try:
            output = layer_size(layer, sizes[-1], framework=framework)
        except ValueError as error:
            so_far = " -> ".join(map(str, sizes))
            raise ValueError(f"Layer {number} (sizes so far {so_far}): {error}") from None
        collapses = _collapses(layer, sizes[-1], output, framework)
        restore = None
        if layer.kind in ("conv", "pool"):
            restore = restoring_layer(layer, sizes[-1], framework=framework)
        steps.append(
            Step(layer, sizes[-1], output, collapses, unread(layer, sizes[-1], output), restore)
        )
        sizes.append(output)
    misfits = []
    for source, target in skips:
        brings, meets = sizes[source], sizes[target]
        if brings != meets:
            before = (brings - meets) // 2
            fix = _fixed(layers[target - 1], sizes[target - 1], brings, framework)
            pad = (before, brings - meets - before)
            misfits.append(Misfit(source, target, brings, meets, pad, fix))
    return Trace(tuple(sizes), tuple(steps), tuple(misfits))


def restoring_layer(layer: Layer, size: int, *, framework: str = "keras") -> Layer | None:
    """Return the transposed layer that undoes the size of `layer` on `size`, None if there is none.

    >>> restoring_layer(Layer("conv", 3, stride=2, padding=1), 8, framework="torch")
    Layer('transposed', 3, stride=2, padding=1, output_padding=1)
    >>> restoring_layer(Layer("conv", 3, stride=2, padding="same"), 8)
    Layer('transposed', 3, stride=2, padding='same')

    It has the kernel, stride, padding and dilation of `layer`, and the output_padding (Keras,
    PyTorch) or output_size (tf.nn) that gives `size`. PyTorch's "same" becomes its padding in
    pixels where that is the same at both ends. None where the framework cannot: then run it with
    padding "valid" (0) and cut the window `transposed_window` out of the result.
    """
    output = layer_size(layer, size, framework=framework)
    if layer.kind not in ("conv", "pool"):
        raise ValueError(
            refusal("Only 'conv' and 'pool' lose a size.", f"{layer}", "a convolution or pooling")
        )
    padding = layer.padding
    if framework == "torch" and _checked(padding) == "same":
        total = effective_kernel(layer.kernel, layer.dilation) - 1
        if total % 2:
            return None
        padding = total // 2
    mirrored = Layer("transposed", layer.kernel, layer.stride, padding, layer.dilation)
    return _fixed(mirrored, output, size, framework)


def checked_skips(skips: Sequence[tuple[int, int]], depth: int) -> tuple[tuple[int, int], ...]:
    """Return `skips` as pairs 0 <= source < target <= depth."""
    checked = []
    for skip in skips:
        if not isinstance(skip, tuple | list) or len(skip) != 2:
            raise ValueError(
                refusal("A skip is a pair (source, target).", f"{skip!r}", f"(0, {depth})")
            )
        source = integer("source of a skip", skip[0], least=0)
        target = integer("target of a skip", skip[1], least=1)
        if not source < target <= depth:
            raise ValueError(
                refusal(
                    f"A skip goes forward: 0 <= source < target <= {depth} layers.",
                    f"{skip!r}",
                    f"(0, {depth})",
                )
            )
        checked.append((source, target))
    return tuple(checked)


def unread(layer: Layer, size: int, output: int) -> int:
    """Return the pixels at the end of the input that no window reads."""
    if layer.kind in ("transposed", "upsample"):
        return 0
    how = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
    before, _ = padding_pair(size, layer.kernel, **how)
    last_end = (output - 1) * layer.stride + effective_kernel(layer.kernel, layer.dilation)
    return max(size + before - last_end, 0)


# ----------------------------------------------------------------------------------- inside


def _collapses(layer: Layer, size: int, output: int, framework: str) -> range:
    """Return all sizes with this output: sizes grow with their input, so bisection finds them."""
    if layer.kind in ("transposed", "upsample"):
        return range(size, size + 1)

    def grown(length: int) -> int:
        try:
            return layer_size(layer, length, framework=framework)
        except ValueError:  # too small for the kernel
            return 0

    # `stride` sizes share an output; where padding exceeds the kernel, all small ones may.
    span = layer.stride + effective_kernel(layer.kernel, layer.dilation)
    upto = range(1, size + span + 1)
    return range(
        upto[bisect_left(upto, output, key=grown)],
        upto[0] + bisect_left(upto, output + 1, key=grown),
    )


def _fixed(layer: Layer, size: int, wanted: int, framework: str) -> Layer | None:
    """Return `layer`, transposed, with the size choice that makes it give `wanted`."""
    if layer.kind != "transposed":
        return None
    plain = replace(layer, output_padding=None, output_size=None)
    if framework == "tf":
        variants = [replace(plain, output_size=wanted)]
    else:
        # One more pixel of output_padding is one more pixel of output.
        variants = [plain, replace(plain, output_padding=0)]
        for extra in range(2):  # Keras refuses 0 for an even kernel, so ask for 1 there
            try:
                probe = replace(plain, output_padding=extra)
                more = wanted - layer_size(probe, size, framework=framework) + extra
            except ValueError:
                continue
            if more >= 0:
                variants.append(replace(plain, output_padding=more))
            break
    for variant in variants:
        try:
            if layer_size(variant, size, framework=framework) == wanted:
                return variant
        except ValueError:
            continue
    return None
