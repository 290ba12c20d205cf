"""The bench's plots on a built page: pointing, keys, links, views, and nothing that overflows or jumps."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from benchplot_cases import document
from conv_lib.bench import stored
from conv_lib.figures.bench import bench_value, short_name

PAGE = "book/speed.html"
RESULT = stored.load("two-cores-float32")


@pytest.fixture
def plot(open_page):
    page = open_page(PAGE)
    page.wait_for_selector("#bench[data-alive]")
    return page.locator("#bench")


def readout(plot):
    return plot.get_by_role("region", name="The chosen layer")


def row(plot, name):
    return plot.locator(f"[role=radio][data-name='{name}']")


def number(text: str) -> float:
    return float(text.replace("\u202f", ""))


def test_every_layer_reads_out_what_was_stored(plot) -> None:
    items = plot.get_by_role("radiogroup", name="Layers").get_by_role("radio")
    expect(items).to_have_count(len(RESULT.workloads))
    for record in RESULT.workloads:
        row(plot, record["name"]).click()
        expect(row(plot, record["name"])).to_have_attribute("aria-checked", "true")
        assert short_name(record) in row(plot, record["name"]).locator(".cb-b-label").text_content()
        rows = readout(plot).locator("tbody tr")
        for index, backend in enumerate(("numpy", "tf", "floor")):
            ms, rate = map(number, rows.nth(index).locator("td").all_inner_texts())
            assert ms == pytest.approx(bench_value(record, "ms", backend), rel=6e-3)
            assert rate == pytest.approx(bench_value(record, "gflops", backend), rel=0.01, abs=1e-4)


def test_where_and_when_stand_below_and_the_gpu_is_said_to_be_missing(plot) -> None:
    where = plot.locator(".cb-b-where")
    expect(where).to_contain_text(RESULT.machine["date"])
    expect(where).to_contain_text(RESULT.machine["cpu"])
    expect(where).to_contain_text("TensorFlow, GPU: not measured. TensorFlow sees no GPU")
    expect(plot.get_by_role("radiogroup", name="Layers")).not_to_contain_text("GPU")


def test_by_keyboard_alone(plot) -> None:
    page = plot.page
    row(plot, "conv 56x56x64->64 k3").focus()
    page.keyboard.press("ArrowDown")
    expect(row(plot, "conv 28x28x256->256 k1")).to_be_focused()
    expect(readout(plot)).to_contain_text("kernel 1×1")
    page.keyboard.press("End")
    expect(row(plot, RESULT.workloads[-1]["name"])).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row(plot, RESULT.workloads[-1]["name"])).to_be_focused()
    page.keyboard.press("Home")
    expect(readout(plot)).to_contain_text("1×5×5×1")
    plot.get_by_role("radio", name="Rate").focus()
    page.keyboard.press("ArrowRight")
    expect(plot.get_by_role("radio", name="Growth")).to_be_checked()
    expect(row(plot, "batch 64")).to_be_visible()


def test_rate_goes_from_left_to_right(plot) -> None:
    plot.get_by_text("Rate", exact=True).click()
    places = plot.locator(".cb-b-chart [role=radio]").evaluate_all("all => all.map(e => e.getBoundingClientRect().x)")
    assert len(places) == sum(record["heavy"] for record in RESULT.workloads) and places == sorted(places)
    plot.locator(".cb-b-chart [role=radio]").nth(3).click(force=True)
    first = plot.locator(".cb-b-chart [aria-checked=true]").get_attribute("data-name")
    plot.page.keyboard.press("ArrowRight")
    assert plot.locator(".cb-b-chart [aria-checked=true]").get_attribute("data-name") != first


def test_back_undoes_and_a_link_reopens(plot, open_page) -> None:
    page = plot.page
    plot.get_by_label("Show").select_option("floor")
    row(plot, "transpose 32x32x64->3 k5 s2").click()
    address = page.url
    assert " " not in address and ">" not in address
    page.go_back()
    expect(readout(plot)).to_contain_text("Convolution")
    expect(plot.get_by_label("Show")).to_have_value("floor")
    page.go_back()
    expect(plot.get_by_label("Show")).to_have_value("ms")
    again = open_page()
    again.goto(address)
    plot = again.locator("#bench[data-alive]")
    expect(plot.get_by_label("Show")).to_have_value("floor")
    expect(readout(plot)).to_contain_text("Transposed convolution")
    expect(readout(plot)).to_contain_text("64×64×3")


BAD_LINKS = ["view=pie", "workload=<script>alert(1)</script>", "result=%F0%9F%98%80", "quantity=" + 9999 * "x"]


@pytest.mark.parametrize("query", BAD_LINKS)
def test_a_bad_link_says_so_and_shows_the_rest(open_page, query) -> None:
    page = open_page(f"{PAGE}#bench?{query}")
    plot = page.locator("#bench[data-alive]")
    expect(plot.get_by_role("alert")).to_contain_text("cannot be read")
    expect(readout(plot)).to_contain_text("56×56×64")
    plot.get_by_role("button", name="Reset").click()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_view_overflows(open_page, width) -> None:
    page = open_page(PAGE, width=width)
    plot = page.locator("#bench[data-alive]")
    for view in ("Layer by layer", "Rate", "Growth"):
        plot.get_by_text(view, exact=True).click()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        outside = plot.evaluate(
            """e => { const box = e.getBoundingClientRect();
              return [...e.querySelectorAll('svg text, td, th, dd')].filter(t => {
                const b = t.getBoundingClientRect();
                return b.width && (b.right > box.right || b.left < box.left); }).map(t => t.textContent); }"""
        )
        assert outside == []


def test_views_do_not_jump(plot) -> None:
    heights = []
    for view in ("Rate", "Growth", "Layer by layer"):
        plot.get_by_text(view, exact=True).click()
        heights.append(plot.bounding_box()["height"])
    assert max(heights) - min(heights) < 60, heights
    for record in RESULT.workloads[::4]:
        row(plot, record["name"]).hover()
        assert abs(plot.bounding_box()["height"] - heights[-1]) < 30


def test_a_stored_gpu_result_would_appear(open_page) -> None:
    page = open_page(PAGE)
    made_up = stored.parse(document(layers=5), "made-up").as_state()
    # The same page with another state: what it would show had a GPU been there.
    settings = {"result": "", "view": "layers", "quantity": "ms", "workload": "", "folded": False, "playing": False}
    page.evaluate(
        """state => {
          const place = document.querySelector('#bench').cloneNode(false);
          place.id = place.dataset.name = 'made'; delete place.dataset.alive;
          place.dataset.state = JSON.stringify(state);
          document.querySelector('#bench').after(place);
          const script = document.createElement('script');
          script.src = [...document.scripts].map(s => s.src).find(s => s.includes('BenchPlot'));
          document.body.append(script);
        }""",
        {"results": [made_up], **settings},
    )
    plot = page.locator("#made[data-alive]")
    expect(plot.locator(".cb-b-legend")).to_contain_text("TensorFlow, GPU")
    expect(plot.locator(".cb-b-where")).to_contain_text("made-up device, TF32 on")
    expect(readout(plot).locator("tbody tr")).to_have_count(4)


def test_pointing_answers_within_a_frame(plot) -> None:
    times = plot.page.evaluate(
        """async () => {
          const times = [];
          for (const item of document.querySelectorAll('#bench .cb-b-item')) {
            const start = performance.now();
            item.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
            await new Promise(r => queueMicrotask(r));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            document.querySelector('#bench').getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"pointing: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms")
    assert times[len(times) // 2] < 50


def test_the_state_travels_in_the_page(plot) -> None:
    state = json.loads(plot.get_attribute("data-state"))
    assert [one["name"] for one in state["results"]] == stored.names()
    assert re.match(r"2\d\d\d-", state["results"][0]["machine"]["date"])
