"""All widgets share one style sheet: a rule that one of them writes for its own parts must not reach another's."""

from __future__ import annotations

import itertools
import re

import pytest

from tools import ROOT

JS = ROOT / "conv_lib" / "widgets" / "js"
SHARED = {"widgets", "grid", "controls", "explorer"}  # explorer.css holds the look that all views share
OWN = sorted(path.stem for path in (JS / "style").glob("*.css") if path.stem not in SHARED)


def claimed(widget: str) -> set[str]:
    """Classes that a style sheet styles wherever they stand: `.cb-x` or `.cb-root .cb-x`."""
    text = re.sub(r"/\*.*?\*/", "", (JS / "style" / f"{widget}.css").read_text(encoding="utf-8"), flags=re.S)
    selectors = itertools.chain.from_iterable(head.split(",") for head in re.findall(r"([^{}]+)\{", text))
    bare = (re.fullmatch(r"(?:\.cb-root\s+)?(?:[a-z]+)?\.(cb-[\w-]+)(?::[\w-]+)*", one.strip()) for one in selectors)
    return {match[1] for match in bare if match}


def used(widget: str) -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in (JS / widget).glob("*.tsx"))
    return set(re.findall(r"\bcb-[a-z][\w-]*", text))


@pytest.mark.parametrize("widget", OWN)
def test_a_widget_styles_its_own_parts_only(widget):
    others = [path.name for path in JS.iterdir() if path.is_dir() and path.name not in ("style", "ui", "core", widget)]
    assert claimed(widget)
    assert {other: both for other in others if (both := claimed(widget) & used(other))} == {}
