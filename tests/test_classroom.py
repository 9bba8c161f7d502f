"""Grading a class in several processes: every submission gets a report, whatever happens to the processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.classroom import grade_class
from grader.grading import GradingPlan
from grader.intake import Candidate
from grader.results import SubmissionReport
from grader.sandbox import Isolation

PLAN = GradingPlan(Path(), "cnn", Isolation.NONE, "key")


def candidates(count: int) -> list[Candidate]:
    """Return candidates whose ids are numbers."""
    return [Candidate(str(number), Path(str(number))) for number in range(count)]


def grade_quickly(_plan: GradingPlan, candidate: Candidate) -> SubmissionReport:
    """Return a report without grading."""
    return SubmissionReport(candidate.id, "", 1.0, 1.0, "", 0.0)


def die_on_seven(plan: GradingPlan, candidate: Candidate) -> SubmissionReport:
    """End the process at one candidate, as the kernel does when memory runs out."""
    if candidate.id == "7":
        os._exit(1)
    return grade_quickly(plan, candidate)


@pytest.mark.parametrize("jobs", [1, 2])
def test_everyone_gets_one_report(jobs: int) -> None:
    """Each candidate is graded once, with one process or with two."""
    reports = list(grade_class(candidates(9), PLAN, jobs, grade_quickly))
    assert sorted(report.id for report in reports) == [str(number) for number in range(9)]


def test_a_submission_that_kills_its_process_is_set_aside() -> None:
    """What was in flight beside it is graded alone; the killer is tried once more, then named."""
    reports = {report.id: report for report in grade_class(candidates(12), PLAN, 2, die_on_seven)}
    assert sorted(reports) == sorted(str(number) for number in range(12))
    assert "died twice" in reports.pop("7").error
    assert not [report.error for report in reports.values() if report.error]
