"""The channel view in JupyterLab: what a reader changes reaches Python, and what Python changes reaches the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from conftest import run_first
from test_channels_page import READ

FIND = (
    "import gc; from conv_lib.widgets import ChannelView; "
    "w = [o for o in gc.get_objects() if isinstance(o, ChannelView)][0]; "
)


def run_below(page, code: str, answer: str) -> None:
    """Run `code` in a new cell below the selected one, and wait for what it prints."""
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-OutputArea-output", has_text=answer).last).to_be_visible(timeout=60_000)


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

    page.locator(".jp-CodeCell .jp-InputArea-editor").first.click()
    run_below(page, FIND + "print('CH', w.channel, w.bias)", "CH 1 [1, 40]")
    run_below(page, FIND + "w.channel = 0; w.bias = [7, 8]; print('SET')", "SET")
    expect(root.get_by_role("grid", name="Output channel 0")).to_be_visible()
    assert root.evaluate(READ)["grids"]["Bias of out 0"] == [[7]]
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
