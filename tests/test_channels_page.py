"""The channel view on the built chapter, in a real browser: its numbers, choosing, pointing, editing, bad input."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from channels_cases import channel_cases, reference
from conv_lib.figures.presets import PRESETS
from explorer_driver import FOLLOW, as_number
from test_explorer_page import AXE, AXE_RUN, OVERFLOW

PAGE = "book/convolution.html"
NAME = "channels"
START = PRESETS["channels"]

# The numbers of every grid, by its name; the sum; the message. A frame passes first, so that it is drawn.
READ = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const grids = {}, lit = {};
  for (const g of el.querySelectorAll("[role=grid]")) {
    const rows = [];
    for (const c of g.querySelectorAll("[role=gridcell]")) {
      (rows[+c.dataset.row] ??= [])[+c.dataset.column] = Number(c.dataset.value);
      if (c.classList.contains("cb-is-part")) (lit[g.ariaLabel] ??= []).push([+c.dataset.row, +c.dataset.column]);
    }
    grids[g.ariaLabel] = rows;
  }
  const control = label => [...el.querySelectorAll("label")].find(l => l.textContent.trim() === label)?.control;
  const lines = [...el.querySelectorAll("[role=group][aria-label=Sum] p")].map(p => p.innerText.replace(/\\s+/g, " "));
  return { grids, lit, lines,
    chosen: +el.querySelector(".cb-overview input:checked").value,
    groups: [...(control("Groups")?.options ?? [])].map(o => o.value),
    message: [...el.querySelectorAll("[role=alert]")].map(e => e.innerText.trim()).join(" ").trim(),
    readout: [...el.querySelectorAll(".cb-readout dd")].map(e => e.innerText.replace(/\\s+/g, " ")),
    total: el.querySelector(".cb-total").innerText };
}"""


def text_of(m) -> str:
    return ";".join(",".join(f"{v:g}" for v in row) for row in m)


def query(traits: dict) -> str:
    """A link's query as a reader would write it by hand."""
    x, kernel = np.array(traits["input"], float), np.array(traits["kernel"], float)
    slices = [text_of(kernel[:, :, m, o]) for o in range(kernel.shape[3]) for m in range(kernel.shape[2])]
    parts = {
        "input": "/".join(text_of(x[..., c]) for c in range(x.shape[2])),
        "kernel": "/".join(slices),
        "bias": "none" if traits["bias"] is None else ",".join(f"{b:g}" for b in traits["bias"]),
        "stride": traits["stride"],
        "padding": traits["padding"],
        "groups": traits["groups"],
        "channel": traits["channel"],
    }
    return "&".join(f"{key}={value}" for key, value in parts.items())


LARGEST = query(
    {
        "input": [[[(3 * r + c + 2 * m) % 10 for m in range(4)] for c in range(7)] for r in range(7)],
        "kernel": [
            [[[(a + b + m + o) % 5 - 2 for o in range(6)] for m in range(4)] for b in range(5)] for a in range(5)
        ],
        "bias": [1000.25, -2, 0, 3, -1, 2],
        "stride": 1,
        "padding": "same",
        "groups": 1,
        "channel": 5,
    }
)


class View:
    def __init__(self, page, name: str = NAME) -> None:
        self.page, self.name = page, name
        self.root = page.locator(f'.cb-widget[data-name="{name}"]')

    def read(self) -> dict:
        return self.root.evaluate(READ)

    def open(self, text: str) -> None:
        self.page.evaluate(FOLLOW, f"#{self.name}?{text}")

    def unfold(self) -> None:
        self.root.evaluate("el => el.querySelectorAll('details').forEach(d => { d.open = true; })")

    def cell(self, grid: str, row: int, column: int):
        return self.root.get_by_role("grid", name=grid, exact=True).locator(
            f'[data-row="{row}"][data-column="{column}"]'
        )

    def box(self, label: str, counted: bool = False):
        inside = self.root.locator(".cb-count" if counted else ".cb-controls").first
        return inside.get_by_role("spinbutton", name=label, exact=True)

    def menu(self, label: str, counted: bool = False):
        inside = self.root.locator(".cb-count" if counted else ".cb-controls").first
        return inside.get_by_role("combobox", name=label, exact=True)


