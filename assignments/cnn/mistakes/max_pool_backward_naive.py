"""Mistakes in the backward pass of max pooling."""

import numpy as np

from grader.bank import mistake
from nndl.conv_layers import (
    max_pool_backward_naive as right_backward,
    max_pool_forward_naive as right_forward,
)

# --- Which pixels get the gradient ---


@mistake("max_pool_backward_naive")
def max_pool_backward_whole_window(dout, cache):
    """The gradient of max pooling goes to every pixel of a window: only the largest one had an influence on
    the output.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx[n, c, top : top + height, left : left + width] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_shared_out(dout, cache):
    """The gradient of max pooling is shared out over the window, as for an average: the largest pixel gets
    all of it.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx[n, c, top : top + height, left : left + width] += dout[n, c, i, j] / (height * width)
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_first_pixel(dout, cache):
    """The gradient of max pooling always goes to a window's first pixel: it belongs to the largest one,
    wherever that is.

    Looks plausible because the gradient has the right number of entries that are not zero.
    """
    x, pool_param = cache
    stride = pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c, i * stride, j * stride] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_min(dout, cache):
    """The gradient of max pooling goes to the smallest pixel of each window instead of the largest."""
    x, pool_param = cache
    return right_backward(dout, (-x, pool_param))


@mistake("max_pool_backward_naive")
def max_pool_backward_by_sign(dout, cache):
    """The gradient of max pooling goes to every positive pixel, as that of a ReLU: only the largest pixel of
    a window gets it, whatever its sign.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += (x[window] > 0) * dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_starts_at_zero(dout, cache):
    """The gradient of max pooling is lost where a window holds negative values only: a search for the largest
    value must not start at zero.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += (x[window] == np.max(x[window], initial=0)) * dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_image_maximum(dout, cache):
    """The gradient of max pooling reaches one pixel of a whole channel only: each window has a maximum of its
    own.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += (x[window] == np.max(x[n, c])) * dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_across_channels(dout, cache):
    """The gradient of max pooling reaches a pixel only if it is the largest of all channels: each channel is
    pooled by itself.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = np.s_[i * stride : i * stride + height], np.s_[j * stride : j * stride + width]
        dx[n, c, rows, columns] += (x[n, c, rows, columns] == np.max(x[n, :, rows, columns])) * dout[
            n, c, i, j
        ]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_windows_of_first_channel(dout, cache):
    """The backward pass of max pooling looks for every channel's maxima in the first channel: each channel
    has its own.
    """
    x, pool_param = cache
    return right_backward(dout, (np.broadcast_to(x[:, :1], x.shape), pool_param))


# --- What they get ---


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_assigns(dout, cache):
    """The gradient of max pooling keeps one window's share where windows overlap: a pixel that is the maximum
    of several windows gets the sum of their gradients.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] = dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_assigns_windows(dout, cache):
    """The gradient of max pooling is written window by window, zeros included: where windows overlap, each wipes
    out what the ones before it gave, and their shares have to be added up.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + height), slice(j * stride, j * stride + width)
        window = x[n, c, rows, columns]
        dx[n, c, rows, columns] = (window == window.max()) * dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_without_upstream(dout, cache):
    """The gradient of max pooling only marks where the maxima are: each mark is multiplied by the upstream
    gradient of its window.
    """
    return right_backward(np.ones(dout.shape), cache)


@mistake("max_pool_backward_naive")
def max_pool_backward_passes_maximum(dout, cache):
    """The gradient of max pooling holds the largest values themselves: what flows back to a maximum is the
    upstream gradient, not its value.
    """
    out, _ = right_forward(*cache)
    return right_backward(out, cache)


@mistake("max_pool_backward_naive")
def max_pool_backward_times_value(dout, cache):
    """The gradient of max pooling is multiplied by the value of the maximum: the output is that pixel itself,
    so the factor is one.
    """
    return right_backward(dout, cache) * cache[0]


