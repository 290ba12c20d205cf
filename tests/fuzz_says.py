"""Tools that answer in words and numbers: what conv_lib says of a link's state, against the page (tests/fuzz_holds.py).

Numbers, code and marks are compared. Prose is left to the tests of each tool, so that it can be written better.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pytest import approx

from answers_queries import QUERIES
from conv_lib.answers import ENTRIES
from conv_lib.bench.stored import workload_of
from conv_lib.diagnosis import FORMS, advice, read
from conv_lib.figures.bench import bench_value
from conv_lib.frameworks import FRAMEWORKS, call_line, convert, mismatch, typed_in
from conv_lib.widgets import BenchPlot, ErrorReader, RoundingCheck, Translator
from conv_lib.widgets.rounding import FACTS

Parts = dict[str, str]
Shown = dict[str, Any]

NUMBER = re.compile(r"[−-]?(?:\d{1,3}(?:[,\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?")


def amounts(text: str) -> list[float]:
    """The numbers in a text, with true minus signs and thousands as the tools write them."""
    return [float(re.sub("[,\u202f]", "", one).replace("−", "-")) for one in NUMBER.findall(text)]


def same_link(made: str, shown: Shown) -> None:
    """What was read from the link is all of it: Python writes the same one."""
    assert made == shown["query"]


def flat(text: str) -> str:
    """Prose as the page shows it: code without its backticks, blanks as one."""
    return re.sub(r"[ \t\r\n\u00a0]+", " ", text.replace("`", "")).strip()


# ------------------------------------------------------------------------------------------ error reader

ERRORS = {
    "status": ".cb-e-status",
    "cause": ".cb-e-cause p:last-child",
    "fixes": ".cb-e-fixes li",
    "marks": ".cb-e-marked mark",
    "numbers": ".cb-e-numbers dt",
    "open": ".cb-e-open@href",
    "code": ".cb-e-fixes .cb-e-quoted",
    "guesses": ".cb-e-fixes .cb-e-mark",
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
        said = advice(message)
        assert found["code"] == [flat(one) for one in (said.error, said.line) if one and message.strip()], parts
        assert found["guesses"] == [flat(shape) for shape, _ in said.shapes], parts
        return
    assert reading.form.title in found["status"][0] and reading.form.framework in found["status"][0]
    assert found["cause"] == [flat(reading.cause)]
    assert found["fixes"] == list(map(flat, reading.fixes))
    assert found["marks"] == found["numbers"] == [flat(one.text) for one in reading.numbers]
    assert [href.endswith(f"/{reading.link.address}") for href in found["open"]] == [True] * bool(reading.link)


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
    assert amounts(found["lines"][2])[0] == w.terms, parts
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
    facts = [record["ratio_to_tf"], record["mflop"], work.operations_per_byte, work.copied_bytes]
    extra = record["extra_mib"]
    facts.append(None if extra is None else extra * 2**20)
    said = [amounts(text)[0] * {"MiB": 2**20, "KiB": 2**10}.get(text.split(" ")[-1], 1) for text in found["facts"]]
    assert said == approx([fact for fact in facts if fact is not None], rel=6e-3), (parts, found["facts"], facts)
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
