"""Decide from measured CPU seconds whether a submission is fast, slow, or cannot be told."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

GREY = 1.25
"""Width of the band around the allowed ratio where nothing is decided, each way. One CPU reading of unchanged
work swings up to 1.19 on a loaded machine, so even if medians helped nothing a verdict could not flip from
fast to slow."""

CLEAR = 2.0
"""Distance from the allowed ratio, as a factor, at which the first rounds are enough."""

HOPELESS = 25.0
"""Distance at which two rounds are enough. A single reading was seen 21 times too long, on a wall clock."""

ROUNDS_FOR_HOPELESS = 2

SHORTEST = 1e-9
"""Seconds below which a reference reading is no reading, whatever the clock's resolution."""

CLOCK_TICKS = 20
"""A reading shorter than this many steps of the clock is mostly the clock."""


class Speed(StrEnum):
    """How fast a submission is; inconclusive never costs points."""

    FAST = "fast"
    SLOW = "slow"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class TimingVerdict:
    """A verdict and the numbers behind it.

    Attributes
    ----------
    speed
        Fast, slow or inconclusive.
    ratio
        Median over the rounds of student over reference; NaN without readings. It decides.
    best_ratio
        Shortest student reading over shortest reference reading; NaN without readings.
    allowed
        The ratio up to which a submission is fast.
    reason
        One sentence for the student.
    """

    speed: Speed
    ratio: float
    best_ratio: float
    allowed: float
    reason: str


@dataclass(frozen=True, slots=True)
class TimingPlan:
    """How long to measure.

    Attributes
    ----------
    allowed
        The ratio of CPU times up to which a submission is fast. Choose it in a gap: no verdict is stable for
        a submission whose true ratio lies on an edge of the grey band.
    first_rounds
        Rounds before a clear ratio ends the measurement.
    most_rounds
        Rounds after which it ends anyway.
    warm_up
        Rounds run first and thrown away: imports, page faults and caches belong to nobody.
    budget
        CPU seconds of both sides together, warm-up included, after which no new round starts.
    clock_step
        Resolution of the caller's clock, in seconds.
    """

    allowed: float
    first_rounds: int = 5
    most_rounds: int = 25
    warm_up: int = 1
    budget: float = 30.0
    clock_step: float = 1e-6

    def __post_init__(self) -> None:
        if not (math.isfinite(self.allowed) and self.allowed > 0):
            raise ValueError(f"allowed is a positive ratio of CPU times, not {self.allowed}")
        if not 1 <= self.first_rounds <= self.most_rounds or self.warm_up < 0:
            raise ValueError("a timing plan needs 1 <= first_rounds <= most_rounds and warm_up >= 0")


@dataclass(frozen=True, slots=True)
class TimingEvidence:
    """Every reading of a measurement, in seconds, and what they come to."""

    student: tuple[float, ...]
    reference: tuple[float, ...]
    verdict: TimingVerdict

    @property
    def rounds(self) -> int:
        """How many rounds were kept."""
        return len(self.student)


def judge(
    student: Sequence[float], reference: Sequence[float], allowed: float, *, clock_step: float = 1e-6
) -> TimingVerdict:
    """Judge paired readings.

    The median of the rounds' ratios decides. The two readings of a round share what the machine was doing then,
    its clock frequency above all, and up to half of the rounds may be spoiled. Two minima may come from
    different frequencies, and a submission that remembers an answer needs to be fast only once. Where the
    minima say slow and the rounds say fast, nobody can tell.

    Parameters
    ----------
    student, reference
        CPU seconds, one entry per round, in the order measured.
    allowed
        The ratio up to which a submission is fast.
    clock_step
        Resolution of the clock in seconds.

    Raises
    ------
    ValueError
        A reading is negative or not finite, or the counts differ: a fault of the caller's clock.
    """
    _check_readings(student, reference)
    if not student or min(reference) < max(CLOCK_TICKS * clock_step, SHORTEST):
        return TimingVerdict(
            Speed.INCONCLUSIVE, math.nan, math.nan, allowed, "The work was too short to be timed."
        )
    ratio = median(one / other for one, other in zip(student, reference, strict=True))
    best = min(student) / min(reference)
    speed = _speed(ratio, allowed)
    if speed is Speed.FAST and _speed(best, allowed) is Speed.SLOW:
        speed = Speed.INCONCLUSIVE
    return TimingVerdict(speed, ratio, best, allowed, _reason(speed, ratio, best, allowed))


def measure(
    run_student: Callable[[int], float], run_reference: Callable[[int], float], plan: TimingPlan
) -> TimingEvidence:
    """Run both sides in turn until the verdict is clear or the plan ends.

    The two sides take turns at going first, so that neither always meets a cold cache or a rising clock. What
    a callable raises passes through.

    Parameters
    ----------
    run_student, run_reference
        Given the number of the round, run once on inputs drawn for that round and return the CPU seconds
        used, read from outside the measured process. Numbers below zero are warm-up rounds. The caller
        checks that what was timed is also right.
    plan
        When to stop.
    """
    student: list[float] = []
    reference: list[float] = []
    spent = 0.0
    for number in range(-plan.warm_up, plan.most_rounds):
        pair = _one_round(run_student, run_reference, number)
        spent += sum(pair)
        if number >= 0:
            student.append(pair[0])
            reference.append(pair[1])
            if _enough(student, reference, plan) or spent >= plan.budget:
                break
    verdict = judge(student, reference, plan.allowed, clock_step=plan.clock_step)
    return TimingEvidence(tuple(student), tuple(reference), verdict)


def _one_round(
    run_student: Callable[[int], float], run_reference: Callable[[int], float], number: int
) -> tuple[float, float]:
    if number % 2 == 0:
        seconds = run_student(number)
        return seconds, run_reference(number)
    other = run_reference(number)
    return run_student(number), other


def _enough(student: Sequence[float], reference: Sequence[float], plan: TimingPlan) -> bool:
    verdict = judge(student, reference, plan.allowed, clock_step=plan.clock_step)
    if verdict.speed is Speed.INCONCLUSIVE:
        return False
    distances = verdict.ratio / plan.allowed, verdict.best_ratio / plan.allowed
    if len(student) >= ROUNDS_FOR_HOPELESS and min(distances) >= HOPELESS:
        return True
    return len(student) >= plan.first_rounds and (min(distances) >= CLEAR or max(distances) <= 1 / CLEAR)


def _check_readings(student: Sequence[float], reference: Sequence[float]) -> None:
    if len(student) != len(reference):
        raise ValueError(f"{len(student)} student readings but {len(reference)} of the reference; pair them")
    if not all(math.isfinite(each) and each >= 0 for each in (*student, *reference)):
        raise ValueError("a reading of CPU seconds is negative or not finite; check the caller's clock")


def _speed(ratio: float, allowed: float) -> Speed:
    if ratio >= allowed * GREY:
        return Speed.SLOW
    return Speed.FAST if ratio <= allowed / GREY else Speed.INCONCLUSIVE


def _reason(speed: Speed, ratio: float, best: float, allowed: float) -> str:
    said = f"It takes {ratio:.1f} times the reference's time; up to {allowed:g} is allowed"
    if speed is Speed.INCONCLUSIVE:
        return f"{said}, which is too close to tell."
    if speed is Speed.SLOW and best <= allowed / GREY:
        return f"{said}. It was fast in a few rounds, but not in most."
    return f"{said}."
