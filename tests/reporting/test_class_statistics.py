"""What a class adds up to: how hard its parts were, how well they tell students apart, and shared mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from grader.reporting.class_statistics import (
    FEWEST,
    ClassTally,
    PartStatistics,
    correlation,
    diagnosed,
    unexplained,
)
from grader.results import CheckResult, Outcome, Scope, SubmissionReport

numbers = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))


def part_items(submissions, assignment) -> tuple[PartStatistics, ...]:
    """Return the parts that had points to reach for anybody."""
    tally = ClassTally(assignment)
    for each in submissions:
        tally.add(each)
    return tuple(each for each in tally.standing.parts if each.share is not None)


def submission(name: str, **shares: float) -> SubmissionReport:
    """Return a submission that reached these shares of parts with ten points each."""
    checks = tuple(
        CheckResult(
            f"{part}:1",
            part,
            Scope.HOMEWORK,
            Outcome.PASSED if share else Outcome.FAILED,
            10 * share,
            10.0,
            "",
        )
        for part, share in shares.items()
    )
    return SubmissionReport(
        name, "", sum(10 * each for each in shares.values()), 10.0 * len(shares), "A", 1.0, (), checks
    )


@given(st.lists(st.tuples(numbers, numbers), min_size=FEWEST))
def test_a_correlation_is_between_one_and_minus_one_and_symmetric(pairs) -> None:
    """Where there is one, swapping the sides changes nothing."""
    xs, ys = zip(*pairs, strict=True)
    found = correlation(xs, ys)
    assert found is None or -1.000001 <= found <= 1.000001
    assert found == pytest.approx(correlation(ys, xs), abs=1e-9)


def test_a_part_that_agrees_with_the_rest_tells_and_one_that_disagrees_is_negative(assignment) -> None:
    """The rest of a part is all others without it, so that a part does not agree with itself."""
    first, second, third = (part.id for part in assignment.parts[:3])
    able = [{first: 1, second: 1, third: 0}] * 5
    unable = [{first: 0, second: 0, third: 1}] * 5
    items = part_items(
        [submission(f"s{n}", **shares) for n, shares in enumerate([*able, *unable])], assignment
    )
    tells = {each.id: each.discrimination for each in items}
    assert tells[third] == pytest.approx(-1)
    assert tells[first] is None  # second and third cancel out: the rest is the same for all


def test_what_nobody_or_everybody_solves_tells_nothing(assignment) -> None:
    """A constant part has no correlation, and its mean says how hard it was."""
    first, second = (part.id for part in assignment.parts[:2])
    items = part_items([submission(f"s{n}", **{first: 1, second: n % 2}) for n in range(6)], assignment)
    assert (items[0].share, items[0].discrimination) == (1.0, None)
    assert items[1].share == pytest.approx(0.5)


def test_too_few_submissions_have_no_correlation(assignment) -> None:
    """Below the fewest a number would only look like one."""
    first, second = (part.id for part in assignment.parts[:2])
    few = [submission(f"s{n}", **{first: n % 2, second: n % 2}) for n in range(FEWEST - 1)]
    assert all(each.discrimination is None for each in part_items(few, assignment))


def test_parts_that_were_not_graded_are_left_out(report, assignment) -> None:
    """A part that no machine could grade is no item, and everything else is counted as the standings do."""
    items = part_items(report.submissions, assignment)
    assert all(each.graded == each.full + each.partial + each.none for each in items)
    assert [each.id for each in items] == [
        p.id for p in assignment.parts if p.id in {each.id for each in items}
    ]


def check(
    part: str, outcome: Outcome = Outcome.FAILED, scope: Scope = Scope.HOMEWORK, **texts: str
) -> CheckResult:
    """Return a check worth two points where it counts."""
    most = 2.0 if scope is Scope.HOMEWORK and not outcome.excused else 0.0
    return CheckResult(
        f"{part}:{outcome}", part, scope, outcome, most if outcome.earns else 0.0, most, "", **texts
    )


def with_checks(name: str, *checks: CheckResult) -> SubmissionReport:
    """Return a submission with these checks."""
    return SubmissionReport(name, "", 0.0, 2.0, "A", 1.0, (), checks)


def test_a_diagnosis_counts_students_once_and_names_all_parts() -> None:
    """Two failed checks of one student are one student; parts come in the order of first sight."""
    forgot = {"diagnosis": "The padding is forgotten."}
    found = diagnosed(
        [
            with_checks("ada", check("conv", **forgot), check("pool", **forgot)),
            with_checks("bob", check("conv", **forgot), check("norm", diagnosis="Axes are mixed up.")),
        ]
    )
    assert [(each.text, each.students, each.parts, each.checks, each.lost) for each in found] == [
        ("The padding is forgotten.", ("ada", "bob"), ("conv", "pool"), 3, 6.0),
        ("Axes are mixed up.", ("bob",), ("norm",), 1, 2.0),
    ]


def test_what_costs_nothing_is_no_mistake() -> None:
    """Advice, excused checks and passed ones are left out, whatever they say."""
    idea = {"diagnosis": "Some idea.", "message": "Some message."}
    kept = with_checks(
        "ada",
        check("conv", scope=Scope.BEYOND, **idea),
        check("conv", Outcome.NOT_GRADED, **idea),
        check("conv", Outcome.PASSED, **idea),
    )
    assert diagnosed([kept]) == unexplained([kept]) == ()


def test_failures_without_a_diagnosis_are_grouped_by_part_and_message() -> None:
    """What was not written or waits for another part explains itself; the rest is listed."""
    found = unexplained(
        [
            with_checks(
                "ada", check("conv", message="Off by a factor."), check("pool", Outcome.NOT_IMPLEMENTED)
            ),
            with_checks(
                "bob", check("conv", message="Off by a factor."), check("norm", message="Off by a factor.")
            ),
        ]
    )
    assert [(each.parts, each.students) for each in found] == [
        (("conv",), ("ada", "bob")),
        (("norm",), ("bob",)),
    ]
