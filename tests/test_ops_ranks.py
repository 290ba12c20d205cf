"""One, two and three spatial axes: against sums written out index by index, and algebra.

`by_index` and `stamped` share nothing with conv_lib, sizes included: both are told their padding
in pixels.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lib import (
    SparseMatrix,
    conv,
    conv1d,
    conv1d_transpose,
    conv2d,
    conv2d_loops,
    conv3d,
    conv3d_transpose,
    conv_input_gradient,
    conv_kernel_gradient,
    conv_matrix,
    conv_transpose,
    conv_transpose_input_gradient,
    conv_transpose_kernel_gradient,
    depthwise_conv2d,
)

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=150)


def line(*values):
    return np.array(values, dtype=float).reshape(1, -1, 1)


def taps(*values):
    return np.array(values, dtype=float).reshape(-1, 1, 1)


def by_index(x, kernel, stride, pads, dilation, groups):
    """Convolve (batch, *spatial, in) in plain loops over single numbers."""
    rank = len(stride)
    outputs = [
        len(range(0, n + sum(pad) - (k - 1) * d, s))
        for n, k, s, pad, d in zip(x.shape[1:], kernel.shape, stride, pads, dilation, strict=False)
    ]
    outs, ins = kernel.shape[-1] // groups, kernel.shape[-2]
    result = np.zeros((len(x), *outputs, kernel.shape[-1]), np.result_type(x, kernel))
    for at in np.ndindex(*outputs):
        for tap in np.ndindex(*kernel.shape[:rank]):
            place = tuple(
                a * s + i * d - pad[0]
                for a, s, i, d, pad in zip(at, stride, tap, dilation, pads, strict=True)
            )
            if any(not 0 <= p < n for p, n in zip(place, x.shape[1:], strict=False)):
                continue
            for o in range(kernel.shape[-1]):
                for m in range(ins):
                    pixels = x[(slice(None), *place, o // outs * ins + m)]
                    result[(slice(None), *at, o)] += pixels * kernel[(*tap, m, o)]
    return result


@st.composite
def calls(draw, max_rank=3):
    """(rng, input shape, kernel shape, settings, padding in pixels) of a legal convolution."""
    rank = draw(st.integers(1, max_rank))
    largest = {1: 12, 2: 7, 3: 4}[rank]
    each = lambda least, most: draw(st.tuples(*[st.integers(least, most)] * rank))  # noqa: E731
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    stride, dilation, kernel = each(1, 4), each(1, 2), each(1, 4 if rank < 3 else 3)
    size = list(each(1, largest))
    names = ["valid", "same", "explicit"] + ["causal"] * (rank == 1)
    padding = draw(st.sampled_from(names))
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if padding == "causal":
        pads = [(spans[0] - 1, 0)]
    elif padding == "same":
        totals = [
            max((-(-n // s) - 1) * s + k - n, 0)
            for n, s, k in zip(size, stride, spans, strict=True)
        ]
        pads = [(total // 2, total - total // 2) for total in totals]
    else:
        pads = list(zip(each(0, 3), each(0, 3), strict=True))
        if padding == "valid":
            pads = [(0, 0)] * rank
        size = [max(n, k - sum(p)) for n, k, p in zip(size, spans, pads, strict=True)]
    how = {
        "stride": stride,
        "dilation": dilation,
        "padding": pads if padding == "explicit" else padding,
        "groups": groups,
    }
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x_shape = (2, *size, 2 * groups)
    return rng, x_shape, (*kernel, 2, 3 * groups), how, pads


# ---------------------------------------------------------------------------------- literals


def test_one_dimension_by_hand():
    x, kernel = line(1, 2, 4, 8), taps(1, 10)
    for convolve in (conv, conv1d):
        assert convolve(x, kernel)[0, :, 0].tolist() == [21, 42, 84]
        assert convolve(x, kernel, padding="same")[0, :, 0].tolist() == [21, 42, 84, 8]
        assert convolve(x, kernel, padding=[(1, 0)])[0, :, 0].tolist() == [10, 21, 42, 84]
        assert convolve(x, kernel, dilation=2)[0, :, 0].tolist() == [41, 82]
        assert convolve(x, kernel, stride=(2,))[0, :, 0].tolist() == [21, 84]
    for transpose in (conv_transpose, conv1d_transpose):
        assert transpose(x, kernel)[0, :, 0].tolist() == [1, 12, 24, 48, 80]
        assert transpose(x, kernel, stride=2)[0, :, 0].tolist() == [1, 10, 2, 20, 4, 40, 8, 80]
        shorter = transpose(x, taps(1, 10, 100), stride=2, padding="same", output_shape=(7,))
        assert shorter[0, :, 0].tolist() == [10, 102, 20, 204, 40, 408, 80]


def test_causal_by_hand():
    x = line(1, 2, 4, 8)
    assert conv(x, taps(1, 10, 100), padding="causal")[0, :, 0].tolist() == [100, 210, 421, 842]
    assert conv(x, taps(1, 10), padding="CAUSAL", dilation=2)[0, :, 0].tolist() == [10, 20, 41, 82]
    assert conv(x, taps(1, 10, 100), padding="causal", stride=2)[0, :, 0].tolist() == [100, 421]
    # questions.yaml, q145: the last k - s samples are dropped.
    how = {"stride": 2, "padding": "causal"}
    eight = [1, 1, 3, 3, 6, 6, 12, 12]
    for transpose in (conv_transpose, conv1d_transpose):
        assert transpose(x, taps(1, 1, 1, 1), **how)[0, :, 0].tolist() == eight
    kernel = taps(1, 1, 1, 1)
    # The other legal size: the window still begins at the first sample.
    assert conv_transpose(x, kernel, output_shape=(7,), **how)[0, :, 0].tolist() == eight[:7]
    assert conv_transpose(x, kernel, output_padding=0, **how)[0, :, 0].tolist() == eight[:7]
    assert conv_transpose(x, kernel, output_padding=1, **how)[0, :, 0].tolist() == eight
    for illegal in (6, 9):
        with pytest.raises(ValueError, match="7 or 8"):
            conv_transpose(x, kernel, output_shape=(illegal,), **how)
    # A kernel shorter than the stride: zeros are appended.
    short = conv_transpose(line(1, 2), taps(1, 10), stride=3, padding="causal")
    assert short[0, :, 0].tolist() == [1, 10, 0, 2, 20, 0]


def test_three_dimensions_by_hand():
    x = np.arange(1.0, 9.0).reshape(1, 2, 2, 2, 1)
    kernel = (10.0 ** np.arange(8)).reshape(2, 2, 2, 1, 1)
    assert conv3d(x, kernel).ravel().tolist() == [87654321]
    assert conv3d(x, kernel, padding=((1, 0), (1, 0), (1, 0)), stride=2).ravel().tolist() == [1e7]
    assert conv3d_transpose(np.full((1, 1, 1, 1, 1), 3.0), kernel).ravel().tolist() == list(
        3 * kernel.ravel()
    )
    assert conv(x, kernel).shape == conv3d(x, kernel).shape


def test_rank_follows_the_kernel_and_leading_axes_are_free():
    x = np.ones((3, 4, 5, 6, 2))
    assert conv(x, np.ones((2, 2, 7))).shape == (3, 4, 5, 5, 7)
    assert conv(x, np.ones((2, 2, 2, 7))).shape == (3, 4, 4, 5, 7)
    assert conv(x, np.ones((2, 2, 2, 2, 7))).shape == (3, 3, 4, 5, 7)
    assert conv(x[:0], np.ones((2, 2, 2, 7))).shape == (0, 4, 4, 5, 7)
    assert conv_transpose(np.ones((6, 2)), np.ones((3, 7, 2))).shape == (8, 7)


def test_depthwise_by_hand():
    x = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]).reshape(1, 1, 3, 2)
    kernel = np.arange(1.0, 9.0).reshape(1, 2, 2, 2)  # [tap][channel][multiplier]
    # channel 0: weights (1, 5) and (2, 6); channel 1: (3, 7) and (4, 8)
    assert depthwise_conv2d(x, kernel)[0, 0].tolist() == [
        [1 + 10, 2 + 12, 30 + 140, 40 + 160],
        [2 + 15, 4 + 18, 60 + 210, 80 + 240],
    ]


def test_gradients_by_hand():
    x, kernel, gradient = line(1, 2, 4, 8, 16), taps(1, 10), line(1, 3)
    assert conv(x, kernel, stride=3, padding=[(0, 0)]).shape == (1, 2, 1)
    back = conv_input_gradient(gradient, kernel, (5,), stride=3)
    assert back[0, :, 0].tolist() == [1, 10, 0, 3, 30]
    assert conv_kernel_gradient(x, gradient, (2,), stride=3)[:, 0, 0].tolist() == [25, 50]
    # The causal convolution's own adjoint looks ahead; the causal transpose is another operation.
    how = {"stride": 2, "padding": "causal"}
    assert conv_input_gradient(line(1, 2, 4, 8), taps(1, 1, 1, 1), (8,), **how)[
        0, :, 0
    ].tolist() == [3, 6, 6, 12, 12, 8, 8, 0]
    up = line(1, 2, 3, 4)
    assert conv_transpose_input_gradient(up, kernel, stride=2)[0, :, 0].tolist() == [21, 43]
    assert conv_transpose_kernel_gradient(line(1, 5), up, (2,), stride=2)[:, 0, 0].tolist() == [
        16,
        22,
    ]


def test_matrix_by_hand():
    kernel = taps(1, 10, 100)
    assert conv_matrix((3, 1), kernel, padding="same").tolist() == [
        [10, 100, 0],
        [1, 10, 100],
        [0, 1, 10],
    ]
    assert conv_matrix((3, 1), kernel, padding="causal").tolist() == [
        [100, 0, 0],
        [10, 100, 0],
        [1, 10, 100],
    ]
    grouped = conv_matrix((1, 2), np.array([[[5.0, 7.0]]]), groups=2)
    assert grouped.tolist() == [[5, 0], [0, 7]]
    sparse = conv_matrix((3, 1), kernel, padding="same", sparse=True)
    assert isinstance(sparse, SparseMatrix)
    assert sparse.shape == (3, 3) and len(sparse.values) == 7
    assert sparse.T.toarray().tolist() == conv_matrix((3, 1), kernel, padding="same").T.tolist()


# ----------------------------------------------------------------------------------- algebra


@REPEATABLE
@given(calls())
def test_convolution_equals_the_sum_written_out(case):
    rng, x_shape, kernel_shape, how, pads = case
    x, kernel = rng.integers(-9, 10, x_shape), rng.integers(-9, 10, kernel_shape)
    expected = by_index(x, kernel, how["stride"], pads, how["dilation"], how["groups"])
    before = x.copy(), kernel.copy()
    thin = {1: conv1d, 2: conv2d, 3: conv3d}[len(pads)]
    for convolve in (conv, thin):
        assert np.array_equal(convolve(x, kernel, **how), expected)
    if len(pads) == 1:
        flat = {name: (1, how[name][0]) for name in ("stride", "dilation")}
        rows = conv2d_loops(
            x[:, None], kernel[None], padding=[(0, 0), *pads], groups=how["groups"], **flat
        )
        assert np.array_equal(rows[:, 0], expected)
    assert np.array_equal(x, before[0]) and np.array_equal(kernel, before[1])


@REPEATABLE
@given(calls())
def test_the_matrix_is_the_convolution_and_its_transpose_the_transpose(case):
    rng, x_shape, kernel_shape, how, pads = case
    x, kernel = rng.integers(-9, 10, x_shape[1:]), rng.integers(-9, 10, kernel_shape)
    forward = conv(x, kernel, **how)
    matrix = conv_matrix(x.shape, kernel, **how)
    sparse = conv_matrix(x.shape, kernel, sparse=True, **how)
    assert np.array_equal(sparse.toarray(), matrix)
    assert np.array_equal((matrix @ x.ravel()).reshape(forward.shape), forward)
    assert np.array_equal(sparse @ x.ravel(), forward.ravel())
    y = rng.integers(-9, 10, forward.shape)
    explicit = how | {"padding": pads}
    back = conv_transpose(y, kernel, output_shape=x.shape[:-1], **explicit)
    assert np.array_equal((matrix.T @ y.ravel()).reshape(x.shape), back)
    assert np.array_equal(sparse.T @ y.ravel(), back.ravel())
    if how["padding"] != "causal":
        assert np.array_equal(conv_transpose(y, kernel, output_shape=x.shape[:-1], **how), back)


@REPEATABLE
@given(calls())
def test_gradients_are_the_adjoints(case):
    """<d conv, g> = <dx, input gradient> = <dk, kernel gradient>, exactly: all are integers."""
    rng, x_shape, kernel_shape, how, pads = case
    x, kernel = rng.integers(-9, 10, x_shape), rng.integers(-9, 10, kernel_shape)
    dx, dk = rng.integers(-9, 10, x_shape), rng.integers(-9, 10, kernel_shape)
    forward, spans = conv(x, kernel, **how), kernel_shape[: len(pads)]
    g = rng.integers(-9, 10, forward.shape)
    input_gradient = conv_input_gradient(g, kernel, x_shape[1:-1], **how)
    kernel_gradient = conv_kernel_gradient(x, g, spans, **how)
    assert input_gradient.shape == x_shape and kernel_gradient.shape == kernel_shape
    assert (conv(dx, kernel, **how) * g).sum() == (dx * input_gradient).sum()
    assert (conv(x, dk, **how) * g).sum() == (dk * kernel_gradient).sum()

    # The transpose, at every legal size. Sizes are those of its own input: small.
    z = rng.integers(-9, 10, forward.shape)
    dz = rng.integers(-9, 10, forward.shape)
    size = x_shape[1:-1]
    up = conv_transpose(z, kernel, output_shape=size, **how)
    g = rng.integers(-9, 10, up.shape)
    input_gradient = conv_transpose_input_gradient(g, kernel, **how)
    kernel_gradient = conv_transpose_kernel_gradient(z, g, spans, **how)
    assert input_gradient.shape == z.shape and kernel_gradient.shape == kernel_shape
    moved = conv_transpose(dz, kernel, output_shape=size, **how)
    assert (moved * g).sum() == (dz * input_gradient).sum()
    moved = conv_transpose(z, dk, output_shape=size, **how)
    assert (moved * g).sum() == (dk * kernel_gradient).sum()


def test_gradients_numerically():
    """Central differences of a loss that is not linear: half the sum of squares."""
    rng = np.random.default_rng(30)
    x, kernel = rng.normal(size=(2, 5, 7, 4)), rng.normal(size=(3, 2, 2, 6))
    how = {"stride": (2, 1), "padding": "same", "dilation": (1, 2), "groups": 2}
    y = rng.normal(size=conv(x, kernel, **how).shape)
    sized = how | {"output_shape": (5, 7)}
    for name, loss, array, gradient in [
        (
            "conv, input",
            lambda v: (conv(v, kernel, **how) ** 2).sum() / 2,
            x,
            conv_input_gradient(conv(x, kernel, **how), kernel, (5, 7), **how),
        ),
        (
            "conv, kernel",
            lambda v: (conv(x, v, **how) ** 2).sum() / 2,
            kernel,
            conv_kernel_gradient(x, conv(x, kernel, **how), (3, 2), **how),
        ),
        (
            "transpose, input",
            lambda v: (conv_transpose(v, kernel, **sized) ** 2).sum() / 2,
            y,
            conv_transpose_input_gradient(conv_transpose(y, kernel, **sized), kernel, **how),
        ),
        (
            "transpose, kernel",
            lambda v: (conv_transpose(y, v, **sized) ** 2).sum() / 2,
            kernel,
            conv_transpose_kernel_gradient(y, conv_transpose(y, kernel, **sized), (3, 2), **how),
        ),
    ]:
        for place in rng.choice(array.size, 20, replace=False):
            step = np.zeros(array.size)
            step[place] = 1e-4
            step = step.reshape(array.shape)
            slope = (loss(array + step) - loss(array - step)) / 2e-4
            assert slope == pytest.approx(gradient.ravel()[place], rel=1e-7, abs=1e-7), name


def test_causal_means_that_no_output_sees_a_later_input():
    rng = np.random.default_rng(31)
    for size, k, s, d in itertools.product((1, 2, 5, 8), (1, 2, 3, 4), (1, 2, 3), (1, 2)):
        kernel = rng.uniform(1, 2, (k, 1, 1))
        how = {"stride": s, "dilation": d, "padding": "causal"}
        assert conv(np.ones((size, 1)), kernel, **how).shape == (-(-size // s), 1)
        assert conv_transpose(np.ones((size, 1)), kernel, **how).shape == (size * s, 1)
        for t in range(size):
            pulse = np.zeros((size, 1))
            pulse[t] = 1
            assert not conv(pulse, kernel, **how)[: -(-t // s)].any()
            up = conv_transpose(pulse, kernel, **how)[:, 0]
            assert not up[: t * s].any() and up[t * s] == kernel[0, 0, 0]
        # It is the adjoint of the convolution that looks ahead, at each of its legal sizes.
        for length in range((size - 1) * s + 1, size * s + 1):
            y, x = rng.normal(size=(size, 1)), rng.normal(size=(length, 1))
            ahead = conv(x, kernel, stride=s, dilation=d, padding=[(0, (k - 1) * d)])
            back = conv_transpose(y, kernel, output_shape=(length,), **how)
            assert (ahead * y).sum() == pytest.approx((x * back).sum())


# ------------------------------------------------------------------------- what callers may hand in


def operations():
    """(name, function of two arrays, their shapes) for all that takes two arrays of numbers."""
    yield "conv", conv, (2, 5, 3), (2, 3, 4)
    yield "conv1d", conv1d, (2, 5, 3), (2, 3, 4)
    yield "conv3d", conv3d, (2, 3, 4, 5, 3), (2, 2, 2, 3, 4)
    yield "conv1d_transpose", conv1d_transpose, (2, 5, 3), (2, 4, 3)
    yield "conv3d_transpose", conv3d_transpose, (2, 3, 4, 5, 3), (2, 2, 2, 4, 3)
    yield "depthwise", depthwise_conv2d, (2, 4, 5, 3), (2, 2, 3, 2)
    yield (
        "conv_input_gradient",
        lambda g, k: conv_input_gradient(g, k, (5, 6)),
        (2, 4, 4, 4),
        (2, 3, 3, 4),
    )
    yield (
        "conv_kernel_gradient",
        lambda x, g: conv_kernel_gradient(x, g, (2, 3)),
        (2, 5, 6, 3),
        (2, 4, 4, 4),
    )
    yield "transpose_input", conv_transpose_input_gradient, (2, 4, 5, 4), (2, 3, 4, 3)
    yield (
        "transpose_kernel",
        lambda x, g: conv_transpose_kernel_gradient(x, g, (2, 3)),
        (2, 4, 4, 3),
        (2, 5, 6, 4),
    )


@pytest.mark.parametrize("name, operation, first, second", [*operations()])
def test_any_memory_order_read_only_and_empty(name, operation, first, second):
    rng = np.random.default_rng(32)
    a, b = rng.normal(size=first), rng.normal(size=second)
    expected = operation(a, b)
    for these, those in [
        (np.asfortranarray(a), np.asfortranarray(b)),
        (a[::-1, ::-1].copy()[::-1, ::-1], b[..., ::-1].copy()[..., ::-1]),
        (np.repeat(a, 2, -1)[..., ::2], np.repeat(b, 2, 0)[::2]),
        (a.tolist(), b.tolist()),
    ]:
        np.testing.assert_allclose(operation(these, those), expected, rtol=0, atol=1e-13)
    before = a.copy(), b.copy()
    a.setflags(write=False)
    b.setflags(write=False)
    result = operation(a, b)
    result[...] = 0  # the result is the caller's own
    assert np.array_equal(a, before[0]) and np.array_equal(b, before[1])
    if "kernel" in name:
        assert not operation(a[:0], b[:0]).any()
    else:
        assert operation(a[:0], b).shape == (0, *expected.shape[1:])


def test_dtypes_of_gradients_and_matrices():
    for dtype, expected in [("float32", "float32"), ("float16", "float16"), ("int8", "int64")]:
        x, g, k = (np.ones(shape, dtype) for shape in [(1, 5, 2), (1, 4, 3), (2, 2, 3)])
        assert conv_kernel_gradient(x, g, (2,)).dtype == expected
        assert conv_input_gradient(g, k, (5,)).dtype == expected
    assert conv_matrix((5, 2), np.ones((2, 2, 3), "float32")).dtype == "float32"
    assert conv_matrix((5, 2), np.ones((2, 2, 3), "int8")).dtype == "int64"
    # 4096 ones: float16 alone would stop counting at 2048.
    ones = np.ones((1, 4096, 1), "float16")
    assert conv_kernel_gradient(ones, ones, (1,)).item() == 4096
