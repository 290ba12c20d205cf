"""The bench's plots: agreement with conv_lib, code that runs, and what Python checks."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from traitlets import TraitError

from benchplot_cases import cases, document
from conv_lib.bench import stored
from conv_lib.widgets import BenchPlot

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[list[dict[str, str]]]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers."""
    folder = tmp_path_factory.mktemp("benchplot")
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    results = [stored.load(name).as_state() for name in stored.names()]
    results.append(stored.parse(document(layers=4), "with-gpu").as_state())
    vectors.write_text(json.dumps({"cases": cases(), "results": results}), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "benchplot.test.mjs")]
    env = {**os.environ, "BENCHPLOT_VECTORS": str(vectors), "BENCHPLOT_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 6
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib_and_code_runs(snippets) -> None:
    assert len(snippets) >= 90
    for offered in snippets:
        assert [one["name"] for one in offered] == ["Read it", "Measure it", "This widget"]
        for one in (offered[0], offered[2]):
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code']}")
        assert "python -m conv_lib.bench" in offered[1]["code"]


@pytest.mark.parametrize("view", ["layers", "rate", "growth"])
@pytest.mark.parametrize("name", stored.names())
def test_stored_results_draw_and_say_what_they_are(view, name) -> None:
    widget = BenchPlot(result=name, view=view, name="b")
    assert widget.shown["machine"]["date"] in widget.describe()
    assert "tf_gpu was not measured" in widget.describe()
    html = widget.to_html()
    assert "<svg role" in html and "BenchPlot" in html and "&quot;tf_gpu&quot;" in html
    assert widget.figure().axes


@pytest.mark.parametrize("quantity", ["ms", "gflops", "tf", "floor", "memory"])
def test_a_stored_gpu_result_would_be_drawn(quantity) -> None:
    widget = BenchPlot(results=[document()], view="layers", quantity=quantity)
    assert "TensorFlow on the GPU" in widget.describe() and "tf_gpu was not" not in widget.describe()
    labels = [text.get_text() for legend in widget.figure().legends for text in legend.get_texts()]
    assert ("TensorFlow, GPU" in labels) == (quantity in ("ms", "gflops"))


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"result": "my-machine"}, "Nearest: 'two-cores"),
        ({"workload": "conv 28x28x256"}, "Nearest: 'conv 28x28"),
        ({"view": "pie"}, "layers"),
        ({"quantity": "joules"}, "gflops"),
        ({"results": []}, "1 to 6"),
        ({"results": 7}, "1 to 6"),
        ({"results": ["/no/such/file.json"]}, "No stored result"),
        ({"results": [{"machine": {}}]}, "backends"),
        ({"results": ["two-cores-float32", "two-cores-float32"]}, "names of their own"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        BenchPlot(**bad)


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    widget = BenchPlot(workload="conv 28x28x256->256 k1")
    for name, value in [("workload", "x"), ("result", "y"), ("view", "z"), ("results", ["nowhere"]), ("results", None)]:
        before = widget.state()
        with pytest.raises(TraitError):
            setattr(widget, name, value)
        assert widget.state() == before


def test_a_layer_that_another_result_lacks_is_dropped() -> None:
    widget = BenchPlot(workload="batch 8")
    widget.results = [document(layers=5)]
    assert widget.result == "result-1" and widget.workload.startswith(("conv layer", "transpose layer"))
    widget.results = stored.names()
    assert widget.result == stored.names()[0] and widget.record["mflop"] > 100


def test_a_file_of_ones_own(tmp_path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(document(gpu=False)))
    widget = BenchPlot(results=[file])
    assert widget.result == "mine" and "made-up" in widget.describe()
