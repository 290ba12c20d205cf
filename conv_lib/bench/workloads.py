"""What is timed: the layers of real networks, from a few numbers to some billion operations."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from conv_lib import shapes


@dataclass(frozen=True)
class Workload:
    """One call, "same" padding, square kernel.

    >>> Workload("k3", "conv", (1, 28, 28, 1), 32, 3).mflop
    0.451584
    """

    name: str
    kind: str  # "conv" or "transpose"
    x_shape: tuple[int, int, int, int]
    filters: int
    size: int
    stride: int = 1
    dilation: int = 1
    dtype: str = "float32"

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """Height, width, and the channels in the order that the operation takes them."""
        channels = (self.x_shape[-1], self.filters)
        return (self.size, self.size, *(channels if self.kind == "conv" else channels[::-1]))

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        batch, height, width, _ = self.x_shape
        if self.kind == "transpose":
            return (batch, height * self.stride, width * self.stride, self.filters)
        how = {"stride": self.stride, "padding": "same", "dilation": self.dilation}
        sizes = (shapes.conv_size(side, self.size, **how) for side in (height, width))
        return (batch, *sizes, self.filters)

    @property
    def product(self) -> tuple[int, int, int]:
        """Rows, inner size and columns of one matrix product with the same multiplications."""
        taps = self.size**2
        if self.kind == "conv":
            return math.prod(self.output_shape[:3]), taps * self.x_shape[-1], self.filters
        return math.prod(self.x_shape[:3]), self.x_shape[-1], taps * self.filters

    @property
    def mflop(self) -> float:
        """Million operations: one multiplication and one addition for each pair."""
        return 2 * math.prod(self.product) / 1e6

    @property
    def least_bytes(self) -> tuple[int, int, int]:
        """Bytes of input, kernel and output: what must move at least, if each is moved once."""
        size = 8 if self.dtype == "float64" else 4
        shapes = self.x_shape, self.kernel_shape, self.output_shape
        return tuple(size * math.prod(shape) for shape in shapes)

    @property
    def copied_bytes(self) -> int:
        """Bytes of all windows of a convolution, or of all stamps of a transpose, at once.

        >>> work = Workload("k3", "conv", (8, 56, 56, 64), 64, 3)
        >>> work.copied_bytes / work.least_bytes[0]
        9.0
        """
        rows, inner, columns = self.product
        size = 8 if self.dtype == "float64" else 4
        return size * rows * (inner if self.kind == "conv" else columns)

    @property
    def operations_per_byte(self) -> float:
        """Operations for each byte that must move: few of them, and memory sets the time."""
        return 1e6 * self.mflop / sum(self.least_bytes)

    @property
    def heavy(self) -> bool:
        return self.mflop > 100

    def as_dict(self) -> dict:
        return asdict(self)


WORKLOADS = (
    Workload("conv 5x5x1 k3", "conv", (1, 5, 5, 1), 1, 3),
    Workload("conv 28x28x1->32 k3", "conv", (1, 28, 28, 1), 32, 3),
    Workload("conv 56x56x64->64 k3", "conv", (8, 56, 56, 64), 64, 3),
    Workload("conv 28x28x256->256 k1", "conv", (8, 28, 28, 256), 256, 1),
    Workload("conv 512x512x3->16 k5", "conv", (1, 512, 512, 3), 16, 5),
    Workload("conv 112x112x3->64 k7 s2", "conv", (8, 112, 112, 3), 64, 7, stride=2),
    Workload("conv 14x14x256->256 k3", "conv", (8, 14, 14, 256), 256, 3),
    Workload("conv 32x32x64->64 k3 d2", "conv", (8, 32, 32, 64), 64, 3, dilation=2),
    Workload("conv 256x256x8->8 k15", "conv", (1, 256, 256, 8), 8, 15),
    Workload("transpose 3x3x1 k3 s2", "transpose", (1, 3, 3, 1), 1, 3, stride=2),
    Workload("transpose 7x7x32->16 k3 s2", "transpose", (1, 7, 7, 32), 16, 3, stride=2),
    Workload("transpose 4x4x512->256 k5 s2", "transpose", (16, 4, 4, 512), 256, 5, stride=2),
    Workload("transpose 8x8x256->128 k5 s2", "transpose", (16, 8, 8, 256), 128, 5, stride=2),
    Workload("transpose 16x16x128->64 k5 s2", "transpose", (16, 16, 16, 128), 64, 5, stride=2),
    Workload("transpose 32x32x64->3 k5 s2", "transpose", (16, 32, 32, 64), 3, 5, stride=2),
    Workload("transpose 4x4x512->256 k4 s2", "transpose", (16, 4, 4, 512), 256, 4, stride=2),
    Workload("transpose 8x8x256->128 k4 s2", "transpose", (16, 8, 8, 256), 128, 4, stride=2),
    Workload("transpose 16x16x128->64 k4 s2", "transpose", (16, 16, 16, 128), 64, 4, stride=2),
    Workload("transpose 64x64x21->21 k16 s8", "transpose", (16, 64, 64, 21), 21, 16, stride=8),
)

# How time grows with the work: one layer, more images; one layer, larger images.
GROWTH = (
    *(
        Workload(f"batch {batch}", "conv", (batch, 56, 56, 64), 64, 3)
        for batch in (1, 2, 4, 8, 16, 32, 64)
    ),
    *(
        Workload(f"size {size}", "conv", (1, size, size, 16), 16, 3)
        for size in (32, 64, 128, 256, 512, 1024)
    ),
)
