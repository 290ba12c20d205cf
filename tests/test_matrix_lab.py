"""The matrix view in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_matrix_view_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("matrix.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    view = page.locator(".cb-root")
    run_first(page, view)
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
    said = run_second_cell(page, "w = _1\nprint(w.stride, w.transposed, w.y)", "READ")
    assert re.search(r"2 True \[\[1, -5\]\]", said), said

    run_second_cell(
        page, "w.kernel, w.stride, w.transposed = [[1]], 1, False\nw.x, w.kernel = [[1, 2, 3]], [[1, 10]]", "SET"
    )
    expect(view.get_by_role("grid", name="Matrix A", exact=True)).to_have_attribute("aria-colcount", "3")
    values = view.get_by_role("grid", name="Output Ax").locator("[data-value]").evaluate_all(
        "cells => cells.map(c => +c.dataset.value)"
    )
    assert values == [21, 32]
