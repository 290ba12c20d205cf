"""Planted mistakes are named for what they are; one call everywhere gives one record."""

import json
import sys

import numpy as np
import pytest

from conv_lib import conv2d
from conv_lib.compare import compare_call, diagnose, frameworks, stored, tolerance_for
from conv_lib.compare.calls import BACKENDS

RNG = np.random.default_rng(0)
A = RNG.normal(size=(2, 5, 7, 3))


# ----------------------------------------------------------------------------------- tolerances


@pytest.mark.parametrize(
    ("dtype", "where", "relative", "reason"),
    [
        ("float64", {}, 1e-12, "order of summation"),
        ("complex128", {}, 1e-12, "order of summation"),
        ("float32", {}, 1e-5, "order of summation"),
        ("float32", {"device": "GPU"}, 1e-5, "order of summation"),
        ("float32", {"device": "GPU", "tf32": True}, 4e-3, "TF32"),
        ("float32", {"device": "CPU", "tf32": True}, 1e-5, "order of summation"),
        ("float64", {"device": "GPU", "tf32": True}, 1e-12, "order of summation"),
        ("float16", {}, 1e-2, "float16"),
        ("float16", {"device": "GPU"}, 1e-2, "float16"),
        ("int64", {}, 0.0, "exact"),
        ("bool", {}, 0.0, "exact"),
    ],
)
def test_each_tolerance_has_its_reason(dtype, where, relative, reason):
    tolerance = tolerance_for(dtype, **where)
    assert tolerance.relative == relative
    assert reason in tolerance.reason


def test_bad_tolerances():
    with pytest.raises(TypeError, match="numbers"):
        tolerance_for("U3")
    with pytest.raises(ValueError, match="'CPU' or 'GPU'"):
        tolerance_for("float32", device="TPU")


# ------------------------------------------------------------------------------------ diagnosis


def moved(by):
    """A, moved by (rows, columns), with new values where nothing was moved to."""
    result = np.random.default_rng(1).normal(size=A.shape)
    rows, columns = by
    result[:, max(0, rows) : 5 + rows, max(0, columns) : 7 + columns] = A[
        :, max(0, -rows) : 5 - rows, max(0, -columns) : 7 - columns
    ]
    return result


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ((1, 0), "one pixel down along the height"),
        ((-1, 0), "one pixel up along the height"),
        ((0, 1), "one pixel to the right along the width"),
        ((0, -1), "one pixel to the left along the width"),
        ((1, -1), "one pixel down along the height and to the left along the width"),
        ((-1, -1), "one pixel up along the height and to the left along the width"),
    ],
)
def test_a_shift_is_named_with_its_axis_and_direction(by, words):
    found = diagnose(A, moved(by))
    assert found.kind == "shift"
    assert words in found.detail
    assert diagnose(moved(by), A).kind == "shift"


def test_the_shift_between_same_and_padding_one():
    """TensorFlow's "same" and PyTorch's padding 1 at k3 s2: equal shapes, shifted windows."""
    x, kernel = RNG.normal(size=(1, 8, 8, 1)), RNG.normal(size=(3, 3, 1, 1))
    full = conv2d(x, kernel, padding=((1, 1), (1, 1)))
    assert diagnose(full[:, :-1], full[:, 1:]).kind == "shift"


@pytest.mark.parametrize(
    ("axes", "words"),
    [([1], "along the height"), ([2], "along the width"), ([1, 2], "the height and the width")],
)
def test_a_flip_is_named(axes, words):
    found = diagnose(A, np.flip(A, axes))
    assert found.kind == "flip"
    assert found.detail.endswith(words)


def test_a_channel_swap_is_named():
    found = diagnose(A, A[..., [2, 1, 0]])
    assert found.kind == "channels"
    assert "[2, 1, 0]" in found.detail
    assert diagnose(A, A[..., [1, 2, 0]]).detail.endswith("[1, 2, 0]")


@pytest.mark.parametrize("order", [(0, 3, 1, 2), (0, 2, 1, 3), (1, 0, 2, 3)])
def test_a_layout_is_named(order):
    found = diagnose(A, A.transpose(order))
    assert found.kind == "layout"
    assert str(order) in found.detail


