"""Turn values into the frames that cross between grader and box, and back, believing nothing in them.

A frame is a prefix (magic, number, header length, payload length), a JSON header ``[body, arrays]`` and a
payload of raw array bytes. ``arrays`` lists ``[dtype, shape]`` in the order in which the body uses them.
Each array starts at a multiple of `ALIGNMENT` in the payload, in C order and little-endian.

In the body, JSON's null, booleans, integers, finite floats, strings and lists stand for themselves.
Everything else is an object with exactly one key:

=========  ===================================================
``"t"``    tuple: a list of values
``"d"``    dict: a list of [key, value], the keys plain scalars
``"f"``    a float JSON has no word for: nan, inf or -inf
``"a"``    array: its index in ``arrays``
``"s"``    NumPy scalar: the index of a 0-d array
``"h"``    handle: [number, type name]
``"e"``    set, ``"z"`` frozenset: a list of values
``"c"``    complex number, ``"q"`` fraction: its two numbers
``"b"``    bytes: base64
``"w"``    a date, time or duration: [kind, its text or figures]
``"o"``    array of texts or objects: [kind, shape, entries]
``"p"``    table: [kind, names, index, columns]
``"x"``    tensor on its way into the box: its array's index
=========  ===================================================

Those from sets on are `rich`'s. A subclass crosses as what it is a subclass of, such as a Counter as a dict.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from math import inf, isfinite, nan, prod
from typing import Any, Final, NoReturn

import numpy as np

from . import rich

MAGIC: Final = b"NGB1"
PREFIX: Final = struct.Struct("<4sIIQ")
ALIGNMENT: Final = 16

ENVELOPE: Final = 3
"""Levels of nesting that requests and replies add to the values in them."""

SMALL: Final = 1 << 16
"""Up to this many bytes a frame is sent and received in one piece; beyond, copying costs too much."""

DICT_ENTRIES: Final = 1024
"""Most entries of a dict or set. Numbers can be chosen to share one hash; then building takes the square."""

TEXT_ENTRIES: Final = 1 << 16
"""Most where all keys are texts, whose hashes nobody can choose."""

TYPE_NAME_CHARACTERS: Final = 80

# The longest text of a number, NumPy's for a complex one, in an array that holds texts as well.
_NUMBER_CHARACTERS: Final = 64

NAMED_FLOATS: Final = {"nan": nan, "inf": inf, "-inf": -inf}

_NUMBERS = ("?", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
DTYPES: Final = {dtype.str: dtype for dtype in map(np.dtype, _NUMBERS)} | rich.TIMES
"""The only dtypes that cross, by the names they cross under."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits a frame is held to.

    Attributes
    ----------
    header_bytes
        Largest header.
    reply_bytes
        Largest payload.
    arrays
        Most arrays in one frame.
    depth
        Deepest nesting of a value.
    list_bytes
        Largest array that NumPy could make of a list or tuple in the frame; None where nobody will.
    """

    header_bytes: int
    reply_bytes: int
    arrays: int
    depth: int
    list_bytes: int | None = None


class Malformed(Exception):
    """Bytes that are no frame within the bounds."""


class Unsendable(Exception):
    """A value that cannot cross. The text says why, without the value."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object that stays in the box, by its number there."""

    id: int
    type_name: str = ""


def padding(size: int) -> int:
    """Return how many bytes follow `size` bytes of an array, so that the next starts aligned."""
    return -size % ALIGNMENT


def list_bytes(value: Any) -> int:
    """Return the size of the largest array that NumPy could make of a list or tuple in `value`.

    It can be far larger than the frame, since every entry takes as much as the largest: one text of a million
    letters among a hundred thousand short ones is a short frame. Where dtypes are mixed NumPy may take twice as much.
    """
    largest = 0

    def look(value: Any) -> tuple[tuple[int, ...] | None, int]:
        """Return shape and bytes per entry of the array; no shape where NumPy makes one of objects, or none."""
        nonlocal largest
        kind = type(value)
        if kind in _SEVERAL:
            shapes, size = set(), 0
            for shape, bytes_each in map(look, value):
                shapes.add(shape)
                size = max(size, bytes_each)
            inner = shapes.pop() if shapes else ()
            if shapes or inner is None:  # another shape is left: rows of several lengths make no array
                return None, 0
            largest = max(largest, len(value) * prod(inner) * size)
            return (len(value), *inner), size
        if kind is dict:
            list(map(look, value.values()))
        return _alone(value)

    look(value)
    return largest


