"""A platform's gradebook as a CSV file: read, give each submission its row, and fill cells with nothing else changed.

A gradebook goes back to the platform it came from, which takes over whatever differs. So the file is never written
anew: of its text the filled cells alone are replaced, and every other byte stays, whatever it is. A cell that a
spreadsheet would run as a formula stays too, and is told.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.people import name_words, same_name
from grader.intake.arrivals import Person
from grader.reporting.files import ReportError, advice
from grader.reporting.grades_csv import is_formula_sign
from grader.reporting.text import clean, counted, listed, one_line, shown_name
from grader.results import ClassReport, SubmissionReport

_BOM = "\ufeff"
_NUMBER = re.compile(r"^[+-]?\d*[.,]?\d+$")
_SHOWN_FORMULAS = 3
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header, all cells text, and the file that it was read from.

    Attributes
    ----------
    name
        What messages call it.
    rows
        As long as the header each: what is missing is empty, and what is too much is left out.
    text, encoding
        The whole file as it was decoded, byte-order mark and all, and how.
    places
        Where in `text` each cell of each row begins and ends.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: str
    encoding: str
    delimiter: str
    places: tuple[tuple[tuple[int, int], ...], ...]

    def column(self, name: str) -> int | None:
        """Return where the column called `name` is, upper or lower case; None where there is none."""
        lower = [each.strip().casefold() for each in self.header]
        return lower.index(name.casefold()) if name.casefold() in lower else None

    def values(self, column: int) -> list[str]:
        """Return what each row says in a column, without white space around it."""
        return [row[column].strip() for row in self.rows]

    def fill(self, cells: Mapping[tuple[int, int], str]) -> str:
        """Return the text with new words in the cells at (row, column), all of one column, and all else as it is."""
        pieces, at = [], 0
        for (row, column), new in sorted(cells.items()):
            places = self.places[row]
            start, end = places[column] if column < len(places) else (places[-1][1], places[-1][1])
            before = self.delimiter * (column - len(places) + 1)  # where the row ends before this column
            written = self._written(new, quoted=not before and self.text.startswith('"', start))
            pieces += [self.text[at:start], before + written]
            at = end
        return "".join((*pieces, self.text[at:]))

    def _written(self, words: str, *, quoted: bool) -> str:
        quoted = quoted or any(each in words for each in f'"{self.delimiter}\r\n')
        return '"' + words.replace('"', '""') + '"' if quoted else words

    def encode(self, text: str) -> bytes:
        """Return a text of this sheet as the file's bytes."""
        return text.encode(self.encoding, "surrogatepass")


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file that a platform wrote, in whichever encoding: what is not Unicode is taken byte for byte.

    Raises
    ------
    ReportError
        It cannot be read, or has no header.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"cannot read {path}: {advice(error)}") from error
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            try:
                return parse_sheet(data.decode(encoding, "surrogatepass"), str(path), encoding)
            except UnicodeDecodeError as error:
                raise ReportError(f"{path} ends within a letter; download it again") from error
    try:
        return parse_sheet(data.decode("utf-8"), str(path))
    except UnicodeDecodeError:
        return parse_sheet(data.decode("latin-1"), str(path), "latin-1")