def test_a_layout_that_was_only_read_wrongly():
    found = diagnose(A, np.ascontiguousarray(np.moveaxis(A, -1, 1)).reshape(A.shape))
    assert found.kind == "layout"
    assert "channels first, read as if they were last" in found.detail
    square = RNG.normal(size=(1, 4, 4, 2))
    assert "(0, 2, 1, 3)" in diagnose(square, square.transpose(0, 2, 1, 3)).detail


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rounding_is_named(dtype):
    exact = A.astype(dtype)
    assert diagnose(exact, exact.astype("float16").astype(dtype)).kind == "rounding"
    tf32 = (exact.astype("float32").view("uint32") & np.uint32(0xFFFFE000)).view("float32")
    found = diagnose(exact, tf32.astype(dtype))
    assert found.kind == "rounding"
    assert "TF32" in found.detail


def test_agreement_size_and_what_is_not_finite():
    assert diagnose(A, A).kind == "agree"
    assert diagnose(A.astype("float32"), A).kind == "agree"
    assert diagnose(A, A[:, :-1]).kind == "size"
    assert "equal where both have values" in diagnose(A, A[:, :-1]).detail
    shifted = diagnose(A, A[:, 1:])
    assert shifted.kind == "shift"
    assert "(2, 4, 7, 3)" in shifted.detail
    assert diagnose(A, RNG.normal(size=(2, 5, 9, 4))).kind == "size"
    bad = A.copy()
    bad[0, 0, 0, 0] = np.nan
    assert diagnose(A, bad).kind == "not finite"
    assert "at 1 places" in diagnose(A, bad).detail
    assert diagnose(A, RNG.normal(size=A.shape)).kind == "unknown"
    assert diagnose(A, -A).kind == "unknown"


def test_variants_and_other_ranks():
    other = RNG.normal(size=A.shape)
    found = diagnose(A, other, variants={"never": lambda: A + 1, "the other": lambda: other})
    assert str(found) == "variant: the other"
    line, volume = RNG.normal(size=(1, 9, 2)), RNG.normal(size=(1, 4, 5, 6, 2))
    assert "later along the length" in diagnose(line[:, 1:], line[:, :-1]).detail
    assert "depth" in diagnose(volume, volume[:, ::-1]).detail
    assert diagnose(np.ones((0, 3)), np.ones((0, 4))).kind == "size"
    assert diagnose(1.0, 2.0).kind == "unknown"


# ------------------------------------------------------------------------------------- one call


@pytest.fixture(scope="module")
def tf():
    return pytest.importorskip("tensorflow")


X = RNG.normal(size=(2, 6, 7, 3)).astype("float32")
KERNEL = RNG.normal(size=(3, 3, 3, 4)).astype("float32")


def pretend(monkeypatch, change):
    """A framework that makes a mistake."""

    def run(asked):
        result = change(asked)
        return frameworks.Ran(result, 0.0, "CPU", "pretended 1.0")

    monkeypatch.setitem(sys.modules["conv_lib.compare.calls"].BACKENDS, "torch", run)


def test_a_mistake_inside_a_framework_is_named(monkeypatch):
    how = {"padding": "same", "backends": ["torch"], "repeat": 0}
    kernel = RNG.normal(size=(3, 3, 3, 3)).astype("float32")
    for change, words in [
        (lambda k: k, None),
        (lambda k: k[::-1, ::-1], "kernel is flipped"),
        (lambda k: k.swapaxes(0, 1), "height and width are swapped"),
        (lambda k: k.swapaxes(2, 3), "channels are swapped"),
    ]:
        pretend(monkeypatch, lambda asked, f=change: conv2d(X, f(kernel), padding="same"))
        record = compare_call("conv2d", X, kernel, **how)
        assert bool(record) == (words is None)
        assert words is None or words in record.backends["torch"].difference
        assert words is None or "differs" in str(record)
    pretend(monkeypatch, lambda asked: conv2d(X, kernel, padding=((2, 0), (1, 1))))
    found = compare_call("conv2d", X, kernel, **how).backends["torch"].difference
    assert found.startswith("shift") and "down" in found


