"""One backend in a process of its own: `python -m conv_lib.bench.worker BACKEND`.

It reads one workload as a line of JSON, times it for a moment, and answers with a line of JSON.
Between its turns it sleeps on its standard input, so that it takes no time from the others.
Inputs are the backend's own tensors before the clock starts, and results stay where they are.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from conv_lib import shapes
from conv_lib.bench.workloads import Workload

Prepared = Callable[[], Any]
Backend = tuple[Callable[[Workload], Prepared], dict]


def main(backend: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what frameworks print must not stand between the answers
    try:
        prepare, about = BACKENDS[backend]()
    except ImportError as error:
        _say(answers, {"missing": f"not installed ({error})"})
        return
    except Missing as error:
        _say(answers, {"missing": str(error)})
        return
    _say(answers, {**about, "process": os.getpid()})
    last, call = None, None
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["workload"] != last:
            call = None  # frees the arrays of the workload before
            last = asked["workload"]
            call = prepare(Workload(**{**last, "x_shape": tuple(last["x_shape"])}))
            call()
        times = measure(call, asked["seconds"], memory=asked["memory"])
        time.sleep(0.05)  # the threads of BLAS and TensorFlow spin for a while before they sleep
        _say(answers, times)


class Missing(Exception):
    """What a backend needs is not on this machine."""


def measure(call: Prepared, seconds: float, *, memory: bool = False) -> dict:
    """Time calls for about `seconds`, at least three, after two that do not count."""
    call()
    call()
    times = []
    stop = time.perf_counter() + seconds
    while len(times) < 3 or (time.perf_counter() < stop and len(times) < 2000):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    record = {"median": statistics.median(times), "best": min(times), "calls": len(times)}
    if memory:
        record["peak_rss_mib"] = peak_memory(call)
        # Only NumPy reports its arrays to Python; the result itself is not counted.
        tracemalloc.start()
        result = call()
        if isinstance(result, np.ndarray):
            record["extra_mib"] = (tracemalloc.get_traced_memory()[1] - result.nbytes) / 2**20
        tracemalloc.stop()
    return record


def peak_memory(call: Prepared) -> float | None:
    """Return the peak of this process during a call, program and inputs included; Linux only."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        call()
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def random_arrays(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Return the input and the kernel, the same in every backend."""
    rng = np.random.default_rng(0)
    sizes = workload.x_shape, workload.kernel_shape
    return tuple(rng.standard_normal(size, "float32").astype(workload.dtype) for size in sizes)


def numpy_backend() -> Backend:
    """conv_lib itself."""
    from conv_lib import conv2d, conv2d_transpose
    from conv_lib.ops import _threads

    def prepare(workload: Workload) -> Prepared:
        x, kernel = random_arrays(workload)
        operation = conv2d if workload.kind == "conv" else conv2d_transpose
        how = {"stride": workload.stride, "padding": "same", "dilation": workload.dilation}
        return lambda: operation(x, kernel, **how)

    about = {"name": f"conv_lib on NumPy {np.__version__}", **blas()}
    return prepare, {**about, "python_threads": _threads.available()}


def floor_backend() -> Backend:
    """One matrix product with the same multiplications; in pieces where it would be huge."""

    def prepare(workload: Workload) -> Prepared:
        rows, inner, columns = workload.product
        step = min(rows, max(1, 2**25 // (inner + columns)))
        left = np.ones((step, inner), workload.dtype)
        right = np.ones((inner, columns), workload.dtype)
        result = np.empty((step, columns), workload.dtype)

        def product():
            for start in range(0, rows, step):
                count = min(step, rows - start)
                np.matmul(left[:count], right, out=result[:count])

        return product

    return prepare, {"name": f"one matrix product, NumPy {np.__version__}", **blas()}


def tensorflow_backend(*, function: bool, device: str = "CPU") -> Backend:
    """tf.nn, called eagerly or as a tf.function."""
    import tensorflow as tf

    threads = int(os.environ["TF_NUM_INTRAOP_THREADS"])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    gpus = tf.config.list_physical_devices("GPU")
    if device == "CPU":
        tf.config.set_visible_devices([], "GPU")
    elif not gpus:
        raise Missing("TensorFlow sees no GPU")

    def prepare(workload: Workload) -> Prepared:
        stride, dilation, output = workload.stride, workload.dilation, workload.output_shape
        with tf.device(device):
            x, kernel = (tf.constant(array) for array in random_arrays(workload))

        def operation(x, kernel):
            if workload.kind == "conv":
                return tf.nn.conv2d(x, kernel, stride, "SAME", dilations=dilation)
            return tf.nn.conv2d_transpose(x, kernel, output, stride, "SAME")

        if function:
            operation = tf.function(operation)
        if device == "CPU":
            return lambda: operation(x, kernel)

        def call_and_wait():
            result = operation(x, kernel)
            tf.test.experimental.sync_devices()  # a GPU answers before it has finished
            return result

        return call_and_wait

    about = {
        "name": f"TensorFlow {tf.__version__} {device}, {'tf.function' if function else 'eager'}",
        "threads": threads,
        "tf32": tf.config.experimental.tensor_float_32_execution_enabled(),
    }
    if device == "GPU":
        details = tf.config.experimental.get_device_details(gpus[0])
        about["device"] = details.get("device_name")
    return prepare, about


def torch_backend() -> Backend:
    """torch.nn.functional on the CPU, channels first as PyTorch wants them."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.set_grad_enabled(False)

    def prepare(workload: Workload) -> Prepared:
        x, kernel = random_arrays(workload)
        x = torch.tensor(np.ascontiguousarray(np.moveaxis(x, -1, 1)))
        kernel = torch.tensor(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
        how = {"stride": workload.stride, "dilation": workload.dilation}
        if workload.kind == "conv":
            pads = [
                shapes.same_padding(size, workload.size, **how) for size in workload.x_shape[1:3]
            ]
            pads = [*pads[1], *pads[0]]
            return lambda: functional.conv2d(functional.pad(x, pads), kernel, **how)
        windows = [
            slice(*shapes.transposed_window(size, workload.size, output, padding="same", **how))
            for size, output in zip(workload.x_shape[1:3], workload.output_shape[1:3], strict=True)
        ]
        return lambda: functional.conv_transpose2d(x, kernel, **how)[:, :, windows[0], windows[1]]

    return prepare, {"name": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads()}


BACKENDS: dict[str, Callable[[], Backend]] = {
    "numpy": numpy_backend,
    "floor": floor_backend,
    "tf_eager": lambda: tensorflow_backend(function=False),
    "tf_function": lambda: tensorflow_backend(function=True),
    "tf_gpu": lambda: tensorflow_backend(function=True, device="GPU"),
    "torch": torch_backend,
}


def blas() -> dict:
    """Return the threads that BLAS was told to use, and what threadpoolctl knows about it."""
    about = {"threads": int(os.environ["OPENBLAS_NUM_THREADS"])}
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return {**about, "threadpoolctl": "not installed: one thread of Python"}
    for library in threadpool_info():
        if library["user_api"] == "blas":
            keys = ("internal_api", "version", "architecture")
            about["blas"] = " ".join(str(library.get(key)) for key in keys)
    return about


def _say(answers, record: dict) -> None:
    answers.write(json.dumps(record) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
