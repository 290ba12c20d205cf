"""Tools that answer in words and numbers: what conv_lib says of a link's state, against the page (tests/fuzz_holds.py).

Numbers, code and marks are compared. Prose is left to the tests of each tool, so that it can be written better.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pytest import approx

from answers_queries import QUERIES
from conv_lib import shapes
from conv_lib.answers import ENTRIES
from conv_lib.bench.stored import workload_of
from conv_lib.diagnosis import FORMS, read
from conv_lib.figures.bench import bench_value
from conv_lib.frameworks import FRAMEWORKS, call_line, convert, mismatch, typed_in
from conv_lib.widgets import BenchPlot, DecoderRuler, ErrorReader, RoundingCheck, SizeSolver, Translator
from conv_lib.widgets.chain import PLAIN
from conv_lib.widgets.rounding import FACTS

Parts = dict[str, str]
Shown = dict[str, Any]

NUMBER = re.compile(r"[−-]?(?:\d{1,3}(?:[,\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?")


def amounts(text: str) -> list[float]:
    """The numbers in a text, with true minus signs and thousands as the tools write them."""
    return [float(re.sub("[,\u202f]", "", one).replace("−", "-")) for one in NUMBER.findall(text)]


def pair(text: str) -> tuple[int, int]:
    first, second = text.split("x")
    return int(first), int(second)


def same_link(made: str, shown: Shown) -> None:
    """What was read from the link is all of it: Python writes the same one."""
    assert made == shown["query"]


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
        assert amounts(label)[-1] == one.count, (parts, label, one.count)
    # The last card is that of cropping, except where there is nothing to crop.
    window = answer.window
    span = {"stride": window.stride, "dilation": window.dilation}
    whole = [shapes.full_size(n, window.kernel, **span) if w.direction == "up" else n for n in w.size]
    crop = not answer.count or window.window != tuple((0, n) for n in whole)
    cards = len(found["titles"]) - crop
    assert min(answer.count, 6) <= cards <= answer.count, (parts, cards, answer.count)
    assert [float(n) for n in _shape(window)] == amounts(found["titles"][-1]) or not crop
    assert [name.rpartition("-")[2] for name in found["badges"]] == [s.overlap for s in answer.settings[:cards]]
    each = (found["titles"][:cards], found["details"][:cards], found["costs"][:cards], answer.settings[:cards])
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
    pick = cards if not answer.count or (w.pick < 0 and crop) else min(max(w.pick, 0), cards - 1)
    assert found["chosen"] == [str(i == pick).lower() for i in range(len(found["chosen"]))], (parts, found["chosen"])


def _shape(one: Any) -> list[float]:
    return [one.kernel, one.stride, *([one.dilation] if one.dilation > 1 else [])]


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
    layers = [{**PLAIN, **layer} for layer in w.layers]
    costs = [_cost(layer, sizes[i], sizes[i + 1], w.framework) for i, layer in enumerate(layers)]
    costs = costs[: stop.layer - 1] if stop else costs
    for text, want in zip(found["totals"][0].split(", "), _sums(costs), strict=True):
        assert ("?" in text) if want is None else _about(text, want), (parts, text, want)
    odd = any(_odd(layer, sizes, i) for i, layer in enumerate(layers))
    bad = bool(misfits or stop or odd)
    assert ("cb-d-bad" in found["tone"][0]) == bad, (parts, found["tone"], misfits, stop)
    _hold_axes(w, found, parts)


def _hold_axes(w: DecoderRuler, found: Shown, parts: Parts) -> None:
    try:
        axes = [w.axis_layers(axis) for axis in (0, 1)]
    except ValueError:  # a layer that has no rule along one axis, such as Flatten: Python says nothing of these
        return
    axes = [(layers, [skip for skip in skips if skip[0] < skip[1]]) for layers, skips in axes]
    if not axes[0][0]:
        return
    try:
        rules = [str(shapes.accepted_sizes(one, skips=skips, framework=w.framework)) for one, skips in axes]
    except ValueError:  # what the framework takes at no size: the chain ends there
        assert w.stop, parts
        return
    rule = rules[0] if rules[0] == rules[1] else f"height: {rules[0]}; width: {rules[1]}"
    assert found["rules"][0] == rule, (parts, found["rules"], rule)
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


# ------------------------------------------------------------------------------------------ error reader

ERRORS = {
    "status": ".cb-e-status",
    "cause": ".cb-e-cause p:last-child",
    "fixes": ".cb-e-fixes li",
    "marks": ".cb-e-marked mark",
    "numbers": ".cb-e-numbers dt",
    "open": ".cb-e-open@href",
}


def hold_errors(parts: Parts, shown: Shown) -> None:
    found = shown["found"]
    message = shown["boxes"][0]
    same_link(ErrorReader(message=message).query(), shown)
    if "example" in parts:
        assert [form.example for form in FORMS if form.id == parts["example"]] == [message]
    reading = read(message)
    assert bool(found["cause"]) == (reading is not None), (parts, found)
    if reading is None:
        return
    assert reading.form.title in found["status"][0] and reading.form.framework in found["status"][0]
    assert found["cause"] == [flat(reading.cause)]
    assert found["fixes"] == list(map(flat, reading.fixes))
    assert found["marks"] == found["numbers"] == [flat(one.text) for one in reading.numbers]
    assert [href.endswith(f"/{reading.link.address}") for href in found["open"]] == [True] * bool(reading.link)


def flat(text: str) -> str:
    """Prose as the page shows it: code without its backticks, blanks as one."""
    return re.sub(r"[ \t\r\n\u00a0]+", " ", text.replace("`", "")).strip()


# ------------------------------------------------------------------------------------------ rounding or bug

ROUNDING = {
    "says": ".cb-rd-says",
    "here": ".cb-rd-here .cb-rd-name",
    "limits": ".cb-rd-limit",
    "lines": "dd.cb-formula",
}


def hold_rounding(parts: Parts, shown: Shown) -> None:
    numbers = {name: float(parts[name]) for name in ("difference", "scale")}
    w = RoundingCheck(dtype=parts["dtype"], terms=int(parts["terms"]), device=parts["device"], **numbers)
    same_link(w.query(), shown)
    answer, found = w.answer, shown["found"]
    assert found["says"] == [w.verdict]
    own = FACTS["own"].get(w.dtype) if answer.kind == "order" else None
    names = [] if answer.kind in ("none", "scale") else [own or FACTS["rungs"][answer.kind]]
    assert found["here"] == names, (parts, found["here"], answer.kind)
    three, two = {"rel": 5.1e-3}, {"rel": 5.1e-2}
    limits = [answer.unit, *(rung.limit for rung in answer.ladder), 2 * w.scale]
    assert [amounts(text)[0] for text in found["limits"]] == approx(limits, **three), parts
    unit, yours, most = map(amounts, found["lines"])
    assert [unit[0], unit[-1], most[-1]] == approx([answer.unit, w.scale, answer.bound], **three), (parts, unit, most)
    want = [w.difference, answer.unit, answer.units, w.difference, w.scale, answer.relative]
    assert yours == approx(want, **(two if answer.units < 10 else three)), (parts, yours, want)


# ------------------------------------------------------------------------------------------ translator

PORTS = {
    "calls": ".cb-t-call code",
    "verdict": ".cb-t-verdict .cb-verdict@className",
    "targets": "[aria-label=To] input@value",
    "badges": "[aria-label=To] label > span:last-child",
    "good": "[aria-label=To] label > span:last-child@className",
}


def hold_ports(w: Translator, shown: Shown) -> None:
    """The calls, and for every target whether the same numbers can be typed in, or how far off they are."""
    found, layer, typed = shown["found"], w.layer, w.typed
    names = [name for name in FRAMEWORKS if name != w.source and (w.operation == "transposed" or name != "jax-default")]
    assert found["targets"] == names
    for name, badge, tone in zip(names, found["badges"], found["good"], strict=True):
        try:
            port = typed_in(layer, name)
        except (TypeError, ValueError):
            port = None
        off = mismatch(layer, port) if port else None
        assert ("good" in tone) == bool(off and off.same), (shown["query"], name, badge, off)
        shifted = off and not (off.same or any(off.sizes) or off.turned)
        assert amounts(badge) == ([max(map(abs, off.starts))] if shifted else []), (shown["query"], name, badge, off)
    assert found["calls"][0] == flat(call_line(layer))
    if w.shown == "converted":
        assert found["calls"][1] == flat(convert(layer, w.target).code)
    else:
        refused = found["calls"][1].startswith("#")
        assert refused == (typed is None) and (refused or found["calls"][1] == flat(call_line(typed)))
    differs = w.shown == "typed" and not (w.mismatch and w.mismatch.same)
    assert ("cb-differs" in found["verdict"][0]) == differs, shown["query"]


# ------------------------------------------------------------------------------------------ bench

BENCH = {
    "layers": ".cb-b-chart [role=radio]@dataset.name",
    "checked": ".cb-b-chart [aria-checked=true]@dataset.name",
    "sizes": ".cb-b-sizes .cb-name",
    "times": ".cb-b-table td",
    "facts": ".cb-b-facts strong",
    "where": ".cb-b-where",
}


@lru_cache(maxsize=1)
def _bench() -> BenchPlot:
    return BenchPlot()


def hold_bench(parts: Parts, shown: Shown) -> None:
    w, found = _bench(), shown["found"]
    w.result, w.view, w.quantity = parts["result"], parts["view"], parts["quantity"]
    layers = w.shown["growth"] if w.view == "growth" else w.shown["workloads"]
    layers = [one for one in layers if w.view != "rate" or one["mflop"] > 100]
    assert sorted(found["layers"]) == sorted(one["name"] for one in layers), (parts, found["layers"])
    record = next(one for one in layers if _linked(one["name"]) == parts["workload"])
    assert found["checked"] == [record["name"]]
    work = workload_of({**record, "dtype": w.shown["dtype"]})
    sizes = (work.x_shape, work.output_shape, work.kernel_shape[:2])
    assert [list(map(int, re.findall(r"\d+", one))) for one in found["sizes"]] == list(map(list, sizes)), parts
    pairs = [[bench_value(record, q, b) for q in ("ms", "gflops")] for b in ("numpy", "tf", "floor", "tf_gpu", "torch")]
    times = [value for one in pairs for value in one if value is not None]
    assert [amounts(text)[0] for text in found["times"]] == approx(times, rel=6e-3, abs=1e-7), parts
    per_byte, *rest = [amounts(text)[0] for text in found["facts"]][2 if record["ratio_to_tf"] else 1 :]
    assert per_byte == approx(work.operations_per_byte, rel=6e-3) and rest, parts
    assert w.shown["machine"]["date"] in found["where"][0] and w.shown["machine"]["cpu"] in found["where"][0]


def _linked(name: str) -> str:
    return name.replace(" ", "_").replace("->", "-to-")


# ------------------------------------------------------------------------------------------ index of questions

INDEX = {
    "asked": "li .cb-asked a",
    "names": "li .cb-asked a@hash",
    "answers": "li > p:not(.cb-onward)",
    "links": "li .cb-onward a@href",
    "said": ".cb-found",
    "field": "input[type=search]@value",
}


def hold_index(parts: Parts, shown: Shown) -> None:
    """Each answer that is shown has the numbers that conv_lib computes now, and the best comes first."""
    found, asked = shown["found"], parts["q"]
    assert re.sub(r"[&%#=+\s]+", " ", found["field"][0]).strip() == asked
    entries = {entry.name: entry for entry in ENTRIES}
    results = [entries[name.removeprefix("#")] for name in found["names"]]
    assert len(results) <= 8 and len(set(found["names"])) == len(results)
    assert found["asked"] == [flat(entry.question) for entry in results]
    assert found["answers"] == [flat(entry.answer) for entry in results]
    links = [link.address for entry in results for link in entry.links]
    assert all(href.endswith(f"/{one}") for href, one in zip(found["links"], links, strict=True))
    counted = {int(n) for n in amounts(found["said"][0])}
    assert not results or counted == {len(results)}, (parts, found["said"])
    if asked in QUERIES:
        assert results[0].name == QUERIES[asked]
