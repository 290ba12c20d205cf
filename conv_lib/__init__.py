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

from conv_lib import ops, shapes
from conv_lib.compare import Agreement, agreement
from conv_lib.ops import *  # noqa: F403  (its names are listed there, once)

__version__ = "0.1.0"

__all__ = ["Agreement", "agreement", "shapes"]
__all__ += ops.__all__
