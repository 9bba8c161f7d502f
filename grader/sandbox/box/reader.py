"""Collect the pieces of a frame as they arrive, allocating nothing that a checked prefix did not allow."""

from __future__ import annotations

from typing import Any

import numpy as np

from .decoder import build, parse_prefix
from .format import PREFIX, SMALL, Bounds, Malformed


class Reader:
    """Takes bytes until a frame is complete, then starts over.

    The first read may take prefix, header and a small payload at once; what is missing of a larger payload
    is read straight into the memory its arrays will live in.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._buffer = bytearray(SMALL)
        self._filled = 0
        self._prefix: tuple[int, int, int] | None = None
        self._payload: np.ndarray | None = None
        self._payload_filled = 0

    def room(self) -> memoryview:
        """Return where the next bytes go; never empty before the frame is complete."""
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
        if self._prefix is None:
            if self._filled < PREFIX.size:
                return False
            self._prefix = parse_prefix(self._buffer, self._bounds)
            self._make_room(PREFIX.size + self._prefix[1])
        start = PREFIX.size + self._prefix[1]
        return self._filled >= start and self._start_payload(start, self._prefix[2])

    def _make_room(self, size: int) -> None:
        if size > len(self._buffer):
            larger = bytearray(size)
            larger[: self._filled] = self._buffer[: self._filled]
            self._buffer = larger

    def _start_payload(self, start: int, size: int) -> bool:
        here = self._filled - start
        if here > size:
            raise Malformed("more bytes than the frame has")
        self._payload = np.empty(size, np.uint8)
        self._payload.data[:here] = memoryview(self._buffer)[start : self._filled]
        self._payload_filled = here
        return here == size

    def frame(self) -> tuple[int, Any]:
        """Return the number and the body of the complete frame, and be ready for the next.

        Raises
        ------
        Malformed
            The frame does not keep the format.
        """
        if self._prefix is None or self._payload is None:
            raise ValueError("no frame is complete yet")
        number, length, _size = self._prefix
        header, payload = bytes(self._buffer[PREFIX.size : PREFIX.size + length]), self._payload
        self._filled, self._prefix, self._payload = 0, None, None
        return number, build(header, payload, self._bounds)
