"""Both directions as loops, to be read: the slow forms that the fast ones must equal.

Side by side they differ in one line. The convolution reads ``row * stride + i * dilation`` of its
input and adds into ``row``; the transpose reads ``row`` and adds into
``row * stride + i * dilation``.
"""

from __future__ import annotations

import numpy as np

from conv_lib.ops._arguments import channel_groups, convolution_call, transposed_call
from conv_lib.ops.window import zero_extended


def conv2d_loops(x, kernel, *, stride=1, padding="valid", dilation=1, groups=1):
    """Convolve as `conv_lib.conv2d` does: for each output pixel, gather what the kernel covers.

    >>> conv2d_loops(np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)))[0, :, :, 0]
    array([[4., 4.],
           [4., 4.]])
    """
    call = convolution_call(x, kernel, stride, padding, dilation, groups)
    x, kernel, (rows, columns), groups, dtype = call
    padded = zero_extended(x, [(-axis.before, axis.size + axis.after) for axis in (rows, columns)])
    out_channels = kernel.shape[-1]
    result = np.zeros((*x.shape[:-3], rows.output, columns.output, out_channels), x.dtype)

    for row, column in np.ndindex(rows.output, columns.output):
        for i, j in np.ndindex(rows.kernel, columns.kernel):
            r = row * rows.stride + i * rows.dilation
            c = column * columns.stride + j * columns.dilation
            for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
                result[..., row, column, outs] += padded[..., r, c, ins] @ kernel[i, j][:, outs]

    return result.astype(dtype, copy=False)


def conv2d_transpose_loops(
    x,
    kernel,
    *,
    stride=1,
    padding="valid",
    dilation=1,
    output_padding=None,
    output_shape=None,
    groups=1,
):
    """Transpose as `conv_lib.conv2d_transpose` does: each input pixel scatters the kernel.

    >>> conv2d_transpose_loops(np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)))[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    call = transposed_call(
        x, kernel, stride, padding, dilation, output_padding, output_shape, groups
    )
    x, kernel, (rows, columns), groups, dtype = call
    out_channels = kernel.shape[-2] * groups
    full = np.zeros((*x.shape[:-3], rows.full, columns.full, out_channels), x.dtype)

    for row, column in np.ndindex(rows.size, columns.size):
        for i, j in np.ndindex(rows.kernel, columns.kernel):
            r = row * rows.stride + i * rows.dilation
            c = column * columns.stride + j * columns.dilation
            for ins, outs in channel_groups(groups, x.shape[-1], out_channels):
                full[..., r, c, outs] += x[..., row, column, ins] @ kernel[i, j][:, ins].T

    return zero_extended(full, [rows.window, columns.window]).astype(dtype, copy=False)
