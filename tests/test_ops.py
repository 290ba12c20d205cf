"""Both operations against numbers worked out by hand, and against algebra that knows no sizes."""

import doctest
import importlib
import inspect
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conv_lib
from conv_lib import (
    conv2d,
    conv2d_loops,
    conv2d_transpose,
    conv2d_transpose_gather,
    conv2d_transpose_loops,
    shapes,
    zero_extended,
    zero_insert,
)

CONVOLUTIONS = [conv2d, conv2d_loops]
TRANSPOSES = [conv2d_transpose, conv2d_transpose_loops, conv2d_transpose_gather]

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=200)


def image(rows):
    """One image with one channel."""
    return np.array(rows, dtype=float)[None, :, :, None]


def weights(rows):
    """One kernel from one channel to one channel."""
    return np.array(rows, dtype=float)[:, :, None, None]


def plane(result):
    assert result.shape[0] == result.shape[-1] == 1
    return result[0, :, :, 0].tolist()


# ---------------------------------------------------------------------------------- literals


@pytest.mark.parametrize("convolve", CONVOLUTIONS)
def test_convolution_by_hand(convolve):
    ones = convolve(np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)))
    assert plane(ones) == [[4, 4], [4, 4]]  # seed 000
    x = image([[1, 2, 3], [4, 5, 6]])
    kernel = weights([[1, 10], [100, 1000]])
    # Not flipped: the last weight meets the last pixel.
    assert plane(convolve(x, kernel)) == [[1 + 20 + 400 + 5000, 2 + 30 + 500 + 6000]]
    # "same" puts the odd pixel below and to the right.
    assert plane(convolve(x, kernel, padding="same")) == [
        [5421, 6532, 603],
        [54, 65, 6],
    ]
    assert plane(convolve(x, kernel, padding=((1, 0), (0, 0)))) == [[2100, 3200], [5421, 6532]]
    assert plane(convolve(x, kernel, padding=((0, 0), (1, 0)))) == [[4010, 5421, 6532]]
    assert plane(convolve(x, kernel, dilation=(1, 2))) == [[1 + 30 + 400 + 6000]]
    assert plane(convolve(x, kernel, stride=(1, 2), padding="same")) == [[5421, 603], [54, 6]]


@pytest.mark.parametrize("transpose", TRANSPOSES)
def test_transposed_convolution_by_hand(transpose):
    ones = transpose(np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)))
    assert plane(ones) == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]  # seed 000
    # Seed 003: its values, Keras' size 5 and tf.nn's size 6, which appends zeros.
    x, kernel = image([[4.5, 5.4], [8.1, 9.0]]), weights(np.ones((3, 3)))
    five = [
        [4.5, 4.5, 9.9, 5.4, 5.4],
        [4.5, 4.5, 9.9, 5.4, 5.4],
        [12.6, 12.6, 27.0, 14.4, 14.4],
        [8.1, 8.1, 17.1, 9.0, 9.0],
        [8.1, 8.1, 17.1, 9.0, 9.0],
    ]
    np.testing.assert_allclose(plane(transpose(x, kernel, stride=2)), five, rtol=1e-14)
    six = [[*row, 0] for row in five] + [[0] * 6]
    np.testing.assert_allclose(
        plane(transpose(x, kernel, stride=2, output_shape=(6, 6))), six, rtol=1e-14
    )
    # Not flipped either: the stamp is the kernel as it stands.
    kernel = weights([[1, 10], [100, 1000]])
    assert plane(transpose(image([[1, 2]]), kernel)) == [[1, 12, 20], [100, 1200, 2000]]
    assert plane(transpose(image([[1, 2]]), kernel, stride=(1, 3), output_padding=0)) == [
        [1, 10, 0, 2, 20],
        [100, 1000, 0, 200, 2000],
    ]


