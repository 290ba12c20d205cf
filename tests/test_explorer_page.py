"""The explorer on the built pages, in a real browser: its numbers, its controls, its patience with bad input."""

from __future__ import annotations

import random
import re
import statistics
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from conftest import Opener
from conv_lib import shapes
from conv_lib.figures.presets import PRESETS
from conv_lib.figures.presets import WIDGETS as WIDGET_OF
from conv_lib.widgets import ConvExplorer
from conv_lib.widgets.explorer import LIMITS
from explorer_cases import layer_cases, reference
from explorer_driver import FOLLOW, READ, Explorer, hold_to_conv_lib, links_of, query, settings_of
from tools import ROOT

# The three published widgets: page, name in links, preset that it starts from.
WIDGETS = [
    ("book/index.html", "explorer", "start"),
    ("book/two-layers.html", "two-layers", "ones-conv"),
    ("book/output-size.html", "output-size", "five"),
]
PAGE, NAME, START = WIDGETS[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# 16 x 16, the largest input, with all else legal and kept small.
LARGEST = query(
    {
        "mode": "conv",
        "input": [[(3 * r + c) % 10 for c in range(16)] for r in range(16)],
        "kernel": [[1, 0, -1], [2, 1, 0], [0, -1, 1]],
        "stride": 1,
        "padding": "same",
        "dilation": 1,
    }
)
TRANSPOSED = (
    "mode=transpose&picture=scatter&input=1,2;3,4&kernel=1,2,3;4,5,6;7,8,9&stride=2&padding=valid"
    "&dilation=1"
)
CONV = (
    "mode=conv&input=1,2,0,3;3,1,0,2;1,0,2,1;0,3,1,0&kernel=1,0;2,-1&stride=1&padding=valid&dilation=1"
)


@pytest.fixture(scope="module")
def shared(browser, site_url):
    """One browser context for the many tests that need nothing special of it."""
    opener = Opener(browser, site_url)
    opener.forgive(r"favicon\.svg net::ERR_ABORTED")  # left while it loads
    page = opener()
    yield opener, page
    opener.close()


@pytest.fixture
def explorer(shared) -> Explorer:
    """The explorer of a freshly loaded page, opened by a link."""
    opener, page = shared
    page.goto("about:blank")
    page.mouse.move(3, 3)
    page.goto(f"{opener.base}/{PAGE}#{NAME}?{CONV}")
    yield Explorer(page, NAME)
    complaints = opener.complaints()
    opener.messages.clear()
    assert complaints == []


# ---------------------------------------------------------------------------------------------
# Numbers

REPLAY = """async ([el, name, queries]) => {
  const [read, follow] = [%s, %s];
  const seen = [];
  for (const [query, row, column] of queries) {
    document.activeElement.blur();
    await follow(`#${name}?${query}`);
    const cell = el.querySelector(
      `[role=grid][aria-label=Output] [data-row="${row}"][data-column="${column}"]`);
    cell?.focus({ preventScroll: true });
    seen.push(await read(el));
  }
  return seen;
}""" % (READ, FOLLOW)  # noqa: UP031 (the JavaScript is full of braces)


def added_up(text: str) -> tuple[float, float, int]:
    """The sum of the products written out in the sum line, the total that it claims, and their number."""
    plain = text.replace("−", "-")
    total = float(re.search(r"= (-?[\d.e-]+)(?: |$)(?!·)", plain.split("] ", 1)[1])[1]) if (
        "·" not in plain
    ) else float(re.findall(r"= (-?[\d.]+(?:e-?\d+)?)", plain)[-1])
    products = re.findall(r"(\(?-?[\d.]+(?:e-?\d+)?\)?)·(\(?-?[\d.]+(?:e-?\d+)?\)?)", plain)
    values = [float(a.strip("()")) * float(b.strip("()")) for a, b in products]
    return sum(values), total, len(values)


def test_210_random_layers_show_what_conv_lib_computes(open_page) -> None:
    cases, _ = layer_cases(210, seed=20)
    draw = random.Random(1)
    queries = []
    for case in cases:
        height, width = np.shape(case["output"])
        at = draw.randrange(height), draw.randrange(width)
        queries.append((query(case["settings"]), *at))
    page = open_page(PAGE)
    ex = Explorer(page, NAME)
    seen = page.evaluate(REPLAY, [ex.root.element_handle(), NAME, queries])
    assert len(seen) == len(cases) >= 200
    written = 0
    for case, (_, row, column), shown in zip(cases, queries, seen, strict=True):
        settings = case["settings"]
        assert shown["message"] == "", (settings, shown["message"])
        np.testing.assert_allclose(
            np.array(shown["output"], float), np.array(case["output"]), rtol=1e-9, atol=1e-9
        )
        hold_to_conv_lib(shown)
        # The page shows the layer that the link asked for, not some other legal one.
        mine = settings_of(shown)
        for key in ("mode", "input", "kernel", "stride", "dilation", "padding"):
            assert mine[key] == settings[key], (key, settings)
        # The sum of the focused output cell.
        assert shown["selected"] == [["Output", row, column]]
        assert shown["sum"].startswith(f"output[{row}, {column}] =")
        expected = [
            settings["input"][i[0]][i[1]] * settings["kernel"][k[0]][k[1]]
            for i, k, o in links_of(settings, case["output"])
            if o == (row, column)
        ]
        if not expected:
            assert "No input reaches this cell" in shown["sum"]
            continue
        total, claimed, terms = added_up(shown["sum"])
        assert terms == len(expected), shown["sum"]
        assert total == pytest.approx(sum(expected), abs=1e-9)
        assert claimed == pytest.approx(case["output"][row][column], abs=0.0051)
        written += terms
    print(f"{len(seen)} random layers, {written} products written out")


@pytest.mark.parametrize("address, name, preset", WIDGETS, ids=[w[1] for w in WIDGETS])
def test_page_starts_with_its_own_example(open_page, address, name, preset) -> None:
    page = open_page(address, reduced_motion=True)
    ex = Explorer(page, name)
    shown = ex.check()
    w = ConvExplorer(preset)
    assert shown["mode"] == w.mode and shown["input"] == w.input and shown["kernel"] == w.kernel
    np.testing.assert_allclose(shown["output"], w.output)
    assert shown["example"] == preset
    assert page.locator(".cb-widget[data-widget=ConvExplorer]").count() == 1
    assert page.locator(f"#{name}").count() == 1
    doubled = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
          return ids.filter((id, i) => ids.indexOf(id) !== i); }"""
    )
    assert doubled == []


def test_every_example_of_the_menu_shows_what_conv_lib_computes(explorer) -> None:
    menu = explorer.menu("Example")
    offered = [v for v in menu.evaluate("e => [...e.options].map(o => o.value)") if v]
    assert offered == [n for n in PRESETS if WIDGET_OF[n] == "ConvExplorer"]
    for name in offered:
        menu.select_option(name)
        shown = explorer.check()
        np.testing.assert_allclose(shown["output"], ConvExplorer(name).output, atol=1e-9)
        assert shown["example"] == name and shown["message"] == ""
        expect(explorer.box("Stride")).to_have_value(str(ConvExplorer(name).stride))


# ---------------------------------------------------------------------------------------------
# Controls, by mouse and by keyboard


def arrows(ex: Explorer) -> list[tuple[float, float]]:
    """Start and end, along the page's width, of every line that is drawn, relative to the widget."""
    return ex.root.evaluate(
        """async el => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          return [...el.querySelectorAll("path.cb-link")].map(p => {
            const n = p.getTotalLength();
            return [p.getPointAtLength(0).x, p.getPointAtLength(n).x]; });
        }"""
    )


