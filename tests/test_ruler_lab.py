"""The size ruler in a real JupyterLab: arrow keys reach its sliders and rows, and its changes reach Python."""

from __future__ import annotations

from playwright.sync_api import expect


def test_arrow_keys_reach_the_ruler_and_its_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.first.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('from conv_lib.widgets import SizeRuler\nw = SizeRuler("thirteen-valid")\nw')
    ruler = cells.first.locator(".cb-ruler")
    headline = ruler.locator(".cb-r-headline")
    # A cell that is run before its session is connected makes JupyterLab ask for the kernel, and is not run.
    for _ in range(6):
        page.keyboard.press("Control+Enter")
        ask = page.locator(".jp-Dialog button.jp-mod-accept")
        expect(ask.or_(headline)).to_be_visible(timeout=60_000)
        if headline.is_visible():
            break
        ask.click()
        page.wait_for_timeout(2000)
        cells.first.locator(".jp-InputArea-editor").click()
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

    second = cells.nth(1)
    second.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('print("STATE", w.stride, w.kernel, w.output)\nw.padding = "same"')
    page.keyboard.press("Control+Enter")
    expect(second.locator(".jp-OutputArea-output")).to_contain_text("STATE 3 5 3", timeout=60_000)
    expect(headline).to_contain_text("13 → 5")
