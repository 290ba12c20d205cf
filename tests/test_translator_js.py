"""The translator: agreement with conv_lib.frameworks, code that runs, and what Python checks."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets import Translator
from conv_lib.widgets.translator import facts
from translator_cases import translator_cases

ROOT = Path(__file__).parent.parent
MINE = [name for name, widget in WIDGETS.items() if widget == "Translator"]
NEEDS = {
    "tf": "tensorflow", "keras": "keras", "torch": "torch", "jax": "jax", "jax-default": "jax", "onnx": "onnxruntime",
}  # fmt: skip


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[dict]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers for some of them."""
    folder = tmp_path_factory.mktemp("translator")
    cases, refused = translator_cases(400)
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps({"cases": cases, "refused": refused}), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "translator.test.mjs")]
    env = {**os.environ, "TRANSLATOR_VECTORS": str(vectors), "TRANSLATOR_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 7
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(snippets) -> None:
    assert len(snippets) >= 90


def test_code_that_is_offered_runs_and_asserts_what_the_page_shows(snippets) -> None:
    ran = {name: 0 for name in (*NEEDS, "NumPy", "This widget")}
    for offered in snippets:
        names = [offered["target"], offered["source"], "NumPy", "This widget"]
        for name, one in zip(names, offered["code"], strict=True):
            if name in NEEDS and importlib.util.find_spec(NEEDS[name]) is None:
                continue
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code']}")
            ran[name] += 1
    print(ran)
    assert min(ran["NumPy"], ran["This widget"], ran["tf"], ran["keras"]) >= 20


def test_the_facts_are_those_of_conv_lib() -> None:
    stored = json.loads((ROOT / "conv_lib/widgets/translator_facts.json").read_text("utf-8"))
    assert stored == facts(), "write facts() into translator_facts.json"


@pytest.mark.parametrize("preset", MINE)
def test_examples_draw_and_say_what_they_are(preset) -> None:
    widget = Translator(preset)
    assert widget.output.shape[-1] == widget.channels[1]
    assert widget.channels[0] != widget.channels[1] and widget.size[0] != widget.size[1]
    assert "The right port" in widget.describe()
    html = widget.to_html()
    assert "<svg role" in html and "Translator" in html
    assert widget.figure().axes


def test_the_first_example_is_one_pixel_off_and_its_conversion_exact() -> None:
    widget = Translator("port-shift")
    ours, typed = widget.output, widget.typed_output
    assert ours.shape == typed.shape == (6, 8, 3)
    assert not np.allclose(ours, typed)
    assert np.array_equal(ours[1:, 1:], typed[:-1, :-1])


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"source": "caffe"}, "caffe"),
        ({"target": None}, "target"),
        ({"operation": "deconv"}, "deconv"),
        ({"size": (0, 4)}, "size"),
        ({"size": (3, 9)}, "up to 8"),
        ({"size": "big"}, "size"),
        ({"channels": (2, 5)}, "up to 4"),
        ({"kernel_size": 0}, "1 to 7"),
        ({"kernel_size": 2.5}, "whole number"),
        ({"stride": True}, "whole number"),
        ({"stride": 4, "size": (8, 8)}, "at most 18"),
        ({"dilation": 2}, "together"),
        ({"groups": 2}, "groups"),
        ({"padding": "full"}, "padding"),
        ({"padding": "lower"}, "SAME_LOWER"),
        ({"padding": (1, 1)}, "by name only"),
        ({"padding": (1, 2), "source": "torch", "target": "tf"}, "both ends"),
        ({"padding": [1] * 10_000}, "padding"),
        ({"extra": 2}, "smaller than stride"),
        ({"extra": -1}, "0 to 3"),
        ({"extra": 1, "source": "jax"}, "no extra"),
        ({"channel": 3}, "from 0"),
        ({"input": [[1, 2], [3]]}, "array of numbers"),
        ({"input": np.ones((2, 2, 2))}, "input has the shape"),
        ({"kernel": np.ones((3, 3, 2, 3))}, "kernel has the shape"),
        ({"kernel": "<script>"}, "array of numbers"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        Translator(**{"source": "keras", "operation": "transposed", "stride": 2, "padding": "same", **bad})


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    widget = Translator("port-shift")
    for name, value in [("padding", "lower"), ("stride", 9), ("input", [[[1]]]), ("extra", 2)]:
        before = widget.state()
        with pytest.raises(TraitError):
            setattr(widget, name, value)
        assert widget.state() == before
