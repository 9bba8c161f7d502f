"""Whose fault was it? A check that broke counts as the grader's fault only if the reference breaks it as well.

A grader's fault leaves the student's total. If an answer could break a check at will, a submission could have
the parts removed that it cannot solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import run_checks
from grader.results import Outcome


def confirm_faults(records: Sequence[CheckRecord], control: CheckContext) -> tuple[CheckRecord, ...]:
    """Run the checks that broke once more on the reference; where they do not break, the answer was to blame.

    They need not pass: what else a submission hands in, such as its weights, is in the context and may fail them.

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
    repeated = run_checks(control, lambda _mark, check_id: check_id in broken)
    sound = {each.id for each in repeated if not each.verdict.unexplained}
    return tuple(_unreadable(each) if each.id in sound else each for each in records)


def _unreadable(record: CheckRecord) -> CheckRecord:
    verdict = replace(
        record.verdict,
        outcome=Outcome.ERROR,
        message="The answer has a form that this check cannot read.",
        unexplained=False,
    )
    return replace(record, verdict=verdict)
