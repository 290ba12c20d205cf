"""One axis: audio and other sequences."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, read, row, ruler
from conv_lib.ops import conv1d_transpose

topic = Topic("sequences", "Sequences and audio")


@topic(
    "causal-transpose",
    "Can a transposed convolution be causal?",
    words="causal transposed convolution, soundstream, audio decoder causal, no lookahead, streaming, trim the end, "
    "causal convtranspose1d",
    asked="q145",
    links=[
        explorer(mode="transpose", input=[[1, 2, 4, 8]], kernel=[[1, 1, 1, 1]], stride=2, padding=[[0, 0], [0, 2]]),
        read("zero-insertion", "Padding crops"),
    ],
)
def _() -> str:
    full = conv1d_transpose(np.array([[1.0], [2], [4], [8]]), np.ones((4, 1, 1)), stride=2)[:, 0]
    keep = 4 * 2
    return (
        "Yes: a stamp never reaches back, so output t depends on inputs up to t / stride only. Drop the last "
        f"kernel − stride samples, all of them at the end. Four ones at stride 2 on [1, 2, 4, 8] give {row(full)}; "
        f"keep the first {keep}, {row(full[:keep])}. "
        "Padding the input on the left, as a causal convolution does, is wrong here."
    )


@topic(
    "odd-strides",
    "An audio decoder is one sample short for odd strides",
    words="dac decoder length off by one, odd stride, kernel 2*stride padding ceil stride/2, 49 instead of 50, "
    "encodec, vocoder upsample length, descript audio codec",
    asked="q146",
    links=[ruler(mode="transpose", size=10, kernel=10, stride=5, padding=3, torch=[3, 1])],
)
def _() -> str:
    size = shapes.torch_transposed_size
    odd, fixed = (size(10, 10, stride=5, padding=3, output_padding=o) for o in (0, 1))
    even = size(10, 8, stride=4, padding=2)
    return (
        "Kernel 2s with padding s / 2 rounded up crops s samples for an even s, but s + 1 for an odd one. Stride "
        f"4: 10 becomes {even}, as it should; stride 5: (10 − 1) · 5 + 10 − 2 · 3 = {odd}. "
        f"`output_padding=1` brings back the last: {fixed}."
    )
