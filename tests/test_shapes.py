"""Sizes against hand-worked numbers, and against a convolution that only counts its windows."""

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lib import shapes
from conv_lib.shapes import axis

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=300)

KERNELS = range(1, 7)
STRIDES = range(1, 6)
SIZES = range(1, 10)
DILATIONS = range(1, 4)
PADDINGS = ["valid", "same", 1, (0, 2), (3, 1)]


def count_windows(size, kernel, stride, padding, dilation):
    """Slide a window one pixel at a time and count the stops: no formula."""
    span = 1
    for _ in range(kernel - 1):
        span += dilation
    if padding == "same":
        return len(range(0, size, stride))
    before, after = {"valid": (0, 0)}.get(padding) or (
        padding if isinstance(padding, tuple) else (padding, padding)
    )
    line = [None] * before + list(range(size)) + [None] * after
    return sum(
        1 for start in range(0, len(line), stride) if len(line[start : start + span]) == span
    )


# ---------------------------------------------------------------------------------- literals


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "dilation", "expected"),
    [
        (6, 3, 2, 1, (0, 1)),
        (5, 3, 2, 1, (1, 1)),
        (5, 3, 1, 1, (1, 1)),
        (5, 4, 1, 1, (1, 2)),
        (5, 2, 1, 1, (0, 1)),
        (5, 1, 1, 1, (0, 0)),
        (5, 1, 3, 1, (0, 0)),
        (7, 3, 1, 2, (2, 2)),
        (1, 6, 1, 1, (2, 3)),
        (1, 3, 5, 1, (1, 1)),
        (4, 2, 3, 1, (0, 1)),
    ],
)
def test_same_padding_by_hand(size, kernel, stride, dilation, expected):
    assert shapes.same_padding(size, kernel, stride=stride, dilation=dilation) == expected


@pytest.mark.parametrize(
    ("size", "kernel", "settings_", "expected"),
    [
        (3, 2, {}, 2),  # seed 000
        (6, 3, {"stride": 2}, 2),  # seed 003, both ways: 5 and 6 give 2
        (5, 3, {"stride": 2}, 2),
        (6, 3, {"stride": 2, "padding": "SAME"}, 3),
        (7, 3, {"stride": 2, "padding": "Same"}, 4),
        (7, 3, {"dilation": 3}, 1),
        (7, 3, {"padding": 1}, 7),
        (7, 3, {"padding": (2, 0), "stride": 3}, 3),
        (7, 3, {"padding": [2, 0], "stride": 3}, 3),
        (1, 6, {"padding": "same"}, 1),
        (3, 5, {"padding": (1, 1)}, 1),
        (1, 1, {"padding": (4, 4), "stride": 3}, 3),
    ],
)
def test_conv_size_by_hand(size, kernel, settings_, expected):
    assert shapes.conv_size(size, kernel, **settings_) == expected


@pytest.mark.parametrize(
    ("size", "kernel", "settings_", "expected"),
    [
        (2, 3, {"stride": 2}, [5, 6]),  # seed 003: "OK with 5 too"
        (3, 2, {}, [4]),  # seed 000
        (3, 3, {"stride": 2, "padding": "same"}, [5, 6]),
        (3, 6, {"stride": 2, "padding": "same"}, [5, 6]),
        (1, 1, {"stride": 3}, [1, 2, 3]),
        (1, 2, {"padding": 1}, []),  # both pixels of the stamp are cropped
        (1, 1, {"padding": (1, 0), "stride": 2}, [1]),
        (4, 3, {"padding": (1, 1), "stride": 2}, [7, 8]),
    ],
)
def test_transposed_sizes_by_hand(size, kernel, settings_, expected):
    result = shapes.transposed_sizes(size, kernel, **settings_)
    assert isinstance(result, range)
    assert list(result) == expected


