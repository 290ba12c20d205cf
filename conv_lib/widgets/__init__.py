"""Interactive widgets, alive on a published page, in JupyterLab, Notebook, VS Code and Colab."""

from conv_lib.widgets.explorer import ConvExplorer
from conv_lib.widgets.matrix import MatrixView
from conv_lib.widgets.question import Question

__all__ = ["ConvExplorer", "MatrixView", "Question"]
