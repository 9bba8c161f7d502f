"""Convolution and max pooling at full speed, with the arguments and results of the naive layers.

The work is done by a compiled extension. Build it in this folder with

    python setup.py build_ext --inplace

and restart Python. Until then NumPy computes the same, some times slower.

Two environment variables are read at each call:

- ``FAST_LAYERS_THREADS``: how many threads share a batch, unless the argument `threads` says so. By default 1.
- ``FAST_LAYERS_KERNEL``: ``avx512``, ``avx2`` or ``baseline`` to use that version of the compiled code instead of
  the best that this processor can run; ``numpy`` to do without.

The results do not depend on the number of threads.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from . import im2col

try:
    from . import im2col_cython
except ImportError:
    im2col_cython = None
    print(
        "The fast layers are not compiled, so NumPy stands in for them. For full speed, run\n"
        "    python setup.py build_ext --inplace\n"
        f"in the folder {Path(__file__).resolve().parent} and restart Python or the notebook's kernel.",
        file=sys.stderr,
    )

__all__ = [
    "conv_backward_fast",
    "conv_forward_fast",
    "kernel_name",
    "max_pool_backward_fast",
    "max_pool_forward_fast",
]

# Sums over a batch are made of this many partial sums, whatever the number of threads, so that they always come out
# the same to the last bit.
PARTIAL_SUMS = 8

# Every batch has images, channels, rows and columns.
AXES = 4

# The compiled pooling notes the winner of a window in one byte.
LARGEST_COMPILED_WINDOW = 256


def conv_forward_fast(x, w, b, conv_param, threads=None):
    """Convolve every image with every filter.

    Parameters
    ----------
    x : float32 or float64 array of shape (N, C, H, W)
    w : float32 or float64 array of shape (F, C, HH, WW)
    b : float32 or float64 array of shape (F,)
    conv_param : dict
        ``stride``: pixels between neighbouring windows. ``pad``: zeros added on every side of an image.
    threads : int, optional
        How many threads share the batch; see the module's text for the default.

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
    stride, pad, out_shape = conv_geometry(x, w, b, conv_param)
    out = np.empty(out_shape, dtype=x.dtype)
    convolve = engine().conv_forward

    def task(images, _):
        convolve(x[images], w, b, stride, pad, out[images])

    threads = thread_count(threads)
    share(task, slices(len(x), parts_for(threads)), threads)
    return out, cache


def conv_backward_fast(dout, cache, threads=None):
    """Find the gradients of a convolution.

    Parameters
    ----------
    dout : float32 or float64 array of shape (N, F, H', W')
        The gradient of the loss with respect to the layer's output.
    cache : tuple
        From `conv_forward_fast`.
    threads : int, optional
        As in `conv_forward_fast`.

    Returns
    -------
    dx, dw, db : arrays of the shapes of x, w and b

    Raises
    ------
    ValueError
        If `dout` has not the shape of the layer's output, or is not of floats.
    """
    x, w, b, conv_param = cache
    dout, x, w, b = floats(dout=dout, x=x, w=w, b=b)
    stride, pad, out_shape = conv_geometry(x, w, b, conv_param)
    check_gradient(dout, out_shape)
    parts = slices(len(x), PARTIAL_SUMS)
    dx = np.empty_like(x)
    dw = np.zeros((len(parts), *w.shape), dtype=x.dtype)
    db = np.zeros((len(parts), *b.shape), dtype=x.dtype)
    differentiate = engine().conv_backward

    def task(images, part):
        differentiate(dout[images], x[images], w, stride, pad, dx[images], dw[part], db[part])

    share(task, parts, thread_count(threads))
    return dx, dw.sum(axis=0), db.sum(axis=0)


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
    pool = engine(winners).pool_forward

    def task(images, _):
        pool(x[images], height, width, stride, out[images], winners[images])

    threads = thread_count(threads)
    share(task, slices(len(x), parts_for(threads)), threads)
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
    scatter = engine(winners).pool_backward

    def task(images, _):
        scatter(dout[images], winners[images], height, width, stride, dx[images])

    threads = thread_count(threads)
    share(task, slices(len(dx), parts_for(threads)), threads)
    return dx


def kernel_name():
    """Name what computes the layers now: ``avx512``, ``avx2``, ``baseline`` or ``numpy``."""
    return engine().kernel_name()


def engine(winners=None):
    """Choose the module that does the work."""
    compiled = im2col_cython is not None and os.environ.get("FAST_LAYERS_KERNEL") != "numpy"
    too_large = winners is not None and winners.dtype != np.uint8
    return im2col_cython if compiled and not too_large else im2col


def thread_count(threads):
    """Say how many threads to use: as asked for, else as the environment says, else one."""
    if threads is None:
        threads = os.environ.get("FAST_LAYERS_THREADS") or 1
    return whole("the number of threads", threads, least=1)


def parts_for(threads):
    """Say into how many parts to cut a batch: several for each thread, so that none waits long for another."""
    return 1 if threads == 1 else 4 * threads


def slices(count, parts):
    """Cut a batch of `count` images into `parts` slices of nearly equal length, or fewer, but none empty."""
    parts = min(count, parts)
    return [slice(i * count // parts, (i + 1) * count // parts) for i in range(parts)]


def share(task, images, threads):
    """Call ``task(images[i], i)`` for every i, in as many threads as asked for, of which this is one."""
    waiting = iter(list(enumerate(images)))

    def work():
        for part, some in waiting:
            task(some, part)

    helpers = min(threads, len(images)) - 1
    if helpers <= 0:
        work()
        return
    # Who is free takes the next part, so a helper that starts late only does less.
    with ThreadPoolExecutor(helpers) as pool:
        helping = [pool.submit(work) for _ in range(helpers)]
        work()
    for each in helping:
        each.result()  # passes on what it raised


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
    dtypes = {array.dtype.newbyteorder("=") for array in arrays.values()}
    if not dtypes <= {np.dtype(np.float32), np.dtype(np.float64)}:
        told = ", ".join(f"{name} is {array.dtype} of shape {array.shape}" for name, array in arrays.items())
        raise ValueError(f"The fast layers take float32 and float64, but {told}; use .astype(np.float32)")
    return [np.ascontiguousarray(array, dtype=np.result_type(*dtypes)) for array in arrays.values()]


def whole(name, value, least):
    """Give `value` as an int; a float will do if it is whole, as ``pad = (filter_size - 1) / 2`` is."""
    number = int(value)
    if number != float(value) or number < least:
        raise ValueError(f"{name} must be a whole number and at least {least}, not {value!r}")
    return number
