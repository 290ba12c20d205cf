"""Error messages, and what their numbers mean."""

from __future__ import annotations

import numpy as np

from conv_lib import shapes
from conv_lib.answers._entry import Topic, chain, decoder, listed, message, read, ruler, solver
from conv_lib.diagnosis import FORMS

topic = Topic("errors", "Error messages")


@topic(
    "computed-and-actual",
    "Size of out_backprop doesn't match: actual = 7, computed = 16. What are the two numbers?",
    words="could not create a primitive descriptor, out_backprop matches computed, conv2dslowbackpropinput, "
    "conv2dcustombackpropinput, actual computed, "
    "output_shape mismatch, tflearn conv_2d_transpose",
    asked="q028",
    links=[
        solver(preset="seven-to-16"),
        ruler(mode="transpose", size=7, kernel=3, stride=2, padding="same"),
        read("output-size", "If you are stuck"),
    ],
)
def _() -> str:
    computed = [shapes.conv_size(16, 3, stride=s, padding="same") for s in (1, 2, 3)]
    legal = shapes.transposed_sizes(7, 3, stride=2, padding="same")
    return (
        "`actual` is the size that you feed, 7. `computed` is what the convolution would make of the output you "
        f"ask for: 16 at stride 1 gives {computed[0]}. "
        f"No stride helps: 16 goes to {computed[1]} at stride 2 and to {computed[2]} at stride 3, never to 7. From "
        f"7, stride 2 reaches {listed(legal)}; so ask for {legal[-1]}, or let the encoder end at {computed[1]}. "
        "With oneDNN the same mistake only says “could not create a primitive descriptor”."
    )


@topic(
    "seven-to-twenty-eight-fails",
    "conv2d_transpose from 7 × 7 × 256 to [-1, 28, 28, 1] with stride 2 does not run",
    words="mnist gan generator error, output_shape -1, batch -1, bias 256 broadcasts, stride 2 from 7 to 28, "
    "conv2d_transpose does not run",
    asked="q027",
    links=[ruler(mode="transpose", size=7, kernel=3, stride=4, padding="same")],
)
def _() -> str:
    two, four = (shapes.transposed_sizes(7, 3, stride=s, padding="same") for s in (2, 4))
    once = shapes.keras_transposed_size(7, 3, stride=2, padding="same")
    wide = np.broadcast_shapes((28, 28, 1), (256,))
    return (
        f"`SAME` at stride 2 goes from 7 to {listed(two)} only. 28 needs stride 4 ({four[0]} to {four[-1]}) or two "
        f"layers, {chain((7, once, 2 * once))}. Besides: take the batch size from the input, `tf.shape(x)[0]` (with "
        "−1 "
        "TensorFlow's own kernels refuse, only oneDNN's run); the filter's shape is one list, [3, 3, 1, 256]; and a "
        "bias of length 256 gives no error, but "
        f"{chain(['28 × 28 × 1', ' × '.join(map(str, wide))])}: it needs length 1."
    )


@topic(
    "yolo-arguments",
    "Replacing Upsample by ConvTranspose2d [384, 3, 2, 1, 1]: 7 meets 16 in the concat",
    words="yolov5 yaml args, convtranspose2d args order, positional arguments, 7 versus 16, concat fails after "
    "replacing upsample",
    asked="q030",
    links=[
        decoder(preset="yolo-args"),
        ruler(mode="transpose", size=8, kernel=2, padding=1),
        ruler("Open kernel 4, stride 2, padding 1", mode="transpose", size=8, kernel=4, stride=2, padding=1),
    ],
)
def _() -> str:
    size = shapes.torch_transposed_size
    wrong, two, four = size(8, 2, padding=1), size(8, 2, stride=2), size(8, 4, stride=2, padding=1)
    return (
        "The arguments count by position: in, out, kernel, stride, padding. Read so, [384, 3, 2, 1, 1] is kernel "
        f"2, stride 1, padding 1, with 3 channels out, and 8 becomes (8 − 1) · 1 − 2 + 2 = {wrong}. "
        f"[384, 384, 2, 2] gives {two}, and so does [384, 384, 4, 2, 1], {four}."
    )


@topic(
    "kernel-greater-than-input",
    "Kernel size (3 x 3) can't be greater than actual input size (258 x 2)",
    words="kernel size can't be greater than padded input size, kernel larger than input, calculated padded input "
    "size per channel, empty axis, zero width, cartoongan",
    asked="q034",
    links=[
        ruler("Open the smallest that fits", mode="conv", size=1, kernel=3, padding=1),
        read("sizes", "If you are stuck"),
    ],
)
def _() -> str:
    high, wide = 258 - 2 * 1, 2 - 2 * 1
    return (
        f"The sizes in the message include the padding. If that layer pads by 1, the map is {high} × {wide}: one "
        "axis was empty before it came here, so the kernel is not at fault. "
        "Print the shapes of the layers before it and look for a slice that cut to nothing, for example images "
        "expected side by side, 512 wide, when they are 256 wide."
    )


