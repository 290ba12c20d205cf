"""Solutions of the coding exercises as readers write them: right ones, and typical wrong ones with what must be said.

RIGHT:  exercise -> functions that must pass.
WRONG:  exercise -> (function, part of the mistake that must be named).
"""

from __future__ import annotations

import math

import numpy as np

# ------------------------------------------------------------------------------------ conv2d


def conv2d(x, kernel, stride=1, padding=0, dilation=1):
    x = np.pad(x, padding)
    kh, kw = kernel.shape
    rows = (x.shape[0] - (kh - 1) * dilation - 1) // stride + 1
    columns = (x.shape[1] - (kw - 1) * dilation - 1) // stride + 1
    y = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            for i in range(kh):
                for j in range(kw):
                    y[r, c] += x[r * stride + i * dilation, c * stride + j * dilation] * kernel[i, j]
    return y


def conv2d_lists(x, kernel):
    kh, kw = kernel.shape
    return [
        [float((x[r : r + kh, c : c + kw] * kernel).sum()) for c in range(x.shape[1] - kw + 1)]
        for r in range(x.shape[0] - kh + 1)
    ]


def conv2d_strided(image, weights, strides):
    return conv2d(image, weights, strides)


def conv2d_flipped(x, kernel):
    return conv2d(x, kernel[::-1, ::-1])


def conv2d_short(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh, x.shape[1] - kw))
    for r in range(x.shape[0] - kh):
        for c in range(x.shape[1] - kw):
            y[r, c] = (x[r : r + kh, c : c + kw] * kernel).sum()
    return y