@pytest.fixture
def view(open_page) -> View:
    page = open_page(PAGE)
    page.wait_for_selector(f'.cb-widget[data-name="{NAME}"][data-alive]')
    return View(page)


def numbers(text: str) -> list[float]:
    return [as_number(v.strip("()")) for v in re.findall(r"\(?[−\d.]+(?:e−?\d+)?\)?", text)]


def test_60_random_layers_show_what_conv_lib_computes(view) -> None:
    draw = random.Random(3)
    for case in channel_cases(60, seed=77)[0]:
        traits = case["traits"]
        view.open(query(traits))
        o = traits["channel"]
        height, width, _ = np.shape(case["output"])
        r, c = draw.randrange(height), draw.randrange(width)
        view.cell(f"Output channel {o}", r, c).focus()
        seen = view.read()
        assert seen["message"] == "", (traits, seen["message"])
        assert seen["chosen"] == o
        output = reference(traits)[..., o]
        np.testing.assert_allclose(seen["grids"][f"Output channel {o}"], output, atol=1e-9)
        total = np.zeros_like(output)
        for i, wanted in enumerate(case["parts"][o]):
            part = seen["grids"].get(f"Part of in {i}")
            assert (part is None) == (f"Kernel slice from in {i} to out {o}" not in seen["grids"])
            np.testing.assert_allclose(0 if part is None else part, wanted, atol=1e-9)
            total += wanted
        bias = 0 if traits["bias"] is None else seen["grids"][f"Bias of out {o}"][0][0]
        np.testing.assert_allclose(total + bias, output, atol=1e-9)
        # The written sum: one line per part, each line with the products that give it.
        lead, *rest = seen["lines"]
        assert as_number(re.search(r"= ([−\d.e]+)(?: Summed|$)", lead.strip())[1]) == pytest.approx(
            output[r, c], abs=0.006
        )
        for line in rest:
            i = int(re.match(r"in (\d)", line)[1])
            products = re.findall(r"(\(?[−\d.]+\)?)·(\(?[−\d.]+\)?)", line)
            value = sum(as_number(a.strip("()")) * as_number(b.strip("()")) for a, b in products)
            assert value == pytest.approx(case["parts"][o][i][r][c], abs=0.03), line
        weights = np.size(traits["kernel"])
        assert str(weights + len(traits["bias"] or [])) in seen["total"]


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_choosing_a_channel_out_switches_its_slices_and_back_undoes_it(view, how) -> None:
    before = view.read()
    if how == "mouse":
        view.root.locator(".cb-strip").nth(1).click()
    else:
        view.root.locator(".cb-strip input:checked").focus()
        view.page.keyboard.press("ArrowRight")
    seen = view.read()
    kernel = np.array(START["kernel"], float)
    for m in range(3):
        np.testing.assert_allclose(seen["grids"][f"Kernel slice from in {m} to out 1"], kernel[:, :, m, 1])
        assert seen["grids"][f"Input channel {m}"] == before["grids"][f"Input channel {m}"]
    view.page.go_back()
    expect(view.root.get_by_role("grid", name="Output channel 0")).to_be_visible()


