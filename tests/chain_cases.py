"""Random chains with conv_lib's answers, which JavaScript replays; and pasted texts that build real models."""

from __future__ import annotations

import random
from typing import Any

from conv_lib import shapes
from conv_lib.widgets import DecoderRuler


def _layer(draw: random.Random, number: int, framework: str) -> dict[str, Any]:
    kind = draw.choice(["conv", "conv", "pool", "pool", "transposed", "transposed", "upsample", "concat", "pass"])
    torch = framework == "torch"

    def pair(*choices: int) -> list[int]:
        return [draw.choice(choices), draw.choice(choices)]

    if kind == "concat":
        return {"kind": draw.choice(["concat", "add"]), "source": draw.randint(0, number)}
    if kind == "pass":
        return {"kind": "pass", "name": "ReLU"}
    if kind == "upsample":
        return {"kind": kind, "stride": pair(1, 2, 3)}
    layer: dict[str, Any] = {"kind": kind, "kernel": pair(1, 2, 3, 4, 5), "stride": pair(1, 1, 2, 3)}
    layer["padding"] = draw.choice(["valid", "same", pair(0, 1, 2)] if torch else ["valid", "same"])
    if draw.random() < 0.2:
        layer["dilation"] = pair(1, 2)
    if kind == "transposed" and draw.random() < 0.5:
        layer["output_padding"] = pair(0, 1, 2)
    if kind == "pool":
        layer["name"] = "max"
        layer["ceil"] = torch and draw.random() < 0.3
    else:
        layer["filters"] = draw.randint(1, 64)
    return layer


def cases(count: int, seed: int = 5) -> list[dict[str, Any]]:
    """`count` chains; those that break a rule at some layer are among them."""
    draw = random.Random(seed)
    found = []
    while len(found) < count:
        framework = draw.choice(["keras", "torch"])
        layers = [_layer(draw, number, framework) for number in range(draw.randint(1, 9))]
        w = DecoderRuler(
            framework=framework,
            height=draw.randint(1, 60),
            width=draw.randint(1, 60),
            channels=draw.randint(1, 8),
            layers=layers,
        )
        found.append({"settings": w.state(), "query": w.query(), **answers(w)})
        w.close()
    return found


def answers(w: DecoderRuler) -> dict[str, Any]:
    """What conv_lib says of a chain."""
    stop = w.stop
    return {
        "shapes": [None if shape is None else list(shape) for shape in w.shapes],
        "stop": stop.layer if stop else None,
        "misfits": [[layer, list(brings), list(meets)] for layer, brings, meets in w.misfits],
        "axes": [_axis(w, axis) for axis in (0, 1)] if stop is None else None,
        "accepted": [_accepted(w, axis) for axis in (0, 1)],
        "fields": _fields(w),
    }


def _axis(w: DecoderRuler, axis: int) -> dict[str, Any]:
    layers, skips = w.axis_layers(axis)
    if not layers:
        return {"steps": [], "misfits": []}
    skips = [s for s in skips if s[0] < s[1]]
    traced = shapes.trace((w.height, w.width)[axis], layers, skips=skips, framework=w.framework)
    return {
        "steps": [
            {
                "size": step.size,
                "output": step.output,
                "collapses": [step.collapses[0], step.collapses[-1]],
                "lost": step.lost,
                "restore": _set(step.restore),
            }
            for step in traced.steps
        ],
        "misfits": [
            {"skip": m.skip_size, "meets": m.size, "pad": list(m.pad), "fix": _set(m.fix)} for m in traced.misfits
        ],
    }


def _set(layer: shapes.Layer | None) -> dict[str, Any] | None:
    if layer is None:
        return None
    return {"padding": layer.padding, "output_padding": layer.output_padding}


def _accepted(w: DecoderRuler, axis: int) -> dict[str, Any]:
    layers, skips = w.axis_layers(axis)
    skips = [s for s in skips if s[0] < s[1]]
    size = (w.height, w.width)[axis]
    if not layers:
        return {}
    found = {}
    back = [*skips, (0, len(layers))]
    for name, wish, lossless in (("plain", skips, False), ("returns", back, False), ("lossless", skips, True)):
        try:
            words = str(shapes.accepted_sizes(layers, 1, 300, skips=wish, framework=w.framework, lossless=lossless))
            near = shapes.nearest_accepted(size, layers, skips=wish, framework=w.framework, lossless=lossless)
        except ValueError:  # what the framework refuses at any size
            continue
        found[name] = {"words": words, "near": list(near)}
    return found


def _fields(w: DecoderRuler) -> list[Any] | None:
    """The receptive field after the layers, where all of them gather."""
    if w.stop or any(layer["kind"] in ("transposed", "upsample", "concat", "add") for layer in w.layers):
        return None
    found = []
    for axis in (0, 1):
        layers, _ = w.axis_layers(axis)
        if not layers:
            return None
        last = shapes.receptive_field(layers, size=(w.height, w.width)[axis], framework=w.framework)[-1]
        found.append(list(last))
    return found


