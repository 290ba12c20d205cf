"""Channels to blocks of pixels and back: one rearrangement in the two orders that are in use.

Both give each pixel a block of block * block pixels, made of that many of its channels. They read
the channels in another order: TensorFlow's `depth_to_space` as (py, px, c), PyTorch's
`pixel_shuffle` as (c, py, px), where (py, px) is the place in the block (the *phase*). With one
channel out they are the same; with more, weights trained for one give nonsense in the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from conv_lib._checks import integer, refusal
from conv_lib.ops._arguments import checked_array


def depth_to_space(x: ArrayLike, block: int) -> np.ndarray:
    """Lay channels out as blocks of pixels, channels in TensorFlow's order (py, px, c).

    >>> x = np.arange(8).reshape(1, 1, 1, 8)
    >>> depth_to_space(x, 2)[0, :, :, 0]
    array([[0, 2],
           [4, 6]])
    >>> depth_to_space(x, 2)[0, :, :, 1]
    array([[1, 3],
           [5, 7]])

        y[b, r * block + py, q * block + px, c] = x[b, r, q, (py * block + px) * channels + c]

    Parameters
    ----------
    x : array_like, shape (..., height, width, block * block * channels)
    block : int

    Returns
    -------
    ndarray, shape (..., height * block, width * block, channels)
        In the dtype of `x`.

    Raises
    ------
    TypeError, ValueError
        For arrays that do not hold numbers, a block that is not an integer of at least 1, and
        channels that block * block does not divide.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space
    """
    x, block, (*batch, height, width, channels) = _to_pixels(x, block)
    x = x.reshape(*batch, height, width, block, block, channels)
    # (r, q, py, px, c) to (r, py, q, px, c)
    return x.swapaxes(-4, -3).reshape(*batch, height * block, width * block, channels)


def space_to_depth(x: ArrayLike, block: int) -> np.ndarray:
    """Lay blocks of pixels out as channels, in TensorFlow's order: undo `depth_to_space`.

    >>> space_to_depth(np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1), 2)[0, 0, 0]
    array([1, 2, 3, 4])

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
        Height and width divisible by `block`.
    block : int

    Returns
    -------
    ndarray, shape (..., height // block, width // block, block * block * channels)

    Raises
    ------
    TypeError, ValueError
        As `depth_to_space`, and for sizes that the block does not divide.

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/space_to_depth
    """
    x, block, (*batch, height, width, channels) = _to_channels(x, block)
    x = x.reshape(*batch, height, block, width, block, channels)
    return x.swapaxes(-4, -3).reshape(*batch, height, width, block * block * channels)


def pixel_shuffle(x: ArrayLike, block: int) -> np.ndarray:
    """Lay channels out as blocks of pixels, channels in PyTorch's order (c, py, px).

    >>> x = np.arange(8).reshape(1, 1, 1, 8)
    >>> pixel_shuffle(x, 2)[0, :, :, 0]
    array([[0, 1],
           [2, 3]])
    >>> pixel_shuffle(x, 2)[0, :, :, 1]
    array([[4, 5],
           [6, 7]])

        y[b, r * block + py, q * block + px, c] = x[b, r, q, (c * block + py) * block + px]

    Only the order is PyTorch's: the channels stand last, as everywhere in this package.

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels * block * block)
    block : int

    Returns
    -------
    ndarray, shape (..., height * block, width * block, channels)

    Raises
    ------
    TypeError, ValueError
        As `depth_to_space`.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
    """
    x, block, (*batch, height, width, channels) = _to_pixels(x, block)
    x = x.reshape(*batch, height, width, channels, block, block)
    # (r, q, c, py, px) to (r, py, q, px, c)
    x = np.moveaxis(x, -3, -1).swapaxes(-4, -3)
    return x.reshape(*batch, height * block, width * block, channels)


def pixel_unshuffle(x: ArrayLike, block: int) -> np.ndarray:
    """Lay blocks of pixels out as channels, in PyTorch's order: undo `pixel_shuffle`.

    >>> two_channels = np.arange(8).reshape(1, 2, 2, 2)
    >>> pixel_unshuffle(two_channels, 2)[0, 0, 0]
    array([0, 2, 4, 6, 1, 3, 5, 7])

    Parameters
    ----------
    x : array_like, shape (..., height, width, channels)
        Height and width divisible by `block`.
    block : int

    Returns
    -------
    ndarray, shape (..., height // block, width // block, channels * block * block)

    Raises
    ------
    TypeError, ValueError
        As `space_to_depth`.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
    """
    x, block, (*batch, height, width, channels) = _to_channels(x, block)
    x = x.reshape(*batch, height, block, width, block, channels)
    x = np.moveaxis(x.swapaxes(-4, -3), -1, -3)
    return x.reshape(*batch, height, width, channels * block * block)


# ----------------------------------------------------------------------------------- inside


def _to_pixels(x: ArrayLike, block: int) -> tuple[np.ndarray, int, tuple[int, ...]]:
    """Return a copy of x, the block, and the shape of x with the channels that remain."""
    x, block = (
        np.array(checked_array("x", x, ["height", "width", "channels"])),
        integer("block", block),
    )
    if x.shape[-1] % block**2:
        legal = max(x.shape[-1] // block**2, 1) * block**2
        raise ValueError(
            refusal(
                "block * block must divide the channels of x.",
                f"block={block}, shape {x.shape}",
                f"{legal} channels",
            )
        )
    return x, block, (*x.shape[:-1], x.shape[-1] // block**2)


def _to_channels(x: ArrayLike, block: int) -> tuple[np.ndarray, int, tuple[int, ...]]:
    """Return a copy of x, the block, and the shape of x counted in blocks."""
    x, block = (
        np.array(checked_array("x", x, ["height", "width", "channels"])),
        integer("block", block),
    )
    *batch, height, width, channels = x.shape
    if height % block or width % block:
        sizes = [max(size // block, 1) * block for size in (height, width)]
        raise ValueError(
            refusal(
                "block must divide the height and width of x.",
                f"block={block}, shape {x.shape}",
                f"shape {(*batch, *sizes, channels)}",
            )
        )
    return x, block, (*batch, height // block, width // block, channels)
