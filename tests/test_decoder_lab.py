"""The live decoder in JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from lab_driver import put, run_first, run_second_cell

SOURCE = f"""import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
from decoder_cases import random_decoders
from conv_lib.widgets import LiveDecoder
w = LiveDecoder("decoder", decoders=random_decoders())
w"""


def test_live_decoder_works_both_ways_in_jupyterlab(open_chapter):
    page = open_chapter("decoders.md")
    # The chapter's own first cells train for a while; untrained decoders do as well here.
    first = put(page, 0, SOURCE)
    view = page.locator(".cb-root")
    run_first(page, view, first)
    expect(view).to_be_visible(timeout=60_000)

    thumb = view.get_by_role("slider", name=re.compile("latent plane"))
    thumb.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    view.get_by_text("Kernel 4", exact=True).click()
    training = view.get_by_role("slider", name=re.compile("^Training"))
    training.focus()
    page.keyboard.press("End")
    said = run_second_cell(page, "print(w.z, w.kind, w.checkpoint)", "READ")
    assert re.search(r"\[0\.5, -0\.2\] k4 7", said), said

    run_second_cell(page, "w.z, w.checkpoint = [-1, 2], 0", "SET")
    expect(view.get_by_label("Across")).to_have_value("−1")
    expect(view.locator(".cb-training")).to_contain_text("before training")
    run_second_cell(page, "w.decoders = random_decoders(seed=3, steps=(0, 10))", "NEW")
    expect(training).to_have_attribute("max", "1")
