"""Read Moodle's "download all submissions", with a folder for each student or without.

With folders a student's is ``Ada Lovelace_1234567_assignsubmission_file_``; without, each file begins so:
``Ada Lovelace_1234567_assignsubmission_file_hw5.zip``. The number is the participant's in this assignment, the
one that the grading worksheet calls ``Participant 1234567``. A text typed into Moodle is ``onlinetext``.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.intake.arrivals import Arrival, Candidate, Person
from grader.intake.lms.pieces import NOBODYS, Piece, Platform, arrivals_of, entries, with_own_ids, work_in
from grader.intake.names import clean_id, decoded, printable

# What follows the first mark is the student's to choose: a number there is not Moodle's.
_NAMED = re.compile(
    r"^(?P<name>(?:(?!_assignsubmission_).)*?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)"
    r"(?:_(?P<file>.*))?$",
    re.DOTALL,
)


def _marks(name: str) -> bool:
    """Say whether a file or folder is called as Moodle calls submissions; those of no group have no number."""
    return _NAMED.match(name) is not None or name.endswith("_assignsubmission_file")


def _student_of(name: str) -> Person | None:
    """Return whose submission a file or folder of this name is; None when Moodle does not name them so."""
    found = _NAMED.match(name)
    if found is None:
        return None
    shown = decoded(found["name"])
    return Person(clean_id((shown, found["number"])), name=shown, lms_id=found["number"])


def _read(folder: Path, workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read an unpacked download."""
    pieces: list[Piece] = []
    folders: dict[str, Arrival] = {}
    notes: list[str] = []
    for path in entries(folder):
        found, student = _NAMED.match(path.name), _student_of(path.name)
        if found is None or student is None:
            notes.append(f"{printable(path.name)} is not named as Moodle names submissions and {NOBODYS}")
        elif found["kind"] == "onlinetext":
            notes.append(
                f"{printable(path.name)} is a text typed into Moodle: there is nothing to grade in it"
            )
        elif path.is_dir():
            folders[student.id] = Arrival(Candidate(student.id, work_in(path)), student)
        else:
            pieces.append(Piece(student, path, found["file"] or path.name))
    both = sorted({piece.student.id for piece in pieces} & folders.keys())
    notes.extend(f"{each}: the loose files are left out, for there is a folder too" for each in both)
    gathered, replaced = arrivals_of((each for each in pieces if each.student.id not in folders), workspace)
    return with_own_ids((*folders.values(), *gathered)), (*notes, *replaced)


MOODLE = Platform(
    name="moodle",
    read=_read,
    marks=_marks,
    packed=re.compile(rb"_\d+_assignsubmission_(?:file|onlinetext)"),
    student_of=_student_of,
    folder=re.compile("_assignsubmission_"),
    expected="folders or files such as Ada Lovelace_1234567_assignsubmission_file_",
)
