"""Questions and what readers type: (answer, options of Question, typed, verdict, part of what is said)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from conv_lib import conv2d_transpose, shapes
from conv_lib.widgets import Question

RIGHT, WRONG, UNREAD = "right", "wrong", "unread"
LEGAL = shapes.transposed_sizes(4, 5, stride=3)
SIZES: dict[str, Any] = {"wrong": {12: "rule for same", (14,): "only the smallest"}, "hint": "try a convolution"}
ROW = conv2d_transpose(np.array([1.0, 2]).reshape(1, 2, 1), np.array([1.0, 2, 3]).reshape(1, 3, 1, 1), stride=(1, 2))
YES_NO: dict[str, Any] = {"options": ["yes", "no"], "wrong": {"yes": "it is not"}}
CHANGES: dict[str, Any] = {"options": ["stride", "dilation", "bias", "filters"], "wrong": {"bias": "it adds"}}

TYPED: list[tuple[Any, dict[str, Any], str, str, str]] = [
    *[
        (4, {"why": "four meet", "wrong": {9: "all"}}, text, RIGHT, "four meet")
        for text in (
            "4",
            " 4 ",
            "4.",
            "4.0",
            "+4",
            "4 cells",
            "4 Blöcke",
            "= 4",
            "L = 4",
            "2*2",
            "2 × 2",
            "8/2",
            "(1+1)*2",
            "2^2",
            "4 x 4",
            "(3-1)*1 + 2 = 4",
            "4,0",
            "\u20094",
            "≈ 4",
        )
    ],
    *[(4, {"wrong": {9: "all"}}, text, WRONG, "all") for text in ("9", "3*3", "9.0", "9 ")],
    *[(4, {}, text, WRONG, "Look again") for text in ("5", "-4", "−4", "3.99", "4.01", "40", "4e1", "1/4", "44")],
    *[
        (4, {}, text, UNREAD, "A number is needed")
        for text in (
            "",
            "   ",
            "four",
            "?",
            "4..",
            "4 + ",
            "((4)",
            "1/0",
            "x",
            "4 4 5",
            "--",
            "e",
            "9" * 400,
            "<b>4</b>",
        )
    ],
    *[(-2, {}, text, RIGHT, "") for text in ("-2", "−2", "- 2", "1-3")],
    *[(1728, {}, text, RIGHT, "") for text in ("1728", "1,728", "1 728", "1'728", "3*3*3*64", "12^3", "12**3")],
    *[(2.25, {}, text, RIGHT, "") for text in ("2.25", "2,25", "9/4", "2.250")],
    *[(2.25, {}, text, WRONG, "") for text in ("2.2", "2.3", "225")],
    *[(Fraction(1, 3), {}, text, RIGHT, "") for text in ("1/3", "0.33", "0.333", ".3333", "33.33 %", "33.33 percent")],
    *[(Fraction(1, 3), {}, text, WRONG, "") for text in ("0.3", "0.34", "3", "0.332")],
    *[(75, {}, text, RIGHT, "") for text in ("75", "75 %", "75%")],
    *[(Fraction(3, 4), {}, text, RIGHT, "") for text in ("75%", "75 percent", "0.75", "3/4", "0,75")],
    (10, {"tolerance": 0.5}, "10.4", RIGHT, ""),
    (10, {"tolerance": 0.5}, "10.6", WRONG, ""),
    # any order
    *[
        (LEGAL, SIZES, text, RIGHT, "")
        for text in (
            "14, 15, 16",
            "14 15 16",
            "16;15;14",
            "[14, 15, 16]",
            "{14,15,16}",
            "14 and 15 and 16",
            "14, 15 or 16",
            "14-16",
            "14 – 16",
            "14–16",
            "14 to 16",
            "14..16",
            "14 … 16",
            "range(14 to 16)",
            "14, 15 & 16",
            "14,15,16.",
        )
    ],
    (LEGAL, SIZES, "12", WRONG, "rule for same"),
    (LEGAL, SIZES, "12, 13", WRONG, "rule for same"),
    (LEGAL, SIZES, "14", WRONG, "only the smallest"),
    (LEGAL, SIZES, "14, 15", WRONG, "there are more"),
    (LEGAL, SIZES, "14, 15, 16, 17", WRONG, "not all of yours"),
    (LEGAL, SIZES, "20", WRONG, "try a convolution"),
    (LEGAL, SIZES, "none", WRONG, "try a convolution"),
    (LEGAL, SIZES, "fourteen", UNREAD, "Numbers are needed"),
    (LEGAL, SIZES, "16 to 14", UNREAD, "Numbers are needed"),
    (LEGAL, SIZES, "1 to 100000", UNREAD, "Numbers are needed"),
    (set(), {}, "none", RIGHT, ""),
    (set(), {}, "[]", RIGHT, ""),
    (set(), {}, "3", WRONG, ""),
    # in order
    *[
        (ROW.ravel(), {}, text, RIGHT, "")
        for text in (
            "1, 2, 5, 4, 6",
            "1 2 5 4 6",
            "[1. 2. 5. 4. 6.]",
            "array([1., 2., 5., 4., 6.])",
            "1;2;5;4;6",
            "(1,2,5,4,6)",
        )
    ],
    (ROW.ravel(), {}, "6 4 5 2 1", WRONG, "another order"),
    (ROW.ravel(), {}, "1 2 3 2 4 6", WRONG, "5 numbers, yours has 6"),
    (ROW.ravel(), {"wrong": {(1, 4, 7, 6): "stride 1"}}, "1 4 7 6", WRONG, "stride 1"),
    ([1, 1.5], {}, "1; 1,5", RIGHT, ""),
    ([1, -1, 2], {}, "1 -1 2", RIGHT, ""),
    ([1, -1], {}, "1, −1", RIGHT, ""),
    (np.array([[1, 2], [3, 4]]), {}, "[[1, 2], [3, 4]]", RIGHT, ""),
    (np.array([[1, 2], [3, 4]]), {}, "1 2; 3 4", RIGHT, ""),
    (np.array([[1, 2], [3, 4]]), {}, "[[1, 3], [2, 4]]", WRONG, "another order"),
    ([Fraction(1, 2), 1], {}, "1/2, 1", RIGHT, ""),
    # shapes
    *[
        ("6 x 8", {}, text, RIGHT, "")
        for text in (
            "6 x 8",
            "6x8",
            "6×8",
            "6 × 8",
            "(6, 8)",
            "6, 8",
            "6 8",
            "6*8",
            "6 by 8",
            "6X8",
            "(1, 6, 8, 1)",
            "(6, 8, 1)",
            "TensorShape([1, 6, 8, 1])",
        )
    ],
    ("6 x 8", {}, "8 x 6", WRONG, "height comes first"),
    ("6 x 8", {}, "6", WRONG, "2 numbers, yours has 1"),
    ("6 x 8", {}, "(1, 6, 8, 3)", WRONG, "2 numbers, yours has 4"),
    ("6 x 8", {"wrong": {"8 x 12": "doubled"}}, "8×12", WRONG, "doubled"),
    ("6 x 8", {"wrong": {"8 x 12": "doubled"}}, "(1, 8, 12, 1)", WRONG, "doubled"),
    ("6 x 8", {}, "six by eight", UNREAD, "A shape is needed"),
    ((4, 4), {}, "4", RIGHT, ""),
    *[((1, 6, 8, 1), {}, text, RIGHT, "") for text in ("(1, 6, 8, 1)", "1x6x8x1", "1, 6, 8, 1")],
    ((1, 6, 8, 1), {}, "6 x 8", WRONG, "4 numbers, yours has 2"),
    ((1, 6, 8, 1), {}, "(1, 8, 6, 1)", WRONG, "another order"),
]

CHOSEN: list[tuple[Any, dict[str, Any], list[int], str, str]] = [
    ("no", YES_NO, [1], RIGHT, ""),
    ("no", YES_NO, [0], WRONG, "it is not"),
    (1, YES_NO, [1], RIGHT, ""),
    ("no", YES_NO, [], UNREAD, "Choose first"),
    (["stride", "dilation"], CHANGES, [0, 1], RIGHT, ""),
    (["stride", "dilation"], CHANGES, [1, 0], RIGHT, ""),
    (["stride", "dilation"], CHANGES, [0], WRONG, "there are more"),
    (["stride", "dilation"], CHANGES, [0, 1, 2], WRONG, "it adds"),
    (["stride", "dilation"], CHANGES, [3], WRONG, "Look again"),
]


def question_cases() -> list[dict[str, Any]]:
    """The table with each question as its page state: what Node replays."""
    rows = []
    for answer, options, given, verdict, said in [*TYPED, *CHOSEN]:
        question = Question(name="q", ask="?", answer=answer, **options)
        rows.append({"question": question.state(), "given": given, "verdict": verdict, "said": said})
        question.close()
    return rows
