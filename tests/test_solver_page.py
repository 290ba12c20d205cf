"""The size solver on the built page, in a real browser: its answers against conv_lib, its words, controls, links."""

from __future__ import annotations

import re
import statistics
from typing import Any

import pytest

from conv_lib import shapes
from conv_lib.widgets import SizeSolver
from conv_lib.widgets.solver import FRAMEWORK_NAMES
from solver_cases import questions
from tools import ROOT

PAGE = "book/tools/solver.html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

READ = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const words = (selector, from = el) =>
    [...from.querySelectorAll(selector)].map(e => e.textContent.trim().replace(/\\s+/g, " "));
  return {
    ask: el.querySelector("input[type=text]").value,
    read: words(".cb-s-read")[0],
    headline: words(".cb-s-headline")[0],
    counts: words("[aria-label=Framework] label"),
    cards: [...el.querySelectorAll(".cb-s-card")].map(card => ({
      title: words(".cb-s-title > span:not(.cb-badge)", card)[0],
      detail: words(".cb-s-detail", card)[0],
      badge: words(".cb-badge", card)[0] ?? null,
      cost: words(".cb-s-cost", card)[0],
      chosen: card.querySelector("input").checked,
      strips: card.querySelectorAll("svg[role=img]").length,
    })),
    why: words(".cb-s-why p")[0] ?? "",
    go: words(".cb-s-go button"),
    groups: words(".cb-s-subhead"),
    rows: words(".cb-s-group li"),
    formulas: words(".cb-s-step"),
    message: words("[role=alert]").join(" ").trim(),
    code: words(".cb-solver pre")[0] ?? null,
  };
}"""

FOLLOW = """hash => new Promise(done => {
  addEventListener("hashchange", done, { once: true });
  location.hash = location.hash === hash ? hash + "&" : hash;
})"""


class Solver:
    """The solver on its page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.root = page.locator('.cb-widget[data-name="solver"]')
        self.ask = self.root.get_by_role("textbox")

    def read(self) -> dict[str, Any]:
        return self.root.evaluate(READ)

    def open(self, query: str) -> None:
        self.page.evaluate(FOLLOW, f"#solver?{query}")

    def by_hand(self) -> None:
        self.root.locator(".cb-s-hand summary").click()

    def box(self, label: str) -> Any:
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def button(self, label: str) -> Any:
        return self.root.get_by_role("button", name=label, exact=True)

    def choose(self, label: str) -> None:
        self.root.locator(".cb-choice label", has_text=label).first.click()


def widget(q: dict[str, Any]) -> SizeSolver:
    return SizeSolver(
        direction=q["direction"],
        size=q["size"],
        wanted=q["wanted"],
        kernel=q["kernel"] or None,
        stride=q["stride"] or None,
        dilation=q["dilation"],
        padding=q["padding"],
        framework=q["framework"],
    )


def hold_to_conv_lib(shown: dict[str, Any], w: SizeSolver) -> None:
    answer = w.answer
    count = answer.count or int(answer.rectangular is not None)
    size, wanted = (" × ".join(map(str, pair)) for pair in (w.size, w.wanted))
    assert shown["headline"].startswith(f"{size} → {wanted} ")
    assert f"{FRAMEWORK_NAMES[w.framework]} ({count})" in shown["counts"]
    cards, crop = shown["cards"], None
    if not (count and nothing_to_crop(w)):
        *cards, crop = cards
    assert len(cards) == min(count, 6)
    for card, setting in zip(cards, answer.settings or [answer.rectangular], strict=False):
        dilated = f", dilation {setting.dilation}" if setting.dilation > 1 else ""
        kernel, stride = shared(setting.kernel), shared(setting.stride)
        assert card["title"] == f"Kernel {kernel}, stride {stride}{dilated}"
        assert card["cost"].startswith(f"{setting.macs:,} multiply-adds")
        for padding in setting.padding:
            assert str(padding) in card["detail"]
        assert ("output_shape" in card["detail"]) == (setting.output_size is not None)
        even = {"even": ("even overlap", "read evenly"), "uneven": ("uneven overlap", "read unevenly")}
        assert card["badge"] in even.get(setting.overlap, ("gaps",))
        assert card["strips"] in (1, 2)
    if crop:
        hold_crop(w, crop)
    assert shown["why"].startswith(answer.reason) and bool(shown["why"]) == (not answer.count)
    assert (cards[0] if count else crop)["chosen"]


