"""Error carried forward: grade a part again with the released earlier layers in place of the student's own.

Forward and backward passes are put in as a pair, because the cache between them is their author's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import run_checks
from grader.course.assignment import CarriedForward
from grader.results import Outcome

CARRIED_ROOT = "carried"

NOTE = (
    "With the released earlier layers in place of your own this comes out right: "
    "the fault is in one of your own earlier layers."
)

REPEATABLE = frozenset({Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED, Outcome.IMPORT_ERROR})
"""How a check ends that another module may have spoilt. What hung or broke out of its box is not run again."""


def carry_forward(
    records: Sequence[CheckRecord], context: CheckContext, prepare: Callable[[], None]
) -> tuple[CheckRecord, ...]:
    """Run failed checks of parts that build on earlier work once more, on the released earlier work.

    Where that passes, the note says so; the assignment decides whether it also counts.

    Parameters
    ----------
    prepare
        Fills the root in which they run; called when there are any.
    """
    parts = {part.id for part in context.assignment.parts if part.builds_on_earlier}
    failed = {each.id for each in records if each.mark.part in parts and each.verdict.outcome in REPEATABLE}
    if not failed:
        return tuple(records)
    prepare()
    again = run_checks(replace(context, root=CARRIED_ROOT), lambda _mark, check_id: check_id in failed)
    right = {each.id for each in again if each.verdict.outcome is Outcome.PASSED}
    counts = context.assignment.carried_forward is CarriedForward.SCORE
    return tuple(_carried(each, counts) if each.id in right else each for each in records)


def _carried(record: CheckRecord, counts: bool) -> CheckRecord:
    verdict = replace(record.verdict, carried=NOTE)
    return replace(record, verdict=replace(verdict, outcome=Outcome.PASSED) if counts else verdict)