@pytest.mark.parametrize("transpose", TRANSPOSES)
def test_a_smaller_same_size_shifts_the_values(transpose):
    x, kernel = image([[1, 2, 3]]), weights([[1, 10, 100]])
    #       full result: 1 10 102 20 203 30 300
    how = {"stride": (1, 2), "padding": "same"}
    assert plane(transpose(x, kernel, **how)) == [[1, 10, 102, 20, 203, 30]]
    assert plane(transpose(x, kernel, output_shape=(1, 5), **how)) == [[10, 102, 20, 203, 30]]
    assert plane(transpose(x, kernel, output_padding=(0, 0), **how)) == [[10, 102, 20, 203, 30]]
    assert plane(transpose(x, kernel, padding=((0, 0), (1, 1)), stride=(1, 2))) == [
        [10, 102, 20, 203, 30]
    ]
    assert plane(
        transpose(x, kernel, padding=((0, 0), (1, 1)), stride=(1, 2), output_padding=(0, 1))
    ) == [[10, 102, 20, 203, 30, 300]]


@pytest.mark.parametrize("transpose", TRANSPOSES)
def test_a_padding_that_crops_everything_but_an_appended_zero(transpose):
    result = transpose(image([[7]]), weights([[3]]), stride=2, padding=((1, 0), (1, 0)))
    assert plane(result) == [[0]]


def test_groups_by_hand():
    x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 1, 4)
    kernel = np.array([[1.0, 10.0, 2.0, 20.0], [100.0, 1000.0, 200.0, 2000.0]])
    kernel = kernel.reshape(1, 1, 2, 4)
    for convolve in CONVOLUTIONS:
        assert convolve(x, kernel, groups=2).ravel().tolist() == [201, 2010, 806, 8060]
    for transpose in TRANSPOSES:
        result = transpose(x, kernel, groups=2).ravel().tolist()
        assert result == [1 + 20, 100 + 2000, 6 + 80, 600 + 8000]


def test_zero_insert_by_hand():
    x = np.arange(1.0, 5.0).reshape(1, 2, 2, 1)
    assert plane(zero_insert(x, (3, 2))) == [[1, 0, 2], [0, 0, 0], [0, 0, 0], [3, 0, 4]]
    assert plane(zero_insert(x, 1)) == [[1, 2], [3, 4]]
    assert zero_insert(x.astype("int8"), 2).dtype == np.int8
    assert zero_insert(np.ones((0, 2, 3, 1)), 2).shape == (0, 3, 5, 1)


def test_zero_extended_by_hand():
    x = np.array([1, 2, 3])[:, None]
    for window, expected in [
        ((0, 3), [1, 2, 3]),
        ((1, 2), [2]),
        ((-2, 1), [0, 0, 1]),
        ((2, 5), [3, 0, 0]),
        ((-1, 4), [0, 1, 2, 3, 0]),
        ((5, 7), [0, 0]),
        ((-4, -2), [0, 0]),
        ((2, 2), []),
    ]:
        assert zero_extended(x, [window])[:, 0].tolist() == expected


# ----------------------------------------------------------------------------------- algebra


