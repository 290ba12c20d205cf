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
    "encoder-decoder": """
import keras
from keras import layers

class Encoder(keras.Model):
    def __init__(self, latent=12, **kwargs):
        super().__init__(**kwargs)
        self.c1 = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")
        self.c2 = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")
        self.flat = layers.Flatten()
        self.out = layers.Dense(latent)

    def call(self, x):
        x = self.c2(self.c1(x))
        return self.out(self.flat(x))

class Decoder(keras.Model):
    def __init__(self, **kwargs):
        super(Decoder, self).__init__(**kwargs)
        self.fc = layers.Dense(7 * 7 * 16, activation="relu")
        self.grow = keras.Sequential([
            layers.Reshape((7, 7, 16)),
            layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same"),
        ])

    def call(self, z):
        return self.grow(self.fc(z))

class Autoencoder(keras.Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def call(self, x):
        z = self.encoder(x)
        return self.decoder(z)

inputs = keras.Input((28, 28, 1))
model = keras.Model(inputs, Autoencoder(Encoder(10), Decoder())(inputs))
""",
    "stacks": """
import tensorflow as tf
from tensorflow.keras import layers

def downsample(filters, size, norm=True):
    initializer = tf.random_normal_initializer(0., 0.02)
    result = tf.keras.Sequential()
    result.add(layers.Conv2D(filters, size, strides=2, padding='same',
                             kernel_initializer=initializer, use_bias=False))
    if norm:
        result.add(layers.BatchNormalization())
    result.add(layers.LeakyReLU())
    return result

def upsample(filters, size, dropout=False):
    result = tf.keras.Sequential()
    result.add(layers.Conv2DTranspose(filters, size, strides=2, padding='same', use_bias=False))
    result.add(layers.BatchNormalization())
    if dropout:
        result.add(layers.Dropout(0.5))
    result.add(layers.ReLU())
    return result

def build_generator(channels=3):
    inputs = layers.Input(shape=[64, 96, 3])
    downs = [downsample(8, 4, norm=False), downsample(16, 4), downsample(32, 4), downsample(32, 4)]
    ups = [upsample(32, 4, dropout=True), upsample(16, 4), upsample(8, 4)]
    last = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="tanh")
    x = inputs
    skips = []
    for down in downs:
        x = down(x)
        skips.append(x)
    skips = reversed(skips[:-1])
    for up, skip in zip(ups, skips):
        x = up(x)
        x = layers.Concatenate()([x, skip])
    return tf.keras.Model(inputs=inputs, outputs=last(x))

model = build_generator()
""",
    "blocks": """
import keras
from keras.layers import (Input, Conv2D, MaxPooling2D, Conv2DTranspose, concatenate,
                          BatchNormalization, Activation, Cropping2D)

def conv_block(x, num_filters):
    for _ in range(2):
        x = Conv2D(num_filters, 3)(x)
        x = BatchNormalization()(x)
        x = Activation("relu")(x)
    return x

def encoder_block(x, num_filters):
    s = conv_block(x, num_filters)
    return s, MaxPooling2D((2, 2))(s)

def decoder_block(x, skip, num_filters, crop):
    x = Conv2DTranspose(num_filters, 2, strides=2)(x)
    skip = Cropping2D(crop)(skip)
    x = concatenate([x, skip])
    return conv_block(x, num_filters)

def build_unet(input_shape, filters=[4, 8]):
    inputs = Input(input_shape)
    s1, p1 = encoder_block(inputs, filters[0])
    s2, p2 = encoder_block(p1, filters[1])
    b = conv_block(p2, filters[-1] * 2)
    d2 = decoder_block(b, s2, filters[1], 4)
    d1 = decoder_block(d2, s1, filters[0], 16)
    outputs = Conv2D(1, 1, padding="same", activation="sigmoid")(d1)
    return keras.Model(inputs, outputs, name="U-Net")

model = build_unet((92, 108, 3))
model.summary()
""",
    "models": """
from keras import Model, layers
pixels = layers.Input(shape=(32, 24, 3))
h = layers.Conv2D(8, 3, strides=2, padding="same")(pixels)
h = layers.Conv2D(16, 3, strides=2, padding="same")(h)
encoder = Model(pixels, h, name="encoder")
code = layers.Input(shape=(8, 6, 16))
y = layers.UpSampling2D(2)(code)
y = layers.Conv2D(8, 3, padding="same")(y)
y = layers.Conv2DTranspose(3, 3, strides=2, padding="same")(y)
decoder = Model(code, y, name="decoder")
model = Model(pixels, decoder(encoder(pixels)))
""",
    "residual": """
import keras
from keras import layers

class ResidualUnit(layers.Layer):
    def __init__(self, filters, strides=1, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.main_layers = [
            layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Conv2D(filters, 3, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization()]

    def call(self, inputs):
        Z = inputs
        for layer in self.main_layers:
            Z = layer(Z)
        return layers.Activation("relu")(Z + inputs)

model = keras.Sequential([layers.Conv2D(8, 7, strides=2, padding="same", input_shape=[45, 60, 3])])
for filters in [8] * 2:
    model.add(ResidualUnit(filters))
model.add(layers.MaxPool2D(pool_size=3, strides=2, padding="same"))
model.add(layers.GlobalAvgPool2D())
model.add(layers.Flatten())
model.add(layers.Dense(10, activation="softmax"))
""",
    "partial": """
from functools import partial
import keras
from keras import layers

Conv = partial(layers.Conv2D, kernel_size=3, padding="same", use_bias=False)
up = {"strides": 2, "padding": "same"}
down = dict(strides=2)
model = keras.Sequential([Conv(8, kernel_size=5, input_shape=(30, 42, 3))])
width = 8
for w in [8, 16]:
    model.add(Conv(w, **down) if w != width else Conv(w))
    width = w
model.add(layers.Conv2DTranspose(4, 3, **up))
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
    "doubleconv": """
