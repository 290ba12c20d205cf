"""The live decoder on a built page: what it draws is what Keras draws, it follows the hand, and nothing overflows."""

from __future__ import annotations

import gzip
import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from conv_lib import decoders as d
from conv_lib.figures import PRESETS

PAGE = "book/decoders.html"
PRESET_NAMES = [name for name in PRESETS if name.startswith("decoder")]


@pytest.fixture
def view(open_page):
    page = open_page(PAGE)
    page.wait_for_selector("#decoder[data-alive]")
    return page.locator("#decoder")


def meters(view) -> list[float]:
    return [float(text) for text in view.locator(".cb-meter strong").all_inner_texts()]


def across(view):
    return view.get_by_label("Across")


def values(grid, shape) -> np.ndarray:
    cells = grid.evaluate("e => [...e.querySelectorAll('[data-row]')].map(c => +c.dataset.value)")
    return np.array(cells).reshape(shape)


def test_the_weights_travel_light_and_are_those_of_trained_decoders(view) -> None:
    text = view.get_attribute("data-state")
    weight = len(gzip.compress(text.encode(), 6))
    state = json.loads(text)["decoders"]
    print(f"state of the live decoder: {weight / 1000:.0f} kB gzip, {len(state['steps'])} checkpoints")
    assert weight <= 150_000
    assert {model["kind"] for model in state["models"]} == {"k3", "k4", "resize"}
    assert state["steps"][0] == 0 and len(state["points"]) == 360
    for model in state["models"]:
        assert model["loss"][-1] < 0.3 * model["loss"][0]


def test_every_layer_on_the_page_is_what_keras_computes(open_page, site_url) -> None:
    import keras

    page = open_page(PAGE)
    state = json.loads(page.locator("#decoder").get_attribute("data-state"))["decoders"]
    worst = 0.0
    for kind, z, number in (("k3", (0.4, -0.3), 3), ("k4", (-1.25, 0.8), 7), ("k3", (-2.9, 2.9), 7)):
        answers = {}
        for name in (kind, "resize"):
            model = d.decoder(name)
            model.set_weights(d.unpack(state, name, number))
            outputs = [layer.output for layer in model.layers if not layer.name.startswith("up_sampling")]
            answers[name] = keras.Model(model.inputs[0], outputs)(np.array([z], "float32"))[-4:]
        for layer in range(4):
            channel = 0 if layer == 3 else 4
            page.goto("about:blank")
            query = f"z={z[0]},{z[1]}&checkpoint={number}&kind={kind}&view=picture&map={layer},{channel}"
            page.goto(f"{site_url}/{PAGE}#decoder?{query}")
            page.wait_for_selector("#decoder[data-alive]")
            view = page.locator("#decoder")
            view.get_by_text("The numbers of one map").click()
            for name, words in ((kind, "Transposed"), ("resize", "Resize")):
                theirs = np.asarray(answers[name][layer])[0, :, :, channel]
                grid = view.get_by_role("grid", name=re.compile(f"^{words}"))
                gap = np.abs(values(grid, theirs.shape) - theirs).max() / (1 + np.abs(theirs).max())
                worst = max(worst, float(gap))
    print(f"page against Keras: {worst:.1e}")
    assert worst < 1e-5


def test_dragging_draws_at_once_and_is_one_step_back(view) -> None:
    page = view.page
    plane = view.locator(".cb-plane").bounding_box()
    before = across(view).input_value()
    history = page.evaluate("history.length")
    page.mouse.move(plane["x"] + 60, plane["y"] + 60)
    page.mouse.down()
    seen = []
    for i in range(8):
        page.mouse.move(plane["x"] + 60 + 15 * i, plane["y"] + 60 + 10 * i)
        seen.append(across(view).input_value())
    assert len(set(seen)) > 4
    page.mouse.up()
    assert page.evaluate("history.length") == history + 1
    assert "#decoder?z=" in page.url
    page.go_back()
    expect(across(view)).to_have_value(before)


