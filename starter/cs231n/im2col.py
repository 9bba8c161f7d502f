"""Convolution and max pooling in plain NumPy: what runs until the extension is compiled, one image at a time.

Each function has a twin of the same name and arguments in ``im2col_cython``. They fill arrays that the caller
made, take what ``fast_layers`` has checked, and treat every image on its own, so that a caller may hand them any
slice of a batch.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


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


def cell(images, i, j, stride, out_shape):
    """View, for all windows at once, the pixel in row `i` and column `j` of each window."""
    rows, cols = out_shape
    return images[..., i : i + stride * rows : stride, j : j + stride * cols : stride]


def conv_forward(x, w, b, stride, pad, out):
    """Fill `out`, shape (N, F, H', W'), with the convolution of `x` and `w` plus the bias `b`."""
    filters, _, height, width = w.shape
    flat_w = w.reshape(filters, -1)
    for image, result in zip(x, out, strict=True):
        columns = im2col(image, height, width, stride, pad)
        result[...] = (flat_w @ columns + b[:, None]).reshape(result.shape)


def conv_backward(dout, x, w, stride, pad, dx, dw, db):
    """Fill `dx`, shape (N, C, H, W), and add this slice's share to `dw` and `db`."""
    filters, _, height, width = w.shape
    flat_w = w.reshape(filters, -1)
    for image, gradient, result in zip(x, dout.reshape(len(dout), filters, -1), dx, strict=True):
        columns = im2col(image, height, width, stride, pad)
        dw += (gradient @ columns.T).reshape(w.shape)
        db += gradient.sum(axis=1)
        col2im(flat_w.T @ gradient, result, height, width, stride, pad)


def pool_forward(x, height, width, stride, out, winners):
    """Fill `out`, shape (N, C, H', W'), with each window's maximum and `winners` with the cell that held it.

    Cells are numbered row by row. Of equal cells the first wins; a NaN beats every number.
    """
    out[...] = cell(x, 0, 0, stride, out.shape[2:])
    winners[...] = 0
    for number in range(1, height * width):
        values = cell(x, *divmod(number, width), stride, out.shape[2:])
        better = ~(values <= out) & (out == out)  # noqa: PLR0124 - only NaN differs from itself
        np.copyto(out, values, where=better)
        winners[better] = number


def pool_backward(dout, winners, height, width, stride, dx):
    """Fill `dx`, shape (N, C, H, W): each window's gradient goes to the cell that won it."""
    dx[...] = 0
    for number in range(height * width):
        share = np.where(winners == number, dout, 0)
        cell(dx, *divmod(number, width), stride, dout.shape[2:])[...] += share


def kernel_name():
    """Name this implementation."""
    return "numpy"
