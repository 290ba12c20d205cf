"""The explorer from Python: traits that refuse what is not legal, output, links between widgets, and its HTML."""

from __future__ import annotations

import html
import itertools
import json
import random
import re
from typing import Any
from urllib.parse import unquote

import ipywidgets
import numpy as np
import pytest
import traitlets
from bs4 import BeautifulSoup
from traitlets import TraitError

from conv_lib import shapes
from conv_lib.figures import PALETTE, PRESETS, layer_figure, role_colour, tint, windows_figure
from conv_lib.figures.presets import LABELS, WIDGETS
from conv_lib.widgets import ConvExplorer
from conv_lib.widgets.explorer import LIMITS
from explorer_cases import layer_cases, reference

EXPLORER_PRESETS = [name for name in PRESETS if WIDGETS[name] == "ConvExplorer"]


def traits_of(settings: dict[str, Any]) -> dict[str, Any]:
    renamed = {"output_size" if k == "outputSize" else k: v for k, v in settings.items()}
    return renamed


def state_of(w: ConvExplorer) -> dict[str, Any]:
    return json.loads(json.dumps({name: getattr(w, name) for name in w.state_traits}))


# ---------------------------------------------------------------------------------------------
# Output


def test_output_is_that_of_conv_lib_for_300_random_layers() -> None:
    for case in layer_cases(300, seed=3)[0]:
        w = ConvExplorer(**traits_of(case["settings"]))
        np.testing.assert_array_equal(w.output, reference(case["settings"]))
        assert isinstance(w.output, np.ndarray) and w.output.ndim == 2
        w.close()


def test_one_widget_led_through_200_random_layers() -> None:
    """What was legal before leaves no trace in what comes after."""
    w = ConvExplorer()
    for case in layer_cases(200, seed=4)[0]:
        with w.hold_trait_notifications():
            for name, value in traits_of(case["settings"]).items():
                setattr(w, name, value)
        np.testing.assert_array_equal(w.output, reference(case["settings"]))


@pytest.mark.parametrize("seed", [5, 6])
def test_refused_layers_are_refused_here_too(seed) -> None:
    refused = [r for r in layer_cases(300, seed=seed)[1]]
    assert len(refused) > 20
    for case in refused:
        with pytest.raises(TraitError):
            ConvExplorer(**traits_of(case["settings"]))


def test_first_picture_of_the_documentation() -> None:
    w = ConvExplorer(mode="transpose", input=[[1, 1], [1, 1]], kernel=[[1, 1], [1, 1]])
    assert w.output.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    w.stride = 2
    assert w.output.shape == (4, 4)


# ---------------------------------------------------------------------------------------------
# What is refused, and what stays

WHOLE = [0, -1, 7, 1.5, 2.0, "2", None, True, [2], float("nan"), 10**12, "<script>"]
MATRICES = [
    *([], [[]], [1, 2], [[1, 2], [3]], [[1, "a"]], "abc", None, 5, [[None]], [[1 + 2j]]),
    *([[float("nan")]], [[float("inf")]], np.zeros((1, 2, 2)), np.zeros((0, 3)), {"a": 1}),
]
BAD: list[tuple[str, Any, str]] = [
    *(("stride", v, r"stride is a whole number from 1 to 6\. Received: ") for v in WHOLE),
    *(("dilation", v, r"dilation is a whole number from 1 to 4\. Received: ") for v in WHOLE),
    *(("input", v, r"input must (be a matrix|hold finite)") for v in [*MATRICES, np.ones((17, 3)), np.ones((3, 17))]),
    *(("kernel", v, r"kernel must (be a matrix|hold finite)") for v in [*MATRICES, np.ones((8, 2)), np.ones((2, 8))]),
    *(("padding", v, r"padding is ") for v in ["full", "", None, 1.5, (1, 2), ((1, 2, 3), (4, 5, 6)), {}, [[1], [1]]]),
    *(("padding", v, r"from 0 to 12") for v in [-1, 13, ((0, 0), (0, 13)), ((0, -1), (0, 0)), ((0, 0), (0.5, 0))]),
    *(("output_size", v, r"output_size is \(height, width\)") for v in [5, "5x5", (5,), (5, 5, 5), (0, 5), (5.0, 5.0)]),
    *(("output_size", v, r"Received: ") for v in [(4, 5), (5, 7), (99, 99), (-5, -5)]),
    *(("mode", v, r"mode") for v in ["", "deconv", None, 1]),
    *(("picture", v, r"picture") for v in ["", "sideways", None]),
    *(("name", v, r"name is lower-case") for v in ["", "Explorer", "1x", "a b", "<b>", 'x"y']),
]


