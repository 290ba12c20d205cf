"""The table of error messages: complete, safe, provoked again, and right about readers' own numbers."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from traitlets import TraitError

from conv_lib.diagnosis import AXES, FORMS, VERSIONS, advice, find, read
from conv_lib.diagnosis.compute import COMPUTE
from conv_lib.diagnosis.forms import _TOKEN, compiled
from conv_lib.diagnosis.provoke import MODULES
from conv_lib.widgets import ErrorReader
from errors_cases import JUNK

ROOT = Path(__file__).parent.parent
IDS = [form.id for form in FORMS]


def test_there_are_enough_and_each_is_new() -> None:
    assert len(FORMS) >= 40 and len(set(IDS)) == len(FORMS)
    assert {form.framework for form in FORMS} == set(VERSIONS) == set(MODULES)


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_every_row_is_whole(form) -> None:
    assert form.example and form.error not in ("", "nothing")
    assert bool(form.provoke) != bool(form.quoted)
    assert form.cause and form.fixes and set(form.compute) <= set(COMPUTE)
    named = {token[2] for pattern in form.patterns for token in _TOKEN.finditer(pattern) if token[1]}
    assert named == set(form.numbers)
    for number in form.numbers.values():
        assert set(number) <= {"is", "axes", "role"} and set(number.get("axes", "")) <= set(AXES)
        assert number.get("role") in (None, "input", "kernel", "output")
    for pattern in form.patterns:
        assert compiled(pattern)[1] >= 15, "too little of the pattern is fixed text"


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_every_example_is_read_and_every_number_named(form) -> None:
    reading = read(f"Traceback (most recent call last):\n{form.error}: {form.example}")
    assert reading and reading.form is form
    assert reading.cause and reading.fixes and reading.link
    assert "{" not in reading.cause + "".join(reading.fixes)
    text = re.sub(r"mat[12]\b", "", reading.matched)
    for number in reading.numbers:
        assert number.what and "{" not in number.what
        text = text.replace(number.text, "#", 1)
    assert re.findall(r"(?<![A-Za-z_0-9])[0-9]+", text) == [], "a number without a name"


@pytest.mark.parametrize("onednn", ["0", "1"])
@pytest.mark.parametrize("framework", sorted(MODULES))
def test_the_frameworks_still_say_it(framework, onednn) -> None:
    if framework not in ("TensorFlow", "Keras") and onednn == "0":
        pytest.skip("oneDNN is a matter of TensorFlow")
    python = os.environ.get("CB_ERRORS_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec(MODULES[framework]) is None:
        pytest.skip(f"{framework} is not installed; recorded with {VERSIONS[framework]}")
    command = [python, "-m", "conv_lib.diagnosis.provoke", "--framework", framework, "--onednn", onednn]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=env, cwd=ROOT)
    if "ModuleNotFoundError" in done.stderr:
        pytest.skip(f"{framework} is not installed there; recorded with {VERSIONS[framework]}")
    assert done.returncode == 0, done.stderr[-2000:]
    raised = json.loads(done.stdout)["raised"]
    for name, (error, message) in raised.items():
        form, reading = find(name), read(message)
        assert error == form.error, (name, error, message)
        assert reading and reading.form is form, (name, message)
        # Names such as conv2d_3 count what was made before.
        now, then = ([re.sub("_[0-9]+$", "", one.text) for one in r.numbers] for r in (reading, read(form.example)))
        assert now == then, name


ASKED = [
    (
        "actual = 7, computed = 16",
        "q028",
        "out_backprop mismatch: actual = 7, computed = 16",
        ["13 or 14", "need 8", "need 6"],
    ),
    (
        "7 to 28",
        "q027",
        "Size of out_backprop doesn't match computed: actual = 7, computed = 14 spatial_dim: 1 input: 28 "
        "filter: 3 output: 7 stride: 2 dilation: 1",
        ["13 or 14", "stride 4", "7 \u2192 14 \u2192 28"],
    ),
    (
        "258 x 2",
        "q034",
        "Kernel size (3 x 3) cannot be greater than padded input size (258 x 2)",
        ["256 \u00d7 0", "upstream"],
    ),
    ("7 or 16", "q030", find("torch-cat").example, ["7 and 16", "ConvTranspose2d(in, out, kernel, stride, padding)"]),
    ("unknown batch", "q026", find("tf-shape-none").example, ["tf.stack([tf.shape(x)[0], 40, 40, 32])", "set_shape"]),
    ("output_padding 8", "q021", find("keras-output-padding").example, ["7 or less", "(n \u2212 1)\u00b78 + 1"]),
    (
        "stride 1, even kernel",
        "q040",
        "output padding must be smaller than either stride or dilation, but got "
        "output_padding_height: 0 output_padding_width: 1 stride_height: 1 stride_width: 1 "
        "dilation_height: 1 dilation_width: 1",
        ["at most 0", "[..., :-1]"],
    ),
    ("either one", "q042", find("onnx-output-padding").example, ["the slash means either"]),
    ("DCGAN 32", "q063", find("torch-target-size").example, ["256", "64", "4 numbers", "stride-2"]),
    (
        "28 and 32",
        "seed",
        "logits and labels must have the same shape ((None, 32, 32, 1) vs (None, 28, 28, 1))",
        ["32 \u00d7 32", "Cropping2D((2, 2))", "14 \u2192 7 \u2192 4", "8 \u2192 16 \u2192 32", "twice"],
    ),
    ("64x44 and 64x43", "skip", find("keras-concat").example, ["44 and 43", "up to 22"]),
    (
        "channels last",
        "layout",
        "Given groups=1, weight of size [8, 3, 3, 3], expected input[1, 224, 224, 3] to have 3 "
        "channels, but got 224 channels instead",
        ["permute(0, 3, 1, 2)", "1, 3, 224, 224"],
    ),
]


@pytest.mark.parametrize("message, parts", [case[2:] for case in ASKED], ids=[f"{c[1]}-{c[0]}" for c in ASKED])
def test_what_people_asked_comes_out(message, parts) -> None:
    reading = read(message)
    said = " ".join([reading.cause, *reading.fixes])
    for part in parts:
        assert part in said, said


@pytest.mark.parametrize("text", JUNK)
def test_an_unknown_message_is_said_to_be_unknown(text) -> None:
    assert read(text) is None
    widget = ErrorReader(message=text)
    assert "not among" in widget.describe() and widget.figure() and "<script>" not in widget.to_html()


def test_what_to_read_in_an_unknown_message() -> None:
    said = advice(
        'Traceback:\n  File "train.py", line 3, in f\n  File "/x/site-packages/a.py", line 9\n'
        "ValueError: (1, 2, 3, 4) [5, 6]"
    )
    assert said.error == "ValueError: (1, 2, 3, 4) [5, 6]" and said.line == 'File "train.py", line 3, in f'
    assert [shape for shape, _ in said.shapes] == ["(1, 2, 3, 4)", "[5, 6]"]


def test_the_widget_cuts_and_refuses() -> None:
    assert len(ErrorReader(message="x" * 30_000).message) == 20_000
    assert ErrorReader("torch-cat").reading.form.id == "torch-cat"
    assert "torch-cat" in ErrorReader("torch-cat").query()
    with pytest.raises(ValueError, match="Nearest: 'torch-cat'"):
        ErrorReader("torch-kat")
    with pytest.raises(TraitError, match="surrogate"):
        ErrorReader(message="\ud800")
    with pytest.raises(TypeError, match="Nearest legal: 'message'"):
        ErrorReader(massage="x")


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_every_link_leads_somewhere(form) -> None:
    link = read(form.example).link
    chapter = (ROOT / f"{link.page}.md").read_text("utf-8")
    if link.section:
        slugs = [
            re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
            for heading in re.findall(r"^##+ (.+)$", chapter, re.M)
        ]
        assert link.section in slugs
    else:
        assert f'name="{link.widget}"' in chapter
        from conv_lib.widgets import SizeRuler

        numbers = {key: int(value) if value.isdigit() else value for key, value in link.settings}
        SizeRuler(name="x", **numbers)
