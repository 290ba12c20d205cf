"""What people type when they port a layer by hand: the same numbers under the other framework's names."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from conv_lib._checks import refusal
from conv_lib.frameworks.convert import FRAMEWORKS, framework_layer, meaning_of
from conv_lib.frameworks.layer import FrameworkLayer, numbers, pairs, relayout
from conv_lib.frameworks.meaning import Meaning
from conv_lib.shapes import effective_kernel, full_size
from conv_lib.shapes.layer import choice

STRIDE = {"tf": "strides", "keras": "strides", "torch": "stride", "onnx": "strides"}
DILATION = {"tf": "dilations", "keras": "dilation_rate", "torch": "dilation", "onnx": "dilations"}
GROUPS = {"tf": "groups", "keras": "groups", "torch": "groups", "onnx": "group"}
NO_GROUPS = ("tf", "keras", "jax", "jax-default")  # in the transposed layer, on every device


def stride_name(framework: str, operation: str) -> str:
    """Return what a framework calls its stride.

    >>> stride_name("jax", "conv"), stride_name("torch", "conv")
    ('window_strides', 'stride')
    """
    return STRIDE.get(framework, "window_strides" if operation == "conv" else "strides")


def dilation_name(framework: str) -> str:
    """Return what a framework calls its dilation."""
    return DILATION.get(framework, "rhs_dilation")


def groups_name(framework: str) -> str:
    """Return what a framework calls its groups."""
    return GROUPS.get(framework, "feature_group_count")


def typed_in(layer: FrameworkLayer, to: str) -> FrameworkLayer:
    """Return the layer that one gets by typing the same numbers into another framework.

    This is the port that looks right: "same" stays "same" (in PyTorch, half the kernel, with the
    output_padding that gives the same size), pixels stay pixels (in Keras they become "same"), and the
    kernel's axes are put in order but never flipped. `convert` returns the port that *is* right.

    >>> kernel = np.ones((3, 3, 4, 2))
    >>> same = framework_layer("keras", "transposed", kernel, (3, 5), strides=2, padding="same")
    >>> typed_in(same, "torch").arguments
    {'stride': 2, 'padding': 1, 'output_padding': 1, 'dilation': 1, 'groups': 1}

    Raises
    ------
    TypeError, ValueError
        For what the other framework does not take.
    """
    row = FRAMEWORKS[choice("framework", to, tuple(FRAMEWORKS))]
    source, operation = FRAMEWORKS[layer.framework], layer.operation
    spoken = _spoken(layer)
    if to == layer.framework:
        return layer
    if spoken["groups"] > 1 and operation == "transposed" and to in NO_GROUPS:
        raise ValueError(
            refusal(f"{row.calls[operation]} has no groups.", f"groups={spoken['groups']}", "groups=1")
        )
    how = {
        stride_name(to, operation): plain(spoken["strides"]),
        **_padding(to, operation, spoken),
        dilation_name(to): plain(spoken["dilations"]),
    }
    if operation == "conv" or to not in NO_GROUPS:
        how[groups_name(to)] = spoken["groups"]
    kernel = relayout(layer.kernel, source.kernels[operation], row.kernels[operation])
    return framework_layer(to, operation, kernel, layer.size, **how)


def plain(values: Any) -> Any:
    """Return one number where all are equal, else a tuple."""
    values = tuple(values)
    return values[0] if len(set(values)) == 1 else values


def _spoken(layer: FrameworkLayer) -> dict[str, Any]:
    """Return the numbers of a layer without the names of its framework."""
    how, name, rank = layer.arguments, layer.framework, len(layer.size)
    strides = how[stride_name(name, layer.operation)]
    if name == "tf" and hasattr(strides, "__len__") and len(strides) == rank + 2:
        strides = strides[1:-1]
    padding: Any
    if name == "onnx":
        pads = numbers("pads", 0 if how["pads"] is None else how["pads"], 2 * rank, least=0)
        padding = {"SAME_UPPER": "same", "SAME_LOWER": "same", "VALID": "valid"}.get(how["auto_pad"])
        padding = padding or tuple(zip(pads[:rank], pads[rank:], strict=True))
    elif isinstance(how["padding"], str):
        padding = how["padding"].lower()
    elif name == "torch":
        padding = tuple((pad, pad) for pad in numbers("padding", how["padding"], rank, least=0))
    else:
        padding = how["padding"]
        if name == "tf" and len(padding) == rank + 2:
            padding = padding[1:-1]
        padding = pairs("padding", padding, rank, least=-(2**31))
    extras = how.get("output_padding")
    meaning = meaning_of(layer)
    return {
        "strides": numbers("stride", strides, rank),
        "dilations": numbers("dilation", how[dilation_name(name)], rank),
        "groups": meaning.groups,
        "padding": padding,
        "extras": None if extras is None else numbers("output_padding", extras, rank, least=0),
        "sizes": layer.size,
        "taps": meaning.kernel.shape[:-2],
        "outputs": tuple(axis.output for axis in meaning.axes),
    }


def _padding(to: str, operation: str, spoken: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments about padding and size, as one would type them."""
    padding, extras, outputs = spoken["padding"], spoken["extras"], spoken["outputs"]
    geometry = list(
        zip(spoken["sizes"], spoken["taps"], spoken["strides"], spoken["dilations"], strict=True)
    )
    transposed = operation == "transposed"
    if to == "tf":
        if not isinstance(padding, str) and len(geometry) != 2:
            rule = "tf.nn takes padding in pixels in two dimensions only."
            raise ValueError(refusal(rule, f"padding={padding!r}", "'VALID' or 'SAME'"))
        how = {"padding": padding.upper() if isinstance(padding, str) else _explicit(padding)}
        return {**how, "output_shape": outputs} if transposed else how
    if to == "keras":
        name = padding
        if not isinstance(padding, str):
            name = "same" if any(map(any, padding)) else "valid"
        if transposed and extras is not None and any(extras):
            return {"padding": name, "output_padding": plain(extras)}
        return {"padding": name}
    if to.startswith("jax"):
        return {"padding": padding.upper() if isinstance(padding, str) else padding}
    if to == "onnx":
        if padding == "same":
            how = {"auto_pad": "SAME_UPPER"}
        elif padding == "valid":
            how = {"auto_pad": "VALID"}
        else:
            how = {"pads": tuple(pad[0] for pad in padding) + tuple(pad[1] for pad in padding)}
        crops = [(0, 0)] * len(outputs) if padding == "valid" else padding
        if transposed and extras is None and not isinstance(crops, str):
            extras = _fitting(geometry, crops, outputs, strict=True)
        return {**how, "output_padding": plain(extras)} if transposed and extras is not None else how
    return _torch_padding(operation, spoken, geometry)