def conv2d_loop_ends_early(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for r in range(x.shape[0] - kh):
        for c in range(x.shape[1] - kw):
            y[r, c] = (x[r : r + kh, c : c + kw] * kernel).sum()
    return y


def conv2d_no_stride(x, kernel, stride=1):
    return conv2d(x, kernel)


def conv2d_stride_in_size(x, kernel, stride=1):
    kh, kw = kernel.shape
    y = np.zeros(((x.shape[0] - kh) // stride + 1, (x.shape[1] - kw) // stride + 1))
    for r, c in np.ndindex(*y.shape):
        y[r, c] = (x[r : r + kh, c : c + kw] * kernel).sum()
    return y


def conv2d_no_dilation(x, kernel, dilation=1):
    return conv2d(x, kernel)


def conv2d_dilation_in_size(x, kernel, dilation=1):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - (kh - 1) * dilation, x.shape[1] - (kw - 1) * dilation))
    for r, c in np.ndindex(*y.shape):
        y[r, c] = (x[r : r + kh, c : c + kw] * kernel).sum()
    return y


def conv2d_span(x, kernel, dilation=1):
    kh, kw = kernel.shape
    y = np.zeros((max(x.shape[0] - kh * dilation + 1, 0), max(x.shape[1] - kw * dilation + 1, 0)))
    for r, c, i, j in np.ndindex(*y.shape, kh, kw):
        y[r, c] += x[r + i * dilation, c + j * dilation] * kernel[i, j]
    return y


def conv2d_swapped_index(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for r, c, i, j in np.ndindex(*y.shape, kh, kw):
        y[r, c] += x[r + i, c + j] * kernel[j, i]
    return y


def conv2d_mean(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for r, c in np.ndindex(*y.shape):
        y[r, c] = (x[r : r + kh, c : c + kw] * kernel).mean()
    return y


def conv2d_replaces(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for r, c, i, j in np.ndindex(*y.shape, kh, kw):
        y[r, c] = x[r + i, c + j] * kernel[i, j]
    return y


def conv2d_integers(x, kernel):
    kh, kw = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1), int)
    for r, c in np.ndindex(*y.shape):
        y[r, c] = (x[r : r + kh, c : c + kw] * kernel).sum()
    return y


def conv2d_pad_before(x, kernel, padding=0):
    return conv2d(np.pad(x, ((2 * padding, 0), (2 * padding, 0))), kernel)


# ------------------------------------------------------------------------------- conv2d_same


def total_padding(n, k, s):
    return max((math.ceil(n / s) - 1) * s + k - n, 0)


def conv2d_same(x, kernel, stride=1):
    pads = []
    for n, k in zip(x.shape, kernel.shape, strict=True):
        total = total_padding(n, k, stride)
        pads.append((total // 2, total - total // 2))
    return conv2d(np.pad(x, pads), kernel, stride)


def conv2d_same_odd_before(x, kernel, stride=1):
    pads = []
    for n, k in zip(x.shape, kernel.shape, strict=True):
        total = total_padding(n, k, stride)
        pads.append((total - total // 2, total // 2))
    return conv2d(np.pad(x, pads), kernel, stride)


def conv2d_same_of_stride_1(x, kernel, stride=1):
    pads = [((k - 1) // 2, k // 2) for k in kernel.shape]
    return conv2d(np.pad(x, pads), kernel, stride)


def conv2d_same_half(x, kernel, stride=1):
    return conv2d(np.pad(x, [(k // 2, k // 2) for k in kernel.shape]), kernel, stride)


def conv2d_valid(x, kernel, stride=1):
    return conv2d(x, kernel, stride)


# --------------------------------------------------------------------------- conv2d_channels


def conv2d_channels(x, kernel, bias=0, stride=1):
    kh, kw, _, outs = kernel.shape
    rows, columns = (x.shape[0] - kh) // stride + 1, (x.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns, outs))
    for r, c in np.ndindex(rows, columns):
        window = x[r * stride : r * stride + kh, c * stride : c * stride + kw]
        y[r, c] = np.tensordot(window, kernel, 3) + bias
    return y


def conv2d_groups(x, kernel, groups=1):
    parts = zip(np.split(x, groups, -1), np.split(kernel, groups, -1), strict=True)
    return np.concatenate([conv2d_channels(a, k) for a, k in parts], -1)


def channels_averaged(x, kernel):
    return conv2d_channels(x, kernel) / x.shape[-1]


def channels_mixed(x, kernel):
    kh, kw, ins, outs = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1, outs))
    for m, o in np.ndindex(ins, outs):
        y[..., o] += conv2d(x[..., m], kernel[:, :, o, m])
    return y


def channels_replaced(x, kernel):
    kh, kw, ins, outs = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1, outs))
    for m, o in np.ndindex(ins, outs):
        y[..., o] = conv2d(x[..., m], kernel[:, :, m, o])
    return y


def channels_no_bias(x, kernel, bias=0):
    return conv2d_channels(x, kernel)


def channels_bias_each(x, kernel, bias=0):
    kh, kw, ins, outs = kernel.shape
    y = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1, outs))
    for m in range(ins):
        for o in range(outs):
            y[..., o] += conv2d(x[..., m], kernel[:, :, m, o]) + (bias[o] if np.ndim(bias) else bias)
    return y


def channels_one_out(x, kernel):
    return conv2d_channels(x, kernel).sum(-1)


# ------------------------------------------------------------------------------------ im2col


def im2col(x, size, stride=1):
    rows = []
    for r in range(0, x.shape[0] - size[0] + 1, stride):
        for c in range(0, x.shape[1] - size[1] + 1, stride):
            rows.append(x[r : r + size[0], c : c + size[1]].ravel())
    return np.array(rows)


def im2col_columns(x, size):
    return im2col(x, size).T


def im2col_short(x, size):
    rows = []
    for r in range(x.shape[0] - size[0]):
        for c in range(x.shape[1] - size[1]):
            rows.append(x[r : r + size[0], c : c + size[1]].ravel())
    return np.array(rows).reshape(-1, size[0] * size[1])


def im2col_down(x, size):
    rows = []
    for c in range(x.shape[1] - size[1] + 1):
        for r in range(x.shape[0] - size[0] + 1):
            rows.append(x[r : r + size[0], c : c + size[1]].ravel())
    return np.array(rows)


def im2col_no_stride(x, size, stride=1):
    return im2col(x, size)


# -------------------------------------------------------------------------------------- sizes


def conv_size(size, kernel, stride=1, padding=0, dilation=1):
    return (size + 2 * padding - (kernel - 1) * dilation - 1) // stride + 1


def same_padding(size, kernel, stride=1, dilation=1):
    total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def legal_sizes(n, kernel, stride):
    return [size for size in range(kernel, n * stride + kernel + stride) if conv_size(size, kernel, stride) == n]


def transposed_size(n, kernel, stride, padding=0, dilation=1, output_padding=0):
    return (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1


def receptive_field(layers):
    size = jump = 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size, jump


def receptive_field_backwards(layers):
    size = jump = 1
    for kernel, stride, dilation in reversed(layers):
        size = (size - 1) * stride + (kernel - 1) * dilation + 1
        jump *= stride
    return size, jump


def receptive_field_late(layers):
    size = jump = 1
    for kernel, stride, dilation in layers:
        jump *= stride
        size += (kernel - 1) * dilation * jump
    return size, jump


def receptive_field_no_stride(layers):
    size = jump = 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation
        jump *= stride
    return size, jump


def receptive_field_from_zero(layers):
    size, jump = 0, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size, jump


def windows(size, kernel, stride):
    return [(start, start + kernel) for start in range(0, size - kernel + 1, stride)]


def parameter_count(kernel, ins, outs):
    return (kernel[0] * kernel[1] * ins + 1) * outs


# ----------------------------------------------------------------------------------- matrices


def conv_matrix(shape, kernel, stride=1, *, width=None, flip=False, kernel_stride=1):
    (h, w), (kh, kw) = shape, kernel.shape
    out_h, out_w = (h - kh) // stride + 1, (w - kw) // stride + 1
    matrix = np.zeros((out_h * out_w, h * w))
    for i, j, a, b in np.ndindex(out_h, out_w, kh, kw):
        matrix[i * out_w + j, (i * stride + a) * w + j * stride + b] = kernel[a, b]
    return matrix


def conv_matrix_height(shape, kernel):
    (h, w), (kh, kw) = shape, kernel.shape
    out_h, out_w = h - kh + 1, w - kw + 1
    matrix = np.zeros((out_h * out_w, h * w))
    for i, j, a, b in np.ndindex(out_h, out_w, kh, kw):
        matrix[i * out_w + j, (i + a) * h + j + b] = kernel[a, b]
    return matrix


def conv_matrix_stride_on_kernel(shape, kernel, stride=1):
    (h, w), (kh, kw) = shape, kernel.shape
    out_h, out_w = (h - kh) // stride + 1, (w - kw) // stride + 1
    matrix = np.zeros((out_h * out_w, h * w))
    for i, j, a, b in np.ndindex(out_h, out_w, kh, kw):
        matrix[i * out_w + j, (i + a * stride) * w + j + b * stride] = kernel[a, b]
    return matrix


def matrix_of(layer, shape):
    cells = int(np.prod(shape))
    return np.reshape(layer(np.eye(cells).reshape(cells, *shape)), (cells, -1)).T


def matrix_of_ones(layer, shape):
    return np.diag(np.ravel(layer(np.ones((1, *shape)))))


def adjoint(y, kernel, shape, stride=1):
    gradient = np.zeros(shape)
    for (r, c), value in np.ndenumerate(y):
        top, left = r * stride, c * stride
        gradient[top : top + kernel.shape[0], left : left + kernel.shape[1]] += value * kernel
    return gradient


def adjoint_flipped(y, kernel, shape):
    return adjoint(y, kernel[::-1, ::-1], shape)


def adjoint_replaces(y, kernel, shape):
    gradient = np.zeros(shape)
    for (r, c), value in np.ndenumerate(y):
        gradient[r : r + kernel.shape[0], c : c + kernel.shape[1]] = value * kernel
    return gradient


def adjoint_short(y, kernel, shape, stride=1):
    size = [(n - 1) * stride + k for n, k in zip(y.shape, kernel.shape, strict=True)]
    return adjoint(y, kernel, size, stride)


def adjoint_no_stride(y, kernel, shape, stride=1):
    return adjoint(y, kernel, shape)


# --------------------------------------------------------------------------------- transposed


def conv2d_transpose(x, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    full = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw))
    for r in range(x.shape[0]):
        for c in range(x.shape[1]):
            full[r * stride : r * stride + kh, c * stride : c * stride + kw] += x[r, c] * kernel
    return full[padding : full.shape[0] - padding, padding : full.shape[1] - padding]


def scatter_replaces(x, kernel, stride=1):
    kh, kw = kernel.shape
    full = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw))
    for r, c in np.ndindex(*x.shape):
        full[r * stride : r * stride + kh, c * stride : c * stride + kw] = x[r, c] * kernel
    return full


def scatter_no_stride(x, kernel, stride=1):
    kh, kw = kernel.shape
    full = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw))
    for r, c in np.ndindex(*x.shape):
        full[r : r + kh, c : c + kw] += x[r, c] * kernel
    return full


def scatter_flipped(x, kernel, stride=1):
    return conv2d_transpose(x, kernel[::-1, ::-1], stride)


def scatter_pads(x, kernel, stride=1, padding=0):
    return np.pad(conv2d_transpose(x, kernel, stride), padding)


def scatter_crops_end(x, kernel, stride=1, padding=0):
    full = conv2d_transpose(x, kernel, stride)
    return full[: full.shape[0] - 2 * padding, : full.shape[1] - 2 * padding]


def scatter_n_times_s(x, kernel, stride=1):
    kh, kw = kernel.shape
    full = conv2d_transpose(x, kernel, stride)
    result = np.zeros((x.shape[0] * stride, x.shape[1] * stride))
    part = full[: result.shape[0], : result.shape[1]]
    result[: part.shape[0], : part.shape[1]] = part
    return result


def spread(x, stride):
    result = np.zeros([(n - 1) * stride + 1 for n in x.shape])
    result[::stride, ::stride] = x
    return result


def conv2d_transpose_gather(x, kernel, stride=1, padding=0):
    padded = np.pad(spread(x, stride), [(k - 1, k - 1) for k in kernel.shape])
    full = conv2d(padded, kernel[::-1, ::-1])
    return full[padding : full.shape[0] - padding, padding : full.shape[1] - padding]


def gather_not_rotated(x, kernel, stride=1):
    return conv2d(np.pad(spread(x, stride), [(k - 1, k - 1) for k in kernel.shape]), kernel)


def gather_zeros_after(x, kernel, stride=1):
    result = np.zeros([n * stride for n in x.shape])
    result[::stride, ::stride] = x
    return conv2d(np.pad(result, [(k - 1, k - 1) for k in kernel.shape]), kernel[::-1, ::-1])


def gather_no_zeros(x, kernel, stride=1):
    return conv2d(np.pad(x, [(k - 1, k - 1) for k in kernel.shape]), kernel[::-1, ::-1])


def gather_not_padded(x, kernel, stride=1):
    return conv2d(spread(x, stride), kernel[::-1, ::-1])


def gather_strided(x, kernel, stride=1):
    padded = np.pad(spread(x, stride), [(k - 1, k - 1) for k in kernel.shape])
    return conv2d(padded, kernel[::-1, ::-1], stride)


def zero_insert_after(x, stride):
    result = np.zeros([n * stride for n in x.shape])
    result[::stride, ::stride] = x
    return result


def rotated_kernel(kernel):
    return np.rot90(kernel, 2).swapaxes(2, 3)


def causal_transpose(x, kernel, stride):
    full = np.zeros(max((len(x) - 1) * stride + len(kernel), len(x) * stride))
    for n, value in enumerate(x):
        full[n * stride : n * stride + len(kernel)] += value * kernel
    return full[: len(x) * stride]


def causal_not_cut(x, kernel, stride):
    full = np.zeros((len(x) - 1) * stride + len(kernel))
    for n, value in enumerate(x):
        full[n * stride : n * stride + len(kernel)] += value * kernel
    return full


def causal_start_cut(x, kernel, stride):
    return causal_not_cut(x, kernel, stride)[max(len(kernel) - stride, 0) :]


def causal_middle(x, kernel, stride):
    full = causal_not_cut(x, kernel, stride)
    cut = max(len(kernel) - stride, 0)
    return full[cut // 2 :][: len(x) * stride]


def transpose_channels(x, kernel, stride=1):
    kh, kw, outs, ins = kernel.shape
    full = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw, outs))
    for o in range(outs):
        for m in range(ins):
            full[..., o] += conv2d_transpose(x[..., m], kernel[:, :, o, m], stride)
    return full


def transpose_channels_mixed(x, kernel):
    kh, kw, outs, ins = kernel.shape
    full = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1, outs))
    for o, m in np.ndindex(outs, ins):
        full[..., o] += conv2d_transpose(x[..., m], kernel[:, :, m, o])
    return full


