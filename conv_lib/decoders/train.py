"""Training, from seeds: several decoders on the same batches, and a GAN. Runs on two cores in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from conv_lib._checks import integer
from conv_lib.decoders.forward import Op, describe_ops
from conv_lib.decoders.measure import checkerboard
from conv_lib.decoders.models import KINDS, decoder, discriminator, encoder, generator
from conv_lib.decoders.progress import bar


@dataclass
class Film:
    """Decoders of several kinds and seeds, from before training to after.

    steps : batches seen at each checkpoint
    weights, loss, checkerboard : by (kind, seed), one entry for each checkpoint
    images : by (kind, seed), pictures at the last checkpoint for the codes that were watched
    """

    kinds: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: tuple[int, ...]
    ops: dict[str, list[Op]] = field(default_factory=dict)
    weights: dict[tuple[str, int], list[list[np.ndarray]]] = field(default_factory=dict)
    loss: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    checkerboard: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    images: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)

    def over_seeds(self, kind: str) -> np.ndarray:
        """Return the checkerboard of a kind, shape (seeds, checkpoints)."""
        return np.array([self.checkerboard[kind, seed] for seed in self.seeds])


def learn_plane(images: np.ndarray, *, kind: str = "k4", epochs: int = 30, seed: int = 1) -> Any:
    """Train an autoencoder whose code is two numbers, and return its encoder: where each picture lies in a plane."""
    import keras

    keras.utils.set_random_seed(seed)
    found = encoder(images.shape[1:])
    autoencoder = keras.Sequential([found, decoder(kind)])
    autoencoder.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy", steps_per_execution=11)
    progress = bar(epochs, f"latent plane, {epochs} epochs")
    tick = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: next(progress, None))
    autoencoder.fit(images, images, batch_size=128, epochs=epochs, verbose=0, callbacks=[tick])
    next(progress, None)
    return found


def train_twins(
    codes: np.ndarray,
    images: np.ndarray,
    *,
    watch: tuple[np.ndarray, np.ndarray] | None = None,
    kinds: Sequence[str] = tuple(KINDS),
    seeds: Sequence[int] = (0,),
    steps: Sequence[int] = (0, 4, 8, 16, 32, 64, 128, 256),
    batch: int = 128,
    rate: float = 1e-2,
) -> Film:
    """Train a decoder of each kind and seed to draw `images` from `codes`; only the upsampler differs.

    All see the same batches in the same order. Decoders of one seed start from the same Dense weights.

    Parameters
    ----------
    codes : ndarray, shape (count, latent)
    images : ndarray, shape (count, 24, 16, 1)
    watch : (codes, images), optional
        What loss and checkerboard are measured on at each checkpoint; by default the training data.
    kinds : sequence of str
        Of `KINDS`.
    seeds : sequence of int
    steps : sequence of int
        Batches seen at each checkpoint, increasing; 0 is before training.
    batch : int
    rate : float
        Learning rate of Adam.
    """
    import keras
    import tensorflow as tf

    steps = tuple(integer("a step", step, least=0) for step in steps)
    film = Film(tuple(kinds), tuple(seeds), steps)
    watched, wanted = watch or (codes, images)
    pairs = []
    for seed in seeds:
        for kind in kinds:
            keras.utils.set_random_seed(seed)
            model = decoder(kind, latent=codes.shape[1])
            optimizer = keras.optimizers.Adam(rate)
            optimizer.build(model.trainable_variables)
            pairs.append((kind, seed, model, optimizer))
            film.ops[kind] = describe_ops(model)
            for kept in (film.weights, film.loss, film.checkerboard):
                kept[kind, seed] = []

    z, y = tf.constant(codes, tf.float32), tf.constant(images, tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((None, batch), tf.int32)])
    def learn(order: Any) -> None:
        for chosen in order:
            zs, ys = tf.gather(z, chosen), tf.gather(y, chosen)
            for _, _, model, optimizer in pairs:
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(keras.losses.binary_crossentropy(ys, model(zs, training=True)))
                variables = model.trainable_variables
                optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))

    def remember() -> None:
        for kind, seed, model, _ in pairs:
            drawn = model(watched).numpy()
            film.weights[kind, seed].append([np.array(w) for w in model.get_weights()])
            film.loss[kind, seed].append(float(np.mean((drawn - wanted) ** 2)))
            film.checkerboard[kind, seed].append(checkerboard(drawn))
            film.images[kind, seed] = drawn

    draw = np.random.default_rng(0)
    whole = len(codes) // batch * batch
    passes = [draw.permutation(len(codes))[:whole] for _ in range(steps[-1] * batch // whole + 2)]
    order = np.concatenate(passes).reshape(-1, batch)
    chunk, done = 20, 0
    progress = bar(max(1, -(-steps[-1] // chunk)), f"{len(pairs)} decoders, {steps[-1]} batches")
    for step in steps:
        while done < step:
            upto = min(step, done - done % chunk + chunk)
            learn(tf.constant(order[done:upto], tf.int32))
            if upto % chunk == 0 or upto == steps[-1]:
                next(progress, None)
            done = upto
        remember()
    next(progress, None)
    return film


@dataclass
class GanHistory:
    """What happened in a GAN's training, one entry for each checkpoint.

    fooled : share of generated pictures that the discriminator took for real
    spotted : share of real pictures that it took for real
    samples : pictures for the same noise, from 0 to 1
    """

    epochs: list[int] = field(default_factory=list)
    generator_loss: list[float] = field(default_factory=list)
    discriminator_loss: list[float] = field(default_factory=list)
    fooled: list[float] = field(default_factory=list)
    spotted: list[float] = field(default_factory=list)
    samples: list[np.ndarray] = field(default_factory=list)
    generator: Any = None


def train_gan(
    images: np.ndarray,
    *,
    epochs: int = 40,
    every: int = 5,
    count: int = 200,
    noise: int = 16,
    kind: str = "k4",
    batch: int = 64,
    seed: int = 0,
) -> GanHistory:
    """Train the small DCGAN on pictures from 0 to 1; every few epochs, draw `count` pictures from the same noise."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    maker, judge = generator(noise, kind=kind), discriminator(images.shape[1:])
    make, judge_ = (keras.optimizers.Adam(rate, beta_1=0.5) for rate in (2e-3, 1e-3))
    make.build(maker.trainable_variables)
    judge_.build(judge.trainable_variables)
    score = keras.losses.BinaryCrossentropy(from_logits=True)
    real = tf.constant(images * 2 - 1, tf.float32)
    draw = tf.random.Generator.from_seed(seed)
    fixed = tf.constant(np.random.default_rng(seed).normal(size=(count, noise)), tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((None, batch), tf.int32)])
    def learn(order: Any) -> Any:
        sums = tf.zeros(4)
        for chosen in order:
            truth = tf.gather(real, chosen)
            z = draw.normal((batch, noise))
            with tf.GradientTape() as tape:
                fake = maker(z, training=True)
                on_real, on_fake = judge(truth, training=True), judge(fake, training=True)
                # 0.9 instead of 1: one-sided label smoothing
                d_loss = score(0.9 * tf.ones_like(on_real), on_real) + score(tf.zeros_like(on_fake), on_fake)
            variables = judge.trainable_variables
            judge_.apply_gradients(zip(tape.gradient(d_loss, variables), variables, strict=True))
            z = draw.normal((batch, noise))
            with tf.GradientTape() as tape:
                on_new = judge(maker(z, training=True), training=True)
                g_loss = score(tf.ones_like(on_new), on_new)
            variables = maker.trainable_variables
            make.apply_gradients(zip(tape.gradient(g_loss, variables), variables, strict=True))
            fooled = tf.reduce_mean(tf.cast(on_fake > 0, tf.float32))
            spotted = tf.reduce_mean(tf.cast(on_real > 0, tf.float32))
            sums += tf.stack([g_loss, d_loss, fooled, spotted])
        return sums / tf.cast(tf.shape(order)[0], tf.float32)

    history = GanHistory(generator=maker)
    shuffle = np.random.default_rng(seed)
    progress = bar(epochs, f"GAN, {epochs} epochs")
    rows = []
    for epoch in range(epochs + 1):
        if epoch:
            order = shuffle.permutation(len(images))[: len(images) // batch * batch].reshape(-1, batch)
            rows.append(learn(tf.constant(order, tf.int32)).numpy())
            next(progress, None)
        if epoch % every == 0:
            g, d, fooled, spotted = np.mean(rows[-every:], axis=0) if rows else (np.nan,) * 4
            history.epochs.append(epoch)
            history.generator_loss.append(float(g))
            history.discriminator_loss.append(float(d))
            history.fooled.append(float(fooled))
            history.spotted.append(float(spotted))
            history.samples.append((maker(fixed, training=False).numpy() + 1) / 2)
    next(progress, None)
    return history