@topic(
    "negative-dimension",
    "Negative dimension size caused by subtracting 3 from 2",
    words="negative dimension, valueerror negative dimension size, subtracting from, computed output size "
    "would be negative, non-positive size, image too small for network, given input size calculated "
    "output size, output size is too small, maxpool subtracting 2 from 1, image smaller than the network "
    "needs, input smaller than 32x32 vgg16 resnet",
    links=[ruler("Open the smallest that fits", mode="conv", size=3, kernel=3), read("sizes", "If you are stuck")],
)
def _() -> str:
    same = shapes.conv_size(2, 3, padding="same")
    sizes = [28]
    while sizes[-1] >= 3:
        sizes.append(shapes.conv_size(sizes[-1], 3))
        if sizes[-1] >= 2:
            sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    return (
        "A kernel of 3 met an image of 2 pixels, and `valid` needs at least one whole window. Earlier layers shrank "
        "the image too far: with convolutions of 3 and pooling of 2, "
        f"{chain(sizes)}, where the next 3 does not fit. Use `padding='same'` (2 stays {same}), remove a pooling, "
        "or feed a larger image. "
        "Check the order of the axes too: channels read as height look just like this."
    )


def shape(*axes: int) -> str:
    """ "[2, 3, 28, 28]"."""
    return f"[{', '.join(map(str, axes))}]"


@topic(
    "expected-channels",
    "Given groups=1, weight of size [64, 3, 3, 3], expected input[1, 512, 512, 3] to have 3 channels, but got 512",
    words="expected input to have 3 channels but got 512 channels instead, channels last image in pytorch, permute "
    "image to channels first, conv1d expected input to have channels, given groups=1 weight of size",
    links=[message(preset="torch-channels"), read("convolution", "Why the kernel has four axes")],
)
def _() -> str:
    image = np.zeros((1, 512, 512, 3))
    return (
        "PyTorch takes the second axis for the channels, and yours is channels last, as NumPy, PIL and Keras keep "
        f"images. `x.permute(0, 3, 1, 2)` makes {shape(*image.transpose(0, 3, 1, 2).shape)} of it; `view` and "
        "`reshape` would only mix the pixels up. The weight reads (out, in, height, width), so the layer wants 3 "
        "channels. If the two numbers are like 128 and 64, no axis is wrong: the layer before gives another number, "
        f"or a concatenation added channels, 64 + 64 = {64 + 64}."
    )


@topic(
    "given-transposed",
    "Given transposed=1, weight of size [128, 64, 2, 2], expected input to have 128 channels, but got 64",
    words="given transposed=1 weight of size, expected input to have 128 channels but got 64 channels instead, "
    "convtranspose2d in_channels wrong, channels of the transposed layer, weight (in out) pytorch",
    links=[message(preset="torch-channels-transposed"), read("frameworks", "Names and layouts")],
)
def _() -> str:
    return (
        "The weight of `ConvTranspose2d` reads (in, out, height, width), so this layer takes 128 channels and makes "
        "64, and 64 came. Either give it `ConvTranspose2d(64, ...)`, or look for the layer that should have made "
        f"128: often the skip was not concatenated (64 + 64 = {64 + 64}), or an earlier layer has halved the channels "
        f"already (128 / 2 = {128 // 2})."
    )


@topic(
    "batch-axis-missing",
    "expected min_ndim=4, found ndim=3 (or: expected 4-dimensional input). What is missing?",
    words="expected 4-dimensional input for 4-dimensional weight got 3-dimensional input, expected ndim=4 "
    "found ndim=3, expected 3d unbatched or 4d batched input to conv2d, predict a single image, "
    "expand_dims, unsqueeze, batch dimension missing, grayscale channel axis missing",
    links=[message(preset="keras-ndim"), message("Open PyTorch's message", preset="torch-rank")],
)
def _() -> str:
    colour, grey = np.zeros((28, 30, 3)), np.zeros((100, 28, 30))
    return (
        "The batch, or with grey images the channels. Keras wants (batch, height, width, channels), PyTorch (batch, "
        f"channels, height, width). One colour image of 28 × 30: `x[None]` makes {shape(*colour[None].shape)}. A "
        f"hundred grey images: `x[..., None]` makes {shape(*grey[..., None].shape)} for Keras, `x[:, None]` makes "
        f"{shape(*grey[:, None].shape)} for PyTorch. PyTorch reads three axes as one image without a batch, so a "
        "batch of grey images then looks like an image of 100 channels."
    )


