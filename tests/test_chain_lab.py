"""The decoder ruler in a real JupyterLab: arrow keys reach its rows, and its changes reach Python."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import put, run_first, run_second_cell


def test_arrow_keys_reach_the_rows_and_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    first = put(page, 0, 'from conv_lib.widgets import DecoderRuler\nw = DecoderRuler("autoencoder-24")\nw')
    chain = first.locator(".cb-chain")
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

    said = run_second_cell(page, 'print(w.height, w.layers[1]["padding"], w.output)\nw.layers = "pool.k2.s2"', "SET")
    assert "29 same (24, 24, 1)" in said, said
    expect(headline).to_contain_text("14 × 14 × 1")
