"""The matrix view in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def run_new_cell(page, source: str) -> str:
    """Inserts a cell below the chapter's first code cell, runs it, and returns what it printed."""
    page.locator(".jp-Notebook .jp-CodeCell").first.locator(".jp-InputPrompt").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    cell.locator(".cm-content").click()
    page.keyboard.insert_text(source + "\nprint('DONE')")
    page.keyboard.press("Control+Enter")
    out = cell.locator(".jp-OutputArea-output").filter(has_text="DONE")
    expect(out).to_have_count(1, timeout=60_000)
    return out.inner_text()


def test_matrix_view_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("matrix.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    page.locator(".jp-Notebook .jp-CodeCell").first.locator(".jp-InputPrompt").click()
    page.keyboard.press("Control+Enter")
    view = page.locator(".cb-root")
    expect(view).to_be_visible(timeout=60_000)

    stride = view.get_by_role("spinbutton", name="Stride")
    stride.focus()
    page.keyboard.press("ArrowUp")
    expect(stride).to_have_value("2")
    view.get_by_role("button", name="transpose").click()
    cell = view.get_by_role("grid", name="Input y").locator("[data-row='0'][data-column='1']")
    cell.focus()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    said = run_new_cell(page, "w = _1\nprint(w.stride, w.transposed, w.y, w.output.ravel())")
    assert re.search(r"2 True \[\[1, -5\]\]", said), said

    run_new_cell(page, "w.x = [[1, 2, 3]]; w.kernel = [[1, 10]]; w.stride = 1; w.transposed = False")
    expect(view.get_by_role("grid", name="Matrix A", exact=True)).to_have_attribute("aria-colcount", "3")
    values = view.get_by_role("grid", name="Output Ax").locator("[data-value]").evaluate_all(
        "cells => cells.map(c => +c.dataset.value)"
    )
    assert values == [21, 32]