# Texts as people paste them. Each leaves `model` (Keras), or `model` and `x` (PyTorch), when it is run.
KERAS_TEXTS = {
    "sequential": """
from tensorflow.keras import layers, models
model = models.Sequential([
    layers.Input(shape=(61, 44, 3)),
    layers.Conv2D(16, (3, 3), strides=2, padding='same', activation="relu"),  # halves
    layers.BatchNormalization(),
    layers.MaxPooling2D((2, 3), padding="valid"),
    layers.DepthwiseConv2D(3, depth_multiplier=2),
    layers.SeparableConv2D(20, 3, 1, "same", use_bias=False),
    layers.Conv2DTranspose(8, 3, 2, "same", 0),
    layers.Conv2DTranspose(6, (4, 5), strides=(2, 3)),
    layers.ZeroPadding2D(((1, 0), (2, 3))),
    layers.Cropping2D((1, 2)),
    layers.UpSampling2D(size=(2, 1)),
    layers.AveragePooling2D(2),
    layers.Conv2D(4, 3, dilation_rate=2, groups=2),
    layers.Flatten(),
    layers.Dropout(.5),
    layers.Dense(units=10,),
])
""",
    "add": """
import keras
model = keras.Sequential()
model.add(keras.layers.Dense(7*7*32, use_bias=False, input_shape=(100,)))
model.add(keras.layers.LeakyReLU())
model.add(keras.layers.Reshape((7, 7, 32)))
model.add(keras.layers.Conv2DTranspose(16, (5, 5), strides=(1, 1), padding='same', use_bias=False))
model.add(keras.layers.Conv2DTranspose(8, (5, 5), strides=(2, 2), padding='same', use_bias=False))
model.add(keras.layers.Conv2DTranspose(1, (5, 5), strides=(2, 2), padding='same', activation='tanh'))
""",
    "functional": '''
import tensorflow as tf
def block(x, filters, n=1):
    """Two convolutions."""
    x = tf.keras.layers.Conv2D(filters, 3, padding="same")(x)
    return tf.keras.layers.Conv2D(filters * n, 3, padding="same", activation="relu")(x)

inputs = tf.keras.layers.Input((64, 96, 3))
base = 4
c1 = block(inputs, base)
p1 = tf.keras.layers.MaxPooling2D((2, 2))(c1)
c2 = block(p1, base * 2, n=2)
p2 = tf.keras.layers.MaxPooling2D(2)(c2)
x = block(p2, 32)
u2 = tf.keras.layers.Conv2DTranspose(8, 2, strides=2, padding="same")(x)
x = tf.keras.layers.concatenate([u2, c2])
x = tf.keras.layers.Conv2D(8, 3, padding="same")(tf.keras.layers.UpSampling2D((2, 2))(x))
x = tf.keras.layers.Concatenate(axis=-1)([x, c1])
outputs = tf.keras.layers.Conv2D(1, 1, activation="sigmoid")(x)
model = tf.keras.Model(inputs=[inputs], outputs=[outputs])
''',
    "pooled": """
from keras.layers import *
from keras import Sequential
model = Sequential([Input((30, 30, 3)), Conv2D(8, 5), MaxPool2D(), GlobalAveragePooling2D(), Dense(3)])
""",
}

# Channels without a number: sizes are read all the same, and the code has a number of its own there.
OPEN_TEXT = """
nn.Conv2d(3, width, 3, padding=1)
nn.BatchNorm2d(width)
nn.ConvTranspose2d(width, 5, 4, 2, 1)
nn.Conv2d(5, classes, 1)
"""

TORCH_TEXTS = {
    "sequential": """
import torch
from torch import nn
ngf, nz = 8, 10
model = nn.Sequential(
    nn.ConvTranspose2d(nz, ngf * 4, 4, 1, 0, bias=False),
    nn.BatchNorm2d(ngf * 4),
    nn.ReLU(True),
    nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),  # 8 x 8
    nn.ConvTranspose2d(in_channels=ngf*2, out_channels=ngf, kernel_size=3, stride=2, padding=1, output_padding=1),
    nn.Conv2d(ngf, 3, (3, 5), padding=(1, 2), dilation=1, groups=1),
    nn.MaxPool2d(3, 2, 1, ceil_mode=True),
    nn.ZeroPad2d((1, 2, 0, 3)),
    nn.Upsample(scale_factor=2),
    nn.Tanh(),
)
x = torch.zeros(1, 10, 1, 1)
""",
    "class": """
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, width=6):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(3, width, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(width, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)

model = Net()
x = torch.randn(1, 3, 32, 32)
""",
    "unet": """
import torch, torch.nn as nn
class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1 = nn.Conv2d(3, 8, 3, padding=1)
        self.enc2 = nn.Conv2d(8, 16, 3, padding="same")
        self.pool = nn.MaxPool2d(2)
        self.mid = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(inplace=True))
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.dec = nn.Conv2d(32, 8, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x):
        e1 = self.enc1(x)
        e2 = self.enc2(self.pool(e1))
        m = self.mid(self.pool(e2))
        u = self.up(m)
        d = self.dec(torch.cat((u, e2), dim=1))
        d = d + e2 if False else d
        y = self.shuffle(d)
        return torch.cat([y, e1], 1)
model = UNet()
x = torch.zeros(2, 3, 40, 24)
""",
}