import torch
import torch.nn as nn
import torch.nn.functional as F

class DoubleConv(nn.Module):
    # (convolution => [BN] => ReLU) * 2
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True)
        )

    def forward(self, x):
        return self.double_conv(x)

class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))

    def forward(self, x):
        return self.maxpool_conv(x)

class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=True):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
            self.conv = DoubleConv(in_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        # input is CHW
        dy = x2.size()[2] - x1.size()[2]
        dx = x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)

class OutConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super(OutConv, self).__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=1)

    def forward(self, x):
        return self.conv(x)

class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, bilinear=False):
        super(UNet, self).__init__()
        self.n_channels = n_channels
        self.bilinear = bilinear
        self.inc = (DoubleConv(n_channels, 8))
        self.down1 = (Down(8, 16))
        factor = 2 if bilinear else 1
        self.down2 = (Down(16, 32 // factor))
        self.up1 = (Up(32, 16 // factor, bilinear))
        self.up2 = (Up(16, 8, bilinear))
        self.outc = (OutConv(8, n_classes))

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x = self.up1(x3, x2)
        x = self.up2(x, x1)
        logits = self.outc(x)
        return logits

model = UNet(n_channels=3, n_classes=2)
x = torch.randn(1, 3, 50, 43)
""",
    "module-lists": """
import torch
from torch import nn
import torch.nn.functional as F

class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, 1, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU())

    def forward(self, x):
        return self.conv(x)

class UNET(nn.Module):
    def __init__(self, in_channels=3, out_channels=1, features=[4, 8, 16]):
        super().__init__()
        self.ups = nn.ModuleList()
        self.downs = nn.ModuleList()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        for feature in features:
            self.downs.append(DoubleConv(in_channels, feature))
            in_channels = feature
        for feature in reversed(features):
            self.ups.append(nn.ConvTranspose2d(feature*2, feature, kernel_size=2, stride=2))
            self.ups.append(DoubleConv(feature*2, feature))
        self.bottleneck = DoubleConv(features[-1], features[-1]*2)
        self.final_conv = nn.Conv2d(features[0], out_channels, kernel_size=1)

    def forward(self, x):
        skip_connections = []
        for down in self.downs:
            x = down(x)
            skip_connections.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        skip_connections = skip_connections[::-1]
        for idx in range(0, len(self.ups), 2):
            x = self.ups[idx](x)
            skip_connection = skip_connections[idx//2]
            if x.shape != skip_connection.shape:
                x = F.interpolate(x, size=skip_connection.shape[2:])
            x = self.ups[idx+1](torch.cat((skip_connection, x), dim=1))
        return self.final_conv(x)

def test():
    x = torch.randn((3, 1, 160, 160))
    model = UNET(in_channels=1, out_channels=1)
    preds = model(x)
    assert preds.shape == x.shape

model = UNET(in_channels=1)
x = torch.zeros(3, 1, 64, 80)
""",
    "encoder-decoder": """
import torch
import torch.nn as nn
class Encoder(nn.Module):
    def __init__(self, channels=(3, 8, 16)):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Conv2d(a, b, 3) for a, b in zip(channels, channels[1:])])
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        features = []
        for block in self.blocks:
            x = torch.relu(block(x))
            features.append(x)
            x = self.pool(x)
        return features

class Decoder(nn.Module):
    def __init__(self, chs=(16, 8)):
        super().__init__()
        self.upconvs = nn.ModuleList([nn.ConvTranspose2d(chs[i], chs[i+1], 2, 2) for i in range(len(chs) - 1)])
        self.convs = nn.ModuleList([nn.Conv2d(chs[i], chs[i+1], 3) for i in range(len(chs) - 1)])

    def forward(self, x, encoder_features):
        for i in range(len(self.upconvs)):
            x = self.upconvs[i](x)
            feature = self.crop(encoder_features[i], x)
            x = torch.cat([x, feature], dim=1)
            x = self.convs[i](x)
        return x

    def crop(self, feature, x):
        h, w = x.shape[2], x.shape[3]
        top = (feature.shape[2] - h) // 2
        left = (feature.shape[3] - w) // 2
        return feature[:, :, top:top + h, left:left + w]

class Net(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()
        self.head = nn.Conv2d(8, classes, 1)

    def forward(self, x):
        feats = self.encoder(x)
        out = self.decoder(feats[::-1][0], feats[::-1][1:])
        return self.head(out)

model = Net()
x = torch.randn(1, 3, 37, 52)
""",
    "sequential-block": """
import torch
import torch.nn as nn
from collections import OrderedDict

class ConvBNReLU(nn.Sequential):
    def __init__(self, in_planes, out_planes, kernel_size=3, stride=1):
        padding = (kernel_size - 1) // 2
        super(ConvBNReLU, self).__init__(
            nn.Conv2d(in_planes, out_planes, kernel_size, stride, padding, bias=False),
            nn.BatchNorm2d(out_planes),
            nn.ReLU6(inplace=True)
        )

def make_decoder(cin, *widths):
    steps = []
    for width in widths:
        steps += [nn.ConvTranspose2d(cin, width, 3, stride=2, padding=1, output_padding=1), nn.ReLU(True)]
        cin = width
    return nn.Sequential(*steps)

class Segmenter(nn.Module):
    def __init__(self, widths=[4, 8, 12]):
        super().__init__()
        layers = [ConvBNReLU(3, widths[0], stride=2)]
        for a, b in zip(widths[:-1], widths[1:]):
            layers.append(ConvBNReLU(a, b, stride=2 if b > 8 else 1))
        self.features = nn.Sequential(*layers)
        self.decoder = make_decoder(widths[-1], 8, 4)
        self.head = nn.Sequential(OrderedDict([("conv", nn.Conv2d(4, 1, 1)), ("act", nn.Sigmoid())]))

    def forward(self, x):
        return self.head(self.decoder(self.features(x)))

model = Segmenter()
x = torch.zeros(1, 3, 32, 20)
""",
    "autoencoder": """
import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, encoded_space_dim, fc2_input_dim):
        super().__init__()
        self.encoder_cnn = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(True),
            nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU(True),
            nn.Conv2d(16, 32, 3, stride=2, padding=0), nn.ReLU(True))
        self.flatten = nn.Flatten(start_dim=1)
        self.encoder_lin = nn.Sequential(
            nn.Linear(3 * 3 * 32, fc2_input_dim), nn.ReLU(True), nn.Linear(fc2_input_dim, encoded_space_dim))

    def forward(self, x):
        x = self.encoder_cnn(x)
        x = self.flatten(x)
        x = self.encoder_lin(x)
        return x

class Decoder(nn.Module):
    def __init__(self, encoded_space_dim, fc2_input_dim):
        super().__init__()
        self.decoder_lin = nn.Sequential(
            nn.Linear(encoded_space_dim, fc2_input_dim), nn.ReLU(True),
            nn.Linear(fc2_input_dim, 3 * 3 * 32), nn.ReLU(True))
        self.unflatten = nn.Unflatten(dim=1, unflattened_size=(32, 3, 3))
        self.decoder_conv = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 3, stride=2, output_padding=0), nn.BatchNorm2d(16), nn.ReLU(True),
            nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1), nn.BatchNorm2d(8), nn.ReLU(True),
            nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1))

    def forward(self, x):
        x = self.decoder_lin(x)
        x = self.unflatten(x)
        x = self.decoder_conv(x)
        x = torch.sigmoid(x)
        return x

