"""The built pages, in a real browser: no other host, a clean console, light, accessible, readable without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from conftest import set_theme
from site_server import pages, weight
from tools import ROOT

PAGES = pages()
EXTRA = ["search.html", "genindex.html", "index.html"]
BUDGET = 300_000  # bytes (gzip) that a page may transfer on first load, besides its figures
WIDTHS = [1280, 390]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# What axe finds in the theme and stays, with the reason. (Nothing at present.)
KNOWN_IN_THEME: dict[str, str] = {}


STICKS_OUT = """() => {
  const limit = document.documentElement.clientWidth + 1;
  const scrolls = e => { for (; e && e !== document.body; e = e.parentElement) {
    const o = getComputedStyle(e); if (o.overflowX !== "visible" || o.position === "fixed") return true; }
    return false; };
  const sticksOut = e => {
    const r = e.getBoundingClientRect();
    return r.width && r.right > limit && !scrolls(e.parentElement) && getComputedStyle(e).visibility !== "hidden";
  };
  const out = [...document.querySelectorAll("body *")].filter(sticksOut).map(e => e.outerHTML.slice(0, 120));
  return { page: document.documentElement.scrollWidth - document.documentElement.clientWidth, out };
}"""


def axe(page, ask: dict) -> list[list]:
    """What axe finds: [rule, what it wants, [element and what is wrong there]]."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(
        """async ask => {
          const { violations } = await axe.run(document, { ...ask, resultTypes: ["violations"] });
          return violations.map(v => [v.id, v.help, v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary)]);
        }""",
        ask,
    )


def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("address", PAGES + EXTRA)
def test_page_asks_no_other_host_is_light_and_the_console_is_clean(open_page, built_site, site_url, address):
    requests = []
    page = open_page()
    page.on("request", lambda r: requests.append((r.url, r.resource_type)))
    page.goto(f"{site_url}/{address}")
    page.wait_for_load_state("networkidle")
    total, count, rows = weight(built_site, site_url, requests)
    print(f"{address}: {total / 1000:.0f} kB in {count} requests")
    assert total <= BUDGET, rows
    banned = re.compile(r"fontawesome|require(\.min)?\.js|html-manager|embed-amd|thebe|mathjax|bootstrap", re.I)
    assert [name for _, name in rows if banned.search(name)] == []
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.title()
    # open_page asserts the rest when the test ends


