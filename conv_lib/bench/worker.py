"""One backend in a process of its own: `python -m conv_lib.bench.worker BACKEND`.

It reads one workload as a line of JSON, times it for a moment, and answers with a line of JSON.
Between its turns it sleeps on its standard input, so that it takes no time from the others.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from conv_lib.bench.workloads import Workload

Prepared = Callable[[], Any]


def main(backend: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what frameworks print must not stand between the answers
    prepare, about = BACKENDS[backend]()
    _say(answers, about)
    last, call = None, None
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["workload"] != last:
            call = None  # frees the arrays of the workload before
            last = asked["workload"]
            settings = {**last, "x_shape": tuple(last["x_shape"])}
            call = prepare(Workload(**settings))
            call()
        _say(answers, measure(call, asked["seconds"], memory=asked.get("memory", False)))


def measure(call: Prepared, seconds: float, *, memory: bool = False) -> dict:
    """Return the median, the best and the number of calls within about `seconds`."""
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
        tracemalloc.start()
        result = call()
        record["extra_mib"] = (tracemalloc.get_traced_memory()[1] - result.nbytes) / 2**20
        tracemalloc.stop()
    return record


def random_arrays(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Return the same input and kernel in every backend."""
    rng = np.random.default_rng(0)
    shapes = workload.x_shape, workload.kernel_shape
    return tuple(rng.standard_normal(shape, "float32").astype(workload.dtype) for shape in shapes)


def numpy_backend():
    from conv_lib import conv2d, conv2d_transpose

    def prepare(workload: Workload) -> Prepared:
        x, kernel = random_arrays(workload)
        operation = conv2d if workload.kind == "conv" else conv2d_transpose
        how = {"stride": workload.stride, "padding": "same", "dilation": workload.dilation}
        return lambda: operation(x, kernel, **how)

    return prepare, {"name": f"NumPy {np.__version__}", "threads": blas_threads()}


def floor_backend():
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
            return result

        return product

    return prepare, {"name": "one matrix product", "threads": blas_threads()}


def tensorflow_backend(*, function: bool, device: str = "CPU"):
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")
    threads = int(os.environ["TF_NUM_INTRAOP_THREADS"])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    gpus = tf.config.list_physical_devices("GPU")
    if device == "CPU":
        tf.config.set_visible_devices([], "GPU")
    elif not gpus:
        return None, {"missing": "TensorFlow sees no GPU"}

    def prepare(workload: Workload) -> Prepared:
        with tf.device(device):
            x, kernel = (tf.constant(array) for array in random_arrays(workload))

        def operation(x, kernel):
            if workload.kind == "conv":
                return tf.nn.conv2d(x, kernel, workload.stride, "SAME", dilations=workload.dilation)
            return tf.nn.conv2d_transpose(x, kernel, workload.output_shape, workload.stride, "SAME")

        if function:
            operation = tf.function(operation)

        def call():
            with tf.device(device):
                result = operation(x, kernel)
            if device == "GPU":
                # The call returns before the device has finished: wait for one number.
                tf.experimental.sync_devices()
            return result

        if device == "CPU":
            return lambda: operation(x, kernel)
        return call

    about = {
        "name": f"TensorFlow {tf.__version__} {device}",
        "threads": threads,
        "tf32": tf.config.experimental.tensor_float_32_execution_enabled(),
    }
    if device == "GPU":
        about["device"] = tf.config.experimental.get_device_details(gpus[0]).get("device_name")
    return prepare, about


BACKENDS = {
    "numpy": numpy_backend,
    "floor": floor_backend,
    "tf_eager": lambda: tensorflow_backend(function=False),
    "tf_function": lambda: tensorflow_backend(function=True),
    "tf_gpu": lambda: tensorflow_backend(function=True, device="GPU"),
}


def blas_threads() -> int:
    return int(os.environ["OPENBLAS_NUM_THREADS"])


def _say(answers, record: dict) -> None:
    answers.write(json.dumps(record) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
