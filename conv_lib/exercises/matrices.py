"""Exercises of chapters 3 and 4: the matrix of a convolution, and its adjoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conv_lib.exercises._data import digits, signed
from conv_lib.exercises._exercise import ARRAY, TRUTH, Exercise, Mutant
from conv_lib.exercises.convolution import _plain
from conv_lib.ops import conv2d, conv2d_transpose


def _matrix_of(layer: Callable, shape: tuple[int, ...]) -> np.ndarray:
    cells = int(np.prod(shape))
    one_hot = np.eye(cells).reshape(cells, *shape)
    return np.reshape(layer(one_hot), (cells, -1)).T


def _matrix(shape: tuple[int, int], kernel: Any, stride: int = 1) -> np.ndarray:
    def layer(x: np.ndarray) -> np.ndarray:
        return conv2d(x[..., None], kernel[..., None, None], stride=stride)

    return _matrix_of(layer, shape)


def _assembled(place: Callable[..., int]) -> Callable[..., np.ndarray]:
    """A matrix built with loops, where `place` says (wrongly) in which column a weight lands."""

    def wrong(shape: tuple[int, int], kernel: Any, stride: int = 1) -> np.ndarray:
        (h, w), (kh, kw) = shape, kernel.shape
        out_h, out_w = (h - kh) // stride + 1, (w - kw) // stride + 1
        matrix = np.zeros((out_h * out_w, h * w))
        for i, j, a, b in np.ndindex(out_h, out_w, kh, kw):
            matrix[i * out_w + j, place(i, j, a, b, h, w, stride, out_w)] = kernel[a, b]
        return matrix

    return wrong


def _circulant(shape: tuple[int, int], kernel: Any, stride: int = 1) -> np.ndarray:
    rows = []
    for i, j in np.ndindex(*shape):
        row = np.zeros(shape)
        for (a, b), weight in np.ndenumerate(kernel):
            row[(i + a) % shape[0], (j + b) % shape[1]] += weight
        rows.append(row.ravel())
    return np.array(rows)


def _column_major(shape: tuple[int, int], kernel: Any, stride: int = 1) -> np.ndarray:
    """Rows of A reordered as if both images were read down their columns."""
    matrix = _matrix(shape, kernel, stride)
    outs = [(n - k) // stride + 1 for n, k in zip(shape, kernel.shape, strict=True)]
    rows = np.arange(len(matrix)).reshape(outs).ravel(order="F")
    columns = np.arange(matrix.shape[1]).reshape(shape).ravel(order="F")
    return matrix[rows][:, columns]


def _grid(height: int, width: int, k_height: int, k_width: int, **options: int) -> dict[str, Any]:
    return {"shape": (height, width), "kernel": digits(k_height, k_width, seed=height), **options}


CONV_MATRIX = Exercise(
    name="conv_matrix",
    task='Return the matrix A of a convolution with one channel and "valid" padding: '
    "`A @ x.ravel()` is the output, for an image `x` of `shape` (height, width).",
    takes=("shape", "kernel"),
    options={"stride": 1},
    right=_matrix,
    cases=(
        _grid(2, 3, 2, 2),
        _grid(1, 3, 1, 2),
        _grid(2, 3, 1, 2),
        _grid(3, 2, 2, 1),
        _grid(3, 4, 2, 2),
        {"shape": (4, 5), "kernel": signed(3, 2, seed=8)},
        _grid(3, 5, 2, 2, stride=2),
        _grid(5, 4, 1, 2, stride=3),
        _grid(5, 6, 3, 2, stride=2),
    ),
    mutants=(
        Mutant("It is turned: a row belongs to an output, a column to an input.", lambda **a: _matrix(**a).T),
        Mutant(
            "A row of the image is counted as h cells. It has w: cell [i, j] is number i·w + j.",
            _assembled(lambda i, j, a, b, h, w, s, ow: (i * s + a) * h + j * s + b),
        ),
        Mutant(
            "The cells are numbered with the output's width. Columns of A are cells of the input: i·w + j.",
            _assembled(lambda i, j, a, b, h, w, s, ow: (i * s + a) * ow + j * s + b),
        ),
        Mutant(
            "The kernel is turned by 180 degrees: that is the matrix of a convolution in the mathematical sense.",
            lambda shape, kernel, stride=1: _matrix(shape, kernel[::-1, ::-1], stride),
        ),
        Mutant(
            "The kernel's rows and columns are swapped.",
            lambda shape, kernel, stride=1: _matrix(shape, kernel.T, stride),
        ),
        Mutant(
            "The stride is forgotten: it leaves out rows of A.",
            lambda shape, kernel, stride=1: _matrix(shape, kernel),
        ),
        Mutant(
            "The stride multiplies the kernel's index. It moves the window: i·s + a.",
            _assembled(lambda i, j, a, b, h, w, s, ow: (i + a * s) * w + j + b * s),
        ),
        Mutant(
            "The stride is in the number of rows, but not in the place of the window: that begins at i·s.",
            _assembled(lambda i, j, a, b, h, w, s, ow: (i + a) * w + j + b),
        ),
        Mutant("The image is read down its columns. Read it row by row.", _column_major),
        Mutant("The kernel runs round the edge of the image: that is circular padding.", _circulant),
        Mutant(
            "The last rows are missing: a kernel of k fits n − k + 1 times.",
            lambda **a: _matrix(**a)[:-1],
        ),
    ),
    kind=ARRAY,
    roles={"kernel": "kernel"},
)


def _layer_case(height: int, width: int, k_height: int, k_width: int, ins: int, outs: int, **options: Any) -> dict:
    kernel = signed(k_height, k_width, ins, outs, seed=9)

    def layer(x: Any) -> np.ndarray:
        return conv2d(np.asarray(x), kernel, **options)

    return {"layer": layer, "shape": (height, width, ins)}


MATRIX_OF = Exercise(
    name="matrix_of",
    task="Return the matrix of a linear layer: `layer` is a function that takes a batch, `shape` the shape of one "
    "example. `matrix_of(layer, shape) @ x.ravel()` is the output, flattened.",
    takes=("layer", "shape"),
    right=_matrix_of,
    cases=(
        _layer_case(1, 2, 1, 1, 1, 1),
        _layer_case(1, 3, 1, 2, 1, 1),
        _layer_case(2, 3, 1, 2, 1, 2),
        _layer_case(3, 2, 2, 2, 2, 1),
        _layer_case(3, 4, 2, 2, 2, 3, stride=2, padding="same"),
    ),
    mutants=(
        Mutant(
            "It is turned: the answer to the one-hot image number c is column c.",
            lambda **a: _matrix_of(**a).T,
        ),
        Mutant(
            "The layer saw one image of ones. Each cell needs a one-hot image of its own.",
            lambda layer, shape: np.diag(np.reshape(layer(np.ones((1, *shape))), -1)),
        ),
        Mutant(
            "Only one column is filled: there is one for every cell of the input.",
            lambda layer, shape: _matrix_of(layer, shape) * (np.arange(np.prod(shape)) == np.prod(shape) - 1),
        ),
        Mutant(
            "The shape is that of the outputs, one for each one-hot image; flatten each to a column.",
            lambda layer, shape: np.asarray(layer(np.eye(int(np.prod(shape))).reshape(-1, *shape))),
        ),
        Mutant(
            "The outputs are flattened down their columns. Read them row by row.",
            lambda layer, shape: (
                np.reshape(
                    np.asarray(layer(np.eye(int(np.prod(shape))).reshape(-1, *shape))).swapaxes(1, 2),
                    (int(np.prod(shape)), -1),
                ).T
            ),
        ),
    ),
    kind=ARRAY,
)


# ------------------------------------------------------------------------------------ adjoint


def _back(y: Any, kernel: Any, shape: tuple[int, int], stride: int = 1) -> np.ndarray:
    return conv2d_transpose(y[..., None], kernel[..., None, None], stride=stride, output_shape=shape)[..., 0]


def _smallest(y: Any, kernel: Any, shape: Any, stride: int = 1) -> np.ndarray:
    """The full result, without the rows that no window reached."""
    return conv2d_transpose(y[..., None], kernel[..., None, None], stride=stride, padding=0)[..., 0]


def _averaged(y: Any, kernel: Any, shape: Any, stride: int = 1) -> np.ndarray:
    counts = _back(np.ones_like(y), np.ones_like(kernel), shape, stride)
    return _back(y, kernel, shape, stride) / np.maximum(counts, 1)


def _overwritten(y: Any, kernel: Any, shape: Any, stride: int = 1) -> np.ndarray:
    result = np.zeros(shape)
    for (i, j), value in np.ndenumerate(y):
        result[i * stride : i * stride + kernel.shape[0], j * stride : j * stride + kernel.shape[1]] = value * kernel
    return result


def _stride_lost(y: Any, kernel: Any, shape: Any, stride: int = 1) -> np.ndarray:
    result = np.zeros(shape)
    for (i, j), value in np.ndenumerate(y):
        result[i : i + kernel.shape[0], j : j + kernel.shape[1]] += value * kernel
    return result


def _inverse(y: Any, kernel: Any, shape: Any, stride: int = 1) -> np.ndarray:
    return (np.linalg.pinv(_matrix(shape, kernel, stride)) @ y.ravel()).reshape(shape)


def _gradient(height: int, width: int, k_height: int, k_width: int, **options: int) -> dict[str, Any]:
    stride = options.get("stride", 1)
    outs = [(n - k) // stride + 1 for n, k in ((height, k_height), (width, k_width))]
    return {"y": digits(*outs, seed=width), "kernel": digits(k_height, k_width), "shape": (height, width), **options}


ADJOINT = Exercise(
    name="adjoint",
    task='Return the gradient of a "valid" convolution with respect to its input: from `y`, the gradient of the '
    "output, `kernel` and the `shape` (height, width) of the input. Then "
    "sum(conv2d(x, kernel) * y) equals sum(x * adjoint(y, kernel, x.shape)) for every x.",
    takes=("y", "kernel", "shape"),
    options={"stride": 1},
    right=_back,
    cases=(
        _gradient(3, 4, 2, 2),
        _gradient(1, 3, 1, 2),
        _gradient(2, 3, 2, 2),
        _gradient(4, 5, 3, 2),
        _gradient(1, 4, 1, 2, stride=2),
        _gradient(1, 4, 1, 3, stride=2),
        _gradient(5, 6, 2, 3, stride=2),
        _gradient(6, 8, 3, 2, stride=3),
    ),
    mutants=(
        Mutant(
            "The rows and columns at the end that no window reached are missing. Their gradient is zero; the result "
            "has the shape of the input.",
            _smallest,
        ),
        Mutant(
            "The kernel is turned by 180 degrees. The stamp is the kernel as it is stored.",
            lambda y, kernel, shape, stride=1: _back(y, kernel[::-1, ::-1], shape, stride),
        ),
        Mutant(
            "Overlaps replace each other: use `+=`, not `=`.",
            _overwritten,
        ),
        Mutant("Overlaps are averaged. Gradients of all paths add up.", _averaged),
        Mutant("The stride is not in the place of the stamp: it begins at row * stride.", _stride_lost),
        Mutant("That is the inverse (its best fit). Asked for is the transpose.", _inverse),
        Mutant(
            "The kernel's rows and columns are swapped.",
            lambda y, kernel, shape, stride=1: _back(y, kernel.T, shape, stride),
        ),
        Mutant(
            "That is the convolution of `y`: smaller, where the gradient must be as large as the input.",
            lambda y, kernel, shape, stride=1: _plain(y, kernel, stride),
        ),
    ),
    kind=ARRAY,
    roles={"y": "input", "kernel": "kernel"},
)


# ----------------------------------------------------------------------- tools of chapter 4


def _agrees(forward: Callable, backward: Callable, x: Any, y: Any) -> bool:
    return bool(np.isclose(np.sum(forward(x) * y), np.sum(x * backward(y))))


_KERNEL = np.array([[1.0, 3], [2, -1]]).reshape(2, 2, 1, 1)


def _convolution(x: Any) -> np.ndarray:
    return conv2d(x, _KERNEL)


def _its_transpose(y: Any) -> np.ndarray:
    return conv2d_transpose(y, _KERNEL)


def _with_flipped_kernel(y: Any) -> np.ndarray:
    return conv2d_transpose(y, _KERNEL[::-1, ::-1])


def _shifted_by_a_row(y: Any) -> np.ndarray:
    return np.roll(_its_transpose(y), 1, axis=1)


def _twice(y: Any) -> np.ndarray:
    return 2 * _its_transpose(y)


def _negative(y: Any) -> np.ndarray:
    return -_its_transpose(y)


def _doubled(x: Any) -> Any:
    return 2 * x


def _halved(x: Any) -> Any:
    return x / 2


def _unchanged(x: Any) -> Any:
    return 1 * x


def _reversed(x: Any) -> Any:
    return x[::-1]


for _function in (
    *(_convolution, _its_transpose, _with_flipped_kernel, _shifted_by_a_row, _twice, _negative),
    *(_doubled, _halved, _unchanged, _reversed),
):
    _function.__name__ = _function.__name__.lstrip("_")


def _trial(forward: Callable, backward: Callable, x: list[float], y: list[float]) -> dict[str, Any]:
    return {"forward": forward, "backward": backward, "x": np.array(x), "y": np.array(y)}


def _pair(backward: Callable, height: int, width: int, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {
        "forward": _convolution,
        "backward": backward,
        "x": random.normal(size=(1, height, width, 1)),
        "y": random.normal(size=(1, height - 1, width - 1, 1)),
    }


ADJOINT_TEST = Exercise(
    name="adjoint_test",
    task="Return True when `backward` is the transpose of `forward`, as far as one `x` and one `y` of fitting shapes "
    "can tell, and False otherwise.",
    takes=("forward", "backward", "x", "y"),
    right=_agrees,
    cases=(
        _trial(_doubled, _doubled, [1.0, 2], [5.0, 3]),
        _trial(_doubled, _halved, [1.0, 2], [5.0, 3]),
        _trial(_unchanged, _reversed, [1.0, 5], [2.0, 4]),
        _trial(_reversed, _reversed, [1.0, 2], [5.0, 3]),
    )
    + tuple(
        _pair(backward, height, width, seed)
        for backward, height, width, seed in (
            (_its_transpose, 2, 3, 1),
            (_with_flipped_kernel, 2, 3, 2),
            (_shifted_by_a_row, 3, 4, 3),
            (_twice, 2, 3, 4),
            (_negative, 2, 3, 5),
            *((_its_transpose, 4 + i % 3, 5 + i % 2, 6 + i) for i in range(12)),
        )
    ),
    mutants=(
        Mutant("It says True to everything.", lambda forward, backward, x, y: True),
        Mutant("It says False to everything.", lambda forward, backward, x, y: False),
        Mutant(
            "Floats are compared with `==`. The two sums are rounded differently: use `np.isclose`.",
            lambda forward, backward, x, y: np.sum(forward(x) * y) == np.sum(x * backward(y)),
        ),
        Mutant(
            "Only the sums of the results are compared. Multiply by `y` and by `x` before adding up.",
            lambda forward, backward, x, y: np.isclose(forward(x).sum(), backward(y).sum()),
        ),
        Mutant(
            "It asks whether `backward` undoes `forward`. A transpose need not.",
            lambda forward, backward, x, y: np.allclose(backward(forward(x)), x),
        ),
        Mutant(
            "The sign is lost: the sums themselves must agree, not their sizes.",
            lambda forward, backward, x, y: np.isclose(abs(np.sum(forward(x) * y)), abs(np.sum(x * backward(y)))),
        ),
    ),
    kind=TRUTH,
)


def _every_other(x: Any) -> Any:
    return x[:, ::2]


def _neighbours(x: Any) -> Any:
    return x[:, 1:] + 3 * x[:, :-1]


def _rows_and_columns(x: Any) -> Any:
    return x[:, 1:, ::2] - 2 * x[:, :-1, ::2]


for _function in (_every_other, _neighbours, _rows_and_columns):
    _function.__name__ = _function.__name__.lstrip("_")


def _transpose_of(forward: Callable, y: Any, shape: tuple[int, ...]) -> np.ndarray:
    matrix = _matrix_of(lambda x: forward(x), shape[1:])
    return (matrix.T @ np.asarray(y, float).ravel()).reshape(shape)


def _asked(forward: Callable, *shape: int) -> dict[str, Any]:
    y = forward(np.zeros((1, *shape)))
    return {
        "forward": forward,
        "y": digits(*y.shape).astype("float32"),
        "shape": (1, *shape),
    }


TRANSPOSE_OF = Exercise(
    name="transpose_of",
    task="Return the transpose of a linear function `forward`, applied to `y`: an array of `shape`, the shape of "
    "`forward`'s input. You may only call `forward`.",
    takes=("forward", "y", "shape"),
    right=_transpose_of,
    cases=(
        _asked(_doubled, 2),
        _asked(_every_other, 3),
        _asked(_neighbours, 3),
        _asked(_neighbours, 4),
        _asked(_rows_and_columns, 3, 4),
    ),
    mutants=(
        Mutant(
            "The gradient is that of the sum of the outputs. Multiply them by `y` first.",
            lambda forward, y, shape: _transpose_of(forward, np.ones_like(y), shape),
        ),
        Mutant(
            "It is twice too large: the product with `y` was squared or counted twice.",
            lambda forward, y, shape: 2 * _transpose_of(forward, y, shape),
        ),
        Mutant(
            "That is the inverse (its best fit). Asked for is the transpose.",
            lambda forward, y, shape: (np.linalg.pinv(_matrix_of(forward, shape[1:])) @ y.ravel()).reshape(shape),
        ),
        Mutant(
            "That is `forward` itself, applied to `y`.",
            lambda forward, y, shape: forward(y),
        ),
    ),
    kind=ARRAY,
    roles={"y": "input"},
)


def _input_gradient(g: Any, kernel: Any) -> np.ndarray:
    return conv2d_transpose(g, kernel, padding=0)


def _by_convolution(g: Any, kernel: Any, *, pad: int = -1) -> np.ndarray:
    around = [(0, 0), *((k + pad, k + pad) for k in kernel.shape[:2]), (0, 0)]
    return conv2d(np.pad(g, around), kernel)


def _turned(kernel: Any) -> np.ndarray:
    return kernel[::-1, ::-1].swapaxes(2, 3)


def _passed_back(height: int, width: int, k_height: int, k_width: int, ins: int, outs: int, batch: int = 1) -> dict:
    return {
        "g": digits(batch, height, width, outs, seed=ins),
        "kernel": digits(k_height, k_width, ins, outs, seed=outs),
    }


INPUT_GRADIENT = Exercise(
    name="input_gradient",
    task='Return the gradient with respect to the input of a "valid" convolution with stride 1, as a convolution: from '
    "`g` of shape (batch, height, width, out), the gradient of its output, and its `kernel` of shape (kernel height, "
    "kernel width, in, out).",
    takes=("g", "kernel"),
    right=_input_gradient,
    cases=(
        _passed_back(1, 2, 1, 1, 2, 2),
        _passed_back(2, 3, 2, 2, 1, 1),
        _passed_back(2, 3, 1, 2, 2, 2),
        _passed_back(2, 3, 2, 2, 3, 2),
        _passed_back(3, 4, 2, 3, 3, 4, 2),
    ),
    mutants=(
        Mutant(
            "The kernel is not turned by 180 degrees in space.",
            lambda g, kernel: _by_convolution(g, kernel.swapaxes(2, 3)),
        ),
        Mutant(
            "The channel axes are not swapped: the gradient's channels are the convolution's outputs.",
            lambda g, kernel: _by_convolution(g, kernel[::-1, ::-1]),
        ),
        Mutant(
            "The channels are turned too. Only height and width run backwards; the channel axes change places.",
            lambda g, kernel: _by_convolution(g, np.flip(kernel).swapaxes(2, 3)),
        ),
        Mutant(
            "Height and width of the kernel have changed places: that is a transposition, not a rotation.",
            lambda g, kernel: _by_convolution(g, kernel.transpose(1, 0, 3, 2)),
        ),
        Mutant(
            "The gradient is not padded by kernel − 1: the result must be as large as the input.",
            lambda g, kernel: conv2d(g, _turned(kernel)),
        ),
        Mutant(
            "The gradient is padded by the kernel's size. One fewer is enough.",
            lambda g, kernel: _by_convolution(g, _turned(kernel), pad=0),
        ),
        Mutant(
            'That is "same" padding. The result must be kernel − 1 larger than the gradient.',
            lambda g, kernel: conv2d(g, _turned(kernel), padding="same"),
        ),
    ),
    kind=ARRAY,
    roles={"g": "input", "kernel": "kernel"},
    batch=True,
    out_axis=2,
)


MATRICES = (CONV_MATRIX, MATRIX_OF, ADJOINT, ADJOINT_TEST, TRANSPOSE_OF, INPUT_GRADIENT)
