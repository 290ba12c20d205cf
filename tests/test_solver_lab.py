"""The size solver in a real JupyterLab: words reach it, and its answers reach Python and come from it."""

from __future__ import annotations

import contextlib

from playwright.sync_api import expect


def test_words_reach_the_solver_and_its_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.first.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('from conv_lib.widgets import SizeSolver\nw = SizeSolver("seven-to-28")\nw')
    solver = cells.first.locator(".cb-solver")
    headline = solver.locator(".cb-s-headline")
    # A cell that is run before its session is connected makes JupyterLab ask for the kernel, or is not run at all.
    ask = page.locator(".jp-Dialog button.jp-mod-accept")
    for _ in range(12):
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(ask.or_(headline)).to_be_visible(timeout=15_000)
        if headline.is_visible():
            break
        if ask.is_visible():
            ask.click()
            page.wait_for_timeout(2000)
        cells.first.locator(".jp-InputArea-editor").click()
    expect(headline).to_contain_text("7 × 7 → 28 × 28", timeout=60_000)
    active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    before = active.element_handle()

    field = solver.get_by_role("textbox")
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("12 to 23 k3 s2 same")  # letters that JupyterLab would take for itself
    page.keyboard.press("Enter")
    expect(headline).to_contain_text("12 × 12 → 23 × 23")
    assert page.evaluate("([a, b]) => a === b", [before, active.element_handle()])

    second = cells.nth(1)
    second.locator(".jp-InputArea-editor").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('print("STATE", w.size, w.wanted, w.kernel, w.padding)\nw.wanted = (24, 24)')
    page.keyboard.press("Control+Enter")
    expect(second.locator(".jp-OutputArea-output")).to_contain_text("STATE [12, 12] [23, 23] 3 same", timeout=60_000)
    expect(headline).to_contain_text("12 × 12 → 24 × 24")
