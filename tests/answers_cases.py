"""The numbers in the worked answers to public questions, each computed in another way than `conv_lib.answers` does.

A row: the id of the question, the numbers that the index must say, and a function that finds the same numbers by
counting windows and stamps in plain loops, with NumPy and SciPy-like sums, or by running TensorFlow and Keras.
`UNASKED` does the same for entries that no question of `CASES` stands behind, by their names.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil

import numpy as np

from conv_lib.diagnosis import FORMS
from tools import ROOT

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

# ---------------------------------------------------------------- entries that no question of CASES stands behind


def chained(size: int, *steps: Callable[[int], int]) -> list[int]:
    sizes = [size]
    for step in steps:
        sizes.append(step(sizes[-1]))
    return sizes


def pooled(size: int, kernel: int, stride: int, padding: int = 0, ceil_mode: bool = False) -> int:
    """Windows that lie inside; with ceil_mode also those that only begin inside (or in the padding before)."""
    starts = range(-padding, size + padding, stride)
    inside = [s for s in starts if s + kernel <= size + padding]
    return len([s for s in starts if s < size]) if ceil_mode and len(inside) * stride - padding < size else len(inside)


def reached(layers: Sequence[tuple[int, int, int]], pixel: int = 0) -> list[int]:
    """Input pixels of one output through (kernel, stride, dilation), by walking back."""
    pixels = {pixel}
    for kernel, stride, dilation in reversed(layers):
        pixels = {p * stride + tap * dilation for p in pixels for tap in range(kernel)}
    return sorted(pixels)


def span(layers: Sequence[tuple[int, int, int]]) -> int:
    pixels = reached(layers)
    return pixels[-1] - pixels[0] + 1


def multiplied(places: int, kernel: int, into: int, out: int, groups: int = 1) -> int:
    """Products of a layer, counted kernel by kernel."""
    return sum(places * kernel * (into // groups) for _ in range(out))


def keras_layer(name: str, x: np.ndarray, *arguments, kernel: np.ndarray | None = None, **settings) -> np.ndarray:
    """Run a Keras layer, with a kernel of ours and no bias, or with its own."""
    import keras

    layer = getattr(keras.layers, name)(*arguments, **settings)
    if kernel is not None:
        layer.build(x.shape)
        layer.set_weights([kernel])
    return np.asarray(layer(x))


def message_of(call: Callable[[], object]) -> str:
    try:
        call()
    except Exception as error:  # noqa: BLE001  (whatever the framework raises)
        return str(error)
    return ""


def tf_row(x: Sequence[float], kernel: Sequence[float], stride: int, padding: str, transposed: bool) -> list[float]:
    """A row through TensorFlow's (transposed) convolution."""
    import tensorflow as tf

    row, w = (
        tf.reshape(tf.constant(x, tf.float32), (1, 1, -1, 1)),
        tf.reshape(tf.constant(kernel, tf.float32), (1, -1, 1, 1)),
    )
    if not transposed:
        return flat(tf.nn.conv2d(row, w, (1, stride), padding))
    back = same if padding == "SAME" else windows
    size = len(x) * stride if padding == "SAME" else (len(x) - 1) * stride + len(kernel)
    assert back(size, len(kernel), stride) == len(x)
    return flat(tf.nn.conv2d_transpose(row, w, (1, 1, size, 1), (1, stride), padding))


def same_as_torch() -> list[int]:
    """Where Keras' `same` lies in the full result, by running it; as (before, after) for kernels 4 and 3."""
    rng = np.random.default_rng(0)
    found = []
    for kernel in (4, 3):
        x, w = rng.integers(1, 9, 10).astype(float), rng.integers(1, 9, kernel).astype(float)
        full, ours = stamped(x, w, 2), tf_row(x, w, 2, "SAME", True)
        (before,) = [b for b in range(3) if np.array_equal(full[b : b + 20], ours)]
        found += [before, len(full) - 20 - before]
    return found


def jax_row() -> list[float]:
    """The stored kernel over the stretched row; JAX 0.10.2 gives the same (run outside of the tests)."""
    wide = np.zeros(5 + 4)
    wide[2:7:2] = [1, 2, 4]
    return [float(wide[i : i + 3] @ [1, 10, 100]) for i in range(7)]


