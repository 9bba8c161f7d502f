"""Frames: what goes in comes out, and nothing malformed gets through or raises anything but its own error."""

from __future__ import annotations

import json
import math
import struct
import sys
import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from grader.sandbox.box.channel import FrameReader
from grader.sandbox.box.codec import DICT_ENTRIES, MAGIC, Bounds, Malformed, Ref, Unsendable, decode, encode
from tests.sandbox.strategies import arrays, json_units, json_values, nested, values

LIMITS = Bounds(header_bytes=2**16, reply_bytes=2**16, arrays=64, depth=16)


def frame(header: Any, payload: bytes = b"", number: int = 1) -> bytes:
    """Return a frame with any header, right or wrong."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<4sIIQ", MAGIC, number, len(raw), len(payload)) + raw + payload


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same in type, structure and every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or (one == other and math.copysign(1, one) == math.copysign(1, other))
    return bool(one == other)


@given(values, st.integers(0, 2**32 - 1))
def test_value_survives_the_round_trip(value: Any, number: int) -> None:
    """Every plain value comes back with the same types, the same structure and the same bits."""
    got_number, got = decode(encode(number, value, LIMITS), LIMITS)
    assert got_number == number
    assert same(got, value)


@given(arrays, st.sampled_from(["T", "[::-1]", ">", "F"]))
def test_any_layout_arrives_in_c_order(array: np.ndarray, layout: str) -> None:
    """Transposed, reversed, big-endian and Fortran arrays arrive with the same values, C-ordered and native."""
    given_array = {
        "T": array.T,
        "[::-1]": array[::-1] if array.ndim else array,
        ">": array.astype(array.dtype.newbyteorder(">")),
        "F": np.asfortranarray(array),
    }[layout]
    _, got = decode(encode(1, given_array, LIMITS), LIMITS)
    assert got.flags.c_contiguous
    assert got.flags.writeable
    assert got.dtype.isnative
    assert np.array_equal(got, given_array, equal_nan=array.dtype.kind in "fcMm")


@settings(max_examples=30)  # each reads two frames in many pieces
@given(st.lists(arrays, max_size=3), st.data())
def test_reader_takes_any_pieces(sent: list[np.ndarray], data: st.DataObject) -> None:
    """A frame that arrives in pieces of any size is the frame that arrives at once, one after another."""
    reader = FrameReader(LIMITS)
    for number in range(2):
        rest = encode(number, sent, LIMITS)
        done = False
        while rest:
            assert not done
            room = reader.room()
            count = data.draw(st.integers(1, min(len(room), len(rest))))
            room[:count] = rest[:count]
            del room
            rest = rest[count:]
            done = reader.wrote(count)
        assert done
        assert same(reader.frame(), (number, sent))


def test_large_payload_is_read_in_place() -> None:
    """A payload larger than the first read is collected whole."""
    limits = replace(LIMITS, reply_bytes=2**22)
    sent = np.arange(2**18, dtype=np.float64)
    reader, rest = FrameReader(limits), encode(7, sent, limits)
    while rest:
        count = min(len(reader.room()), len(rest), 100_000)
        reader.room()[:count] = rest[:count]
        rest = rest[count:]
        done = reader.wrote(count)
    assert done
    number, got = reader.frame()
    assert number == 7
    assert np.array_equal(got, sent)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_malformed(data: bytes) -> None:
    """No bytes make the decoder raise anything but Malformed."""
    with pytest.raises(Malformed):
        decode(data, LIMITS)


@given(st.binary(max_size=60), st.binary(max_size=40))
def test_any_header_bytes_are_malformed_or_a_value(header: bytes, payload: bytes) -> None:
    """Behind a right prefix, no bytes make the decoder raise anything but Malformed."""
    try:
        decode(frame(header, payload), LIMITS)
    except Malformed:
        return


@given(json_values, json_values, st.binary(max_size=64))
def test_any_json_is_malformed_or_a_value(body: Any, table: Any, payload: bytes) -> None:
    """JSON of any shape as body and table is a value or Malformed, nothing else."""
    try:
        decode(frame([body, table], payload), LIMITS)
    except Malformed:
        return


@given(values, st.data())
def test_damaged_frame_is_malformed_or_a_value(value: Any, data: st.DataObject) -> None:
    """A right frame with one byte changed is still a value or Malformed."""
    damaged = bytearray(encode(1, value, LIMITS))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(damaged), LIMITS)
    except Malformed:
        return


@given(values, st.integers(1, 50))
def test_cut_or_long_frame_is_malformed(value: Any, count: int) -> None:
    """A frame that lacks bytes or has some too many is malformed."""
    whole = encode(1, value, LIMITS)
    for wrong in (whole[:-count], whole + bytes(count)):
        with pytest.raises(Malformed):
            decode(wrong, LIMITS)


@pytest.mark.parametrize(
    ("body", "table", "payload"),
    [
        ({"a": 0}, [["|O", [1]]], bytes(16)),
        ({"a": 0}, [["<M8[fs]", [1]]], bytes(16)),
        ({"a": 0}, [["<f8", [-1]]], bytes(16)),
        ({"a": 0}, [["<f8", [2.0]]], bytes(16)),
        ({"a": 0}, [["<f8", [True]]], bytes(16)),
        ({"a": 0}, [["<f8", [2**40, 2**40]]], bytes(16)),
        ({"a": 0}, [["<f8", [0, 2**62]]], b""),
        ({"a": 0}, [["|i1", [1] * 40]], bytes(16)),
        ({"a": 0}, [["<f8", [1]]], bytes(16) + bytes(16)),
        ({"a": 0}, [["<f8", [1]]], b""),
        ({"a": 1}, [["<f8", [1]]], bytes(16)),
        ({"a": True}, [["<f8", [1]], ["<f8", [1]]], bytes(32)),
        ([{"a": 0}, {"a": 0}], [["<f8", [1]]], bytes(16)),
        (None, [["<f8", [1]]], bytes(16)),
        ({"s": 0}, [["<f8", [1]]], bytes(16)),
        ({"h": [0, "x"]}, [], b""),
        ({"h": [True, "x"]}, [], b""),
        ({"h": [1, "x" * 200]}, [], b""),
        ({"h": [2**53, "x"]}, [], b""),
        ({"f": "Infinity"}, [], b""),
        ({"f": 1.0}, [], b""),
        ({"d": [[[], 1]]}, [], b""),
        ({"d": [[1]]}, [], b""),
        ({"t": {}}, [], b""),
        ({"q": 1}, [], b""),
        ({}, [], b""),
    ],
)
def test_wrong_description_is_malformed(body: Any, table: Any, payload: bytes) -> None:
    """Every rule of the format is enforced."""
    with pytest.raises(Malformed):
        decode(frame([body, table], payload), LIMITS)


@pytest.mark.parametrize(
    "text",
    [b"[NaN,[]]", b"[1e999,[]]", b"[-Infinity,[]]", b'["\xff",[]]', b"[1,[]] x", b"[1]", b"{}", b""],
)
def test_loose_json_is_malformed(text: bytes) -> None:
    """What Python's JSON reader would forgive is refused."""
    with pytest.raises(Malformed):
        decode(frame(text), LIMITS)


