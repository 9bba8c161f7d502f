"""Exchange frames with a worker under one deadline, draining what it prints meanwhile."""

from __future__ import annotations

import os
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence

from grader.course.limits import Limits
from grader.sandbox.box.channel import MOST_BUFFERS, Closed, FrameReader, without
from grader.sandbox.box.codec import Bounds, Malformed

_PIECE = 1 << 16

# struct ucred: process, user and group number.
_CREDENTIALS = struct.Struct("iii")

# How long to wait before first looking at what other work took: short exchanges never pay for it.
_FIRST_LOOK_SECONDS = 0.25

# However busy the machine is, nobody waits longer than this many times the limit.
_LONGEST = 4.0

# Everything that moves a cursor, starts a terminal's escape sequence, reorders text or has no glyph.
# Newline and tab stay.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


class Deadline:
    """The end of an exchange, `seconds` of a machine of its own from now.

    A time limit is a promise to the student. When several submissions are graded at once, a process that is ready
    to run waits for its turn; that time, which the kernel counts, is added to the limit. Sleeping is not.

    Parameters
    ----------
    stolen
        Seconds for which the process was ready and did not run, counted from some fixed moment.
    """

    def __init__(
        self,
        seconds: float,
        stolen: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._stolen = stolen
        self._start = clock()
        self._seconds = seconds
        self._before: float | None = None

    def wait(self) -> float:
        """Return for how many seconds to wait before asking again; zero or less when time is up."""
        passed = self._clock() - self._start
        if self._before is None:
            if passed < _FIRST_LOOK_SECONDS:
                return min(_FIRST_LOOK_SECONDS, self._seconds) - passed
            self._before = self._stolen()
        left = self._seconds - passed
        if left <= 0:
            left += min(self._stolen() - self._before, (_LONGEST - 1) * self._seconds)
        return left


class Late(Exception):
    """The deadline passed."""


class Wire:
    """The socket to a worker and the pipe that holds its standard output and error.

    Nothing here waits without the deadline, and the pipe is read whenever the socket is waited for, so that a
    submission that prints is never blocked by its own output.
    """

    def __init__(self, connection: socket.socket, output: int, limits: Limits) -> None:
        connection.setblocking(False)
        os.set_blocking(output, False)
        _ask_for_credentials(connection, wanted=True)
        self._socket = connection
        self._output = output
        self._reader = FrameReader(bounds_of(limits))
        self._printed = bytearray()
        self.heard: Callable[[bytes], None] | None = None
        self._most = limits.output_bytes
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._poll.register(output, select.POLLIN)

    def first(self, deadline: Deadline) -> int:
        """Wait for the greeting of a new worker; return the process number the kernel vouches for, 0 if none.

        The kernel translates the number into our own process namespace.

        Raises
        ------
        Late
            Nothing came in time.
        Closed
            The worker hung up.
        """
        while not self._wait(deadline):
            continue
        space = socket.CMSG_SPACE(_CREDENTIALS.size)
        data, ancillary, _flags, _address = self._socket.recvmsg(_PIECE, space)
        _ask_for_credentials(self._socket, wanted=False)
        if not data:
            raise Closed
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, getattr(socket, "SCM_CREDENTIALS", None)):
                return int(_CREDENTIALS.unpack_from(content)[0])
        return 0

    def exchange(self, buffers: Sequence[bytes | memoryview], deadline: Deadline) -> tuple[int, object]:
        """Send a frame and return the number and body of the one that answers it.

        Raises
        ------
        Late
            The last byte of the answer did not come in time.
        Closed
            The worker hung up.
        Malformed
            The answer is no frame, or comes before the question.
        """
        try:
            self._check_silence()
            waiting = self._send([memoryview(buffer) for buffer in buffers if len(buffer)])
            if waiting:
                self._send_rest(waiting, deadline)
            while not (self._wait(deadline) and self._receive()):
                continue
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None
        return self._reader.frame()

    def printed(self) -> str:
        """Return the start of what the worker has printed so far."""
        while len(self._printed) < self._most and self._drain():
            continue
        return self._printed.decode("utf-8", "replace")

    def close(self) -> None:
        """Close our ends, keeping what was printed."""
        self.printed()
        self._socket.close()
        self._close_output()

    def _check_silence(self) -> None:
        """Refuse a worker that has spoken unasked, perhaps to answer a request before it is made."""
        for descriptor, happened in self._poll.poll(0):
            if descriptor != self._output and happened & select.POLLIN and self._spoken():
                raise Malformed("an answer before the question")

    def _spoken(self) -> bool:
        """Say whether there is something to read rather than the end of the connection."""
        try:
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:  # what woke us is out of band
            return True

    def _send(self, views: list[memoryview]) -> list[memoryview]:
        """Send as much as fits now; return the rest."""
        try:
            while views:
                views = without(views, self._socket.sendmsg(views[:MOST_BUFFERS]))
        except BlockingIOError:
            pass
        return views

    def _send_rest(self, views: list[memoryview], deadline: Deadline) -> None:
        self._poll.modify(self._socket, select.POLLIN | select.POLLOUT)
        while views:
            events = self._wait(deadline)
            if events & select.POLLIN:
                raise Malformed("an answer before the question")
            if events:
                views = self._send(views)
        self._poll.modify(self._socket, select.POLLIN)

    def _wait(self, deadline: Deadline) -> int:
        """Wait for something to happen, reading the pipe; return the socket's events, 0 if it has none yet."""
        seconds = deadline.wait()
        if seconds <= 0:
            raise Late
        events = 0
        for descriptor, happened in self._poll.poll(seconds * 1000 + 1):
            if descriptor == self._output:
                self._drain()
            else:
                events = happened
        return events

    def _receive(self) -> bool:
        try:
            count = self._socket.recv_into(self._reader.room())
        except BlockingIOError:
            raise Malformed("a byte out of band") from None
        if not count:
            raise Closed
        return self._reader.wrote(count)

    def _drain(self) -> bool:
        """Read one piece of output, keeping what is within the limit; say whether there may be more."""
        if self._output < 0:
            return False
        try:
            piece = os.read(self._output, _PIECE)
        except BlockingIOError:
            return False
        if not piece:
            self._close_output()
        self._printed += piece[: self._most - len(self._printed)]
        if self.heard is not None and piece:
            self.heard(piece)
        return bool(piece)

    def _close_output(self) -> None:
        if self._output >= 0:
            self._poll.unregister(self._output)
            os.close(self._output)
            self._output = -1


def _ask_for_credentials(connection: socket.socket, *, wanted: bool) -> None:
    if hasattr(socket, "SO_PASSCRED"):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, wanted)


def bounds_of(limits: Limits) -> Bounds:
    """Return what of the limits a frame is held to."""
    most = limits.reply_bytes
    return Bounds(limits.header_bytes, most, limits.arrays, limits.depth, list_bytes=most)


def clean(text: str, most: int) -> str:
    """Return text of a submission with control characters replaced by U+FFFD, cut to `most` characters."""
    cut = text[:most].replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\ufffd", cut)
