"""Naming mistakes from all that is known of a submission: the checks it failed and those it passed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.bank import explain
from grader.bank.mistakes import Mistake, as_modules, load_mistakes
from grader.checking.plugin import CheckContext
from grader.checking.run import run_checks
from grader.checking.trusted import trusted_student
from grader.grading import Grader
from grader.sandbox import Isolation

SMALLER = "max_pool_forward_window_too_small"
OF_TWO = "max_pool_forward_windows_of_two"


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return the convolutional homework's grader."""
    return grader_in(Isolation.B)


@pytest.fixture(scope="module")
def bank(grader: Grader) -> dict[str, Mistake]:
    """Return the homework's mistakes by name."""
    return {each.name: each for each in load_mistakes(grader.assignment.folder)}


def said_of(grader: Grader, mistake: Mistake, known: Sequence[Mistake]) -> set[str]:
    """Run the checks of a mistake's parts on it, and return what is said when these mistakes are known."""
    student = trusted_student(as_modules(mistake, grader.modules))
    context = CheckContext(grader.assignment, student, grader.reference, b"seed", {})
    records = run_checks(context, lambda mark, _check_id: mark.part in mistake.parts)
    return set(explain(records, context, known, grader.modules).values())


def test_a_known_mistake_is_named(grader: Grader, bank: dict[str, Mistake]) -> None:
    """Each of two mistakes that answer alike where windows are 3 x 3 is told from the other."""
    for name in (SMALLER, OF_TWO):
        assert said_of(grader, bank[name], tuple(bank.values())) == {bank[name].sentence}


def test_passed_checks_rule_a_mistake_out(grader: Grader, bank: dict[str, Mistake]) -> None:
    """A mistake that answers alike in one check, but would have failed one that was passed, is not named."""
    assert said_of(grader, bank[OF_TWO], [bank[SMALLER]]) == set()
