"""Conversions between frameworks, in NumPy alone: readers' questions, round trips, bad calls.

tests/frameworks holds the same layers to the frameworks themselves.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lib import zero_extended
from conv_lib.frameworks import (
    FRAMEWORKS,
    convert,
    framework_layer,
    meaning_of,
    relayout,
    run_layer,
)

sys.path.insert(0, str(Path(__file__).parent / "frameworks"))

from cases import cases, data  # noqa: E402

NAMES = list(FRAMEWORKS)
RANDOM = np.random.default_rng(3)
HWOI = RANDOM.normal(size=(3, 3, 4, 3))  # Keras' transposed kernel, 3 channels to 4
IOHW = relayout(HWOI, "SOI", "IOS")


def moved(array, source, target):
    if FRAMEWORKS[source].channels_last == FRAMEWORKS[target].channels_last:
        return array
    back = FRAMEWORKS[target].channels_last
    return np.moveaxis(array, 1, -1) if back else np.moveaxis(array, -1, 1)


def with_pads(name, array, amounts):
    """Pad or crop the spatial axes of an array in a framework's layout."""
    array = moved(array, name, "tf")
    sizes = array.shape[1:-1]
    windows = [
        (-before, size + after) for size, (before, after) in zip(sizes, amounts, strict=True)
    ]
    return moved(zero_extended(array, windows), "tf", name)


def run_conversion(result, x):
    """Run what `convert` returns by its fields, not by its code: pad, layer, pad."""
    layer = result.layer
    x = with_pads(layer.framework, x, result.input_pad)
    sizes = x.shape[1:-1] if FRAMEWORKS[layer.framework].channels_last else x.shape[2:]
    padded = framework_layer(
        layer.framework, layer.operation, layer.kernel, sizes, **layer.arguments
    )
    return with_pads(layer.framework, run_layer(padded, x), result.output_pad)


# --------------------------------------------------------------------------- readers' questions


def test_tf_same_k3_s2_in_torch_is_a_crop_not_padding_1():
    layer = framework_layer("keras", "transposed", HWOI, (5, 7), strides=2, padding="same")
    result = convert(layer, "torch")
    assert not result.native and result.any_size
    assert result.layer.arguments["padding"] == (0, 0)
    assert result.output_pad == ((0, -1), (0, -1))
    assert result.code.endswith("[:, :, :-1, :-1]")
    # The pair of equal shapes that differ by one pixel:
    close = framework_layer(
        "torch", "transposed", IOHW, (5, 7), stride=2, padding=1, output_padding=1
    )
    x = RANDOM.normal(size=(2, 5, 7, 3))
    ours, theirs = run_layer(layer, x), run_layer(close, np.moveaxis(x, -1, 1))
    theirs = np.moveaxis(theirs, 1, -1)
    assert ours.shape == theirs.shape and not np.allclose(ours, theirs)
    np.testing.assert_allclose(ours[:, 1:, 1:], theirs[:, :-1, :-1])


def test_k4_s2_is_the_same_in_both():
    kernel = RANDOM.normal(size=(4, 4, 4, 3))
    layer = framework_layer("keras", "transposed", kernel, (5, 7), strides=2, padding="same")
    result = convert(layer, "torch")
    assert result.native and result.any_size
    assert result.layer.arguments["padding"] == (1, 1)
    assert result.layer.arguments["output_padding"] == (0, 0)


def test_q137_output_padding_survives():
    layer = framework_layer(
        "torch", "transposed", IOHW, (28, 28), stride=2, padding=1, output_padding=1
    )
    for name in NAMES:
        result = convert(layer, name)
        x = moved(np.ones((1, 3, 28, 28)), "torch", name)
        assert moved(run_conversion(result, x), name, "torch").shape == (1, 4, 56, 56)
    assert convert(layer, "onnx").layer.arguments["pads"] == (1, 1, 0, 0)


