"""Every row of conv_lib.frameworks against the framework itself, and every conversion by its code.

NumPy stands between: a framework's layer must equal `run_layer` of it, and the code that `convert`
writes must equal `run_layer` of the layer it came from. So frameworks that live in different
environments are compared too. What is not installed is skipped by name; `make test-frameworks`
installs PyTorch, JAX, ONNX and ONNX Runtime.

Each test prints a line of JSON (`pytest -s`) and appends it to the file named by CONV_LIB_REPORT.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from calls import missing, run_code, run_native, run_reference  # noqa: E402
from cases import cases, data  # noqa: E402

from conv_lib.frameworks import FRAMEWORKS, call_line, convert, run_layer, typed_in  # noqa: E402

OPERATIONS = ["conv", "transposed"]
# Largest absolute difference between float32 sums of up to 100 products of two unit normals.
TOLERANCE = 2e-5


def installed(name):
    absent = missing(name)
    if absent:
        pytest.skip(f"{name} is left out: no {' and no '.join(absent)}; make test-frameworks")


def difference(found, expected):
    assert found.shape == expected.shape
    return float(np.abs(found - expected).max())


def report(**facts):
    line = json.dumps(facts)
    print(line)
    if os.environ.get("CONV_LIB_REPORT"):
        with open(os.environ["CONV_LIB_REPORT"], "a") as file:
            file.write(line + "\n")


def channels(array, *, last, wanted_last):
    if last == wanted_last:
        return array
    return np.ascontiguousarray(
        np.moveaxis(array, 1, -1) if wanted_last else np.moveaxis(array, -1, 1)
    )


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_layer_means_what_its_row_says(name, operation):
    installed(name)
    layers, refused = cases(name, operation)
    compared, worst, left_out = 0, 0.0, Counter()
    for layer in layers:
        x = data(layer)
        reason = not_on_this_cpu(layer)
        if reason:
            left_out[reason] += 1
            continue
        found = difference(run_native(name, layer, x), run_layer(layer, x.astype("float64")))
        assert found <= TOLERANCE, (layer.arguments, layer.kernel.shape)
        compared, worst = compared + 1, max(worst, found)
    report(test="semantics", framework=name, operation=operation, compared=compared,
           worst=worst, left_out=left_out, refused=refused)  # fmt: skip
    assert compared >= 40


def not_on_this_cpu(layer):
    """Name the layers that a framework defines but does not run on the CPU."""
    how, rank = layer.arguments, len(layer.size)
    if layer.framework in ("tf", "keras") and rank == 3:
        dilated = np.max(how.get("dilations", how.get("dilation_rate"))) > 1
        if dilated or how.get("groups", 1) > 1:
            return "TensorFlow: dilation or groups in three dimensions"
    if layer.framework == "tf" and rank == 1 and layer.operation == "conv":
        if np.max(how["dilations"]) > 1 and np.max(how["strides"]) > 1:
            return "tf.nn: stride with dilation in one dimension"
    if layer.framework == "onnx" and np.max(how["dilations"]) > 1:
        if layer.operation == "conv" and how["auto_pad"].startswith("SAME"):
            return "ONNX Runtime: dilation with auto_pad"
        if layer.operation == "transposed" and how["output_padding"] >= np.min(how["strides"]):
            return "ONNX Runtime: output_padding below the dilation, not below the stride"
    if layer.framework == "tf" and layer.operation == "transposed":
        if np.max(layer.arguments["dilations"]) > 1:
            if not isinstance(layer.arguments["padding"], str):
                return "tf.nn: a dilated transpose with padding in pixels"
            if rank == 1:
                return "tf.nn: a dilated transpose in one dimension"
    return None


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("source", FRAMEWORKS)
@pytest.mark.parametrize("target", FRAMEWORKS)
def test_a_conversion_keeps_the_values(source, target, operation):
    installed(target)
    layers, _ = cases(source, operation)
    compared, worst, native, any_size = 0, 0.0, 0, 0
    here, there = FRAMEWORKS[source].channels_last, FRAMEWORKS[target].channels_last
    for layer in layers:
        x = data(layer)
        expected = run_layer(layer, x.astype("float64"))
        result = convert(layer, target)
        y = run_code(target, result.code, channels(x, last=here, wanted_last=there),
                     result.layer.kernel)  # fmt: skip
        found = difference(channels(y, last=there, wanted_last=here), expected)
        assert found <= TOLERANCE, (layer.arguments, layer.kernel.shape, result.code)
        compared, worst = compared + 1, max(worst, found)
        native, any_size = native + result.native, any_size + result.any_size
    report(test="conversion", source=source, target=target, operation=operation,
           compared=compared, worst=worst, native=native, any_size=any_size)  # fmt: skip
    assert compared >= 40


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("source", FRAMEWORKS)
@pytest.mark.parametrize("target", FRAMEWORKS)
def test_a_port_typed_in_by_hand_is_what_the_framework_makes_of_it(source, target, operation):
    installed(target)
    layers, _ = cases(source, operation)
    compared, refused, left_out = 0, 0, Counter()
    here, there = FRAMEWORKS[source].channels_last, FRAMEWORKS[target].channels_last
    for layer in layers[::3]:
        try:
            typed = typed_in(layer, target)
        except (TypeError, ValueError):
            refused += 1
            continue
        reason = not_on_this_cpu(typed)
        if reason:
            left_out[reason] += 1
            continue
        x = channels(data(layer), last=here, wanted_last=there)
        y = run_code(target, call_line(typed), x, typed.kernel)
        assert difference(y, run_layer(typed, x.astype("float64"))) <= TOLERANCE, call_line(typed)
        compared += 1
    report(test="typed in", source=source, target=target, operation=operation, compared=compared,
           refused=refused, left_out=left_out)  # fmt: skip
    assert compared >= 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_onnx_against_the_reference_evaluator(operation):
    installed("onnx")
    from onnx import helper

    compared, worst, left_out = 0, 0.0, Counter()
    for source in FRAMEWORKS:
        layers, _ = cases(source, operation)
        for layer in layers[::4]:
            result = convert(layer, "onnx")
            if operation == "transposed" and result.layer.arguments["group"] > 1:
                # onnx.reference slices the kernel of a grouped ConvTranspose by output channels.
                left_out["grouped ConvTranspose in onnx.reference"] += 1
                continue
            if any(
                amount < 0 for pair in (*result.input_pad, *result.output_pad) for amount in pair
            ):
                left_out["Pad with negative pads in onnx.reference"] += 1
                continue
            x = channels(data(layer), last=FRAMEWORKS[source].channels_last, wanted_last=False)
            y = run_reference(eval(result.code, {"helper": helper}), x, result.layer.kernel)
            expected = run_layer(layer, data(layer).astype("float64"))
            expected = channels(expected, last=FRAMEWORKS[source].channels_last, wanted_last=False)
            compared, worst = compared + 1, max(worst, difference(y, expected))
    report(test="onnx.reference", operation=operation, compared=compared, worst=worst,
           left_out=left_out)  # fmt: skip
    assert compared >= 80 and worst <= TOLERANCE
