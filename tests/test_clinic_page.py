"""The question clinic on the built page: verdicts beside their trials, and links that open what they say."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup

PAGE = "book/clinic.html"
SHOWS = """async ([name, hash]) => {
  const place = document.getElementById(name);
  if (location.hash !== hash) {
    const moved = new Promise(done => addEventListener("hashchange", done, { once: true }));
    location.hash = hash;
    await moved;
  }
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return {
    alive: place?.dataset.alive,
    alerts: place ? [...place.querySelectorAll("[role=alert]")].map(e => e.textContent.trim()).filter(Boolean) : null,
    text: place?.textContent.length,
  };
}"""


@pytest.fixture(scope="module")
def soup(built_site) -> BeautifulSoup:
    return BeautifulSoup((built_site / PAGE).read_text("utf-8"), "html.parser")


def test_the_answer_to_every_claim_is_what_its_trial_printed(soup) -> None:
    sections = [s for s in soup.find_all("section") if any(i.startswith("claim-") for i in anchors(s))]
    assert len(sections) == 26
    for section in sections:
        state = json.loads(section.select_one('[data-widget="Question"]')["data-state"])
        answer = state["options"][state["answer"][0]]
        printed = [pre.get_text() for pre in section.select(".cell_output pre")]
        verdict = re.search(r"^(true|false|only if)\b", "\n".join(printed), re.M)[1]
        assert answer.startswith(verdict), answer
        assert len(state["wrong"]) == len(state["options"]) - 1
        assert ("exactly where" in "\n".join(printed)) == (verdict == "only if")


def anchors(section) -> list[str]:
    """The ids that lead to a section: its own, and those of targets before its heading."""
    return [section.get("id", ""), *(span["id"] for span in section.find_all("span", id=True, recursive=False))]


def test_the_sheet_leads_to_every_claim(soup) -> None:
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    links = [a["href"] for a in soup.select(".cb-verdicts a")]
    assert len(links) == 26 == len(set(links))
    assert {link[1:] for link in links} <= ids


def test_every_link_opens_its_widget_without_a_word_of_complaint(open_page, soup) -> None:
    page = open_page(PAGE)
    links = [a["href"] for a in soup.select(".cb-see a")]
    assert len(links) >= 26
    there = {}
    for href in links:
        address, _, hash_ = href.partition("#")
        name = hash_.split("?")[0]
        if address:
            there.setdefault(address, []).append((name, hash_))
            continue
        shown = page.evaluate(SHOWS, [name, f"#{hash_}"])
        assert shown["alive"] == "true" and shown["alerts"] == [] and shown["text"] > 100, href
    for address, states in there.items():
        other = open_page(f"book/{address}")
        for name, hash_ in states:
            shown = other.evaluate(SHOWS, [name, f"#{hash_}"])
            assert shown["alive"] == "true" and shown["alerts"] == [] and shown["text"] > 100, (address, hash_)


def test_a_link_shows_the_claims_numbers_again_and_again(open_page) -> None:
    page = open_page(PAGE, width=390)
    link = page.get_by_role("link", name="See it: 3, stride 2, padding 1, kernel 2 gives 4")
    chosen = "n => document.querySelector('#clinic select').selectedOptions[0].value === n"
    near = "() => Math.abs(document.querySelector('#clinic').getBoundingClientRect().top) < 300"
    page.wait_for_function(chosen, arg="six")
    for _ in range(2):
        link.click()
        page.wait_for_function(chosen, arg="padding-crops")
        page.wait_for_function(near)
        page.go_back()
        page.wait_for_function("() => scrollY > 3000")  # back at the claim