def test_pointing_lights_the_window_in_every_channel(view) -> None:
    view.cell("Output channel 0", 1, 2).hover()
    seen = view.read()
    window = [[r, c] for r in (1, 2, 3) for c in (2, 3, 4)]
    for i in range(3):
        assert seen["lit"][f"Input channel {i}"] == window
        assert seen["lit"][f"Part of in {i}"] == [[1, 2]]
    assert seen["lines"][0].startswith("out 0[1, 2] =") and "Summed, not averaged." in seen["lines"][0]

    view.cell("Input channel 1", 0, 0).hover()
    seen = view.read()
    assert seen["lit"]["Output channel 0"] == [[0, 0]] and seen["lit"]["Part of in 1"] == [[0, 0]]
    assert "Part of in 0" not in seen["lit"]
    view.cell("Kernel slice from in 2 to out 0", 0, 1).hover()
    seen = view.read()
    assert seen["lines"][0].startswith("kernel[0, 1, 2, 0] = 1 is used at 6 cells")
    assert len(seen["lit"]["Input channel 2"]) == 6 and "Input channel 0" not in seen["lit"]
    view.cell("Bias of out 0", 0, 0).hover()
    assert "added to every cell" in view.read()["lines"][0]


def test_every_number_can_be_edited(view) -> None:
    x, kernel, bias = (np.array(START[n], float) for n in ("input", "kernel", "bias"))
    for grid, value in [("Input channel 2", "7"), ("Kernel slice from in 1 to out 0", "-1,5"), ("Bias of out 0", "10")]:
        view.cell(grid, 0, 0).focus()
        view.page.keyboard.press("Enter")
        view.page.keyboard.type(value)
        view.page.keyboard.press("Enter")
    x[0, 0, 2], kernel[0, 0, 1, 0], bias[0] = 7, -1.5, 10
    changed = {**START, "input": x, "kernel": kernel, "bias": bias, "stride": 1, "padding": "valid", "groups": 1}
    np.testing.assert_allclose(view.read()["grids"]["Output channel 0"], reference(changed)[..., 0])
    view.cell("Bias of out 0", 0, 0).click()
    view.cell("Bias of out 0", 0, 0).click()
    view.page.keyboard.type("many")
    view.page.keyboard.press("Enter")
    assert "takes a number" in view.read()["message"]
    view.page.keyboard.press("Escape")
    assert view.read()["message"] == ""
    view.root.get_by_role("button", name="Reset").click()
    assert view.read()["grids"]["Bias of out 0"] == [[1]]


def test_groups_offer_only_divisors_and_cut_slices_out(view) -> None:
    assert view.read()["groups"] == ["1"]
    view.box("Channels out").fill("6")
    assert view.read()["groups"] == ["1", "3"]
    view.menu("Groups").select_option("3")
    seen = view.read()
    assert "Kernel slice from in 0 to out 0" in seen["grids"] and "Kernel slice from in 1 to out 0" not in seen["grids"]
    assert view.root.locator(".cb-cut").count() == 12
    assert "54 weights + 6 biases = 60" in seen["total"]
    view.box("Channels in").fill("4")
    seen = view.read()
    assert "3 groups cannot share 4 channels in and 6 channels out" in seen["message"]
    assert "Part of in 3" not in seen["grids"]  # the last good picture stays
    view.root.get_by_role("button", name="Use 1 group").click()
    seen = view.read()
    assert seen["message"] == "" and "Part of in 3" in seen["grids"]


def test_a_kernel_that_does_not_fit(view) -> None:
    view.box("Kernel size").fill("5")
    seen = view.read()
    assert "kernel is 5 cells in height, but the input height is 4" in seen["message"]
    view.root.get_by_role("button", name="Use same padding").click()
    assert np.shape(view.read()["grids"]["Output channel 0"]) == (4, 5)


@pytest.mark.parametrize("text", ["0", "8", "2.5", "-1", "", "three", "1e3"])
def test_nonsense_in_a_number_box(view, text) -> None:
    before = view.read()
    view.box("Input height").fill(text)
    seen = view.read()
    assert "Input height is a whole number from 1 to 7" in seen["message"]
    assert seen["grids"] == before["grids"]
    view.root.get_by_role("button", name="Undo").click()
    assert view.read()["message"] == ""