@topic(
    "expected-axis-minus-one",
    "expected axis -1 of input shape to have value 3, but received input with shape (None, 3, 224, 224)",
    words="input 0 of layer is incompatible with the layer, expected axis -1 of input shape to have value, "
    "channels_first in keras, dense layer expected axis -1, wrong number of channels keras, is incompatible with the "
    "layer",
    links=[message(preset="keras-channels"), read("convolution", "Why the kernel has four axes")],
)
def _() -> str:
    moved = np.moveaxis(np.zeros((8, 3, 224, 226)), 1, -1).shape
    return (
        "Keras takes the last axis for the channels, and yours stand second, as in PyTorch. `np.moveaxis(x, 1, -1)` "
        f"turns (8, 3, 224, 226) into {moved}. If the message says 3 and you have 1 or 4, the image is grey or has an "
        "alpha channel: `tf.image.grayscale_to_rgb(x)` or `x[..., :3]`. If the layer is `Dense`, the flattened size "
        f"changed with the image: 8 · 8 · 3 = {8 * 8 * 3}, but 9 · 9 · 3 = {9 * 9 * 3}."
    )


@topic(
    "input-depth-divisible",
    "input depth must be evenly divisible by filter depth: 4 vs 3",
    words="input depth must be evenly divisible by filter depth, 1 vs 3, 4 vs 3, rgba png alpha channel, "
    "grayscale image into rgb model, depth of input (32) is not a multiple of input depth of filter (64)",
    links=[message(preset="tf-depth"), read("convolution", "Groups: not every channel meets every filter")],
)
def _() -> str:
    return (
        "The image has 4 channels and the kernel reads 3: a PNG with transparency. Drop that channel, `x[..., :3]`. "
        "`1 vs 3` is a grey image: `tf.image.grayscale_to_rgb(x)`. It says “divisible” because TensorFlow takes a "
        f"multiple for groups: 6 channels and a kernel that reads 3 run as {6 // 3} groups, without any message, if "
        "the number of filters is even."
    )


@topic(
    "channels-last-on-cpu",
    "The Conv2D op currently only supports the NHWC tensor format on the CPU",
    words="only supports the nhwc tensor format on the cpu, the op was given the format nchw, channels_first on cpu, "
    "conv2dcustombackpropinputop only supports nhwc, generic conv implementation only supports nhwc, data_format "
    "channels_first error",
    links=[message(preset="tf-nchw"), read("frameworks", "Names and layouts")],
)
def _() -> str:
    moved = np.zeros((8, 3, 224, 226)).transpose(0, 2, 3, 1).shape
    return (
        "TensorFlow's own CPU kernels read channels last only; oneDNN's kernels and GPUs read both, so the same "
        "model may run elsewhere. Use channels last: `tf.transpose(x, [0, 2, 3, 1])` turns (8, 3, 224, 226) into "
        f"{moved}, and the layer takes `data_format='channels_last'`. Its kernel needs no change, it has the same "
        "layout in both formats; a dense layer behind `Flatten` does."
    )


@topic(
    "mat1-and-mat2",
    "mat1 and mat2 shapes cannot be multiplied (2x1568 and 1050x10)",
    words="mat1 and mat2 shapes cannot be multiplied, linear in_features after conv, how many features after flatten, "
    "input size of the first fully connected layer, size mismatch linear, lazylinear, 16 * 5 * 5",
    links=[
        message(preset="torch-matmul"),
        ruler("Open the sizes before it", mode="stack", size=28, layers=[{"kernel": 2, "stride": 2}] * 2),
    ],
)
def _() -> str:
    sizes = [28]
    for _ in range(2):
        sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    flat = 32 * sizes[-1] ** 2
    return (
        f"The flattened maps have {flat:,} numbers for each image, and the dense layer was made for 1,050. Here "
        f"{chain(sizes)} by two poolings, and 32 channels of {sizes[-1]} × {sizes[-1]} are {flat:,}: write "
        f"`nn.Linear({flat}, 10)`, or `nn.LazyLinear(10)`, which counts by itself. The 2 is the batch; if that number "
        "is not your batch, flatten with `x.flatten(1)`. Another image size gives another number."
    )


