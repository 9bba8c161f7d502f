"""Fill one assignment's column of a gradebook that Canvas exported, for its import.

The export's first columns name the student: ``Student, ID, SIS User ID, SIS Login ID, Section``; an
assignment's column is called ``Assignment 5 (123456)``. A row ``Points Possible`` stands above the students, and above
it there may be one about posting; both stay. Cells that say ``EX`` (excused) or ``N/A`` stay too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.intake.arrivals import Person
from grader.reporting.exports.gradebook_sheet import (
    Filling,
    Sheet,
    another_scale,
    assignment_column,
    filling,
    key_column,
    match_rows,
    number_in,
    points,
    without_score,
)
from grader.reporting.files import ReportError
from grader.reporting.text import shown_name
from grader.results import ClassReport

_ASSIGNMENT = re.compile(r"^(?P<title>.*\S)\s+\(\d+\)$", re.DOTALL)
_KEYS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID", "Email")
_POINTS_POSSIBLE = "points possible"
_TEST_STUDENT = "student, test"
_STAYS = frozenset({"EX", "N/A"})


def fill_canvas(
    report: ClassReport,
    students: Mapping[str, Person],
    sheet: Sheet,
    column: str | None = None,
    *,
    scale: bool = False,
) -> Filling:
    """Write each submission's score into its student's row.

    Parameters
    ----------
    students
        Submission id to whose it is.
    column
        The assignment's column, with or without the number behind it; not needed where there is only one.
    scale
        Write the share of the points possible instead of the points.

    Raises
    ------
    ReportError
        There is no such column, or several could be it.
    """
    at = _assignment_column(sheet, column)
    keys = [each for each in (sheet.column(name) for name in _KEYS) if each is not None]
    if not keys:
        raise ReportError(
            f"{sheet.name} has no column ID; export the gradebook from Canvas and use that file"
        )
    names = ["" if _is_nobody(row[0]) else row[0] for row in sheet.rows] if _has_names(sheet) else []
    matches = match_rows(report, students, [key_column(sheet, each) for each in keys], names)
    possible = _points_possible(sheet, at)
    stays = {row: sheet.rows[row][at] for row in matches.rows if sheet.rows[row][at].strip() in _STAYS}
    cells = {
        (row, at): points(submission, possible if scale else None)
        for row, submission in matches.rows.items()
        if row not in stays
    }
    notes = [
        *matches.notes,
        *(
            f"{shown_name(matches.rows[row].id)} is marked {text} in Canvas, which stays"
            for row, text in stays.items()
        ),
        *without_score(matches, _students(sheet, keys), "gradebook"),
        *(() if scale else another_scale("Canvas", possible, matches)),
    ]
    return filling(sheet, cells, matches, notes)


def _assignment_column(sheet: Sheet, wanted: str | None) -> int:
    titles = {
        number: found["title"]
        for number, name in enumerate(sheet.header)
        if (found := _ASSIGNMENT.match(name))
    }
    if not titles and wanted is None:
        raise ReportError(
            f"{sheet.name} has no column of an assignment, such as 'Assignment 5 (12345)'; export Canvas's gradebook "
            "again, or say with --column which column to fill"
        )
    return assignment_column(sheet, titles, wanted, others=True)


def _points_possible(sheet: Sheet, column: int) -> float | None:
    rows = (row for row in sheet.rows if row[0].strip().casefold() == _POINTS_POSSIBLE)
    return next((number_in(row[column]) for row in rows), None)


def _students(sheet: Sheet, keys: list[int]) -> dict[int, str]:
    """Return the rows that are somebody's, with what they are called."""
    return {
        number: row[0]
        for number, row in enumerate(sheet.rows)
        if any(row[key].strip() for key in keys) and not _is_nobody(row[0])
    }


def _has_names(sheet: Sheet) -> bool:
    """Say whether the first column holds names: whole ones, and not last names beside a column of first names."""
    return sheet.column("Student") == 0


def _is_nobody(name: str) -> bool:
    return name.strip().casefold() in {_POINTS_POSSIBLE, _TEST_STUDENT}
