"""The size solver: its traits, its JavaScript against conv_lib, and the code that it gives readers to copy."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from conv_lib import conv2d, conv2d_transpose, shapes
from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import SizeSolver
from solver_cases import answer, legal, questions
from test_snippets import torch_python
from test_widget_js import run  # noqa: F401  (a fixture)

MINE = [name for name, widget in WIDGETS.items() if widget == "SizeSolver"]

EIGHT = "do=up&from=46x62&to=368x489&kernel=16&stride=8"
TYPED: list[tuple[str, str | None, str]] = [
    ("7 to 28", "do=up&from=7x7&to=28x28&in=keras", ""),
    ("7→28", "do=up&from=7x7&to=28x28&in=keras", ""),
    ("7x7 -> 28x28 k4 s2", "do=up&from=7x7&to=28x28&kernel=4&stride=2&in=keras", ""),
    ("7×7 ⇒ 28×28, kernel=(4, 4), strides=(2, 2)", "do=up&from=7x7&to=28x28&kernel=4&stride=2&in=keras", ""),
    ("46x62 to 368x489 kernel 16 stride 8 same", f"{EIGHT}&padding=same&in=keras", ""),
    ("Need 46×62 → 368×489 with Conv2DTranspose k16 stride 8 SAME in tf.nn", f"{EIGHT}&padding=same&in=tf", ""),
    ("from 46 by 62 into 368 by 489, 16x16 kernel, stride of 8, pytorch", f"{EIGHT}&in=torch", ""),
    ("None, 7, 7, 256 to 14, 14", "do=up&from=7x7&to=14x14&in=keras", "batch"),
    ("get 28 from 7", "do=up&from=7x7&to=28x28&in=keras", ""),
    ("(None, 7, 7, 256) to [-1, 28, 28, 1]", "do=up&from=7x7&to=28x28&in=keras", "batch, height, width, channels"),
    ("7x7x256 to 14x14x128 padding=same", "do=up&from=7x7&to=14x14&padding=same&in=keras", "height, width, channels"),
    ("224 to 112 kernel_size=3 padding=1", "do=down&from=224x224&to=112x112&kernel=3&padding=1&in=keras", ""),
    ("down 8 to 8 k3", "do=down&from=8x8&to=8x8&kernel=3&in=keras", ""),
    ("2x2 k3 s2 valid", "do=up&from=2x2&kernel=3&stride=2&padding=valid&in=keras", ""),
    ("conv 23 k3 s2", "do=down&from=23x23&kernel=3&stride=2&in=keras", ""),
    ("16 to 32 k3 s2 p1 op1 torch", "do=up&from=16x16&to=32x32&kernel=3&stride=2&padding=1&in=torch", "looked for"),
    ("4x4 to 7x11 k4 stride 1x2", "do=up&from=4x4&to=7x11&kernel=4&in=keras", "share one stride"),
    ("7 to 28 d2", "do=up&from=7x7&to=28x28&dilation=2&in=keras", ""),
    ("7 to 28 frobnicate", "do=up&from=7x7&to=28x28&in=keras", "Not used: “frobnicate”"),
    ("7 to 28 k99", "do=up&from=7x7&to=28x28&in=keras", "Kernel is a whole number from 1 to 64"),
    ("", None, "7x7 to 28x28"),
    ("hello", None, "Type the size"),
    ("-3 to 9", None, "whole numbers"),
    ("7.5 to 15", None, "whole numbers"),
    ("0 to 4", None, "from 1 to 4096"),
    ("7 to 99999999999999999999999", None, "from 1 to 4096"),
    ("<script>alert(1)</script>", "do=up&from=1x1&kernel=3&stride=2&in=keras", "Not used"),
    ("<img src=x onerror=alert(1)>", None, "Type the size"),
    ("😀 → 🎉", None, "Type the size"),
    ("7" * 10_000, None, "Only the first 400"),
    ("7 to 28 " + "x" * 10_000, "do=up&from=7x7&to=28x28&in=keras", "Only the first 400"),
    ("((((7))))) to [[[28", "do=up&from=7x7&to=28x28&in=keras", ""),
]


@pytest.fixture
def code(run, tmp_path: Path) -> list[dict[str, Any]]:  # noqa: F811
    """What the JavaScript offers to copy, after it was held to the vectors."""
    file, to = tmp_path / "vectors.json", tmp_path / "snippets.json"
    vectors = {
        "questions": [{**q, "answer": answer(q)} for q in questions(900)],
        "legal": legal(900),
        "typed": [{"text": text, "query": query, "says": says} for text, query, says in TYPED],
        "snippetsTo": str(to),
    }
    file.write_text(json.dumps(vectors), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    report = run("--test", "--test-reporter=tap", str(tmp_path / "js" / "solver.test.mjs"), SOLVER_VECTORS=str(file))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) >= 8
    assert re.search(r"^# fail 0$", report, re.M)
    return json.loads(to.read_text("utf-8"))


def test_javascript_agrees_and_its_code_runs(code) -> None:
    """Keras and tf.nn give the size that the page shows, and the pixels of the window that it shows."""
    ran = 0
    for row in code:
        settings = row["settings"]
        for name in ("Keras", "tf.nn"):
            scope: dict[str, Any] = {}
            with contextlib.redirect_stdout(io.StringIO()):
                exec(row["code"][name], scope)
            ran += 1
            kernel = scope["layer"].kernel if "layer" in scope else scope["kernel"]
            np.testing.assert_allclose(
                np.asarray(scope["y"]),
                reference(settings, row["plan"], np.asarray(kernel)),
                rtol=1e-4,
                atol=1e-4,
                err_msg=f"{settings}\n{row['code'][name]}",
            )
        scope = {}
        exec(row["code"]["This widget"], scope)
        assert scope["w"].query() == row["query"]
        compile(row["code"]["PyTorch"], "torch", "exec")
    assert ran > 100


def test_pytorch_code_runs(code) -> None:
    """In the Python that CB_TORCH_PYTHON names, where torch cannot be imported here."""
    python = torch_python()
    if python is None:
        pytest.skip(f"PyTorch is not installed: its {len(code)} snippets were not run. CB_TORCH_PYTHON can name one")
    codes = [row["code"]["PyTorch"].replace(" stride=", " bias=False, stride=") for row in code]
    done = subprocess.run([python, "-c", TORCH], input=json.dumps(codes), capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    for row, ran in zip(code, answers, strict=True):
        assert "error" not in ran, f"{row['code']['PyTorch']}\n{ran}"
        kernel = np.array(ran["weight"]).transpose(2, 3, 1, 0)
        y = np.array(ran["y"]).transpose(0, 2, 3, 1)
        expected = reference(row["settings"], row["plan"], kernel)
        np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4, err_msg=row["code"]["PyTorch"])


TORCH = """
import contextlib, io, json, sys
answers = []
for code in json.load(sys.stdin):
    space = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, space)
        answers.append({"y": space["y"].tolist(), "weight": space["layer"].weight.tolist()})
    except Exception as error:
        answers.append({"error": repr(error)})
