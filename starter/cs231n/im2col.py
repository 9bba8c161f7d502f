"""Convolution and max pooling in plain NumPy: what runs until the extension is compiled, one image at a time.

Each function has a twin of the same name and arguments in ``im2col_cython``. They fill arrays that the caller made and
take what ``fast_layers`` has checked. Several threads may call one with the same arguments: each takes images in
turn, or parts of the batch, until all are done.
"""

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# Numbers from 0, which threads that share a batch take in turn. Who is free takes the next.
Turns = itertools.count


def im2col(image, height, width, stride, pad):
    """Lay every window of an image out as a column.

    Parameters
    ----------
    image : array of shape (C, H, W)
    height, width : int
        The size of a window.
    stride, pad : int

    Returns
    -------
    array of shape (C * height * width, out_height * out_width)
        A row holds what one weight of a filter meets, over all positions of the filter.
    """
    image = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(image, (height, width), axis=(1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(0, 3, 4, 1, 2)
    return columns.reshape(image.shape[0] * height * width, -1)


def col2im(columns, out, height, width, stride, pad):
    """Add every column back to the window of the image it came from; the transpose of `im2col`.

    Parameters
    ----------
    columns : array of shape (C * height * width, out_height * out_width)
    out : array of shape (C, H, W), overwritten
    height, width, stride, pad : int
    """
    channels, rows, cols = out.shape
    padded = np.zeros((channels, rows + 2 * pad, cols + 2 * pad), dtype=out.dtype)
    out_height = (padded.shape[1] - height) // stride + 1
    columns = columns.reshape(channels, height, width, out_height, -1)
    for i in range(height):
        for j in range(width):
            cell(padded, i, j, stride, columns.shape[3:])[...] += columns[:, i, j]
    out[...] = padded[:, pad : pad + rows, pad : pad + cols]


def get_im2col_indices(x_shape, field_height, field_width, padding=1, stride=1):
    """Give k, i and j such that ``padded[:, k, i, j]`` are the columns of every image; as in CS231n.

    Returns
    -------
    k, i, j : arrays of ints
        Channel, row and column of shapes (C * height * width, 1), and twice (C * height * width, H' * W').
    """
    _, channels, rows, cols = x_shape
    out_height = (rows + 2 * padding - field_height) // stride + 1
    out_width = (cols + 2 * padding - field_width) // stride + 1
    k, i, j = (each.reshape(-1, 1) for each in np.indices((channels, field_height, field_width)))
    y, x = (stride * each.reshape(1, -1) for each in np.indices((out_height, out_width)))
    return k, i + y, j + x


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    """Lay every window of every image out as a column, the image's number running fastest; as in CS231n."""
    columns = [im2col(image, field_height, field_width, stride, padding) for image in x]
    return np.stack(columns, axis=-1).reshape(len(columns[0]), -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    """Add every column back to its window: the transpose of `im2col_indices`; as in CS231n."""
    images = np.empty(x_shape, dtype=cols.dtype)
    for columns, image in zip(
        np.moveaxis(cols.reshape(len(cols), -1, x_shape[0]), -1, 0), images, strict=True
    ):
        col2im(columns, image, field_height, field_width, stride, padding)
    return images


def cell(images, i, j, stride, out_shape):
    """View, for all windows at once, the pixel in row `i` and column `j` of each window."""
    rows, cols = out_shape
    return images[..., i : i + stride * rows : stride, j : j + stride * cols : stride]


def taken(turns, count):
    """Yield the numbers below `count` that no other thread has taken."""
    return itertools.takewhile(lambda turn: turn < count, turns)


def conv_forward(x, w, b, stride, pad, out, images):
    """Fill `out`, shape (N, F, H', W'), with the convolution of `x` and `w` plus the bias `b`."""
    filters, _, height, width = w.shape
    flat_w = w.reshape(filters, -1)
    for n in taken(images, len(x)):
        columns = im2col(x[n], height, width, stride, pad)
        out[n] = (flat_w @ columns + b[:, None]).reshape(out.shape[1:])


def weight_gradient(dout, x, w, stride, pad, sums, parts):
    """Fill sums[i] with ``columns @ dout.T``, the transpose of dw and, below it, db, over the i-th part of the images.

    Rows of `sums` have room for filters beyond the last.
    """
    filters, _, height, width = w.shape
    sums[..., filters:] = 0
    for part in taken(parts, len(sums)):
        total = sums[part, :, :filters]
        total[...] = 0
        for n in range(part * len(x) // len(sums), (part + 1) * len(x) // len(sums)):
            gradient = dout[n].reshape(filters, -1)
            total[:-1] += im2col(x[n], height, width, stride, pad) @ gradient.T
            total[-1] += gradient.sum(axis=1)


def image_gradient(dout, w, stride, pad, dx, images):
    """Fill `dx`, shape (N, C, H, W)."""
    filters, _, height, width = w.shape
    flat_w = w.reshape(filters, -1)
    for n in taken(images, len(dx)):
        col2im(flat_w.T @ dout[n].reshape(filters, -1), dx[n], height, width, stride, pad)


def pool_forward(x, height, width, stride, out, winners, images):
    """Fill `out`, shape (N, C, H', W'), with each window's maximum and `winners` with the cell that held it.

    Cells are numbered row by row. Of equal cells the first wins; a NaN beats every number.
    """
    for n in taken(images, len(x)):
        best, winner = out[n], winners[n]
        best[...] = cell(x[n], 0, 0, stride, best.shape[1:])
        winner[...] = 0
        for number in range(1, height * width):
            values = cell(x[n], *divmod(number, width), stride, best.shape[1:])
            better = ~(values <= best) & (best == best)  # noqa: PLR0124 - only NaN differs from itself
            np.copyto(best, values, where=better)
            winner[better] = number


def pool_backward(dout, winners, height, width, stride, dx, images):
    """Fill `dx`, shape (N, C, H, W): each window's gradient goes to the cell that won it."""
    for n in taken(images, len(dx)):
        dx[n] = 0
        for number in range(height * width):
            share = np.where(winners[n] == number, dout[n], 0)
            cell(dx[n], *divmod(number, width), stride, dout.shape[2:])[...] += share


def kernel_name():
    """Name this implementation."""
    return "numpy"
