"""Rounding or bug?: the explanation in Python, its traits, its JavaScript against conv_lib, and its code to copy."""

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

from conv_lib import conv2d
from conv_lib.compare import diagnose, explain_difference, tolerance_for
from conv_lib.compare.diagnosis import COARSE
from conv_lib.compare.rounding import BITS, LARGEST, MOST_TERMS, SMALLEST
from conv_lib.compare.tf32 import to_tf32
from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import RoundingCheck
from conv_lib.widgets.rounding import FACTS
from rounding_cases import cases
from test_widget_js import run  # noqa: F401  (a fixture)

MINE = [name for name, widget in WIDGETS.items() if widget == "RoundingCheck"]

AMOUNTS: list[tuple[str, float | None]] = [
    ("1.6e-4", 1.6e-4),
    ("0.00016", 1.6e-4),
    ("1,6E-4", 1.6e-4),
    ("1.6e−4", 1.6e-4),
    ("2^-16", 2.0**-16),
    ("2**-16", 2.0**-16),
    ("2^(-16)", 2.0**-16),
    ("2⁻¹⁶", 2.0**-16),
    ("1.52 x 10^-5", 1.52e-5),
    ("5.68 · 10⁻¹⁴", 5.68e-14),
    ("3*2^-10", 3 * 2.0**-10),
    (" 0 ", 0),
    ("+1", 1),
    *[(text, None) for text in ("", " ", "-1", "1e-31", "1e16", "1e999", "NaN", "inf", "2^9999", "ten", "1.6e")],
    *[(text, None) for text in ("<script>alert(1)</script>", "😀", "1" * 10_000, "2^^3", "0x10", "1 2.5.6")],
]
TERMS: list[tuple[str, int | None]] = [
    ("1600", 1600),
    ("5x5x64", 1600),
    ("5×5×64", 1600),
    ("5 * 5 * 64", 1600),
    ("3x3x64/2", 288),
    ("1,600", 1600),
    ("10000000", 10_000_000),
    *[(text, None) for text in ("", "0", "-5", "1.5", "5x", "x5", "5x5x63/2", "10000001", "5/0", "8/2/2")],
    *[(text, None) for text in ("<b>", "😀", "9" * 10_000)],
]


def test_javascript_agrees_and_its_code_runs(run, tmp_path: Path) -> None:  # noqa: F811
    file, to = tmp_path / "vectors.json", tmp_path / "snippets.json"
    vectors = {"cases": cases(3000), "amounts": AMOUNTS, "terms": TERMS, "snippetsTo": str(to)}
    file.write_text(json.dumps(vectors), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    replay = str(tmp_path / "js" / "rounding.test.mjs")
    report = run("--test", "--test-reporter=tap", replay, ROUNDING_VECTORS=str(file))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) == 5
    assert re.search(r"^# fail 0$", report, re.M)
    rows = json.loads(to.read_text("utf-8"))
    assert len(rows) >= 40
    for row in rows:
        answer, arrays, widget = row["code"]
        assert max(map(len, "\n".join(row["code"]).split("\n"))) <= 76
        with contextlib.redirect_stdout(io.StringIO()):
            exec(answer, {})
            exec(arrays, {})
            scope: dict[str, Any] = {}
            exec(widget, scope)
        assert scope["w"].query() == row["query"]


def test_the_table_of_the_page_is_that_of_conv_lib() -> None:
    assert FACTS["bits"] == BITS
    assert (FACTS["smallest"], FACTS["largest"], FACTS["terms"]) == (SMALLEST, LARGEST, [1, MOST_TERMS])
    share = FACTS["share"]
    for dtype in ("float64", "float32", "float16"):
        assert share[dtype] == tolerance_for(dtype).relative
    assert share["tf32"] == tolerance_for("float32", device="GPU", tf32=True).relative
    assert share["half"] == COARSE


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_unit_is_the_step_to_the_next_number(dtype: str) -> None:
    for scale in (1.0, 200.0, 0.3, 127.5, 128.0, 2.0**-20, 1e-7 if dtype == "float16" else 1e-20):
        assert explain_difference(0, dtype=dtype, scale=scale).unit == float(np.spacing(np.dtype(dtype).type(scale)))


