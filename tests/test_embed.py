"""Each tool in an iframe of another origin: it works there, it is as high as stated, and its state comes from the link.

``CB_WRITE_SIZES=1`` writes the measured heights into conv_lib/widgets/embed_sizes.json instead of comparing.
"""

from __future__ import annotations

import json
import os
import re

import pytest

from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets import embedding as embed
from conv_lib.widgets import see
from convbook import hosting
from site_server import serve

TOOLS = embed.tools()


@pytest.fixture(scope="module")
def places(built_site, tmp_path_factory):
    """(folder of the other site, its address, address of the book): two ports are two origins."""
    folder = tmp_path_factory.mktemp("other")
    policy = "default-src 'self' data: 'unsafe-inline'; frame-src http:"
    with serve(built_site) as book, serve(folder, policy=policy) as other:
        yield folder, other, book


def open_framed(browser, places, line: str, width: int):
    folder, other, _ = places
    name = f"host-{abs(hash((line, width)))}.html"
    head = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>A course page</title>'
    (folder / name).write_text(f"{head}<body>{line}</body></html>", encoding="utf-8")
    context = browser.new_context(viewport={"width": width + 16, "height": 900})  # a page's margin is 8
    context.set_default_timeout(15_000)
    page = context.new_page()
    said = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(f"{other}/{name}")
    frame = page.frame_locator("iframe")
    return context, page, frame, said


