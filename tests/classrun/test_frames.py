"""How far it is from a grading process's entry to an author's check: few enough steps to be read in one sitting."""

from __future__ import annotations

from benchmarks.counts import steps_to_a_check
from grader.classrun.work import Work

MOST = 9


def test_a_check_is_reached_in_few_steps(work: Work) -> None:
    """Nine functions of the engine at most stand between the process that was started and the check."""
    steps = steps_to_a_check(work)
    assert steps[0] == "serve"
    assert len(steps) <= MOST, steps
