"""Exercises that check themselves: ``check("conv2d", my_conv2d)``.

Each exercise is a row with its task, the right function, cases from small to large, and the mistakes that
people make; a wrong result is compared with theirs.
"""

from conv_lib.exercises._check import EXERCISES, check
from conv_lib.exercises._report import Report

__all__ = ["EXERCISES", "Report", "check"]
