"""Every kernel 1-6, stride 1-5 and size 1-9 (1-17) against TensorFlow and Keras, on the CPU.

The whole table runs: only the numbers in the arrays are drawn, and seeded. Height and width always
differ, and so do their kernels and strides: those of the width are the height's moved on in their
range, so each axis alone meets every combination. Batch 2, 3 channels to 4.

Where TensorFlow refuses a case that conv_lib takes, the case is counted under the name of the
reason, and the counts are part of the test. Calls that kill the process or come back with garbage
are in test_sweep_refusals.py, in processes of their own.

Each test prints a line of JSON (`pytest -s`) and appends it to the file named by CONV_LIB_REPORT.
"""

import itertools
import json
import os
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

from conv_lib import conv2d, conv2d_transpose, shapes

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

KERNELS, STRIDES, SIZES = range(1, 7), range(1, 6), range(1, 10)
# A dilated kernel of 6 spans up to 16 pixels: convolutions go on until it fits.
CONVOLUTION_SIZES = range(1, 18)
PADDINGS = {
    "valid": "valid",
    "same": "same",
    "explicit": ((1, 0), (0, 2)),
    "explicit wide": ((2, 1), (1, 3)),
}
DTYPES = ["float32", "float64"]
BATCH, IN, OUT = 2, 3, 4

# Largest absolute difference allowed between sums of up to 126 products of two unit normals.
TOLERANCE = {"float32": 5e-5, "float64": 1e-13}

# Why TensorFlow does not take a case. The last two are refused only without oneDNN (macOS, or
# TF_ENABLE_ONEDNN_OPTS=0): then the name takes the place of the comparison.
KERNEL_TOO_LARGE = "the kernel is larger than the padded input: no framework has an answer"
NOTHING_LEFT = "the padding crops every output size: nothing to ask for"
DILATION_64 = "tf.nn.conv2d_transpose: dilation in float64"
DILATION_EXPLICIT = "tf.nn.conv2d_transpose: dilation with padding in pixels"
GROUPS_64 = "tf.nn.conv2d_transpose: groups in float64"
DILATION_32 = "tf.nn.conv2d_transpose: dilation in float32 without oneDNN"
GROUPS_32 = "tf.nn.conv2d_transpose: groups in float32 without oneDNN"
EVEN_SAME = "Conv2DTranspose: even kernel, same, output_padding 0 has no legal size"
STRIDE_DILATION = "Keras: stride and dilation above 1 together"
ONLY_WITHOUT_ONEDNN = {DILATION_32, GROUPS_32}


class Case(NamedTuple):
    size: tuple
    kernel: tuple
    stride: tuple
    dilation: tuple
    padding: object
    output_shape: tuple = None


def geometries(padding, dilations, sizes):
    for kernel, stride, size, dilation in itertools.product(KERNELS, STRIDES, sizes, dilations):
        yield Case(
            size=(size, (size + 3) % len(sizes) + 1),
            kernel=(kernel, kernel % 6 + 1),
            stride=(stride, stride % 5 + 1),
            dilation=(dilation, dilation),
            padding=padding,
        )


def per_axis(case):
    paddings = (case.padding,) * 2 if isinstance(case.padding, str) else case.padding
    return zip(case.size, case.kernel, case.stride, case.dilation, paddings, strict=True)


