"""The phase lab: agreement with conv_lib, code that runs, and what Python checks."""

from __future__ import annotations

import base64
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

from conv_lib import conv2d_transpose, phase_sums
from conv_lib.figures import small_photograph
from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets import PhaseLab
from conv_lib.widgets.base import STATIC
from phase_cases import answers, phase_cases

ROOT = Path(__file__).parent.parent
MINE = [name for name, widget in WIDGETS.items() if widget == "PhaseLab"]


def photo() -> np.ndarray:
    stored = json.loads((STATIC.parent / "phase_photo.json").read_text("utf-8"))
    grey = np.frombuffer(base64.b64decode(stored["grey"]), np.uint8)
    return grey.reshape(stored["height"], stored["width"])


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[list[dict[str, str]]]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers for some of them."""
    folder = tmp_path_factory.mktemp("phase")
    cases, refused = phase_cases(400)
    kernel = np.outer([1.0, 2, 3, 5], [1.0, 2, 3, 5])[:, :, None, None]
    values = conv2d_transpose(photo()[None, :, :, None] / 255, kernel, stride=2, padding="same")[0, :, :, 0]
    seen = {"kernel": [1, 2, 3, 5], "stride": 2, "values": values.tolist()}
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps({"cases": cases, "refused": refused, "photo": seen}), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "phase.test.mjs")]
    env = {**os.environ, "PHASE_VECTORS": str(vectors), "PHASE_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 13
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(snippets) -> None:
    assert len(snippets) >= 50


def test_snippets_give_what_the_page_shows(snippets) -> None:
    for offered in snippets:
        assert [one["name"] for one in offered] == ["NumPy", "TensorFlow", "PyTorch", "This widget"]
        for one in offered:
            if one["name"] == "PyTorch":
                continue  # has a test of its own, which needs PyTorch
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code']}")


def test_pytorch_snippets_give_what_the_page_shows(snippets) -> None:
    pytest.importorskip("torch")
    for offered in snippets:
        code = offered[2]["code"]
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "PyTorch", "exec"), {})


def test_the_stored_photograph_is_the_one_that_matplotlib_ships() -> None:
    assert np.abs(photo() / 255 - small_photograph()).max() < 0.003


@pytest.mark.parametrize("preset", MINE)
def test_presets_draw_and_say_what_they_are(preset) -> None:
    widget = PhaseLab(preset, name="lab")
    known = answers(widget.state())
    assert np.allclose(np.atleast_2d(widget.output), known["output"])
    assert np.allclose(np.atleast_2d(widget.counts), known["counts"])
    assert ("no checkerboard" in widget.describe()) is widget.clean
    html = widget.to_html()
    assert "<svg role" in html and "PhaseLab" in html
    assert len(html) < 200_000
    assert widget.figure().axes


def test_one_rule_broken_both_ways() -> None:
    three, four = PhaseLab("phase-clean-three"), PhaseLab("phase-dirty-four")
    assert three.clean and len(set(three.counts[1:-1])) == 2
    assert not four.clean and set(four.counts[2:-2]) == {2}


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"kernel": []}, "1 to 7"),
        ({"kernel": [1] * 8}, "1 to 7"),
        ({"kernel": np.ones((2, 2, 1))}, "shape"),
        ({"kernel": [[1, 2], [3]]}, "numbers"),
        ({"kernel": "ones"}, "numbers"),
        ({"kernel": [np.nan]}, "finite"),
        ({"kernel": [1e10]}, "1e9"),
        ({"stride": 0}, "1 to 4"),
        ({"stride": 1.5}, "whole number"),
        ({"stride": True}, "whole number"),
        ({"width": 9}, "1 to 8"),
        ({"height": "4"}, "whole number"),
        ({"padding": "full"}, "valid"),
        ({"padding": -1}, "0 to 9"),
        ({"padding": (1, 2, 3)}, "before, after"),
        ({"padding": (9, 9)}, "nothing is left"),
        ({"view": "map"}, "photo"),
        ({"wave": 51}, "0 to 50"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        PhaseLab("phase-ones", **bad)


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    widget = PhaseLab(kernel=[1, 2, 3], padding=(2, 2), width=2)
    for name, value in [("padding", (3, 3)), ("width", 0), ("kernel", [1]), ("stride", 9)]:
        before = widget.state()
        with pytest.raises(TraitError):
            setattr(widget, name, value)
        assert widget.state() == before


def test_strip_and_image_are_told_by_the_kernel() -> None:
    widget = PhaseLab(kernel=[1, 2, 3], stride=2, height=3, width=4, padding=1)
    assert widget.padding == [1, 1] and widget.output.shape == (7,) and widget.sums.tolist() == [4, 2]
    widget.kernel = np.ones((2, 3))
    assert widget.output.shape == (4, 7)
    assert np.array_equal(widget.sums, phase_sums(np.ones((2, 3)), 2))
