"""Checks that run a second time: on the released earlier layers, and on the reference.

`carry_forward` grades a part again with the released earlier layers in place of the student's own (error carried
forward). Forward and backward passes are put in as a pair, because the cache between them is their author's affair.

`confirm_faults` asks whose fault it was that a check broke. It counts as the grader's only if the reference breaks it
as well: a grader's fault leaves the student's total, and if an answer could break a check at will, a submission could
have the parts removed that it cannot solve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from grader.checking.run import CheckContext, CheckRecord, run_checks
from grader.course.assignment import CarriedForward
from grader.intake.submission import CARRIED
from grader.results import Outcome

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
    again = run_checks(replace(context, root=CARRIED), lambda _mark, check_id: check_id in failed)
    right = {each.id for each in again if each.verdict.outcome is Outcome.PASSED}
    counts = context.assignment.carried_forward is CarriedForward.SCORE
    return tuple(_carried(each, counts) if each.id in right else each for each in records)


def _carried(record: CheckRecord, counts: bool) -> CheckRecord:
    verdict = replace(record.verdict, carried=NOTE)
    return replace(record, verdict=replace(verdict, outcome=Outcome.PASSED) if counts else verdict)


def confirm_faults(records: Sequence[CheckRecord], control: CheckContext) -> tuple[CheckRecord, ...]:
    """Run the checks that broke once more on the reference; where they do not break, the answer was to blame.

    They need not pass: what else a submission hands in, such as its weights, is in the context and may fail them.
    Where only that can have broken a check, the part waits for a person: neither excused nor lost.

    Parameters
    ----------
    records
        What became of a submission's checks.
    control
        The same context with the reference in the student's place.
    """
    broken = {each.id for each in records if each.verdict.unexplained}
    if not broken:
        return tuple(records)
    sound = _sound(broken, control)
    # What a submission hands in beside its code is the control's, too, and could break a check at will.
    honest = replace(control, resources={**control.resources, "weights": None})
    doubtful = _sound(broken - sound, honest) if control.resources.get("weights") is not None else set[str]()
    return tuple(
        _unreadable(each) if each.id in sound else _doubtful(each) if each.id in doubtful else each
        for each in records
    )


def _sound(broken: Set[str], control: CheckContext) -> set[str]:
    """Return which of the checks do not break on the reference."""
    if not broken:
        return set()
    repeated = run_checks(control, lambda _mark, check_id: check_id in broken)
    return {each.id for each in repeated if not each.verdict.unexplained}


def _doubtful(record: CheckRecord) -> CheckRecord:
    verdict = replace(
        record.verdict,
        outcome=Outcome.INCONCLUSIVE,
        message="What was handed in broke this check, whatever the code does; a person will look at it.",
        unexplained=False,
        waits=True,
    )
    return replace(record, verdict=verdict)


def _unreadable(record: CheckRecord) -> CheckRecord:
    verdict = replace(
        record.verdict,
        outcome=Outcome.ERROR,
        message="The answer has a form that this check cannot read.",
        unexplained=False,
    )
    return replace(record, verdict=verdict)
