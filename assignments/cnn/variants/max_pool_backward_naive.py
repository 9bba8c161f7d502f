"""Unusual backward passes of max pooling: what happens where a window has several maxima."""

import numpy as np

from grader.bank import variant


@variant()
def pool_backward_to_all_maxima(dout, cache):
    """Where a window has several maxima, each of them gets the whole gradient."""
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += (x[window] == x[window].max()) * dout[n, c, i, j]
    return dx


@variant()
def pool_backward_shares_ties(dout, cache):
    """Where a window has several maxima, they share the gradient evenly."""
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        mask = x[window] == x[window].max()
        dx[window] += mask * dout[n, c, i, j] / mask.sum()
    return dx


@variant()
def pool_backward_to_last_maximum(dout, cache):
    """Where a window has several maxima, the last of them gets the gradient."""
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        best, at = -np.inf, None
        for row, column in np.ndindex(height, width):
            value = x[n, c, i * stride + row, j * stride + column]
            if value >= best:
                best, at = value, (n, c, i * stride + row, j * stride + column)
        dx[at] += dout[n, c, i, j]
    return dx


@variant()
def pool_backward_to_random_maximum(dout, cache):
    """Where a window has more than one maximum, chance decides which gets the gradient."""
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        places = np.argwhere(window == window.max())
        row, column = places[np.random.randint(len(places))]
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
