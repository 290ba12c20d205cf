"""Bad arguments of the array functions: the error type, and what its message must say."""

import numpy as np
import pytest

from conv_lib import (
    conv2d,
    conv2d_loops,
    conv2d_transpose,
    conv2d_transpose_gather,
    conv2d_transpose_loops,
    zero_extended,
    zero_insert,
)

CONVOLUTIONS = [conv2d, conv2d_loops]
TRANSPOSES = [conv2d_transpose, conv2d_transpose_loops, conv2d_transpose_gather]

X = np.ones((2, 5, 7, 3))
CONV = np.ones((3, 2, 3, 4))  # (kh, kw, in, out)
TRANSPOSED = np.ones((3, 2, 4, 3))  # (kh, kw, out, in)
NAN = float("nan")

# keywords, error, pieces of the message: for both operations
SETTINGS = [
    ({"stride": 0}, ValueError, ["stride must be at least 1", "stride=0", "legal: 1."]),
    ({"stride": -2}, ValueError, ["stride=-2"]),
    ({"stride": 1.5}, TypeError, ["stride must be an integer", "1.5 (float)", "1 or 2"]),
    ({"stride": "2"}, TypeError, ["stride must be an integer", "'2' (str)", "legal: 2."]),
    ({"stride": True}, TypeError, ["stride", "True (bool)"]),
    ({"stride": NAN}, TypeError, ["stride", "nan"]),
    ({"stride": None}, TypeError, ["stride", "None"]),
    ({"stride": (1, 2, 1)}, ValueError, ["stride is an int, or (height, width)", "(1, 2, 1)"]),
    ({"stride": (2,)}, ValueError, ["stride is an int, or (height, width)"]),
    ({"stride": (1, 0)}, ValueError, ["stride along the width must be at least 1"]),
    ({"stride": (1, 2.5)}, TypeError, ["stride along the width", "2 or 3"]),
    ({"stride": [[1, 2]]}, ValueError, ["stride is an int, or (height, width)"]),
    ({"dilation": 0}, ValueError, ["dilation must be at least 1"]),
    ({"dilation": (0, 1)}, ValueError, ["dilation along the height must be at least 1"]),
    ({"dilation": 0.5}, TypeError, ["dilation must be an integer", "legal: 1."]),
    ({"padding": "smae"}, ValueError, ["Along the height", "'smae'", "legal: 'same'."]),
    ({"padding": "causal"}, ValueError, ["'causal'", "'valid' or 'same'"]),
    ({"padding": -1}, ValueError, ["padding must be at least 0", "padding=-1", "legal: 0."]),
    ({"padding": 1.0}, TypeError, ["padding must be an integer", "legal: 1."]),
    ({"padding": None}, TypeError, ["padding", "None"]),
    ({"padding": (1, 2)}, ValueError, ["((top, bottom), (left, right))", "(1, 2)", "((1, 1), "]),
    ({"padding": ("same", "valid")}, ValueError, ["((top, bottom), (left, right))"]),
    ({"padding": ((1, 1),)}, ValueError, ["((top, bottom), (left, right))"]),
    ({"padding": ((0, 0), (1, 1), (1, 1), (0, 0))}, ValueError, ["((top, bottom), (left, right))"]),
    ({"padding": ((1, 1), (1, 1, 1))}, ValueError, ["((top, bottom), (left, right))"]),
    ({"padding": ((1, -1), (0, 0))}, ValueError, ["Along the height", "padding after", "-1"]),
    ({"padding": ((0, 0), (0.5, 0))}, TypeError, ["Along the width", "padding before", "0 or 1"]),
    ({"groups": 0}, ValueError, ["groups must be at least 1"]),
    ({"groups": 1.0}, TypeError, ["groups must be an integer"]),
    ({"groups": 2}, ValueError, ["groups must divide in_channels", "groups=2, in_channels=3"]),
]

