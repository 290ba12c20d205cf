"""The chapters in JupyterLab, started as `make lab` does."""

from __future__ import annotations

from lab_driver import run_first
from site_server import pages

LANDING = pages()[0].removeprefix("book/").replace(".html", ".md")


def test_double_click_opens_a_chapter_as_a_notebook_and_it_runs(open_chapter):
    page = open_chapter(LANDING)
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    run_first(page, page.locator(".jp-CodeCell .jp-OutputArea-output"))
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def test_settings_of_lab_stay_in_the_project():
    import sys
    from pathlib import Path

    from open_lab import write_overrides

    assert Path(sys.prefix) in write_overrides().parents
