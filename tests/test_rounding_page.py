"""Rounding or bug? on the built page: its answer against conv_lib, its fields, links, keyboard, and what fits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from conv_lib.figures.presets import LABELS, WIDGETS
from conv_lib.widgets import RoundingCheck
from conv_lib.widgets.rounding import FACTS
from test_pages import AXE
from tools import ROOT

PAGE = "book/tools/rounding.html"
MINE = [name for name, widget in WIDGETS.items() if widget == "RoundingCheck"]


def tool(page):
    return page.locator("#rounding[data-alive]")


def hold(widget, w: RoundingCheck) -> None:
    """The verdict, the chosen row and the limits are conv_lib's."""
    expect(widget.locator(".cb-rd-says")).to_have_text(w.verdict)
    answer = w.answer
    here = widget.locator(".cb-rd-here .cb-rd-name")
    if answer.kind in ("none", "scale"):
        assert here.count() == 0
    else:
        own = FACTS["own"].get(w.dtype) if answer.kind == "order" else None
        assert here.inner_text() == (own or FACTS["rungs"][answer.kind])
    limits = [text.removeprefix("up to ") for text in widget.locator(".cb-rd-limit").all_inner_texts()]
    for text, limit in zip(limits, [answer.unit, *(rung.limit for rung in answer.ladder), 2 * w.scale], strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(limit, rel=5e-3)


def test_every_example_shows_what_conv_lib_says(open_page) -> None:
    widget = tool(open_page(PAGE))
    hold(widget, RoundingCheck("tf32-3090"))
    for name in MINE:
        widget.get_by_label("Example").select_option(label=LABELS[name])
        hold(widget, RoundingCheck(name))


def test_what_is_typed_is_shown_at_once_and_back_undoes_it(open_page) -> None:
    page = open_page(PAGE)
    widget = tool(page)
    widget.get_by_label("Largest difference").fill("2^-16")
    hold(widget, RoundingCheck("tf32-3090", difference=2**-16))
    widget.get_by_label("Scale").fill("200")
    widget.get_by_label("Terms in a sum").fill("5x5x64")
    w = RoundingCheck("tf32-3090", difference=2**-16, scale=200, terms=1600)
    hold(widget, w)
    expect(widget.locator(".cb-readout")).to_contain_text("no order of 1,600 terms")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(w.query())))
    again = open_page()
    again.goto(page.url)
    hold(tool(again), w)
    page.go_back()
    expect(widget.get_by_label("Terms in a sum")).to_have_value("25")
    widget.get_by_role("button", name="Reset").click()
    hold(widget, RoundingCheck("tf32-3090"))


BAD = ["", "-1", "1e999", "1.5.2", "text", "<script>document.title='run'</script>", "\U0001f600", "9" * 10_000]


@pytest.mark.parametrize("label", ["Largest difference", "Scale", "Terms in a sum"])
def test_bad_input_is_named_and_the_answer_stays(open_page, label) -> None:
    page = open_page(PAGE, width=390)
    title, widget = page.title(), tool(page)
    for text in BAD:
        widget.get_by_label(label).fill(text)
        expect(widget.get_by_role("alert").first).to_contain_text(f"{label} is")
        expect(widget.get_by_label(label)).to_have_attribute("aria-invalid", "true")
        hold(widget, RoundingCheck("tf32-3090"))
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    widget.get_by_role("button", name="Undo").click()
    expect(widget.get_by_role("alert").first).to_be_empty()
    assert page.title() == title and "#rounding" not in page.url


@pytest.mark.parametrize(
    "query", ["", "%zz", "difference=-1", "scale=0&terms=x", "dtype=float8", "device=<b>", "terms=" + "9" * 10_000]
)
def test_a_bad_link_is_harmless(open_page, query) -> None:
    widget = tool(open_page(f"{PAGE}#rounding?{query}"))
    hold(widget, RoundingCheck("tf32-3090"))
    if "=" in query:
        expect(widget.get_by_role("alert").last).to_contain_text("cannot be read")


def test_keyboard_alone(open_page) -> None:
    page = open_page(PAGE)
    widget = tool(page)
    widget.get_by_label("Largest difference").focus()
    for text in ("0.002", "1", "576"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(text)
        page.keyboard.press("Tab")
    expect(widget.get_by_label("Calculated in")).to_be_focused()
    hold(widget, RoundingCheck(difference=0.002, terms=576))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    hold(widget, RoundingCheck(difference=0.002, terms=576, device="CPU"))


@pytest.mark.parametrize("width, dark", [(320, False), (390, True), (1280, False), (1280, True)])
def test_it_fits_and_axe_finds_nothing(open_page, width, dark) -> None:
    page = open_page(PAGE, width=width, dark=dark)
    widget = tool(page)
    page.evaluate(AXE.read_text("utf-8"))
    widget.locator(".cb-code summary").click()
    for name in MINE:
        widget.get_by_label("Example").select_option(label=LABELS[name])
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        outside = widget.evaluate(
            """e => { const right = e.getBoundingClientRect().right + 1;
              return [...e.querySelectorAll('input, select, button, label, li, p, dd, svg, svg text, a')]
                .filter(t => t.getBoundingClientRect().right > right).map(t => t.outerHTML.slice(0, 90)); }"""
        )
        assert outside == []
        found = page.evaluate("axe.run('#rounding').then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
        assert found == []


def test_the_places_it_sends_to_exist(open_page) -> None:
    widget = tool(open_page(PAGE))
    widget.get_by_label("Example").select_option(label=LABELS["one-pixel-off"])
    hrefs = [link.get_attribute("href") for link in widget.locator(".cb-rd-go a").all()]
    assert hrefs == ["../../book/workbench.html#a-layer-in-two-frameworks", "../../book/clinic.html"]
    for href in hrefs:
        page, _, anchor = href.removeprefix("../../").partition("#")
        text = (ROOT / page).with_suffix(".md").read_text("utf-8")
        assert not anchor or f"## {anchor.replace('-', ' ').capitalize()}" in text


def test_without_scripts_the_answer_is_a_figure_with_words(open_page) -> None:
    page = open_page(PAGE, javascript=False)
    assert RoundingCheck("tf32-3090").verdict in page.locator("figure").first.inner_text()
