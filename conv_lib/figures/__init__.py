"""Matplotlib drawings in the book's colours, for print and for pages read without JavaScript."""

from conv_lib.figures.layer import layer_figure
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.figures.presets import PRESETS

__all__ = ["PALETTE", "PRESETS", "layer_figure", "role_colour", "tint"]