@st.composite
def calls(draw, *, grouped=True, integers=False):
    """(rng, input shape, kernel shape, settings) of a legal convolution, all sizes different."""
    pad = st.integers(0, 3)
    groups = draw(st.sampled_from([1, 2, 3])) if grouped else 1
    how = {
        "stride": (draw(st.integers(1, 5)), draw(st.integers(1, 5))),
        "dilation": (draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        "padding": draw(
            st.one_of(
                st.sampled_from(["valid", "same"]),
                st.tuples(st.tuples(pad, pad), st.tuples(pad, pad)),
            )
        ),
        "groups": groups,
    }
    kernel = [draw(st.integers(1, 6)), draw(st.integers(1, 6))]
    size = [draw(st.integers(1, 9)), draw(st.integers(1, 9))]
    if how["padding"] != "same":
        sums = [0, 0] if how["padding"] == "valid" else [sum(pair) for pair in how["padding"]]
        for axis in (0, 1):
            # Grow the input until the kernel fits: nothing is filtered away.
            span = 1 + (kernel[axis] - 1) * how["dilation"][axis]
            size[axis] = max(size[axis], span - sums[axis])
    in_channels, out_channels = 3 * groups, 2 * groups
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng, (2, *size, in_channels), (*kernel, in_channels // groups, out_channels), how


@REPEATABLE
@given(calls())
def test_transpose_is_the_adjoint_with_the_same_kernel_array(case):
    rng, x_shape, kernel_shape, how = case
    x, kernel = rng.normal(size=x_shape), rng.normal(size=kernel_shape)
    forward = conv2d(x, kernel, **how)
    y = rng.normal(size=forward.shape)
    back = conv2d_transpose(y, kernel, output_shape=x_shape[1:3], **how)
    assert back.shape == x_shape
    scale = np.abs(forward).max() * np.abs(y).sum() + 1
    assert abs((forward * y).sum() - (x * back).sum()) <= 1e-13 * scale


@REPEATABLE
@given(calls())
def test_the_loops_and_the_gather_picture_equal_the_fast_forms(case):
    rng, x_shape, kernel_shape, how = case
    x, kernel = rng.normal(size=x_shape), rng.normal(size=kernel_shape)
    forward = conv2d(x, kernel, **how)
    np.testing.assert_allclose(conv2d_loops(x, kernel, **how), forward, rtol=0, atol=1e-12)
    y = rng.normal(size=forward.shape)
    fast = conv2d_transpose(y, kernel, output_shape=x_shape[1:3], **how)
    for transpose in (conv2d_transpose_loops, conv2d_transpose_gather):
        other = transpose(y, kernel, output_shape=x_shape[1:3], **how)
        np.testing.assert_allclose(other, fast, rtol=0, atol=1e-12)


@REPEATABLE
@given(calls())
def test_integers_are_exact_in_every_form(case):
    rng, x_shape, kernel_shape, how = case
    x, kernel = rng.integers(-9, 10, x_shape), rng.integers(-9, 10, kernel_shape)
    forward = conv2d(x, kernel, **how)
    assert np.array_equal(conv2d_loops(x, kernel, **how), forward)
    y = rng.integers(-9, 10, forward.shape)
    back = conv2d_transpose(y, kernel, output_shape=x_shape[1:3], **how)
    for transpose in (conv2d_transpose_loops, conv2d_transpose_gather):
        assert np.array_equal(
            transpose(y, kernel, output_shape=x_shape[1:3], **how),
            back,
        )
    assert (forward * y).sum() == (x * back).sum()


@REPEATABLE
@given(calls())
def test_both_are_linear_in_input_and_kernel(case):
    rng, x_shape, kernel_shape, how = case
    x1, x2 = rng.integers(-9, 10, (2, *x_shape))
    k1, k2 = rng.integers(-9, 10, (2, *kernel_shape))
    y1 = conv2d(x1, k1, **how)
    assert np.array_equal(conv2d(2 * x1 - 3 * x2, k1, **how), 2 * y1 - 3 * conv2d(x2, k1, **how))
    assert np.array_equal(conv2d(x1, 2 * k1 - 3 * k2, **how), 2 * y1 - 3 * conv2d(x1, k2, **how))
    how["output_shape"] = x_shape[1:3]
    y2 = rng.integers(-9, 10, y1.shape)
    back = conv2d_transpose(y1, k1, **how)
    assert np.array_equal(
        conv2d_transpose(2 * y1 - 3 * y2, k1, **how),
        2 * back - 3 * conv2d_transpose(y2, k1, **how),
    )
    assert np.array_equal(
        conv2d_transpose(y1, 2 * k1 - 3 * k2, **how),
        2 * back - 3 * conv2d_transpose(y1, k2, **how),
    )


@REPEATABLE
@given(calls())
def test_the_transpose_is_a_window_of_the_full_result(case):
    rng, x_shape, kernel_shape, how = case
    kernel = rng.normal(size=kernel_shape)
    y = rng.normal(size=conv2d(np.zeros(x_shape), kernel, **how).shape)
    free = {name: how[name] for name in ("stride", "dilation", "groups")}
    # With the smallest "valid" size nothing is cropped and nothing appended.
    full = conv2d_transpose(y, kernel, output_padding=0, **free)
    paddings = how["padding"]
    if isinstance(paddings, str):
        paddings = (paddings, paddings)
    expected = full
    for axis, (name, padding) in enumerate(zip(("height", "width"), paddings, strict=True)):
        settings_ = {"stride": how["stride"][axis], "dilation": how["dilation"][axis]}
        size, span, wanted = y.shape[1 + axis], kernel_shape[axis], x_shape[1 + axis]
        assert full.shape[1 + axis] == shapes.full_size(size, span, **settings_), name
        start, stop = shapes.transposed_window(size, span, wanted, padding=padding, **settings_)
        room = [(0, 0)] * 4
        room[1 + axis] = (0, max(stop - full.shape[1 + axis], 0))
        expected = np.pad(expected, room).take(range(start, stop), axis=1 + axis)
    result = conv2d_transpose(y, kernel, output_shape=x_shape[1:3], **how)
    assert np.array_equal(result, expected)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_a_delta_kernel_is_the_identity(size):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 5, 7, 3))
    kernel = np.zeros((size, size, 3, 3))
    kernel[size // 2, size // 2] = np.eye(3)
    for operation in (*CONVOLUTIONS, *TRANSPOSES):
        assert np.array_equal(operation(x, kernel, padding="same"), x)


def test_a_shifted_delta_shifts_one_way_and_the_transpose_shifts_back():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 5, 7, 3))
    kernel = np.zeros((3, 3, 3, 3))
    kernel[2, 1] = np.eye(3)  # reads the row below
    for convolve in CONVOLUTIONS:
        moved = convolve(x, kernel, padding="same")
        assert np.array_equal(moved[:, :-1], x[:, 1:])
        assert not moved[:, -1].any()
    for transpose in TRANSPOSES:
        moved = transpose(x, kernel, padding="same")
        assert np.array_equal(moved[:, 1:], x[:, :-1])
        assert not moved[:, 0].any()


