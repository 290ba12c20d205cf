"""The chapter's Keras models. They differ in one place: how they double height and width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conv_lib._checks import refusal

if TYPE_CHECKING:
    import keras

KINDS = {
    "k3": "transposed convolution, kernel 3, stride 2",
    "k4": "transposed convolution, kernel 4, stride 2",
    "resize": "nearest upsampling, then convolution with kernel 3",
}
"""The ways to double height and width that the chapter compares, by name."""


def upsampler(
    kind: str, filters: int, activation: str | None = None
) -> list:
    """Return Keras layers that double height and width, by `KINDS`."""
    import keras

    layers = keras.layers
    known = ", ".join(KINDS)
    if kind not in KINDS:
        raise ValueError(
            refusal(f"kind is one of {known}.", f"kind={kind!r}", '"k4"')
        )
    same = {"padding": "same", "activation": activation}
    if kind == "resize":
        return [layers.UpSampling2D(2), layers.Conv2D(filters, 3, **same)]
    kernel = int(kind[1])
    return [layers.Conv2DTranspose(filters, kernel, strides=2, **same)]


def decoder(
    kind: str,
    *,
    latent: int = 2,
    hidden: int = 32,
    start: tuple[int, int] = (3, 2),
    filters: Sequence[int] = (12, 8, 6),
) -> keras.Sequential:
    """Return a decoder from `latent` numbers to one picture, doubling once for each of `filters`."""
    import keras

    layers = keras.layers
    first, *rest = filters
    stack = [
        layers.Dense(hidden, activation="relu"),
        layers.Dense(start[0] * start[1] * first, activation="relu"),
        layers.Reshape((*start, first)),
    ]
    for count in rest:
        stack += upsampler(kind, count, "relu")
    stack += upsampler(kind, 1, "sigmoid")
    return keras.Sequential([keras.Input((latent,)), *stack], name=f"decoder_{kind}")


def encoder(shape: tuple[int, int, int] = (24, 16, 1), *, latent: int = 2) -> keras.Sequential:
    """Return an encoder from a picture to `latent` numbers, of mean 0 and variance 1 over all pictures."""
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(latent),
            layers.BatchNormalization(center=False, scale=False),  # keeps the codes from running away
        ],
        name="encoder",
    )


def generator(noise: int = 16, *, kind: str = "k4") -> keras.Sequential:
    """Return a small DCGAN generator: noise to 24 x 16, from -1 to 1."""
    import keras

    layers = keras.layers
    stack: list = [keras.Input((noise,))]
    stack += [layers.Dense(6 * 4 * 32, use_bias=False)]
    stack += [layers.Reshape((6, 4, 32))]
    stack += [layers.BatchNormalization(), layers.ReLU()]
    stack += upsampler(kind, 16)
    stack += [layers.BatchNormalization(), layers.ReLU()]
    stack += upsampler(kind, 1, "tanh")  # no BatchNormalization here
    return keras.Sequential(stack, name="generator")


def discriminator(
    shape: tuple[int, int, int] = (24, 16, 1),
) -> keras.Sequential:
    """Return a small DCGAN discriminator: a score above 0 says "real"."""
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(1),  # no sigmoid: the loss takes logits
        ],
        name="discriminator",
    )


def segmenter(
    shape: tuple[int, int, int] = (12, 20, 1),
    classes: int = 3,
    *,
    skips: bool = True,
    filters: Sequence[int] = (12, 24, 48),
) -> keras.Model:
    """Return a small U-Net, or without `skips` a small FCN.

    A score for each class at every pixel. Height and width may be any:
    the picture is padded to a multiple of 2 ** (len(filters) - 1), and
    the scores are cropped again.
    """
    import keras

    layers = keras.layers
    multiple = 2 ** (len(filters) - 1)
    extra = [-size % multiple for size in shape[:2]]
    sides = [(e // 2, e - e // 2) for e in extra]

    picture = keras.Input(shape)
    x = layers.ZeroPadding2D(sides)(picture) if any(extra) else picture
    same = {"padding": "same", "activation": "relu"}
    kept = []
    for count in filters[:-1]:
        x = layers.Conv2D(count, 3, **same)(x)
        kept.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(filters[-1], 3, **same)(x)
    upwards = zip(filters[-2::-1], kept[::-1], strict=True)
    for count, skip in upwards:
        x = layers.Conv2DTranspose(count, 4, strides=2, **same)(x)
        if skips:
            x = layers.Concatenate()([skip, x])
        x = layers.Conv2D(count, 3, **same)(x)
    x = layers.Conv2D(classes, 1)(x)
    scores = layers.Cropping2D(sides)(x) if any(extra) else x
    name = "unet" if skips else "fcn"
    return keras.Model(picture, scores, name=name)
