"""Comparisons of results, with the tolerance that their dtype deserves.

agreement       do two arrays agree?
diagnose        what kind of difference is it: rounding, a shift, a flip, channels, a layout?
explain_difference   what can a difference of that size be: order of summation, TF32, 16 bits, geometry?
tolerance_for   how far may they lie apart on that device, and why?
compare_call    one call in NumPy, TensorFlow, Keras, PyTorch, on CPU and GPU, as one record
try_claim       is a claim true, false, or true only if? tried on many settings
stored          records kept in a file, with the machine and the date
"""

from conv_lib.compare import stored
from conv_lib.compare.calls import Backend, Comparison, compare_call
from conv_lib.compare.claims import Trial, try_claim
from conv_lib.compare.diagnosis import Diagnosis, diagnose
from conv_lib.compare.rounding import Difference, explain_difference
from conv_lib.compare.tolerance import Tolerance, tolerance_for
from conv_lib.compare.verdict import Agreement, agreement

__all__ = [
    "Agreement",
    "Backend",
    "Comparison",
    "Diagnosis",
    "Difference",
    "Tolerance",
    "Trial",
    "agreement",
    "compare_call",
    "diagnose",
    "explain_difference",
    "stored",
    "tolerance_for",
    "try_claim",
]
