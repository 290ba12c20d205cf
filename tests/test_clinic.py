"""The question clinic: trials, and every verdict of the chapter found again without conv_lib."""

from __future__ import annotations

import itertools
import re
from functools import cache

import numpy as np
import pytest

from conv_lib.compare import try_claim
from conv_lib.widgets import Clinic
from tools import ROOT

CHAPTER = (ROOT / "book" / "clinic.md").read_text("utf-8")


def asked() -> dict[str, str]:
    """The answers that the chapter gives, by claim."""
    found = {}
    for name, rest in re.findall(r'clinic\.ask\(\n    "(\w+)",\n(.*?)\n\)\n', CHAPTER, re.S):
        found[name] = re.search(r'^    answer="(.*)",$', rest, re.M)[1]
    return found


# ------------------------------------------------------------------------------------ trials


def test_a_trial_finds_the_plainest_counterexample() -> None:
    trial = try_claim(lambda a, b: a + b < 4, a=range(5), b=range(5))
    assert trial.breaks_at == {"a": 0, "b": 4} and trial.holds_at == {"a": 0, "b": 0}
    assert (trial.held, trial.broke, trial.tried, trial.refused) == (10, 15, 25, 0)
    assert trial.verdict == "only if" and not trial and trial.exact is None


def test_the_three_verdicts_in_words() -> None:
    assert str(try_claim(lambda a: True, a=range(3))) == "true in all 3 settings"
    assert str(try_claim(lambda a: 1, a=[7])) == "true in the one setting"
    assert str(try_claim(lambda a: a > 5, a=range(3))) == "false in all 3 settings\nfor example at a=0"
    assert "holds first at a=2" in str(try_claim(lambda a: a == 2, a=range(4)))
    assert try_claim(lambda a: True, a=range(3))


def test_only_if_is_held_to_every_setting() -> None:
    right = try_claim(lambda a: a % 4 == 0, a=range(1, 9), only_if=lambda a: a in (4, 8))
    assert right.exact and right.missed is None and "exactly where" in str(right)
    wrong = try_claim(lambda a: a % 4 == 0, a=range(1, 9), only_if=lambda a: a % 2 == 0)
    assert wrong.exact is False and wrong.missed == {"a": 2} and "wrong at a=2" in str(wrong)


def test_settings_that_are_not_legal_do_not_count() -> None:
    def claim(a: int) -> bool:
        if a < 2:
            raise ValueError("too small")
        return True

    trial = try_claim(claim, a=range(5))
    assert (trial.refused, trial.held, trial.verdict, trial.claim) == (2, 3, "true", "claim")
    with pytest.raises(ValueError, match="legal"):
        try_claim(claim, a=range(2))
    with pytest.raises(ZeroDivisionError):
        try_claim(lambda a: 1 / a > 0, a=range(2))


def test_ranges_that_make_no_trial_are_refused() -> None:
    with pytest.raises(ValueError, match="ranges"):
        try_claim(lambda: True)
    with pytest.raises(ValueError, match="legal"):
        try_claim(lambda a: True, a=[])
    with pytest.raises(ValueError, match="100000"):
        try_claim(lambda a, b: True, a=range(1000), b=range(1000))


# ------------------------------------------------------------------------------------ clinic


def clinic_with(answer: str) -> Clinic:
    clinic = Clinic()
    options = {"true", "false", "only if a is small"} - {answer}
    clinic.ask("small", "a < `3`.", only_if="a is small", answer=answer, wrong=dict.fromkeys(options, "No."), why="So.")
    return clinic


def small(a: int) -> bool:
    return a < 3


