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


# All slides at once: those that are not shown are laid out too.
MEASURED = """() => [...document.querySelectorAll(".slide")].map((slide) => {
  const widget = slide.querySelector(".cb-widget"), zoom = Number(slide.querySelector(".holder").style.zoom);
  const frame = widget?.firstElementChild?.getBoundingClientRect(), window = slide.getBoundingClientRect();
  let least = [Infinity, ""];
  const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  for (let text; (text = words.nextNode()); ) {
    const at = text.parentElement;
    const shown = at.checkVisibility() && !at.closest(".cb-hidden, [aria-hidden=true], option, math");
    if (!text.textContent.trim() || !shown) continue;
    const size = parseFloat(getComputedStyle(at).fontSize) * (at.ownerSVGElement ? at.getScreenCTM().a : zoom);
    if (size < least[0]) least = [size, text.textContent];
  }
  return { kind: slide.classList.contains("widget"), widget: widget?.dataset.widget, alive: widget?.dataset.alive,
    zoom, least, down: slide.scrollHeight - slide.clientHeight, across: slide.scrollWidth - slide.clientWidth,
    seen: !frame || (frame.top >= window.top && frame.bottom <= window.bottom + 1 && frame.left >= 0
      && frame.right <= innerWidth) };
})"""


def resize(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector("html:not([data-slides=ready])", state="attached")
    page.wait_for_selector("html[data-slides=ready]", state="attached")


def test_every_slide_is_seen_whole(open_deck, decks):
    """On the screens of projectors nothing is cut off: each widget stands in the window, its words large enough."""
    for name in deck_names(decks):
        page = open_deck(name, width=1280, height=720)
        # words in pixels: of a slide of text, of a widget, and the smallest number or label in one
        for width, height, text, words, label in [
            (1280, 720, 19, 13.5, 10),
            (1366, 768, 20, 14.4, 10.7),
            (1920, 1080, 28, 20, 15),
            (1024, 768, 15, 11.5, 8.2),
        ]:
            if (width, height) != (1280, 720):
                resize(page, width, height)
            slides = page.evaluate(MEASURED)
            assert len(slides) == decks[1][name]
            for i, at in enumerate(slides):
                where = f"{name}, slide {i + 1}, {at['widget']}, {width} x {height}"
                assert at["down"] <= 1 and at["across"] <= 1 and at["seen"], f"{where}: {at['down']} px too tall"
                assert not at["kind"] or at["alive"] == "true", where
                if at["kind"]:
                    assert at["zoom"] * 15 >= words and at["least"][0] >= label, f"{where}: {at['zoom']}, {at['least']}"
                else:
                    assert at["zoom"] * 16 >= text, f"{where}: letters too small ({at['zoom']})"


def test_nothing_moves_while_a_widget_plays(open_deck, decks):
    """A step changes values, not places."""
    stepped = 0
    for name in deck_names(decks):
        moved = open_deck(name).evaluate("""async () => {
          const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          const found = [];
          for (const slide of document.querySelectorAll(".slide")) {
            const step = [...slide.querySelectorAll(".cb-play button")].find((one) => one.textContent.includes("Step"));
            if (!step) continue;
            const places = () => [...slide.querySelectorAll(".cb-root > * > :not(.cb-message), .cb-field")]
              .filter((part) => part.checkVisibility()).map((part) => {
                const at = part.getBoundingClientRect();
                return [part.className, at.left, at.top, at.width, at.height].join(" ");
              }).join("\\n");
            const before = places();
            for (let i = 0; i < 3; i++) {
              step.click();
              await drawn();
              found.push(places() === before ? "" : slide.getAttribute("aria-label"));
            }
          }
          return found;
        }""")
        assert not any(moved), (name, moved)
        stepped += len(moved)
    assert stepped >= 60


def test_a_taller_example_makes_the_slide_smaller(open_deck):
    page = open_deck("two-layers", "#3")
    zoom = "Number(document.querySelector('.slide.now .holder').style.zoom)"
    fits = "(() => { const s = document.querySelector('.slide.now'); return s.scrollHeight <= s.clientHeight + 1; })()"
    first = page.evaluate(zoom)
    page.locator(f"{NOW} .cb-bar select").first.select_option(label="No checkerboard with kernel 3, stride 2")
    page.wait_for_function(f"{zoom} < {first} - 0.1 && {fits}")
    page.wait_for_timeout(300)
    small = page.evaluate(zoom)
    assert small >= 0.9
    page.locator(f"{NOW} .cb-bar select").first.select_option(label="Ones: 3 \u00d7 3 becomes 2 \u00d7 2")
    page.wait_for_timeout(300)
    assert page.evaluate(zoom) == small, "it does not grow by itself"
    # an opened fold is scrolled, with the keys of the deck
    page.locator(f"{NOW} .cb-bar select").first.select_option(label="No checkerboard with kernel 3, stride 2")
    page.wait_for_timeout(300)
    page.locator(f"{NOW} .cb-code > summary").first.click()
    page.wait_for_function(f"!{fits}")
    assert page.evaluate(zoom) == small
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('.slide.now').scrollTop > 100")
    assert number(page) == 3
    page.keyboard.press("+")
    assert page.evaluate(zoom) > small
    page.keyboard.press("0")
    assert page.evaluate(zoom) == small


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
