"""Turn requests and replies into frames and back, believing nothing in a frame that arrives.

A frame is a prefix (magic, number, header length, payload length), a JSON header ``[body, arrays]`` and a payload of raw
array bytes. ``arrays`` lists ``[dtype, shape]`` in the order in which the body uses them; each array starts at a
multiple of `ALIGNMENT` in the payload, is C-ordered and little-endian.

In the body, JSON's own null, booleans, integers, finite floats, strings and lists stand for themselves. Everything
else is an object with exactly one key:

=========  =====================================================
``"t"``    tuple: list of values
``"d"``    dict: list of [key, value], the keys plain scalars
``"f"``    float that JSON has no word for: nan, inf, -inf
``"a"``    array: its index in ``arrays``
``"s"``    NumPy scalar: index of a 0-d array
``"h"``    handle: [id, type name]
=========  =====================================================
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, nan, prod
from typing import Any, Final, Protocol

import numpy as np

MAGIC: Final = b"NGB1"
PREFIX: Final = struct.Struct("<4sIIQ")
ALIGNMENT: Final = 16

# Up to this many bytes a frame is joined into one buffer; beyond, copying costs more than a longer sendmsg.
_JOIN_BELOW: Final = 1 << 16

# Python refuses to convert longer integers to and from decimal (sys.int_info.default_max_str_digits).
_INTEGER_BITS: Final = 14_000

_TYPE_NAME_CHARACTERS: Final = 80
_NAMED_FLOATS: Final = {"nan": nan, "inf": inf, "-inf": -inf}

_DTYPES: Final = {
    dtype.str: dtype
    for dtype in map(
        np.dtype,
        ("?", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"),
    )
}


class Bounds(Protocol):
    """The limits a frame is held to; `grader.limits.Limits` is one."""

    @property
    def header_bytes(self) -> int:
        """Largest header."""

    @property
    def reply_bytes(self) -> int:
        """Largest payload."""

    @property
    def arrays(self) -> int:
        """Most arrays in one frame."""

    @property
    def depth(self) -> int:
        """Deepest nesting of a value."""


class Malformed(Exception):
    """Bytes that are no frame within the bounds."""


class Unsendable(Exception):
    """A value that cannot cross; the text is the reason, without the value."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object that stays in the box, by number."""

    id: int
    type_name: str = ""


# The body of a frame wraps values in a request or reply of at most this many levels.
_ENVELOPE: Final = 3