@pytest.mark.parametrize("trait, value, rule", BAD, ids=[f"{t}-{i}" for i, (t, _, _) in enumerate(BAD)])
def test_bad_value_is_refused_with_its_rule_and_the_last_good_state_stays(trait, value, rule) -> None:
    w = ConvExplorer("five")
    before, output = state_of(w), w.output
    with pytest.raises(TraitError, match=rule) as caught:
        setattr(w, trait, value)
    assert len(str(caught.value)) < 600
    assert state_of(w) == before and w.name == ConvExplorer.name.default_value
    np.testing.assert_array_equal(w.output, output)
    with pytest.raises(TraitError):
        ConvExplorer("five", **{trait: value})
    w.stride = 1  # still alive
    assert w.output.shape == (4, 4)


def test_settings_that_do_not_go_together_are_refused_with_the_rule() -> None:
    w = ConvExplorer(mode="conv", input=np.ones((4, 4)), kernel=np.ones((3, 3)))
    before = state_of(w)
    for trait, value in (
        ("kernel", np.ones((5, 5))),
        ("dilation", 3),
        ("input", np.ones((2, 5))),
    ):
        with pytest.raises(TraitError, match=r"kernel|larger|fit") as caught:
            setattr(w, trait, value)
        assert "Received" in str(caught.value)
        assert state_of(w) == before
    w = ConvExplorer(mode="transpose", input=np.ones((2, 2)), kernel=np.ones((3, 3)))
    with pytest.raises(TraitError, match="padding"):
        w.padding = 4  # crops everything away
    assert w.padding == "valid" and w.output.shape == (4, 4)
    w = ConvExplorer(mode="transpose", input=np.ones((9, 9)), kernel=np.ones((3, 3)))
    with pytest.raises(TraitError, match="at most 40 cells"):
        w.stride = 6
    assert w.stride == 1


def test_everything_within_the_limits_can_be_set() -> None:
    w = ConvExplorer(mode="conv", input=np.ones((16, 16)), kernel=np.ones((1, 1)))
    for trait, field in (("stride", "stride"), ("dilation", "dilation")):
        low, high = LIMITS[field]
        for value in range(low, high + 1):
            setattr(w, trait, value)
            assert getattr(w, trait) == value
    w.stride = w.dilation = 1
    for value in (0, 12, 3):
        w.padding = value
        assert w.padding == [[value, value]] * 2
    w.stride = np.int64(2)
    assert type(w.stride) is int
    w.padding = "SAME"
    assert w.padding == "same"
    w.padding = ((1, 2), (3, 4))
    assert w.padding == [[1, 2], [3, 4]]
    w.kernel = np.arange(49.0).reshape(7, 7)
    assert w.kernel[6] == [42, 43, 44, 45, 46, 47, 48] and type(w.kernel[0][0]) is int
    w.input = np.float32([[0.5, 2]] * 7)
    assert w.input[0] == [0.5, 2]
    w.kernel = [[1]]
    w.input = [(1, 2), (3, 4)]
    assert w.input == [[1, 2], [3, 4]]


def test_unknown_preset_and_unknown_setting_are_named() -> None:
    with pytest.raises(ValueError, match="preset is one of .*five.*Received: 'nonsense'"):
        ConvExplorer("nonsense")
    with pytest.raises((TypeError, TraitError)):
        ConvExplorer(strides=2)


