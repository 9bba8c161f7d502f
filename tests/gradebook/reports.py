"""Reports to put into a gradebook, and strategies that put anything at all into them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from grader.gradebook.schema import storable
from grader.results import (
    CheckResult,
    Flag,
    NotebookPage,
    Outcome,
    Scope,
    SubmissionReport,
)

from ..reporting.strategies import submissions

notebooks = st.lists(
    st.builds(NotebookPage, st.text(max_size=9), st.text(max_size=9), st.text(max_size=99)), max_size=2
).map(tuple)
anything = st.builds(lambda report, pages: replace(report, notebooks=pages), submissions, notebooks)


def check(part: str, points: float, most: float, **changed: object) -> CheckResult:
    """Return the verdict of a part's only check."""
    outcome = Outcome.PASSED if points else Outcome.FAILED
    return replace(
        CheckResult(f"test_{part}", part, Scope.HOMEWORK, outcome, points, most, "It works."), **changed
    )


def report(sha256: str, *, forward: float = 12.0, pool: float = 8.0) -> SubmissionReport:
    """Return a report with two parts graded."""
    checks = check("conv_forward_naive", forward, 12.0), check("max_pool_forward_naive", pool, 8.0)
    return SubmissionReport(
        sha256, sha256, forward + pool, 20.0, "B", 0.5, (Flag("noticed", "something"),), checks
    )


def as_stored(given: SubmissionReport) -> SubmissionReport:
    """Return a report as any database keeps it: what no text of a database takes is written out."""
    checks = tuple(
        replace(
            each,
            **{
                name: storable(getattr(each, name))
                for name in ("id", "part", "title", "message", "diagnosis", "staff_note", "inputs")
            },
        )
        for each in given.checks
    )
    return replace(
        given,
        isolation=storable(given.isolation),
        error=storable(given.error),
        checks=checks,
        code=tuple(replace(each, name=storable(each.name)) for each in given.code),
        notebooks=tuple(
            NotebookPage(storable(each.name), storable(each.summary), each.html) for each in given.notebooks
        ),
    )
