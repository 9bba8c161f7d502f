"""Write frozen dataclasses as frames of the sandbox's codec, and read them back by their types, believing nothing.

A dataclass crosses as the list of its fields, a mapping as a list of pairs. Contents, arrays and long texts cross as
arrays, each content once, however many files have it. What is read has the types that the dataclass declares, or is
refused: a frame comes from a process that has parsed a stranger's bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from itertools import repeat
from types import UnionType
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np

from grader.course.limits import MEBIBYTE
from grader.sandbox.box.codec import PREFIX, Bounds, Buffer, Encoder, Malformed, build, parse_prefix

BOUNDS: Final = Bounds(header_bytes=4 * MEBIBYTE, reply_bytes=640 * MEBIBYTE, arrays=16_384, depth=12)
"""How large a frame may be."""

_LONG = 256
"""Characters of a text beyond which it crosses as an array; what an array takes of the header is a tenth."""

_PAIR = 2
_SCALARS = frozenset({type(None), bool, int, float, str})

T = TypeVar("T")
Taker = Callable[[Any, "_Arrays"], Any]
"""Takes a value of a type from what a frame holds and its arrays."""


def frame_of(value: object, number: int) -> list[Buffer]:
    """Return the frame of a dataclass or a text, as buffers to be sent one after the other.

    Raises
    ------
    Unsendable
        It is larger than `BOUNDS`.
    """
    writer = _Writer()
    written = writer.write(value)
    return Encoder(BOUNDS).frame(number, [written, writer.arrays])


def read_frame(frame: bytes, kind: type[T]) -> T:
    """Return the `kind` that a frame holds; its arrays are views of the frame.

    Raises
    ------
    Malformed
        The frame does not keep the format, or holds something else.
    """
    _number, header, payload = parse_prefix(frame, BOUNDS)
    start = PREFIX.size + header
    if len(frame) != start + payload:
        raise Malformed(f"{len(frame)} bytes, where the frame has {start + payload}")
    body = build(frame[PREFIX.size : start], np.frombuffer(frame, np.uint8, offset=start), BOUNDS)
    told, arrays = _items(body, _PAIR)
    if any(type(each) is not np.ndarray for each in _items(arrays)):
        raise Malformed("something else where an array belongs")
    taken: T = _taker(kind)(told, _Arrays(arrays))  # type: ignore[arg-type]  # a type is hashable
    return taken


class _Arrays:
    """The arrays of a frame, and what was made of them: once, or a short frame would ask for more than memory holds."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        self._arrays = arrays
        self._contents: dict[int, bytes] = {}
        self._texts: dict[int, str] = {}

    def array(self, told: Any) -> np.ndarray:
        """Return an array by its number."""
        if type(told) is not int or not 0 <= told < len(self._arrays):
            raise Malformed("something without content")
        return self._arrays[told]

    def content(self, told: Any) -> bytes:
        """Return the bytes of an array."""
        array = self.array(told)
        if told not in self._contents:
            self._contents[told] = array.tobytes()
        return self._contents[told]

    def text(self, told: Any) -> str:
        """Return the text that an array's bytes are."""
        array = self.array(told)
        if told not in self._texts:
            try:
                self._texts[told] = array.tobytes().decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed("a text that is none") from None
        return self._texts[told]


class _Writer:
    """Turns values into what the codec knows."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self._places: dict[bytes, int] = {}

    def write(self, value: Any) -> Any:
        if is_dataclass(value):
            value = [getattr(value, each.name) for each in fields(value)]
        elif isinstance(value, Mapping):
            value = list(value.items())
        elif isinstance(value, str) and len(value) > _LONG:
            value = value.encode("utf-8", "replace")
        if isinstance(value, bytes):
            return self._place(value)
        if isinstance(value, np.ndarray):
            return self._add(value)
        return [self.write(each) for each in value] if isinstance(value, tuple | list) else value

    def _place(self, content: bytes) -> int:
        if content not in self._places:
            self._places[content] = self._add(np.frombuffer(content, np.uint8))
        return self._places[content]

    def _add(self, array: np.ndarray) -> int:
        self.arrays.append(array)
        return len(self.arrays) - 1


@cache
def _taker(kind: Any) -> Taker:
    """Return what takes a value of the type `kind`; made once for each type."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if hasattr(origin, "__value__"):  # a name for a type, as NumPy's NDArray is from Python 3.12 on
        return _taker(origin.__value__)
    if is_dataclass(origin):
        hints, make = get_type_hints(origin), cast("Callable[..., Any]", origin)
        takers = [_taker(hints[each.name]) for each in fields(origin)]
        return lambda told, arrays: make(*map(_take, takers, _items(told, len(takers)), repeat(arrays)))
    if origin is UnionType:
        (present,) = (_taker(each) for each in inner if each is not type(None))
        return lambda told, arrays: None if told is None else present(told, arrays)
    if origin is tuple:
        item = _taker(inner[0])
        return lambda told, arrays: tuple([item(each, arrays) for each in _items(told)])
    if origin is Mapping:
        key, item = map(_taker, inner)
        return lambda told, arrays: {
            key(name, arrays): item(each, arrays)
            for name, each in (_items(pair, _PAIR) for pair in _items(told))
        }
    return _PLAIN.get(origin) or partial(_exactly, origin)


def _take(taker: Taker, told: Any, arrays: _Arrays) -> Any:
    return taker(told, arrays)


def _exactly(kind: type, told: Any, _arrays: _Arrays) -> Any:
    if type(told) is not kind:
        raise Malformed(f"a {type(told).__name__} where a {kind.__name__} belongs")
    return told


def _array(told: Any, arrays: _Arrays) -> np.ndarray:
    return arrays.array(told)


def _bytes(told: Any, arrays: _Arrays) -> bytes:
    return arrays.content(told)


def _text(told: Any, arrays: _Arrays) -> str:
    return told if type(told) is str else arrays.text(told)


def _scalar(told: Any, _arrays: _Arrays) -> Any:
    """Take a number, a text, None or a list of them: what may be anything may be no more than that."""
    if any(type(each) not in _SCALARS for each in (told if type(told) is list else [told])):
        raise Malformed(f"a {type(told).__name__} where a scalar belongs")
    return told


_PLAIN: Mapping[Any, Taker] = {np.ndarray: _array, bytes: _bytes, str: _text, Any: _scalar}


def _items(told: Any, count: int | None = None) -> list[Any]:
    if type(told) is not list or (count is not None and len(told) != count):
        raise Malformed("something else where a list belongs")
    return told
