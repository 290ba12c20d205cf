"""Worksheets to print: tasks with empty grids, and the same with their answers, which are computed."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conv_lib import shapes
from conv_lib.ops import conv2d, conv2d_transpose

ROLES = ("input", "kernel", "output")


def _number(value: Any) -> str:
    return f"{float(value):g}".replace("-", "\N{MINUS SIGN}")


def _factor(value: Any) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


@dataclass(frozen=True)
class Grid:
    """A matrix of numbers under a label; with `given` False its cells are empty until the answers are shown."""

    label: str
    role: str
    values: np.ndarray
    given: bool = True

    def to_html(self, answers: bool) -> str:
        """Return the grid as a table."""
        values = np.atleast_2d(self.values)
        shown = self.given or answers
        rows = "".join(
            "<tr>" + "".join(f"<td>{_number(v) if shown else '&nbsp;'}</td>" for v in row) + "</tr>" for row in values
        )
        size = f"{values.shape[0]} × {values.shape[1]}"
        words = f"{self.label}, {size}" if shown else self.label
        return (
            f'<table class="cb-worksheet-grid cb-worksheet-{self.role}"><caption>{html.escape(words)}</caption>'
            f"<tbody>{rows}</tbody></table>"
        )


@dataclass(frozen=True)
class Task:
    """One task: words, grids, and an answer in words."""

    text: str
    grids: Sequence[Grid] = ()
    answer: str = ""

    def to_html(self, answers: bool) -> str:
        """Return the task as a list item."""
        grids = "".join(grid.to_html(answers) for grid in self.grids)
        grids = f'<div class="cb-worksheet-grids">{grids}</div>' if grids else ""
        line = ""
        if self.answer:
            line = f'<p class="cb-worksheet-answer">{html.escape(self.answer) if answers else "&nbsp;"}</p>'
        return f"<li><p>{html.escape(self.text)}</p>{grids}{line}</li>"


@dataclass(frozen=True)
class Worksheet:
    """A page to print; shown with `answers` it is the answer sheet.

    >>> print(convolve().answers())
    Worksheet 1: Convolve by hand (answers)
    """

    number: int
    title: str
    intro: str
    tasks: Sequence[Task]
    shown: bool = False

    def answers(self) -> Worksheet:
        """Return the same sheet with its answers."""
        return Worksheet(self.number, self.title, self.intro, self.tasks, True)

    def __repr__(self) -> str:
        return f"Worksheet {self.number}: {self.title}{' (answers)' if self.shown else ''}"

    def _repr_html_(self) -> str:
        name = '<p class="cb-worksheet-name">Name: <span></span> Date: <span></span></p>' if not self.shown else ""
        tasks = "".join(task.to_html(self.shown) for task in self.tasks)
        kind = " cb-worksheet-answers" if self.shown else ""
        return (
            f'<div class="cb-worksheet{kind}" role="group" aria-label="{html.escape(repr(self))}">'
            f'<p class="cb-worksheet-title"><strong>{html.escape(repr(self))}</strong></p>{name}'
            f"<p>{html.escape(self.intro)}</p><ol>{tasks}</ol></div>"
        )


def _conv(x: np.ndarray, w: np.ndarray, **settings: Any) -> np.ndarray:
    return conv2d(x[None, :, :, None], w[:, :, None, None], **settings)[0, :, :, 0]


def _transposed(x: np.ndarray, w: np.ndarray, **settings: Any) -> np.ndarray:
    return conv2d_transpose(x[None, :, :, None], w[:, :, None, None], **settings)[0, :, :, 0]


def convolve() -> Worksheet:
    """Return the sheet on the convolution of one channel."""
    x = np.array([[1, 2, 0, 3, 1], [3, 1, 0, 2, 1], [1, 0, 2, 1, 2], [0, 3, 1, 0, 2]], float)
    w = np.array([[1, 0, -1], [2, 1, 0]], float)
    y = _conv(x, w)
    turned = _conv(x, w[::-1, ::-1])
    first = " + ".join(
        f"{_factor(w[r, c])} · {_factor(x[r, c])}" for r in range(w.shape[0]) for c in range(w.shape[1]) if w[r, c]
    )
    return Worksheet(
        1,
        "Convolve by hand",
        "Lay the kernel on the input, multiply what meets, add up. Do not turn the kernel.",
        [
            Task(
                "Fill in the output for stride 1, without padding.",
                [Grid("input", "input", x), Grid("kernel", "kernel", w), Grid("output", "output", y, False)],
                f"The first number: {first} = {_number(y[0, 0])}.",
            ),
            Task(
                "Now stride 2. Which numbers of your output stay?",
                [Grid("output, stride 2", "output", _conv(x, w, stride=2), False)],
                "Those in the first and third row and column: no product is new.",
            ),
            Task(
                "Turn the kernel by 180 degrees. What is the first number now?",
                answer=f"{_number(turned[0, 0])}, not {_number(y[0, 0])}: layers do not turn their kernel.",
            ),
        ],
    )


SIZES = (
    ("Conv2D", 13, 6, 5, "valid"),
    ("Conv2D", 13, 6, 5, "same"),
    ("Conv2D", 224, 7, 2, "same"),
    ("Conv2D", 32, 5, 1, "valid"),
    ("Conv2DTranspose", 2, 3, 2, "valid"),
    ("Conv2DTranspose", 7, 4, 2, "same"),
    ("Conv2DTranspose", 5, 3, 1, "same"),
)


def sizes() -> Worksheet:
    """Return the sheet on sizes along one axis."""
    tasks = []
    for layer, size, kernel, stride, padding in SIZES:
        settings = dict(stride=stride, padding=padding)
        if layer == "Conv2D":
            out = shapes.conv_size(size, kernel, **settings)
            if padding == "valid":
                why = f"({size} − {kernel}) // {stride} + 1"
            else:
                why = f"{size} / {stride}, rounded up"
        else:
            out = shapes.keras_transposed_size(size, kernel, **settings)
            why = f"({size} − 1) · {stride} + {kernel}" if padding == "valid" else f"{size} · {stride}"
        text = f"{layer}: input {size}, kernel {kernel}, stride {stride}, {padding}. Output in Keras?"
        tasks.append(Task(text, answer=f"{out} = {why}"))
    legal = shapes.transposed_sizes(2, 3, stride=2)
    tasks.append(
        Task(
            "Input 2, kernel 3, stride 2, valid: which sizes does a convolution turn into 2, so that tf.nn takes them?",
            answer=" and ".join(map(str, legal)),
        )
    )
    return Worksheet(2, "Sizes in the head", "One axis at a time. Write the rule that you use.", tasks)


def transpose() -> Worksheet:
    """Return the sheet on the transposed convolution."""
    x = np.array([[1, 2, 0], [3, 1, 2]], float)
    w = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]], float)
    y = _transposed(x, w, stride=2)
    cropped = _transposed(x, w, stride=2, padding=1)
    return Worksheet(
        3,
        "Transpose by hand",
        "Each input stamps the whole kernel, times its value. Stamps begin a stride apart; where they overlap, add.",
        [
            Task(
                "Fill in the output for stride 2, nothing cropped.",
                [Grid("input", "input", x), Grid("kernel", "kernel", w), Grid("output", "output", y, False)],
                f"A check: all outputs add up to {_number(x.sum())} · {_number(w.sum())} = {_number(y.sum())}.",
            ),
            Task(
                "PyTorch's padding 1 crops one cell on every side. What is left?",
                [Grid("output, padding 1", "output", cropped, False)],
                f"{y.shape[0]} − 2 rows and {y.shape[1]} − 2 columns.",
            ),
            Task(
                "How many stamps reach the cell in row 2, column 2, counted from 0?",
                answer=f"{_number(_transposed(np.ones_like(x), np.ones_like(w), stride=2)[2, 2])}",
            ),
        ],
    )


def all_sheets() -> list[Worksheet]:
    """Return all worksheets, in their order."""
    return [convolve(), sizes(), transpose()]
