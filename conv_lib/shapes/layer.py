"""A layer as a value, and its output size by the rules of one framework.

>>> layer_size(Layer("conv", 3, stride=2, padding="same"), 7)
4
>>> layer_size(Layer("pool", 2), 7, framework="torch")
3
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields

from conv_lib._checks import integer, refusal
from conv_lib.shapes.axis import (
    Padding,
    _checked,
    conv_size,
    effective_kernel,
    keras_transposed_size,
    torch_transposed_size,
    transposed_size,
    transposed_window,
)

KINDS = ("conv", "pool", "transposed", "upsample")
FRAMEWORKS = ("keras", "tf", "torch")


@dataclass(frozen=True)
class Layer:
    """One layer along one axis: what its size depends on, without channels and weights.

    >>> Layer("pool", 2)
    Layer('pool', 2, stride=2)
    >>> Layer("upsample", stride=2)
    Layer('upsample', stride=2)

    kind : "conv", "pool", "transposed" or "upsample"
        Depthwise and grouped layers have the sizes of "conv".
    kernel, stride, dilation : int, in pixels
        The stride of "pool" is its kernel unless given; that of "upsample" is its factor.
    padding : "valid", "same", int or (before, after)
        As in `conv_size`; for "transposed" it crops.
    output_padding, output_size : int, optional
        How "transposed" chooses among its sizes: Keras and PyTorch by the first, tf.nn by the
        second.
    ceil_mode : bool
        PyTorch's pooling that keeps a last, partial window.
    """

    kind: str
    kernel: int = 1
    stride: int | None = None
    padding: Padding = "valid"
    dilation: int = 1
    output_padding: int | None = None
    output_size: int | None = None
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        choice("kind", self.kind, KINDS)
        effective_kernel(self.kernel, self.dilation)
        if self.stride is None:
            object.__setattr__(self, "stride", self.kernel if self.kind == "pool" else 1)
        integer("stride", self.stride)
        _checked(self.padding)
        if self.output_padding is not None:
            integer("output_padding", self.output_padding, least=0)
        if self.output_size is not None:
            integer("output_size", self.output_size)
        if not isinstance(self.ceil_mode, bool):
            raise TypeError(
                refusal(
                    "ceil_mode must be True or False.", f"ceil_mode={self.ceil_mode!r}", "False"
                )
            )
        for name, kinds in TAKEN_ONLY_BY.items():
            default = next(field.default for field in fields(self) if field.name == name)
            given = getattr(self, name)
            if self.kind not in kinds and given != default:
                raise ValueError(
                    refusal(
                        f"{name} belongs to {' and '.join(map(repr, kinds))} only.",
                        f"{name}={given!r} in a layer of kind {self.kind!r}",
                        f"{name}={default!r}",
                    )
                )

    def __repr__(self) -> str:
        shown = [repr(self.kind)]
        if self.kernel != 1:
            shown.append(str(self.kernel))
        for field in fields(self)[2:]:
            value = getattr(self, field.name)
            if value != (1 if field.name == "stride" else field.default):
                shown.append(f"{field.name}={value!r}")
        return f"Layer({', '.join(shown)})"


TAKEN_ONLY_BY = {
    "kernel": ("conv", "pool", "transposed"),
    "padding": ("conv", "pool", "transposed"),
    "dilation": ("conv", "pool", "transposed"),
    "output_padding": ("transposed",),
    "output_size": ("transposed",),
    "ceil_mode": ("pool",),
}


def layer_size(layer: Layer, size: int, *, framework: str = "keras") -> int:
    """Return the output size of `layer` on `size` pixels, by the rules of a framework.

    >>> layer_size(Layer("transposed", 3, stride=2, padding="same"), 4)
    8
    >>> layer_size(Layer("transposed", 3, stride=2, padding=1), 4, framework="torch")
    7
    >>> layer_size(Layer("pool", 2, ceil_mode=True), 7, framework="torch")
    4

    ===========  ================================================================================
    framework    rules
    ===========  ================================================================================
    "keras"      padding by name; stride and dilation not both above 1; transposed sizes by
                 `keras_transposed_size`
    "tf"         tf.nn: padding by name or in pixels; transposed sizes by `output_size`, which may
                 be left out only where one size is legal
    "torch"      the same padding at both ends; "same" for convolutions of stride 1 only;
                 pooling pads at most half its kernel; transposed sizes by
                 `torch_transposed_size`
    ===========  ================================================================================

    Raises
    ------
    ValueError
        Where the framework refuses the setting, and where no pixel remains.
    """
    choice("framework", framework, FRAMEWORKS)
    size = integer("size", size)
    if not isinstance(layer, Layer):
        raise TypeError(
            refusal(
                "A layer is made with Layer(kind, kernel, ...).",
                f"{layer!r} ({type(layer).__name__})",
                'Layer("conv", 3)',
            )
        )
    refuse_foreign(layer, framework)
    if layer.kind == "upsample":
        return size * layer.stride
    how = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
    if layer.kind == "transposed":
        return _transposed(layer, size, framework, how)
    if layer.ceil_mode:
        return _ceil_pool(layer, size)
    return conv_size(size, layer.kernel, **how)


def choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Return `value` if it is one of `choices`."""
    if isinstance(value, str) and value in choices:
        return value
    listed = ", ".join(map(repr, choices))
    near = difflib.get_close_matches(str(value).lower(), choices, n=1)
    error = ValueError if isinstance(value, str) else TypeError
    raise error(
        refusal(
            f"{name} is one of {listed}.", f"{name}={value!r}", repr(near[0]) if near else listed
        )
    )


