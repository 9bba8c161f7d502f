"""Fill the grading worksheet that Moodle hands out for offline grading, for its upload.

Its rows are known by ``Identifier``, which says ``Participant 1234567``. Moodle takes a grade in only when
``Last modified (grade)`` is as it was, so that and all else stays as downloaded.

Moodle writes the header and the words in the language of whoever downloads. Behind the grade's column it always
writes the maximum and then whether the grade can be changed, so those two are known by their place.
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
    filling,
    key_column,
    match_rows,
    number_in,
    points,
    without_score,
)
from grader.reporting.files import ReportError
from grader.reporting.text import counted, shown_name
from grader.results import ClassReport

_PARTICIPANT = re.compile(r"(\d+)\s*$")
_MORE_KEYS = ("Email address", "Username", "ID number")

_YES = frozenset(
    [
        *(
            "yes",
            "ja",
            "oui",
            "sí",
            "sì",
            "si",
            "sim",
            "da",
            "tak",
            "ano",
            "áno",
            "igen",
            "evet",
            "kyllä",
            "jah",
            "jā",
        ),
        *("taip", "já", "bai", "òc", "ya", "oo", "ndiyo", "yebo", "bəli", "ha", "po", "là"),
        *("ναι", "да", "так", "тийм", "иә", "այո", "კი", "نعم", "بله", "ہاں", "כן"),  # noqa: RUF001
        *("हाँ", "হ্যাঁ", "ஆம்", "అవును", "ಹೌದು", "അതെ", "ใช่", "có", "はい", "是", "是的", "예", "네"),
    ]
)
"""What Moodle says in its languages where a grade can be changed. Any other word lets the row be as it is."""


_WORDS = 2
"""Yes and no: a column with more words is another one."""


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
        There is no such column, or none with maxima where a share is asked for.
    """
    at = sheet.column(column or "Grade")
    if at is None:
        columns = ", ".join(map(repr, sheet.header))
        raise ReportError(
            f"say with --column which column of {sheet.name} to fill; its columns are {columns}"
        )
    identifier, maxima = sheet.column("Identifier") or 0, _maxima(sheet, at)
    if scale and not maxima:
        raise ReportError(f"{sheet.name} says no maximum behind {sheet.header[at]!r}; leave out --scale")
    more = [each for each in (sheet.column(name) for name in _MORE_KEYS) if each is not None]
    keys = [_participants(sheet, identifier), *(key_column(sheet, each) for each in more)]
    names = _names(sheet, at)
    matches = match_rows(report, students, keys, names)
    locked = _locked(sheet, at, matches)
    cells = {
        (row, at): points(submission, maxima.get(row) if scale else None)
        for row, submission in matches.rows.items()
        if row not in locked
    }
    called = dict(enumerate(names or sheet.values(identifier)))
    notes = [
        *matches.notes,
        *(
            f"{shown_name(matches.rows[row].id)} has a grade that Moodle says cannot be changed ({word})"
            for row, word in locked.items()
        ),
        *without_score(matches, called, "worksheet"),
        *(() if scale else _beyond_maximum(maxima, matches)),
    ]
    return filling(sheet, cells, matches, notes)


def _participants(sheet: Sheet, column: int) -> dict[str, list[int]]:
    """Return the rows by the number that the identifier ends in, whatever the word before it."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for number, value in enumerate(sheet.values(column)):
        if (found := _PARTICIPANT.search(value)) is not None:
            rows[found[1]].append(number)
    return dict(rows)


def _names(sheet: Sheet, grade: int) -> list[str]:
    """Return what each row's student is called: the second column, unless it says much the same of everybody.

    In blind marking there are no names, and the second column is the status.
    """
    column = sheet.column("Full name") or 1
    if column >= grade:
        return []
    values = sheet.values(column)
    return values if 2 * len(set(values)) > len(values) and not any("@" in each for each in values) else []


def _maxima(sheet: Sheet, grade: int) -> dict[int, float]:
    """Return the maximum of each row, where the column of maxima is."""
    column = sheet.column("Maximum Grade") or grade + 1
    if column >= len(sheet.header):
        return {}
    numbers = {row: number_in(value) for row, value in enumerate(sheet.values(column))}
    return {row: number for row, number in numbers.items() if number is not None}


def _locked(sheet: Sheet, grade: int, matches: Matches) -> dict[int, str]:
    """Return the rows whose grade cannot be changed, with what Moodle says about it."""
    column = sheet.column("Grade can be changed") or grade + 2
    if column >= len(sheet.header):
        return {}
    said = sheet.values(column)
    if len(set(said)) > _WORDS or any(re.search(r"\d", word) or not re.search(r"\w", word) for word in said):
        return {}  # not that column: a time, say, or nothing
    return {row: said[row] for row in matches.rows if said[row].casefold() not in _YES}


def _beyond_maximum(maxima: Mapping[int, float], matches: Matches) -> list[str]:
    differ = sum(maxima.get(row, each.max_score) != each.max_score for row, each in matches.rows.items())
    if not differ:
        return []
    return [
        f"Moodle's maximum is another than could be reached here for {counted(differ, 'student')}; "
        "the points are written as they are (--scale writes the share)"
    ]
