"""Matplotlib drawings in the book's colours, for print and for pages read without JavaScript."""

from conv_lib.figures.layer import layer_figure
from conv_lib.figures.matrix import matrix_figure, weight_places
from conv_lib.figures.page import Drawing, svg
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.figures.positions import Stamp, positions_figure
from conv_lib.figures.presets import PRESETS
from conv_lib.figures.row import LabelledGrid, row_figure
from conv_lib.figures.windows import windows_figure

__all__ = [
    "PALETTE",
    "PRESETS",
    "Drawing",
    "LabelledGrid",
    "Stamp",
    "layer_figure",
    "matrix_figure",
    "positions_figure",
    "role_colour",
    "row_figure",
    "svg",
    "tint",
    "weight_places",
    "windows_figure",
]
