"""Checks that run a second time: with the faults of earlier work taken out, and on the reference.

`carry_forward` grades a part again with the released earlier layers in place of the student's own (error carried
forward). Forward and backward passes are put in as a pair, because the cache between them is their author's affair.
Functions of the same assignment are not released, and the box must not hold their solution: there it is the reference
that gets the student's own in place of its own, and the part is right if it is right given what these answer.

`confirm_faults` asks whose fault it was that a check broke. It counts as the grader's only if the reference breaks it
as well: a grader's fault leaves the student's total, and if an answer could break a check at will, a submission could
have the parts removed that it cannot solve.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checking.expectations import as_array
from grader.checking.run import CheckContext, CheckRecord, run_checks
from grader.checking.same import whole
from grader.checking.student import Student
from grader.course.assignment import CarriedForward
from grader.intake.submission import CARRIED
from grader.results import Outcome
from grader.sandbox import NotTransportable

NOTE = (
    "With the solution's layers of the earlier assignment, this comes out right: so the fault is in the layers that "
    "were handed in from that assignment."
)

GIVEN = "With the values that the submission's own {functions} gave, this is right: the fault is there."

REPEATABLE = frozenset({Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED, Outcome.IMPORT_ERROR})
"""How a check ends that another module may have spoilt. What hung or broke out of its box is not run again."""

Follow = Callable[[Mapping[str, Callable[..., object]]], Any]
"""Makes a reference that uses other functions in place of its own of these names."""


def carry_forward(
    records: Sequence[CheckRecord], context: CheckContext, prepare: Callable[[], None], follow: Follow
) -> tuple[CheckRecord, ...]:
    """Run failed checks of parts that build on earlier work once more, without the faults of that.

    Where that passes, the note says so; the assignment decides whether it also counts.

    Parameters
    ----------
    prepare
        Fills the root with the released earlier work; called when there are any that run in it.
    follow
        Makes the reference that is asked about parts that build on functions of this assignment.
    """
    records = _on_released_work(records, context, prepare)
    for functions in dict.fromkeys(each.builds_on for each in context.assignment.parts if each.builds_on):
        records = _given_own(functions, records, context, follow)
    return tuple(records)


def _given_own(
    functions: Sequence[str], records: Sequence[CheckRecord], context: CheckContext, follow: Follow
) -> Sequence[CheckRecord]:
    """Carry forward what is right given what the submission's own functions of this assignment answer."""
    parts, failed = {each.id: each for each in context.assignment.parts}, Outcome.FAILED
    wrong = {parts[each.mark.part].symbol for each in records if each.verdict.outcome is failed}
    wanted = {
        each.id
        for each in records
        if parts[each.mark.part].builds_on == functions
        and each.verdict.outcome in REPEATABLE
        and not each.verdict.carried
    }
    at_fault = [name for name in functions if name in wrong]
    if not (wanted and at_fault):
        return records
    answers = _OwnAnswers(context.student)
    # All of them: a backward pass goes with the forward pass whose cache it takes, wherever the fault is.
    reference = follow({name: answers.of(name) for name in functions})
    again = run_checks(replace(context, reference=reference), lambda _mark, check_id: check_id in wanted)
    if not answers.tell_anything:
        return records
    right = {each.id for each in again if each.verdict.outcome is Outcome.PASSED}
    counts = context.assignment.carried_forward is CarriedForward.SCORE
    note = GIVEN.format(functions=" and ".join(at_fault))
    return [_carried(each, counts, note) if each.id in right else each for each in records]


class _OwnAnswers:
    """What functions of the submission answer to a reference that uses them."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self._answers: dict[str, list[np.ndarray]] = defaultdict(list)

    def of(self, name: str) -> Callable[..., object]:
        """Return the submission's function as the reference may call it."""

        def answer(*args: object, **kwargs: object) -> object:
            value = getattr(self._student, name)(*args, **kwargs)
            found = tuple(map(_crossed, value)) if isinstance(value, tuple) else whole(value)
            numbers = map(_numbers, found if isinstance(found, tuple) else (found,))
            # What is none, such as a cache, is for its author's other functions alone.
            self._answers[name] += [each for each in numbers if each is not None] or [np.empty(0)]
            return found

        return answer

    @property
    def tell_anything(self) -> bool:
        """Whether they are numbers that depend on something: given zeros, anything that ignores them is right."""
        every = [each for answers in self._answers.values() for each in answers]
        if not every or not all(each.size for each in every):
            return False
        several = [each for each in every if each.size > 1]
        pooled = [np.concatenate([*map(np.ravel, answers)]) for answers in self._answers.values()]
        return all(np.isfinite(each).all() and np.unique(each).size > 1 for each in (*several, *pooled))


def _crossed(value: object) -> object:
    """Bring a result out of the box if it can come; what cannot goes back in as it is."""
    try:
        return whole(value)
    except NotTransportable:
        return value


def _numbers(result: object) -> np.ndarray | None:
    found = as_array(result)
    return np.asarray(found) if isinstance(found, np.ndarray | np.generic | int | float) else None


def _on_released_work(
    records: Sequence[CheckRecord], context: CheckContext, prepare: Callable[[], None]
) -> Sequence[CheckRecord]:
    """Carry forward what is right with the released work of an earlier assignment in place of the submission's."""
    parts = {part.id for part in context.assignment.parts if part.builds_on_earlier}
    failed = {each.id for each in records if each.mark.part in parts and each.verdict.outcome in REPEATABLE}
    if not failed:
        return records
    prepare()
    again = run_checks(replace(context, root=CARRIED), lambda _mark, check_id: check_id in failed)
    right = {each.id for each in again if each.verdict.outcome is Outcome.PASSED}
    counts = context.assignment.carried_forward is CarriedForward.SCORE
    return [_carried(each, counts, NOTE) if each.id in right else each for each in records]


def _carried(record: CheckRecord, counts: bool, note: str) -> CheckRecord:
    verdict = replace(record.verdict, carried=note)
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