def test_q138_padding_becomes_a_crop():
    kernel = RANDOM.normal(size=(3, 4, 4, 4))
    layer = framework_layer("torch", "transposed", kernel, (4, 4), stride=2, padding=1)
    assert meaning_of(layer).axes[0].output == 8
    assert convert(layer, "tf").layer.arguments["padding"] == "SAME"


def test_q044_k2_stride_1_same():
    kernel = RANDOM.normal(size=(2, 2, 4, 3))
    layer = framework_layer("keras", "transposed", kernel, (8, 8), padding="same")
    result = convert(layer, "torch")
    assert result.output_pad == ((0, -1), (0, -1))


def test_q049_strided_same_pads_by_the_parity_of_the_size():
    kernel = RANDOM.normal(size=(7, 7, 3, 4))
    even = framework_layer("keras", "conv", kernel, (224, 224), strides=2, padding="same")
    result = convert(even, "torch")
    assert result.input_pad == ((2, 3), (2, 3)) and not result.any_size
    assert result.code.startswith("F.conv2d(F.pad(x, (2, 3, 2, 3)), kernel, stride=(2, 2)")
    odd = framework_layer("keras", "conv", kernel, (225, 225), strides=2, padding="same")
    assert convert(odd, "torch").layer.arguments["padding"] == (3, 3)


def test_q135_same_upper_is_size_times_stride():
    kernel = np.arange(2.0, 11.0).reshape(1, 1, 3, 3)
    layer = framework_layer("onnx", "transposed", kernel, (2, 2), auto_pad="SAME_UPPER")
    x = np.array([[2.0, 3.0], [4.0, 5.0]]).reshape(1, 1, 2, 2)
    assert run_layer(layer, x)[0, 0].tolist() == [[49, 63], [91, 105]]


def test_q085_only_jax_by_default_stores_the_kernel_flipped():
    layer = framework_layer("torch", "transposed", IOHW, (5, 7))
    for name in NAMES:
        kernel = convert(layer, name).layer.kernel
        first = kernel[(0,) * 2] if FRAMEWORKS[name].channels_last else kernel[..., 0, 0]
        corner = IOHW[..., -1, -1] if FRAMEWORKS[name].flipped else IOHW[..., 0, 0]
        assert sorted(first.ravel()) == sorted(corner.ravel())
        assert FRAMEWORKS[name].flipped == (name == "jax-default")


def test_what_a_framework_lacks_is_written_into_the_kernel():
    kernel = RANDOM.normal(size=(4, 3, 3, 3))
    layer = framework_layer("torch", "transposed", kernel, (5, 7), stride=2, dilation=2, groups=2)
    result = convert(layer, "keras")
    assert result.layer.kernel.shape == (5, 5, 6, 4)
    assert len(result.notes) == 2
    assert np.count_nonzero(result.layer.kernel) == kernel.size


# ---------------------------------------------------------------------------- whole tables


@pytest.mark.parametrize("source", NAMES)
def test_there_and_back_keeps_every_value(source):
    compared = 0
    for operation in ("conv", "transposed"):
        for layer in cases(source, operation)[0]:
            x = data(layer).astype("float64")
            expected = run_layer(layer, x)
            for name in NAMES:
                result = convert(layer, name)
                y = moved(run_conversion(result, moved(x, source, name)), name, source)
                np.testing.assert_allclose(y, expected, atol=1e-12)
                compared += 1
                if result.native:
                    back = convert(result.layer, source)
                    y = run_conversion(back, x)
                    np.testing.assert_allclose(y, expected, atol=1e-12)
    print({"source": source, "conversions": compared})
    assert compared > 1000


