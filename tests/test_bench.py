"""The bench is a program: here it only has to run, on two tiny workloads. No time is asserted."""

import json
import math
import subprocess
import sys

import pytest

from conv_lib.bench import report, rounds
from conv_lib.bench.workloads import GROWTH, WORKLOADS, Workload

TINY = ["conv 5x5x1 k3", "transpose 3x3x1 k3 s2"]


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "conv_lib.bench", *arguments], capture_output=True, text=True
    )


def test_the_workloads_are_those_of_the_plan():
    assert len(WORKLOADS) == 19
    assert [w.kind for w in WORKLOADS] == ["conv"] * 9 + ["transpose"] * 10
    assert len({w.name for w in (*WORKLOADS, *GROWTH)}) == len(WORKLOADS) + len(GROWTH)
    assert sum(not w.heavy for w in WORKLOADS) == 4
    by_name = {w.name: w for w in WORKLOADS}
    assert by_name["conv 112x112x3->64 k7 s2"].output_shape == (8, 56, 56, 64)
    assert by_name["conv 112x112x3->64 k7 s2"].mflop == 2 * 8 * 56 * 56 * 7 * 7 * 3 * 64 / 1e6
    last = by_name["transpose 64x64x21->21 k16 s8"]
    assert last.output_shape == (16, 512, 512, 21)
    assert last.mflop == 2 * 16 * 64 * 64 * 16 * 16 * 21 * 21 / 1e6


def test_it_runs_and_writes_what_it_says(tmp_path):
    pytest.importorskip("matplotlib")
    files = ["--json", str(tmp_path / "bench.json"), "--plot", str(tmp_path / "bench.png")]
    only = [word for name in TINY for word in ("--only", name)]
    done = bench("--quick", *only, *files)
    assert done.returncode == 0, done.stderr
    for name in TINY:
        assert name in done.stdout
    for words in ("threads", "load average", "floor"):
        assert words in done.stdout
    assert "%]" in done.stderr  # progress
    document = json.loads((tmp_path / "bench.json").read_text())
    assert [record["name"] for record in document["workloads"]] == TINY
    for record, kind in zip(document["workloads"], ["conv", "transpose"], strict=True):
        assert record["kind"] == kind
        assert record["mflop"] < 0.01
        assert record["ratio_to_floor"] > 0
        assert record["extra_mib"] < 1
        if "tf_eager" in record["milliseconds"]:
            assert record["ratio_to_tf"] > 0
            assert record["faster_tf"] in rounds.TENSORFLOW
        else:
            assert record["ratio_to_tf"] is None
    for name, about in document["backends"].items():
        assert "missing" in about or "name" in about, name
        if name.startswith("tf") and "missing" not in about:
            assert "tf32" in about
    assert document["machine"]["cores"] >= 1
    assert (tmp_path / "bench.png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "nosuch"], "no workload has 'nosuch' in its name"),
        (["--json", "/no/such/folder/x.json"], "cannot write /no/such/folder/x.json"),
        (["--plot", "/"], "cannot write /"),
        (["--rounds", "0"], "at least 1"),
        (["--threads", "two"], "at least 1"),
        (["--dtype", "int8"], "invalid choice"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_measured(arguments, message):
    done = bench(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_list_of_names():
    done = bench("--list")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(WORKLOADS)


def turns(*medians):
    return [{"median": median, "extra_mib": 1.5} for median in medians]


def test_ratios_are_taken_within_the_rounds_and_the_faster_tensorflow_counts():
    workload = Workload("one", "conv", (8, 56, 56, 64), 64, 3)
    record = rounds.record(
        workload,
        {
            "numpy": turns(2.0, 4.0, 9.0),
            "tf_eager": turns(1.0, 2.0, 3.0),
            "tf_function": turns(5.0, 5.0, 5.0),
            "floor": turns(1.0, 1.0, 1.0),
        },
    )
    assert record["faster_tf"] == "tf_eager"
    assert record["ratio_to_tf"] == 2.0
    assert record["ratio_to_tf_spread"] == [2.0, 3.0]
    assert record["ratio_to_floor"] == 4.0
    assert math.isclose(record["mflop"], 1849.688064)
    assert record["heavy"] and record["rounds"] == 3
    assert "2.00 (2.00-3.00)" in report.table([record])
    alone = rounds.record(workload, {"numpy": turns(1.0, 1.0)})
    assert alone["ratio_to_tf"] is None
    assert " - " in report.table([alone])
    assert rounds.geometric_means([record, alone]) == {"conv": 2.0}
    assert "ms per GFLOP" in report.growth_table([record, alone])