@topic(
    "tensor-a-and-b",
    "The size of tensor a (31) must match the size of tensor b (32) at non-singleton dimension 3",
    words="size of tensor a must match the size of tensor b, non-singleton dimension, residual connection size "
    "mismatch, adding layers of different shapes, inputs have incompatible shapes, incompatible shapes x + skip",
    links=[
        message(preset="torch-size-match"),
        ruler(mode="transpose", size=16, kernel=3, stride=2, padding=1, torch=[1, 1]),
        read("decoders", "Sizes first"),
    ],
)
def _() -> str:
    down = shapes.conv_size(32, 3, stride=2, padding=1)
    up, full = (shapes.torch_transposed_size(down, 3, stride=2, padding=1, output_padding=o) for o in (0, 1))
    return (
        "Two maps are added, and along the width (dimension 3) they differ. By one pixel: a stride lost it. "
        f"32 becomes {down} with kernel 3, stride 2, padding 1, and {up} on the way back; `output_padding=1` gives "
        f"{full}, or crop the larger, `skip[..., :{up}, :{up}]`. By two: a kernel of 3 without padding, 32 to "
        f"{shapes.conv_size(32, 3)}. By a factor: an upsampling is missing, or one too many."
    )


@topic(
    "target-size",
    "The loss complains: the target is 100 × 100, the output 96 × 96",
    words="using a target size that is different to the input size, autoencoder output smaller than the image, logits "
    "and labels must have the same shape, dimensions must be equal in loss, mse loss size mismatch, reconstruct "
    "100x100, "
    "target and output must have the same shape",
    links=[
        message(preset="torch-target-size"),
        ruler("Open the encoder", mode="stack", size=100, layers=[{"kernel": 2, "stride": 2}] * 3),
        read("decoders", "Sizes first"),
    ],
)
def _() -> str:
    sizes = [100]
    for _ in range(3):
        sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    back = sizes[-1] * 8
    return (
        f"Halving rounds, doubling does not: {chain(sizes)}, and three doublings make {back}. Three halvings need a "
        f"multiple of 2 · 2 · 2 = 8: resize or pad the images to {-(-100 // 8) * 8} and crop the output, or crop them "
        f"to {100 // 8 * 8}. Or repair it where it happens: {sizes[-1]} doubles to {2 * sizes[-1]}, so give that "
        f"layer one pixel more (`output_padding`, or padding after it) to come back to {sizes[2]}."
    )


@topic(
    "last-batch-is-smaller",
    "input and out_backprop must have the same batch size",
    words="last batch is smaller, batch size fixed in output_shape, input batch outbackprop batch, drop_remainder, "
    "conv2d_transpose works in training and fails in predict, incompatible batch size conv2d_transpose",
    links=[message(preset="tf-batch"), read("output-size", "If you are stuck")],
)
def _() -> str:
    return (
        "`output_shape` names a fixed batch, and another came, often the last of an epoch: 1,000 images in batches of "
        f"32 leave {1000 % 32}. Take the batch from the input, `tf.shape(x)[0]`, as in "
        "`tf.stack([tf.shape(x)[0], 28, 28, 1])`, or drop the rest with `drop_remainder=True`. The layer "
        "`Conv2DTranspose` does it by itself."
    )


@topic(
    "unpool-sizes",
    "MaxUnpool2d: the indices are 125 wide, the input 124",
    words="maxunpool2d output_size, expected shape of indices to be same as that of the input tensor, unpooling size "
    "mismatch, segnet odd size, max_unpool2d invalid output_size, input and indices shapes do not match",
    links=[
        ruler("Open the poolings", mode="stack", size=500, layers=[{"kernel": 2, "stride": 2}] * 3),
        read("sizes", "Predict any network"),
    ],
)
def _() -> str:
    sizes = [500]
    for _ in range(3):
        sizes.append(shapes.conv_size(sizes[-1], 2, stride=2))
    return (
        f"Pooling halves and rounds down, {chain(sizes)}, and unpooling doubles: 2 · {sizes[3]} = {2 * sizes[3]}, not "
        f"{sizes[2]}. Say which size was pooled: `unpool(y, indices, output_size=x.size())`. Or feed sizes that halve "
        f"evenly, for three poolings {500 // 8 * 8} or {-(-500 // 8) * 8}."
    )


@topic(
    "another-message",
    "I have another error message. What do its numbers mean?",
    words="error message, what does this error mean, paste a traceback, runtimeerror, valueerror, "
    "invalidargumenterror, onnx runtime error, jax error message, explain error",
    links=[message("Paste it in the error reader"), read("decoders", "When it does not work")],
)
def _() -> str:
    frameworks = listed(dict.fromkeys(form.framework for form in FORMS), "and")
    return (
        f"Paste it in the error reader. It knows {len(FORMS)} messages of {frameworks}, says what each number is, and "
        "lists repairs with your numbers. The whole traceback may come along. If it does not know a message it says "
        "so, and tells you what to look for."
    )