@pytest.mark.parametrize("address", PAGES + ["search.html", "genindex.html"])
def test_page_has_no_inline_script_and_no_handler_attribute(built_site, address):
    soup = soup_of(built_site / address)
    inline = [s for s in soup.find_all("script") if not s.get("src") and s.get("type") != "application/json"]
    assert inline == []
    handlers = [(tag.name, name) for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert handlers == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(open_page, address, width):
    page = open_page(address, width=width)
    ask = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = axe(page, ask)
    set_theme(page, dark=True)  # only colours differ
    found += axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
    ours = [row for row in found if row[0] not in KNOWN_IN_THEME]
    assert ours == [], "\n".join(f"{i}: {h}\n   " + "\n   ".join(n[:4]) for i, h, n in ours)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_overflows_the_page(open_page, address):
    page = open_page(address)
    found = []
    for width, dark in [(w, d) for w in (390, 768, 1280) for d in (False, True)]:
        page.set_viewport_size({"width": width, "height": 900})
        set_theme(page, dark=dark)
        # Pictures are drawn again for the new width a frame later.
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        wide = page.evaluate(STICKS_OUT)
        if wide["page"] > 0 or wide["out"]:
            found.append((width, dark, wide))
    assert found == []


@pytest.mark.parametrize("address", PAGES)
def test_page_reads_without_javascript(open_page, address):
    page = open_page(address, javascript=False)
    assert page.locator("article h1").first.is_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    for question in page.locator(".cb-widget[data-widget=Question]").all():
        assert question.locator(".cb-ask").is_visible()
        question.locator("summary").click()
        assert question.locator("details p").is_visible()
    for widget in page.locator(".cb-widget:not([data-widget=Question])").all():
        kind = widget.get_attribute("data-widget")
        if kind == "QuestionIndex":  # the questions and answers themselves stand below it
            assert page.locator("article section").count() > 80
            continue
        if kind == "ErrorReader":  # its picture is words
            assert len(widget.locator("dd").all()) > 3 and widget.locator("p").first.is_visible()
            continue
        figure = widget.locator("img, svg[role=img]").first
        assert figure.is_visible()
        assert len(figure.get_attribute("alt") or figure.get_attribute("aria-label") or "") > 20
        assert figure.evaluate("e => e.tagName === 'svg' || (e.complete && e.naturalWidth > 0)")


@pytest.mark.parametrize("address", PAGES)
def test_formulas_are_mathml_and_none_was_left_as_code(built_site, address):
    soup = soup_of(built_site / address)
    for formula in soup.select(".math"):
        assert formula.find("math"), formula
        assert "\\" not in formula.get_text(), formula


@pytest.mark.parametrize("address", PAGES)
def test_page_holds_no_warning_and_no_traceback(built_site, address):
    """A cell that is meant to fail is tagged `raises-exception`; its message is shown, never a log line."""
    text = soup_of(built_site / address).get_text()
    noise = r"^[WEI]\d{4} |WARNING:|DeprecationWarning|FutureWarning|oneDNN custom operations|cuda drivers on"
    assert not re.search(noise, text, re.M)


@pytest.mark.parametrize("address", PAGES)
def test_names_of_widgets_are_unique_on_a_page(built_site, address):
    """Links open a widget by its name, and a reader's answers are kept under it."""
    names = [tag["data-name"] for tag in soup_of(built_site / address).select(".cb-widget")]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("address", PAGES)
def test_ids_are_unique_on_a_page(built_site, address):
    """Widgets are reached by their names, as headings are; ids inside pictures are made from what they name."""
    soup = soup_of(built_site / address)
    ids = [tag["id"] for tag in soup.find_all(id=True) if tag.name == "svg" or not tag.find_parent("svg")]
    assert [one for one in set(ids) if ids.count(one) > 1] == []


def test_links_inside_the_site_resolve(built_site):
    missing = []
    ids: dict[Path, set[str]] = {}

    def ids_of(path: Path) -> set[str]:
        if path not in ids:
            soup = soup_of(path)
            ids[path] = {tag["id"] for tag in soup.find_all(id=True)}
            ids[path] |= {tag["data-name"] for tag in soup.find_all(attrs={"data-name": True})}
        return ids[path]

    for source in sorted(built_site.rglob("*.html")):
        if source.name == "404.html":  # its links start at the host's root, which is known when it is published
            continue
        soup = soup_of(source)
        for tag, attribute in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
            for element in soup.find_all(tag):
                target, fragment = urldefrag(element.get(attribute) or "")
                parts = urlsplit(target)
                if parts.scheme or parts.netloc:
                    continue
                path = (source.parent / unquote(parts.path)).resolve() if parts.path else source
                path = path / "index.html" if path.is_dir() else path
                if not path.exists():
                    missing.append(f"{source.name}: {target}")
                elif fragment and path.suffix == ".html":  # name?state opens a widget in a state
                    if unquote(fragment).split("?")[0] not in ids_of(path):
                        missing.append(f"{source.name}: {target}#{fragment}")
    assert missing == []


@pytest.mark.parametrize("address", PAGES)
def test_page_offers_its_notebook(open_page, built_site, address):
    page = open_page(address)
    link = page.locator("a[download][href$='.ipynb']")
    assert link.is_visible()
    path = (built_site / address).parent / link.get_attribute("href")
    notebook = nbformat.read(path.resolve(), as_version=4)
    nbformat.validate(notebook)
    source = (ROOT / address).with_suffix(".md").read_text(encoding="utf-8")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == len(re.findall(r"^(?:```|:::)\{code-cell\}", source, re.M))
    assert all(not cell.outputs for cell in code)


def test_dark_and_light_can_be_chosen_and_are_kept(open_page, site_url):
    page = open_page(PAGES[1])
    seen = {page.evaluate("document.documentElement.dataset.theme")}
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        seen.add(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}
    page.evaluate("localStorage.setItem('mode', 'dark')")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_search_finds_a_chapter(open_page):
    page = open_page("search.html?q=convolution")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() >= 1


def test_contents_open_on_a_phone(open_page):
    page = open_page(PAGES[1], width=390, height=844, touch=True)
    page.locator(".primary-toggle:visible").click()
    links = page.locator("nav.bd-links a:visible")
    assert links.count() >= len(PAGES) - 1
    page.keyboard.press("Escape")
    expect(page.locator("nav.bd-links a").first).to_be_hidden()
