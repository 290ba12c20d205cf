"""The upsampling bench in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_upsampling_bench_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("upsampling.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    bench = page.locator(".cb-root")
    run_first(page, bench)
    expect(bench).to_be_visible(timeout=60_000)

    width = bench.get_by_role("spinbutton", name="Width of the input")
    width.focus()
    page.keyboard.press("ArrowUp")
    expect(width).to_have_value("3")
    bench.get_by_role("grid", name="Input", exact=True).locator("[data-row='0'][data-column='1']").focus()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    said = run_second_cell(page, "w = _1\nprint(w.input[0][:2], len(w.input[0]), w.first)", "READ")
    assert "[1, -5] 3 resize" in said, said

    run_second_cell(page, "w.input, w.second = [[1, 2], [3, 4]], 'transposed4'", "SET")
    expect(bench.locator(".cb-verdict")).to_contain_text("Equal at every pixel")
    values = bench.get_by_role("grid", name="Output, Nearest", exact=True).locator("[data-value]").evaluate_all(
        "cells => cells.map(c => +c.dataset.value)"
    )
    assert values == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]