def test_groups_are_separate_convolutions_side_by_side():
    rng = np.random.default_rng(3)
    x, kernel = rng.normal(size=(2, 5, 7, 6)), rng.normal(size=(3, 2, 2, 12))
    how = {"stride": (2, 1), "padding": "same", "dilation": (1, 2)}
    apart = [
        conv2d(x[..., 2 * g : 2 * g + 2], kernel[..., 4 * g : 4 * g + 4], **how) for g in range(3)
    ]
    whole = conv2d(x, kernel, groups=3, **how)
    np.testing.assert_allclose(whole, np.concatenate(apart, -1), atol=1e-13)
    depthwise = conv2d(x[..., :1], kernel[:, :, :1, :1], **how)
    kernel_depthwise = np.tile(kernel[:, :, :1, :1], (1, 1, 1, 6))
    np.testing.assert_allclose(
        conv2d(x, kernel_depthwise, groups=6, **how)[..., :1], depthwise, atol=1e-13
    )
    apart = [
        conv2d_transpose(whole[..., 4 * g : 4 * g + 4], kernel[..., 4 * g : 4 * g + 4], **how)
        for g in range(3)
    ]
    np.testing.assert_allclose(
        conv2d_transpose(whole, kernel, groups=3, **how), np.concatenate(apart, -1), atol=1e-12
    )


# ------------------------------------------------------------------------- what callers may hand in


@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
@pytest.mark.parametrize("batch", [(), (1,), (2,), (0,), (2, 3), (2, 0, 3), (0, 0)])
def test_any_number_of_leading_axes(operation, batch):
    rng = np.random.default_rng(4)
    x, kernel = rng.normal(size=(*batch, 5, 7, 3)), rng.normal(size=(3, 2, 3, 3))
    result = operation(x, kernel, stride=2, padding="same")
    assert result.shape[:-3] == batch
    assert result.shape[-3:] == ((3, 4, 3) if operation in CONVOLUTIONS else (10, 14, 3))
    images = x.reshape(-1, 5, 7, 3)
    for index, one in enumerate(images):
        alone = operation(one, kernel, stride=2, padding="same")
        np.testing.assert_allclose(
            result.reshape(len(images), *alone.shape)[index], alone, atol=1e-13
        )


