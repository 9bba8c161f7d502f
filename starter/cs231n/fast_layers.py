"""Convolution and max pooling at full speed, with the arguments and results of the naive layers.

The work is done by a compiled extension. Build it in this folder with

    python setup.py build_ext --inplace

and restart Python. Until then NumPy computes the same, some times slower.

To understand what is computed, read ``im2col`` (NumPy) or ``im2col_cython`` (loops). ``kernels_cython`` is the tuned
code that runs; docs/fast-layers.md of the course explains it with drawings.

Three environment variables are read at each call:

- ``FAST_LAYERS_THREADS``: how many threads share a batch, unless the argument `threads` says so. By default 1.
- ``FAST_LAYERS_CONVOLUTION``: ``direct`` or ``winograd``, unless the argument `algorithm` says so. By default
  Winograd's way, which needs fewer multiplications, is taken where it pays; `pays` is the rule.
- ``FAST_LAYERS_KERNEL``: ``avx512``, ``avx2`` or ``baseline`` to use that version of the compiled code instead of
  the best that this processor can run; ``numpy`` to do without.

The results do not depend on the number of threads, nor on what else is in a batch. Winograd's way rounds otherwise than
the direct one: in float64 by an rms of at most 2e-14 of the output's spread, in float32 of 3e-6 and at worst 6e-5.
"""

import os
import sys
from _thread import allocate_lock, start_new_thread
from pathlib import Path

import numpy as np

from . import im2col

try:
    from . import kernels_cython
except ImportError:
    kernels_cython = None
    print(
        "The fast layers are not compiled, so NumPy stands in for them. For full speed, run\n"
        "    python setup.py build_ext --inplace\n"
        f"in the folder {Path(__file__).resolve().parent} and restart Python or the notebook's kernel.",
        file=sys.stderr,
    )

__all__ = [
    "conv_backward_fast",
    "conv_backward_im2col",
    "conv_backward_strides",
    "conv_forward_fast",
    "conv_forward_im2col",
    "conv_forward_strides",
    "kernel_name",
    "max_pool_backward_fast",
    "max_pool_backward_im2col",
    "max_pool_backward_reshape",
    "max_pool_forward_fast",
    "max_pool_forward_im2col",
    "max_pool_forward_reshape",
]

# Sums over a batch are made of this many partial sums, whatever the number of threads, so that they always come out
# the same to the last bit.
PARTIAL_SUMS = 8

# Rows of those sums have room for whole vectors, of which the widest hold this many numbers.
WIDEST = 16

# Every batch has images, channels, rows and columns.
AXES = 4

# Winograd's way pays for filters of these sides from so many pairs of a channel and a filter on, if the outputs are
# large enough: measured over a grid of shapes, with AVX-512 and with AVX2.
PAIRS = {3: 512, 5: 64, 7: 24}
SMALLEST_OUTPUT = 14

# For the gradient of filters it pays, of these sides, from so many channels and so many filters on.
GRADIENT_SIDES = (3,)
GRADIENT_CHANNELS = 16
GRADIENT_OUTPUT = 7

ALGORITHMS = ("direct", "winograd")

# The compiled pooling notes the winner of a window in one byte.
LARGEST_COMPILED_WINDOW = 256


