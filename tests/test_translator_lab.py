"""The translator in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_translator_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("frameworks.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    view = page.locator(".cb-translator").first
    run_first(page, view)
    expect(view).to_be_visible(timeout=60_000)

    stride = view.get_by_role("spinbutton", name="strides")
    stride.focus()
    page.keyboard.press("ArrowUp")
    expect(stride).to_have_value("3")
    view.get_by_role("radio", name="ONNX:").check(force=True)
    said = run_second_cell(page, "w = _1\nprint(w.stride, w.target, w.typed.arguments['auto_pad'])", "READ")
    assert re.search(r"3 onnx SAME_UPPER", said), said

    run_second_cell(page, "w.stride, w.target = 2, 'torch'\nw.size = (2, 3)", "SET")
    grid = view.get_by_role("grid", name="Output of Keras and PyTorch")
    expect(grid).to_have_attribute("aria-colcount", "6")
    expect(view.locator(".cb-verdict")).to_contain_text("Only the shape matches")
