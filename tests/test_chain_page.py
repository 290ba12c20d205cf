"""The decoder ruler on the built page, in a real browser: numbers against conv_lib, controls, bad input, links."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chain_cases import KERAS_TEXTS, TORCH_TEXTS, cases
from conv_lib.widgets import DecoderRuler
from tools import ROOT

PAGE = "book/tools/decoder.html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

READ = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const words = selector => [...el.querySelectorAll(selector)].map(e => e.textContent.trim().replace(/\\s+/g, " "));
  return {
    headline: words(".cb-d-headline")[0],
    verdict: words(".cb-d-verdict > p:first-child")[0],
    sizes: [...el.querySelectorAll(".cb-d-size")].map(e => e.firstChild.textContent),
    titles: words(".cb-d-title"),
    rules: words(".cb-d-rules > div"),
    why: words(".cb-d-why"),
    notes: words(".cb-d-notes li"),
    message: words("[role=alert]").join(" ").trim(),
  };
}"""
FOLLOW = """hash => new Promise(done => {
  addEventListener("hashchange", done, { once: true });
  location.hash = location.hash === hash ? hash + "&" : hash;
})"""

OUTSIDE = """el => {
  const { right } = el.getBoundingClientRect();
  return [...el.querySelectorAll(".cb-chain *")]
    .filter(e => e.getBoundingClientRect().right > right + 1 && !e.closest("pre, .cb-d-hidden"))
    .map(e => e.className);
}"""
VIOLATIONS = """() => axe.run(".cb-widget[data-name=decoder]")
  .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))]))"""


class Page:
    """The decoder ruler of the page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.root = page.locator('.cb-widget[data-name="decoder"]')

    def read(self) -> dict[str, Any]:
        return self.root.evaluate(READ)

    def open(self, query: str) -> None:
        self.page.evaluate(FOLLOW, f"#decoder?{query}")

    def button(self, label: str) -> Any:
        return self.root.get_by_role("button", name=label, exact=True)

    def box(self, label: str) -> Any:
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def row(self, number: int) -> Any:
        return self.root.locator(".cb-d-row").nth(number)

    def paste(self, text: str) -> None:
        details = self.root.locator(".cb-d-paste")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        self.root.get_by_role("textbox", name="Lines of code").fill(text)
        self.button("Read these lines").click()


def words(shape: Any) -> str:
    return "?" if shape is None else " × ".join("?" if n is None else str(n) for n in shape)


def test_first_view_shows_the_question(open_page):
    shown = Page(open_page(PAGE)).read()
    assert "brings 87 × 87, and it meets 86 × 86" in shown["verdict"]
    assert "multiples of 16, from 16 on" in shown["rules"][0] and "Use 688 × 688" in shown["rules"][0]
    assert shown["sizes"] == [words(shape) for shape in DecoderRuler("unet-700").shapes]


def test_random_links_show_what_conv_lib_says(open_page):
    ruler = Page(open_page(PAGE))
    for case in cases(80, seed=21):
        ruler.open(case["query"])
        shown = ruler.read()
        assert shown["sizes"] == [words(shape) for shape in case["shapes"]], case["query"]
        brings = [f"brings {words(skip)}, meets {words(meets)}" for _, skip, meets in case["misfits"]]
        assert [w for w in shown["why"] if w.startswith("brings")] == brings, case["query"]
        assert ("ends at layer" in shown["verdict"]) == (case["stop"] is not None and not brings), case["query"]


def test_bad_links_keep_something_legal(open_page):
    page = open_page(PAGE)
    ruler = Page(page)
    bad = ["layers=conv.k0", "size=0x0x0", "layers=%3Cscript%3E", "framework=jax", "layers=concat.r9"]
    for query in (*bad, "size=%F0%9F%98%80", "layers=" + "9" * 10_000):
        ruler.open(query)
        shown = ruler.read()
        assert "cannot be read" in shown["message"] and len(shown["sizes"]) == 23, query


@pytest.mark.parametrize("name", [*KERAS_TEXTS, *(f"torch-{name}" for name in TORCH_TEXTS)])
def test_pasted_text_is_read(open_page, name):
    text = {**KERAS_TEXTS, **{f"torch-{n}": t for n, t in TORCH_TEXTS.items()}}[name]
    ruler = Page(open_page(PAGE))
    ruler.paste(text)
    shown = ruler.read()
    assert shown["notes"][0].startswith("Read ") and len(shown["sizes"]) > 4
    assert "?" not in shown["headline"]


def test_of_several_classes_one_is_read_and_another_can_be_chosen(open_page):
    page = open_page(PAGE)
    ruler = Page(page)
    critic = """
class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 4, 2, 1)

    def forward(self, x):
        return self.down(x)
