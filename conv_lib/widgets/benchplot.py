"""The bench's own plots: stored results, with where and when they were measured."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

from traitlets import Enum, TraitError, TraitType, Unicode, default, observe, validate

from conv_lib.bench import stored
from conv_lib.widgets.base import STATIC, BookWidget

VIEWS = ("layers", "rate", "growth")
QUANTITIES = ("ms", "gflops", "tf", "floor", "memory")
MOST = 6


class _State(dict):
    """What a page needs of one result; made from a checked `Result` only."""


class Results(TraitType):
    """Stored results: names, files, `Result`s, or what the bench wrote as dicts."""

    info_text = "a list of names of stored results, or of files that the bench wrote"

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return each as JSON values, or say what is wrong with it."""
        if isinstance(value, str | Path | stored.Result | dict):
            value = [value]
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST:
            raise TraitError(f"results is {self.info_text}, 1 to {MOST} of them. Received: {str(value)[:60]}")
        states = []
        for number, one in enumerate(value, 1):
            try:
                if isinstance(one, _State):
                    states.append(one)
                    continue
                if isinstance(one, str | Path):
                    one = stored.load(one)
                elif not isinstance(one, stored.Result):
                    one = stored.parse(one, f"result-{number}")
            except ValueError as error:
                raise TraitError(str(error)) from None
            states.append(_State(one.as_state()))
        names = [state["name"] for state in states]
        if len(set(names)) < len(names):
            raise TraitError(f"results have names of their own. Received: {names}")
        return states


class BenchPlot(BookWidget):
    """Read stored results of the bench: times, rates, ratios and memory, layer by layer.

    >>> w = BenchPlot(workload="conv 28x28x256->256 k1")
    >>> w.record["mflop"]
    822.083584
    >>> w.result
    'two-cores-float32'

    Parameters
    ----------
    results : list of names or files, optional
        What `conv_lib.bench.stored.load` takes. By default all that come with the package.
    result : str
        Name of the one that is shown; the first unless given.
    view : "layers", "rate" or "growth"
        A row for each layer; the rate against operations per byte; time against work.
    quantity : "ms", "gflops", "tf", "floor" or "memory"
        What the rows show.
    workload : str
        Name of the layer that is read out.
    name : str
        Name in links to this widget; unique on a page.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal, and results that the bench did not write.
    """

    _esm = STATIC / "benchplot.js"

    state_traits: ClassVar[tuple[str, ...]] = ("results", "result", "view", "quantity", "workload")

    name = Unicode("bench", help="Name in links to this widget; unique on a page.").tag(sync=True)
    results = Results().tag(sync=True)
    result = Unicode("").tag(sync=True)
    view = Enum(VIEWS, "layers").tag(sync=True)
    quantity = Enum(QUANTITIES, "ms").tag(sync=True)
    workload = Unicode("").tag(sync=True)

    @default("results")
    def _all_results(self) -> list[str]:
        return stored.names()

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        super().__init__(preset, **settings)
        self._settle()

    @property
    def shown(self) -> dict[str, Any]:
        """The stored result that is shown: machine, backends, workloads, growth."""
        return next(one for one in self.results if one["name"] == self.result)

    @property
    def record(self) -> dict[str, Any]:
        """What was measured for the layer that is read out."""
        return next(one for one in self._layers() if one["name"] == self.workload)

    def _layers(self, result: str | None = None) -> list[dict[str, Any]]:
        name = self.result if result is None else result
        found = [one for one in self.results if one["name"] == name] or self.results
        return [*found[0]["workloads"], *found[0]["growth"]]

    @validate("result")
    def _known_result(self, proposal: Any) -> str:
        return _known("result", proposal["value"], [one["name"] for one in self.results])

    @validate("workload")
    def _known_workload(self, proposal: Any) -> str:
        return _known("workload", proposal["value"], [one["name"] for one in self._layers()])

    @observe("results", "result")
    def _settle(self, _change: Any = None) -> None:
        """Fill in what was left open, and drop what another result does not have."""
        names = [one["name"] for one in self.results]
        if self.result not in names:
            self.result = names[0]
        layers = [one["name"] for one in self._layers()]
        if self.workload not in layers:
            heavy = [one["name"] for one in self._layers() if one["mflop"] > 100]
            self.workload = (heavy or layers)[0]

    def figure(self) -> Any:
        """Return a matplotlib Figure of the present view."""
        from conv_lib.figures.bench import bench_figure, growth_figure, rate_figure

        records = self.shown["workloads"]
        if self.view == "growth":
            return growth_figure(self.shown["growth"])
        if self.view == "rate":
            records = [record for record in records if record["mflop"] > 100] or records
            per_byte = [_work(record, self.shown["dtype"]).operations_per_byte for record in records]
            return rate_figure(records, per_byte, chosen=self.workload)
        return bench_figure(records, self.quantity, chosen=self.workload)

    def describe(self) -> str:
        """Return where and when it was measured, and the layer that is read out, in sentences."""
        machine, record = self.shown["machine"], self.record
        times = record["milliseconds"]
        words = {"numpy": "conv_lib on NumPy", record["faster_tf"]: "TensorFlow on the CPU"}
        words |= {"floor": "one matrix product", "tf_gpu": "TensorFlow on the GPU", "torch": "PyTorch"}
        each = [f"{label} {times[name]:.3g} ms" for name, label in words.items() if name in times]
        missing = [
            f"{name} was not measured: {about['missing']}"
            for name, about in self.shown["backends"].items()
            if "missing" in about
        ]
        left = f" {'; '.join(missing)}." if missing else ""
        return (
            f"Measured on {machine['date']} on {machine['cpu']}, {machine['cores']} cores, {self.shown['dtype']}. "
            f"{record['name']}, {record['mflop']:.4g} million operations: {', '.join(each)}.{left}"
        )


def _work(record: dict[str, Any], dtype: str) -> Any:
    return stored.workload_of({**record, "dtype": dtype})


def _known(setting: str, value: str, names: list[str]) -> str:
    if value and value not in names:
        nearest = get_close_matches(value, names, 1, 0)[0]
        raise TraitError(f"{setting} is one of the stored names. Received: {value[:60]!r}. Nearest: {nearest!r}.")
    return value
