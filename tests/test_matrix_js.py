"""The matrix view: agreement with conv_lib and NumPy, code that runs, and what Python checks."""

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

from conv_lib import conv_matrix
from conv_lib.figures import PRESETS, weight_places
from conv_lib.widgets import MatrixView
from matrix_cases import matrix_by_columns, matrix_cases

ROOT = Path(__file__).parent.parent
MINE = [name for name in PRESETS if name.startswith("matrix")]


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[list[dict[str, str]]]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers for some of them."""
    folder = tmp_path_factory.mktemp("matrix")
    cases, refused = matrix_cases(400)
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps({"cases": cases, "refused": refused}), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "matrix.test.mjs")]
    env = {**os.environ, "MATRIX_VECTORS": str(vectors), "MATRIX_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 9
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(snippets) -> None:
    assert len(snippets) >= 40


def test_snippets_give_what_the_page_shows(snippets) -> None:
    for offered in snippets:
        assert [one["name"] for one in offered] == ["NumPy", "TensorFlow", "This widget"]
        for one in offered:
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code']}")


def test_weights_stand_where_one_hot_images_say() -> None:
    for case in matrix_cases(60, seed=9)[0]:
        s = case["settings"]
        options = {name: s[name] for name in ("stride", "padding", "dilation")}
        kernel = np.asarray(s["kernel"], float)
        places = weight_places(np.shape(s["x"]), kernel.shape, **options)
        written = np.where(places < 0, 0, kernel.ravel()[places])
        assert np.array_equal(written, matrix_by_columns(np.shape(s["x"]), kernel, **options))
        assert np.array_equal(written, conv_matrix((*np.shape(s["x"]), 1), kernel[..., None, None], **options))


@pytest.mark.parametrize("preset", MINE)
@pytest.mark.parametrize("transposed", [False, True])
def test_presets_draw_and_say_what_they_are(preset, transposed) -> None:
    widget = MatrixView(preset, transposed=transposed, name="m")
    matrix = widget.matrix.T if transposed else widget.matrix
    given = np.ravel(widget.y if transposed else widget.x)
    assert np.allclose(matrix @ given, widget.output.ravel())
    assert f"{matrix.shape[0]} × {matrix.shape[1]}" in widget.describe()
    html = widget.to_html()
    assert "<svg role" in html and "MatrixView" in html
    assert widget.figure().axes


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"x": [[1, 2], [3]]}, "matrix of numbers"),
        ({"x": np.ones((7, 2))}, "1 to 6"),
        ({"x": np.ones((2, 2, 1))}, "shape"),
        ({"x": [[np.nan, 1]]}, "finite"),
        ({"x": "picture"}, "numbers"),
        ({"kernel": np.ones((5, 5))}, "1 to 4"),
        ({"kernel": np.ones((4, 4))}, "fit"),
        ({"y": [[1, 2]]}, "shape of A x"),
        ({"stride": 0}, "1 to 4"),
        ({"stride": True}, "whole number"),
        ({"dilation": 1.5}, "whole number"),
        ({"dilation": 3}, "fit"),
        ({"padding": "full"}, "valid"),
        ({"padding": -1}, "0 to 3"),
        ({"padding": ((1, 0), (0, 0))}, "one whole number"),
        ({"padding": 3, "kernel": [[1]], "x": np.ones((6, 6))}, "36"),
        ({"tab": "inverse"}, "adjoint"),
        ({"name": "Not a name"}, "lower-case"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(bad, words) -> None:
    with pytest.raises(TraitError, match=words):
        MatrixView("matrix", **bad)


def test_a_refused_setting_leaves_the_last_good_ones() -> None:
    widget = MatrixView("matrix")
    for name, value in [("kernel", np.ones((4, 4))), ("y", [[1]]), ("stride", 9), ("x", [[1]])]:
        before = widget.state()
        with pytest.raises(TraitError):
            setattr(widget, name, value)
        assert widget.state() == before


def test_y_follows_the_shape_of_the_output() -> None:
    widget = MatrixView("matrix")
    widget.padding = "same"
    assert np.shape(widget.y) == (3, 4)
    assert [row[:3] for row in widget.y[:2]] == PRESETS["matrix"]["y"]
    widget.stride = 2
    assert np.shape(widget.y) == (2, 2)
    widget.y = None
    assert widget.y == [[1, 0], [2, -1]]


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(ValueError, match="matrix-row"):
        MatrixView("ones-conv")
