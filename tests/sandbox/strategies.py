"""What hypothesis draws for the wire."""

from __future__ import annotations

import json
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

json_units: st.SearchStrategy[bytes] = json_values.map(
    lambda value: json.dumps(value).encode()
) | st.sampled_from(
    [
        *(
            b"[]",
            b"{}",
            b'{"":0}',
            b'{"t":[]}',
            b'{"d":[]}',
            b'{"d":[[0,0]]}',
            b'{"h":[1,""]}',
            b'{"f":"nan"}',
        ),
        *(b'""', b'"\\u1234"', b'"\\ud83d\\ude00"', b"1e308", b"9" * 4000, b"0." + b"1" * 4000),
        *(b"[" * 12 + b"]" * 12, b"[" * 900 + b"]" * 900),
    ]
)
"""What a header may hold over and over, to make decoding it cost most."""

_leaves = (
    st.integers() | st.floats() | st.booleans() | st.text("ab", max_size=3) | st.just("a" * 1000) | arrays
)
nested: st.SearchStrategy[Any] = st.lists(
    _leaves | st.lists(_leaves, max_size=3) | st.lists(_leaves, min_size=2, max_size=2).map(tuple),
    max_size=20,
)
"""Lists that may or may not make an array, of entries of very different sizes."""