def shared(value: int | tuple[int, int]) -> int | tuple[int, int]:
    return value[0] if isinstance(value, tuple) and value[0] == value[1] else value


def nothing_to_crop(w: SizeSolver) -> bool:
    window = w.answer.window
    how = {"stride": window.stride, "dilation": window.dilation}
    whole = [shapes.full_size(n, window.kernel, **how) if w.direction == "up" else n for n in w.size]
    return window.window == tuple((0, n) for n in whole)


def hold_crop(w: SizeSolver, crop: dict[str, Any]) -> None:
    answer = w.answer
    assert f"kernel {answer.window.kernel}, stride {answer.window.stride}" in crop["title"]
    if w.direction == "up":
        (top, _), (left, _) = answer.window.window
        assert f"rows {top} to" in crop["detail"] and f"columns {left} to" in crop["detail"]


def test_first_view_answers_the_first_example(open_page):
    solver = Solver(open_page(PAGE))
    shown = solver.read()
    hold_to_conv_lib(shown, SizeSolver("seven-to-28"))
    assert shown["ask"] == "7x7 to 28x28"
    assert shown["cards"][0]["title"] == "Kernel 4, stride 4"
    assert shown["formulas"] == ["(7 − 1)·4 + 4 = 28"]


def test_random_links_show_what_conv_lib_says(open_page):
    solver = Solver(open_page(PAGE))
    for q in questions(90, seed=17):
        w = widget(q)
        solver.open(w.query())
        hold_to_conv_lib(solver.read(), w)


def test_words_are_answered_while_they_are_typed(open_page):
    page = open_page(PAGE)
    solver = Solver(page)
    solver.ask.fill("46×62 → 368×489 k16 s8 same")
    shown = solver.read()
    hold_to_conv_lib(shown, SizeSolver("stride-eight"))
    assert "tf.nn can" in shown["go"]
    assert 'Alone, 46 → 368 takes padding="same"; 62 → 489 takes padding="same", output_padding=1.' in shown["why"]
    assert "from=46x62" not in page.url  # not yet a step
    solver.ask.press("Enter")
    assert "do=up&from=46x62&to=368x489&kernel=16&stride=8&padding=same" in page.url
    assert solver.read()["ask"] == "46x62 to 368x489 kernel 16 stride 8 same"
    solver.button("tf.nn can").click()
    hold_to_conv_lib(solver.read(), SizeSolver("stride-eight-tf"))
    page.go_back()
    page.go_back()
    assert solver.read()["headline"].startswith("7 × 7 → 28 × 28")


BAD = [
    "",
    "hello",
    "-3 to 9",
    "7.5 to 15",
    "0 to 4",
    "7 to 99999",
    "😀",
    "<script src='7'>",
    "<img src=x onerror=alert(1)>",
    "9" * 10_000,
    "%00",
    "to to to",
]


def test_what_cannot_be_read_is_said_and_the_answer_stays(open_page):
    page = open_page(PAGE)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    solver = Solver(page)
    for text in BAD:
        solver.ask.fill(text)
        shown = solver.read()
        assert shown["headline"].startswith("7 × 7 → 28 × 28"), text
        assert len(shown["read"]) > 20 and "7 × 7" not in shown["read"]
        solver.ask.press("Escape")
        assert solver.read()["ask"] == "7x7 to 28x28"
    solver.by_hand()
    for label in ("From height", "To width", "Kernel", "Stride", "Dilation"):
        for text in ("abc", "-1", "99999", "1.5", "😀", "<b>", "9" * 10_000):
            solver.box(label).fill(text)
            shown = solver.read()
            assert "is a whole number from" in shown["message"], (label, text)
            assert shown["headline"].startswith("7 × 7 → 28 × 28")
        solver.button("Undo").click()
        assert solver.read()["message"] == ""


