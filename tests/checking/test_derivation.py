"""Gradients must be derived: differences and trying are refused, each gradient by itself where that can be told."""

from __future__ import annotations

import numpy as np
import pytest

from grader.checking import Derivation, Effort, Failed, Tampered, timed
from grader.sandbox import StudentError, WorkerTimeout

RIGHT = np.arange(1.0, 5.0)
QUICK, ABSURD = Effort(1e-4, 1e-4, 100), Effort(1.0, 1e-4, 100)


def derivation(large=None, effort=QUICK, more=RIGHT, few=()) -> Derivation:
    """Return a derivation of `dx` and `dw` whose answers are `large` at large values and `more` at other sizes."""
    at_large = {"dx": (RIGHT, RIGHT), "dw": (RIGHT, RIGHT), **(large or {})}

    def at_size(size, _look):
        found = effort(size) if callable(effort) else effort
        return {"dx": (more, RIGHT), "dw": (RIGHT, RIGHT)}, found

    return Derivation(lambda: at_large, at_size, sizes=(1, 4), few=few)


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


@pytest.mark.parametrize(("hangs_at", "raised"), [(1, WorkerTimeout), (4, Tampered)])
def test_a_gradient_that_never_comes_was_tried(hangs_at: int, raised: type[Exception]) -> None:
    """A time-out counts as trying once a smaller size was quick, and as a time-out before."""

    def slow(size):
        if size == hangs_at:
            raise WorkerTimeout("no answer within 20 s")
        return Effort(0.2, 1e-4, 100)

    with pytest.raises(raised):
        derivation(effort=slow).demand("dx")


def test_timed_reads_the_clock_around_the_call() -> None:
    """The result comes with the time that the given clock ran."""
    readings = iter([1.0, 3.5])
    assert timed(lambda: next(readings), lambda: "done") == ("done", 2.5)
