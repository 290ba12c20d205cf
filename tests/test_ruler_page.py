"""The size ruler on the built page, in a real browser: its numbers against conv_lib, its controls, bad input, links."""

from __future__ import annotations

import random
import re
import statistics
from typing import Any

import pytest

from conv_lib import shapes
from ruler_cases import cases
from tools import ROOT

PAGE = "book/sizes.html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

READ = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const words = selector => [...el.querySelectorAll(selector)].map(e => e.textContent.trim().replace(/\\s+/g, " "));
  const control = label => [...el.querySelectorAll("label")].find(l => l.textContent.trim() === label)?.control;
  return {
    mode: el.querySelector("[role=radiogroup][aria-label=Mode] input:checked").value,
    headline: words(".cb-r-headline")[0],
    trace: words(".cb-r-trace")[0],
    formulas: words(".cb-readout .cb-formula"),
    rows: [...el.querySelectorAll(".cb-r-legal .cb-r-row")].map(row => ({
      size: Number(row.querySelector(".cb-r-size").textContent.replace("Output ", "")),
      words: row.querySelector(".cb-r-quiet").textContent,
      badges: [...row.querySelectorAll(".cb-badge")].map(b => b.textContent),
      chosen: row.querySelector("input").checked,
    })),
    torch: words(".cb-r-torch")[0] ?? null,
    after: words(".cb-r-after"),
    message: el.querySelector("[role=alert] + *, [role=alert]") && words("[role=alert]").join(" ").trim(),
    fixes: words("[role=alert] button"),
    boxes: Object.fromEntries(["Input size", "Kernel", "Stride", "Dilation"].map(n => [n, control(n)?.value ?? null])),
    sliders: [...el.querySelectorAll("svg [role=slider]")].map(s => [s.getAttribute("aria-label"),
      Number(s.getAttribute("aria-valuenow")), Number(s.getAttribute("aria-valuemax"))]),
  };
}"""

FOLLOW = """hash => new Promise(done => {
  addEventListener("hashchange", done, { once: true });
  location.hash = location.hash === hash ? hash + "&" : hash;
})"""


class Ruler:
    """One ruler on a page, by the name that links to it use."""

    def __init__(self, page: Any, name: str = "ruler") -> None:
        self.page, self.name = page, name
        self.root = page.locator(f'.cb-widget[data-name="{name}"]')

    def read(self) -> dict[str, Any]:
        return self.root.evaluate(READ)

    def open(self, query: str) -> None:
        self.page.evaluate(FOLLOW, f"#{self.name}?{query}")

    def box(self, label: str) -> Any:
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def slider(self, label: str) -> Any:
        return self.root.get_by_role("slider", name=label, exact=True)

    def mode(self, label: str) -> None:
        self.root.locator(".cb-choice label", has_text=label).first.click()

    def button(self, label: str) -> Any:
        return self.root.get_by_role("button", name=label, exact=True)


def query(settings: dict[str, Any]) -> str:
    """A link's query as a reader would write it by hand."""
    padding = settings["padding"]
    parts: dict[str, Any] = {
        "mode": settings["mode"],
        "size": settings["size"],
        "kernel": settings["kernel"],
        "stride": settings["stride"],
        "dilation": settings["dilation"],
        "padding": padding if isinstance(padding, str) else ",".join(map(str, padding)),
        "torch": ",".join(map(str, settings["torch"])),
        "layers": ";".join(
            f"{x['kernel']},{x['stride']},{x['dilation']},{x['padding']}" for x in settings["layers"]
        ),
    }
    if settings["outputSize"]:
        parts["output"] = settings["outputSize"]
    return "&".join(f"{key}={value}" for key, value in parts.items())


