"""What lateness costs and which attempt counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from grader.course.policy import DAY, Attempts, Policy, counting_attempt, days_charged, penalty, seconds_late

DUE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)

policies = st.builds(
    Policy,
    due=st.just(DUE),
    grace_minutes=st.floats(0, 600),
    late_days=st.integers(0, 5),
    penalty_per_day=st.floats(0, 100),
    cap=st.floats(0, 100),
)


@pytest.mark.parametrize(
    ("late", "days"),
    [(0, 0), (600, 0), (601, 0), (DAY, 0), (DAY + 1, 1), (2 * DAY, 1), (2 * DAY + 1, 2)],
)
def test_grace_then_free_days_then_days_begun(late: float, days: int) -> None:
    """Ten minutes are in time, the first day is free, and every further day that has begun is charged."""
    assert days_charged(Policy(due=DUE, grace_minutes=10, late_days=1), late) == days


@pytest.mark.parametrize(
    ("due", "came", "days"),
    [
        ("2026-10-31 23:59", "2026-11-02 07:50", 1),  # 23:50 on the evening after clocks went back
        ("2026-10-31 23:59", "2026-11-02 08:20", 2),
        ("2026-10-31 23:59", "2026-11-01 06:59", 0),
        ("2026-03-07 23:59", "2026-03-09 06:55", 1),  # a day of 23 hours
        ("2026-03-07 23:59", "2026-03-09 07:01", 2),
        ("2026-11-20 23:59", "2026-11-22 07:59", 1),
    ],
)
def test_days_are_those_of_the_calendar(due: str, came: str, days: int) -> None:
    """In a time zone whose clocks change, the next evening at the same hour is one day later, in 23 or 25 hours."""
    zone = ZoneInfo("America/Los_Angeles")
    policy = Policy(due=datetime.fromisoformat(due).replace(tzinfo=zone))
    moment = datetime.fromisoformat(came).replace(tzinfo=UTC)
    assert policy.due.tzinfo is zone
    assert days_charged(policy, seconds_late(policy, moment, None), moment) == days
    told = (moment - policy.due).total_seconds()
    assert days_charged(policy, seconds_late(policy, moment, max(told, 0.0)), moment) == days


@given(st.datetimes(DUE.replace(tzinfo=None), datetime(2030, 1, 1)))  # UTC is added
def test_without_changes_of_clocks_days_have_24_hours(came: datetime) -> None:
    """The calendar's days and the seconds agree."""
    moment = came.replace(tzinfo=UTC)
    late = seconds_late(Policy(due=DUE), moment, None)
    assert days_charged(Policy(due=DUE), late, moment) == days_charged(Policy(due=DUE), late)


def test_the_platforms_word_goes_before_the_clock() -> None:
    """An extension that the learning platform knows of counts, whatever the due date says."""
    submitted = DUE + timedelta(days=2)
    assert seconds_late(Policy(due=DUE), submitted, None) == 2 * DAY
    assert seconds_late(Policy(due=DUE), submitted, 0.0) == 0.0
    assert seconds_late(Policy(), submitted, None) == 0.0
    assert seconds_late(Policy(due=DUE), None, None) == 0.0


@given(policies, st.floats(0, 1e7), st.floats(0, 1e7), st.floats(0, 1000))
def test_later_never_costs_less_and_never_more_than_the_cap(policy, one, other, points) -> None:
    """The penalty grows with lateness, stays within the cap, and is nothing for work in time."""
    sooner, later = (
        penalty(policy, days_charged(policy, late), points) for late in (min(one, other), max(one, other))
    )
    assert 0 <= sooner <= later <= points * policy.cap / 100
    assert penalty(policy, days_charged(policy, 0.0), points) == 0


def test_the_latest_or_the_best_attempt_counts() -> None:
    """By default the last one does; with `best` the highest score, and of equal ones the later."""
    attempts = [("first", 70.0), ("second", 90.0), ("third", 90.0), ("fourth", 10.0)]
    by = {
        each: counting_attempt(attempts, Policy(attempts=each), score=lambda attempt: attempt[1])[0]
        for each in Attempts
    }
    assert by == {Attempts.LATEST: "fourth", Attempts.BEST: "third"}


def test_a_due_date_without_a_time_zone_is_refused() -> None:
    """Nobody can say when it is."""
    with pytest.raises(ValidationError, match="timezone"):
        Policy.model_validate({"due": datetime(2026, 11, 20)})