@pytest.mark.parametrize(
    ("size", "kernel", "settings_", "expected"),
    [
        (2, 3, {"stride": 2}, 5),  # seed 003
        (3, 2, {}, 4),  # seed 000
        (2, 1, {"stride": 3}, 6),  # kernel < stride: above the smallest legal size, 4
        (2, 1, {"stride": 3, "output_padding": 0}, 4),
        (2, 1, {"stride": 3, "output_padding": 2}, 6),
        (3, 3, {"stride": 2, "padding": "same"}, 6),  # the largest legal size
        (3, 3, {"stride": 2, "padding": "same", "output_padding": 0}, 5),
        (3, 3, {"stride": 2, "padding": "same", "output_padding": 1}, 6),
        (3, 4, {"stride": 2, "padding": "same", "output_padding": 1}, 5),
        (3, 4, {"padding": "same"}, 3),
        (3, 3, {"dilation": 2}, 7),
    ],
)
def test_keras_transposed_size_by_hand(size, kernel, settings_, expected):
    assert shapes.keras_transposed_size(size, kernel, **settings_) == expected


@pytest.mark.parametrize(
    ("size", "kernel", "settings_", "size_expected", "window_expected"),
    [
        (3, 3, {"stride": 2, "padding": 1, "output_padding": 1}, 6, (1, 7)),
        (3, 2, {"stride": 2, "padding": 1}, 4, (1, 5)),  # seed 001
        (3, 4, {"stride": 2, "padding": 1}, 6, (1, 7)),
        (2, 3, {"stride": 2}, 5, (0, 5)),
        (2, 3, {"dilation": 3, "output_padding": 2}, 10, (0, 10)),  # below dilation is enough
    ],
)
def test_torch_by_hand(size, kernel, settings_, size_expected, window_expected):
    assert shapes.torch_transposed_size(size, kernel, **settings_) == size_expected
    assert shapes.torch_transposed_window(size, kernel, **settings_) == window_expected


def test_equal_sizes_can_hold_shifted_values():
    same = shapes.transposed_window(3, 3, 6, stride=2, padding="same")
    torch = shapes.torch_transposed_window(3, 3, stride=2, padding=1, output_padding=1)
    assert same == (0, 6)
    assert torch == (1, 7)
    # A kernel of 4 is the choice on which both agree.
    assert shapes.transposed_window(3, 4, 6, stride=2, padding="same") == (1, 7)
    assert shapes.torch_transposed_window(3, 4, stride=2, padding=1) == (1, 7)


def test_a_smaller_same_size_shifts_and_does_not_only_crop():
    assert shapes.transposed_window(3, 3, 6, stride=2, padding="same") == (0, 6)
    assert shapes.transposed_window(3, 3, 5, stride=2, padding="same") == (1, 6)


def test_a_window_beyond_the_full_result_asks_for_zeros():
    assert shapes.full_size(2, 3, stride=2) == 5
    assert shapes.transposed_window(2, 3, 6, stride=2) == (0, 6)


@pytest.mark.parametrize(
    ("kernel", "dilation", "expected"), [(1, 9, 1), (3, 1, 3), (3, 2, 5), (6, 3, 16)]
)
def test_effective_kernel_by_hand(kernel, dilation, expected):
    assert shapes.effective_kernel(kernel, dilation) == expected
    assert shapes.full_size(1, kernel, stride=4, dilation=dilation) == expected


def test_transposed_size_of_explicit_padding():
    assert shapes.transposed_size(3, 3, stride=2, padding=1) == 5
    assert shapes.transposed_size(3, 3, stride=2, padding=(1, 0)) == 6
    assert shapes.transposed_size(3, 3, stride=2, padding=1, output_padding=1) == 6
    # The formula gives 0 here; the only legal size is 1.
    assert shapes.transposed_size(1, 1, stride=2, padding=(1, 0)) == 1
    # Keras refuses stride with dilation; the size follows the same rule.
    assert shapes.transposed_size(3, 3, stride=2, dilation=2) == 9
    assert shapes.transposed_size(3, 3, stride=2, dilation=2, padding="same") == 6


# ------------------------------------------------------------------------ whole tables, brute force


def test_conv_size_counts_windows_and_transposed_sizes_invert_it():
    compared = refused = 0
    for kernel in KERNELS:
        for stride in STRIDES:
            for dilation in DILATIONS:
                for padding in PADDINGS:
                    how = {"stride": stride, "padding": padding, "dilation": dilation}
                    sources = {}
                    for size in range(1, 70):
                        count = count_windows(size, kernel, stride, padding, dilation)
                        if count:
                            assert shapes.conv_size(size, kernel, **how) == count, (size, how)
                            compared += 1
                        else:
                            with pytest.raises(ValueError, match="must fit"):
                                shapes.conv_size(size, kernel, **how)
                            refused += 1
                        sources.setdefault(count, []).append(size)
                    for size in SIZES:
                        found = list(shapes.transposed_sizes(size, kernel, **how))
                        assert found == sources.get(size, []), (size, kernel, how)
    assert (compared, refused) == (compared, 31050 - compared)
    assert refused > 1000