def _is_small(header: bytes, payload: int, most: int) -> bool:
    """Say whether no list in a frame can make an array of more than `most` bytes, without looking at what it holds.

    What an array has an entry for stands in the header, or in the payload, once; and no entry takes more than a text of
    the whole header would, or a number.
    """
    return (len(header) + payload) * 4 * max(2 * len(header), _NUMBER_CHARACTERS) <= most


def _alone(value: Any) -> tuple[tuple[int, ...] | None, int]:
    """Return shape and bytes per entry of the array that NumPy makes of what is no list; no shape for objects."""
    kind = type(value)
    if kind is np.ndarray:
        return value.shape, value.itemsize
    if kind is str:
        return (), 4 * max(len(value), _NUMBER_CHARACTERS)  # numbers among texts become texts
    if kind is int:  # as a text: each digit is four bytes, and more than three bits
        return (), max(8, 2 * value.bit_length())
    if kind is bytes:
        return (), len(value)
    return ((), 16) if kind in _SINGLE or issubclass(kind, np.generic) else (None, 0)


_SEVERAL: Final = frozenset({list, tuple, set, frozenset})
_SINGLE: Final = frozenset({bool, float, complex})

Buffer = bytes | memoryview

# Made once: json.dumps with these options would make a new one for every frame.
_WRITER: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)

# Python converts no longer integer to decimal and back (sys.int_info.default_max_str_digits is 4300 digits).
_INTEGER_BITS: Final = 14_000

# A subclass of a plain type crosses as what it is underneath, by the plain type's own conversion.
_UNDERNEATH: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (dict, dict.copy),
    (list, list.copy),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
)


