"""The matrix view: a convolution and the matrix that does the same, and its transpose."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import numpy as np
from traitlets import Bool, Enum, TraitError, observe, validate

from conv_lib import shapes
from conv_lib.figures.presets import PRESETS
from conv_lib.ops import conv2d, conv2d_transpose, conv_matrix
from conv_lib.widgets.base import STATIC, BookWidget
from conv_lib.widgets.traits import EvenPadding, Matrix, whole

LIMITS = json.loads((STATIC.parent / "matrix_limits.json").read_text("utf-8"))
_START = PRESETS["matrix"]
_SHAPING = {"x", "kernel", "stride", "padding", "dilation"}  # what the shape of A x depends on


class MatrixView(BookWidget):
    """See a convolution as a matrix A, turn it into A.T, and test what the two have to do with each other.

    >>> w = MatrixView(x=[[1, 2, 3]], kernel=[[1, 10]])
    >>> w.matrix
    array([[ 1., 10.,  0.],
           [ 0.,  1., 10.]])
    >>> w.matrix @ np.ravel(w.x)
    array([21., 32.])
    >>> w.output
    array([[21., 32.]])
    >>> w.transposed, w.y = True, [[1, 1]]
    >>> w.output
    array([[ 1., 11., 10.]])

    Parameters
    ----------
    preset : str, optional
        A name in `conv_lib.figures.PRESETS`; other arguments change it.
    x : array_like, shape (height, width)
        The image that A works on.
    y : array_like, shape that of A x, or None
        What A.T works on. None fills it with small numbers; when another setting changes the shape
        of A x, y is cut or extended.
    kernel : array_like, shape (kernel height, kernel width)
    stride, dilation : int
    padding : "valid", "same" or int
        Pixels on every side.
    transposed : bool
        Whether the transposed layer is shown.
    tab : "none", "adjoint" or "back"
        The test that is open below: <A x, y> = <x, A.T y>, or x beside A.T A x.
    name : str
        Name in links to this widget; unique on a page.
    folded, playing : bool
        Whether the controls start folded away, and whether it starts by playing its sweep.

    Raises
    ------
    traitlets.TraitError
        For settings that are not legal, or a matrix too large to draw. The last legal settings stay.
    """

    _esm = STATIC / "matrix.js"

    state_traits: ClassVar[tuple[str, ...]] = (
        "x",
        "y",
        "kernel",
        "stride",
        "padding",
        "dilation",
        "transposed",
        "tab",
    )

    x = Matrix(name="x", most=LIMITS["height"][1], default_value=_START["x"]).tag(sync=True)
    y = Matrix(name="y", most=LIMITS["cells"], default_value=None, allow_none=True).tag(sync=True)
    kernel = Matrix(name="kernel", most=LIMITS["kernelSize"][1], default_value=_START["kernel"]).tag(sync=True)
    stride = whole(LIMITS, "stride")
    padding = EvenPadding(most=LIMITS["pad"][1], default_value="valid").tag(sync=True)
    dilation = whole(LIMITS, "dilation")
    transposed = Bool(False, help="Whether the transposed layer is shown.").tag(sync=True)
    tab = Enum(["none", "adjoint", "back"], "none").tag(sync=True)

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        if preset is not None and _SHAPING & settings.keys():
            settings.setdefault("y", None)  # the preset's y may not fit
        super().__init__(preset, **settings)
        self._fit_y()

    @property
    def matrix(self) -> np.ndarray:
        """A, shape (output cells, input cells), also when the transposed layer is shown."""
        kernel = np.asarray(self.kernel, float)[..., None, None]
        return conv_matrix((*np.shape(self.x), 1), kernel, **self._settings())

    @property
    def output(self) -> np.ndarray:
        """What the layer that is shown returns: A x, or A.T y for the transposed one; computed by conv_lib."""
        kernel = np.asarray(self.kernel, float)[..., None, None]
        if not self.transposed:
            return conv2d(np.asarray(self.x, float)[..., None], kernel, **self._settings())[..., 0]
        y = np.asarray(self.y, float)[..., None]
        return conv2d_transpose(y, kernel, output_shape=np.shape(self.x), **self._settings())[..., 0]

    def _settings(self) -> dict[str, Any]:
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    def _output_size(self, **proposed: Any) -> tuple[int, int]:
        """The shape of A x; ValueError when the kernel does not fit."""
        now = {name: proposed.get(name, getattr(self, name)) for name in self.state_traits}
        options = {"stride": now["stride"], "dilation": now["dilation"]}
        padding = now["padding"] if isinstance(now["padding"], str) else (now["padding"],) * 2
        height, width = (
            shapes.conv_size(n, k, padding=padding, **options)
            for n, k in zip(np.shape(now["x"]), np.shape(now["kernel"]), strict=True)
        )
        return height, width

    @validate(*_SHAPING)
    def _legal(self, proposal: Any) -> Any:
        try:
            height, width = self._output_size(**{proposal["trait"].name: proposal["value"]})
        except ValueError as error:
            raise TraitError(str(error)) from None
        if height * width > LIMITS["cells"]:
            raise TraitError(
                f"The matrix view draws at most {LIMITS['cells']} rows and columns. "
                f"Received: settings for which A x has {height} x {width} cells"
            )
        return proposal["value"]

    @validate("y")
    def _y_fits(self, proposal: Any) -> Any:
        try:
            size = self._output_size()
        except ValueError as error:
            # traitlets checks settings given together in no fixed order.
            raise TraitError(str(error)) from None
        if proposal["value"] is None:
            return None
        if np.shape(proposal["value"]) != size:
            raise TraitError(f"y has the shape of A x, {size}. Received: shape {np.shape(proposal['value'])}")
        return proposal["value"]

    @observe("y", *_SHAPING)
    def _fit_y(self, _change: Any = None) -> None:
        height, width = self._output_size()
        old = self.y or [[]]
        if np.shape(old) == (height, width):
            return
        # The values of new cells; js/matrix/settings.ts has the same.
        fresh = [1, 0, 2, -1, 1]
        self.y = [
            [
                old[r][c] if r < len(old) and c < len(old[0]) else fresh[(2 * r + c) % 5]
                for c in range(width)
            ]
            for r in range(height)
        ]

    def figure(self) -> Any:
        """Return a matplotlib Figure of the matrix."""
        from conv_lib.figures import matrix_figure

        return matrix_figure(self.x, self.kernel, y=self.y, transposed=self.transposed, **self._settings())

    def describe(self) -> str:
        """Return the matrix in a sentence."""
        matrix = self.matrix
        rows, columns = matrix.T.shape if self.transposed else matrix.shape
        layer = "Transposed convolution as the matrix A.T" if self.transposed else "Convolution as a matrix A"
        values = " ".join(np.array2string(np.round(self.output, 3), separator=", ", threshold=1000).split())
        return (
            f"{layer}: image {_by(self.x)}, kernel {_by(self.kernel)}, stride {self.stride}, "
            f"padding {self.padding}, dilation {self.dilation}. The matrix is {rows} × {columns}, "
            f"has rank {np.linalg.matrix_rank(matrix)}, and returns {values}."
        )


def _by(matrix: Any) -> str:
    height, width = np.shape(matrix)
    return f"{height} × {width}"
