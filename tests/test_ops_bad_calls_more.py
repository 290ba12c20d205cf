"""Bad arguments of the functions beside Conv2D: the error type, and what its message must say.

One type for each kind of mistake: TypeError where a thing of another kind was expected (an array of
numbers, an integer, a bool), ValueError where the kind is right and the value is not.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import conv_lib
from conv_lib import (
    average_pool,
    bilinear_kernel,
    box_kernel,
    conv,
    conv1d,
    conv1d_transpose,
    conv3d,
    conv3d_transpose,
    conv_input_gradient,
    conv_kernel_gradient,
    conv_matrix,
    conv_transpose,
    conv_transpose_input_gradient,
    conv_transpose_kernel_gradient,
    convert_kernel,
    depth_to_space,
    depthwise_conv2d,
    flip_kernel,
    frequency_response,
    icnr,
    level_phases,
    max_pool,
    max_pool_gradient,
    max_unpool,
    overlap_counts,
    phase_sums,
    pixel_shuffle,
    pixel_unshuffle,
    resize_conv_kernel,
    space_to_depth,
    sum_pool,
    upsample_bilinear,
    upsample_nearest,
)
from test_ops_bad_calls import check

NAN = float("nan")
X1, X2, X3 = np.ones((2, 7, 3)), np.ones((2, 5, 7, 3)), np.ones((2, 4, 5, 6, 3))
K1, K3 = np.ones((2, 3, 4)), np.ones((2, 3, 2, 3, 4))  # (..., in, out)
T1, T3 = np.ones((2, 4, 3)), np.ones((2, 3, 2, 4, 3))  # (..., out, in)

# --------------------------------------------------- settings of everything that is a convolution

# name: a call that takes settings; the shapes are legal
CONVOLUTIONS = {
    "conv": lambda **how: conv(X1, K1, **how),
    "conv1d": lambda **how: conv1d(X1, K1, **how),
    "conv3d": lambda **how: conv3d(X3, K3, **how),
    "conv_transpose": lambda **how: conv_transpose(X1, T1, **how),
    "conv1d_transpose": lambda **how: conv1d_transpose(X1, T1, **how),
    "conv3d_transpose": lambda **how: conv3d_transpose(X3, T3, **how),
    "conv_input_gradient": lambda **how: conv_input_gradient(X1, T1, (8,), **how),
    "conv_kernel_gradient": lambda **how: conv_kernel_gradient(np.ones((2, 8, 3)), X1, (2,), **how),
    "conv_transpose_input_gradient": lambda **how: conv_transpose_input_gradient(X1, K1, **how),
    "conv_transpose_kernel_gradient": lambda **how: conv_transpose_kernel_gradient(
        X1, np.ones((2, 8, 3)), (2,), **how
    ),
    "conv_matrix": lambda **how: conv_matrix((7, 3), K1, **how),
}
SETTINGS = [
    ({"stride": 0}, ValueError, ["stride must be at least 1", "stride=0", "legal: 1."]),
    ({"stride": 1.5}, TypeError, ["stride must be an integer", "1.5 (float)", "1 or 2"]),
    ({"stride": NAN}, TypeError, ["stride must be an integer", "nan"]),
    ({"stride": "2"}, TypeError, ["stride must be an integer"]),
    ({"stride": None}, TypeError, ["stride must be an integer"]),
    ({"stride": True}, TypeError, ["True (bool)"]),
    ({"stride": (1, 1, 1, 1)}, ValueError, ["stride is an int, or ("]),
    ({"dilation": -1}, ValueError, ["dilation must be at least 1"]),
    ({"dilation": 2.5}, TypeError, ["dilation must be an integer", "2 or 3"]),
    ({"padding": "smae"}, ValueError, ["'smae'", "legal: 'same'."]),
    ({"padding": -1}, ValueError, ["padding must be at least 0"]),
    ({"padding": 0.5}, TypeError, ["padding must be an integer"]),
    (
        {"padding": (1, 2)},
        ValueError,
        ["padding is 'valid', 'same'", "an int, or (", "legal: ((1, "],
    ),
    ({"padding": NAN}, TypeError, ["padding must be an integer", "nan"]),
    ({"groups": 0}, ValueError, ["groups must be at least 1"]),
    ({"groups": 1.0}, TypeError, ["groups must be an integer"]),
    ({"groups": 2}, ValueError, ["groups must divide"]),
]


@pytest.mark.parametrize(("how", "error", "pieces"), SETTINGS)
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_bad_settings(name, how, error, pieces):
    CONVOLUTIONS[name]()  # legal without
    check(lambda: CONVOLUTIONS[name](**how), error, [*pieces, "Nearest legal: "])


# ------------------------------------------------------------------------------- one call a row

OBJECTS, TEXT = np.full((2, 5, 7, 3), None), np.full((2, 5, 7, 3), "a")
I2 = np.zeros((2, 5, 7, 3), int)
CALLS = {
    # ranks
    "conv, kernel without channels": (
        lambda: conv(X1, np.ones((3, 3))),
        ValueError,
        ["kernel must have the shape", "(3, 3)"],
    ),
    "conv, four spatial axes": (
        lambda: conv(X1, np.ones((1,) * 6)),
        ValueError,
        ["1, 2 or 3 spatial axes", "5 axes"],
    ),
    "conv_transpose, four spatial axes": (
        lambda: conv_transpose(X1, np.ones((1,) * 6)),
        ValueError,
        ["1, 2 or 3 spatial axes"],
    ),
    "conv1d, kernel of images": (
        lambda: conv1d(X1, np.ones((1, 1, 3, 4))),
        ValueError,
        ["(kernel_length, in_channels // groups, out_channels)", "3 axes"],
    ),
    "conv3d, kernel of images": (
        lambda: conv3d(X3, np.ones((1, 1, 3, 4))),
        ValueError,
        ["kernel_depth", "5 axes"],
    ),
    "conv3d, images": (
        lambda: conv3d(np.ones((5, 7, 3)), K3),
        ValueError,
        ["x must have", "depth"],
    ),
    "conv1d, no channels": (lambda: conv1d(np.ones(7), K1), ValueError, ["(..., length, in_"]),
    "conv, object kernel": (lambda: conv(X1, K1.astype(object)), TypeError, ["dtype object"]),
    "conv, ragged kernel": (lambda: conv(X1, [[1], [1, 2]]), ValueError, ["kernel must be an"]),
    "conv, object x": (lambda: conv(X1.astype(object), K1), TypeError, ["x must hold numbers"]),
    "conv, no pixels": (lambda: conv(X1[:, :0], K1), ValueError, ["at least 1 along length"]),
    "conv, empty kernel": (lambda: conv(X1, K1[:0]), ValueError, ["at least 1 along kernel"]),
    # channels, groups, sizes
    "conv1d, channels": (
        lambda: conv1d(X1, np.ones((2, 5, 4))),
        ValueError,
        ["axis 1 must match", "5 in a kernel", "3 in x", "(2, 3, 4)"],
    ),
    "conv1d, swapped": (lambda: conv1d(X1, T1), ValueError, ["look swapped", "(2, 3, 4)"]),
    "conv3d_transpose, swapped": (lambda: conv3d_transpose(X3, K3), ValueError, ["look swapped"]),
    "conv1d, too large a kernel": (
        lambda: conv1d(X1, np.ones((8, 3, 4))),
        ValueError,
        ["Along the length", "8 > 7"],
    ),
    "conv3d, too large a kernel": (
        lambda: conv3d(X3, np.ones((1, 1, 7, 3, 4))),
        ValueError,
        ["Along the width", "7 > 6"],
    ),
    "conv3d, dilated too far": (
        lambda: conv3d(X3, K3, dilation=(4, 1, 1)),
        ValueError,
        ["Along the depth", "5 > 4"],
    ),
    "conv2d is not causal": (
        lambda: conv(X2, np.ones((2, 2, 3, 4)), padding="causal"),
        ValueError,
        ["Along the height", "'causal'"],
    ),
    "conv3d_transpose is not causal": (
        lambda: conv3d_transpose(X3, T3, padding="causal"),
        ValueError,
        ["'causal'"],
    ),
    "casual": (
        lambda: conv1d(X1, K1, padding="casual"),
        ValueError,
        ["'valid' or 'same' or 'causal'", "legal: 'causal'."],
    ),
    "causal, a flat pair": (
        lambda: conv1d(X1, K1, padding=(1, 2)),
        ValueError,
        ["or ((before, after),).", "legal: ((1, 2),) for 1 before"],
    ),
    "causal size": (
        lambda: conv_transpose(X1, T1, stride=2, padding="causal", output_shape=(15,)),
        ValueError,
        ["13 or 14", "legal: 14."],
    ),
    "causal output_padding": (
        lambda: conv_transpose(X1, T1, stride=2, padding="causal", output_padding=2),
        ValueError,
        ["smaller than stride", "legal: 1."],
    ),
    "conv1d_transpose, size": (
        lambda: conv1d_transpose(X1, T1, output_shape=(9,)),
        ValueError,
        ["Along the length", "legal: 8."],
    ),
    "conv1d_transpose, an int for a shape": (
        lambda: conv1d_transpose(X1, T1, output_shape=8),
        ValueError,
        ["output_shape is (length,)"],
    ),
    "conv1d_transpose, whole shape": (
        lambda: conv1d_transpose(X1, T1, output_shape=(2, 8, 4)),
        ValueError,
        ["without batch and channels", "legal: (8,)."],
    ),
    "conv1d_transpose, both sizes": (
        lambda: conv1d_transpose(X1, T1, output_shape=(8,), output_padding=0),
        ValueError,
        ["give one of them"],
    ),
    "conv3d_transpose, output_padding": (
        lambda: conv3d_transpose(X3, T3, stride=(2, 1, 1), output_padding=(1, 1, 0)),
        ValueError,
        ["Along the height", "smaller than stride"],
    ),
    # depthwise
    "depthwise, three axes": (
        lambda: depthwise_conv2d(X2, np.ones((3, 3, 3))),
        ValueError,
        ["kernel must have", "(3, 3, 3)"],
    ),
    "depthwise, five axes": (
        lambda: depthwise_conv2d(X2, np.ones((2, 3, 3, 3, 1))),
        ValueError,
        ["in_channels, multiplier)", "legal: (3, 3, 3, 1)."],
    ),
    "depthwise, channels": (
        lambda: depthwise_conv2d(X2, np.ones((3, 3, 2, 1))),
        ValueError,
        ["in_channels, multiplier)", "3 channels in x", "(3, 3, 3, 1)"],
    ),
    "depthwise, a kernel of conv2d": (
        lambda: depthwise_conv2d(X2, np.ones((3, 3, 1, 3))),
        ValueError,
        ["(3, 3, 3, 3)"],
    ),
    "depthwise, text": (lambda: depthwise_conv2d(TEXT, K3[0]), TypeError, ["x must hold numbers"]),
    "depthwise, stride": (
        lambda: depthwise_conv2d(X2, np.ones((3, 3, 3, 1)), stride=0.5),
        TypeError,
        ["stride must be an integer"],
    ),
    "depthwise, too large": (
        lambda: depthwise_conv2d(X2, np.ones((6, 3, 3, 1))),
        ValueError,
        ["Along the height", "6 > 5"],
    ),
    # gradients
    "input gradient, int size": (
        lambda: conv_input_gradient(X1, T1, 8),
        ValueError,
        ["input_size is (length,)", "input_size=8"],
    ),
    "input gradient, whole shape": (
        lambda: conv_input_gradient(X1, T1, (2, 8, 4)),
        ValueError,
        ["without batch and channels", "legal: (8,)."],
    ),
    "input gradient, NaN size": (
        lambda: conv_input_gradient(X1, T1, (NAN,)),
        TypeError,
        ["input_size along the length must be an integer"],
    ),
    "input gradient, size 0": (
        lambda: conv_input_gradient(X1, T1, (0,)),
        ValueError,
        ["input_size along the length must be at least 1"],
    ),
    "input gradient, another size": (
        lambda: conv_input_gradient(X1, T1, (9,)),
        ValueError,
        ["gradient must have the sizes", "(9,)", "(2, 8, 3)"],
    ),
    "input gradient, channels": (
        lambda: conv_input_gradient(X1, np.ones((2, 3, 5)), (8,)),
        ValueError,
        ["must match the channels"],
    ),
    "input gradient, objects": (
        lambda: conv_input_gradient(OBJECTS, np.ones((2, 2, 3, 3)), (6, 8)),
        TypeError,
        ["gradient must hold numbers"],
    ),
    "input gradient, kernel too large": (
        lambda: conv_input_gradient(X1, np.ones((9, 4, 3)), (8,)),
        ValueError,
        ["9 > 8"],
    ),
    "kernel gradient, int size": (
        lambda: conv_kernel_gradient(X1, X1, 3),
        ValueError,
        ["kernel_size is (length,)", "kernel_size=3"],
    ),
    "kernel gradient, string size": (
        lambda: conv_kernel_gradient(X1, X1, "3"),
        TypeError,
        ["kernel_size must be an integer"],
    ),
    "kernel gradient, four axes": (
        lambda: conv_kernel_gradient(X1, X1, (1, 1, 1, 1)),
        ValueError,
        ["kernel_size is (length,)"],
    ),
    "kernel gradient, size 0": (
        lambda: conv_kernel_gradient(X1, X1, (0,)),
        ValueError,
        ["kernel_size along the length must be at least 1"],
    ),
    "kernel gradient, float size": (
        lambda: conv_kernel_gradient(X2, X2, (1, 1.0)),
        TypeError,
        ["kernel_size along the width must be an integer"],
    ),
    "kernel gradient, batches": (
        lambda: conv_kernel_gradient(X1, X1[:1], (1,)),
        ValueError,
        ["the same leading axes", "(2, 7, 3)"],
    ),
    "kernel gradient, sizes": (
        lambda: conv_kernel_gradient(X1, X1, (2,)),
        ValueError,
        ["gradient must have the sizes", "(2, 6, 3)"],
    ),
    "kernel gradient, text": (
        lambda: conv_kernel_gradient(TEXT, X2, (1, 1)),
        TypeError,
        ["x must hold numbers"],
    ),
    "kernel gradient, groups of outputs": (
        lambda: conv_kernel_gradient(X1, np.ones((2, 7, 4)), (1,), groups=3),
        ValueError,
        ["groups must divide out_channels"],
    ),
    "transpose input gradient, no axes": (
        lambda: conv_transpose_input_gradient(np.ones(3), K1),
        ValueError,
        ["gradient must have the shape"],
    ),
    "transpose input gradient, too small": (
        lambda: conv_transpose_input_gradient(X1, np.ones((8, 3, 4))),
        ValueError,
        ["8 > 7"],
    ),
    "transpose kernel gradient, sizes": (
        lambda: conv_transpose_kernel_gradient(X1, X1, (2,)),
        ValueError,
        ["x must have the sizes", "(2, 6, 3)"],
    ),
    "transpose kernel gradient, objects": (
        lambda: conv_transpose_kernel_gradient(X2, OBJECTS, (1, 1)),
        TypeError,
        ["gradient must hold numbers"],
    ),
    # upsampling
    "nearest, factor 0": (lambda: upsample_nearest(X2, 0), ValueError, ["factor must be at least"]),
    "nearest, factor 1.5": (lambda: upsample_nearest(X2, 1.5), TypeError, ["1 or 2"]),
    "nearest, NaN": (lambda: upsample_nearest(X2, NAN), TypeError, ["factor must be an integer"]),
    "nearest, three factors": (
        lambda: upsample_nearest(X2, (1, 2, 3)),
        ValueError,
        ["factor is an int, or (height, width)"],
    ),
    "nearest, (2, 0)": (lambda: upsample_nearest(X2, (2, 0)), ValueError, ["along the width"]),
    "nearest, a plane": (lambda: upsample_nearest(X2[0, 0], 2), ValueError, ["x must have"]),
    "nearest, objects": (lambda: upsample_nearest(OBJECTS, 2), TypeError, ["x must hold"]),
    "nearest, no pixels": (lambda: upsample_nearest(X2[:, :0], 2), ValueError, ["along height"]),
    "bilinear, neither": (lambda: upsample_bilinear(X2), ValueError, ["give one of them"]),
    "bilinear, both": (
        lambda: upsample_bilinear(X2, 2, size=(9, 9)),
        ValueError,
        ["give one of them", "size=(9, 9) alone"],
    ),
    "bilinear, factor -1": (lambda: upsample_bilinear(X2, -1), ValueError, ["factor must be"]),
    "bilinear, int size": (lambda: upsample_bilinear(X2, size=9), ValueError, ["size is (height"]),
    "bilinear, size 0": (
        lambda: upsample_bilinear(X2, size=(0, 9)),
        ValueError,
        ["size along the height must be at least 1"],
    ),
    "bilinear, NaN size": (
        lambda: upsample_bilinear(X2, size=(9, NAN)),
        TypeError,
        ["size along the width must be an integer"],
    ),
    "bilinear, whole shape": (
        lambda: upsample_bilinear(X2, size=(2, 9, 9, 3)),
        ValueError,
        ["without batch and channels", "legal: (9, 9)."],
    ),
    "bilinear, corners": (
        lambda: upsample_bilinear(X2, 2, align_corners="half_pixel"),
        TypeError,
        ["align_corners is a bool"],
    ),
    "bilinear, text": (lambda: upsample_bilinear(TEXT, 2), TypeError, ["x must hold numbers"]),
    "bilinear, a row": (lambda: upsample_bilinear(np.ones(5), 2), ValueError, ["x must have"]),
    # pooling
    "sum, size 0": (lambda: sum_pool(X2, 0), ValueError, ["size must be at least 1"]),
    "sum, size 2.0": (
        lambda: sum_pool(X2, 2.0),
        TypeError,
        ["size must be an integer", "legal: 2."],
    ),
    "sum, three sizes": (
        lambda: sum_pool(X2, (1, 2, 2)),
        ValueError,
        ["size is an int, or ("],
    ),
    "sum, too large": (lambda: sum_pool(X2, 6), ValueError, ["Along the height", "6 > 5"]),
    "sum, stride 0": (lambda: sum_pool(X2, 2, stride=0), ValueError, ["stride must be at least 1"]),
    "sum, padding": (
        lambda: sum_pool(X2, 2, padding=2),
        ValueError,
        ["less than the window", "at most 1"],
    ),
    "sum, name": (lambda: sum_pool(X2, 2, padding="full"), ValueError, ["'full'"]),
    "sum, causal": (lambda: sum_pool(X2, 2, padding="causal"), ValueError, ["'causal'"]),
    "sum, objects": (lambda: sum_pool(OBJECTS, 2), TypeError, ["x must hold numbers"]),
    "average, size": (lambda: average_pool(X2, NAN), TypeError, ["size must be an integer"]),
    "average, shape": (lambda: average_pool(X2[0, 0], 2), ValueError, ["x must have the shape"]),
    "average, objects": (lambda: average_pool(OBJECTS, 2), TypeError, ["x must hold numbers"]),
    "average, padding": (
        lambda: average_pool(X2, (1, 2), padding=1),
        ValueError,
        ["Along the height: padding must be less"],
    ),
    "max, complex": (lambda: max_pool(X2 * 1j, 2), TypeError, ["numbers with an order"]),
    "max, size": (lambda: max_pool(X2, -2), ValueError, ["size must be at least 1"]),
    "max, padding": (
        lambda: max_pool(X2, 2, padding=((0, 0), (0, 2))),
        ValueError,
        ["Along the width: padding must be less"],
    ),
    "max, shape": (lambda: max_pool(np.ones((5, 7)), 2), ValueError, ["x must have the shape"]),
    "max, text": (lambda: max_pool(TEXT, 2), TypeError, ["x must hold numbers"]),
    "unpool, float indices": (
        lambda: max_unpool(X2, X2, (9, 9)),
        TypeError,
        ["indices must hold integers", "float64"],
    ),
    "unpool, shapes": (lambda: max_unpool(X2, I2[:1], (9, 9)), ValueError, ["the same shape"]),
    "unpool, outside": (
        lambda: max_unpool(X2, I2 + 81, (9, 9)),
        ValueError,
        ["0 to 80", "81 to 81"],
    ),
    "unpool, negative": (lambda: max_unpool(X2, I2 - 1, (9, 9)), ValueError, ["-1 to -1"]),
    "unpool, int size": (lambda: max_unpool(X2, I2, 9), ValueError, ["output_size is (height"]),
    "unpool, size 0": (lambda: max_unpool(X2, I2, (0, 9)), ValueError, ["output_size along the h"]),
    "unpool, NaN": (lambda: max_unpool(X2, I2, (NAN, 9)), TypeError, ["output_size along the h"]),
    "unpool, objects": (lambda: max_unpool(OBJECTS, I2, (9, 9)), TypeError, ["values must hold"]),
    "unpool, object indices": (
        lambda: max_unpool(X2, OBJECTS, (9, 9)),
        TypeError,
        ["indices must hold"],
    ),
    "max gradient, size": (
        lambda: max_pool_gradient(X2, I2, (1.5, 9)),
        TypeError,
        ["input_size along the height"],
    ),
    "max gradient, outside": (
        lambda: max_pool_gradient(X2, I2 + 4, (2, 2)),
        ValueError,
        ["0 to 3"],
    ),
    "max gradient, shapes": (
        lambda: max_pool_gradient(X2, I2[..., :1], (9, 9)),
        ValueError,
        ["indices and gradient must have the same shape"],
    ),
    # kernels
    "box, 0": (lambda: box_kernel(0), ValueError, ["size must be at least 1"]),
    "box, NaN": (lambda: box_kernel(NAN), TypeError, ["size must be an integer"]),
    "box, text": (lambda: box_kernel("22"), ValueError, ["one for each of 1, 2 or 3 axes"]),
    "box, four axes": (lambda: box_kernel((1, 1, 1, 1)), ValueError, ["1, 2 or 3 axes"]),
    "box, no axes": (lambda: box_kernel(()), ValueError, ["1, 2 or 3 axes"]),
    "box, channels": (lambda: box_kernel(2, 0), ValueError, ["channels must be at least 1"]),
    "bilinear kernel, 0": (lambda: bilinear_kernel(0), ValueError, ["factor must be at least 1"]),
    "bilinear kernel, 1.5": (lambda: bilinear_kernel(1.5), TypeError, ["1 or 2"]),
    "bilinear kernel, channels": (lambda: bilinear_kernel(2, 1.0), TypeError, ["channels must be"]),
    "bilinear kernel, axes": (lambda: bilinear_kernel((2,) * 4), ValueError, ["1, 2 or 3 axes"]),
    "icnr, kernel": (lambda: icnr(K1, 2), ValueError, ["kernel must have the shape", "height"]),
    "icnr, objects": (lambda: icnr(OBJECTS, 2), TypeError, ["kernel must hold numbers"]),
    "icnr, block": (lambda: icnr(X2, 0), ValueError, ["block must be at least 1"]),
    "icnr, float block": (lambda: icnr(X2, 2.0), TypeError, ["block must be an integer"]),
    "icnr, no order": (lambda: icnr(X2, 2, None), TypeError, ["order=None"]),
    "icnr, order": (lambda: icnr(X2, 2, "shuffle"), ValueError, ["'depth_to_space' or"]),
    "resize, padding": (
        lambda: resize_conv_kernel(X2, 2, "full"),
        ValueError,
        ["padding is 'same' or 'valid'", "padding='full'"],
    ),
    "resize, pixels": (lambda: resize_conv_kernel(X2, 2, 1), TypeError, ["padding=1"]),
    "resize, factor": (lambda: resize_conv_kernel(X2, 0), ValueError, ["factor must be at least"]),
    "resize, factors": (
        lambda: resize_conv_kernel(X2, (2,)),
        ValueError,
        ["factor is an int, or (height, width)"],
    ),
    "resize, kernel": (lambda: resize_conv_kernel(np.ones(3), 2), ValueError, ["kernel must have"]),
    "resize, text": (lambda: resize_conv_kernel(TEXT, 2), TypeError, ["kernel must hold numbers"]),
    "flip, layout": (lambda: flip_kernel(X2, "HWXO"), ValueError, ["names I, O and", "'HWXO'"]),
    "flip, no string": (lambda: flip_kernel(X2, 4), TypeError, ["A layout is a string"]),
    "flip, axes": (lambda: flip_kernel(X1), ValueError, ["(..., H, W, I, O)", "4 axes"]),
    "convert, lower case": (lambda: convert_kernel(X2, "hwio", "OIHW"), ValueError, ["'hwio'"]),
    "convert, twice": (lambda: convert_kernel(X2, "HWII", "OIHW"), ValueError, ["'HWII'"]),
    "convert, other axes": (
        lambda: convert_kernel(X2, "HWIO", "DHWIO"),
        ValueError,
        ["must name the same axes"],
    ),
    "convert, images": (lambda: convert_kernel(X2, "NHWC", "NCHW"), ValueError, ["'NHWC'"]),
    "convert, axes": (lambda: convert_kernel(X3, "HWIO", "OIHW"), ValueError, ["4 axes"]),
    "convert, None": (lambda: convert_kernel(X2, None, "OIHW"), TypeError, ["A layout is a"]),
    "convert, objects": (
        lambda: convert_kernel(OBJECTS, "HWIO", "OIHW"),
        TypeError,
        ["kernel must"],
    ),
    # matrix
    "matrix, int shape": (
        lambda: conv_matrix(7, K1),
        ValueError,
        ["shape is (length, in_channels)"],
    ),
    "matrix, batch": (lambda: conv_matrix((2, 7, 3), K1), ValueError, ["of one example"]),
    "matrix, text": (lambda: conv_matrix("73", K1), ValueError, ["of one example"]),
    "matrix, float": (lambda: conv_matrix((7.0, 3), K1), TypeError, ["shape along the length"]),
    "matrix, 0": (lambda: conv_matrix((0, 3), K1), ValueError, ["shape along the length must be"]),
    "matrix, channels": (lambda: conv_matrix((7, 4), K1), ValueError, ["must match the channels"]),
    "matrix, kernel": (lambda: conv_matrix((1, 3), K1), ValueError, ["2 > 1"]),
    "matrix, sparse": (lambda: conv_matrix((7, 3), K1, sparse=1), TypeError, ["sparse is a bool"]),
    "matrix, too many": (
        lambda: conv_matrix((224, 224, 3), np.ones((7, 7, 3, 64))),
        ValueError,
        ["up to 30000000 entries", "sparse=True"],
    ),
    "matrix, absurd": (lambda: conv_matrix((10**12, 3), K1), ValueError, ["3000000000000 entries"]),
    "matrix, absurd volume": (
        lambda: conv_matrix((10**9, 10**9, 10**9, 3), K3),
        ValueError,
        ["entries"],
    ),
    "matrix, sparse and yet too many": (
        lambda: conv_matrix((999, 999, 3), np.ones((9, 9, 3, 3)), sparse=True),
        ValueError,
        ["a smaller input"],
    ),
    "matrix, written out": (
        lambda: conv_matrix((9999, 1), np.ones((1, 1, 1)), sparse=True).toarray(),
        ValueError,
        ["99980001 entries"],
    ),
    "matrix times a matrix": (
        lambda: conv_matrix((7, 3), K1, sparse=True) @ X1,
        ValueError,
        ["as long as it has columns", "(21,)"],
    ),
    # phases
    "overlap, 0": (lambda: overlap_counts(0, 3), ValueError, ["size must be at least 1"]),
    "overlap, 1.5": (lambda: overlap_counts(1.5, 3), TypeError, ["size must be an integer"]),
    "overlap, NaN": (lambda: overlap_counts((4, NAN), 3), TypeError, ["size along the width"]),
    "overlap, four axes": (lambda: overlap_counts((1,) * 4, 3), ValueError, ["1, 2 or 3 axes"]),
    "overlap, kernel": (lambda: overlap_counts(4, 0), ValueError, ["kernel_size must be at least"]),
    "overlap, kernels": (lambda: overlap_counts(4, (3, 3)), ValueError, ["kernel_size is an int"]),
    "overlap, stride": (lambda: overlap_counts(4, 3, stride=0), ValueError, ["stride must be"]),
    "overlap, size": (
        lambda: overlap_counts(4, 3, stride=2, output_shape=(8,)),
        ValueError,
        ["9 or 10", "legal: 9."],
    ),
    "phases, stride": (lambda: phase_sums([1, 2], 0), ValueError, ["stride must be at least 1"]),
    "phases, strides": (lambda: phase_sums([1, 2], (2, 2)), ValueError, ["stride is an int, or"]),
    "phases, float": (lambda: phase_sums([1, 2], 0.5), TypeError, ["stride must be an integer"]),
    "phases, dilation": (lambda: phase_sums([1], 2, dilation=0), ValueError, ["dilation must be"]),
    "phases, no weights": (lambda: phase_sums([], 2), ValueError, ["at least 1 along length"]),
    "phases, a number": (lambda: phase_sums(3, 2), ValueError, ["kernel must have the shape"]),
    "phases, channels": (lambda: phase_sums(X2, 2), ValueError, ["without channels"]),
    "phases, text": (lambda: phase_sums(["a"], 2), TypeError, ["kernel must hold numbers"]),
    "level, too long a stride": (lambda: level_phases([1, 2], 3), ValueError, ["every phase needs a weight"]),
    "level, channels": (lambda: level_phases(X2, 2), ValueError, ["without channels"]),
    "level, float": (lambda: level_phases([1, 2], 0.5), TypeError, ["stride must be an integer"]),
    "response, complex": (
        lambda: frequency_response([1], 2, [1j]),
        TypeError,
        ["frequencies are real"],
    ),
    "response, NaN": (lambda: frequency_response([1], 2, [NAN]), ValueError, ["finite numbers"]),
    "response, a grid": (lambda: frequency_response([1], 2, [[0]]), ValueError, ["one axis"]),
    "response, text": (lambda: frequency_response([1], 2, "f"), TypeError, ["frequencies must"]),
    "response, stride": (lambda: frequency_response([1], NAN, [0]), TypeError, ["stride must be"]),
    "response, channels": (
        lambda: frequency_response(X2, 2, [0]),
        ValueError,
        ["without channels"],
    ),
}
REARRANGE = [depth_to_space, space_to_depth, pixel_shuffle, pixel_unshuffle]
BLOCKS = {
    "0": (0, ValueError, ["block must be at least 1"]),
    "2.0": (2.0, TypeError, ["block must be an integer", "legal: 2."]),
    "NaN": (NAN, TypeError, ["block must be an integer"]),
    "(2, 2)": ((2, 2), TypeError, ["block must be an integer"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_bad_calls(name):
    call, error, pieces = CALLS[name]
    check(call, error, pieces)


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize(
    "rearrange", [depth_to_space, space_to_depth, pixel_shuffle, pixel_unshuffle]
)
def test_bad_blocks(rearrange, name):
    block, error, pieces = BLOCKS[name]
    check(lambda: rearrange(np.ones((4, 4, 4)), block), error, [*pieces, "Nearest legal: "])


@pytest.mark.parametrize(
    "rearrange", [depth_to_space, space_to_depth, pixel_shuffle, pixel_unshuffle]
)
def test_bad_arrays_for_blocks(rearrange):
    check(lambda: rearrange(np.ones((4, 4)), 2), ValueError, ["x must have the shape"])
    check(lambda: rearrange(OBJECTS, 2), TypeError, ["x must hold numbers"])
    check(lambda: rearrange(np.ones((4, 0, 4)), 2), ValueError, ["at least 1 along width"])
    many = np.ones((5, 5, 5))
    rule = "block * block must divide the channels"
    if rearrange in (space_to_depth, pixel_unshuffle):
        rule = "block must divide the height and width"
        many = np.ones((4, 5, 4))
    check(lambda: rearrange(many, 2), ValueError, [rule, str(many.shape), "Nearest legal: "])


def test_the_table_is_as_large_as_it_says():
    rows = len(CONVOLUTIONS) * len(SETTINGS) + len(CALLS) + 4 * len(BLOCKS) + 4 * 4
    assert len(CALLS) >= 150
    assert rows == 395


# ----------------------------------------------------------------------------- a search for crashes

HOSTILE = st.sampled_from(
    [
        *(0, 1, 2, 3, -1, 1.5, NAN, True, None, "same", "causal", "HWIO", "", b"x", 1j, [], [2]),
        *((2, 2), (2, 2, 2), (1, NAN), [(1, 0)], [(0, 1), (1, 0)], {}, {2}, object(), np.int64(2)),
        *(
            np.array(2),
            np.array([2]),
            np.array([[1, 2]]),
            np.zeros((0, 3, 3, 1)),
            np.ones((4, 4, 4)),
        ),
        *(X1, X2, K1, T1, I2, OBJECTS, TEXT, X2.astype("float16"), X2 > 0, X2 * 1j, [[1], [1, 2]]),
        *(np.full((2, 5, 7, 3), NAN), np.ones((2, 2, 3, 4)), np.asfortranarray(X2), X2[::-1, ::2]),
    ]
)
FUNCTIONS = sorted(
    name
    for name in conv_lib.__all__
    if callable(getattr(conv_lib, name)) and name not in ("Agreement", "SparseMatrix", "agreement")
)
KEYWORDS = ["stride", "padding", "dilation", "groups", "output_shape", "output_padding", "sparse"]
KEYWORDS += ["size", "align_corners", "order", "channels"]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(
    derandomize=True,
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(
    st.sampled_from(FUNCTIONS),
    st.lists(HOSTILE, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(KEYWORDS), HOSTILE, max_size=2),
)
def test_any_arguments_give_an_answer_or_an_explanation(name, arguments, keywords):
    arrays = [value for value in arguments if isinstance(value, np.ndarray)]
    before = [array.copy() for array in arrays]
    try:
        getattr(conv_lib, name)(*arguments, **keywords)
    except (TypeError, ValueError) as error:
        # Python's own words where the number or the names of the arguments are wrong.
        own = "argument" in str(error) and f"{name}()" in str(error)
        assert own or "Received: " in str(error), (type(error), str(error))
    for array, copy in zip(arrays, before, strict=True):
        assert array.dtype == object or np.array_equal(
            array, copy, equal_nan=array.dtype.kind in "fc"
        )