def hold_to_conv_lib(shown: dict[str, Any], case: dict[str, Any]) -> None:
    settings = case["settings"]
    assert shown["mode"] == settings["mode"]
    assert shown["headline"].startswith(f"{settings['size']} → {case['output']} ")
    if settings["mode"] == "stack":
        said = [tuple(int(n) for n in re.findall(r"\d+", text)) for text in shown["after"]]
        assert said == [
            (number, field["output"], field["size"], field["jump"])
            for number, field in enumerate(case["fields"], 1)
        ]
        return
    assert [shown["boxes"][n] for n in ("Input size", "Kernel", "Stride", "Dilation")] == [
        str(settings[n]) for n in ("size", "kernel", "stride", "dilation")
    ]
    if settings["mode"] == "conv":
        return
    full = max(shown["sliders"], key=lambda s: s[0] == "Full result pixel")[2] + 1
    assert len(shown["rows"]) == len(case["rows"])
    for row, expected in zip(shown["rows"], case["rows"], strict=True):
        start, stop = expected["window"]
        assert row["size"] == expected["size"]
        assert row["chosen"] == (expected["size"] == case["output"])
        if start < full:
            assert row["words"].startswith(f"keeps {start} to {min(stop, full) - 1}")
        assert ("appends" in row["words"]) == (stop > max(full, start))
        badges = " ".join(row["badges"])
        assert ("Keras default" in badges) == expected["default"]
        op = re.search(r"Keras output_padding=(\d+)", badges)
        assert (int(op[1]) if op else None) == expected["op"]
        torch = re.search(r"PyTorch padding=(\d+), output_padding=(\d+)", badges)
        assert ([int(n) for n in torch.groups()] if torch else None) == expected["torch"]
    window = case["torch"]
    matches = window and any(window == row["window"] for row in case["rows"])
    if window is None:
        assert "refuses" in shown["torch"]
    elif not matches:
        assert f"Output {window[1] - window[0]} " in shown["torch"]
    else:
        assert shown["torch"] is None


def test_first_view_shows_the_question(open_page):
    ruler = Ruler(open_page(PAGE))
    shown = ruler.read()
    assert shown["headline"] == "13 → 2 no padding; the last 2 pixels are never reached"
    ruler.root.get_by_role("combobox", name="Padding").select_option("same")
    assert ruler.read()["headline"] == "13 → 3 padding 1 before, 2 after; every pixel is read"


def test_random_links_show_what_conv_lib_says(open_page):
    ruler = Ruler(open_page(PAGE))
    legal, refused = cases(120, seed=5)
    for case in legal:
        ruler.open(query(case["settings"]))
        hold_to_conv_lib(ruler.read(), case)
    for case in refused[:12]:
        ruler.open(query(case["settings"]))
        assert "not legal" in ruler.read()["message"], case


def test_an_illegal_kernel_is_explained_and_the_picture_stays(open_page):
    ruler = Ruler(open_page(PAGE))
    before = ruler.read()
    ruler.box("Kernel").fill("20")
    shown = ruler.read()
    assert "20" in shown["message"] and "13" in shown["message"]
    assert shown["headline"] == before["headline"]
    assert {"Use kernel 13", "Use same padding"} <= set(shown["fixes"])
    ruler.button("Use kernel 13").click()
    shown = ruler.read()
    assert shown["message"] == "" and shown["headline"].startswith("13 → 1 ")
    for text in ("", "abc", "0", "99", "1.5", "-3", "9" * 40):
        ruler.box("Stride").fill(text)
        shown = ruler.read()
        assert "from 1 to 32" in shown["message"], text
        assert shown["headline"].startswith("13 → 1 ")
    ruler.button("Undo").click()
    assert ruler.read()["message"] == ""


def test_sliders_and_rows_answer_to_the_keyboard_alone(open_page):
    page = open_page(PAGE)
    ruler = Ruler(page)
    ruler.slider("Kernel, slider").focus()
    page.keyboard.press("ArrowLeft")
    assert ruler.read()["boxes"]["Kernel"] == "5"
    ruler.slider("Stride, slider").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert ruler.read()["headline"].startswith("13 → 5 ")
    row = ruler.slider("Output pixel")
    row.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert ruler.read()["trace"] == "Output pixel 2 sees 5 input pixels: 4 to 8."
    assert row.get_attribute("aria-valuetext") == "Output pixel 2 sees 5 input pixels: 4 to 8."
    page.keyboard.press("End")
    assert row.get_attribute("aria-valuenow") == "4"
    ruler.slider("Input pixel").focus()
    page.keyboard.press("Home")
    assert ruler.read()["trace"] == "Input pixel 0 reaches 1 output pixel: 0."