def test_an_answer_must_be_what_the_trial_finds() -> None:
    clinic = clinic_with("only if a is small")
    assert clinic.test(small, a=range(9), only_if=lambda a: a <= 2).exact
    assert repr(clinic.sheet()) == "1 claim: 0 true, 0 false, 1 only if"
    html = clinic.sheet()._repr_html_()
    assert 'href="#claim-small"' in html and "a &lt; <code>3</code>." in html
    for answer in ("true", "false"):
        with pytest.raises(AssertionError, match="small was asked"):
            clinic_with(answer).test(small, a=range(9))
    with pytest.raises(AssertionError, match="small was asked"):
        clinic.test(small, a=range(9), only_if=lambda a: a < 2)
    with pytest.raises(AssertionError, match="small was asked"):
        clinic.test(small, a=range(9))
    with pytest.raises(RuntimeError, match="small"):
        clinic_with("true").sheet()


def test_every_option_is_answered_and_claims_are_asked_once() -> None:
    clinic = clinic_with("true")
    with pytest.raises(ValueError, match="already"):
        clinic.ask("small", "Again.", answer="true", wrong={"false": "No."}, why="")
    with pytest.raises(ValueError, match="wrong answers each"):
        clinic.ask("other", "A.", answer="true", wrong={}, why="")
    with pytest.raises(ValueError, match="answer is one of"):
        clinic.ask("other", "A.", answer="maybe", wrong={}, why="")


def test_every_claim_has_a_heading_a_question_a_test_and_a_link() -> None:
    sections = re.split(r"^\(claim-", CHAPTER, flags=re.M)[1:]
    names = [section.split(")=")[0].replace("-", "_") for section in sections]
    assert names == list(asked()) == list(INDEPENDENT)
    for name, section in zip(names, sections, strict=True):
        assert re.search(rf"^def {name}\(", section, re.M), name
        assert re.search(rf"clinic\.test\(\s*{name},", section), name
        assert "tf." in section or "keras" in section, name
        assert re.search(r"^see\($|^see\(\"", section, re.M), name
        assert re.search(r"^\*\*(True|False|Only if)", section, re.M)[1].lower() == (
            "only if" if asked()[name].startswith("only") else asked()[name]
        ), name


# ------------------------------------------------------------ the same verdicts without conv_lib

RNG = np.random.default_rng(7)


def tf():
    import tensorflow

    return tensorflow


def conv(x, w, stride=1, padding="VALID"):
    return tf().nn.conv2d(np.asarray(x, float), np.asarray(w, float), stride, padding).numpy()


def transposed(y, w, size, stride=1, padding="VALID"):
    shape = (len(y), *size, w.shape[2])
    return tf().nn.conv2d_transpose(np.asarray(y, float), np.asarray(w, float), shape, stride, padding).numpy()


def gradient(g, w, size, stride, pixels):
    """The input gradient of a convolution with padding in pixels, by TensorFlow's tape."""
    x = tf().Variable(np.zeros((1, *size, w.shape[2])))
    pads = [[0, 0], [pixels] * 2, [pixels] * 2, [0, 0]]
    with tf().GradientTape() as tape:
        y = tf().nn.conv2d(x, w, stride, pads)
    if y.shape[1:3] != g.shape[1:3]:
        raise ValueError("the convolution has another size")
    return tape.gradient(y, x, output_gradients=g).numpy()


@cache
def keras_size(n, k, s, padding):
    layer = tf().keras.layers.Conv2DTranspose(1, k, strides=s, padding=padding)
    return int(layer(np.ones((1, n, n, 1), "float32")).shape[1])


@cache
def conv_size(size, k, s, padding):
    if padding.upper() == "VALID" and k > size:
        return 0
    return conv(np.ones((1, size, size, 1)), np.ones((k, k, 1, 1)), s, padding.upper()).shape[1]


def legal_back(n, k, s, padding, size):
    if size < k and padding == "valid":
        raise ValueError("oneDNN takes some of these")
    try:
        transposed(np.ones((1, n, n, 1)), np.ones((k, k, 1, 1)), (size, size), s, padding.upper())
        taken = True
    except tf().errors.OpError:
        taken = False
    return taken == (conv_size(size, k, s, padding) == n)


