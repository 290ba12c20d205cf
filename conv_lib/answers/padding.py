"""Same, valid, and pixels of padding."""

from __future__ import annotations

from conv_lib import shapes
from conv_lib.answers._entry import Topic, explorer, read, ruler

topic = Topic("padding", "Same, valid and padding")


@topic(
    "valid-or-same",
    "What is the difference between VALID and SAME?",
    words="valid vs same, padding same or valid, zero padding, difference between same and valid",
    links=[ruler(mode="conv", size=6, kernel=3, stride=2, padding="same"), read("sizes", "Same, and its uneven pad")],
)
def _() -> str:
    valid, same = (shapes.conv_size(6, 3, stride=2, padding=p) for p in ("valid", "same"))
    before, after = shapes.same_padding(6, 3, stride=2)
    return (
        "`valid` uses only windows that lie inside the image, so the output shrinks. `same` adds zeros until the "
        "output is input / stride, rounded up; "
        f"only at stride 1 is that the size of the input. 6 pixels, kernel 3, stride 2: `valid` gives {valid}, "
        f"`same` gives {same} with {before} zeros before and {after} after."
    )


@topic(
    "thirteen-six-five",
    "Width 13, filter 6, stride 5: what do SAME and VALID do?",
    words="13 6 5, dropped columns, which pixels are dropped, same valid example, left and right padding",
    asked="q047",
    links=[
        ruler(mode="conv", size=13, kernel=6, stride=5),
        ruler("Open it with same", mode="conv", size=13, kernel=6, stride=5, padding="same"),
    ],
)
def _() -> str:
    valid, same = (shapes.conv_size(13, 6, stride=5, padding=p) for p in ("valid", "same"))
    before, after = shapes.same_padding(13, 6, stride=5)
    last = (valid - 1) * 5 + 6
    return (
        f"`VALID` places {valid} windows, 0 to 5 and 5 to {last - 1}, and never reads the last {13 - last} columns. "
        f"`SAME` places 13 / 5 rounded up = {same}, and needs ({same} − 1) · 5 + 6 − 13 = {before + after} zeros: "
        f"{before} left and {after} right, the odd one at the end."
    )


@topic(
    "strided-same-in-pytorch",
    "Why does PyTorch refuse padding='same' with stride 2?",
    words="padding same not supported for strided convolutions, pytorch same padding stride 2, resnet stem, tf same "
    "in pytorch, "
    "port pretrained weights, shifted by one pixel",
    asked="q049",
    links=[
        ruler(mode="conv", size=224, kernel=7, stride=2, padding="same"),
        read("sizes", "One on each side is another layer"),
        read("frameworks", "`same` with stride 2: the odd pixel"),
    ],
)
def _() -> str:
    before, after = shapes.same_padding(224, 7, stride=2)
    out = shapes.conv_size(224, 7, stride=2, padding="same")
    both = shapes.conv_size(224, 7, stride=2, padding=3)
    return (
        "Because two meanings of the word disagree. TensorFlow pads as little as needed: for 224, kernel 7, stride "
        f"2 that is ({out} − 1) · 2 + 7 − 224 = {before + after}, "
        f"{before} before and {after} after. A fixed 3 on each side, {3 + 3} in all, also gives {both}, but every "
        "window stands one pixel further left, so weights from "
        f"TensorFlow are silently off. Pad by hand: `F.pad(x, ({before}, {after}, {before}, {after}))`."
    )


@topic(
    "no-pad-at-the-top",
    "How can SAME add nothing at the top and left?",
    words="uneven padding, asymmetric same padding, pad only right and bottom, no top left padding, 6x6 3x3 stride "
    "2 same",
    asked="q050",
    links=[
        explorer(
            mode="conv",
            input=[[1, 2, 0, 3, 1, 2]] * 6,
            kernel=[[1, 0, -1], [2, 1, 0], [0, -1, 1]],
            stride=2,
            padding="same",
        ),
        read("sizes", "Same, and its uneven pad"),
    ],
)
def _() -> str:
    out = shapes.conv_size(6, 3, stride=2, padding="same")
    before, after = shapes.same_padding(6, 3, stride=2)
    return (
        f"6 / 2 = {out} windows of 3 need ({out} − 1) · 2 + 3 = {(out - 1) * 2 + 3} pixels, {before + after} more "
        f"than there are. Half of it, rounded down, goes before: {before}; the rest after: {after}. "
        "Putting 1 on each side instead shifts every window by one pixel."
    )


@topic(
    "padding-in-transposed",
    "What does padding mean in a transposed convolution?",
    words="padding transposed layer, padding crops, padding p in convtranspose2d, why crop, what is padding in "
    "deconvolution",
    links=[
        explorer(
            mode="transpose",
            input=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
            kernel=[[1, 2], [3, 4]],
            stride=2,
            padding=[[1, 1], [1, 1]],
        ),
        read("zero-insertion", "Padding crops"),
    ],
)
def _() -> str:
    full = shapes.full_size(3, 2, stride=2)
    got = shapes.torch_transposed_size(3, 2, stride=2, padding=1)
    return (
        "It is the padding of the convolution that is transposed. There it adds pixels to the large side; here the "
        "large side is the output, so the same pixels are cut off. "
        f"Input 3, kernel 2, stride 2: the stamps make {full} pixels; padding 1 crops one at each end and leaves "
        f"{got}."
    )
