"""Unusual convolutions: the forward pass alone, then both passes."""

# ruff: noqa: PLC2401  # conv_with_greek_names has what it is called after

import functools
import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bank import variant
from nndl.conv_layers import (
    conv_backward_naive as right_backward,
    conv_forward_naive as right_forward,
    max_pool_backward_naive as right_pool_backward,
    max_pool_forward_naive as right_pool_forward,
)

# --- The forward pass ---


@variant()
def conv_forward_in_plain_python(x, w, b, conv_param):
    """The forward pass is seven loops over plain lists and floats, made an array at the very end."""
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    images, filters, biases = x.tolist(), w.tolist(), b.tolist()
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape

    def pixel(channel, row, column):
        return channel[row][column] if 0 <= row < H and 0 <= column < W else 0.0

    def answer(image, one, bias, top, left):
        total = bias
        for channel, weights in zip(image, one, strict=True):
            for i in range(HH):
                for j in range(WW):
                    total += pixel(channel, top + i, left + j) * weights[i][j]
        return total

    tops = range(-pad, H + pad - HH + 1, stride)
    lefts = range(-pad, W + pad - WW + 1, stride)
    out = [
        [
            [[answer(image, one, bias, top, left) for left in lefts] for top in tops]
            for one, bias in zip(filters, biases, strict=True)
        ]
        for image in images
    ]
    return np.array(out), (x, w, b, conv_param)


@variant()
def conv_forward_over_weights(x, w, b, conv_param):
    """The forward pass loops over the weights of a filter, and adds a shifted image for each."""
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (_, _, HH, WW) = x.shape, w.shape
    H_out, W_out = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.tile(b[:, np.newaxis, np.newaxis], (N, 1, H_out, W_out)).astype(float)
    for c, i, j in np.ndindex(C, HH, WW):
        shifted = x_pad[:, c, i : i + stride * H_out : stride, j : j + stride * W_out : stride]
        out += w[:, c, i, j, np.newaxis, np.newaxis] * shifted[:, np.newaxis]
    return out, (x, w, b, conv_param)


def _correlate(image, one, stride):
    HH, WW = one.shape[1:]
    rows = range(0, image.shape[1] - HH + 1, stride)
    columns = range(0, image.shape[2] - WW + 1, stride)
    return np.array([[np.vdot(image[:, i : i + HH, j : j + WW], one) for j in columns] for i in rows])


@variant()
def conv_by_recursion(x, w, b, conv_param):
    """The forward pass splits the batch in two until one image is left, and each image into filters."""
    if len(x) > 1:
        half = len(x) // 2
        parts = [conv_by_recursion(each, w, b, conv_param)[0] for each in (x[:half], x[half:])]
        return np.concatenate(parts), (x, w, b, conv_param)
    pad = int(conv_param["pad"])
    image = np.pad(x[0], ((0, 0), (pad, pad), (pad, pad)))
    out = [_correlate(image, one, conv_param["stride"]) + bias for one, bias in zip(w, b, strict=True)]
    return np.array(out)[np.newaxis], (x, w, b, conv_param)


