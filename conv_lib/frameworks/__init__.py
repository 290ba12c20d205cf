"""What each framework means by a convolution, as data, and layers from one to another.

>>> import numpy as np
>>> encoder = framework_layer("torch", "conv", np.ones((4, 3, 3, 3)), (6, 7), stride=2, padding=1)
>>> print(convert(encoder, "keras").code)  # doctest: +NORMALIZE_WHITESPACE
keras.ops.conv(keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), kernel, strides=(2, 2),
    padding='valid', dilation_rate=(1, 1), data_format='channels_last')
>>> for row in FRAMEWORKS.values():
...     print(f"{row.name:12} {row.data} {row.kernels['conv']} {row.kernels['transposed']}")
tf           NSC SIO SOI
keras        NSC SIO SOI
torch        NCS OIS IOS
jax          NSC SIO SOI
jax-default  NSC SIO SIO
onnx         NCS OIS IOS

Only NumPy is needed: no framework is imported. `tests/frameworks` holds every row to the framework
itself (`make test-frameworks`).
"""

from conv_lib.frameworks.convert import (
    FRAMEWORKS,
    convert,
    framework_layer,
    keras_layer,
    meaning_of,
    run_conversion,
    run_layer,
)
from conv_lib.frameworks.layer import Conversion, Framework, FrameworkLayer, relayout
from conv_lib.frameworks.meaning import Axis, Meaning, evaluate
from conv_lib.frameworks.typed import Mismatch, call_line, mismatch, typed_in

__all__ = [
    "FRAMEWORKS",
    "Axis",
    "Conversion",
    "Framework",
    "FrameworkLayer",
    "Meaning",
    "Mismatch",
    "call_line",
    "convert",
    "evaluate",
    "framework_layer",
    "keras_layer",
    "meaning_of",
    "mismatch",
    "relayout",
    "run_conversion",
    "run_layer",
    "typed_in",
]
