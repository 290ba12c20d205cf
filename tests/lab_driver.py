"""Drives a chapter in JupyterLab as a reader does: runs cells, writes into them, reads what they print."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error, Page, expect


def cells(page: Page) -> Any:
    return page.locator(".jp-Notebook .jp-CodeCell")


def add_second(page: Page) -> None:
    """Adds a code cell to a chapter that has one."""
    expect(cells(page)).to_have_count(1)
    cells(page).first.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(cells(page)).to_have_count(2)


def put(page: Page, at: int, source: str) -> Any:
    """Writes `source` into code cell number `at` in place of what stood there."""
    cell = cells(page).nth(at)
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    return cell


def run_first(page: Page, shown: Any, cell: Any = None) -> None:
    """Run a cell of a chapter just opened in JupyterLab (the first one), until the locator `shown` is there.

    A cell that is run before its session is connected makes Lab ask for the kernel, and is not run: answer, ask again.
    """
    cell = cell or cells(page).first
    ask = page.locator(".jp-Dialog button.jp-mod-accept")
    for _ in range(5):
        cell.locator(".jp-InputPrompt").first.click()
        page.keyboard.press("Control+Enter")
        for _ in range(15):
            try:
                shown.first.or_(ask).first.wait_for(state="visible", timeout=2_000)
                break
            except Error:
                if "*" not in cell.locator(".jp-InputPrompt").first.inner_text():
                    break  # nothing runs: the request was lost on the way
        if shown.first.is_visible():
            break
        if ask.is_visible():
            ask.click()
            page.wait_for_timeout(2000)
    shown.first.wait_for(state="visible", timeout=60_000)


def run_second_cell(page: Page, source: str, marker: str) -> str:
    """Puts `source` into the chapter's second code cell, runs it, and returns what it printed."""
    cell = put(page, 1, f"{source}\nprint('{marker}')")
    page.keyboard.press("Control+Enter")
    out = cell.locator(".jp-OutputArea-output")
    expect(out).to_contain_text(marker, timeout=60_000)
    return out.inner_text()
