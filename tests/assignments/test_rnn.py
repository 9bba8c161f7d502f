"""The recurrent networks: a mistake in a step costs once, and gradients over time must be derived."""

from __future__ import annotations

import pytest

from grader.bank.entries import load_mistakes, load_variants
from grader.bank.rebuild import as_files
from grader.bank.samples import solution_modules
from grader.course.assignment import Assignment
from grader.grading import Grader
from grader.intake import prepare
from grader.results import Outcome, SubmissionReport
from grader.sandbox import Isolation

LAYERS = "recurrent/rnn_layers.py"
BY_TRYING = """


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, b = kept

    def tried(value):
        found = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            start = value[index]
            value[index] = start + 1e-5
            above = np.sum(dh * plain_forward(*kept)[0])
            value[index] = start - 1e-5
            found[index] = (above - np.sum(dh * plain_forward(*kept)[0])) / 2e-5
            value[index] = start
        return found

    return tuple(map(tried, kept))


plain_forward, kept = rnn_forward, []


def rnn_forward(x, h0, Wx, Wh, b):
    kept[:] = [each.copy() for each in (x, h0, Wx, Wh, b)]
    return plain_forward(x, h0, Wx, Wh, b)
"""


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return its grader."""
    return grader_in(Isolation.B, "rnn")


@pytest.fixture(scope="module")
def rnn(grader: Grader) -> Assignment:
    """Return the assignment."""
    return grader.assignment


def grade(grader: Grader, files: dict[str, bytes]) -> SubmissionReport:
    """Grade a submission made of these files."""
    return grader.grade_submission(prepare("someone", files, grader.assignment, grader.release))


def lost(report: SubmissionReport) -> set[str]:
    """Return what was judged in the parts that lost points."""
    return {each.part.partition(".")[0] for each in report.checks if each.points < each.max_points}


def test_a_slip_in_a_step_costs_once(grader: Grader, repository, rnn: Assignment) -> None:
    """What takes the steps is right given these, also where their cache has a form of its own and goes in pairs."""
    bank = {each.name: each for each in (*load_mistakes(rnn.folder), *load_variants(rnn.folder))}
    files = as_files(bank["lstm_one_matrix"], solution_modules(repository, rnn))
    files[LAYERS] = files[LAYERS].replace(b"gates, np.tanh(a[:, 3 * H :])", b"gates, np.sin(a[:, 3 * H :])")
    files[LAYERS] = files[LAYERS].replace(b"*= 1 - a[:, 3 * H :] ** 2", b"*= 1 - a[:, 3 * H :]")
    assert lost(grade(grader, files)) == {"lstm_step_forward", "lstm_step_backward"}


def test_gradients_by_trying_earn_nothing(grader: Grader, repository, rnn: Assignment) -> None:
    """Differences of the forward pass are right and no answer; of biases nobody can tell where they come from."""
    files = solution_modules(repository, rnn)
    files[LAYERS] += BY_TRYING.encode()
    checks = grade(grader, files).checks
    tried = {each.part for each in checks if each.outcome is Outcome.TAMPERED}
    assert tried == {f"rnn_backward.{name}" for name in ("dx", "dh0", "dWx", "dWh")}
