"""Rounding or bug? in JupyterLab: a reader's numbers reach Python, and Python's numbers reach the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from conv_lib.widgets import RoundingCheck
from lab_driver import run_first, run_second_cell


def test_rounding_check_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("rounding.md")
    view = page.locator(".cb-rounding")
    run_first(page, view)
    says = view.locator(".cb-rd-says")
    expect(says).to_have_text(RoundingCheck("tf32-3090").verdict)

    view.get_by_label("Largest difference").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2^-16")
    page.keyboard.press("Enter")  # Lab must not take the key for itself
    view.get_by_label("Terms in a sum").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("5x5x64")
    page.keyboard.press("Tab")
    view.get_by_label("Calculated in").select_option("float64")
    changed = RoundingCheck("tf32-3090", difference=2**-16, terms=1600, dtype="float64")
    expect(says).to_have_text(changed.verdict)
    said = run_second_cell(page, "w = _1\nprint(w.difference, w.terms, w.dtype, w.answer.kind)", "READ")
    assert f"{2**-16} 1600 float64 {changed.answer.kind}" in said, said

    run_second_cell(page, "w.dtype, w.device = 'float16', 'CPU'\nw.difference = 0.002", "SET")
    expect(view.get_by_label("Largest difference")).to_have_value("0.002")
    again = RoundingCheck(difference=0.002, terms=1600, dtype="float16", device="CPU")
    assert again.verdict != changed.verdict
    expect(says).to_have_text(again.verdict)
