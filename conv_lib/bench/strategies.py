"""The steps on the way to `conv_lib.conv2d`, each a few lines: the same numbers, other times.

All take x (batch, height, width, channels) and kernel (height, width, channels, filters), and do
"valid" padding. `conv_lib.conv2d_loops` comes before them, `conv_lib.conv2d` after.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows_of(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """Return every window of the input, (batch, rows, columns, i, j, channels), as a view.

    >>> x = np.zeros((1, 6, 7, 2), "float32")
    >>> windows_of(x, np.zeros((3, 4, 2, 5))).shape
    (1, 4, 4, 3, 4, 2)

    Nothing is copied: neighbouring windows are the same numbers in memory.
    """
    view = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return view[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def by_taps(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """One matrix product for each weight of the kernel's grid; the products are added up.

    Nothing is copied ahead, but the whole output is read and written once for each tap.
    """
    k_height, k_width, _, filters = kernel.shape
    rows = (x.shape[1] - k_height) // stride + 1
    columns = (x.shape[2] - k_width) // stride + 1
    y = np.zeros((len(x), rows, columns, filters), np.result_type(x, kernel))
    for i, j in np.ndindex(k_height, k_width):
        below = x[:, i : i + rows * stride : stride, j : j + columns * stride : stride]
        y += below[:, :rows, :columns] @ kernel[i, j]
    return y


def by_windows(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """The definition as one `einsum` over the view: no copy, and no matrix product either."""
    return np.einsum("bhwijc,ijco->bhwo", windows_of(x, kernel, stride), kernel)


def by_im2col(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """All windows copied into the rows of one matrix (im2col), then one matrix product."""
    windows = windows_of(x, kernel, stride)
    filters = kernel.shape[-1]
    rows = windows.reshape(-1, kernel.size // filters)  # this line copies
    y = rows @ kernel.reshape(-1, filters)
    return y.reshape(*windows.shape[:3], filters)
