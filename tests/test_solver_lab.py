"""The size solver in a real JupyterLab: words reach it, and its answers reach Python and come from it."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import put, run_first, run_second_cell


def test_words_reach_the_solver_and_its_changes_reach_python(open_chapter):
    page = open_chapter("sizes.md")
    first = put(page, 0, 'from conv_lib.widgets import SizeSolver\nw = SizeSolver("seven-to-28")\nw')
    solver = first.locator(".cb-solver")
    headline = solver.locator(".cb-s-headline")
    run_first(page, headline)
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

    said = run_second_cell(page, "print(w.size, w.wanted, w.kernel, w.padding)\nw.wanted = (24, 24)", "SET")
    assert "[12, 12] [23, 23] 3 same" in said, said
    expect(headline).to_contain_text("12 × 12 → 24 × 24")
