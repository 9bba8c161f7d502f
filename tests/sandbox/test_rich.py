"""Sets, bytes, fractions, dates, tables and tensors cross, and what claims to be one is held to the bounds."""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter, OrderedDict, defaultdict, namedtuple
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.sandbox.box.codec import Bounds, Malformed, Ref, Unsendable, decode, encode
from grader.sandbox.box.rich import Tensor
from tests.sandbox.test_codec import frame

LIMITS = Bounds(header_bytes=2**16, reply_bytes=2**16, arrays=64, depth=16, list_bytes=2**16)
Pair = namedtuple("Pair", "x y")


def crossed(value: Any) -> Any:
    """Return what arrives of `value`."""
    return decode(encode(1, value, LIMITS), LIMITS)[1]


hashable = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.binary(max_size=5), st.fractions(),
        st.complex_numbers(allow_nan=False), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    ),
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip


@given(st.one_of(hashable, st.sets(hashable, max_size=4), st.dictionaries(hashable, hashable, max_size=4)))
def test_values_survive_the_round_trip(value: Any) -> None:
    """Whatever is plain arrives as the same value of the same type."""
    try:
        got = crossed(value)
    except Unsendable as error:  # text with lone surrogates is replaced, long integers are refused
        pytest.fail(str(error))
    assert type(got) is type(value)
    if "\ud800" not in ascii(value) and "\\ud" not in ascii(value):
        assert got == value


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(int, a=1), {"a": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (Pair(1, (2, (3,))), (1, (2, (3,)))),
        ({(1, "a"): {2}}, {(1, "a"): {2}}),
        (bytearray(b"x"), b"x"),
        (complex("nan"), None),
    ],
)
def test_subclasses_arrive_as_what_they_are_underneath(value: Any, plain: Any) -> None:
    """A Counter is a dict, a named tuple a tuple."""
    got = crossed(value)
    assert plain is None or (got == plain and type(got) is type(plain))


@pytest.mark.parametrize(
    "array",
    [
        np.array([["a", "longer"], ["", "é"]]),
        np.array([1, "a", None, (2, 3)], dtype=object)[:3],
        np.array([], dtype="U3"),
        np.array("word"),
        np.array(["2020-01-02", "NaT"], dtype="datetime64[D]"),
        np.array([5], dtype="timedelta64[ns]"),
    ],
)
def test_arrays_of_texts_objects_and_dates_arrive(array: np.ndarray) -> None:
    """They keep shape, kind and entries."""
    got = crossed(array)
    assert (got.shape, got.dtype.kind) == (array.shape, array.dtype.kind)
    np.testing.assert_array_equal(got, array)


def test_tables_arrive() -> None:
    """Data frames, series and indices keep names, rows, missing values and texts."""
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"city": ["rome", None], "rent": [1.5, np.nan], "n": [1, 2]}, index=["x", "y"])
    table["day"] = pd.to_datetime(["2020-01-01", "2020-02-03"])
    pd.testing.assert_frame_equal(crossed(table), table)
    counted = table.groupby(["city", "n"])["rent"].mean()
    pd.testing.assert_series_equal(crossed(counted), counted)
    assert crossed(table.columns).tolist() == list(table.columns)
    empty = pd.DataFrame()
    assert crossed(empty).shape == (0, 0)


def test_a_table_without_pandas_is_a_dict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the grader has no pandas, its columns arrive by name."""
    pd = pytest.importorskip("pandas")
    sent = encode(1, pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), LIMITS)
    monkeypatch.delitem(sys.modules, "pandas")
    got = decode(sent, LIMITS)[1]
    assert got["a"].tolist() == [1, 2]
    assert got["b"] == ["x", "y"]


def test_tensors_cross_as_arrays() -> None:
    """A tensor is sent as what it holds, with its gradient cut off."""
    torch = pytest.importorskip("torch")
    got = crossed([torch.ones(2, 3, requires_grad=True) * 2])[0]
    assert isinstance(got, Tensor)
    np.testing.assert_array_equal(got.array, np.full((2, 3), 2.0, dtype=np.float32))


@pytest.mark.parametrize(
    "body",
    [
        {"e": [[1]]},
        {"e": 5},
        {"e": list(range(2000))},
        {"z": [{"e": []}]},
        {"d": [[{"e": [1]}, 1]]},
        {"d": [[{"t": [{"t": [[]]}]}, 1]]},
        {"d": [[{"h": [1, "x"]}, 1]]},
        {"c": [1, 2]},
        {"c": [1.0]},
        {"q": [1, 0]},
        {"q": [1.0, 2.0]},
        {"q": [1, -3]},
        {"b": "a"},
        {"b": 7},
        {"b": "é==="},
        {"w": ["date", "2020-99-01"]},
        {"w": ["date", "0" * 200]},
        {"w": ["timedelta", [10**12, 0, 0]]},
        {"w": ["timedelta", [True, 0]]},
        {"w": ["decade", "2020"]},
        {"o": ["U", [2], ["a"]]},
        {"o": ["U", [-1, -1], ["a"]]},
        {"o": ["U", [1], [5]]},
        {"o": ["O", [0, 2**40], []]},
        {"o": ["U", [400], ["x" * 60] * 400]},
        {"o": ["V", [1], ["a"]]},
        {"o": ["U", [True], ["a"]]},
        {"p": ["DataFrame", ["a"], {"p": ["Index", [None], None, [[1, 2]]]}, [[1]]]},
        {"p": ["DataFrame", ["a"], [1], [[1]]]},
        {"p": ["DataFrame", ["a", "b"], None, [[1]]]},
        {"p": ["Series", ["a"], [1], [5]]},
        {"p": ["Panel", ["a"], [1], [[5]]]},
        {"p": ["DataFrame", [[1]], [1], [[5]]]},
        {"p": ["DataFrame", list(map(str, range(2000))), None, [[]] * 2000]},
        {"x": 0},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_describes_no_value_is_malformed(body: Any) -> None:
    """Wrong kinds, lengths, dates and sizes are refused before anything is made of them."""
    pytest.importorskip("pandas")
    with pytest.raises(Malformed):
        decode(frame([body, []]), LIMITS)


def test_many_texts_may_be_keys_and_many_numbers_may_not() -> None:
    """The words of a book cross; numbers, whose hashes can be chosen, do not."""
    wide = Bounds(header_bytes=2**22, reply_bytes=0, arrays=0, depth=4)
    words = {f"word {n}": n for n in range(30_000)}
    assert decode(encode(1, words, wide), wide)[1] == words
    with pytest.raises(Unsendable, match="1024 may cross"):
        encode(1, dict.fromkeys(range(2000)), wide)


def test_a_handle_in_a_set_is_no_key() -> None:
    """References stand for objects, which are compared by nothing."""
    with pytest.raises(Unsendable):
        encode(1, {Ref(1)}, LIMITS)


def test_now_crosses_with_its_zone() -> None:
    """A moment keeps the zone it is told in."""
    now = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    assert crossed([now, Fraction(1, 3)]) == [now, Fraction(1, 3)]
