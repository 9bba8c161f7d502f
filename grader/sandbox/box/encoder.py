"""Turn a request or a reply into the buffers of a frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite
from typing import Any, Final

import numpy as np

from .format import (
    DICT_ENTRIES,
    DTYPES,
    ENVELOPE,
    MAGIC,
    PREFIX,
    SMALL,
    TYPE_NAME_CHARACTERS,
    Bounds,
    Ref,
    Unsendable,
    padding,
)

Buffer = bytes | memoryview

# Made once: json.dumps with these options would make a new one for every frame.
_JSON: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)

# Python converts no longer integer to decimal and back (sys.int_info.default_max_str_digits is 4300 digits).
_INTEGER_BITS: Final = 14_000

# A subclass of a plain type crosses as what it is underneath, by the plain type's own conversion.
_UNDERNEATH: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
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
        header = _JSON.encode([tagged, table]).encode("ascii")
        if len(header) > self._bounds.header_bytes:
            raise Unsendable(
                f"its description takes {len(header)} bytes; {self._bounds.header_bytes} may cross"
            )
        pieces: list[Buffer] = [PREFIX.pack(MAGIC, number, len(header), self._bytes) + header]
        for array in self._arrays:
            pieces.append(array.reshape(-1).view(np.uint8).data)
            pieces.append(bytes(padding(array.nbytes)))
        return [b"".join(pieces)] if self._bytes <= SMALL else pieces

    def _tag(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str or kind is bool or value is None:
            return value
        tagger = _TAGGERS.get(kind)
        if tagger is not None:
            return tagger(self, value, depth)
        if issubclass(kind, np.ndarray):
            return self._array(value, depth)
        return self._rare(value, depth)

    def _integer(self, value: int, _depth: int) -> int:
        if value.bit_length() > _INTEGER_BITS:
            raise Unsendable(f"an integer of {value.bit_length()} bits is too long")
        return value

    def _float(self, value: float, _depth: int) -> Any:
        return value if isfinite(value) else {"f": repr(value)}

    def _array(self, value: np.ndarray, _depth: int) -> Any:
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
        if len(value) > DICT_ENTRIES:
            raise Unsendable(f"it is a dict of {len(value)} entries; {DICT_ENTRIES} may cross")
        return {"d": [[self._key(key), self._tag(item, depth + 1)] for key, item in value.items()]}

    def _check_depth(self, depth: int) -> None:
        if depth > self._bounds.depth + ENVELOPE:
            raise Unsendable(f"it is nested deeper than {self._bounds.depth} levels, or holds itself")

    def _rare(self, value: Any, depth: int) -> Any:
        """Tag what is no plain type: a NumPy scalar, a subclass of a plain type, or something for `other`."""
        if isinstance(value, np.generic) and not isinstance(value, np.flexible | np.object_):
            return {"s": self._add(np.asarray(value))}
        for plain, convert in _UNDERNEATH:
            if isinstance(value, plain):
                return self._tag(convert(value), depth)
        if self._other is None:
            raise Unsendable(f"a value of type {type_name(value)} is no plain data")
        return self._reference(self._other(value), depth)

    def _key(self, key: Any) -> Any:
        if isinstance(key, str | int | float) or key is None:
            return self._tag(key, 0)
        raise Unsendable(f"a dict key of type {type_name(key)} is no plain data")

    def _add(self, array: np.ndarray) -> int:
        if len(self._arrays) >= self._bounds.arrays:
            raise Unsendable(f"it holds more than {self._bounds.arrays} arrays")
        if type(array) is not np.ndarray:
            self.notes.append(f"took a subclass of ndarray ({type_name(array)}) as the plain array it holds")
            array = np.ndarray.view(array, np.ndarray)
        # Sized before it is copied: a broadcast view may stand for more than any memory holds.
        size = self._bytes + array.size * array.itemsize
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
