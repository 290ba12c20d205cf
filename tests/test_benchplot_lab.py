"""The bench's plots in JupyterLab: a reader's choice reaches Python, and Python's choice reaches the reader."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_bench_plot_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("speed.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    view = page.locator(".cb-root")
    run_first(page, view)
    expect(view).to_be_visible(timeout=60_000)

    row = view.locator("[role=radio][data-name='conv 56x56x64->64 k3']")
    row.focus()
    page.keyboard.press("ArrowDown")
    expect(view.get_by_role("region", name="The chosen layer")).to_contain_text("kernel 1×1")
    view.get_by_label("Show").select_option("floor")
    said = run_second_cell(page, "w = _1\nprint(w.workload, w.quantity)", "READ")
    assert re.search(r"conv 28x28x256->256 k1 floor", said), said

    run_second_cell(page, 'w.result, w.view, w.workload = "two-cores-float64", "growth", "batch 16"', "SET")
    expect(view.get_by_role("region", name="The chosen layer")).to_contain_text("16×56×56×64")
    expect(view.locator(".cb-b-where")).to_contain_text("float64")
