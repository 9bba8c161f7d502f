"""grades.csv: one row per submission, safe to open in a spreadsheet.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula, some of them also after
white space and in the full-width forms. Such text gets an apostrophe in front, which spreadsheets take as
"this is text". Where the locale separates by semicolons, a semicolon inside a text starts a new cell, so a
formula sign behind one gets an apostrophe too. Every text is quoted and on one line; numbers are our own.

A submission without a result has an empty score, not 0: only a person decides what it is worth. A part that
was not graded, or waits for a person, is empty too. The parts' columns and ``whole``, less ``late_penalty``,
add up to the score.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from grader.course.assignment import Assignment
from grader.reporting.standing import part_standings, percent
from grader.reporting.text import clean_class, one_line
from grader.results import WHOLE, ClassReport, SubmissionReport

if TYPE_CHECKING:
    from grader.intake.arrivals import Person

_FORMULA_STARTS = ("=", "+", "-", "@")
_AFTER_SEMICOLON = re.compile(r';(?=[\s"]*(.))')
_LONGEST_CELL = 500
_PERCENT_DIGITS = 2

_BESIDE_PARTS = ("whole", "late_penalty", "waiting")
"""What the score holds beside the parts, so that a row adds up, and the points that still wait for a person."""

_Cell = str | float | int


def render_csv(
    report: ClassReport, assignment: Assignment, students: Mapping[str, Person] | None = None
) -> str:
    """Return grades.csv: id, score, max_score, percent, a column per part, flags, error, isolation, member.

    Parameters
    ----------
    students
        Submission id to whose it is; adds the columns ``student``, ``name``, ``email`` and ``lms_id`` behind the id.
    """
    file = io.StringIO()
    table = CsvTable(file, assignment, with_students=students is not None)
    for cleaned, original in zip(clean_class(report).submissions, report.submissions, strict=True):
        table.add(cleaned, (students or {}).get(original.id))
    return file.getvalue()


class CsvTable:
    """Writes grades.csv row by row."""

    def __init__(self, file: TextIO, assignment: Assignment, *, with_students: bool = False) -> None:
        self._assignment = assignment
        self._parts = [part.id for part in assignment.parts]
        self._students = ["student", "name", "email", "lms_id"] if with_students else []
        self._writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        columns = ["id", *self._students, "score", "max_score", "percent", *self._parts]
        self._writer.writerow([*columns, *_BESIDE_PARTS, "flags", "error", "isolation", "member"])

    def add(self, submission: SubmissionReport, student: Person | None = None) -> None:
        """Write the row of one cleaned submission; `student` is whose it is, where the table says that."""
        who: list[_Cell] = []
        if self._students and student is None:
            who = [text_cell(submission.student or submission.id), "", "", ""]
        elif self._students and student is not None:
            who = [text_cell(each) for each in (student.id, student.name, student.email, student.lms_id)]
        row = _row(submission, self._parts, self._assignment)
        self._writer.writerow([text_cell(submission.id), *who, *row])


def text_cell(text: str) -> str:
    """Return `text` on one line, with an apostrophe in front where a spreadsheet would see a formula."""
    flat = _AFTER_SEMICOLON.sub(_defused, one_line(text, _LONGEST_CELL))
    return f"'{flat}" if is_formula_sign(flat[:1]) else flat


def is_formula_sign(character: str) -> bool:
    """Say whether spreadsheets begin a formula with `character`, its full-width forms included."""
    return unicodedata.normalize("NFKC", character).startswith(_FORMULA_STARTS)


def _defused(match: re.Match[str]) -> str:
    return ";'" if is_formula_sign(match[1]) else ";"


def _row(submission: SubmissionReport, parts: list[str], assignment: Assignment) -> list[_Cell]:
    share = percent(submission)
    points = {
        standing.id: standing.points for standing in part_standings(submission, assignment) if standing.judged
    }
    flags = " | ".join(f"{flag.kind}: {flag.message}" for flag in submission.flags)
    return [
        "" if submission.error else submission.score,
        submission.max_score,
        "" if share is None else round(share, _PERCENT_DIGITS),
        *(points.get(part, "") for part in parts),
        sum(each.points for each in submission.adjustments if each.part == WHOLE),
        submission.penalty,
        sum(each.points for each in submission.waiting),
        text_cell(flags),
        text_cell(submission.error),
        text_cell(submission.isolation),
        text_cell(submission.member),
    ]
