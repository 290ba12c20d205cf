"""Calls that TensorFlow refuses, kills the process over, or answers with garbage, by name.

They run in processes of their own. What each comes to is stated for the build on which it was seen
(2.21 on x86 Linux, oneDNN on); on others those tests are skipped. conv_lib refuses each call in
words, or answers it rightly.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from conv_lib import conv2d, conv2d_transpose, shapes


def ones(*shape):
    return np.ones(shape, "float32")


def keras_transpose(x, kernel, **settings):
    import tensorflow as tf

    return tf.keras.layers.Conv2DTranspose(1, kernel, **settings)(x)


# name: (what TensorFlow does, the call, as code that knows tf, ones and keras_transpose).
# "garbage" comes with the shape of an answer that should not exist, or is not the answer.
THEIRS = {
    "kernel larger than the input": (
        "garbage [1, 3, 4, 1]",
        "tf.nn.conv2d(ones(1,3,4,1),ones(4,2,1,1),1,'VALID')",
    ),
    "kernel much larger than the input": (
        "raises",
        "tf.nn.conv2d(ones(1,3,4,1),ones(5,5,1,1),1,'VALID')",
    ),
    "Keras, kernel larger than the input": ("raises", "tf.keras.layers.Conv2D(1,5)(ones(1,3,4,1))"),
    "output_shape above the legal ones": (
        "raises",
        "tf.nn.conv2d_transpose(ones(1,2,2,1),ones(3,3,1,1),(1,7,7,1),2,'VALID')",
    ),
    "output_shape below the legal ones": (
        "raises",
        "tf.nn.conv2d_transpose(ones(1,2,2,1),ones(3,3,1,1),(1,4,5,1),2,'VALID')",
    ),
    "output_shape below the legal ones, size 1": (
        "garbage [1, 2, 2, 1]",
        "tf.nn.conv2d_transpose(ones(1,1,1,1),ones(3,3,1,1),(1,2,2,1),2,'VALID')",
    ),
    "output_shape 0": (
        "garbage [1, 0, 5, 1]",
        "tf.nn.conv2d_transpose(ones(1,2,2,1),ones(3,3,1,1),(1,0,5,1),2,'VALID')",
    ),
    "stride 1.5": ("garbage [1, 4, 6, 1]", "tf.nn.conv2d(ones(1,5,7,1),ones(2,2,1,1),1.5,'VALID')"),
    "stride 0": ("raises", "tf.nn.conv2d(ones(1,5,7,1),ones(2,2,1,1),0,'VALID')"),
    "empty batch": ("garbage [0, 5, 7, 3]", "tf.nn.conv2d(ones(0,5,7,3),ones(2,2,3,4),1,'VALID')"),
    "stride with dilation in Keras": (
        "raises",
        "keras_transpose(ones(1,3,4,1),3,strides=2,dilation_rate=2)",
    ),
    "output_padding not below the stride": (
        "raises",
        "keras_transpose(ones(1,3,4,1),3,strides=2,output_padding=2)",
    ),
    "output_padding 0, same, even kernel": (
        "raises",
        "keras_transpose(ones(1,3,4,1),4,strides=2,padding='same',output_padding=0)",
    ),
    "output_padding 0, same, even kernel, size 1": (
        "garbage [1, 0, 0, 1]",
        "keras_transpose(ones(1,1,1,1),4,strides=2,padding='same',output_padding=0)",
    ),
    "groups in Conv2DTranspose": ("raises", "keras_transpose(ones(1,3,4,2),3,groups=2)"),
    "no batch axis": ("aborts", "tf.nn.conv2d(ones(3,4,1),ones(2,2,1,1),1,'VALID')"),
    "output_shape -1": (
        "aborts",
        "tf.nn.conv2d_transpose(ones(1,2,2,1),ones(3,3,1,1),(1,-1,-1,1),2,'VALID')",
    ),
    "output_shape of three numbers": (
        "aborts",
        "tf.nn.conv2d_transpose(ones(1,2,2,1),ones(3,3,1,1),(1,5,5),2,'VALID')",
    ),
}

CHILD = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
from test_sweep_refusals import keras_transpose, ones
for name, code in json.loads(sys.argv[1]).items():
    try:
        result = {"shape": list(eval(code).shape)}
    except Exception as error:
        result = {"raises": type(error).__name__}
    print("RESULT " + json.dumps([name, result]), flush=True)
"""