@pytest.mark.parametrize("depth", [1_000, 30_000])
def test_deep_json_is_malformed(depth: int) -> None:
    """Nesting beyond the limit is refused, however the JSON reader fares with it."""
    with pytest.raises(Malformed):
        decode(frame(b"[" + b"[" * depth + b"]" * depth + b",[]]"), LIMITS)


@pytest.mark.parametrize(
    ("header", "payload"), [(2**16 + 1, 0), (2**32 - 1, 0), (2, 2**16 + 1), (2, 2**63), (2, 2**64 - 1)]
)
def test_announced_sizes_are_held_to_the_limits(header: int, payload: int) -> None:
    """A size beyond the limit is refused on the prefix alone, before anything is allocated."""
    reader = FrameReader(LIMITS)
    prefix = struct.pack("<4sIIQ", MAGIC, 1, header, payload)
    reader.room()[: len(prefix)] = prefix
    with pytest.raises(Malformed, match="allowed"):
        reader.wrote(len(prefix))


def test_number_of_arrays_is_limited_on_both_ends() -> None:
    """More arrays than allowed are neither sent nor taken."""
    many = [np.zeros(0)] * 65
    with pytest.raises(Unsendable, match="more than 64 arrays"):
        encode(1, many, LIMITS)
    generous = replace(LIMITS, arrays=1000)
    with pytest.raises(Malformed, match="65 arrays"):
        decode(encode(1, many, generous), LIMITS)