def test_any_size_holds_for_any_larger_size():
    held = 0
    for source in NAMES:
        for operation in ("conv", "transposed"):
            for layer in cases(source, operation)[0][::3]:
                for name in NAMES:
                    result = convert(layer, name)
                    if not result.any_size:
                        continue
                    for step in (1, 2, 3, 6, 11):
                        sizes = tuple(size + step for size in layer.size)
                        larger = framework_layer(
                            source, operation, layer.kernel, sizes, **layer.arguments
                        )
                        assert convert(larger, name).code == result.code
                        held += 1
    assert held > 2000


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    source=st.sampled_from(NAMES),
    target=st.sampled_from(NAMES),
    operation=st.sampled_from(["conv", "transposed"]),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    taps=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    stride=st.integers(1, 4),
)
def test_any_small_layer_converts(source, target, operation, size, taps, stride):
    layout = FRAMEWORKS[source].kernels[operation]
    lengths = {"S": taps, "I": (3,), "O": (4,)}
    shape = [length for letter in layout for length in lengths[letter]]
    kernel = np.random.default_rng(1).normal(size=shape)
    names = ("strides", "stride", "window_strides")
    arguments = {name: stride for name in names if name in FRAMEWORKS[source].arguments[operation]}
    try:
        layer = framework_layer(source, operation, kernel, size, **arguments)
    except ValueError as error:
        assert "must fit" in str(error) or "output_shape" in str(error)
        return
    kept = layer.kernel.copy()
    x = np.random.default_rng(2).normal(
        size=(2, *size, 3) if FRAMEWORKS[source].channels_last else (2, 3, *size)
    )
    y = run_conversion(convert(layer, target), moved(x, source, target))
    np.testing.assert_allclose(moved(y, target, source), run_layer(layer, x), atol=1e-12)
    np.testing.assert_array_equal(layer.kernel, kept)


def test_the_table_is_complete():
    for name, row in FRAMEWORKS.items():
        assert row.name == name and row.refuses
        for field in (row.calls, row.kernels, row.windows, row.arguments):
            assert set(field) == {"conv", "transposed"}