def refuse_foreign(layer: Layer, framework: str) -> None:
    """Refuse what the framework does not take, whatever the size."""
    padding, names = _checked(layer.padding), isinstance(layer.padding, str)
    rule = legal = None
    if framework == "keras":
        if not names:
            rule, legal = "Keras pads by name only.", "'valid' or 'same'"
        elif layer.stride > 1 and layer.dilation > 1:
            rule = "Keras does not take stride and dilation above 1 together."
            legal = f"stride={layer.stride} with dilation=1, or stride=1"
    elif framework == "torch":
        if padding == "same" and (layer.kind != "conv" or layer.stride > 1):
            rule = 'PyTorch takes padding="same" for convolutions of stride 1 only.'
            legal = f"padding={(effective_kernel(layer.kernel, layer.dilation) - 1) // 2}"
        elif not names and padding[0] != padding[1]:
            rule = "PyTorch pads both ends alike."
            legal = f"padding={padding[0]} or padding={padding[1]}"
        elif layer.kind == "pool" and not names and padding[0] > layer.kernel // 2:
            rule = "PyTorch's pooling pads at most half its kernel."
            legal = f"padding={layer.kernel // 2}"
    if layer.ceil_mode and framework != "torch":
        rule, legal = "ceil_mode is PyTorch's.", "ceil_mode=False"
    if layer.output_size is not None and framework != "tf":
        rule, legal = "output_size is tf.nn's: others choose by output_padding.", "output_size=None"
    if framework == "tf" and layer.kind == "transposed":
        if layer.output_padding is not None:
            rule, legal = "tf.nn chooses the size by output_size.", "output_padding=None"
        elif layer.output_size is None and layer.stride > 1:
            rule = "tf.nn needs output_size where the stride leaves a choice."
            legal = "output_size= one of shapes.transposed_sizes"
    if rule:
        raise ValueError(refusal(rule, f"{layer} in framework={framework!r}", legal))


# ----------------------------------------------------------------------------------- inside


def _transposed(layer: Layer, size: int, framework: str, how: dict) -> int:
    if framework == "keras":
        return keras_transposed_size(size, layer.kernel, output_padding=layer.output_padding, **how)
    if framework == "torch":
        how["padding"] = 0 if isinstance(layer.padding, str) else _checked(layer.padding)[0]
        return torch_transposed_size(
            size, layer.kernel, output_padding=layer.output_padding or 0, **how
        )
    wanted = layer.output_size
    if wanted is None:
        wanted = transposed_size(size, layer.kernel, **how)
    start, stop = transposed_window(size, layer.kernel, wanted, **how)
    return stop - start


def _ceil_pool(layer: Layer, size: int) -> int:
    """Round up, but drop a last window that would start in the padding after the end.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    before, after = (0, 0) if isinstance(layer.padding, str) else _checked(layer.padding)
    span = effective_kernel(layer.kernel, layer.dilation)
    count = -(-(size + before + after - span) // layer.stride) + 1
    if (count - 1) * layer.stride >= size + before:
        count -= 1
    if count < 1:
        # The rounding down says why.
        return conv_size(
            size,
            layer.kernel,
            stride=layer.stride,
            padding=(before, after),
            dilation=layer.dilation,
        )
    return count