d = 4
encoder = Encoder(encoded_space_dim=d, fc2_input_dim=128)
decoder = Decoder(encoded_space_dim=d, fc2_input_dim=128)
model = nn.Sequential(encoder, decoder)
x = torch.rand(2, 1, 28, 28)
""",
    "interpolated": """
import torch
import torch.nn as nn
import torch.nn.functional as F

class Block(nn.Module):
    expansion = 2
    def __init__(self, cin, cout, norm=nn.BatchNorm2d, act=None):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.norm = norm(cout) if norm is not None else nn.Identity()
        self.conv2 = nn.Conv2d(cout, cout * self.expansion, 3, padding=1)

    def forward(self, x):
        return self.conv2(F.relu(self.norm(self.conv1(x))))

class FPN(nn.Module):
    def __init__(self, block=Block, depth=2):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 7, stride=2, padding=3)
        self.stages = self._make(block, 4, depth)
        self.up = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1)
        self.out = nn.Conv2d(16 + 8, 2, 1)

    def _make(self, block, width, depth):
        stages = []
        for i in range(depth):
            stages.append(block(width, width))
            width *= block.expansion
        return nn.Sequential(*stages)

    def forward(self, x):
        size = x.shape[-2:]
        x = self.stem(x)
        y = self.stages(x)
        z = F.max_pool2d(y, 2)
        z = self.up(z, output_size=y.size())
        z = torch.cat([z, y], dim=1)
        z = F.interpolate(z, size=size, mode="nearest")
        return self.out(z)

model = FPN()
x = torch.randn(1, 3, 47, 31)
""",
}
