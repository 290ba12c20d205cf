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


def words(page) -> str:
    return " ".join(page.extract_text().split())


def test_the_book_prints(built_site, tmp_path):
    target = tmp_path / "book.pdf"
    result = subprocess.run([*PROGRAM, str(built_site), str(target)], capture_output=True, text=True, timeout=550)
    assert result.returncode == 0, result.stderr[-2000:]
    book = pypdf.PdfReader(target)
    assert len(book.pages) > 200
    assert book.metadata.title == "Convolution Both Ways" and book.metadata.author

    # bookmarks: the contents, then each chapter with its sections
    top = [mark for mark in book.outline if not isinstance(mark, list)]
    marks = [(" ".join(mark.title.split()), book.get_destination_page_number(mark)) for mark in top]
    assert [title for title, _ in marks] == ["Contents", *titles(built_site)]
    first = dict(marks)
    for title, page in marks:
        text = words(book.pages[page]).replace(" ", "")
        assert text.count(title.replace(" ", "")) >= (1 if title == "Contents" else 2), f"{title!r}, page {page + 1}"
    assert sum(isinstance(mark, list) for mark in book.outline) > 20, "bookmarks of sections"

    # pages are numbered through, under the title of their chapter
    numbers = range(first["Contents"], len(book.pages))
    for page in [*numbers[:: len(numbers) // 12], numbers[-1]]:
        text = words(book.pages[page])
        ends = f"{text[:80]} ... {text[-12:]}"
        assert re.search(rf"(?<!\d){page + 1}(?!\d)", ends), f"page {page + 1}: {ends}"
        running = [title for title, at in marks if at <= page][-1]
        if running != "Contents":
            assert running.replace(" ", "") in text.replace(" ", ""), f"page {page + 1}: no {running!r}"

    # the contents name the page of each chapter, and lead there
    contents = " ".join(words(book.pages[page]) for page in range(first["Contents"], marks[1][1]))
    for title, page in marks[1:]:
        assert f"{title} {page + 1}".replace(" ", "") in contents.replace(" ", ""), (title, page + 1)

    def leads(page: int) -> list[int]:
        found = []
        for note in book.pages[page].get("/Annots", None) or []:
            note = note.get_object()
            address = str(note.get("/A", {}).get("/URI", ""))
            assert not address.startswith("file:"), f"page {page + 1}: an address of this machine: {address}"
            place = note.get("/Dest") or note.get("/A", {}).get("/D")
            if place is not None:
                found.append(book.get_destination_page_number(book.named_destinations[str(place)]))
        return found

    every = [leads(page) for page in range(len(book.pages))]
    linked = sorted({to for page in range(first["Contents"], marks[1][1]) for to in every[page]})
    assert linked == sorted({page for _, page in marks[1:]})
    last = marks[-1][1]
    far = [to for page in range(marks[1][1], last) for to in every[page] if abs(to - page) > 40]
    assert len(far) > 50, "links between chapters lead to their page"


def test_what_is_missing_is_said(built_site, tmp_path):
    target = tmp_path / "book.pdf"
    env = {**os.environ, "CHROMIUM": str(tmp_path / "no-such-browser")}
    result = subprocess.run([*PROGRAM, str(built_site), str(target)], capture_output=True, text=True, env=env)
    assert result.returncode == 1 and "apt-get install chromium" in result.stderr and "Traceback" not in result.stderr
    result = subprocess.run([*PROGRAM, str(tmp_path / "none"), str(target)], capture_output=True, text=True)
    assert result.returncode == 1 and "make book" in result.stderr
    assert not target.exists()
