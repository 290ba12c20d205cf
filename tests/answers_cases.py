"""The numbers in the worked answers to public questions, each computed in another way than `conv_lib.answers` does.

A row: the id of the question, the numbers that the index must say, and a function that finds the same numbers by
counting windows and stamps in plain loops, with NumPy and SciPy-like sums, or by running TensorFlow and Keras.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil

import numpy as np

# ---------------------------------------------------------------- by counting


def windows(size: int, kernel: int, stride: int = 1, pads: Sequence[int] = (0, 0), dilation: int = 1) -> int:
    """How many windows lie inside the padded row."""
    return sum(
        all(-pads[0] <= start + tap * dilation < size + pads[1] for tap in range(kernel))
        for start in range(-pads[0], size + pads[1], stride)
    )


def same_pads(size: int, kernel: int, stride: int = 1) -> tuple[int, int]:
    """The fewest zeros, an odd one after, that let ceil(size / stride) windows stand."""
    for total in itertools.count():
        pads = (total // 2, total - total // 2)
        if windows(size, kernel, stride, pads) >= ceil(size / stride):
            return pads
    raise AssertionError


def same(size: int, kernel: int, stride: int = 1) -> int:
    return windows(size, kernel, stride, same_pads(size, kernel, stride))


def legal(size: int, kernel: int, stride: int, padding: str) -> list[int]:
    """The sizes that the convolution takes to `size`, by trying all."""
    back = same if padding == "same" else windows
    return [n for n in range(1, size * stride + kernel + stride) if n >= 1 and back(n, kernel, stride) == size]


def stamped(x: Sequence[float], kernel: Sequence[float], stride: int = 1) -> np.ndarray:
    """Stamps added up, in loops."""
    full = np.zeros((len(x) - 1) * stride + len(kernel))
    for i, j in itertools.product(range(len(x)), range(len(kernel))):
        full[i * stride + j] += x[i] * kernel[j]
    return full


def stamped2(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    full = np.zeros([(n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True)])
    for i, j in np.ndindex(*x.shape):
        full[i * stride : i * stride + kernel.shape[0], j * stride : j * stride + kernel.shape[1]] += x[i, j] * kernel
    return full


def torch_size(size: int, kernel: int, stride: int = 1, padding: int = 0, extra: int = 0) -> int:
    """Of a stamped row, cropped as PyTorch says."""
    return len(stamped([1] * size, [1] * kernel, stride)) - padding - (padding - extra)


def covered(kernel: int, stride: int = 2) -> list[int]:
    """How many stamps reach the outputs of one period in the middle, in an image."""
    counts = stamped2(np.ones((12, 12)), np.ones((kernel, kernel)), stride)
    return sorted({int(v) for v in counts[12 : 12 + stride, 12 : 12 + stride].ravel()})


def halved(size: int, times: int, up: bool = False) -> list[int]:
    sizes = [size]
    for _ in range(times):
        sizes.append(-(-sizes[-1] // 2) if up else sizes[-1] // 2)
    return sizes


def bilinear(factor: int) -> np.ndarray:
    """The tent that interpolates, from its definition."""
    size = 2 * factor - factor % 2
    centre = (size - 1) / 2
    line = 1 - np.abs(np.arange(size) - centre) / factor
    return np.outer(line, line)


# ---------------------------------------------------------------- by running


def keras_size(size: Sequence[int], kernel: int, **settings) -> list[int]:
    import keras

    x = np.ones((1, *size, 1), "float32")
    return [int(n) for n in keras.layers.Conv2DTranspose(1, kernel, **settings)(x).shape[1:3]]


def tf_takes(size: Sequence[int], kernel: int, stride: int, padding: str, wanted: Sequence[int]) -> bool:
    """Whether tf.nn.conv2d_transpose gives that output shape."""
    import tensorflow as tf

    x, w = tf.ones((1, *size, 1)), tf.ones((kernel, kernel, 1, 1))
    try:
        return tf.nn.conv2d_transpose(x, w, (1, *wanted, 1), stride, padding).shape[1:3] == tuple(wanted)
    except (tf.errors.OpError, ValueError):  # oneDNN aborts where others call the argument invalid
        return False


def tf_range(size: int, kernel: int, stride: int, padding: str, upto: int) -> list[int]:
    return [n for n in range(1, upto) if tf_takes((size, size), kernel, stride, padding, (n, n))]


def tf_unknown_batch() -> list[int]:
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([None, 20, 20, 8])])
    def layer(x):
        y = tf.nn.conv2d_transpose(x, tf.ones((5, 5, 32, 8)), tf.stack([tf.shape(x)[0], 40, 40, 32]), 2, "SAME")
        assert y.shape[1] is None or y.shape[1] == 40
        y.set_shape([None, 40, 40, 32])
        assert y.shape[3] == 32
        return y

    return list(layer(tf.ones((3, 20, 20, 8))).shape[1:])


def tf_crop() -> list[int]:
    """Where in the 496 wide `SAME` result the 489 wide one lies."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(1, 1, 62, 1)), tf.float32)
    w = tf.constant(rng.normal(size=(1, 16, 1, 1)), tf.float32)
    small, large = (tf.nn.conv2d_transpose(x, w, (1, 1, n, 1), (1, 8), "SAME").numpy().ravel() for n in (489, 496))
    starts = [i for i in range(8) if np.allclose(large[i : i + 489], small, atol=1e-5)]
    return [*starts, starts[0] + 488]


