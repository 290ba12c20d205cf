"""The decks that ``make slides`` writes, opened from a folder with the network refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tools import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from make_slides import MARK, chapters, make_slides  # noqa: E402

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DECKS = [name.split("/")[-1] for name in chapters(ROOT / "_toc.yml") if "/tools/" not in name]
NOW = ".slide.now"


@pytest.fixture(scope="module")
def decks(built_site, tmp_path_factory):
    target = tmp_path_factory.mktemp("a talk") / "slides"
    counts = make_slides(built_site, target, ROOT / "_toc.yml")
    return target, counts


@pytest.fixture
def open_deck(browser, decks):
    contexts, wrong = [], []

    def go(name, where="", *, width=1280, height=720, dark=False):
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.route(re.compile(r"^https?:|^wss?:"), lambda route: (wrong.append(route.request.url), route.abort()))
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning", "assert") else None)
        page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
        page.on("requestfailed", lambda r: wrong.append(f"failed: {r.url}"))
        page.goto((decks[0] / f"{name}.html").as_uri() + where)
        page.wait_for_selector("html[data-slides=ready]", state="attached")
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def number(page) -> int:
    return page.evaluate("[...document.querySelectorAll('.slide')].indexOf(document.querySelector('.slide.now')) + 1")


def deck_names(decks):
    return sorted(decks[1])


def test_every_chapter_has_its_deck(decks):
    folder, counts = decks
    with_question = {
        path.stem for path in (ROOT / "book").glob("*.md") if "**The question.**" in path.read_text(encoding="utf-8")
    }
    assert set(counts) == with_question & set(DECKS)
    assert min(counts.values()) >= 5
    text = (folder / "two-layers.html").read_text(encoding="utf-8")
    assert "The question." in text and "The answer." in text and "<h2>Remember</h2>" in text
    assert 'data-name="gather-size"' in text, "a prediction is missing"
    assert 'data-name="gather-by-hand"' not in text, "an exercise is no slide"
    links = set(re.findall(r'(?:href|src)="([^"#]+)"', text))
    assert not any(link.startswith(("http", "//", "..", "/")) for link in links), links
    assert all((folder / link).exists() for link in links)


@pytest.mark.parametrize("width, height", [(1280, 720), (1920, 1080)])
def test_all_slides_stand_in_the_window(open_deck, decks, width, height):
    """Nothing is wider than the window. What is taller is a widget, and the arrow keys move it."""
    for name in deck_names(decks):
        page = open_deck(name, width=width, height=height)
        for i in range(decks[1][name]):
            assert number(page) == i + 1
            kind, widget, alive, zoom, down, across, reached = page.evaluate(
                """() => {
                  const slide = document.querySelector(".slide.now"), widget = slide.querySelector(".cb-widget");
                  return [slide.classList.contains("widget"), widget?.dataset.widget, widget?.dataset.alive,
                    Number(slide.querySelector(".holder").style.zoom), slide.scrollHeight - slide.clientHeight,
                    slide.scrollWidth - slide.clientWidth, slide.tabIndex];
                }"""
            )
            where = f"{name}, slide {i + 1}, {widget}"
            assert across <= 1, f"{where}: {across} px too wide"
            assert down <= 1 or (kind and widget != "Question" and reached == 0), f"{where}: {down} px too tall"
            assert not kind or alive == "true", where
            assert zoom * 15 / height >= (0.018 if kind else 0.024), f"{where}: letters too small ({zoom})"
            page.keyboard.press("PageDown")
        assert number(page) == decks[1][name], "the last slide stays"


def test_keys(open_deck, decks):
    page = open_deck("two-layers")
    last = decks[1]["two-layers"]
    for key, at in [("ArrowRight", 2), ("ArrowLeft", 1), ("ArrowLeft", 1), ("End", last), ("ArrowRight", last),
                    ("Home", 1), (" ", 2), ("PageDown", 3), ("PageUp", 2)]:  # fmt: skip
        page.keyboard.press(key)
        assert number(page) == at, key
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    assert number(page) == 4 and page.url.endswith("#4")
    assert page.locator(".bar .number").inner_text() == f"4 / {last}"
    assert page.locator("body > .hide").inner_text().startswith(f"Slide 4 of {last}")
    page.keyboard.press("d")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    page.wait_for_selector("html[data-slides=ready]", state="attached")
    assert number(page) == 4 and page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.get_by_label("Next slide").click()
    assert number(page) == 5


def test_a_widget_keeps_its_keys_and_its_state(open_deck):
    page = open_deck("two-layers", "#3")
    widget = page.locator("#two-layers")
    before = widget.inner_text()
    widget.get_by_text("Transposed", exact=True).first.click()
    page.wait_for_function("before => document.querySelector('#two-layers').innerText !== before", arg=before)
    after = widget.inner_text()
    assert number(page) == 3
    widget.locator("select").first.focus()
    page.keyboard.press("End")
    assert number(page) == 3, "the key was the widget's"
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    assert number(page) == 1
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    assert number(page) == 3 and widget.inner_text() != before and after
    page.get_by_role("button", name="Next slide").click()
    page.get_by_role("textbox").and_(page.locator(f"{NOW} input")).fill("2 x 4")
    page.locator(NOW).get_by_role("button", name="Check").click()
    page.locator(NOW).get_by_text("cells at two places").wait_for()


def test_lines_end_at_the_grids_when_enlarged(open_deck):
    """Widgets measure on the screen and draw in their own pixels: with a zoom the two differ."""
    page = open_deck("two-layers", "#3", width=1920, height=1080)
    assert page.evaluate("Number(document.querySelector('.slide.now .holder').style.zoom)") > 1.2
    page.wait_for_selector(f"{NOW} svg.cb-links > path", state="attached")
    beyond = page.evaluate(
        """() => {
          const stage = document.querySelector(".slide.now svg.cb-links").getBoundingClientRect();
          return [...document.querySelectorAll(".slide.now svg.cb-links > path")].map((p) => p.getBoundingClientRect())
            .filter((b) => b.right > stage.right + 1 || b.bottom > stage.bottom + 1).length;
        }"""
    )
    assert beyond == 0


def test_link_to_a_widget_opens_its_slide(open_deck):
    page = open_deck("two-layers", "#two-layers?mode=conv&input=1,0,2&kernel=1,3")
    assert number(page) == 3
    assert "1 × 3" in page.locator("#two-layers").inner_text()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(open_deck, decks, dark):
    for name in deck_names(decks)[dark::2]:  # every deck once, in one of the two
        page = open_deck(name, dark=dark)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("""async () => {
          const all = [];
          const slides = document.querySelectorAll(".slide");
          for (let i = 0; i < slides.length; i++) {
            if (i === 0 || i === 2 || i === slides.length - 2) {
              const { violations } = await axe.run(document, { preload: false, resultTypes: ["violations"] });
              for (const v of violations) all.push(`${i + 1} ${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
            }
            document.querySelector(".bar .next").click();
          }
          return all;
        }""")
        assert found == [], name


def test_other_folders_are_left_alone(built_site, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("important")
    program = [sys.executable, str(ROOT / "book" / "_ext" / "make_slides.py")]
    result = subprocess.run([*program, str(built_site), str(mine)], capture_output=True, text=True)
    assert result.returncode == 1 and "left as it is" in result.stderr and "Traceback" not in result.stderr
    assert [p.name for p in mine.iterdir()] == ["thesis.txt"]
    result = subprocess.run([*program, str(tmp_path / "none"), str(mine)], capture_output=True, text=True)
    assert result.returncode == 1 and "make book" in result.stderr


def test_a_chapter_without_some_parts(built_site, tmp_path):
    """Without predictions, widgets and "Remember" a deck has its question; a page without a question is no chapter."""
    site = tmp_path / "html"
    shutil.copytree(built_site / "_static", site / "_static")
    (site / "book").mkdir()
    page = "<article><h1>Bare</h1><p><strong>The question.</strong> Why?</p><h2>Text</h2><p>So.</p></article>"
    (site / "book" / "bare.html").write_text(page)
    (site / "book" / "list.html").write_text("<article><h1>A list</h1><p>No question.</p></article>")
    toc = tmp_path / "toc.yml"
    toc.write_text("format: jb-book\nroot: book/index\nchapters:\n- file: book/bare\n- file: book/list\n")
    assert make_slides(site, tmp_path / "slides", toc) == {"bare": 1}
    assert (tmp_path / "slides" / MARK).exists()
    assert make_slides(site, tmp_path / "slides", toc) == {"bare": 1}, "a second time replaces the first"