def test_output_size_follows() -> None:
    w = ConvExplorer(mode="transpose", input=np.ones((2, 3)), kernel=np.ones((3, 3)), stride=2)
    assert w.output_size is None and w.output.shape == (5, 7)
    w.output_size = (6, 8)
    assert w.output_size == [6, 8] and w.output.shape == (6, 8)
    seen: list[Any] = []
    w.observe(lambda change: seen.append(change["new"]), "output_size")
    w.kernel = np.full((3, 3), 2)  # the size is still legal
    assert w.output_size == [6, 8] and seen == []
    w.stride = 3  # it is not
    assert w.output_size is None and seen == [None]
    assert w.output.shape == (6, 9)
    for height, width in itertools.product(shapes.transposed_sizes(2, 3, stride=3), repeat=2):
        w = ConvExplorer(mode="transpose", input=np.ones((2, 2)), kernel=np.ones((3, 3)), stride=3)
        w.output_size = (height, width)
        assert w.output.shape == (height, width)


def test_illegal_output_size_names_the_legal_ones() -> None:
    w = ConvExplorer("five")
    with pytest.raises(TraitError, match="5 or 6"):
        w.output_size = (7, 7)
    assert w.output_size is None and w.output.shape == (5, 5)


# ---------------------------------------------------------------------------------------------
# Following and linking


def test_observe_tells_names_old_and_new() -> None:
    w = ConvExplorer()
    seen = []
    w.observe(lambda c: seen.append((c["name"], c["old"], c["new"])), names=["stride", "mode", "kernel"])
    w.stride = 3
    w.stride = 3  # no change
    w.mode = "transpose"
    with pytest.raises(TraitError):
        w.stride = 0
    w.kernel = [[1]]
    assert [row[0] for row in seen] == ["stride", "mode", "kernel"]
    assert seen[0] == ("stride", 1, 3) and seen[2][2] == [[1]]


def test_two_explorers_linked() -> None:
    a, b = ConvExplorer(), ConvExplorer("ones-transpose")
    link = traitlets.link((a, "stride"), (b, "stride"))
    a.stride = 2
    assert b.stride == 2
    b.stride = 1
    assert a.stride == 1
    with pytest.raises(TraitError):
        a.stride = 0
    assert (a.stride, b.stride) == (1, 1)
    link.unlink()
    a.stride = 3
    assert b.stride == 1
    in_browser = ipywidgets.jslink((a, "stride"), (b, "stride"))
    assert in_browser.source == (a, "stride") and in_browser.target == (b, "stride")


def test_several_settings_at_once() -> None:
    w = ConvExplorer(mode="conv", input=np.ones((3, 3)), kernel=np.ones((2, 2)))
    with w.hold_trait_notifications():  # only the whole is legal
        w.kernel = np.ones((5, 5))
        w.input = np.ones((6, 6))
    assert w.output.shape == (2, 2)
    before = state_of(w)
    with pytest.raises(TraitError), w.hold_trait_notifications():
        w.stride = 2
        w.kernel = np.ones((7, 7))  # larger than the input
    assert state_of(w) == before
    with w.hold_sync():
        w.stride = 2
        w.padding = "same"
    assert w.output.shape == (3, 3)


def test_a_message_from_the_browser_is_taken_as_a_whole() -> None:
    """The front end sends all traits that changed in one message."""
    w = ConvExplorer("ones-conv")
    w.set_state({"mode": "transpose", "input": [[1, 2], [3, 4]], "stride": 2, "output_size": [4, 4]})
    assert w.output_size == [4, 4] and w.output.shape == (4, 4)
    w.set_state({"input": [[1] * 6] * 6, "kernel": [[1] * 5] * 5, "mode": "conv", "stride": 1, "output_size": None})
    assert w.output.shape == (2, 2)
    before = state_of(w)
    with pytest.raises(TraitError):
        w.set_state({"stride": 0, "dilation": 2})
    assert state_of(w) == before
    synced = w.get_state()
    assert json.loads(json.dumps({name: synced[name] for name in w.state_traits})) == before


# ---------------------------------------------------------------------------------------------
# Without a kernel


def bundle_of(w: ConvExplorer) -> dict[str, Any]:
    bundle = w._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


