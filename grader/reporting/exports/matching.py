"""Find each graded submission's row in a platform's gradebook; what is found twice or not at all is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.intake.arrivals import Student
from grader.reporting.exports.sheet import Sheet
from grader.reporting.text import counted, one_line
from grader.results import ClassReport, SubmissionReport

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Filling:
    """A gradebook with scores in it.

    Attributes
    ----------
    text
        The file.
    filled
        How many scores it got.
    notes
        Every submission that has no place in it, every place that stayed empty, and what else a person
        must know before the import.
    """

    text: str
    filled: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Row to submission, and what could not be settled."""

    rows: Mapping[int, SubmissionReport]
    notes: tuple[str, ...]


def match_rows(
    report: ClassReport,
    students: Mapping[str, Student],
    keys: Sequence[Mapping[str, Sequence[int]]],
) -> Matches:
    """Give each submission its row.

    Parameters
    ----------
    students
        Submission id to whose it is.
    keys
        For each column that names a student, best first: value in lower case to the rows that hold it.
    """
    rows: defaultdict[int, list[SubmissionReport]] = defaultdict(list)
    notes = []
    for submission in report.submissions:
        name = shown(submission.id)
        found = _rows_of(submission, students, keys)
        if submission.error:
            notes.append(f"{name} has no result and gets no score: {one_line(submission.error, 100)}")
        elif not found:
            notes.append(f"{name} ({_score(submission)}) is nobody in this gradebook")
        elif len(found) > 1:
            notes.append(
                f"{name} ({_score(submission)}) could be {counted(len(found), 'row')} and is in none"
            )
        else:
            rows[found[0]].append(submission)
    for submissions in rows.values():
        if len(submissions) > 1:
            several = ", ".join(f"{shown(each.id)} ({_score(each)})" for each in submissions)
            notes.append(f"one student has several results and gets none: {several}")
    alone = {row: submissions[0] for row, submissions in rows.items() if len(submissions) == 1}
    return Matches(alone, tuple(notes))


def key_column(sheet: Sheet, column: int | None) -> dict[str, list[int]]:
    """Return the rows by what their cell in `column` says, in lower case; empty without such a column."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    if column is not None:
        for number, row in enumerate(sheet.rows):
            rows[row[column].strip().casefold()].append(number)
    rows.pop("", None)
    return dict(rows)


def shown(name: str) -> str:
    """Return a name for a message."""
    return one_line(name, LONGEST_NAME) or "(no name)"


def points(submission: SubmissionReport, most: float | None) -> str:
    """Write a score with at most two decimals, as a share of `most` where that is given."""
    value = submission.score
    if most is not None and submission.max_score:
        value = most * submission.score / submission.max_score
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.2f}"  # noqa: PLR2004 - :g turns to exponents


def _score(submission: SubmissionReport) -> str:
    return f"{points(submission, None)} points"


def _rows_of(
    submission: SubmissionReport,
    students: Mapping[str, Student],
    keys: Sequence[Mapping[str, Sequence[int]]],
) -> Sequence[int]:
    student = students.get(submission.id, Student(submission.id))
    values = (student.lms_id, student.email, student.id, submission.student, submission.id)
    for column in keys:
        for value in values:
            if value and value.casefold() in column:
                return column[value.casefold()]
    return ()
