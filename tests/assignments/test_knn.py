"""The nearest neighbours: loops are shown with their lines, speed is judged, and faults are carried forward."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.bank.entries import load_mistakes, load_variants
from grader.bank.samples import load_sample_class, make_submission
from grader.gate.gate import grade_files
from grader.grading import Grader
from grader.results import CheckResult, Outcome, SubmissionReport
from grader.sandbox import Isolation

Graded = Callable[[str], SubmissionReport]


@pytest.fixture(scope="module")
def graded(grader_in) -> Graded:
    """Return a function that grades a student of the sample class."""
    grader: Grader = grader_in(Isolation.B, "knn")
    assignment, course = grader.assignment, grader.repository
    bank = {
        each.name: each for each in (*load_mistakes(assignment.folder), *load_variants(assignment.folder))
    }
    students = {each.name: each for each in load_sample_class(assignment)}
    return lambda name: grade_files(grader, name, make_submission(course, assignment, students[name], bank))


def lost(report: SubmissionReport) -> dict[str, CheckResult]:
    """Return the checks in which points were lost."""
    return {each.id: each for each in report.checks if each.points < each.max_points}


def test_predictions_from_wrong_distances_keep_their_points(graded: Graded) -> None:
    """Manhattan distances cost their own parts; what is predicted from them is right given them."""
    report = graded("carl")
    assert {each.part for each in lost(report).values()} == {
        "compute_distances_no_loops",
        "compute_distances_no_loops.speed",
    }
    carried = [each for each in report.checks if each.part in {"predict", "cross_validate"}]
    assert all(each.outcome is Outcome.PASSED and each.points == each.max_points for each in carried)
    assert any("own compute_distances_no_loops gave" in each.diagnosis for each in carried)


def test_loops_are_shown_and_take_too_long(graded: Graded) -> None:
    """Right answers with loops lose what is asked of their form and of their speed, and nothing else."""
    checks = lost(graded("emmy"))
    assert {each.part for each in checks.values()} == {
        *("compute_distances_no_loops", "compute_distances_no_loops.speed"),
        *("svm_loss_vectorized.dW", "svm_loss_vectorized.speed"),
    }
    shown = checks["compute_distances_no_loops:written_without_loops"].message
    assert shown.count("a for loop at classify/neighbours.py:") == 2
    assert checks["svm_loss_vectorized.speed:speed[svm_loss_vectorized]"].message == (
        "It is not 5 times as fast as svm_loss_naive."
    )
