"""Exchange frames with a worker under one deadline, draining what it prints meanwhile."""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any

from grader.limits import Limits
from grader.sandbox.box.channel import Closed, without
from grader.sandbox.box.codec import Malformed, Reader

_PIECE = 1 << 16
_BUFFERS = 512


class Late(Exception):
    """The deadline passed."""


class Wire:
    """The socket to a worker and the pipe that holds its standard output and error."""

    def __init__(self, connection: socket.socket, output: int, limits: Limits) -> None:
        connection.setblocking(False)
        os.set_blocking(output, False)
        self._socket = connection
        self._output = output
        self._reader = Reader(limits)
        self._printed = bytearray()
        self._most = limits.output_bytes
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._poll.register(output, select.POLLIN)

    def exchange(self, buffers: list[Any], seconds: float) -> tuple[int, Any]:
        """Send a frame and return the number and body of the one that answers it.

        Raises
        ------
        Late
            The last byte of the answer did not come within `seconds`.
        Closed
            The worker hung up.
        Malformed
            The answer is no frame, or more than one.
        """
        deadline = time.monotonic() + seconds
        try:
            waiting = self._send([memoryview(buffer) for buffer in buffers if len(buffer)])
            if waiting:
                self._send_rest(waiting, deadline)
            while True:
                if self._wait(deadline) & ~select.POLLOUT and self._receive():
                    return self._reader.frame()
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None

    def receive_first(self, seconds: float) -> int:
        """Wait for the first bytes of a new worker; return the process number the kernel vouches for, 0 if none.

        Raises
        ------
        Late, Closed
            As for `exchange`.
        """
        deadline = time.monotonic() + seconds
        while not self._wait(deadline):
            continue
        data, ancillary, _flags, _address = self._socket.recvmsg(_PIECE, socket.CMSG_SPACE(12))
        if not data:
            raise Closed
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == getattr(socket, "SCM_CREDENTIALS", None):
                return int.from_bytes(content[:4], "little")
        return 0

    def printed(self) -> str:
        """Return the start of what the worker has printed so far."""
        while self._drain():
            if len(self._printed) >= self._most:
                break
        return self._printed.decode("utf-8", "replace")

    def close(self) -> None:
        """Close both ends that are ours, keeping what was printed."""
        self.printed()
        self._socket.close()
        if self._output >= 0:
            os.close(self._output)
            self._output = -1

    def _send(self, views: list[memoryview]) -> list[memoryview]:
        """Send as much as fits now; return the rest."""
        try:
            while views:
                views = without(views, self._socket.sendmsg(views[:_BUFFERS]))
        except BlockingIOError:
            pass
        return views

    def _send_rest(self, views: list[memoryview], deadline: float) -> None:
        self._poll.modify(self._socket, select.POLLIN | select.POLLOUT)
        while views:
            events = self._wait(deadline)
            if events & select.POLLIN:
                raise Malformed("the worker answered before it was asked")
            if events:
                views = self._send(views)
        self._poll.modify(self._socket, select.POLLIN)

    def _wait(self, deadline: float) -> int:
        """Wait for the socket or the deadline, draining the pipe; return the socket's events, 0 if only the pipe had any."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late
        events = 0
        for descriptor, happened in self._poll.poll(left * 1000 + 1):
            if descriptor == self._output:
                self._drain()
            else:
                events = happened
        return events

    def _receive(self) -> bool:
        count = self._socket.recv_into(self._reader.room())
        if not count:
            raise Closed
        return self._reader.wrote(count)

    def _drain(self) -> bool:
        """Read one piece of output; say whether there may be more."""
        if self._output < 0:
            return False
        try:
            piece = os.read(self._output, _PIECE)
        except BlockingIOError:
            return False
        if not piece:
            self._poll.unregister(self._output)
            os.close(self._output)
            self._output = -1
            return False
        self._printed += piece[: self._most - len(self._printed)]
        return True