def test_padding_pair_is_what_same_needs_and_no_more():
    for kernel in KERNELS:
        for stride in STRIDES:
            for dilation in DILATIONS:
                for size in SIZES:
                    how = {"stride": stride, "dilation": dilation}
                    before, after = shapes.same_padding(size, kernel, **how)
                    assert shapes.padding_pair(size, kernel, padding="SAME", **how) == (
                        before,
                        after,
                    )
                    assert after - before in (0, 1)
                    count = math.ceil(Fraction(size, stride))
                    assert count_windows(size, kernel, stride, (before, after), dilation) == count
                    if after:
                        short = (before, after - 1)
                        assert count_windows(size, kernel, stride, short, dilation) == count - 1


def test_keras_sizes_are_legal_and_sit_where_the_book_says():
    """Smallest for valid with kernel >= stride, above it for kernel < stride, largest for same."""
    for kernel in KERNELS:
        for stride in STRIDES:
            for size in SIZES:
                valid = shapes.transposed_sizes(size, kernel, stride=stride)
                chosen = shapes.keras_transposed_size(size, kernel, stride=stride)
                assert chosen - valid[0] == max(stride - kernel, 0)
                assert chosen in valid
                same = shapes.transposed_sizes(size, kernel, stride=stride, padding="same")
                chosen = shapes.keras_transposed_size(size, kernel, stride=stride, padding="same")
                assert chosen == same[-1]


@st.composite
def one_axis(draw):
    """(size, kernel, settings) of one axis."""
    ints = st.integers(0, 4)
    how = {
        "stride": draw(st.integers(1, 5)),
        "padding": draw(st.one_of(st.sampled_from(["valid", "same"]), ints, st.tuples(ints, ints))),
        "dilation": draw(st.integers(1, 3)),
    }
    return draw(st.integers(1, 9)), draw(st.integers(1, 6)), how


@REPEATABLE
@given(one_axis())
def test_a_window_shows_each_output_pixel_the_taps_that_its_convolution_uses(case):
    """Follow every tap: input pixel n touches padded pixel n*s + i*d, so full pixel likewise."""
    size, kernel, how = case
    stride, dilation = how["stride"], how["dilation"]
    for output_size in shapes.transposed_sizes(size, kernel, **how):
        start, stop = shapes.transposed_window(size, kernel, output_size, **how)
        before, after = shapes.padding_pair(output_size, kernel, **how)
        assert start >= 0
        assert stop - start == output_size
        touched = {n * stride + i * dilation for n in range(size) for i in range(kernel)}
        assert max(touched) + 1 == shapes.full_size(size, kernel, stride=stride, dilation=dilation)
        # Nothing that the convolution reads lies outside its padded input ...
        assert max(touched) < before + output_size + after
        # ... and padded pixel p is image pixel p - before: the window starts there.
        assert start == before


@REPEATABLE
@given(one_axis(), st.integers(0, 4))
def test_transposed_size_is_legal_or_refused_with_legal_values(case, extra):
    size, kernel, how = case
    legal = shapes.transposed_sizes(size, kernel, **how)
    if legal:
        assert shapes.transposed_size(size, kernel, **how) in legal
    else:
        with pytest.raises(ValueError, match="must leave at least one pixel"):
            shapes.transposed_size(size, kernel, **how)
        return
    try:
        result = shapes.transposed_size(size, kernel, output_padding=extra, **how)
    except ValueError as error:
        if extra >= how["stride"]:
            assert f"Nearest legal: {how['stride'] - 1}." in str(error)
        else:
            assert "maps back" in str(error)
            choices = str(error).rsplit("output_padding=", 1)[1].rstrip(".").split(" or ")
            for choice in choices:
                taken = None if choice == "None" else int(choice)
                chosen = shapes.transposed_size(size, kernel, output_padding=taken, **how)
                assert chosen in legal
    else:
        assert result in legal
        assert extra < how["stride"]


