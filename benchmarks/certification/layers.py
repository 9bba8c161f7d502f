"""Layers to certify the gradient instrument on, each with every right answer and some wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from grader.instruments.arrays import Float

EPS = 1e-5
POOL = 2
CHANNELS = 3

Forward = Callable[..., Float]
Gradients = Callable[..., tuple[Float, ...]]
Draw = Callable[[np.random.Generator, int], tuple[Float, ...]]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A differentiable function with its gradients.

    Attributes
    ----------
    name
        For the table.
    draw
        Given a generator and a batch size, the inputs, each of them differentiable; float64.
    forward
        ``forward(*inputs)`` returns the output.
    gradients
        ``gradients(dout, *inputs)`` returns one gradient per input: the reference.
    variants
        Other right answers by name, such as other conventions at a tie.
    mistakes
        Wrong answers by name. One that is right on some inputs counts only where it differs.
    """

    name: str
    draw: Draw
    forward: Forward
    gradients: Gradients
    variants: Mapping[str, Gradients] = field(default_factory=dict)
    mistakes: Mapping[str, Gradients] = field(default_factory=dict)


def standard_layers() -> tuple[LayerSpec, ...]:
    """Return affine, ReLU, convolution at two strides, pooling, batch norm, softmax loss and a network."""
    return (
        _affine_layer(),
        _relu_layer(),
        _convolution(1, 1),
        _convolution(2, 1),
        _pooling(),
        _batchnorm(),
        _softmax(),
        _network(),
    )


