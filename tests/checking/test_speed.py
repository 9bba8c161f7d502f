"""An answer must be faster than another function: CPU time, ratios within one run, and only where it is right."""

from __future__ import annotations

import numpy as np
import pytest

from grader.checking import Blocked, Failed, Inconclusive, NotImplementedYet, Student, assert_faster
from grader.checking.speed import TimingPlan
from grader.checking.trusted import LocalWorker
from tests.checking.conftest import module_of

ANSWERS = """
import numpy as np

def by_loops(x):
    total = np.zeros(())
    for entry in x:
        total = total + entry
    return total

def vectorised(x):
    return x.sum()

def wrong(x):
    return 0.0

def stub(x):
    pass

def in_a_pair(x):
    return x.sum(), {"count": len(x)}

def loops_in_a_pair(x):
    return by_loops(x), {"count": len(x)}
"""


@pytest.fixture
def student() -> Student:
    """Return a submission with a slow and a fast function."""
    module = module_of(ANSWERS)
    names = [name for name, each in vars(module).items() if callable(each)]
    return Student(lambda _root: LocalWorker({"answers": module}), dict.fromkeys(names, "answers"))


def inputs(number: int) -> tuple[np.ndarray]:
    """Draw what a round is about."""
    return (np.random.default_rng(number + 100).normal(size=30_000),)


def test_a_faster_answer_passes_against_the_reference_and_the_student_s_own(student: Student) -> None:
    """What it is compared with may be trusted, or another function in the box."""
    assert_faster(student.vectorised, than=vars(module_of(ANSWERS))["by_loops"], times=5, inputs=inputs)
    assert_faster(student.vectorised, than=student.by_loops, times=5, inputs=inputs)
    assert_faster(student.in_a_pair, than=student.loops_in_a_pair, times=5, inputs=inputs)


def test_a_slow_answer_fails_by_name_and_staff_read_the_ratio(student: Student) -> None:
    """The student reads no number that differs from run to run."""
    with pytest.raises(Failed, match=r"^It is not 5 times as fast as by_loops\.$") as failure:
        assert_faster(student.by_loops, than=vars(module_of(ANSWERS))["by_loops"], times=5, inputs=inputs)
    assert "times the reference's time" in failure.value.staff_note


def test_too_close_to_tell_costs_nothing(student: Student) -> None:
    """As fast as the other one, where as fast is asked for, is where nobody can tell."""
    with pytest.raises(Inconclusive, match="this costs nothing"):
        assert_faster(student.by_loops, than=student.by_loops, times=1, inputs=inputs)


@pytest.mark.parametrize(("name", "ending"), [("wrong", Blocked), ("stub", NotImplementedYet)])
def test_speed_counts_once_the_answer_is_right(student: Student, name: str, ending: type[Exception]) -> None:
    """What is quick because it does nothing earns nothing, whatever it is compared with."""
    with pytest.raises(ending):
        assert_faster(getattr(student, name), than=student.by_loops, times=5, inputs=inputs)
    with pytest.raises(ending):
        assert_faster(getattr(student, name), than=student.stub, times=5, inputs=inputs, right=np.sum)


def test_every_round_meets_inputs_of_its_own(student: Student) -> None:
    """An answer that is remembered is of no use: each round is drawn once, for both sides."""
    rounds: list[int] = []

    def noting(number: int) -> tuple[np.ndarray]:
        rounds.append(number)
        return inputs(number)

    assert_faster(student.vectorised, than=student.by_loops, times=5, inputs=noting)
    assert rounds == sorted(set(rounds))
    assert len(rounds) == TimingPlan(allowed=0.2).first_rounds + 1
