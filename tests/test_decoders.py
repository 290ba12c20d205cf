"""The package of small decoders: data, models, measures, packed weights, training; and what LiveDecoder checks."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from traitlets import TraitError

from conv_lib import decoders as d
from conv_lib.figures import PRESETS
from conv_lib.widgets import LiveDecoder
from decoder_cases import ops_of, random_decoders

PRESET_NAMES = [name for name in PRESETS if name.startswith("decoder")]


@pytest.fixture(scope="module")
def packed():
    return random_decoders()


# ------------------------------------------------------------------------------------ data


def test_digits_are_enlarged_and_divided() -> None:
    plain, large = d.digits(), d.digits((3, 2))
    assert plain.train.shape == (1437, 8, 8, 1) and plain.test.shape == (360, 8, 8, 1)
    assert large.train.shape == (1437, 24, 16, 1) and large.train.dtype == np.float32
    assert 0 <= large.train.min() and large.train.max() <= 1
    assert np.bincount(plain.test_labels, minlength=10).min() >= 25
    # Bilinear: little is left at the finest frequency.
    assert d.checkerboard(large.test) < 0.5 * d.checkerboard(plain.test)


def test_two_digits_never_overlap_and_the_masks_follow_the_ink() -> None:
    pictures, masks = d.two_digits(50, size=(10, 18), seed=3)
    assert pictures.shape == (50, 10, 18, 1) and masks.shape == (50, 10, 18)
    assert set(np.unique(masks)) == {0, 1, 2}
    assert ((masks > 0) == (pictures[..., 0] >= 0.25)).all()
    again = d.two_digits(50, size=(10, 18), seed=3)[0]
    assert np.array_equal(pictures, again)
    with pytest.raises(ValueError, match="width"):
        d.two_digits(1, size=(8, 12))


# ------------------------------------------------------------------------------------ measures


def test_checkerboard_is_the_amplitude_at_the_stride() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(5, 1, 1, 1)) * np.ones((1, 12, 8, 1))
    assert d.checkerboard(flat) == pytest.approx(0, abs=1e-12)
    rows, columns = np.indices((12, 8))
    for pattern in (rows, columns, rows + columns):
        board = flat + 0.3 * (-1.0) ** pattern[None, :, :, None]
        assert d.checkerboard(board) == pytest.approx(0.3)
    # Parseval: the three highest frequencies of the discrete Fourier transform hold the same.
    x = rng.normal(size=(12, 8))
    f = np.fft.fft2(x) / x.size
    energy = abs(f[6, 0]) ** 2 + abs(f[0, 4]) ** 2 + abs(f[6, 4]) ** 2
    assert d.checkerboard(x[None, :, :, None]) == pytest.approx(np.sqrt(energy))
    with pytest.raises(ValueError, match="axes"):
        d.phase_means(x)


def test_the_fine_part_keeps_a_board_and_drops_flat_and_slope() -> None:
    rows, columns = np.indices((6, 8))
    board = (-1.0) ** (rows + columns)[None, :, :, None]
    assert np.allclose(d.stride_pattern(board)[:, 1:-1, 1:-1], board[:, 1:-1, 1:-1])
    slope = (2.0 * rows + columns)[None, :, :, None]
    assert np.allclose(d.stride_pattern(slope)[:, 1:-1, 1:-1], 0)


def test_intersection_over_union() -> None:
    truth, guess = [[0, 1, 1, 2]], [[0, 1, 2, 2]]
    assert d.intersection_over_union(truth, guess, 3) == [1.0, 0.5, 0.5]
    with pytest.raises(ValueError, match="one shape"):
        d.intersection_over_union([[0]], [[0, 1]], 2)


# ------------------------------------------------------------------------------------ models and packing


@pytest.mark.parametrize("kind", d.KINDS)
def test_numpy_and_keras_agree_on_the_packed_weights(kind, packed) -> None:
    model = d.decoder(kind)
    assert d.describe_ops(model) == ops_of(kind)
    z = np.random.default_rng(1).uniform(-3, 3, (30, 2)).astype("float32")
    for number in (0, 4, 7):
        weights = d.unpack(packed, kind, number)
        model.set_weights(weights)
        assert np.abs(d.run_ops(ops_of(kind), weights, z)[-1] - model(z).numpy()).max() < 1e-5


def test_packing_moves_a_weight_by_half_a_step_at_most() -> None:
    from conv_lib.decoders.pack import packed, unpacked

    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(3, 3, 4, 2)), np.zeros(5), np.array([1e-6, -2e-6])]
    back = unpacked(packed(arrays), [a.shape for a in arrays])
    for before, after in zip(arrays, back, strict=True):
        assert np.abs(before - after).max() <= np.abs(before).max() / 254 * 1.001
    with pytest.raises(ValueError, match="kind is one of"):
        d.upsampler("k5", 3)


@pytest.mark.parametrize("shape", [(12, 20, 1), (10, 18, 1), (9, 7, 2), (13, 6, 1)])
@pytest.mark.parametrize("skips", [True, False])
def test_the_segmenter_takes_any_size(shape, skips) -> None:
    net = d.segmenter(shape, 4, skips=skips)
    assert net.output_shape == (None, *shape[:2], 4)


def test_training_is_repeatable_and_learns() -> None:
    data = d.digits((3, 2))
    codes = np.random.default_rng(0).normal(size=(len(data.train), 2)).astype("float32")
    one, two = (d.train_twins(codes, data.train, kinds=("k3", "resize"), steps=(0, 5, 30)) for _ in range(2))
    for key in one.loss:
        assert one.loss[key][-1] < 0.7 * one.loss[key][0]
        assert np.allclose(one.loss[key], two.loss[key], rtol=1e-3)
    assert one.over_seeds("k3").shape == (1, 3)
    first = [w.shape for w in one.weights["k3", 0][0]]
    assert first == [tuple(s) for s in d.weight_shapes(one.ops["k3"])]
    # Decoders of one seed start from the same Dense weights.
    assert np.array_equal(one.weights["k3", 0][0][0], one.weights["resize", 0][0][0])


def test_the_gan_trains_and_reports() -> None:
    data = d.digits((3, 2))
    gan = d.train_gan(data.train[:256], epochs=2, every=1, count=7)
    assert gan.epochs == [0, 1, 2] and gan.samples[-1].shape == (7, 24, 16, 1)
    assert np.isfinite(gan.generator_loss[1:]).all() and 0 <= gan.spotted[-1] <= 1
    assert 0 <= gan.samples[-1].min() and gan.samples[-1].max() <= 1


def test_importing_it_loads_neither_tensorflow_nor_scikit_learn() -> None:
    program = (
        "import sys, conv_lib.decoders, conv_lib.decoders.figures;"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'tensorflow', 'keras', 'sklearn', 'matplotlib'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# ------------------------------------------------------------------------------------ the widget


@pytest.mark.parametrize("preset", PRESET_NAMES)
def test_presets_draw_and_say_what_they_are(preset, packed) -> None:
    widget = LiveDecoder(preset, decoders=packed, name="m")
    assert len(PRESET_NAMES) >= 5
    assert widget.maps()[-1].shape == (24, 16, 1) and widget.maps("resize")[1].shape == (3, 2, 12)
    html = widget.to_html()
    assert "<svg role" in html and "LiveDecoder" in html
    assert "test digits" in widget.describe()


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"z": [1]}, "two numbers"),
        ({"z": [4, 0]}, "-3 to 3"),
        ({"z": [np.nan, 0]}, "two numbers"),
        ({"z": "<script>"}, "two numbers"),
        ({"z": None}, "two numbers"),
        ({"checkpoint": 8}, "0 to 7"),
        ({"checkpoint": -1}, "whole number"),
        ({"checkpoint": 1.5}, "whole number"),
        ({"checkpoint": "\U0001f600"}, "whole number"),
        ({"kind": "resize"}, "k3"),
        ({"view": "x" * 10_000}, "picture"),
        ({"layer": 99}, "0 to 5"),
        ({"channel": True}, "whole number"),
        ({"decoders": {}}, "pack returns"),
        ({"decoders": {"models": [], "steps": [], "points": [], "labels": ""}}, "pack returns"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(bad, words, packed) -> None:
    with pytest.raises(TraitError, match=words):
        LiveDecoder("decoder", **{"decoders": packed, **bad})


def test_a_refused_setting_leaves_the_last_good_ones(packed) -> None:
    widget = LiveDecoder("decoder", decoders=packed)
    for name, value in [("z", [9, 9]), ("checkpoint", 40), ("kind", "k9"), ("decoders", {"models": 3})]:
        before = widget.state()
        with pytest.raises(TraitError):
            setattr(widget, name, value)
        assert widget.state() == before


def test_new_decoders_with_fewer_checkpoints_pull_the_slider_in(packed) -> None:
    widget = LiveDecoder("decoder-after", decoders=packed)
    widget.decoders = random_decoders(seed=1, steps=(0, 10))
    assert widget.checkpoint == 1


def test_without_weights_it_says_what_is_missing(packed) -> None:
    with pytest.raises(TypeError, match="needs weights"):
        LiveDecoder("decoder")
    with pytest.raises(ValueError, match="decoder-far"):
        LiveDecoder("ones-conv", decoders=packed)
    with pytest.raises(TypeError, match="checkpoint"):
        LiveDecoder(decoders=packed, chekpoint=2)
