"""Questions and checks in JupyterLab: answers reach Python and come from it; a check draws, and stops loops."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import put, run_first

ASK = """from conv_lib.widgets import Question
q = Question(name="centre", ask="Four stamps of 1 meet. The sum?", answer=4, wrong={9: "All of them?"}, why="Four.")
q"""
CHECK = """import numpy as np
from conv_lib.exercises import check
def mine(x, stride):
    return np.kron(x, np.ones((stride, stride)))
check("zero_insert", mine)"""
LOOP = """def forever(x, stride):
    while True:
        pass
check("zero_insert", forever, seconds=1)"""


def run_cell(page, at: int, source: str):
    """Puts `source` into the chapter's code cell number `at`, runs it and returns its output."""
    cell = put(page, at, source)
    out = cell.locator(".jp-OutputArea-output")
    run_first(page, out, cell)
    return out


def test_questions_and_checks_in_jupyterlab(open_chapter):
    page = open_chapter("zero-insertion.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")

    out = run_cell(page, 0, ASK)
    box = out.locator(".cb-typed")
    expect(box).to_be_visible(timeout=60_000)
    box.fill("9")
    box.press("Enter")
    expect(out.get_by_role("status")).to_contain_text("Not yet. All of them?")
    said = run_cell(page, 1, 'print("READ", q.given, q.correct)')
    expect(said).to_contain_text("READ 9 False", timeout=60_000)

    said = run_cell(page, 1, 'q.given = "2 + 2"\nprint("SET")')
    expect(said).to_contain_text("SET", timeout=60_000)
    expect(box).to_have_value("2 + 2")
    expect(out.get_by_role("status")).to_contain_text("Right. Four.")
    said = run_cell(page, 1, 'print("READ", q.correct)')
    expect(said).to_contain_text("READ True", timeout=60_000)

    report = run_cell(page, 1, CHECK)
    expect(report).to_contain_text("The values are repeated. Between them belong zeros.", timeout=60_000)
    assert "asked for" in report.locator("svg[role=img]").get_attribute("aria-label")
    report = run_cell(page, 1, LOOP)
    expect(report).to_contain_text("no answer after 1 seconds", timeout=60_000)
    said = run_cell(page, 1, 'print("STILL", 6 * 7)')
    expect(said).to_contain_text("STILL 42", timeout=60_000)
