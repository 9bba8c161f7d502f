"""Whether every right but unusual solution of the bank gets full marks, and no false advice either."""

from __future__ import annotations

from collections.abc import Sequence

from grader.validation.bank import Variant
from grader.validation.kill_matrix import catches
from grader.validation.trial import Bench, run_trials


def false_alarms(bench: Bench, variants: Sequence[Variant]) -> tuple[str, ...]:
    """Run the checks on every variant within their reach and return what they hold against it, a sentence each."""
    runs = run_trials(bench, variants)
    return tuple(
        f"variant {variant.name}: {record.id} ({record.mark.scope}) ends {record.verdict.outcome}. "
        f"{record.verdict.message} {record.verdict.staff_note.strip()}".strip()
        for variant, records in zip(variants, runs, strict=True)
        for record in records
        if catches(record.verdict.outcome) or record.verdict.unexplained
    )
