"""Rounding, TF32 and runs that differ."""

from __future__ import annotations

import numpy as np

from conv_lib.answers._entry import Topic, power, read, rounding
from conv_lib.compare import tolerance_for

topic = Topic("numerics", "Rounding, or a bug?")


def unit(value: float, dtype: str) -> float:
    """The last place of a value: the step to the next number of its dtype."""
    return float(np.spacing(np.dtype(dtype).type(value)))


@topic(
    "tf32-differs",
    "TensorFlow on an RTX 3090 differs from the CPU by 1.6e-4. I expected 1.2e-7",
    words="tf32, tensorfloat-32, gpu cpu difference conv2d, rtx 3090 precision, enable_tensor_float_32_execution, "
    "relative error huge, ampere, large relative error near zero",
    asked="q117",
    links=[rounding(preset="tf32-3090"), read("speed", "TF32")],
)
def _() -> str:
    step, half = unit(1, "float32"), 2.0**-11
    small = 1e-4 / 1e-7
    return (
        "TF32 is on by default on such cards: factors keep 10 digits of their binary fraction, a rounding of 2⁻¹¹ "
        f"= {power(half)} each, where float32 has steps of 2⁻²³ = {power(step)} (one operation's, never the bound "
        "of a long sum). "
        f"A relative difference of hundreds comes from outputs near zero: 1e-4 on 1e-7 is {small:g} times the "
        "value. Compare with the largest output or with Σ |x| |w|; "
        "`tf.config.experimental.enable_tensor_float_32_execution(False)` turns TF32 off."
    )


@topic(
    "newer-card-differs",
    "conv2d is right on a GTX 1060 and off on a 3090",
    words="pytorch conv2d different results gpu, allow_tf32, torch.backends.cudnn.allow_tf32, 1060 vs 3090, wrong "
    "results new gpu, ampere precision",
    asked="q118",
    links=[read("speed", "TF32")],
)
def _() -> str:
    allowed = tolerance_for("float32", device="GPU", tf32=True).relative
    product = 2 * 2.0**-11
    plain = tolerance_for("float32", device="GPU").relative
    return (
        "The newer card has TF32 and PyTorch's cuDNN convolutions use it unless told otherwise; the older has "
        f"none. Each of two factors is rounded by up to 2⁻¹¹, so a product moves by up to {power(product)} of "
        "itself: differences of about 1e-3 of the largest output are rounding (this book's tests allow "
        f"{power(allowed)}). "
        f"To compare, set `torch.backends.cudnn.allow_tf32 = False`; what is left should be below {power(plain)}. A "
        "flip or a shift would be as large as the values themselves."
    )


@topic(
    "last-place",
    "CPU and GPU differ by 1.52e-5 in float32 and 5.68e-14 in float64. Is that expected?",
    words="units in the last place, ulp, summation order, cpu gpu mismatch 1e-5, floating point rounding "
    "difference, mkl cudnn, deterministic but different, is it rounding or a bug",
    asked="q119",
    links=[rounding(preset="last-place-32"), read("speed", "The order of the sum")],
)
def _() -> str:
    single, double = unit(200, "float32"), unit(200, "float64")
    return (
        f"Yes. Between 128 and 256 the last place of float32 is 2⁻¹⁶ = {power(single, 3)}, one unit of difference; "
        f"that of float64 is 2⁻⁴⁵ = {power(double, 3)}, and 5.68e-14 is {5.68e-14 / double:.0f} of them. "
        "The same rounding at two precisions: the two libraries add the products in another order. A mistake in the "
        "code would not shrink when you go to float64."
    )


@topic(
    "other-each-run",
    "The forward pass is the same in every run, the backward pass is not. A bug?",
    words="nondeterministic backward, different results every run, cudnn deterministic, "
    "use_deterministic_algorithms, atomic add, reproducibility, benchmark false, hash differs, non "
    "deterministic conv2d on gpu, enable_op_determinism, not reproducible tensorflow",
    asked="q124",
    links=[read("speed", "The same call, twice")],
)
def _() -> str:
    big, one = np.float32(2**24), np.float32(1)
    first, second = (big + one) + one, big + (one + one)
    return (
        "No. Some backward algorithms of cuDNN (0 and 3 for the kernel, 0 for the input) add the parts in whatever "
        "order the threads finish, and the order changes the rounding: "
        f"in float32, (2²⁴ + 1) + 1 is {int(first):,} and 2²⁴ + (1 + 1) is {int(second):,}. Ask for algorithms that "
        "do not (1): `torch.backends.cudnn.deterministic = True` with `benchmark = False`, or "
        "`torch.use_deterministic_algorithms(True)`."
    )


@topic(
    "half-precision",
    "float16 gives inf or NaN, or differs by 1e-3",
    words="float16 overflow inf, mixed precision nan, half precision convolution, fp16 vs fp32 difference, bfloat16 "
    "precision, amp nan after conv, 65504",
    links=[rounding(preset="half-precision"), read("speed", "Why the numbers differ")],
)
def _() -> str:
    half = np.finfo("float16")
    product = np.float32(300) * np.float32(300)
    return (
        f"float16 ends at {int(half.max):,}, so 300 · 300 = {int(product):,} is already infinite, and infinity minus "
        f"infinity is NaN. Its steps are 2⁻¹⁰ = {power(unit(1, 'float16'))} of the value, so results differ by about "
        f"{power(unit(1, 'float16') / 2)} from rounding alone. bfloat16 has the range of float32 but steps of 2⁻⁷ = "
        f"{power(2.0**-7)}. Keep inputs normalised, scale the loss (`GradScaler`, Keras' `mixed_float16` with "
        "`LossScaleOptimizer`), or take bfloat16."
    )


@topic(
    "which-tolerance",
    "Which tolerance should I use to compare two convolutions?",
    words="np.allclose rtol atol convolution, assert_allclose conv outputs, how close should results be, max abs diff "
    "acceptable, my numpy convolution differs slightly, tolerance float32, test my conv implementation",
    links=[rounding(), read("speed", "The order of the sum")],
)
def _() -> str:
    terms = 3 * 3 * 64
    typical = np.sqrt(terms) * 2.0**-24
    return (
        "One that is measured on the largest output, or on Σ |x| |w|; not `rtol` of each number, because outputs "
        f"near zero are sums that cancel. A sum of n terms errs by about √n · 2⁻²⁴: {terms} terms (3 × 3, 64 "
        f"channels) by {power(float(typical))}. This book's tests allow {power(tolerance_for('float32').relative)} of "
        f"the largest for float32. Better still, test with small whole numbers: up to 2²⁴ = {2**24:,} float32 is "
        "exact, and the results must be equal."
    )
