"""Read ILIAS's download of an exercise: a folder ``Lovelace_Ada_ada_1234`` for each student.

The last two pieces are the login and the number of the user; files lie in the folder as they were uploaded.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.intake.arrivals import Arrival, Candidate, Person
from grader.intake.lms.pieces import NOBODYS, Platform, entries
from grader.intake.names import clean_id, printable

_NAMED = re.compile(r"^(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>[^_]+)_(?P<number>\d+)$")


def _student_of(name: str) -> Person | None:
    found = _NAMED.match(name)
    if found is None:
        return None
    shown = f"{found['first']} {found['last']}"
    return Person(clean_id((found["login"], found["number"])), name=shown, lms_id=found["number"])


def _marks(name: str) -> bool:
    return _NAMED.match(name) is not None


def _read(folder: Path, _workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    arrivals: list[Arrival] = []
    notes: list[str] = []
    for path in entries(folder):
        student = _student_of(path.name)
        if student is None or not path.is_dir():
            notes.append(f"{printable(path.name)} is not named as ILIAS names submissions and {NOBODYS}")
        else:
            arrivals.append(Arrival(Candidate(student.id, path), student))
    return tuple(sorted(arrivals, key=lambda each: each.candidate.id)), tuple(notes)


ILIAS = Platform(
    name="ilias",
    read=_read,
    marks=_marks,
    student_of=_student_of,
    folder=_NAMED,
    expected="folders such as Lovelace_Ada_ada_1234",
)
