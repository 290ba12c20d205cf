"""Interactive widgets, alive on a published page, in JupyterLab, Notebook, VS Code and Colab."""

from conv_lib.widgets.benchplot import BenchPlot
from conv_lib.widgets.channels import ChannelView
from conv_lib.widgets.errors import ErrorReader
from conv_lib.widgets.explorer import ConvExplorer
from conv_lib.widgets.matrix import MatrixView
from conv_lib.widgets.question import Question
from conv_lib.widgets.ruler import SizeRuler

__all__ = ["BenchPlot", "ChannelView", "ConvExplorer", "ErrorReader", "MatrixView", "Question", "SizeRuler"]