def parse_sheet(text: str, name: str, encoding: str = "utf-8") -> Sheet:
    """Read the text of a CSV file; see `read_sheet`."""
    first = re.split(r"[\r\n]", text.removeprefix(_BOM), maxsplit=1)[0]
    if not first.strip():
        raise ReportError(f"{name} has no header; download it again")
    delimiter = max(",;\t", key=first.count)
    (header, _), *found = _rows(text, delimiter, name)
    rows = [(cells, places) for cells, places in found if cells != [""]]
    width = len(header)
    return Sheet(
        name=name,
        header=tuple(header),
        rows=tuple(tuple((cells + [""] * width)[:width]) for cells, _ in rows),
        text=text,
        encoding=encoding,
        delimiter=delimiter,
        places=tuple(tuple(places) for _, places in rows),
    )


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
    """Give each line of a table: its cells, and where in the text they stand."""
    cell = re.compile(rf'"(?P<quoted>(?:[^"]++|"")*+)"|(?P<plain>[^{delimiter}\r\n]*+)')
    cells: list[str] = []
    places: list[tuple[int, int]] = []
    at = len(_BOM) if text.startswith(_BOM) else 0
    while True:
        found = cell.match(text, at)
        if found is None or (found["quoted"] is None and text.startswith('"', at)):
            raise ReportError(f"{name} is not CSV (a quote is never closed); download it again")
        cells.append(found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"'))
        places.append(found.span())
        at = found.end()
        if text.startswith(delimiter, at):
            at += 1
            continue
        yield cells, places
        cells, places = [], []
        if at < len(text) and text[at] not in "\r\n":
            raise ReportError(f"{name} is not CSV (text stands behind a quote); download it again")
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= len(text):
            return


@dataclass(frozen=True, slots=True)
class Filling:
    """A gradebook with scores in it.

    Attributes
    ----------
    text, data
        The file, as text and in the encoding of the one that was filled.
    rows
        Each that got a score, with the submission whose that is.
    notes
        Every submission that has no place in it, every place that stayed empty, and what else a person
        must know before the import.
    """

    text: str
    data: bytes
    rows: Mapping[int, str]
    notes: tuple[str, ...]

    @property
    def filled(self) -> int:
        """How many scores it got."""
        return len(self.rows)


def filling(
    sheet: Sheet, cells: Mapping[tuple[int, int], str], matches: Matches, notes: Sequence[str]
) -> Filling:
    """Fill a sheet, and say beside the notes what in it a spreadsheet would run."""
    text = sheet.fill(cells)
    told = (" ".join(clean(note).split()) for note in (*notes, *_formulas(sheet, cells)))
    rows = {row: matches.rows[row].id for row, _ in cells}
    return Filling(text, sheet.encode(text), rows, tuple(told))


def _formulas(sheet: Sheet, cells: Mapping[tuple[int, int], str]) -> Iterator[str]:
    found = [
        f"{name or 'a column without a name'} of row {number + 2}"
        for number, row in enumerate(sheet.rows)
        for at, (name, cell) in enumerate(zip(sheet.header, row, strict=True))
        if (number, at) not in cells and _is_formula(cell)
    ]
    if found:
        places = one_line(listed(found, _SHOWN_FORMULAS), 200)
        yield (
            f"{counted(len(found), 'cell')} would run as a formula in a spreadsheet and stayed as written ({places}): "
            "upload the file without opening it in one"
        )


def _is_formula(text: str) -> bool:
    bare = text.strip()
    return is_formula_sign(bare[:1]) and len(bare) > 1 and not _NUMBER.match(bare)


@dataclass(frozen=True, slots=True)
class Matches:
    """Row to submission, and what could not be settled."""

    rows: Mapping[int, SubmissionReport]
    notes: tuple[str, ...]


def match_rows(
    report: ClassReport,
    students: Mapping[str, Person],
    keys: Sequence[Mapping[str, Sequence[int]]],
    names: Sequence[str] = (),
) -> Matches:
    """Give each submission its row.

    Parameters
    ----------
    students
        Submission id to whose it is.
    keys
        For each column that names a student, best first: value in lower case to the rows that hold it.
    names
        What each row says its student is called: whoever has another name gets nothing there, for the number may be
        that of a team. Empty where the rows' own word is enough.
    """
    rows: defaultdict[int, list[SubmissionReport]] = defaultdict(list)
    notes = []
    for submission in report.submissions:
        name, student = shown_name(submission.id), students.get(submission.id, Person(submission.id))
        found = _rows_of(submission, student, keys)
        if submission.error:
            notes.append(f"{name} has no result and gets no score: {one_line(submission.error, 100)}")
        elif not found:
            notes.append(f"{name} ({_score(submission)}) is nobody in this gradebook")
        elif len(found) > 1:
            notes.append(
                f"{name} ({_score(submission)}) could be {counted(len(found), 'row')} and is in none"
            )
        elif names and not may_be_called(student.name, names[found[0]]):
            notes.append(
                f"{name} ({_score(submission)}) has the number of {shown_name(names[found[0]])} and another name; "
                "the row stays as it is. A team's members are given their grades by hand"
            )
        else:
            rows[found[0]].append(submission)
    for submissions in rows.values():
        if len(submissions) > 1:
            several = ", ".join(f"{shown_name(each.id)} ({_score(each)})" for each in submissions)
            notes.append(f"one student has several results and gets none: {several}")
    alone = {row: submissions[0] for row, submissions in rows.items() if len(submissions) == 1}
    return Matches(alone, tuple(notes))


def may_be_called(one: str, other: str) -> bool:
    """Say whether two names may be one person's: of one of them nothing is known, or one holds the other's words.

    Order, accents, case and punctuation tell nothing; platforms change them in the names of files.
    """
    words, others = name_words(one), name_words(other)
    if not words or not others or same_name(one, other):
        return True
    shorter, longer = sorted((words, others), key=len)
    return set(shorter) <= set(longer) and (len(shorter) >= _LEAST_WORDS or shorter == longer)


def without_score(matches: Matches, called: Mapping[int, str], kind: str) -> list[str]:
    """Name who of a gradebook got no score; `called` are the rows that are somebody's, with what they are called."""
    left = [shown_name(name) for row, name in called.items() if row not in matches.rows]
    return [f"{counted(len(left), 'student')} of the {kind} got no score: {'; '.join(left)}"] if left else []


def key_column(sheet: Sheet, column: int | None) -> dict[str, list[int]]:
    """Return the rows by what their cell in `column` says, in lower case; empty without such a column."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    if column is not None:
        for number, value in enumerate(sheet.values(column)):
            rows[value.casefold()].append(number)
    rows.pop("", None)
    return dict(rows)


def assignment_column(
    sheet: Sheet, titles: Mapping[int, str], wanted: str | None, *, others: bool = False
) -> int:
    """Return the only column of an assignment, or the one that is wanted, called so in full or by its title.

    Parameters
    ----------
    titles
        Of the assignments, by where their columns are.
    others
        Whether a column that looks like none of an assignment may be wanted as well.

    Raises
    ------
    ReportError
        There is no such column, or several could be it.
    """
    if wanted is None:
        fitting = list(titles)
    else:
        lower = wanted.strip().casefold()
        fitting = [
            at
            for at, name in enumerate(sheet.header)
            if (others or at in titles) and lower in (name.strip().casefold(), titles.get(at, "").casefold())
        ]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(repr(sheet.header[at]) for at in titles) or "none"
    raise ReportError(f"say with --column which column of {sheet.name} to fill; its assignments are {names}")


def another_scale(platform: str, counts: float | None, matches: Matches) -> list[str]:
    """Say where a column counts to another maximum than could be reached here."""
    others = {each.max_score for each in matches.rows.values()} - {counts}
    if counts is None or not others:
        return []
    reachable = " or ".join(f"{each:g}" for each in sorted(others))
    return [
        f"{platform} counts {counts:g} points and {reachable} could be reached here; "
        "the points are written as they are (--scale writes the share)"
    ]


def number_in(text: str) -> float | None:
    """Return the number that a cell holds, with a decimal point or comma; None where it holds none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def points(submission: SubmissionReport, most: float | None) -> str:
    """Write a score with at most two decimals, as a share of `most` where that is given."""
    value = submission.score
    if most is not None and submission.max_score:
        value = most * submission.score / submission.max_score
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.2f}"  # noqa: PLR2004 - :g turns to exponents


def _score(submission: SubmissionReport) -> str:
    return f"{points(submission, None)} points"


def _rows_of(
    submission: SubmissionReport, student: Person, keys: Sequence[Mapping[str, Sequence[int]]]
) -> Sequence[int]:
    graded_as = () if student.member else (submission.student, submission.id)
    values = (student.lms_id, student.email, student.id, *graded_as)
    for column in keys:
        for value in values:
            if value and value.casefold() in column:
                return column[value.casefold()]
    return ()
