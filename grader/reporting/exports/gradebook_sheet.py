"""A platform's gradebook as a CSV file: read, give each submission its row, and write back with nothing else changed.

A gradebook goes back to the platform it came from, so nothing in it is lost: formulas are neutralised when it is
written, and `restored` undoes that for every text. (`grades_csv.text_cell` is for tables that people read; it also
shortens.)
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.intake.arrivals import Person
from grader.reporting.files import ReportError, advice
from grader.reporting.grades_csv import is_formula_sign
from grader.reporting.text import counted, one_line, shown_name
from grader.results import ClassReport, SubmissionReport

_BOM = "\ufeff"
_LARGEST_CELL = 2**24
"""Moodle's worksheet can hold whole texts that students typed."""

_FORMULA = re.compile(r"(^|;)(?=[\s\"']*(.))", re.DOTALL)
_NEUTRALISED = re.compile(r"(^|;)'(?=[\s\"']*(.))", re.DOTALL)
_NUMBER = re.compile(r"^[+-]?\d*[.,]?\d+$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header, all cells text.

    Attributes
    ----------
    name
        What messages call it.
    delimiter, newline, bom
        How its cells and lines are separated, and whether it begins with a byte-order mark.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    newline: str = "\r\n"
    bom: bool = False

    def column(self, name: str) -> int | None:
        """Return where the column called `name` is, upper or lower case; None where there is none."""
        lower = [each.strip().casefold() for each in self.header]
        return lower.index(name.casefold()) if name.casefold() in lower else None

    def with_cells(self, cells: dict[tuple[int, int], str]) -> Sheet:
        """Return the sheet with the cells at (row, column) changed."""
        rows = tuple(
            tuple(cells.get((number, at), cell) for at, cell in enumerate(row))
            for number, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)

    def render(self, keys: frozenset[int] = frozenset()) -> str:
        """Return the file's text, formulas neutralised but in the columns `keys`, by which rows are found again."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow(self.header)
        for row in self.rows:
            writer.writerow([cell if at in keys else neutralised(cell) for at, cell in enumerate(row)])
        return (_BOM if self.bom else "") + stream.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file that a platform wrote, or one that was filled in here before.

    Raises
    ------
    ReportError
        It cannot be read, is not text in UTF-8, or has no header.
    """
    try:
        return parse_sheet(path.read_bytes().decode("utf-8"), str(path))
    except OSError as error:
        raise ReportError(f"cannot read {path}: {advice(error)}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{path} is not in UTF-8; download it again and do not open it before") from error


def parse_sheet(text: str, name: str) -> Sheet:
    """Read the text of a CSV file; see `read_sheet`."""
    bom, text = text.startswith(_BOM), text.removeprefix(_BOM)
    first = text.partition("\n")[0]
    if not first.strip():
        raise ReportError(f"{name} has no header; download it again")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ReportError(f"{name} is not CSV ({error}); download it again") from error
    padded = (row + [""] * (len(header) - len(row)) for row in rows if row)
    return Sheet(
        name=name,
        header=tuple(header),
        rows=tuple(tuple(map(restored, row[: len(header)])) for row in padded),
        delimiter=delimiter,
        newline="\r\n" if first.endswith("\r") else "\n",
        bom=bom,
    )


def neutralised(text: str) -> str:
    """Return `text` with an apostrophe wherever a spreadsheet might see a formula begin.

    That is at its start and, where cells are separated by semicolons, behind one. A number and a lone dash stay
    what they are.
    """
    if text == "-" or _NUMBER.match(text):
        return text
    return _FORMULA.sub(lambda match: f"{match[1]}'" if is_formula_sign(match[2]) else match[1], text)


def restored(text: str) -> str:
    """Return the text that `neutralised` was given."""
    return _NEUTRALISED.sub(lambda match: match[1] if is_formula_sign(match[2]) else match[0], text)


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
    students: Mapping[str, Person],
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
        name = shown_name(submission.id)
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
            several = ", ".join(f"{shown_name(each.id)} ({_score(each)})" for each in submissions)
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
    students: Mapping[str, Person],
    keys: Sequence[Mapping[str, Sequence[int]]],
) -> Sequence[int]:
    student = students.get(submission.id, Person(submission.id))
    values = (student.lms_id, student.email, student.id, submission.student, submission.id)
    for column in keys:
        for value in values:
            if value and value.casefold() in column:
                return column[value.casefold()]
    return ()
