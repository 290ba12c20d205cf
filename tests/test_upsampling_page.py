"""The upsampling bench on a built page: outputs, sums, differences, costs, the projection; nothing overflows."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets.upsampling import UpsamplingBench
from test_pages import AXE
from upsampling_cases import upsampling_cases

PAGE = "book/upsampling.html"
NAMES = {
    "nearest": "Nearest",
    "bilinear": "Bilinear",
    "corners": "Bilinear, aligned corners",
    "zeros": "Zero insertion",
    "transposed3": "Transposed, k3 s2",
    "transposed4": "Transposed, k4 s2",
    "resize": "Resize, then convolution",
    "shuffle": "Pixel shuffle",
}
MINE = [name for name, widget in WIDGETS.items() if widget == "UpsamplingBench"]


@pytest.fixture
def bench(open_page):
    page = open_page(PAGE)
    page.wait_for_selector("#bench[data-alive]")
    return page.locator("#bench")


def numbers(grid) -> np.ndarray:
    """The values of a grid as the page shows them."""
    cells = grid.evaluate(
        "e => [...e.querySelectorAll('[data-row]')].map(c => [+c.dataset.row, +c.dataset.column, +c.dataset.value])"
    )
    out = np.zeros([max(c[i] for c in cells) + 1 for i in (0, 1)])
    for r, c, v in cells:
        out[r, c] = v
    return out


def grid(bench, name):
    return bench.get_by_role("grid", name=name, exact=True)


def output(bench, way):
    return grid(bench, f"Output, {NAMES[way]}")


def cell(of, row, column):
    return of.locator(f"[data-row='{row}'][data-column='{column}']")


def type_into(bench, of, row, column, text) -> None:
    cell(of, row, column).focus()
    bench.page.keyboard.press("Enter")
    bench.page.keyboard.insert_text(text)
    bench.page.keyboard.press("Enter")


def lit(of) -> set[tuple[int, int]]:
    cells = of.evaluate("e => [...e.querySelectorAll('.cb-is-part')].map(c => [+c.dataset.row, +c.dataset.column])")
    return {tuple(p) for p in cells}


def shows(bench, outputs) -> None:
    for way, expected in outputs.items():
        np.testing.assert_allclose(numbers(output(bench, way)), expected, atol=1e-6, err_msg=way)


def test_the_page_shows_what_conv_lib_computes(bench) -> None:
    shows(bench, UpsamplingBench("upsample-seed").outputs)
    for preset in MINE:
        bench.get_by_label("Example").select_option(preset)
        if preset != "upsample-photo":
            shows(bench, UpsamplingBench(preset).outputs)


def test_any_settings_by_link(open_page, site_url) -> None:
    open_page.forgive(r"favicon.*ERR_ABORTED")  # pages are left while it may still be asked for
    page = open_page()
    for case in [c for c in upsampling_cases(14, seed=4) if c["settings"]["shown"] == "grid"]:
        s = case["settings"]

        def text(m) -> str:
            return ";".join(",".join(map(str, row)) for row in m)

        query = f"input={text(s['input'])}&k3={text(s['transposed3'])}&k4={text(s['transposed4'])}"
        query += f"&resize={text(s['resize'])}&shuffle={'|'.join(map(text, s['shuffle']))}"
        query += f"&minus={s['first']},{s['second']}&channels={s['in_channels']},{s['out_channels']}&tab={s['tab']}"
        page.goto("about:blank")
        page.goto(f"{site_url}/{PAGE}#bench?{query}")
        page.wait_for_selector("#bench[data-alive]")
        bench = page.locator("#bench")
        for way, expected in case["outputs"].items():
            shown = numbers(output(bench, way))
            assert np.allclose(shown, expected, atol=1e-6 * (1 + np.abs(expected).max())), (way, s)
        if s["tab"] == "cost":
            rows = bench.locator(".cb-costs tbody tr").evaluate_all("rows => rows.map(r => r.innerText.split('\\t'))")
            for (_, weights, macs, _), cost in zip(rows, case["costs"].values(), strict=True):
                assert int(weights.replace(",", "")) == cost["weights"] and int(macs.replace(",", "")) == cost["macs"]
        if s["tab"] == "project":
            kept = numbers(grid(bench, "Part that resize-convolution can be"))
            assert np.allclose(kept, case["kept"], atol=1e-6 * (1 + np.abs(case["kept"]).max()))


def test_a_pixel_shows_its_sum_and_an_input_where_it_goes(bench) -> None:
    line = bench.get_by_role("group", name="What the pixel is made of")
    cell(output(bench, "resize"), 1, 1).focus()
    expect(line).to_contain_text("(1 + 2 + 2 + 4) · 1")
    expect(line).to_contain_text("= 28")
    kernel = grid(bench, "Kernel, Resize, then convolution")
    assert lit(kernel) == {(r, c) for r in range(3) for c in range(3)}
    assert lit(grid(bench, "Input")) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    cell(output(bench, "transposed3"), 0, 0).focus()
    expect(line).to_contain_text("It meets 1 of the 9 weights")
    cell(output(bench, "zeros"), 1, 1).focus()
    expect(line).to_contain_text("No input reaches this pixel")
    cell(grid(bench, "Input"), 0, 0).focus()
    expect(line).to_contain_text("4 pixels of nearest")
    expect(line).to_contain_text(" 1 pixel of zero insertion")
    assert lit(output(bench, "nearest")) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert len(lit(output(bench, "transposed4"))) == 9


def test_inputs_and_weights_are_edited_and_back_undoes(bench) -> None:
    type_into(bench, grid(bench, "Input"), 0, 1, "-8")
    changed = UpsamplingBench("upsample-seed", input=[[1, -8], [3, 4]])
    shows(bench, changed.outputs)
    bench.get_by_role("button", name=NAMES["shuffle"]).click()
    type_into(bench, grid(bench, "Kernel for place 1, 0 of a block"), 0, 2, "5")
    kernels = [[list(row) for row in kernel] for kernel in changed.shuffle]
    kernels[2][0][2] = 5
    shows(bench, UpsamplingBench("upsample-seed", input=[[1, -8], [3, 4]], shuffle=kernels).outputs)
    bench.page.go_back()
    bench.page.go_back()
    shows(bench, UpsamplingBench("upsample-seed").outputs)


@pytest.mark.parametrize("text", ["", "-", "1e10", "one", "<script>", "😀", "9" * 10_000])
def test_a_cell_that_is_no_number_keeps_its_value(bench, text) -> None:
    type_into(bench, grid(bench, "Input"), 0, 0, text)
    expect(bench.get_by_role("alert").filter(has_text="The old value stays")).to_be_visible()
    bench.page.keyboard.press("Escape")
    shows(bench, UpsamplingBench("upsample-seed").outputs)


@pytest.mark.parametrize("text", ["", "-1", "99999", "1.5", "two", "<b>", "😀", "4" * 10_000])
def test_a_size_that_is_no_size_is_explained(bench, text) -> None:
    bench.get_by_role("spinbutton", name="Height of the input").fill(text)
    alert = bench.get_by_role("alert").filter(has_text="whole number from 1 to 4")
    expect(alert).to_be_visible()
    shows(bench, UpsamplingBench("upsample-seed").outputs)
    alert.get_by_role("button", name="Undo").click()
    expect(bench.get_by_role("spinbutton", name="Height of the input")).to_have_value("2")


def test_differences_in_words_and_numbers(bench) -> None:
    outputs = UpsamplingBench("upsample-seed").outputs
    verdict = bench.locator(".cb-verdict")
    expect(verdict).to_contain_text("They differ in 16 of 16 pixels, by up to 42")
    shown = numbers(grid(bench, "Difference: resize-convolution minus transposed k3"))
    assert np.allclose(shown, outputs["resize"] - outputs["transposed3"])
    bench.get_by_label("and subtract").select_option("transposed4")
    expect(verdict).to_contain_text("Equal at every pixel, border included")
    bench.get_by_label("Example").select_option("upsample")
    expect(verdict).to_contain_text("Equal inside. At the border they differ in 15 of 24 pixels")


def test_what_resize_gives_up(bench) -> None:
    bench.get_by_label("Example").select_option("upsample-flat")
    bench.get_by_role("tab", name="What resize gives up").click()
    expect(bench.locator(".cb-verdict")).to_contain_text("Given up: 13.7 %")
    expect(bench.get_by_text("a checkerboard")).to_be_visible()
    bench.get_by_role("button", name="Keep only what resize can be").click()
    expect(bench.locator(".cb-verdict")).to_contain_text("Nothing is given up")
    bench.get_by_role("button", name="kernel, and compare").click()
    expect(bench.locator(".cb-verdict")).to_contain_text("Equal at every pixel")


def test_costs_follow_the_channels(bench) -> None:
    bench.get_by_role("tab", name="What each costs").click()
    row = bench.locator(".cb-costs tr", has_text="Transposed k4")
    expect(row).to_contain_text("32,768")
    bench.get_by_role("spinbutton", name="Channels in").fill("3")
    expect(row).to_contain_text("1,536")
    bench.get_by_role("spinbutton", name="Channels in").fill("0")
    expect(bench.get_by_role("alert").filter(has_text="from 1 to 1024")).to_be_visible()
    expect(row).to_contain_text("1,536")


def test_the_photograph_goes_through_all_ways(bench) -> None:
    bench.get_by_label("Example").select_option("upsample-photo")
    outputs = UpsamplingBench("upsample-photo").outputs
    for way, name in NAMES.items():
        canvas = bench.get_by_role("img", name=f"Output, {name}", exact=True)
        levels = canvas.evaluate(
            "e => { const d = e.getContext('2d').getImageData(0, 0, e.width, e.height).data;"
            " return [e.height, e.width, [...d].filter((_, i) => i % 4 === 0)]; }"
        )
        assert levels[:2] == [80, 64]
        expected = np.clip(outputs[way] * 255, 0, 255).ravel()
        assert np.abs(np.array(levels[2]) - expected).max() <= 0.51
    assert bench.get_by_role("button", name="Play").count() == 0
    bench.get_by_text("Grid", exact=True).click()
    assert numbers(grid(bench, "Input")).shape == (2, 3)


def test_by_keyboard_alone(bench) -> None:
    page = bench.page
    cell(output(bench, "nearest"), 0, 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    line = bench.get_by_role("group", name="What the pixel is made of")
    expect(line).to_contain_text("Nearest [1, 3]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(bench.get_by_role("button", name="Bilinear", exact=True)).to_have_attribute("aria-pressed", "true")
    bench.get_by_role("tab", name="Difference of two").focus()
    page.keyboard.press("ArrowRight")
    expect(bench.get_by_role("tab", name="What each costs")).to_be_focused()
    bench.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    expect(line).to_contain_text("Bilinear [2, 0]")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("preset", MINE)
def test_every_example_fits_in_every_tab(open_page, width, preset) -> None:
    page = open_page(PAGE, width=width, reduced_motion=True)
    bench = page.locator("#bench")
    bench.get_by_label("Example").select_option(preset)
    for tab in ("Difference of two", "What each costs", "What resize gives up"):
        bench.get_by_role("tab", name=tab).click()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        wide = bench.evaluate(
            "e => [...e.querySelectorAll('.cb-grid-scroll, table, .cb-ways, .cb-tabs')]"
            ".filter(n => n.scrollWidth > n.clientWidth + 1).map(n => n.className)"
        )
        assert wide == []


def test_pointing_moves_nothing(bench) -> None:
    bench.get_by_label("Example").select_option("upsample")
    before = bench.bounding_box()["height"]
    for way in NAMES:
        cell(output(bench, way), 1, 1).hover()
        assert bench.bounding_box()["height"] == before, way


def test_pointing_answers_within_a_frame(open_page) -> None:
    page = open_page(PAGE + "#bench?input=" + ";".join(["1,2,3,4"] * 4))
    page.wait_for_selector("#bench[data-alive]")
    times = page.evaluate(
        """async () => {
          const cells = [...document.querySelectorAll('#bench .cb-ways [data-row], #bench .cb-grid-input [data-row]')];
          const times = [];
          for (const cell of cells.slice(0, 240)) {
            const start = performance.now();
            cell.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            document.querySelector('#bench .cb-ways').getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"pointing at eight outputs of 8 x 8: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms")
    assert times[len(times) // 2] < 50


def test_the_link_of_the_page_reopens_its_state(bench, open_page) -> None:
    open_page.forgive(r"favicon.*ERR_ABORTED")  # the page is left while it may still be asked for
    type_into(bench, grid(bench, "Input"), 1, 1, "7")
    address = bench.page.url
    assert re.search(r"#bench\?.*input=1,2;3,7", address)
    bench.page.goto("about:blank")
    bench.page.goto(address)
    bench.page.wait_for_selector("#bench[data-alive]")
    shows(bench, UpsamplingBench("upsample-seed", input=[[1, 2], [3, 7]]).outputs)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_any_view(open_page, dark) -> None:
    page = open_page(PAGE, dark=dark, reduced_motion=True)
    page.wait_for_selector("#bench[data-alive]")
    page.evaluate(AXE.read_text("utf-8"))
    bench = page.locator("#bench")

    run = "async () => (await axe.run('#bench')).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    for preset in ("upsample-flat", "upsample-photo"):
        bench.get_by_label("Example").select_option(preset)
        for tab in ("Difference of two", "What each costs", "What resize gives up"):
            bench.get_by_role("tab", name=tab).click()
            bench.get_by_role("button", name=NAMES["shuffle"]).click()
            assert page.evaluate(run) == [], (preset, tab)