def run(calls):
    """Run the calls in one fresh process; return its results and how it ended."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(calls)],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=os.path.dirname(os.path.abspath(__file__)),
    )
    lines = [line[7:] for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return dict(json.loads(line) for line in lines), done.returncode


@pytest.fixture(scope="module")
def survivors():
    """The outcomes of all calls that leave the process alive."""
    calls = {name: code for name, (kind, code) in THEIRS.items() if kind != "aborts"}
    results, status = run(calls)
    assert status == 0
    assert list(results) == list(calls)
    return results


@pytest.fixture(scope="module")
def stated_build():
    """Skip on builds of TensorFlow other than the one that the table describes."""
    import platform

    import tensorflow as tf

    here = f"{tf.__version__.rsplit('.', 1)[0]} {platform.system()} {platform.machine()}"
    if here != "2.21 Linux x86_64" or os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "1":
        pytest.skip("the table states what TensorFlow 2.21 with oneDNN does on x86 Linux")


@pytest.mark.parametrize("name", [name for name, row in THEIRS.items() if row[0] != "aborts"])
def test_tensorflow_raises_or_answers_garbage(stated_build, survivors, name):
    result = survivors[name]
    outcome = "raises" if "raises" in result else f"garbage {result['shape']}"
    assert outcome == THEIRS[name][0]


@pytest.mark.parametrize("name", [name for name, row in THEIRS.items() if row[0] == "aborts"])
def test_tensorflow_kills_the_process(stated_build, name):
    results, status = run({name: THEIRS[name][1]})
    assert results == {}
    assert status < 0  # a signal


# --------------------------------------------------------------------- the same calls, conv_lib

OURS = {
    "kernel larger than the input": (
        lambda: conv2d(ones(1, 3, 4, 1), ones(4, 2, 1, 1)),
        ["Along the height", "4 > 3", "kernel=3, size=4"],
    ),
    "kernel much larger than the input": (
        lambda: conv2d(ones(1, 3, 4, 1), ones(5, 5, 1, 1)),
        ["Along the height", "5 > 3"],
    ),
    "output_shape above the legal ones": (
        lambda: conv2d_transpose(ones(1, 2, 2, 1), ones(3, 3, 1, 1), stride=2, output_shape=(7, 7)),
        ["Along the height", "5 or 6", "output_size=7", "Nearest legal: 6."],
    ),
    "output_shape below the legal ones": (
        lambda: conv2d_transpose(ones(1, 2, 2, 1), ones(3, 3, 1, 1), stride=2, output_shape=(5, 4)),
        ["Along the width", "5 or 6", "output_size=4", "Nearest legal: 5."],
    ),
    "output_shape below the legal ones, size 1": (
        lambda: conv2d_transpose(ones(1, 1, 1, 1), ones(3, 3, 1, 1), stride=2, output_shape=(2, 2)),
        ["3 or 4", "output_size=2", "Nearest legal: 3."],
    ),
    "output_shape 0": (
        lambda: conv2d_transpose(ones(1, 2, 2, 1), ones(3, 3, 1, 1), stride=2, output_shape=(0, 5)),
        ["output_shape along the height must be at least 1"],
    ),
    "stride 1.5": (
        lambda: conv2d(ones(1, 5, 7, 1), ones(2, 2, 1, 1), stride=1.5),
        ["stride must be an integer", "1.5 (float)", "1 or 2"],
    ),
    "stride 0": (
        lambda: conv2d(ones(1, 5, 7, 1), ones(2, 2, 1, 1), stride=0),
        ["stride must be at least 1"],
    ),
    "stride with dilation in Keras": (
        lambda: shapes.keras_transposed_size(3, 3, stride=2, dilation=2),
        ["stride=2, dilation=2"],
    ),
    "output_padding not below the stride": (
        lambda: conv2d_transpose(ones(1, 3, 4, 1), ones(3, 3, 1, 1), stride=2, output_padding=2),
        ["smaller than stride", "Nearest legal: 1."],
    ),
    "output_padding 0, same, even kernel": (
        lambda: conv2d_transpose(
            ones(1, 3, 4, 1), ones(4, 4, 1, 1), stride=2, padding="same", output_padding=0
        ),
        ["5 or 6", "that is size 4", "output_padding=1 or None"],
    ),
    "output_padding 0, same, even kernel, size 1": (
        lambda: conv2d_transpose(
            ones(1, 1, 1, 1), ones(4, 4, 1, 1), stride=2, padding="same", output_padding=0
        ),
        ["1 or 2", "that is size 0", "output_padding=1 or None"],
    ),
    "output_shape -1": (
        lambda: conv2d_transpose(
            ones(1, 2, 2, 1), ones(3, 3, 1, 1), stride=2, output_shape=(-1, -1)
        ),
        ["output_shape along the height must be at least 1", "-1"],
    ),
    "output_shape of three numbers": (
        lambda: conv2d_transpose(
            ones(1, 2, 2, 1), ones(3, 3, 1, 1), stride=2, output_shape=(1, 5, 5)
        ),
        ["output_shape is (height, width)", "(1, 5, 5)"],
    ),
}
OURS["Keras, kernel larger than the input"] = OURS["kernel much larger than the input"]


@pytest.mark.parametrize("name", OURS)
def test_conv_lib_refuses_in_words(name):
    call, pieces = OURS[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    for piece in [*pieces, "Received: ", "Nearest legal: "]:
        assert piece in str(caught.value), str(caught.value)


# Where TensorFlow gives up although there is an answer.
ANSWERED = {
    "empty batch": lambda: (conv2d(ones(0, 5, 7, 3), ones(2, 2, 3, 4)).shape, (0, 4, 6, 4)),
    "groups in Conv2DTranspose": lambda: (
        conv2d_transpose(ones(1, 3, 4, 2), ones(3, 3, 1, 2), groups=2).shape,
        (1, 5, 6, 2),
    ),
    "no batch axis": lambda: (conv2d(ones(3, 4, 1), ones(2, 2, 1, 1)).tolist(), [[[4]] * 3] * 2),
    "stride with dilation in Keras": lambda: (
        conv2d_transpose(ones(1, 1, 2, 1), ones(1, 2, 1, 1), stride=3, dilation=2, output_padding=0)
        .ravel()
        .tolist(),
        [1, 0, 1, 1, 0, 1],
    ),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_conv_lib_answers(name):
    ours, right = ANSWERED[name]()
    assert ours == right


def test_every_name_is_answered_or_refused_by_conv_lib():
    assert set(OURS) | set(ANSWERED) == set(THEIRS)
