"""Convolution and max pooling at full speed, with the arguments and results of the naive layers.

The work is done by a compiled extension, ``im2col_cython``; build it in this folder with

    python setup.py build_ext --inplace

and restart the kernel. Until then the same results come from NumPy, some times slower.

Two environment variables are read at each call:

- ``FAST_LAYERS_THREADS``: how many threads share a batch, unless the argument `threads` says so (default 1).
- ``FAST_LAYERS_KERNEL``: ``avx512``, ``avx2`` or ``baseline`` to use that version of the compiled code instead of the
  best one that this processor can run; ``numpy`` to leave the compiled code alone.

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
        "The fast layers are not compiled, so NumPy stands in for them. For full speed run\n"
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

# A batch is always cut into these many slices, so that sums over a batch are the same for any number of threads.
SLICES = 8

# The compiled pooling notes the winner of a window in one byte.
LARGEST_COMPILED_POOL = 256


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
        Threads that share the batch; by default ``FAST_LAYERS_THREADS``, else 1.

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

    def convolve(images, _):
        engine().conv_forward(x[images], w, b, stride, pad, out[images])

    share(convolve, len(x), threads)
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
    demand(dout.shape == out_shape, f"dout has shape {dout.shape}, but the layer's output {out_shape}")
    parts = len(slices(len(x)))
    dx = np.empty_like(x)
    dw = np.zeros((parts, *w.shape), dtype=x.dtype)
    db = np.zeros((parts, *b.shape), dtype=x.dtype)

    def differentiate(images, part):
        engine().conv_backward(dout[images], x[images], w, stride, pad, dx[images], dw[part], db[part])

    share(differentiate, len(x), threads)
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
    winners = np.empty(out_shape, dtype=np.uint8 if height * width <= LARGEST_COMPILED_POOL else np.intp)

    def pool(images, _):
        engine(winners).pool_forward(x[images], height, width, stride, out[images], winners[images])

    share(pool, len(x), threads)
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
    demand(dout.shape == out_shape, f"dout has shape {dout.shape}, but the layer's output {out_shape}")
    dx = np.empty(x_shape, dtype=dout.dtype)

    def scatter(images, _):
        engine(winners).pool_backward(dout[images], winners[images], height, width, stride, dx[images])

    share(scatter, len(dx), threads)
    return dx


def kernel_name():
    """Name what computes the layers now: ``avx512``, ``avx2``, ``baseline`` or ``numpy``."""
    return engine().kernel_name()


def engine(winners=None):
    """Choose the module that does the work."""
    numpy_only = im2col_cython is None or os.environ.get("FAST_LAYERS_KERNEL") == "numpy"
    too_large = winners is not None and winners.dtype != np.uint8
    return im2col if numpy_only or too_large else im2col_cython


def slices(count):
    """Cut a batch of `count` images into at most `SLICES` slices of nearly equal length."""
    parts = min(count, SLICES)
    return [slice(i * count // parts, (i + 1) * count // parts) for i in range(parts)]


def share(task, count, threads):
    """Call ``task(images, number)`` for each slice of a batch of `count` images, with as many threads as asked for."""
    if threads is None:
        threads = os.environ.get("FAST_LAYERS_THREADS", "1")
    threads = whole("the number of threads", threads, least=1)
    jobs = slices(count)
    if threads == 1:
        for number, images in enumerate(jobs):
            task(images, number)
    else:
        with ThreadPoolExecutor(threads) as pool:
            # The list waits for every slice and passes on what a thread raised.
            list(pool.map(task, jobs, range(len(jobs))))


def conv_geometry(x, w, b, conv_param):
    """Check that the arguments of a convolution fit together; return stride, pad and the output's shape."""
    shapes = f"x has shape {x.shape}, w {w.shape} and b {b.shape}"
    demand(x.ndim == 4, f"x must be (N, C, H, W); {shapes}")
    demand(w.ndim == 4, f"w must be (F, C, HH, WW); {shapes}")
    demand(x.shape[1] == w.shape[1], f"x and w must have the same number of channels; {shapes}")
    demand(b.shape == w.shape[:1], f"b must have one entry for each filter of w; {shapes}")
    stride = whole("stride", conv_param["stride"], least=1)
    pad = whole("pad", conv_param["pad"], least=0)
    padded = [size + 2 * pad for size in x.shape[2:]]
    return stride, pad, (len(x), len(w), *windows(padded, w.shape[2:], stride, f"pad is {pad}; {shapes}"))


def pool_geometry(x_shape, pool_param):
    """Check that the arguments of max pooling fit together; return height, width, stride and the output's shape."""
    demand(len(x_shape) == 4, f"x must be (N, C, H, W); it has shape {x_shape}")
    height = whole("pool_height", pool_param["pool_height"], least=1)
    width = whole("pool_width", pool_param["pool_width"], least=1)
    stride = whole("stride", pool_param["stride"], least=1)
    fits = windows(x_shape[2:], (height, width), stride, f"x has shape {x_shape}")
    return height, width, stride, (*x_shape[:2], *fits)


def windows(image, window, stride, told):
    """Count how often a window fits into an image, down and across."""
    sizes = f"a window of {window[0]} x {window[1]} in an image of {image[0]} x {image[1]}; {told}"
    demand(min(window) >= 1, f"A window needs at least one pixel, not {sizes}")
    demand(window[0] <= image[0] and window[1] <= image[1], f"The window does not fit: {sizes}")
    return [1 + (outer - inner) // stride for outer, inner in zip(image, window, strict=True)]


def floats(**arrays):
    """Give contiguous arrays of one dtype, float32 or, if any array has it, float64; copies only where needed."""
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    told = ", ".join(f"{name} of shape {array.shape} has {array.dtype}" for name, array in arrays.items())
    sizes = {array.dtype.itemsize if array.dtype.kind == "f" else 0 for array in arrays.values()}
    demand(sizes <= {4, 8}, f"The fast layers take float32 and float64, but {told}; use .astype(np.float32)")
    dtype = np.float64 if 8 in sizes else np.float32
    return [np.ascontiguousarray(array, dtype=dtype) for array in arrays.values()]


def whole(name, value, least):
    """Give `value` as an int; a float will do if it is whole, as in ``pad = (filter_size - 1) / 2``."""
    number = int(value)
    demand(
        number == float(value) and number >= least,
        f"{name} must be a whole number from {least}, not {value!r}",
    )
    return number


def demand(condition, message):
    """Raise a ValueError unless the condition holds."""
    if not condition:
        raise ValueError(message)
