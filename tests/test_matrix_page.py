"""The matrix view on a built page: linked cells, the T button, editing, links, and nothing that overflows."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from conv_lib import conv2d_transpose, conv_matrix
from conv_lib.figures import PRESETS
from matrix_cases import answers, matrix_cases

PAGE = "book/matrix.html"
START = PRESETS["matrix"]


@pytest.fixture
def view(open_page):
    page = open_page(PAGE)
    page.wait_for_selector(".cb-widget[data-alive]")
    return page.locator("#matrix")


def numbers(grid) -> np.ndarray:
    """The values of a grid as the page shows them."""
    cells = grid.evaluate(
        "e => [...e.querySelectorAll('[data-row]')].map(c => [+c.dataset.row, +c.dataset.column, +c.dataset.value])"
    )
    shape = [max(c[i] for c in cells) + 1 for i in (0, 1)]
    out = np.zeros(shape)
    for r, c, v in cells:
        out[r, c] = v
    return out


def grid(view, name):
    return view.get_by_role("grid", name=name, exact=True)


def cell(of, row, column):
    return of.locator(f"[data-row='{row}'][data-column='{column}']")


def lit(of) -> set[tuple[int, int]]:
    return {tuple(p) for p in of.evaluate(
        "e => [...e.querySelectorAll('.cb-is-part')].map(c => [+c.dataset.row, +c.dataset.column])")}


def test_the_matrix_is_the_one_of_conv_lib_and_turns_over(view) -> None:
    kernel = np.array(START["kernel"], float)[:, :, None, None]
    matrix = conv_matrix((3, 4, 1), kernel)
    assert np.array_equal(numbers(grid(view, "Matrix A")), matrix)
    output = numbers(grid(view, "Output Ax"))
    assert np.array_equal(output.ravel(), matrix @ np.ravel(START["x"]))

    before = view.bounding_box()
    view.get_by_role("button", name="transpose").click()
    assert np.array_equal(numbers(grid(view, "Matrix Aᵀ")), matrix.T)
    assert np.array_equal(numbers(grid(view, "Output Aᵀy")).ravel(), matrix.T @ np.ravel(START["y"]))
    assert np.array_equal(numbers(grid(view, "Input y")), START["y"])
    view.page.wait_for_timeout(900)
    assert abs(view.bounding_box()["height"] - before["height"]) < 60
    view.page.go_back()
    expect(grid(view, "Matrix A")).to_be_visible()


def test_rows_columns_bands_and_entries_light_up(view) -> None:
    matrix = grid(view, "Matrix A")
    cell(grid(view, "Output Ax"), 1, 2).focus()
    assert lit(matrix) == {(5, 6), (5, 7), (5, 10), (5, 11)}
    assert lit(grid(view, "Input x")) == {(1, 2), (1, 3), (2, 2), (2, 3)}
    cell(grid(view, "Input x"), 1, 1).focus()
    assert {c for _, c in lit(matrix)} == {5} and len(lit(matrix)) == 4
    cell(grid(view, "Kernel"), 1, 0).focus()
    assert lit(matrix) == {(0, 4), (1, 5), (2, 6), (3, 8), (4, 9), (5, 10)}
    expect(view.get_by_role("group", name="What the cell stands for")).to_contain_text("6 times")
    cell(matrix, 4, 6).focus()
    expect(view.get_by_role("group", name="What the cell stands for")).to_contain_text("kernel[0, 1]")
    assert lit(grid(view, "Input x")) == {(1, 2)} and lit(grid(view, "Output Ax")) == {(1, 1)}
    cell(matrix, 0, 11).focus()
    expect(view.get_by_role("group", name="What the cell stands for")).to_contain_text("does not use")


def test_an_entry_is_the_weight_and_a_zero_stays(view) -> None:
    matrix = grid(view, "Matrix A")
    cell(matrix, 4, 6).focus()
    view.page.keyboard.type("-7")
    view.page.keyboard.press("Enter")
    assert np.count_nonzero(numbers(matrix) == -7) == 6
    assert numbers(grid(view, "Kernel"))[0, 1] == -7
    cell(matrix, 0, 11).focus()
    view.page.keyboard.type("5")
    view.page.keyboard.press("Enter")
    expect(view.get_by_text("No weight can stand here: the window")).to_be_visible()
    assert numbers(matrix)[0, 11] == 0


def test_by_keyboard_alone(view) -> None:
    page = view.page
    cell(grid(view, "Input x"), 0, 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert numbers(grid(view, "Input x"))[1, 1] == 9
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(
            "() => { const e = document.activeElement; const g = e.closest('[role=grid]');"
            " return g ? g.getAttribute('aria-label') : e.textContent || e.tagName; }"))
    for name in ("Kernel", "Output Ax", "Matrix A"):
        assert name in stops, stops
    assert any("transpose" in s for s in stops)
    spin = view.get_by_role("spinbutton", name="Stride")
    spin.focus()
    page.keyboard.press("ArrowUp")
    assert numbers(grid(view, "Matrix A")).shape == (2, 12)


def test_illegal_settings_are_explained_and_the_picture_stays(view) -> None:
    before = numbers(grid(view, "Matrix A"))
    view.get_by_role("spinbutton", name="Kernel size").fill("4")
    alert = view.get_by_role("alert").filter(has_text="must fit inside")
    expect(alert).to_be_visible()
    assert np.array_equal(numbers(grid(view, "Matrix A")), before)
    view.get_by_role("button", name="Use same padding").click()
    assert numbers(grid(view, "Matrix A")).shape == (12, 12)
    view.get_by_role("button", name="Reset").click()
    assert np.array_equal(numbers(grid(view, "Matrix A")), before)


def test_adjoint_test_and_the_way_back(view) -> None:
    view.get_by_text("Test the transpose").click()
    status = view.locator(".cb-verdict")
    expect(status).to_contain_text("87 = 87")
    for button in ("Random digits", "Wild numbers") * 5:
        view.get_by_role("button", name=button).click()
        left, right = status.locator("strong").inner_text().rstrip(".").split(" = ")
        assert left == right
    view.get_by_role("tab", name="There and back").click()
    view.get_by_label("Example").select_option("matrix-chessboard")
    expect(status).to_contain_text("Erased")
    view.get_by_label("Example").select_option("matrix-row")
    assert numbers(grid(view, "AᵀA x")).ravel().tolist() == [3, 8, 5]
    expect(status).to_contain_text("did not come back")


def test_values_agree_with_conv_lib_on_the_page(open_page, site_url) -> None:
    page = open_page()
    for case in matrix_cases(12, seed=21)[0]:
        s = case["settings"]

        def text(name: str, s=s) -> str:
            return ";".join(",".join(map(str, row)) for row in s[name])

        query = f"T={int(s['transposed'])}&x={text('x')}&y={text('y')}&kernel={text('kernel')}"
        query += "".join(f"&{name}={s[name]}" for name in ("stride", "padding", "dilation", "tab"))
        page.goto("about:blank")
        page.goto(f"{site_url}/{PAGE}#matrix?{query}")
        page.wait_for_selector("#matrix[data-alive]")
        view, known = page.locator("#matrix"), answers(s)
        shown = numbers(view.get_by_role("grid", name=re.compile("^Matrix")))
        matrix = np.array(known["matrix"])
        assert np.allclose(shown, matrix.T if s["transposed"] else matrix), json.dumps(s)
        output = numbers(view.get_by_role("grid", name=re.compile("^Output")))
        assert np.allclose(output, known["aty" if s["transposed"] else "ax"]), json.dumps(s)
        rank = view.locator(".cb-facts div", has_text="Rank").locator("strong").inner_text()
        assert int(rank) == known["rank"], json.dumps(s)


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("preset", [n for n in PRESETS if n.startswith("matrix")])
def test_every_example_fits_both_ways(open_page, width, preset) -> None:
    page = open_page(PAGE, width=width, reduced_motion=True)
    view = page.locator("#matrix")
    view.get_by_label("Example").select_option(preset)
    for _ in range(2):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        box = view.get_by_role("grid", name=re.compile("^Matrix")).bounding_box()
        frame = view.bounding_box()
        assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        view.get_by_role("button", name="transpose").or_(view.get_by_role("button", name="back to")).first.click()


def test_pointing_answers_within_a_frame(open_page) -> None:
    page = open_page(PAGE + "#matrix?x=" + ";".join(["1,2,3,4,5,6"] * 6) + "&kernel=1,2,3;4,5,6;7,8,9&padding=same")
    page.wait_for_selector("#matrix[data-alive]")
    times = page.evaluate(
        """async () => {
          const cells = [...document.querySelectorAll('#matrix .cb-grid-output [data-row]')];
          const times = [];
          for (const cell of cells) {
            const start = performance.now();
            cell.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
            await new Promise(r => queueMicrotask(r));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            document.querySelector('#matrix .cb-matrix').getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"pointing in a 36 x 36 matrix: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms")
    assert times[len(times) // 2] < 50


def test_transposed_page_value_is_the_gradient(view) -> None:
    view.get_by_role("button", name="transpose").click()
    y = np.array(START["y"], float)[None, :, :, None]
    kernel = np.array(START["kernel"], float)[:, :, None, None]
    assert np.array_equal(numbers(grid(view, "Output Aᵀy")), conv2d_transpose(y, kernel)[0, :, :, 0])
