"""The phase lab on a built page: counts, sums and output, editing, views, links, and nothing that overflows."""

from __future__ import annotations

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from conv_lib.figures.presets import WIDGETS
from phase_cases import answers, phase_cases

PAGE = "book/checkerboards.html"
MINE = [name for name, widget in WIDGETS.items() if widget == "PhaseLab"]


@pytest.fixture
def lab(open_page):
    page = open_page(PAGE)
    page.wait_for_selector("#lab[data-alive]")
    return page.locator("#lab")


def numbers(grid) -> np.ndarray:
    """The kept values of a grid as the page shows them."""
    cells = grid.evaluate(
        "e => [...e.querySelectorAll('[data-row]:not(.cb-cropped)')]"
        ".map(c => [+c.dataset.row, +c.dataset.column, +c.dataset.value])"
    )
    rows, columns = (sorted({c[i] for c in cells}) for i in (0, 1))
    out = np.full((len(rows), len(columns)), np.nan)
    for r, c, v in cells:
        out[rows.index(r), columns.index(c)] = v
    return out


def grid(view, name):
    return view.get_by_role("grid", name=name, exact=True)


def cell(of, row, column):
    return of.locator(f"[data-row='{row}'][data-column='{column}']")


def headline(view):
    return view.locator(".cb-ph-headline")


def type_into(view, row, column, text) -> None:
    cell(grid(view, "Kernel"), row, column).focus()
    view.page.keyboard.type(text)
    view.page.keyboard.press("Enter")


def test_counts_stay_while_the_checkerboard_goes(lab) -> None:
    expect(headline(lab)).to_contain_text("Checkerboard")
    before = numbers(grid(lab, "Overlap counts"))
    assert before.ravel().tolist() == [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]
    type_into(lab, 0, 1, "2")
    expect(headline(lab)).to_contain_text("Clean although the counts are uneven: every phase adds up to 2.")
    assert np.array_equal(numbers(grid(lab, "Overlap counts")), before)
    assert set(numbers(grid(lab, "Output"))[0, 1:-1]) == {2}
    lab.page.go_back()
    expect(headline(lab)).to_contain_text("Checkerboard")


def test_a_dirty_four_is_levelled(lab) -> None:
    lab.get_by_label("Example").select_option("phase-dirty-four")
    expect(headline(lab)).to_contain_text("although the counts are even: the phases add up to 4 and 7.")
    lab.get_by_role("button", name="Level the phases").click()
    assert numbers(grid(lab, "Kernel")).tolist() == [[1.75, 1.25, 3.75, 4.25]]
    expect(headline(lab)).to_contain_text("Clean")
    expect(lab.get_by_role("button", name="Level the phases")).to_be_disabled()
    lab.get_by_role("button", name="Random").click()
    lab.get_by_role("button", name="Ones").click()
    assert numbers(grid(lab, "Kernel")).tolist() == [[1, 1, 1, 1]]
    lab.get_by_role("button", name="Reset").click()
    assert numbers(grid(lab, "Kernel")).tolist() == [[1, 1, 1]]


def test_a_strip_becomes_an_image_and_the_choice_is_kept_in_the_link(lab, open_page) -> None:
    lab.get_by_text("Image", exact=True).click()
    assert numbers(grid(lab, "Phase sums")).tolist() == [[4, 2], [2, 1]]
    assert numbers(grid(lab, "Output")).shape == (9, 13)
    url = lab.page.url
    assert "#lab?" in url
    page = open_page(PAGE + url[url.index("#") :])
    page.wait_for_selector("#lab[data-alive]")
    assert numbers(grid(page.locator("#lab"), "Phase sums")).tolist() == [[4, 2], [2, 1]]


