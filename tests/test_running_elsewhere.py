"""Colab and Binder, rehearsed: what they would install and open, as far as that can be done on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from convbook.notebooks import installing_cell, write_notebook
from tools import ROOT


def clean_copy(tmp_path):
    """The files that git has: what a service would clone."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")
    copy = tmp_path / "clone"
    for name in filter(None, names):
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "CB_REPOSITORY", "CB_SITE_URL")}
    return {**kept, **more}


@pytest.fixture
def bare_python(tmp_path):
    """A virtual environment that sees this machine's libraries, but neither conv_lib nor this project."""
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    site = next((home / "lib").glob("python*/site-packages"))
    own = next(p for p in map(str, sys.path) if p.endswith("site-packages"))
    hidden = ("__editable__.conv_lib", "__editable___conv_lib", "conv_lib", "conv-lib")
    for entry in os.scandir(own):
        if not entry.name.startswith(hidden) and not entry.name.endswith(".pth"):
            (site / entry.name).symlink_to(entry.path)
    return home / "bin" / "python"


def test_colab_installs_conv_lib_in_the_first_cell(tmp_path, monkeypatch, bare_python):
    """The notebook that Colab opens, executed where conv_lib is not installed, in an empty folder."""
    monkeypatch.setenv("CB_REPOSITORY", "ada/both-ways")
    write_notebook(ROOT / "book" / "two-layers.md", tmp_path / "two-layers.ipynb")
    notebook = nbformat.read(tmp_path / "two-layers.ipynb", 4)
    first = notebook.cells[0]
    assert "%pip install" in first.source and "git+https://github.com/ada/both-ways" in first.source
    assert sum("%pip" in cell.source for cell in notebook.cells) == 1

    # No network here: the same cell installs from a copy of this repository instead, with the libraries that are here.
    copy = clean_copy(tmp_path)
    target = tmp_path / "installed"
    built = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", target, copy],
        capture_output=True, text=True, env=environment(),
    )
    assert built.returncode == 0, built.stderr[-3000:]
    code = "\n".join(
        cell.source for cell in notebook.cells[1:] if cell.cell_type == "code" and "%" not in cell.source
    )
    ran = subprocess.run(
        [bare_python, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=240,
        env=environment(PYTHONPATH=str(target), MPLBACKEND="agg", TF_CPP_MIN_LOG_LEVEL="3"),
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.strip()


def test_the_installing_cell_does_nothing_where_conv_lib_is(bare_python):
    source = installing_cell("somewhere").source
    assert source.count("%pip") == 1
    alone = source.replace("%pip install", "raise SystemExit(7) #")
    here = environment(PYTHONPATH=str(ROOT))
    assert subprocess.run([sys.executable, "-c", alone], cwd=ROOT, env=here).returncode == 0
    assert subprocess.run([bare_python, "-c", alone], cwd="/", env=environment()).returncode == 7


def test_binder_makes_a_notebook_of_every_chapter(tmp_path):
    copy = clean_copy(tmp_path)
    script = copy / ".binder" / "postBuild"
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)
    assert (copy / ".binder" / "requirements.txt").read_text().strip() == "-r ../requirements.txt"
    body = script.read_text(encoding="utf-8")
    # pip itself is not rehearsed: what it would link is on the path already.
    script.write_text(body.replace("python -m pip", ": python -m pip"), encoding="utf-8")
    done = subprocess.run(
        ["sh", script], cwd=copy, capture_output=True, text=True,
        env=environment(PATH=f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}", CB_REPOSITORY="ada/both-ways"),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    made = {path.stem for path in (copy / "notebooks").glob("*.ipynb")}
    chapters = {path.stem for path in (ROOT / "book").glob("*.md") if "jupytext:" in path.read_text("utf-8")[:600]}
    assert made == chapters and len(made) > 7
