"""Flags that are found out about a grading after it was finished."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from grader.gradebook.claims import now
from grader.gradebook.database import Gradebook
from grader.gradebook.insertion import in_chunks
from grader.gradebook.rows import flag_values
from grader.gradebook.schema import GradingRow
from grader.results import Flag


def add_flag(book: Gradebook, grading_id: int, flag: Flag) -> None:
    """Let staff see one thing more about a grading."""
    with book.writing() as session:
        grading = session.get_one(GradingRow, grading_id)
        grading.flags = [*grading.flags, *flag_values((flag,))]
        grading.finished_at = now()


def not_flagged(book: Gradebook, grading_ids: Iterable[int], kinds: Collection[str]) -> list[int]:
    """Return those gradings that came to a result and have no flag of these kinds."""
    found = []
    with book.reading() as session:
        for chunk in in_chunks(sorted(grading_ids)):
            rows = session.execute(
                select(GradingRow.id, GradingRow.flags).where(
                    GradingRow.id.in_(chunk), GradingRow.error == ""
                )
            )
            found += [id for id, flags in rows if not any(kind in kinds for kind, _ in flags)]
    return found
