"""Tools that answer in sizes: what conv_lib says of a link's state, against the page (tests/fuzz_holds.py)."""

from __future__ import annotations

import re
from typing import Any

from pytest import approx

from conv_lib import shapes
from conv_lib.widgets import DecoderRuler, SizeRuler, SizeSolver
from conv_lib.widgets.chain import PLAIN
from conv_lib.widgets.links import query as query_of
from fuzz_says import Parts, Shown, amounts, same_link


def pair(text: str) -> tuple[int, int]:
    first, second = text.split("x")
    return int(first), int(second)


# ------------------------------------------------------------------------------------------ size ruler

RULER = {
    "ends": ".cb-r-headline .cb-name",
    "legal": ".cb-r-legal .cb-r-row:not(.cb-r-torch) .cb-r-size",
    "chosen": ".cb-r-legal .cb-r-row:not(.cb-r-torch) input@checked",
    "after": ".cb-r-after",
}


def hold_ruler(parts: Parts, shown: Shown) -> None:
    how: dict[str, Any] = {name: int(parts[name]) for name in ("size", "kernel", "stride", "dilation") if name in parts}
    if "padding" in parts:
        given = parts["padding"]
        how["padding"] = given if given in ("valid", "same") else tuple(map(int, given.split(",")))
    if "torch" in parts:
        how["torch"] = list(map(int, parts["torch"].split(",")))
    if "layers" in parts:
        names = ("kernel", "stride", "dilation")
        rows = [row.split(",") for row in parts["layers"].split(";")]
        how["layers"] = [dict(zip(names, map(int, row[:3]), strict=True)) | {"padding": row[3]} for row in rows]
    w = SizeRuler(mode=parts["mode"], view=parts.get("view", "auto"))
    with w.hold_trait_notifications():
        for name, value in how.items():
            setattr(w, name, value)
    if "output" in parts:
        w.output_size = int(parts["output"])
    same_link(query_of(w), shown)
    found = shown["found"]
    assert found["ends"] == [str(w.size), str(w.output)], (parts, found["ends"], w.output)
    if w.mode == "transpose":
        options = {name: how[name] for name in ("stride", "padding", "dilation")}
        legal = list(shapes.transposed_sizes(w.size, w.kernel, **options))
        assert [amounts(text) for text in found["legal"]] == [[n] for n in legal], (parts, found["legal"], legal)
        assert found["chosen"] == [str(n == w.output).lower() for n in legal], (parts, found["chosen"])
    if w.mode == "stack":
        # No framework takes every stack that can be drawn, and what a pixel sees does not depend on the padding.
        layers = [shapes.Layer("conv", x["kernel"], x["stride"], 0, x["dilation"]) for x in w.layers]
        fields, size = shapes.receptive_field(layers, framework="torch"), w.size
        for i, (text, layer) in enumerate(zip(found["after"], w.layers, strict=True)):
            options = {name: layer[name] for name in ("stride", "padding", "dilation")}
            size = shapes.conv_size(size, layer["kernel"], **options)
            assert amounts(text)[:3] == [i + 1, size, fields[i].size], (parts, text)


# ------------------------------------------------------------------------------------------ size solver

SOLVER = {
    "ends": ".cb-s-headline .cb-name",
    "counts": "[aria-label=Framework] label",
    "titles": ".cb-s-card .cb-s-title > span:not(.cb-badge)",
    "details": ".cb-s-card .cb-s-detail",
    "badges": ".cb-s-card .cb-badge@className",
    "costs": ".cb-s-card .cb-s-cost",
    "chosen": ".cb-s-card input@checked",
    "sizes": ".cb-s-group .cb-s-size",
}


