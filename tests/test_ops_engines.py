"""The strategies behind large calls, forced upon small ones: each must equal the plain form."""

import threading

import numpy as np
import pytest

from conv_lib import conv2d, conv2d_transpose, shapes
from conv_lib.ops import _convolving, _remembered, _stamps, _threads, _tiles, _transposing
from conv_lib.ops.convolution import conv
from conv_lib.ops.loops import conv2d_loops, conv2d_transpose_loops
from conv_lib.ops.transposed import conv_transpose


def force(monkeypatch, tile=400):
    """Make every call a large one: tiny tiles, no shortcut, two threads."""
    for module in (_tiles, _convolving, _stamps, _transposing):
        monkeypatch.setattr(module, "SMALL", 0)
    for module in (_tiles, _stamps):
        monkeypatch.setattr(module, "TILE", tile)


def draw(rng, rank):
    """A legal call with `rank` spatial axes: (x shape, kernel shape, output sizes, settings)."""
    groups = int(rng.integers(1, 3))
    kernel = rng.integers(1, 6 if rank < 3 else 4, rank).tolist()
    how = {
        "stride": tuple(rng.integers(1, 5, rank).tolist()),
        "dilation": tuple(rng.integers(1, 3, rank).tolist()) if rng.random() < 0.4 else (1,) * rank,
        "padding": [
            "valid",
            "same",
            tuple(tuple(pair) for pair in rng.integers(0, 3, (rank, 2)).tolist()),
        ][rng.integers(3)],
        "groups": groups,
    }
    spans = [shapes.effective_kernel(k, d) for k, d in zip(kernel, how["dilation"], strict=True)]
    sizes = [int(rng.integers(span, span + 9)) for span in spans]
    channels = [int(rng.integers(1, 4)) * groups for _ in range(2)]
    x_shape = (int(rng.integers(0, 4)), *sizes, channels[0])
    return x_shape, (*kernel, channels[0] // groups, channels[1]), how


@pytest.mark.parametrize("tile", [1, 400, 10**6])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_every_strategy_equals_the_plain_form(monkeypatch, rank, tile):
    rng = np.random.default_rng(rank)
    used = set()
    for module, name in ((_convolving, "_several_at_once"), (_transposing, "by_phases")):
        strategy = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, name=name, run=strategy: used.add(name) or run(*a)
        )
    for _ in range(60):
        x_shape, kernel_shape, how = draw(rng, rank)
        x, kernel = rng.normal(size=x_shape), rng.normal(size=kernel_shape)
        plain = conv(x, kernel, **how)
        back = rng.normal(size=plain.shape)
        sizes = x_shape[1:-1]
        plain_back = conv_transpose(back, kernel, output_shape=sizes, **how)
        with monkeypatch.context() as forced:
            force(forced, tile)
            case = f"{x_shape} {kernel_shape} {how}"
            np.testing.assert_allclose(conv(x, kernel, **how), plain, atol=1e-12, err_msg=case)
            np.testing.assert_allclose(
                conv_transpose(back, kernel, output_shape=sizes, **how),
                plain_back,
                atol=1e-12,
                err_msg=case,
            )
    assert used == {"_several_at_once", "by_phases"}


def transposed(back, kernel, sizes, how):
    from conv_lib.ops._arguments import transposed_call

    settings = (how["stride"], how["padding"], how["dilation"], None, tuple(sizes), 1)
    return transposed_call(back, kernel, *settings, rank=kernel.ndim - 2)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_phases_and_stamps_are_two_ways_to_the_same_numbers(monkeypatch, rank):
    rng = np.random.default_rng(10 + rank)
    force(monkeypatch)
    for _ in range(60):
        x_shape, kernel_shape, how = draw(rng, rank)
        kernel = rng.normal(size=(*kernel_shape[:-2], 2, 3))
        outputs = conv(np.zeros((2, *x_shape[1:-1], 2)), kernel, **{**how, "groups": 1}).shape
        back = rng.normal(size=outputs)
        call = transposed(back, kernel, x_shape[1:-1], how)
        by = []
        for way in (_transposing.by_stamps, _transposing.by_phases):
            by.append(np.full((2, *x_shape[1:-1], 2), np.nan))
            way(call.x, call.kernel, call.axes, by[-1])
        np.testing.assert_allclose(*by, atol=1e-12, err_msg=f"{x_shape} {kernel_shape} {how}")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("filters", [1, 3])
def test_what_is_not_finite_stays_where_it_is_seen(monkeypatch, value, filters):
    """Neighbours in one row multiply by zeros, and phases meet zeros at the borders."""
    force(monkeypatch, 4000)
    rng = np.random.default_rng(5)
    for stride in (1, 2, 3):
        x = rng.normal(size=(2, 9, 12, 2))
        x[0, 4, 5, 1] = value
        kernel = rng.normal(size=(5, 4, 2, filters))
        how = {"stride": stride, "padding": "same"}
        with np.errstate(all="ignore"):
            expected = conv2d_loops(x, kernel, **how)
            back = conv2d_transpose_loops(x, kernel.swapaxes(2, 3), **how)
        assert np.array_equal(np.isfinite(conv2d(x, kernel, **how)), np.isfinite(expected))
        stamped = conv2d_transpose(x, kernel.swapaxes(2, 3), **how)
        assert np.array_equal(np.isfinite(stamped), np.isfinite(back))

        weights = rng.normal(size=(4, 4, filters, 2))
        weights[1, 2, 0, 1] = value
        x[0, 4, 5, 1] = 1
        with np.errstate(all="ignore"):
            back = conv2d_transpose_loops(x, weights, **how)
        stamped = conv2d_transpose(x, weights, **how)
        assert np.array_equal(np.isfinite(stamped), np.isfinite(back))