def transpose_channels_replaced(x, kernel):
    kh, kw, outs, ins = kernel.shape
    full = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1, outs))
    for o, m in np.ndindex(outs, ins):
        full[..., o] = conv2d_transpose(x[..., m], kernel[:, :, o, m])
    return full


# ----------------------------------------------------------------- chapters 1 and 4, more of them


def blur(photo):
    channels = [conv2d(photo[..., c], np.full((5, 5), 1 / 25)) for c in range(3)]
    return np.stack(channels, axis=-1)


def blur_mixed(photo):
    return conv2d_channels(photo, np.full((5, 5, 3, 3), 1 / 75))


def blur_bright(photo):
    return np.stack([conv2d(photo[..., c], np.ones((5, 5))) for c in range(3)], axis=-1)


def blur_dark(photo):
    return np.stack([conv2d(photo[..., c], np.full((5, 5), 1 / 75)) for c in range(3)], axis=-1)


def ungroup(kernel, groups):
    height, width, per, outs = kernel.shape
    full = np.zeros((height, width, per * groups, outs))
    for o in range(outs):
        first = o // (outs // groups) * per
        full[:, :, first : first + per, o] = kernel[..., o]
    return full


def ungroup_in_turn(kernel, groups):
    height, width, per, outs = kernel.shape
    full = np.zeros((height, width, per * groups, outs))
    for o in range(outs):
        full[:, :, o // (outs // groups) :: groups, o] = kernel[..., o]
    return full


def polynomials(p, q):
    result = np.zeros((p.shape[0] + q.shape[0] - 1, p.shape[1] + q.shape[1] - 1))
    for (i, j), factor in np.ndenumerate(p):
        result[i : i + q.shape[0], j : j + q.shape[1]] += factor * q
    return result


def polynomials_not_turned(p, q):
    return conv2d(np.pad(p, [(n - 1, n - 1) for n in q.shape]), q)


def separable(depthwise, pointwise):
    return depthwise[..., None] * pointwise


def adjoint_test(forward, backward, x, y):
    return np.isclose(np.vdot(forward(x), y), np.vdot(x, backward(y)))


def adjoint_test_exact(forward, backward, x, y):
    return np.sum(forward(x) * y) == np.sum(x * backward(y))


def transpose_of(forward, y, shape):
    result = np.zeros(shape)
    for place in np.ndindex(*shape):
        one_hot = np.zeros(shape)
        one_hot[place] = 1
        result[place] = np.sum(forward(one_hot) * y)
    return result


def transpose_of_ones(forward, y, shape):
    return transpose_of(forward, np.ones_like(y), shape)


def input_gradient(g, kernel):
    rows, columns = g.shape[1] + kernel.shape[0] - 1, g.shape[2] + kernel.shape[1] - 1
    result = np.zeros((len(g), rows, columns, kernel.shape[2]))
    for i, j in np.ndindex(*kernel.shape[:2]):
        result[:, i : i + g.shape[1], j : j + g.shape[2]] += g @ kernel[i, j].T
    return result


def gradient_by_convolution(g, kernel, pad=1):
    kh, kw = kernel.shape[:2]
    padded = np.pad(g, [(0, 0), (kh - pad, kh - pad), (kw - pad, kw - pad), (0, 0)])
    return np.stack([conv2d_channels(one, kernel) for one in padded])


def gradient_not_turned(g, kernel):
    return gradient_by_convolution(g, kernel.swapaxes(2, 3))


def gradient_not_swapped(g, kernel):
    return gradient_by_convolution(g, kernel[::-1, ::-1])


def gradient_not_padded(g, kernel):
    return np.stack([conv2d_channels(one, kernel[::-1, ::-1].swapaxes(2, 3)) for one in g])


def padded_size(size, depth):
    multiple = 2**depth
    return -(-size // multiple) * multiple


def padded_size_by_search(size, depth):
    while size % 2**depth:
        size += 1
    return size


def fit_to_skip(x, height, width):
    for axis, wanted in enumerate((height, width)):
        more = wanted - x.shape[axis]
        before = abs(more) // 2
        if more >= 0:
            pad = [(0, 0), (0, 0)]
            pad[axis] = (before, more - before)
            x = np.pad(x, pad)
        else:
            x = x[before : before + wanted] if axis == 0 else x[:, before : before + wanted]
    return x


def fit_at_the_end(x, height, width):
    y = np.zeros((height, width))
    h, w = min(height, x.shape[0]), min(width, x.shape[1])
    y[:h, :w] = x[:h, :w]
    return y


def checkerboard(image, stride=2):
    return np.std([image[r::stride, c::stride].mean() for r in range(stride) for c in range(stride)])


def checkerboard_two(image):
    return float(checkerboard(image))


# ----------------------------------------------------------------------------------- porting


def port_kernel(kernel):
    return np.transpose(kernel, (3, 2, 0, 1))


def dense_rows(weights, height, width, channels):
    order = np.arange(height * width * channels).reshape(height, width, channels)
    return weights[order.transpose(2, 0, 1).ravel()]


def jax_padding(kernel, padding, output_padding):
    before = kernel - 1 - padding
    return before, before + output_padding


def im2col_bytes(height, width, channels, kernel, stride=1):
    rows = (height - kernel[0]) // stride + 1
    columns = (width - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * channels * 4


def tf32(x):
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + np.uint32(1 << 12)) & np.uint32(0xFFFFE000)).view(np.float32)


def tf32_by_frexp(x):
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.round(mantissa * 2**11) / 2**11, exponent)


