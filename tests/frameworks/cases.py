"""Layers in the words of each framework: a seeded draw from every legal combination.

Batch 2, sizes (7,), (5, 7) and (4, 5, 7), 3 channels to 4 (4 to 6 with two groups): nothing is
equal, so a mixed-up axis cannot pass.
"""

import itertools
import random

import numpy as np

from conv_lib.frameworks import FRAMEWORKS, framework_layer

SIZES = {1: (7,), 2: (5, 7), 3: (4, 5, 7)}
KERNELS, STRIDES, DILATIONS = range(1, 6), range(1, 4), (1, 2)
DRAWN = {1: 45, 2: 45, 3: 9}  # of each framework and operation


def cases(name, operation):
    """Return the drawn layers, and how many combinations the framework refused."""
    drawn, refused = [], 0
    for rank in SIZES:
        legal = []
        for how in combinations(name, operation, rank):
            try:
                legal.append(make(name, operation, rank, *how))
            except (TypeError, ValueError):
                refused += 1
        drawn += random.Random(f"{name} {operation} {rank}").sample(
            legal, min(DRAWN[rank], len(legal))
        )
    return drawn, refused


def combinations(name, operation, rank):
    """Yield (kernel, groups, arguments); both axes go through all kernels and strides."""
    for kernel, stride, dilation in itertools.product(KERNELS, STRIDES, DILATIONS):
        taps = (2, kernel, kernel % len(KERNELS) + 1)[-rank:]
        strides = (1, stride, stride % len(STRIDES) + 1)[-rank:]
        dilations = (dilation,) * rank
        for groups, choice in itertools.product(groupings(name, operation), choices(name, rank)):
            yield taps, groups, arguments(name, operation, strides, dilations, groups, choice)


def groupings(name, operation):
    transposed = operation == "transposed"
    if transposed and name in ("tf", "keras", "jax", "jax-default"):
        return [1]
    return [1, 2]


def choices(name, rank):
    """Return paddings, each with a way to choose the size where there is one."""
    if name == "tf":
        pixels = [[[0, 0], [1, 0], [0, 2], [0, 0]]] if rank == 2 else []
        return list(itertools.product(["VALID", "SAME", *pixels], (0, 1)))
    if name == "keras":
        return list(itertools.product(["valid", "same"], (None, 0, 1)))
    if name == "torch":
        return list(itertools.product(["same", "valid", 0, 1, 2], (0, 1)))
    if name.startswith("jax"):
        pixels = [((1, 2), (2, 1), (0, 3)), ((0, 1), (-1, 2), (4, 5))]
        return [(choice, None) for choice in ["SAME", "VALID", *(pair[-rank:] for pair in pixels)]]
    pads = [(0, 0, 0)[-rank:] * 2, (1, 1, 0)[-rank:] + (0, 2, 1)[-rank:]]
    autos = ["SAME_UPPER", "SAME_LOWER", "VALID", *pads]
    return [*itertools.product(autos, (0, 1)), ((None), "output_shape")]


def arguments(name, operation, strides, dilations, groups, choice):
    padding, extra = choice
    transposed, rank = operation == "transposed", len(strides)
    if name == "tf":
        how = {"strides": strides, "padding": padding, "dilations": dilations}
        if rank == 1:
            how = {key: value[0] if key != "padding" else value for key, value in how.items()}
        return how | ({"output_shape": extra} if transposed else {"groups": groups})
    if name == "keras":
        how = {"strides": strides, "padding": padding, "dilation_rate": dilations}
        return how | ({"output_padding": extra} if transposed else {"groups": groups})
    if name == "torch":
        how = {"stride": strides, "padding": padding, "dilation": dilations, "groups": groups}
        return how | ({"output_padding": extra} if transposed else {})
    if name.startswith("jax"):
        how = {"padding": padding, "rhs_dilation": dilations}
        return how | (
            {"strides": strides}
            if transposed
            else {"window_strides": strides, "feature_group_count": groups}
        )
    how = {"strides": strides, "dilations": dilations, "group": groups}
    if extra == "output_shape":
        how["output_shape"] = (5, 8, 9)[-rank:]
    elif transposed:
        how["output_padding"] = extra
    return how | ({"auto_pad": padding} if isinstance(padding, str) else {"pads": padding})


def make(name, operation, rank, taps, groups, how):
    if extra_is_for_the_transpose(name, operation, how):
        raise ValueError("an argument of the transpose")
    ins, outs = (3, 4) if groups == 1 else (4, 6)
    row = FRAMEWORKS[name]
    inner, outer = (ins // groups, outs) if operation == "conv" else (outs // groups, ins)
    lengths = {"S": taps, "I": (inner,), "O": (outer,)}
    if operation == "transposed":
        lengths |= {"I": (outer,), "O": (inner,)}
    shape = [length for letter in kernel_layout(row, operation) for length in lengths[letter]]
    seed = [*taps, groups, rank]
    kernel = np.random.default_rng(seed).normal(size=shape).astype("float32")
    if name == "tf" and operation == "transposed":
        how = how | {"output_shape": tf_output_shape(SIZES[rank], taps, how)}
    return framework_layer(name, operation, kernel, SIZES[rank], **how)


def kernel_layout(row, operation):
    return row.kernels[operation]


def extra_is_for_the_transpose(name, operation, how):
    return operation == "conv" and "output_shape" in how


def tf_output_shape(size, taps, how):
    """Return the smallest legal size (0) or the one above (1), by counting windows."""
    rank = len(size)

    def per_axis(value):
        return value if isinstance(value, tuple) else (value,) * rank

    paddings = how["padding"]
    paddings = [paddings] * rank if isinstance(paddings, str) else paddings[1:-1]
    shape = []
    for length, kernel, stride, dilation, pad in zip(
        size, taps, per_axis(how["strides"]), per_axis(how["dilations"]), paddings, strict=True
    ):
        span = (kernel - 1) * dilation + 1

        def windows(candidate, stride=stride, span=span, pad=pad):
            if pad == "SAME":
                return len(range(0, candidate, stride))
            before, after = (0, 0) if pad == "VALID" else pad
            return len(range(0, candidate + before + after - span + 1, stride))

        legal = [candidate for candidate in range(1, 60) if windows(candidate) == length]
        if not legal:
            raise ValueError("the padding crops everything")
        shape.append(legal[min(how["output_shape"], len(legal) - 1)])
    return tuple(shape)


def data(layer):
    """Return an input for a layer in the layout of its framework."""
    row = FRAMEWORKS[layer.framework]
    layout = kernel_layout(row, layer.operation).replace("S", "S" * len(layer.size))
    channels = layer.kernel.shape[layout.index("I")]
    if layer.operation == "conv":
        groups = [layer.arguments[key] for key in ("groups", "group", "feature_group_count")
                  if key in layer.arguments]  # fmt: skip
        channels *= groups[0]
    shape = (2, *layer.size, channels) if row.channels_last else (2, channels, *layer.size)
    return np.random.default_rng(7).normal(size=shape).astype("float32")