@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
def test_inputs_are_not_changed_and_may_lie_in_memory_in_any_way(operation):
    rng = np.random.default_rng(5)
    x, kernel = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(3, 2, 3, 3))
    expected = operation(x, kernel, stride=2)
    wide_x, wide_kernel = np.zeros((2, 10, 7, 6)), np.zeros((3, 2, 6, 3))
    wide_x[:, ::2, :, ::2], wide_kernel[:, :, ::2] = x, kernel
    for these, those in [
        (np.asfortranarray(x), np.asfortranarray(kernel)),
        (wide_x[:, ::2, :, ::2], wide_kernel[:, :, ::2]),
        (x[:, ::-1].copy()[:, ::-1], kernel[::-1, ::-1].copy()[::-1, ::-1]),
        (x.tolist(), kernel.tolist()),
    ]:
        np.testing.assert_allclose(operation(these, those, stride=2), expected, atol=1e-13)
    for array in (x, kernel):
        array.setflags(write=False)
    before = x.copy(), kernel.copy()
    result = operation(x, kernel, stride=2)
    assert np.array_equal(result, expected)
    result[...] = 0  # the result is the caller's own
    assert np.array_equal(x, before[0])
    assert np.array_equal(kernel, before[1])


@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
def test_identity_calls_do_not_return_the_input_itself(operation):
    x = np.ones((1, 2, 2, 1))
    result = operation(x, np.ones((1, 1, 1, 1)))
    assert not np.shares_memory(result, x)


@pytest.mark.parametrize("operation", [*CONVOLUTIONS, *TRANSPOSES])
@pytest.mark.parametrize(
    ("x", "kernel", "expected"),
    [
        ("float32", "float32", "float32"),
        ("float64", "float64", "float64"),
        ("float32", "float64", "float64"),
        ("float16", "float16", "float16"),
        ("float16", "float32", "float32"),
        ("uint8", "float32", "float32"),
        ("int32", "float32", "float64"),
        ("int8", "int8", "int64"),
        ("uint8", "uint8", "uint64"),
        ("uint8", "int8", "int64"),
        ("bool", "bool", "int64"),
        ("int64", "int64", "int64"),
        ("complex64", "float32", "complex64"),
    ],
)
def test_dtypes(operation, x, kernel, expected):
    result = operation(np.ones((1, 4, 4, 1), x), np.ones((2, 2, 1, 1), kernel), stride=2)
    assert result.dtype == expected
    assert np.all(result == (4 if operation in CONVOLUTIONS else 1))


def test_small_integers_do_not_wrap_and_halves_are_added_in_singles():
    for convolve in CONVOLUTIONS:
        bright = convolve(np.full((1, 2, 2, 1), 255, "uint8"), np.full((2, 2, 1, 1), 255, "uint8"))
        assert bright.ravel().tolist() == [4 * 255 * 255]
        # 4096 ones: float16 alone would stop counting at 2048.
        ones = convolve(np.ones((1, 64, 64, 1), "float16"), np.ones((64, 64, 1, 1), "float16"))
        assert ones.ravel().tolist() == [4096]


# ------------------------------------------------------------------------------- NaN and infinity


# BLAS may report an invalid operation in lanes whose results nobody reads.
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@REPEATABLE
@given(case=calls())
def test_a_value_that_is_not_finite_reaches_only_the_outputs_that_see_it(value, case):
    rng, x_shape, kernel_shape, how = case
    kernel = rng.uniform(0.5, 1, kernel_shape)
    x = np.ones(x_shape)
    place = tuple(int(rng.integers(size)) for size in x_shape)
    marker = np.zeros(x_shape)
    marker[place] = 1
    x[place] = value
    seen = conv2d_loops(marker, kernel, **how) != 0
    for convolve in CONVOLUTIONS:
        assert np.array_equal(~np.isfinite(convolve(x, kernel, **how)), seen)

    y_shape = seen.shape
    y, marker = np.ones(y_shape), np.zeros(y_shape)
    place = tuple(int(rng.integers(size)) for size in y_shape)
    y[place], marker[place] = value, 1
    how["output_shape"] = x_shape[1:3]
    seen = conv2d_transpose_loops(marker, kernel, **how) != 0
    for transpose in TRANSPOSES:
        assert np.array_equal(~np.isfinite(transpose(y, kernel, **how)), seen)


