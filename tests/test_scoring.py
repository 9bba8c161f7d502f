"""Points: shared among a part's checks, excused checks left out, nothing lost to rounding."""

import pytest
from hypothesis import given, strategies as st

from grader.checking.marks import CheckMark
from grader.checking.run import CheckRecord
from grader.checking.verdicts import Verdict
from grader.course.assignment import Part
from grader.results import Outcome, Scope
from grader.scoring import score_checks

PARTS = (
    Part(id="one", symbol="one", points=10, title="One"),
    Part(id="two.a", symbol="two", points=3, title="Two"),
)


def record(part: str, outcome: Outcome, scope: Scope = Scope.HOMEWORK, weight: float = 1.0) -> CheckRecord:
    """Return a check of `part` that ended in `outcome`."""
    return CheckRecord(f"{part}:{outcome}", CheckMark(part, scope, weight), "Title.", Verdict(outcome), 0.0)


def test_checks_share_their_parts_points_by_weight() -> None:
    """A check of weight 3 is worth three times one of weight 1."""
    records = [record("one", Outcome.PASSED, weight=3), record("one", Outcome.FAILED)]
    results, score, max_score = score_checks(PARTS, records)
    assert [each.max_points for each in results] == [7.5, 2.5]
    assert (score, max_score) == (7.5, 10.0)


@pytest.mark.parametrize("outcome", [Outcome.GRADER_ERROR, Outcome.NOT_GRADED])
def test_an_excused_check_gives_its_share_to_the_others(outcome: Outcome) -> None:
    """A fault of the grader neither costs nor earns; a part with nothing else leaves the total."""
    records = [record("one", Outcome.PASSED), record("one", outcome), record("two.a", outcome)]
    _, score, max_score = score_checks(PARTS, records)
    assert (score, max_score) == (10.0, 10.0)


def test_an_inconclusive_measurement_costs_nothing() -> None:
    """Points are kept where the measurement could not decide."""
    _, score, max_score = score_checks(PARTS, [record("two.a", Outcome.INCONCLUSIVE)])
    assert score == max_score == 3.0


def test_checks_beyond_the_homework_cost_nothing() -> None:
    """A failed check of scope beyond changes neither sum."""
    records = [record("one", Outcome.PASSED), record("one", Outcome.FAILED, Scope.BEYOND, 0.0)]
    assert score_checks(PARTS, records)[1:] == (10.0, 10.0)


@given(st.integers(1, 60), st.integers(0, 60))
def test_all_passed_is_exactly_full_marks(one: int, two: int) -> None:
    """However many checks share the points, passing all of them earns every point."""
    records = [record("one", Outcome.PASSED)] * one + [record("two.a", Outcome.PASSED)] * two
    _, score, max_score = score_checks(PARTS, records)
    assert score == max_score == 10.0 + (3.0 if two else 0.0)
