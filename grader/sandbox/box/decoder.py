"""Read frames, believing nothing in them: everything is checked before it is allocated, built or used."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite
from typing import Any, Final, NoReturn

import numpy as np

from .format import (
    DICT_ENTRIES,
    DTYPES,
    ENVELOPE,
    MAGIC,
    NAMED_FLOATS,
    PREFIX,
    TYPE_NAME_CHARACTERS,
    Bounds,
    Malformed,
    Ref,
    padding,
)

# Dtype, shape and size in bytes.
Spec = tuple[np.dtype, tuple[int, ...], int]

# NumPy 1 knows 32 dimensions, NumPy 2 knows 64.
_DIMENSIONS: Final = 32
_PAIR: Final = 2
_LARGEST: Final = 2**40
_PLAIN_KEYS: Final = (type(None), bool, int, float, str)


def parse_prefix(data: bytes | bytearray | memoryview, bounds: Bounds) -> tuple[int, int, int]:
    """Return number, header length and payload length from the start of `data`.

    Raises
    ------
    Malformed
        The magic is wrong or a length exceeds the bounds.
    """
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
    return _Builder(arrays, bounds).whole(tagged)


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"a header with {name}, which is not JSON")


# Made once: json.loads with this option would make a new one for every frame.
_JSON: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def _parse_header(raw: bytes, payload: int, bounds: Bounds) -> tuple[Any, list[Spec]]:
    try:
        header = _JSON.decode(raw.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"a header that is not JSON ({type(error).__name__})") from None
    if not isinstance(header, list) or len(header) != _PAIR or not isinstance(header[1], list):
        raise Malformed("a header that is no pair of body and arrays")
    if len(header[1]) > bounds.arrays:
        raise Malformed(f"{len(header[1])} arrays, where {bounds.arrays} are allowed")
    specs = [_parse_spec(entry) for entry in header[1]]
    total = 0
    for _dtype, _shape, size in specs:
        total += size + padding(size)
    if total != payload:
        raise Malformed(f"arrays of {total} bytes in a payload of {payload}")
    return header[0], specs


def _parse_spec(entry: Any) -> Spec:
    if not isinstance(entry, list) or len(entry) != _PAIR:
        raise Malformed("an array that is no pair of dtype and shape")
    name, shape = entry
    dtype = DTYPES.get(name) if isinstance(name, str) else None
    if dtype is None:
        raise Malformed("an array of a dtype that does not cross")
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        raise Malformed("an array without a usable shape")
    return dtype, tuple(shape), _size(shape, dtype.itemsize)


def _size(shape: list[Any], item: int) -> int:
    """Return how many bytes an array takes, having checked its lengths."""
    size, stored = item, item
    for length in shape:
        if type(length) is not int or not 0 <= length <= _LARGEST:
            raise Malformed("an array with a length that cannot be")
        size *= length
        # Nothing is stored for a shape such as (0, 9, 9, ...), but NumPy multiplies the rest all the same.
        stored *= length or 1
    if stored > _LARGEST:
        raise Malformed("an array larger than any payload")
    return size


class _Builder:
    """Builds the value that checked JSON describes, using each array once and in order."""

    def __init__(self, arrays: list[np.ndarray], bounds: Bounds) -> None:
        self._arrays = arrays
        self._used = 0
        self._depth = bounds.depth + ENVELOPE

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
        return builder(self, content, depth)

    def _list(self, items: Any, depth: int) -> list[Any]:
        self._check(items, depth)
        return [self._value(item, depth + 1) for item in items]

    def _tuple(self, items: Any, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(items, depth))

    def _dict(self, items: Any, depth: int) -> dict[Any, Any]:
        self._check(items, depth)
        if len(items) > DICT_ENTRIES:
            raise Malformed(f"a dict of {len(items)} entries, where {DICT_ENTRIES} are allowed")
        if any(type(item) is not list or len(item) != _PAIR for item in items):
            raise Malformed("a dict that is no list of pairs")
        built = [(self._value(key, depth + 1), self._value(item, depth + 1)) for key, item in items]
        if any(type(key) not in _PLAIN_KEYS and not isinstance(key, np.generic) for key, _ in built):
            raise Malformed("a dict key that is no plain scalar")
        return dict(built)

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
        if type(number) is not int or not 0 < number < 2**53:
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
    if len(data) < PREFIX.size:
        raise Malformed("fewer bytes than a prefix")
    number, header, payload = parse_prefix(data, bounds)
    start = PREFIX.size + header
    if len(data) != start + payload:
        raise Malformed(f"{len(data)} bytes, where the frame has {start + payload}")
    # A copy, so that the arrays are writable and aligned.
    content = np.frombuffer(data, np.uint8, offset=start).copy()
    return number, build(data[PREFIX.size : start], content, bounds)