class Encoder:
    """Encodes one body.

    Attributes
    ----------
    notes
        What had to be changed on the way, such as a subclass of ndarray taken as a plain array.
    """

    def __init__(self, bounds: Bounds, other: Callable[[Any], Ref] | None = None) -> None:
        self.notes: list[str] = []
        self._bounds = bounds
        self._other = other
        self._arrays: list[np.ndarray] = []
        self._bytes = 0

    def frame(self, number: int, body: Any) -> list[Buffer]:
        """Return the frame as a list of buffers.

        Raises
        ------
        Unsendable
            A value is no plain data or exceeds the bounds.
        """
        tagged = self._tag(body, 0)
        table = [[array.dtype.str, array.shape] for array in self._arrays]
        header = _WRITER.encode([tagged, table]).encode("ascii")
        if len(header) > self._bounds.header_bytes:
            raise Unsendable(
                f"its description takes {len(header)} bytes; {self._bounds.header_bytes} may cross"
            )
        most = self._bounds.list_bytes
        if (
            most is not None
            and not _is_small(header, self._bytes, most)
            and (size := list_bytes(body)) > most
        ):
            raise Unsendable(f"a list in it would take {size} bytes as an array; {most} may cross")
        pieces: list[Buffer] = [PREFIX.pack(MAGIC, number, len(header), self._bytes) + header]
        for array in self._arrays:
            pieces.append(array.reshape(-1).view(np.uint8).data)
            pieces.append(bytes(padding(array.nbytes)))
        return [b"".join(pieces)] if self._bytes <= SMALL else pieces

    def _tag(self, value: Any, depth: int) -> Any:
        # By exact type: a subclass may lie in every method that it has, so it goes the longer way, to `_rare`.
        kind = type(value)
        if kind is str or kind is bool or value is None:
            return value
        tagger = _TAGGERS.get(kind)
        if tagger is not None:
            return tagger(self, value, depth)
        if issubclass(kind, np.ndarray) and value.dtype.kind not in "UO":
            return self._array(value, depth)
        return self._rare(value, depth)

    def _integer(self, value: int, _depth: int) -> int:
        if value.bit_length() > _INTEGER_BITS:
            raise Unsendable(f"an integer of {value.bit_length()} bits is too long")
        return value

    def _float(self, value: float, _depth: int) -> Any:
        return value if isfinite(value) else {"f": repr(value)}

    def _array(self, value: np.ndarray, depth: int) -> Any:
        if value.dtype.kind in "UO":
            return self._rare(value, depth)
        return {"a": self._add(value)}

    def _reference(self, value: Ref, _depth: int) -> Any:
        return {"h": [value.id, value.type_name]}

    def _list(self, value: Any, depth: int) -> list[Any]:
        self._check_depth(depth)
        return [self._tag(item, depth + 1) for item in value]

    def _tuple(self, value: Any, depth: int) -> Any:
        return {"t": self._list(value, depth)}

    def _dict(self, value: dict[Any, Any], depth: int) -> Any:
        self._check_depth(depth)
        self._check_entries(value)
        return {"d": [[self._key(key), self._tag(item, depth + 1)] for key, item in value.items()]}

    def _set(self, value: set[Any] | frozenset[Any], depth: int) -> Any:
        self._check_depth(depth)
        self._check_entries(value)
        tagged = [self._key(each) for each in value]
        return {"e" if isinstance(value, set) else "z": tagged}

    def _check_entries(self, value: Any) -> None:
        most = TEXT_ENTRIES if all(type(each) is str for each in value) else DICT_ENTRIES
        if len(value) > most:
            raise Unsendable(f"it is a {type_name(value)} of {len(value)} entries; {most} may cross")

    def _check_depth(self, depth: int) -> None:
        if depth > self._bounds.depth + ENVELOPE:
            raise Unsendable(f"it is nested deeper than {self._bounds.depth} levels, or holds itself")

    def _rare(self, value: Any, depth: int) -> Any:
        """Tag what is no plain type: a NumPy scalar, a subclass of a plain type, one of `rich`'s, or `other`'s."""
        if isinstance(value, np.generic) and not isinstance(value, np.flexible | np.object_):
            return {"s": self._add(np.asarray(value))}
        if isinstance(value, set | frozenset):
            return self._set(value, depth)
        for plain, convert in _UNDERNEATH:
            if isinstance(value, plain):
                return self._tag(convert(value), depth)
        self._check_depth(depth)
        try:
            tagged = rich.tagged(value, lambda each: self._tag(each, depth + 1))
        except rich.Wrong as error:
            raise Unsendable(str(error)) from None
        if tagged is not None:
            return tagged
        if self._other is None:
            raise Unsendable(f"a value of type {type_name(value)} is no plain data")
        return self._reference(self._other(value), depth)

    def _key(self, key: Any) -> Any:
        if _may_be_key(key):
            return self._tag(key, 0)
        raise Unsendable(f"a dict key of type {type_name(key)} is no plain data")

    def _add(self, array: np.ndarray) -> int:
        if len(self._arrays) >= self._bounds.arrays:
            raise Unsendable(f"it holds more than {self._bounds.arrays} arrays")
        if type(array) is not np.ndarray:
            self.notes.append(f"took a subclass of ndarray ({type_name(array)}) as the plain array it holds")
            array = np.ndarray.view(array, np.ndarray)
        # Sized before it is copied: a broadcast view may stand for more than any memory holds.
        size = self._bytes + _stored(array.shape, array.itemsize)
        if size > self._bounds.reply_bytes:
            raise Unsendable(f"its arrays take {size} bytes; {self._bounds.reply_bytes} may cross")
        plain = self._portable(array)
        self._arrays.append(plain)
        self._bytes += plain.nbytes + padding(plain.nbytes)
        return len(self._arrays) - 1

    def _portable(self, array: np.ndarray) -> np.ndarray:
        """Return the array C-ordered, little-endian and of a dtype that crosses."""
        dtype = array.dtype.newbyteorder("<")
        if dtype.char in "gG":
            self.notes.append(f"rounded an array of dtype {dtype.name} to double precision")
            dtype = np.dtype("<f8" if dtype.char == "g" else "<c16")
        if dtype.str not in DTYPES:
            raise Unsendable(f"an array of dtype {array.dtype.name} holds no plain numbers")
        return np.ascontiguousarray(array, dtype=dtype).reshape(array.shape)