@variant()
def conv_forward_by_tensordot(x, w, b, conv_param):
    """The forward pass contracts windows and filters with tensordot, and its result is a view whose axes were
    moved.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, [(0, 0)] * 2 + [(pad, pad)] * 2)
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[1:], axis=(1, 2, 3))
    out = np.tensordot(windows[:, 0, ::stride, ::stride], w, axes=[(3, 4, 5), (1, 2, 3)]) + b
    return np.moveaxis(out, 3, 1), (x, w, b, conv_param)


@variant()
def conv_forward_by_fourier(x, w, b, conv_param):
    """The forward pass multiplies spectra: a convolution is a product there, up to the last digits."""
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size, (HH, WW) = x_pad.shape[2:], w.shape[2:]
    spectra = np.fft.rfft2(x_pad)[:, np.newaxis] * np.conj(np.fft.rfft2(w, size))[np.newaxis]
    full = np.fft.irfft2(spectra.sum(axis=2), size)
    valid = full[:, :, : size[0] - HH + 1 : stride, : size[1] - WW + 1 : stride]
    return valid + b[:, None, None], (x, w, b, conv_param)


@variant()
def conv_with_greek_names(χ, ω, β, réglages):
    """Variables are named in Greek and French, with accents."""
    Δ, marge = réglages["stride"], int(réglages["pad"])
    élargi = np.pad(χ, ((0, 0), (0, 0), (marge, marge), (marge, marge)))
    Σ = []
    for ι in range(0, élargi.shape[2] - ω.shape[2] + 1, Δ):
        for κ in range(0, élargi.shape[3] - ω.shape[3] + 1, Δ):
            pièce = élargi[:, :, ι : ι + ω.shape[2], κ : κ + ω.shape[3]]
            Σ.append(np.tensordot(pièce, ω, axes=((1, 2, 3), (1, 2, 3))) + β)
    hauteur = 1 + (élargi.shape[2] - ω.shape[2]) // Δ
    sortie = np.array(Σ).reshape(hauteur, -1, len(χ), len(ω))
    return sortie.transpose(2, 3, 0, 1), (χ, ω, β, réglages)


# --- Both passes, by other means ---


@variant()
class conv_other_loop_order:
    """Both passes run over columns, rows, filters and images, in this order, and the forward pass is written
    down backwards.
    """

    def conv_forward_naive(x, w, b, conv_param):
        stride, pad = conv_param["stride"], int(conv_param["pad"])
        x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
        out = np.empty((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
        for j in reversed(range(out.shape[3])):
            for i in reversed(range(out.shape[2])):
                patch = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                for f in reversed(range(F)):
                    out[:, f, i, j] = (patch * w[f]).sum(axis=(1, 2, 3)) + b[f]
        return out, (x, w, b, conv_param)

    def conv_backward_naive(dout, cache):
        x, w, b, conv_param = cache
        stride, pad, (_, _, H, W), (F, _, HH, WW) = (
            conv_param["stride"],
            int(conv_param["pad"]),
            x.shape,
            w.shape,
        )
        x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        dx, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros_like(b)
        for j in range(dout.shape[3]):
            for i in range(dout.shape[2]):
                place = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                for f in range(F):
                    upstream = dout[:, f, i, j][:, None, None, None]
                    dx[place] += upstream * w[f]
                    dw[f] += (upstream * x_pad[place]).sum(axis=0)
                    db[f] += upstream.sum()
        return dx[:, :, pad : pad + H, pad : pad + W], dw, db


def _windows(x, w, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


@variant()
class conv_by_einsum:
    """Forward and backward pass are one einsum each over a view of all windows."""

    def conv_forward_naive(x, w, b, conv_param):
        out = np.einsum("ncijkl,fckl->nfij", _windows(x, w, conv_param), w) + b[:, None, None]
        return out, (x, w, b, conv_param)

    def conv_backward_naive(dout, cache):
        x, w, _, conv_param = cache
        stride, pad, (_, _, H, W) = conv_param["stride"], int(conv_param["pad"]), x.shape
        dw = np.einsum("nfij,ncijkl->fckl", dout, _windows(x, w, conv_param))
        shares = np.einsum("nfij,fckl->ncijkl", dout, w)
        dx = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
        for i, j in np.ndindex(*dout.shape[2:]):
            dx[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += shares[
                :, :, i, j
            ]
        return dx[:, :, pad : H + pad, pad : W + pad], dw, np.einsum("nfij->f", dout)


def _columns(x, w, stride, pad):
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))[
        :, :, ::stride, ::stride
    ]
    return windows.transpose(1, 4, 5, 0, 2, 3), x_pad.shape


@variant()
class conv_by_im2col:
    """Forward and backward pass lay every window out as a column and multiply matrices; the columns travel in
    the cache.
    """

    def conv_forward_naive(x, w, b, conv_param):
        columns, padded = _columns(x, w, conv_param["stride"], int(conv_param["pad"]))
        places = columns.shape[3:]
        columns = columns.reshape(w[0].size, -1)
        out = (w.reshape(len(w), -1) @ columns + b[:, np.newaxis]).reshape(len(w), *places)
        return out.transpose(1, 0, 2, 3), (columns, padded, x.shape, w, conv_param)

    def conv_backward_naive(dout, cache):
        columns, padded, (N, C, H, W), w, conv_param = cache
        stride, pad, (F, _, HH, WW), (H_out, W_out) = (
            conv_param["stride"],
            int(conv_param["pad"]),
            w.shape,
            dout.shape[2:],
        )
        rows = dout.transpose(1, 0, 2, 3).reshape(F, -1)
        dcolumns = (w.reshape(F, -1).T @ rows).reshape(C, HH, WW, N, H_out, W_out)
        dx_pad = np.zeros(padded)
        for i, j in np.ndindex(HH, WW):
            dx_pad[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += dcolumns[
                :, i, j
            ].swapaxes(0, 1)
        return (
            dx_pad[:, :, pad : pad + H, pad : pad + W],
            (rows @ columns.T).reshape(w.shape),
            rows.sum(axis=1),
        )


# --- The cache in another form ---


@variant()
class conv_cache_is_a_list:
    """The cache is a list in another order."""

    def conv_forward_naive(x, w, b, conv_param):
        out, (x, w, b, conv_param) = right_forward(x, w, b, conv_param)
        return out, [conv_param["pad"], conv_param["stride"], [b, [w, [x]]], None]

    def conv_backward_naive(dout, cache):
        pad, stride, (b, (w, (x,))), _ = cache
        return right_backward(dout, (x, w, b, {"stride": stride, "pad": pad}))


@variant()
class conv_cache_is_a_dict:
    """The cache is a dictionary, with the padded images and much else in it."""

    def conv_forward_naive(x, w, b, conv_param):
        out, _ = right_forward(x, w, b, conv_param)
        pad = int(conv_param["pad"])
        x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        return out, {
            "x": x,
            "w": w,
            "b": b,
            "param": conv_param,
            "x_pad": x_pad,
            "out": out,
            7: {"shape": out.shape},
        }

    def conv_backward_naive(dout, cache):
        assert dout.shape == cache[7]["shape"]  # noqa: S101  # what a careful student writes
        return right_backward(dout, (cache["x"], cache["w"], cache["b"], cache["param"]))


@variant()
class conv_cache_has_more:
    """The cache is the documented one with the padded images behind it, and the backward pass wants exactly
    five values.
    """

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x, w, b, conv_param)
        pad = int(conv_param["pad"])
        return out, (*cache, np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))))

    def conv_backward_naive(dout, cache):
        x, w, b, conv_param, _ = cache
        return right_backward(dout, (x, w, b, conv_param))


class _Memory:
    __slots__ = ("kept",)

    def __init__(self, kept):
        self.kept = kept

    def backward(self, dout):
        return right_backward(dout, self.kept)


@variant()
class conv_cache_is_an_object:
    """The cache is an instance of a class of the submission's own, which also knows how to go backwards."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x, w, b, conv_param)
        return out, _Memory(cache)

    def conv_backward_naive(dout, cache):
        return cache.backward(dout)


