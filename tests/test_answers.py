"""The index of questions: its numbers, its links, what people type, and its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from docutils.nodes import make_id
from playwright.sync_api import expect
from traitlets import TraitError

from answers_cases import CASES, UNASKED
from answers_queries import QUERIES
from conv_lib.answers import ENTRIES, TOPICS, entry
from conv_lib.widgets import QuestionIndex
from conv_lib.widgets.index import rows
from test_pages import AXE
from test_widget_js import run  # noqa: F401  (a fixture)
from tools import ROOT

BY_ID = {one: e for e in ENTRIES for one in e.asked}
PAGE = "book/questions.html"
PLAIN_QUOTES = str.maketrans("‘’“”", "''\"\"", "")


def said(text: str) -> set[str]:
    """The numbers in a text: thousands together, minus signs plain."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text).replace("−", "-")
    return set(re.findall(r"w\d\d|-?\d+(?:\.\d+)?(?:e-?\d+)?", text)) | set(re.findall(r"\d+(?:\.\d+)?", text))


# ---------------------------------------------------------------- numbers


def test_every_question_that_was_asked_is_answered_once() -> None:
    asked = [one for e in ENTRIES for one in e.asked]
    assert sorted(asked) == sorted(CASES) and len(asked) == 70
    assert len({e.name for e in ENTRIES}) == len(ENTRIES) >= 150


def test_every_other_entry_is_held_as_well() -> None:
    assert sorted(UNASKED) == sorted(e.name for e in ENTRIES if not e.asked)


@pytest.mark.parametrize("name", [*CASES, *UNASKED])
def test_numbers_are_those_of_the_worked_answer_and_of_another_computation(name: str) -> None:
    expected, computed = CASES[name] if name in CASES else UNASKED[name]
    found = list(computed())
    assert len(found) == len(expected), found
    for one, other in zip(expected, found, strict=True):
        assert one == other if isinstance(one, str) else np.isclose(float(one), float(other), rtol=1e-12), found
    answer = (BY_ID[name] if name in CASES else entry(name)).answer
    numbers = said(answer)
    for one in expected:
        assert (one if isinstance(one, str) else f"{one:.12g}") in numbers, (one, answer)


def test_answers_are_short_and_tell_no_mistake() -> None:
    for e in ENTRIES:
        sentences = [s for s in re.split(r"(?<=[.?!:;])\s+(?=[A-Z0-9`Σ\[])", e.answer) if s]
        assert 1 <= len(sentences) <= 9 and len(e.answer) <= 640, (e.name, len(e.answer))
        assert e.answer.count("`") % 2 == 0 and e.question.count("`") % 2 == 0
        # what an answer says when its own check fails
        for wrong in ("not equal", "they do not)", "values agree", "takes it;"):
            assert wrong not in e.answer, e.name
        assert e.links and len(e.words) > 20
        assert re.fullmatch(r"[a-z0-9-]+", e.name)
    assert {e.topic for e in ENTRIES} == {t.key for t in TOPICS}


def test_depthwise_fused_and_tied_are_equal_in_value() -> None:
    """What three answers say about values, on random arrays."""
    from conv_lib.ops import conv2d, conv2d_transpose, resize_conv_kernel, upsample_nearest

    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(1, 5, 6, 2)), rng.normal(size=(3, 3, 2, 4))
    new, crop = resize_conv_kernel(w, 2)
    assert new.shape[:2] == (4, 4)
    np.testing.assert_allclose(
        conv2d_transpose(x, new, stride=2, padding=crop), conv2d(upsample_nearest(x, 2), w, padding="same"), atol=1e-12
    )


# ---------------------------------------------------------------- links