json.dump(answers, sys.stdout)
"""


def reference(settings: dict[str, Any], plan: dict[str, Any], kernel: np.ndarray) -> np.ndarray:
    """The plan by conv_lib: a layer without padding and a window of zeros beyond."""
    x = np.ones((1, *settings["size"], 3))
    how = {"stride": tuple(plan["stride"]), "dilation": plan["dilation"], "padding": "valid"}
    if settings["direction"] == "up":
        sizes = [
            shapes.full_size(n, plan["kernel"][i], stride=plan["stride"][i], dilation=plan["dilation"])
            for i, n in enumerate(settings["size"])
        ]
        return window(conv2d_transpose(x, kernel, output_shape=tuple(sizes), **how), plan["window"])
    y = conv2d(window(x, plan["window"]), kernel, **how)
    height, width = settings["wanted"]
    return y[:, :height, :width]


def window(x: np.ndarray, edges: list[list[int]]) -> np.ndarray:
    far = 200
    wide = np.pad(x, ((0, 0), (far, far), (far, far), (0, 0)))
    (top, bottom), (left, right) = edges
    return wide[:, far + top : far + bottom, far + left : far + right]


@pytest.mark.parametrize("name", MINE)
def test_presets_make_a_widget_with_a_figure_and_words(name: str) -> None:
    w = SizeSolver(name)
    html = w.to_html()
    assert 'data-widget="SizeSolver"' in html and "<svg" in html
    assert str(w.size[0]) in w.describe()
    assert len(html) < 400_000
    for trait, value in PRESETS[name].items():
        assert getattr(w, trait) == value


def test_askers_get_their_numbers() -> None:
    """Questions of shared/questions.yaml, by their numbers there."""
    eight = SizeSolver("stride-eight")  # q021
    assert eight.answer.count == 0 and "output_padding for all axes or none" in eight.answer.reason
    assert eight.answer.window.window == ((4, 372), (7, 496))  # the window of tf.nn's "same"
    assert SizeSolver("stride-eight-tf").answer.settings[0].output_size == (368, 489)
    back = SizeSolver("twelve-to-23").answer.settings[0]  # q012
    assert (back.padding, back.output_padding) == (("same", "same"), (0, 0))
    assert SizeSolver("twelve-to-23", wanted=(24, 24)).answer.settings[0].output_padding is None
    sixteen = SizeSolver("seven-to-16").answer  # q028
    assert sixteen.count == 0 and sixteen.nearest[0] == (14, None)
    assert SizeSolver("five-or-six-sizes").sizes == {"valid": ([5, 6], [5, 6])}  # q004
    four = SizeSolver("two-to-four").answer.settings[0]  # q007
    assert (four.padding, four.output_padding) == ((1, 1), (1, 1))
    torch = SizeSolver("sixteen-to-32").answer.settings  # q014
    assert {(s.kernel, s.padding[0], s.output_padding[0]) for s in torch} >= {(3, 1, 1), (4, 1, 0)}
    seven = SizeSolver("seven-to-28", padding="same").answer.settings  # q027
    assert {s.stride for s in seven} == {4}
    one = SizeSolver("dcgan-first").answer.settings  # q064
    assert any((s.kernel, s.stride, s.padding) == (4, 1, (0, 0)) for s in one)
    assert SizeSolver("dcgan-next").sizes == {"valid": ([11, 12], [11, 12]), "same": ([7, 8], [7, 8])}  # q008
    wide = SizeSolver(size=(4, 4), wanted=(7, 11), kernel=4)
    assert wide.answer.rectangular.stride == (2, 3) and "stride (2, 3)" in wide.describe()
    assert "<svg" in wide.to_html() and "<svg" in SizeSolver(size=(16, 16), wanted=(8, 4), direction="down").to_html()
    assert SizeSolver("stay-even").answer.count == 0  # q040
    assert SizeSolver("odd-input").sizes["same"] == ([12], [12])


BAD = [
    ({"size": (0, 4)}, "size"),
    ({"size": (4097, 4)}, "4096"),
    ({"size": None}, "size"),
    ({"size": 7}, "size"),
    ({"size": (2.5, 3)}, "size"),
    ({"wanted": (28, 5000)}, "4096"),
    ({"wanted": "28"}, "wanted"),
    ({"kernel": 0}, "None for any"),
    ({"kernel": 65}, "64"),
    ({"stride": "2"}, "stride"),
    ({"stride": True}, "stride"),
    ({"dilation": 9}, "8"),
    ({"padding": -1}, "padding"),
    ({"padding": "full"}, "padding"),
    ({"framework": "caffe"}, "framework"),
    ({"direction": "sideways"}, "direction"),
    ({"pick": 20}, "pick"),
    ({"pick": -2}, "pick"),
    ({"name": "Not A Name"}, "name"),
]


@pytest.mark.parametrize("settings, words", BAD, ids=lambda v: str(v)[:40])
def test_bad_settings_are_refused_with_the_reason(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TraitError, match=words):
        SizeSolver(**settings)


def test_a_refused_change_leaves_the_last_legal_settings() -> None:
    w = SizeSolver(size=(7, 7))
    with pytest.raises(TraitError):
        w.kernel = 99
    assert w.kernel is None and w.answer.count > 0
    w.wanted = None
    with pytest.raises(ValueError, match="sizes"):
        _ = w.answer
    with pytest.raises(ValueError, match="preset is one of"):
        SizeSolver("five")


def test_every_question_within_the_limits_is_answered() -> None:
    """The search stays below the most that `find_settings` tries."""
    for size, wanted in (((1, 1), (64, 63)), ((4096, 1), (1, 4096)), ((65, 66), (4096, 4096)), ((2, 3), (127, 190))):
        for dilation in (1, 8):
            for direction in ("up", "down"):
                for framework in ("keras", "tf", "torch"):
                    w = SizeSolver(
                        size=size, wanted=wanted, dilation=dilation, direction=direction, framework=framework
                    )
                    assert w.answer.window.kernel
