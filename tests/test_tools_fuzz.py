"""Bad input in every widget of the book: thousands of random interactions and bad links, on the pages that hold them.

Generic over the register of widgets, so that a new one is covered by being registered. What the widgets show after
the random steps is held to conv_lib where a state can be read from the link (`HOLD`).
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import pytest

from conftest import Opener
from conv_lib import conv2d_transpose, shapes
from explorer_cases import reference
from tools import CHROMIUM_FLAGS, ROOT, find_chromium

REGISTER = json.loads((ROOT / "conv_lib" / "widgets" / "js" / "widgets.json").read_text("utf-8"))
HARNESS = (Path(__file__).parent / "fuzz.js").read_text("utf-8")
STEPS = max(210, 2200 // len(REGISTER))  # per class
SLOW = 4_000  # ms; a step takes some ms, and machines that run tests are busy
AT_MOST = 3  # widgets of a class that share the steps


@pytest.fixture(scope="module")
def quick(browser):
    """A Chromium that lets a script change the address as often as it likes; the other stops it at 200 in a while."""
    own = browser.browser_type.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_FLAGS, "--disable-ipc-flooding-protection"]
    )
    yield own
    own.close()


@pytest.fixture
def open_quick(quick, site_url):
    opener = Opener(quick, site_url)
    yield opener
    opener.close()
    assert opener.complaints() == []


def places(site: Path, widget: str) -> list[tuple[str, str]]:
    """Widgets of a class in the built book, each with its page: one of each kind first, where there are kinds."""
    tag = re.compile(rf'data-widget="{widget}" data-name="([^"]+)"[^>]* data-state="([^"]*)"')
    found = []
    for path in sorted(site.rglob("*.html")):
        if path.name == "search.html":  # its index hides until something is asked
            continue
        for name, state in tag.findall(path.read_text("utf-8")):
            settings = json.loads(html.unescape(state))
            kind = [settings.get(key) for key in ("kind", "mode", "transposed", "dims", "view") if key in settings]
            found.append((path.relative_to(site).as_posix(), name, kind))
    assert found, f"no page of the book shows {widget}"
    chosen, kinds = [], []
    for address, name, kind in found:
        if kind not in kinds:
            kinds.append(kind)
            chosen.append((address, name))
    others = [(address, name) for address, name, _ in found if (address, name) not in chosen]
    return sorted([*chosen, *others][:AT_MOST])


def opened(open_quick, address: str, name: str):
    page = open_quick(address)
    page.wait_for_selector(f"#{name}[data-alive]")
    page.evaluate(HARNESS)
    return page


# ------------------------------------------------------------------------------------------ what conv_lib says


def matrix(text: str) -> list[list[float]]:
    return [[float(v) for v in row.split(",")] for row in text.split(";")]


def values(shown: dict, name: str) -> np.ndarray:
    cells = next(grid["cells"] for grid in shown["grids"] if grid["name"] == name)
    rows, columns = (sorted({cell[axis] for cell in cells}) for axis in (0, 1))
    out = np.full((len(rows), len(columns)), np.nan)
    for r, c, v in cells:
        out[rows.index(r), columns.index(c)] = v
    return out


def padding_of(text: str):
    if text in ("valid", "same"):
        return text
    flat = [int(v) for v in text.split(",")]
    return [flat[:2], flat[2:]] if len(flat) == 4 else tuple(flat)


def hold_explorer(parts: dict[str, str], shown: dict) -> None:
    output = parts.get("output")
    settings = {
        "mode": parts["mode"],
        "input": matrix(parts["input"]),
        "kernel": matrix(parts["kernel"]),
        "stride": int(parts["stride"]),
        "dilation": int(parts["dilation"]),
        "padding": padding_of(parts["padding"]),
        "outputSize": [int(v) for v in output.split("x")] if output else None,
    }
    np.testing.assert_allclose(values(shown, "Output"), reference(settings), rtol=1e-9, atol=1e-9)


def hold_phase(parts: dict[str, str], shown: dict) -> None:
    if parts["view"] != "flat":
        return
    kernel, stride = np.array(matrix(parts["kernel"])), int(parts["stride"])
    wide = parts["dims"] == "1"
    size = (1, int(parts["width"])) if wide else (int(parts["height"]), int(parts["width"]))
    strides = (1, stride) if wide else stride
    padding = padding_of(parts["padding"])
    if padding == "same" and wide:
        spare = max(kernel.shape[1] - stride, 0)
        padding = (spare // 2, spare - spare // 2)
    if isinstance(padding, tuple):
        padding = ((0, 0), padding) if wide else (padding, padding)
    want = conv2d_transpose(np.ones((*size, 1)), kernel[..., None, None], stride=strides, padding=padding)[..., 0]
    got = values(shown, "Output")
    assert got.shape == want.shape, (parts, got.shape, want.shape)
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)


def hold_ruler(parts: dict[str, str], shown: dict) -> None:
    size = int(parts["size"])
    if parts["mode"] == "stack":
        for layer in parts["layers"].split(";"):
            k, s, d, padding = layer.split(",")
            size = shapes.conv_size(size, int(k), stride=int(s), dilation=int(d), padding=padding)
    else:
        options = {name: int(parts[name]) for name in ("stride", "dilation")}
        options["padding"] = padding_of(parts["padding"])
        if parts["mode"] == "conv":
            size = shapes.conv_size(size, int(parts["kernel"]), **options)
        else:
            given = parts.get("output")
            size = int(given) if given else shapes.transposed_size(size, int(parts["kernel"]), **options)
    assert re.search(rf"(?<!\d){size}(?!\d)", shown["text"]), (parts, f"no {size} in {shown['text'][:400]}")


def hold_upsampling(parts: dict[str, str], shown: dict) -> None:
    if parts["shown"] != "grid":
        return
    rows = np.array(matrix(parts["input"]))
    np.testing.assert_array_equal(values(shown, "Input"), rows)
    twice = [grid["size"] for grid in shown["grids"] if grid["size"] == [2 * n for n in rows.shape]]
    assert len(twice) >= 4, (parts, [(grid["name"], grid["size"]) for grid in shown["grids"]])


HOLD = {
    "ConvExplorer": hold_explorer,
    "PhaseLab": hold_phase,
    "SizeRuler": hold_ruler,
    "UpsamplingBench": hold_upsampling,
}


# ------------------------------------------------------------------------------------------ the tests


@pytest.mark.parametrize("widget", REGISTER)
def test_random_interactions(open_quick, built_site, widget) -> None:
    held = steps = 0
    chosen = places(built_site, widget)
    for i, (address, name) in enumerate(chosen):
        page = opened(open_quick, address, name)
        ask = {"name": name, "seed": 1000 + i, "count": STEPS // len(chosen) + 1, "slow": SLOW, "keep": widget in HOLD}
        found = page.evaluate("ask => window.fuzz(ask)", ask)
        assert found["wrong"] == []
        steps += found["steps"]
        for state in found["states"]:
            HOLD[widget](dict(part.split("=", 1) for part in state["query"].split("&")), state)
            held += 1
        page.close()
    assert steps >= STEPS
    assert widget not in HOLD or held >= 10, held


@pytest.mark.parametrize("widget", REGISTER)
def test_bad_links(open_quick, built_site, widget) -> None:
    address, name = places(built_site, widget)[0]
    page = opened(open_quick, address, name)
    base = page.evaluate("name => window.fuzzQuery(name)", name)
    if base is None:  # it keeps no state in the link: it must stay as it is, whatever the link says
        base = "state=1"
    before = page.evaluate("name => window.fuzzShown(name)", name)
    found = page.evaluate("ask => window.fuzzLinks(ask)", {"name": name, "base": base, "slow": SLOW})
    assert found["wrong"] == []
    assert found["end"]["grids"] == before["grids"]
