"""The book as one PDF."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys

import pytest

from tools import ROOT

pypdf = pytest.importorskip("pypdf")
PROGRAM = [sys.executable, str(ROOT / "book" / "_ext" / "make_pdf.py")]


def titles(site) -> list[str]:
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from make_pdf import chapters

    pages = ((site / f"{name}.html").read_text(encoding="utf-8") for name in chapters(ROOT / "_toc.yml"))
    heads = (re.search(r"<h1>(.*?)(?:<a class=\"headerlink\".*?)?</h1>", page, re.S)[1] for page in pages)
    return [html.unescape(re.sub(r"<[^>]+>", "", head)).strip() for head in heads]


def test_the_book_prints(built_site, tmp_path):
    target = tmp_path / "book.pdf"
    result = subprocess.run([*PROGRAM, str(built_site), str(target)], capture_output=True, text=True, timeout=550)
    assert result.returncode == 0, result.stderr[-2000:]
    book = pypdf.PdfReader(target)
    assert len(book.pages) > 50
    top = [mark for mark in book.outline if not isinstance(mark, list)]
    marks = [(mark.title, book.get_destination_page_number(mark)) for mark in top]
    assert [title for title, _ in marks] == titles(built_site)
    for title, page in marks:
        text = " ".join(book.pages[page].extract_text().split())
        assert title.replace(" ", "") in text.replace(" ", ""), f"{title!r} is not on page {page + 1}"
    links = [
        str(note.get_object().get("/A", {}).get("/URI", ""))
        for page in book.pages
        for note in page.get("/Annots", None) or []
    ]
    assert not [link for link in links if link.startswith("file:")], "an address of this machine stands in the book"


def test_what_is_missing_is_said(built_site, tmp_path):
    target = tmp_path / "book.pdf"
    env = {**os.environ, "CHROMIUM": str(tmp_path / "no-such-browser")}
    result = subprocess.run([*PROGRAM, str(built_site), str(target)], capture_output=True, text=True, env=env)
    assert result.returncode == 1 and "apt-get install chromium" in result.stderr and "Traceback" not in result.stderr
    result = subprocess.run([*PROGRAM, str(tmp_path / "none"), str(target)], capture_output=True, text=True)
    assert result.returncode == 1 and "make book" in result.stderr
    assert not target.exists()