def test_numbers_by_hand(open_page):
    page = open_page(PAGE)
    solver = Solver(page)
    solver.by_hand()
    solver.box("Kernel").press("ArrowUp")
    assert solver.box("Kernel").input_value() == "1"
    solver.box("Kernel").fill("5")
    solver.root.get_by_role("combobox", name="Padding").select_option("same")
    hold_to_conv_lib(solver.read(), SizeSolver(size=(7, 7), wanted=(28, 28), kernel=5, padding="same"))
    assert solver.read()["ask"] == "7x7 to 28x28 kernel 5 same"
    solver.box("Kernel").fill("any")
    hold_to_conv_lib(solver.read(), SizeSolver(size=(7, 7), wanted=(28, 28), padding="same"))
    solver.choose("Convolution")
    hold_to_conv_lib(solver.read(), SizeSolver(direction="down", size=(28, 28), wanted=(7, 7), padding="same"))
    solver.button("Reset").click()
    assert solver.read()["ask"] == "7x7 to 28x28"


def test_where_there_is_none_the_nearest_sizes_are_a_click_away(open_page):
    solver = Solver(open_page(PAGE))
    solver.ask.fill("7 to 16 s2 same")
    shown = solver.read()
    assert shown["why"].startswith("Within these limits, from 7, at most 14 is reached, not 16")
    solver.button("Reach 14 × 14 instead").click()
    hold_to_conv_lib(solver.read(), SizeSolver(size=(7, 7), wanted=(14, 14), stride=2, padding="same"))


def test_a_kernel_and_a_stride_for_each_axis(open_page):
    page = open_page(PAGE)
    solver = Solver(page)
    solver.open("do=up&from=4x4&to=7x11&kernel=4&in=keras")
    shown = solver.read()
    hold_to_conv_lib(shown, SizeSolver(size=(4, 4), wanted=(7, 11), kernel=4))
    assert [card["title"] for card in shown["cards"]] == ["Kernel 4, stride (2, 3)", "Crop: kernel 4, stride 3"]
    assert shown["cards"][0]["strips"] == 2
    assert shown["formulas"][::2] == ["(4 \u2212 1)\u00b72 + 4 = 10", "(4 \u2212 1)\u00b73 + 4 = 13"]
    solver.root.get_by_text("Code of the chosen answer").click()
    code = solver.root.locator("pre").first
    assert "strides=(2, 3)" in code.inner_text()
    solver.root.locator(".cb-s-card", has_text="Crop:").click()
    assert "Cropping2D" in code.inner_text() and "strides=3," in code.inner_text()


def test_every_size_of_a_setting(open_page):
    solver = Solver(open_page(PAGE))
    solver.open(SizeSolver("five-or-six-sizes").query())
    shown = solver.read()
    assert shown["groups"] == ["Padding valid"]
    assert [row[:5] for row in shown["rows"]] == ["2 → 5", "2 → 6"]
    assert "Keras, by default" in shown["rows"][0] and "PyTorch padding=0, output_padding=1" in shown["rows"][1]
    assert "keeps the full result, appends 1 zero" in shown["rows"][1]
    solver.open(SizeSolver("dcgan-next").query())
    rows = solver.read()["rows"]
    assert [re.match(r"4 → (\d+)", row)[1] for row in rows] == ["11", "12", "7", "8"]
    solver.open(SizeSolver("odd-input").query())
    rows = solver.read()["rows"]
    assert [row.split(" ")[2][:2] for row in rows] == ["11", "11", "12", "12"]
    assert "inputs 23 to 24 all give 12" in rows[3]
    solver.root.get_by_role("button", name=re.compile("23 → 12: show the settings")).click()
    assert solver.read()["headline"].startswith("23 × 24 → 12 × 12")


