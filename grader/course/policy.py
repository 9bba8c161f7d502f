"""What being late costs and which attempt counts, by the assignment's [policy]; pure functions of what arrived."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

DAY = 24 * 60 * 60.0
MINUTE = 60.0

Attempt = TypeVar("Attempt")


class Attempts(StrEnum):
    """Which of a student's attempts counts: the last that came, or the one with the highest score."""

    LATEST = "latest"
    BEST = "best"


class Policy(BaseModel):
    """What an assignment says about time and attempts; without it nothing is ever late.

    Attributes
    ----------
    due
        When it is due, with a time zone. Not asked where the learning platform itself says how late a work is.
    grace_minutes
        How late is still in time.
    late_days
        Days begun after that which cost nothing.
    penalty_per_day
        Percent of the reached points that each further day begun costs.
    cap
        The most that lateness costs, in percent.
    attempts
        Which attempt counts.
    same_mistake
        Where one diagnosis explains lost points in several parts, it is charged in the dearest of them, and of what it
        costs in the others this much is given back, in percent: 100 charges one mistake once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    due: AwareDatetime | None = None
    grace_minutes: float = Field(default=0.0, ge=0)
    late_days: int = Field(default=0, ge=0)
    penalty_per_day: float = Field(default=0.0, ge=0, le=100)
    cap: float = Field(default=100.0, ge=0, le=100)
    attempts: Attempts = Attempts.LATEST
    same_mistake: float = Field(default=0.0, ge=0, le=100)


def seconds_late(policy: Policy, submitted_at: datetime | None, late_seconds: float | None) -> float:
    """Return how long after the due date something came: as the platform says, else by the clock, else not at all."""
    if late_seconds is not None:
        return max(late_seconds, 0.0)
    if policy.due is None or submitted_at is None:
        return 0.0
    return max((submitted_at - policy.due).total_seconds(), 0.0)


def days_charged(policy: Policy, late: float, came: datetime | None = None) -> int:
    """Return the days begun that cost points, after grace and free days.

    Parameters
    ----------
    late
        Seconds.
    came
        When it came; where that is known, days are those of the calendar in the due date's time zone, so that one
        during which clocks go back has 25 hours.
    """
    if late <= policy.grace_minutes * MINUTE:
        return 0
    days = math.ceil(late / DAY)
    if came is not None and policy.due is not None:
        due = (came - timedelta(seconds=late)).astimezone(policy.due.tzinfo)
        # Days that are added to a moment in a time zone keep its hour on the wall, however long they are.
        days = next(n for n in (days - 1, days, days + 1) if came <= due + timedelta(days=n))
    return max(days - policy.late_days, 0)


def penalty(policy: Policy, days: int, points: float) -> float:
    """Return how many of `points` are lost by `days` that are charged."""
    return points * min(days * policy.penalty_per_day, policy.cap) / 100


def counting_attempt(
    attempts: Sequence[Attempt], policy: Policy, score: Callable[[Attempt], float]
) -> Attempt:
    """Return the attempt that counts; among equally good ones the latest.

    Parameters
    ----------
    attempts
        Of one student, oldest first.
    score
        What an attempt earned, lateness and adjustments counted in.
    """
    if policy.attempts is Attempts.LATEST:
        return attempts[-1]
    return max(reversed(attempts), key=score)
