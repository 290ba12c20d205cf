"""One call in each framework that is installed: what it returned, how long it took, or why not."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from conv_lib.ops._arguments import Call, ConvolutionAxis


class LeftOut(Exception):
    """This framework cannot make this call here; the text says why."""


class Ran(NamedTuple):
    """A result as an array, the median time of a call in seconds, and what ran it."""

    result: np.ndarray
    seconds: float
    device: str
    version: str
    tf32: bool = False


class Asked(NamedTuple):
    """A call that conv_lib has checked, in the words that frameworks understand."""

    kind: str  # "conv" or "transpose"
    call: Call
    padding: Any
    output_shape: tuple[int, ...]  # whole, with batch and channels
    dtype: np.dtype
    repeat: int

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(axis.stride for axis in self.call.axes)

    @property
    def dilations(self) -> tuple[int, ...]:
        return tuple(axis.dilation for axis in self.call.axes)


def timed(call: Callable[[], Any], repeat: int, finish: Callable[[], Any] = lambda: None) -> tuple:
    """Return the result and the median time of `repeat` calls, after one that does not count."""
    result = call()
    finish()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = call()
        finish()
        times.append(time.perf_counter() - start)
    return result, statistics.median(times) if times else float("nan")


def tensorflow(asked: Asked, device: str = "CPU") -> Ran:
    """tf.nn.conv2d and tf.nn.conv2d_transpose."""
    tf = _imported("tensorflow")
    if device == "GPU" and not tf.config.list_physical_devices("GPU"):
        raise LeftOut("TensorFlow sees no GPU")
    padding = _tensorflow_padding(asked)
    with tf.device(device):
        x, kernel = (
            tf.constant(asked.call.x, asked.dtype),
            tf.constant(asked.call.kernel, asked.dtype),
        )
        if asked.kind == "conv":

            def run():
                return tf.nn.conv2d(x, kernel, asked.strides, padding, dilations=asked.dilations)

        else:

            def run():
                return tf.nn.conv2d_transpose(
                    x,
                    kernel,
                    asked.output_shape,
                    asked.strides,
                    padding,
                    dilations=asked.dilations,
                )

        finish = tf.test.experimental.sync_devices if device == "GPU" else lambda: None
        result, seconds = _attempt(lambda: timed(run, asked.repeat, finish))
    tf32 = device == "GPU" and tf.config.experimental.tensor_float_32_execution_enabled()
    return Ran(result.numpy(), seconds, device, f"TensorFlow {tf.__version__}", tf32)


def keras(asked: Asked) -> Ran:
    """keras.layers.Conv2D and Conv2DTranspose with the kernel as their weight, no bias."""
    tf = _imported("tensorflow")
    layers = _imported("keras").layers
    if not isinstance(asked.padding, str):
        raise LeftOut("Keras has no padding in pixels, only 'valid' and 'same'")
    if asked.call.groups > 1 and asked.kind == "transpose":
        raise LeftOut("Keras' Conv2DTranspose has no groups")
    kernel = asked.call.kernel.astype(asked.dtype)
    how = {
        "kernel_size": kernel.shape[:2],
        "strides": asked.strides,
        "dilation_rate": asked.dilations,
        "padding": asked.padding.lower(),
        "use_bias": False,
        "dtype": asked.dtype.name,
    }

    def build():
        if asked.kind == "conv":
            layer = layers.Conv2D(kernel.shape[-1], groups=asked.call.groups, **how)
        else:
            layer = layers.Conv2DTranspose(kernel.shape[-2], **how)
        x = tf.constant(asked.call.x, asked.dtype)
        layer.build(x.shape)
        layer.set_weights([kernel])
        return timed(lambda: layer(x), asked.repeat)

    with tf.device("CPU"):
        result, seconds = _attempt(build)
    result = np.asarray(result)
    if result.shape != asked.output_shape:
        raise LeftOut(f"Keras chooses the size {result.shape[1:-1]} for these settings")
    return Ran(result, seconds, "CPU", f"Keras {_imported('keras').__version__}")


def torch(asked: Asked) -> Ran:
    """torch.nn.functional with the layouts turned, padded and cropped as conv_lib would."""
    torch = _imported("torch")
    functional = torch.nn.functional
    x, kernel, axes, groups, _ = asked.call
    x = torch.tensor(np.ascontiguousarray(np.moveaxis(x, -1, 1), asked.dtype))
    how = {"stride": asked.strides, "dilation": asked.dilations, "groups": groups}
    if asked.kind == "conv":
        weights = torch.tensor(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), asked.dtype))
        pads = [side for axis in reversed(axes) for side in (axis.before, axis.after)]

        def run():
            return functional.conv2d(functional.pad(x, pads), weights, **how)

    else:
        # IOHW: torch names the channels of its transposed kernel in the order of the call.
        weights = torch.tensor(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), asked.dtype))
        if any(axis.window[1] > axis.full for axis in axes):
            raise LeftOut("zeros are appended, which PyTorch does only through output_padding")
        rows, columns = (slice(*axis.window) for axis in axes)

        def run():
            return functional.conv_transpose2d(x, weights, **how)[:, :, rows, columns]

    with torch.no_grad():
        result, seconds = _attempt(lambda: timed(run, asked.repeat))
    array = np.moveaxis(result.numpy(), 1, -1)
    return Ran(array, seconds, "CPU", f"PyTorch {torch.__version__}")


def _tensorflow_padding(asked: Asked) -> Any:
    if isinstance(asked.padding, str):
        return asked.padding.upper()
    pairs = []
    for axis in asked.call.axes:
        if isinstance(axis, ConvolutionAxis):
            pairs.append([axis.before, axis.after])
        else:
            # What the forward convolution adds is what the window crops.
            start, stop = axis.window
            pairs.append([start, max(0, axis.full - stop)])
    return [[0, 0], *pairs, [0, 0]]


def _imported(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise LeftOut(f"{name} is not installed") from None


def _attempt(run: Callable[[], Any]) -> Any:
    """Frameworks refuse with many types of error; all of them mean: not here."""
    try:
        return run()
    except Exception as error:
        line = str(error).strip().splitlines()[0] if str(error).strip() else ""
        raise LeftOut(f"refused: {type(error).__name__}: {line[:160]}") from None