def test_by_keyboard_alone(lab) -> None:
    page = lab.page
    cell(grid(lab, "Output"), 0, 2).focus()
    made = lab.get_by_role("group", name="What the cell is made of")
    expect(made).to_contain_text("output[2] phase 0 = 1 + 1 = 2")
    page.keyboard.press("ArrowLeft")
    expect(made).to_contain_text("output[1] phase 1 = 1")
    page.keyboard.press("Home")
    expect(made).to_contain_text("At the border: 1 of the 2 weights")
    spin = lab.get_by_role("spinbutton", name="Stride")
    spin.focus()
    page.keyboard.press("ArrowUp")
    expect(headline(lab)).to_contain_text("Clean")
    page.keyboard.press("ArrowUp")
    expect(headline(lab)).to_contain_text("Gaps")
    cell(grid(lab, "Kernel"), 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-3,5")
    page.keyboard.press("Enter")
    assert numbers(grid(lab, "Kernel")).tolist() == [[1, -3.5, 1]]
    radio = lab.get_by_role("radio", name="Flat image")
    radio.focus()
    page.keyboard.press("ArrowRight")
    expect(lab.locator("canvas")).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect(lab.get_by_role("spinbutton", name="Waves in 100 input pixels")).to_be_visible()


@pytest.mark.parametrize(
    "text", ["", "-1", "0", "9999", "1.5", "four", "<script>alert(1)</script>", "\U0001f600", "9" * 10_000]
)
def test_bad_text_in_a_field_is_explained_and_the_picture_stays(lab, text) -> None:
    before = numbers(grid(lab, "Output"))
    lab.get_by_role("spinbutton", name="Stride").fill(text)
    expect(lab.get_by_role("alert").filter(has_text="Stride is a whole number from 1 to 4")).to_be_visible()
    assert np.array_equal(numbers(grid(lab, "Output")), before)
    lab.get_by_role("button", name="Undo").click()
    expect(lab.get_by_role("spinbutton", name="Stride")).to_have_value("2")


@pytest.mark.parametrize("text", ["x", "1e99", "--1"])
def test_bad_text_in_a_weight_is_explained(lab, text) -> None:
    target = cell(grid(lab, "Kernel"), 0, 1)
    target.focus()
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type(text)
    lab.page.keyboard.press("Enter")
    expect(lab.get_by_role("alert").filter(has_text="A cell takes a number")).to_be_visible()
    lab.page.keyboard.press("Escape")
    assert numbers(grid(lab, "Kernel")).tolist() == [[1, 1, 1]]


def test_cropping_everything_is_explained_with_ways_out(lab) -> None:
    lab.get_by_label("Padding").select_option("explicit")
    assert numbers(grid(lab, "Output")).shape == (1, 11)
    lab.get_by_role("spinbutton", name="Input size").fill("1")
    assert numbers(grid(lab, "Output")).shape == (1, 1)
    lab.get_by_role("spinbutton", name="Crop before").fill("2")
    expect(lab.get_by_role("alert").filter(has_text="leaves nothing")).to_be_visible()
    assert numbers(grid(lab, "Output")).shape == (1, 1)
    lab.get_by_role("button", name="Crop nothing").click()
    assert numbers(grid(lab, "Output")).shape == (1, 3)


def test_photograph_loses_its_grid(open_page) -> None:
    open_page.forgive("willReadFrequently")  # this test reads the canvas back, the widget does not
    page = open_page(PAGE)
    page.wait_for_selector("#photo[data-alive]")
    photo = page.locator("#photo")
    expect(photo.locator("canvas").last).to_have_attribute("role", "img")

    def roughness() -> float:
        """How much neighbours differ on the wall behind the head, which is flat: top right of the output."""
        return photo.locator("canvas").last.evaluate(
            """canvas => {
              const { width, height } = canvas;
              const [w, h] = [Math.round(width * 0.08), Math.round(height * 0.3)];
              const { data } = canvas.getContext('2d').getImageData(width - w - 4, Math.round(height * 0.3), w, h);
              let sum = 0;
              for (let i = 4; i < data.length; i += 4) sum += Math.abs(data[i] - data[i - 4]);
              return sum / (data.length / 4);
            }"""
        )

    dirty = roughness()
    photo.get_by_role("button", name="Level the phases").click()
    expect(photo.get_by_text("Flat parts stay flat")).to_be_visible()
    page.wait_for_timeout(100)
    assert roughness() < dirty / 3


def test_spectrum_says_where_the_images_fall(open_page) -> None:
    page = open_page(PAGE)
    page.wait_for_selector("#spectrum[data-alive]")
    view = page.locator("#spectrum")
    note = view.locator(".cb-ph-note")
    expect(note).to_contain_text("becomes 0.05 per output pixel")
    expect(note).to_contain_text("Images: 0.45 with")
    view.get_by_role("spinbutton", name="Waves").fill("0")
    expect(note).to_contain_text("Its image at 1/2 passes with 0.5")
    expect(note).to_contain_text("that is the checkerboard")
    slider = view.get_by_role("slider", name="Waves in 100 input pixels, slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(note).to_contain_text("A wave of 0.01 cycles")
    view.get_by_text("Image", exact=True).click()
    expect(note).to_contain_text("The strongest of its images passes with 0.75")


def test_values_agree_with_conv_lib_on_the_page(open_page, site_url) -> None:
    page = open_page()
    for case in phase_cases(14, seed=22)[0]:
        s = case["settings"]
        rows = np.atleast_2d(s["kernel"]).tolist()
        kernel = ";".join(",".join(map(str, row)) for row in rows)
        padding = s["padding"] if isinstance(s["padding"], str) else ",".join(map(str, s["padding"]))
        query = f"dims={np.ndim(s['kernel'])}&kernel={kernel}&padding={padding}&view=flat"
        query += "".join(f"&{name}={s[name]}" for name in ("stride", "height", "width"))
        page.goto("about:blank")
        page.goto(f"{site_url}/{PAGE}#lab?{query}")
        page.wait_for_selector("#lab[data-alive]")
        view, known = page.locator("#lab"), answers(s)
        assert np.allclose(numbers(grid(view, "Output")), known["output"]), json.dumps(s)
        assert np.array_equal(numbers(grid(view, "Overlap counts")), known["counts"]), json.dumps(s)
        assert ("Clean" in headline(view).inner_text()) is case["clean"], json.dumps(s)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_example_fits_in_every_view(open_page, width) -> None:
    page = open_page(PAGE, width=width, reduced_motion=True)
    page.wait_for_selector("#lab[data-alive]")
    lab = page.locator("#lab")
    for preset in MINE:
        lab.get_by_label("Example").select_option(preset)
        for view in ("Flat image", "Photo", "Spectrum"):
            lab.get_by_text(view, exact=True).click()
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (preset, view)
            assert lab.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, (preset, view)


def test_playing_goes_on_and_stops(lab) -> None:
    made = lab.get_by_role("group", name="What the cell is made of")
    lab.get_by_role("button", name="Step").click()
    expect(made).to_contain_text("output[3]")
    lab.get_by_role("button", name="Back").click()
    expect(made).to_contain_text("output[2]")
    lab.get_by_role("button", name="Play").click()
    expect(made).to_contain_text("output[4]", timeout=6000)
    lab.get_by_role("button", name="Pause").click()


def test_answers_within_a_frame(open_page) -> None:
    kernel = ";".join([",".join("1234567")] * 7)
    page = open_page(f"{PAGE}#lab?dims=2&kernel={kernel}&stride=3&height=5&width=8")
    page.wait_for_selector("#lab[data-alive]")
    times = page.evaluate(
        """async () => {
          const cells = [...document.querySelectorAll('#lab .cb-grid-output [data-row]')].slice(0, 200);
          const times = [];
          for (const cell of cells) {
            const start = performance.now();
            cell.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            document.querySelector('#lab').getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"pointing in the largest image: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms")
    assert times[len(times) // 2] < 50
