"""The channel view: agreement with conv_lib, code that runs as it stands, and what Python checks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from channels_cases import channel_cases, parts_of, reference
from conv_lib.figures import channels_figure
from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets import ChannelView
from test_snippets import CHILD, torch_python
from tools import ROOT

MINE = [name for name, widget in WIDGETS.items() if widget == "ChannelView"]
OFFERED = ["Keras", "tf.nn", "PyTorch", "This widget"]


@pytest.fixture(scope="module")
def replayed(node: str, tmp_path_factory) -> tuple[str, list[dict[str, Any]]]:
    """The report of the Node tests on fresh case vectors, and the code that the widget offers for some layers."""
    folder = tmp_path_factory.mktemp("channels")
    legal, refused = channel_cases(320)
    code = folder / "snippets.json"
    vectors = folder / "vectors.json"
    vectors.write_text(json.dumps({"legal": legal, "refused": refused, "snippetsTo": str(code)}), "utf-8")
    script = folder / "channels.test.mjs"
    bundle = [
        str(ROOT / "node_modules/esbuild/bin/esbuild"),
        *("tests/js/channels.test.ts", "--bundle", "--platform=node", "--format=esm", "--target=node18"),
        *("--log-level=warning", f"--outfile={script}"),
    ]
    replay = [node, "--test", "--test-reporter=tap", str(script)]
    for command in (bundle, replay):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "CHANNEL_VECTORS": str(vectors)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout, json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(replayed) -> None:
    report, _ = replayed
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) >= 12
    assert re.search(r"^# fail 0$", report, re.M) and re.search(r"^# skipped 0$", report, re.M)


def run_snippets(python: str, layers: list[dict], name: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [python, "-c", CHILD],
        input=json.dumps([layer["code"][name] for layer in layers]),
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout[done.stdout.index("[") :])


def hold(layers: list[dict], name: str, answers: list[dict], channels_last: bool) -> None:
    for layer, answer in zip(layers, answers, strict=True):
        code = layer["code"][name]
        assert "error" not in answer, f"{code}\n{answer['error']}"
        output = reference(layer["traits"])
        got = np.array(answer["y"])[0] if channels_last else np.moveaxis(np.array(answer["y"])[0], 0, -1)
        assert got.shape == output.shape
        np.testing.assert_allclose(got, output, atol=1e-4, err_msg=code)
        assert answer["printed"].strip()


@pytest.mark.parametrize("name", ["Keras", "tf.nn"])
def test_tensorflow_snippets_run_and_give_what_the_page_shows(replayed, name) -> None:
    _, layers = replayed
    hold(layers, name, run_snippets(sys.executable, layers, name), channels_last=True)
    text = "\n".join(layer["code"][name] for layer in layers)
    for branch in (
        ("DepthwiseConv2D", "groups=2", "use_bias=False") if name == "Keras" else ("bias_add", "groups follow")
    ):
        assert branch in text


def test_pytorch_snippets_run_and_give_what_the_page_shows(replayed) -> None:
    python = torch_python()
    if python is None:
        pytest.skip("PyTorch is not installed: its snippets were not run. CB_TORCH_PYTHON can name one")
    _, layers = replayed
    hold(layers, "PyTorch", run_snippets(python, layers, "PyTorch"), channels_last=False)


def test_widget_snippets_build_the_same_widget(replayed) -> None:
    _, layers = replayed
    for layer in layers:
        assert list(layer["code"]) == OFFERED
        space: dict[str, Any] = {}
        exec(compile(layer["code"]["This widget"], "snippet", "exec"), space)
        state = space["w"].state()
        assert {name: state[name] for name in layer["traits"]} == layer["traits"]


@pytest.mark.parametrize("preset", MINE)
def test_presets_draw_and_say_what_they_are(preset) -> None:
    w = ChannelView(preset, name="c")
    total = w.parts().sum(axis=0) + (0 if w.bias is None else w.bias[w.channel])
    np.testing.assert_allclose(total, w.output[..., w.channel])
    assert str(np.shape(w.kernel)) in w.describe()
    html = w.to_html()
    assert "<svg role" in html and 'data-widget="ChannelView"' in html
    drawn = [text.get_text() for text in w.figure().axes[0].texts]
    for c in range(np.shape(w.input)[-1]):
        assert f"input in {c}" in drawn
    assert f"= output out {w.channel}" in drawn


def test_parts_are_what_one_channel_alone_gives() -> None:
    for case in channel_cases(60, seed=31)[0]:
        traits = case["traits"]
        w = ChannelView(**traits)
        np.testing.assert_allclose(w.output, reference(traits))
        for o in range(np.shape(traits["kernel"])[-1]):
            alone = [parts_of(traits, c, o) for c in range(np.shape(traits["input"])[-1])]
            np.testing.assert_allclose(w.parts(o), alone, atol=1e-9)
        assert w.parameters == np.size(traits["kernel"]) + len(traits["bias"] or [])
        assert channels_figure(
            traits["input"],
            traits["kernel"],
            **{n: traits[n] for n in ("bias", "channel", "stride", "padding", "groups")},
        ).axes


def test_issue_questions() -> None:
    """896, not an average; (3, 3, 1, 16); ten 3 x 3 filters on 24 x 24 x 3."""
    w = ChannelView("not-averaged")
    assert (w.output[..., 0] == 111).all()
    assert np.shape(ChannelView("one-in").kernel) == (3, 3, 1, 4)
    assert ChannelView("one-in").counted["filters"] == 16
    counted = ChannelView().counted
    assert [counted[n] for n in ("height", "width", "channels", "kernel", "filters")] == [24, 24, 3, 3, 10]


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"input": [[1, 2], [3, 4]]}, "axes"),
        ({"input": np.ones((8, 2, 3))}, "height 1 to 7"),
        ({"input": np.ones((4, 5, 5))}, "in_channels 1 to 4"),
        ({"input": np.ones((4, 5, 2))}, "channels of x"),
        ({"input": np.full((4, 5, 3), np.nan)}, "finite"),
        ({"input": "picture"}, "numbers"),
        ({"input": [[[1, 2], [3]]]}, "numbers"),
        ({"kernel": np.ones((6, 3, 3, 2))}, "1 to 5"),
        ({"kernel": np.ones((5, 5, 3, 2))}, "height"),
        ({"kernel": np.ones((3, 3, 2, 2))}, "channels of x"),
        ({"kernel": np.ones((3, 3, 3, 7))}, "out_channels 1 to 6"),
        ({"bias": [1]}, "each of the 2 channels out"),
        ({"bias": 1}, "axes"),
        ({"bias": [1, np.inf]}, "finite"),
        ({"stride": 0}, "1 to 4"),
        ({"stride": True}, "whole number"),
        ({"padding": "explicit"}, "padding"),
        ({"groups": 2}, "groups"),
        ({"groups": 9}, "1 to 4"),
        ({"channel": 2}, "counts the 2 channels out"),
        ({"channel": -1}, "0 to 5"),
        ({"counted": {"hight": 3}}, "keys height"),
        ({"counted": {"height": 0}}, "1 to 65536"),
        ({"counted": {"bias": 1}}, "True or False"),
        ({"counted": {"padding": "full"}}, "valid"),
        ({"counted": {"groups": 2}}, "divide"),
        ({"counted": {"kernel": 30}}, "does not fit"),
        ({"counted": [24, 24]}, "dict"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        ChannelView("channels", **bad)


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    w = ChannelView("channels")
    for name, value in [("kernel", np.ones((3, 3, 2, 2))), ("bias", [1]), ("groups", 2), ("channel", 5), ("stride", 9)]:
        before = w.state()
        with pytest.raises(TraitError):
            setattr(w, name, value)
        assert w.state() == before


def test_settings_that_depend_on_each_other_change_together() -> None:
    w = ChannelView("channels", channel=1)
    with w.hold_trait_notifications():
        w.input = np.ones((2, 2, 4))
        w.kernel = np.ones((1, 1, 2, 2))
        w.groups = 2
    assert w.output[0, 0].tolist() == [3, 0]
    with w.hold_trait_notifications():
        w.kernel = np.ones((1, 1, 4, 1))
        w.bias = None
        w.groups = 1
    assert w.channel == 0


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(ValueError, match="depthwise"):
        ChannelView("ones-conv")
