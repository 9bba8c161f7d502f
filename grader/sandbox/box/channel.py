"""Exchange frames over a blocking socket, at the box's end of the wire."""

from __future__ import annotations

import socket
from typing import Any

from .codec import Bounds, Encoder, Reader

# Linux accepts at most 1024 buffers in one sendmsg.
MOST_BUFFERS = 512
_SMALL_FRAME = 4096


class Closed(Exception):
    """The other end is gone."""


class Channel:
    """Frames in and out of one connected socket."""

    def __init__(self, connection: socket.socket, bounds: Bounds) -> None:
        self.descriptors: list[int] = []
        self._socket = connection
        self._bounds = bounds
        self._reader = Reader(bounds)

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
