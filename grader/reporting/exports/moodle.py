"""Fill the grading worksheet that Moodle hands out for offline grading, for its upload.

Its rows are known by ``Identifier``, which says ``Participant 1234567``. Moodle takes a grade in only when
``Last modified (grade)`` is as it was, so that and all else stays as downloaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from grader.intake.arrivals import Person
from grader.reporting.exports.gradebook_sheet import (
    Filling,
    Matches,
    Sheet,
    key_column,
    match_rows,
    points,
)
from grader.reporting.files import ReportError
from grader.reporting.text import counted, shown_name
from grader.results import ClassReport

_NUMBER = re.compile(r"(\d+)\s*$")
_MORE_KEYS = ("Email address", "Username", "ID number")


def fill_moodle(
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
        What the column ``Grade`` is called where Moodle speaks another language.
    scale
        Write the share of ``Maximum Grade`` instead of the points.

    Raises
    ------
    ReportError
        There is no such column.
    """
    at = sheet.column(column or "Grade")
    if at is None:
        names = ", ".join(map(repr, sheet.header))
        raise ReportError(f"say with --column which column of {sheet.name} to fill; its columns are {names}")
    identifier = sheet.column("Identifier") or 0
    more = [each for each in (sheet.column(name) for name in _MORE_KEYS) if each is not None]
    keys = [_participants(sheet, identifier), *(key_column(sheet, each) for each in more)]
    matches = match_rows(report, students, keys)
    locked = _locked(sheet, matches)
    cells = {
        (row, at): points(submission, _maximum(sheet, row) if scale else None)
        for row, submission in matches.rows.items()
        if row not in locked
    }
    notes = [
        *matches.notes,
        *(
            f"{shown_name(matches.rows[row].id)} has a grade that Moodle says cannot be changed"
            for row in locked
        ),
        *_without_score(sheet, matches, identifier),
        *_beyond_maximum(sheet, matches, scale=scale),
    ]
    return Filling(sheet.with_cells(cells).render(frozenset({identifier})), len(cells), tuple(notes))


def _participants(sheet: Sheet, column: int) -> dict[str, list[int]]:
    """Return the rows by the number that the identifier ends in, whatever the word before it."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(sheet.rows):
        found = _NUMBER.search(row[column])
        if found is not None:
            rows[found[1]].append(number)
    return dict(rows)


def _locked(sheet: Sheet, matches: Matches) -> frozenset[int]:
    column = sheet.column("Grade can be changed")
    if column is None:
        return frozenset()
    return frozenset(row for row in matches.rows if sheet.rows[row][column].strip().casefold() == "no")


def _maximum(sheet: Sheet, row: int) -> float | None:
    column = sheet.column("Maximum Grade")
    try:
        return None if column is None else float(sheet.rows[row][column].replace(",", "."))
    except ValueError:
        return None


def _without_score(sheet: Sheet, matches: Matches, identifier: int) -> list[str]:
    name = sheet.column("Full name")
    left = [
        shown_name(row[identifier if name is None else name])
        for number, row in enumerate(sheet.rows)
        if number not in matches.rows
    ]
    return (
        [f"{counted(len(left), 'student')} of the worksheet got no score: {'; '.join(left)}"] if left else []
    )


def _beyond_maximum(sheet: Sheet, matches: Matches, *, scale: bool) -> list[str]:
    if scale:
        return []
    differ = sum(_maximum(sheet, row) not in (None, each.max_score) for row, each in matches.rows.items())
    if not differ:
        return []
    return [
        f"Moodle's maximum is another than could be reached here for {counted(differ, 'student')}; "
        "the points are written as they are (--scale writes the share)"
    ]
