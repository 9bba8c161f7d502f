"""The same submission gets the same verdict however loaded the machine is, and doubt is said to be doubt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.instruments.timing import CLEAR, GREY, HOPELESS, Speed, TimingPlan, TimingVerdict, judge, measure

PLAN = TimingPlan(allowed=4.0, budget=math.inf)
GRADINGS = 1000

seconds = st.floats(1e-3, 10.0)


@dataclass
class Machine:
    """A loaded machine: readings are the true time and what the machine adds to it.

    The CPU clock of one reading runs up to `noise` too long. With probability `outlier` a reading is up to 21 times
    too long, as wall clocks are. With probability `step` per reading the clock frequency changes for both sides.
    """

    rng: np.random.Generator
    noise: float = 1.2
    outlier: float = 0.0
    step: float = 0.0
    frequency: float = 1.0

    def reading(self, true: float) -> float:
        """Return one reading of work that takes `true` seconds."""
        if self.rng.random() < self.step:
            self.frequency = float(self.rng.uniform(1.0, 1.6))
        delay = self.rng.uniform(1.0, 21.0) if self.rng.random() < self.outlier else 1.0
        return true * self.frequency * float(self.rng.uniform(1.0, self.noise)) * delay

    def running(self, true: float) -> Callable[[int], float]:
        """Return a side that takes `true` seconds each round."""
        return lambda _: self.reading(true)


LOADS = {
    "quiet": {"noise": 1.03},
    "loaded": {"noise": 1.2},
    "outliers": {"noise": 1.2, "outlier": 0.05},
    "frequency steps": {"noise": 1.1, "step": 0.1},
    "everything": {"noise": 1.2, "outlier": 0.05, "step": 0.1},
}


SUBMISSIONS = {0.5: Speed.FAST, 2.5: Speed.FAST, 4.0: Speed.INCONCLUSIVE, 6.0: Speed.SLOW, 300.0: Speed.SLOW}


def verdicts(load: str, ratio: float, gradings: int) -> set[Speed]:
    """Return the verdicts that many gradings of one submission get under a load."""
    machines = (Machine(np.random.default_rng(seed), **LOADS[load]) for seed in range(gradings))
    return {measure(each.running(0.01 * ratio), each.running(0.01), PLAN).verdict.speed for each in machines}


@pytest.mark.parametrize("ratio", SUBMISSIONS)
def test_a_thousand_gradings_agree(ratio: float) -> None:
    """A submission off the edges of the grey band gets one verdict in 1,000 of 1,000 gradings."""
    assert verdicts("everything", ratio, GRADINGS) == {SUBMISSIONS[ratio]}


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("ratio", SUBMISSIONS)
def test_every_load_leaves_the_verdict(load: str, ratio: float) -> None:
    """Noise, outliers and changes of clock frequency do not change a verdict, each by itself."""
    assert verdicts(load, ratio, 50) == {SUBMISSIONS[ratio]}


@given(st.lists(seconds, min_size=1, max_size=30), st.floats(0.01, 100.0), st.floats(0.1, 50.0))
def test_exact_readings_are_judged_by_their_ratio(
    reference: list[float], ratio: float, allowed: float
) -> None:
    """Without noise the verdict depends on the ratio alone."""
    found = judge([ratio * each for each in reference], reference, allowed)
    assert found.ratio == pytest.approx(ratio)
    expected = (
        Speed.SLOW
        if ratio >= allowed * GREY
        else Speed.FAST
        if ratio <= allowed / GREY
        else Speed.INCONCLUSIVE
    )
    if not math.isclose(ratio, allowed * GREY) and not math.isclose(ratio, allowed / GREY):
        assert found.speed is expected


@given(
    st.lists(st.tuples(seconds, seconds), min_size=1, max_size=20), st.floats(1e-3, 1e3), st.floats(0.1, 50.0)
)
def test_a_faster_machine_changes_nothing(
    pairs: list[tuple[float, float]], factor: float, allowed: float
) -> None:
    """Scaling all readings leaves the ratio as it is."""
    student, reference = zip(*pairs, strict=True)
    before = judge(student, reference, allowed)
    after = judge([factor * each for each in student], [factor * each for each in reference], allowed)
    assert after.ratio == pytest.approx(before.ratio, nan_ok=True) or math.isnan(after.ratio)


@given(st.lists(st.tuples(seconds, seconds), min_size=1, max_size=20), st.data())
def test_a_delay_never_makes_a_slow_submission_fast(
    pairs: list[tuple[float, float]], data: st.DataObject
) -> None:
    """Making a student's reading longer moves the verdict towards slow or not at all."""
    order = [Speed.FAST, Speed.INCONCLUSIVE, Speed.SLOW]
    student, reference = map(list, zip(*pairs, strict=True))
    before = judge(student, reference, 1.0).speed
    student[data.draw(st.integers(0, len(student) - 1))] *= data.draw(st.floats(1.0, 100.0))
    assert order.index(judge(student, reference, 1.0).speed) >= order.index(before)


