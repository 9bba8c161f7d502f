"""Mistakes in the forward pass of max pooling."""

import numpy as np

from grader.bank import mistake
from nndl.conv_layers import max_pool_forward_naive as right_forward

# --- What is taken from a window ---


@mistake("max_pool_forward_naive")
def max_pool_forward_min(x, pool_param):
    """Max pooling returns the smallest value of each window instead of the largest."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.min(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_mean(x, pool_param):
    """Max pooling returns the average of each window: this layer keeps the largest value."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.mean(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_sum(x, pool_param):
    """Max pooling adds each window up: it keeps the largest value of a window."""
    out, cache = right_forward(x, pool_param)
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + height, left : left + width].sum(axis=(2, 3))
    return out, cache


@mistake("max_pool_forward_naive")
def max_pool_forward_positions(x, pool_param):
    """Max pooling gives the place of each maximum within its window: the output is the largest value itself.

    argmax for max.
    """
    out, cache = right_forward(x, pool_param)
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            window = x[:, :, top : top + height, left : left + width]
            out[:, :, i, j] = window.reshape(*window.shape[:2], -1).argmax(axis=2)
    return out, cache


@mistake("max_pool_forward_naive")
def max_pool_forward_rows_only(x, pool_param):
    """Max pooling returns a maximum of one row of the window: all rows and all columns of a window take part.

    max(axis=...) instead of the maximum of everything, or max() of nested sequences.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + height, left : left + width].max(axis=1)[0]
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_starts_at_zero(x, pool_param):
    """Max pooling never returns less than zero: a search for the largest value must not start at zero, for
    all values may be negative.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        for row, column in np.ndindex(height, width):
            out[n, c, i, j] = max(out[n, c, i, j], x[n, c, i * stride + row, j * stride + column])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_absolute_value(x, pool_param):
    """Max pooling compares values without their sign: the largest value counts, not the one furthest from
    zero.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        out[n, c, i, j] = window.flat[np.argmax(np.abs(window))]
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_magnitude(x, pool_param):
    """Max pooling takes the largest magnitude: the largest value counts, with its sign, also where all are
    negative.
    """
    out, _ = right_forward(np.abs(x), pool_param)
    return out, (x, pool_param)


# --- What a window spans ---


@mistake("max_pool_forward_naive")
def max_pool_forward_whole_image(x, pool_param):
    """Max pooling finds the largest value of the whole image at every place: each place looks at its own
    window.
    """
    out, cache = right_forward(x, pool_param)
    return np.broadcast_to(x.max(axis=(2, 3), keepdims=True), out.shape).copy(), cache


@mistake("max_pool_forward_naive")
def max_pool_forward_over_channels(x, pool_param):
    """Max pooling takes the largest value of all channels together: each channel is pooled by itself.

    The habit from the convolution, whose windows span all channels.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, :, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_over_images(x, pool_param):
    """Max pooling takes the largest value of the whole batch: each image is pooled by itself."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[:, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_window_too_small(x, pool_param):
    """The windows of max pooling lack their last row and column: the end of a slice is not part of it.

    A "- 1" too many, from languages whose ranges include their end.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height - 1, left : left + width - 1])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_windows_of_two(x, pool_param):
    """The windows of max pooling are always 2 x 2: their height and width stand in pool_param."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + 2, left : left + 2])
    return out, (x, pool_param)


# --- Where the windows are ---


@mistake("max_pool_forward_naive")
def max_pool_forward_ignores_stride(x, pool_param):
    """The windows of max pooling are one pixel apart: from one window to the next it is one stride."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        out[n, c, i, j] = np.max(x[n, c, i : i + height, j : j + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_rows_and_columns_swapped(x, pool_param):
    """Each channel of max pooling's output is transposed: the first index of a window counts rows, the second
    columns.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (W - width) // stride, 1 + (H - height) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = j * stride, i * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_tiles(x, pool_param):
    """Max pooling cuts its input into tiles: windows overlap where the stride is smaller than they are, and
    leave gaps where it is larger.

    The reshape to tiles is right for the assignment's 2x2 windows with stride 2, and for nothing else.
    """
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    N, C, H, W = x.shape
    rows, columns = H // height, W // width
    tiles = x[:, :, : rows * height, : columns * width].reshape(N, C, rows, height, columns, width)
    return tiles.max(axis=(3, 5)), (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_size_by_stride(x, pool_param):
    """The output of max pooling has the wrong size where windows overlap: how many fit depends on their own
    size and on the stride.

    The size is taken to be that of the input divided by the stride; windows that stick out are cut off.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // stride, W // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


# --- What is returned, and as what ---


@mistake("max_pool_forward_naive")
def max_pool_forward_not_written(x, pool_param):
    """The forward pass of max pooling is not written yet: it returns no output."""
    return None, (x, pool_param)


@mistake("max_pool_forward_naive")
def max_pool_forward_integers(x, pool_param):
    """The output of max pooling has lost everything behind the decimal point: its array must hold
    floating-point numbers.
    """
    out, cache = right_forward(x, pool_param)
    return out.astype(np.int64), cache


@mistake("max_pool_forward_naive")
def max_pool_forward_np_int(x, pool_param):
    """The forward pass of max pooling asks NumPy for a name that was removed from it years ago: Python's own
    int does the same.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    H_out, W_out = np.int(1 + (H - height) / stride), np.int(1 + (W - width) / stride)
    out = np.zeros((N, C, H_out, W_out))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_drops_axes_of_one(x, pool_param):
    """The output of max pooling loses an axis for a single image: a batch of one image still has its first
    axis.
    """
    out, cache = right_forward(x, pool_param)
    return np.squeeze(out), cache


# --- Shapes that the assignment never uses ---


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_square_input(x, pool_param):
    """The output of max pooling is as wide as it is high: width and height of the input can differ."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, _ = x.shape
    size = 1 + (H - height) // stride
    out = np.zeros((N, C, size, size))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_square_windows(x, pool_param):
    """Max pooling takes every window to be as wide as it is high: pool_height and pool_width can differ."""
    size, stride = pool_param["pool_height"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - size) // stride, 1 + (W - size) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + size, left : left + size])
    return out, (x, pool_param)


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_columns_by_height(x, pool_param):
    """The number of columns of max pooling's output is worked out with the height of the windows: it is their
    width that counts there.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    return _pooled(
        x, height, width, 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - height) // stride, stride
    )


@mistake("max_pool_forward_naive", scope="beyond")
def max_pool_forward_rows_by_width(x, pool_param):
    """The number of rows of max pooling's output is worked out with the width of the windows: it is their height
    that counts there.
    """
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    return _pooled(
        x, height, width, 1 + (x.shape[2] - width) // stride, 1 + (x.shape[3] - width) // stride, stride
    )


def _pooled(x, height, width, rows, columns, stride):
    out = np.zeros((*x.shape[:2], rows, columns))
    for n, c, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.max(x[n, c, top : top + height, left : left + width])
    return out, (x, {"pool_height": height, "pool_width": width, "stride": stride})
