"""Case vectors of the bench's plots: what conv_lib.bench says about each stored layer, and about made-up ones."""

from __future__ import annotations

import copy
import random
from typing import Any

from conv_lib.bench import stored
from conv_lib.bench.workloads import Workload
from conv_lib.figures.bench import QUANTITIES, bench_value, short_name


def record(work: Workload, times: dict[str, float]) -> dict[str, Any]:
    """A record as the bench writes it, with made-up times: for tests only."""
    tf = [name for name in ("tf_eager", "tf_function") if name in times]
    faster = min(tf, key=times.get, default=None)
    ratios: dict[str, Any] = {}
    for key, other in (("ratio_to_tf", faster), ("ratio_to_floor", "floor" if "floor" in times else None)):
        ratio = times["numpy"] / times[other] if other else None
        ratios |= {key: ratio, f"{key}_spread": ratio and [ratio / 1.5, ratio * 1.25]}
    return {
        "name": work.name, "kind": work.kind, "mflop": work.mflop, "heavy": work.heavy, "dtype": work.dtype,
        "milliseconds": times, "gflop_per_second": {name: work.mflop / ms for name, ms in times.items()},
        "faster_tf": faster, "extra_mib": 8.5, "x_shape": list(work.x_shape), "kernel_shape": list(work.kernel_shape),
        "stride": work.stride, "dilation": work.dilation, "rounds": 5, **ratios,
    }  # fmt: skip


def document(*, gpu: bool = True, dtype: str = "float32", layers: int = 3) -> dict[str, Any]:
    """What the bench would write, with made-up numbers: for tests only, never stored."""
    rng = random.Random(layers)
    cpu = ("numpy", "floor", "tf_eager", "tf_function")
    backends = {name: {"name": f"made-up {name}", "threads": 3} for name in cpu}
    backends["tf_gpu"] = (
        {"name": "made-up tf_gpu", "threads": 3, "device": "made-up device", "tf32": True}
        if gpu
        else {"missing": "TensorFlow sees no GPU"}
    )
    backends["torch"] = {"missing": "not installed"}
    ran = [name for name, about in backends.items() if "missing" not in about]
    works = []
    for index in range(layers):
        kind, stride = rng.choice(["conv", "transpose"]), rng.randint(1, 4)
        shape = (rng.randint(1, 9), rng.randint(3, 60), rng.randint(3, 60), rng.randint(1, 99))
        dilation = rng.randint(1, 2) if kind == "conv" else 1
        size, filters = rng.randint(1, 7), rng.randint(1, 99)
        works.append(Workload(f"{kind} layer {index}", kind, shape, filters, size, stride, dilation, dtype))
    records = [record(work, {name: rng.uniform(0.01, 50) for name in ran}) for work in works]
    machine = {"date": "2001-02-03 04:05 UTC", "cpu": "made-up", "cores": 3, "python": "3.0"}
    return {"machine": machine, "backends": backends, "workloads": records, "growth": []}


def cases() -> list[dict[str, Any]]:
    """Every stored layer, and made-up ones of all kinds, with what Python says about them."""
    results = [stored.load(name) for name in stored.names()]
    results += [stored.parse(document(layers=60, dtype=dtype), f"made-{dtype}") for dtype in ("float32", "float64")]
    found = []
    for result in results:
        state = copy.deepcopy(result.as_state())
        for layer in (*state["workloads"], *state["growth"]):
            work = stored.workload_of({**layer, "dtype": result.dtype})
            values = {
                f"{quantity} {backend}": bench_value(layer, quantity, backend)
                for quantity in QUANTITIES
                for backend in ("numpy", "tf", "floor", "tf_gpu", "torch")
            }
            found.append({
                "layer": layer, "dtype": result.dtype, "output": work.output_shape, "product": work.product,
                "bytes": work.least_bytes, "copied": work.copied_bytes, "perByte": work.operations_per_byte,
                "short": short_name(layer), "values": values,
            })  # fmt: skip
    return found
