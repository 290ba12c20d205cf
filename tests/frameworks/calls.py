"""The frameworks themselves: run a layer by its own arguments, or a line of code. NumPy in and out.

Each is imported when it is first used; `missing` says which are not installed.
"""

import importlib
import os

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

# name in conv_lib.frameworks -> modules that running it needs
MODULES = {
    "tf": ["tensorflow"],
    "keras": ["tensorflow", "keras"],
    "torch": ["torch"],
    "jax": ["jax"],
    "jax-default": ["jax"],
    "onnx": ["onnx", "onnxruntime"],
}


def missing(name):
    """Return the modules that are not installed, without importing the others."""
    return [module for module in MODULES[name] if importlib.util.find_spec(module) is None]


def run_code(name, code, x, kernel):
    """Run a line of code as `convert` writes it."""
    scope = {"x": x, "kernel": kernel}
    if name == "onnx":
        return run_nodes(eval(code, {"helper": _module("onnx.helper")}), x, kernel)
    if name == "torch":
        torch = _module("torch")
        scope = {"x": torch.from_numpy(x), "kernel": torch.from_numpy(kernel)}
        scope["F"] = _module("torch.nn.functional")
    elif name in ("tf", "keras"):
        scope |= {"tf": _module("tensorflow"), "keras": _module("keras")}
    else:
        scope["lax"] = _module("jax.lax")
    return np.asarray(eval(code, scope))


def run_native(name, layer, x):
    """Run a layer with its own arguments, names and all."""
    given = dict(layer.arguments)
    transposed, rank = layer.operation == "transposed", len(layer.size)
    if name == "torch":
        torch, functional = _module("torch"), _module("torch.nn.functional")
        call = getattr(functional, f"conv{'_transpose' if transposed else ''}{rank}d")
        return call(torch.from_numpy(x), torch.from_numpy(layer.kernel), **given).numpy()
    if name == "tf":
        tf, groups = _module("tensorflow"), given.pop("groups")
        assert groups == 1 or not transposed
        if rank == 3:
            for key in ("strides", "dilations"):
                given[key] = (1, *spread(key, given[key], rank), 1)
            if max(given["dilations"]) == 1:
                del given["dilations"]
        if not transposed:
            if rank == 1:
                given["stride"] = given.pop("strides")
            return getattr(tf.nn, f"conv{rank}d")(x, layer.kernel, **given).numpy()
        # Channels as the kernel says: (..., out, in).
        shape = (x.shape[0], *given.pop("output_shape"), layer.kernel.shape[-2])
        call = getattr(tf.nn, f"conv{rank}d_transpose")
        return call(x, layer.kernel, output_shape=shape, **given).numpy()
    if name == "keras":
        layers = _module("keras").layers
        call = getattr(layers, f"Conv{rank}D{'Transpose' if transposed else ''}")
        filters = layer.kernel.shape[-2 if transposed else -1]
        keras_layer = call(filters, layer.kernel.shape[:rank], use_bias=False, **given)
        keras_layer.build(x.shape)
        keras_layer.set_weights([layer.kernel])
        return keras_layer(x).numpy()
    if name == "onnx":
        node = _module("onnx.helper").make_node(
            "ConvTranspose" if transposed else "Conv",
            ["x", "kernel"],
            ["y"],
            **{key: spread(key, value, rank) for key, value in given.items() if value is not None},
        )
        return run_nodes([node], x, layer.kernel)
    lax, letters = _module("jax.lax"), "DHW"[-rank:]
    given["dimension_numbers"] = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    for key in ("strides", "window_strides", "rhs_dilation"):
        if key in given:
            given[key] = spread(key, given[key], rank)
    call = lax.conv_transpose if transposed else lax.conv_general_dilated
    return np.asarray(call(x, layer.kernel, **given))


def spread(key, value, rank):
    """Return an int for every axis: ONNX and JAX take lists only."""
    if isinstance(value, str) or key == "group" or not isinstance(value, int):
        return value
    return [value] * (2 * rank if key == "pads" else rank)


def onnx_model(nodes, x, kernel):
    helper, types = _module("onnx.helper"), _module("onnx").TensorProto
    kind = {"float32": types.FLOAT, "float64": types.DOUBLE}[x.dtype.name]
    return helper.make_model(
        helper.make_graph(
            nodes,
            "one layer",
            [
                helper.make_tensor_value_info("x", kind, x.shape),
                helper.make_tensor_value_info("kernel", kind, kernel.shape),
            ],
            [helper.make_tensor_value_info("y", kind, [None] * x.ndim)],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=8,
    )


def run_nodes(nodes, x, kernel):
    """Run nodes from x and kernel to y in ONNX Runtime."""
    runtime = _module("onnxruntime")
    model = onnx_model(nodes, x, kernel).SerializeToString()
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(["y"], {"x": x, "kernel": kernel})[0]


def run_reference(nodes, x, kernel):
    """Run nodes in the evaluator that belongs to the standard."""
    evaluator = _module("onnx.reference").ReferenceEvaluator
    return evaluator(onnx_model(nodes, x, kernel)).run(["y"], {"x": x, "kernel": kernel})[0]


def _module(name):
    return importlib.import_module(name)
