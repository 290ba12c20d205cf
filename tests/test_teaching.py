"""Teachers' page and worksheets: links open what they promise, numbers are right, sheets fit their pages."""

from __future__ import annotations

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from conv_lib import conv2d, conv2d_transpose
from conv_lib.exercises import worksheets
from convbook import hosting
from tools import ROOT


@pytest.fixture
def teaching(built_site):
    return BeautifulSoup((built_site / "book" / "teaching.html").read_text("utf-8"), "html.parser")


def test_each_misconception_opens_a_tool_on_its_numbers(open_page, teaching):
    links = [a["href"] for a in teaching.select(".cb-see a")]
    assert len(links) >= 12 and len(set(links)) == len(links)
    for href in links:
        address, query = href.removeprefix("../").split("#")
        assert re.fullmatch(r"embed/\w+\.html", address) and query.startswith("tool?")
        page = open_page(f"{address}#{query}")
        page.wait_for_selector(".cb-widget[data-alive]")
        assert page.locator("[role=alert]:visible, .cb-message-problem:visible").count() == 0, href
        for context in open_page.contexts:
            context.close()
        open_page.contexts.clear()


def test_weights_are_filled_in(teaching, built_site):
    spans = teaching.select("span[data-visit]")
    assert len(spans) == 9
    shown = {span["data-visit"]: span.get_text() for span in spans}
    counted = hosting.visits(built_site)
    for name, text in shown.items():
        number, unit = text.split()
        size = counted[name.removesuffix("-million")] * (1e6 if name.endswith("-million") else 1)
        step = {"kB": 1e3, "GB": 1e9, "MB": 1e5}[unit]
        told = float(number) * (1e6 if unit == "MB" else step)
        assert told == pytest.approx(size, rel=0.01, abs=step)  # this page itself grew by the numbers
    assert 20e3 < counted["lightest"] <= counted["median"] <= counted["heaviest"] < counted["site"]


def test_the_shown_server_configuration_is_the_tested_one():
    assert (ROOT / "book" / "_hosting" / "nginx.conf").read_text("utf-8") == hosting.nginx()


def test_addresses_stand_in_only_where_they_are_known(monkeypatch):
    context = {"body": "https://YOUR-SITE/embed github.com%2FOWNER/REPOSITORY tree%2FFOLDER%2Fsizes.ipynb"}
    monkeypatch.delenv("CB_SITE_URL", raising=False)
    monkeypatch.delenv("CB_REPOSITORY", raising=False)
    hosting.fill_addresses(None, "x", "", context, None)
    assert "YOUR-SITE" in context["body"] and "OWNER/REPOSITORY" in context["body"]
    monkeypatch.setenv("CB_SITE_URL", "https://example.org/b")
    monkeypatch.setenv("CB_REPOSITORY", "ada/both-ways")
    hosting.fill_addresses(None, "x", "", context, None)
    assert context["body"] == "https://example.org/b/embed github.com%2Fada/both-ways tree%2Fboth-ways%2Fsizes.ipynb"


def test_every_chapter_of_the_goals_is_in_the_book():
    text = (ROOT / "book" / "teaching.md").read_text("utf-8").split("## Course plans")[0]
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    rows = re.findall(r"^\| \[[^\]]+\]\(([\w-]+)\.md\)", text, re.M)
    assert len(rows) >= 12
    for name in rows:
        assert f"file: book/{name}\n" in toc, name


# ---------------------------------------------------------------- worksheets


def grids(sheet):
    return [(g.label, g) for task in sheet.tasks for g in task.grids]


def by_loops(x, w):
    h, v = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    y = np.zeros((h, v))
    for r, c in np.ndindex(h, v):
        y[r, c] = sum(w[a, b] * x[r + a, c + b] for a, b in np.ndindex(*w.shape))
    return y


def test_the_grids_hold_what_loops_give():
    named = dict(grids(worksheets.convolve()))
    x, w, y = (named[name].values for name in ("input", "kernel", "output"))
    assert np.array_equal(by_loops(x, w), y)
    assert np.array_equal(y[::2, ::2], named["output, stride 2"].values)
    assert len({*x.shape, *w.shape}) >= 3  # unequal sizes
    named = dict(grids(worksheets.transpose()))
    x, w, y = (named[name].values for name in ("input", "kernel", "output"))
    stamped = np.zeros_like(y)
    for r, c in np.ndindex(*x.shape):
        stamped[2 * r : 2 * r + 3, 2 * c : 2 * c + 3] += x[r, c] * w
    assert np.array_equal(stamped, y)
    assert np.array_equal(y[1:-1, 1:-1], named["output, padding 1"].values)


def test_the_sums_in_the_answers_are_right():
    for sheet in worksheets.all_sheets():
        for task in sheet.tasks:
            answer = task.answer.replace("\N{MINUS SIGN}", "-").replace("·", "*")
            sums = re.search(r"([\d(][\d()*+\-/ ]*[\d)]) = ([\d\-][\d()*+\-/ ]*)", answer)
            if sums and "rounded" not in answer:
                assert eval(sums[1]) == eval(sums[2]), answer
            rounded = re.search(r"(\d+) = (\d+) / (\d+), rounded up", answer)
            if rounded:
                assert int(rounded[1]) == -(-int(rounded[2]) // int(rounded[3]))


def test_sizes_are_those_of_the_layers():
    for layer, size, kernel, stride, padding in worksheets.SIZES:
        x, w = np.ones((1, size, 1, 1)), np.ones((kernel, 1, 1, 1))
        operation = conv2d if layer == "Conv2D" else conv2d_transpose
        out = operation(x, w, stride=(stride, 1), padding=padding).shape[1]
        begins = f"{layer}: input {size}, kernel {kernel}, stride {stride}, {padding}"
        text = next(task for task in worksheets.sizes().tasks if task.text.startswith(begins))
        assert text.answer.startswith(f"{out} = ")


def test_answers_are_shown_on_the_answer_sheet_only():
    sheet = worksheets.transpose()
    empty, full = sheet._repr_html_(), sheet.answers()._repr_html_()
    assert "= 90" not in empty and "= 90" in full and "Name:" in empty and "Name:" not in full
    assert empty.count("&nbsp;</td>") == 5 * 7 + 3 * 5 and "&nbsp;</td>" not in full


def pdf_pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))


def test_each_sheet_prints_on_one_page_of_a4(open_page):
    page = open_page("book/worksheets.html")
    count = page.locator(".cb-worksheet").count()
    assert count == 6
    page.emulate_media(media="print")
    data = page.pdf(format="A4", margin={side: "15mm" for side in ("top", "right", "bottom", "left")})
    assert pdf_pages(data) == count
    assert page.locator("article h1:visible").count() == 0
    # 180 mm of text are 680 CSS pixels: nothing is wider
    page.set_viewport_size({"width": 680, "height": 1000})
    right = "e => e.getBoundingClientRect().right"
    wide = page.evaluate(f"Math.max(...[...document.querySelectorAll('.cb-worksheet *')].map({right}))")
    assert wide <= 681


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", ["teaching", "worksheets"])
def test_nothing_overflows(open_page, name, width):
    page = open_page(f"book/{name}.html", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