_TAGGERS: Final[dict[type, Callable[[Encoder, Any, int], Any]]] = {
    int: Encoder._integer,
    float: Encoder._float,
    np.ndarray: Encoder._array,
    Ref: Encoder._reference,
    list: Encoder._list,
    tuple: Encoder._tuple,
    dict: Encoder._dict,
}


def _may_be_key(key: Any) -> bool:
    """Whether a value is plain and never changes, so that a dict or a set may hold it."""
    if isinstance(key, tuple | frozenset):
        return all(map(_may_be_key, key))
    return key is None or isinstance(key, _HASHABLE)


_HASHABLE: Final = (str, int, float, complex, bytes, Fraction, date, time, timedelta, np.generic)


def type_name(value: object) -> str:
    """Return the name of the class of `value`, whatever its metaclass says, cut to a fixed length."""
    name: str = type.__dict__["__name__"].__get__(type(value))
    return name[:TYPE_NAME_CHARACTERS]


def encode(number: int, body: Any, bounds: Bounds, other: Callable[[Any], Ref] | None = None) -> bytes:
    """Return the frame of `body` in one piece.

    Parameters
    ----------
    number
        Identifies the request, and its reply; 0 to 2**32 - 1.
    other
        Turns a value that is no plain data into a reference, or raises.

    Raises
    ------
    Unsendable
        A value is no plain data or exceeds the bounds.
    """
    return b"".join(Encoder(bounds, other).frame(number, body))


# Dtype, shape and size in bytes.
Spec = tuple[np.dtype, tuple[int, ...], int]

# NumPy 1 knows 32 dimensions, NumPy 2 knows 64.
_DIMENSIONS: Final = 32
_PAIR: Final = 2


def parse_prefix(data: bytes | bytearray | memoryview, bounds: Bounds) -> tuple[int, int, int]:
    """Return number, header length and payload length from the start of `data`.

    Raises
    ------
    Malformed
        The magic is wrong or a length exceeds the bounds.
    """
    if len(data) < PREFIX.size:
        raise Malformed("fewer bytes than a prefix")
    magic, number, header, payload = PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise Malformed("a frame that does not start with the magic")
    if header > bounds.header_bytes:
        raise Malformed(f"a header of {header} bytes, where {bounds.header_bytes} are allowed")
    if payload > bounds.reply_bytes:
        raise Malformed(f"a payload of {payload} bytes, where {bounds.reply_bytes} are allowed")
    return number, header, payload


def build(header: bytes, payload: np.ndarray, bounds: Bounds) -> Any:
    """Return the body that `header` describes, its arrays being views into the uint8 array `payload`.

    Raises
    ------
    Malformed
        The frame does not keep the format or the bounds.
    """
    tagged, specs = _parse_header(header, payload.size, bounds)
    arrays, start = [], 0
    for dtype, shape, size in specs:
        end = start + size
        arrays.append(payload[start:end].view(dtype).reshape(shape))
        start = end + padding(end)
    value = _Builder(arrays, bounds).whole(tagged)
    most = bounds.list_bytes
    if most is not None and not _is_small(header, payload.size, most) and (made := list_bytes(value)) > most:
        raise Malformed(f"a list that takes {made} bytes as an array, where {most} are allowed")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"a header with {name}, which is not JSON")


