"""Convolution and its transpose in NumPy, channels last: forms to read and forms to run."""

from conv_lib.ops.convolution import conv2d
from conv_lib.ops.gather import conv2d_transpose_gather, zero_insert
from conv_lib.ops.loops import conv2d_loops, conv2d_transpose_loops
from conv_lib.ops.transposed import conv2d_transpose
from conv_lib.ops.window import zero_extended

__all__ = [
    "conv2d",
    "conv2d_loops",
    "conv2d_transpose",
    "conv2d_transpose_gather",
    "conv2d_transpose_loops",
    "zero_extended",
    "zero_insert",
]