def hold_solver(parts: Parts, shown: Shown) -> None:
    how = {key: int(parts[key]) for key in ("kernel", "stride", "dilation", "pick") if key in parts}
    padding = parts.get("padding")
    w = SizeSolver(
        direction=parts["do"],
        size=pair(parts["from"]),
        wanted=pair(parts["to"]) if "to" in parts else None,
        padding=padding if padding in (None, "valid", "same") else int(padding),
        framework=parts["in"],
        **how,
    )
    same_link(w.query(), shown)
    found = shown["found"]
    assert found["ends"][0] == f"{w.size[0]} × {w.size[1]}"
    if w.wanted is None:
        axes = (0,) if w.size[0] == w.size[1] else (0, 1)
        want = [f"{w.size[axis]} → {n}" for sizes in w.sizes.values() for axis in axes for n in sizes[axis]]
        assert found["sizes"] == want, (parts, found["sizes"][:9], want[:9])
        return
    answer = w.answer
    assert found["ends"][1] == f"{w.wanted[0]} × {w.wanted[1]}"
    for label, framework in zip(found["counts"], ("keras", "tf", "torch"), strict=True):
        one = answer if framework == w.framework else _answer(parts["do"], framework, w)
        assert amounts(label)[-1] == _count(one), (parts, label, _count(one))
    ways = list(answer.settings) or [one for one in (answer.rectangular,) if one]
    # The last card is that of cropping, except where there is nothing to crop.
    window = answer.window
    span = {"stride": window.stride, "dilation": window.dilation}
    whole = [shapes.full_size(n, window.kernel, **span) if w.direction == "up" else n for n in w.size]
    crop = not ways or window.window != tuple((0, n) for n in whole)
    cards = len(found["titles"]) - crop
    assert {len(found[name]) for name in ("titles", "details", "costs", "chosen")} == {cards + crop}
    assert min(_count(answer), 6) <= cards <= _count(answer), (parts, cards, _count(answer))
    assert [float(n) for n in _shape(window)] == amounts(found["titles"][-1]) or not crop
    assert [name.rpartition("-")[2] for name in found["badges"]] == [s.overlap for s in ways[:cards]]
    each = (found["titles"][:cards], found["details"][:cards], found["costs"][:cards], ways[:cards])
    for title, detail, cost, setting in zip(*each, strict=True):
        assert amounts(title) == _shape(setting), (parts, title, setting)
        assert amounts(cost)[0] == setting.macs, (parts, cost, setting)
        given = detail.split(", output")[0]
        for one in setting.padding:
            assert (f'"{one}"' if isinstance(one, str) else str(one)) in given, (parts, detail, setting)
        if setting.output_size:
            assert f"output_shape {setting.output_size[0]} × {setting.output_size[1]}" in detail, (parts, detail)
        elif setting.output_padding and any(setting.output_padding):
            extra = setting.output_padding
            assert f"output_padding={extra[0] if len(set(extra)) == 1 else extra}" in detail, (parts, detail)
    pick = cards if not ways or (w.pick < 0 and crop) else min(max(w.pick, 0), cards - 1)
    assert found["chosen"] == [str(i == pick).lower() for i in range(len(found["chosen"]))], (parts, found["chosen"])


def _shape(one: Any) -> list[float]:
    # One for each axis, where they differ.
    pairs = [v if isinstance(v, tuple) else (v,) for v in (one.kernel, one.stride)]
    flat = [n for pair in pairs for n in (pair[:1] if len(set(pair)) == 1 else pair)]
    return [*flat, *([one.dilation] if one.dilation > 1 else [])]


def _count(answer: shapes.Answer) -> int:
    """How many answers the page shows: the settings, or the one with a kernel and a stride for each axis."""
    return answer.count or int(answer.rectangular is not None)


def _answer(direction: str, framework: str, w: SizeSolver) -> shapes.Answer:
    same = {name: getattr(w, name) for name in ("size", "wanted", "kernel", "stride", "dilation", "padding")}
    return SizeSolver(direction=direction, framework=framework, **same).answer


# ------------------------------------------------------------------------------------------ decoder ruler

CHAIN = {
    "sizes": ".cb-d-size@firstChild.textContent",
    "lost": ".cb-d-size em",
    "why": ".cb-d-why",
    "tone": ".cb-d-verdict@className",
    "totals": ".cb-d-totals",
    "rules": ".cb-d-rules dd > span:first-child",
}


def hold_chain(parts: Parts, shown: Shown) -> None:
    height, width, channels = map(int, parts["size"].split("x"))
    size = {"height": height, "width": width, "channels": channels}
    w = DecoderRuler(framework=parts["framework"], layers=parts["layers"], **size)
    same_link(w.query(), shown)
    found, sizes, stop, misfits = shown["found"], w.shapes, w.stop, w.misfits
    words = ["?" if one is None else " × ".join("?" if n is None else str(n) for n in one) for one in sizes]
    assert found["sizes"] == words, (parts, found["sizes"], words)
    said = [amounts(why) for why in found["why"]]
    assert all([*skip, *meets] in said for _, skip, meets in misfits), (parts, said, misfits)
    layers = list(map(_full, w.layers))
    costs = [_cost(layer, sizes[i], sizes[i + 1], w.framework) for i, layer in enumerate(layers)]
    costs = costs[: stop.layer - 1] if stop else costs
    for text, want in zip(found["totals"][0].split(", "), _sums(costs), strict=True):
        assert ("?" in text) if want is None else _about(text, want), (parts, text, want)
    bad = {i for i, layer in enumerate(layers, 1) if _odd(layer, sizes, i - 1)} | {layer for layer, *_ in misfits}
    bad |= {stop.layer} if stop else set()
    assert ("cb-d-bad" in found["tone"][0]) == bool(bad), (parts, found["tone"], bad)
    assert len(found["why"]) == len(bad), (parts, found["why"], bad)
    _hold_axes(w, found, parts)


