"""Links written in Python are the ones that the widgets write and read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from traitlets import TraitError

from conv_lib.figures.presets import PRESETS, WIDGETS
from conv_lib.widgets import ConvExplorer, MatrixView, SizeRuler, SizeSolver, see
from conv_lib.widgets.links import CLASSES, Link, _exact, query
from test_widget_js import run  # noqa: F401  (a fixture)

MORE = [
    ConvExplorer(input=[[0.1, -2.5, 1e-6], [1 / 3, 123456.75, -0.0]], kernel=[[1e-7]], padding=((1, 2), (0, 3))),
    ConvExplorer(mode="transpose", input=[[1, 2, 3]], kernel=[[1, 2]], stride=3, output_size=(1, 9)),
    SizeRuler(size=300, kernel=7, stride=2, padding=(3, 2), view="ends"),
    SizeRuler(mode="transpose", size=4, kernel=3, stride=2, output_size=10, torch=(1, 1)),
    MatrixView(x=[[0.5, -1, 2]], kernel=[[1, -0.25]], padding=1, transposed=True, tab="adjoint"),
    SizeSolver(direction="down", size=(30, 31), wanted=None, stride=3, dilation=2, padding=4, framework="tf"),
    SizeSolver(size=(5, 6), wanted=(9, 11), kernel=3, padding="valid", framework="torch", pick=-1),
]


def test_javascript_writes_and_reads_the_same_links(run, tmp_path: Path) -> None:  # noqa: F811
    rows = [
        {"widget": WIDGETS[name], "preset": name, "query": query(CLASSES[WIDGETS[name]](name))}
        for name in PRESETS
        if WIDGETS[name] in CLASSES
    ]
    rows += [{"widget": type(w).__name__, "preset": None, "query": query(w)} for w in MORE]
    assert {row["widget"] for row in rows} == set(CLASSES)
    vectors = tmp_path / "links.json"
    vectors.write_text(json.dumps(rows), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    report = run("--test", "--test-reporter=tap", str(tmp_path / "js" / "links.test.mjs"), LINKS=str(vectors))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) == 2
    assert re.search(r"^# fail 0$", report, re.M)


def test_numbers_are_written_as_javascript_writes_them() -> None:
    for value, text in [(1, "1"), (-0.0, "0"), (0.5, "0.5"), (1e-7, "1e-7"), (1.5e-8, "1.5e-8"), (1e21, "1e+21"),
                        (123456789.25, "123456789.25"), (1e16, "10000000000000000"), (1e-6, "0.000001")]:  # fmt: skip
        assert _exact(value) == text


def test_a_link_names_its_page_and_its_widget() -> None:
    link = see("six-same", to="ruler", page="sizes")
    assert link.address.startswith("sizes.html#ruler?mode=conv&size=6&")
    assert link.text.endswith("Same: 6, kernel 3, stride 2")
    assert 'href="sizes.html#ruler?mode=conv&amp;size=6&amp;' in link._repr_html_()
    assert see("six-same", to="here", stride=3).address.startswith("#here?mode=conv&size=6&kernel=3&stride=3")
    assert "&lt;b&gt;" in Link("#a", "<b>")._repr_html_()


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"preset": "sixx", "to": "here"}, "preset is one of"),
        ({"preset": "six", "to": "Not a name"}, "lower-case"),
        ({"preset": "six", "to": "here", "stride": 0}, "stride"),
        ({"preset": "six", "to": "here", "sride": 1}, "sride"),
    ],
)
def test_what_cannot_be_linked_is_refused(arguments, said) -> None:
    with pytest.raises((ValueError, TypeError, TraitError), match=said):
        see(**arguments)