# Made once: json.loads with this option would make a new one for every frame.
_PARSER: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _parse_header(raw: bytes, payload: int, bounds: Bounds) -> tuple[Any, list[Spec]]:
    try:
        header = _PARSER.decode(raw.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"a header that is not JSON ({type(error).__name__})") from None
    if not isinstance(header, list) or len(header) != _PAIR or not isinstance(header[1], list):
        raise Malformed("a header that is no pair of body and arrays")
    if len(header[1]) > bounds.arrays:
        raise Malformed(f"{len(header[1])} arrays, where {bounds.arrays} are allowed")
    specs = [_parse_spec(entry, bounds.reply_bytes) for entry in header[1]]
    total = 0
    for _dtype, _shape, size in specs:
        total += size + padding(size)
    if total != payload:
        raise Malformed(f"arrays of {total} bytes in a payload of {payload}")
    return header[0], specs


def _parse_spec(entry: Any, most: int) -> Spec:
    if not isinstance(entry, list) or len(entry) != _PAIR:
        raise Malformed("an array that is no pair of dtype and shape")
    name, shape = entry
    dtype = DTYPES.get(name) if isinstance(name, str) else None
    if dtype is None:
        raise Malformed("an array of a dtype that does not cross")
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        raise Malformed("an array without a usable shape")
    if any(type(length) is not int or length < 0 for length in shape):  # not isinstance: True is an int
        raise Malformed("an array with a length that cannot be")
    if _stored(shape, dtype.itemsize) > most:
        raise Malformed(f"an array with lengths for more than the {most} bytes that are allowed")
    return dtype, tuple(shape), prod(shape) * dtype.itemsize


def _stored(shape: Sequence[int], item: int) -> int:
    """Return the bytes of an array, a length of 0 taken for 1.

    Nothing is stored for a shape such as (0, 9, 9), but a sum over its first axis has all the rest.
    """
    return item * prod(length or 1 for length in shape)


