"""The decoder ruler in a real JupyterLab: arrow keys reach its rows, and its changes reach Python."""

from __future__ import annotations

from playwright.sync_api import expect

from conftest import run_first


def test_arrow_keys_reach_the_rows_and_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.first.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('from conv_lib.widgets import DecoderRuler\nw = DecoderRuler("autoencoder-24")\nw')
    chain = cells.first.locator(".cb-chain")
    headline = chain.locator(".cb-d-headline")
    run_first(page, headline)
    expect(headline).to_contain_text("24 × 24 × 1")
    active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    before = active.element_handle()
    chain.locator(".cb-d-row").nth(1).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    chain.get_by_role("combobox", name="Padding", exact=True).select_option("same")
    chain.get_by_role("spinbutton", name="Height", exact=True).focus()
    page.keyboard.press("ArrowUp")
    expect(headline).to_contain_text("29 × 28 × 1")
    assert page.evaluate("([a, b]) => a === b", [before, active.element_handle()])

    second = cells.nth(1)
    second.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('print("STATE", w.height, w.layers[1]["padding"], w.output)\nw.layers = "pool.k2.s2"')
    page.keyboard.press("Control+Enter")
    expect(second.locator(".jp-OutputArea-output")).to_contain_text("STATE 29 same (24, 24, 1)", timeout=60_000)
    expect(headline).to_contain_text("14 × 14 × 1")
