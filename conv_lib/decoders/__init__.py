"""Small decoders that train in seconds: data, Keras models, training, a measure of checkerboards, packed weights.

Only the chapter on decoders and its widget's tests import this. TensorFlow and scikit-learn are imported where they
are used: what measures and packs needs NumPy alone.
"""

from conv_lib.decoders.data import DigitSet, digits, two_digits
from conv_lib.decoders.forward import Op, describe_ops, run_ops
from conv_lib.decoders.measure import checkerboard, intersection_over_union, phase_means, stride_pattern
from conv_lib.decoders.models import KINDS, decoder, discriminator, encoder, generator, segmenter, upsampler
from conv_lib.decoders.pack import pack, unpack, unpacked, weight_shapes
from conv_lib.decoders.train import Film, GanHistory, learn_plane, train_gan, train_twins

__all__ = [
    "KINDS",
    "DigitSet",
    "Film",
    "GanHistory",
    "Op",
    "checkerboard",
    "decoder",
    "describe_ops",
    "digits",
    "discriminator",
    "encoder",
    "generator",
    "intersection_over_union",
    "learn_plane",
    "pack",
    "phase_means",
    "run_ops",
    "segmenter",
    "stride_pattern",
    "train_gan",
    "train_twins",
    "two_digits",
    "unpack",
    "unpacked",
    "upsampler",
    "weight_shapes",
]
