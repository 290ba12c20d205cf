"""Interactive widgets, alive on a published page, in JupyterLab, Notebook, VS Code and Colab."""

from conv_lib.widgets.channels import ChannelView
from conv_lib.widgets.explorer import ConvExplorer

__all__ = ["ChannelView", "ConvExplorer"]
