"""Upsampling, blocks, pooling, kernels and phases: by hand, and by what they are to one another."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conv_lib import (
    average_pool,
    bilinear_kernel,
    box_kernel,
    conv,
    conv2d,
    conv2d_transpose,
    conv_transpose,
    convert_kernel,
    depth_to_space,
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
    resize_conv_projection,
    space_to_depth,
    sum_pool,
    upsample_bilinear,
    upsample_nearest,
    zero_insert,
)

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=100)


def image(rows):
    return np.array(rows)[None, :, :, None]


def plane(result):
    assert result.shape[0] == result.shape[-1] == 1
    return result[0, :, :, 0].tolist()


# --------------------------------------------------------------- what seed 004 mixes up, kept apart


def test_four_ways_up_from_the_same_four_numbers():
    x = image([[1, 2], [3, 4]])
    assert plane(upsample_nearest(x, 2)) == [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 4, 4],
        [3, 3, 4, 4],
    ]
    # Zero insertion: fixed places, and nothing after the last pixel.
    assert plane(zero_insert(x, 2)) == [[1, 0, 2], [0, 0, 0], [3, 0, 4]]
    # Max unpooling: the places come from the image that was pooled.
    seen = image([[0, 1, 2, 0], [0, 0, 0, 0], [0, 0, 4, 0], [0, 3, 0, 0]])
    _, indices = max_pool(seen, 2)
    assert plane(max_unpool(x, indices, (4, 4))) == plane(seen)
    assert plane(upsample_bilinear(x, 2)) == [
        [1, 1.25, 1.75, 2],
        [1.5, 1.75, 2.25, 2.5],
        [2.5, 2.75, 3.25, 3.5],
        [3, 3.25, 3.75, 4],
    ]


def test_which_is_whose_gradient():
    rng = np.random.default_rng(40)
    x, small = rng.integers(-9, 10, (2, 6, 9, 4)), rng.integers(-9, 10, (2, 2, 3, 4))
    # Nearest upsampling is the adjoint of sum pooling, zero insertion that of subsampling.
    assert (sum_pool(x, 3) * small).sum() == (x * upsample_nearest(small, 3)).sum()
    assert (x[:, :4:3, :7:3] * small).sum() == (x[:, :4, :7] * zero_insert(small, 3)).sum()
    # Both are convolutions with a box, and its transpose.
    box = box_kernel(3, 4)
    assert np.array_equal(conv2d(x, box, stride=3), sum_pool(x, 3))
    assert np.array_equal(conv2d_transpose(small, box, stride=3), upsample_nearest(small, 3))


# -------------------------------------------------------------------------------- upsampling


def test_bilinear_by_hand():
    x = image([[0.0, 6.0, 3.0]])
    assert plane(upsample_bilinear(x, (1, 3))) == [[0, 0, 2, 4, 6, 5, 4, 3, 3]]
    assert plane(upsample_bilinear(x, size=(1, 5), align_corners=True)) == [[0, 3, 6, 4.5, 3]]
    assert plane(upsample_bilinear(x, size=(2, 1), align_corners=True)) == [[0], [0]]
    assert plane(upsample_bilinear(x, size=(1, 1))) == [[6]]  # nothing is averaged
    assert plane(upsample_bilinear(image([[5]]), 2)) == [[5, 5], [5, 5]]
    assert upsample_bilinear(image([[1, 2]]), 2).dtype == "float64"
    assert upsample_bilinear(np.ones((3, 4, 2), "float16"), 2).dtype == "float16"
    assert upsample_bilinear(np.ones((0, 3, 4, 2)), (2, 3)).shape == (0, 6, 12, 2)


@pytest.mark.parametrize("align_corners", [False, True])
def test_bilinear_as_pytorch_states_it_in_fractions(align_corners):
    """nn.functional.interpolate, pixel by pixel, from its documentation and source."""
    line = [3, -7, 10, 1, 4]
    for size, new in itertools.product(range(1, 6), range(1, 14)):
        result = upsample_bilinear(
            np.array(line[:size]).reshape(1, size, 1), size=(1, new), align_corners=align_corners
        )
        for u in range(new):
            if align_corners:
                place = Fraction(size - 1, new - 1) * u if new > 1 else Fraction(0)
            else:
                place = max(Fraction(size, new) * (u + Fraction(1, 2)) - Fraction(1, 2), 0)
            low = int(place)
            high = low + (low < size - 1)
            share = place - low
            expected = line[low] * (1 - share) + line[high] * share
            assert result[0, u, 0] == pytest.approx(float(expected), abs=1e-12)


def test_align_corners_keeps_a_ramp_straight_and_half_pixels_bend_it_at_the_ends():
    ramp = np.arange(5.0).reshape(1, 5, 1)
    straight = upsample_bilinear(ramp, size=(1, 9), align_corners=True)[0, :, 0]
    np.testing.assert_allclose(straight, np.arange(9) / 2)
    bent = upsample_bilinear(ramp, (1, 2))[0, :, 0]
    assert bent.tolist() == [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4]


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 5])
def test_the_bilinear_kernel_interpolates_except_at_the_border(factor):
    rng = np.random.default_rng(41)
    x = rng.normal(size=(2, 5, 7, 3))
    up = upsample_bilinear(x, factor)
    kernel = bilinear_kernel(factor, 3)
    assert kernel.shape[0] == 2 * factor - factor % 2
    transposed = conv2d_transpose(x, kernel, stride=factor, padding="same")
    assert transposed.shape == up.shape
    border = factor // 2
    inside = slice(border, -border or None)
    np.testing.assert_allclose(transposed[:, inside, inside], up[:, inside, inside], atol=1e-13)
    if factor > 1:
        assert abs(transposed - up)[:, 0].max() > 0.1
    # Every phase adds up to one: it neither amplifies nor leaves a checkerboard.
    np.testing.assert_allclose(phase_sums(kernel[..., 0, 0], factor), 1)


# ------------------------------------------------------------------------------------ blocks


def test_blocks_by_hand():
    x = np.arange(12).reshape(1, 1, 1, 12)
    three = depth_to_space(x, 2)
    assert three.shape == (1, 2, 2, 3)
    assert three[0, :, :, 0].tolist() == [[0, 3], [6, 9]]
    assert three[0, :, :, 2].tolist() == [[2, 5], [8, 11]]
    three = pixel_shuffle(x, 2)
    assert three[0, :, :, 0].tolist() == [[0, 1], [2, 3]]
    assert three[0, :, :, 2].tolist() == [[8, 9], [10, 11]]
    wide = np.arange(8).reshape(2, 4, 1)
    assert space_to_depth(wide, 2).tolist() == [[[0, 1, 4, 5], [2, 3, 6, 7]]]
    assert pixel_unshuffle(wide, 2).tolist() == space_to_depth(wide, 2).tolist()


@pytest.mark.parametrize("block", [1, 2, 3])
def test_blocks_undo_each_other_and_differ_by_an_order_of_channels(block):
    rng = np.random.default_rng(42)
    x = rng.normal(size=(2, 3, 4, 5 * block**2))
    for up, down in [(depth_to_space, space_to_depth), (pixel_shuffle, pixel_unshuffle)]:
        assert up(x, block).shape == (2, 3 * block, 4 * block, 5)
        assert np.array_equal(down(up(x, block), block), x)
        assert not np.shares_memory(up(x, block), x)
        assert not np.shares_memory(down(x[..., :1], 1), x)
    reordered = x.reshape(2, 3, 4, 5, block**2).swapaxes(-1, -2).reshape(x.shape)
    assert np.array_equal(depth_to_space(reordered, block), pixel_shuffle(x, block))


def test_a_transposed_convolution_with_kernel_and_stride_alike_is_a_product_and_blocks():
    rng = np.random.default_rng(43)
    x, kernel = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 2, 3, 5))
    pointwise = kernel.transpose(3, 0, 1, 2).reshape(1, 1, 5, 12)
    np.testing.assert_allclose(
        depth_to_space(conv2d(x, pointwise), 2),
        conv2d_transpose(x, kernel, stride=2),
        atol=1e-13,
    )


# ----------------------------------------------------------------------------------- pooling


def test_pooling_by_hand():
    x = image([[1, 5, 2, 0], [3, 4, 9, 9], [7, 8, 6, 1]])
    assert plane(sum_pool(x, 2)) == [[13, 20]]
    assert plane(sum_pool(x, 2, stride=1, padding="same")) == [
        [13, 20, 20, 9],
        [22, 27, 25, 10],
        [15, 14, 7, 1],
    ]
    assert plane(average_pool(x, 2, padding="same")) == [[3.25, 5], [7.5, 3.5]]
    assert plane(average_pool(x, 2, padding=((1, 0), (0, 0)))) == [[3, 1], [5.5, 6.25]]
    values, indices = max_pool(x, 2, padding="same")
    assert plane(values) == [[5, 9], [8, 6]]
    assert plane(indices) == [[1, 6], [9, 10]]  # of two nines the first
    # Padding never wins, not even over negative numbers.
    values, indices = max_pool(-x, 2, padding=((1, 1), (1, 1)))
    assert plane(values) == [[-1, -2, 0], [-3, -4, -1]]
    assert plane(indices) == [[0, 2, 3], [4, 5, 11]]
    assert plane(max_pool(image([[-np.inf]]), 2, padding=1, stride=1)[1]) == [[0, 0], [0, 0]]
    values, indices = max_pool(image([[1.0, np.nan, 5.0]]), (1, 3))
    assert np.isnan(values).all() and plane(indices) == [[1]]
    assert sum_pool(np.full((4, 4, 1), 200, "uint8"), 4).item() == 3200
    assert sum_pool(np.ones((64, 64, 1), "float16"), 64).item() == 4096
    # 800 * 100 is beyond float16: the sum is kept in singles until it is divided.
    assert average_pool(np.full((40, 20, 1), 100, "float16"), (40, 20)).item() == 100


def test_unpooling_and_the_gradient_where_windows_overlap():
    x = image([[1, 9, 2]])
    values, indices = max_pool(x, (1, 2), stride=1)
    assert plane(values) == [[9, 9]]
    assert plane(max_unpool(values, indices, (1, 3))) == [[0, 9, 0]]
    assert plane(max_pool_gradient(values, indices, (1, 3))) == [[0, 18, 0]]
    assert plane(max_unpool(image([[5, 7]]), indices, (1, 3))) == [[0, 7, 0]]  # the last stays


@REPEATABLE
@given(
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(0, 999)
)
def test_max_pool_equals_the_search_written_out(k, other, stride, pad, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 4, (2, 5, 6, 3))
    pads = ((min(pad, k - 1), 0), (0, min(pad, other - 1)))
    how = {"stride": (stride, 1), "padding": pads}
    values, indices = max_pool(x, (k, other), **how)
    sums, averages = sum_pool(x, (k, other), **how), average_pool(x, (k, other), **how)
    for b, r, c, m in np.ndindex(*values.shape):
        top, left = r * stride - pads[0][0], c
        places = [
            (row, column)
            for row in range(max(top, 0), min(top + k, 5))
            for column in range(left, min(left + other, 6))
        ]
        found = max(places, key=lambda place: x[(b, *place, m)])  # noqa: B023
        assert values[b, r, c, m] == x[(b, *found, m)]
        assert indices[b, r, c, m] == found[0] * 6 + found[1]
        total = sum(int(x[(b, *place, m)]) for place in places)
        assert sums[b, r, c, m] == total
        assert averages[b, r, c, m] == pytest.approx(total / len(places))
    # The gradient is the adjoint of picking, with the places held.
    g = rng.integers(-9, 10, values.shape)
    flat = x.reshape(2, 30, 3)
    assert np.array_equal(
        np.take_along_axis(flat, indices.reshape(2, -1, 3), 1).reshape(values.shape), values
    )
    assert (values * g).sum() == (x * max_pool_gradient(g, indices, (5, 6))).sum()
    assert np.array_equal(
        max_unpool(values, indices, (5, 6)),
        np.where(max_pool_gradient(np.ones_like(g), indices, (5, 6)), x, 0),
    )


@pytest.mark.parametrize("batch", [(), (0,), (2, 3), (0, 2)])
def test_leading_axes_of_pooling(batch):
    x = np.random.default_rng(44).normal(size=(*batch, 4, 6, 3))
    assert sum_pool(x, 2).shape == average_pool(x, 2).shape == (*batch, 2, 3, 3)
    values, indices = max_pool(x, 2)
    assert values.shape == indices.shape == (*batch, 2, 3, 3)
    assert max_unpool(values, indices, (4, 6)).shape == x.shape
    assert max_pool_gradient(values, indices, (4, 6)).shape == x.shape


# ----------------------------------------------------------------------------------- kernels


def test_kernels_by_hand():
    assert bilinear_kernel((3,))[:, 0, 0] == pytest.approx(np.array([1, 2, 3, 2, 1]) / 3)
    assert bilinear_kernel(1)[:, :, 0, 0].tolist() == [[1]]
    assert (
        bilinear_kernel(2)[:, :, 0, 0].tolist()
        == (np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 16).tolist()
    )
    assert box_kernel(2, 3).shape == (2, 2, 3, 3)
    assert np.array_equal(box_kernel((2, 3, 4), 2)[1, 2, 3], np.eye(2))
    assert box_kernel((5,)).shape == (5, 1, 1)
    kernel, padding = resize_conv_kernel(np.array([1, 10]).reshape(2, 1, 1), 3)
    assert kernel[:, 0, 0].tolist() == [10, 11, 11, 1]
    assert padding == [(1, 0)]
    assert flip_kernel(np.arange(6).reshape(1, 1, 6), "OIW").ravel().tolist() == [5, 4, 3, 2, 1, 0]
    channels = np.arange(4).reshape(1, 1, 2, 2)
    assert np.array_equal(flip_kernel(channels), channels)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_nearest_upsampling_and_convolution_as_one_transposed_convolution(rank, k, factor):
    """To the last pixel of the border, in integers, for even kernels as well."""
    rng = np.random.default_rng(45)
    spatial, spans = (4, 3, 2)[:rank], (k, k % 5 + 1, 2)[:rank]
    factors = (factor, factor % 4 + 1, 2)[:rank]
    x = rng.integers(-9, 10, (2, *spatial, 2))
    kernel = rng.integers(-9, 10, (*spans, 2, 3))
    large = x
    for axis, times in enumerate(factors):
        large = large.repeat(times, axis=1 + axis)
    for padding in ("same", "valid"):
        if padding == "valid" and any(
            n * f < s for n, f, s in zip(spatial, factors, spans, strict=True)
        ):
            continue
        new, crop = resize_conv_kernel(kernel, factors, padding)
        once = conv_transpose(x, new, stride=factors, padding=crop)
        assert np.array_equal(once, conv(large, kernel, padding=padding))
        if padding == "same" and all(span % 2 for span in spans):
            assert np.array_equal(conv_transpose(x, new, stride=factors, padding="same"), once)
    # The facts' other form: stride-1 "same" transpose in place of the convolution.
    flipped = np.flip(kernel, range(rank)).swapaxes(-1, -2)
    new, _ = resize_conv_kernel(kernel, factors)
    assert np.array_equal(
        conv_transpose(x, new, stride=factors, padding="same"),
        conv_transpose(large, flipped, padding="same"),
    )


@pytest.mark.parametrize(
    "order, up", [("depth_to_space", depth_to_space), ("pixel_shuffle", pixel_shuffle)]
)
def test_icnr_starts_as_nearest_upsampling(order, up):
    rng = np.random.default_rng(46)
    x, kernel = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(3, 3, 3, 4))
    sub_pixel = up(conv2d(x, icnr(kernel, 2, order), padding="same"), 2)
    resized = upsample_nearest(conv2d(x, kernel, padding="same"), 2)
    np.testing.assert_allclose(sub_pixel, resized, atol=1e-13)
    other = {"depth_to_space": pixel_shuffle, "pixel_shuffle": depth_to_space}[order]
    wrong = other(conv2d(x, icnr(kernel, 2, order), padding="same"), 2)
    assert abs(wrong - resized).max() > 0.1


def test_layouts_return_and_agree_with_their_names():
    kernel = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    layouts = ["".join(letters) for letters in itertools.permutations("HWIO")]
    for source, target in itertools.product(layouts, layouts):
        there = convert_kernel(kernel, source, target)
        assert np.array_equal(convert_kernel(there, target, source), kernel)
        assert np.array_equal(there, np.einsum(f"{source}->{target}", kernel))
        assert not np.shares_memory(there, kernel)
        # Flipping and reordering do not disturb each other.
        assert np.array_equal(
            flip_kernel(there, target), convert_kernel(flip_kernel(kernel, source), source, target)
        )
    assert convert_kernel(np.ones((5, 6, 2, 3, 4)), "OIDHW", "DHWIO").shape == (2, 3, 4, 6, 5)
    assert convert_kernel(np.ones((5, 6, 2)), "IOW", "WOI").shape == (2, 6, 5)


# ------------------------------------------------------------------------------------ phases


def test_phases_by_hand():
    assert overlap_counts(3, 3, stride=2).tolist() == [1, 1, 2, 1, 2, 1, 1]
    assert overlap_counts(3, 4, stride=2, padding="same").tolist() == [1, 2, 2, 2, 2, 1]
    assert overlap_counts((4,), 2, stride=3, output_shape=(12,)).tolist() == [1, 1, 0] * 4
    assert overlap_counts((2, 2), 3, stride=2, output_padding=0)[2].tolist() == [2, 2, 4, 2, 2]
    assert phase_sums([1, 2, 3, 5], 2).tolist() == [4, 7]
    assert phase_sums([0.5, 1, 0.5], 2).tolist() == [1, 1]
    assert phase_sums([1, 2], 3).tolist() == [1, 2, 0]
    assert phase_sums([1, 2, 4], 2, dilation=2).tolist() == [7, 0]
    assert phase_sums([[1, 2, 3], [10, 20, 30]], (2, 1)).tolist() == [[6], [60]]
    flat = conv_transpose(np.ones((6, 1)), np.array([1, 2, 3, 5.0]).reshape(4, 1, 1), stride=2)
    assert flat[:, 0].tolist() == [1, 2, *[4, 7] * 5, 3, 5]


@REPEATABLE
@given(
    st.integers(1, 6), st.integers(1, 6), st.integers(1, 5), st.integers(1, 5), st.integers(0, 99)
)
def test_a_flat_image_shows_the_phase_sums(height, width, row, column, seed):
    rng = np.random.default_rng(seed)
    kernel = rng.integers(-9, 10, (height, width))
    stride, dilation = (row, column), (seed % 2 + 1, 1)
    full = conv2d_transpose(
        np.ones((1, 14, 14, 1), int), kernel[..., None, None], stride=stride, dilation=dilation
    )[0, :, :, 0]
    sums = phase_sums(kernel, stride, dilation=dilation)
    for p, q in np.ndindex(*stride):
        assert full[12 * row + p, 12 * column + q] == sums[p, q]
    counts = overlap_counts((14, 14), kernel.shape, stride=stride, dilation=dilation)
    ones = phase_sums(np.ones_like(kernel), stride, dilation=dilation)
    for p, q in np.ndindex(*stride):
        assert counts[12 * row + p, 12 * column + q] == ones[p, q]


def test_overlaps_are_even_when_the_stride_divides_the_kernel_and_only_then():
    for k, s in itertools.product(range(1, 9), range(1, 6)):
        # All but the k - 1 pixels at both ends that fewer stamps reach.
        inside = overlap_counts(12, k, stride=s, output_padding=0)[k - 1 : 12 * s + 1 - s]
        assert (len(set(inside.tolist())) == 1) == (k % s == 0), (k, s)


def test_frequency_response():
    # At multiples of 1 / stride it is the Fourier transform of the phase sums.
    rng = np.random.default_rng(47)
    for k, s in [(3, 2), (4, 2), (5, 3), (2, 4)]:
        kernel = rng.normal(size=k)
        copies = frequency_response(kernel, s, np.arange(s) / s)
        np.testing.assert_allclose(copies, np.fft.fft(phase_sums(kernel, s)) / s, atol=1e-14)
        f = np.arange(16) / 16
        np.testing.assert_allclose(
            frequency_response(kernel, s, f), np.fft.fft(kernel, 16) / s, atol=1e-14
        )
    plane = rng.normal(size=(3, 4))
    np.testing.assert_allclose(
        frequency_response(plane, (2, 3), f), np.fft.fft2(plane, (16, 16)) / 6, atol=1e-14
    )
    # Neither adds a pattern to a flat image; nearest lets more of a wave's copy through.
    near, linear = (
        abs(frequency_response(kernel, 2, [0, 0.375, 0.5]))
        for kernel in ([1, 1], [0.25, 0.75, 0.75, 0.25])
    )
    assert near[0] == linear[0] == 1
    assert near[2] == pytest.approx(0, abs=1e-15) and linear[2] == pytest.approx(0, abs=1e-15)
    assert linear[1] < near[1] / 2


def test_a_wave_comes_out_as_the_response_says():
    """Upsample exp(2 pi i nu t) and look at the amplitude of each copy, by Fourier transform."""
    rng = np.random.default_rng(48)
    size, stride, turns = 24, 3, 5
    kernel = rng.normal(size=4)
    wave = np.exp(2j * np.pi * turns * np.arange(size) / size)
    # Three periods, to have one that no border reaches.
    up = conv_transpose(np.tile(wave, 3)[:, None], kernel[:, None, None] + 0j, stride=stride)[:, 0]
    spectrum = np.fft.fft(up[size * stride : 2 * size * stride]) / (size * stride)
    copies = turns + size * np.arange(stride)
    response = frequency_response(kernel, stride, copies / (size * stride))
    np.testing.assert_allclose(spectrum[copies], response, atol=1e-14)
    spectrum[copies] = 0
    assert abs(spectrum).max() < 1e-14


# ------------------------------------------------------------------------- what callers may hand in

UNARY = {
    "upsample_nearest": (lambda x: upsample_nearest(x, 2)),
    "nearest, factor 1": (lambda x: upsample_nearest(x, 1)),
    "upsample_bilinear": (lambda x: upsample_bilinear(x, 2)),
    "bilinear, factor 1": (lambda x: upsample_bilinear(x, 1)),
    "depth_to_space": (lambda x: depth_to_space(x, 2)),
    "space_to_depth": (lambda x: space_to_depth(x, 2)),
    "space_to_depth 1": (lambda x: space_to_depth(x, 1)),
    "pixel_shuffle": (lambda x: pixel_shuffle(x, 2)),
    "pixel_shuffle 1": (lambda x: pixel_shuffle(x, 1)),
    "pixel_unshuffle": (lambda x: pixel_unshuffle(x, 2)),
    "sum_pool": (lambda x: sum_pool(x, 2)),
    "sum_pool 1": (lambda x: sum_pool(x, 1)),
    "average_pool 1": (lambda x: average_pool(x, 1)),
    "max_pool": (lambda x: max_pool(x, 2, padding="same")[0]),
    "max_pool 1": (lambda x: max_pool(x, 1)[0]),
    "max_unpool": (lambda x: max_unpool(x, np.zeros(np.shape(x), int), (5, 5))),
    "max_pool_gradient": (lambda x: max_pool_gradient(x, np.zeros(np.shape(x), int), (5, 5))),
    "icnr": (lambda x: icnr(x, 1)),
    "resize_conv_kernel": (lambda x: resize_conv_kernel(x, 1)[0]),
    "flip_kernel": flip_kernel,
    "convert_kernel": (lambda x: convert_kernel(x, "HWIO", "HWIO")),
    "phase_sums": (lambda x: phase_sums(np.asarray(x)[0], 1)),
    "frequency_response": (lambda x: frequency_response(np.asarray(x)[0], 1, [0.25])),
}


@pytest.mark.parametrize("name", UNARY)
def test_any_memory_order_and_read_only(name):
    operation = UNARY[name]
    x = np.random.default_rng(49).normal(size=(2, 4, 6, 4))
    expected = operation(x)
    for other in (
        np.asfortranarray(x),
        x[:, ::-1].copy()[:, ::-1],
        np.repeat(x, 2, -1)[..., ::2],
        x.tolist(),
    ):
        np.testing.assert_allclose(operation(other), expected, rtol=0, atol=1e-14)
    before = x.copy()
    x.setflags(write=False)
    result = operation(x)
    assert not np.shares_memory(result, x)
    result[...] = 0
    assert np.array_equal(x, before)


# ------------------------------------------------------------------------------ levelled kernels


@pytest.mark.parametrize(
    "shape, stride", [((4,), 2), ((5,), 3), ((3,), 3), ((3, 5), 2), ((4, 3), (2, 3)), ((2, 3, 4), 2)]
)
def test_a_levelled_kernel_is_clean_and_the_nearest(shape, stride):
    rng = np.random.default_rng(3)
    kernel = rng.normal(size=shape)
    level = level_phases(kernel, stride)
    sums = phase_sums(level, stride)
    np.testing.assert_allclose(sums, phase_sums(kernel, stride).mean(), rtol=0, atol=1e-12)
    # No other kernel with these sums is nearer: what was added is at right angles to every change that keeps them.
    for _ in range(5):
        change = rng.normal(size=shape)
        change -= _to_zero(change, stride)
        assert abs(np.sum((level - kernel) * change)) < 1e-12


def _to_zero(kernel, stride):
    """What must be taken from each weight so that every phase adds up to 0."""
    sums, counts = phase_sums(kernel, stride), phase_sums(np.ones(kernel.shape), stride)
    result = np.zeros(kernel.shape)
    for tap in np.ndindex(*kernel.shape):
        phase = tuple(i % s for i, s in zip(tap, sums.shape, strict=True))
        result[tap] = sums[phase] / counts[phase]
    return result


def test_levelling_keeps_the_input_and_takes_integers():
    kernel = np.array([1, 2, 3, 5])
    assert level_phases(kernel, 2).tolist() == [1.75, 1.25, 3.75, 4.25]
    assert kernel.tolist() == [1, 2, 3, 5]
    assert level_phases([0.5, 1, 0.5], 2).tolist() == [0.5, 1, 0.5]
    assert level_phases([2, 7], 1).tolist() == [2, 7]
    with pytest.raises(ValueError, match="every phase needs a weight"):
        level_phases([1, 2], 3)
    with pytest.raises(ValueError, match="without channels"):
        level_phases(np.ones((2, 2, 1, 1)), 2)
    with pytest.raises(TypeError):
        level_phases([1, 2], 1.5)
# ------------------------------------------------------- what nearest upsampling and a convolution can be


@REPEATABLE
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.integers(0, 99),
)
def test_the_projection_keeps_what_resize_convolution_can_be_and_nothing_else(axes, channels, seed):
    rng = np.random.default_rng(seed)
    spans, factors = [k for k, _ in axes], tuple(s for _, s in axes)
    weights = rng.normal(size=(*spans, *channels))
    kernel, _ = resize_conv_kernel(weights, factors)
    found, kept = resize_conv_projection(kernel, factors)
    np.testing.assert_allclose(kept, kernel, atol=1e-12)
    np.testing.assert_allclose(found, weights, atol=1e-10)
    # Any kernel: what is kept can be made, and what is given up is at right angles to all that can be made.
    other = rng.normal(size=kernel.shape)
    found, kept = resize_conv_projection(other, factors)
    np.testing.assert_allclose(resize_conv_kernel(found, factors)[0], kept, atol=1e-10)
    assert abs(np.sum((other - kept) * kernel)) < 1e-9 * (1 + np.sum(kernel**2))


def test_what_the_projection_gives_up_by_hand():
    pattern = np.array([1.0, -1, 1, -1])
    rng = np.random.default_rng(50)
    kernel = rng.normal(size=(4, 4))
    clean = np.eye(4) - np.outer(pattern, pattern) / 4
    _, kept = resize_conv_projection(kernel[..., None, None], 2)
    np.testing.assert_allclose(kept[..., 0, 0], clean @ kernel @ clean, atol=1e-12)
    # Nine numbers of sixteen, and every one of them clean on flat images.
    basis = np.eye(16).reshape(4, 4, 1, 16)
    assert np.linalg.matrix_rank(resize_conv_projection(basis, 2)[1].reshape(16, 16)) == 9
    np.testing.assert_allclose(phase_sums(kept[..., 0, 0], 2), kernel.sum() / 4)
    bilinear = bilinear_kernel(2)
    weights, same = resize_conv_projection(bilinear, 2)
    np.testing.assert_allclose(same, bilinear, atol=1e-12)
    np.testing.assert_allclose(weights[..., 0, 0] * 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]], atol=1e-12)
    assert resize_conv_projection(np.ones((4, 4, 1, 1), "float32"), 2)[1].dtype == "float32"


def test_a_stride_above_the_kernel_has_no_projection():
    with pytest.raises(ValueError, match="no smaller than the factor"):
        resize_conv_projection(np.ones((2, 4, 1, 1)), 3)
    with pytest.raises(TypeError):
        resize_conv_projection(np.ones((4, 4, 1, 1)), 1.5)
