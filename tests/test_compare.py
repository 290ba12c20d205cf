"""The verdict on two arrays: which differences count, and how it reads."""

import numpy as np
import pytest

from conv_lib import Agreement, agreement


def test_it_reads_as_one_line():
    ones = np.ones((1, 4, 4, 1), "float32")
    line = "agree: shape (1, 4, 4, 1), largest difference 0 (tolerance 1e-05)"
    assert str(agreement(ones, ones)) == repr(agreement(ones, ones)) == line
    assert str(agreement(ones, ones + 1)) == (
        "differ: shape (1, 4, 4, 1), largest difference 1 (tolerance 2e-05)"
    )
    assert str(agreement(ones, ones[:, :3])) == "differ: shapes (1, 4, 4, 1) and (1, 3, 4, 1)"


def test_the_record():
    record = agreement(np.array([1.0, -4.0]), np.array([1.5, -4.0]))
    assert record == Agreement(
        shapes=((2,), (2,)),
        dtypes=("float64", "float64"),
        max_absolute=0.5,
        max_relative=0.125,
        tolerance=4e-12,
        agrees=False,
    )
    assert not record
    assert agreement([1.0], [1.0])
    with pytest.raises(AttributeError):
        record.agrees = True


@pytest.mark.parametrize(
    ("dtypes", "tolerance"),
    [
        (("float64", "float64"), 1e-12),
        (("float64", "float32"), 1e-5),
        (("float16", "float32"), 1e-2),
        (("complex64", "float64"), 1e-5),
        (("int64", "float32"), 1e-5),
        (("int64", "uint8"), 0.0),
    ],
)
def test_the_coarser_dtype_sets_the_tolerance(dtypes, tolerance):
    a, b = (np.ones((2, 3), dtype) for dtype in dtypes)
    assert agreement(a, b).tolerance == tolerance
    assert agreement(a, b)
    assert not agreement(a, b + b.dtype.type(1))


def test_the_tolerance_grows_with_the_values_but_never_shrinks():
    big = np.full(3, 1000.0, "float32")
    assert agreement(big, big).tolerance == pytest.approx(1e-2)
    assert agreement(big, big + np.float32(0.005))
    assert not agreement(big, big + np.float32(0.05))
    assert agreement(big / 1e9, big / 1e9).tolerance == 1e-5
    assert not agreement(big, big + np.float32(0.005), tolerance=1e-3)
    assert agreement(big, big + 1, tolerance=1)


def test_shapes_are_not_broadcast():
    assert not agreement(np.ones((2, 1)), np.ones((2, 3)))
    assert not agreement(1.0, np.ones(1))
    assert np.isnan(agreement(np.ones((2, 1)), np.ones((2, 3))).max_absolute)


def test_values_that_are_not_finite():
    special = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert agreement(special, special)
    assert agreement(special, special).max_absolute == 0
    for place in range(3):
        other = special.copy()
        other[place] = 0.0
        assert not agreement(special, other)
        assert agreement(special, other).max_absolute == np.inf
        assert not agreement(other, special, tolerance=1e300)
    assert not agreement([np.inf], [-np.inf])


def test_small_types_are_subtracted_without_wrapping():
    assert agreement(np.array([0], "uint8"), np.array([255], "uint8")).max_absolute == 255
    assert agreement(np.array([True]), np.array([False])).max_absolute == 1
    assert agreement(np.array([6e4], "float16"), np.array([-6e4], "float16")).max_absolute == 120000


def test_empty_arrays_agree_when_their_shapes_do():
    assert agreement(np.ones((0, 3)), np.ones((0, 3)))
    assert not agreement(np.ones((0, 3)), np.ones((0, 4)))


@pytest.mark.parametrize(
    ("first", "second", "tolerance", "error", "message"),
    [
        (["a"], [1.0], None, TypeError, "first must hold numbers"),
        ([1.0], [None], None, TypeError, "second must hold numbers"),
        ([1.0], [1.0], -1, ValueError, "at least 0"),
        ([1.0], [1.0], float("nan"), ValueError, "at least 0"),
    ],
)
def test_bad_calls(first, second, tolerance, error, message):
    with pytest.raises(error, match=message):
        agreement(first, second, tolerance=tolerance)
