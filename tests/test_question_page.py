"""Questions on the built pages: every answer and every named mistake, keyboard, reload, refused storage, layout."""

from __future__ import annotations

import json
from functools import cache

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from site_server import pages
from test_pages import AXE

PAGE = "book/zero-insertion.html"
TYPED, CHOICE, SHAPE = "full-size", "top-left", "by-hand"


@cache
def states(site) -> dict[str, dict[str, dict]]:
    """The questions of every page: page -> name -> state."""
    found = {}
    for address in pages():
        soup = BeautifulSoup((site / address).read_text("utf-8"), "html.parser")
        places = soup.select('.cb-widget[data-widget="Question"]')
        found[address] = {place["data-name"]: json.loads(place["data-state"]) for place in places}
    return found


def text(numbers) -> str:
    return ", ".join(f"{n:g}" for n in numbers) or "none"


class Asked:
    """One question on a page."""

    def __init__(self, page, name: str):
        self.page, self.root = page, page.locator(f'.cb-widget[data-name="{name}"]')
        self.box, self.said = self.root.locator(".cb-typed"), self.root.get_by_role("status")
        self.check = self.root.get_by_role("button", name="Check")

    def answer(self, value) -> None:
        if isinstance(value, str):
            self.box.fill(value)
            self.box.press("Enter")
            return
        options = self.root.locator(".cb-options input")
        for i in range(options.count()):
            one = options.nth(i)
            if one.get_attribute("type") == "checkbox" or i in value:
                one.set_checked(i in value)
        self.check.click()

    def clear(self) -> None:
        self.root.get_by_role("button", name="Clear").click()


@pytest.fixture
def asked(open_page):
    open_page.forgive(r"favicon\.svg net::ERR_ABORTED")  # reloaded while it loads

    def ask(name: str, **options) -> Asked:
        return Asked(open_page(PAGE, **options), name)

    return ask


@pytest.mark.parametrize("address", pages())
def test_every_question_takes_its_answer_and_names_its_mistakes(open_page, built_site, address):
    questions = states(built_site)[address]
    if not questions:
        pytest.skip("no question on this page")
    page = open_page(address)
    for name, state in questions.items():
        one = Asked(page, name)
        choice = bool(state["options"])
        for key, feedback in state["wrong"]:
            one.answer(key if choice else text(key))
            expect(one.said).to_contain_text("Not yet. " + feedback.replace("`", ""))
        one.answer(state["answer"] if choice else text(state["answer"]))
        expect(one.said).to_contain_text("Right.")
        expect(one.said).to_contain_text(state["why"].replace("`", ""))
        assert state["why"], f"{name} does not say why"


def test_a_question_is_answered_with_the_keyboard_alone(asked):
    one = asked(TYPED)
    one.box.focus()
    page = one.page
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(one.said).to_contain_text("Not yet. That is 4 · 2")
    expect(one.box).to_be_focused()
    assert one.box.get_attribute("aria-invalid") == "true"
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    expect(one.said).to_have_text("")
    page.keyboard.press("Enter")
    expect(one.said).to_contain_text("Right.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Clear
    expect(one.box).to_have_value("")
    expect(one.box).to_be_focused()

    choice = Asked(page, CHOICE)
    choice.root.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(choice.said).to_contain_text("You slid the kernel without turning it")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(choice.said).to_contain_text("Right.")


def test_show_answer_and_clear(asked):
    one = asked(SHAPE)
    one.root.get_by_role("button", name="Show answer").click()
    expect(one.said).to_contain_text("Answer: 1, 2, 5, 4, 6.")
    one.clear()
    expect(one.said).to_have_text("")
    expect(one.check).to_be_visible()


def test_answers_survive_a_reload_and_clear_forgets_them(asked):
    one = asked(TYPED)
    one.answer("8")
    Asked(one.page, CHOICE).answer([0])
    one.page.reload()
    expect(one.box).to_have_value("8")
    expect(one.said).to_contain_text("That is 4 · 2")
    choice = Asked(one.page, CHOICE)
    expect(choice.said).to_contain_text("Right.")
    choice.clear()
    one.box.fill("")
    one.page.reload()
    expect(one.box).to_have_value("")
    expect(one.said).to_have_text("")
    expect(choice.said).to_have_text("")
    assert one.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('cb-question'))") == []


