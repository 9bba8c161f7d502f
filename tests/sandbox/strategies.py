"""What hypothesis draws for the wire."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.box.codec import DTYPES

_DTYPES = st.sampled_from(sorted(DTYPES)).map(np.dtype)
_SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)

arrays = _DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, _SHAPES))
"""Arrays of every dtype that crosses, with every bit pattern of floats."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
_keys = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts

values: st.SearchStrategy[Any] = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(_keys, inner, max_size=4)
    ),
    max_leaves=12,
)
"""Everything that may cross by value."""

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("tdfash"), inner, max_size=2),
    max_leaves=20,
)
"""JSON of about the shape of a body, right or wrong."""