@variant()
class conv_cache_is_a_closure:
    """The cache is a function that computes the gradients."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x, w, b, conv_param)
        return out, lambda dout: right_backward(dout, cache)

    def conv_backward_naive(dout, cache):
        return cache(dout)


@variant()
class conv_cache_is_a_generator:
    """The cache of the convolution is a generator, which can be read once."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x, w, b, conv_param)
        return out, (each for each in cache)

    def conv_backward_naive(dout, cache):
        x, w, b, conv_param = cache
        return right_backward(dout, (x, w, b, conv_param))


LAST = {}


@variant()
class conv_cache_stays_in_module:
    """The cache of the convolution is None: what the backward pass needs stays in a variable of the module."""

    def conv_forward_naive(x, w, b, conv_param):
        out, LAST["cache"] = right_forward(x, w, b, conv_param)
        return out, None

    def conv_backward_naive(dout, cache):
        return right_backward(dout, LAST["cache"])


# --- Results of other kinds ---


@variant()
class conv_results_are_a_list:
    """Output and cache, and the three gradients, are returned in lists."""

    def conv_forward_naive(x, w, b, conv_param):
        return list(right_forward(x, w, b, conv_param))

    def conv_backward_naive(dout, cache):
        return list(right_backward(dout, cache))


@variant()
class conv_returns_float32:
    """Both passes compute and return single precision, whatever comes in."""

    def conv_forward_naive(x, w, b, conv_param):
        return right_forward(x.astype("f4"), w.astype("f4"), b.astype("f4"), conv_param)

    def conv_backward_naive(dout, cache):
        return right_backward(dout.astype("f4"), cache)