@REPEATABLE
@given(one_axis(), st.integers(0, 4), st.integers(0, 4))
def test_torch_window_is_full_from_padding_on(case, padding, extra):
    size, kernel, how = case
    how = {"stride": how["stride"], "dilation": how["dilation"]}
    full = shapes.full_size(size, kernel, **how)
    possible = extra < max(how.values()) and full - 2 * padding + extra >= 1
    if not possible:
        with pytest.raises(ValueError, match="Nearest legal"):
            shapes.torch_transposed_window(
                size, kernel, padding=padding, output_padding=extra, **how
            )
        return
    window = shapes.torch_transposed_window(
        size, kernel, padding=padding, output_padding=extra, **how
    )
    # padding crops both ends; output_padding moves the end back out.
    assert window == (padding, full - padding + extra)


def test_numpy_integers_are_integers_and_do_not_overflow():
    size, kernel, stride = np.uint8(200), np.int8(3), np.uint8(2)
    assert shapes.keras_transposed_size(size, kernel, stride=stride, padding="same") == 400
    assert shapes.transposed_sizes(size, kernel, stride=stride) == range(401, 403)
    window = shapes.torch_transposed_window(size, kernel, stride=stride, padding=np.uint8(1))
    assert window == (1, 400)
    for number in (
        shapes.conv_size(size, kernel, stride=stride),
        shapes.full_size(size, kernel, stride=stride),
        shapes.transposed_size(size, kernel, stride=stride),
        *shapes.same_padding(size, kernel, stride=stride),
        *shapes.padding_pair(size, kernel, padding=(np.int8(1), np.int8(2))),
        *window,
    ):
        assert type(number) is int


