"""Drives an explorer in a browser as a reader does, and reads what it shows.

`Explorer.check()` is the heart: whatever was done before, what stands in the output grid must be what
conv_lib computes from what stands in the input, the kernel and the controls.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from conv_lib import shapes
from explorer_cases import reference

# Everything that a reader sees, as plain values. A frame passes first, so that it is drawn.
READ = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const grid = name => el.querySelector(`[role=grid][aria-label="${name}"]`);
  const cells = name => [...grid(name).querySelectorAll("[role=gridcell]")];
  const matrix = (name, read) => {
    const rows = [];
    for (const c of cells(name)) (rows[+c.dataset.row] ??= [])[+c.dataset.column] = read(c);
    return rows;
  };
  const control = label => [...el.querySelectorAll("label")].find(l => l.textContent.trim() === label)?.control;
  const chosen = label => el.querySelector(`[role=radiogroup][aria-label="${label}"] input:checked`)?.value;
  const value = label => control(label)?.value ?? null;
  const options = label => control(label) && [...control(label).options].map(o => o.value);
  const words = selector => [...el.querySelectorAll(selector)].map(e => e.textContent.trim());
  return {
    mode: chosen("Mode"), picture: chosen("Picture") ?? null,
    input: matrix("Input", c => Number(c.dataset.value)),
    kernel: matrix("Kernel", c => Number(c.dataset.value)),
    output: matrix("Output", c => Number(c.dataset.value)),
    text: matrix("Output", c => c.textContent),
    boxes: Object.fromEntries(["Input height", "Input width", "Kernel size", "Stride", "Dilation",
      "Padding top", "Padding bottom", "Padding left", "Padding right"].map(n => [n, value(n)])),
    padding: value("Padding"), example: value("Example"),
    outputHeight: value("Output height"), outputWidth: value("Output width"),
    legalHeights: options("Output height"), legalWidths: options("Output width"),
    formulas: words(".cb-readout .cb-formula"), notes: words(".cb-readout .cb-aside"),
    shapes: words(".cb-readout code"),
    message: [...el.querySelectorAll("[role=alert]")].map(e => e.innerText.trim()).filter(Boolean).join(" "),
    fixes: words("[role=alert] button"),
    invalid: [...el.querySelectorAll("[aria-invalid=true]")].map(e => e.labels[0].textContent),
    sum: el.querySelector("[role=region][aria-label=Sum]").innerText.replace(/\\s+/g, " ").trim(),
    selected: [...el.querySelectorAll("[aria-selected=true][role=gridcell]")].map(
      c => [c.closest("[role=grid]").getAttribute("aria-label"), +c.dataset.row, +c.dataset.column]),
    play: words(".cb-play button"),
  };
}"""

# Follows a link within the page. The same address again would be no event, so it then ends in "&".
FOLLOW = """hash => new Promise(done => {
  addEventListener("hashchange", done, { once: true });
  const now = location.hash;
  let same = now === hash;
  try { same ||= decodeURIComponent(now) === hash; } catch {}
  location.hash = same ? hash + "&" : hash;
})"""

# Data cells of each grid that light up as taking part in a product.
LIT = """async el => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return Object.fromEntries(["Input", "Kernel", "Output"].map(name => [name,
    [...el.querySelectorAll(`[role=grid][aria-label="${name}"] [role=gridcell].cb-is-part`)]
      .map(c => [+c.dataset.row, +c.dataset.column])]));
}"""


class Explorer:
    """One explorer on a page, by the `name` that links to it use, or as a Playwright locator."""

    def __init__(self, page: Any, name: str = "", root: Any = None) -> None:
        self.page = page
        self.name = name
        self.root = root or page.locator(f'.cb-widget[data-name="{name}"]')

    def box(self, label: str) -> Any:
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def menu(self, label: str) -> Any:
        return self.root.get_by_role("combobox", name=label, exact=True)

    def button(self, label: str) -> Any:
        return self.root.get_by_role("button", name=label, exact=True)

    def radio(self, label: str) -> Any:
        return self.root.get_by_role("radio", name=label, exact=True)

    def grid(self, name: str) -> Any:
        return self.root.get_by_role("grid", name=name, exact=True)

    def cell(self, name: str, row: int, column: int) -> Any:
        return self.grid(name).locator(f'[data-row="{row}"][data-column="{column}"]')

    def choose(self, label: str) -> None:
        """Click one of the alternatives of Mode or Picture."""
        self.root.locator(".cb-choice label", has_text=label).click()

    def open(self, query: str) -> None:
        """Follow a link to a state, without loading the page again."""
        self.page.evaluate(FOLLOW, f"#{self.name}?{query}")

    def read(self) -> dict[str, Any]:
        return self.root.evaluate(READ)

    def lit(self) -> dict[str, set[tuple[int, int]]]:
        found = self.root.evaluate(LIT)
        return {name: {tuple(at) for at in cells} for name, cells in found.items()}

    def check(self) -> dict[str, Any]:
        """Read everything, and hold it to conv_lib."""
        shown = self.read()
        hold_to_conv_lib(shown)
        return shown


