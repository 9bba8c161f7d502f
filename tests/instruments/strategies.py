"""Strategies for arrays and for the numbers that instruments are made of."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, max_side=5)

FINITE = st.floats(-1e6, 1e6, allow_nan=False)

finite_arrays = hnp.arrays(np.float64, SHAPES, elements=FINITE)
"""Finite float64 arrays of up to four axes, scalars included."""

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)
"""Random generators in any state."""


@st.composite
def normal_arrays(draw: st.DrawFn, min_dims: int = 1, min_side: int = 1) -> np.ndarray:
    """Draw an array of independent normal numbers, as hidden inputs are."""
    shape = draw(hnp.array_shapes(min_dims=min_dims, max_dims=4, min_side=min_side, max_side=5))
    return np.asarray(draw(generators).normal(size=shape))


@st.composite
def places(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Draw an index into an array of `shape`."""
    return tuple(draw(st.integers(0, length - 1)) for length in shape)
