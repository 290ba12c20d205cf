"""The upsampling bench: agreement with conv_lib, code that runs, and what Python checks."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from conv_lib import agreement
from conv_lib.figures import photograph
from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets import UpsamplingBench
from conv_lib.widgets.upsampling import WAYS, small_photograph
from upsampling_cases import upsampling_cases

ROOT = Path(__file__).parent.parent
MINE = [name for name, widget in WIDGETS.items() if widget == "UpsamplingBench"]


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[list[dict[str, str]]]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers for some of them."""
    folder = tmp_path_factory.mktemp("upsampling")
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps(upsampling_cases(320)), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "upsampling.test.mjs")]
    env = {**os.environ, "UPSAMPLING_VECTORS": str(vectors), "UPSAMPLING_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 9
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(snippets) -> None:
    assert len(snippets) >= 30


def test_snippets_give_what_the_page_shows(snippets) -> None:
    for offered in snippets:
        assert [one["name"] for one in offered] == ["NumPy", "Keras", "Projection", "This widget"]
        for one in offered:
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code']}")


def test_a_wrong_number_in_a_snippet_would_be_seen(snippets) -> None:
    keras = snippets[0][1]["code"]
    spoiled = keras.replace("k3 = [[", "k3 = [[99 + ")
    assert spoiled != keras
    with pytest.raises(AssertionError), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(spoiled, "spoiled", "exec"), {})


@pytest.mark.parametrize("preset", MINE)
def test_presets_draw_and_say_what_they_are(preset) -> None:
    bench = UpsamplingBench(preset, name="b")
    assert set(bench.outputs) == set(WAYS) == set(bench.costs)
    html = bench.to_html()
    assert "<svg role" in html and "UpsamplingBench" in html
    assert "doubled in eight ways" in bench.describe()
    assert len(html) < 400_000


def test_the_small_photograph_is_the_one_that_matplotlib_ships() -> None:
    blocks = photograph().mean(axis=-1)[20:420, 80:400].reshape(40, 10, 32, 10)
    assert abs(blocks.mean(axis=(1, 3)) - small_photograph()).max() < 0.51 / 255 + 1e-6


def test_the_examples_show_what_the_chapter_says() -> None:
    two, box = UpsamplingBench("upsample-seed").outputs, UpsamplingBench("upsample-box").outputs
    assert not agreement(two["resize"], two["transposed3"])
    assert agreement(box["resize"], box["transposed4"])
    start = UpsamplingBench("upsample").outputs
    assert agreement(start["nearest"], start["shuffle"])
    assert agreement(start["transposed4"][1:-1, 1:-1], start["bilinear"][1:-1, 1:-1])
    flat = {way: np.unique(y[1:-1, 1:-1].round(9)) for way, y in UpsamplingBench("upsample-flat").outputs.items()}
    clean = [way for way, values in flat.items() if values.tolist() == [1]]
    assert clean == ["nearest", "bilinear", "corners", "resize"]
    assert flat["transposed4"].tolist() == [0.8, 1, 1.2]


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"input": [[1, 2], [3]]}, "matrix of numbers"),
        ({"input": np.ones((5, 2))}, "1 to 4"),
        ({"input": [[np.nan, 1]]}, "finite"),
        ({"input": "picture"}, "numbers"),
        ({"input": []}, "shape"),
        ({"transposed3": np.ones((2, 3))}, r"\(3, 3\)"),
        ({"transposed4": np.ones((3, 3))}, r"\(4, 4\)"),
        ({"transposed4": np.ones((5, 5))}, "1 to 4"),
        ({"resize": [[1]]}, r"\(3, 3\)"),
        ({"shuffle": np.ones((3, 3, 3))}, r"\(4, 3, 3\)"),
        ({"shuffle": np.ones((3, 3))}, "axes"),
        ({"shown": "video"}, "photo"),
        ({"first": "deconvolution"}, "nearest"),
        ({"in_channels": 0}, "1 to 1024"),
        ({"out_channels": 1.5}, "whole number"),
        ({"tab": "speed"}, "difference"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        UpsamplingBench("upsample", **bad)


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    bench = UpsamplingBench("upsample")
    for name, value in [("transposed4", [[1]]), ("input", "x"), ("first", 3), ("in_channels", "many")]:
        with pytest.raises(TraitError):
            setattr(bench, name, value)
    assert bench.state() == UpsamplingBench("upsample").state()
    with pytest.raises(TypeError, match="Nearest legal: 'input'"):
        UpsamplingBench(inputs=[[1]])
