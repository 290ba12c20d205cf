"""Sizes of one layer along one axis.

>>> conv_size(6, 3, stride=2, padding="same")
3
>>> transposed_sizes(3, 3, stride=2, padding="same")
range(5, 7)

A convolution takes `size` pixels to fewer (or as many); its transpose goes the other way. Names:

- ``size``: the length of the input along this axis, of whichever of the two is called;
- ``kernel``, ``stride``, ``dilation``: as in every framework, in pixels;
- ``padding``: "valid" (none), "same" (as TensorFlow computes it), an int for both ends, or
  ``(before, after)``. For a transposed convolution it is the padding of the forward convolution,
  so there it *crops*;
- the *full result* of a transposed convolution: every input pixel stamps the kernel, nothing is
  cropped. A *window* ``(start, stop)`` is counted in its pixels; where ``stop`` exceeds its length,
  zeros are appended.

Each function raises TypeError for anything that is not an integer (1.5, "3", True, NaN) and
ValueError for a value out of range; the message states the rule, what came, and the nearest legal
value.
"""

from __future__ import annotations

from typing import TypeAlias

from conv_lib._checks import integer, padding_name, refusal

Padding: TypeAlias = "str | int | tuple[int, int]"

__all__ = [
    "conv_size",
    "effective_kernel",
    "full_size",
    "keras_transposed_size",
    "padding_pair",
    "same_padding",
    "torch_transposed_size",
    "torch_transposed_window",
    "transposed_size",
    "transposed_sizes",
    "transposed_window",
]


def effective_kernel(kernel: int, dilation: int = 1) -> int:
    """Return the pixels that a dilated kernel spans: (kernel - 1) * dilation + 1.

    >>> effective_kernel(3, dilation=2)
    5
    """
    return (integer("kernel", kernel) - 1) * integer("dilation", dilation) + 1


# ------------------------------------------------------------------------------ convolution


