"""Define the frames that cross between grader and box.

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
=========  ===================================================
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import inf, nan
from typing import Final, Protocol

import numpy as np

MAGIC: Final = b"NGB1"
PREFIX: Final = struct.Struct("<4sIIQ")
ALIGNMENT: Final = 16

ENVELOPE: Final = 3
"""Levels of nesting that requests and replies add to the values in them."""

SMALL: Final = 1 << 16
"""Up to this many bytes a frame is sent and received in one piece; beyond, copying costs too much."""

DICT_ENTRIES: Final = 1024
"""Most entries of one dict. Keys that are numbers can be chosen to share one hash; then building takes the square."""

TYPE_NAME_CHARACTERS: Final = 80

NAMED_FLOATS: Final = {"nan": nan, "inf": inf, "-inf": -inf}

_NUMBERS = ("?", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
DTYPES: Final = {dtype.str: dtype for dtype in map(np.dtype, _NUMBERS)}
"""The only dtypes that cross, by the names they cross under."""


class Bounds(Protocol):
    """The limits a frame is held to; `grader.course.limits.Limits` is one."""

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
    """A value that cannot cross. The text says why, without the value."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object that stays in the box, by its number there."""

    id: int
    type_name: str = ""


def padding(size: int) -> int:
    """Return how many bytes follow `size` bytes of an array, so that the next starts aligned."""
    return -size % ALIGNMENT