# keywords, error, pieces: only for the transpose
SIZES = [
    (
        {"stride": 2, "output_shape": (13, 14)},
        ValueError,
        ["Along the height: ", "11 or 12", "output_size=13", "Nearest legal: 12."],
    ),
    (
        {"stride": 2, "output_shape": (12, 99)},
        ValueError,
        ["Along the width: ", "14 or 15", "output_size=99", "Nearest legal: 15."],
    ),
    (
        {"stride": 2, "padding": "same", "output_shape": (8, 14)},
        ValueError,
        ["9 or 10", "Nearest legal: 9."],
    ),
    ({"output_shape": (2, 7, 8, 4)}, ValueError, ["without batch and channels", "legal: (7, 8)."]),
    ({"output_shape": 7}, ValueError, ["output_shape is (height, width)", "output_shape=7"]),
    ({"output_shape": (7,)}, ValueError, ["output_shape is (height, width)"]),
    ({"output_shape": (7.0, 8)}, TypeError, ["output_shape along the height", "legal: 7."]),
    ({"output_shape": "same"}, ValueError, ["output_shape is (height, width)"]),
    ({"output_shape": (0, 8)}, ValueError, ["output_shape along the height must be at least 1"]),
    ({"output_padding": 1}, ValueError, ["smaller than stride", "legal: 0."]),
    ({"stride": (3, 2), "output_padding": 2}, ValueError, ["Along the width", "legal: 1."]),
    ({"stride": 2, "output_padding": (0, 2)}, ValueError, ["Along the width", "legal: 1."]),
    ({"stride": 2, "output_padding": -1}, ValueError, ["output_padding must be at least 0"]),
    ({"stride": 2, "output_padding": 0.5}, TypeError, ["output_padding must be an integer"]),
    ({"stride": 2, "output_padding": (0, 1, 0)}, ValueError, ["output_padding is an int, or"]),
    ({"stride": 2, "output_padding": (None, 1)}, TypeError, ["output_padding along the height"]),
    (
        {"stride": 2, "padding": "same", "output_padding": 0},
        ValueError,
        ["Along the width", "13 or 14", "that is size 12", "output_padding=1 or None"],
    ),
    (
        {"stride": 2, "output_padding": 1, "output_shape": (12, 15)},
        ValueError,
        ["give one of them", "output_padding=1", "output_shape=(12, 15)"],
    ),
    ({"padding": 4}, ValueError, ["at least one pixel", "at most 6."]),
]


def check(call, error, pieces):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    for piece in [*pieces, "Received: "]:
        assert piece in str(caught.value), str(caught.value)


@pytest.mark.parametrize(("settings", "error", "pieces"), SETTINGS)
@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
def test_bad_settings(operation, settings, error, pieces):
    kernel = CONV if operation in CONVOLUTIONS else TRANSPOSED
    check(lambda: operation(X, kernel, **settings), error, [*pieces, "Nearest legal: "])


@pytest.mark.parametrize(("settings", "error", "pieces"), SIZES)
@pytest.mark.parametrize("operation", TRANSPOSES)
def test_bad_sizes(operation, settings, error, pieces):
    check(lambda: operation(X, TRANSPOSED, **settings), error, [*pieces, "Nearest legal: "])


@pytest.mark.parametrize("operation", CONVOLUTIONS)
@pytest.mark.parametrize(
    ("x", "kernel", "settings", "pieces"),
    [
        ((2, 5, 7, 3), (6, 2, 3, 4), {}, ["Along the height", "6 > 5", "kernel=5, size=6"]),
        ((2, 5, 7, 3), (2, 8, 3, 4), {}, ["Along the width", "8 > 7", "kernel=7, size=8"]),
        ((2, 5, 7, 3), (3, 2, 3, 4), {"dilation": 3}, ["Along the height", "7 > 5", "kernel=2"]),
        ((2, 1, 1, 3), (6, 6, 3, 4), {"padding": 2}, ["6 > 5"]),
        ((2, 5, 7, 3), (3, 2, 5, 4), {}, ["axis 2", "5 in a kernel", "3 in x", "(3, 2, 3, 4)"]),
        ((2, 5, 7, 3), (3, 2, 4, 3), {}, ["axis 2", "look swapped", "(3, 2, 3, 4)"]),
        ((2, 5, 7, 4), (3, 2, 4, 6), {"groups": 2}, ["axis 2", "4 // 2", "2 in x", "(3, 2, 2, 6)"]),
        ((2, 5, 7, 4), (3, 2, 2, 5), {"groups": 2}, ["groups must divide out_channels"]),
        ((2, 5, 7, 4), (3, 2, 2, 6), {"groups": 3}, ["divide in_channels", "legal: 2."]),
    ],
)
def test_bad_convolutions(operation, x, kernel, settings, pieces):
    x, kernel = np.ones(x), np.ones(kernel)
    check(lambda: operation(x, kernel, **settings), ValueError, [*pieces, "Nearest legal: "])