def test_the_counting_line_answers_for_any_size(view) -> None:
    summary = view.root.locator(".cb-count summary")
    expect(summary).to_contain_text("10 filters of 3 × 3 on 24 × 24 × 3: 280")
    summary.click()
    view.box("Filters", True).fill("32")
    expect(summary).to_contain_text("896")
    for label, value in [("Channels", "64"), ("Filters", "128"), ("Height", "56"), ("Width", "40")]:
        view.box(label, True).fill(value)
    view.menu("Padding", True).select_option("same")
    view.menu("Bias", True).select_option("off")
    seen = view.read()["readout"]
    assert "(3, 3, 64, 128)" in seen[4]
    assert "3 · 3 · 64 · 128 = 73,728" in seen[5]
    assert "(1, 56, 40, 128)" in seen[6]
    assert "73,728 · 56 · 40 = 165,150,720" in seen[7]
    view.box("Groups", True).fill("5")
    found = view.root.locator(".cb-count [role=alert]")
    expect(found).to_contain_text("5 groups cannot share 64 channels and 128 filters evenly")
    found.get_by_role("button", name="Use groups 4").click()
    expect(summary).to_contain_text("18,432")
    # The picture above has not changed.
    np.testing.assert_allclose(view.read()["grids"]["Input channel 0"], np.array(START["input"])[..., 0])


def test_step_goes_through_the_cells_and_play_can_be_stopped(view) -> None:
    seen = []
    for _ in range(7):
        seen.append(re.match(r"out 0\[(\d), (\d)\]", view.read()["lines"][0]).groups())
        view.root.get_by_role("button", name="Step").click()
    assert len(set(seen)) == 6 and seen[0] == seen[-1]
    view.root.get_by_role("button", name="Play").click()
    view.root.get_by_role("button", name="Pause").click()
    expect(view.root.get_by_role("button", name="Play")).to_be_visible()


def test_a_copied_link_reopens_the_same_state(view, open_page) -> None:
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.box("Channels out").fill("4")
    view.menu("Bias").select_option("off")
    view.root.locator(".cb-strip").nth(3).click()
    view.root.locator(".cb-count summary").click()
    view.box("Filters", True).fill("16")
    view.root.get_by_role("button", name="Copy link").click()
    link = view.page.evaluate("navigator.clipboard.readText()")
    before = view.read()
    again = View(open_page(PAGE + "#" + link.split("#", 1)[1]))
    after = again.read()
    assert after["grids"] == before["grids"] and after["chosen"] == 3 and after["readout"] == before["readout"]


def test_nonsense_in_a_link_is_answered_in_words(view) -> None:
    for text in ("groups=9", "kernel=1,2;3", "bias=1,2,3,4", "channel=x", "input=%zz", "count=1,2,3", "padding=none"):
        view.open(text)
        seen = view.read()
        assert "link" in seen["message"], text
        assert len(seen["grids"]["Output channel 0"]) == 2


def test_links_in_the_chapter_open_their_example(view) -> None:
    view.page.get_by_role("link", name="See the three constants").click()
    assert view.read()["grids"]["Output channel 0"] == [[111] * 3] * 2
    view.root.locator(".cb-strip").nth(1).click()
    assert view.read()["grids"]["Output channel 1"] == [[-9] * 3] * 2


def test_a_link_to_a_count_opens_the_counting_boxes(view) -> None:
    view.page.get_by_role("link", name="Open it on the 32 filters").click()
    expect(view.box("Width", True)).to_have_value("224")
    expect(view.root.locator(".cb-count summary")).to_contain_text("32 filters of 3 × 3 on 224 × 224 × 3: 896")


def test_two_views_on_one_page_do_not_mix(view) -> None:
    groups = View(view.page, "groups")
    before = view.read()
    groups.root.locator(".cb-strip").nth(4).click()
    assert groups.read()["chosen"] == 4
    assert view.read() == before
    view.root.locator(".cb-strip").nth(1).click()
    view.page.go_back()
    expect(view.root.get_by_role("grid", name="Output channel 0")).to_be_visible()
    assert groups.read()["chosen"] == 4


