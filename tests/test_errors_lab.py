"""The error reader in JupyterLab: a pasted message reaches Python, and Python's message reaches the reader."""

from __future__ import annotations

from playwright.sync_api import expect

from lab_driver import run_first, run_second_cell


def test_error_reader_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("errors.md")
    page.wait_for_selector(".jp-NotebookPanel .jp-MarkdownCell h1")
    view = page.locator(".cb-root")
    run_first(page, view)
    expect(view).to_be_visible(timeout=60_000)
    view.get_by_label("Example message").select_option("torch-cat")
    said = run_second_cell(page, "w = _1\nprint(w.reading.form.id)", "READ")
    assert "torch-cat" in said
    run_second_cell(page, 'w.message = "running_mean should contain 32 elements not 64"', "SET")
    expect(view.get_by_role("region", name="The cause")).to_contain_text("was made for 64 channels")