def _full(layer: dict[str, Any]) -> dict[str, Any]:
    return {**PLAIN, **layer}


def _hold_axes(w: DecoderRuler, found: Shown, parts: Parts) -> None:
    try:
        axes = [w.axis_layers(axis) for axis in (0, 1)]
    except ValueError:  # a layer that has no rule along one axis, such as Flatten: Python says nothing of these
        return
    axes = [(layers, [skip for skip in skips if skip[0] < skip[1]]) for layers, skips in axes]
    if not axes[0][0]:
        return
    gather = [layer for layer in map(_full, w.layers) if layer["kind"] in ("conv", "depthwise", "pool")]
    shrinks = any(max(layer["stride"]) > 1 for layer in gather)
    grow = [layer for layer in map(_full, w.layers) if layer["kind"] in ("transposed", "upsample", "shuffle")]
    grows = any(layer["kind"] != "transposed" or max(layer["stride"]) > 1 for layer in grow)
    wishes = [(False, False), *([(True, False)] * (shrinks and grows and not w.stop)), *([(False, True)] * shrinks)]
    rules: list[str] = []
    for returns, lossless in wishes:
        more = [(0, len(axes[0][0]))] * returns
        options = {"framework": w.framework, "lossless": lossless}
        try:
            each = [str(shapes.accepted_sizes(one, skips=[*skips, *more], **options)) for one, skips in axes]
        except ValueError:  # what the framework takes at no size: the chain ends there
            assert w.stop, parts
            return
        rules.append(each[0] if each[0] == each[1] else f"height: {each[0]}; width: {each[1]}")
    assert found["rules"] == list(dict.fromkeys(rules)), (parts, found["rules"], rules)
    if w.stop:
        return
    lost = [
        [step.lost for step in shapes.trace(size, one, skips=skips, framework=w.framework).steps]
        for size, (one, skips) in zip((w.height, w.width), axes, strict=True)
    ]
    want = [[v] if v == h else [n for n in (v, h) if n] for v, h in zip(*lost, strict=True) if v or h]
    assert [numbers for numbers in map(amounts, found["lost"]) if numbers] == want, (parts, found["lost"], want)


def _cost(layer: dict[str, Any], here: Any, there: Any, framework: str) -> tuple[int | None, int | None]:
    """Parameters and multiply-adds of a layer; None where channels are not known."""
    kind, bias = layer["kind"], layer["bias"]
    if here is None or there is None:
        return 0, 0
    arrive = here[-1]
    if kind == "norm":
        each = {"BatchNormalization": 4}.get(layer["name"], 0 if layer["name"].startswith("InstanceNorm") else 2)
        return (None, 0) if arrive is None else (each * arrive, 0)
    if kind not in ("conv", "depthwise", "transposed", "dense"):
        return 0, 0
    ins = (None if kind == "depthwise" else layer["expects"]) or arrive
    outs = there[-1]
    if ins is None or outs is None:
        return None, None
    kernel = (1, 1) if kind == "dense" else layer["kernel"]
    positions = (1, 1) if len(here) == 1 else here[:2] if kind == "transposed" else there[:2]
    groups = ins if kind == "depthwise" else 1 if kind == "dense" else layer["groups"]
    cost = shapes.layer_cost(kernel, ins, outs, positions=positions, groups=groups)
    return cost.weights + cost.bias * bias, cost.macs


def _sums(costs: list[tuple[int | None, int | None]]) -> list[int | None]:
    return [None if any(cost[i] is None for cost in costs) else sum(cost[i] for cost in costs) for i in (0, 1)]


def _about(text: str, want: int) -> bool:
    unit = re.search(r"\d ([MGT]) ", text)
    value = amounts(text)[0] * {"M": 1e6, "G": 1e9, "T": 1e12}[unit[1]] if unit else amounts(text)[0]
    return value == approx(want, rel=6e-3) if unit else value == want


def _odd(layer: dict[str, Any], sizes: list[Any], i: int) -> bool:
    """Whether a layer runs, but not as it was written: its channels are others."""
    here = sizes[i]
    if here is None or len(here) != 3 or sizes[i + 1] is None:
        return False
    if layer["kind"] == "add":
        skip = sizes[layer["source"]]
        return None not in (skip[2], here[2]) and skip[2] != here[2]
    written = layer["expects"] if layer["kind"] in ("conv", "transposed") else None
    return written is not None and here[2] is not None and written != here[2]
