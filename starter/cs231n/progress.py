"""Shows how far a long loop is: a bar on a terminal, a line now and then anywhere else."""

import sys
import time

BAR_WIDTH = 30
REDRAW_SECONDS = 0.1  # often enough to look alive, rare enough to cost nothing
QUIET_SECONDS = 30.0  # a notebook or a log gets a line when nothing else was printed for so long


class Progress:
    """Progress of a loop with a known number of steps.

    Parameters
    ----------
    total : int
        Number of steps.
    stream : text file, optional
        Where to write, by default the standard output.
    clock : callable
        Gives the time in seconds.
    """

    def __init__(self, total, stream=None, clock=time.monotonic):
        self._total = total
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._on_terminal = self._stream.isatty()
        self._bar_length = 0
        self._start = self._last = clock()

    def step(self, done):
        """Say that so many steps are done; draws only when there is something new to see."""
        now = self._clock()
        pause = REDRAW_SECONDS if self._on_terminal else QUIET_SECONDS
        if now - self._last < pause:
            return
        self._last = now
        if self._on_terminal:
            self._draw(self._bar(done) + self._times(done, now))
        else:
            print(self._times(done, now), file=self._stream, flush=True)

    def say(self, text):
        """Print a line of text, above the bar where there is one."""
        self.close()
        print(text, file=self._stream, flush=True)
        if not self._on_terminal:
            self._last = self._clock()

    def close(self):
        """Take the bar away."""
        if self._bar_length:
            self._stream.write("\r" + " " * self._bar_length + "\r")
            self._stream.flush()
            self._bar_length = 0

    def _draw(self, text):
        self._stream.write("\r" + text.ljust(self._bar_length))
        self._stream.flush()
        self._bar_length = len(text)

    def _bar(self, done):
        filled = BAR_WIDTH * done // self._total
        return "[" + "#" * filled + "." * (BAR_WIDTH - filled) + "] "

    def _times(self, done, now):
        elapsed = now - self._start
        left = elapsed * (self._total - done) / done if done else 0.0
        return f"{done} / {self._total} ({100 * done // self._total} %), about {_minutes(left)} left"


def _minutes(seconds):
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