@mistake("max_pool_backward_naive")
def max_pool_backward_divided(dout, cache):
    """The gradient of max pooling is too small by the number of pixels in a window: the output moves exactly
    as its largest pixel does.
    """
    return right_backward(dout, cache) / np.prod([cache[1]["pool_height"], cache[1]["pool_width"]])


# --- Where it lands ---


@mistake("max_pool_backward_naive")
def max_pool_backward_position_in_window(dout, cache):
    """The gradient of max pooling piles up in the first corner of the image: a pixel's place in its window is
    counted from the window's own corner.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_scatters_without_stride(dout, cache):
    """The gradient of max pooling lands in the wrong place: where a window's maximum was found counts from
    the window's corner, which lies at the stride times its number.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i + row, j + column] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_ignores_stride(dout, cache):
    """The gradient of max pooling is added to the wrong windows: they are one stride apart, in the backward
    pass too.
    """
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i : i + height, j : j + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i + row, j + column] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_rows_and_columns_swapped(dout, cache):
    """The gradient of max pooling goes to the mirror image of the largest pixel, row and column exchanged: a
    flat index counts along rows first.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        column, row = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive")
def max_pool_backward_upstream_transposed(dout, cache):
    """The backward pass of max pooling reads the upstream gradient with rows and columns exchanged: the first
    index of a place counts rows, as it did in the forward pass.
    """
    return right_backward(dout.transpose(0, 1, 3, 2), cache)


@mistake("max_pool_backward_naive")
def max_pool_backward_small_output(dout, cache):
    """The gradient of max pooling has the shape of the output: a gradient has the shape of what it belongs
    to, here the input.
    """
    return dout.copy()


# --- What belongs to the caller ---


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_writes_into_input(dout, cache):
    """The backward pass of max pooling fills the images themselves with the gradient: a second name for an
    array is not a copy of it.

    dx = x, for its shape, instead of zeros of that shape.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = x
    for n, c, i, j in np.ndindex(*dout.shape):
        window = dx[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        window[:] = (window == np.max(window)) * dout[n, c, i, j]
    return dx


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_empties_upstream(dout, cache):
    """The backward pass of max pooling uses up the upstream gradient as it goes: what a function is given
    belongs to its caller and stays as it was.

    Each entry is set to zero once it has been handed on, so that it cannot be counted twice.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
        dout[n, c, i, j] = 0
    return dx


# --- Windows and shapes that the assignment never uses ---


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_tiles(dout, cache):
    """The backward pass of max pooling takes its windows for tiles: windows may overlap, leave gaps, or not
    reach the border.

    Output and upstream gradient are blown up to the size of the input and compared with it.
    """
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    N, C, H, W = x.shape
    largest = x.reshape(N, C, H // height, height, W // width, width).max(axis=(3, 5))
    mask = x == largest.repeat(height, axis=2).repeat(width, axis=3)
    return mask * dout.repeat(height, axis=2).repeat(width, axis=3)


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_square_input(dout, cache):
    """The gradient of max pooling leaves out part of an input that is wider than high: height and width each
    have their own number of windows.
    """
    seen = dout.copy()
    seen[:, :, :, dout.shape[2] :] = 0
    return right_backward(seen, cache)


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_square_windows(dout, cache):
    """The backward pass of max pooling takes every window to be as wide as it is high: pool_height and
    pool_width can differ.
    """
    x, pool_param = cache
    return right_backward(dout, (x, {**pool_param, "pool_width": pool_param["pool_height"]}))


@mistake("max_pool_backward_naive", scope="beyond")
def max_pool_backward_row_by_height(dout, cache):
    """The place of the maximum in its window is turned into row and column with the height where the width
    belongs: windows can be higher than wide.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        place = np.argmax(x[n, c, top : top + height, left : left + width])
        column = place % width
        row = (place - column) // height
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    return dx