@pytest.mark.parametrize("operation", TRANSPOSES)
@pytest.mark.parametrize(
    ("kernel", "settings", "pieces"),
    [
        ((3, 2, 4, 5), {}, ["axis 3", "5 in a kernel", "3 in x", "(3, 2, 4, 3)"]),
        ((3, 2, 3, 4), {}, ["axis 3", "look swapped", "(3, 2, 4, 3)"]),
        ((3, 2, 4, 3), {"groups": 2}, ["groups must divide in_channels", "legal: 1."]),
    ],
)
def test_bad_transposes(operation, kernel, settings, pieces):
    check(
        lambda: operation(X, np.ones(kernel), **settings), ValueError, [*pieces, "Nearest legal: "]
    )


@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
@pytest.mark.parametrize(
    ("which", "bad", "error", "pieces"),
    [
        ("x", np.ones((5, 7)), ValueError, ["x must have the shape (..., height, width", "(5, 7)"]),
        ("x", 3.0, ValueError, ["x must have the shape", "shape ()"]),
        ("x", np.ones((2, 0, 7, 3)), ValueError, ["at least 1 along height", "(2, 0, 7, 3)"]),
        ("x", np.ones((2, 5, 0, 3)), ValueError, ["at least 1 along width"]),
        ("x", np.ones((2, 5, 7, 0)), ValueError, ["at least 1 along in_channels"]),
        ("x", np.full((2, 5, 7, 3), "a"), TypeError, ["x must hold numbers", "dtype <U1"]),
        ("x", X.astype(object), TypeError, ["x must hold numbers", "dtype object"]),
        ("x", None, TypeError, ["x must hold numbers", "dtype object"]),
        ("x", np.zeros((2, 5, 7, 3), "M8[s]"), TypeError, ["x must hold numbers"]),
        ("x", [[1, 2], [3]], ValueError, ["x must be an array of shape"]),
        ("kernel", np.ones((3, 3)), ValueError, ["kernel must have the shape", "(3, 3)"]),
        ("kernel", np.ones((3, 3, 3)), ValueError, ["kernel must have the shape"]),
        ("kernel", np.ones((1, 3, 3, 3, 3)), ValueError, ["kernel must have the shape", "4 axes"]),
        ("kernel", np.ones((0, 3, 3, 3)), ValueError, ["at least 1 along kernel_height"]),
        ("kernel", np.ones((3, 3, 3, 0)), ValueError, ["at least 1 along"]),
        ("kernel", np.full((3, 3, 3, 3), None), TypeError, ["kernel must hold numbers"]),
    ],
)
def test_bad_arrays(operation, which, bad, error, pieces):
    arrays = {"x": X, "kernel": np.ones((3, 2, 3, 3))} | {which: bad}
    check(lambda: operation(**arrays), error, pieces)


@pytest.mark.parametrize(
    ("call", "error", "pieces"),
    [
        (lambda: zero_insert(X, 0), ValueError, ["stride must be at least 1"]),
        (lambda: zero_insert(X, (1, 2, 3)), ValueError, ["stride is an int, or (height, width)"]),
        (lambda: zero_insert(X, 1.5), TypeError, ["stride must be an integer", "1 or 2"]),
        (lambda: zero_insert(np.ones((5, 7)), 2), ValueError, ["x must have the shape"]),
        (lambda: zero_extended(X, [(3, 1), (0, 1)]), ValueError, ["stop must be at least 3"]),
        (lambda: zero_extended(X, [(0, 1.5), (0, 1)]), TypeError, ["stop must be an integer"]),
        (lambda: zero_extended(np.ones(3), [(0, 1)]), ValueError, ["x must have the shape"]),
    ],
)
def test_bad_calls_of_the_helpers(call, error, pieces):
    check(call, error, pieces)
