"""What follows from the numbers of a message: legal sizes, missing pixels, shares of channels.

Each function takes the values of a message by name and returns more of them; where it has nothing to say it leaves
them out, and texts that would need them are left out too. js/errors/compute.ts does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd, isqrt, prod
from typing import Any

from conv_lib import shapes

Values = dict[str, Any]
LARGE = 100_000


def _small(v: Values, *names: str, low: int = 1) -> bool:
    return all(isinstance(v.get(name), int) and low <= v[name] <= LARGE for name in names)


def _reach(sizes: range) -> str:
    if not sizes:
        return "nothing"
    first, last = sizes[0], sizes[-1]
    return str(first) if first == last else f"{first} or {last}" if last == first + 1 else f"{first} to {last}"


def _sizes(name: str, v: Values) -> list[int] | None:
    """The sizes of a shape, if all are known."""
    rank = v.get(f"{name}.rank")
    sizes = [v.get(f"{name}.{place}") for place in range(rank or 0)]
    return sizes if sizes and all(isinstance(size, int) and size >= 0 for size in sizes) else None


def _strides(n: int, wanted: int) -> Values:
    """The stride whose SAME size takes n to `wanted`, or the two that miss it."""
    if wanted < n:
        return {}
    stride = -(-wanted // n)
    if -(-wanted // stride) == n:
        return {"fit_stride": stride}
    # One stride less asks for more than n, this one for less.
    below, above = -(-wanted // (stride - 1)), -(-wanted // stride)
    return {
        "stride_below": f"stride {stride - 1} would need {below}",
        "stride_above": f"stride {stride} would need {above}",
    }


def transpose_target(v: Values) -> Values:
    if not _small(v, "actual", "wanted", "filter", "stride", "dilation"):
        return {}
    n, wanted = v["actual"], v["wanted"]
    axis = {"stride": v["stride"], "dilation": v["dilation"]}
    reach = {
        f"{name}_reach": _reach(shapes.transposed_sizes(n, v["filter"], padding=name, **axis))
        for name in ("same", "valid")
    }
    span = shapes.effective_kernel(v["filter"], v["dilation"])
    valid = (wanted - span) // v["stride"] + 1 if wanted >= span else 0
    same = -(-wanted // v["stride"])
    out = {**reach, "padding": "valid" if v.get("computed") == valid != same else "same", **_strides(n, wanted)}
    if v["stride"] == 1 and wanted > 1:
        out |= {"same2_reach": _reach(range(2 * n - 1, 2 * n + 1)), "end2": -(-wanted // 2)}
    sizes = [n]
    while sizes[-1] < wanted:
        sizes.append(2 * sizes[-1])
    if sizes[-1] == wanted and len(sizes) > 2:
        out |= {"steps": len(sizes) - 1, "steps_text": " \u2192 ".join(map(str, sizes))}
    return out


def transpose_guess(v: Values) -> Values:
    if not _small(v, "actual", "computed"):
        return {}
    n = v["actual"]
    return {"same2_reach": _reach(range(2 * n - 1, 2 * n + 1)), **_strides(n, v["computed"])}


def onnx_target(v: Values) -> Values:
    if not _small(v, "actual", "filter", "stride", "dilation"):
        return {}
    axis = {"stride": v["stride"], "dilation": v["dilation"]}
    return {"valid_reach": _reach(shapes.transposed_sizes(v["actual"], v["filter"], **axis))}


def kernel_fits(v: Values) -> Values:
    if not _small(v, "n", "k", "s") or v["k"] <= v["n"]:
        return {}
    return {"missing": v["k"] - v["n"], "same_out": -(-v["n"] // v["s"])}


def keras_window(v: Values) -> Values:
    for place, axis in enumerate("HW"):
        given = {
            "n": v.get(f"x.{axis}"),
            "kernel": v.get(f"w.{axis}"),
            "s": v.get(f"strides.{place}"),
            "d": v.get(f"dilations.{place}"),
        }
        if _small(given, "n", "kernel", "s", "d"):
            span = shapes.effective_kernel(given["kernel"], given["d"])
            if span > given["n"]:
                return {**given, "k": span}
    return {}


def differing_axis(v: Values) -> Values:
    """The first axis on which two shapes differ; height and width before channels and batch."""
    rank = v.get("x.rank")
    if rank is None or rank != v.get("y.rank"):
        return {}
    letters = {4: "NHWC", 3: "HWC"}.get(rank, "") if "x.H" in v or "x.W" in v or "x.C" in v else ""
    places = sorted(range(rank), key=lambda p: (letters[p : p + 1] in ("N", "C"), p))
    for place in places:
        a, b = v.get(f"x.{place}"), v.get(f"y.{place}")
        if isinstance(a, int) and isinstance(b, int) and a != b:
            return {"a": a, "b": b, **({"coarse": 1} if letters[place : place + 1] in ("N", "C") else {})}
    return {}


def two_sizes(v: Values) -> Values:
    if not _small(v, "a", "b") or v["a"] == v["b"]:
        return {}
    smaller, larger = sorted((v["a"], v["b"]))
    difference = larger - smaller
    out: Values = {"smaller": smaller, "larger": larger, "difference": difference}
    out["near" if difference <= 3 else "far"] = 1
    out |= {"before": difference // 2, "after": difference - difference // 2}
    if difference == 1 and smaller > 1 and "coarse" not in v:
        even, odd = (larger, smaller) if larger % 2 == 0 else (smaller, larger)
        out |= {"even": even, "odd": odd, "half": even // 2, "rounding": "up" if even > odd else "down"}
    return out


def halvings(v: Values) -> Values:
    """The smaller size, halved with rounding up and doubled as often, where that gives the larger."""
    if not _small(v, "smaller", "larger"):
        return {}
    down = [v["smaller"]]
    while down[-1] > 1 and len(down) < 8:
        down.append(-(-down[-1] // 2))
        back = [down[-1] << times for times in range(len(down))]
        if back[-1] == v["larger"]:
            exact = next(times for times in range(8) if v["smaller"] >> times & 1)
            often = {0: "never", 1: "once", 2: "twice"}.get(exact, f"{exact} times")
            arrow = " \u2192 "
            return {
                "down_text": arrow.join(map(str, down[1:])),
                "up_text": arrow.join(map(str, back[1:])),
                "exact": often,
            }
    return {}


def last_axis(v: Values) -> Values:
    rank = v.get("x.rank")
    if rank is None or not _small(v, "b"):
        return {}
    axis = v.get("axis", -1)
    place = axis + rank if axis < 0 else axis
    a = v.get(f"x.{place}")
    return {"a": a} if isinstance(a, int) else {}


def flat_or_channels(v: Values) -> Values:
    if v.get("x.rank") == 2:
        return {"flat": 1, **flat_sizes(v), **_roots(v)}
    return {"map": 1}


def matrix_sizes(v: Values) -> Values:
    return {"a": v["x.1"], "b": v["w.0"]} if "x.1" in v and "w.0" in v else {}


def flat_sizes(v: Values) -> Values:
    """Two flattened sizes as square maps with the most channels that they can share."""
    a, b = v.get("a"), v.get("b")
    if not (isinstance(a, int) and isinstance(b, int) and 0 < min(a, b) and a != b):
        return {}
    shared = gcd(a, b)
    if max(a, b) > 10**9 or shared > LARGE:
        return {}
    for channels in range(shared, 0, -1):
        if shared % channels == 0:
            side_a, side_b = isqrt(a // channels), isqrt(b // channels)
            if side_a**2 * channels == a and side_b**2 * channels == b:
                return {"channels": channels, "side_a": side_a, "side_b": side_b}
    return {}


def _roots(v: Values) -> Values:
    if not _small(v, "a", "b"):
        return {}
    roots = {"root_a": isqrt(v["a"]), "root_b": isqrt(v["b"])}
    return roots if roots["root_a"] ** 2 == v["a"] and roots["root_b"] ** 2 == v["b"] else {}


def _gib(size: int) -> Values:
    gib = size / 2**30
    return {"gib": f"{gib:.0f}" if gib >= 10 else f"{gib:.2f}"} if 0 < size <= 2**53 else {}


def volume(v: Values) -> Values:
    sizes = _sizes("x", v)
    if not sizes or not 0 < prod(sizes) <= 2**50:
        return {}
    return {"count": prod(sizes), **_gib(4 * prod(sizes))}


def number_of_bytes(v: Values) -> Values:
    return _gib(v.get("bytes", 0))


def multiple(v: Values) -> Values:
    if not _small(v, "c", "b"):
        return {}
    down = v["c"] - v["c"] % v["b"]
    return {"up": down + v["b"], **({"down": down} if down else {"single": 1})}


def multiple_groups(v: Values) -> Values:
    if not _small(v, "c", "groups"):
        return {}
    divisors = [str(d) for d in range(1, v["c"] + 1) if v["c"] % d == 0]
    return {"divisors": ", ".join(divisors[:10]), **multiple({"c": v["c"], "b": v["groups"]})}


def weight_groups(v: Values) -> Values:
    return {"c": v["w.O"]} if "w.O" in v else {}


def output_padding(v: Values) -> Values:
    return {"most": v["s"] - 1} if _small(v, "s") else {}


def bound(v: Values) -> Values:
    return {"most": v["bound"] - 1} if _small(v, "bound") else {}


def torch_output_padding(v: Values) -> Values:
    if not _small(v, "sh", "sw", "dh", "dw"):
        return {}
    return {"most_h": max(v["sh"], v["dh"]) - 1, "most_w": max(v["sw"], v["dw"]) - 1}


def dilation_zeros(v: Values) -> Values:
    return {"zeros": v["dilations.0"] - 1} if "dilations.0" in v else {}


def counts(v: Values) -> Values:
    out = {f"count_{name}": prod(sizes) for name in "xy" if (sizes := _sizes(name, v))}
    out = {name: count for name, count in out.items() if count <= 2**50}
    x, y = out.get("count_x"), out.get("count_y")
    if x and y and x > y and x % y == 0:
        out["times"] = x // y
    return out


def per_image(v: Values) -> Values:
    batch, size = v.get("y.0"), v.get("size")
    ok = isinstance(batch, int) and isinstance(size, int) and batch > 0 and size % batch == 0
    return {"each": size // batch} if ok else {}


def _swap(v: Values, i: int, j: int) -> Values:
    want, w = _sizes("want", v), _sizes("w", v)
    if not want or not w or len(want) != 4 or want == w:
        return {}
    want[i], want[j] = want[j], want[i]
    return {"swapped": 1} if want == w else {}


def swapped(v: Values) -> Values:
    return _swap(v, 2, 3)


def swapped_first(v: Values) -> Values:
    return _swap(v, 0, 1)


def one_missing(v: Values) -> Values:
    return {"one": 1} if v.get("want", 0) - v.get("found", 0) == 1 else {}


def channels_last(v: Values) -> Values:
    sizes = _sizes("x", v)
    if sizes and len(sizes) == 4 and sizes[3] == v.get("want") and sizes[1] > 4:
        n, h, w, c = sizes
        return {"nhwc": 1, "permuted": f"{n}, {c}, {h}, {w}"}
    return {"nchw": 1}


def kernel_box(v: Values) -> Values:
    if not _small(v, "h", "w", "kh", "kw", low=0):
        return {}
    out: Values = {"pad": -(-max(v["kh"] - v["h"], v["kw"] - v["w"], 0) // 2)}
    raw = (v["h"] - 2, v["w"] - 2)
    if min(raw) >= 0:
        out |= {"raw_h": raw[0], "raw_w": raw[1]}
    return {**out, ("empty" if min(raw) == 0 < max(raw) else "full"): 1}


def nearest_size(v: Values) -> Values:
    want, first, last = (_sizes(name, v) for name in ("want", "first", "last"))
    if not (want and first and last and len(want) == len(first) == len(last)):
        return {}
    near = [str(min(max(w, f), t)) for w, f, t in zip(want, first, last, strict=True)]
    return {"nearest": f"({', '.join(near)})"}


def less_padding(v: Values) -> Values:
    least = min(v.get("oh", 1), v.get("ow", 1))
    return {"less": -(-(1 - least) // 2)} if -LARGE < least < 1 else {}


def half_kernel(v: Values) -> Values:
    if not _small(v, "k"):
        return {}
    return {"half_k": shapes.effective_kernel(v["k"], max(v.get("d", 1), 1)) // 2}


def group_channels(v: Values) -> Values:
    return {"want": v["i"] * v["groups"]} if _small(v, "i", "groups") else {}


def dtype_code(v: Values) -> Values:
    return {"w_code": f"jnp.{v['w']}"} if isinstance(v.get("w"), str) else {}


COMPUTE: dict[str, Callable[[Values], Values]] = {
    function.__name__: function
    for function in (
        transpose_target,
        transpose_guess,
        onnx_target,
        kernel_fits,
        keras_window,
        differing_axis,
        two_sizes,
        halvings,
        last_axis,
        flat_or_channels,
        matrix_sizes,
        flat_sizes,
        volume,
        multiple,
        multiple_groups,
        weight_groups,
        output_padding,
        bound,
        torch_output_padding,
        dilation_zeros,
        counts,
        per_image,
        swapped,
        swapped_first,
        one_missing,
        channels_last,
        kernel_box,
        nearest_size,
        less_padding,
        half_kernel,
        group_channels,
        dtype_code,
    )
} | {"bytes": number_of_bytes}
"""The functions that rows of the table name under `compute`."""