def test_what_is_not_installed_is_named(monkeypatch):
    def nothing(name):
        raise frameworks.LeftOut(f"{name} is not installed")

    monkeypatch.setattr(frameworks, "_imported", nothing)
    record = compare_call("conv2d", X, KERNEL)
    assert record and not record.backends
    assert set(record.left_out) == set(BACKENDS)
    assert "torch: left out, torch is not installed" in str(record)
    assert record.shape == (2, 4, 5, 4)
    assert record.dtype == "float32"
    assert record.seconds > 0


CALLS = [
    ("conv2d", {"stride": 2, "padding": "same"}),
    ("conv2d", {"padding": ((1, 0), (2, 1)), "dilation": (1, 2)}),
    ("conv2d_transpose", {"stride": 2, "padding": "same"}),
    ("conv2d_transpose", {"stride": 2, "padding": "same", "output_shape": (11, 14)}),
    ("conv2d_transpose", {"stride": (1, 2), "padding": ((1, 0), (1, 1))}),
    ("conv2d_transpose", {"stride": 4, "padding": "valid"}),
]


@pytest.mark.parametrize(("operation", "how"), CALLS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_tensorflow_keras_and_torch_agree_where_they_run(tf, operation, how, dtype):
    kernel = KERNEL if operation == "conv2d" else KERNEL.swapaxes(2, 3)
    record = compare_call(operation, X.astype(dtype), kernel.astype(dtype), repeat=1, **how)
    assert record, str(record)
    tensorflow = record.backends["tensorflow"]
    assert tensorflow.shape == record.shape
    assert tensorflow.max_absolute <= tensorflow.tolerance
    assert tensorflow.seconds > 0
    assert {*record.backends, *record.left_out} == {
        "tensorflow",
        "keras",
        "tensorflow GPU",
        "torch",
    }
    assert all(record.left_out.values())


def test_what_a_framework_refuses_is_left_out_with_its_reason(tf):
    record = compare_call("conv2d", X, KERNEL, stride=2, dilation=2, repeat=0)
    assert "refused" in record.left_out["keras"] or "keras" in record.backends
    record = compare_call("conv2d", X, KERNEL, padding=1, repeat=0)
    assert "pixels" in record.left_out["keras"]
    small = {"stride": 2, "padding": "same", "output_shape": (11, 13)}
    record = compare_call("conv2d_transpose", X, KERNEL.swapaxes(2, 3), repeat=0, **small)
    assert "(12, 14)" in record.left_out["keras"]


@pytest.mark.parametrize(
    ("arguments", "how", "error", "message"),
    [
        (("conv", X, KERNEL), {}, ValueError, "operation is one of"),
        (("conv2d", X, KERNEL), {"backends": ["theano"]}, ValueError, "theano"),
        (("conv2d", X[0], KERNEL), {}, ValueError, "batch, height, width, channels"),
        (("conv2d", X, KERNEL), {"output_shape": (6, 7)}, ValueError, "one legal size"),
        (("conv2d", X, KERNEL), {"stride": 1.5}, TypeError, "stride"),
        (("conv2d", X[:, :2], KERNEL), {}, ValueError, "fit"),
        (("conv2d", np.array([["a"]]), KERNEL), {}, ValueError, "shape"),
    ],
)
def test_bad_calls(arguments, how, error, message):
    with pytest.raises(error, match=message):
        compare_call(*arguments, **how)


# --------------------------------------------------------------------------------------- stored


def test_stored_results_name_the_machine_and_come_back(tmp_path):
    record = compare_call("conv2d", X, KERNEL, backends=[], repeat=0)
    about = {"gpu": "a GPU", "driver": "1.2", "tensorflow": "2.21.0", "date": "2026-01-01"}
    stored.save(tmp_path / "gpu.json", [record], about=about)
    document = stored.load(tmp_path / "gpu.json")
    assert document["machine"] == about
    assert document["comparisons"][0]["shape"] == [2, 4, 5, 4]
    assert document["comparisons"][0]["date"] == stored.today()
    (tmp_path / "else.json").write_text(json.dumps([1]))
    with pytest.raises(ValueError, match="does not hold stored comparisons"):
        stored.load(tmp_path / "else.json")


def test_the_machine_says_whether_it_has_a_gpu(tf):
    about = stored.machine()
    assert about["tensorflow"] == tf.__version__
    assert {"gpu", "driver", "date"} <= about.keys()
    if about["gpu"] is None:
        assert "no GPU was available" in about["note"]