def conv_forward_fast(x, w, b, conv_param, threads=None, algorithm=None):
    """Convolve every image with every filter.

    Parameters
    ----------
    x : float32 or float64 array of shape (N, C, H, W)
    w : float32 or float64 array of shape (F, C, HH, WW)
    b : float32 or float64 array of shape (F,), or of F numbers in another shape
    conv_param : dict
        ``stride``: pixels between neighbouring windows. ``pad``: zeros added on every side of an image.
    threads : int, optional
        How many threads share the batch; see the module's text for the default.
    algorithm : {"direct", "winograd"}, optional
        How to convolve; see the module's text. Only some shapes can go Winograd's way: the others go the direct one.

    Returns
    -------
    out : array of shape (N, F, H', W')
        H' = 1 + (H + 2 * pad - HH) // stride and W' likewise; float64 if any input is, else float32.
    cache : tuple
        What `conv_backward_fast` needs.

    Raises
    ------
    ValueError
        If shapes, dtypes or parameters do not fit together.
    """
    cache = (x, w, b, conv_param)
    x, w, b = floats(x=x, w=w, b=b)
    b = b.ravel()
    stride, pad, out_shape = conv_geometry(x, w, b, conv_param)
    out = np.empty(out_shape, dtype=x.dtype)
    convolve(x, w, b, stride, pad, out, threads, algorithm)
    return out, cache