@variant()
class conv_in_float32:
    """Both passes compute in single precision and return double."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x.astype("f4"), w.astype("f4"), b.astype("f4"), conv_param)
        return out.astype(np.float64), cache

    def conv_backward_naive(dout, cache):
        return tuple(gradient.astype(np.float64) for gradient in right_backward(dout.astype("f4"), cache))


@variant()
class conv_in_fortran_order:
    """Results are in Fortran order, or views with negative strides, or slices of something larger."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(np.asfortranarray(x), np.asfortranarray(w), b, conv_param)
        return np.asfortranarray(out), cache

    def conv_backward_naive(dout, cache):
        dx, dw, db = right_backward(np.asfortranarray(dout), cache)
        mirrored = np.ascontiguousarray(dx[..., ::-1])[..., ::-1]
        larger = np.zeros(np.multiply(dw.shape, 2))
        larger[tuple(slice(size) for size in dw.shape)] = dw
        return mirrored, larger[tuple(slice(size) for size in dw.shape)], np.repeat(db, 2)[::2]


@variant()
class conv_works_on_own_copies:
    """Both passes overwrite what they work on, but only copies of their own."""

    def conv_forward_naive(x, w, b, conv_param):
        images, filters = x.copy(), w.copy()
        images *= 2
        filters /= 2
        out, _ = right_forward(images, filters, b, dict(conv_param))
        images[...] = np.nan
        return out, (x.copy(), w.copy(), b.copy(), dict(conv_param))

    def conv_backward_naive(dout, cache):
        upstream = dout.copy()
        gradients = right_backward(upstream, cache)
        upstream *= 0
        return gradients


# --- Functions that are called and defined otherwise ---


Array = NDArray[np.floating[Any]]


@variant()
class conv_other_parameter_names:
    """Parameters have other names, hints and defaults; who calls by position does not notice."""

    def conv_forward_naive(
        images: Array,
        filters: Array,
        biases: Array,
        settings: dict[str, Any] | None = None,
        /,
        verbose: bool = False,
    ) -> tuple[Array, tuple[Any, ...]]:
        return right_forward(images, filters, biases, settings or {"stride": 1, "pad": 0})

    def conv_backward_naive(
        upstream: Array, memory: tuple[Any, ...], *_: Any, **__: Any
    ) -> tuple[Array, ...]:
        return right_backward(upstream, memory)


_COUNTS = {}


def _counted(function):
    @functools.wraps(function)
    def wrapper(*args):
        _COUNTS[function.__name__] = _COUNTS.get(function.__name__, 0) + 1
        return function(*args)

    return wrapper


@variant()
class conv_is_decorated:
    """Both passes are wrapped by a decorator of the submission's own and keep counts in a module's
    dictionary.
    """

    @_counted
    def conv_forward_naive(x, w, b, conv_param):
        return right_forward(x, w, b, conv_param)

    @_counted
    def conv_backward_naive(dout, cache):
        return right_backward(dout, cache)


