"""The index of questions in JupyterLab: what a reader types reaches Python, and what Python asks reaches the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from conv_lib.answers import ENTRIES, entry
from lab_driver import add_second, cells, run_first, run_second_cell


def test_question_index_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("questions.md")
    view = page.locator(".cb-index")
    run_first(page, view)
    field, found = view.get_by_role("searchbox"), view.locator("ol li")
    expect(view.get_by_role("status")).to_contain_text(str(len(ENTRIES)))
    add_second(page)

    field.focus()
    page.keyboard.type("one pixel short, added")  # "dd" deletes a cell where Lab takes the keys for itself
    expect(field).to_have_value("one pixel short, added")
    expect(cells(page)).to_have_count(2)
    for _ in ", added":
        page.keyboard.press("Backspace")
    first = entry("thirty-one-not-thirty-two")
    expect(found.first).to_contain_text(first.question.replace("`", ""))
    expect(found.first).to_contain_text(first.answer.replace("`", ""))
    said = run_second_cell(page, "w = _1\nprint(w.query)", "READ")
    assert "one pixel short" in said and "added" not in said, said

    run_second_cell(page, 'w.query = "5 or 6"', "SET")
    expect(field).to_have_value("5 or 6")
    expect(found.first).to_contain_text(entry("five-or-six").question.replace("`", ""))
    assert view.locator("a").count() == 0  # there is no book around it to link to
    run_second_cell(page, 'w.query = ""', "EMPTY")
    expect(found).to_have_count(0)
    expect(view.locator("details")).not_to_have_count(0)
