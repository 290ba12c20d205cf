"""Matplotlib drawings in the book's colours, for print and for pages read without JavaScript."""

from conv_lib.figures.channels import channels_figure
from conv_lib.figures.layer import layer_figure
from conv_lib.figures.page import Drawing, svg
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.figures.presets import PRESETS
from conv_lib.figures.windows import windows_figure

__all__ = [
    "PALETTE",
    "PRESETS",
    "Drawing",
    "channels_figure",
    "layer_figure",
    "role_colour",
    "svg",
    "tint",
    "windows_figure",
]
