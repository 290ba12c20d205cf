"""Convolution and its transpose in NumPy, channels last, and what belongs to them.

convolution, transposed    the fast forms, for one to three spatial axes
loops, gather              the same to be read, in two dimensions
gradients                  of both, by input and by kernel
upsampling, blocks,        other ways up and down: repeat, interpolate, rearrange channels, pool
pooling
kernels                    kernels with a purpose; flips and layouts
matrix, phases             both operations as one matrix; where checkerboards come from
window                     padding, cropping and appending zeros in one
"""

from conv_lib.ops.blocks import depth_to_space, pixel_shuffle, pixel_unshuffle, space_to_depth
from conv_lib.ops.convolution import conv, conv1d, conv2d, conv3d, depthwise_conv2d
from conv_lib.ops.gather import conv2d_transpose_gather, zero_insert
from conv_lib.ops.gradients import (
    conv_input_gradient,
    conv_kernel_gradient,
    conv_transpose_input_gradient,
    conv_transpose_kernel_gradient,
)
from conv_lib.ops.kernels import (
    bilinear_kernel,
    box_kernel,
    convert_kernel,
    flip_kernel,
    icnr,
    resize_conv_kernel,
    resize_conv_projection,
)
from conv_lib.ops.loops import conv2d_loops, conv2d_transpose_loops
from conv_lib.ops.matrix import SparseMatrix, conv_matrix
from conv_lib.ops.phases import frequency_response, level_phases, overlap_counts, phase_sums
from conv_lib.ops.pooling import (
    average_pool,
    max_pool,
    max_pool_gradient,
    max_unpool,
    sum_pool,
)
from conv_lib.ops.transposed import (
    conv1d_transpose,
    conv2d_transpose,
    conv3d_transpose,
    conv_transpose,
)
from conv_lib.ops.upsampling import upsample_bilinear, upsample_nearest
from conv_lib.ops.window import zero_extended

__all__ = [
    "SparseMatrix",
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
    "level_phases",
    "max_pool",
    "max_pool_gradient",
    "max_unpool",
    "overlap_counts",
    "phase_sums",
    "pixel_shuffle",
    "pixel_unshuffle",
    "resize_conv_kernel",
    "resize_conv_projection",
    "space_to_depth",
    "sum_pool",
    "upsample_bilinear",
    "upsample_nearest",
    "zero_extended",
    "zero_insert",
]
