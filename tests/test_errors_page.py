"""The error reader on its page: what is pasted is read, shown and never run."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from conv_lib.diagnosis import FORMS, find, read
from conv_lib.widgets import ErrorReader
from errors_cases import TRACEBACK
from test_pages import AXE

PAGE = "book/tools/errors.html"


def reader(page):
    return page.locator("#errors[data-alive]")


def paste(widget, text: str) -> None:
    widget.get_by_label("Paste the error message").fill(text)


def shown(widget) -> dict:
    return widget.evaluate(
        """e => {
          const text = s => [...e.querySelectorAll(s)].map(x => x.textContent);
          return { cause: text('.cb-e-cause p:last-child')[0], fixes: text('.cb-e-fixes li'),
                   marks: text('.cb-e-marked mark'),
                   numbers: text('.cb-e-numbers dt'), href: e.querySelector('.cb-e-open')?.getAttribute('href') };
        }"""
    )


def test_every_example_shows_what_python_reads(open_page) -> None:
    widget = reader(open_page(PAGE))
    for form in FORMS:
        widget.get_by_label("Example message").select_option(form.id)
        expect(widget.get_by_role("status").first).to_contain_text(form.title)
        reading, page = read(form.example), shown(widget)
        assert page["cause"] == reading.cause.replace("`", "")
        assert page["fixes"] == [fix.replace("`", "") for fix in reading.fixes]
        assert page["marks"] == page["numbers"] == [one.text for one in reading.numbers]
        assert page["href"] == f"../../{reading.link.address}"


def test_a_pasted_traceback_is_read_and_back_undoes_it(open_page) -> None:
    page = open_page(PAGE)
    widget = reader(page)
    message = find("torch-channels").example
    paste(widget, TRACEBACK.format(error="RuntimeError", message=message))
    expect(widget.get_by_role("region", name="The cause")).to_contain_text("The layer reads 64 channels")
    expect(widget).to_contain_text('File "/home/me/train.py", line 12')
    page.wait_for_url(re.compile("#errors\\?text="))
    again = open_page()
    again.goto(page.url)
    expect(reader(again).get_by_role("region", name="The cause")).to_contain_text("The layer reads 64 channels")
    page.go_back()
    expect(widget.get_by_role("region", name="The cause")).to_contain_text("7 (actual)")


BAD = [
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "\U0001f600" * 200,
    "x" * 10_000,
    "-1 0 1e999 NaN %zz &a=b",
    "((((((((((" * 2_500,
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_input_is_named_and_nothing_runs(open_page, text) -> None:
    page = open_page(PAGE)
    title = page.title()
    widget = reader(page)
    paste(widget, text)
    expect(widget.get_by_role("status").first).to_contain_text("Not one of the")
    page.wait_for_url(re.compile("#errors\\?text="))
    address, page = page.url, open_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(reader(page).get_by_role("status").first).to_contain_text("Not one of the")
    assert page.title() == title and page.locator("#errors script, #errors img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    paste(reader(page), "")
    expect(reader(page).get_by_role("status").first).to_contain_text("Nothing to read yet")
    reader(page).get_by_role("button", name="Reset").click()
    expect(reader(page).get_by_role("region", name="The cause")).to_contain_text("7 (actual)")


@pytest.mark.parametrize("query", ["example=nothing", "text=~ffffff~", "<script>alert(1)</script>", "x" * 10_000])
def test_a_bad_link_is_harmless(open_page, query) -> None:
    widget = reader(open_page(f"{PAGE}#errors?{query}"))
    expect(widget.get_by_role("status").first).to_be_visible()
    if not query.startswith("text="):
        expect(widget.get_by_role("alert").first).to_contain_text("no message")


@pytest.mark.parametrize("width, dark", [(320, False), (390, True), (1280, False), (1280, True)])
def test_it_fits_and_axe_finds_nothing(open_page, width, dark) -> None:
    page = open_page(PAGE, width=width, dark=dark)
    widget = reader(page)
    page.evaluate(AXE.read_text("utf-8"))
    for name in ("tf-negative-graph", "torch-channels", "keras-loss", "onnx-output-shape"):
        widget.get_by_label("Example message").select_option(name)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        outside = widget.evaluate(
            """e => { const box = e.getBoundingClientRect();
              return [...e.querySelectorAll('mark, dt, dd, li, p, a')].filter(t => {
                const b = t.getBoundingClientRect();
                return b.width && b.right > box.right; }).map(t => t.textContent); }"""
        )
        assert outside == []
    found = page.evaluate("axe.run('#errors').then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    assert found == []


def test_keyboard_alone(open_page) -> None:
    page = open_page(PAGE)
    widget = reader(page)
    widget.get_by_label("Paste the error message").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("mat1 and mat2 shapes cannot be multiplied (2x1600 and 3136x10)")
    expect(widget.get_by_role("region", name="The cause")).to_contain_text("3136 numbers and 1600 came")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.cb-e-open')"):
            break
    expect(widget.locator(".cb-e-open")).to_be_focused()


def test_reading_answers_within_a_frame(open_page) -> None:
    page = open_page(PAGE)
    times = page.evaluate(
        """async texts => {
          const box = document.querySelector('#errors textarea'), times = [];
          for (const text of texts) {
            const start = performance.now();
            box.value = text; box.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            document.querySelector('#errors').getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }""",
        [form.example for form in FORMS],
    )
    print(f"reading: median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.1f} ms")
    assert times[len(times) // 2] < 50


def test_without_javascript_the_reading_is_text(open_page) -> None:
    page = open_page(PAGE, javascript=False)
    expect(page.locator("#errors dl")).to_contain_text("the size of what you fed the transposed layer")
    expect(page.locator("#errors ul")).to_contain_text("13 or 14")
    expect(page.locator("#errors dl")).to_be_visible()


def test_the_state_travels_in_the_page(open_page) -> None:
    page = open_page(PAGE)
    state = json.loads(page.locator("#errors").get_attribute("data-state"))
    assert state["message"] == ErrorReader("tf-out-backprop").message
