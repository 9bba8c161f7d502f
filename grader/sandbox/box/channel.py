"""Collect frames from the pieces in which they arrive, and exchange them over a blocking socket."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np

from .codec import PREFIX, SMALL, Bounds, Encoder, Malformed, build, parse_prefix

# Linux accepts at most 1024 buffers in one sendmsg.
MOST_BUFFERS = 512
_SMALL_FRAME = 4096


class Closed(Exception):
    """The other end is gone."""


class FrameReader:
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
        # Not zeroed: the memory becomes real page by page, as bytes come, whatever size was announced.
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


class Channel:
    """Frames in and out of one connected socket."""

    def __init__(self, connection: socket.socket, bounds: Bounds) -> None:
        self.descriptors: list[int] = []
        self._socket = connection
        self._bounds = bounds
        self._reader = FrameReader(bounds)

    def receive(self) -> tuple[int, Any]:
        """Wait for one frame.

        Raises
        ------
        Closed
            The other end closed the socket.
        Malformed
            What came is no frame.
        """
        while True:
            count = self._socket.recv_into(self._reader.room())
            if not count:
                raise Closed
            if self._reader.wrote(count):
                return self._reader.frame()

    def receive_with_descriptors(self) -> tuple[int, Any]:
        """Wait for one small frame that may carry open files, left in `descriptors`."""
        self.descriptors = []
        while True:
            data, descriptors, _flags, _address = socket.recv_fds(self._socket, _SMALL_FRAME, 4)
            self.descriptors.extend(descriptors)
            if not data:
                raise Closed
            self._reader.room()[: len(data)] = data
            if self._reader.wrote(len(data)):
                return self._reader.frame()

    def send(self, number: int, body: Any, encoder: Encoder | None = None) -> None:
        """Send one frame."""
        send_all(self._socket, (encoder or Encoder(self._bounds)).frame(number, body))


def send_all(connection: socket.socket, buffers: list[Any]) -> None:
    """Send every byte of `buffers` over a blocking socket."""
    views = [memoryview(buffer) for buffer in buffers if len(buffer)]
    while views:
        views = without(views, connection.sendmsg(views[:MOST_BUFFERS]))


def without(views: list[memoryview], count: int) -> list[memoryview]:
    """Return `views` without their first `count` bytes."""
    done = 0
    while done < len(views) and count >= len(views[done]):
        count -= len(views[done])
        done += 1
    rest = views[done:]
    if count:
        rest[0] = rest[0][count:]
    return rest