def same_padding(size: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Return the pixels (before, after) that "same" adds; an odd one goes after.

    >>> same_padding(6, 3, stride=2)
    (0, 1)
    >>> same_padding(5, 3, stride=2)
    (1, 1)

    The output has ceil(size / stride) pixels, so the last window ends at
    (ceil(size / stride) - 1) * stride + effective kernel, and the padding is what it overhangs.

    Source: TensorFlow, https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    """
    size, stride = integer("size", size), integer("stride", stride)
    last_start = (_ceil_div(size, stride) - 1) * stride
    total = max(last_start + effective_kernel(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


def padding_pair(
    size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> tuple[int, int]:
    """Return the pixels (before, after) that a convolution over `size` adds for any `padding`.

    >>> padding_pair(6, 3, stride=2, padding="SAME")
    (0, 1)
    >>> padding_pair(6, 3, padding=2)
    (2, 2)
    """
    pair = _checked(padding)
    if pair == "same":
        return same_padding(size, kernel, stride=stride, dilation=dilation)
    integer("size", size)
    integer("stride", stride)
    effective_kernel(kernel, dilation)
    return (0, 0) if pair == "valid" else pair


def conv_size(
    size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> int:
    """Return the output size of a convolution.

    >>> conv_size(5, 3, stride=2)
    2
    >>> conv_size(5, 3, stride=2, padding="same")
    3

    "same": ceil(size / stride), whatever the kernel. Otherwise
    floor((size + before + after - effective kernel) / stride) + 1.

    Raises
    ------
    ValueError
        When the effective kernel is larger than the padded input: then no output pixel exists.
        ("same" always pads enough.)
    """
    size, stride = integer("size", size), integer("stride", stride)
    before, after = padding_pair(size, kernel, stride=stride, padding=padding, dilation=dilation)
    span, padded = effective_kernel(kernel, dilation), size + before + after
    if span > padded:
        raise ValueError(
            refusal(
                "The kernel must fit into the padded input: "
                "(kernel - 1) * dilation + 1 <= size + before + after.",
                f"size={size}, kernel={kernel}, dilation={dilation}, padding={padding!r}, "
                f"that is {span} > {padded}",
                f"kernel={(padded - 1) // dilation + 1}, size={span - before - after}, "
                'or padding="same"',
            )
        )
    return (padded - span) // stride + 1


# ------------------------------------------------------------------ transposed convolution


def full_size(size: int, kernel: int, *, stride: int = 1, dilation: int = 1) -> int:
    """Return the length of the full result: (size - 1) * stride + effective kernel.

    >>> full_size(3, 3, stride=2)
    7
    """
    size, stride = integer("size", size), integer("stride", stride)
    return (size - 1) * stride + effective_kernel(kernel, dilation)


def transposed_sizes(
    size: int, kernel: int, *, stride: int = 1, padding: Padding = "valid", dilation: int = 1
) -> range:
    """Return every output size of a transposed convolution: those that `conv_size` maps to `size`.

    >>> transposed_sizes(2, 3, stride=2)
    range(5, 7)
    >>> [conv_size(length, 3, stride=2) for length in (4, 5, 6, 7)]
    [1, 2, 2, 3]

    "same": (size - 1) * stride + 1 up to size * stride, whatever the kernel. Otherwise `stride`
    sizes from (size - 1) * stride + effective kernel - before - after on. Never a size below 1:
    where the padding crops everything away, the range is empty.
    """
    size, stride = integer("size", size), integer("stride", stride)
    smallest = full_size(size, kernel, stride=stride, dilation=dilation)
    if _checked(padding) == "same":
        smallest = (size - 1) * stride + 1
    else:
        smallest -= sum(padding_pair(1, 1, padding=padding))
    return range(max(smallest, 1), max(smallest + stride, 1))


def transposed_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
    output_padding: int | None = None,
) -> int:
    """Return the output size that `conv_lib.conv2d_transpose` gives when none is asked for.

    >>> transposed_size(3, 3, stride=2)
    7
    >>> transposed_size(3, 3, stride=2, padding="same")
    6
    >>> transposed_size(3, 3, stride=2, padding=1, output_padding=1)
    6

    "valid" and "same" give Keras' size (see `keras_transposed_size`), also where Keras refuses
    (stride and dilation both above 1). Padding in pixels gives the smallest legal size or, with
    `output_padding`, (size - 1) * stride + effective kernel - before - after + output_padding,
    as in PyTorch.

    Raises
    ------
    ValueError
        When output_padding is not below the stride, when the size is not one of
        `transposed_sizes`, and when there is none.
    """
    size, stride = integer("size", size), integer("stride", stride)
    legal = transposed_sizes(size, kernel, stride=stride, padding=padding, dilation=dilation)
    last_start, span = (size - 1) * stride, effective_kernel(kernel, dilation)
    received = f"size={size}, kernel={kernel}, stride={stride}, padding={padding!r}"
    if not legal:
        raise ValueError(
            refusal(
                "The padding of a transposed convolution crops, and must leave at least one pixel.",
                f"{received}, dilation={dilation}",
                f"before + after at most {last_start + span + stride - 2}",
            )
        )
    padding = _checked(padding)
    if output_padding is None:
        return {"valid": last_start + max(span, stride), "same": size * stride}.get(
            padding, legal[0]
        )
    extra = _output_padding(output_padding, stride, "stride")
    # Keras crops span // 2 pixels at both ends for "same": an even kernel loses one too many.
    cropped = 2 * (span // 2) if padding == "same" else sum(padding_pair(1, 1, padding=padding))
    result = last_start + span - cropped + extra
    if result not in legal:
        choices = [f"{choice}" for choice in range(stride) if result - extra + choice in legal]
        raise ValueError(
            refusal(
                f"The size of a transposed convolution must be one that the convolution maps back "
                f"to {size}: {_listed(legal)}.",
                f"{received}, dilation={dilation}, output_padding={extra}, that is size {result}",
                "output_padding=" + " or ".join([*choices, "None"]),
            )
        )
    return result


def keras_transposed_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: str = "valid",
    dilation: int = 1,
    output_padding: int | None = None,
) -> int:
    """Return the output size of Keras' Conv1DTranspose, Conv2DTranspose and Conv3DTranspose.

    >>> keras_transposed_size(2, 3, stride=2)
    5
    >>> keras_transposed_size(2, 3, stride=2, padding="same")
    4
    >>> keras_transposed_size(2, 3, stride=2, padding="same", output_padding=0)
    3

    ============  =================================  =====================================
    padding       output_padding None                output_padding given
    ============  =================================  =====================================
    "valid"       (size - 1) * stride                (size - 1) * stride
                  + max(effective kernel, stride)    + effective kernel + output_padding
    "same"        size * stride                      (size - 1) * stride
                                                     + effective kernel mod 2 + output_padding
    ============  =================================  =====================================

    Raises
    ------
    ValueError
        Where Keras raises, or fails when the layer is called: output_padding not below the stride;
        stride and dilation both above 1; an even kernel with "same" and output_padding 0.

    Source: keras/src/backend/common/backend_utils.py, compute_conv_transpose_output_shape.
    """
    if not isinstance(_checked(padding), str):
        raise ValueError(
            refusal(
                "Keras pads a transposed convolution by name only.",
                f"padding={padding!r}",
                "'valid' or 'same'",
            )
        )
    if integer("stride", stride) > 1 and integer("dilation", dilation) > 1:
        raise ValueError(
            refusal(
                "Keras does not take stride and dilation above 1 together.",
                f"stride={stride}, dilation={dilation}",
                f"stride={stride} with dilation=1, or stride=1 with dilation={dilation}",
            )
        )
    return transposed_size(
        size,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        output_padding=output_padding,
    )


def torch_transposed_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Return the output size of PyTorch's ConvTranspose1d, ConvTranspose2d and ConvTranspose3d.

    >>> torch_transposed_size(3, 3, stride=2, padding=1, output_padding=1)
    6

    (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.

    Raises
    ------
    ValueError
        When output_padding is not below the larger of stride and dilation, or no pixel remains.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """
    full = full_size(size, kernel, stride=stride, dilation=dilation)
    crop = integer("padding", padding, least=0)
    limit = max(integer("stride", stride), integer("dilation", dilation))
    extra = _output_padding(output_padding, limit, "the larger of stride and dilation")
    result = full - 2 * crop + extra
    if result < 1:
        raise ValueError(
            refusal(
                "The padding of a transposed convolution crops both ends, and must leave at least "
                "one pixel.",
                f"padding={crop} on a full result of {full} with output_padding={extra}, "
                f"that is size {result}",
                f"padding={(full + extra - 1) // 2}",
            )
        )
    return result


def transposed_window(
    size: int,
    kernel: int,
    output_size: int,
    *,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
) -> tuple[int, int]:
    """Return the window (start, stop) of the full result that an output of `output_size` shows.

    >>> transposed_window(3, 3, 6, stride=2, padding="same")
    (0, 6)
    >>> transposed_window(3, 3, 5, stride=2, padding="same")
    (1, 6)
    >>> transposed_window(2, 3, 6, stride=2)  # the full result has 5 pixels: one zero is appended
    (0, 6)

    It starts at the padding before of the convolution over `output_size`. For "same" that padding
    depends on the size, so another legal size can shift every value by a pixel.

    Raises
    ------
    ValueError
        When `output_size` is not one of `transposed_sizes`.
    """
    legal = transposed_sizes(size, kernel, stride=stride, padding=padding, dilation=dilation)
    wanted = integer("output_size", output_size)
    if wanted not in legal:
        nearest = min(legal, key=lambda choice: abs(choice - wanted), default=None)
        raise ValueError(
            refusal(
                f"The output size must be one that the convolution maps back to {size}: "
                f"{_listed(legal)}.",
                f"output_size={wanted}, with kernel={kernel}, stride={stride}, "
                f"padding={padding!r}, dilation={dilation}",
                "a smaller padding" if nearest is None else str(nearest),
            )
        )
    start, _ = padding_pair(wanted, kernel, stride=stride, padding=padding, dilation=dilation)
    return start, start + wanted


def torch_transposed_window(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> tuple[int, int]:
    """Return the window (start, stop) of the full result that PyTorch's output shows.

    >>> torch_transposed_window(3, 3, stride=2, padding=1, output_padding=1)
    (1, 7)

    It starts at `padding`. `output_padding` moves the end: it uncovers up to `padding` pixels that
    were cropped there, and only after those appends zeros.
    """
    length = torch_transposed_size(
        size,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        output_padding=output_padding,
    )
    start = integer("padding", padding, least=0)
    return start, start + length


# ----------------------------------------------------------------------------------- inside


def _ceil_div(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _checked(padding: Padding) -> str | tuple[int, int]:
    """Return "valid", "same", or (before, after)."""
    if isinstance(padding, str):
        return padding_name(padding)
    if not isinstance(padding, tuple | list):
        amount = integer("padding", padding, least=0)
        return amount, amount
    if len(padding) != 2:
        raise ValueError(
            refusal(
                "padding along one axis is 'valid', 'same', an int, or (before, after).",
                f"padding={padding!r}",
                "two integers",
            )
        )
    before, after = padding
    return (
        integer("padding before", before, least=0),
        integer("padding after", after, least=0),
    )


def _output_padding(value: int, limit: int, limit_name: str) -> int:
    extra = integer("output_padding", value, least=0)
    if extra >= limit:
        raise ValueError(
            refusal(
                f"output_padding must be smaller than {limit_name}.",
                f"output_padding={extra}, {limit_name} {limit}",
                str(limit - 1),
            )
        )
    return extra


def _listed(sizes: range) -> str:
    """Return the sizes in words, a long run by its ends."""
    if not sizes:
        return "none"
    if len(sizes) > 6:
        return f"{sizes[0]} to {sizes[-1]}"
    return " or ".join(str(size) for size in sizes)
