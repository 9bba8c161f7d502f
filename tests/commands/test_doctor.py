"""`invoke doctor`: findings from what was measured."""

import pytest

from grader.commands.doctor import State, clock_finding, clock_readings, isolation_findings
from grader.sandbox import Isolation, ProbeReport


def test_a_working_tier_says_what_the_canary_tried() -> None:
    """A tier that holds is good, and lists the attempts that failed."""
    report = ProbeReport(Isolation.B, works=True, attempts=(("read a file", "refused"), ("fork", "refused")))
    (finding,) = isolation_findings([report])
    assert finding.state is State.GOOD
    assert "read a file, fork" in finding.detail


def test_a_missing_tier_says_why_and_what_to_install() -> None:
    """A tier that does not work carries its reason and its advice."""
    report = ProbeReport(Isolation.A, works=False, reason="no bwrap", advice="install bubblewrap")
    (finding,) = isolation_findings([report])
    assert (finding.state, finding.detail, finding.advice) == (
        State.MISSING,
        "no bwrap",
        "install bubblewrap",
    )


@pytest.mark.parametrize(
    ("readings", "state"),
    [([1.0, 1.1, 1.2], State.GOOD), ([1.0, 2.0, 3.0], State.LIMITED), ([0.0, 1.0], State.LIMITED)],
)
def test_the_clock_is_judged_by_its_spread(readings: list[float], state: State) -> None:
    """A typical reading far above the shortest, or readings of zero, make timing less sure."""
    assert clock_finding(readings).state is state


def test_real_readings_are_positive() -> None:
    """The machine's own clock moves during the work that is timed."""
    assert all(reading > 0 for reading in clock_readings())
