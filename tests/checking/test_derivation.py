"""Gradients must be derived: differences and trying are refused, each gradient by itself where that can be told."""

from __future__ import annotations

import numpy as np
import pytest

from grader.checking import Derivation, Effort, Failed, Student, Tampered, remark_unless_right, timed
from grader.checking.derivation import shortest_trial
from grader.sandbox import StudentError, WorkerOutOfMemory, WorkerTimeout

RIGHT = np.arange(1.0, 5.0)
QUICK = Effort(student=1e-4, entries=100)
ABSURD = Effort(student=1.0, entries=100, loops=1e-4)
LADDER = (1, 2, 4, 8, 16)


def derivation(large=None, effort=QUICK, more=RIGHT, few=(), sizes=(1, 4)) -> Derivation:
    """Return a derivation of `dx` and `dw` whose answers are `large` at large values and `more` at other sizes."""
    at_large = {"dx": (RIGHT, RIGHT), "dw": (RIGHT, RIGHT), **(large or {})}

    def at_size(size, _look):
        found = effort(size) if callable(effort) else effort
        return {"dx": (more, RIGHT), "dw": (RIGHT, RIGHT)}, found

    return Derivation(lambda: at_large, at_size, sizes=sizes, few=few)


def test_derived_gradients_pass() -> None:
    """What is right at large values and cheap is derived."""
    for name in ("dx", "dw"):
        derivation().demand(name)


def test_differences_are_refused_by_name() -> None:
    """A gradient that is wrong at large values is refused; another of the same function is not."""
    found = derivation({"dx": (np.zeros(4), RIGHT)}, effort=ABSURD)
    with pytest.raises(Tampered, match="dx is right for values around one"):
        found.demand("dx")
    found.demand("dw")


def test_differences_of_few_entries_explain_no_cost() -> None:
    """One gradient given away does not cover that the others were tried out."""
    found = derivation({"dw": (np.zeros(4), RIGHT)}, effort=ABSURD, few=("dw",))
    with pytest.raises(Tampered, match="as long as trying"):
        found.demand("dx")


def test_trying_is_refused_for_all() -> None:
    """An absurd cost counts for every gradient of the function."""
    found = derivation(effort=ABSURD)
    for name in ("dx", "dw"):
        with pytest.raises(Tampered, match=name):
            found.demand(name)


def test_a_second_look_is_at_other_inputs() -> None:
    """Who remembers the answer to an input is asked for another, and so takes as long again."""
    seen = set()

    def at_size(size, look):
        known = (size, look) in seen
        seen.add((size, look))
        return {"dx": (RIGHT, RIGHT)}, QUICK if known else ABSURD

    with pytest.raises(Tampered, match="as long as trying"):
        Derivation(dict, at_size, sizes=(1, 4)).demand("dx")


def test_a_gradient_near_the_right_one_is_not_refused() -> None:
    """What was judged near on small values, with the student's own forward pass, stays so."""
    derivation({"dx": (RIGHT * (1 + 1e-4), RIGHT)}, more=RIGHT * (1 + 1e-4)).demand("dx")


def test_a_gradient_wrong_on_another_size_fails() -> None:
    """Nobody is acquitted by answering larger inputs quickly and wrongly."""
    found = derivation(more=np.zeros(4))
    with pytest.raises(Failed, match="another size"):
        found.demand("dx")
    found.demand("dw")


def test_errors_on_larger_inputs_are_told_each_time() -> None:
    """What larger inputs end in is the end of every check that asks."""

    def broken(_size):
        raise StudentError("IndexError")

    found = derivation(effort=broken)
    for name in ("dx", "dw", "dx"):
        with pytest.raises(StudentError):
            found.demand(name)


LIMITS = (WorkerTimeout("no answer within 20 s"), WorkerOutOfMemory("all"), StudentError("MemoryError"))


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: type(limit).__name__)
@pytest.mark.parametrize("power", [1, 2])
def test_a_gradient_that_never_comes_was_tried_if_its_cost_grew(power: int, limit: Exception) -> None:
    """A limit counts as trying once the cost has grown faster than the work; before, it is what it is."""

    def slow(size):
        if size == LADDER[-1]:
            raise limit
        return Effort(student=0.1 * size**power, entries=size)

    with pytest.raises(Tampered if power > 1 else type(limit)):
        derivation(effort=slow, sizes=LADDER).demand("dx")


def test_a_gradient_that_hangs_at_once_is_late() -> None:
    """Nothing is known of the cost of what never ended."""

    def hangs(_size):
        raise WorkerTimeout("no answer within 20 s")

    for name in ("dx", "dw"):
        with pytest.raises(WorkerTimeout):
            derivation(effort=hangs).demand(name)


def test_the_shortest_trial_is_measured_here() -> None:
    """The least that trying costs is a few NumPy calls, on any machine."""
    assert 1e-7 < shortest_trial() < 1e-3


def test_timed_reads_the_clock_around_the_call() -> None:
    """The result comes with the time that the given clock ran."""
    readings = iter([1.0, 3.5])
    assert timed(lambda: next(readings), lambda: "done") == ("done", 2.5)


def test_what_differences_stumble_over_is_remarked_and_takes_no_points() -> None:
    """A gradient that is wrong there is a flag for staff; one that is right is none, nor one that fails."""
    student = Student(lambda _root: pytest.fail("nothing is to be run"), {})

    def fails():
        raise StudentError("ValueError", "", "", "")

    remark_unless_right(student, "layer", "in single precision", lambda: {"dx": (RIGHT, RIGHT)})
    remark_unless_right(student, "layer", "in single precision", fails)
    assert not student.remarks
    remark_unless_right(student, "layer", "in single precision", lambda: {"dx": (RIGHT * (1 + 1e-4), RIGHT)})
    (flag,) = student.remarks
    assert (flag.kind, "dx" in flag.message) == ("looks_numeric", True)
