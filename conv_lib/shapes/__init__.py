"""Sizes as plain integers: every size in this book comes from here. Standard library only.

>>> conv_size(6, 3, stride=2, padding="same")
3
>>> transposed_sizes(3, 3, stride=2, padding="same")
range(5, 7)

- `axis`: one layer along one axis, in the words of every framework;
- `layer`: a layer as a value (`Layer`), and its output size by the rules of one framework;
- `receptive`: what one pixel of a stack of layers sees;
- `cost`: parameters and multiply-accumulates of one layer;
- `chain`: a size through many layers, where pixels are lost and what restores them;
- `accepted`: the input sizes that an encoder-decoder with skips accepts;
- `solve`: the settings that take one size to another.

Each function raises TypeError for anything that is not an integer (1.5, "3", True, NaN) and
ValueError for a value out of range; the message states the rule, what came, and the nearest legal
value.
"""

from conv_lib.shapes.accepted import Accepted, accepted_sizes, nearest_accepted
from conv_lib.shapes.axis import (
    conv_size,
    effective_kernel,
    full_size,
    keras_transposed_size,
    padding_pair,
    same_padding,
    torch_transposed_size,
    torch_transposed_window,
    transposed_size,
    transposed_sizes,
    transposed_window,
)
from conv_lib.shapes.chain import Misfit, Step, Trace, restoring_layer, trace
from conv_lib.shapes.cost import Cost, layer_cost
from conv_lib.shapes.layer import Layer, layer_size
from conv_lib.shapes.receptive import Field, pixels_read, receptive_field
from conv_lib.shapes.solve import Answer, Rectangular, Setting, find_settings, overlap

__all__ = [
    "Accepted",
    "Answer",
    "Cost",
    "Field",
    "Layer",
    "Misfit",
    "Rectangular",
    "Setting",
    "Step",
    "Trace",
    "accepted_sizes",
    "conv_size",
    "effective_kernel",
    "find_settings",
    "full_size",
    "keras_transposed_size",
    "layer_cost",
    "layer_size",
    "nearest_accepted",
    "overlap",
    "padding_pair",
    "pixels_read",
    "receptive_field",
    "restoring_layer",
    "same_padding",
    "torch_transposed_size",
    "torch_transposed_window",
    "trace",
    "transposed_size",
    "transposed_sizes",
    "transposed_window",
]
