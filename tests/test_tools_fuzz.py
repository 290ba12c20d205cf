"""Bad input in every widget of the book: thousands of random interactions and bad links, on the pages that hold them.

Generic over the register of widgets, so that a new one is covered by being registered. What the widgets show after
the random steps is held to conv_lib: fuzz_holds.py has a comparison for each that keeps its state in the link.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from conftest import Opener
from fuzz_holds import HOLDS, Hold
from tools import CHROMIUM_FLAGS, ROOT, find_chromium

REGISTER = json.loads((ROOT / "conv_lib" / "widgets" / "js" / "widgets.json").read_text("utf-8"))
HARNESS = (Path(__file__).parent / "fuzz.js").read_text("utf-8")
STEPS = max(210, 2200 // len(REGISTER))  # per class
SLOW = 4_000  # ms; a step takes some ms, and machines that run tests are busy
AT_MOST = 3  # widgets of a class that share the steps


@pytest.fixture(scope="module")
def quick(browser):
    """A Chromium that lets a script change the address as often as it likes; the other stops it at 200 in a while."""
    own = browser.browser_type.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_FLAGS, "--disable-ipc-flooding-protection"]
    )
    yield own
    own.close()


@pytest.fixture
def open_quick(quick, site_url):
    opener = Opener(quick, site_url)
    yield opener
    opener.close()
    assert opener.complaints() == []


def places(site: Path, widget: str) -> list[tuple[str, str, str]]:
    """Widgets of a class in the built book, as page, name and state: one of each kind first, where there are kinds."""
    tag = re.compile(rf'data-widget="{widget}" data-name="([^"]+)"[^>]* data-state="([^"]*)"')
    found = []
    for path in sorted(site.rglob("*.html")):
        if path.name == "search.html":  # its index hides until something is asked
            continue
        for name, state in tag.findall(path.read_text("utf-8")):
            settings = json.loads(html.unescape(state))
            kind = [settings.get(key) for key in ("kind", "mode", "transposed", "dims", "view") if key in settings]
            found.append(((path.relative_to(site).as_posix(), name, html.unescape(state)), kind))
    assert found, f"no page of the book shows {widget}"
    chosen, kinds = [], []
    for place, kind in found:
        if kind not in kinds:
            kinds.append(kind)
            chosen.append(place)
    others = [place for place, _ in found if place not in chosen]
    return sorted([*chosen, *others][:AT_MOST])


def opened(open_quick, address: str, name: str):
    page = open_quick(address)
    page.wait_for_selector(f"#{name}[data-alive]")
    page.evaluate(HARNESS)
    return page


@pytest.mark.parametrize("widget", REGISTER)
def test_random_interactions(open_quick, built_site, widget) -> None:
    held, steps, hold = set(), 0, HOLDS.get(widget, Hold(no_link))
    chosen = places(built_site, widget)
    for i, (address, name, made) in enumerate(chosen):
        page = opened(open_quick, address, name)
        ask = {"name": name, "seed": 1000 + i, "count": STEPS // len(chosen) + 1, "slow": SLOW, "look": hold.look}
        found = page.evaluate("ask => window.fuzz(ask)", ask)
        assert found["wrong"] == []
        steps += found["steps"]
        for state in found["states"]:
            hold.check(dict(part.split("=", 1) for part in state["query"].split("&")), {**state, "made": made})
            held.add(state["query"])
        page.close()
    print(f"{widget}: {steps} steps, {len(held)} different states held to conv_lib")
    assert steps >= STEPS
    assert widget not in HOLDS or len(held) >= 10, held


def no_link(parts: dict[str, str], shown: dict) -> None:
    raise AssertionError(f"a widget with its state in the link needs a comparison in fuzz_holds.py: {shown['query']}")


@pytest.mark.parametrize("widget", REGISTER)
def test_bad_links(open_quick, built_site, widget) -> None:
    address, name, _ = places(built_site, widget)[0]
    page = opened(open_quick, address, name)
    base = page.evaluate("name => window.fuzzQuery(name)", name)
    if base is None:  # it keeps no state in the link: it must stay as it is, whatever the link says
        base = "state=1"
    before = page.evaluate("name => window.fuzzShown(name)", name)
    found = page.evaluate("ask => window.fuzzLinks(ask)", {"name": name, "base": base, "slow": SLOW})
    assert found["wrong"] == []
    assert found["end"]["grids"] == before["grids"]
