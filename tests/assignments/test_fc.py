"""The fully connected networks assignment: graded like the other, and what its answers are to that one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.bank.entries import load_mistakes, load_variants
from grader.bank.rebuild import as_files
from grader.bank.samples import load_sample_class, solution_modules, starter_modules, to_layout
from grader.checking.reruns import NOTE
from grader.course.assignment import Assignment
from grader.gate.kill_matrix import Bench, kill_matrix
from grader.grading import Grader
from grader.intake import prepare
from grader.results import Outcome, Scope, SubmissionReport
from grader.sandbox import Isolation

Make = Callable[[str], dict[str, bytes]]


@pytest.fixture(scope="module")
def fc(repository) -> Assignment:
    """Return the assignment."""
    return repository.load("fc")


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return its grader."""
    return grader_in(Isolation.B, "fc")


@pytest.fixture(scope="module")
def bench(grader: Grader) -> Bench:
    """Return what trials in this process need."""
    return Bench(grader.assignment, grader.reference, grader.modules)


@pytest.fixture(scope="module")
def spoilt(repository, fc: Assignment) -> Make:
    """Make the solution's files with a named entry of the bank built in."""
    bank = {each.name: each for each in (*load_mistakes(fc.folder), *load_variants(fc.folder))}
    return lambda name: as_files(bank[name], solution_modules(repository, fc))


def grade(grader: Grader, files: dict[str, bytes]) -> SubmissionReport:
    """Grade a submission made of these files."""
    return grader.grade_submission(prepare("someone", files, grader.assignment, grader.release))


def lost(report: SubmissionReport) -> set[str]:
    """Return the parts in which points were lost."""
    return {each.part for each in report.checks if each.points < each.max_points}


@pytest.mark.parametrize("layout", ["nndl", "utils", "cs231n"])
def test_the_solution_gets_every_point(grader: Grader, repository, fc: Assignment, layout: str) -> None:
    """The solution scores full marks in every layout, though one file then holds answers and given code."""
    place = next(each for each in fc.layouts if each.name == layout)
    report = grade(grader, to_layout(solution_modules(repository, fc), fc, place))
    assert (report.score, report.max_score, lost(report)) == (100, 100, set())


def test_the_stubs_get_nothing(grader: Grader, repository, fc: Assignment) -> None:
    """What is handed out scores zero, told apart from wrong answers."""
    report = grade(grader, starter_modules(repository, fc))
    assert report.score == 0
    outcomes = {check.outcome for check in report.checks if check.scope is Scope.HOMEWORK}
    assert outcomes <= {Outcome.NOT_IMPLEMENTED, Outcome.BLOCKED}


def test_a_mistake_is_named(grader: Grader, spoilt: Make) -> None:
    """An average for a sum in the biases' gradient is recognised, also in the networks that it comes back in."""
    report = grade(grader, spoilt("affine_db_averaged"))
    assert lost(report) == {
        "affine_backward.db",
        "TwoLayerNet.grads",
        "FullyConnectedNet.grads",
        "FullyConnectedNet.dropout",
    }
    (said,) = {each.diagnosis for each in report.checks if each.part == "affine_backward.db"}
    assert "average over the batch" in said


def test_large_scores_cost_a_softmax_that_overflows(grader: Grader, spoilt: Make) -> None:
    """Scores of order one earn their share, scores around a thousand do not."""
    report = grade(grader, spoilt("softmax_overflows"))
    failed = {each.id.partition(":")[2] for each in report.checks if each.points < each.max_points}
    assert failed == {
        f"softmax_{what}[{scores}]" for what in ("loss", "gradient") for scores in ("large", "low")
    }


def test_either_convention_of_dropout_is_right(grader: Grader, spoilt: Make) -> None:
    """Who takes p for the probability to drop, and is consistent about it, gets every point."""
    assert grade(grader, spoilt("dropout_p_is_what_is_dropped")).score == 100


def test_mistakes_are_caught_where_they_belong(bench: Bench) -> None:
    """A mistake of each kind is caught by its parts and by no other. The gate runs them all."""
    names = {
        "adam_not_corrected",
        "network_gradient_past_dropout",
        "batchnorm_without_eps",
        "svm_without_margin",
    }
    chosen = [each for each in load_mistakes(bench.assignment.folder) if each.name in names]
    problems = kill_matrix(bench, chosen).problems
    assert [text for text in problems if text.startswith("mistake")] == []


@pytest.mark.parametrize("name", ["network_in_single_layers", "momentum_in_place", "file_without_markers"])
def test_unusual_answers_get_every_point(grader: Grader, spoilt: Make, name: str) -> None:
    """Right answers in another form get full marks, and no advice either. The gate grades them all."""
    report = grade(grader, spoilt(name))
    assert report.score == 100
    assert {each.outcome for each in report.checks} == {Outcome.PASSED}


def test_there_are_enough_of_both(fc: Assignment) -> None:
    """The bank holds at least 45 mistakes and 20 variants, and the sample class uses entries that exist."""
    mistakes, variants = load_mistakes(fc.folder), load_variants(fc.folder)
    assert len(mistakes) >= 45 and len(variants) >= 20
    used = {name for student in load_sample_class(fc) for name in student.entries}
    assert used <= {each.name for each in (*mistakes, *variants)}


def test_its_answers_are_the_next_homeworks_earlier_work(
    grader_in, repository, cnn: Assignment, spoilt: Make
) -> None:
    """A student's answers of this assignment, banners and all, run in the next one; a fault in them is told apart."""
    convolutional = grader_in(Isolation.B)
    answers = solution_modules(repository, cnn)
    own = {path: text for path, text in spoilt("affine_by_einsum").items() if path in cnn.release.earlier}
    assert b"YOUR CODE HERE" in own["nndl/layers.py"]
    assert lost(grade(convolutional, {**answers, **own})) == set()
    faulty = {path: text for path, text in spoilt("affine_dw_averaged").items() if path in own}
    report = grade(convolutional, {**answers, **faulty})
    assert lost(report) == {"ThreeLayerConvNet.grads"}
    said = [
        each.diagnosis for each in report.checks if each.part == "ThreeLayerConvNet.grads" and each.diagnosis
    ]
    assert any(NOTE in text for text in said)
