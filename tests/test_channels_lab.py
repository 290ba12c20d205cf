"""The channel view in JupyterLab: what a reader changes reaches Python, and what Python changes reaches the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell
from test_channels_page import READ


def test_reader_and_python_change_the_same_widget(open_chapter) -> None:
    page = open_chapter("convolution.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    root = page.locator(".jp-OutputArea-output .cb-channels").first
    run_first(page, root)
    expect(root).to_be_visible(timeout=60_000)

    root.locator(".cb-overview input:checked").focus()
    page.keyboard.press("ArrowRight")  # Lab must not take the key for itself
    expect(root.get_by_role("grid", name="Output channel 1")).to_be_visible()
    cell = root.get_by_role("grid", name="Bias of out 1").locator("[data-row='0']")
    cell.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    assert root.evaluate(READ)["grids"]["Bias of out 1"] == [[40]]

    said = run_second_cell(page, "w = _1\nprint(w.channel, w.bias)", "READ")
    assert "1 [1, 40]" in said, said
    run_second_cell(page, "w.channel = 0\nw.bias = [7, 8]", "SET")
    expect(root.get_by_role("grid", name="Output channel 0")).to_be_visible()
    assert root.evaluate(READ)["grids"]["Bias of out 0"] == [[7]]
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
