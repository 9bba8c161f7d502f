"""Functions with known gradients, for tests of the gradient instruments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Known:
    """A function, its gradient as a function of ``(dout, x)``, and a shape to try it on."""

    f: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray, np.ndarray], np.ndarray]
    shape: tuple[int, ...]


MATRIX = np.random.default_rng(11).normal(size=(6, 4))


def relu(x: np.ndarray) -> np.ndarray:
    """Return the positive part."""
    return np.maximum(x, 0.0)


def normalise(x: np.ndarray) -> np.ndarray:
    """Return `x` with mean 0 and variance 1 in each column."""
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)


def normalise_gradient(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient of `normalise`."""
    hat = normalise(x)
    return (dout - dout.mean(0) - hat * (dout * hat).mean(0)) / np.sqrt(x.var(0) + 1e-5)


SMOOTH = {
    "cube": Known(lambda x: x**3, lambda dout, x: 3.0 * dout * x**2, (4, 5)),
    "affine": Known(lambda x: x @ MATRIX, lambda dout, _: dout @ MATRIX.T, (5, 6)),
    "tanh": Known(np.tanh, lambda dout, x: dout * (1.0 - np.tanh(x) ** 2), (3, 2, 4)),
    "normalise": Known(normalise, normalise_gradient, (7, 3)),
    "sum of squares": Known(lambda x: np.sum(x**2), lambda dout, x: 2.0 * dout * x, (4, 3)),
    "one number": Known(np.sin, lambda dout, x: dout * np.cos(x), ()),
}

KINKED = {
    "relu": Known(relu, lambda dout, x: dout * (x > 0), (6, 7)),
    "absolute value": Known(np.abs, lambda dout, x: dout * np.sign(x), (5, 5)),
    "largest in rows": Known(
        lambda x: x.max(1),
        lambda dout, x: dout[:, None] * (np.arange(x.shape[1]) == x.argmax(1)[:, None]),
        (8, 4),
    ),
}

ALL = {**SMOOTH, **KINKED}


def problem(known: Known, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw ``(x, dout)`` for a known function and return them with the right gradient."""
    x = rng.normal(size=known.shape)
    dout = rng.normal(size=np.shape(known.f(x)))
    return x, dout, known.gradient(dout, x)