@pytest.mark.parametrize(
    "kept", ["{", "[]", "null", '{"given":{"a":1},"checked":true}', '{"given":[7],"checked":true}']
)
def test_what_cannot_be_read_from_storage_is_ignored(asked, kept):
    one = asked(TYPED)
    script = "([name, kept]) => localStorage.setItem(`cb-question ${location.pathname}#${name}`, kept)"
    for name in (TYPED, CHOICE):
        one.page.evaluate(script, [name, kept])
    one.page.reload()
    one.answer("9")
    expect(one.said).to_contain_text("Right.")
    Asked(one.page, CHOICE).answer([0])
    expect(Asked(one.page, CHOICE).said).to_contain_text("Right.")


def test_a_browser_that_stores_nothing(open_page, site_url):
    page = open_page()
    refuse = (
        "for (const name of ['getItem', 'setItem', 'removeItem']) Storage.prototype[name] = () => { throw Error(); }"
    )
    page.add_init_script(f"if (location.pathname.includes('zero-insertion')) {{ {refuse} }}")
    open_page.forgive(r"Error")  # the theme's own scripts may complain
    page.goto(f"{site_url}/{PAGE}")
    one = Asked(page, TYPED)
    one.answer("9")
    expect(one.said).to_contain_text("Right.")
    one.clear()
    expect(one.box).to_have_value("")


def test_no_text_becomes_html(asked):
    one = asked(TYPED)
    one.answer("<img src=x onerror=alert(1)>")
    expect(one.said).to_contain_text("A number is needed")
    assert one.root.locator("img").count() == 0


def test_nothing_above_moves_and_it_is_low(asked):
    one = asked(TYPED)
    heights = one.page.evaluate(
        """[...document.querySelectorAll('.cb-question')].map(
             e => [e.querySelector('.cb-ask').offsetHeight, e.offsetHeight, !!e.querySelector('.cb-typed')])"""
    )
    for ask, whole, typed in heights:
        if typed:
            assert whole - ask <= 70  # 92 px with a question of one line
    one.box.scroll_into_view_if_needed()
    one.box.focus()
    before = one.box.bounding_box()
    top = one.root.bounding_box()["y"]
    one.answer("8")
    one.page.wait_for_timeout(400)
    assert one.box.bounding_box() == before and one.root.bounding_box()["y"] == top


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_does_not_jump_when_it_comes_alive(open_page, site_url, width):
    page = open_page(width=width)
    page.add_init_script(
        """window.shift = 0;
        const add = list => { for (const e of list.getEntries()) window.shift += e.value; };
        new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });"""
    )
    page.goto(f"{site_url}/{PAGE}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.02


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_answered_questions_are_accessible_and_fit(open_page, built_site, width, dark):
    page = open_page(PAGE, width=width, dark=dark)
    for i, (name, state) in enumerate(states(built_site)[PAGE].items()):
        one = Asked(page, name)
        if i % 3 == 0:
            one.root.get_by_role("button", name="Show answer").click()
        else:
            values = state["answer"] if i % 3 == 1 else state["wrong"][0][0]
            one.answer(values if state["options"] else text(values))
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")  # axe counts what the fixed header covers as too small
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async () => (await axe.run(".cb-widget[data-widget=Question]", {
             runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }))
             .violations.map(v => [v.id, v.nodes.map(n => n.target.join(" ") + n.failureSummary)])"""
    )
    assert found == []


def test_reduced_motion_is_honoured(asked):
    one = asked(TYPED, reduced_motion=True)
    assert one.root.locator(".cb-said").evaluate("e => parseFloat(getComputedStyle(e).transitionDuration)") < 0.001
