"""The phase lab in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_phase_lab_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("checkerboards.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    lab = page.locator(".cb-phase").first
    run_first(page, lab)
    expect(lab).to_be_visible(timeout=60_000)

    stride = lab.get_by_role("spinbutton", name="Stride")
    stride.focus()
    page.keyboard.press("ArrowUp")
    expect(stride).to_have_value("3")
    weight = lab.get_by_role("grid", name="Kernel").locator("[data-row='0'][data-column='1']")
    weight.focus()
    page.keyboard.press("ArrowLeft")  # Lab must not take the key for itself
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    said = run_second_cell(page, "w = _1\nprint(w.stride, w.kernel, w.sums, w.clean)", "READ")
    assert "3 [-5, 1, 1] [-5.  1.  1.] False" in said, said

    run_second_cell(page, "w.stride = 2; w.kernel = [[1, 2], [3, 4], [5, 6]]", "SET")
    expect(lab.get_by_role("grid", name="Phase sums")).to_be_visible()
    values = lab.get_by_role("grid", name="Phase sums").locator("[data-value]").evaluate_all(
        "cells => cells.map(c => +c.dataset.value)"
    )
    assert values == [6, 8, 3, 4]
