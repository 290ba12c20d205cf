"""The code that the explorer offers for pasting is run as it stands, and gives what the page shows.

Each snippet of Keras, tf.nn and PyTorch ends by comparing its result with the page's numbers; here these numbers
are also compared with conv_lib. Frameworks are run in one child process each.

PyTorch is not among the book's requirements. Its snippets run where `torch` can be imported, or in another Python
that CB_TORCH_PYTHON names; elsewhere one test says that they were not run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import ConvExplorer
from explorer_cases import layer_cases, reference
from tools import ROOT

NAMES = ["Keras", "tf.nn", "PyTorch", "This widget"]


def from_preset(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "mode": settings["mode"],
        "picture": settings.get("picture", "scatter"),
        "input": settings["input"],
        "kernel": settings["kernel"],
        "stride": settings.get("stride", 1),
        "padding": settings.get("padding", "valid"),
        "dilation": settings.get("dilation", 1),
        "outputSize": settings.get("output_size"),
    }


def extreme_cases() -> list[dict[str, Any]]:
    """Settings at the ends of the ranges, and those whose code has a branch of its own."""
    base = from_preset({"mode": "transpose", "input": [[1, 2], [3, 4]], "kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]})
    tall = {**base, "kernel": [[2], [3], [-1]]}
    return [
        {**base, "stride": 6},  # kernel smaller than stride
        {**base, "stride": 6, "outputSize": [9, 14]},
        {**base, "stride": 6, "padding": "same"},
        {**base, "stride": 6, "padding": "same", "outputSize": [7, 8]},
        {**base, "stride": 2, "padding": "same", "outputSize": [3, 4]},
        {**base, "stride": 3, "dilation": 2},
        {**base, "stride": 3, "dilation": 2, "padding": "same"},
        {**base, "stride": 2, "dilation": 4, "padding": [[1, 2], [0, 3]]},
        {**base, "dilation": 3, "padding": "same"},
        {**base, "stride": 5, "padding": [[0, 0], [2, 2]], "outputSize": [12, 8]},
        {**base, "padding": [[1, 1], [1, 1]]},
        {**tall, "stride": 2},
        {**tall, "stride": 2, "padding": "same"},
        {**base, "mode": "conv", "padding": "same", "stride": 2},
        {**base, "mode": "conv", "padding": "same", "stride": 5, "dilation": 3},
        {**base, "mode": "conv", "padding": [[2, 1], [1, 2]], "dilation": 2},
        {**base, "mode": "conv", "padding": [[12, 12], [0, 1]], "stride": 6},
        {**tall, "mode": "conv", "padding": "same", "dilation": 2},
        {**base, "mode": "conv", "kernel": [[1e-7]], "input": [[123456.75, -0.001]]},
    ]


LAYERS = [
    *(from_preset(settings) for name, settings in PRESETS.items() if WIDGETS[name] == "ConvExplorer"),
    *extreme_cases(),
    *(case["settings"] for case in layer_cases(60, seed=11)[0]),
]


@pytest.fixture(scope="module")
def offered(node, tmp_path_factory) -> list[dict[str, str]]:
    """The snippets for every layer: name -> code."""
    script = tmp_path_factory.mktemp("snippets") / "snippets.mjs"
    esbuild = ROOT / "node_modules/esbuild/bin/esbuild"
    options = ["--bundle", "--platform=node", "--format=esm", "--target=node18", "--log-level=warning"]
    bundled = subprocess.run(
        [str(esbuild), "tests/js/snippets.ts", *options, f"--outfile={script}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert bundled.returncode == 0, bundled.stderr
    done = subprocess.run(
        [node, str(script)], input=json.dumps(LAYERS), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(LAYERS)
    for layer, answer in zip(LAYERS, answers, strict=True):
        assert answer["legal"], layer
        assert list(answer["code"]) == NAMES
    return [answer["code"] for answer in answers]


# Runs each snippet in a namespace of its own. A snippet that fails does not stop the others.
CHILD = """
import contextlib, io, json, sys, traceback
answers = []
for code in json.load(sys.stdin):
    space = {"__name__": "snippet"}
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "snippet", "exec"), space)
        y, expected = space["y"], space["expected"]
        answers.append({
            "y": y.numpy().tolist(), "shape": list(y.shape), "expected": expected.tolist(),
            "printed": printed.getvalue(),
        })
    except Exception:
        answers.append({"error": traceback.format_exc(limit=-2)})
