"""The site as one zip: unpacked into a folder, opened over file://, with the network refused."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile

import pytest

from tools import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from make_zip import make_zip  # noqa: E402


@pytest.fixture(scope="module")
def archive(built_site, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "book.zip"
    make_zip(built_site, path)
    return path


@pytest.fixture(scope="module")
def folder(archive, tmp_path_factory):
    place = tmp_path_factory.mktemp("a folder, with ümlauts # and spaces")
    zipfile.ZipFile(archive).extractall(place)
    return place


@pytest.fixture
def open_file(browser, folder):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.set_default_timeout(30_000)
    wrong = []
    context.route(re.compile(r"^https?:|^wss?:"), lambda route: (wrong.append(route.request.url), route.abort()))
    page = context.new_page()
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning", "assert") else None)
    page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda r: wrong.append(f"failed: {r.url}"))

    def go(name, query=""):
        page.goto((folder / name).as_uri() + query)
        page.wait_for_load_state("networkidle")
        return page

    yield go
    context.close()
    assert wrong == []


def test_same_site_same_bytes(built_site, archive, tmp_path):
    again = tmp_path / "again.zip"
    make_zip(built_site, again)
    assert again.read_bytes() == archive.read_bytes()
    names = zipfile.ZipFile(archive).namelist()
    assert "index.html" in names and names == sorted(names)
    assert not any(name.startswith("/") or ".." in name for name in names)
    assert "404.html" not in names


def test_first_page_and_links(open_file):
    page = open_file("index.html")
    page.wait_for_url("**/book/index.html")
    page.wait_for_load_state("networkidle")
    page.locator("nav.bd-links a", has_text="Sizes").click()
    page.wait_for_url("**/book/sizes.html")
    page.locator(".prev-next-area a.right-next").click()
    page.wait_for_url("**/book/matrix.html")


def test_every_page_is_alive(open_file, folder):
    for path in sorted((folder / "book").glob("*.html")):
        page = open_file(f"book/{path.name}")
        places = page.locator(".cb-widget[data-state]")
        assert places.count() == page.locator(".cb-widget[data-alive]").count(), path.name


def test_widget_answers_and_remembers(open_file):
    page = open_file("book/two-layers.html")
    widget = page.locator("#two-layers")
    before = widget.inner_text()
    widget.get_by_text("Transposed", exact=True).first.click()
    page.wait_for_function("before => document.querySelector('#two-layers').innerText !== before", arg=before)
    assert "#two-layers?" in page.url
    page.go_back()
    page.wait_for_function("before => document.querySelector('#two-layers').innerText === before", arg=before)


def test_search_finds(open_file):
    page = open_file("search.html", "?q=checkerboard")
    first = page.locator("#search-results li a").first
    first.wait_for()
    page.wait_for_function("document.querySelector('#search-results').innerText.includes('finished')")
    assert "Checkerboards" in page.locator("#search-results").inner_text()
    first.click()
    page.wait_for_url(re.compile(r"/book/[\w/-]+\.html"))


def test_nothing_built_is_said(tmp_path):
    target = tmp_path / "book.zip"
    target.write_bytes(b"the old one")
    program = [sys.executable, str(ROOT / "book" / "_ext" / "make_zip.py"), str(tmp_path / "none"), str(target)]
    result = subprocess.run(program, capture_output=True, text=True)
    assert result.returncode == 1 and "make book" in result.stderr and "Traceback" not in result.stderr
    assert target.read_bytes() == b"the old one"