def middle(ex: Explorer, name: str) -> float:
    box = ex.grid(name).bounding_box()
    return box["x"] + box["width"] / 2


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_mode_turns_the_arrows_round_and_leaves_the_grids_in_place(explorer, how) -> None:
    ex = explorer
    before = ex.check()
    left, right = middle(ex, "Input"), middle(ex, "Output")
    assert left < middle(ex, "Kernel") < right
    runs = arrows(ex)
    assert runs and all(start < end for start, end in runs)
    flow = ex.root.locator(".cb-flow").all_inner_texts()
    assert flow == ["→", "→"]

    if how == "mouse":
        ex.choose("Transposed")
    else:
        ex.radio("Convolution").focus()
        ex.page.keyboard.press("ArrowRight")
    turned = ex.check()
    assert turned["mode"] == "transpose"
    assert np.shape(turned["input"]) == np.shape(before["output"])
    assert np.shape(turned["output"]) == np.shape(before["input"])
    assert turned["kernel"] == before["kernel"]
    assert middle(ex, "Output") == pytest.approx(left, abs=2)
    assert middle(ex, "Input") == pytest.approx(right, abs=2)
    runs = arrows(ex)
    assert runs and all(start > end for start, end in runs)
    assert ex.root.locator(".cb-flow").all_inner_texts() == ["←", "←"]

    if how == "mouse":
        ex.choose("Convolution")
    else:
        ex.page.keyboard.press("ArrowLeft")
    back = ex.check()
    assert {k: back[k] for k in ("mode", "input", "kernel", "output")} == {
        k: before[k] for k in ("mode", "input", "kernel", "output")
    }


@pytest.mark.parametrize("width", [1280, 390])
def test_lines_lead_from_input_over_kernel_to_output(open_page, width) -> None:
    """Both modes, side by side and stacked: each line starts at one grid's edge and ends at the next."""
    ex = Explorer(open_page(f"{PAGE}#{NAME}?{CONV}", width=width), NAME)
    for link in (CONV, TRANSPOSED, TRANSPOSED.replace("scatter", "gather")):
        ex.open(link)
        ex.check()
        stacked = ex.root.locator(".cb-stacked").count() == 1
        assert stacked or width > 600
        axis, size = ("y", "height") if stacked else ("x", "width")
        ends = ex.root.evaluate(
            """(el, axis) => { const stage = el.querySelector(".cb-stage").getBoundingClientRect();
              return [...el.querySelectorAll("path.cb-link")].map(p => [0, p.getTotalLength()].map(
                n => p.getPointAtLength(n)[axis] + stage[axis])); }""",
            axis,
        )
        boxes = {name: ex.grid(name).bounding_box() for name in ("Input", "Kernel", "Output")}

        def near(at: float, name: str, boxes=boxes, axis=axis, size=size) -> bool:
            box = boxes[name]
            return min(abs(at - box[axis]), abs(at - box[axis] - box[size])) < 8

        assert ends and len(ends) % 2 == 0
        for first, second in zip(ends[::2], ends[1::2], strict=True):
            assert near(first[0], "Input") and near(first[1], "Kernel")
            assert near(second[0], "Kernel") and near(second[1], "Output")


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_scatter_and_gather_show_the_same_numbers(explorer, how) -> None:
    ex = explorer
    for link in (
        TRANSPOSED,
        TRANSPOSED.replace("stride=2", "stride=3") + "&output=8x7",
        TRANSPOSED.replace("valid", "same"),
        TRANSPOSED.replace("valid", "1,0,2,1"),
        TRANSPOSED.replace("dilation=1", "dilation=2"),
    ):
        ex.open(link)
        scatter = ex.check()
        assert scatter["picture"] == "scatter" and scatter["message"] == ""
        if how == "mouse":
            ex.choose("Gather")
        else:
            ex.radio("Scatter").focus()
            ex.page.keyboard.press("ArrowRight")
        gather = ex.check()
        assert gather["picture"] == "gather"
        for key in ("input", "kernel", "output", "boxes", "shapes", "formulas"):
            assert gather[key] == scatter[key]
        drawn = ex.grid("Kernel").locator("[role=gridcell]").all_inner_texts()
        assert drawn == [str(v) for row in reversed(gather["kernel"]) for v in reversed(row)]


BOXES = {
    "Input height": 5,
    "Input width": 6,
    "Kernel size": 3,
    "Stride": 2,
    "Dilation": 2,
    "Padding top": 2,
    "Padding bottom": 3,
    "Padding left": 0,
    "Padding right": 2,
}


@pytest.mark.parametrize("mode", [CONV, TRANSPOSED], ids=["conv", "transpose"])
@pytest.mark.parametrize("label", BOXES)
def test_number_box_by_typing_keys_and_buttons(explorer, label, mode) -> None:
    ex = explorer
    start = mode.replace("valid", "1,1,1,1") if label.startswith("Padding") else mode
    ex.open(start)
    ex.check()
    box = ex.box(label)
    low, high = (int(box.get_attribute(f"aria-value{end}")) for end in ("min", "max"))
    wanted = BOXES[label]
    box.fill(str(wanted))
    shown = ex.check()
    assert shown["boxes"][label] == str(wanted) and shown["message"] == ""
    assert box.get_attribute("aria-valuenow") == str(wanted)

    box.press("ArrowUp")
    assert ex.check()["boxes"][label] == str(wanted + 1)
    box.press("ArrowDown")
    box.press("ArrowDown")
    expected = max(wanted - 1, low)
    assert ex.check()["boxes"][label] == str(expected)
    expect(box).to_be_focused()

    field = box.locator("xpath=..")
    field.locator("button").last.click()
    assert ex.check()["boxes"][label] == str(expected + 1)
    field.locator("button").first.click()
    assert ex.check()["boxes"][label] == str(expected)
    assert low <= expected < high


def test_padding_menu_and_its_four_boxes_by_keyboard_alone(explorer) -> None:
    ex = explorer
    key = ex.page.keyboard.press
    ex.menu("Padding").focus()
    key("ArrowDown")
    assert ex.check()["padding"] == "same"
    key("ArrowDown")
    shown = ex.check()
    assert shown["padding"] == "explicit"
    assert [shown["boxes"][f"Padding {s}"] for s in ("top", "bottom", "left", "right")] == ["1"] * 4
    for side, value in (("top", "0"), ("bottom", "2"), ("left", "3"), ("right", "0")):
        key("Tab")
        expect(ex.box(f"Padding {side}")).to_be_focused()
        key("Control+a")
        key(value)
    shown = ex.check()
    assert settings_of(shown)["padding"] == [[0, 2], [3, 0]]
    ex.menu("Padding").select_option("valid")
    shown = ex.check()
    assert shown["padding"] == "valid" and shown["boxes"]["Padding top"] is None


