# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""im2col and col2im, compiled: the loops that the lecture draws, to be read. The fast layers do not use them.

Laying every window of the images out as a column turns a convolution into one matrix product:

    out = w.reshape(F, -1) @ im2col_cython(x, HH, WW, pad, stride)

An entry is copied once for every window that it lies in, so the matrix is about HH * WW / stride**2 times as large as
the images. ``kernels_cython`` computes the same product without ever filling it, which is several times faster.
Names and arguments are those of CS231n's module of this name.
"""

import numpy as np

ctypedef fused real:
    float
    double


def im2col_cython(const real[:, :, :, :] x, int height, int width, int padding, int stride):
    """Lay every window of every image out as a column.

    Parameters
    ----------
    x : array of shape (N, C, H, W), float32 or float64
    height, width : int
        The size of a window.
    padding, stride : int

    Returns
    -------
    array of shape (C * height * width, H' * W' * N)
        Row (c, i, j) holds what that weight of a filter meets; the image's number runs fastest along a row.
    """
    border = (padding, padding)
    padded_images = np.pad(x, [(0, 0), (0, 0), border, border])
    cdef const real[:, :, :, :] padded = padded_images
    cdef Py_ssize_t N = padded.shape[0], C = padded.shape[1]
    cdef Py_ssize_t rows = (padded.shape[2] - height) // stride + 1, cols = (padded.shape[3] - width) // stride + 1
    cdef Py_ssize_t n, c, i, j, down, across
    columns = np.empty((C * height * width, rows * cols * N), dtype=padded_images.dtype)
    cdef real[:, ::1] out = columns
    for c, i, j in np.ndindex(C, height, width):  # a row for each weight ...
        for down in range(rows):
            for across in range(cols):            # ... and a column for each place of the window, in each image
                for n in range(N):
                    out[(c * height + i) * width + j, (down * cols + across) * N + n] = (
                        padded[n, c, down * stride + i, across * stride + j]
                    )
    return columns


def col2im_cython(const real[:, :] columns, int N, int C, int H, int W, int height, int width, int padding, int stride):
    """Add every column back to the window it came from: the transpose of `im2col_cython`, and so its gradient.

    Returns
    -------
    array of shape (N, C, H, W)
    """
    rows, cols = (H + 2 * padding - height) // stride + 1, (W + 2 * padding - width) // stride + 1
    return col2im_6d_cython(
        np.asarray(columns).reshape(C, height, width, rows, cols, N).transpose(0, 1, 2, 5, 3, 4),
        N, C, H, W, height, width, padding, stride,
    )


def col2im_6d_cython(const real[:, :, :, :, :, :] columns, int N, int C, int H, int W, int height, int width,
                     int padding, int stride):
    """As `col2im_cython`, of columns with an axis for each index: shape (C, height, width, N, H', W')."""
    cdef Py_ssize_t rows = columns.shape[4], cols = columns.shape[5], n, c, i, j, down, across
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=np.float32 if real is float else np.float64)
    cdef real[:, :, :, ::1] out = padded
    for c, i, j in np.ndindex(C, height, width):
        for n in range(N):
            for down in range(rows):
                for across in range(cols):
                    out[n, c, down * stride + i, across * stride + j] += columns[c, i, j, n, down, across]
    return padded[:, :, padding : padding + H, padding : padding + W]
