"""Diagnoses of a class, and what nothing explains."""

from __future__ import annotations

from grader.reporting.classreport.findings import diagnosed, unexplained
from grader.results import CheckResult, Outcome, Scope, SubmissionReport


def check(
    part: str, outcome: Outcome = Outcome.FAILED, scope: Scope = Scope.HOMEWORK, **texts: str
) -> CheckResult:
    """Return a check worth two points where it counts."""
    most = 2.0 if scope is Scope.HOMEWORK and not outcome.excused else 0.0
    return CheckResult(
        f"{part}:{outcome}", part, scope, outcome, most if outcome.earns else 0.0, most, "", **texts
    )


def submission(name: str, *checks: CheckResult) -> SubmissionReport:
    """Return a submission with these checks."""
    return SubmissionReport(name, "", 0.0, 2.0, "A", 1.0, (), checks)


def test_a_diagnosis_counts_students_once_and_names_all_parts() -> None:
    """Two failed checks of one student are one student; parts come in the order of first sight."""
    forgot = {"diagnosis": "The padding is forgotten."}
    found = diagnosed(
        [
            submission("ada", check("conv", **forgot), check("pool", **forgot)),
            submission("bob", check("conv", **forgot), check("norm", diagnosis="Axes are mixed up.")),
        ]
    )
    assert [(each.text, each.students, each.parts, each.checks, each.lost) for each in found] == [
        ("The padding is forgotten.", ("ada", "bob"), ("conv", "pool"), 3, 6.0),
        ("Axes are mixed up.", ("bob",), ("norm",), 1, 2.0),
    ]


def test_what_costs_nothing_is_no_mistake() -> None:
    """Advice, excused checks and passed ones are left out, whatever they say."""
    idea = {"diagnosis": "Some idea.", "message": "Some message."}
    kept = submission(
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
            submission(
                "ada", check("conv", message="Off by a factor."), check("pool", Outcome.NOT_IMPLEMENTED)
            ),
            submission(
                "bob", check("conv", message="Off by a factor."), check("norm", message="Off by a factor.")
            ),
        ]
    )
    assert [(each.parts, each.students) for each in found] == [
        (("conv",), ("ada", "bob")),
        (("norm",), ("bob",)),
    ]