def test_output_menus_offer_every_legal_size_and_no_other(explorer) -> None:
    ex = explorer
    for n, k, s, d, padding in (
        (2, 3, 2, 1, "valid"),
        (3, 3, 2, 1, "same"),
        (4, 5, 3, 1, "valid"),
        (3, 2, 5, 1, "same"),
        (3, 3, 1, 1, "same"),
        (2, 2, 4, 2, "valid"),
    ):
        ones = ";".join([",".join(["1"] * n)] * n)
        weights = ";".join(",".join(str(r * k + c + 1) for c in range(k)) for r in range(k))
        ex.open(
            f"mode=transpose&input={ones}&kernel={weights}&stride={s}&padding={padding}&dilation={d}"
        )
        shown = ex.check()
        legal = list(shapes.transposed_sizes(n, k, stride=s, padding=padding, dilation=d))
        assert shown["legalHeights"] == shown["legalWidths"] == [str(v) for v in legal]
        for height, width in [(v, legal[-1 - i]) for i, v in enumerate(legal)]:
            ex.menu("Output height").select_option(str(height))
            ex.menu("Output width").select_option(str(width))
            shown = ex.check()
            assert np.shape(shown["output"]) == (height, width)
    # By keyboard: one step down the menu is the next size.
    ex.open(TRANSPOSED)
    assert np.shape(ex.check()["output"]) == (5, 5)
    ex.menu("Output height").focus()
    ex.page.keyboard.press("ArrowDown")
    ex.page.keyboard.press("Tab")
    expect(ex.menu("Output width")).to_be_focused()
    assert np.shape(ex.check()["output"]) == (6, 5)
    # A size that another setting makes illegal falls back to the default, and says nothing.
    ex.box("Stride").fill("1")
    shown = ex.check()
    assert np.shape(shown["output"]) == (4, 4) and shown["message"] == ""


@pytest.mark.parametrize("name", ["Input", "Kernel"])
def test_fill_menus(explorer, name) -> None:
    ex = explorer
    menu = ex.menu(f"{name} values")
    key = name.lower()
    height, width = np.shape(ex.check()[key])
    menu.select_option("count")
    assert ex.check()[key] == np.arange(1, height * width + 1).reshape(height, width).tolist()
    menu.select_option("ones")
    assert ex.check()[key] == [[1] * width] * height
    menu.select_option("spike")
    shown = ex.check()[key]
    assert np.sum(shown) == 1 and shown[height // 2][width // 2] == 1
    seen = set()
    for _ in range(4):  # the menu offers the same choice again
        assert menu.input_value() == ""
        menu.select_option("random")
        values = np.array(ex.check()[key])
        assert ((values >= 0) & (values <= 9) & (values == values.round())).all()
        seen.add(values.tobytes())
    assert len(seen) > 1


def test_cell_is_edited_by_mouse(explorer) -> None:
    ex = explorer
    for name in ("Input", "Kernel"):
        cell = ex.cell(name, 1, 0)
        cell.click()
        assert cell.locator("input").count() == 0
        cell.click()
        box = ex.root.get_by_role("textbox", name=f"{name}, row 2, column 1", exact=True)
        expect(box).to_be_focused()
        box.fill("7.25")
        ex.cell("Output", 0, 0).click()  # leaving it behind counts
        shown = ex.check()
        assert shown[name.lower()][1][0] == 7.25
    ex.cell("Output", 0, 0).click()
    ex.cell("Output", 0, 0).click()
    assert ex.grid("Output").locator("input").count() == 0  # the output is computed


def test_cell_is_edited_by_keyboard_alone(explorer) -> None:
    ex = explorer
    key = ex.page.keyboard.press
    for name in ("Input", "Kernel"):
        ex.cell(name, 0, 0).focus()
        key("ArrowDown")
        key("ArrowRight")
        key("Enter")
        ex.page.keyboard.type("-2,5")  # the old value was selected; a decimal comma is read
        key("Enter")
        expect(ex.cell(name, 1, 1)).to_be_focused()
        assert ex.check()[name.lower()][1][1] == -2.5
        # Typing a digit starts editing with it.
        key("4")
        key("2")
        key("Enter")
        assert ex.check()[name.lower()][1][1] == 42
        # Escape keeps the old value.
        key("9")
        key("Escape")
        expect(ex.cell(name, 1, 1)).to_be_focused()
        assert ex.check()[name.lower()][1][1] == 42
        assert ex.grid(name).locator("input").count() == 0
        # Tab takes the number, too.
        key("8")
        key("Tab")
        assert ex.check()[name.lower()][1][1] == 8
    ex.cell("Output", 0, 0).focus()
    key("5")
    key("Enter")
    assert ex.root.locator("input.cb-edit").count() == 0
    ex.check()


def test_arrow_keys_home_and_end_move_in_every_grid(explorer) -> None:
    ex = explorer
    key = ex.page.keyboard.press
    for link in (CONV, TRANSPOSED, TRANSPOSED.replace("scatter", "gather") + "&output=6x5"):
        ex.open(link)
        shown = ex.check()
        for name in ("Input", "Kernel", "Output"):
            height, width = np.shape(shown[name.lower()])
            at = [0, 0]
            ex.cell(name, 0, 0).focus()
            for press, to in (
                ("ArrowUp", (0, 0)),
                ("ArrowLeft", (0, 0)),
                ("ArrowRight", (0, min(1, width - 1))),
                ("ArrowDown", (min(1, height - 1), min(1, width - 1))),
                ("End", (min(1, height - 1), width - 1)),
                ("ArrowRight", (min(1, height - 1), width - 1)),
                ("Home", (min(1, height - 1), 0)),
            ):
                key(press)
                at = to
                expect(ex.cell(name, *at)).to_be_focused()
                assert ex.read()["selected"] == [[name, *at]]
            for _ in range(height):
                key("ArrowDown")
            expect(ex.cell(name, height - 1, 0)).to_be_focused()
            # One stop of the Tab key per grid.
            stops = ex.grid(name).locator("[role=gridcell][tabindex='0']").count()
            assert stops == 1


def test_every_control_is_reached_by_the_tab_key(explorer) -> None:
    ex = explorer
    ex.open(TRANSPOSED.replace("valid", "1,1,1,1"))
    ex.check()
    ex.root.locator(".cb-code summary").click()
    page = ex.page
    ex.radio("Transposed").focus()
    reached = []
    for _ in range(60):
        name = page.evaluate(
            """() => { const e = document.activeElement;
              if (!e.closest(".cb-widget")) return null;
              return (e.closest("[role=grid]") ?? e).getAttribute("aria-label")
                ?? e.labels?.[0]?.textContent ?? e.textContent; }"""
        )
        if name is None:
            break
        reached.append(re.sub(r"[▶◀❚]", "", name).strip())
        page.keyboard.press("Tab")
    assert reached == [
        "Transposed",
        "Scatter",
        "Example",
        "Output",
        "Kernel",
        "Input",
        "Sum",
        "Back",
        "Play",
        "Step",
        "Input height",
        "Input width",
        "Kernel size",
        "Stride",
        "Dilation",
        "Padding",
        "Padding top",
        "Padding bottom",
        "Padding left",
        "Padding right",
        "Output height",
        "Output width",
        "Input values",
        "Kernel values",
        "This layer in Keras, tf.nn and PyTorch",
        "Keras",
        "Keras code",
        "Copy code",
        "Copy link",
        "Copy picture",
        "Reset",
    ]


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_step_and_back_go_through_the_sweep(explorer, how) -> None:
    ex = explorer

    def press(name: str) -> None:
        button = ex.root.get_by_role("button", name=name)
        if how == "mouse":
            button.click()
        else:
            button.focus()
            ex.page.keyboard.press("Enter")

    for link, grid in (
        (CONV, "Output"),
        (TRANSPOSED, "Input"),
        (TRANSPOSED.replace("scatter", "gather"), "Output"),
    ):
        ex.open(link)
        shown = ex.check()
        height, width = np.shape(shown[grid.lower()])
        order = [[grid, r, c] for r in range(height) for c in range(width)]
        place = order.index(shown["selected"][0])
        for _ in range(len(order) + 1):
            press("Step")
            place = (place + 1) % len(order)
            now = ex.read()
            assert now["selected"] == [order[place]]
            assert now["sum"].startswith(f"{grid.lower()}[{order[place][1]}, {order[place][2]}]")
        for _ in range(3):
            press("Back")
            place = (place - 1) % len(order)
            assert ex.read()["selected"] == [order[place]]


def test_play_and_pause(explorer) -> None:
    ex = explorer
    first = ex.read()["selected"]
    ex.root.get_by_role("button", name="Play").click()
    ex.page.mouse.move(2, 2)
    expect(ex.root.get_by_role("button", name="Pause")).to_be_visible()
    ex.page.wait_for_timeout(1300)
    assert ex.read()["selected"] != first
    ex.root.get_by_role("button", name="Pause").focus()
    ex.page.keyboard.press("Space")
    expect(ex.root.get_by_role("button", name="Play")).to_be_visible()
    stopped = ex.read()["selected"]
    ex.page.wait_for_timeout(1100)
    assert ex.read()["selected"] == stopped
    # Any change by hand stops it.
    ex.root.get_by_role("button", name="Play").click()
    ex.cell("Kernel", 0, 0).click()
    expect(ex.root.get_by_role("button", name="Play")).to_be_visible()
    assert ex.read()["selected"] == [["Kernel", 0, 0]]


@pytest.mark.parametrize("reduced", [False, True], ids=["motion", "reduced-motion"])
def test_home_page_plays_unless_less_motion_is_wanted(open_page, reduced) -> None:
    address, name, _ = WIDGETS[0]
    ex = Explorer(open_page(address, reduced_motion=reduced), name)
    expect(ex.root.get_by_role("button", name="Play" if reduced else "Pause")).to_be_visible()
    before = ex.read()["sum"]
    ex.page.wait_for_timeout(1500)
    assert (ex.read()["sum"] == before) is reduced
    durations = ex.root.evaluate(
        """el => [...el.querySelectorAll("*")].map(e => getComputedStyle(e)).filter(
          s => s.animationName !== "none" || s.transitionDuration.split(",").some(d => parseFloat(d) > 0)
        ).length"""
    )
    assert not (reduced and durations)


# ---------------------------------------------------------------------------------------------
# Links, history, code


def allow_clipboard(page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])


