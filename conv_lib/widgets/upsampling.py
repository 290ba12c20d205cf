"""The upsampling bench: one small grid, or a photograph, through eight ways to double it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Enum, TraitError, validate

from conv_lib import shapes
from conv_lib.figures.presets import PRESETS
from conv_lib.ops import (
    conv2d,
    conv2d_transpose,
    depth_to_space,
    resize_conv_projection,
    upsample_bilinear,
    upsample_nearest,
)
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import Matrix, Tensor, whole

LIMITS = json.loads((STATIC.parent / "upsampling_limits.json").read_text("utf-8"))
PHOTO = json.loads((STATIC.parent / "upsampling_photo.json").read_text("utf-8"))
WAYS = {
    "nearest": "nearest",
    "bilinear": "bilinear",
    "corners": "bilinear, aligned corners",
    "zeros": "zero insertion",
    "transposed3": "transposed, k3 s2",
    "transposed4": "transposed, k4 s2",
    "resize": "resize, then convolution",
    "shuffle": "pixel shuffle",
}
"""What the ways are called, by the names that `first` and `second` take; js/upsampling/words.ts has the same."""

_START = PRESETS["upsample"]
_SIZES = {"transposed3": (3, 3), "transposed4": (4, 4), "resize": (3, 3), "shuffle": (4, 3, 3)}


def small_photograph() -> np.ndarray:
    """Return the photograph that the bench enlarges, shape (40, 32), from 0 to 1."""
    levels = np.frombuffer(bytes.fromhex(PHOTO["levels"]), np.uint8)
    return levels.reshape(PHOTO["height"], PHOTO["width"]) / 255


def _kernel(name: str) -> Matrix:
    return Matrix(name=name, most=_SIZES[name][0], default_value=_START[name]).tag(sync=True)


class UpsamplingBench(BookWidget):
    """Double one grid in eight ways, see what an output pixel is made of, subtract any two, count costs.

    >>> w = UpsamplingBench(input=[[1, 2], [3, 4]])
    >>> w.outputs["nearest"]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.],
           [3., 3., 4., 4.],
           [3., 3., 4., 4.]])
    >>> w.costs["transposed4"].weights
    32768

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    input : array_like, shape (height, width)
    shown : "grid" or "photo"
        What goes through the eight ways: the input, or a photograph of 40 x 32 pixels.
    transposed3, transposed4 : array_like, 3 x 3 and 4 x 4
        The kernels of the transposed convolutions, stride 2, "same".
    resize : array_like, 3 x 3
        The kernel of the convolution behind nearest upsampling.
    shuffle : array_like, shape (4, 3, 3)
        A kernel for each place in a block of 2 x 2, row by row.
    first, second : str
        The ways whose difference is shown: names in `WAYS`.
    in_channels, out_channels : int
        For the costs.
    tab : "difference", "cost" or "project"
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing its sweep.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal. The last legal settings stay.
    """

    _esm = STATIC / "upsampling.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "input",
        "shown",
        "transposed3",
        "transposed4",
        "resize",
        "shuffle",
        "first",
        "second",
        "in_channels",
        "out_channels",
        "tab",
    )

    input = Matrix(name="the input", most=LIMITS["height"][1], default_value=_START["input"]).tag(sync=True)
    shown = Enum(["grid", "photo"], "grid").tag(sync=True)
    transposed3 = _kernel("transposed3")
    transposed4 = _kernel("transposed4")
    resize = _kernel("resize")
    shuffle = Tensor(
        name="the kernels of the pixel shuffle",
        most={"phase": 4, "height": 3, "width": 3},
        default_value=_START["shuffle"],
    ).tag(sync=True)
    first = Enum(list(WAYS), "transposed4").tag(sync=True)
    second = Enum(list(WAYS), "bilinear").tag(sync=True)
    in_channels = whole(LIMITS, "inChannels", 64)
    out_channels = whole(LIMITS, "outChannels", 32)
    tab = Enum(["difference", "cost", "project"], "difference").tag(sync=True)

    @validate(*_SIZES)
    def _of_its_size(self, proposal: Any) -> Any:
        size = _SIZES[proposal["trait"].name]
        if np.shape(proposal["value"]) != size:
            raise TraitError(
                f"{proposal['trait'].name} has the shape {size}. Received: shape {np.shape(proposal['value'])}"
            )
        return proposal["value"]

    @property
    def outputs(self) -> dict[str, np.ndarray]:
        """What each way makes of the grid or of the photograph, by its name in `WAYS`; computed by conv_lib."""
        x = (small_photograph() if self.shown == "photo" else np.asarray(self.input, float))[..., None]
        size = (2 * x.shape[0], 2 * x.shape[1])

        def weights(name: str) -> np.ndarray:
            return np.asarray(getattr(self, name), float)[..., None, None]

        up: dict[str, Any] = {"stride": 2, "padding": "same"}
        four = np.moveaxis(np.asarray(self.shuffle, float), 0, -1)[:, :, None, :]
        results = {
            "nearest": upsample_nearest(x, 2),
            "bilinear": upsample_bilinear(x, 2),
            "corners": upsample_bilinear(x, size=size, align_corners=True),
            "zeros": conv2d_transpose(x, np.ones((1, 1, 1, 1)), **up),
            "transposed3": conv2d_transpose(x, weights("transposed3"), **up),
            "transposed4": conv2d_transpose(x, weights("transposed4"), **up),
            "resize": conv2d(upsample_nearest(x, 2), weights("resize"), padding="same"),
            "shuffle": depth_to_space(conv2d(x, four, padding="same"), 2),
        }
        return {way: y[..., 0] for way, y in results.items()}

    @property
    def costs(self) -> dict[str, shapes.Cost]:
        """Weights and multiplications of each way, with the channels that are set, for what is shown."""
        h, w = small_photograph().shape if self.shown == "photo" else np.shape(self.input)
        small, large = (h, w), (2 * h, 2 * w)
        i, o = self.in_channels, self.out_channels
        none = shapes.Cost(0, 0, 0, 0)
        # Interpolation costs what the depthwise transposed convolution does, but its weights are not learned.
        bilinear = shapes.layer_cost((4, 4), i, i, positions=small, groups=i)._replace(weights=0, bias=0)
        return {
            "nearest": none,
            "bilinear": bilinear,
            "corners": bilinear,
            "zeros": none,
            "transposed3": shapes.layer_cost((3, 3), i, o, positions=small),
            "transposed4": shapes.layer_cost((4, 4), i, o, positions=small),
            "resize": shapes.layer_cost((3, 3), i, o, positions=large),
            "shuffle": shapes.layer_cost((3, 3), i, 4 * o, positions=small),
        }

    @property
    def projection(self) -> tuple[np.ndarray, np.ndarray]:
        """The resize-convolution nearest to `transposed4`: its 3 x 3 kernel, and the 4 x 4 kernel that it makes."""
        weights, kept = resize_conv_projection(np.asarray(self.transposed4, float)[..., None, None], 2)
        return weights[..., 0, 0], kept[..., 0, 0]

    def figure(self) -> Any:
        """Return a matplotlib Figure of the input and the eight outputs."""
        from conv_lib.figures.gallery import gallery_figure
        from conv_lib.figures.row import LabelledGrid, row_figure

        outputs = self.outputs
        if self.shown == "photo":
            return gallery_figure({"input": small_photograph(), **{WAYS[way]: y for way, y in outputs.items()}})
        grids = [LabelledGrid("input", np.asarray(self.input, float), "input")]
        return row_figure(grids + [LabelledGrid(WAYS[way], y, "output") for way, y in outputs.items()])

    def describe(self) -> str:
        """Return what is doubled, and the difference that is shown, in sentences."""
        outputs = self.outputs
        what = "A photograph of 40 × 32 pixels" if self.shown == "photo" else f"The grid {self.input}"
        largest = np.abs(outputs[self.first] - outputs[self.second]).max()
        return (
            f"{what}, doubled in eight ways: {', '.join(WAYS.values())}. "
            f"{WAYS[self.first].capitalize()} and {WAYS[self.second]} differ by at most {largest:.4g}."
        )
