"""The backends take turns, so that whatever else the machine does slows all of them."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from conv_lib.bench.workloads import Workload

TENSORFLOW = ("tf_eager", "tf_function")


class Backends:
    """One process for each backend; use it in a `with` statement, which ends them."""

    def __init__(self, names: Sequence[str], threads: int) -> None:
        settings = (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "TF_NUM_INTRAOP_THREADS",
        )
        environment = {
            **os.environ,
            **dict.fromkeys(settings, str(threads)),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        self._processes = {
            name: subprocess.Popen(
                [sys.executable, "-m", "conv_lib.bench.worker", name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
            for name in names
        }
        self.about = {name: self._answer(name) for name in names}
        self.missing = {
            name: about["missing"] for name, about in self.about.items() if "missing" in about
        }
        self.names = [name for name in names if name not in self.missing]

    def __enter__(self) -> Backends:
        return self

    def __exit__(self, *_) -> None:
        for process in self._processes.values():
            process.stdin.close()
        for process in self._processes.values():
            process.wait()
            process.stdout.close()

    def turn(self, name: str, workload: Workload, seconds: float, *, memory: bool = False) -> dict:
        """Let one backend time one workload."""
        asked = {"workload": workload.as_dict(), "seconds": seconds, "memory": memory}
        stdin = self._processes[name].stdin
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        return self._answer(name)

    def _answer(self, name: str) -> dict:
        line = self._processes[name].stdout.readline()
        if not line:
            raise RuntimeError(
                f"The process of {name} ended without an answer. Run it to see why: "
                f"python -m conv_lib.bench.worker {name}"
            )
        return json.loads(line)


def run(
    backends: Backends,
    workloads: Iterable[Workload],
    *,
    rounds: int,
    seconds: float,
    dtype: str = "float32",
    progress: Callable[[str], None] = lambda _: None,
) -> list[dict]:
    """Time each workload in every backend, `rounds` times in turns, and compare."""
    records = []
    for workload in workloads:
        workload = replace(workload, dtype=dtype)
        turns: dict[str, list[dict]] = {name: [] for name in backends.names}
        for index in range(rounds):
            # Each round begins with another one.
            shift = index % len(backends.names)
            for name in backends.names[shift:] + backends.names[:shift]:
                progress(f"{workload.name}, round {index + 1} of {rounds}, {name}")
                turn = backends.turn(name, workload, seconds, memory=index == 0)
                turns[name].append(turn)
        records.append(record(workload, turns))
    return records


def record(workload: Workload, turns: dict[str, list[dict]]) -> dict:
    """Return what is said about one workload: times, ratios within the rounds, memory."""
    medians = {name: [turn["median"] for turn in those] for name, those in turns.items()}
    milliseconds = {name: 1e3 * statistics.median(those) for name, those in medians.items()}
    faster = min((name for name in TENSORFLOW if name in medians), key=milliseconds.get, default="")
    mine = medians["numpy"]
    to_tf, to_floor = (ratios(mine, medians.get(name)) for name in (faster, "floor"))
    return {
        "name": workload.name,
        "kind": workload.kind,
        "mflop": workload.mflop,
        "heavy": workload.heavy,
        "dtype": workload.dtype,
        "ratio_to_tf": to_tf and to_tf["median"],
        "ratio_to_floor": to_floor and to_floor["median"],
        "ratio_to_tf_spread": to_tf and [to_tf["least"], to_tf["most"]],
        "ratio_to_floor_spread": to_floor and [to_floor["least"], to_floor["most"]],
        "ratio_to": {
            name: ratios(mine, those)["median"] for name, those in medians.items() if those
        },
        "faster_tf": faster or None,
        "milliseconds": milliseconds,
        "gflop_per_second": {name: workload.mflop / ms for name, ms in milliseconds.items()},
        "extra_mib": turns["numpy"][0].get("extra_mib"),
        "peak_rss_mib": {name: those[0].get("peak_rss_mib") for name, those in turns.items()},
        "x_shape": workload.x_shape,
        "kernel_shape": workload.kernel_shape,
        "stride": workload.stride,
        "dilation": workload.dilation,
        "rounds": len(mine),
    }


def ratios(mine: Sequence[float], other: Sequence[float] | None) -> dict | None:
    """Return the median, the least and the greatest of the ratios, round by round.

    >>> ratios([2.0, 3.0, 8.0], [1.0, 1.0, 2.0])
    {'median': 3.0, 'least': 2.0, 'most': 4.0}
    """
    if not other:
        return None
    each = [a / b for a, b in zip(mine, other, strict=True)]
    return {"median": statistics.median(each), "least": min(each), "most": max(each)}


def geometric_means(records: Sequence[dict], key: str = "ratio_to_tf") -> dict[str, float]:
    """Return the geometric mean of a ratio over the heavy workloads, for each kind.

    >>> geometric_means([{"kind": "conv", "heavy": True, "ratio_to_tf": r} for r in (1.0, 4.0)])
    {'conv': 2.0}
    """
    means = {}
    for kind in ("conv", "transpose"):
        those = [r[key] for r in records if r["kind"] == kind and r["heavy"] and r.get(key)]
        if those:
            means[kind] = math.exp(statistics.fmean(map(math.log, those)))
    return means