def test_what_really_happens_is_explained() -> None:
    """The same layer in another order, in TF32, in float16, with a cast, and shifted by one pixel."""
    draw = np.random.default_rng(3)
    x, kernel = draw.normal(size=(1, 12, 13, 16)), draw.normal(size=(5, 5, 16, 4))
    exact = conv2d(x, kernel)
    how = {"scale": float(conv2d(abs(x), abs(kernel)).max()), "terms": 5 * 5 * 16}

    def kind(other: np.ndarray, **more: Any) -> str:
        found = explain_difference(float(abs(np.asarray(other, float) - exact).max()), **how, **more)
        assert found.units > 0
        return found.kind

    single = conv2d(x.astype("float32"), kernel.astype("float32"))
    assert kind(single) in ("unit", "order")
    assert kind(single, dtype="float64") == "float32"
    order = conv2d(x[..., ::-1], kernel[:, :, ::-1])
    assert kind(order, dtype="float64") in ("unit", "order")
    assert float(abs(order - exact).max()) <= explain_difference(1, dtype="float64", **how).bound
    assert float(abs(single - exact).max()) <= explain_difference(1, **how).bound * 2  # the inputs are rounded too
    rounded = conv2d(to_tf32(x), to_tf32(kernel))
    assert kind(rounded, device="GPU") == "tf32" and kind(rounded) == "half"
    assert kind(rounded, dtype="tf32") in ("unit", "order")
    assert kind(np.roll(exact, 1, axis=2)) == "geometry"
    assert diagnose(exact[:, :, 1:], exact[:, :, :-1]).kind == "shift"


def test_askers_get_their_numbers() -> None:
    """Questions of shared/questions.yaml, by their numbers there."""
    assert RoundingCheck("tf32-3090").answer.kind == "tf32"  # q117
    single, double = RoundingCheck("last-place-32").answer, RoundingCheck("last-place-64").answer  # q119
    assert (single.kind, single.units) == ("unit", 1)
    assert (double.kind, round(double.units, 1)) == ("order", 2.0)
    assert RoundingCheck("cast-on-the-way").answer.kind == "float32"
    assert RoundingCheck("half-precision").verdict == FACTS["verdicts"]["coarse"][0]
    assert RoundingCheck("one-pixel-off").answer.kind == "geometry"
    assert RoundingCheck("one-pixel-off", scale=0.5).answer.kind == "scale"


@pytest.mark.parametrize("name", MINE)
def test_presets_make_a_widget_with_a_figure_and_words(name: str) -> None:
    w = RoundingCheck(name)
    html = w.to_html()
    assert 'data-widget="RoundingCheck"' in html and "<svg" in html
    assert w.verdict in w.describe() and FACTS["names"][w.dtype] in w.describe()
    assert len(html) < 120_000
    for trait, value in PRESETS[name].items():
        assert getattr(w, trait) == value


@pytest.mark.parametrize(
    "settings, said",
    [
        ({"difference": -1}, "difference is 0, or a number"),
        ({"difference": float("nan")}, "Received: nan"),
        ({"difference": 1e16}, "1e\\+15"),
        ({"difference": "1e-4"}, "Received: '1e-4'"),
        ({"difference": True}, "Received: True"),
        ({"scale": 0}, "scale is a number"),
        ({"scale": float("inf")}, "scale"),
        ({"terms": 0}, "terms is a whole number from 1"),
        ({"terms": 1.5}, "terms"),
        ({"dtype": "float8"}, "float8"),
        ({"device": "TPU"}, "TPU"),
    ],
)
def test_illegal_settings_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(TraitError, match=said):
        RoundingCheck(**settings)


@pytest.mark.parametrize(
    "settings, error",
    [
        ({"dtype": "float8"}, ValueError),
        ({"device": "TPU"}, ValueError),
        ({"terms": 1.5}, TypeError),
        ({"terms": True}, TypeError),
        ({"terms": 0}, ValueError),
        ({"scale": 0}, ValueError),
        ({"scale": float("nan")}, ValueError),
        ({"difference": -1e-5}, ValueError),
        ({"difference": float("inf")}, ValueError),
    ],
)
def test_explain_difference_refuses_what_has_no_answer(settings: dict[str, Any], error: type[Exception]) -> None:
    name = next(iter(settings))
    with pytest.raises(error, match=f"{name} is .*Received: {name}="):
        explain_difference(**{"difference": 1e-5, **settings})
