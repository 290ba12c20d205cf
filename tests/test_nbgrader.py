"""nbgrader itself makes student versions of the assignments and grades a right, a wrong and an empty submission.

Runs only where CB_NBGRADER names a Python that has nbgrader (`make test-nbgrader`); tests/test_course.py grades the
same submissions without it.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from convbook import course
from test_course import CHAPTERS, THREE, filled, wrongly
from tools import ROOT

PYTHON = os.environ.get("CB_NBGRADER", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="nbgrader is tried by `make test-nbgrader`")


def test_nbgrader_makes_and_grades_the_assignments(tmp_path):
    folder = tmp_path / "course"
    course.make_course([p for p in CHAPTERS if p.stem in THREE], folder, say=lambda _: None)
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    path = os.pathsep.join([str(Path(PYTHON).parent), os.environ["PATH"]])  # nbgrader calls alembic
    mine = {"PATH": path, "JUPYTER_PATH": str(tmp_path / "jupyter"), "PYTHONPATH": "", "HOME": str(tmp_path)}
    env = {**os.environ, **mine}
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    spec["env"] = {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    (kernel / "kernel.json").write_text(json.dumps(spec))

    def nbgrader(*words: str) -> None:
        done = subprocess.run(
            [PYTHON, "-m", "nbgrader", *words], cwd=folder, env=env, capture_output=True, text=True, timeout=500
        )
        assert done.returncode == 0, done.stdout + done.stderr

    ours = {name: folder / "release" / name for name in THREE}
    kept = {name: nbformat.read(ours[name] / f"{name}.ipynb", 4) for name in THREE}
    for name in THREE:
        nbgrader("generate_assignment", name, "--force")
        made = nbformat.read(ours[name] / f"{name}.ipynb", 4)
        assert [c.source for c in made.cells] == [c.source for c in kept[name].cells]  # our release is nbgrader's
        source = nbformat.read(folder / "source" / name / f"{name}.ipynb", 4)
        for student, change in [("right", lambda _, task: task), ("wrong", wrongly), ("empty", None)]:
            handed = nbformat.read(ours[name] / f"{name}.ipynb", 4)
            if change:
                handed = filled(handed, source, change)
            place = folder / "submitted" / student / name
            place.mkdir(parents=True)
            nbformat.write(handed, place / f"{name}.ipynb")
        nbgrader("autograde", name)
    nbgrader("export", "--to", str(tmp_path / "grades.csv"))
    rows = list(csv.DictReader(Path(tmp_path / "grades.csv").open()))
    scores = {(row["student_id"], row["assignment"]): (float(row["score"]), float(row["max_score"])) for row in rows}
    for name in THREE:
        most = scores["right", name][1]
        assert most > 0
        assert scores["right", name][0] == most
        assert scores["empty", name][0] == 0
        assert 0 <= scores["wrong", name][0] < most
