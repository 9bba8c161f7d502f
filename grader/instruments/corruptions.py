"""Ways to spoil a right gradient at random, to measure instruments on errors nobody thought of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from grader.instruments.arrays import Array, root_mean_square

Corruption = Callable[[Array], Array]
DrawCorruption = Callable[[np.random.Generator, tuple[int, ...]], Corruption]

SMALLEST_CHANGE, LARGEST_CHANGE = 1e-3, 1.0
"""Relative sizes of random errors, drawn evenly in the logarithm: from a lost eps to a lost term."""


def _change(rng: np.random.Generator) -> float:
    size = float(np.exp(rng.uniform(np.log(SMALLEST_CHANGE), np.log(LARGEST_CHANGE))))
    return float(rng.choice([-1.0, 1.0])) * size


def _place(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(rng.integers(length)) for length in shape)


def _entry_scaled(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    place, change = _place(rng, shape), _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient[place] *= 1.0 + change
        return gradient

    return spoil


def _entry_off(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    place, change = _place(rng, shape), _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient[place] += change * root_mean_square(gradient)
        return gradient

    return spoil


def _all_scaled(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:  # noqa: ARG001 - one signature
    factor = 1.0 + _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient *= factor
        return gradient

    return spoil


def _sign(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:  # noqa: ARG001 - one signature
    return np.negative


def _row_missing(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    axis = int(rng.integers(len(shape)))
    index = int(rng.choice([0, shape[axis] - 1]))

    def spoil(gradient: Array) -> Array:
        np.moveaxis(gradient, axis, 0)[index] = 0.0
        return gradient

    return spoil


def _swapped(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    one, other = _place(rng, shape), _place(rng, shape)

    def spoil(gradient: Array) -> Array:
        gradient[one], gradient[other] = gradient[other], gradient[one]
        return gradient

    return spoil


CORRUPTIONS: Mapping[str, DrawCorruption] = {
    "one entry scaled": _entry_scaled,
    "one entry off": _entry_off,
    "all entries scaled": _all_scaled,
    "opposite sign": _sign,
    "first or last row missing": _row_missing,
    "two entries swapped": _swapped,
}
"""Each draws, for a shape, what happens to a gradient; what is drawn may change the array it is given."""
