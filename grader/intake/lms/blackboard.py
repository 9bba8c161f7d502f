"""Read Blackboard's download: ``Homework 5_ada1815_attempt_2026-11-20-23-59-00_hw5.zip``, and a text for each attempt.

The text has the same name without the file, and says who that is and when it came: ``Name: Ada Lovelace (ada1815)`` and
``Date Submitted: Friday, 20 November 2026 23:59:00 o'clock GMT``. The names have the server's time, without zone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grader.intake.arrivals import Arrival, Person
from grader.intake.lms.pieces import NOBODYS, Piece, Platform, attempts_at, entries
from grader.intake.names import clean_id, decoded, printable

# The first attempt of a name is Blackboard's; what follows it is the student's to choose, and may look like another.
_NAMED = re.compile(
    r"^(?P<attempt>(?P<task>.+?)_(?P<user>[^_]+)_attempt_(?P<when>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d))(?:\.txt|_(?P<file>.+))$",
    re.DOTALL,
)
_WHO = re.compile(r"^Name:[ \t]*(?P<name>.*?)[ \t]*\((?P<user>[^()\n]+)\)[ \t\r]*$", re.MULTILINE)
_IN_UTC = re.compile(r"^Date Submitted:.*\b(?:GMT|UTC)[ \t\r]*$", re.MULTILINE)
_MOST_CHARACTERS = 2**16


def _marks(name: str) -> bool:
    """Say whether a file is called as Blackboard calls them."""
    return _NAMED.match(name) is not None


def _student_of(name: str) -> Person | None:
    """Return whose file one of this name is; None when Blackboard does not name files so."""
    found = _NAMED.match(name)
    return None if found is None else Person(clean_id((found["user"],)), lms_id=decoded(found["user"]))


def _read(folder: Path, workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read an unpacked download."""
    notes: list[str] = []
    named = [(path, found) for path in entries(folder) if (found := _NAMED.match(path.name))]
    told = {found["attempt"]: _text(path) for path, found in named if not found["file"]}
    zone = UTC if any(map(_IN_UTC.search, told.values())) else None  # the server's, if any text tells it
    pieces: dict[tuple[Person, datetime | None], list[Piece]] = defaultdict(list)
    people = [_person(found, told.get(found["attempt"], "")) for _, found in named]
    called = {each.id: each for each in people if each.name}
    for (path, found), person in zip(named, people, strict=True):
        if found["file"]:
            student = called.get(person.id, person)
            pieces[student, _when(found, zone)].append(Piece(student, path, found["file"]))
    files = {found["attempt"] for _, found in named if found["file"]}
    notes += [
        f"{printable(each)}.txt is a text without a file: there is nothing to grade in it"
        for each in sorted(told.keys() - files)
    ]
    others = {path.name for path in entries(folder)} - {path.name for path, _ in named}
    notes += [
        f"{printable(each)} is not named as Blackboard names files and {NOBODYS}" for each in sorted(others)
    ]
    arrivals, replaced = attempts_at(pieces, workspace)
    return arrivals, (*notes, *replaced)


def _text(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        # What follows this line is the student's own words.
        return file.read(_MOST_CHARACTERS).partition("Submission Field:")[0]


def _person(found: re.Match[str], text: str) -> Person:
    """Return who the text names, if it is the one of the file's name: a login may have a line in it."""
    said = _WHO.search(text)
    user = decoded(found["user"])
    if said and f"{found['task']}_{found['user']}".endswith(f"_{said['user']}"):
        return Person(clean_id((said["user"],)), name=said["name"], lms_id=said["user"])
    return Person(clean_id((user,)), lms_id=user)


def _when(found: re.Match[str], zone: tzinfo | None) -> datetime | None:
    with suppress(ValueError):  # no such day
        return datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
    return None


BLACKBOARD = Platform(
    name="blackboard",
    read=_read,
    marks=_marks,
    packed=re.compile(rb"_attempt_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"),
    student_of=_student_of,
    expected="files such as Homework 5_ada1815_attempt_2026-11-20-23-59-00_hw5.zip",
)
