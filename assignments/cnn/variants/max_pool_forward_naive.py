"""Unusual max pooling: the forward pass alone, then both passes."""

# ruff: noqa: E731  # pool_forward_is_a_lambda is what it is called after

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from grader.bank import variant
from nndl.conv_layers import max_pool_forward_naive as right_forward

# --- The forward pass ---


def _pixels(channel, top, left, height, width):
    for row in channel[top : top + height]:
        yield from row[left : left + width]


@variant()
def pool_forward_in_plain_python(x, pool_param):
    """The forward pass uses Python's own max on a generator of numbers."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    tops, lefts = range(0, x.shape[2] - height + 1, stride), range(0, x.shape[3] - width + 1, stride)
    out = [
        [
            [[max(_pixels(channel, top, left, height, width)) for left in lefts] for top in tops]
            for channel in image
        ]
        for image in x.tolist()
    ]
    return np.array(out), (x, pool_param)


@variant()
def pool_forward_by_windows(x, pool_param):
    """The forward pass takes the maximum over a view of all windows."""
    size, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5)), (x, pool_param)


@variant()
def pool_forward_by_shifts(x, pool_param):
    """The forward pass loops over the places in a window and keeps the larger of two shifted images."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows, columns = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.full((*x.shape[:2], rows, columns), -np.inf)
    for i, j in np.ndindex(height, width):
        np.maximum(out, x[:, :, i : i + rows * stride : stride, j : j + columns * stride : stride], out=out)
    return out, (x, pool_param)


@variant()
def pool_forward_by_sorting(x, pool_param):
    """The forward pass sorts each window and takes the last value."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for i, j in np.ndindex(*out.shape[2:]):
        window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        out[:, :, i, j] = np.sort(window.reshape(N, C, -1), axis=2)[:, :, -1]
    return out, (x, pool_param)


@variant()
def pool_forward_in_threads(x, pool_param):
    """Each image of max pooling has a thread of its own."""
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = 1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride
    out = np.zeros((*x.shape[:2], H_out, W_out), dtype=x.dtype)

    def pool(n):
        for i, j in np.ndindex(H_out, W_out):
            top, left = i * stride, j * stride
            out[n, :, i, j] = x[n, :, top : top + height, left : left + width].max(axis=(1, 2))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(pool, range(len(x))))
    return out, (x, pool_param)


@variant()
class pool_forward_is_a_lambda:
    """The forward pass is one lambda."""

    max_pool_forward_naive = lambda x, pool_param: (
        np.stack(
            [
                np.stack(
                    [
                        x[:, :, i : i + pool_param["pool_height"], j : j + pool_param["pool_width"]].max(
                            axis=(2, 3)
                        )
                        for j in range(0, x.shape[3] - pool_param["pool_width"] + 1, pool_param["stride"])
                    ],
                    axis=-1,
                )
                for i in range(0, x.shape[2] - pool_param["pool_height"] + 1, pool_param["stride"])
            ],
            axis=2,
        ),
        (x, pool_param),
    )


# --- Both passes ---


@variant()
class pool_compares_with_output:
    """The backward pass finds the winners by comparing the input with the output, which the forward pass
    keeps.
    """

    def max_pool_forward_naive(x, pool_param):
        out, _ = right_forward(x, pool_param)
        return out, {"in": x, "out": out, **pool_param}

    def max_pool_backward_naive(dout, cache):
        x, out, stride = cache["in"], cache["out"], cache["stride"]
        dx = np.zeros_like(x)
        rows, columns = dout.shape[2:]
        for i, j in np.ndindex(cache["pool_height"], cache["pool_width"]):
            place = np.s_[:, :, i : i + rows * stride : stride, j : j + columns * stride : stride]
            dx[place] += np.where(x[place] == out, dout, 0)
        return dx


@variant()
class pool_remembers_winners:
    """The forward pass keeps the flat index of every winner, and the backward pass adds there without a loop."""

    def max_pool_forward_naive(x, pool_param):
        height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        indices = np.arange(x.size).reshape(x.shape)
        view = np.lib.stride_tricks.sliding_window_view
        windows = view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
        places = view(indices, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
        best = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)[..., np.newaxis]
        winners = np.take_along_axis(places.reshape(*places.shape[:4], -1), best, axis=-1)[..., 0]
        return x.ravel()[winners], (winners, x.shape)

    def max_pool_backward_naive(dout, cache):
        winners, shape = cache
        dx = np.zeros(np.prod(shape))
        np.add.at(dx, winners, dout)
        return dx.reshape(shape)
