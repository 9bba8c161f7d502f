"""The deadline of an exchange, and what becomes of the texts that come over the wire."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from grader.sandbox.wire import Deadline, clean


@dataclass
class Machine:
    """A clock to turn by hand, and how much of the time a process was kept from running."""

    now: float = 100.0
    stolen: float = 7.0

    def deadline(self, seconds: float) -> Deadline:
        """Start counting."""
        return Deadline(seconds, lambda: self.stolen, lambda: self.now)

    def wait_out(self, deadline: Deadline, share: float) -> float:
        """Wait as the wire does, a millisecond at least, while `share` is stolen; return how long that took."""
        start = self.now
        while (seconds := deadline.wait()) > 0:
            self.now += seconds + 0.001
            self.stolen += share * (seconds + 0.001)
        return self.now - start


@pytest.mark.parametrize("seconds", [0.05, 0.25, 1.0, 10.0])
def test_alone_on_the_machine_the_limit_is_the_limit(seconds: float) -> None:
    """Without other work, time is up after exactly the limit."""
    machine = Machine()
    assert machine.wait_out(machine.deadline(seconds), share=0.0) == pytest.approx(seconds, abs=0.01)


def test_half_stolen_time_doubles_the_limit() -> None:
    """When other work takes every second second, twice the limit passes, but for the start that is not looked at."""
    machine = Machine()
    assert machine.wait_out(machine.deadline(10.0), share=0.5) == pytest.approx(20.0, abs=0.5)


def test_time_stolen_before_does_not_count() -> None:
    """What was taken before the exchange began adds nothing."""
    machine = Machine(stolen=1000.0)
    assert machine.wait_out(machine.deadline(1.0), share=0.0) == pytest.approx(1.0, abs=0.01)


def test_even_a_stuck_machine_ends_the_wait() -> None:
    """However much is stolen, the wait ends after four times the limit."""
    machine = Machine()
    assert machine.wait_out(machine.deadline(1.0), share=1.0) == pytest.approx(4.0, abs=0.1)


@given(st.text(st.characters()), st.integers(0, 100))
def test_cleaned_text_is_short_printable_and_encodable(text: str, most: int) -> None:
    """Whatever comes in, what goes out is within the limit, encodable, and free of control characters."""
    cleaned = clean(text, most)
    assert len(cleaned) <= most
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(each) == "Cc" for each in cleaned if each not in "\n\t")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[2J", "\ufffd[2J"),
        ("\u202eevil", "\ufffdevil"),
        ("na\u00efve \u2192", "na\u00efve \u2192"),
    ],
)
def test_what_is_kept_and_what_is_replaced(text: str, wanted: str) -> None:
    """Tabs, line ends and letters of every script stay; terminal codes and direction marks go."""
    assert clean(text, 100) == wanted
