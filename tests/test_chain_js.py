"""The decoder ruler: its traits, its JavaScript against conv_lib, what it reads from pasted code, the code it gives.

What is read from a text is compared with the model that the same text builds: in Keras here, in PyTorch in the Python
that CB_TORCH_PYTHON names (or this one, where torch can be imported).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

import pytest
from traitlets import TraitError

from chain_cases import KERAS_TEXTS, OPEN_TEXT, TORCH_TEXTS, cases
from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import DecoderRuler
from test_snippets import torch_python
from tools import ROOT

MINE = [name for name, widget in WIDGETS.items() if widget == "DecoderRuler"]
TEXTS = {**KERAS_TEXTS, **{f"torch-{name}": text for name, text in TORCH_TEXTS.items()}}


@pytest.fixture(scope="module")
def said(node: str, tmp_path_factory: Any) -> dict[str, Any]:
    """What the JavaScript says, after it was held to the vectors."""
    folder = tmp_path_factory.mktemp("chain")
    file, to = folder / "vectors.json", folder / "answers.json"
    texts = [*TEXTS.values(), OPEN_TEXT]
    file.write_text(json.dumps({"chains": cases(500), "texts": texts, "answersTo": str(to)}), "utf-8")

    def run(*arguments: str) -> str:
        env = {**os.environ, "CHAIN_VECTORS": str(file)}
        done = subprocess.run([node, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, env=env)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
        return done.stdout

    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder / "js"))
    report = run("--test", "--test-reporter=tap", str(folder / "js" / "chain.test.mjs"))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) >= 12 and re.search(r"^# fail 0$", report, re.M)
    return json.loads(to.read_text("utf-8"))


MAKE_KERAS = """
import json, sys
answers = []
for text in json.load(sys.stdin):
    scope = {}
    exec(text, scope)
    model = scope["model"]
    shape = lambda s: [n for n in s if n is not None]
    sizes = {"input": shape(model.input_shape), "output": shape(model.output_shape)}
    answers.append({**sizes, "params": model.count_params()})
print("ANSWERS" + json.dumps(answers))
"""
MAKE_TORCH = """
import json, sys
answers = []
for text in json.load(sys.stdin):
    scope = {}
    exec(text, scope)
    model, x = scope["model"].eval(), scope["x"]
    last = lambda s: [*s[1:], s[0]] if len(s) == 3 else list(s)
    sizes = {"input": last(x.shape[1:]), "output": last(model(x).shape[1:])}
    answers.append({**sizes, "params": sum(p.numel() for p in model.parameters())})
print("ANSWERS" + json.dumps(answers))
"""
RUN = """
import json, sys, traceback
answers = []
for code in json.load(sys.stdin):
    try:
        exec(code, {})
        answers.append("")
    except Exception:
        answers.append(traceback.format_exc(limit=-1))