def test_controls_are_large_enough_to_touch(open_page) -> None:
    view = View(open_page(f"{PAGE}#{NAME}?{LARGEST}", width=390, touch=True))
    view.unfold()
    small = view.root.evaluate(
        """el => [...el.querySelectorAll(
            "button, select, summary, input:not([type=radio]), .cb-strip, [role=gridcell]")]
          .map(e => [e.textContent || e.role, e.getBoundingClientRect()])
          .filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([n]) => n)"""
    )
    assert small == []  # WCAG 2.2, target size (minimum)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_while_pointing(open_page, width) -> None:
    view = View(open_page(PAGE, width=width))
    view.read()
    heights = set()
    for grid in (
        "Output channel 0",
        "Input channel 2",
        "Kernel slice from in 1 to out 0",
        "Part of in 0",
        "Bias of out 0",
    ):
        view.cell(grid, 0, 0).focus()
        view.read()
        heights.add(view.root.bounding_box()["height"])
    for strip in (1, 0):
        view.root.locator(".cb-strip").nth(strip).click()
        view.read()
        heights.add(view.root.bounding_box()["height"])
    assert len(heights) == 1


def test_touch(open_page) -> None:
    view = View(open_page(PAGE, width=390, height=844, touch=True))
    view.cell("Output channel 0", 0, 0).tap()
    assert view.read()["lines"][0].startswith("out 0[0, 0]")
    view.root.locator(".cb-strip").nth(1).tap()
    assert view.read()["chosen"] == 1
    view.cell("Input channel 0", 1, 1).tap()
    view.cell("Input channel 0", 1, 1).tap()
    view.page.keyboard.type("9")
    view.page.keyboard.press("Enter")
    assert view.read()["grids"]["Input channel 0"][1][1] == 9


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_nothing_overflows(open_page, width) -> None:
    view = View(open_page(PAGE, width=width))
    for name in ("", *(n for n in PRESETS if n in ("depthwise", "two-groups", "grey", "one-in")), "largest"):
        traits = {"bias": None, "stride": 1, "padding": "valid", "groups": 1, "channel": 0, **PRESETS.get(name, START)}
        view.open(LARGEST if name == "largest" else query(traits))
        view.unfold()
        view.read()
        found = view.root.evaluate(OVERFLOW)
        assert found["out"] == [] and found["sideways"] <= 0, (name, found)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_any_state(open_page, width, dark) -> None:
    view = View(open_page(PAGE, width=width, dark=dark))
    page = view.page
    page.evaluate(AXE.read_text(encoding="utf-8"))

    def bad_number() -> None:
        view.box("Stride").fill("0")

    def opened() -> None:
        view.unfold()

    def editing() -> None:
        view.cell("Bias of out 5", 0, 0).focus()
        page.keyboard.press("Enter")

    two = query({"stride": 1, "padding": "same", "channel": 0, **PRESETS["two-groups"]})
    for link, then in ((two, None), (two, opened), (two, bad_number), (LARGEST, editing)):
        view.open(link)
        view.read()
        if then:
            then()
        else:
            view.cell("Input channel 3", 0, 0).focus()
        found = view.root.evaluate(AXE_RUN)
        assert found == [], "\n".join(f"{i}: {h}\n   " + "\n   ".join(n[:4]) for i, h, n in found)


def test_pointing_answers_within_a_frame_on_the_largest_input(open_page) -> None:
    view = View(open_page(f"{PAGE}#{NAME}?{LARGEST}"))
    took = view.root.evaluate(
        """async el => {
          const cells = [...el.querySelectorAll('[aria-label="Output channel 5"] [role=gridcell]')];
          const took = [];
          for (const cell of cells) {
            const start = performance.now();
            cell.focus({ preventScroll: true });
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            took.push(performance.now() - start);
          }
          return took.sort((a, b) => a - b)[took.length >> 1];
        }"""
    )
    print(f"pointing, largest input: {took:.1f} ms")
    assert took < 60