def conv_backward_fast(dout, cache, threads=None, algorithm=None):
    """Find the gradients of a convolution.

    Parameters
    ----------
    dout : float32 or float64 array of shape (N, F, H', W')
        The gradient of the loss with respect to the layer's output.
    cache : tuple
        From `conv_forward_fast`.
    threads, algorithm
        As in `conv_forward_fast`; the algorithm is that of dx and of dw.

    Returns
    -------
    dx, dw : arrays of the shapes of x and w
    db : array of shape (F,)

    Raises
    ------
    ValueError
        If `dout` has not the shape of the layer's output, or is not of floats.
    """
    x, w, b, conv_param = cache
    dout, x, w, b = floats(dout=dout, x=x, w=w, b=b)
    b = b.ravel()
    stride, pad, out_shape = conv_geometry(x, w, b, conv_param)
    check_gradient(dout, out_shape)
    dx = np.empty_like(x)
    sums = np.empty((min(len(x), PARTIAL_SUMS), w[0].size + 1, -(-len(w) // WIDEST) * WIDEST), dtype=x.dtype)
    layers = engine()
    parts, images = layers.Turns(), layers.Turns()
    turned = turned_filters(w, stride, pad)
    fewer_for_x = turned is not None and takes_winograd(turned, stride, dx.shape[2:], algorithm)
    fewer_for_w = takes_winograd(w, stride, out_shape[2:], algorithm, of_filters=True)

    def task():
        if fewer_for_w:
            layers.winograd_weight_gradient(dout, x, w, pad, sums, parts)
        else:
            layers.weight_gradient(dout, x, w, stride, pad, sums, parts)
        if fewer_for_x:
            none = np.zeros(len(turned), dtype=x.dtype)
            layers.winograd_forward(dout, turned, none, w.shape[2] - 1 - pad, dx, images)
        else:
            layers.image_gradient(dout, w, stride, pad, dx, images)

    share(task, threads, len(x))
    gradients = sums.sum(axis=0)[:, : len(w)].T
    return dx, gradients[:, :-1].reshape(w.shape), gradients[:, -1].copy()


def max_pool_forward_fast(x, pool_param, threads=None):
    """Take the maximum of every window of every channel.

    Parameters
    ----------
    x : float32 or float64 array of shape (N, C, H, W)
    pool_param : dict
        ``pool_height``, ``pool_width``: the size of a window. ``stride``: pixels between neighbouring windows,
        which may overlap or leave gaps.
    threads : int, optional
        As in `conv_forward_fast`.

    Returns
    -------
    out : array of shape (N, C, H', W')
        H' = 1 + (H - pool_height) // stride and W' likewise. A window with a NaN gives NaN.
    cache : tuple
        What `max_pool_backward_fast` needs.

    Raises
    ------
    ValueError
        If the shape, dtype or parameters do not fit together.
    """
    (x,) = floats(x=x)
    height, width, stride, out_shape = pool_geometry(x.shape, pool_param)
    out = np.empty(out_shape, dtype=x.dtype)
    winners = np.empty(out_shape, dtype=np.uint8 if height * width <= LARGEST_COMPILED_WINDOW else np.intp)
    layers = engine(winners)
    images = layers.Turns()
    share(lambda: layers.pool_forward(x, height, width, stride, out, winners, images), threads, len(x))
    return out, (winners, x.shape, pool_param)


def max_pool_backward_fast(dout, cache, threads=None):
    """Find the gradient of max pooling: each window's gradient goes to the pixel that won.

    Of equal pixels the first in reading order wins; in a window with a NaN the first NaN does.

    Parameters
    ----------
    dout : float32 or float64 array of shape (N, C, H', W')
    cache : tuple
        From `max_pool_forward_fast`.
    threads : int, optional
        As in `conv_forward_fast`.

    Returns
    -------
    dx : array of shape (N, C, H, W)

    Raises
    ------
    ValueError
        If `dout` has not the shape of the layer's output, or is not of floats.
    """
    winners, x_shape, pool_param = cache
    (dout,) = floats(dout=dout)
    height, width, stride, out_shape = pool_geometry(x_shape, pool_param)
    check_gradient(dout, out_shape)
    dx = np.empty(x_shape, dtype=dout.dtype)
    layers = engine(winners)
    images = layers.Turns()
    share(lambda: layers.pool_backward(dout, winners, height, width, stride, dx, images), threads, len(dx))
    return dx


def convolve(x, w, b, stride, pad, out, threads, algorithm):
    """Fill `out`, the direct way or Winograd's."""
    layers = engine()
    images = layers.Turns()
    if takes_winograd(w, stride, out.shape[2:], algorithm):
        share(lambda: layers.winograd_forward(x, w, b, pad, out, images), threads, len(x))
    else:
        share(lambda: layers.conv_forward(x, w, b, stride, pad, out, images), threads, len(x))


def turned_filters(w, stride, pad):
    """Give the filters whose convolution of dout is dx, shape (C, F, HH, WW); None where no padding makes it one."""
    height, width = w.shape[2:]
    if stride != 1 or height != width or pad > height - 1:
        return None
    return np.ascontiguousarray(w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3))


def takes_winograd(w, stride, out_size, algorithm=None, of_filters=False):
    """Say whether a convolution, or the gradient of its filters, goes Winograd's way: as asked, else where it pays."""
    asked = algorithm or os.environ.get("FAST_LAYERS_CONVOLUTION") or None
    if asked not in {None, *ALGORITHMS}:
        raise ValueError(f"The algorithm is {asked!r}; it can be {' or '.join(map(repr, ALGORITHMS))}")
    height, width = w.shape[2:]
    sides = GRADIENT_SIDES if of_filters else PAIRS
    can = engine() is kernels_cython and stride == 1 and height == width and height in sides
    return can and asked != "direct" and (asked == "winograd" or pays(w, out_size, of_filters))


def pays(w, out_size, of_filters=False):
    """Say whether Winograd's way is the faster one: with products enough to save for the transforms' own work."""
    filters, channels, side, _ = w.shape
    if of_filters:
        return min(channels, filters) >= GRADIENT_CHANNELS and min(out_size) >= GRADIENT_OUTPUT
    return channels * filters >= PAIRS[side] and min(out_size) >= SMALLEST_OUTPUT


def kernel_name():
    """Name what computes the layers now: ``avx512``, ``avx2``, ``baseline`` or ``numpy``."""
    return engine().kernel_name()


def engine(winners=None):
    """Choose the module that does the work."""
    compiled = kernels_cython is not None and os.environ.get("FAST_LAYERS_KERNEL") != "numpy"
    too_large = winners is not None and winners.dtype != np.uint8
    return kernels_cython if compiled and not too_large else im2col


def thread_count(threads):
    """Say how many threads to use: as asked for, else as the environment says, else one."""
    if threads is None:
        threads = os.environ.get("FAST_LAYERS_THREADS") or 1
    return whole("the number of threads", threads, least=1)


def share(task, threads, most):
    """Call ``task()`` in as many threads as asked for, at most `most`; the calls deal the work out among themselves."""
    failures = []

    def help_with(task, running):
        try:
            task()
        except BaseException as failure:  # raised again where the caller waits
            failures.append(failure)
        finally:
            running.release()

    helpers = [allocate_lock() for _ in range(min(thread_count(threads), most) - 1)]
    for running in helpers:
        running.acquire()
        # threading.Thread would wait here until the helper runs, and a small layer does not take much longer.
        start_new_thread(help_with, (task, running))
    task()
    for running in helpers:
        running.acquire()
    if failures:
        raise failures[0]


def conv_geometry(x, w, b, conv_param):
    """Check that the arguments of a convolution fit together; return stride, pad and the output's shape."""
    if x.ndim != AXES or w.ndim != AXES or x.shape[1] != w.shape[1] or b.shape != w.shape[:1]:
        raise ValueError(
            f"x must be (N, C, H, W), w (F, C, HH, WW) and b (F,), but they are {x.shape}, {w.shape} and {b.shape}"
        )
    stride = whole("stride", conv_param["stride"], least=1)
    pad = whole("pad", conv_param["pad"], least=0)
    out_size = fit(x.shape, [size + 2 * pad for size in x.shape[2:]], w.shape[2:], stride)
    return stride, pad, (len(x), len(w), *out_size)


def pool_geometry(x_shape, pool_param):
    """Check that the arguments of max pooling fit together; return height, width, stride and the output's shape."""
    if len(x_shape) != AXES:
        raise ValueError(f"x must be (N, C, H, W), but it is {x_shape}")
    height = whole("pool_height", pool_param["pool_height"], least=1)
    width = whole("pool_width", pool_param["pool_width"], least=1)
    stride = whole("stride", pool_param["stride"], least=1)
    return height, width, stride, (*x_shape[:2], *fit(x_shape, x_shape[2:], (height, width), stride))


def fit(x_shape, padded, window, stride):
    """Count how often a window fits into a padded image, down and across."""
    if min(window) < 1 or window[0] > padded[0] or window[1] > padded[1]:
        raise ValueError(
            f"A window of {window[0]} x {window[1]} does not fit into an image of {padded[0]} x {padded[1]}, "
            f"padding included; x is {x_shape}"
        )
    return [1 + (outer - inner) // stride for outer, inner in zip(padded, window, strict=True)]


def check_gradient(dout, out_shape):
    """Raise a ValueError unless `dout` has the shape of the layer's output."""
    if dout.shape != out_shape:
        raise ValueError(f"dout must have the shape of the output, {out_shape}, but it is {dout.shape}")


def floats(**arrays):
    """Give the arrays, contiguous and of one dtype: float64 if any has it, else float32. Copies only where needed."""
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    sizes = {array.dtype.itemsize if array.dtype.kind == "f" else None for array in arrays.values()}
    if not sizes <= {4, 8}:
        told = ", ".join(f"{name} is {array.dtype} of shape {array.shape}" for name, array in arrays.items())
        raise ValueError(f"The fast layers take float32 and float64, but {told}; use .astype(np.float32)")
    dtype = np.float64 if 8 in sizes else np.float32
    return [np.ascontiguousarray(array, dtype=dtype) for array in arrays.values()]


def whole(name, value, least):
    """Give `value` as an int; a float will do if it is whole, as ``pad = (filter_size - 1) / 2`` is."""
    number = int(value)
    if number != float(value) or number < least:
        raise ValueError(f"{name} must be a whole number and at least {least}, not {value!r}")
    return number


# CS231n's module has a name for each way to compute the same. Code that calls them works here, at the best one's speed.
conv_forward_im2col = conv_forward_strides = conv_forward_fast
conv_backward_im2col = conv_backward_strides = conv_backward_fast
max_pool_forward_im2col = max_pool_forward_reshape = max_pool_forward_fast
max_pool_backward_im2col = max_pool_backward_reshape = max_pool_backward_fast