def test_dragging_a_slider_is_one_step_back(open_page):
    page = open_page(PAGE)
    ruler = Ruler(page)
    handle = ruler.slider("Stride, slider")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    y = box["y"] + box["height"] / 2
    at = box["x"] + 8 + (box["width"] - 16) * 4 / 31
    page.mouse.move(at, y)
    page.mouse.down()
    seen = set()
    for step in range(1, 12):
        page.mouse.move(at - step * 2, y)
        seen.add(ruler.read()["headline"])
    page.mouse.up()
    assert len(seen) > 2
    assert not ruler.read()["headline"].startswith("13 → 2 ")
    page.go_back()
    assert ruler.read()["headline"].startswith("13 → 2 ")


def test_pointing_traces_a_pixel_both_ways(open_page):
    page = open_page(PAGE)
    ruler = Ruler(page)
    svg = ruler.root.locator("svg.cb-r-picture")
    box = svg.bounding_box()
    cells = svg.locator(".cb-r-input .cb-r-number")
    seventh = cells.nth(7).bounding_box()
    page.mouse.move(seventh["x"] + 3, seventh["y"] + 5)
    assert ruler.read()["trace"] == "Input pixel 7 reaches 1 output pixel: 1."
    last = cells.nth(12).bounding_box()
    page.mouse.move(last["x"] + 3, last["y"] + 5)
    assert "reaches no output pixel" in ruler.read()["trace"]
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] + 30)
    assert ruler.read()["trace"].startswith("Output pixel 1 sees")


def test_choosing_a_legal_row_links_and_undoes(open_page, site_url):
    page = open_page(PAGE)
    ruler = Ruler(page)
    ruler.open("mode=transpose&size=3&kernel=3&stride=2&padding=same&torch=1,1")
    shown = ruler.read()
    assert [row["size"] for row in shown["rows"]] == [5, 6]
    assert "every value is shifted" in shown["torch"]
    ruler.root.get_by_role("radio", name=re.compile("Output 5")).check()
    assert ruler.read()["headline"].startswith("3 → 5 ")
    address = page.evaluate("location.href")
    assert "output=5" in address
    page.go_back()
    assert ruler.read()["headline"].startswith("3 → 6 ")
    again = Ruler(open_page(address.removeprefix(f"{site_url}/")))
    assert again.read()["headline"].startswith("3 → 5 ")


def test_what_pytorch_refuses_is_said_beside_the_picture(open_page):
    ruler = Ruler(open_page(PAGE))
    ruler.open("mode=transpose&size=5&kernel=3&stride=2&padding=valid&torch=2,0")
    assert "Output 7 " in ruler.read()["torch"]
    ruler.box("PyTorch output_padding").fill("2")
    assert "must be smaller than the stride or the dilation, here 2" in ruler.read()["torch"]
    ruler.box("PyTorch output_padding").fill("0")
    ruler.box("PyTorch padding").fill("9")
    assert "nothing would be left. At most 5" in ruler.read()["torch"]


def test_a_stack_grows_and_shrinks(open_page):
    ruler = Ruler(open_page(PAGE), "sizes-stack")
    shown = ruler.read()
    assert [re.findall(r"sees (\d+)", text)[0] for text in shown["after"]] == ["3", "7", "15", "31"]
    ruler.button("Add a layer").click()
    assert "layer 5" in ruler.read()["message"]  # a dilation of 8 no longer fits into 10 pixels
    ruler.button("Use same padding in layer 5").click()
    shown = ruler.read()
    assert len(shown["after"]) == 5 and "sees 47" in shown["after"][-1]
    ruler.root.get_by_role("button", name="Remove layer 1").click()
    assert len(ruler.read()["after"]) == 4
    ruler.box("Kernel 2").fill("99")
    assert "from 1 to 32" in ruler.read()["message"]


def test_play_moves_along_and_stops(open_page):
    page = open_page(PAGE)
    ruler = Ruler(page)
    ruler.button("Step").click()
    assert ruler.read()["trace"].startswith("Output pixel 0")
    ruler.button("Play").click()
    page.wait_for_function(
        "el => el.querySelector('.cb-r-trace').textContent.startsWith('Output pixel 1')",
        arg=ruler.root.element_handle(),
    )
    ruler.button("Pause").click()
    stopped = ruler.read()["trace"]
    page.wait_for_timeout(1500)
    assert ruler.read()["trace"] == stopped