def test_integers_stay_exact_in_tiles(monkeypatch):
    rng = np.random.default_rng(6)
    x, kernel = rng.integers(-99, 99, (2, 9, 8, 3)), rng.integers(-99, 99, (3, 3, 3, 2))
    expected = conv2d_loops(x, kernel, padding="same")
    back = conv2d_transpose_loops(x, kernel.swapaxes(2, 3), stride=2)
    force(monkeypatch)
    assert np.array_equal(conv2d(x, kernel, padding="same"), expected)
    assert np.array_equal(conv2d_transpose(x, kernel.swapaxes(2, 3), stride=2), back)


LARGE = {
    "windows": (conv2d, (4, 40, 40, 32), (3, 3, 32, 64), {}),
    "neighbours": (conv2d, (1, 128, 131, 8), (5, 5, 8, 8), {"padding": "same"}),
    "1x1": (conv2d, (4, 48, 48, 64), (1, 1, 64, 64), {}),
    "stamps": (conv2d_transpose, (4, 16, 16, 64), (5, 5, 32, 64), {"stride": 2}),
    "phases": (conv2d_transpose, (2, 24, 24, 12), (16, 16, 16, 12), {"stride": 8}),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_calls_as_they_are(name):
    """Real tiles and threads: the same numbers twice, inputs untouched, memory within bounds."""
    import tracemalloc

    operation, x_shape, kernel_shape, how = LARGE[name]
    rng = np.random.default_rng(7)
    x, kernel = (rng.standard_normal(shape, "float32") for shape in (x_shape, kernel_shape))
    x.setflags(write=False)
    kernel.setflags(write=False)
    first = operation(x, kernel, **how)
    tracemalloc.start()
    second = operation(x, kernel, **how)
    extra = tracemalloc.get_traced_memory()[1] - second.nbytes
    tracemalloc.stop()
    assert np.array_equal(first, second)
    # The last image alone, in float64: another tile, another dtype.
    alone = operation(x[-1:].astype("float64"), kernel.astype("float64"), **how)
    np.testing.assert_allclose(first[-1:], alone, atol=1e-3)
    tiles = max(2, _threads.available()) * _tiles.TILE * 1.3
    assert extra < tiles + 2 * x.nbytes + 4 * kernel.nbytes


def test_pieces_cover_a_box_once():
    rng = np.random.default_rng(8)
    for _ in range(200):
        sizes = rng.integers(1, 7, rng.integers(1, 4)).tolist()
        most, share = int(rng.integers(1, 40)), int(rng.integers(1, 4))
        seen = np.zeros(sizes, int)
        for piece in _tiles.pieces(sizes, most, share):
            seen[piece] += 1
            assert seen[piece].size <= most
        assert np.all(seen == 1)
    assert _tiles.pieces((0, 3), 5) == []


# ------------------------------------------------------------------------------------- threads


def test_threads_take_every_job_once_and_leave_blas_as_it_was():
    before = _threads.available()
    done = []
    _threads.share(lambda jobs: done.extend(jobs), range(100))
    assert sorted(done) == list(range(100))
    assert _threads.available() == before


def test_an_error_in_any_thread_reaches_the_caller():
    before = _threads.available()

    def work(jobs):
        for job in jobs:
            if job == 3:
                raise MemoryError("too large")

    with pytest.raises(MemoryError, match="too large"):
        _threads.share(work, range(10))
    assert _threads.available() == before


def test_it_works_without_threadpoolctl(monkeypatch):
    monkeypatch.setattr(_threads, "_blas", lambda: ())
    names = []
    _threads.share(lambda jobs: [names.append(threading.current_thread()) for _ in jobs], range(9))
    assert set(names) == {threading.current_thread()}
    assert len(names) == 9


def test_calls_from_several_threads_at_once():
    operation, x_shape, kernel_shape, how = LARGE["windows"]
    rng = np.random.default_rng(9)
    x, kernel = rng.normal(size=x_shape), rng.normal(size=kernel_shape)
    expected, before = operation(x, kernel, **how), _threads.available()
    results = []
    callers = [
        threading.Thread(target=lambda: results.append(operation(x, kernel, **how)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(results) == 4
    for result in results:
        np.testing.assert_allclose(result, expected, atol=1e-10)
    assert _threads.available() == before


# ----------------------------------------------------------------------------- remembered checks


def test_what_is_remembered_never_lets_a_bad_call_pass():
    x, kernel = np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 1))
    for _ in range(2):
        conv2d(x, kernel, stride=1, padding=1)
        for bad in (1.0, True, np.array(1.5), "1", (1, True), (1.0, 1)):
            with pytest.raises(TypeError):
                conv2d(x, kernel, stride=bad)
        with pytest.raises(ValueError, match="fit"):
            conv2d(x[:, :2], kernel)
    assert conv2d(x, kernel, stride=[1, 1]).shape == (1, 3, 3, 1)
    assert conv2d(x, kernel, stride=np.int64(2)).shape == (1, 2, 2, 1)


def test_the_memory_of_checks_is_bounded(monkeypatch):
    monkeypatch.setattr(_remembered, "MOST", 3)
    for size in range(3, 20):
        for _ in range(2):
            result = conv2d(np.ones((1, size, 3, 1), "uint8"), np.ones((3, 3, 1, 1), "uint8"))
            assert result.shape == (1, size - 2, 1, 1)
            assert result.dtype == "uint64"
