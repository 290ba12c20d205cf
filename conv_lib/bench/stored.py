"""Results of `python -m conv_lib.bench --json`, kept with their machine, versions, threads and date.

Those in `results/` are shown on pages as they were stored: nothing in them is edited by hand, and
what was not measured is not there. A file of your own is read, and checked, in the same way.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from conv_lib.bench.rounds import TENSORFLOW
from conv_lib.bench.worker import BACKENDS
from conv_lib.bench.workloads import Workload

RESULTS = Path(__file__).parent / "results"
_RATIOS = {"ratio_to_tf": TENSORFLOW, "ratio_to_floor": ("floor",)}


@dataclass(frozen=True)
class Result:
    """One run of the bench, as it was stored.

    Attributes
    ----------
    name : str
        That of its file.
    machine : dict
        date, cpu, cores, python, load_before, load_after.
    backends : dict
        By name: what it is and its threads, or {"missing": why}.
    workloads, growth : tuple of dict
        The records of the bench, one for each layer that was timed.
    """

    name: str
    machine: dict[str, Any]
    backends: dict[str, dict[str, Any]]
    workloads: tuple[dict[str, Any], ...]
    growth: tuple[dict[str, Any], ...]

    @property
    def dtype(self) -> str:
        return self.workloads[0]["dtype"]

    @property
    def ran(self) -> tuple[str, ...]:
        """The backends that were timed."""
        return tuple(name for name, about in self.backends.items() if "missing" not in about)

    @property
    def left_out(self) -> dict[str, str]:
        """The others, with the reason."""
        return {name: a["missing"] for name, a in self.backends.items() if "missing" in a}

    def record(self, name: str) -> dict[str, Any]:
        """Return what was measured for one layer.

        >>> load("two-cores-float32").record("conv 56x56x64->64 k3")["mflop"]
        1849.688064

        Raises
        ------
        ValueError
            When no layer has that name.
        """
        known = {record["name"]: record for record in (*self.workloads, *self.growth)}
        if name not in known:
            nearest = get_close_matches(name, known, 1, 0)[0]
            raise ValueError(f"{self.name} has no layer {name!r}. Nearest: {nearest!r}.")
        return known[name]

    def as_state(self) -> dict[str, Any]:
        """Return what a page needs to draw it, as JSON values; the numbers are the stored ones."""
        keys = ("name", "kind", "mflop", "x_shape", "kernel_shape", "stride", "dilation", "rounds")
        more = ("milliseconds", "faster_tf", "extra_mib", "ratio_to_tf", "ratio_to_floor")
        spreads = ("ratio_to_tf_spread", "ratio_to_floor_spread")

        def brief(record: dict[str, Any]) -> dict[str, Any]:
            return {key: record[key] for key in (*keys, *more, *spreads)}

        return {
            "name": self.name,
            "dtype": self.dtype,
            "machine": self.machine,
            "backends": {
                name: {key: value for key, value in about.items() if key != "process"}
                for name, about in self.backends.items()
            },
            "workloads": [brief(record) for record in self.workloads],
            "growth": [brief(record) for record in self.growth],
        }


def names() -> list[str]:
    """Return the names of the results that come with the package.

    >>> "two-cores-float32" in names()
    True
    """
    return sorted(path.stem for path in RESULTS.glob("*.json"))


def load(name: str | Path) -> Result:
    """Return a stored result: one of `names()`, or a file that the bench wrote.

    Raises
    ------
    ValueError
        When there is no such result, or when the file does not hold what the bench writes.
    """
    path = RESULTS / f"{name}.json" if str(name) in names() else Path(name)
    try:
        text = path.read_text("utf-8")
    except OSError:
        known = ", ".join(names())
        raise ValueError(f"No stored result and no file {str(name)!r}. Stored are {known}.") from None
    try:
        document = json.loads(text)
    except ValueError:
        raise ValueError(f"{path} is not JSON.") from None
    return parse(document, path.stem)


def parse(document: Any, name: str) -> Result:
    """Return what the bench wrote, checked: ValueError says what is wrong with it."""
    _that(isinstance(document, dict), name, "must be an object")
    for key, kind in (("machine", dict), ("backends", dict), ("workloads", list), ("growth", list)):
        _that(isinstance(document.get(key), kind), name, f"must have {key}")
    machine, backends = document["machine"], document["backends"]
    date = machine.get("date")
    _that(
        isinstance(date, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", date)),
        name,
        "must say when it was measured, as in '2026-11-20 21:30 UTC'",
    )
    for key in ("cpu", "python"):
        _that(isinstance(machine.get(key), str) and machine[key], name, f"must name the {key}")
    _that(_whole(machine.get("cores")), name, "must say how many cores there were")
    for backend, about in backends.items():
        _that(backend in BACKENDS and isinstance(about, dict), name, f"knows no backend {backend!r}")
        named = isinstance(about.get("name"), str) and _whole(about.get("threads"))
        _that(
            named or isinstance(about.get("missing"), str),
            name,
            f"must say for {backend} its version and threads, or why it is missing",
        )
    _that("numpy" in backends and "missing" not in backends["numpy"], name, "must hold times of conv_lib")
    _that(len(document["workloads"]) > 0, name, "must hold a workload")
    seen: set[str] = set()
    for record in (*document["workloads"], *document["growth"]):
        _check_record(record, backends, name)
        _that(record["name"] not in seen, name, f"has {record['name']!r} twice")
        seen.add(record["name"])
    dtypes = {record["dtype"] for record in (*document["workloads"], *document["growth"])}
    _that(len(dtypes) == 1, name, f"must be of one dtype, not {sorted(dtypes)}")
    growth, workloads = tuple(document["growth"]), tuple(document["workloads"])
    return Result(name, machine, backends, workloads, growth)


def workload_of(record: dict[str, Any]) -> Workload:
    """Return the layer that a record is about: its product and its bytes follow from that."""
    ins, outs = record["kernel_shape"][2:]
    return Workload(
        record["name"],
        record["kind"],
        tuple(record["x_shape"]),
        outs if record["kind"] == "conv" else ins,
        record["kernel_shape"][0],
        record["stride"],
        record["dilation"],
        record["dtype"],
    )


def _check_record(record: Any, backends: dict[str, Any], name: str) -> None:
    _that(isinstance(record, dict) and isinstance(record.get("name"), str), name, "must name each workload")
    name = f"{name}: {record['name']}"
    _that(record.get("kind") in ("conv", "transpose"), name, "must be a conv or a transpose")
    _that(record.get("dtype") in ("float32", "float64"), name, "must say its dtype")
    for key in ("x_shape", "kernel_shape"):
        shape = record.get(key)
        good = isinstance(shape, Sequence) and len(shape) == 4 and all(map(_whole, shape))
        _that(good, name, f"must have {key} of four sizes")
    for key in ("stride", "dilation", "rounds"):
        _that(_whole(record.get(key)), name, f"must have {key}")
    height, width, ins, outs = record["kernel_shape"]
    channels = ins if record["kind"] == "conv" else outs
    _that(height == width and channels == record["x_shape"][3], name, "has a kernel that does not fit its input")
    work = workload_of(record)
    _that(math.isclose(record.get("mflop", 0), work.mflop), name, f"must count {work.mflop} MFLOP")
    times = record.get("milliseconds")
    _that(isinstance(times, dict) and "numpy" in times, name, "must have milliseconds of conv_lib")
    for backend, time in times.items():
        there = "missing" not in backends.get(backend, {"missing": ""})
        _that(there, name, f"has a time of {backend}, which was not run")
        _that(_positive(time), name, f"must have positive milliseconds, not {time!r}")
        rate = record.get("gflop_per_second", {}).get(backend)
        good = _positive(rate) and math.isclose(rate, work.mflop / time, rel_tol=1e-9)
        _that(good, name, f"must have the rate of {backend}: {work.mflop / time} GFLOP/s")
    faster = min((b for b in TENSORFLOW if b in times), key=times.get, default=None)
    _that(record.get("faster_tf") == faster, name, f"must count the faster TensorFlow, {faster}")
    for key, others in _RATIOS.items():
        ratio, spread = record.get(key), record.get(f"{key}_spread")
        if not any(other in times for other in others):
            _that(ratio is None and spread is None, name, f"has a {key} without a time for it")
            continue
        good = isinstance(spread, list) and len(spread) == 2 and all(map(_positive, (ratio, *spread)))
        _that(good and spread[0] <= ratio <= spread[1], name, f"must have {key} within its spread")
    extra = record.get("extra_mib")
    _that(extra is None or (isinstance(extra, int | float) and extra >= 0), name, "must have extra_mib")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _positive(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value > 0


def _that(holds: Any, name: str, rule: str) -> None:
    if not holds:
        raise ValueError(f"A stored result of the bench {rule}. Received: {name}.")