def tf32_cut(x):
    return (np.asarray(x, np.float32).view(np.uint32) & np.uint32(0xFFFFE000)).view(np.float32)


def tf32_nine(x):
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.round(mantissa * 2**10) / 2**10, exponent)


def tf32_fixed(x):
    return np.round(x * 1024) / 1024
# ------------------------------------------------------------------------------------- phases


def my_phase_sums(kernel, stride):
    sums = np.zeros((stride, stride))
    for (i, j), weight in np.ndenumerate(kernel):
        sums[i % stride, j % stride] += weight
    return sums


def phase_sums_by_slices(kernel, stride):
    return [[kernel[p::stride, q::stride].sum() for q in range(stride)] for p in range(stride)]


def phase_sums_blocks(kernel, stride):
    h, w = (-(-n // stride) for n in kernel.shape)
    sums = np.zeros((h, w))
    for (i, j), weight in np.ndenumerate(kernel):
        sums[i // stride, j // stride] += weight
    return sums


def my_level(kernel, stride):
    level = kernel.astype(float).copy()
    mean = kernel.sum() / stride**2
    for p in range(stride):
        for q in range(stride):
            part = level[p::stride, q::stride]
            part += (mean - part.sum()) / part.size
    return level


def level_scaled(kernel, stride):
    level = kernel.astype(float).copy()
    mean = kernel.sum() / stride**2
    for p in range(stride):
        for q in range(stride):
            level[p::stride, q::stride] *= mean / level[p::stride, q::stride].sum()
    return level


def level_to_one(kernel, stride):
    level = kernel.astype(float).copy()
    for p in range(stride):
        for q in range(stride):
            part = level[p::stride, q::stride]
            part += (1 - part.sum()) / part.size
    return level


def level_in_full(kernel, stride):
    sums = my_phase_sums(kernel, stride)
    level = kernel.astype(float).copy()
    for (i, j), _ in np.ndenumerate(kernel):
        level[i, j] += sums.mean() - sums[i % stride, j % stride]
    return level
# ------------------------------------------------------------------------------------ upsampling


def resize_kernel(kernel, factor):
    stamp = kernel[::-1, ::-1]
    kh, kw = stamp.shape
    out = np.zeros((kh + factor - 1, kw + factor - 1))
    for i in range(factor):
        for j in range(factor):
            out[i : i + kh, j : j + kw] += stamp
    return out


def resize_kernel_unturned(kernel, factor):
    return resize_kernel(kernel[::-1, ::-1], factor)


def bilinear_row(x, factor):
    result = []
    for u in range(len(x) * factor):
        place = (u + 0.5) / factor - 0.5
        place = min(max(place, 0), len(x) - 1)
        low = int(place)
        high = min(low + 1, len(x) - 1)
        result.append(x[low] + (x[high] - x[low]) * (place - low))
    return result


def bilinear_row_legacy(x, factor):
    return np.interp([u / factor for u in range(len(x) * factor)], range(len(x)), x)


def depth_to_space(x, block):
    h, w, c = x.shape
    y = np.zeros((h * block, w * block, c // block**2))
    for i in range(block):
        for j in range(block):
            first = (i * block + j) * y.shape[2]
            y[i::block, j::block] = x[:, :, first : first + y.shape[2]]
    return y


def depth_to_space_interleaved(x, block):
    y = np.zeros((x.shape[0] * block, x.shape[1] * block, x.shape[2] // block**2))
    for i in range(block):
        for j in range(block):
            y[i::block, j::block] = x[:, :, i * block + j :: block**2]
    return y


def depth_to_space_swapped(x, block):
    h, w, c = x.shape
    y = np.zeros((h * block, w * block, c // block**2))
    for i in range(block):
        for j in range(block):
            first = (j * block + i) * y.shape[2]
            y[i::block, j::block] = x[:, :, first : first + y.shape[2]]
    return y


def resize_part(kernel):
    kernel = kernel.copy()
    for lines in (kernel, kernel.T):
        for line in lines:
            signs = (-1.0) ** np.arange(len(line))
            line -= signs * (signs @ line) / len(line)
    return kernel


def resize_part_rows(kernel):
    signs = (-1.0) ** np.arange(kernel.shape[1])
    return kernel - np.outer(kernel @ signs, signs) / len(signs)


# ------------------------------------------------------------------------------------ claims


def first_broken(claim, settings):
    for place, setting in enumerate(settings):
        try:
            holds = claim(setting)
        except ValueError:
            continue
        if not holds:
            return place
    return -1


def first_broken_by_list(claim, settings):
    def broken(setting):
        try:
            return not claim(setting)
        except ValueError:
            return False

    return next((place for place, setting in enumerate(settings) if broken(setting)), -1)


def last_broken(claim, settings):
    found = -1
    for place, setting in enumerate(settings):
        try:
            if not claim(setting):
                found = place
        except ValueError:
            pass
    return found


def first_refused_too(claim, settings):
    for place, setting in enumerate(settings):
        try:
            if not claim(setting):
                return place
        except ValueError:
            return place
    return -1


def broken_setting(claim, settings):
    place = first_broken(claim, settings)
    return settings[place] if place >= 0 else -1


def broken_or_length(claim, settings):
    place = first_broken(claim, settings)
    return len(settings) if place < 0 else place


RIGHT = {
    "padded_size": [padded_size, padded_size_by_search],
    "fit_to_skip": [fit_to_skip],
    "checkerboard": [checkerboard, checkerboard_two],
    "port_kernel": [port_kernel, lambda kernel: np.moveaxis(kernel, [3, 2], [0, 1])],
    "dense_rows": [dense_rows],
    "jax_padding": [jax_padding],
    "im2col_bytes": [im2col_bytes],
    "tf32": [tf32, tf32_by_frexp],
    "conv2d": [conv2d, conv2d_lists, conv2d_strided],
    "conv2d_same": [conv2d_same],
    "conv2d_channels": [conv2d_channels, conv2d_groups],
    "im2col": [im2col],
    "conv_size": [conv_size],
    "same_padding": [same_padding],
    "legal_sizes": [legal_sizes, lambda n, k, s: range((n - 1) * s + k, (n - 1) * s + k + s)],
    "transposed_size": [transposed_size],
    "receptive_field": [receptive_field, receptive_field_backwards],
    "windows": [windows],
    "parameter_count": [parameter_count],
    "blur": [blur],
    "ungroup": [ungroup],
    "polynomials": [polynomials],
    "separable": [separable],
    "adjoint_test": [adjoint_test],
    "transpose_of": [transpose_of],
    "input_gradient": [input_gradient],
    "conv_matrix": [conv_matrix],
    "matrix_of": [matrix_of],
    "adjoint": [adjoint],
    "conv2d_transpose": [conv2d_transpose],
    "conv2d_transpose_gather": [conv2d_transpose_gather],
    "zero_insert": [spread],
    "rotated_kernel": [rotated_kernel],
    "causal_transpose": [causal_transpose],
    "conv2d_transpose_channels": [transpose_channels],
    "phase_sums": [my_phase_sums, phase_sums_by_slices],
    "level_phases": [my_level],
    "resize_kernel": [resize_kernel],
    "bilinear_row": [bilinear_row],
    "depth_to_space": [
        depth_to_space,
        lambda x, block: x.reshape(*x.shape[:2], block, block, -1)
        .swapaxes(1, 2)
        .reshape(x.shape[0] * block, x.shape[1] * block, -1),
    ],
    "resize_part": [resize_part],
    "counterexample": [first_broken, first_broken_by_list],
}

WRONG = {
    "padded_size": [
        (lambda size, depth: padded_size(size + 1, depth), "needs nothing"),
        (lambda size, depth: size - size % 2**depth, "rounded down"),
        (lambda size, depth: -(-size // (2 * depth)) * 2 * depth, "2 ** depth"),
        (lambda size, depth: 2**depth - size % 2**depth, ""),
    ],
    "fit_to_skip": [
        (lambda x, height, width: fit_to_skip(x, width, height), "mixed up"),
        (fit_at_the_end, "shifted"),
        (lambda x, height, width: fit_to_skip(x[::-1, ::-1], height, width)[::-1, ::-1], "stands before"),
    ],
    "checkerboard": [
        (lambda image: np.std(image), "measures the picture"),
        (lambda image, stride=2: checkerboard(image, stride) ** 2, "variance"),
        (lambda image: abs(image[::2, ::2].mean() - image[1::2, 1::2].mean()) / 2, "diagonal"),
    ],
    "port_kernel": [
        (lambda kernel: kernel.T, "Height and width are swapped"),
        (lambda kernel: np.transpose(kernel, (2, 3, 0, 1)), "In and out are swapped"),
        (lambda kernel: kernel[::-1, ::-1].transpose(3, 2, 0, 1), "nothing is flipped"),
        (lambda kernel: kernel, "Keras' order"),
    ],
    "dense_rows": [
        (lambda weights, height, width, channels: weights, "Nothing has moved"),
        (
            lambda weights, height, width, channels: weights.reshape(channels, height, width, -1)
            .transpose(1, 2, 0, 3)
            .reshape(weights.shape),
            "the way back",
        ),
        (
            lambda weights, height, width, channels: weights.reshape(height, width, channels, -1)
            .transpose(2, 1, 0, 3)
            .reshape(weights.shape),
            "Height and width are swapped",
        ),
    ],
    "jax_padding": [
        (lambda kernel, padding, output_padding: (padding, padding), "passed on"),
        (lambda kernel, padding, output_padding: (kernel - 1 - padding,) * 2, "output_padding is lost"),
        (lambda kernel, padding, output_padding: (kernel - padding, kernel - padding + output_padding), "One too many"),
    ],
    "im2col_bytes": [
        (lambda height, width, channels, kernel: im2col_bytes(height, width, channels, kernel) // 4, "four bytes"),
        (lambda height, width, channels, kernel: im2col_bytes(height, width, 1, kernel), "channels are missing"),
        (lambda height, width, channels, kernel, stride=1: im2col_bytes(height, width, channels, kernel), "stride"),
        (lambda height, width, channels, kernel: height * width * channels * kernel[0] * kernel[1] * 4, "every pixel"),
    ],
    "tf32": [
        (tf32_cut, "cut off"),
        (tf32_nine, "9 bits"),
        (tf32_fixed, "same place"),
        (lambda x: x, "Nothing"),
        (lambda x: np.asarray(x, np.float16), "float16"),
    ],
    "conv2d": [
        (conv2d_flipped, "180 degrees"),
        (conv2d_short, "last row and the last column are missing"),
        (conv2d_loop_ends_early, "stay zero"),
        (conv2d_no_stride, "stride is forgotten"),
        (conv2d_stride_in_size, "not in the place of the window"),
        (conv2d_no_dilation, "dilation is forgotten"),
        (conv2d_dilation_in_size, "not in the place of the weights"),
        (conv2d_span, "not k·d"),
        (conv2d_swapped_index, "rows and columns are swapped"),
        (conv2d_mean, "averaged"),
        (conv2d_replaces, "`+=`"),
        (conv2d_integers, "integers"),
        (conv2d_pad_before, "before the input"),
        (lambda x, kernel: conv2d(x, kernel).T, "Height and width"),
        (lambda x, kernel, padding=0: conv2d(x, kernel), "padding is forgotten"),
    ],
    "conv2d_same": [
        (conv2d_same_odd_before, "odd pixel"),
        (conv2d_same_of_stride_1, "that of stride 1"),
        (conv2d_same_half, "k // 2"),
        (conv2d_valid, "Nothing is padded"),
    ],
    "conv2d_channels": [
        (channels_averaged, "averaged"),
        (channels_mixed, "In and out are mixed up"),
        (channels_replaced, "`+=`"),
        (channels_no_bias, "bias is forgotten"),
        (channels_bias_each, "once for every input channel"),
        (channels_one_out, "one channel"),
        (lambda x, kernel: conv2d_channels(x, kernel[::-1, ::-1]), "180 degrees"),
        (lambda x, kernel: np.moveaxis(conv2d_channels(x, kernel), -1, 0), "channels come first"),
    ],
    "im2col": [
        (im2col_columns, "each window is a row"),
        (im2col_short, "n − k + 1"),
        (im2col_down, "column by column"),
        (im2col_no_stride, "stride is forgotten"),
        (lambda x, size: im2col(x, size)[:, ::-1], "backwards"),
    ],
    "conv_size": [
        (lambda size, kernel, stride=1: (size - kernel) // stride, "One is missing"),
        (lambda size, kernel, stride=1: -(-(size - kernel) // stride) + 1, "rounded up"),
        (lambda size, kernel, stride=1: (size - kernel) / stride + 1, "`//`"),
        (lambda n, k, stride=1, padding=0: (n + padding - k) // stride + 1, "counted once"),
        (lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - k * dilation) // stride + 1, "not k·d"),
        (lambda size, kernel, stride=1: -(-size // stride), '"same"'),
        (lambda size, kernel, stride=1: (size - kernel + 1) // stride, "before the division"),
    ],
    "same_padding": [
        (lambda n, k, s=1: (total_padding(n, k, s) - total_padding(n, k, s) // 2, total_padding(n, k, s) // 2), "odd"),
        (lambda n, k, s=1: ((k - 1) // 2, k // 2), "stride 1"),
        (lambda n, k, s=1: (total_padding(n, k, s) // 2,) * 2, "Both sides get the same"),
        (
            lambda n, k, s=1: (lambda t: (t // 2, t - t // 2))((math.ceil(n / s) - 1) * s + k - n),
            "below zero",
        ),
    ],
    "legal_sizes": [
        (lambda n, k, s: [(n - 1) * s + k], "Only the smallest"),
        (lambda n, k, s: range((n - 1) * s + k, (n - 1) * s + k + s - 1), "largest is missing"),
        (lambda n, k, s: range((n - 1) * s + k, (n - 1) * s + k + s + 1), "One too many"),
        (lambda n, k, s: range((n - 1) * s + 1, n * s + 1), 'rule for "same"'),
    ],
    "transposed_size": [
        (lambda n, k, s, padding=0: (n - 1) * s + k + 2 * padding, "is added"),
        (lambda n, k, s, padding=0: (n - 1) * s + k - padding, "taken off once"),
        (lambda n, k, s, padding=0: n * s + k - 2 * padding, "not at n·s"),
        (lambda n, k, s, padding=0: n * s, "n·s, the rule"),
        (lambda n, k, s, padding=0, output_padding=0: (n - 1) * s + k - 2 * padding, "`output_padding` is forgotten"),
    ],
    "receptive_field": [
        (receptive_field_no_stride, "strides are forgotten"),
        (receptive_field_late, "own stride"),
        (receptive_field_from_zero, "begin with 1"),
        (lambda layers: receptive_field(layers[::-1]), "other end"),
        (lambda layers: receptive_field([(k, s, 1) for k, s, _ in layers]), "dilation is forgotten"),
        (lambda layers: (receptive_field(layers)[0], sum(s for _, s, _ in layers) or 1), "They multiply"),
    ],
    "windows": [
        (lambda size, kernel, stride: windows(size - 1, kernel, stride), "size − kernel"),
        (lambda size, kernel, stride: [(i, i + kernel) for i in range(0, size, stride)], "over the end"),
        (lambda size, kernel, stride: [(a, b - 1) for a, b in windows(size, kernel, stride)], "one more"),
        (lambda size, kernel, stride: windows(size, kernel, 1), "stride is forgotten"),
    ],
    "blur": [
        (blur_mixed, "mixed"),
        (blur_bright, "brighter"),
        (blur_dark, "darker"),
        (lambda photo: blur(photo).sum(-1, keepdims=True), "one channel"),
    ],
    "ungroup": [
        (lambda kernel, groups: np.tile(kernel, (1, 1, groups, 1)), "Every group is filled"),
        (ungroup_in_turn, "in turn"),
        (lambda kernel, groups: kernel, "as it was"),
    ],
    "polynomials": [
        (polynomials_not_turned, "turned by 180 degrees"),
        (lambda p, q: conv2d(p, q[::-1, ::-1]), "too small"),
        (lambda p, q: p * q, "one by one"),
    ],
    "separable": [
        (lambda depthwise, pointwise: depthwise @ pointwise, "added up already"),
        (lambda depthwise, pointwise: depthwise[..., None] + pointwise, "they multiply"),
        (lambda depthwise, pointwise: (depthwise[..., None] * pointwise).swapaxes(2, 3), "changed places"),
    ],
    "adjoint_test": [
        (adjoint_test_exact, "np.isclose"),
        (lambda forward, backward, x, y: True, "True to everything"),
        (lambda forward, backward, x, y: np.isclose(forward(x).sum(), backward(y).sum()), "Multiply by"),
        (lambda forward, backward, x, y: np.allclose(backward(forward(x)), x), "undoes"),
    ],
    "transpose_of": [
        (transpose_of_ones, "Multiply them by `y`"),
        (lambda forward, y, shape: forward(y), "`forward` itself"),
        (lambda forward, y, shape: 2 * transpose_of(forward, y, shape), "twice too large"),
    ],
    "input_gradient": [
        (gradient_not_turned, "not turned"),
        (gradient_not_swapped, "not swapped"),
        (gradient_not_padded, "not padded"),
    ],
    "parameter_count": [
        (lambda kernel, ins, outs: kernel[0] * kernel[1] * ins * outs, "bias is forgotten"),
        (lambda kernel, ins, outs: kernel[0] * kernel[1] * ins * outs + 1, "one number in all"),
        (lambda kernel, ins, outs: (kernel[0] * kernel[1] + 1) * outs, "input channels are missing"),
    ],
    "conv_matrix": [
        (lambda shape, kernel: conv_matrix(shape, kernel).T, "turned"),
        (conv_matrix_height, "counted as h"),
        (conv_matrix_stride_on_kernel, "multiplies the kernel's index"),
        (lambda shape, kernel: conv_matrix(shape, kernel[::-1, ::-1]), "180 degrees"),
        (lambda shape, kernel, stride=1: conv_matrix(shape, kernel), "stride is forgotten"),
    ],
    "matrix_of": [
        (lambda layer, shape: matrix_of(layer, shape).T, "turned"),
        (matrix_of_ones, "one image of ones"),
        (lambda layer, shape: layer(np.eye(int(np.prod(shape))).reshape(-1, *shape)), "flatten each"),
    ],
    "adjoint": [
        (adjoint_flipped, "180 degrees"),
        (adjoint_replaces, "`+=`"),
        (adjoint_short, "no window reached"),
        (adjoint_no_stride, "place of the stamp"),
    ],
    "conv2d_transpose": [
        (scatter_replaces, "`+=`"),
        (scatter_no_stride, "place of the stamps"),
        (scatter_flipped, "180 degrees"),
        (scatter_pads, "added around the result"),
        (scatter_crops_end, "cropped at the end"),
        (scatter_n_times_s, "n·s cells"),
        (lambda x, kernel, stride=1: conv2d(x, kernel, stride), "That is the convolution"),
    ],
    "conv2d_transpose_gather": [
        (gather_not_rotated, "not rotated"),
        (gather_zeros_after, "after the last"),
        (gather_no_zeros, "No zeros are inserted"),
        (gather_not_padded, "kernel − 1"),
        (gather_strided, "moves by 1"),
    ],
    "zero_insert": [
        (zero_insert_after, "after the last"),
        (lambda x, stride: np.kron(x, np.ones((stride, stride))), "repeated"),
        (lambda x, stride: spread(x, stride + 1), "One fewer"),
        (lambda x, stride: x[::stride, ::stride], "opposite"),
    ],
    "rotated_kernel": [
        (lambda kernel: kernel[::-1, ::-1], "did not change places"),
        (lambda kernel: kernel.swapaxes(2, 3), "Nothing was turned"),
        (lambda kernel: kernel.T, "`.T`"),
        (lambda kernel: np.flip(kernel).swapaxes(2, 3), "channels run backwards"),
    ],
    "causal_transpose": [
        (causal_not_cut, "Nothing is cut off"),
        (causal_start_cut, "beginning is cut off"),
        (causal_middle, "Both ends"),
    ],
    "conv2d_transpose_channels": [
        (transpose_channels_mixed, "In and out are mixed up"),
        (transpose_channels_replaced, "`+=`"),
        (lambda x, kernel: transpose_channels(x, kernel) / x.shape[-1], "averaged"),
        (lambda x, kernel: transpose_channels(x, kernel[::-1, ::-1]), "180 degrees"),
    ],
    "phase_sums": [
        (phase_sums_blocks, "i % stride"),
        (lambda kernel, stride: my_phase_sums(kernel, stride).T, "swapped"),
        (lambda kernel, stride: my_phase_sums(np.ones_like(kernel), stride), "counted"),
        (
            lambda kernel, stride: [
                [kernel[p::stride, q::stride].sum() / max(kernel[p::stride, q::stride].size, 1) for q in range(stride)]
                for p in range(stride)
            ],
            "averaged",
        ),
    ],
    "level_phases": [
        (level_scaled, "scaled"),
        (level_to_one, "sums are 1"),
        (level_in_full, "in full"),
        (my_phase_sums, "Return a kernel"),
    ],
    "resize_kernel": [
        (resize_kernel_unturned, "not turned"),
        (lambda kernel, factor: np.kron(kernel[::-1, ::-1], np.ones((factor, factor))), "became a block"),
        (lambda kernel, factor: resize_kernel(kernel, factor)[:-1, :-1], "last row and the last column"),
        (lambda kernel, factor: resize_kernel(kernel, factor) / factor**2, "does not average"),
    ],
    "bilinear_row": [
        (bilinear_row_legacy, "half pixels are missing"),
        (lambda x, factor: np.repeat(x, factor), "nearest"),
        (lambda x, factor: np.interp(np.linspace(0, len(x) - 1, len(x) * factor), range(len(x)), x), "align_corners"),
    ],
    "depth_to_space": [
        (depth_to_space_interleaved, "PyTorch"),
        (depth_to_space_swapped, "swapped"),
        (lambda x, block: x.reshape(x.shape[0] * block, x.shape[1] * block, -1), "counted off"),
    ],
    "resize_part": [
        (resize_part_rows, "out of the rows only"),
        (lambda kernel: resize_part_rows(kernel.T).T, "out of the columns only"),
        (lambda kernel: kernel - resize_part(kernel), "what is given up"),
    ],
    "counterexample": [
        (last_broken, "last setting"),
        (first_refused_too, "not legal counts as broken"),
        (broken_setting, "setting itself"),
        (broken_or_length, "length of the list"),
    ],
}
