"""Stored results of the bench: what ships is whole and honest, and what is not is refused with its reason."""

from __future__ import annotations

import copy
import json
import time

import numpy as np
import pytest

from benchplot_cases import document
from conv_lib import agreement, conv2d
from conv_lib.bench import fair, stored, strategies
from conv_lib.bench.workloads import GROWTH, WORKLOADS
from conv_lib.compare.tf32 import to_tf32


@pytest.mark.parametrize("name", stored.names())
def test_what_ships_is_the_whole_bench(name) -> None:
    result = stored.load(name)
    assert [record["name"] for record in result.workloads] == [work.name for work in WORKLOADS]
    assert [record["name"] for record in result.growth] == [work.name for work in GROWTH]
    assert {"numpy", "floor", "tf_eager", "tf_function"} <= set(result.ran)
    for record in (*result.workloads, *result.growth):
        work = stored.workload_of(record)
        assert list(work.x_shape) == record["x_shape"] and list(work.kernel_shape) == record["kernel_shape"]
        for backend, ms in record["milliseconds"].items():
            assert record["gflop_per_second"][backend] == pytest.approx(record["mflop"] / ms)
    # No GPU was lent when these were measured: none may appear from nowhere.
    assert ("tf_gpu" in result.ran) == ("device" in result.backends["tf_gpu"])
    assert set(result.ran) | set(result.left_out) == set(result.backends)


def test_two_runs_and_two_dtypes_are_there() -> None:
    dtypes = [stored.load(name).dtype for name in stored.names()]
    assert dtypes.count("float32") >= 2 and "float64" in dtypes


def spoilt(change) -> dict:
    one = copy.deepcopy(document())
    change(one)
    return one


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda d: d.pop("machine"), "machine"),
        (lambda d: d.pop("growth"), "growth"),
        (lambda d: d.update(workloads=[]), "a workload"),
        (lambda d: d["machine"].update(date="yesterday"), "when it was measured"),
        (lambda d: d["machine"].pop("cpu"), "name the cpu"),
        (lambda d: d["machine"].update(cores=0), "cores"),
        (lambda d: d["backends"].update(abacus={"name": "abacus", "threads": 1}), "no backend 'abacus'"),
        (lambda d: d["backends"]["floor"].pop("threads"), "threads, or why it is missing"),
        (lambda d: d["backends"].update(numpy={"missing": "lost"}), "times of conv_lib"),
        (lambda d: d["backends"].update(tf_gpu={"missing": "none"}), "tf_gpu, which was not run"),
        (lambda d: d["workloads"].append(d["workloads"][0]), "twice"),
        (lambda d: d["workloads"][0].update(kind="dense"), "conv or a transpose"),
        (lambda d: d["workloads"][0].update(mflop=1), "MFLOP"),
        (lambda d: d["workloads"][0].update(x_shape=[1, 2, 3]), "x_shape of four sizes"),
        (lambda d: d["workloads"][0].update(kernel_shape=[1, 2, 3, 4]), "does not fit"),
        (lambda d: d["workloads"][0].update(stride=0), "stride"),
        (lambda d: d["workloads"][0]["milliseconds"].update(numpy=-1), "positive milliseconds"),
        (lambda d: d["workloads"][0]["milliseconds"].update(numpy=float("nan")), "positive milliseconds"),
        (lambda d: d["workloads"][0]["milliseconds"].pop("numpy"), "milliseconds of conv_lib"),
        (lambda d: d["workloads"][0]["gflop_per_second"].update(floor=3), "rate of floor"),
        (lambda d: d["workloads"][0].update(ratio_to_tf=1e9), "within its spread"),
        (lambda d: d["workloads"][0].update(ratio_to_floor=None), "within its spread"),
        (lambda d: d["workloads"][0].update(faster_tf="torch"), "faster TensorFlow"),
        (lambda d: d["workloads"][0].update(dtype="float16"), "dtype"),
        (lambda d: d["workloads"][0].update(extra_mib=-1), "extra_mib"),
        (lambda d: d["workloads"].append("text"), "name each workload"),
    ],
)
def test_a_spoilt_result_is_refused(change, words) -> None:
    stored.parse(document(), "good")
    with pytest.raises(ValueError, match=words):
        stored.parse(spoilt(change), "bad")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"machine": 1}'])
