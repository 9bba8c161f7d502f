"""Read what Canvas calls ``submissions.zip``, unpacked: ``lovelaceada_LATE_12345_678901_hw5-2.zip``.

A name is made of the student's sortable name in lower case, LATE where the submission was late, the user's
number, the attachment's number and the file as the student called it. In an anonymous assignment the user is
``anon_Xy3zQ``. A text or a link that was handed in is ``..._12345_text.html`` and has no attachment.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.intake.arrivals import Arrival, Person
from grader.intake.lms.pieces import NOBODYS, Piece, Platform, arrivals_of, entries, original_name
from grader.intake.names import clean_id, printable

_LETTERS = r"(?:[A-Za-z0-9_]|[^\x00-\x7f])"
"""Of a name: beside ASCII's all letters and the marks that combine with them, which `\\w` leaves out."""

_NAMED = re.compile(
    rf"^(?P<name>(?!LATE_){_LETTERS}+?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)$",
    re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"^(?P<late>LATE_)?(?P<name>anon)_(?P<user>[A-Za-z0-9]+)_(?P<attachment>\d+)_(?P<file>.+)$", re.DOTALL
)
_NO_FILE = re.compile(rf"^{_LETTERS}+_(?:text|link)\.html$")


def _marks(name: str) -> bool:
    """Say whether a file is called as Canvas calls uploads."""
    return bool(_ANONYMOUS.match(name) or _NAMED.match(name) or _NO_FILE.match(name))


def _student_of(name: str) -> Person | None:
    """Return whose upload a file of this name is; None when Canvas does not name files so."""
    found = _ANONYMOUS.match(name) or _NAMED.match(name)
    if found is None:
        return None
    shown, number = found["name"], found["user"]
    if shown == "anon":
        return Person(clean_id((f"anon-{number}",)))
    return Person(clean_id((shown, number)), name=shown.replace("_", " "), lms_id=number)


def _read(folder: Path, workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read an unpacked download."""
    pieces, notes = [], []
    for path in entries(folder):
        piece = _piece(path)
        if piece is not None:
            pieces.append(piece)
        elif _NO_FILE.match(path.name):
            notes.append(
                f"{printable(path.name)} is a text or a link, no file: there is nothing to grade in it"
            )
        else:
            notes.append(f"{printable(path.name)} is not named as Canvas names uploads and {NOBODYS}")
    arrivals, replaced = arrivals_of(pieces, workspace)
    late = sorted({piece.student.id for piece in pieces if piece.late})
    if late:
        notes.append(f"late, but Canvas does not say by how much: {', '.join(late)}")
    return arrivals, (*notes, *replaced)


def _piece(path: Path) -> Piece | None:
    found = _ANONYMOUS.match(path.name) or _NAMED.match(path.name)
    student = _student_of(path.name)
    if found is None or student is None:
        return None
    name, upload = original_name(found["file"])
    return Piece(student, path, name, int(found["attachment"]), upload, bool(found["late"]))


CANVAS = Platform(
    name="canvas",
    read=_read,
    marks=_marks,
    packed=re.compile(rb"[\w\x80-\xff]+_\d+_\d+_[\w. -]+\.(?:zip|tar\.gz|tgz|tar)"),
    packed_times=2,
    student_of=_student_of,
    expected="files such as lovelaceada_12345_678901_hw5.zip, from the unpacked submissions.zip",
)
