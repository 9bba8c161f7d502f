"""Progress is a bar on a terminal, and elsewhere a line when nothing else was printed for long."""

import io

import pytest

from cs231n.progress import Progress


class _Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class _Terminal(io.StringIO):
    def isatty(self):
        """Claim to be a terminal."""
        return True

    def screen(self):
        """Show what a terminal shows: a carriage return starts the line anew, over what it held."""
        lines = []
        for text in self.getvalue().split("\n"):
            shown = ""
            for part in text.split("\r"):
                shown = part + shown[len(part) :]
            lines.append(shown.rstrip())
        return lines


@pytest.fixture
def clock():
    """Time under the test's control."""
    return _Clock()


def test_a_terminal_shows_a_bar_with_the_time_left(clock):
    """On a terminal the share done, the steps and the time left are shown in one line."""
    terminal = _Terminal()
    progress = Progress(40, terminal, clock)

    clock.now += 30
    progress.step(10)

    assert terminal.screen() == ["[#######.......................] 10 / 40 (25 %), about 1:30 left"]


def test_lines_stay_above_the_bar(clock):
    """A line of text takes the bar's place, and the next step draws the bar below it."""
    terminal = _Terminal()
    progress = Progress(4, terminal, clock)

    clock.now += 1
    progress.step(1)
    progress.say("loss: 2")
    clock.now += 1
    progress.step(2)

    assert terminal.screen() == ["loss: 2", "[###############...............] 2 / 4 (50 %), about 0:02 left"]


def test_closing_leaves_no_bar_behind(clock):
    """After the end the line of the bar is empty."""
    terminal = _Terminal()
    progress = Progress(4, terminal, clock)
    clock.now += 1
    progress.step(4)

    progress.close()

    assert terminal.screen() == [""]
    assert terminal.getvalue().endswith("\r")


def test_a_terminal_is_not_redrawn_more_often_than_it_helps(clock):
    """Steps that follow within a tenth of a second draw nothing."""
    terminal = _Terminal()
    progress = Progress(1000, terminal, clock)

    for done in range(1, 101):
        clock.now += 0.01
        progress.step(done)

    assert terminal.getvalue().count("\r") <= 10


def test_a_notebook_gets_a_line_only_after_a_long_silence(clock):
    """Where there is no terminal nothing is drawn, but half a minute without a word gets a plain line."""
    stream = io.StringIO()
    progress = Progress(100, stream, clock)

    clock.now += 20
    progress.step(10)
    progress.say("loss: 2")
    clock.now += 20
    progress.step(20)
    assert stream.getvalue() == "loss: 2\n"

    clock.now += 20
    progress.step(50)

    assert stream.getvalue() == "loss: 2\n50 / 100 (50 %), about 1:00 left\n"