def _torch_padding(operation: str, spoken: dict[str, Any], geometry: list) -> dict[str, Any]:
    padding, extras = spoken["padding"], spoken["extras"]
    if operation == "conv" and padding == "same" and max(spoken["strides"]) == 1:
        return {"padding": "same"}
    if isinstance(padding, str):
        half = [(effective_kernel(kernel, spread) - 1) // 2 for _, kernel, _, spread in geometry]
        pixels = half if padding == "same" else [0] * len(geometry)
    else:
        if any(before != after for before, after in padding):
            raise ValueError(
                refusal(
                    "PyTorch's padding is the same at both ends.",
                    f"padding={padding!r}",
                    "padding around x with F.pad",
                )
            )
        pixels = [before for before, _ in padding]
    if operation == "conv":
        return {"padding": plain(pixels)}
    if extras is None:
        extras = _fitting(geometry, [(pad, pad) for pad in pixels], spoken["outputs"])
    return {"padding": plain(pixels), "output_padding": plain(extras)}


def _fitting(geometry: list, crops: Any, outputs: tuple, *, strict: bool = False) -> tuple[int, ...]:
    """Return the output_padding that gives the wanted size, 0 where none does."""
    extras = []
    for (size, kernel, stride, dilation), (before, after), output in zip(
        geometry, crops, outputs, strict=True
    ):
        full = full_size(size, kernel, stride=stride, dilation=dilation)
        extra = output - (full - before - after)
        most = stride if strict else max(stride, dilation)
        extras.append(extra if 0 <= extra < most else 0)
    return tuple(extras)


def _explicit(padding: Any) -> list:
    return [[0, 0], *map(list, padding), [0, 0]]


class Mismatch(NamedTuple):
    """How far two layers are from each other, whatever the data.

    starts : for each axis, how many pixels later the second layer's window begins: in the full result
        (transposed) or in the input (conv)
    sizes : for each axis, how many pixels more the second layer returns
    turned : whether the second layer's kernel is the first's turned by 180 degrees, and not the same
    same : whether the two layers are equal
    """

    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    turned: bool
    same: bool


def mismatch(layer: FrameworkLayer, other: FrameworkLayer) -> Mismatch:
    """Return how the windows and kernels of two layers differ.

    >>> same = framework_layer("keras", "transposed", np.ones((3, 3, 4, 2)), (3, 5), strides=2, padding="same")
    >>> mismatch(same, typed_in(same, "torch"))
    Mismatch(starts=(1, 1), sizes=(0, 0), turned=False, same=False)
    """
    a, b = meaning_of(layer), meaning_of(other)
    starts = tuple(after.start - before.start for before, after in zip(a.axes, b.axes, strict=True))
    sizes = tuple(after.output - before.output for before, after in zip(a.axes, b.axes, strict=True))
    equal = _equal(a, b)
    spatial = tuple(range(len(a.axes)))
    turned = not equal and a.kernel.shape == b.kernel.shape
    turned = turned and np.array_equal(a.kernel, np.flip(b.kernel, spatial))
    return Mismatch(starts, sizes, bool(turned), equal and not any((*starts, *sizes)))


def _equal(a: Meaning, b: Meaning) -> bool:
    return a.kernel.shape == b.kernel.shape and bool(np.array_equal(a.kernel, b.kernel))


def call_line(layer: FrameworkLayer) -> str:
    """Return the call of a layer with its own arguments, as code on `x` and `kernel`.

    >>> layer = framework_layer("torch", "conv", np.ones((4, 2, 3, 3)), (5, 6), stride=2, padding=1)
    >>> print(call_line(layer))
    F.conv2d(x, kernel, stride=2, padding=1)
    """
    name, operation, rank = layer.framework, layer.operation, len(layer.size)
    defaults = FRAMEWORKS[name].arguments[operation]
    given = {key: value for key, value in layer.arguments.items() if value != defaults[key]}
    transposed = operation == "transposed"
    listed = ["x", "kernel"]
    if name == "onnx":
        listed = [f'"{"ConvTranspose" if transposed else "Conv"}"', '["x", "kernel"]', '["y"]']
        given = {key: _list(key, value, rank) for key, value in given.items()}
        return f"[helper.make_node({_joined(listed, given)})]"
    if name == "tf":
        given.pop("groups", None)
        if transposed:
            shape = ", ".join(map(str, numbers("output_shape", given.pop("output_shape"), rank)))
            listed.append(f"output_shape=(x.shape[0], {shape}, {layer.kernel.shape[-2]})")
        given.setdefault("strides", 1)
        given.setdefault("padding", defaults["padding"])
        given = {key: given[key] for key in ("strides", "padding", "dilations") if key in given}
        if rank == 3:
            for key in ("strides", "dilations"):
                if key in given:
                    given[key] = (1, *numbers(key, given[key], rank), 1)
        elif rank == 1 and not transposed:
            given = {"stride": given.pop("strides"), **given}
        return f"tf.nn.conv{rank}d{'_transpose' if transposed else ''}({_joined(listed, given)})"
    if name == "keras":
        given.pop("groups", None)  # read off the channels
        given.setdefault("padding", "valid")
        if transposed:
            given.setdefault("strides", 1)
        given = {key: given[key] for key in defaults if key in given}
        return f"keras.ops.conv{'_transpose' if transposed else ''}({_joined(listed, given)})"
    if name == "torch":
        return f"F.conv{'_transpose' if transposed else ''}{rank}d({_joined(listed, given)})"
    stride = stride_name(name, operation)
    given = {key: given.get(key, defaults[key]) for key in (stride, "padding")} | given
    for key in (stride, "rhs_dilation"):
        if key in given:
            given[key] = numbers(key, given[key], rank)
    if transposed:
        given["transpose_kernel"] = layer.arguments["transpose_kernel"]
    letters = "DHW"[-rank:]
    given["dimension_numbers"] = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    call = "lax.conv_transpose" if transposed else "lax.conv_general_dilated"
    return f"{call}({_joined(listed, given)})"


def _joined(listed: list[str], given: dict[str, Any]) -> str:
    return ", ".join([*listed, *(f"{key}={value!r}" for key, value in given.items())])


def _list(key: str, value: Any, rank: int) -> Any:
    if isinstance(value, str) or key == "group":
        return value
    return [value] * rank if isinstance(value, int) else list(value)
