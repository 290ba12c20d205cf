"""The size ruler in a real JupyterLab: arrow keys reach its sliders and rows, and its changes reach Python."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import put, run_first, run_second_cell


def test_arrow_keys_reach_the_ruler_and_its_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    first = put(page, 0, 'from conv_lib.widgets import SizeRuler\nw = SizeRuler("thirteen-valid")\nw')
    ruler = first.locator(".cb-ruler")
    headline = ruler.locator(".cb-r-headline")
    run_first(page, headline)
    expect(headline).to_contain_text("13 → 2", timeout=60_000)
    active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    before = active.element_handle()

    slider = ruler.get_by_role("slider", name="Stride, slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(headline).to_contain_text("13 → 3")
    ruler.get_by_role("spinbutton", name="Kernel").focus()
    page.keyboard.press("ArrowDown")
    row = ruler.get_by_role("slider", name="Output pixel")
    row.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(ruler.locator(".cb-r-trace")).to_contain_text("Output pixel 1 sees 5 input pixels: 3 to 7.")
    assert page.evaluate("([a, b]) => a === b", [before, active.element_handle()])

    said = run_second_cell(page, 'print(w.stride, w.kernel, w.output)\nw.padding = "same"', "SET")
    assert "3 5 3" in said, said
    expect(headline).to_contain_text("13 → 5")