def legal_by_counting(size, kernel, stride, dilation, padding):
    """Return the sizes that a convolution maps back to `size`, by trying them all."""
    span = kernel + (kernel - 1) * (dilation - 1)

    def mapped(length):
        if padding == "same":
            return -(-length // stride)
        before, after = (0, 0) if padding == "valid" else padding
        return len(range(0, length + before + after - span + 1, stride))

    return [length for length in range(1, 80) if mapped(length) == size]


def with_every_output_shape(cases):
    """Repeat each case so that both axes go through all of their legal sizes."""
    for case in cases:
        heights, widths = (legal_by_counting(*axis) for axis in per_axis(case))
        if not heights or not widths:
            yield case
            continue
        for turn in range(max(len(heights), len(widths))):
            wanted = heights[turn % len(heights)], widths[turn % len(widths)]
            yield case._replace(output_shape=wanted)


def tf_padding(padding):
    if isinstance(padding, str):
        return padding.upper()
    return [[0, 0], *(list(pair) for pair in padding), [0, 0]]


class Tally:
    """What was compared, how far apart it was, and what was refused under which name."""

    def __init__(self, operation, against, dtype, group):
        self.facts = {"operation": operation, "with": against, "dtype": dtype, "group": group}
        self.dtype = dtype
        self.compared = 0
        self.worst_absolute = self.worst_relative = 0.0
        self.refused = Counter()

    def compare(self, ours, theirs, case):
        theirs = np.asarray(theirs)
        assert ours.dtype == theirs.dtype == self.dtype, case
        assert ours.shape == theirs.shape, (case, ours.shape, theirs.shape)
        assert ours.size, case
        difference = float(np.abs(ours.astype("float64") - theirs).max())
        assert difference <= TOLERANCE[self.dtype], (case, difference)
        scale = float(np.abs(theirs).max())
        self.compared += 1
        self.worst_absolute = max(self.worst_absolute, difference)
        self.worst_relative = max(self.worst_relative, difference / scale if scale else difference)

    def finish(self, expected_compared, expected_refused):
        line = json.dumps(
            self.facts
            | {
                "compared": self.compared,
                "worst_absolute": self.worst_absolute,
                "worst_relative": self.worst_relative,
                "refused": dict(self.refused),
            }
        )
        print(line)
        if os.environ.get("CONV_LIB_REPORT"):
            with open(os.environ["CONV_LIB_REPORT"], "a") as report:
                report.write(line + "\n")
        optional = sum(self.refused[name] for name in ONLY_WITHOUT_ONEDNN)
        certain = {n: c for n, c in self.refused.items() if n not in ONLY_WITHOUT_ONEDNN}
        assert self.compared + optional == expected_compared
        assert certain == expected_refused


@pytest.fixture(scope="module")
def tf():
    import tensorflow

    return tensorflow


@pytest.fixture(scope="module")
def onednn(tf):
    """Whether this TensorFlow runs float32 through oneDNN, which takes dilated transposes."""
    try:
        tf.nn.conv2d_transpose(
            np.ones((1, 2, 2, 1), "float32"),
            np.ones((2, 2, 1, 1), "float32"),
            output_shape=(1, 4, 4, 1),
            strides=1,
            padding="VALID",
            dilations=2,
        )
    except tf.errors.InvalidArgumentError:
        return False
    return True


def draw(rng, dtype, *shapes_):
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes_]


def refuses(tf, call):
    """Return whether TensorFlow raises; which error differs between builds."""
    try:
        call()
    except (tf.errors.OpError, ValueError):
        return True
    return False


# ------------------------------------------------------------------------------- tf.nn.conv2d