def test_links_are_read_by_the_widgets_as_they_were_written(run, tmp_path: Path) -> None:  # noqa: F811
    links = [{"widget": t.widget, "preset": None, "query": t.query} for e in ENTRIES for t in e.links if t.widget]
    assert len(links) > 60
    vectors = tmp_path / "links.json"
    vectors.write_text(json.dumps(links), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    report = run("--test", "--test-reporter=tap", str(tmp_path / "js" / "links.test.mjs"), LINKS=str(vectors))
    assert re.search(r"^# fail 0$", report, re.M) and re.search(r"^# pass [1-9]", report, re.M)


def test_ranking(run, tmp_path: Path) -> None:  # noqa: F811
    assert len(QUERIES) >= 140 and set(QUERIES.values()) <= {e.name for e in ENTRIES}
    data = tmp_path / "answers.json"
    topics = {t.key: t.title for t in TOPICS}
    data.write_text(json.dumps({"entries": rows(), "topics": topics, "queries": QUERIES}), "utf-8")
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    report = run("--test", "--test-reporter=tap", str(tmp_path / "js" / "index.test.mjs"), ANSWERS=str(data))
    assert re.search(r"^# pass 6$", report, re.M) and re.search(r"^# fail 0$", report, re.M)


def test_widget_in_python() -> None:
    w = QuestionIndex(query="5 or 6")
    assert w.describe().startswith(f"{len(ENTRIES)} questions")
    assert 'data-widget="QuestionIndex"' in w.to_html()
    with pytest.raises(TraitError, match="at most 2000"):
        w.query = "x" * 10_000
    assert w.query == "5 or 6"
    with pytest.raises(TypeError, match="sugestion"):
        QuestionIndex(sugestion=1)


# ---------------------------------------------------------------- pages


def test_links_lead_to_what_is_there(built_site: Path) -> None:
    """Each widget and each section exists; pages that a small build leaves out are skipped."""
    seen = {}
    for e in ENTRIES:
        for t in e.links:
            page, _, rest = t.address.partition(".html")
            path = built_site / f"{page}.html"
            if not path.exists():
                continue
            if page not in seen:
                seen[page] = BeautifulSoup(path.read_text("utf-8"), "html.parser")
            soup = seen[page]
            place = rest.lstrip("#").split("?")[0]
            where = f'.cb-widget[data-widget="{t.widget}"][data-name="{place}"]' if t.widget else f'[id="{place}"]'
            assert soup.select(where), (e.name, t.address)


def test_sections_that_answers_lead_to_are_in_the_chapters() -> None:
    """Without a build: each heading is there, and its anchor is what Sphinx makes of it."""
    for e in ENTRIES:
        for t in e.links:
            if t.anchor:
                text = (ROOT / f"{t.page}.md").read_text("utf-8")
                anchors = {make_id(line.lstrip("# ").replace("`", "")) for line in re.findall(r"^##+ .*", text, re.M)}
                assert t.anchor in anchors, (e.name, t.address)


def test_entries_stand_in_the_page_and_in_the_search_index(built_site: Path) -> None:
    soup = BeautifulSoup((built_site / PAGE).read_text("utf-8"), "html.parser")
    index = (built_site / "searchindex.js").read_text("utf-8")
    for e in ENTRIES:
        place = soup.find(id=e.name)
        assert place.name == "section", e.name
        text = place.find_all("p")[0].text.translate(PLAIN_QUOTES)
        assert " ".join(text.split()) == " ".join(e.answer.replace("`", "").translate(PLAIN_QUOTES).split())
        assert f'"{e.name}"]' in index, e.name  # by its title


def test_topics_lead_to_their_answers(built_site: Path) -> None:
    """By hand it is one step to a topic, also where no contents stand beside the page."""
    soup = BeautifulSoup((built_site / PAGE).read_text("utf-8"), "html.parser")
    items = soup.select("section.cb-answers > ul.cb-topics > li")
    assert [(i.a["href"], i.a.text, int(i.select_one(".cb-count").text)) for i in items] == [
        (f"#topic-{t.key}", t.title, len(t.entries)) for t in TOPICS
    ]
    assert [len(soup.find(id=f"topic-{t.key}").select("section.cb-answer")) for t in TOPICS] == [
        len(t.entries) for t in TOPICS
    ]


def first(page) -> str:
    return page.locator(".cb-index li .cb-asked a").first.get_attribute("href").split("#")[1]


def test_the_page_and_the_site_search_find_the_obvious_answer(open_page) -> None:
    page = open_page(PAGE)
    field = page.get_by_role("searchbox")
    for query, name in QUERIES.items():
        field.fill(query)
        expect(page.get_by_role("status")).to_contain_text("likeliest first")
        assert first(page) == name, query
    # The same function ranks on both pages (`test_ranking` asks it everything): every third query is a page to load.
    search = open_page("search.html")
    for query, name in list(QUERIES.items())[::3]:
        search.goto(re.sub(r"\?.*", "", search.url) + "?q=" + re.sub(r"[^\w.-]", "+", query))
        expect(search.locator(".cb-index li").first).to_be_visible()
        results = search.locator("main a[href*='questions.html'], main a[href*='.html']")
        assert results.first.get_attribute("href").endswith(f"questions.html#{name}"), query
        assert search.locator("#answers").bounding_box()["y"] < search.locator("#search-results").bounding_box()["y"]


def test_keyboard_links_and_history(open_page) -> None:
    page = open_page(f"{PAGE}#ask?q=5 or 6")
    field = page.get_by_role("searchbox")
    expect(field).to_have_value("5 or 6")
    assert first(page) == "five-or-six"
    expect(page.locator("section.cb-answers")).to_be_hidden()
    field.fill("one pixel short")
    field.press("Enter")
    assert "q=one%20pixel%20short" in page.url
    field.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#thirty-one-not-thirty-two"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.type") == "search"
    page.go_back()
    expect(field).to_have_value("5 or 6")
    field.press("Escape")
    expect(page.locator("section.cb-answers")).to_be_visible()
    field.fill("5 or 6")
    page.locator(".cb-index li .cb-asked a").first.click()
    expect(page.locator("#five-or-six")).to_be_in_viewport()
    expect(field).to_have_value("")


BAD = ["zzzzqqq wwwwxx", "<script>alert(1)</script>", "🦆🦆🦆", "-5", "9" * 10_000, "%&#=+ 100%", "1.5e308"]


@pytest.mark.parametrize("text", BAD)
def test_bad_input_is_answered_in_words(open_page, text: str) -> None:
    page = open_page(PAGE)
    field = page.get_by_role("searchbox")
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(re.compile("No answer fits|likeliest first|by topic"))
    assert len(field.input_value()) <= 2000
    if "zzzz" in text:
        expect(page.get_by_role("status")).to_contain_text("Fewer words find more")
        page.get_by_role("button", name="see all questions").click()
        expect(page.locator("section.cb-answers")).to_be_visible()


@pytest.mark.parametrize(
    "typed, page_of, shown",
    [
        (
            "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
            "Received: input_shape=[(None, 86, 86, 64), (None, 87, 87, 64)]",
            "tools/errors.html",
            ["86", "87"],
        ),
        ("from 46x62 to 368x489 with kernel 16 and stride 8", "tools/solver.html", ["46 \u00d7 62", "368 \u00d7 489"]),
        ("28 -> 7", "tools/solver.html", ["28 \u00d7 28", "7 \u00d7 7"]),
        ("7x7 to 28x28 with kernel 4 same", "tools/solver.html", ["28 \u00d7 28", "Kernel 4, stride 4"]),
    ],
)
def test_a_search_with_own_numbers_goes_on_to_the_tool(open_page, typed: str, page_of: str, shown: list[str]) -> None:
    page = open_page(PAGE)
    field = page.get_by_role("searchbox")
    field.fill(typed)
    field.press("ArrowDown")
    link = page.locator(".cb-own a")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{page_of}*")
    tool = page.locator(".cb-widget[data-alive]").first
    for words in shown:
        expect(tool).to_contain_text(words)


def test_a_search_in_words_stays_here(open_page) -> None:
    page = open_page(PAGE)
    for typed in ("one pixel short", "5 or 6", "how to convert keras weights", "output must be larger"):
        page.get_by_role("searchbox").fill(typed)
        expect(page.locator("li .cb-asked").first).to_be_visible()
        assert page.locator(".cb-own").count() == 0, typed


def test_home_page_leads_here(open_page) -> None:
    page = open_page("book/index.html")
    page.get_by_label("Stuck?").fill("checkerboard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions.html?q=checkerboard*")
    expect(page.get_by_role("searchbox")).to_have_value("checkerboard")
    assert first(page) == "why-checkerboards"


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True), (320, False)])
def test_nothing_overflows_and_axe_is_content(open_page, width: int, dark: bool) -> None:
    page = open_page(f"{PAGE}?q=output_padding", width=width, dark=dark)
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [v["id"] for v in found] == []
        page.get_by_role("searchbox").fill("")


def test_without_javascript_every_answer_is_there(open_page) -> None:
    page = open_page(PAGE, javascript=False)
    expect(page.locator("section.cb-answer")).to_have_count(len(ENTRIES))