LINKS = [
    "mode=transpose&size=46&kernel=16&stride=8&padding=same&torch=4,0",
    "mode=transpose&size=512&kernel=32&stride=32&padding=same&torch=0,0&view=whole",
    "mode=conv&size=512&kernel=32&stride=1&dilation=16&padding=same&view=whole",
    "mode=conv&size=224&kernel=7&stride=2&padding=same&view=ends",
    "mode=stack&size=512&layers=" + ";".join(["32,2,16,same"] * 8),
    "mode=transpose&size=4&kernel=2&stride=4&padding=valid&torch=31,31",
    "mode=conv&size=1&kernel=1&stride=32&padding=256,256",
]


@pytest.mark.parametrize("width, dark", [(1280, False), (390, True), (320, False)])
def test_every_mode_is_accessible_and_fits(open_page, width, dark):
    page = open_page(PAGE, width=width, dark=dark)
    ruler = Ruler(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for link in LINKS:
        ruler.open(link)
        ruler.read()
        found = page.evaluate(
            """async name => {
              const { violations } = await axe.run(`.cb-widget[data-name="${name}"]`, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
              return violations.map(v => [v.id, v.nodes.map(n => n.target.join(" ") + n.failureSummary).slice(0, 3)]);
            }""",
            ruler.name,
        )
        assert found == [], link
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, link
        out = ruler.root.evaluate(
            """el => { const right = el.getBoundingClientRect().right + 1;
              return [...el.querySelectorAll("button, input, select, label, p, dd, .cb-badge, svg")]
                .filter(e => e.getBoundingClientRect().right > right).map(e => e.outerHTML.slice(0, 90)); }"""
        )
        assert out == [], link


def test_large_settings_answer_quickly(open_page):
    page = open_page(PAGE)
    ruler = Ruler(page)
    draw = random.Random(3)
    times = []
    for link in LINKS:
        ruler.open(link)
        for _ in range(6):
            took = ruler.root.evaluate(
                """async (el, to) => {
                  const label = [...el.querySelectorAll("label")].find(l => l.textContent.trim() === "Input size");
                  const box = label.control;
                  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
                  await new Promise(done => requestAnimationFrame(done));
                  const start = performance.now();
                  set.call(box, String(to)); box.dispatchEvent(new Event("input", { bubbles: true }));
                  await new Promise(done => { const c = new MessageChannel(); c.port1.onmessage = done;
                    requestAnimationFrame(() => c.port2.postMessage(0)); });
                  return performance.now() - start; }""",
                draw.randint(40, 512),
            )
            times.append(took)
            print(f"{took:4.0f} ms  {link[:60]}")
    print(f"median {statistics.median(times):.0f} ms, most {max(times):.0f} ms")
    assert statistics.median(times) < 100


@pytest.mark.parametrize("query", ["", "%zz", "mode=x", "size=1e9", "layers=;;;&mode=stack", "torch=a&mode=transpose"])
def test_nonsense_in_the_address_is_survived(open_page, query):
    page = open_page(f"{PAGE}#ruler?{query}")
    assert re.match(r"\d+ → \d+", Ruler(page).read()["headline"])


def test_formulas_as_shown_give_the_sizes(open_page):
    ruler = Ruler(open_page(PAGE))
    ruler.open("mode=conv&size=13&kernel=6&stride=5&padding=same")
    assert ruler.read()["formulas"] == [
        "⌈L / s⌉ = ⌈13 / 5⌉ = 3",
        "max((n − 1)·s + k − L, 0) = max((3 − 1)·5 + 6 − 13, 0) = 3",
    ]
    ruler.open("mode=transpose&size=12&kernel=3&stride=2&padding=same&output=23&torch=1,0")
    formulas = ruler.read()["formulas"]
    assert formulas[1] == "n·s = 12·2 = 24"
    assert formulas[2] == "(n − 1)·s + k mod 2 + op = (12 − 1)·2 + 1 + 0 = 23"
    assert formulas[-1].endswith(f"= {shapes.torch_transposed_size(12, 3, stride=2, padding=1)}")