# group: padding, dilations, groups, cases compared, cases with no answer
CONVOLUTIONS = {
    "valid": ("valid", (1, 2, 3), 1, 825, 705),
    "same": ("same", (1, 2, 3), 1, 1530, 0),
    "explicit": ("explicit", (1, 2, 3), 1, 970, 560),
    "explicit wide": ("explicit wide", (1, 2, 3), 1, 1160, 370),
    "two groups, same": ("same", (1, 2), 2, 1020, 0),
    "two groups, valid": ("valid", (1, 2), 2, 635, 385),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("group", CONVOLUTIONS)
def test_conv2d(tf, group, dtype):
    padding, dilations, groups, compared, too_large = CONVOLUTIONS[group]
    tally = Tally("conv2d", "tf.nn.conv2d", dtype, group)
    rng = np.random.default_rng(20)
    for case in geometries(PADDINGS[padding], dilations, CONVOLUTION_SIZES):
        x, kernel = draw(
            rng, dtype, (BATCH, *case.size, groups * IN), (*case.kernel, IN, groups * OUT)
        )
        how = {"stride": case.stride, "padding": case.padding, "dilation": case.dilation}
        if padding != "same" and any(
            k + (k - 1) * (d - 1) > n + (0 if p == "valid" else sum(p))
            for n, k, _, d, p in per_axis(case)
        ):
            with pytest.raises(ValueError, match="must fit into the padded input"):
                conv2d(x, kernel, groups=groups, **how)
            tally.refused[KERNEL_TOO_LARGE] += 1
            continue
        theirs = tf.nn.conv2d(
            x,
            kernel,
            strides=case.stride,
            padding=tf_padding(case.padding),
            dilations=case.dilation,
        )
        tally.compare(conv2d(x, kernel, groups=groups, **how), theirs, case)
    tally.finish(compared, {KERNEL_TOO_LARGE: too_large} if too_large else {})


# --------------------------------------------------------------------- tf.nn.conv2d_transpose

# group: padding, dilations, groups, cases compared, cases with nothing left
TRANSPOSES = {
    "valid": ("valid", (1,), 1, 1026, 0),
    "same": ("same", (1,), 1, 1026, 0),
    "explicit": ("explicit", (1,), 1, 999, 5),
    "explicit wide": ("explicit wide", (1,), 1, 918, 26),
    "dilated, valid": ("valid", (2, 3), 1, 2052, 0),
    "dilated, same": ("same", (2, 3), 1, 2052, 0),
    "dilated, explicit": ("explicit", (2,), 1, 1008, 4),
    "two groups, same": ("same", (1,), 2, 1026, 0),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("group", TRANSPOSES)
def test_conv2d_transpose_at_every_legal_output_shape(tf, onednn, group, dtype):
    padding, dilations, groups, compared, nothing_left = TRANSPOSES[group]
    tally = Tally("conv2d_transpose", "tf.nn.conv2d_transpose", dtype, group)
    rng = np.random.default_rng(21)
    why_not = None
    if dilations != (1,):
        why_not = DILATION_EXPLICIT if padding == "explicit" else DILATION_32
        why_not = DILATION_64 if dtype == "float64" else why_not
    elif groups > 1:
        why_not = GROUPS_64 if dtype == "float64" else GROUPS_32
    for case in with_every_output_shape(geometries(PADDINGS[padding], dilations, SIZES)):
        x, kernel = draw(
            rng, dtype, (BATCH, *case.size, groups * IN), (*case.kernel, OUT, groups * IN)
        )
        how = {
            "stride": case.stride,
            "padding": case.padding,
            "dilation": case.dilation,
            "groups": groups,
        }
        if case.output_shape is None:
            with pytest.raises(ValueError, match="must leave at least one pixel"):
                conv2d_transpose(x, kernel, **how)
            tally.refused[NOTHING_LEFT] += 1
            continue

        def theirs(x=x, kernel=kernel, case=case):
            return tf.nn.conv2d_transpose(
                x,
                kernel,
                output_shape=(BATCH, *case.output_shape, groups * OUT),
                strides=case.stride,
                padding=tf_padding(case.padding),
                dilations=case.dilation,
            )

        ours = conv2d_transpose(x, kernel, output_shape=case.output_shape, **how)
        assert ours.shape == (BATCH, *case.output_shape, groups * OUT)
        if why_not is None or (why_not in ONLY_WITHOUT_ONEDNN and onednn):
            tally.compare(ours, theirs(), case)
        else:
            assert refuses(tf, theirs), f"TensorFlow takes it now: {case}"
            tally.refused[why_not] += 1
    refused = {NOTHING_LEFT: nothing_left} if nothing_left else {}
    if why_not is not None and why_not not in ONLY_WITHOUT_ONEDNN:
        refused[why_not], compared = compared, 0
    tally.finish(compared, refused)


# ------------------------------------------------------------------------------------- Keras

KERAS_SIZES = (1, 2, 4, 7, 9)
# padding: cases compared with Conv2D, too large a kernel, stride with dilation
KERAS_CONVOLUTIONS = {"valid": (68, 82, 18), "same": (150, 0, 18)}
# padding: cases compared with Conv2DTranspose, no legal size
KERAS_TRANSPOSES = {"valid": (780, 0), "same": (480, 300)}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("padding", KERAS_CONVOLUTIONS)
def test_keras_conv2d(tf, padding, dtype):
    tally = Tally("conv2d", "keras.layers.Conv2D", dtype, padding)
    rng = np.random.default_rng(22)
    for kernel, stride, dilation in itertools.product(KERNELS, (1, 2, 3, 5), (1, 2)):
        spans, strides = (kernel, kernel % 6 + 1), (stride, stride)
        settings = {"strides": strides, "padding": padding, "dilation_rate": dilation}
        if stride > 1 and dilation > 1:
            with pytest.raises(ValueError, match="not supported in conjunction"):
                tf.keras.layers.Conv2D(OUT, spans, **settings)
            tally.refused[STRIDE_DILATION] += 1
            continue
        layer = tf.keras.layers.Conv2D(OUT, spans, use_bias=False, dtype=dtype, **settings)
        layer.build((BATCH, None, None, IN))
        for size in KERAS_SIZES:
            sizes = (size, size % 9 + 2)
            x, weights = draw(rng, dtype, (BATCH, *sizes, IN), (*spans, IN, OUT))
            how = {"stride": strides, "padding": padding, "dilation": dilation}
            if padding == "valid" and any(
                k + (k - 1) * (dilation - 1) > n for n, k in zip(sizes, spans, strict=True)
            ):
                with pytest.raises(ValueError, match="must fit into the padded input"):
                    conv2d(x, weights, **how)
                tally.refused[KERNEL_TOO_LARGE] += 1
                continue
            layer.kernel.assign(weights)
            tally.compare(conv2d(x, weights, **how), layer(x), (how, spans, sizes))
    compared, too_large, together = KERAS_CONVOLUTIONS[padding]
    refused = {KERNEL_TOO_LARGE: too_large, STRIDE_DILATION: together}
    tally.finish(compared, {name: count for name, count in refused.items() if count})


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("padding", KERAS_TRANSPOSES)
def test_keras_conv2d_transpose_at_every_legal_output_padding(tf, padding, dtype):
    tally = Tally("conv2d_transpose", "keras.layers.Conv2DTranspose", dtype, padding)
    rng = np.random.default_rng(23)
    pairs = [(1, 1), *((stride, stride % 5 + 1) for stride in STRIDES)]
    for kernel, strides in itertools.product(KERNELS, pairs):
        spans = (kernel, kernel % 6 + 1)
        extras = [None, *((e % strides[0], e % strides[1]) for e in range(max(strides)))]
        for extra in extras:
            layer = tf.keras.layers.Conv2DTranspose(
                OUT,
                spans,
                strides=strides,
                padding=padding,
                output_padding=extra,
                use_bias=False,
                dtype=dtype,
            )
            layer.build((BATCH, None, None, IN))
            for size in KERAS_SIZES:
                sizes = (size, size % 9 + 2)
                x, weights = draw(rng, dtype, (BATCH, *sizes, IN), (*spans, OUT, IN))
                layer.kernel.assign(weights)
                how = {"stride": strides, "padding": padding, "output_padding": extra}
                if (
                    padding == "same"
                    and extra is not None
                    and any(k % 2 == 0 and e == 0 for k, e in zip(spans, extra, strict=True))
                ):
                    with pytest.raises(ValueError, match="maps back"):
                        conv2d_transpose(x, weights, **how)
                    # With oneDNN an image of no pixels is taken for an answer when size is 1.
                    assert refuses(tf, lambda: layer(x)) or 0 in layer(x).shape  # noqa: B023
                    tally.refused[EVEN_SAME] += 1
                    continue
                ours = conv2d_transpose(x, weights, **how)
                theirs = layer(x)
                tally.compare(ours, theirs, (spans, strides, padding, extra, sizes))
                for axis in (0, 1):
                    assert theirs.shape[1 + axis] == shapes.keras_transposed_size(
                        sizes[axis],
                        spans[axis],
                        stride=strides[axis],
                        padding=padding,
                        output_padding=None if extra is None else extra[axis],
                    )
    compared, no_size = KERAS_TRANSPOSES[padding]
    tally.finish(compared, {EVEN_SAME: no_size} if no_size else {})


# ------------------------------------------------------------------------------ NaN and infinity


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_value_that_is_not_finite_reaches_the_same_outputs_as_in_tensorflow(tf, dtype, value):
    rng = np.random.default_rng(24)
    reached = clean = 0
    for case in geometries("same", (1,), (4, 9)):
        x, kernel = draw(rng, dtype, (BATCH, *case.size, IN), (*case.kernel, IN, OUT))
        y, back = draw(rng, dtype, x.shape, (*case.kernel, OUT, IN))
        x[1, 2, 0, 1] = y[0, -1, 0, 2] = value
        how = {"stride": case.stride, "padding": "same"}
        output_shape = [n * s for n, s in zip(case.size, case.stride, strict=True)]
        for ours, theirs in [
            (conv2d(x, kernel, **how), tf.nn.conv2d(x, kernel, case.stride, "SAME")),
            (
                conv2d_transpose(y, back, **how),
                tf.nn.conv2d_transpose(y, back, [BATCH, *output_shape, OUT], case.stride, "SAME"),
            ),
        ]:
            touched = ~np.isfinite(ours)
            assert np.array_equal(touched, ~np.isfinite(theirs)), case
            reached += touched.sum()
            clean += (~touched).sum()
    assert reached > 1000
    assert clean > 10 * reached


def test_the_sweep_is_as_large_as_it_says():
    certain = 2 * sum(row[3] for row in CONVOLUTIONS.values())
    # Dilated and grouped transposes count only where TensorFlow has oneDNN.
    certain += 2 * sum(row[3] for row in TRANSPOSES.values() if row[1:3] == ((1,), 1))
    certain += 2 * sum(row[0] for row in (*KERAS_CONVOLUTIONS.values(), *KERAS_TRANSPOSES.values()))
    assert certain == 23174