json.dump(answers, sys.stdout)
"""


def execute(python: str, codes: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [python, "-c", CHILD],
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout[done.stdout.index("[") :])


def hold(layers: list[dict], codes: list[str], answers: list[dict], last: bool) -> None:
    """Each answer is conv_lib's, with the channel axis where the framework has it."""
    failed = []
    for layer, code, answer in zip(layers, codes, answers, strict=True):
        if "error" in answer:
            failed.append(f"{layer}\n{code}\n{answer['error']}")
            continue
        output = reference(layer)
        shape = [1, *output.shape, 1] if last else [1, 1, *output.shape]
        got = np.array(answer["y"])[0, :, :, 0] if last else np.array(answer["y"])[0, 0]
        scale = 1 + np.abs(output).max()
        right = (
            answer["shape"] == shape
            and np.allclose(got, output, atol=1e-5 * scale)
            and np.allclose(answer["expected"], output, atol=1e-6 * scale)
            and answer["printed"].strip()
        )
        if not right:
            failed.append(f"{layer}\n{code}\n{answer}\nconv_lib: {output.tolist()}")
    assert not failed, f"{len(failed)} of {len(layers)} fail:\n\n" + "\n\n".join(failed[:4])


def test_keras_and_tf_nn_snippets_run_and_give_what_the_page_shows(offered) -> None:
    names = ["Keras", "tf.nn"]
    codes = [code[name] for name in names for code in offered]
    answers = execute(sys.executable, codes)
    hold(LAYERS * len(names), codes, answers, last=True)
    print(f"{len(codes)} snippets of Keras and tf.nn ran")


def torch_python() -> str | None:
    if importlib.util.find_spec("torch"):
        return sys.executable
    return os.environ.get("CB_TORCH_PYTHON")


def test_pytorch_snippets_run_and_give_what_the_page_shows(offered) -> None:
    python = torch_python()
    if python is None:
        pytest.skip(f"PyTorch is not installed: its {len(LAYERS)} snippets were not run. CB_TORCH_PYTHON can name one")
    codes = [code["PyTorch"] for code in offered]
    hold(LAYERS, codes, execute(python, codes), last=False)
    print(f"{len(codes)} snippets of PyTorch ran")


def test_widget_snippets_build_the_same_widget(offered) -> None:
    for layer, code in zip(LAYERS, offered, strict=True):
        space: dict[str, Any] = {}
        exec(compile(code["This widget"], "snippet", "exec"), space)
        w = space["w"]
        assert isinstance(w, ConvExplorer)
        assert w.mode == layer["mode"] and w.input == layer["input"] and w.kernel == layer["kernel"]
        if w.mode == "transpose":
            assert w.picture == layer["picture"]
        np.testing.assert_allclose(w.output, reference(layer), atol=1e-9)
        w.close()


def test_snippets_are_short_and_name_what_they_compare(offered) -> None:
    for code in offered:
        for name in NAMES[:3]:
            assert "expected = " in code[name] and "assert " in code[name]
            assert max(map(len, code[name].split("\n"))) < 3000
            assert code[name].count("\n") < 30


def test_a_wrong_number_in_a_snippet_would_be_seen(offered) -> None:
    """The comparison at the end of a snippet is alive."""
    code = next(c["tf.nn"] for c in offered)
    spoiled = code.replace("np.float32([[", "np.float32([[99.0 + ", 1)
    assert spoiled != code
    (answer,) = execute(sys.executable, [spoiled])
    assert "AssertionError" in answer["error"]


def test_every_way_of_cutting_is_among_the_layers(offered) -> None:
    """If the snippets change, these branches must still be met by some layer here."""
    text = "\n".join(code[name] for code in offered for name in NAMES)
    for branch in (
        "output_padding=(",
        "output_padding=0",
        "ZeroPadding2D",
        "tf.pad(",
        "wide[::",
        "F.pad(x",
        "F.pad(y",
        "take everything, then cut",
        "output_size=(",
    ):
        assert branch in text, branch


