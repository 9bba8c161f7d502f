"""Fill a gradebook of Brightspace or Blackboard, whose columns say in their heads what they count to.

Brightspace's are called ``Assignment 5 Points Grade <Numeric MaxPoints:95>``, its ids begin with ``#``, and a last
column ends each line. Blackboard's are called ``Assignment 5 [Total Pts: 95 Score] |123456``, in UTF-16 with tabs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
from grader.results import ClassReport


@dataclass(frozen=True, slots=True)
class PointsColumns:
    """How a platform heads its gradebook.

    Attributes
    ----------
    head
        An assignment's column: its title, and what it counts to.
    keys
        The columns that name a student, best first.
    names
        Those that a student is called by.
    """

    title: str
    head: re.Pattern[str]
    keys: tuple[str, ...]
    names: tuple[str, str]

    def fill(
        self,
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
            The assignment's column, in full or its title; not needed where there is only one.
        scale
            Write the share of what the column counts to instead of the points.

        Raises
        ------
        ReportError
            There is no such column, or several could be it, or none names students.
        """
        at, most = self._column(sheet, column)
        known = [each for each in (sheet.column(name) for name in self.keys) if each is not None]
        if not known:
            raise ReportError(
                f"{sheet.name} has none of the columns {', '.join(self.keys)}; export it with user names"
            )
        keys = [_without_mark(key_column(sheet, each)) for each in known]
        matches = match_rows(report, students, keys, list(self._called(sheet).values()))
        cells = {(row, at): points(each, most if scale else None) for row, each in matches.rows.items()}
        notes = [
            *matches.notes,
            *without_score(matches, self._called(sheet), "gradebook"),
            *(() if scale else another_scale(self.title, most, matches)),
        ]
        return filling(sheet, cells, matches, notes)

    def _column(self, sheet: Sheet, wanted: str | None) -> tuple[int, float | None]:
        heads = {at: found for at, name in enumerate(sheet.header) if (found := self.head.match(name))}
        titles = {at: found["title"].strip() for at, found in heads.items()}
        at = assignment_column(sheet, titles, (wanted or "").strip() or None)
        return at, number_in(heads[at]["most"])

    def _called(self, sheet: Sheet) -> dict[int, str]:
        columns = [at for at in map(sheet.column, self.names) if at is not None]
        return {number: " ".join(row[at].strip() for at in columns) for number, row in enumerate(sheet.rows)}


def _without_mark(rows: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Return rows by a key, without the ``#`` that keeps a spreadsheet from taking an id for a number."""
    return {key.removeprefix("#"): found for key, found in rows.items()}


BRIGHTSPACE = PointsColumns(
    title="Brightspace",
    head=re.compile(r"^(?P<title>.+?) Points Grade <Numeric MaxPoints:(?P<most>[\d.,]+)", re.DOTALL),
    keys=("OrgDefinedId", "Username", "Email"),
    names=("First Name", "Last Name"),
)
BLACKBOARD = PointsColumns(
    title="Blackboard",
    head=re.compile(r"^(?P<title>.+?) \[Total Pts: (?P<most>[\d.,]+)[^\]]*\]", re.DOTALL),
    keys=("Username", "Student ID"),
    names=("First Name", "Last Name"),
)