"""
    painter = critic.replace("Critic", "Painter").replace("Conv2d(3, 8", "ConvTranspose2d(16, 3")
    ruler.paste(critic + painter)
    shown = ruler.read()
    assert shown["sizes"] == ["700 × 700 × 16", "1400 × 1400 × 3"]
    assert shown["notes"][1] == "This is Painter. The text also has Critic: choose above what is read."
    menu = ruler.root.get_by_role("combobox", name="Part of the text to read")
    assert menu.evaluate("e => [...e.options].map(o => o.value)") == ["Critic", "Painter"]
    menu.select_option("Critic")
    shown = ruler.read()
    assert shown["sizes"] == ["700 × 700 × 3", "350 × 350 × 8"] and len(shown["notes"]) == 1
    ruler.paste("class Nothing: pass")
    assert ruler.read()["sizes"] == shown["sizes"] and "nothing was changed" in ruler.read()["notes"][0]
    assert menu.count() == 0


def test_pasted_rubbish_is_said_and_the_chain_stays(open_page):
    page = open_page(PAGE)
    ruler = Page(page)
    before = ruler.read()["sizes"]
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    for text in ("", "hello", script, "😀" * 500, "x" * 10_000, "(" * 10_000, "-1", "1e999"):
        ruler.paste(text)
        shown = ruler.read()
        assert shown["sizes"] == before and "nothing was changed" in shown["notes"][0], text[:20]
    assert ruler.root.locator("img, script").count() == 0
    ruler.paste("nn.Conv2d(3, 8, 3)\nnn.Fold(2)\nnn.Conv2d(8, 8, 3)")
    shown = ruler.read()
    assert shown["sizes"] == ["700 × 700 × 3", "698 × 698 × 8", "?", "?"]
    assert "Fold" in " ".join(shown["notes"]) and "Fold does to sizes is not known" in shown["verdict"]


def test_bad_numbers_are_explained_and_the_chain_stays(open_page):
    ruler = Page(open_page(PAGE))
    before = ruler.read()["sizes"]
    ruler.row(1).click()
    for label, most in (("Height", 9999), ("Kernel", 99), ("Channels out", 999999), ("Groups", 9999)):
        for text in ("", "-1", "1.5", "abc", "9" * 40, "<b>", "😀", "x" * 10_000):
            ruler.box(label).fill(text)
            shown = ruler.read()
            assert f"to {most}" in shown["message"], (label, text[:9])
            assert shown["sizes"] == before
        ruler.button("Undo").click()
        assert ruler.read()["message"] == ""


def test_built_by_hand_with_the_keyboard_alone(open_page):
    page = open_page(PAGE)
    ruler = Page(page)
    ruler.open("framework=keras&size=28x28x1&layers=")
    assert ruler.read()["sizes"] == ["28 × 28 × 1"]
    for label in ("Convolution", "Pooling", "Transposed"):
        ruler.root.get_by_role("button", name=f"Add at the end: {label}").focus()
        page.keyboard.press("Enter")
    assert ruler.read()["sizes"] == ["28 × 28 × 1", "28 × 28 × 32", "14 × 14 × 32", "28 × 28 × 32"]
    ruler.row(3).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function("document.activeElement.classList.contains('cb-d-row')")
    assert ruler.read()["sizes"][1:] == ["28 × 28 × 32", "56 × 56 × 32", "28 × 28 × 32"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    assert ruler.read()["sizes"] == ["28 × 28 × 1", "56 × 56 × 32", "28 × 28 × 32"]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    if ruler.row(1).get_attribute("aria-expanded") == "false":
        page.keyboard.press("Enter")
    ruler.box("Kernel").focus()
    page.keyboard.press("ArrowUp")
    assert "5×5" in ruler.read()["titles"][1]
    page.go_back()
    assert "4×4" in ruler.read()["titles"][1]


def test_remedies_repair(open_page):
    ruler = Page(open_page(PAGE))
    ruler.button("Use 704 × 704").click()
    assert "every skip fits" in ruler.read()["verdict"] and "does not" not in ruler.read()["verdict"]
    ruler.button("Reset").click()
    for _ in range(2):
        ruler.root.locator(".cb-d-remedies button", has_text="Pad 1 px").click()
    shown = ruler.read()
    assert "every skip fits" in shown["verdict"] and shown["sizes"][-1] == "700 × 700 × 1"
    ruler.open(DecoderRuler("yolo-args").query())
    ruler.button("Kernel 2, stride 2, no padding in layer 2").click()
    assert ruler.read()["sizes"] == ["16 × 16 × 384", "8 × 8 × 384", "16 × 16 × 3", "16 × 16 × 387"]
    ruler.open(DecoderRuler("dcgan-32").query())
    ruler.button("Use 64 × 64").click()
    assert ruler.read()["sizes"][-1] == "1 × 1 × 1"
    ruler.paste("nn.Conv2d(3, 8, 3)\nnn.Conv2d(16, 8, 3)\nnn.Flatten()\nnn.Linear(100, 10)")
    assert "written for 100 numbers, and 28800 arrive" in ruler.read()["verdict"]


def test_examples_of_the_page_open_the_tool(open_page):
    page = open_page(PAGE)
    ruler = Page(page)
    page.get_by_role("link", name="An autoencoder that turns 28 into 24").click()
    assert "ends at 24 × 24, not at the 28 × 28" in ruler.read()["verdict"]


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overflows_and_axe_is_content(open_page, width, dark):
    page = open_page(PAGE, width=width, dark=dark)
    ruler = Page(page)
    draw = random.Random(width)
    for query in (None, *(DecoderRuler(name).query() for name in ("unet-572", "carvana", "dcgan-32"))):
        if query:
            ruler.open(query)
        ruler.row(draw.randint(1, 9)).click()
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert ruler.root.evaluate(OUTSIDE) == []
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(VIOLATIONS)
    assert found == []


def test_long_chains_answer_at_once(open_page):
    page = open_page(PAGE, width=390)
    ruler = Page(page)
    layers = ["conv.f8.k3.p1"] * 19 + ["pool.nmax.k2.s2", "upsample.s2"] + [f"concat.r{20 - n}" for n in range(0, 19)]
    ruler.open(f"framework=torch&size=256x256x3&layers={';'.join(layers)}")
    ruler.row(5).click()
    took = ruler.root.evaluate(
        """async el => {
          const box = [...el.querySelectorAll("label")].find(l => l.textContent === "Kernel").control;
          const times = [];
          for (let i = 0; i < 9; i++) {
            const started = performance.now();
            box.value = String(i % 2 ? 5 : 3);
            box.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - started);
          }
          return times.sort((a, b) => a - b)[4];
        }"""
    )
    assert took < 250, took
