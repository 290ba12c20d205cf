"""The size ruler: its traits, its JavaScript against conv_lib, and the code that it gives readers to copy."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

from conv_lib import conv2d, conv2d_transpose, shapes
from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import SizeRuler
from ruler_cases import cases
from test_widget_js import run  # noqa: F401  (a fixture)

MINE = [name for name, widget in WIDGETS.items() if widget == "SizeRuler"]


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    legal, refused = cases(900)
    return {"legal": legal, "refused": refused}


@pytest.fixture
def code(run, vectors, tmp_path: Path) -> list[dict[str, Any]]:  # noqa: F811
    """What the JavaScript says, after it was held to the vectors: the snippets of presets and of some cases."""
    file, to = tmp_path / "vectors.json", tmp_path / "snippets.json"
    file.write_text(json.dumps({**vectors, "snippetsTo": str(to)}), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    report = run("--test", "--test-reporter=tap", str(tmp_path / "js" / "ruler.test.mjs"), RULER_VECTORS=str(file))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) >= 12
    assert re.search(r"^# fail 0$", report, re.M)
    return json.loads(to.read_text("utf-8"))


def test_javascript_agrees_and_its_code_runs(code) -> None:
    """Keras and tf.nn on 1, 2, 3, ... give the size that the page shows and the values of conv_lib."""
    ran = 0
    for row in code:
        settings = row["settings"]
        refused = settings["mode"] == "stack" and any(
            layer["stride"] > 1 and layer["dilation"] > 1 for layer in settings["layers"]
        )
        if refused or settings["size"] > 300:
            continue
        for name in ("Keras", "tf.nn"):
            scope: dict[str, Any] = {}
            with contextlib.redirect_stdout(io.StringIO()):
                exec(row["code"][name], scope)
            ran += 1
            if settings["mode"] != "stack":
                expected = reference(settings, row["output"])
                np.testing.assert_allclose(
                    np.asarray(scope["y"])[0, :, 0], expected, rtol=1e-5, err_msg=row["code"][name]
                )
        scope = {}
        exec(row["code"]["This widget"], scope)
        assert scope["w"].output == row["output"], settings
        compile(row["code"]["PyTorch"], "torch", "exec")
    assert ran > 80


def reference(settings: dict[str, Any], output: int) -> np.ndarray:
    """The layer on 1, 2, 3, ... with the kernel 1, 2, 3, ..., by conv_lib."""
    x = np.arange(1.0, settings["size"] + 1).reshape(1, -1, 1)
    kernel = np.arange(1.0, settings["kernel"] + 1).reshape(1, -1, 1, 1)
    padding = settings["padding"]
    how = {
        "stride": (1, settings["stride"]),
        "dilation": (1, settings["dilation"]),
        "padding": padding if isinstance(padding, str) else ((0, 0), tuple(padding)),
    }
    if settings["mode"] == "conv":
        return conv2d(x, kernel, **how).ravel()
    return conv2d_transpose(x, kernel, output_shape=(1, output), **how).ravel()


@pytest.mark.parametrize("name", MINE)
def test_presets_make_a_widget_with_a_figure_and_words(name: str) -> None:
    w = SizeRuler(name)
    html = w.to_html()
    assert 'data-widget="SizeRuler"' in html and "<svg" in html
    assert str(w.output) in w.describe()
    assert len(html) < 250_000
    for trait, value in PRESETS[name].items():
        assert getattr(w, trait) == value


def test_output_and_window_follow_the_settings() -> None:
    w = SizeRuler(mode="transpose", size=3, kernel=3, stride=2, padding="same")
    assert (w.output, w.window) == (6, (0, 6))
    w.output_size = 5
    assert (w.output, w.window) == (5, (1, 6))
    w.stride = 3
    assert w.output_size is None and w.output == 9
    w.mode = "conv"
    with pytest.raises(ValueError, match="transpose"):
        _ = w.window


def test_stack_output_is_what_the_layers_give() -> None:
    w = SizeRuler(mode="stack", size=40, layers=[{"kernel": 3, "dilation": 2**i} for i in range(4)])
    assert w.output == 10
    assert "each sees 31" in w.describe()
    both = SizeRuler(mode="stack", size=40, layers=[{"kernel": 3, "stride": 2, "dilation": 2, "padding": "same"}] * 2)
    assert "20 pixels, each sees 5, jump 2" in both.describe()
    assert "10 pixels, each sees 13, jump 4" in both.to_html()
    assert w.layers[1] == {"kernel": 3, "stride": 1, "dilation": 2, "padding": "valid"}


BAD = [
    ({"size": 0}, "size"),
    ({"size": 513}, "512"),
    ({"size": 2.5}, "size"),
    ({"size": True}, "size"),
    ({"kernel": "3"}, "kernel"),
    ({"kernel": 33}, "32"),
    ({"stride": -1}, "stride"),
    ({"dilation": 17}, "16"),
    ({"padding": "full"}, "padding"),
    ({"padding": (1, 2, 3)}, "padding"),
    ({"padding": (-1, 0)}, "padding"),
    ({"padding": None}, "padding"),
    ({"size": 4, "kernel": 5}, "fit"),
    ({"size": 8, "kernel": 3, "dilation": 4}, "fit"),
    ({"mode": "deconv"}, "mode"),
    ({"mode": "transpose", "size": 3, "kernel": 3, "padding": (9, 9)}, "one pixel"),
    ({"mode": "transpose", "size": 2, "kernel": 3, "stride": 2, "output_size": 7}, "5 or 6|5 to 6|5, 6"),
    ({"torch": (1,)}, "torch"),
    ({"torch": (-1, 0)}, "torch"),
    ({"torch": (0, 32)}, "torch"),
    ({"layers": []}, "layers"),
    ({"layers": [{"kernel": 3}] * 9}, "layers"),
    ({"layers": [{"stride": 2}]}, "layer 1"),
    ({"layers": [{"kernel": 3, "groups": 2}]}, "layer 1"),
    ({"layers": [{"kernel": 0}]}, "layer 1"),
    ({"layers": [{"kernel": 3, "padding": 1}]}, "layer 1"),
    ({"mode": "stack", "size": 4, "layers": [{"kernel": 3}, {"kernel": 3}]}, "fit"),
    ({"view": "sideways"}, "view"),
    ({"name": "Not A Name"}, "name"),
]


@pytest.mark.parametrize("settings, words", BAD, ids=lambda v: str(v)[:40])
def test_bad_settings_are_refused_with_the_reason(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TraitError, match=words):
        SizeRuler(**settings)


def test_a_refused_change_leaves_the_last_legal_settings() -> None:
    w = SizeRuler(size=6, kernel=3)
    with pytest.raises(TraitError):
        w.kernel = 7
    assert (w.kernel, w.output) == (3, 4)
    with pytest.raises(ValueError, match="preset is one of"):
        SizeRuler("five")


def test_what_pytorch_refuses_is_no_error_of_the_widget() -> None:
    w = SizeRuler(mode="transpose", size=2, kernel=3, stride=2, torch=(9, 5))
    assert w.output == shapes.keras_transposed_size(2, 3, stride=2)