def clipboard(page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize(
    "link",
    [
        CONV,
        TRANSPOSED.replace("scatter", "gather") + "&output=6x5",
        TRANSPOSED.replace("valid", "1,0,2,1").replace("1,2;3,4", "1.25,-3;0.5,1e-7")[:-1] + "2",  # dilation
        "mode=conv&input=1,2,3&kernel=1,-1&stride=1&padding=same&dilation=1",
    ],
)
def test_copied_link_reopens_the_same_state(explorer, open_page, link) -> None:
    ex = explorer
    allow_clipboard(ex.page)
    ex.open(link)
    before = ex.check()
    assert before["message"] == ""
    ex.button("Copy link").click()
    expect(ex.root.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = clipboard(ex.page)
    parts = urlsplit(copied)
    assert parts.fragment.startswith(f"{NAME}?") and " " not in copied
    again = Explorer(open_page(f"{PAGE}#{parts.fragment}"), NAME)
    after = again.check()
    different = {k for k in before if before[k] != after[k]}
    assert different == set()
    assert again.root.evaluate("e => e.getBoundingClientRect().top") < 300


def test_copied_link_after_changes_by_hand_reopens_them(explorer, open_page) -> None:
    ex = explorer
    allow_clipboard(ex.page)
    ex.choose("Transposed")
    ex.box("Stride").fill("3")
    ex.menu("Padding").select_option("explicit")
    ex.box("Padding left").fill("2")
    ex.menu("Output width").select_option(index=1)
    ex.cell("Kernel", 0, 1).focus()
    ex.page.keyboard.type("-.5")
    ex.page.keyboard.press("Enter")
    before = ex.check()
    ex.button("Copy link").focus()
    ex.page.keyboard.press("Enter")
    expect(ex.root.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    again = Explorer(open_page(f"{PAGE}#{urlsplit(clipboard(ex.page)).fragment}"), NAME)
    after = again.check()
    for key in ("mode", "picture", "input", "kernel", "output", "boxes", "padding"):
        assert after[key] == before[key]


def test_where_the_clipboard_is_refused_the_link_is_shown(open_page) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{open_page.base}/{PAGE}#{NAME}?{CONV}")
    ex = Explorer(page, NAME)
    ex.button("Copy link").click()
    box = ex.root.get_by_role("textbox", name="Text to copy")
    expect(box).to_be_focused()
    assert f"#{NAME}?mode=conv" in box.input_value()
    chosen = box.evaluate("e => e.selectionEnd - e.selectionStart === e.value.length")
    assert chosen


def test_code_tabs_and_copy_code(explorer) -> None:
    ex = explorer
    allow_clipboard(ex.page)
    ex.root.locator(".cb-code summary").focus()
    ex.page.keyboard.press("Enter")
    tabs = ex.root.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Keras", "tf.nn", "PyTorch", "This widget"]
    words = {
        "Keras": "tf.keras.layers.Conv2D",
        "tf.nn": "tf.nn.conv2d",
        "PyTorch": "F.conv2d",
        "This widget": "ConvExplorer(",
    }
    tabs.first.focus()
    for name in [*words, "Keras"]:
        tab = ex.root.get_by_role("tab", name=name, exact=True)
        expect(tab).to_be_focused()
        expect(tab).to_have_attribute("aria-selected", "true")
        panel = ex.root.get_by_role("tabpanel", name=name, exact=True)
        code = panel.locator("pre").inner_text()
        assert words[name] in code
        panel.get_by_role("button", name="Copy code").click()
        assert clipboard(ex.page).strip() == code.strip()
        tab.focus()
        ex.page.keyboard.press("ArrowRight")
    ex.page.keyboard.press("ArrowLeft")
    ex.page.keyboard.press("ArrowLeft")
    expect(ex.root.get_by_role("tab", name="This widget")).to_be_focused()
    ex.root.get_by_role("tab", name="tf.nn").click()
    ex.choose("Transposed")
    assert "tf.nn.conv2d_transpose(" in ex.root.get_by_role("tabpanel").inner_text()


def test_back_undoes_and_forward_redoes(explorer) -> None:
    ex = explorer
    steps = [ex.check()]
    for change in (
        lambda: ex.box("Stride").fill("2"),
        lambda: ex.choose("Transposed"),
        lambda: ex.choose("Gather"),
        lambda: ex.menu("Kernel values").select_option("ones"),
        lambda: ex.menu("Example").select_option("six"),
        lambda: ex.button("Reset").click(),
    ):
        change()
        steps.append(ex.check())
    keys = ("mode", "picture", "input", "kernel", "output", "boxes", "padding", "outputWidth")

    def same(at: int) -> None:
        shown = ex.check()
        assert {k: shown[k] for k in keys} == {k: steps[at][k] for k in keys}

    for at in reversed(range(len(steps) - 1)):
        ex.page.evaluate("history.back()")
        ex.page.wait_for_timeout(60)
        same(at)
    for at in range(1, len(steps)):
        ex.page.evaluate("history.forward()")
        ex.page.wait_for_timeout(60)
        same(at)
    ex.page.go_back()
    same(len(steps) - 2)
    ex.page.reload()
    same(len(steps) - 2)


def test_back_undoes_down_to_the_page_as_it_was_opened(open_page) -> None:
    page = open_page(PAGE)
    ex = Explorer(page, NAME)
    first = ex.check()
    ex.choose("Transposed")
    ex.box("Stride").fill("2")
    ex.check()
    for stride, mode in (("1", "transpose"), ("1", "conv")):
        page.go_back()
        shown = ex.check()
        assert (shown["boxes"]["Stride"], shown["mode"]) == (stride, mode)
    assert {k: shown[k] for k in PICTURE} == {k: first[k] for k in PICTURE}
    assert urlsplit(page.url).fragment == ""
    page.go_forward()
    page.go_forward()
    assert ex.check()["boxes"]["Stride"] == "2"


def test_a_heading_of_the_same_page_leaves_the_widget_alone(explorer) -> None:
    """Readers jump about in a chapter; that must not throw away what they set up."""
    ex = explorer
    ex.box("Stride").fill("2")
    ex.cell("Kernel", 0, 0).focus()
    ex.page.keyboard.type("9")
    ex.page.keyboard.press("Enter")
    before = ex.check()
    ex.page.evaluate("document.querySelector('article h2 a.headerlink').click()")
    ex.page.wait_for_timeout(100)
    assert "?" not in urlsplit(ex.page.url).fragment
    after = ex.check()
    for key in ("input", "kernel", "output", "boxes"):
        assert after[key] == before[key]


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_reset_gives_the_page_its_own_example_again(explorer, how) -> None:
    ex = explorer
    ex.choose("Transposed")
    ex.box("Stride").fill("2")
    ex.box("Kernel size").fill("99")
    assert ex.read()["message"]
    if how == "mouse":
        ex.button("Reset").click()
    else:
        ex.button("Reset").focus()
        ex.page.keyboard.press("Enter")
    shown = ex.check()
    w = ConvExplorer(START)
    assert (shown["mode"], shown["input"], shown["kernel"]) == (w.mode, w.input, w.kernel)
    assert shown["message"] == "" and shown["invalid"] == [] and shown["example"] == START


def test_link_in_the_chapter_opens_its_exercise(open_page) -> None:
    page = open_page(PAGE)
    link = page.locator(f"article a[href*='#{NAME}?']").first
    href = link.get_attribute("href")
    assert "mode=" in href
    # The exercise may lie in a folded box.
    link.evaluate("e => e.click()")
    shown = Explorer(page, NAME).check()
    assert shown["message"] == ""
    wanted = re.search(r"input=([\d.,;-]+)", href)[1]
    assert shown["input"] == [[float(v) for v in row.split(",")] for row in wanted.split(";")]


# ---------------------------------------------------------------------------------------------
# Pointing

POINTED = [
    CONV,
    CONV.replace("padding=valid", "padding=same").replace("stride=1", "stride=2"),
    CONV.replace("padding=valid", "padding=1,0,0,2").replace("dilation=1", "dilation=2"),
    TRANSPOSED + "&output=6x5",
    TRANSPOSED.replace("valid", "same").replace("scatter", "gather"),
    TRANSPOSED.replace("valid", "1,2,0,1").replace("dilation=1", "dilation=2"),
]


def expected_lit(links: list, grid: str, at: tuple[int, int]) -> dict[str, set]:
    which = ["Input", "Kernel", "Output"].index(grid)
    mine = [link for link in links if link[which] == at]
    return {
        name: set() if name == grid else {link[i] for link in mine}
        for i, name in enumerate(["Input", "Kernel", "Output"])
    }


@pytest.mark.parametrize("link", POINTED, ids=range(len(POINTED)))
def test_pointing_with_the_mouse_lights_what_is_linked(explorer, link) -> None:
    ex = explorer
    ex.open(link)
    shown = ex.check()
    assert shown["message"] == ""
    settings = settings_of(shown)
    links = links_of(settings, shown["output"])
    for grid in ("Output", "Input", "Kernel"):
        height, width = np.shape(shown[grid.lower()])
        cells = [(r, c) for r in range(height) for c in range(width)]
        for at in cells if len(cells) < 17 else cells[:: len(cells) // 12]:
            ex.cell(grid, *at).hover()
            lit = ex.lit()
            assert lit == expected_lit(links, grid, at), (grid, at)
            text = ex.root.get_by_role("group", name="Sum").inner_text()
            mine = [k for k in links if k[["Input", "Kernel", "Output"].index(grid)] == at]
            assert text.startswith(f"{grid.lower()}[{at[0]}, {at[1]}] =")
            if grid == "Input" and mine:
                assert f"goes to {len(mine)} output cell" in text
            if grid == "Kernel":
                assert f"takes part in {len(mine)} product" in text
            if grid != "Output" and len(mine) <= 64:
                told = {(int(r), int(c)) for r, c in re.findall(r"→ \[(\d+), (\d+)\]", text)}
                assert told == {k[2] for k in mine}
    # Away from the grids the selected cell is shown again.
    ex.page.mouse.move(3, 3)
    chosen = ex.read()["selected"][0]
    assert ex.lit() == expected_lit(links, chosen[0], tuple(chosen[1:]))


def test_focus_from_the_keyboard_lights_what_is_linked(explorer) -> None:
    ex = explorer
    for link in POINTED[2], POINTED[3]:
        ex.open(link)
        shown = ex.check()
        links = links_of(settings_of(shown), shown["output"])
        for grid in ("Output", "Input", "Kernel"):
            ex.cell(grid, 0, 0).focus()
            for press in ("ArrowRight", "ArrowDown", "ArrowLeft"):
                ex.page.keyboard.press(press)
                chosen = ex.read()["selected"][0]
                assert chosen[0] == grid
                assert ex.lit() == expected_lit(links, grid, tuple(chosen[1:]))


def test_each_weight_has_its_own_tint_wherever_it_acts(explorer) -> None:
    ex = explorer
    ex.open(TRANSPOSED)
    ex.check()
    ex.cell("Input", 0, 0).focus()
    colours = ex.root.evaluate(
        """async el => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          const of = name => [...el.querySelectorAll(`[role=grid][aria-label=${name}] [role=gridcell]`)]
            .map(e => [e.dataset.row + "," + e.dataset.column, getComputedStyle(e).backgroundColor]);
          return { kernel: of("Kernel"), output: of("Output") }; }"""
    )
    kernel = dict(colours["kernel"])
    assert len(set(kernel.values())) == 9
    output = dict(colours["output"])
    for r in range(3):
        for c in range(3):
            assert output[f"{r},{c}"] == kernel[f"{r},{c}"]


def test_touch(open_page) -> None:
    page = open_page(f"{PAGE}#{NAME}?{CONV}", width=390, height=844, touch=True)
    ex = Explorer(page, NAME)
    shown = ex.check()
    links = links_of(settings_of(shown), shown["output"])
    for grid, at in (("Output", (2, 1)), ("Input", (1, 1)), ("Kernel", (1, 0))):
        ex.cell(grid, *at).tap()
        assert ex.read()["selected"] == [[grid, *at]]
        assert ex.lit() == expected_lit(links, grid, at)
        assert ex.read()["sum"].startswith(f"{grid.lower()}[{at[0]}, {at[1]}]")
    ex.cell("Input", 0, 0).tap()
    ex.cell("Input", 0, 0).tap()
    box = ex.root.locator("input.cb-edit")
    expect(box).to_be_focused()
    box.fill("6")
    ex.root.get_by_role("button", name="Step").tap()
    assert ex.check()["input"][0][0] == 6
    ex.box("Stride").locator("xpath=..").locator("button").last.tap()
    assert ex.check()["boxes"]["Stride"] == "2"
    ex.root.locator(".cb-choice label", has_text="Transposed").tap()
    assert ex.check()["mode"] == "transpose"


# ---------------------------------------------------------------------------------------------
# Bad input

NONSENSE = [
    "",
    "abc",
    "-1",
    "0",
    "1e9",
    "1.5",
    "999999",
    "<script>alert(1)</script>",
    "🙂",
    "9" * 10_000,
    "٣",
    "0x4",
    "NaN",
    "--2",
]
FIELDS = {
    "Input height": "inputHeight",
    "Input width": "inputWidth",
    "Kernel size": "kernelSize",
    "Stride": "stride",
    "Dilation": "dilation",
    "Padding top": "padTop",
    "Padding bottom": "padBottom",
    "Padding left": "padLeft",
    "Padding right": "padRight",
}
PICTURE = ("mode", "input", "kernel", "output", "shapes", "formulas", "padding")


# Puts each text into a number box and reads what is shown; then the good value again.
TYPE = """async ([el, label, good, texts]) => {
  const read = %s;
  const box = [...el.querySelectorAll("label")].find(l => l.textContent.trim() === label).control;
  const put = text => { box.value = text; box.dispatchEvent(new InputEvent("input", { bubbles: true })); };
  const seen = [];
  for (const text of texts) {
    put(text);
    const shown = await read(el);
    const described = document.getElementById(box.getAttribute("aria-describedby"))?.innerText.trim();
    put(good);
    seen.push([shown, described]);
  }
  return [seen, await read(el)];
}""" % READ  # noqa: UP031


@pytest.mark.parametrize("mode", [CONV, TRANSPOSED], ids=["conv", "transpose"])
@pytest.mark.parametrize("label", FIELDS)
def test_nonsense_in_a_number_box(explorer, label, mode) -> None:
    ex = explorer
    start = mode.replace("valid", "1,1,1,1")
    ex.open(start)
    good = ex.check()
    box = ex.box(label)
    low, high = LIMITS[FIELDS[label]]
    texts = [
        text
        for text in (NONSENSE if mode == CONV else ("", "abc", "-1", "999999"))
        if not (re.fullmatch(r"-?\d{1,6}", text) and low <= int(text) <= high)
    ]
    value = good["boxes"][label]
    seen, again = ex.page.evaluate(TYPE, [ex.root.element_handle(), label, value, texts])
    fixes = {}
    for text, (shown, described) in zip(texts, seen, strict=True):
        assert f"{label} is a whole number from {low} to {high}." in shown["message"], text[:20]
        assert "Received:" in shown["message"] and len(shown["message"]) < 300
        assert shown["invalid"] == [label] and described in shown["message"]
        assert {k: shown[k] for k in PICTURE} == {k: good[k] for k in PICTURE}
        fixes |= {fix: (text, at) for at, fix in enumerate(shown["fixes"])}
    # A good value recovers.
    assert again["message"] == "" and again["invalid"] == []
    assert {k: again[k] for k in PICTURE} == {k: good[k] for k in PICTURE}
    for fix, (text, at) in fixes.items():
        ex.open(start)
        box.fill(text)
        expect(ex.root.locator("[role=alert] button").nth(at)).to_have_text(fix)
        ex.root.locator("[role=alert] button").nth(at).click()
        fixed = ex.check()
        assert fixed["message"] == "" and fixed["invalid"] == [], (text, fix)


@pytest.mark.parametrize("text", [*NONSENSE[:2], *NONSENSE[7:], "1/2", "1,2,3", "2e9", "1e400", "1e"])
def test_nonsense_in_a_cell(explorer, text) -> None:
    if text == "9" * 10_000:
        text = "1" * 10_000
    ex = explorer
    before = ex.check()
    for name in ("Input", "Kernel"):
        cell = ex.cell(name, 0, 1)
        cell.focus()
        ex.page.keyboard.press("Enter")
        ex.root.locator("input.cb-edit").fill(text)
        ex.page.keyboard.press("Enter")
        shown = ex.read()
        assert "A cell takes a number" in shown["message"], text[:20]
        assert len(shown["message"]) < 200
        assert shown["output"] == before["output"]
        ex.page.keyboard.press("Escape")
        shown = ex.check()
        assert shown["message"] == "" and shown[name.lower()] == before[name.lower()]
        # Left behind: the old value stays as well.
        ex.page.keyboard.press("Enter")
        ex.root.locator("input.cb-edit").fill(text)
        ex.page.keyboard.press("Tab")
        shown = ex.check()
        assert shown[name.lower()] == before[name.lower()]
        assert ex.root.locator("input.cb-edit").count() == 0
        # And a good value works at once.
        cell.focus()
        ex.page.keyboard.type("3")
        ex.page.keyboard.press("Enter")
        shown = ex.check()
        assert shown[name.lower()][0][1] == 3 and shown["message"] == ""
        ex.open(CONV)
        before = ex.check()


def every_fix_is_legal(ex: Explorer, provoke) -> list[str]:
    """Provoke a message, press each of its buttons in turn, and see a legal picture each time."""
    provoke()
    labels = ex.read()["fixes"]
    assert labels
    for at in range(len(labels)):
        ex.root.locator("[role=alert] button").nth(at).click()
        shown = ex.check()
        assert shown["message"] == "" and shown["invalid"] == [], labels[at]
        if at + 1 < len(labels):
            provoke()
            assert ex.read()["fixes"] == labels
    return labels


def test_kernel_larger_than_its_input(explorer) -> None:
    ex = explorer

    def provoke() -> None:
        ex.open(CONV)
        ex.check()
        ex.box("Kernel size").fill("5")

    provoke()
    shown = ex.read()
    assert "A kernel must fit inside its padded input." in shown["message"]
    assert "5" in shown["message"] and "4" in shown["message"]
    assert shown["invalid"] == ["Kernel size"]
    assert np.shape(shown["kernel"]) == (2, 2)  # the last good picture
    labels = every_fix_is_legal(ex, provoke)
    assert any("kernel size 4" in label for label in labels)
    # It also becomes legal when the other number follows.
    provoke()
    ex.box("Input height").fill("6")
    assert ex.read()["message"]
    ex.box("Input width").fill("6")
    shown = ex.check()
    assert shown["message"] == "" and np.shape(shown["output"]) == (2, 2)
    # Dilation and the input's size break the same rule.
    ex.open(CONV)
    ex.box("Dilation").fill("4")
    assert "dilation 4" in ex.read()["message"]
    ex.open(CONV)
    ex.box("Input width").fill("1")
    assert "must fit inside" in ex.read()["message"]


def test_padding_that_crops_everything_away(explorer) -> None:
    ex = explorer

    def provoke() -> None:
        ex.open(TRANSPOSED.replace("valid", "1,1,1,1"))
        ex.check()
        ex.box("Padding top").fill("9")

    provoke()
    shown = ex.read()
    assert "crops away the whole result" in shown["message"]
    assert shown["invalid"] == ["Padding top"]
    assert np.shape(shown["output"]) == (3, 3)
    every_fix_is_legal(ex, provoke)


def test_too_large_to_draw(explorer) -> None:
    ex = explorer
    ones = ";".join([",".join(["1"] * 9)] * 9)

    def provoke() -> None:
        ex.open(f"mode=transpose&input={ones}&kernel=1,2;3,4&stride=2&padding=valid&dilation=1")
        ex.check()
        ex.box("Stride").fill("6")

    provoke()
    assert "at most 40" in ex.read()["message"]
    every_fix_is_legal(ex, provoke)


def test_what_turning_round_gives_can_be_linked_to(explorer, open_page) -> None:
    """A transposed layer can be larger than any input that the boxes allow."""
    ex = explorer
    allow_clipboard(ex.page)
    ones = ";".join([",".join(["1"] * 8)] * 8)
    ex.open(f"mode=transpose&input={ones}&kernel=1,2;3,4&stride=5&padding=valid&dilation=1")
    before = ex.check()
    assert np.shape(before["output"]) == (40, 40)
    ex.choose("Convolution")
    shown = ex.check()
    if shown["mode"] == "transpose":
        assert shown["message"]
        return
    assert int(shown["boxes"]["Input height"]) <= LIMITS["inputHeight"][1]
    ex.button("Copy link").click()
    expect(ex.root.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    again = Explorer(open_page(f"{PAGE}#{urlsplit(clipboard(ex.page)).fragment}"), NAME).check()
    assert again["input"] == shown["input"] and again["message"] == ""


BAD_LINKS = [
    "",
    "?",
    "&&&===",
    "mode",
    "mode=",
    "mode=CONV",
    "mode=deconv",
    "mode=<script>alert(1)</script>",
    "picture=sideways&mode=transpose",
    "input=",
    "input=;",
    "input=,",
    "input=a,b;c,d",
    "input=1,2;3",
    "input=NaN,1;1,1",
    "input=Infinity,1;1,1",
    "input=1e999,1;1,1",
    "input=" + ",".join(["1"] * 17),
    "input=" + ";".join(["1"] * 17),
    "input=" + "1," * 60_000,
    "kernel=1,2;3",
    "kernel=" + ";".join([",".join(["1"] * 8)] * 8),
    "kernel=" + ";".join([",".join(["1"] * 7)] * 7),
    "kernel=[[1,2],[3,4]]",
    "stride=0",
    "stride=-1",
    "stride=7",
    "stride=1.5",
    "stride=two",
    "stride=1&stride=0",
    "dilation=0",
    "dilation=5",
    "dilation=4",
    "padding=full",
    "padding=1",
    "padding=1,1,1",
    "padding=1,1,1,-1",
    "padding=99,0,0,0",
    "padding=12,12,12,12&mode=transpose",
    "mode=transpose&output=4",
    "mode=transpose&output=0x0",
    "mode=transpose&output=-3x3",
    "mode=transpose&output=4x99",
    "mode=transpose&output=axb",
    "mode=transpose&stride=6&input=" + ";".join([",".join(["1"] * 16)] * 16),
    "output=2x2",
    "__proto__=1&constructor=2&toString=3",
    "%",
    "%E0%A4%A",
    "mode=%00%00",
    "mode=conv%26stride=0",
    "javascript:alert(1)",
    "input=1,2;3,4&kernel=1,2,3;4,5,6;7,8,9&padding=valid",
    "🙂=🙂",
]


def test_hand_edited_links_with_nonsense(explorer) -> None:
    ex = explorer
    assert len(BAD_LINKS) >= 30
    silent = {
        # Nothing in them is for the widget, or the last of two values is the one that counts.
        *("", "?", "&&&===", "mode", "%", "%E0%A4%A", "javascript:alert(1)", "🙂=🙂"),
        *("output=2x2", "__proto__=1&constructor=2&toString=3"),
    }
    queries = [(link, 0, 0) for link in BAD_LINKS]
    seen = ex.page.evaluate(REPLAY, [ex.root.element_handle(), NAME, queries])
    for link, shown in zip(BAD_LINKS, seen, strict=True):
        hold_to_conv_lib(shown)  # what stands there is legal and right
        if link not in silent:
            assert "link" in shown["message"].lower(), link[:60]
            assert len(shown["message"]) < 500
    before = ex.check()["boxes"]["Stride"]
    ex.box("Stride").press("ArrowUp")  # and it is alive
    assert ex.check()["boxes"]["Stride"] != before


def test_page_opened_by_a_bad_link_says_so(open_page) -> None:
    for link in ("stride=0&mode=transpose", "%E0%A4%A&stride=abc", "kernel=1,2;3"):
        ex = Explorer(open_page(f"{PAGE}#{NAME}?{link}"), NAME)
        shown = ex.check()
        assert "link" in shown["message"].lower()
        ex.box("Stride").fill("2")
        assert ex.read()["message"] == "" or "link" not in ex.read()["message"].lower()


# ---------------------------------------------------------------------------------------------
# Names, axe, layout


def test_roles_and_names(explorer) -> None:
    ex = explorer
    ex.open(TRANSPOSED.replace("valid", "1,1,1,1"))
    ex.check()
    for role, names in {
        "spinbutton": list(FIELDS),
        "combobox": [
            *("Padding", "Example", "Output height", "Output width", "Input values", "Kernel values"),
        ],
        "grid": ["Input", "Kernel", "Output"],
        "radiogroup": ["Mode", "Picture"],
        "radio": ["Convolution", "Transposed", "Scatter", "Gather"],
        "button": ["Copy link", "Copy picture", "Reset", "Back", "Play", "Step"],
        "group": ["Sum"],
    }.items():
        for name in names:
            found = ex.root.get_by_role(role, name=name, exact=True)
            assert found.count() == 1, (role, name)
            assert found.is_visible()
    shown = ex.read()
    for name in ("Input", "Kernel", "Output"):
        grid = ex.grid(name)
        height, width = np.shape(shown[name.lower()])
        assert grid.get_attribute("aria-rowcount") == str(height)
        assert grid.get_attribute("aria-colcount") == str(width)
        assert grid.get_by_role("row").count() == height
        assert grid.get_by_role("gridcell").count() == height * width
        snapshot = grid.aria_snapshot()
        assert snapshot.count("- gridcell") == height * width
    # Nothing to see is left in the tree: what only draws is hidden from it.
    assert ex.root.get_by_role("button", name="+").count() == 0


AXE_RUN = """async el => {
  const { violations } = await axe.run(el, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return violations.map(v => [v.id, v.help, v.nodes.map(n => n.target.join(" ") + ": " + n.failureSummary)]);
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_any_state(open_page, width, dark) -> None:
    # A high window: axe counts a box that the window's edge cuts as too small to touch.
    page = open_page(f"{PAGE}#{NAME}?{CONV}", width=width, height=2600, dark=dark)
    ex = Explorer(page, NAME)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    def bad_number_and_code() -> None:
        ex.box("Stride").fill("0")
        ex.root.locator(".cb-code summary").click()

    def editing() -> None:
        ex.cell("Input", 0, 0).focus()
        page.keyboard.press("Enter")

    runs = 0
    for link, then in (
        (CONV.replace("valid", "1,2,0,1").replace("dilation=1", "dilation=2"), None),
        (CONV, bad_number_and_code),
        (CONV, editing),
        (TRANSPOSED + "&output=6x6", None),
        (TRANSPOSED.replace("scatter", "gather"), None),
    ):
        ex.open(link)
        ex.read()
        if then:
            then()
        for grid in ("Output", "Kernel") if then is None else ():
            ex.cell(grid, 0, 0).focus()
            ex.read()
        found = ex.root.evaluate(AXE_RUN)
        assert found == [], (link, "\n".join(f"{i}: {h}\n   " + "\n   ".join(n[:4]) for i, h, n in found))
        runs += 1
    print(f"axe: {runs} states, no violation")


OVERFLOW = """el => {
  const inScroller = e => { for (e = e.parentElement; e && e !== el; e = e.parentElement)
    if (getComputedStyle(e).overflowX !== "visible") return true; return false; };
  const root = el.getBoundingClientRect();
  const out = [];
  for (const e of el.querySelectorAll("*")) {
    if (e.closest("svg")) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const name = (e.getAttribute("aria-label") ?? e.textContent).slice(0, 40) + " ." + e.className;
    if (!inScroller(e) && (box.right > root.right + 1 || box.left < root.left - 1)) out.push("past the edge: " + name);
    const control = e.matches("button, label, select, .cb-stepper, .cb-choice, .cb-title, [role=tab]");
    if (control && e.scrollWidth > e.clientWidth + 1) out.push("cut off: " + name);
    const cell = e.matches("[role=gridcell]");
    if (cell && e.scrollWidth > e.clientWidth + 1) out.push("wider than its cell: " + name);
  }
  const d = document.documentElement;
  return { out, sideways: d.scrollWidth - d.clientWidth };
}"""


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_nothing_overflows(open_page, width) -> None:
    page = open_page(f"{PAGE}#{NAME}?{CONV}", width=width)
    ex = Explorer(page, NAME)
    ex.root.locator(".cb-code summary").click()
    links = [
        CONV,
        CONV.replace("valid", "3,3,3,3"),
        TRANSPOSED.replace("valid", "1,1,1,1"),
        TRANSPOSED.replace("scatter", "gather").replace("stride=2", "stride=4"),
        TRANSPOSED + "&output=6x6",
        "mode=conv&input=-123456.75,0.001;123456789,-0.125&kernel=1,1;1,1&padding=same",
        LARGEST,
    ]
    for link in links:
        ex.open(link)
        assert ex.check()["message"] == ""
        assert ex.root.evaluate(OVERFLOW) == {"out": [], "sideways": 0}, link[:60]
    # The largest input scrolls inside its own box on a phone.
    if width < 500:
        scroll = ex.root.locator(".cb-grid-scroll").first.evaluate(
            "e => [e.scrollWidth, e.clientWidth, getComputedStyle(e).overflowX]"
        )
        assert scroll[0] > scroll[1] and scroll[2] == "auto"
        ex.cell("Input", 8, 15).focus()
        box = ex.cell("Input", 8, 15).bounding_box()
        assert box["x"] + box["width"] <= width
        assert page.evaluate("window.scrollX") == 0
    # With a message that has every button.
    ex.open(CONV)
    ex.box("Kernel size").fill("7")
    assert ex.read()["fixes"]
    assert ex.root.evaluate(OVERFLOW) == {"out": [], "sideways": 0}


def test_controls_are_large_enough_to_touch(open_page) -> None:
    page = open_page(f"{PAGE}#{NAME}?{TRANSPOSED}", width=390, touch=True)
    small = Explorer(page, NAME).root.evaluate(
        """el => [...el.querySelectorAll("button, select, input:not([type=radio]), .cb-choice label, [role=gridcell]")]
          .map(e => [e.textContent || e.role, e.getBoundingClientRect()])
          .filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([n]) => n)"""
    )
    assert small == []  # WCAG 2.2, target size (minimum)


def test_two_widgets_on_one_page_do_not_mix(open_page, site_url) -> None:
    page = open_page()
    bodies = [ConvExplorer("ones-conv", name="first"), ConvExplorer("start", name="second")]
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>two</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/widgets.css">'
        f"<main>{''.join(w.to_html() for w in bodies)}</main>"
        '<script src="/page.js"></script><script src="/page/ConvExplorer.js"></script></html>'
    )
    static = ROOT / "conv_lib/widgets/static"
    page.route("**/two.html*", lambda r: r.fulfill(body=html, content_type="text/html"))

    def serve(name: str) -> None:
        page.route(f"**/{name}", lambda r: r.fulfill(path=static / name))

    for name in ("page.js", "page/ConvExplorer.js", "widgets.css"):
        serve(name)
    page.goto(f"{site_url}/two.html")
    first, second = Explorer(page, "first"), Explorer(page, "second")
    assert first.check()["mode"] == second.check()["mode"] == "conv"
    second.choose("Transposed")
    assert second.check()["mode"] == "transpose"
    assert first.check()["mode"] == "conv"
    second.root.get_by_text("Dilation", exact=True).click()  # a label belongs to its own box
    expect(second.box("Dilation")).to_be_focused()
    second.box("Stride").fill("2")
    assert first.check()["boxes"]["Stride"] == "1"
    assert second.check()["boxes"]["Stride"] == "2"
    doubled = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
          return ids.filter((id, i) => ids.indexOf(id) !== i); }"""
    )
    assert doubled == []
    # Undo goes back through both, in the order of the changes.
    first.box("Stride").fill("2")
    page.go_back()
    assert first.check()["boxes"]["Stride"] == "1" and second.check()["boxes"]["Stride"] == "2"
    page.go_back()
    assert second.check()["boxes"]["Stride"] == "1"


# ---------------------------------------------------------------------------------------------
# Time

TIME = """async ([el, kind, cells]) => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  const changed = () => new Promise(done => {
    const watch = new MutationObserver(() => { watch.disconnect(); done(); });
    watch.observe(el, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const at = (name, r, c) => el.querySelector(
    `[role=grid][aria-label=${name}] [data-row="${r}"][data-column="${c}"]`);
  const times = [];
  for (const [name, r, c] of cells) {
    await frame(); await frame();
    const cell = at(name, r, c);
    let start, wait;
    if (kind === "point") {
      wait = changed();
      start = performance.now();
      cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
    } else {
      cell.focus({ preventScroll: true });
      await frame(); await frame();
      cell.dispatchEvent(new KeyboardEvent("keydown", { key: "5", bubbles: true, cancelable: true }));
      await frame(); await frame();
      const box = el.querySelector("input.cb-edit");
      box.value = String(20 + times.length);
      wait = changed();
      start = performance.now();
      box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    }
    await wait;
    times.push(await painted() - start);
  }
  return times;
}"""


def test_alive_within_a_frame_or_so_on_the_largest_input(open_page) -> None:
    """Measured to the end of the next frame, on whatever machine this is; only a generous bound is held."""
    page = open_page(f"{PAGE}#{NAME}?{LARGEST}")
    ex = Explorer(page, NAME)
    assert np.shape(ex.check()["output"]) == (16, 16)
    root = ex.root.element_handle()
    pointed = [("Output", r, (5 * r) % 16) for r in range(16)] + [("Kernel", 1, c) for c in range(3)]
    point = page.evaluate(TIME, [root, "point", pointed])
    edit = page.evaluate(TIME, [root, "edit", [("Input", r, (3 * r) % 16) for r in range(12)]])
    ex.check()
    print(
        f"16 x 16: pointing {statistics.median(point):.1f} ms (worst {max(point):.1f}), "
        f"editing {statistics.median(edit):.1f} ms (worst {max(edit):.1f}), to the end of the next frame"
    )
    assert statistics.median(point) < 200 and statistics.median(edit) < 200


def test_reference_helper_knows_every_link() -> None:
    """links_of, the list that pointing is held to, gives the right sums itself."""
    for case in layer_cases(60, seed=5)[0]:
        settings, output = case["settings"], np.array(case["output"])
        total = np.zeros_like(output, dtype=float)
        for i, k, o in links_of(settings, output):
            total[o] += settings["input"][i[0]][i[1]] * settings["kernel"][k[0]][k[1]]
        np.testing.assert_allclose(total, reference(settings), atol=1e-9)