def test_choosing_an_answer_changes_its_code_link_and_undoes(open_page, site_url):
    page = open_page(PAGE)
    solver = Solver(page)
    solver.root.get_by_text("Code of the chosen answer").click()
    assert 'strides=4, padding="same"' in solver.read()["code"]
    solver.root.get_by_role("radio", name=re.compile("Kernel 5, stride 4")).check()
    assert "8, 5, strides=4" in solver.read()["code"]
    address = page.evaluate("location.href")
    assert "pick=2" in address
    page.go_back()
    assert "8, 4, strides=4" in solver.read()["code"]
    again = Solver(open_page(address.removeprefix(f"{site_url}/")))
    assert [card["chosen"] for card in again.read()["cards"]].index(True) == 2
    solver.button("Show 14 more").click()
    assert len(solver.read()["cards"]) == 20


def test_keyboard_alone(open_page):
    page = open_page(PAGE)
    solver = Solver(page)
    solver.ask.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("12 to 23 k3 s2 same")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # the next framework
    shown = solver.read()
    assert "setting of tf.nn" in shown["headline"] or "settings of tf.nn" in shown["headline"]
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert solver.read()["cards"][1]["chosen"]


LINKS = [
    "do=up&from=46x62&to=368x489&kernel=16&stride=8&padding=same&in=keras",
    "do=up&from=4096x1&to=1x4096&in=torch",
    "do=up&from=7x9&to=30x33&dilation=3&in=tf",
    "do=down&from=224x223&to=17x13&in=torch&pick=-1",
    "do=up&from=2x5&kernel=3&stride=2&in=keras",
    "do=up&from=4000x4000&kernel=64&stride=64&padding=same&in=keras",
    "do=down&from=3x40&kernel=9&stride=2&in=keras",
]


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True), (320, False)])
def test_every_view_is_accessible_and_fits(open_page, width, dark):
    page = open_page(PAGE, width=width, dark=dark)
    solver = Solver(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    solver.by_hand()
    solver.root.get_by_text("Code of the chosen answer").click()
    for link in LINKS:
        solver.open(link)
        solver.read()
        found = page.evaluate(
            """async () => {
              const { violations } = await axe.run(`.cb-widget[data-name="solver"]`, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
              return violations.map(v => [v.id, v.nodes.map(n => n.target.join(" ") + n.failureSummary).slice(0, 3)]);
            }"""
        )
        assert found == [], link
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, link
        out = solver.root.evaluate(
            """el => { const right = el.getBoundingClientRect().right + 1;
              return [...el.querySelectorAll("button, input, select, label, p, dd, span, svg")]
                .filter(e => e.getBoundingClientRect().right > right).map(e => e.outerHTML.slice(0, 90)); }"""
        )
        assert out == [], link


def test_typing_answers_quickly(open_page):
    page = open_page(PAGE)
    solver = Solver(page)
    times = []
    for text in ("7 to 28", "46x62 to 368x489", "224 to 112", "2x3 to 127x190", "65x66 to 4096x4096", "16 to 32 d8"):
        times.append(
            solver.root.evaluate(
                """async (el, text) => {
                  const box = el.querySelector("input[type=text]");
                  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
                  await new Promise(done => requestAnimationFrame(done));
                  const start = performance.now();
                  set.call(box, text); box.dispatchEvent(new Event("input", { bubbles: true }));
                  await new Promise(done => { const c = new MessageChannel(); c.port1.onmessage = done;
                    requestAnimationFrame(() => c.port2.postMessage(0)); });
                  return performance.now() - start; }""",
                text,
            )
        )
        print(f"{times[-1]:4.0f} ms  {text}")
    assert statistics.median(times) < 150


@pytest.mark.parametrize(
    "query", ["", "%zz", "do=x", "from=1e9", "from=7", "to=4x4", "from=7x7&to=axb", "from=7x7&kernel=<b>", "pick=99"]
)
def test_nonsense_in_the_address_is_survived(open_page, query):
    shown = Solver(open_page(f"{PAGE}#solver?{query}")).read()
    assert re.match(r"\d+ × \d+", shown["headline"])


def test_without_scripts_the_answer_is_a_figure_with_words(open_page):
    page = open_page(PAGE, javascript=False)
    figure = page.locator("noscript figure, figure").first
    assert "From 7 × 7 to 28 × 28" in figure.inner_text()
    picture = figure.locator("img")
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    assert "25 settings" in picture.get_attribute("alt")