def test_infinity_does_not_cross_groups_or_reach_appended_zeros():
    x = np.ones((1, 2, 2, 2))
    x[..., 0] = np.inf
    kernel = np.ones((1, 1, 1, 2))
    for operation in (*CONVOLUTIONS, *TRANSPOSES):
        assert np.isfinite(operation(x, kernel, groups=2)[..., 1]).all()
    for transpose in TRANSPOSES:
        result = transpose(x, kernel, stride=3, groups=2, output_shape=(6, 5))
        assert np.isinf(result[0, ::3, ::3, 0]).all()
        assert np.isfinite(result).sum() == result.size - 4
    # An infinite weight stamps infinities, and nothing between and after the stamps.
    for transpose in (conv2d_transpose, conv2d_transpose_loops):
        result = transpose(np.ones((1, 2, 2, 1)), np.full((1, 1, 1, 1), np.inf), stride=2)
        assert np.isinf(result[0, ::2, ::2]).all()
        assert np.isfinite(result).sum() == result.size - 4


# ------------------------------------------------------------------------- exactness, independently


def test_a_convolution_in_fractions():
    """Every term by its index, in exact rational numbers, with no array code in between."""
    rng = np.random.default_rng(6)
    x, kernel = rng.integers(-9, 10, (2, 4, 5, 3)), rng.integers(-9, 10, (3, 2, 3, 4))
    result = conv2d(x / 8, kernel / 4, stride=(2, 1), padding=((1, 1), (0, 2)), dilation=(1, 2))
    assert result.shape == (2, 2, 5, 4)
    for (b, r, c, o), value in np.ndenumerate(result):
        total = Fraction(0)
        for i in range(3):
            for j in range(2):
                row, column = 2 * r + i - 1, c + 2 * j
                if 0 <= row < 4 and 0 <= column < 5:
                    for m in range(3):
                        total += Fraction(int(x[b, row, column, m]), 8) * Fraction(
                            int(kernel[i, j, m, o]), 4
                        )
        assert Fraction(value) == total


# -------------------------------------------------------------------------------- the docstrings

MODULES = [
    "conv_lib",
    "conv_lib._checks",
    "conv_lib.shapes",
    "conv_lib.shapes.accepted",
    "conv_lib.shapes.axis",
    "conv_lib.shapes.chain",
    "conv_lib.shapes.cost",
    "conv_lib.shapes.layer",
    "conv_lib.shapes.receptive",
    "conv_lib.shapes.solve",
    "conv_lib.bench.rounds",
    "conv_lib.bench.workloads",
    "conv_lib.ops._arguments",
    "conv_lib.ops._convolving",
    "conv_lib.ops._interleaving",
    "conv_lib.ops._stamps",
    "conv_lib.ops._tiles",
    "conv_lib.ops.blocks",
    "conv_lib.ops.convolution",
    "conv_lib.ops.gather",
    "conv_lib.ops.gradients",
    "conv_lib.ops.kernels",
    "conv_lib.ops.loops",
    "conv_lib.ops.matrix",
    "conv_lib.ops.phases",
    "conv_lib.ops.pooling",
    "conv_lib.ops.transposed",
    "conv_lib.ops.upsampling",
    "conv_lib.ops.window",
    "conv_lib.frameworks",
    "conv_lib.frameworks.convert",
    "conv_lib.frameworks.layer",
    "conv_lib.frameworks.meaning",
    "conv_lib.compare.calls",
    "conv_lib.compare.diagnosis",
    "conv_lib.compare.tolerance",
    "conv_lib.compare.verdict",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0


def test_every_public_function_begins_with_an_example():
    public = [getattr(conv_lib, name) for name in conv_lib.__all__]
    public += [getattr(shapes, name) for name in shapes.__all__]
    functions = [thing for thing in public if inspect.isfunction(thing)]
    assert len(functions) >= 50
    for function in functions:
        paragraphs = inspect.getdoc(function).split("\n\n")
        assert paragraphs[1].startswith(">>> "), function.__name__
