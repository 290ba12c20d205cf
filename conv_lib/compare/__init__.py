"""Comparisons of results, with the tolerance that their dtype deserves."""

from conv_lib.compare.verdict import Agreement, agreement

__all__ = ["Agreement", "agreement"]