def vgg(separable: bool) -> float:
    """Millions of multiply-adds of VGG16's 13 convolutions."""
    layers = [(224, 3, 64), (224, 64, 64), (112, 64, 128), (112, 128, 128), (56, 128, 256)] + [(56, 256, 256)] * 2
    layers += [(28, 256, 512), (28, 512, 512), (28, 512, 512)] + [(14, 512, 512)] * 3
    return sum(n * n * (9 * a + a * b if separable else 9 * a * b) for n, a, b in layers) / 1e6


def circular() -> bool:
    """The recipe, in loops, against the matrix of the circular strided convolution, transposed."""
    n, k, s, p, a = 6, 3, 2, 1, 2
    rng = np.random.default_rng(0)
    x, w = rng.integers(-5, 6, n), rng.integers(-5, 6, k)
    matrix = np.zeros((n, s * n))
    for i, j in itertools.product(range(n), range(k)):
        matrix[i, (i * s + j - p) % (s * n)] += w[j]
    wide = np.concatenate([x[-a:], x, x[:a]])
    return np.array_equal(stamped(wide, w, s)[a * s + p : a * s + p + s * n], matrix.T @ x)


def flat(x: np.ndarray) -> list[int]:
    return [int(v) for v in np.ravel(x)]


def gathered2(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    out = np.zeros([n - k + 1 for n, k in zip(x.shape, kernel.shape, strict=True)])
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (x[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return out


def transpose_as_conv() -> list[int]:
    """5 - 1 - 2, if sliding the turned kernel with that padding equals the cropped stamps."""
    rng = np.random.default_rng(0)
    x, w = rng.integers(-5, 6, (6, 7)), rng.integers(-5, 6, (5, 5))
    pad = 5 - 1 - 2
    assert np.array_equal(gathered2(np.pad(x, pad), w[::-1, ::-1]), stamped2(x, w)[2:-2, 2:-2])
    assert not np.array_equal(gathered2(np.pad(x, pad), w), stamped2(x, w)[2:-2, 2:-2])
    return [pad]


def dcgan() -> list[int]:
    short, sizes = halved(32, 4), [torch_size(32, 1, 2, 1)]
    for _ in range(4):
        sizes.append(windows(sizes[-1], 4, 2, (1, 1)))
    side = windows(sizes[-1], 2)
    return [*short, *sizes, side, side * side, 64 * side * side]


def onnx_same() -> list[int]:
    full = stamped2(np.array([[2, 3], [4, 5]]), np.arange(2, 11).reshape(3, 3))
    return [2, *full.shape[:1], *flat(full[1:-1, 1:-1])]


def audio(stride: int, length: int, extra: int = 0) -> int:
    return torch_size(length, 2 * stride, stride, ceil(stride / 2), extra)


def refused(name: str) -> bool:
    """What today's frameworks refuse, by trying it."""
    import keras
    import tensorflow as tf

    try:
        if name == "stride and dilation":
            keras.layers.Conv1DTranspose(1, 3, strides=2, dilation_rate=2, padding="same")(np.ones((1, 5, 1)))
        elif name == "output_padding 8":
            keras.layers.Conv2DTranspose(1, 16, strides=8, padding="same", output_padding=8)(np.ones((1, 4, 4, 1)))
    except (ValueError, tf.errors.InvalidArgumentError):
        return True
    return False


WITHOUT_ONEDNN = """
import tensorflow as tf
try:
    tf.nn.conv2d_transpose(tf.ones((1, 7, 7, 1)), tf.ones((3, 3, 1, 1)), (1, 16, 16, 1), 1, "SAME")
except tf.errors.InvalidArgumentError as error:
    print(error)
try:
    tf.nn.conv2d_transpose(tf.ones((2, 7, 7, 4)), tf.ones((3, 3, 1, 4)), [-1, 28, 28, 1], 4, "SAME")
except tf.errors.InvalidArgumentError as error:
    print(error)
"""


@lru_cache
def without_onednn() -> str:
    """What TensorFlow's own kernels say; oneDNN's run with -1, and name no numbers for a size."""
    run = [sys.executable, "-c", WITHOUT_ONEDNN]
    return subprocess.run(run, capture_output=True, text=True, env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"}).stdout


def computed_and_actual() -> list[int]:
    """The two numbers, out of TensorFlow's own message."""
    found = re.search(r"actual = (\d+), computed = (\d+)", without_onednn())
    assert found, without_onednn()
    return [int(found[1]), int(found[2])]


def minus_one_is_refused() -> bool:
    return "Dimension -1 must be >= 0" in without_onednn()


# ---------------------------------------------------------------- the table

ONE = np.ones


def tied_channels() -> list[int]:
    """Channels into and out of the transposed layer with a kernel of (3, 3, 61, 63)."""
    import tensorflow as tf

    out = tf.nn.conv2d_transpose(tf.ones((1, 2, 2, 63)), tf.ones((3, 3, 61, 63)), (1, 4, 4, 61), 1, "VALID")
    return [tf.nn.conv2d(out, tf.ones((3, 3, 61, 63)), 1, "VALID").shape[-1], out.shape[-1]]


CASES: dict[str, tuple[Sequence, Callable[[], Sequence]]] = {
    "q001": (
        [2, 4, 1, 2, 1, 2, 4, 2, 1, 2, 1],
        lambda: [windows(3, 2), len(stamped([1] * 3, [1, 1])), *flat(stamped2(ONE((2, 2)), ONE((2, 2))))],
    ),
    "q002": ([1, 10, 2, 20, 4, 40], lambda: flat(stamped([1, 2, 4], [1, 10], 2))),
    "q003": ([4, 3], lambda: [torch_size(3, 2, 2, 1), windows(4, 2, 2, (1, 1))]),
    "q004": ([5, 6, 5], lambda: [*legal(2, 3, 2, "valid"), keras_size((2, 2), 3, strides=2)[0]]),
    "q005": ([1, 1, 2, 2, 1, 0, 2, 4], lambda: [*flat(np.repeat([1, 2], 2)), *flat(stamped([1, 2], [1], 2)), 4]),
    "q006": (
        [11, 7, 13, 15],
        lambda: [torch_size(5, 3, 2), torch_size(5, 3, 2, 2), torch_size(5, 5, 2), torch_size(5, 3, 3)],
    ),
    "q007": (
        [5, 3, 4, 0, 1],
        lambda: [
            len(stamped([1] * 2, [1] * 3, 2)),
            torch_size(2, 3, 2, 1),
            torch_size(2, 3, 2, 1, 1),
            *same_pads(4, 3, 2),
        ],
    ),
    "q008": (
        [8, 12, 11],
        lambda: [
            keras_size((4, 4), 5, strides=2, padding="same")[0],
            keras_size((4, 4), 5, strides=3, padding="same")[0],
            keras_size((4, 4), 5, strides=2)[0],
        ],
    ),
    "q010": ([13, 14, 15, 16], lambda: [*tf_range(7, 3, 2, "SAME", 20), *tf_range(7, 3, 2, "VALID", 20)]),
    "q012": (
        [12, 23, 24, 24],
        lambda: [
            *{same(23, 3, 2), same(24, 3, 2)},
            *(keras_size((12, 12), 3, strides=2, padding="same", output_padding=o)[0] for o in (0, 1, None)),
        ],
    ),
    "q014": (
        [31, 32, 32, 32],
        lambda: [torch_size(16, 3, 2, 1), torch_size(16, 3, 2, 1, 1), torch_size(16, 4, 2, 1), torch_size(32, 1)],
    ),
    "q017": ([7, 10, 11], lambda: [*legal(4, 4, 1, "valid"), *legal(4, 4, 2, "valid")]),
    "q021": (
        [360, 8, 368, 496, 361, 368, 489, 496, 3, 491, 7, 4],
        lambda: [
            keras_size((46, 46), 16, strides=8, padding="same", output_padding=1)[0] - 1,
            8 if refused("output_padding 8") else 0,
            *keras_size((46, 62), 16, strides=8, padding="same"),
            *(n for size in (46, 62) for n in (legal(size, 16, 8, "same")[i] for i in (0, -1))),
            *tf_crop(),
            same_pads(489, 16, 8)[0],
            same_pads(496, 16, 8)[0],
        ],
    ),
    "q025": ([256, 64], lambda: keras_size((128, 32), 2, strides=2)),
    "q026": ([40, 40, 32], tf_unknown_batch),
    "q027": (
        [13, 14, 25, 28, 7, 14, 28, 256],
        lambda: [
            *legal(7, 3, 2, "same"),
            legal(7, 3, 4, "same")[0],
            legal(7, 3, 4, "same")[-1],
            7,
            *(keras_size((n, n), 3, strides=2, padding="same")[0] for n in (7, 14)),
            (ONE((28, 28, 1)) + ONE(256)).shape[-1] if minus_one_is_refused() else 0,
        ],
    ),
    "q028": (
        [7, 16, 8, 6, 13, 14],
        lambda: [*computed_and_actual(), same(16, 3, 2), same(16, 3, 3), *legal(7, 3, 2, "same")],
    ),
    "q030": ([7, 16, 16], lambda: [torch_size(8, 2, 1, 1), torch_size(8, 2, 2), torch_size(8, 4, 2, 1)]),
    "q034": ([256, 0], lambda: [258 - 2, 2 - 2]),
    "q036": ([7, 1, 0], lambda: [len(stamped([1] * 3, [1] * 3, 2)), 1, 1 - 1]),
    "q038": (
        [1, 3, 4, 5, 6, 8, 9],
        lambda: [1, 3, 4, *flat(stamped2(ONE((1, 1)), np.arange(1, 10).reshape(3, 3), 2)[1:, 1:])],
    ),
    "q040": (
        [3, 11, 9, 1, 2],
        lambda: [len(stamped([1] * 10, [1] * 4)) - 10, torch_size(10, 4, 1, 1), torch_size(10, 4, 1, 2), 1, 2],
    ),
    "q042": ([1, 2, 8], lambda: [1, max(2, 1), torch_size(4, 3, 2, 1, 1)]),
    "q043": ([43, 64, 21], lambda: [torch_size(4, 16, 8, 0, 3), len(stamped([1] * 7, [1] * 16, 8)), 3 * 7]),
    "q044": ([9, 8, 0, 1], lambda: [len(stamped([1] * 8, [1] * 2)), 8, *same_pads(8, 2)]),
    "q047": (
        [2, 2, 3, 3, 1, 2],
        lambda: [windows(13, 6, 5), 13 - (5 + 6), same(13, 6, 5), sum(same_pads(13, 6, 5)), *same_pads(13, 6, 5)],
    ),
    "q049": (
        [5, 2, 3, 6, 112],
        lambda: [sum(same_pads(224, 7, 2)), *same_pads(224, 7, 2), 3 + 3, windows(224, 7, 2, (3, 3))],
    ),
    "q050": ([3, 1, 0, 1], lambda: [same(6, 3, 2), sum(same_pads(6, 3, 2)), *same_pads(6, 3, 2)]),
    "q057": (
        [700, 350, 175, 87, 43, 86, 87, 16, 43.75, 688, 704],
        lambda: [*halved(700, 4), 2 * 43, 87, 2**4, 700 / 16, 700 // 16 * 16, 700 // 16 * 16 + 16],
    ),
    "q059": (
        [684, 342, 171, 86, 43, 22, 44, 43, 32, 672, 704],
        lambda: [*halved(684, 5, up=True), 2 * 22, 43, 1024 // 32, 684 // 32 * 32, 684 // 32 * 32 + 32],
    ),
    "q062": (
        [21, 42, 1, 0, 1, 704],
        lambda: [halved(43, 1)[1], 2 * (43 // 2), 43 - 42, 1 // 2, 1 - 1 // 2, ceil(700 / 16) * 16],
    ),
    "q063": ([32, 16, 8, 4, 2, 61, 30, 15, 7, 3, 2, 4, 256], dcgan),
    "q064": ([4, 819200, 8192], lambda: [torch_size(1, 4), ONE((4, 4, 512, 100)).size, 512 * 4 * 4]),
    "q069": ([111, 96, 864, 32, 896], lambda: [1 + 10 + 100, 3 * 32, ONE((3, 3, 3, 32)).size, 32, 864 + 32]),
    "q072": ([-2, -1, 3], lambda: flat(np.array([6, 7, 11]) - np.mean([6, 7, 11]))),
    "q073": (
        [160, 2560, 5120, 8704, 13312, 33280],
        lambda: [
            *{torch_size(80, k, 2, p, o) for k, p, o in [(2, 0, 0), (3, 1, 1), (4, 1, 0), (5, 2, 1), (8, 3, 0)]},
            *(ONE((k, k, 512)).size + 512 for k in (2, 3, 4, 5, 8)),
        ],
    ),
    "q075": ([63, 61], tied_channels),
    "q078": ([2, 2], lambda: [2, 2]),
    "q079": ([], list),
    "q080": (
        [0, 4, 1, 5, 2, 6, 3, 7],
        lambda: [c * 4 + h * 2 + w for h in range(2) for w in range(2) for c in range(2)],
    ),
    # The arrays behind 23, 85, 324 and 446 are not in the question: the index answers with arrays of its own.
    "q082": (
        [681, 489, 128, 32],
        lambda: [
            int(gathered2(np.pad(np.arange(1, 26).reshape(5, 5), 1), k)[i, i])
            for i in (2, 0)
            for k in (np.arange(1, 10).reshape(3, 3), np.arange(9, 0, -1).reshape(3, 3))
        ],
    ),
    "q085": ([6, 5, 4, 3, 2, 1], lambda: flat(np.rot90([[1, 2, 3], [4, 5, 6]], 2))),
    "q086": (
        ["w00", 50],
        lambda: ["w00", int(stamped2(np.array([[5, 1], [1, 1]]), np.arange(10, 19).reshape(3, 3))[0, 0])],
    ),
    "q087": ([2], transpose_as_conv),
    "q091": ([3, 5, 3, 8, 5], lambda: [1 + 2, 2 + 3, *flat(stamped([3, 5], [1, 1]))]),
    "q092": ([9, 1, 1], lambda: [3 * 3, windows(3, 3) ** 2, int(np.linalg.matrix_rank(np.arange(1.0, 10)[None]))]),
    "q095": ([2, 4], lambda: [3 - 1 - 0, len(stamped([1, 1], [1, 1, 1]))]),
    "q096": (
        [16, 8, 5],
        lambda: [
            keras_size((8, 8), 3, strides=2, padding="same")[0],
            keras_size((8, 8), 3, padding="same", dilation_rate=2)[0],
            1 + 2 * 2,
        ],
    ),
    "q097": ([1, 2, 4, 4, 9], lambda: [*covered(3), *covered(4), *covered(6)]),
    "q101": ([4, 0.25, 0.75, 0.75, 0.25], lambda: [4, *(bilinear(2)[1] / 0.75)]),
    "q103": (
        [4, 16, 64, 1],
        lambda: [
            *(bilinear(f).sum() for f in (2, 4, 8)),
            *{round(bilinear(f)[i::f, j::f].sum(), 12) for f in (2, 4, 8) for i in range(f) for j in range(f)},
        ],
    ),
    "q104": (
        [0.75, 0.5625, 1],
        lambda: [stamped2(ONE((4, 5)), bilinear(2), 2)[1:-1, 1:-1][at] for at in [(0, 3), (0, 0), (3, 3)]],
    ),
    "q106": ([6, 1, 2, 12, 5], lambda: [6, ceil(2 / 2), 2, 2 * 6, 2 * 2 + 1] if circular() else []),
    "q110": ([10, 5], lambda: [5 * 2, 1 + 2 * 2] if refused("stride and dilation") else []),
    "q111": ([3, 5, 7], lambda: [len(range(0, 2 * d + 1)) for d in (1, 2, 3)]),
    "q112": ([3, 7, 15, 31], lambda: [2 ** (i + 2) - 1 for i in range(4)]),
    "q114": (
        [1, 12, 23, 30],
        lambda: flat(
            [sum(g * w for i, g in enumerate([1, 10]) for j, w in enumerate([1, 2, 3]) if i + j == n) for n in range(4)]
        ),
    ),
    "q117": (
        ["4.9e-4", "1.2e-7"],
        lambda: [f"{2**-11:.1e}".replace("e-0", "e-"), f"{np.finfo('float32').eps:.1e}".replace("e-0", "e-")],
    ),
    "q118": (["1e-3"], lambda: ["1e-3"] if abs(2 * 2**-11 - 1e-3) < 5e-5 else []),
    "q119": (
        ["1.526e-5", "2.842e-14", 2],
        lambda: [f"{2**-16:.3e}".replace("e-0", "e-"), f"{2**-45:.3e}", round(5.68e-14 / 2**-45)],
    ),
    "q124": ([16777216, 16777218], lambda: [int(np.float32(2**24) + np.float32(1) + np.float32(1)), 2**24 + 2]),
    "q125": ([4, 36, 9, 16, 2.25], lambda: [36 // 9, 9 * 4, 9, 4 * 2 * 2, 36 / 16]),
    "q128": ([0.18, 0.19], lambda: [0.18, 0.19]),  # the thread's times
    "q129": (
        [15346.63, 1786.92, 8.6, 0.113, 9],
        lambda: [
            round(vgg(False), 2),
            round(vgg(True), 2),
            round(vgg(False) / vgg(True), 1),
            round(1 / 512 + 1 / 9, 3),
            9,
        ],
    ),
    "q130": ([0.22, 3.54], lambda: [round(2 * 64 * 64 * 3 * 9 / 1e6, 2), round(2 * 64 * 64 * 9 * 3 * 16 / 1e6, 2)]),
    "q135": ([2, 4, 49, 63, 91, 105], onnx_same),
    "q137": ([55, 56], lambda: [torch_size(28, 3, 2, 1), torch_size(28, 3, 2, 1, 1)]),
    "q138": (
        [8, 14, 10],
        lambda: [torch_size(4, 4, 2, 1), len(stamped([1] * 6, [1] * 4, 2)), len(stamped([1] * 4, [1] * 4, 2))],
    ),
    "q145": ([1, 1, 3, 3, 6, 6, 12, 12, 8, 8], lambda: flat(stamped([1, 2, 4, 8], [1] * 4, 2))),
    "q146": ([40, 49, 50], lambda: [audio(4, 10), audio(5, 10), audio(5, 10, 1)]),
}
