"""Stop a check that does not end, on every system: by an exception raised in the thread that runs it.

Where there are no threads, as in a browser, it is for the person at the keyboard to stop it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

AGAIN_SECONDS = 1.0
"""Code may catch the exception; it is raised again and again."""

HOPELESS = 5
"""After so many times the code is not Python's: nothing but the person at the keyboard can stop it."""

ADVICE = (
    "\n{what} is still running after {seconds:g} s, in compiled code that cannot be stopped from here. "
    "Press Ctrl-C, or interrupt the kernel.\n"
)


class TimeUp(BaseException):
    """The check's time is up. No Exception, so that a student's handlers let it pass."""


@contextmanager
def time_limit(seconds: float, what: str) -> Iterator[None]:
    """Raise `TimeUp` in the block when it has not ended after `seconds`.

    Signals would do this on Unix alone, and a process of its own would lose the notebook's variables and the
    debugger. The interpreter raises the exception before its next instruction, so a loop in Python ends at once, and
    one long operation of NumPy when it is done.
    """
    watch = _Watch(threading.get_ident(), seconds, what)
    try:
        with suppress(RuntimeError):  # no threads here
            watch.start()
        yield
    finally:
        while (
            True
        ):  # the time may be up within this very call, and a watch that goes on would raise in what follows
            try:
                watch.end()
                break
            except TimeUp:
                continue


class _Watch(threading.Thread):
    """Waits beside the check.

    Parameters
    ----------
    target
        The thread to raise in.
    """

    def __init__(self, target: int, seconds: float, what: str) -> None:
        super().__init__(name="time limit", daemon=True)
        self._target = target
        self._seconds = seconds
        self._what = what
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Raise when time is up, until the check has ended."""
        patience = self._seconds
        for times in range(HOPELESS):
            if self._ended.wait(patience):
                return
            with self._lock:
                if not self._ended.is_set():
                    _raise_in(self._target, TimeUp)
            patience = AGAIN_SECONDS * (times + 1)
        if not self._ended.wait(patience) and sys.__stderr__ is not None:
            sys.__stderr__.write(ADVICE.format(what=self._what, seconds=self._seconds))
            sys.__stderr__.flush()

    def end(self) -> None:
        """Stop waiting; an exception that was raised and not yet seen is taken back."""
        if self.ident is None:
            return
        with self._lock:
            self._ended.set()
            _raise_in(self._target, None)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    import ctypes  # noqa: PLC0415  # not everywhere, and needed only where a watch runs

    kind = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), kind)
