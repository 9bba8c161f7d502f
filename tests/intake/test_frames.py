"""Frames of dataclasses: what is written is read back, and nothing of another type is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from grader.intake.frames import BOUNDS, frame_of, read_frame
from grader.sandbox.box.codec import Encoder, Malformed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.just("é" * 1000)


@dataclass(frozen=True)
class Part:
    """A part of the example."""

    name: str
    count: int = 0


@dataclass(frozen=True)
class Example:
    """Has a field of every type that crosses."""

    text: str
    truth: bool
    content: bytes
    parts: tuple[Part, ...]
    files: Mapping[str, bytes]
    maybe: Part | None
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Arrays:
    """Has arrays."""

    arrays: Mapping[str, NDArray[Any]]


EXAMPLE = Example("a", True, b"b", (Part("c", 1),), {"d": b"b"}, None, {"e": [1, 2.5, None]})
PARTS = st.builds(Part, TEXTS, st.integers(-(2**60), 2**60))
SCALARS = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text("ab", max_size=3)
)
EXAMPLES = st.builds(
    Example,
    text=TEXTS,
    truth=st.booleans(),
    content=st.binary(),
    parts=st.lists(PARTS, max_size=3).map(tuple),
    files=st.dictionaries(TEXTS, st.binary(), max_size=3),
    maybe=st.none() | PARTS,
    arguments=st.dictionaries(TEXTS, SCALARS | st.lists(st.integers(0, 9))),
)


@given(EXAMPLES)
def test_what_is_written_is_read_back(example: Example) -> None:
    """Also texts of any length, nothing at all, and the same content in several places."""
    assert read_frame(b"".join(frame_of(example, 0)), Example) == example


def test_arrays_keep_their_shape_and_type() -> None:
    """Also one without entries."""
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3).T, "b": np.zeros((0, 3), np.int8)}
    found = read_frame(b"".join(frame_of(Arrays(arrays), 0)), Arrays).arrays
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_each_content_crosses_once() -> None:
    """However many files have it."""
    once = len(b"".join(frame_of(replace(EXAMPLE, content=b"x" * 5000), 0)))
    files = {str(number): b"x" * 5000 for number in range(50)}
    assert len(b"".join(frame_of(replace(EXAMPLE, content=b"x" * 5000, files=files), 0))) < once + 2000


def test_each_content_is_taken_once() -> None:
    """A short frame that names one array many times, as content or as text, takes no more memory than the array."""
    names = [str(number) for number in range(50)]
    mebibyte = np.full(1 << 20, ord("x"), np.uint8)
    files = read_frame(
        written([[0, *BODY[1:4], [[name, 0] for name in names], *BODY[5:]], [mebibyte]]), Example
    )
    assert {id(content) for content in files.files.values()} == {id(files.content)}
    parts = read_frame(written([[0, *BODY[1:3], [[0, 1] for _ in names], *BODY[4:]], [mebibyte]]), Example)
    assert {id(part.name) for part in parts.parts} == {id(parts.text)}


BODY = ["a", True, 0, [["c", 1]], [["d", 0]], None, [["e", [1, 2.5, None]]]]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        *((0, told) for told in (None, 1.0, True, ["a"], 1, -1)),
        *((1, told) for told in (None, 1, "yes")),
        *((2, told) for told in (None, "b", 1, -1, True)),
        *((3, told) for told in (None, "c", [1], [[]], [["c"]], [["c", 1, 2]], [["c", "1"]], [["c", True]])),
        *((4, told) for told in (None, {"d": 0}, ["d", 0], [["d"]], [["d", 1]], [[0.5, 0]])),
        *((5, told) for told in (0, [], ["c"], ["c", None])),
        *((6, told) for told in (None, [["e", [[1]]]], [["e", np.zeros(1)]], [["e", {"f": 1}]], [[None, 1]])),
    ],
)
def test_a_field_of_another_type_is_refused(field: int, told: object) -> None:
    """Whatever the process that wrote the frame has become."""
    assert read_frame(written([BODY, [np.array([98], np.uint8)]]), Example) == EXAMPLE
    with pytest.raises(Malformed):
        read_frame(written([[*BODY[:field], told, *BODY[field + 1 :]], [np.array([98], np.uint8)]]), Example)


@pytest.mark.parametrize(
    "body", [None, [], [BODY], [BODY, None], [BODY, [1]], [BODY[1:], []], [[], []], {"a": 1}]
)
def test_a_frame_of_another_form_is_refused(body: object) -> None:
    """A pair of fields and arrays, and nothing else."""
    with pytest.raises(Malformed):
        read_frame(written(body), Example)


def test_a_text_that_is_none_is_refused() -> None:
    """Long texts cross as bytes, which are UTF-8 or nothing."""
    with pytest.raises(Malformed, match="text"):
        read_frame(written([[0, *BODY[1:]], [np.array([0xFF], np.uint8)]]), Example)


def written(body: object) -> bytes:
    """Return a frame of anything."""
    return b"".join(Encoder(BOUNDS).frame(0, body))
