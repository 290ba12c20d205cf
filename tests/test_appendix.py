"""The appendices: one sheet of A4, a complete reference, a bibliography without gaps, paper that is always light."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re

import pytest
from bs4 import BeautifulSoup

from conv_lib.compare.traps import LONGEST, _outcome, run_calls
from tools import ROOT

PACKAGES = ["conv_lib", "conv_lib.shapes", "conv_lib.compare", "conv_lib.frameworks"]
APPENDIX = "book/appendix"


def soup(built_site, name):
    return BeautifulSoup((built_site / APPENDIX / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# ---------------------------------------------------------------- paper


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("options", [{"format": "A4"}, {"prefer_css_page_size": True}], ids=["A4", "as styled"])
def test_the_formula_sheet_is_one_page_of_a4(open_page, options, dark):
    page = open_page(f"{APPENDIX}/formulas.html", dark=dark)
    assert pages_of(page.pdf(**options)) == 1


def test_the_formula_sheet_uses_the_role_colours_and_cuts_nothing(open_page):
    page = open_page(f"{APPENDIX}/formulas.html", width=710)  # A4 within its margins
    page.emulate_media(media="print")
    coloured = "[...document.querySelectorAll('.cb-formula-sheet math [class^=cb-]')].map(e => e.classList[0])"
    roles = page.evaluate(coloured)
    assert set(roles) == {"cb-input", "cb-kernel", "cb-output", "cb-padding", "cb-zero"}
    ends = "[...document.querySelectorAll('.cb-formula-sheet *')].map(e => e.getBoundingClientRect().right)"
    assert max(page.evaluate(ends)) <= 711


@pytest.mark.parametrize("address", ["book/two-layers.html", f"{APPENDIX}/reference.html", f"{APPENDIX}/layouts.html"])
def test_a_printed_page_is_light_and_nothing_is_cut(open_page, address):
    page = open_page(address, width=680, dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 200
    cut = page.evaluate(
        """[...document.querySelectorAll("article :is(table, pre, math, .cb-widget)")].filter(e =>
             e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML)"""
    )
    assert cut == []
    shown = page.evaluate("[...document.querySelectorAll('.bd-sidebar-primary, .bd-header-article, .prev-next-footer')]"
                          ".filter(e => e.getClientRects().length).length")
    assert shown == 0
    line = page.evaluate("getComputedStyle(document.querySelector('article a')).textDecorationLine")
    assert line == "none"


def test_what_is_folded_is_printed(open_page):
    page = open_page("book/two-layers.html", width=680)
    page.emulate_media(media="print")
    folded = page.locator("details.admonition:not([open]) pre").first
    assert folded.evaluate("e => e.getBoundingClientRect().height") > 10


# ---------------------------------------------------------------- reference


def public(package):
    module = importlib.import_module(package)
    return {name: getattr(module, name) for name in module.__all__ if not inspect.ismodule(getattr(module, name))}


def test_the_reference_has_every_public_name(built_site):
    ids = {tag["id"] for tag in soup(built_site, "reference").select("dt.sig[id]")}
    shown = {id(getattr(importlib.import_module(i.rpartition(".")[0]), i.rpartition(".")[2], None))
             for i in ids if i.rpartition(".")[0] in PACKAGES}
    for package in PACKAGES:
        missing = [name for name, value in public(package).items() if id(value) not in shown]
        assert missing == [], package
    assert {"conv_lib.conv2d", "conv_lib.conv2d_transpose", "conv_lib.shapes.conv_size", "conv_lib.compare.agreement",
            "conv_lib.frameworks.FRAMEWORKS"} <= ids


def test_the_reference_is_readable(built_site):
    page = soup(built_site, "reference")
    text = " ".join(box.get_text() for box in page.select(".cb-reference"))
    assert "system-message" not in page.get_text() and "-----" not in text and "_SupportsArray" not in text
    entry = page.find(id="conv_lib.conv2d_transpose").find_parent("dl")
    assert {"Parameters", "Raises"} <= {dt.get_text().strip(": \n") for dt in entry.select("dl.field-list > dt")}
    assert entry.select(".doctest")


def test_examples_of_public_names_are_in_modules_whose_examples_run():
    from test_ops import MODULES

    for package in PACKAGES:
        for name, value in public(package).items():
            if callable(value) and ">>>" in (inspect.getdoc(value) or ""):
                home = value.__module__
                if home not in MODULES:
                    assert doctest.testmod(importlib.import_module(home)).failed == 0, (name, home)


def test_the_directive_itself():
    from convbook import reference

    assert doctest.testmod(reference).failed == 0
    lines = reference.sources_first(["Sum.", "", "Raises", "------", "ValueError", "    never", "", "Source: there"])
    assert lines.index("Source: there") < lines.index("Raises")
    assert reference.without_emphasis("(batch, *spatial)") == r"(batch, \*spatial)"
    assert reference.without_emphasis(">>> f(*a)") == ">>> f(*a)"
    with pytest.raises(TypeError, match="neither a function"):
        reference.entry("conv_lib", "three", 3)


# ---------------------------------------------------------------- bugs


def test_calls_that_answer_raise_and_kill_are_told_apart():
    found = run_calls({
        "sum": "tf.reduce_sum(row(1, 2, 4))",
        "killed": "os.kill(os.getpid(), 9)",
        "raised": "ones(2)[5]",
        "many": "ones(4, 5)",
    })
    assert list(found) == ["sum", "killed", "raised", "many"]
    assert found["sum"] == ("answers", (), "[7.0]")
    assert found["killed"].kind == "kills the process"
    assert found["raised"].kind == "raises" and found["raised"].text.startswith("IndexError")
    assert found["many"] == ("answers", (4, 5), "")
    assert str(found["many"]) == "answers shape (4, 5)"


def test_a_long_error_is_shortened_and_a_process_that_exits_is_no_crash():
    text = _outcome(["raises", "ValueError", "\x1b[1m{{function_node x}} word " * 100]).text
    assert len(text) < LONGEST + 20 and text.endswith("…") and "function_node" not in text
    with pytest.raises(RuntimeError, match="ended with 3"):
        run_calls({"exit": "os._exit(3)"})


def test_the_bugs_page_shows_what_was_run(built_site):
    text = soup(built_site, "bugs").select_one("article").get_text()
    assert "kills the process" in text and "raises: ValueError" in text and "function_node" not in text
    import tensorflow as tf

    assert f"TensorFlow {tf.__version__}" in text


# ---------------------------------------------------------------- the others


def test_the_bibliography_has_every_entry(built_site):
    entries = re.findall(r"@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"))
    assert len(entries) == len(set(entries)) >= 20
    assert len(soup(built_site, "bibliography").select("div.citation[id], dt[id]")) >= len(entries)


def test_the_glossary_has_the_words_that_people_use(built_site):
    page = soup(built_site, "glossary")
    ids = {dt["id"].removeprefix("term-") for dt in page.select("dl.glossary dt[id]")}
    assert {"Deconvolution", "Fractionally-strided-convolution", "Atrous-convolution", "SAME"} <= ids
    assert len(ids) >= 45
    for definition in page.select("dl.glossary > dd"):
        assert definition.find("a", href=True), definition.get_text()


def test_the_change_log_names_the_version(built_site):
    import conv_lib

    assert f"## {conv_lib.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert conv_lib.__version__ in soup(built_site, "changes").select_one("article").get_text()


def test_layouts_hold_what_the_frameworks_say(built_site):
    from conv_lib.frameworks import FRAMEWORKS

    text = soup(built_site, "layouts").select_one("article").get_text()
    for row in FRAMEWORKS.values():
        for letters in (row.data, *row.kernels.values()):
            assert letters.replace("S", "HW") in text