def test_number_of_entries_is_limited_on_both_ends() -> None:
    """A dict of many numbers is refused before it is built, since all may share one hash."""
    limits = replace(LIMITS, header_bytes=2**20)
    entries = {each * sys.hash_info.modulus: 0 for each in range(1, DICT_ENTRIES + 2)}
    with pytest.raises(Unsendable, match="entries"):
        encode(1, entries, limits)
    pairs = ",".join(f"[{key},0]" for key in entries)
    with pytest.raises(Malformed, match="entries"):
        decode(frame(f'[{{"d":[{pairs}]}},[]]'.encode()), limits)


def cost(data: bytes, bounds: Bounds = LIMITS) -> tuple[int, float]:
    """Return how many bytes of memory and seconds of the processor decoding takes, whatever comes of it."""
    tracemalloc.start()
    start = time.process_time()
    with suppress(Malformed):
        decode(data, bounds)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak, seconds


@settings(max_examples=40, deadline=None)
@given(st.lists(json_units, min_size=1, max_size=3))
def test_memory_and_time_are_in_proportion_to_the_frame(units: list[bytes]) -> None:
    """However a header of the largest size is made up, decoding it takes a fixed multiple of its size."""
    unit = b",".join(units)
    header = b"[[" + b",".join([unit] * ((LIMITS.header_bytes - 7) // (len(unit) + 1))) + b"],[]]"
    peak, seconds = cost(frame(header))
    assert peak < 100 * len(header)
    assert seconds < 2


@settings(deadline=None)
@given(st.binary(max_size=300), json_values, json_values, st.binary(max_size=64))
def test_any_bytes_take_little_memory(data: bytes, body: Any, table: Any, payload: bytes) -> None:
    """No bytes, alone or as parts of a frame, announce something that is allocated before it is there."""
    for each in (data, frame(data, payload), frame([body, table], payload)):
        peak, seconds = cost(each)
        assert peak < 2**18
        assert seconds < 2


def test_numbers_that_share_a_hash_take_little_time() -> None:
    """A header full of dicts whose keys all collide is decoded in a moment."""
    entries = ",".join(f"[{each * sys.hash_info.modulus},0]" for each in range(1, DICT_ENTRIES + 1))
    dicts = ",".join([f'{{"d":[{entries}]}}'] * 30)
    _, seconds = cost(frame(f"[[{dicts}],[]]".encode()), replace(LIMITS, header_bytes=2**20))
    assert seconds < 5


@given(nested)
def test_no_list_makes_an_array_larger_than_allowed(value: Any) -> None:
    """Whatever list of texts, numbers and arrays gets through, NumPy makes no array of more than the limit of it."""
    try:
        _, got = decode(encode(1, value, LIMITS), replace(LIMITS, list_bytes=2**14))
    except Malformed:
        return
    for each in lists_in(got):
        with suppress(ValueError):  # rows of several lengths
            made = np.array(each)
            assert made.dtype.kind == "O" or made.nbytes <= 2**15


def lists_in(value: Any) -> list[Any]:
    """Return `value` and all that it holds, as far as these are lists or tuples."""
    if not isinstance(value, list | tuple):
        return []
    return [value, *(found for each in value for found in lists_in(each))]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(["a" * 1000, *["b"] * 30], id="one long text among short ones"),
        pytest.param([["a" * 1000, "b"], *[["c", "d"]] * 15], id="rows"),
        pytest.param(("a" * 1000, *[1.5] * 30), id="numbers among texts"),
        pytest.param({"x": ["a" * 1000, *["b"] * 30]}, id="in a dict"),
        pytest.param(
            [np.zeros(2000, bool), *[np.zeros(2000, bool)] * 7, np.zeros(2000, complex)], id="dtypes"
        ),
    ],
)
def test_a_list_that_unfolds_is_refused_on_both_ends(value: Any) -> None:
    """A list whose array takes many times what the frame does is neither sent nor taken."""
    bounds = replace(LIMITS, list_bytes=2**16)
    with pytest.raises(Unsendable, match="as an array"):
        encode(1, value, bounds)
    with pytest.raises(Malformed, match="as an array"):
        decode(encode(1, value, LIMITS), bounds)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(["a" * 1000, *["b"] * 10], id="small"),
        pytest.param(["done", ["a" * 9000, {"x": "b"}], ["c"] * 100], id="no array"),
        pytest.param(["a" * 9000, *["b"] * 100, None], id="of objects"),
        pytest.param([np.zeros(1000), np.zeros(1000)], id="arrays"),
    ],
)
def test_a_list_that_does_not_unfold_crosses(value: Any) -> None:
    """A list that makes no array, or one within the limit, crosses."""
    bounds = replace(LIMITS, list_bytes=2**16)
    assert same(decode(encode(1, value, bounds), bounds)[1], value)