@pytest.mark.parametrize("preset", EXPLORER_PRESETS)
def test_a_notebook_gets_a_live_view_and_a_page_the_state_and_a_figure(preset) -> None:
    w = ConvExplorer(preset, name="a-widget")
    data = bundle_of(w)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == w.model_id
    soup = BeautifulSoup(data["text/html"], "html.parser")
    (root,) = soup.select(".cb-widget")
    assert root["data-widget"] == "ConvExplorer" and root["data-name"] == root["id"] == "a-widget"
    state = json.loads(root["data-state"])
    assert {name: state[name] for name in w.state_traits} == state_of(w)
    again = ConvExplorer(**state)
    np.testing.assert_array_equal(again.output, w.output)
    # Without JavaScript: a figure, described.
    image = root.find("noscript").find(["img", "svg"])
    words = image.get("alt") or image["aria-label"]
    assert image.name == "img" or image["role"] == "img"
    assert words == w.describe() and "output" in words
    for side in (w.input, w.kernel, w.output):
        height, width = np.shape(side)
        assert f"{height} × {width}" in words
    svg = unquote(image["src"]) if image.name == "img" else str(image)
    assert "<svg" in svg and "<script" not in svg
    for word in ("input", "kernel", "output"):
        assert word in svg
    assert data["text/plain"] == w.describe()
    assert soup.find("script") is None
    assert not re.search(r"""(src|href)=["']?https?:""", html.unescape(data["text/html"]))


def test_the_same_state_gives_the_same_html() -> None:
    assert ConvExplorer("five", name="x").to_html() == ConvExplorer("five", name="x").to_html()
    assert ConvExplorer("five", name="x").to_html() != ConvExplorer("six", name="x").to_html()


def test_html_holds_no_markup_from_values() -> None:
    w = ConvExplorer(input=[[1e-7, -1e9], [123456.789, 0.1]], kernel=[[1]])
    soup = BeautifulSoup(w.to_html(), "html.parser")
    assert json.loads(soup.select_one(".cb-widget")["data-state"])["input"] == w.input


# ---------------------------------------------------------------------------------------------
# Presets and figures


def test_presets_are_complete_and_legal() -> None:
    assert len(EXPLORER_PRESETS) >= 10 and len(set(LABELS.values())) == len(LABELS)
    assert set(LABELS) == set(PRESETS) == set(WIDGETS)
    seeds = {
        # Each asker's example, with the answer that was expected.
        "ones-conv": ((2, 2), 4),
        "ones-transpose": ((3, 3), 1),
        "three-to-four": ((4, 4), 1),
        "five": ((5, 5), 4.5),
        "six": ((6, 6), 4.5),
        "padding-crops": ((4, 4), 4),
    }
    for name, (shape, first) in seeds.items():
        output = ConvExplorer(name).output
        assert output.shape == shape and output[0, 0] == first, name
    for name in EXPLORER_PRESETS:
        assert LABELS[name].strip() and re.fullmatch(r"[a-z][a-z0-9-]*", name)
        assert set(PRESETS[name]) <= set(ConvExplorer.state_traits)
        w = ConvExplorer(name)
        np.testing.assert_array_equal(w.output, reference({**traits_back(state_of(w))}))
    assert ConvExplorer("five", stride=3).output.shape == (6, 6)  # arguments change a preset