class Encoder:
    """Turns one body into the buffers of a frame.

    Attributes
    ----------
    notes
        What had to be changed on the way, such as a subclass of ndarray sent as a plain array.
    """

    def __init__(self, bounds: Bounds, other: Callable[[Any], Any] | None = None) -> None:
        self.notes: list[str] = []
        self._bounds = bounds
        self._other = other
        self._arrays: list[np.ndarray] = []
        self._bytes = 0

    def frame(self, number: int, body: Any) -> list[Any]:
        """Return the frame as a list of buffers.

        Raises
        ------
        Unsendable
            A value is no plain data or exceeds the bounds.
        """
        tagged = self._tag(body, 0)
        table = [[array.dtype.str, array.shape] for array in self._arrays]
        try:
            header = json.dumps([tagged, table], separators=(",", ":"), allow_nan=False).encode("ascii")
        except ValueError as error:
            raise Unsendable(str(error)) from None
        if len(header) > self._bounds.header_bytes:
            raise Unsendable(
                f"its description takes {len(header)} bytes; {self._bounds.header_bytes} may cross"
            )
        start = PREFIX.pack(MAGIC, number, len(header), self._bytes) + header
        pieces = [start]
        for array in self._arrays:
            pieces.append(array.reshape(-1).view(np.uint8).data)
            pieces.append(bytes(-array.nbytes % ALIGNMENT))
        return [b"".join(pieces)] if self._bytes <= _JOIN_BELOW else pieces

    def _tag(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            return _checked_integer(value)
        if kind is float:
            return value if isfinite(value) else {"f": repr(value)}
        if issubclass(kind, np.ndarray):
            return {"a": self._add(value)}
        if kind is Ref:
            return {"h": [value.id, value.type_name]}
        if depth > self._bounds.depth + _ENVELOPE:
            raise Unsendable(f"it is nested deeper than {self._bounds.depth} levels, or holds itself")
        if kind is list:
            return [self._tag(item, depth + 1) for item in value]
        if kind is tuple:
            return {"t": [self._tag(item, depth + 1) for item in value]}
        if kind is dict:
            return {"d": [[self._key(key), self._tag(item, depth + 1)] for key, item in value.items()]}
        return self._rare(value, depth)

    def _rare(self, value: Any, depth: int) -> Any:
        """Subclasses of the plain types cross as what they are underneath; the rest is the caller's to place."""
        if isinstance(value, np.generic) and not isinstance(value, np.flexible | np.object_):
            return {"s": self._add(np.asarray(value))}
        for plain, convert in ((str, str.__str__), (int, int.__int__), (float, float.__float__)):
            if isinstance(value, plain):
                return self._tag(convert(value), depth)  # type: ignore[operator]
        if self._other is None:
            raise Unsendable(f"a value of type {type_name(value)} is not plain data")
        return self._tag(self._other(value), depth)

    def _key(self, key: Any) -> Any:
        tagged = self._tag(key, 0) if not isinstance(key, tuple | np.ndarray) else {}
        if isinstance(tagged, dict) and "f" not in tagged:
            raise Unsendable(f"a dict key of type {type_name(key)} is not plain data")
        return tagged

    def _add(self, array: np.ndarray) -> int:
        if len(self._arrays) >= self._bounds.arrays:
            raise Unsendable(f"it holds more than {self._bounds.arrays} arrays")
        if type(array) is not np.ndarray:
            self.notes.append(
                f"a subclass of ndarray ({type_name(array)}) was taken as the plain array it holds"
            )
            array = np.ndarray.view(array, np.ndarray)
        size = array.size * array.itemsize
        padded = size + -size % ALIGNMENT
        if self._bytes + padded > self._bounds.reply_bytes:
            raise Unsendable(
                f"its arrays take {self._bytes + size} bytes; {self._bounds.reply_bytes} may cross"
            )
        plain = portable(array, self.notes)
        self._arrays.append(plain)
        self._bytes += plain.nbytes + -plain.nbytes % ALIGNMENT
        return len(self._arrays) - 1


def _checked_integer(value: int) -> int:
    if value.bit_length() > _INTEGER_BITS:
        raise Unsendable(f"an integer of {value.bit_length()} bits is too long")
    return value


def type_name(value: Any) -> str:
    """Return the name of the class of `value`, cut to a fixed length."""
    try:
        name = type.__getattribute__(type(value), "__name__")
        return str.__str__(name)[:_TYPE_NAME_CHARACTERS]
    except Exception:  # a submission's metaclass may do anything
        return "?"


def portable(array: np.ndarray, notes: list[str]) -> np.ndarray:
    """Return `array` as a plain, C-ordered, little-endian array of a dtype that may cross.

    Raises
    ------
    Unsendable
        The dtype is no number.
    """
    dtype = array.dtype
    if dtype.kind in "fc" and dtype.itemsize > (8 if dtype.kind == "f" else 16):
        notes.append(f"an array of dtype {dtype.name} was rounded to double precision")
        dtype = np.dtype("<f8" if dtype.kind == "f" else "<c16")
    dtype = dtype.newbyteorder("<")
    if dtype.str not in _DTYPES:
        raise Unsendable(f"an array of dtype {array.dtype.name} is not numbers")
    return np.ascontiguousarray(array, dtype=dtype).reshape(array.shape)


@dataclass(frozen=True, slots=True)
class Prefix:
    """The fixed-size start of a frame, already held to the bounds."""

    number: int
    header: int
    payload: int


def parse_prefix(data: bytes | bytearray | memoryview, bounds: Bounds) -> Prefix:
    """Read the prefix at the start of `data`.

    Raises
    ------
    Malformed
        The magic is wrong or a length exceeds the bounds.
    """
    magic, number, header, payload = PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise Malformed("the frame does not start with the magic")
    if header > bounds.header_bytes:
        raise Malformed(f"a header of {header} bytes was announced; {bounds.header_bytes} may come")
    if payload > bounds.reply_bytes:
        raise Malformed(f"a payload of {payload} bytes was announced; {bounds.reply_bytes} may come")
    return Prefix(number, header, payload)


def _no_constant(name: str) -> float:
    raise Malformed(f"{name} is not JSON")


def parse_header(
    raw: bytes, payload: int, bounds: Bounds
) -> tuple[Any, list[tuple[np.dtype, tuple[int, ...]]]]:
    """Return the tagged body and the checked dtype and shape of each array.

    Raises
    ------
    Malformed
        The header is not strict JSON of the right form, or its arrays do not fill `payload` bytes exactly.
    """
    try:
        header = json.loads(raw.decode("ascii"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the header is not JSON: {type(error).__name__}") from None
    if not isinstance(header, list) or len(header) != 2 or not isinstance(header[1], list):  # noqa: PLR2004
        raise Malformed("the header is no pair of body and arrays")
    if len(header[1]) > bounds.arrays:
        raise Malformed(f"{len(header[1])} arrays were announced; {bounds.arrays} may come")
    arrays = [_array_spec(entry, payload) for entry in header[1]]
    total = sum(_padded_size(dtype, shape) for dtype, shape in arrays)
    if total != payload:
        raise Malformed(f"the arrays take {total} bytes, the payload {payload}")
    return header[0], arrays


# NumPy 1 allows 32 dimensions, NumPy 2 allows 64.
_DIMENSIONS: Final = 32


def _array_spec(entry: Any, payload: int) -> tuple[np.dtype, tuple[int, ...]]:
    if not isinstance(entry, list) or len(entry) != 2:  # noqa: PLR2004
        raise Malformed("an array is no pair of dtype and shape")
    name, shape = entry
    dtype = _DTYPES.get(name) if isinstance(name, str) else None
    if dtype is None:
        raise Malformed("an array has a dtype that may not cross")
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        raise Malformed("an array has no usable shape")
    if any(type(length) is not int or length < 0 for length in shape):
        raise Malformed("an array has a length that is no natural number")
    # Zero lengths are left out, because NumPy refuses (0, 2**62) although nothing would be stored.
    if prod(length for length in shape if length) * dtype.itemsize > max(payload, 2**40):
        raise Malformed("an array is larger than its payload")
    return dtype, tuple(shape)


def _padded_size(dtype: np.dtype, shape: tuple[int, ...]) -> int:
    size = prod(shape) * dtype.itemsize
    return size + -size % ALIGNMENT


class _Builder:
    """Builds the value a checked header describes; each array is used once, in order."""

    def __init__(self, arrays: list[np.ndarray], bounds: Bounds) -> None:
        self._arrays = arrays
        self._used = 0
        self._depth = bounds.depth + _ENVELOPE

    def whole(self, tagged: Any) -> Any:
        value = self._value(tagged, 0)
        if self._used != len(self._arrays):
            raise Malformed("an array was announced and not used")
        return value

    def _value(self, tagged: Any, depth: int) -> Any:
        kind = type(tagged)
        if kind is str:
            return _clean(tagged)
        if kind is float:
            if not isfinite(tagged):
                raise Malformed("a float overflows")
            return tagged
        if kind is list or kind is dict:
            if depth > self._depth:
                raise Malformed("the value is nested too deeply")
            return self._list(tagged, depth) if kind is list else self._tagged(tagged, depth)
        return tagged

    def _list(self, items: Any, depth: int) -> list[Any]:
        if type(items) is not list:
            raise Malformed("a list was expected")
        return [self._value(item, depth + 1) for item in items]

    def _tagged(self, tagged: dict[str, Any], depth: int) -> Any:
        if len(tagged) != 1:
            raise Malformed("a tagged value has one key")
        ((tag, content),) = tagged.items()
        if tag == "a":
            return self._array(content)
        if tag == "s":
            return self._scalar(content)
        if tag == "h":
            return _ref(content)
        if tag == "t":
            return tuple(self._list(content, depth))
        if tag == "d":
            return self._dict(content, depth)
        if tag == "f" and type(content) is str and content in _NAMED_FLOATS:
            return _NAMED_FLOATS[content]
        raise Malformed("a value has an unknown tag")

    def _array(self, index: Any) -> np.ndarray:
        if type(index) is not int or index != self._used or index >= len(self._arrays):
            raise Malformed("the arrays are not used in order")
        self._used += 1
        return self._arrays[index]

    def _scalar(self, index: Any) -> Any:
        array = self._array(index)
        if array.shape:
            raise Malformed("a scalar has a shape")
        return array[()]

    def _dict(self, items: Any, depth: int) -> dict[Any, Any]:
        if type(items) is not list or any(type(item) is not list or len(item) != 2 for item in items):  # noqa: PLR2004
            raise Malformed("a dict is no list of pairs")
        keys = [self._value(key, depth + 1) for key, _ in items]
        if any(type(key) not in _KEY_TYPES and not isinstance(key, np.generic) for key in keys):
            raise Malformed("a dict key is no plain scalar")
        return {key: self._value(item, depth + 1) for key, (_, item) in zip(keys, items, strict=True)}


_KEY_TYPES: Final = (type(None), bool, int, float, str)


def _clean(text: str) -> str:
    """Replace lone surrogates, which no file or page could later hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _ref(content: Any) -> Ref:
    if type(content) is not list or len(content) != 2:  # noqa: PLR2004
        raise Malformed("a handle is no pair of number and type name")
    number, name = content
    if type(number) is not int or not 0 < number < 2**53:
        raise Malformed("a handle has no usable number")
    if type(name) is not str or len(name) > _TYPE_NAME_CHARACTERS:
        raise Malformed("a handle has no usable type name")
    return Ref(number, _clean(name))


def build(header: bytes, payload: np.ndarray, bounds: Bounds) -> Any:
    """Return the body that `header` describes, its arrays being views into the uint8 array `payload`.

    Raises
    ------
    Malformed
        The frame does not keep the format or the bounds.
    """
    tagged, specs = parse_header(header, payload.size, bounds)
    arrays, offset = [], 0
    for dtype, shape in specs:
        end = offset + prod(shape) * dtype.itemsize
        arrays.append(payload[offset:end].view(dtype).reshape(shape))
        offset = end + -end % ALIGNMENT
    return _Builder(arrays, bounds).whole(tagged)


class Reader:
    """Collects one frame from whatever pieces arrive, allocating nothing a checked prefix did not allow."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._buffer = bytearray(_JOIN_BELOW)
        self.reset()

    def reset(self) -> None:
        """Forget what was collected and wait for the next frame."""
        self._filled = 0
        self._prefix: Prefix | None = None
        self._payload: np.ndarray | None = None
        self._payload_filled = 0

    def room(self) -> memoryview:
        """Return where the next bytes go."""
        if self._payload is None:
            return memoryview(self._buffer)[self._filled :]
        return self._payload.data[self._payload_filled :]

    def wrote(self, count: int) -> bool:
        """Take note of `count` bytes written into `room`; say whether the frame is complete.

        Raises
        ------
        Malformed
            The frame breaks the bounds, or more bytes came than it has.
        """
        if self._payload is not None:
            self._payload_filled += count
            return self._payload_filled == self._payload.size
        self._filled += count
        if self._prefix is None and self._filled >= PREFIX.size:
            self._prefix = parse_prefix(self._buffer, self._bounds)
            wanted = PREFIX.size + self._prefix.header
            self._buffer.extend(bytes(max(0, wanted - len(self._buffer))))
        if self._prefix is None or self._filled < PREFIX.size + self._prefix.header:
            return False
        return self._start_payload(PREFIX.size + self._prefix.header, self._prefix.payload)

    def _start_payload(self, start: int, size: int) -> bool:
        self._payload_filled = self._filled - start
        if self._payload_filled > size:
            raise Malformed("more bytes came than the frame has")
        self._payload = np.empty(size, np.uint8)
        self._payload.data[: self._payload_filled] = memoryview(self._buffer)[start : self._filled]
        return self._payload_filled == size

    def frame(self) -> tuple[int, Any]:
        """Return the number and the body of the complete frame, and wait for the next.

        Raises
        ------
        Malformed
            The frame does not keep the format.
        """
        assert self._prefix is not None and self._payload is not None  # noqa: S101, PT018
        header = bytes(self._buffer[PREFIX.size : PREFIX.size + self._prefix.header])
        number, payload = self._prefix.number, self._payload
        self.reset()
        return number, build(header, payload, self._bounds)


def decode(data: bytes, bounds: Bounds) -> tuple[int, Any]:
    """Return the number and the body of the one frame that `data` holds.

    Raises
    ------
    Malformed
        `data` is not exactly one frame within the bounds.
    """
    reader = Reader(bounds)
    done = False
    view = memoryview(data)
    while view and not done:
        piece = view[: len(reader.room())]
        reader.room()[: len(piece)] = piece
        done = reader.wrote(len(piece))
        view = view[len(piece) :]
    if not done or view:
        raise Malformed("the bytes are not exactly one frame")
    return reader.frame()


def encode(number: int, body: Any, bounds: Bounds, other: Callable[[Any], Any] | None = None) -> bytes:
    """Return the frame of `body` in one piece.

    Raises
    ------
    Unsendable
        A value is no plain data or exceeds the bounds.
    """
    return b"".join(Encoder(bounds, other).frame(number, body))