class _Convolution:
    def __call__(self, x, w, b, conv_param):
        return right_forward(x, w, b, conv_param)

    def gradients(self, right, dout, cache):
        return right(dout, cache)


@variant()
class conv_is_an_instance:
    """The forward pass is an instance with __call__, and the backward pass a partial of its method."""

    conv_forward_naive = _Convolution()

    conv_backward_naive = functools.partial(conv_forward_naive.gradients, right_backward)


@variant()
class conv_is_talkative:
    """Both passes print at every step, warn, and set how NumPy reports errors."""

    def conv_forward_naive(x, w, b, conv_param):
        print("x", x.shape, "w", w.shape, conv_param, flush=True)
        print(x, file=sys.stderr)
        warnings.warn("this is slow", UserWarning, stacklevel=2)
        with np.errstate(all="raise"):
            return right_forward(x, w, b, conv_param)

    def conv_backward_naive(dout, cache):
        before = np.seterr(all="ignore")
        for image in dout:
            print("image", image.shape, "=" * 80)
        np.log(np.zeros(1))
        gradients = right_backward(dout, cache)
        np.seterr(**before)
        return gradients


# --- Convolution and pooling alike ---


@variant()
class conv_and_pool_product_by_product:
    """Both passes of convolution and pooling as plain Python loops over every single product."""

    def conv_forward_naive(x, w, b, conv_param):
        stride, pad = conv_param["stride"], int(conv_param["pad"])
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        padded[:, :, pad : pad + H, pad : pad + W] = x
        out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
        for n, f, i, j in np.ndindex(out.shape):
            for c in range(C):
                for k in range(HH):
                    for m in range(WW):
                        out[n, f, i, j] += padded[n, c, i * stride + k, j * stride + m] * w[f, c, k, m]
            out[n, f, i, j] += b[f]
        return out, (padded, x, w, conv_param)

    def conv_backward_naive(dout, cache):
        padded, x, w, conv_param = cache
        stride, pad = conv_param["stride"], int(conv_param["pad"])
        dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
        for n, f, i, j in np.ndindex(dout.shape):
            for c in range(w.shape[1]):
                for k in range(w.shape[2]):
                    for m in range(w.shape[3]):
                        dpadded[n, c, i * stride + k, j * stride + m] += dout[n, f, i, j] * w[f, c, k, m]
                        dw[f, c, k, m] += dout[n, f, i, j] * padded[n, c, i * stride + k, j * stride + m]
        return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))

    def max_pool_forward_naive(x, pool_param):
        height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        N, C, H, W = x.shape
        out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
        for n, c, i, j in np.ndindex(out.shape):
            best = x[n, c, i * stride, j * stride]
            for k in range(height):
                for m in range(width):
                    best = max(best, x[n, c, i * stride + k, j * stride + m])
            out[n, c, i, j] = best
        return out, (x, pool_param)

    def max_pool_backward_naive(dout, cache):
        x, pool_param = cache
        height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        dx = np.zeros(x.shape)
        for n, c, i, j in np.ndindex(dout.shape):
            row, column = i * stride, j * stride
            for k in range(height):
                for m in range(width):
                    if x[n, c, i * stride + k, j * stride + m] > x[n, c, row, column]:
                        row, column = i * stride + k, j * stride + m
            dx[n, c, row, column] += dout[n, c, i, j]
        return dx


@variant()
class conv_and_pool_return_lists:
    """Outputs and gradients are nested lists of numbers."""

    def conv_forward_naive(x, w, b, conv_param):
        out, cache = right_forward(x, w, b, conv_param)
        return out.tolist(), cache

    def conv_backward_naive(dout, cache):
        return tuple(each.tolist() for each in right_backward(dout, cache))

    def max_pool_forward_naive(x, pool_param):
        out, cache = right_pool_forward(x, pool_param)
        return out.tolist(), cache

    def max_pool_backward_naive(dout, cache):
        return right_pool_backward(dout, cache).tolist()
