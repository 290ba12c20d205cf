"""Matplotlib drawings in the book's colours, for print and for pages read without JavaScript."""

from conv_lib.figures.chain import chain_figure
from conv_lib.figures.channels import channels_figure
from conv_lib.figures.gallery import gallery_figure
from conv_lib.figures.layer import layer_figure
from conv_lib.figures.matrix import matrix_figure, weight_places
from conv_lib.figures.overlay import overlay_figure
from conv_lib.figures.page import Drawing, Picture, svg
from conv_lib.figures.palette import PALETTE, role_colour, tint
from conv_lib.figures.phases import bars_figure, phase_figure, pictures_figure
from conv_lib.figures.photo import fields_figure, photograph, small_photograph
from conv_lib.figures.positions import Stamp, positions_figure
from conv_lib.figures.presets import PRESETS
from conv_lib.figures.row import LabelledGrid, row_figure
from conv_lib.figures.ruler import ruler_figure, stack_figure
from conv_lib.figures.windows import windows_figure

__all__ = [
    "PALETTE",
    "PRESETS",
    "Drawing",
    "Picture",
    "chain_figure",
    "fields_figure",
    "channels_figure",
    "layer_figure",
    "matrix_figure",
    "bars_figure",
    "phase_figure",
    "gallery_figure",
    "overlay_figure",
    "photograph",
    "small_photograph",
    "pictures_figure",
    "role_colour",
    "ruler_figure",
    "stack_figure",
    "LabelledGrid",
    "Stamp",
    "positions_figure",
    "row_figure",
    "svg",
    "tint",
    "weight_places",
    "windows_figure",
]
