"""Copy picture: a PNG of what the widget shows, from Chromium (saved, and by the clipboard) and from Firefox."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from firefox import Firefox
from test_firefox import firefox  # noqa: F401 (a fixture)

CASES = [
    ("book/zero-insertion.html", "two-pictures"),
    ("book/sizes.html", "ruler"),
    ("book/checkerboards.html", "lab"),
    ("book/decoders.html", "decoder"),
]
# The clipboard takes nothing, so the picture is saved; gives the saved file as a data address.
SAVE = """async name => {
  const el = document.querySelector(`.cb-widget[data-name="${name}"]`);
  const late = Date.now() + 30000;
  while (!el.dataset.alive && Date.now() < late) await new Promise(done => setTimeout(done, 50));
  const state = () => [...el.querySelectorAll("input")].map(i => i.value + i.checked).join();
  const before = state();
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: undefined });
  const made = URL.createObjectURL;
  const blob = await new Promise((done, fail) => {
    URL.createObjectURL = blob => (done(blob), made.call(URL, blob));
    HTMLAnchorElement.prototype.click = () => undefined;
    setTimeout(() => fail(new Error("no picture")), 60000);
    [...el.querySelectorAll("button")].find(b => b.textContent.trim() === "Copy picture").click();
  });
  if (state() !== before) throw new Error("the widget changed");
  const text = await new Promise(done => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
  return { type: blob.type, text, width: el.getBoundingClientRect().width };
}"""


def looked_at(found: dict) -> Image.Image:
    """The picture, which must be a PNG with enough in it."""
    assert found["type"] == "image/png"
    raw = base64.b64decode(found["text"].split(",", 1)[1])
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    assert picture.width >= 2 * found["width"]
    assert picture.height > 400
    pixels = np.asarray(picture)
    packed = (pixels.astype(np.uint32) * [1 << 16, 1 << 8, 1]).sum(axis=2)
    colours, counts = np.unique(packed, return_counts=True)
    assert len(colours) > 100  # text with soft edges, and the colours of the roles
    assert 0.2 < counts.max() / counts.sum() < 0.98
    ink = np.abs(pixels.astype(int) - pixels[packed == colours[counts.argmax()]][0]).max(axis=2) > 60
    assert ink[: picture.height // 3].any() and ink[-picture.height // 3 :].any()
    return picture


@pytest.mark.parametrize(("address", "name"), CASES)
def test_chromium_saves_a_png(open_page, address, name) -> None:
    page = open_page(address)
    page.wait_for_selector(f"#{name}[data-alive]")
    looked_at(page.evaluate(SAVE, name))


def test_a_dark_page_gives_a_dark_picture(open_page) -> None:
    page = open_page("book/zero-insertion.html", dark=True)
    page.wait_for_selector("#two-pictures[data-alive]")
    picture = looked_at(page.evaluate(SAVE, "two-pictures"))
    assert max(picture.getpixel((3, 3))) < 80


def test_chromium_puts_it_on_the_clipboard(open_page) -> None:
    page = open_page("book/zero-insertion.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    root = page.locator("#two-pictures")
    root.get_by_role("button", name="Copy picture").click()
    root.get_by_text("Picture copied").wait_for()
    types = page.evaluate("async () => (await navigator.clipboard.read()).flatMap(item => item.types)")
    assert types == ["image/png"]


@pytest.mark.parametrize(("address", "name"), CASES[:2])
def test_firefox_saves_a_png(firefox: Firefox, site_url, address, name) -> None:  # noqa: F811
    firefox.open(f"{site_url}/{address}")
    looked_at(firefox.run(SAVE, name))
    assert firefox.complaints(site_url) == []
