"""Interactive widgets, alive on a published page, in JupyterLab, Notebook, VS Code and Colab."""

from conv_lib.widgets.benchplot import BenchPlot
from conv_lib.widgets.chain import DecoderRuler
from conv_lib.widgets.channels import ChannelView
from conv_lib.widgets.clinic import Clinic
from conv_lib.widgets.decoder import LiveDecoder
from conv_lib.widgets.errors import ErrorReader
from conv_lib.widgets.explorer import ConvExplorer
from conv_lib.widgets.index import QuestionIndex
from conv_lib.widgets.links import see
from conv_lib.widgets.matrix import MatrixView
from conv_lib.widgets.phase import PhaseLab
from conv_lib.widgets.question import Question
from conv_lib.widgets.rounding import RoundingCheck
from conv_lib.widgets.ruler import SizeRuler
from conv_lib.widgets.solver import SizeSolver
from conv_lib.widgets.translator import Translator
from conv_lib.widgets.upsampling import UpsamplingBench

__all__ = [
    "BenchPlot",
    "ChannelView",
    "Clinic",
    "ConvExplorer",
    "DecoderRuler",
    "ErrorReader",
    "LiveDecoder",
    "MatrixView",
    "PhaseLab",
    "Question",
    "QuestionIndex",
    "RoundingCheck",
    "SizeRuler",
    "SizeSolver",
    "Translator",
    "UpsamplingBench",
    "see",
]