def test_no_framework_is_imported():
    program = (
        "import sys, numpy as np; from conv_lib.frameworks import *;"
        "convert(framework_layer('torch', 'conv', np.ones((4, 3, 2, 2)), (5, 7)), 'jax');"
        "print([m for m in ('tensorflow', 'keras', 'torch', 'jax', 'onnx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


# -------------------------------------------------------------------------------- bad calls

CONV, BACK = np.ones((3, 3, 3, 4)), np.ones((3, 3, 4, 3))
NAN = float("nan")

# framework, operation, kernel, size, arguments, error, pieces of the message
BAD_LAYERS = [
    ("caffe", "conv", CONV, (5, 7), {}, ValueError, ["framework is one of"]),
    ("pytorch", "conv", CONV, (5, 7), {}, ValueError, ["legal: 'torch'."]),
    (None, "conv", CONV, (5, 7), {}, TypeError, ["framework is one of"]),
    ("tf", "deconv", CONV, (5, 7), {}, ValueError, ["operation is one of"]),
    ("tf", "conv", "kernel", (5, 7), {}, TypeError, ["must hold numbers"]),
    ("tf", "conv", [[None]], (5, 7), {}, TypeError, ["must hold numbers", "object"]),
    ("tf", "conv", np.ones((3, 3)), (5, 7), {}, ValueError, ["1 to 3 spatial axes"]),
    ("tf", "conv", np.ones((3,) * 6), (5, 7), {}, ValueError, ["1 to 3 spatial axes"]),
    ("tf", "conv", np.ones((3, 0, 3, 4)), (5, 7), {}, ValueError, ["none of them empty"]),
    ("tf", "conv", CONV, (5, 7, 9), {}, ValueError, ["size is an int", "2 spatial axes"]),
    ("tf", "conv", CONV, (5, 0), {}, ValueError, ["size must be at least 1"]),
    ("tf", "conv", CONV, (5, 7.5), {}, TypeError, ["size must be an integer", "7 or 8"]),
    ("tf", "conv", CONV, (5, NAN), {}, TypeError, ["size must be an integer"]),
    ("tf", "conv", CONV, "57", {}, TypeError, ["size must be an integer"]),
    ("tf", "conv", CONV, (5, 7), {"stride": 2}, TypeError, ["takes strides", "stride=2"]),
    ("tf", "conv", CONV, (5, 7), {"strides": 0}, ValueError, ["strides must be at least 1"]),
    ("tf", "conv", CONV, (5, 7), {"strides": (1, 2, 3)}, ValueError, ["strides is an int"]),
    ("tf", "conv", CONV, (5, 7), {"strides": 1.5}, TypeError, ["1 or 2"]),
    ("tf", "conv", CONV, (5, 7), {"padding": 1}, ValueError, ["(before, after)"]),
    ("tf", "conv", CONV, (5, 7), {"padding": [[1, 1], [-1, 0]]}, ValueError, ["at least 0"]),
    ("tf", "conv", CONV, (2, 7), {}, ValueError, ["must fit", "legal: size=3."]),
    ("tf", "conv", CONV, (5, 7), {"groups": 3}, ValueError, ["groups must divide the 4 output"]),
    ("tf", "conv", CONV, (5, 7), {"groups": 0}, ValueError, ["groups must be at least 1"]),
    ("tf", "transposed", BACK, (5, 7), {}, ValueError, ["needs output_shape", "(5, 7)"]),
    (
        "tf", "transposed", BACK, (5, 7), {"output_shape": (13, 14), "strides": 2}, ValueError,
        ["9 or 10", "output_size=13"],
    ),
    ("tf", "transposed", BACK, (5, 7), {"output_shape": 5.5}, TypeError, ["output_shape"]),
    ("keras", "conv", CONV, (5, 7), {"padding": 1}, ValueError, ["by name only"]),
    ("keras", "conv", CONV, (5, 7), {"padding": "full"}, ValueError, ["'full'"]),
    ("keras", "conv", CONV, (5, 7), {"strides": 2, "dilation_rate": 2}, ValueError, ["together"]),
    ("keras", "conv", CONV, (5, 7), {"dilation_rate": 0}, ValueError, ["dilation_rate"]),
    ("keras", "transposed", BACK, (5, 7), {"groups": 3}, TypeError, ["Conv2DTranspose takes"]),
    (
        "keras", "transposed", BACK, (5, 7), {"output_padding": 1}, ValueError,
        ["output_padding must be smaller than stride"],
    ),
    (
        "keras", "transposed", BACK, (5, 7), {"strides": 2, "output_padding": (None, 1)},
        TypeError, ["output_padding must be an integer", "None"],
    ),
    (
        "keras", "transposed", np.ones((2, 2, 4, 3)), (5, 7),
        {"strides": 2, "padding": "same", "output_padding": 0}, ValueError, ["maps back"],
    ),
    (
        "torch", "conv", CONV.T, (5, 7), {"padding": "same", "stride": 2}, ValueError,
        ["stride 1 only"],
    ),
    ("torch", "conv", CONV.T, (5, 7), {"padding": "smae"}, TypeError, ["padding must be"]),
    ("torch", "conv", CONV.T, (5, 7), {"padding": ((1, 1), (2, 2))}, TypeError, ["padding"]),
    ("torch", "conv", CONV.T, (5, 7), {"padding": -1}, ValueError, ["at least 0"]),
    ("torch", "conv", CONV.T, (5, 7), {"strides": 2}, TypeError, ["takes stride, padding"]),
    ("torch", "conv", CONV.T, (5, 7), {"groups": 2.0}, TypeError, ["groups must be an integer"]),
    ("torch", "conv", CONV.T, (5, 7), {"groups": 3}, ValueError, ["groups must divide"]),
    ("torch", "transposed", IOHW, (5, 7), {"padding": "same"}, TypeError, ["padding"]),
    (
        "torch", "transposed", IOHW, (5, 7), {"output_padding": 1}, ValueError,
        ["larger of stride and dilation"],
    ),
    ("torch", "transposed", IOHW, (1, 7), {"padding": 2}, ValueError, ["at least one pixel"]),
    ("torch", "transposed", IOHW, (5, 7), {"dilation": 0}, ValueError, ["dilation must be"]),
    ("jax", "conv", CONV, (5, 7), {"strides": 2}, TypeError, ["takes window_strides"]),
    ("jax", "conv", CONV, (5, 7), {"padding": "CAUSAL"}, ValueError, ["'SAME', 'VALID'"]),
    ("jax", "conv", CONV, (5, 7), {"padding": (1, 1)}, ValueError, ["(before, after)"]),
    ("jax", "conv", CONV, (5, 7), {"padding": ((-3, 0), (0, 0))}, ValueError, ["must fit"]),
    ("jax", "conv", CONV, (5, 7), {"rhs_dilation": True}, TypeError, ["rhs_dilation"]),
    ("jax", "conv", CONV, (5, 7), {"feature_group_count": 3}, ValueError, ["must divide"]),
    (
        "jax", "transposed", BACK, (5, 7), {"padding": ((-3, 0), (0, 0))}, ValueError,
        ["at least one pixel"],
    ),
    (
        "jax", "transposed", BACK, (5, 7), {"transpose_kernel": False}, ValueError,
        ["'jax-default' for False"],
    ),
    (
        "jax-default", "transposed", CONV, (5, 7), {"transpose_kernel": True}, ValueError,
        ["'jax' for True"],
    ),
    ("jax", "transposed", BACK, (5, 7), {"feature_group_count": 3}, TypeError, ["takes strides"]),
    ("onnx", "conv", CONV.T, (5, 7), {"auto_pad": "SAME"}, ValueError, ["SAME_UPPER"]),
    ("onnx", "conv", CONV.T, (5, 7), {"pads": (1, 1)}, ValueError, ["4 integers"]),
    ("onnx", "conv", CONV.T, (5, 7), {"pads": (1, 1, -1, 0)}, ValueError, ["at least 0"]),
    (
        "onnx", "conv", CONV.T, (5, 7), {"pads": (1,) * 4, "auto_pad": "VALID"}, ValueError,
        ["exclude each other"],
    ),
    ("onnx", "conv", CONV.T, (2, 7), {}, ValueError, ["must fit"]),
    (
        "onnx", "transposed", IOHW, (5, 7), {"output_padding": 1}, ValueError,
        ["smaller than the stride or the dilation"],
    ),
    (
        "onnx", "transposed", IOHW, (1, 7), {"pads": (2, 0, 1, 0)}, ValueError,
        ["at least one pixel"],
    ),
    (
        "onnx", "transposed", IOHW[..., :1, :1], (5, 7), {"strides": 2, "auto_pad": "SAME_UPPER"},
        ValueError, ["ONNX Runtime does not"],
    ),
    ("onnx", "transposed", IOHW, (5, 7), {"group": 2}, ValueError, ["groups must divide the 3"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "operation", "kernel", "size", "arguments", "error", "pieces"), BAD_LAYERS
)
def test_bad_layers(name, operation, kernel, size, arguments, error, pieces):
    with pytest.raises(error) as caught:
        framework_layer(name, operation, kernel, size, **arguments)
    message = str(caught.value)
    for piece in [*pieces, "Received: ", "Nearest legal: "]:
        assert piece in message, message


def test_bad_targets_and_inputs():
    layer = framework_layer("keras", "conv", CONV, (5, 7))
    with pytest.raises(ValueError, match="framework is one of"):
        convert(layer, "Theano")
    for shape in [(5, 7, 3), (2, 5, 7, 4), (2, 7, 5, 3), (2, 3, 5, 7)]:
        with pytest.raises(ValueError, match="Received: shape"):
            run_layer(layer, np.ones(shape))
    assert run_layer(layer, np.ones((0, 5, 7, 3))).shape == (0, 3, 5, 4)


def test_read_only_and_strided_kernels_work():
    kernel = np.asfortranarray(np.ones((4, 3, 6, 3)))[:, :, ::2]
    kernel.setflags(write=False)
    result = convert(framework_layer("torch", "conv", kernel, (5, 7)), "tf")
    assert result.layer.kernel.shape == (3, 3, 3, 4) and result.layer.kernel.flags.c_contiguous