def smallest_padded(n, k, s, p):
    for size in range(1, 40):
        padded = np.ones((1, size + 2 * p, size + 2 * p, 1))
        if size + 2 * p >= k and conv(padded, np.ones((k, k, 1, 1)), s).shape[1] == n:
            return size
    raise ValueError("none")


def zeros_appended(n, k, s, p):
    size = (n - 1) * s + k - 2 * p + 1
    if size < 1:
        raise ValueError("everything is cropped")
    y = gradient(np.ones((1, n, n, 1)), np.ones((k, k, 1, 1)), (size, size), s, p)
    return not y[0, -1].any()


def field(*kernels):
    x = tf().Variable(np.ones((1, 1, 20, 1)))
    with tf().GradientTape() as tape:
        y = x
        for k in kernels:
            y = tf().nn.conv2d(y, np.ones((1, k, 1, 1)), 1, "VALID")
        one = y[0, 0, 3, 0]
    return np.count_nonzero(tape.gradient(one, x).numpy())


def flips(a, b, c):
    row, w = np.array([3.0, 1, 4, 1, 5, 9]), np.array([a, b, c], float)
    return np.allclose(conv(row.reshape(1, 1, 6, 1), w.reshape(1, 3, 1, 1)).ravel(), np.convolve(row, w, "valid"))


def averages(channels):
    x = RNG.normal(size=(1, 2, 3, channels))
    return np.allclose(conv(x, np.ones((1, 1, channels, 1)))[..., 0], x.mean(-1))


def half_pixel(k, s):
    full = (8 - 1) * s + k
    reached = transposed(np.ones((1, 1, 8, 1)), np.ones((1, k, 1, 1)), (1, full), (1, s)).ravel()
    return reached[k:-k].min() >= 2


def flipped_twin(k):
    x, w = RNG.normal(size=(1, 5, 7, 2)), RNG.normal(size=(k, k, 3, 2))
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    return np.allclose(transposed(x, w, (5, 7), 1, "SAME"), conv(x, turned, 1, "SAME"))


