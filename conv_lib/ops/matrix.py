"""A convolution written out as one matrix, and its transpose as that matrix transposed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import refusal
from conv_lib.ops._arguments import (
    AXIS_NAMES,
    boolean,
    channel_groups,
    convolution_call,
    kernel_rank,
    per_axis,
)
from conv_lib.ops.window import zero_extended

# A matrix of doubles with this many entries takes 240 MB, as triplets 720 MB.
LARGEST = 30_000_000


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """A matrix by its entries: values[n] at row rows[n] and column columns[n], no place twice.

    >>> matrix = conv_matrix((3, 1), np.array([1.0, 10.0]).reshape(2, 1, 1), sparse=True)
    >>> matrix.rows, matrix.columns, matrix.values
    (array([0, 1, 0, 1]), array([0, 1, 1, 2]), array([ 1.,  1., 10., 10.]))
    >>> matrix @ np.array([1.0, 2.0, 4.0])
    array([21., 42.])
    >>> matrix.T @ np.array([1.0, 2.0])
    array([ 1., 12., 20.])

    ``scipy.sparse.coo_array((m.values, (m.rows, m.columns)), m.shape)`` is the same in SciPy.

    Attributes
    ----------
    shape : (int, int)
    rows, columns : ndarray of int64
    values : ndarray
    """

    shape: tuple[int, int]
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray

    @property
    def T(self) -> SparseMatrix:
        """Rows for columns."""
        return SparseMatrix(self.shape[::-1], self.columns, self.rows, self.values)

    def toarray(self) -> np.ndarray:
        """Write all entries out, if they are not too many."""
        _check_count(self.shape[0] * self.shape[1], "a smaller input, or the triplets as they are")
        result = np.zeros(self.shape, self.values.dtype)
        result[self.rows, self.columns] = self.values
        return result

    def __matmul__(self, vector: ArrayLike) -> np.ndarray:
        vector = np.asarray(vector)
        if vector.shape != self.shape[1:]:
            raise ValueError(
                refusal(
                    "A matrix multiplies a vector as long as it has columns.",
                    f"shape {vector.shape} for a matrix of shape {self.shape}",
                    f"shape {self.shape[1:]}",
                )
            )
        products = self.values * vector[self.columns]
        result = np.zeros(self.shape[0], products.dtype)
        np.add.at(result, self.rows, products)
        return result


def conv_matrix(
    shape: tuple[int, ...],
    kernel: ArrayLike,
    *,
    stride: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    dilation: int | tuple[int, ...] = 1,
    groups: int = 1,
    sparse: bool = False,
) -> np.ndarray | SparseMatrix:
    """Return the matrix A with which ``A @ x.ravel()`` is `conv` of one example x.

    >>> conv_matrix((4, 1), np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1))
    array([[  1.,  10., 100.,   0.],
           [  0.,   1.,  10., 100.]])

    ``A.T @ y.ravel()`` is the `conv_transpose` of y with the same kernel and settings and with
    output_shape the sizes in `shape` (for "causal", of the explicit padding: see there). A row
    holds what one output reads, a column where one input goes.

    Parameters
    ----------
    shape : (height, width, in_channels), or (length, in_channels), or (depth, height, width, ...)
        Of one example, without batch.
    kernel : array_like, shape (*kernel_sizes, in_channels // groups, out_channels)
    stride, padding, dilation, groups : as for `conv`
    sparse : bool
        Return only the entries that the kernel puts there, as `SparseMatrix`.

    Returns
    -------
    ndarray or SparseMatrix, shape (outputs * out_channels, inputs * in_channels)
        In the dtype of the kernel, integers widened as for `conv`. Both sides are in the order of
        `ravel`.

    Raises
    ------
    TypeError, ValueError
        As `conv`, and ValueError for a matrix of more than 30 million entries.

    Source: Dumoulin, Visin, https://arxiv.org/abs/1603.07285, section 4.1
    """
    rank, sparse = kernel_rank(kernel), boolean("sparse", sparse)
    shape = _checked_shape(shape, rank)
    # No matrix has fewer entries than columns, and a larger image is not even made.
    _check_count(math.prod(shape), "a smaller input")
    # The call is checked on an empty batch: no memory, all the rules.
    how = (stride, padding, dilation, groups)
    call = convolution_call(np.zeros((0, *shape), bool), kernel, *how, rank=rank)
    kernel, axes, groups = call.kernel, call.axes, call.groups
    outputs, out_channels = [axis.output for axis in axes], kernel.shape[-1]
    size = (math.prod(outputs) * out_channels, math.prod(shape))
    if sparse:
        _check_count(math.prod(outputs) * kernel.size, "a smaller input")
    else:
        _check_count(size[0] * size[1], "sparse=True, or a smaller input")

    # Number the input from 1 and pad with 0, no input: what a tap meets are then column numbers.
    numbers = np.arange(1, size[1] + 1).reshape(shape)
    numbers = zero_extended(numbers, [(-axis.before, axis.size + axis.after) for axis in axes])
    row_numbers = np.arange(size[0]).reshape(*outputs, 1, out_channels)
    entries = []
    for tap in np.ndindex(*kernel.shape[:rank]):
        places = [axis.met_by(i) for i, axis in zip(tap, axes, strict=True)]
        met = numbers[(*places, slice(None))][..., None]
        for ins, outs in channel_groups(groups, shape[-1], out_channels):
            weights = kernel[tap][:, outs]
            rows, columns, values = np.broadcast_arrays(
                row_numbers[..., outs], met[..., ins, :], weights
            )
            inside = columns > 0
            entries.append((rows[inside], columns[inside] - 1, values[inside]))
    matrix = SparseMatrix(size, *(np.concatenate(parts) for parts in zip(*entries, strict=True)))
    return matrix if sparse else matrix.toarray()


def _checked_shape(shape: Any, rank: int) -> tuple[int, ...]:
    names = (*AXIS_NAMES[rank], "in_channels")
    try:
        length = len(shape)
    except TypeError:
        length = 0
    if length != len(names) or isinstance(shape, str):
        raise ValueError(
            refusal(
                f"shape is ({', '.join(names)}), of one example.",
                f"shape={shape!r}",
                f"{len(names)} integers",
            )
        )
    return per_axis("shape", shape, names)


def _check_count(count: int, instead: str) -> None:
    if count > LARGEST:
        raise ValueError(
            refusal(f"A matrix may have up to {LARGEST} entries.", f"{count} entries", instead)
        )
