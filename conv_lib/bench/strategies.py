"""The steps on the way to `conv_lib.conv2d`, each a few lines: the same numbers, other times.

All take x (batch, height, width, channels) and kernel (height, width, channels, filters), and do
"valid" padding. `conv_lib.conv2d_loops` comes before them, `conv_lib.conv2d` after.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows_of(x, kernel, stride=1):
    """Return all windows, (batch, row, column, i, j, channel), as a view.

    >>> x = np.zeros((1, 6, 7, 2), "float32")
    >>> windows_of(x, np.zeros((3, 4, 2, 5))).shape
    (1, 4, 4, 3, 4, 2)

    Nothing is copied: neighbouring windows are the same numbers in memory.
    """
    view = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return view[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)


def by_taps(x, kernel, stride=1):
    """One matrix product for each place in the kernel; they are added up.

    No window is copied, but the output is read and written once per tap.
    """
    k_height, k_width, _, filters = kernel.shape
    rows = (x.shape[1] - k_height) // stride + 1
    columns = (x.shape[2] - k_width) // stride + 1
    shape = (len(x), rows, columns, filters)
    y = np.zeros(shape, np.result_type(x, kernel))
    for i, j in np.ndindex(k_height, k_width):
        below = x[:, i::stride, j::stride][:, :rows, :columns]
        y += below @ kernel[i, j]
    return y


def by_windows(x, kernel, stride=1):
    """The definition as one `einsum` over the view: nothing is copied."""
    windows = windows_of(x, kernel, stride)
    return np.einsum("bhwijc,ijco->bhwo", windows, kernel)


def by_im2col(x, kernel, stride=1):
    """All windows copied into the rows of one matrix, then one product."""
    windows = windows_of(x, kernel, stride)
    filters = kernel.shape[-1]
    rows = windows.reshape(-1, kernel.size // filters)  # this line copies
    y = rows @ kernel.reshape(-1, filters)
    return y.reshape(*windows.shape[:3], filters)