class _Builder:
    """Builds the value that checked JSON describes, using each array once and in order."""

    def __init__(self, arrays: list[np.ndarray], bounds: Bounds) -> None:
        self._arrays = arrays
        self._used = 0
        self._depth = bounds.depth + ENVELOPE
        self._most = bounds.list_bytes if bounds.list_bytes is not None else bounds.reply_bytes

    def whole(self, tagged: Any) -> Any:
        value = self._value(tagged, 0)
        if self._used != len(self._arrays):
            raise Malformed("an array that nothing uses")
        return value

    def _value(self, tagged: Any, depth: int) -> Any:
        kind = type(tagged)
        if kind is dict:
            return self._tagged(tagged, depth)
        if kind is list:
            return self._list(tagged, depth)
        if kind is str:
            return _without_surrogates(tagged)
        if kind is float and not isfinite(tagged):
            raise Malformed("a float that overflows")
        return tagged

    def _tagged(self, tagged: dict[str, Any], depth: int) -> Any:
        if len(tagged) != 1:
            raise Malformed("a tagged value without exactly one key")
        ((tag, content),) = tagged.items()
        builder = _BUILDERS.get(tag)
        if builder is None:
            raise Malformed("a tag that is not known")
        try:
            return builder(self, content, depth)
        except rich.Wrong as error:
            raise Malformed(str(error)) from None

    def _list(self, items: Any, depth: int) -> list[Any]:
        self._check(items, depth)
        return [self._value(item, depth + 1) for item in items]

    def _tuple(self, items: Any, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(items, depth))

    def _dict(self, items: Any, depth: int) -> dict[Any, Any]:
        self._check(items, depth)
        if any(type(item) is not list or len(item) != _PAIR for item in items):
            raise Malformed("a dict that is no list of pairs")
        built = [(self._value(key, depth + 1), self._value(item, depth + 1)) for key, item in items]
        self._check_keys([key for key, _ in built])
        return dict(built)

    def _set(self, items: Any, depth: int) -> set[Any]:
        found = self._list(items, depth)
        self._check_keys(found)
        return set(found)

    def _frozenset(self, items: Any, depth: int) -> frozenset[Any]:
        return frozenset(self._set(items, depth))

    def _check_keys(self, keys: list[Any]) -> None:
        """Make sure that building a dict or a set of `keys` is possible, and takes no square of their number."""
        if not all(map(_may_be_key, keys)):
            raise Malformed("a dict key or an element of a set that is no plain scalar")
        hidden = sys.flags.hash_randomization and all(type(key) is str for key in keys)
        most = TEXT_ENTRIES if hidden else DICT_ENTRIES
        if len(keys) > most:
            raise Malformed(f"a dict or set of {len(keys)} entries, where {most} are allowed")

    def _bytes(self, content: Any, _depth: int) -> bytes:
        return rich.sequence_of_bytes(content)

    def _complex(self, items: Any, depth: int) -> Any:
        return rich.number_of("c", self._list(items, depth))

    def _fraction(self, items: Any, depth: int) -> Any:
        return rich.number_of("q", self._list(items, depth))

    def _moment(self, content: Any, _depth: int) -> Any:
        return rich.moment(content)

    def _objects(self, content: Any, depth: int) -> np.ndarray:
        kind, shape, items = self._several(content, 3)
        return rich.array_of(kind, shape, self._list(items, depth), self._most)

    def _table(self, content: Any, depth: int) -> Any:
        kind, names, index, columns = self._several(content, 4)
        labels = self._list(names, depth)
        self._check_keys(labels)
        rows = None if index is None else self._value(index, depth + 1)
        return rich.table_of(kind, labels, rows, self._list(columns, depth))

    def _tensor(self, index: Any, depth: int) -> rich.Tensor:
        return rich.Tensor(self._array(index, depth))

    def _several(self, content: Any, count: int) -> list[Any]:
        if type(content) is not list or len(content) != count:
            raise Malformed(f"something else where {count} facts belong")
        return content

    def _check(self, items: Any, depth: int) -> None:
        if type(items) is not list:
            raise Malformed("something else where a list belongs")
        if depth > self._depth:
            raise Malformed("a value nested too deeply")

    def _float(self, name: Any, _depth: int) -> float:
        if type(name) is not str or name not in NAMED_FLOATS:
            raise Malformed("a float without a known name")
        return NAMED_FLOATS[name]

    def _array(self, index: Any, _depth: int) -> np.ndarray:
        if type(index) is not int or index != self._used or index >= len(self._arrays):
            raise Malformed("arrays used out of order")
        self._used += 1
        return self._arrays[index]

    def _scalar(self, index: Any, depth: int) -> Any:
        array = self._array(index, depth)
        if array.shape:
            raise Malformed("a scalar with a shape")
        return array[()]

    def _reference(self, content: Any, _depth: int) -> Ref:
        if type(content) is not list or len(content) != _PAIR:
            raise Malformed("a handle that is no pair of number and type name")
        number, name = content
        if type(number) is not int or not 0 < number < 2**53:  # far more than a worker ever counts
            raise Malformed("a handle without a usable number")
        if type(name) is not str or len(name) > TYPE_NAME_CHARACTERS:
            raise Malformed("a handle without a usable type name")
        return Ref(number, _without_surrogates(name))


_BUILDERS: Final[dict[str, Callable[[_Builder, Any, int], Any]]] = {
    "t": _Builder._tuple,
    "d": _Builder._dict,
    "f": _Builder._float,
    "a": _Builder._array,
    "s": _Builder._scalar,
    "h": _Builder._reference,
    "e": _Builder._set,
    "z": _Builder._frozenset,
    "c": _Builder._complex,
    "b": _Builder._bytes,
    "q": _Builder._fraction,
    "w": _Builder._moment,
    "o": _Builder._objects,
    "p": _Builder._table,
    "x": _Builder._tensor,
}


def _without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file or page could hold later."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def decode(data: bytes, bounds: Bounds) -> tuple[int, Any]:
    """Return the number and the body of the one frame that `data` holds.

    Raises
    ------
    Malformed
        `data` is not exactly one frame within the bounds.
    """
    number, header, payload = parse_prefix(data, bounds)
    start = PREFIX.size + header
    if len(data) != start + payload:
        raise Malformed(f"{len(data)} bytes, where the frame has {start + payload}")
    # A copy, so that the arrays are writable and aligned.
    content = np.frombuffer(data, np.uint8, offset=start).copy()
    return number, build(data[PREFIX.size : start], content, bounds)
