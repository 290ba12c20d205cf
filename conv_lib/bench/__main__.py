"""`python -m conv_lib.bench`: time conv_lib against TensorFlow and against one matrix product."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from conv_lib.bench import report
from conv_lib.bench.rounds import Backends, geometric_means, run
from conv_lib.bench.worker import BACKENDS
from conv_lib.bench.workloads import GROWTH, WORKLOADS, Workload


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m conv_lib.bench",
        description="Time conv_lib against TensorFlow on the CPU (eagerly and as a tf.function, "
        "the faster counts), against one matrix product of the same operations (the floor), and "
        "against TensorFlow on a GPU and PyTorch where there are such. Each backend runs in a "
        "process of its own; they take turns.",
    )
    parser.add_argument("--json", type=_writable, metavar="FILE", help="write all numbers there")
    parser.add_argument(
        "--plot", type=_writable, metavar="FILE", help="draw them: .png, .svg, .pdf"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one short round and no growth: does it run?"
    )
    parser.add_argument("--rounds", type=_positive, default=5, help="rounds of turns (default 5)")
    parser.add_argument(
        "--threads", type=_positive, default=_cores(), help="for BLAS and TensorFlow (all cores)"
    )
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="workloads with this in their name"
    )
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--list", action="store_true", help="name the workloads and stop")
    chosen = parser.parse_args(arguments)
    if chosen.list:
        print("\n".join(f"{w.name:32}{w.mflop:12.3f} MFLOP" for w in WORKLOADS))
        return 0
    if chosen.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install matplotlib")
    try:
        workloads = _named(chosen.only)
    except ValueError as error:
        parser.error(str(error))
    growth = [] if chosen.quick or chosen.only else GROWTH
    rounds, seconds = (1, 0.02) if chosen.quick else (chosen.rounds, 0.15)
    some = ["numpy", "tf_eager"]

    machine = _machine()
    with Backends(list(BACKENDS), chosen.threads) as backends:
        print(report.about(machine, backends.about), end="\n\n", flush=True)
        turns = rounds * (len(workloads) * len(backends.names) + len(growth) * len(some))
        progress = Progress(turns)
        how = {"rounds": rounds, "seconds": seconds, "dtype": chosen.dtype, "progress": progress}
        records = run(backends, workloads, **how)
        backends.names = [name for name in some if name in backends.names]
        grown = run(backends, growth, **how)
        progress.done()
        about = backends.about
    machine["load_after"] = _load()

    print(report.table(records))
    if grown:
        print("\n" + report.growth_table(grown))
    print(f"\nload average before {machine['load_before']}, after {machine['load_after']}")
    if chosen.json:
        means = {key: geometric_means(records, key) for key in ("ratio_to_tf", "ratio_to_floor")}
        document = {
            "machine": machine,
            "backends": about,
            "geometric_means": means,
            "workloads": records,
            "growth": grown,
        }
        report.write_json(chosen.json, document)
    if chosen.plot:
        report.plot(chosen.plot, records, grown)
    return 0


class Progress:
    """One line on standard error, rewritten for each turn; lines of their own in a log."""

    def __init__(self, turns: int) -> None:
        self.turns, self.turn = turns, 0
        self.live = sys.stderr.isatty()
        self.last = ""

    def __call__(self, what: str) -> None:
        share = self.turn / self.turns
        self.turn += 1
        if self.live:
            bar = "#" * round(20 * share)
            print(f"\r[{bar:20}] {share:4.0%}  {what:64}", end="", file=sys.stderr, flush=True)
        else:
            workload = what.split(",")[0]
            if workload != self.last:
                print(f"[{share:4.0%}] {workload}", file=sys.stderr, flush=True)
                self.last = workload

    def done(self) -> None:
        if self.live:
            print(f"\r{'':96}\r", end="", file=sys.stderr, flush=True)


def _named(parts: Sequence[str] | None) -> list[Workload]:
    if not parts:
        return list(WORKLOADS)
    for part in parts:
        if not any(part in workload.name for workload in WORKLOADS):
            names = "\n  ".join(workload.name for workload in WORKLOADS)
            raise ValueError(f"no workload has {part!r} in its name. There are:\n  {names}")
    return [workload for workload in WORKLOADS if any(part in workload.name for part in parts)]


def _writable(path: str) -> Path:
    """Find out now, not after minutes of measuring, that a file cannot be written."""
    file = Path(path)
    existed = file.exists()
    try:
        with file.open("a"):
            pass
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot write {path}: {error.strerror}") from None
    if not existed:
        file.unlink()
    return file


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be an integer of at least 1, not {text!r}")
    return number


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> str:
    return (
        "/".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else ""
    )


def _machine() -> dict:
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model,
        "cores": _cores(),
        "python": platform.python_version(),
        "load_before": _load(),
    }


if __name__ == "__main__":
    sys.exit(main())
