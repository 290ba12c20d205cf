"""`make course`: what students and instructors get, that it runs, and how it is graded."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from convbook import course
from tools import ROOT

CHAPTERS = sorted((ROOT / "book").glob("*.md"))
CODING = [p for p in CHAPTERS if "# check: " in p.read_text("utf-8")]
THREE = ("output-size", "two-layers", "zero-insertion")  # graded and executed


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "course"
    course.make_course([p for p in CHAPTERS if course_chapter(p)], folder, say=lambda _: None)
    return folder


def course_chapter(path) -> bool:
    from convbook.notebooks import is_notebook

    return is_notebook(path)


def read(path):
    return nbformat.read(path, as_version=4)


def code(notebook) -> str:
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "code")


@pytest.mark.parametrize("chapter", [p for p in CHAPTERS if course_chapter(p)], ids=lambda p: p.stem)
def test_every_chapter_is_converted(made, chapter):
    text = chapter.read_text("utf-8")
    students, complete = (read(made / kind / f"{chapter.stem}.ipynb") for kind in ("student", "instructor"))
    for notebook in (students, complete):
        nbformat.validate(notebook)
        for cell in notebook.cells:
            assert not cell.get("outputs") and cell.get("execution_count") is None
            if cell.cell_type == "code":
                ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.M))
    names = re.findall(r"^# check: ([\w-]+)", text, re.M)
    calls = re.findall(r'^check\("([\w-]+)", \w+\)$', code(students), re.M)
    assert calls == names
    assert code(students).count("...  # your code") == len(names)
    assert re.findall(r'^assert check\("([\w-]+)", \w+\)$', code(complete), re.M) [: len(names)] or not names
    # nothing of a solution is left
    whole = "\n".join(c.source for c in students.cells)
    assert "{admonition} Solution" not in whole
    for block in re.findall(r"^# check: [^\n]*\n(.*?)^```", text, re.M | re.S):
        longest = max((line.strip() for line in block.splitlines() if not line.strip().startswith("def ")), key=len)
        assert len(longest) < 20 or longest.startswith(("from ", "import ")) or longest not in after_exercises(students)
    assert "## Remember" not in text or "## Remember" in whole
    # the code of questions, with its answers, is folded
    for cell in students.cells:
        if "remove-input" in cell.metadata.get("tags", []):
            assert cell.metadata["jupyter"] == {"source_hidden": True}


def after_exercises(notebook) -> str:
    text, among = [], False
    for cell in notebook.cells:
        among = among or "## Exercises" in cell.source
        if among:
            text.append(cell.source)
    return "\n".join(text)


@pytest.mark.parametrize("kind", ["student", "instructor"])
@pytest.mark.parametrize("name", THREE)
def test_three_chapters_run_from_a_clean_kernel(made, tmp_path, kind, name):
    notebook = read(made / kind / f"{name}.ipynb")
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()
    if kind == "student":  # check says that nothing was written yet, in words
        said = [c for c in notebook.cells if c.cell_type == "code" and "# your code" in c.source]
        assert said
        for cell in said:
            assert "✗" in json.dumps(cell.outputs, ensure_ascii=False)


# ---------------------------------------------------------------- assignments


def filled(release, source, change):
    """A submission: the release with each solution cell written by ``change(task name, right code)``."""
    right = {c.metadata["nbgrader"]["grade_id"]: c.source for c in source.cells if c.metadata["nbgrader"]["solution"]}
    for cell in release.cells:
        row = cell.metadata["nbgrader"]
        if row["solution"]:
            cell.source = change(row["grade_id"], right[row["grade_id"]])
    return release


def wrongly(name: str, right: str) -> str:
    """The right function, with what it returns doubled and one more."""
    function = re.search(r"^def (\w+)", right, re.M)[1]
    call = f"def {function}(*args, **kwargs):\n    return _right(*args, **kwargs) * 2 + 1"
    return f"{right}\n\n_right = {function}\n\n{call}"


@pytest.mark.parametrize("chapter", CODING, ids=lambda p: p.stem)
def test_assignments_have_nbgraders_form(made, chapter):
    for kind in ("source", "release"):
        notebook = read(made / kind / chapter.stem / f"{chapter.stem}.ipynb")
        course.check_assignment(notebook)
        rows = [c.metadata["nbgrader"] for c in notebook.cells]
        assert all(row["schema_version"] == 3 for row in rows)
        assert sum(row["grade"] for row in rows) == sum(row["solution"] for row in rows) > 0
        assert sum(row.get("points", 0) for row in rows) > 0
        marked = course.BEGIN in code(notebook)
        assert marked == (kind == "source")


@pytest.mark.parametrize("name", THREE)
def test_a_right_a_wrong_and_an_empty_submission(made, tmp_path, name):
    source = made / "source" / name / f"{name}.ipynb"
    release = made / "release" / name / f"{name}.ipynb"
    grades = {}
    for student, change in [("right", lambda _, right: right), ("wrong", wrongly), ("empty", None)]:
        handed = read(release)
        if change:
            handed = filled(handed, read(source), change)
        path = tmp_path / f"{student}.ipynb"
        nbformat.write(handed, path)
        grades[student] = course.grade(source, path)
    assert grades["right"].points == grades["right"].most > 0
    assert grades["empty"].points == 0 and grades["empty"].most == grades["right"].most
    assert grades["wrong"].points == 0
    assert "not yet" in str(grades["wrong"]) and "in all" in str(grades["right"])


def test_a_student_cannot_change_the_tests(made, tmp_path):
    source = made / "source" / "output-size" / "output-size.ipynb"
    handed = read(made / "release" / "output-size" / "output-size.ipynb")
    for cell in handed.cells:
        if cell.metadata["nbgrader"]["grade"]:
            cell.source = "pass"
        elif cell.metadata["nbgrader"]["solution"]:
            cell.source = "check = lambda *a: True"
    nbformat.write(handed, tmp_path / "cheat.ipynb")
    assert course.grade(source, tmp_path / "cheat.ipynb").points == 0


def test_an_endless_loop_costs_its_own_points_only(made, tmp_path):
    source = made / "source" / "output-size" / "output-size.ipynb"

    def change(name, right):
        return "while True:\n    pass" if name.endswith("-conv-size") else right

    handed = filled(read(made / "release" / "output-size" / "output-size.ipynb"), read(source), change)
    nbformat.write(handed, tmp_path / "endless.ipynb")
    grade = course.grade(source, tmp_path / "endless.ipynb", seconds=8)
    assert 0 < grade.points < grade.most


# ---------------------------------------------------------------- bad input


def run(*words: str):
    command = [sys.executable, "-m", "convbook.course", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "book" / "_ext")])}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT, env=env)


def test_what_is_not_a_notebook_is_named_and_the_others_are_graded(made, tmp_path):
    release = made / "release" / "output-size" / "output-size.ipynb"
    for name, data in {
        "text.ipynb": b"my solution", "picture.ipynb": b"\x89PNG\r\n\xff\xfe", "list.ipynb": b"[1, 2]",
        "empty.ipynb": b"", "other.json": b'{"cells": 3}',
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
        with pytest.raises(course.CourseError, match="is not a notebook"):
            course.read_submission(tmp_path / name)
    with pytest.raises(course.CourseError, match="no such file"):
        course.read_submission(tmp_path / "nowhere.ipynb")
    source = made / "source" / "output-size" / "output-size.ipynb"
    done = run("grade", source, tmp_path / "text.ipynb", release)
    assert done.returncode == 1 and "text.ipynb is not a notebook" in done.stderr and "0 of" in done.stdout
    assert "Traceback" not in done.stderr


def test_another_notebook_is_not_graded_as_empty(made):
    source = made / "source" / "output-size" / "output-size.ipynb"
    with pytest.raises(course.CourseError, match="none of the cells"):
        course.grade(source, made / "student" / "matrix.ipynb")


def test_an_assignment_that_is_not_there(made, tmp_path):
    missing = made / "source" / "nothing" / "nothing.ipynb"
    with pytest.raises(course.CourseError, match="no assignment 'nothing'. There are .*output-size"):
        course.grade(missing, tmp_path / "x.ipynb")


def test_a_chapter_without_exercises(tmp_path):
    said = []
    index = ROOT / "book" / "index.md"
    files = course.make_course([index], tmp_path / "c", say=said.append)
    assert "no assignment" in said[0]
    assert set(files) == {"student/index.ipynb", "instructor/index.ipynb", "nbgrader_config.py"}
    with pytest.raises(course.CourseError, match="no exercise"):
        course.assignment(course.read_chapter(index), "index")


def test_files_that_are_no_chapters(tmp_path):
    plain = tmp_path / "plain.md"
    plain.write_text("# Only text\n")
    with pytest.raises(course.CourseError, match="not a chapter"):
        course.make_course([plain], tmp_path / "c")
    with pytest.raises(course.CourseError, match="There is no chapter"):
        course.make_course([tmp_path / "none.md"], tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_a_missing_tool_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    with pytest.raises(course.CourseError, match="needs jupytext: pip install"):
        course.read_chapter(ROOT / "book" / "index.md")


def test_nothing_that_somebody_changed_is_overwritten(tmp_path):
    folder, index = tmp_path / "course", [ROOT / "book" / "index.md"]
    quiet = dict(say=lambda _: None)
    course.make_course(index, folder, **quiet)
    course.make_course(index, folder, **quiet)  # unchanged files are written again
    mine = folder / "student" / "index.ipynb"
    mine.write_text("{}")
    other = folder / "instructor" / "index.ipynb"
    other.unlink()
    done = run("make", folder, *index)
    assert done.returncode == 1 and "Nothing was written" in done.stderr and str(mine) in done.stderr
    assert "COURSE=" in done.stderr and "Traceback" not in done.stderr
    assert mine.read_text() == "{}" and not other.exists()
    course.make_course(index, tmp_path / "new", **quiet)
    (tmp_path / "file").write_text("x")
    with pytest.raises(course.CourseError, match="is a file"):
        course.make_course(index, tmp_path / "file", **quiet)


def test_without_arguments_it_says_how_it_is_used():
    done = run()
    assert done.returncode == 2 and "make course" in done.stderr


def test_marks_are_cleared_as_nbgrader_does():
    task = course.Task("x", "f", "import numpy as np\n\ndef f(a,\n      b=2):\n    c = a\n    return c + b")
    assert task.released() == (
        "import numpy as np\n\n\ndef f(a,\n      b=2):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert task.stub().endswith("b=2):\n    ...  # your code")
    one_line = course.Task("x", "f", "def f(a): return a")
    exec(one_line.marked(), space := {})
    assert space["f"](3) == 3
    helper = course.Task("x", "f", "K = 2\n\ndef f(a):\n    return a * K")
    exec(helper.marked(), space := {})
    assert space["f"](3) == 6 and "K" not in helper.stub()


def test_names_that_only_a_solution_defines_are_found():
    cell = nbformat.v4.new_code_cell
    assert course.names_missing([cell("print(a)")], [cell("a = 1")]) == {"a"}
    assert course.names_missing([cell("a = 2\nprint(a)")], [cell("a = 1")]) == set()
