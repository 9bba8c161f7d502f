"""The gradient checks in common use, which sample single coordinates; here to be measured against ours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.instruments.arrays import Float

Forward = Callable[[Float], Float]

STEP = 1e-5
"""The step both use in the courses they come from."""

CS231N_SAMPLES = 10
CS231N_ALLOWED = 1e-5
"""That helper prints relative errors and asserts nothing; 1e-5 is where its readers are told to worry."""

ONE_COORDINATE_ALLOWED = 1e-2


def cs231n_check(
    f: Forward,
    x: Float,
    gradient: Float,
    dout: Float,
    rng: np.random.Generator,
    *,
    samples: int = CS231N_SAMPLES,
) -> bool:
    """Return whether any of ten sampled coordinates has a relative error above 1e-5."""
    places = [_draw(x, rng) for _ in range(samples)]
    return any(_relative(f, x, gradient, dout, index=each) > CS231N_ALLOWED for each in places)


def one_coordinate_check(
    f: Forward, x: Float, gradient: Float, dout: Float, rng: np.random.Generator
) -> bool:
    """Return whether one sampled coordinate has a relative error above 1e-2."""
    return _relative(f, x, gradient, dout, index=_draw(x, rng)) > ONE_COORDINATE_ALLOWED


def _draw(x: Float, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.integers(length)) for length in x.shape)


def _relative(f: Forward, x: Float, gradient: Float, dout: Float, *, index: tuple[int, ...]) -> float:
    up, down = x.copy(), x.copy()
    up[index] += STEP
    down[index] -= STEP
    numeric = float(np.sum(dout * (f(up) - f(down)))) / (2.0 * STEP)
    claimed = float(gradient[index])
    size = abs(numeric) + abs(claimed)
    return abs(numeric - claimed) / size if size > 0.0 else 0.0