def test_it_answers_in_far_less_than_a_frame(view) -> None:
    times = view.page.evaluate(
        """async () => {
          const plane = document.querySelector('#decoder .cb-plane');
          const box = plane.getBoundingClientRect();
          const send = (type, i) => plane.dispatchEvent(new PointerEvent(type, {
            bubbles: true, pointerId: 1, button: 0,
            clientX: box.left + 20 + (i * 7) % (box.width - 40),
            clientY: box.top + 20 + (i * 11) % (box.height - 40) }));
          plane.setPointerCapture = () => undefined;
          send('pointerdown', 0);
          const times = [];
          for (let i = 1; i < 90; i++) {
            const start = performance.now();
            send('pointermove', i);
            await new Promise(r => queueMicrotask(r));
            await new Promise(r => { const c = new MessageChannel(); c.port1.onmessage = r; c.port2.postMessage(0); });
            plane.getBoundingClientRect();
            times.push(performance.now() - start);
          }
          send('pointerup', 90);
          return times.sort((a, b) => a - b);
        }"""
    )
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"one move of the point: median {middle:.1f} ms, 95 % under {late:.1f} ms")
    assert middle < 33  # 30 frames a second


def test_the_keyboard_moves_the_point_and_the_training(view) -> None:
    thumb = view.get_by_role("slider", name=re.compile("latent plane"))
    thumb.focus()
    start = float(across(view).input_value().replace("−", "-"))
    for _ in range(3):
        view.page.keyboard.press("ArrowLeft")
    expect(across(view)).to_have_value(f"{start - 0.3:.1f}".replace("-", "−"))
    training = view.get_by_role("slider", name=re.compile("^Training"))
    training.focus()
    view.page.keyboard.press("Home")
    expect(view.locator(".cb-training")).to_contain_text("before training")
    assert max(meters(view)) < 0.02
    view.page.keyboard.press("End")
    expect(training).to_have_attribute("aria-valuetext", re.compile(r"after \d{3} batches"))


def test_early_in_training_the_transposed_decoder_shows_the_checkerboard(view) -> None:
    left, right = meters(view)
    assert left > 2 * right
    view.get_by_label("Example").select_option("decoder-after")
    assert max(meters(view)) < 0.03


def test_it_plays_and_pauses(open_page) -> None:
    page = open_page(PAGE)
    view = page.locator("#decoder")
    title = view.locator(".cb-training")
    before = title.inner_text()
    view.get_by_role("button", name="Play").click()
    expect(title).not_to_have_text(before, timeout=5000)
    view.get_by_role("button", name="Pause").click()
    rest = title.inner_text()
    page.wait_for_timeout(1000)
    assert title.inner_text() == rest
    view.get_by_role("button", name="Step").click()
    expect(title).not_to_have_text(rest)


BAD = ["", "-4", "99999999", "1.2.3", "two", "<script>alert(1)</script>", "\U0001f600", "1" * 10_000]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_coordinate_is_refused_and_the_point_stays(view, text) -> None:
    before = meters(view)
    across(view).fill(text)
    alert = view.get_by_role("alert").filter(has_text="from −3 to 3")
    expect(alert).to_be_visible()
    assert len(alert.inner_text()) < 200
    assert meters(view) == before
    expect(across(view)).to_have_attribute("aria-invalid", "true")
    across(view).fill("1.5")
    expect(across(view)).to_have_attribute("aria-invalid", "false")


def test_a_link_opens_its_state_and_nonsense_opens_the_page(open_page, site_url) -> None:
    page = open_page(PAGE + "#decoder?z=1.5,-0.5&checkpoint=2&kind=k4&view=pattern&map=2,1")
    view = page.locator("#decoder")
    expect(across(view)).to_have_value("1.5")
    assert view.get_by_role("radio", name="Kernel 4").is_checked()
    for query in ("z=9,9&kind=k9", "checkpoint=1e9", "%zz", "map=<script>,1", "z=" + "1," * 3000):
        page.goto("about:blank")
        page.goto(f"{site_url}/{PAGE}#decoder?{query}")
        page.wait_for_selector("#decoder[data-alive]")
        assert len(meters(view)) == 2


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("preset", PRESET_NAMES)
def test_every_example_fits(open_page, width, preset) -> None:
    page = open_page(PAGE, width=width, reduced_motion=True)
    view = page.locator("#decoder")
    view.get_by_label("Example").select_option(preset)
    view.get_by_text("The numbers of one map").click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    frame = view.bounding_box()
    for canvas in view.locator("canvas").all():
        box = canvas.bounding_box()
        assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert view.get_by_role("grid").count() == 2
