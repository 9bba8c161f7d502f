"""Gradebooks that platforms export, and the list of a course's people."""

from __future__ import annotations

import tempfile
from pathlib import Path

from grader.course.people import PEOPLE_FILE, PeopleError, load_people
from grader.intake.arrivals import Person
from grader.intake.names import has_control_characters
from grader.reporting.exports import fill_canvas, fill_moodle
from grader.reporting.exports.gradebook_sheet import Sheet, parse_sheet, read_sheet
from grader.reporting.files import ReportError
from grader.results import ClassReport, SubmissionReport

WORDS = (
    *(
        b"Student",
        b"ID",
        b"SIS User ID",
        b"SIS Login ID",
        b"Section",
        b"Homework 5 (7002)",
        b"Points Possible",
        b"EX",
    ),
    *(
        b"Identifier",
        b"Full name",
        b"Participant 1234567",
        b"Grade",
        b"Maximum Grade",
        b"Grade can be changed",
        b"Yes",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b'"',
        b'""',
        b"\r\n",
        b"\r",
        b";",
        b"\t",
        b"1e400",
        b"nan",
        b"=1+1",
        b"id,",
    ),
)
_CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 5 (7002)\r\n    Points Possible,,,,,100.00\r\n"
    '"Lovelace, Ada",1,9001,ada@example.edu,Section 1,\r\n"Gauß, Carl",2,9003,carl@example.edu,,EX\r\n'
).encode()
_MOODLE = (
    b"Identifier,Full name,Email address,Grade,Maximum Grade,Grade can be changed\n"
    b"Participant 1,Ada Lovelace,ada@example.edu,,50.00,Yes\nParticipant 2,Ben,b@example.edu,3.00,50.00,No\n"
)
_STUDENTS = {
    "a": Person("a", "Ada Lovelace", "ada@example.edu", "1"),
    "b": Person("b", "Ben", "b@example.edu", "2"),
}
_REPORT = ClassReport(
    1,
    "cnn",
    "1",
    "1",
    tuple(SubmissionReport(each, "", score, 100.0, "B", 0.0) for each, score in (("a", 71.5), ("b", 1e-9))),
)


def run(data: bytes) -> None:
    """Read bytes as a gradebook of either platform, fill it, and read what was written; or as people.csv."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sheet.csv")
        path.write_bytes(data)
        _people(Path(folder), data)
        try:
            sheet = read_sheet(path)
        except ReportError:
            return
    assert sheet.encode(sheet.text) == data
    for fill in (fill_canvas, fill_moodle):
        for scale in (False, True):
            try:
                found = fill(_REPORT, _STUDENTS, sheet, scale=scale)
            except ReportError:
                continue
            _written_alone(sheet, parse_sheet(found.text, sheet.name, sheet.encoding), found.filled)
            for note in found.notes:
                note.encode()
                assert not has_control_characters(note), note


def _written_alone(before: Sheet, after: Sheet, filled: int) -> None:
    """Hold that nothing but filled cells differs, and that these are of one column."""
    assert after.header == before.header
    assert len(after.rows) == len(before.rows)
    changed = [
        (number, at)
        for number, (old, new) in enumerate(zip(before.rows, after.rows, strict=True))
        for at, cells in enumerate(zip(old, new, strict=True))
        if cells[0] != cells[1]
    ]
    assert len(changed) <= filled
    assert len({at for _, at in changed}) <= 1


def _people(folder: Path, data: bytes) -> None:
    (folder / PEOPLE_FILE).write_bytes(data)
    try:
        people = load_people(folder)
    except PeopleError:
        return
    (folder / PEOPLE_FILE).write_text(people.render(), encoding="utf-8", newline="")
    assert load_people(folder) == people


SEEDS = (
    _CANVAS,
    _MOODLE,
    _MOODLE.replace(b",", b";"),
    _CANVAS.decode().encode("utf-16-le"),
    _CANVAS.decode()[1:].encode("latin-1"),
    b"id,name,email,section,team,role,canvas\r\nada,Ada,ada@example.edu,1,,student,12345\r\nben,,,,,staff,\r\n",
)
FOUND = (_MOODLE.replace(b"Yes", b"Y\x9cs"),)  # a control character in what is told