def _draw_matrix(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    return (rng.normal(size=(batch, 12)),)


def _draw_affine(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    return rng.normal(size=(batch, 6)), rng.normal(size=(6, 5)), rng.normal(size=5)


def _affine(x: Float, w: Float, b: Float) -> Float:
    return x @ w + b


def _affine_gradients(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
    return dout @ w.T, x.T @ dout, dout.sum(0).reshape(b.shape)


def _affine_backwards(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
    dx, dw, db = _affine_gradients(dout, x, w, b)
    return dx[:, ::-1], dw, db


def _affine_averaged(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
    dx, dw, _ = _affine_gradients(dout, x, w, b)
    return dx, dw, dout.mean(0)


def _affine_layer() -> LayerSpec:
    return LayerSpec(
        "affine",
        _draw_affine,
        _affine,
        _affine_gradients,
        mistakes={
            "the bias gradient is averaged": _affine_averaged,
            "the input gradient runs backwards": _affine_backwards,
        },
    )


def _relu(x: Float) -> Float:
    return np.maximum(x, 0)


def _half_step(x: Float) -> Float:
    return np.heaviside(x, np.asarray(0.5, dtype=x.dtype))


def _relu_layer() -> LayerSpec:
    return LayerSpec(
        "relu",
        _draw_matrix,
        _relu,
        lambda dout, x: (dout * (x > 0),),
        variants={
            "one at zero": lambda dout, x: (dout * (x >= 0),),
            "half at zero": lambda dout, x: (dout * _half_step(x),),
        },
        mistakes={
            "the mask is that of dout": lambda dout, _: (dout * (dout > 0),),
            "no mask": lambda dout, x: (dout + 0.0 * x,),
        },
    )


def _draw_convolution(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    size = 2 * int(rng.integers(2, 4)) + 1, 2 * int(rng.integers(2, 4)) + 1
    image = rng.normal(size=(batch, CHANNELS, *size))
    return image, rng.normal(size=(4, CHANNELS, 3, 3)), rng.normal(size=4)


def _windows(x: Float, w: Float, stride: int, pad: int) -> Float:
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


def _convolve(x: Float, w: Float, b: Float, stride: int, pad: int) -> Float:
    windows = _windows(x, w, stride, pad)
    return np.moveaxis(np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])), 3, 1) + b[:, None, None]


def _convolution_gradients(
    dout: Float, x: Float, w: Float, _: Float, *, stride: int, pad: int, scatter: int = 0
) -> tuple[Float, ...]:
    """Return (dx, dw, db); `scatter` is the stride of the mistaken dx, 0 for the right one."""
    dw = np.tensordot(dout, _windows(x, w, stride, pad), axes=([0, 2, 3], [0, 2, 3]))
    padded = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad), dtype=x.dtype)
    step = scatter or stride
    for row in range(w.shape[2]):
        for column in range(w.shape[3]):
            share = np.moveaxis(np.tensordot(dout, w[:, :, row, column], axes=([1], [0])), 3, 1)
            rows, columns = dout.shape[2] * step, dout.shape[3] * step
            padded[:, :, row : row + rows : step, column : column + columns : step] += share
    return padded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum((0, 2, 3))


def _convolution(stride: int, pad: int) -> LayerSpec:
    def gradients(dout: Float, *inputs: Float) -> tuple[Float, ...]:
        return _convolution_gradients(dout, *inputs, stride=stride, pad=pad)

    def flipped(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
        dx, dw, db = gradients(dout, x, w, b)
        return gradients(dout, x, w[:, :, ::-1, ::-1], b)[0] + 0.0 * dx, dw[:, :, ::-1, ::-1], db

    def first_row_lost(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
        dx, dw, db = gradients(dout, x, w, b)
        return np.concatenate([0.0 * dx[:, :, :1], dx[:, :, 1:]], axis=2), dw, db

    def without_stride(dout: Float, x: Float, w: Float, b: Float) -> tuple[Float, ...]:
        return _convolution_gradients(dout, x, w, b, stride=stride, pad=pad, scatter=1)

    return LayerSpec(
        f"conv, stride {stride}",
        _draw_convolution,
        lambda x, w, b: _convolve(x, w, b, stride, pad),
        gradients,
        mistakes={"the filters are flipped": flipped, "the first row is lost": first_row_lost}
        | ({"the scatter ignores the stride": without_stride} if stride > 1 else {}),
    )


def _draw_images(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    return (rng.normal(size=(batch, CHANNELS, 2 * int(rng.integers(2, 4)), 2 * int(rng.integers(2, 4)))),)


def _tiles(x: Float) -> Float:
    n, c, h, w = x.shape
    tiles = x.reshape(n, c, h // POOL, POOL, w // POOL, POOL).transpose(0, 1, 2, 4, 3, 5)
    return tiles.reshape(n, c, h // POOL, w // POOL, POOL * POOL)


def _untile(tiles: Float, x: Float) -> Float:
    n, c, h, w = x.shape
    return tiles.reshape(n, c, h // POOL, w // POOL, POOL, POOL).transpose(0, 1, 2, 4, 3, 5).reshape(x.shape)


def _pool(x: Float) -> Float:
    return np.asarray(_tiles(x).max(-1))


def _pool_first(dout: Float, x: Float) -> tuple[Float, ...]:
    chosen = np.arange(POOL * POOL) == _tiles(x).argmax(-1)[..., None]
    return (_untile(chosen * dout[..., None], x),)


def _pool_all(dout: Float, x: Float) -> tuple[Float, ...]:
    tiles = _tiles(x)
    return (_untile((tiles == tiles.max(-1, keepdims=True)) * dout[..., None], x),)


def _pool_split(dout: Float, x: Float) -> tuple[Float, ...]:
    tiles = _tiles(x)
    chosen = tiles == tiles.max(-1, keepdims=True)
    return (_untile((chosen / chosen.sum(-1, keepdims=True) * dout[..., None]).astype(x.dtype), x),)


def _pool_everywhere(dout: Float, x: Float) -> tuple[Float, ...]:
    return (_untile(np.repeat(dout[..., None], POOL * POOL, axis=-1), x),)


def _pool_smallest(dout: Float, x: Float) -> tuple[Float, ...]:
    return _pool_first(dout, -x)


def _pooling() -> LayerSpec:
    return LayerSpec(
        "max pool",
        _draw_images,
        _pool,
        _pool_first,
        variants={"to all maxima": _pool_all, "split between maxima": _pool_split},
        mistakes={"to every entry": _pool_everywhere, "to the smallest": _pool_smallest},
    )


def _draw_batchnorm(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    (x,) = _draw_images(rng, batch)
    return 2.0 * x + 3.0, 1.0 + rng.random(CHANNELS), rng.normal(size=CHANNELS)


def _normalised(x: Float) -> tuple[Float, Float]:
    mean, var = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
    inverse = 1 / np.sqrt(var + EPS)
    return (x - mean) * inverse, inverse


def _normalise(x: Float, gamma: Float, beta: Float) -> Float:
    return gamma[:, None, None] * _normalised(x)[0] + beta[:, None, None]


def _batchnorm_gradients(
    dout: Float,
    x: Float,
    gamma: Float,
    beta: Float,
    *,
    through_mean: float = 1.0,
    through_variance: float = 1.0,
) -> tuple[Float, ...]:
    hat, inverse = _normalised(x)
    dhat = dout * gamma[:, None, None]
    centre = through_mean * dhat.mean((0, 2, 3), keepdims=True)
    spread = through_variance * hat * (dhat * hat).mean((0, 2, 3), keepdims=True)
    return inverse * (dhat - centre - spread), (dout * hat).sum((0, 2, 3)), dout.sum((0, 2, 3)) + 0 * beta


def _batchnorm() -> LayerSpec:
    def without_mean(dout: Float, *inputs: Float) -> tuple[Float, ...]:
        return _batchnorm_gradients(dout, *inputs, through_mean=0.0)

    def without_variance(dout: Float, *inputs: Float) -> tuple[Float, ...]:
        return _batchnorm_gradients(dout, *inputs, through_variance=0.0)

    return LayerSpec(
        "spatial batch norm",
        _draw_batchnorm,
        _normalise,
        _batchnorm_gradients,
        mistakes={
            "the path through the mean is missing": without_mean,
            "the path through the variance is missing": without_variance,
        },
    )


def _labels(scores: Float) -> NDArray[np.intp]:
    """Return a label per row that does not change with the scores."""
    return np.asarray(np.arange(scores.shape[0]) * 7 % scores.shape[1])


def _log_probabilities(scores: Float) -> Float:
    shifted = scores - scores.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))


def _softmax_loss(scores: Float) -> Float:
    rows = np.arange(scores.shape[0])
    return np.asarray(-_log_probabilities(scores)[rows, _labels(scores)].mean())


def _softmax_gradients(dout: Float, scores: Float) -> tuple[Float, ...]:
    probabilities = np.exp(_log_probabilities(scores))
    probabilities[np.arange(scores.shape[0]), _labels(scores)] -= 1
    return ((dout * probabilities / scores.shape[0]).astype(scores.dtype),)


def _softmax() -> LayerSpec:
    return LayerSpec(
        "softmax loss",
        _draw_matrix,
        _softmax_loss,
        _softmax_gradients,
        mistakes={
            "not divided by the batch": lambda d, s: (_softmax_gradients(d, s)[0] * s.shape[0],),
            "one is not subtracted": lambda d, s: ((d * np.exp(_log_probabilities(s)) / s.shape[0]),),
        },
    )


def _draw_network(rng: np.random.Generator, batch: int) -> tuple[Float, ...]:
    weights = 0.3 * rng.normal(size=(4, CHANNELS, 3, 3)), 0.1 * rng.normal(size=4)
    return rng.normal(size=(batch, CHANNELS, 6, 6)), *weights, 0.3 * rng.normal(size=(36, 5))


def _hidden(x: Float, w: Float, b: Float) -> tuple[Float, Float]:
    before = _convolve(x, w, b, 1, 1)
    return before, _pool(_relu(before))


def _network_loss(x: Float, w: Float, b: Float, v: Float) -> Float:
    return _softmax_loss(_hidden(x, w, b)[1].reshape(x.shape[0], -1) @ v)


def _network_gradients(dout: Float, x: Float, w: Float, b: Float, v: Float) -> tuple[Float, ...]:
    before, pooled = _hidden(x, w, b)
    flat = pooled.reshape(x.shape[0], -1)
    (dscores,) = _softmax_gradients(dout, flat @ v)
    (dactive,) = _pool_first((dscores @ v.T).reshape(pooled.shape), _relu(before))
    return *_convolution_gradients(dactive * (before > 0), x, w, b, stride=1, pad=1), flat.T @ dscores


def _network() -> LayerSpec:
    def without_relu(dout: Float, x: Float, w: Float, b: Float, v: Float) -> tuple[Float, ...]:
        before, pooled = _hidden(x, w, b)
        *_, dv = _network_gradients(dout, x, w, b, v)
        (dscores,) = _softmax_gradients(dout, pooled.reshape(x.shape[0], -1) @ v)
        (dactive,) = _pool_first((dscores @ v.T).reshape(pooled.shape), before)
        return *_convolution_gradients(dactive, x, w, b, stride=1, pad=1), dv

    def regularised(dout: Float, x: Float, w: Float, b: Float, v: Float) -> tuple[Float, ...]:
        dx, dw, db, dv = _network_gradients(dout, x, w, b, v)
        return dx, dw + 0.1 * w, db, dv + 0.1 * v

    return LayerSpec(
        "conv - relu - pool - softmax",
        _draw_network,
        _network_loss,
        _network_gradients,
        mistakes={"the relu is forgotten": without_relu, "the loss lacks the penalty": regularised},
    )
