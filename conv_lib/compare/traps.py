"""Calls that frameworks refuse, answer wrongly or do not survive, run here and now.

Each call runs in a process of its own kind: what kills it kills nothing else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

LONGEST = 110
# Escape codes, names of graph nodes, and what Keras puts in front of the error itself.
NOISE = re.compile(r"\x1b\[[\d;]*m|\{\{function_node .*?\}\}|Exception encountered when calling \S+\(\)\.")

CHILD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras

def ones(*shape, dtype="float32"):
    return np.ones(shape, dtype)

def row(*numbers, dtype="float32"):
    return np.array(numbers, dtype).reshape(1, -1, 1)

for name, code in json.loads(sys.argv[1]):
    try:
        value = np.asarray(eval(code))
        result = ["answers", list(value.shape), value.ravel().tolist() if value.size < 9 else []]
    except Exception as error:
        result = ["raises", type(error).__name__, str(error)]
    print("RESULT " + json.dumps([name, result]), flush=True)
"""


class Outcome(NamedTuple):
    """What became of a call.

    kind : "answers", "raises" or "kills the process"
    shape : of the answer, or ()
    text : the numbers of a small answer, or the first line of the error, shortened
    """

    kind: str
    shape: tuple[int, ...]
    text: str

    def __str__(self) -> str:
        shape = f" shape {self.shape}" if self.kind == "answers" else ""
        return f"{self.kind}{shape}{': ' if self.text else ''}{self.text}"


def run_calls(calls: Mapping[str, str]) -> dict[str, Outcome]:
    """Run expressions with TensorFlow in other processes, and return what became of each.

    They know `np`, `tf`, `keras`, `ones(*shape)` and `row(*numbers)`, an array (1, length, 1). A call that
    kills its process is noted, and the others go on in a new one.

    >>> str(run_calls({"sum": "tf.reduce_sum(row(1, 2, 4))"})["sum"])  # doctest: +SKIP
    'answers shape (): [7.0]'

    Parameters
    ----------
    calls : mapping of str to str
        Names, and Python expressions.
    """
    left, outcomes = list(calls.items()), {}
    while left:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, json.dumps(left)], capture_output=True, text=True, timeout=300
        )
        lines = [line[7:] for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        for name, result in map(json.loads, lines):
            outcomes[name] = _outcome(result)
        left = [(name, code) for name, code in left if name not in outcomes]
        if left:
            if done.returncode >= 0:
                raise RuntimeError(f"the process ended with {done.returncode}: {done.stderr[-2000:]}")
            outcomes[left.pop(0)[0]] = Outcome("kills the process", (), "")
    return {name: outcomes[name] for name in calls}


def _outcome(result: list) -> Outcome:
    if result[0] == "answers":
        return Outcome("answers", tuple(result[1]), str(result[2]) if result[2] else "")
    first = " ".join(NOISE.sub(" ", result[2]).split())
    first = first if len(first) <= LONGEST else first[:LONGEST].rsplit(" ", 1)[0] + " …"
    return Outcome("raises", (), f"{result[1]}: {first}")