def settings_of(shown: dict[str, Any]) -> dict[str, Any]:
    """The settings that a reader would copy from the page, as `explorer_cases.reference` takes them."""
    boxes = shown["boxes"]
    padding: Any = shown["padding"]
    if padding == "explicit":
        padding = [
            [int(boxes["Padding top"]), int(boxes["Padding bottom"])],
            [int(boxes["Padding left"]), int(boxes["Padding right"])],
        ]
    sizes = None
    if shown["mode"] == "transpose":
        sizes = [int(shown["outputHeight"]), int(shown["outputWidth"])]
    return {
        "mode": shown["mode"],
        "input": shown["input"],
        "kernel": shown["kernel"],
        "stride": int(boxes["Stride"]),
        "dilation": int(boxes["Dilation"]),
        "padding": padding,
        "outputSize": sizes,
    }


def hold_to_conv_lib(shown: dict[str, Any]) -> None:
    """Compare what the page shows with what conv_lib makes of the settings that the page shows."""
    settings = settings_of(shown)
    output = reference(settings)
    np.testing.assert_allclose(np.array(shown["output"], float), output, rtol=1e-9, atol=1e-9)
    for row, values in zip(shown["text"], output, strict=True):
        for text, value in zip(row, values, strict=True):
            assert abs(as_number(text) - value) <= 0.0051 + abs(value) * (abs(value) >= 1e6) * 0.05

    height, width = np.shape(settings["input"])
    assert shown["boxes"]["Input height"] == str(height)
    assert shown["boxes"]["Input width"] == str(width)
    assert shown["boxes"]["Kernel size"] == str(max(np.shape(settings["kernel"])))
    assert shown["shapes"] == [
        f"(1, {height}, {width}, 1)",
        f"(1, {output.shape[0]}, {output.shape[1]}, 1)",
    ]
    results = [formula(text) for text in shown["formulas"]]
    assert results == list(output.shape), shown["formulas"]
    if settings["mode"] == "transpose":
        padding = settings["padding"]
        per_axis = [padding] * 2 if isinstance(padding, str) else [tuple(p) for p in padding]
        offered = (shown["legalHeights"], shown["legalWidths"])
        for n, k, p, menu in zip(
            (height, width), np.shape(settings["kernel"]), per_axis, offered, strict=True
        ):
            legal = shapes.transposed_sizes(
                n, k, stride=settings["stride"], padding=p, dilation=settings["dilation"]
            )
            assert [int(v) for v in menu] == list(legal)
    else:
        assert shown["legalHeights"] is None and shown["picture"] is None


def as_number(text: str) -> float:
    return float(text.replace("−", "-").replace("e−", "e-"))


def formula(text: str) -> int:
    """The result of a formula as shown, after its numbers were worked out: both must agree."""
    _, numbers, result = text.rsplit(" = ", 2)
    code = numbers.replace("−", "-").replace("·", "*")
    code = code.replace("⌊", "math.floor(").replace("⌈", "math.ceil(")
    code = code.replace("⌋", ")").replace("⌉", ")")
    assert re.fullmatch(r"[-+*/() .\da-z]+", code), code
    assert eval(code, {"math": math}) == int(result), text
    return int(result)


def query(settings: dict[str, Any]) -> str:
    """A link's query as a reader would write it by hand."""

    def matrix(rows: Any) -> str:
        return ";".join(",".join(f"{v:g}" for v in row) for row in rows)

    padding = settings["padding"]
    parts = {
        "mode": settings["mode"],
        "picture": settings.get("picture", "scatter"),
        "input": matrix(settings["input"]),
        "kernel": matrix(settings["kernel"]),
        "stride": settings["stride"],
        "padding": padding
        if isinstance(padding, str)
        else ",".join(str(p) for pair in padding for p in pair),
        "dilation": settings["dilation"],
    }
    if settings.get("outputSize"):
        parts["output"] = "x".join(map(str, settings["outputSize"]))
    return "&".join(f"{key}={value}" for key, value in parts.items())


def links_of(settings: dict[str, Any], output: Any) -> list[tuple]:
    """Every product as (input cell, kernel cell, output cell), by going through all triples of cells."""
    padding = settings["padding"]
    image = np.shape(settings["input"] if settings["mode"] == "conv" else output)
    small = np.shape(output if settings["mode"] == "conv" else settings["input"])
    kernel = np.shape(settings["kernel"])
    per_axis = [padding] * 2 if isinstance(padding, str) else [tuple(p) for p in padding]
    axes = []
    for axis in (0, 1):
        options = {"stride": settings["stride"], "dilation": settings["dilation"]}
        before, _ = shapes.padding_pair(image[axis], kernel[axis], padding=per_axis[axis], **options)
        axes.append(
            [
                (large, k, at)
                for large in range(image[axis])
                for k in range(kernel[axis])
                for at in range(small[axis])
                if large == at * options["stride"] + k * options["dilation"] - before
            ]
        )
    links = []
    for large_r, k_r, small_r in axes[0]:
        for large_c, k_c, small_c in axes[1]:
            ends = (large_r, large_c), (small_r, small_c)
            source, target = ends if settings["mode"] == "conv" else ends[::-1]
            links.append((source, (k_r, k_c), target))
    return links
