"""Question: what authors may write, what readers may type, its HTML; in Python and in Node."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from traitlets import TraitError

from conv_lib.widgets import Question
from question_cases import CHOSEN, TYPED, question_cases

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "answer, kind, values, shown",
    [
        (4, "number", [4], "4"),
        (np.int64(4), "number", [4], "4"),
        (2.25, "number", [2.25], "2.25"),
        (-3, "number", [-3], "−3"),
        (Fraction(1, 3), "number", [1 / 3], "1/3"),
        (np.float32(4), "number", [4], "4"),
        (np.array(4.0), "number", [4], "4"),
        ([1, 3, 2], "list", [1, 3, 2], "1, 3, 2"),
        (np.array([1.0, 2.5]), "list", [1, 2.5], "1, 2.5"),
        (np.array([[1, 2], [3, 4]]), "list", [1, 2, 3, 4], "1, 2; 3, 4"),
        ({16, 14, 15}, "set", [14, 15, 16], "14, 15, 16"),
        (range(14, 17), "set", [14, 15, 16], "14, 15, 16"),
        (set(), "set", [], "none"),
        ("2 x 4", "shape", [2, 4], "2 × 4"),
        ("2×4", "shape", [2, 4], "2 × 4"),
        ((2, 4), "shape", [2, 4], "2 × 4"),
        ((1, 6, 8, 1), "shape", [1, 6, 8, 1], "(1, 6, 8, 1)"),
        ("(1, 6, 8, 1)", "shape", [1, 6, 8, 1], "(1, 6, 8, 1)"),
    ],
)
def test_answers(answer, kind, values, shown):
    q = Question(name="q", ask="?", answer=answer)
    assert (q.kind, q.answer, q.shown) == (kind, values, shown)
    assert all(type(v) in (int, float) for v in q.answer)
    json.dumps(q.state(), allow_nan=False)


@pytest.mark.parametrize(
    "options, error, said",
    [
        ({"answer": "four"}, ValueError, "finite numbers"),
        ({"answer": "4"}, ValueError, "a shape is written"),
        ({"answer": None}, ValueError, "finite numbers"),
        ({"answer": float("nan")}, ValueError, "finite numbers"),
        ({"answer": True}, ValueError, "finite numbers"),
        ({"answer": 4, "wrong": {4: "no"}}, ValueError, "also among the wrong"),
        ({"answer": 4, "wrong": {4.0: "no"}}, ValueError, "also among the wrong"),
        ({"answer": {1, 2}, "wrong": {(2, 1): "no"}}, ValueError, "also among the wrong"),
        ({"answer": 4, "wrong": {5: "a", Fraction(5): "b", (5,): "c"}}, ValueError, "named twice"),
        ({"answer": 4, "wrong": {"x": "a"}}, ValueError, "a shape is written"),
        ({"answer": "maybe", "options": ["yes", "no"]}, ValueError, "a choice is one of"),
        ({"answer": 2, "options": ["yes", "no"]}, ValueError, "a choice is one of"),
        ({"answer": "no", "options": ["no", "no"]}, ValueError, "read the same"),
        ({"answer": "no", "options": ["yes", "no"], "wrong": {"no": "x"}}, ValueError, "also among the wrong"),
        ({"answer": 4, "ask": " "}, ValueError, "asks nothing"),
        ({"answer": 4, "name": "Big Name"}, TraitError, "lower-case"),
        ({"answer": 4, "wrongs": {}}, TypeError, "wrongs"),
    ],
)
def test_what_authors_may_not_write(options, error, said):
    with pytest.raises(error, match=re.escape(said)):
        Question(**{"name": "q", "ask": "?", **options})


def test_a_name_is_needed():
    with pytest.raises(TypeError, match="name"):
        Question(ask="?", answer=4)


def test_html_holds_the_question_and_folds_the_answer():
    q = Question(
        name="odd-one",
        ask='Is `a < b` & "so"?',
        options=["`yes`", "no"],
        answer="no",
        why="<script>alert(1)</script> `x`",
    )
    soup = BeautifulSoup(q.to_html(), "html.parser")
    place = soup.find(class_="cb-widget")
    assert place["id"] == place["data-name"] == "odd-one" and place["data-widget"] == "Question"
    assert json.loads(place["data-state"]) == q.state()
    assert place.find(class_="cb-ask").decode_contents() == 'Is <code>a &lt; b</code> &amp; "so"?'
    assert [li.decode_contents() for li in place.find_all("li")] == ["<code>yes</code>", "no"]
    answer = place.find("noscript").find("details")
    assert "no" in answer.get_text() and not soup.find("script")
    text = html.unescape(q._repr_mimebundle_()[0]["text/plain"])
    assert "alert" not in text, "the plain text does not give the answer away"


def test_an_open_backtick_is_an_error():
    with pytest.raises(ValueError, match="backtick"):
        Question(name="q", ask="what is `this", answer=1).to_html()


def test_given_and_correct_start_empty():
    q = Question(name="q", ask="?", answer=4)
    assert q.given is None and q.correct is None


def test_readers_answers_in_node(node, tmp_path):
    rows = question_cases()
    assert len(rows) == len(TYPED) + len(CHOSEN)
    vectors = tmp_path / "questions.json"
    vectors.write_text(json.dumps(rows), "utf-8")
    for arguments in (
        ["conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path)],
        ["--test", "--test-reporter=tap", str(tmp_path / "question.test.mjs")],
    ):
        done = subprocess.run(
            [node, *arguments],
            cwd=ROOT,
            env={**os.environ, "QUESTION_VECTORS": str(vectors)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert re.search(r"^# skipped 0$", done.stdout, re.M) and re.search(r"^# pass 2$", done.stdout, re.M)