def test_a_file_that_holds_something_else(tmp_path, text) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="odd|must"):
        stored.load(file)


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(ValueError, match="two-cores-float32"):
        stored.load("my-machine")
    with pytest.raises(ValueError, match="Nearest: 'conv 5x5x1 k3'"):
        stored.load("two-cores-float32").record("conv 5x5")


def test_written_and_read_again(tmp_path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(document()))
    assert stored.load(file).as_state() == stored.parse(document(), "mine").as_state()


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("way", [strategies.by_taps, strategies.by_windows, strategies.by_im2col])
def test_the_steps_give_the_same_numbers(way, stride) -> None:
    rng = np.random.default_rng(stride)
    for shape, kernel in [((2, 7, 9, 3), (3, 4, 3, 5)), ((1, 4, 5, 1), (4, 5, 1, 2)), ((3, 8, 6, 2), (1, 1, 2, 7))]:
        x, w = rng.normal(size=shape), rng.normal(size=kernel)
        assert agreement(way(x, w, stride), conv2d(x, w, stride=stride))


def test_the_clock_takes_turns_and_warms_up() -> None:
    calls = []
    ms = fair.median_ms({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, seconds=0.001)
    assert calls[:2] == ["a", "b"] and set(ms) == {"a", "b"} and min(ms.values()) >= 0
    assert calls.count("a") >= 3 and calls[-1] == "a"  # the second round begins with b


def test_the_processor_clock_leaves_out_waiting() -> None:
    nap = {"nap": lambda: time.sleep(0.02)}
    assert fair.median_ms(nap, rounds=2)["nap"] >= 20
    assert fair.median_ms(nap, rounds=2, clock=time.process_time)["nap"] < 5


def test_memory_does_not_count_the_result() -> None:
    x = np.ones(2**18)
    assert fair.extra_mib(lambda: x + 1) < 0.1
    assert 1.9 < fair.extra_mib(lambda: (x + 1).sum()) < 2.2


def test_tf32_rounds_to_eleven_bits() -> None:
    rng = np.random.default_rng(0)
    x = (rng.normal(size=20_000) * 10.0 ** rng.integers(-30, 30, 20_000)).astype(np.float32)
    for rounding, bound in (("nearest", 2.0**-11), ("truncate", 2.0**-10)):
        y = to_tf32(x, rounding=rounding)
        assert y.dtype == np.float32 and not np.any(y.view(np.uint32) & 0x1FFF)
        assert np.max(np.abs(y.astype(float) - x) / np.abs(x)) <= bound
        assert np.array_equal(to_tf32(y, rounding=rounding), y)
        assert np.array_equal(to_tf32(-x, rounding=rounding), -y)
    # By hand with frexp, in float64: the nearest number with 11 bits; ties go away from zero.
    mantissa, exponent = np.frexp(x.astype(float))
    nearest = np.ldexp(np.copysign(np.floor(np.abs(mantissa) * 2**11 + 0.5), x) / 2**11, exponent)
    assert np.array_equal(to_tf32(x), nearest.astype(np.float32))
    assert to_tf32([1 + 2**-11])[0] == 1 + 2**-10 and to_tf32([1 + 2**-11], rounding="truncate")[0] == 1


def test_tf32_leaves_what_is_not_finite_and_checks_what_it_gets() -> None:
    odd = to_tf32([np.inf, -np.inf, np.nan, 0.0, -0.0])
    assert np.array_equal(odd[:2], [np.inf, -np.inf]) and np.isnan(odd[2]) and np.signbit(odd[4])
    assert to_tf32(3).shape == () and to_tf32(np.ones((2, 0))).shape == (2, 0)
    x = np.ones((3, 4), np.float32)[:, ::2]
    assert to_tf32(x).shape == (3, 2)
    with pytest.raises(TypeError, match="complex"):
        to_tf32([1j])
    with pytest.raises(TypeError):
        to_tf32(["a"])
    with pytest.raises(ValueError, match="truncate"):
        to_tf32([1.0], rounding="up")