def traits_back(state: dict[str, Any]) -> dict[str, Any]:
    return {"outputSize" if k == "output_size" else k: v for k, v in state.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("preset", EXPLORER_PRESETS)
def test_layer_figure_shows_every_number(preset, theme) -> None:
    from matplotlib.figure import Figure

    w = ConvExplorer(preset)
    state = state_of(w)
    state.pop("picture")
    figure = layer_figure(state.pop("input"), state.pop("kernel"), theme=theme, **state)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    texts = [t.get_text() for ax in figure.axes for t in ax.texts]
    numbers = [t for t in texts if re.fullmatch(r"−?\d+(\.\d+)?", t)]
    ring = 0
    if w.mode == "conv":  # the zeros of the padding are drawn too
        per_axis = [w.padding] * 2 if isinstance(w.padding, str) else [tuple(p) for p in w.padding]
        padded = [
            n + sum(shapes.padding_pair(n, k, stride=w.stride, padding=p, dilation=w.dilation))
            for n, k, p in zip(np.shape(w.input), np.shape(w.kernel), per_axis, strict=True)
        ]
        ring = padded[0] * padded[1] - np.size(w.input)
    assert len(numbers) == ring + sum(np.size(side) for side in (w.input, w.kernel, w.output))
    for side, role in ((w.input, "input"), (w.kernel, "kernel"), (w.output, "output")):
        height, width = np.shape(side)
        assert f"{PALETTE['roles'][role]['label']} {height} × {width}" in texts
    assert isinstance(w.figure(), Figure)


def test_windows_figure_names_every_legal_size() -> None:
    from matplotlib.figure import Figure

    draw = random.Random(2)
    for _ in range(25):
        n, k, s = draw.randint(1, 6), draw.randint(1, 5), draw.randint(1, 4)
        padding = draw.choice(["valid", "same"])
        figure = windows_figure(n, k, stride=s, padding=padding)
        assert isinstance(figure, Figure)
        texts = " ".join(t.get_text() for ax in figure.axes for t in ax.texts)
        for size in shapes.transposed_sizes(n, k, stride=s, padding=padding):
            assert f"output {size}" in texts
        keras = shapes.keras_transposed_size(n, k, stride=s, padding=padding)
        assert f"output {keras} (Keras)" in texts and texts.count("(Keras)") == 1


# ---------------------------------------------------------------------------------------------
# Colours


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """WCAG 2: contrast ratio of two colours."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def test_contrast_helper() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_a_contrast_of_at_least_4_5(theme) -> None:
    ui, roles = PALETTE["ui"][theme], PALETTE["roles"]
    pairs = {
        "ink on paper": (ui["ink"], ui["paper"]),
        "ink on panel": (ui["ink"], ui["panel"]),
        "quiet on paper": (ui["quiet"], ui["paper"]),
        "quiet on panel": (ui["quiet"], ui["panel"]),
        "accent on paper": (ui["accent"], ui["paper"]),
        "warning on its ground": (ui["warn"], ui["warn-fill"]),
        "warning on paper": (ui["warn"], ui["paper"]),
    }
    for role in roles:
        line, fill = role_colour(role, "line", theme), role_colour(role, "fill", theme)
        pairs[f"{role} on paper"] = (line, ui["paper"])
        pairs[f"{role} on panel"] = (line, ui["panel"])
        pairs[f"{role} on its fill"] = (line, fill)
        pairs[f"ink on {role}"] = (ui["ink"], fill)
    for count in (1, 2, 4, 9, 25, 49):
        for i in range(count):
            pairs[f"ink on tint {i} of {count}"] = (ui["ink"], tint(i, count, theme))
    low = {name: round(contrast(*pair), 2) for name, pair in pairs.items() if contrast(*pair) < 4.5}
    assert low == {}


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN_BY = {
    "everyone": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}


def lab(colour: str, seen_by: str) -> np.ndarray:
    """CIE L*a*b* of a colour as someone sees it."""
    rgb = np.clip(SEEN_BY[seen_by] @ linear(colour), 0, 1)
    xyz = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]) @ rgb
    x, y, z = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz / [0.9505, 1, 1.0888])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_roles_can_be_told_apart(theme, seen_by) -> None:
    """By colour, or by their pattern where the colours come close."""
    for a, b in itertools.combinations(PALETTE["roles"], 2):
        apart = np.linalg.norm(
            lab(role_colour(a, "line", theme), seen_by) - lab(role_colour(b, "line", theme), seen_by)
        )
        patterns = {PALETTE["roles"][role]["pattern"] for role in (a, b)}
        assert apart >= 20 or len(patterns) == 2, (a, b, apart)


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tints_run_along_a_scale_that_can_be_followed(theme, seen_by) -> None:
    tints = [lab(colour, seen_by) for colour in PALETTE["tints"][theme]]
    steps = {
        f"{i}-{j}": round(float(np.linalg.norm(tints[i] - tints[j])), 1)
        for i, j in itertools.combinations(range(len(tints)), 2)
    }
    near = {pair: d for pair, d in steps.items() if d < (8 if int(pair[2]) - int(pair[0]) == 1 else 20)}
    assert near == {}
