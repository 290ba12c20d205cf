"""Importing conv_lib is light, and its names are where the documentation says."""

import json
import subprocess
import sys

import conv_lib

HEAVY = ["tensorflow", "keras", "torch", "jax", "scipy", "matplotlib", "ipywidgets", "anywidget"]


def fresh(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_import_loads_numpy_and_nothing_heavier():
    loaded = fresh(
        "import json, sys, conv_lib, conv_lib.shapes, conv_lib.ops, conv_lib.compare;"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    assert "numpy" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_using_it_loads_nothing_heavier_either():
    loaded = fresh(
        "import json, sys, numpy as np, conv_lib as c;"
        "x, k = np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1));"
        "y = c.conv2d(x, k); z = c.conv2d_transpose(y, k); str(c.agreement(x, z));"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    assert [name for name in HEAVY if name in loaded] == []


def test_import_takes_little_longer_than_numpy():
    def seconds(module):
        program = (
            "import time; start = time.perf_counter();"
            f"import {module}; print(time.perf_counter() - start)"
        )
        # The best of three: other programs share this machine.
        return min(fresh(program) for _ in range(3))

    assert seconds("conv_lib") - seconds("numpy") < 0.3


def test_public_names():
    assert conv_lib.__version__ == "0.1.0"
    for name in conv_lib.__all__:
        assert getattr(conv_lib, name) is not None
    from conv_lib import conv2d, shapes  # the spelling that the book uses

    assert conv2d.__module__.startswith("conv_lib.ops")
    assert shapes.__name__ == "conv_lib.shapes"
    for name in shapes.__all__:
        assert callable(getattr(shapes, name))