def test_an_empty_array_is_limited_by_its_lengths() -> None:
    """An array without entries may not have lengths that a sum over it would make real."""
    with pytest.raises(Unsendable, match="may cross"):
        encode(1, np.zeros((0, 2**20)), LIMITS)
    with pytest.raises(Malformed, match="lengths"):
        decode(frame([{"a": 0}, [["<f8", [0, 2**20]]]]), LIMITS)
    assert decode(encode(1, np.zeros((0, 3, 32)), LIMITS), LIMITS)[1].shape == (0, 3, 32)


def test_size_of_payload_is_limited_before_copying() -> None:
    """A view that stands for more than may cross is refused without being made real."""
    with pytest.raises(Unsendable, match="may cross"):
        encode(1, np.broadcast_to(np.float64(1), (10**6, 10**6)), LIMITS)


def test_header_is_limited() -> None:
    """A value whose description is too long is refused."""
    with pytest.raises(Unsendable, match="description"):
        encode(1, "x" * 2**17, LIMITS)


def test_nesting_is_limited_and_cycles_end() -> None:
    """Values nested too deeply, or holding themselves, are refused."""
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(Unsendable, match="nested"):
        encode(1, cycle, LIMITS)


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]),
        np.array([b"a"]),
        np.zeros(1, dtype=[("x", "f8")]),
        {(object(),): 2},
        frozenset([object()]),
        object(),
        lambda x: x,
        pytest.param(1 << 20_000, id="huge"),
    ],
)
def test_what_is_no_plain_data_is_unsendable(value: Any) -> None:
    """Objects, also in arrays, keys and sets, records, functions and huge integers do not cross."""
    with pytest.raises(Unsendable):
        encode(1, value, LIMITS)


def test_subclasses_cross_as_what_they_are_underneath() -> None:
    """A subclass that lies about itself crosses as the plain value it holds."""

    class Liar(float):
        def __float__(self) -> float:
            return 42.0

    class Text(str):
        def __str__(self) -> str:
            return "other"

    _, got = decode(encode(1, [Liar(2.5), Text("text"), np.float64(0.1)], LIMITS), LIMITS)
    assert got == [2.5, "text", 0.1]


def test_extended_precision_is_rounded() -> None:
    """Long doubles, which differ between machines, arrive as doubles."""
    _, got = decode(encode(1, [np.longdouble(0.5), np.array([1j], dtype=np.clongdouble)], LIMITS), LIMITS)
    assert got[0] == 0.5
    assert got[1].dtype == np.complex128


def test_references_cross() -> None:
    """A reference arrives with its number and the name of its type."""
    assert decode(encode(1, [Ref(3, "dict")], LIMITS), LIMITS)[1] == [Ref(3, "dict")]


def test_lone_surrogates_are_replaced() -> None:
    """Text that no file could hold is made harmless on receipt."""
    assert decode(encode(1, "a\udc80b", LIMITS), LIMITS)[1] == "a?b"