def eager(line: str) -> str:
    return line.replace(' loading="lazy"', "")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_lives_in_a_page_of_another_origin(browser, places, tool):
    _, other, book = places
    assert other != book
    line = embed.iframe(tool, base=book)
    assert line.count("<iframe") == 1 and "\n" not in line
    heights = []
    for width in embed.WIDTHS:
        context, page, frame, said = open_framed(browser, places, eager(line), width)
        try:
            frame.locator(f'.cb-widget[data-widget="{tool}"][data-alive]').wait_for()
            inside = next(f for f in page.frames if "/embed/" in f.url)
            # scrollHeight is never less than the frame, so ask the body
            high, wide, room = inside.evaluate(
                "async () => { await document.fonts.ready; const b = document.body.getBoundingClientRect();"
                " return [Math.ceil(b.height), document.documentElement.scrollWidth, innerWidth] }"
            )
            heights.append(high)
            assert wide <= room, f"{tool} overflows {room} px: {wide}"
            assert said == []
            with pytest.raises(Exception, match="[Cc]ross-origin|SecurityError"):
                page.evaluate("document.querySelector('iframe').contentWindow.document.title.length")
        finally:
            context.close()
    if os.environ.get("CB_WRITE_SIZES"):
        known = json.loads(embed.SIZES.read_text("utf-8"))
        known[tool] = [20 * (high // 20 + 1) for high in heights]
        embed.SIZES.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", "utf-8")
    stated = embed.sizes()[tool]
    for high, told in zip(heights, stated, strict=True):
        assert told - 60 <= high <= told, f"{tool}: {heights} measured, {stated} stated (CB_WRITE_SIZES=1 writes them)"


def test_a_framed_tool_is_operated_and_takes_its_state_from_the_link(browser, places):
    _, _, book = places
    address = see("padding-crops", to=embed.NAME, page="embed/ConvExplorer").address
    assert address.startswith("embed/ConvExplorer.html#tool?mode=transpose&")
    line = embed.iframe("ConvExplorer", address.split("?", 1)[1], base=book)
    context, page, frame, said = open_framed(browser, places, eager(line), 720)
    try:
        frame.locator(".cb-widget[data-alive]").wait_for()
        inside = next(f for f in page.frames if "/embed/" in f.url)
        assert "mode=transpose" in inside.url and "stride=2" in inside.url
        box = frame.get_by_role("spinbutton", name=re.compile("stride", re.I)).first
        if box.count() == 0:
            box = frame.get_by_label(re.compile("stride", re.I)).first
        before = inside.evaluate("document.querySelector('.cb-widget').textContent")
        box.focus()
        page.keyboard.press("ArrowUp")
        inside.wait_for_function("before => document.querySelector('.cb-widget').textContent !== before", arg=before)
        assert "stride=3" in inside.url
        # the link into a tab of its own takes the new numbers along
        link = frame.locator(".cb-embed-open")
        link.focus()
        assert "stride=3" in link.get_attribute("href")
        with context.expect_page() as opened:
            link.click()
        alone = opened.value
        alone.wait_for_selector(".cb-widget[data-alive]")
        assert "stride=3" in alone.url and alone.locator(".cb-embed-open").is_hidden()
        assert said == []
    finally:
        context.close()


def test_the_book_itself_cannot_be_framed(browser, places):
    _, _, book = places
    line = f'<iframe src="{book}/book/index.html" title="The book"></iframe>'
    context, page, _, said = open_framed(browser, places, line, 720)
    try:
        page.wait_for_timeout(500)
        assert any("frame-ancestors" in text for text in said), said
    finally:
        context.close()


@pytest.mark.parametrize("tool", TOOLS)
def test_an_embedded_page_has_no_fault_that_axe_finds(open_page, node, tool):
    from tools import ROOT

    page = open_page(f"embed/{tool}.html")
    page.wait_for_selector(".cb-widget[data-alive]")
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    page.evaluate(axe)  # not as a script element, which the policy refuses
    found = page.evaluate("async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes[0].html}`)")
    assert found == []


def test_without_scripts_an_embedded_page_shows_the_figure(open_page):
    page = open_page("embed/SizeRuler.html", javascript=False)
    assert page.locator("figure").count() == 1 and page.locator("figcaption").inner_text().strip()


def test_from_a_folder(browser, built_site):
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{(built_site / 'embed' / 'SizeRuler.html').as_uri()}")
        page.wait_for_selector(".cb-widget[data-alive]")
    finally:
        context.close()


def test_every_class_with_presets_has_a_page(built_site):
    assert set(TOOLS) >= set(WIDGETS.values()) - {"LiveDecoder"}  # its weights stand in its page
    assert {path.stem for path in (built_site / "embed").glob("*.html")} == set(TOOLS)
    assert set(embed.sizes()) >= set(TOOLS)


# ---------------------------------------------------------------- which directives are needed


def violations(browser, built_site, directives: dict[str, str], pages: list[str]) -> set[str]:
    """The directives that Chromium says were violated, with the site served under such a policy."""
    found: set[str] = set()
    with serve(built_site, policy=hosting.policy(directives)) as url:
        context = browser.new_context()
        try:
            page = context.new_page()
            page.on("console", lambda m: found.update(re.findall(r"directive:? [\"']([a-z-]+) ", m.text)))
            for one in pages:
                page.goto(f"{url}/{one}")
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(200)
        finally:
            context.close()
    return found


def test_the_policy_allows_no_more_than_is_needed(browser, built_site):
    chapters = sorted(path.relative_to(built_site).as_posix() for path in (built_site / "book").glob("*.html"))
    some = [*chapters, *(f"embed/{tool}.html" for tool in TOOLS)]
    assert violations(browser, built_site, hosting.DIRECTIVES, some) == set()
    # What is taken away is missed on these.
    some = ["book/index.html", "book/decoders.html", "embed/ConvExplorer.html"]
    assert violations(browser, built_site, {**hosting.DIRECTIVES, "style-src": "'self'"}, some) == {"style-src"}
    assert violations(browser, built_site, {**hosting.DIRECTIVES, "img-src": "'self'"}, some) == {"img-src"}
    assert violations(browser, built_site, {**hosting.DIRECTIVES, "default-src": "'none'"}, some) == {"default-src"}


def test_headers_are_written_for_hosts(built_site):
    text = (built_site / "_headers").read_text("utf-8")
    assert hosting.POLICY in text and hosting.EMBED_POLICY in text and "/embed/*" in text
    assert "'unsafe-eval'" not in text and "http" not in text
    assert hosting.nginx().count("location ") == 3


def test_the_counted_bytes_are_those_that_a_browser_asks_for(browser, site_url, built_site):
    from site_server import weight

    page_file = sorted((built_site / "book").glob("*.html"))[-1]
    context = browser.new_context()
    try:
        page = context.new_page()
        asked = []
        page.on("request", lambda r: asked.append((r.url, r.resource_type)))
        page.goto(f"{site_url}/book/{page_file.name}")
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
    measured, _, _ = weight(built_site, site_url, asked)
    shown = [url[len(site_url) + 1 :] for url, kind in asked if kind == "image" and "/_images/" in url]
    pictures = sum(hosting.sent(built_site / name) for name in shown)
    counted = sum(map(hosting.sent, hosting.parts_of(page_file)))
    assert counted == pytest.approx(measured + pictures, rel=0.05)


def test_bytes_are_filled_into_a_page():
    text = '<p><span data-visit="median">x</span>, <span data-visit="median-million">x</span></p>'
    filled = hosting.fill_in(text, {"median": 123456})
    assert ">123 kB<" in filled and ">123 GB<" in filled
    with pytest.raises(KeyError):
        hosting.fill_in('<span data-visit="other">x</span>', {"median": 1})


def test_lines_for_other_sites():
    assert f'height="{embed.sizes()["SizeRuler"][1]}"' in embed.iframe("SizeRuler", width=390)
    assert "#tool?a=1&amp;b=2" in embed.iframe("SizeRuler", "a=1&b=2")
    with pytest.raises(ValueError, match="widget is one of .*ChannelView"):
        embed.iframe("Question")