def test_remembering_answers_is_slow() -> None:
    """A submission that is fast in a few rounds and slow in most is slow."""
    found = judge([0.01, 0.01, *[1.0] * 7], [0.01] * 9, allowed=4.0)
    assert found.speed is Speed.SLOW
    assert found.best_ratio < 4.0
    assert "few rounds" in found.reason


def test_minima_that_contradict_the_rounds_are_inconclusive() -> None:
    """Where every round says fast and the two minima say slow, nothing is decided."""
    found = judge([1.0, 9.0, 9.0], [0.05, 9.0, 9.0], allowed=4.0)
    assert found.ratio == 1.0
    assert found.speed is Speed.INCONCLUSIVE


def test_one_disturbed_round_is_forgiven() -> None:
    """A fast submission with one long round stays fast."""
    assert judge([0.01] * 8 + [1.0], [0.01] * 9, allowed=4.0).speed is Speed.FAST


def test_work_too_short_for_the_clock_is_inconclusive() -> None:
    """Readings of a few steps of the clock decide nothing."""
    found = judge([1.0] * 5, [3e-6] * 5, allowed=4.0, clock_step=1e-6)
    assert found.speed is Speed.INCONCLUSIVE
    assert "too short" in found.reason


def test_no_readings_are_inconclusive() -> None:
    """Nothing measured is nothing decided."""
    assert judge([], [], allowed=4.0).speed is Speed.INCONCLUSIVE


@pytest.mark.parametrize("student", [[-1.0], [math.nan], [math.inf], [1.0, 1.0]])
def test_impossible_readings_are_the_callers_fault(student: list[float]) -> None:
    """Negative, infinite or unpaired readings raise."""
    with pytest.raises(ValueError, match="reading"):
        judge(student, [1.0], allowed=4.0)


@pytest.mark.parametrize(
    "change",
    [{"allowed": 0.0}, {"allowed": math.nan}, {"first_rounds": 0}, {"most_rounds": 2}, {"warm_up": -1}],
)
def test_impossible_plans_are_refused(change: dict[str, float]) -> None:
    """A plan that cannot be followed raises when it is made."""
    with pytest.raises(ValueError, match=r"allowed|plan"):
        replace(PLAN, **change)


def steady(value: float, log: list[tuple[str, int]], name: str) -> Callable[[int], float]:
    """Return a side that always takes `value` seconds and notes its rounds."""

    def run(number: int) -> float:
        log.append((name, number))
        return value

    return run


def rounds_of(ratio: float, plan: TimingPlan = PLAN) -> tuple[TimingVerdict, int, list[tuple[str, int]]]:
    """Measure exact readings of one ratio."""
    log: list[tuple[str, int]] = []
    evidence = measure(steady(ratio, log, "student"), steady(1.0, log, "reference"), plan)
    return evidence.verdict, evidence.rounds, log


@pytest.mark.parametrize(
    ("ratio", "rounds"),
    [
        (PLAN.allowed / CLEAR / 1.1, PLAN.first_rounds),
        (PLAN.allowed * CLEAR * 1.1, PLAN.first_rounds),
        (PLAN.allowed * HOPELESS * 1.1, 2),
        (PLAN.allowed, PLAN.most_rounds),
        (PLAN.allowed * 1.5, PLAN.most_rounds),
    ],
)
def test_rounds_fit_the_doubt(ratio: float, rounds: int) -> None:
    """A clear ratio ends the measurement early, a doubtful one uses every round."""
    assert rounds_of(ratio)[1] == rounds


def test_sides_take_turns() -> None:
    """Both sides run once per round, the warm-up comes first, and they alternate in going first."""
    _, _, log = rounds_of(1.0)
    assert [number for _, number in log[::2]] == [number for _, number in log[1::2]]
    assert log[0][1] == -1
    assert {log[index][0] for index in range(0, len(log), 2)} == {"student", "reference"}


def test_the_budget_ends_it() -> None:
    """No round starts after the budget is spent, and what was read is judged."""
    verdict, rounds, _ = rounds_of(PLAN.allowed, replace(PLAN, budget=12.0))
    assert rounds == 2
    assert verdict.speed is Speed.INCONCLUSIVE


def test_one_round_is_kept_whatever_it_costs() -> None:
    """Even a warm-up beyond the budget leaves one round to judge by."""
    assert rounds_of(1000.0, replace(PLAN, budget=1.0))[1] == 1


def test_failures_pass_through() -> None:
    """What a side raises, such as a timeout, reaches the caller."""

    def fail(_: int) -> float:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        measure(fail, lambda _: 1.0, PLAN)


def test_inputs_can_be_fresh_each_round() -> None:
    """Every kept round has a number of its own."""
    numbers: Iterator[int] = (number for name, number in rounds_of(PLAN.allowed)[2] if name == "student")
    kept = [number for number in numbers if number >= 0]
    assert kept == list(range(PLAN.most_rounds))