def depthwise_order() -> list[int]:
    """Keras' depthwise kernel is the permuted one if its outputs are those of the loops over PyTorch's weight."""
    rng = np.random.default_rng(0)
    weight, x = rng.integers(-4, 5, (6, 1, 3, 3)), rng.integers(-4, 5, (5, 6, 3))
    kernel = weight.reshape(3, 2, 3, 3).transpose(2, 3, 0, 1)
    got = keras_layer(
        "DepthwiseConv2D", x[None].astype("float32"), 3, kernel=kernel, depth_multiplier=2, use_bias=False
    )
    want = np.stack([gathered2(x[..., o // 2], weight[o, 0]) for o in range(6)], -1)
    assert np.array_equal(got[0], want)
    return [*weight.shape, *kernel.shape, kernel.size]


def shuffled() -> list[int]:
    """Sub-pixel convolution against stamps of 6 x 6, in loops."""
    import tensorflow as tf

    rng = np.random.default_rng(1)
    four, x = rng.integers(-3, 4, (3, 3, 4)), rng.integers(-3, 4, (5, 6))
    maps = np.stack([gathered2(np.pad(x, 1), four[..., i]) for i in range(4)], -1)
    pixels = np.asarray(tf.nn.depth_to_space(maps[None].astype("float32"), 2))[0, :, :, 0]
    large = np.zeros((6, 6))
    for a, b in np.ndindex(2, 2):
        large[a::2, b::2] = four[::-1, ::-1, 2 * a + b]
    assert np.array_equal(pixels, stamped2(x, large, 2)[2:-2, 2:-2])
    return [*pixels.shape, large.size]


def shuffle_orders() -> list[int]:
    import tensorflow as tf

    ours = np.asarray(tf.nn.depth_to_space(np.arange(8.0).reshape(1, 1, 1, 8), 2))[0, :, :, 0]
    order = [4 * c + p for p in range(4) for c in range(2)]
    moved = np.asarray(tf.nn.depth_to_space(np.array(order, float).reshape(1, 1, 1, 8), 2))
    torch = np.arange(8).reshape(2, 2, 2)  # (c, py, px): channel 4c + 2py + px
    assert np.array_equal(np.moveaxis(moved[0], -1, 0), torch)
    return [*flat(ours), *flat(torch[0]), *order]


def resized() -> list[float]:
    import keras
    import tensorflow as tf

    x = np.array([1.0, 2, 3], "float32").reshape(1, 1, 3, 1)
    centres = np.ravel(tf.image.resize(x, (1, 6)))
    assert np.array_equal(centres, np.ravel(keras.layers.UpSampling2D((1, 2), interpolation="bilinear")(x)))
    old = tf.compat.v1.image.resize_bilinear
    return [
        *centres,
        *(round(float(v), 6) for v in np.ravel(old(x, (1, 6), align_corners=True))),
        *np.ravel(old(x, (1, 6))),
    ]


def batch_norm() -> list[float]:
    """Keras' epsilon, by running it; PyTorch's is the documented 1e-5."""
    import keras

    layer = keras.layers.BatchNormalization()
    y = float(np.ravel(layer(np.ones((1, 1, 1, 1)), training=False))[0])  # moving mean 0, variance 1
    epsilon = 1 / y**2 - 1
    assert np.isclose(epsilon, 1e-3, rtol=1e-3) and layer.momentum == 0.99
    return [0.001, round(((0.01 + 1e-3) / (0.01 + 1e-5)) ** 0.5, 3), 0.99, 0.01]


def first_weights() -> list[str]:
    """Keras' limit, from what it draws; PyTorch 2.13 drew up to 0.0417 and 0.0295 when it was run."""
    import keras

    drawn = []
    for kind in ("Conv2D", "Conv2DTranspose"):
        layer = getattr(keras.layers, kind)(128, 3)
        layer.build((None, 8, 8, 64))
        assert not np.any(layer.bias)
        drawn.append(float(np.abs(layer.kernel).max()))
    limit = (6 / (9 * 192)) ** 0.5
    assert all(0.999 * limit < one <= limit for one in drawn)
    return [f"{limit:.4f}", f"{(9 * 64) ** -0.5:.4f}", f"{(9 * 128) ** -0.5:.4f}"]


def kernel_gradients() -> list[float]:
    """By running TensorFlow's tape."""
    import tensorflow as tf

    def of(x: Sequence[float], g: Sequence[float], size: int, stride: int) -> list[int]:
        kernel = tf.Variable(tf.zeros((1, size, 1, 1)))
        with tf.GradientTape() as tape:
            y = tf.nn.conv2d(tf.reshape(tf.constant(x, tf.float32), (1, 1, -1, 1)), kernel, (1, stride), "VALID")
            loss = tf.reduce_sum(y * tf.reshape(tf.constant(g, tf.float32), (1, 1, -1, 1)))
        return flat(tape.gradient(loss, kernel))

    x = tf.Variable(tf.zeros((1, 1, 3, 1)))
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d_transpose(x, tf.reshape(tf.constant([1.0, 10]), (1, 2, 1, 1)), (1, 1, 6, 1), (1, 2), "VALID")
        loss = tf.reduce_sum(y * tf.reshape(tf.range(1.0, 7), (1, 1, 6, 1)))
    return [*of([1, 2, 3, 4], [1, 10], 3, 1), *of([1, 2, 3, 4], [1, 10], 2, 2), *flat(tape.gradient(loss, x))]


def mean_of_ones() -> list[str]:
    y = gathered2(np.pad(np.ones((5, 6)), 1), np.full((3, 3), 1 / 9))
    return [f"{y[2, 2]:g}", f"{y[0, 2]:.3f}", f"{y[0, 0]:.3f}"]


def unet_of_the_paper() -> list[int]:
    size, skips, met = 572, [], []
    for _ in range(4):
        size = windows(windows(size, 3), 3)
        skips.append(size)
        size = windows(size, 2, 2)
    size = windows(windows(size, 3), 3)
    for _ in range(4):
        met.append(2 * size)
        size = windows(windows(2 * size, 3), 3)
    return [*skips, *met, size, (skips[-1] - met[0]) // 2, (skips[0] - met[-1]) // 2]


def matrix_of_a_convolution() -> list[int]:
    """Ask the loop for the image of every single pixel."""
    kernel = np.arange(1, 10).reshape(3, 3)
    columns = [gathered2(np.eye(16)[i].reshape(4, 4), kernel).ravel() for i in range(16)]
    a = np.stack(columns, 1)
    return [a.shape[1], a.shape[0], int((a[0] != 0).sum()), int((a != 0).sum()), a.size]


def halved_stack(strides: Sequence[int], dilations: Sequence[int]) -> list[int]:
    size = 224
    for stride, dilation in zip(strides, dilations, strict=True):
        size = windows(size, 3, stride, (dilation, dilation), dilation)
    return [size, span([(3, s, d) for s, d in zip(strides, dilations, strict=True)])]


def groups_without_a_word() -> bool:
    """TensorFlow takes 6 channels and a kernel that reads 3 for two groups."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    x, w = rng.integers(-3, 4, (5, 5, 6)).astype("float32"), rng.integers(-3, 4, (3, 3, 3, 4)).astype("float32")
    y = np.asarray(tf.nn.conv2d(x[None], w, 1, "VALID"))[0]
    want = [sum(gathered2(x[..., 3 * (o // 2) + i], w[..., i, o]) for i in range(3)) for o in range(4)]
    return np.array_equal(y, np.stack(want, -1))


def tf_says(what: str) -> str:
    """The message that TensorFlow or Keras gives today."""
    import keras
    import tensorflow as tf

    def layer(x):
        return keras.layers.Conv2D(4, 3)(x)

    def axis():
        conv = keras.layers.Conv2D(4, 3)
        conv(np.ones((1, 8, 8, 3), "float32"))
        conv(np.ones((1, 3, 8, 8), "float32"))

    calls = {
        "depth": lambda: tf.nn.conv2d(tf.ones((1, 8, 8, 4)), tf.ones((3, 3, 3, 8)), 1, "SAME"),
        "ndim": lambda: layer(np.ones((8, 8, 3), "float32")),
        "axis": axis,
        "groups": lambda: keras.layers.Conv2D(6, 3, groups=4)(np.ones((1, 8, 8, 8), "float32")),
        "transposed groups": lambda: keras.layers.Conv2DTranspose(4, 3, groups=2),
        "flatten": lambda: keras.layers.Dense(2)(keras.layers.Flatten()(keras.Input((None, None, 3)))),
        "stride 1.5": lambda: keras.layers.Conv2DTranspose(1, 3, strides=1.5),
        "conv1d": lambda: keras.layers.Conv1D(1, 3)(np.ones((1, 8, 8, 1))),
    }
    return message_of(calls[what])


def fits_unet(size: int) -> bool:
    """Whether the U-Net of 2015 never rounds: two convolutions and a pooling, four times, and two convolutions."""
    for _ in range(4):
        size -= 4
        if size < 2 or size % 2:
            return False
        size //= 2
    return size >= 5


def keras_layer_shapes(kernel: tuple[int, int], into: int, out: int) -> list[int]:
    """The kernel's shape in Keras' Conv2D."""
    import keras

    layer = keras.layers.Conv2D(out, kernel)
    layer.build((None, 16, 16, into))
    return list(layer.kernel.shape)


def transposed_shapes() -> list[int]:
    """A PyTorch weight of (64, 3, 7, 5), permuted, which Keras' Conv2DTranspose takes from 64 to 3 channels too."""
    import keras

    weight = ONE((64, 3, 7, 5)).transpose(2, 3, 1, 0)
    layer = keras.layers.Conv2DTranspose(3, (7, 5))
    layer.build((None, 16, 16, 64))
    assert tuple(layer.kernel.shape) == weight.shape
    return list(weight.shape)


def separable_weights() -> int:
    """Of Keras' SeparableConv2D, without the bias."""
    import keras

    layer = keras.layers.SeparableConv2D(128, 3, use_bias=False)
    layer.build((None, 8, 8, 64))
    return layer.count_params()


UNASKED: dict[str, tuple[Sequence, Callable[[], Sequence]]] = {
    # sizes
    "seven-to-twenty-eight": (
        [28, 14, 7, 14, 28, 28],
        lambda: [
            *chained(28, lambda n: same(n, 3, 2), lambda n: same(n, 3, 2)),
            *(keras_size((n, n), 3, strides=2, padding="same")[0] for n in (7, 14)),
            keras_size((7, 7), 3, strides=4, padding="same")[0],
        ],
    ),
    "convolution-size": ([12, 14, 14], lambda: [windows(28, 5, 2), windows(28, 5, 2, (2, 2)), same(28, 5, 2)]),
    "exact-multiple": (
        [20, 30, 40, 20, 20],
        lambda: [
            *{torch_size(10, k, 2, p) for k, p in [(2, 0), (4, 1), (6, 2)]},
            *{torch_size(10, k, 3, p) for k, p in [(3, 0), (5, 1)]},
            *{torch_size(10, k, 4, p) for k, p in [(4, 0), (8, 2)]},
            torch_size(10, 3, 2, 1, 1),
            keras_size((10, 10), 5, strides=2, padding="same")[0],
        ],
    ),
    "kernel-below-stride": (
        [1, 1, 0, 2, 2, 0, 11, 12],
        lambda: [
            *flat(
                keras_layer(
                    "Conv1DTranspose", np.array([[[1.0], [2]]]), 1, 2, kernel=ONE((2, 1, 1)), strides=3, use_bias=False
                )
            ),
            torch_size(4, 2, 3),
            keras_size((4, 4), 2, strides=3)[0],
        ],
    ),
    "one-axis-only": (
        [16, 100, 93, 100],
        lambda: [
            torch_size(16, 3, 1, 1),
            *{torch_size(50, 4, 2, 1), keras_size((16, 50), (3, 4), strides=(1, 2), padding="same")[1]},
            torch_size(50, 3, 2, 4),
            torch_size(100, 5, 1, 2),
        ],
    ),
    "not-a-multiple": (
        [19, 20, 30, 15, 15],
        lambda: [
            *legal(10, 3, 2, "same"),
            keras_size((10, 10), 3, strides=3, padding="same")[0],
            same(30, 3, 2),
            len(stamped([1] * 10, [1] * 6)) if "integers" in tf_says("stride 1.5") else 0,
        ],
    ),
    "fraction-is-floored": (
        [112.5, 112, 1, 112, 113],
        lambda: [
            223 / 2 + 1,
            windows(224, 7, 2, (3, 3)),
            230 - max(s + 7 for s in range(0, 230 - 6, 2)),
            windows(223, 7, 2, (3, 3)),
            same(225, 7, 2),
        ],
    ),
    "same-but-smaller": (
        [14, 4, 3],
        lambda: [
            same(28, 3, 2),
            *(keras_layer("MaxPooling2D", ONE((1, 7, 7, 1)), 2, padding=p).shape[1] for p in ("same", "valid")),
        ],
    ),
    "ceil-mode": (
        [32, 33, 55, 56, 56, 0, 1],
        lambda: [
            pooled(64, 3, 2, 1),
            pooled(64, 3, 2, 1, True),
            pooled(112, 3, 2),
            pooled(112, 3, 2, 0, True),
            keras_layer("MaxPooling2D", ONE((1, 112, 112, 1)), 3, strides=2, padding="same").shape[1],
            *same_pads(112, 3, 2),
        ],
    ),
    "variable-input-size": (
        [448, 1024, 1296],
        lambda: [
            ONE((3, 3, 3, 16)).size + 16 if "fully-defined" in tf_says("flatten") else 0,
            ONE((8, 8, 16)).size,
            ONE((9, 9, 16)).size,
        ],
    ),
    "keras-needs-no-output-shape": (
        [14, 17, 13, 14, 17, 18, 13, 14],
        lambda: [
            *(keras_size((7, 7), 5, strides=2, padding=p)[0] for p in ("same", "valid")),
            *tf_range(7, 5, 2, "SAME", 20),
            *tf_range(7, 5, 2, "VALID", 20),
            *(keras_size((7, 7), 5, strides=2, padding="same", output_padding=o)[0] for o in (0, 1)),
        ],
    ),
    # output_padding
    "what-is-output-padding": ([5, 6], lambda: [torch_size(3, 3, 2, 1), torch_size(3, 3, 2, 1, 1)]),
    "which-output-padding": (
        [239, 2, 80, 248, 250, 1, 0],
        lambda: [
            250 - 11,
            250 - (max(range(0, 250 - 10, 3)) + 11),
            windows(250, 11, 3),
            torch_size(80, 11, 3),
            torch_size(80, 11, 3, 0, 2),
            *(n - torch_size(windows(n, 3, 2, (1, 1)), 3, 2, 1) for n in (32, 33)),
        ],
    ),
    "output-padding-below-stride": ([7, 8, 9, 4], lambda: [*legal(3, 3, 2, "valid"), 9, windows(9, 3, 2)]),
    "requested-output-size": (
        [31, 32, 17],
        lambda: [torch_size(16, 3, 2, 1), torch_size(16, 3, 2, 1, 1), windows(33, 3, 2, (1, 1))],
    ),
    # padding
    "valid-or-same": ([2, 3, 0, 1], lambda: [windows(6, 3, 2), same(6, 3, 2), *same_pads(6, 3, 2)]),
    "padding-in-transposed": ([6, 4], lambda: [len(stamped([1] * 3, [1, 1], 2)), torch_size(3, 2, 2, 1)]),
    "which-padding-keeps-the-size": (
        [1, 2, 3, 2, 6, 1, 2],
        lambda: [
            *(next(p for p in range(9) if windows(50, k, 1, (p, p)) == 50) for k in (3, 5, 7)),
            *(next(p for p in range(9) if windows(50, 3, 1, (p, p), d) == 50) for d in (2, 6)),
            *same_pads(50, 4),
        ],
    ),
    "why-odd-kernels": (
        [3, 1, 2, 20, 30, 40, 50, 32, 17, 32],
        lambda: [
            sum(same_pads(6, 4)),
            *same_pads(6, 4),
            *tf_row([1, 2, 3, 4, 5, 6], [1, 2, 3, 4], 1, "SAME", False),
            windows(64, 4, 2, (1, 1)),
        ],
    ),
    "torch-padding-in-keras": (
        [112, 0, 1, 1, 1],
        lambda: [
            *{same(224, 3, 2), windows(224, 3, 2, (1, 1))},
            *same_pads(224, 3, 2),
            *same_pads(225, 3, 2),
        ],
    ),
    "border-of-zeros": (["1", "0.667", "0.444", 26], lambda: [*mean_of_ones(), windows(28, 3)]),
    # errors
    "negative-dimension": (
        [28, 26, 13, 11, 5, 3, 1, 2],
        lambda: [*chained(28, *[lambda n: windows(n, 3), lambda n: windows(n, 2, 2)] * 3), same(2, 3)],
    ),
    "expected-channels": ([1, 3, 512, 512, 128], lambda: [*np.moveaxis(ONE((1, 512, 512, 3)), -1, 1).shape, 64 + 64]),
    "given-transposed": ([128, 64], lambda: [64 + 64, 128 // 2]),
    "batch-axis-missing": (
        [1, 28, 30, 3, 100, 28, 30, 1, 100, 1, 28, 30],
        lambda: [
            *(ONE((28, 30, 3))[np.newaxis].shape if "min_ndim=4, found ndim=3" in tf_says("ndim") else ()),
            *np.expand_dims(ONE((100, 28, 30)), -1).shape,
            *np.expand_dims(ONE((100, 28, 30)), 1).shape,
        ],
    ),
    "expected-axis-minus-one": (
        [8, 224, 226, 3, 192, 243],
        lambda: [
            *(
                ONE((8, 3, 224, 226)).transpose(0, 2, 3, 1).shape
                if "expected axis -1 of input shape" in tf_says("axis")
                else ()
            ),
            ONE((8, 8, 3)).size,
            ONE((9, 9, 3)).size,
        ],
    ),
    "input-depth-divisible": (
        [2],
        lambda: [
            2 if groups_without_a_word() and "evenly divisible by filter depth: 4 vs 3" in tf_says("depth") else 0
        ],
    ),
    "channels-last-on-cpu": ([8, 224, 226, 3], lambda: np.moveaxis(ONE((8, 3, 224, 226)), 1, -1).shape),
    "mat1-and-mat2": ([28, 14, 7, 1568], lambda: [*halved(28, 2), 32 * 7 * 7]),
    "tensor-a-and-b": (
        [16, 31, 32, 30],
        lambda: [windows(32, 3, 2, (1, 1)), torch_size(16, 3, 2, 1), torch_size(16, 3, 2, 1, 1), windows(32, 3)],
    ),
    "target-size": (
        [100, 50, 25, 12, 96, 104, 96, 24, 25],
        lambda: [*halved(100, 3), 12 * 2 * 2 * 2, *(n for n in range(104, 95, -8)), 12 * 2, 50 // 2],
    ),
    "last-batch-is-smaller": ([8], lambda: [len(range(0, 1000)[-(1000 - 31 * 32) :])]),
    "unpool-sizes": (
        [500, 250, 125, 62, 124, 125, 496, 504],
        lambda: [*halved(500, 3), 62 * 2, 125, *(n for n in range(490, 510) if halved(n, 3)[-1] * 8 == n)],
    ),
    "another-message": (
        [len(FORMS)],
        lambda: [len(json.loads((ROOT / "conv_lib/diagnosis/forms.json").read_text("utf-8"))["forms"])],
    ),
    # decoders
    "which-input-sizes": (
        [32, 12, 16, 140],
        lambda: [
            2**5,
            *{n % 16 for n in range(140, 600) if fits_unet(n)},
            16,
            min(n for n in range(1, 600) if fits_unet(n)),
        ],
    ),
    "twenty-eight-or-thirty-two": (
        [28, 14, 7, 4, 32, 3, 24, 4, 8, 16, 14, 28],
        lambda: [
            *halved(28, 3, up=True),
            4 * 8,
            halved(28, 3)[-1],
            3 * 8,
            4,
            8,
            16,
            windows(16, 3),
            2 * windows(16, 3),
        ],
    ),
    "dcgan-larger": (
        [1, 4, 8, 16, 32, 64, 128, 256, 5, 6, 7, 25, 50, 100, 200],
        lambda: [
            *chained(1, lambda n: torch_size(n, 4), *[lambda n: torch_size(n, 4, 2, 1)] * 6),
            *(1 + len(halved(n, n.bit_length() - 3)) - 1 for n in (64, 128, 256)),
            *chained(25, *[lambda n: torch_size(n, 4, 2, 1)] * 3),
        ],
    ),
    "why-four-two-one": (
        [32, 64, 63, 2],
        lambda: [
            windows(64, 4, 2, (1, 1)),
            torch_size(32, 4, 2, 1),
            torch_size(32, 3, 2, 1),
            *{int(v) for v in stamped([1] * 12, [1] * 4, 2)[4:-4]},
        ],
    ),
    "patchgan-seventy": (
        [256, 128, 64, 32, 31, 30, 4, 10, 22, 46, 70, 62],
        lambda: [
            *chained(256, *(lambda n, s=s: windows(n, 4, s, (1, 1)) for s in (2, 2, 2, 1, 1))),
            *(span([(4, s, 1) for s in (2, 2, 2, 1, 1)][:n]) for n in range(1, 6)),
            chained(512, *(lambda n, s=s: windows(n, 4, s, (1, 1)) for s in (2, 2, 2, 1, 1)))[-1],
        ],
    ),
    "unet-of-the-paper": ([568, 280, 136, 64, 56, 104, 200, 392, 388, 4, 88], unet_of_the_paper),
    "channels-after-a-skip": (
        [1024, 4718592, 2097152, 1536],
        lambda: [512 + 512, ONE((3, 3, 1024, 512)).size, ONE((2, 2, 512, 1024)).size, 1024 + 512],
    ),
    "stride-or-pool": (
        [32, 151, 37.7, 4],
        lambda: [
            *{same(64, 3, 2), windows(64, 2, 2)},
            round(multiplied(64 * 64, 9, 64, 64) / 1e6),
            round(multiplied(32 * 32, 9, 64, 64) / 1e6, 1),
            (64 * 64) // (32 * 32),
        ],
    ),
    # upsampling
    "why-checkerboards": (
        [2, 1, 2, 4, 7, 1],
        lambda: [
            *(int(stamped([1] * 9, [1] * 3, 2)[8 + i]) for i in (0, 1)),
            *{int(v) for v in stamped([1] * 9, [1] * 4, 2)[8:10]},
            *(int(v) for v in stamped([1] * 9, [1, 2, 3, 5], 2)[8:10]),
            *{int(v) for v in stamped([1] * 9, [0.5, 1, 0.5], 2)[8:10]},
        ],
    ),
    "which-upsampling": ([36, 16], lambda: [2 * 2 * 3 * 3, 4 * 4]),
    "pixel-shuffle": ([10, 12, 36, 3], lambda: [*shuffled(), 12 // 4]),
    "shuffle-order": ([0, 2, 4, 6, 0, 1, 2, 3, 0, 4, 1, 5, 2, 6, 3, 7], shuffle_orders),
    "shuffle-checkerboard": (
        [1, 2, 3, 4, 1, 1, 1, 1],
        lambda: [*range(1, 5), *flat(np.repeat(np.repeat([[1]], 2, 0), 2, 1))],
    ),
    "checkerboard-from-strides": (
        [2, 1, 2, 2],
        lambda: [
            sum(start <= pixel < start + kernel for start in range(0, 40, 2)) for kernel in (3, 4) for pixel in (20, 21)
        ],
    ),
    "bilinear-in-frameworks": (
        [1, 1.25, 1.75, 2.25, 2.75, 3, 1, 1.4, 1.8, 2.2, 2.6, 3, 1, 1.5, 2, 2.5, 3, 3],
        resized,
    ),
    "unpooling-or-transpose": (
        [1, 3, 2, 0, 3, 2, 0, 3, 2, 0, 3, 0, 2, 0],
        lambda: [
            *(1, 3, 2, 0),
            *(max(pair) for pair in [(1, 3), (2, 0)]),
            *(v if v == max(pair) else 0 for pair in [(1, 3), (2, 0)] for v in pair),
            *tf_row([3, 2], [1, 0], 2, "VALID", True),
        ],
    ),
    # frameworks
    "kernel-layouts": ([], list),
    "same-transposed-in-pytorch": ([1, 1, 0, 1, 1, 0], lambda: [*same_as_torch(), 1, 1 - 1]),
    "move-weights": (
        [7, 5, 3, 64],
        lambda: keras_layer_shapes((7, 5), 3, 64) if keras_layer_shapes((7, 5), 3, 64) == transposed_shapes() else [],
    ),
    "depthwise-weights": ([6, 1, 3, 3, 3, 3, 3, 2, 54], depthwise_order),
    "grouped-transpose": (
        [64, 32, 3, 3, 128, 16, 18432],
        lambda: (
            [64, 128 // 4, 3, 3, 128, 64 // 4, 4 * ONE((16, 32, 3, 3)).size]
            if "groups" in tf_says("transposed groups")
            else []
        ),
    ),
    "jax-conv-transpose": (
        [100, 10, 201, 20, 402, 40, 4, 1, 10, 102, 20, 204, 40, 400],
        lambda: [*jax_row(), *tf_row([1, 2, 4], [1, 10, 100], 2, "VALID", True)],
    ),
    "onnx-pads": ([0, 0, 1, 1, 20], lambda: [0, *(same_as_torch()[2], 1, 1), torch_size(10, 3, 2, 1, 1)]),
    "after-porting": ([0.001, 1.048, 0.99, 0.01], batch_norm),
    "initial-weights": (["0.0589", "0.0417", "0.0295"], first_weights),
    # kernels
    "kernel-gradient": ([21, 32, 43, 31, 42, 21, 43, 65], kernel_gradients),
    "convolution-as-matrix": ([16, 4, 9, 36, 64], matrix_of_a_convolution),
    "zeros-between": (
        [5, 1, 7, 5, 6],
        lambda: [len([1, 0, 1, 0, 1]), 3 - 1 - 1, 5 + 2, torch_size(3, 3, 2, 1), torch_size(3, 3, 2, 1, 1)],
    ),
    # concepts
    "step-by-step": (
        [1, 10, 100, 0, 0, 0, 0, 2, 20, 200, 1, 10, 102, 20, 200, 10, 102, 20, 5, 4],
        lambda: [
            *flat(stamped([1, 0], [1, 10, 100], 2)),
            *flat(stamped([0, 2], [1, 10, 100], 2)),
            *tf_row([1, 2], [1, 10, 100], 2, "VALID", True),
            *flat(stamped([1, 2], [1, 10, 100], 2)[1:-1]),
            len(stamped2(ONE((2, 2)), ONE((3, 3)), 2)),
            int(stamped2(ONE((2, 2)), ONE((3, 3)), 2)[2, 2]),
        ],
    ),
    "many-names": ([1, 0, 2, 0.5], lambda: [1, 0, 2, 1 / 2]),
    "stride-one": (
        [210, 321, 32, 12, 123, 230, 5],
        lambda: [
            *tf_row([1, 2, 3], [1, 10, 100], 1, "SAME", False),
            *tf_row([1, 2, 3], [1, 10, 100], 1, "SAME", True),
            len(stamped([1] * 3, [1] * 3)),
        ],
    ),
    "np-convolve": (
        [1, 12, 23, 30, 4, 1, 10, 2, 20, 3, 30, 21, 32],
        lambda: [
            *tf_row([1, 2, 3], [1, 10], 1, "VALID", True),
            3 + 2 - 1,
            *tf_row([1, 2, 3], [1, 10], 2, "VALID", True),
            *tf_row([1, 2, 3], [1, 10], 1, "VALID", False),
        ],
    ),
    # channels
    "how-many-parameters": (
        [270, 280, 36864, 36928],
        lambda: [ONE((3, 3, 3, 10)).size, 270 + 10, ONE((3, 3, 64, 64)).size, 36864 + 64],
    ),
    "one-by-one": ([16384, 147456], lambda: [256 * 64, ONE((3, 3, 256, 64)).size]),
    "what-are-groups": (
        [108, 324, 3, 4],
        lambda: [
            ONE((12, 1, 3, 3)).size if "divisible by the number of groups" in tf_says("groups") else 0,
            ONE((12, 3, 3, 3)).size,
            max(o for o in range(12) if o // (12 // 3) == 0),
            12 // 3,
        ],
    ),
    "depthwise-or-separable": (
        [576, 8192, 8768, 73728, 8.4],
        lambda: [
            9 * 64,
            64 * 128,
            separable_weights(),
            ONE((3, 3, 64, 128)).size,
            round(73728 / separable_weights(), 1),
        ],
    ),
    "two-threes": (
        [5, 36864, 73728, 102400, 7, 110592, 200704],
        lambda: [
            span([(3, 1, 1)] * 2),
            *(n * ONE((3, 3, 64, 64)).size for n in (1, 2)),
            ONE((5, 5, 64, 64)).size,
            span([(3, 1, 1)] * 3),
            3 * ONE((3, 3, 64, 64)).size,
            ONE((7, 7, 64, 64)).size,
        ],
    ),
    # dilation
    "stride-or-dilation": ([5, 8, 5], lambda: [windows(12, 3, 2), windows(12, 3, 1, (0, 0), 2), span([(3, 1, 2)])]),
    "receptive-field": (
        [7, 3, 7, 15],
        lambda: [span([(3, 1, 1)] * 3), *(span([(3, 2, 1)] * n) for n in (1, 2, 3))],
    ),
    "gridding": (
        [13, 7, 17, 17],
        lambda: [
            number
            for rates in [(2, 2, 2), (1, 2, 5)]
            for number in (span([(3, 1, d) for d in rates]), len(reached([(3, 1, d) for d in rates])))
        ],
    ),
    "output-stride": (
        [7, 32, 127, 28, 8, 16],
        lambda: [
            halved_stack([2] * 5 + [1], [1] * 6)[0],
            224 // 7,
            *{halved_stack([2] * 5 + [1], [1] * 6)[1], halved_stack([2] * 3 + [1] * 3, [1] * 4 + [2, 4])[1]},
            halved_stack([2] * 3 + [1] * 3, [1] * 4 + [2, 4])[0],
            224 // 28,
            (28 * 28) // (7 * 7),
        ],
    ),
    "wavenet-field": (
        [1024, 64, 3070, 2047],
        lambda: [1 + sum(2**i for i in range(10)), 1000 * 1024 / 16000, 1 + 3 * 1023, 1 + 2 * 1023],
    ),
    # numerics
    "half-precision": (
        [65504, 90000, "9.8e-4", "4.9e-4", "7.8e-3"],
        lambda: [
            float(np.nextafter(np.float16(np.inf), np.float16(0))),
            300 * 300 if 300 * 300 > np.finfo("float16").max else 0,
            *(f"{v:.1e}".replace("e-0", "e-") for v in (2**-10, 2**-11, 2**-7)),
        ],
    ),
    "which-tolerance": (
        [576, "1.4e-6", "1.0e-5", 16777216],
        lambda: [
            3 * 3 * 64,
            f"{24 * 2**-24:.1e}".replace("e-0", "e-"),
            "1.0e-5",
            next(2**n for n in range(40) if np.float32(2**n) + np.float32(1) == np.float32(2**n)),
        ],
    ),
    # speed
    "how-many-operations": (
        [86704128, 8388608],
        lambda: [multiplied(224 * 224, 9, 3, 64), multiplied(16 * 16, 16, 64, 32)],
    ),
    "out-of-memory": (
        [4294967296, 4, 147456],
        lambda: [
            64 * 512 * 512 * 64 * np.dtype("float32").itemsize,
            2**32 / 2**30,
            ONE((3, 3, 64, 64), "float32").nbytes,
        ],
    ),
    "what-is-im2col": (
        [3136, 576, 9],
        lambda: [len(list(np.ndindex(56, 56))), 3 * 3 * 64, 3136 * 576 / (56 * 56 * 64)],
    ),
    # sequences
    "causal-padding": (
        [2, 100, 210, 321, 432, 8, 10],
        lambda: [
            2,
            *flat(
                keras_layer(
                    "Conv1D",
                    np.array([[[1.0], [2], [3], [4]]]),
                    1,
                    3,
                    kernel=np.array([1.0, 10, 100]).reshape(3, 1, 1),
                    padding="causal",
                    use_bias=False,
                )
            ),
            next(p for p in range(20) if windows(10, 3, 1, (p, 0), 4) == 10),
            keras_layer("Conv1D", ONE((1, 10, 1)), 1, 3, padding="causal", dilation_rate=4).shape[1],
        ],
    ),
    "hop-size": (
        [100, 800, 6400, 12800, 25600, 1500, 30000],
        lambda: [
            *chained(100, *(lambda n, s=s: torch_size(n, 2 * s, s, s // 2) for s in (8, 8, 2, 2))),
            torch_size(100, 30, 15, 8, 1),
            torch_size(1500, 40, 20, 10),
        ],
    ),
    "one-axis-by-two": (
        [1, 10, 2, 20, 3, 30],
        lambda: (
            tf_row([1, 2, 3], [1, 10], 2, "VALID", True)
            if tf_row([1, 2, 3], [1, 10], 2, "VALID", True)
            == flat(
                keras_layer(
                    "Conv1DTranspose",
                    np.array([[[1.0], [2], [3]]]),
                    1,
                    2,
                    kernel=np.array([1.0, 10]).reshape(2, 1, 1),
                    strides=2,
                    use_bias=False,
                )
            )
            else []
        ),
    ),
    "conv-one-two-three": (
        [1536, 4608, 13824],
        lambda: [ONE((3,) * n + (16, 32)).size for n in (1, 2, 3)] if "same length" in tf_says("conv1d") else [],
    ),
    "depth-of-a-volume": (
        [18, 9, 4, 2, 8, 9, 24, 16, 18],
        lambda: [
            *halved(18, 3),
            2 * 2 * 2,
            9,
            *(n for n in range(24, 15, -8)),
            keras_layer("MaxPooling3D", ONE((1, 18, 8, 8, 1)), (1, 2, 2)).shape[1],
        ],
    ),
}