def test_shapes_needs_only_the_standard_library():
    program = """
import importlib.util, pathlib, sys, types
# The package's own __init__ loads NumPy, so a bare package stands in for it.
package = types.ModuleType("conv_lib")
package.__path__ = [sys.argv[1]]
sys.modules["conv_lib"] = package
import conv_lib.shapes
assert conv_lib.shapes.conv_size(5, 3) == 3
print(sorted(name for name in sys.modules if name.split(".")[0] in ("numpy", "tensorflow")))
"""
    folder = shapes.__file__.rsplit("shapes", 1)[0]
    done = subprocess.run(
        [sys.executable, "-c", program, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------------------------- bad calls

NAN, INF = float("nan"), float("inf")

# function, positional arguments, keywords, error, pieces of its message
BAD_CALLS = [
    ("conv_size", (0, 3), {}, ValueError, ["size must be at least 1", "size=0", "legal: 1."]),
    ("conv_size", (-4, 3), {}, ValueError, ["size=-4", "Nearest legal: 1."]),
    ("conv_size", (5, 0), {}, ValueError, ["kernel must be at least 1", "kernel=0", "legal: 1."]),
    ("conv_size", (5, 3), {"stride": 0}, ValueError, ["stride must be at least 1", "stride=0"]),
    ("conv_size", (5, 3), {"stride": -1}, ValueError, ["stride=-1", "Nearest legal: 1."]),
    ("conv_size", (5, 3), {"dilation": 0}, ValueError, ["dilation must be at least 1"]),
    ("conv_size", (5, 3), {"stride": 1.5}, TypeError, ["integer", "1.5 (float)", "1 or 2"]),
    ("conv_size", (5, 3), {"stride": 2.0}, TypeError, ["integer", "2.0 (float)", "legal: 2."]),
    ("conv_size", (5.5, 3), {}, TypeError, ["size must be an integer", "5 or 6"]),
    ("conv_size", ("3", 3), {}, TypeError, ["size must be an integer", "'3' (str)", "legal: 3."]),
    ("conv_size", (True, 3), {}, TypeError, ["size must be an integer", "True (bool)"]),
    ("conv_size", (NAN, 3), {}, TypeError, ["size must be an integer", "nan", "1 or more"]),
    ("conv_size", (INF, 3), {}, TypeError, ["size must be an integer", "inf", "1 or more"]),
    ("conv_size", (None, 3), {}, TypeError, ["size must be an integer", "None (NoneType)"]),
    ("conv_size", ([5], 3), {}, TypeError, ["size must be an integer", "[5] (list)"]),
    ("conv_size", (5, "k"), {}, TypeError, ["kernel must be an integer", "'k'"]),
    ("conv_size", (5, 3), {"dilation": False}, TypeError, ["dilation", "False (bool)"]),
    ("conv_size", (5, 3), {"padding": "smae"}, ValueError, ["'smae'", "Nearest legal: 'same'."]),
    ("conv_size", (5, 3), {"padding": "valid "}, ValueError, ["Nearest legal: 'valid'."]),
    ("conv_size", (5, 3), {"padding": "full"}, ValueError, ["'full'", "'valid' or 'same'"]),
    ("conv_size", (5, 3), {"padding": ""}, ValueError, ["''", "'valid' or 'same'"]),
    ("conv_size", (5, 3), {"padding": -1}, ValueError, ["at least 0", "padding=-1", "legal: 0."]),
    ("conv_size", (5, 3), {"padding": (1, -2)}, ValueError, ["padding after", "-2", "legal: 0."]),
    ("conv_size", (5, 3), {"padding": (1, 2, 3)}, ValueError, ["(before, after)", "(1, 2, 3)"]),
    ("conv_size", (5, 3), {"padding": ()}, ValueError, ["(before, after)"]),
    ("conv_size", (5, 3), {"padding": 0.5}, TypeError, ["padding must be", "0.5", "0 or 1"]),
    ("conv_size", (5, 3), {"padding": (1, "1")}, TypeError, ["padding after", "'1' (str)"]),
    ("conv_size", (5, 3), {"padding": None}, TypeError, ["padding", "None"]),
    ("conv_size", (3, 5), {}, ValueError, ["must fit", "5 > 3", "kernel=3, size=5", "same"]),
    ("conv_size", (3, 9), {"padding": 2}, ValueError, ["9 > 7", "kernel=7, size=5"]),
    ("conv_size", (4, 3), {"dilation": 2}, ValueError, ["5 > 4", "kernel=2, size=5"]),
    ("same_padding", (0, 3), {}, ValueError, ["size must be at least 1"]),
    ("same_padding", (5, 3), {"stride": 0}, ValueError, ["stride must be at least 1"]),
    ("same_padding", (5, 0), {}, ValueError, ["kernel must be at least 1"]),
    ("same_padding", (5, 3.0), {}, TypeError, ["kernel must be an integer", "legal: 3."]),
    ("padding_pair", (0, 3), {}, ValueError, ["size must be at least 1"]),
    ("padding_pair", (5, 3), {"stride": 0}, ValueError, ["stride must be at least 1"]),
    ("padding_pair", (5, 0), {"padding": 1}, ValueError, ["kernel must be at least 1"]),
    ("effective_kernel", (3, 0), {}, ValueError, ["dilation must be at least 1"]),
    ("full_size", (0, 3), {}, ValueError, ["size must be at least 1"]),
    ("full_size", (2, 3), {"stride": NAN}, TypeError, ["stride must be an integer"]),
    ("transposed_sizes", (0, 3), {}, ValueError, ["size must be at least 1"]),
    ("transposed_sizes", (2, 3), {"padding": "sam"}, ValueError, ["legal: 'same'."]),
    ("transposed_size", (1, 2), {"padding": 1}, ValueError, ["at least one pixel", "at most 1."]),
    (
        "transposed_size",
        (3, 3),
        {"stride": 2, "output_padding": 2},
        ValueError,
        ["output_padding must be smaller than stride", "output_padding=2", "Nearest legal: 1."],
    ),
    (
        "transposed_size",
        (1, 1),
        {"stride": 2, "padding": (1, 0), "output_padding": 0},
        ValueError,
        ["maps back to 1: 1.", "that is size 0", "output_padding=1 or None"],
    ),
    (
        "keras_transposed_size",
        (3, 3),
        {"output_padding": 1},
        ValueError,
        ["smaller than stride", "output_padding=1, stride 1", "Nearest legal: 0."],
    ),
    (
        "keras_transposed_size",
        (3, 3),
        {"stride": 2, "output_padding": -1},
        ValueError,
        ["output_padding must be at least 0", "output_padding=-1", "Nearest legal: 0."],
    ),
    (
        "keras_transposed_size",
        (3, 3),
        {"stride": 2, "output_padding": 0.5},
        TypeError,
        ["output_padding must be an integer", "0 or 1"],
    ),
    (
        "keras_transposed_size",
        (3, 4),
        {"stride": 2, "padding": "same", "output_padding": 0},
        ValueError,
        ["5 or 6", "that is size 4", "output_padding=1 or None"],
    ),
    (
        "keras_transposed_size",
        (3, 2),
        {"padding": "same", "output_padding": 0},
        ValueError,
        ["maps back to 3: 3.", "that is size 2", "output_padding=None"],
    ),
    (
        "keras_transposed_size",
        (3, 3),
        {"stride": 2, "dilation": 2},
        ValueError,
        ["stride and dilation", "stride=2, dilation=2", "stride=2 with dilation=1"],
    ),
    ("keras_transposed_size", (3, 3), {"padding": 1}, ValueError, ["name only", "padding=1"]),
    (
        "torch_transposed_size",
        (3, 3),
        {"stride": 2, "output_padding": 2},
        ValueError,
        ["larger of stride and dilation", "Nearest legal: 1."],
    ),
    (
        "torch_transposed_size",
        (1, 3),
        {"padding": 2},
        ValueError,
        ["at least one pixel", "size -1", "Nearest legal: padding=1."],
    ),
    ("torch_transposed_size", (3, 3), {"padding": "same"}, TypeError, ["padding", "'same'"]),
    ("torch_transposed_size", (3, 3), {"padding": -1}, ValueError, ["padding=-1", "legal: 0."]),
    (
        "transposed_window",
        (2, 3, 7),
        {"stride": 2},
        ValueError,
        ["5 or 6", "output_size=7", "Nearest legal: 6."],
    ),
    (
        "transposed_window",
        (2, 3, 1),
        {"stride": 2, "padding": "same"},
        ValueError,
        ["3 or 4", "output_size=1", "Nearest legal: 3."],
    ),
    ("transposed_window", (1, 2, 1), {"padding": 1}, ValueError, ["none", "smaller padding"]),
    ("transposed_window", (2, 3, 0), {"stride": 2}, ValueError, ["output_size must be at least 1"]),
    ("transposed_window", (2, 3, 5.0), {"stride": 2}, TypeError, ["output_size", "legal: 5."]),
    ("transposed_window", (2, 9, 99), {"stride": 9}, ValueError, ["18 to 26", "Nearest legal: 26"]),
]


@pytest.mark.parametrize(("function", "args", "kwargs", "error", "pieces"), BAD_CALLS)
def test_bad_calls_state_the_rule_what_came_and_what_is_legal(
    function, args, kwargs, error, pieces
):
    with pytest.raises(error) as caught:
        getattr(shapes, function)(*args, **kwargs)
    message = str(caught.value)
    for piece in [*pieces, "Received: ", "Nearest legal: "]:
        assert piece in message, message


def test_the_nearest_legal_kernel_and_size_are_legal_and_nearest():
    for size in SIZES:
        for dilation in DILATIONS:
            for pad in range(3):
                for kernel in range(1, 12):
                    how = {"padding": pad, "dilation": dilation}
                    try:
                        shapes.conv_size(size, kernel, **how)
                    except ValueError as error:
                        words = str(error).rsplit("Nearest legal: ", 1)[1].split(", ")
                        legal_kernel = int(words[0].removeprefix("kernel="))
                        legal_size = int(words[1].removeprefix("size="))
                        assert shapes.conv_size(size, legal_kernel, **how) >= 1
                        assert legal_kernel == kernel - 1 or not fits(size, legal_kernel + 1, how)
                        assert shapes.conv_size(legal_size, kernel, **how) == 1
                        assert not fits(legal_size - 1, kernel, how)


def fits(size, kernel, how):
    return count_windows(size, kernel, 1, how["padding"], how["dilation"]) > 0


def test_every_public_function_is_exercised_by_the_bad_calls():
    # The rest of shapes has a table of its own, in test_size_tools.py.
    assert {row[0] for row in BAD_CALLS} >= set(axis.__all__) - {"torch_transposed_window"}
