"""Convolution and transposed convolution: exact sizes, readable NumPy, and a check against others.

>>> import numpy as np
>>> from conv_lib import conv2d, conv2d_transpose
>>> kernel = np.ones((2, 2, 1, 1))
>>> conv2d(np.ones((1, 3, 3, 1)), kernel)[0, :, :, 0]
array([[4., 4.],
       [4., 4.]])
>>> conv2d_transpose(np.ones((1, 2, 2, 1)), kernel)[0, :, :, 0]
array([[1., 2., 1.],
       [2., 4., 2.],
       [1., 2., 1.]])

Importing it loads NumPy and nothing heavier.
"""

from conv_lib import shapes
from conv_lib.compare import Agreement, agreement
from conv_lib.ops import (
    SparseMatrix,
    average_pool,
    bilinear_kernel,
    box_kernel,
    conv,
    conv1d,
    conv1d_transpose,
    conv2d,
    conv2d_loops,
    conv2d_transpose,
    conv2d_transpose_gather,
    conv2d_transpose_loops,
    conv3d,
    conv3d_transpose,
    conv_input_gradient,
    conv_kernel_gradient,
    conv_matrix,
    conv_transpose,
    conv_transpose_input_gradient,
    conv_transpose_kernel_gradient,
    convert_kernel,
    depth_to_space,
    depthwise_conv2d,
    flip_kernel,
    frequency_response,
    icnr,
    max_pool,
    max_pool_gradient,
    max_unpool,
    overlap_counts,
    phase_sums,
    pixel_shuffle,
    pixel_unshuffle,
    resize_conv_kernel,
    resize_conv_projection,
    space_to_depth,
    sum_pool,
    upsample_bilinear,
    upsample_nearest,
    zero_extended,
    zero_insert,
)

__version__ = "0.1.0"

__all__ = [
    "Agreement",
    "SparseMatrix",
    "agreement",
    "average_pool",
    "bilinear_kernel",
    "box_kernel",
    "conv",
    "conv1d",
    "conv1d_transpose",
    "conv2d",
    "conv2d_loops",
    "conv2d_transpose",
    "conv2d_transpose_gather",
    "conv2d_transpose_loops",
    "conv3d",
    "conv3d_transpose",
    "conv_input_gradient",
    "conv_kernel_gradient",
    "conv_matrix",
    "conv_transpose",
    "conv_transpose_input_gradient",
    "conv_transpose_kernel_gradient",
    "convert_kernel",
    "depth_to_space",
    "depthwise_conv2d",
    "flip_kernel",
    "frequency_response",
    "icnr",
    "max_pool",
    "max_pool_gradient",
    "max_unpool",
    "overlap_counts",
    "phase_sums",
    "pixel_shuffle",
    "pixel_unshuffle",
    "resize_conv_kernel",
    "resize_conv_projection",
    "shapes",
    "space_to_depth",
    "sum_pool",
    "upsample_bilinear",
    "upsample_nearest",
    "zero_extended",
    "zero_insert",
]