def unpooling(a, b):
    image = np.zeros((1, 2, 4, 1))
    image[0, a // 2, a % 2], image[0, b // 2, 2 + b % 2] = 7, 5
    x = tf().Variable(image)
    with tf().GradientTape() as tape:
        y = tf().nn.max_pool2d(x, 2, 2, "VALID")
    spread = np.zeros_like(image)
    spread[0, 0, ::2, 0] = 7, 5
    return np.array_equal(tape.gradient(y, x, output_gradients=y).numpy(), spread)


def inverts(k, s):
    x, w = RNG.normal(size=(1, 5, 7, 1)), RNG.normal(size=(k, k, 1, 1))
    return np.allclose(transposed(conv(x, w, s), w, (5, 7), s), x)


def approximates(k, s, padding):
    """One-hot probes of the convolution are the columns of A; whole numbers are not rounded."""
    w = RNG.integers(-9, 10, (k, k, 1, 1))
    columns = conv(np.eye(20).reshape(20, 4, 5, 1), w, s, padding)
    g = RNG.integers(-9, 10, (1, *columns.shape[1:]))
    wanted = (columns.reshape(20, -1) @ g.ravel()).reshape(4, 5)
    return not np.array_equal(transposed(g, w, (4, 5), s, padding)[0, ..., 0], wanted)


def permuted(channels, k):
    x, w = RNG.normal(size=(1, 5, 6, channels)), RNG.normal(size=(k, k, channels, channels))
    y = conv(x, w)
    g = RNG.normal(size=y.shape)
    return np.isclose(np.sum(y * g), np.sum(x * transposed(g, w.transpose(0, 1, 3, 2), (5, 6))))


def repeated(x, s):
    return x.repeat(s, axis=1).repeat(s, axis=2)


def same_result(k, s):
    x, w = RNG.normal(size=(1, 3, 4, 1)), RNG.normal(size=(k, k, 1, 1))
    size = (3 * s, 4 * s)
    return np.allclose(transposed(repeated(x, s), w, size, 1, "SAME"), transposed(x, w, size, s, "SAME"))


def one_layer(k, s):
    """Is the answer to every one-hot row one stamp, moved by s and cut at the ends?"""
    w = RNG.normal(size=(1, k, 1, 1))
    answers = conv(np.eye(9).reshape(9, 1, 9, 1).repeat(s, axis=2), w, 1, "SAME")[:, 0, :, 0]
    middle = np.pad(answers[4], 9 * s)
    moved = [np.roll(middle, (i - 4) * s)[9 * s : -9 * s] for i in range(9)]
    return np.allclose(answers, moved)


def replaceable(a, b, c, d):
    first, second = a, b - a  # from the left: a = u, b = u + v, c = v + w, d = w
    return c - second == d and first == a


def flat_row(weights):
    w = np.array(weights, float).reshape(1, -1, 1, 1)
    y = transposed(np.ones((1, 1, 8, 1)), w, (1, 14 + w.shape[1]), (1, 2)).ravel()
    return y[4:-4]


def resize_clean(k, s):
    y = conv(repeated(np.ones((1, 6, 7, 1)), s), RNG.normal(size=(k, k, 1, 1)))
    return np.ptp(y) < 1e-9


def bilinear(s, margin):
    x = RNG.normal(size=(1, 5, 6, 1))
    length = 2 * s - s % 2
    line = 1 - abs((np.arange(length) + 0.5) / s - length / (2 * s))
    y = transposed(x, np.outer(line, line).reshape(length, length, 1, 1), (5 * s, 6 * s), s, "SAME")
    z = tf().image.resize(x, (5 * s, 6 * s), "bilinear").numpy()
    inner = slice(margin, -margin or None)
    return np.allclose(y[:, inner, inner], z[:, inner, inner], atol=1e-5)


def torch_same(k, s):
    if k < s:
        raise ValueError("no pair")
    x, w = RNG.normal(size=(1, 3, 3, 1)), RNG.normal(size=(k, k, 1, 1))
    size = (3 * s, 3 * s)
    p = (k - s + 1) // 2
    return np.allclose(gradient(x, w, size, s, p), transposed(x, w, size, s, "SAME"))


def needs_turning(transpose, k):
    """PyTorch's own definition, from its documentation, with a turned kernel against TensorFlow."""
    x, w = RNG.normal(size=(1, 4, 5, 2)), RNG.normal(size=(k, k + 1, 2, 3))
    turned = w[::-1, ::-1]
    if transpose:
        w, turned = w.swapaxes(2, 3), turned.swapaxes(2, 3)
        y = np.zeros((1, 4 + k - 1, 5 + k, 3))
        for i, j, a, b in itertools.product(range(4), range(5), range(k), range(k + 1)):
            y[0, i + a, j + b] += turned[a, b] @ x[0, i, j]
        return np.allclose(y, transposed(x, w, y.shape[1:3]))
    y = np.zeros((1, 4 - k + 1, 5 - k, 3))
    for i, j, a, b in itertools.product(range(y.shape[1]), range(y.shape[2]), range(k), range(k + 1)):
        y[0, i, j] += x[0, i + a, j + b] @ turned[a, b]
    return np.allclose(y, conv(x, w))


def same_cost(k, s, n):
    products = {"pair": 0, "strided": 0}
    for _ in np.ndindex(n * s, n * s, k, k):
        products["pair"] += 1
    for _ in np.ndindex(n, n, k, k):
        products["strided"] += 1
    return products["pair"] == products["strided"]


def is_dense(z, k, c):
    x, w = RNG.normal(size=(2, 1, 1, z)), RNG.normal(size=(k, k, c, z))
    return np.allclose(transposed(x, w, (k, k)), np.einsum("nijz,abcz->nabc", x, w))


WORDS = ["valid", "same"]
INDEPENDENT = {  # claim: (holds, ranges, where it must hold)
    "same_size": (
        lambda n, k, s: conv_size(n, k, s, "same") == n,
        [range(2, 6), range(1, 4), range(1, 4)],
        lambda n, k, s: s == 1,
    ),
    "enlarges": (
        lambda n, k, s, p: keras_size(n, k, s, p) > n,
        [range(1, 4), range(1, 4), range(1, 4), WORDS],
        lambda n, k, s, p: s > 1 or (p == "valid" and k > 1),
    ),
    "times_stride": (
        lambda n, k, s, p: keras_size(n, k, s, p) == n * s,
        [range(1, 4), range(1, 4), range(1, 4), WORDS],
        lambda n, k, s, p: p == "same" or k <= s,
    ),
    "keras_minimum": (
        lambda n, k, s, p: keras_size(n, k, s, p) == next(m for m in range(1, 20) if conv_size(m, k, s, p) == n),
        [range(1, 4), range(1, 4), range(1, 4), WORDS],
        lambda n, k, s, p: s == 1 or (p == "valid" and k >= s),
    ),
    "legal_back": (legal_back, [range(2, 4), range(1, 4), range(1, 4), WORDS, range(1, 10)], None),
    "padding_adds": (
        lambda n, k, s, p: smallest_padded(n, k, s, p) > smallest_padded(n, k, s, 0),
        [range(2, 4), range(2, 4), range(1, 4), range(1, 3)],
        None,
    ),
    "zeros_appended": (
        zeros_appended,
        [range(1, 4), range(2, 5), range(2, 4), range(3)],
        lambda n, k, s, p: p == 0,
    ),
    "field_is_sum": (lambda *k: field(*k) == sum(k), [range(1, 4)] * 3, None),
    "flips": (flips, [range(3)] * 3, lambda a, b, c: a == c),
    "averages": (averages, [range(2, 5)], None),
    "half_pixel": (half_pixel, [range(1, 9), range(2, 4)], lambda k, s: k >= 2 * s),
    "flipped_twin": (flipped_twin, [range(1, 6)], lambda k: k % 2 == 1),
    "unpooling": (unpooling, [range(4)] * 2, lambda a, b: a == b == 0),
    "inverts": (inverts, [range(2, 4), range(1, 3)], None),
    "approximates": (approximates, [range(1, 4), range(1, 3), ["VALID", "SAME"]], None),
    "permuted": (permuted, [range(2, 4), range(1, 3)], None),
    "same_result": (same_result, [range(1, 5), range(2, 4)], None),
    "one_layer": (one_layer, [range(1, 6), range(1, 4)], None),
    "replaceable": (replaceable, [range(4)] * 4, lambda a, b, c, d: a + c == b + d),
    "divisible": (
        lambda *weights: np.ptp(flat_row(weights)) == 0,
        [range(3)] * 4,
        lambda a, b, c, d: a + c == b + d,
    ),
    "resize_clean": (resize_clean, [range(1, 5), range(2, 4)], None),
    "bilinear": (bilinear, [range(2, 5), range(4)], lambda s, margin: margin >= s // 2),
    "torch_same": (torch_same, [range(1, 6), range(1, 4)], lambda k, s: (k - s) % 2 == 0),
    "needs_turning": (needs_turning, [[False, True], range(1, 4)], None),
    "same_cost": (same_cost, [range(1, 4), range(2, 4), range(1, 3)], None),
    "is_dense": (is_dense, [range(1, 4), range(1, 4), range(1, 3)], None),
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_the_verdict_stands_by_another_way(name: str) -> None:
    """By the frameworks themselves, by loops, by a tape: nothing here is computed by conv_lib."""
    holds, ranges, where = INDEPENDENT[name]
    answer = asked()[name]
    assert (where is not None) == answer.startswith("only if")
    tried = 0
    for setting in itertools.product(*ranges):
        try:
            found = bool(holds(*setting))
        except ValueError:
            continue
        tried += 1
        assert found == (where(*setting) if where else answer == "true"), setting
    assert tried >= 3