print("ANSWERS" + json.dumps(answers))
"""


def child(python: str, program: str, given: list[str]) -> list[Any]:
    done = subprocess.run(
        [python, "-c", program],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.split("ANSWERS")[1])


def hold(texts: dict[str, str], said: dict[str, Any], built: list[dict[str, Any]]) -> None:
    order = list(TEXTS.values())
    for (name, text), model in zip(texts.items(), built, strict=True):
        read = said["texts"][order.index(text)]
        assert "shapes" in read, (name, read)
        first = read["shapes"][0]
        assert first == model["input"] or first == [1, 1, *model["input"]], (name, read["notes"])
        assert read["shapes"][-1] == model["output"], (name, read["notes"], read["query"])
        assert read["params"] == model["params"], (name, read["notes"], read["query"])


def test_what_is_read_from_keras_text_is_the_model_it_builds(said: dict[str, Any]) -> None:
    import sys

    hold(KERAS_TEXTS, said, child(sys.executable, MAKE_KERAS, list(KERAS_TEXTS.values())))


def test_what_is_read_from_torch_text_is_the_model_it_builds(said: dict[str, Any]) -> None:
    python = torch_python()
    if not python:
        pytest.skip("PyTorch is not installed: its texts were not run. CB_TORCH_PYTHON can name one")
    hold(TORCH_TEXTS, said, child(python, MAKE_TORCH, list(TORCH_TEXTS.values())))


def test_sizes_are_read_where_channels_have_no_number(said: dict[str, Any]) -> None:
    read = said["texts"][-1]
    assert read["shapes"][1:] == [[700, 700, None], [700, 700, None], [1400, 1400, 5], [1400, 1400, None]]
    assert "8 stands for channels that were not given" in read["code"]["PyTorch"] and read["params"] is None
    assert sum("no" in note and "number" in note for note in read["notes"]) == 2


def offered(said: dict[str, Any], name: str) -> list[str]:
    rows = [*said["presets"].values(), *said["chains"], *(row for row in said["texts"] if "code" in row)]
    codes = [row["code"][name] for row in rows]
    assert sum("assert" in code for code in codes) > 40
    return codes


def test_keras_code_runs_as_pasted(said: dict[str, Any]) -> None:
    import sys

    codes = offered(said, "Keras")
    failed = [f"{code}\n{error}" for code, error in zip(codes, child(sys.executable, RUN, codes), strict=True) if error]
    assert not failed, f"{len(failed)} of {len(codes)}\n" + "\n----\n".join(failed[:3])


def test_torch_code_runs_as_pasted(said: dict[str, Any]) -> None:
    python = torch_python()
    codes = offered(said, "PyTorch")
    if not python:
        pytest.skip(f"PyTorch is not installed: {len(codes)} snippets were not run. CB_TORCH_PYTHON can name one")
    failed = [f"{code}\n{error}" for code, error in zip(codes, child(python, RUN, codes), strict=True) if error]
    assert not failed, f"{len(failed)} of {len(codes)}\n" + "\n----\n".join(failed[:3])


def test_widget_code_makes_the_same_widget(said: dict[str, Any]) -> None:
    for row in [*said["presets"].values(), *said["chains"]]:
        scope: dict[str, Any] = {}
        exec(row["code"]["This widget"], scope)
        assert scope["w"].query() == row["query"]


def test_askers_numbers(said: dict[str, Any]) -> None:
    """The questions of questions.yaml that are about chains come out as they were answered."""
    shown = said["presets"]

    def rule(name: str, wish: str) -> list[Any]:
        return next(row for row in shown[name]["rules"] if wish in row[0].lower())

    assert "brings 87 × 87, and it meets 86 × 86" in shown["unet-700"]["verdict"]
    assert rule("unet-700", "runs")[1:] == ["multiples of 16, from 16 on", False, ["Use 688 × 688", "Use 704 × 704"]]
    assert "brings 64 × 43, and it meets 64 × 44" in shown["carvana"]["verdict"]
    assert rule("carvana", "runs")[1:] == ["multiples of 32, from 32 on", False, ["Use 1024 × 672", "Use 1024 × 704"]]
    assert "(2 + 0 − 4) / 1 + 1 is −1" in shown["dcgan-32"]["verdict"]
    assert [s[0] for s in shown["dcgan-32"]["shapes"] if s] == [32, 16, 16, 8, 8, 4, 4, 2, 2]
    assert "brings 16 × 16, and it meets 7 × 7" in shown["yolo-args"]["verdict"]
    assert shown["dcgan-generator"]["shapes"][1] == [4, 4, 512]
    assert "ends at 32 × 32, not at the 28 × 28" in shown["autoencoder-32"]["verdict"]
    assert "ends at 24 × 24, not at the 28 × 28" in shown["autoencoder-24"]["verdict"]
    assert "7 × 7 to 3 × 3" in shown["autoencoder-24"]["verdict"]
    assert [s[0] for s in shown["autoencoder-28"]["shapes"]] == [28, 14, 7, 14, 28, 28]
    assert rule("unet-572", "unread")[1:3] == ["12 mod 16, from 188 on", True]
    assert rule("odd-decoder", "as large")[1] == "1 mod 8, from 1 on"


@pytest.mark.parametrize("name", MINE)
def test_presets_make_a_widget_with_a_figure_and_words(name: str) -> None:
    w = DecoderRuler(name)
    html = w.to_html()
    assert 'data-widget="DecoderRuler"' in html and "<svg" in html and len(html) < 100_000
    assert w.query().startswith(f"framework={PRESETS[name]['framework']}&size=")
    assert w.query().endswith(f"&layers={PRESETS[name]['layers']}")


BAD: list[tuple[Any, str]] = [
    ([{"kind": "deconv"}], "kind"),
    ([{}], "kind"),
    ("conv.k0", "kernel"),
    ("conv.q3", "cannot be read"),
    ([{"kind": "conv", "kernel": 0}], "kernel"),
    ([{"kind": "conv", "kernel": 2.5}], "kernel"),
    ([{"kind": "conv", "kernel": True}], "kernel"),
    ([{"kind": "conv", "kernel": (1, 2, 3)}], "kernel"),
    ([{"kind": "conv", "filters": -1}], "filters"),
    ([{"kind": "conv", "filters": 10**9}], "filters"),
    ([{"kind": "conv", "padding": "full"}], "padding"),
    ([{"kind": "conv", "pading": 1}], "pading"),
    ([{"kind": "concat", "source": 1}], "source"),
    ([{"kind": "pass", "name": "<script>"}], "name"),
    ([{"kind": "pad", "size": [1, 2]}], "size"),
    ([{"kind": "shuffle", "stride": [2, 3]}], "factor"),
    ([{"kind": "conv"}] * 121, "120"),
    (None, "layers"),
]


@pytest.mark.parametrize("layers, words", BAD, ids=lambda v: str(v)[:40])
def test_bad_layers_are_refused_with_the_reason(layers: Any, words: str) -> None:
    with pytest.raises(TraitError, match=words):
        DecoderRuler(layers=layers)


def test_a_chain_that_does_not_fit_is_no_error() -> None:
    w = DecoderRuler("dcgan-32")
    assert w.stop is not None and w.stop.layer == 9 and w.output is None
    assert "ends at layer 9" in w.describe()
    w.layers = "pool.k2.s2"
    assert w.output == (16, 16, 3) and w.stop is None
