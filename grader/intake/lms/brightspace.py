"""Read Brightspace's download: ``123456-7890123 - Ada Lovelace - Nov 20, 2026 1159 PM``, a folder for each submission.

The numbers are Brightspace's own, of the user and of the submission, and stand in no gradebook. The time is the
organisation's, without its zone and without the colon that no file name may have. Where folders were not asked for each
file begins so, `` - hw5.zip`` after it. An ``index.html`` lies beside them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from grader.intake.arrivals import Arrival, Person
from grader.intake.lms.pieces import NOBODYS, Piece, Platform, attempts_at, entries
from grader.intake.names import clean_id, decoded, printable

_NAMED = re.compile(
    r"^(?P<user>\d+)-(?P<number>\d+) ?- (?P<name>.+?) ?- "
    r"(?P<when>[^-]*?\b\d{4}[, ]+\d{1,2}[ .:_h-]?\d\d(?: ?[AP]\.?M\.?)?)(?: ?- (?P<file>.+))?$",
    re.DOTALL | re.IGNORECASE,
)
_LIST = "index.html"
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}


def _marks(name: str) -> bool:
    """Say whether an entry is called as Brightspace calls submissions."""
    return _NAMED.match(name) is not None


def _student_of(name: str) -> Person | None:
    """Return whose submission an entry of this name is; None when Brightspace does not name them so."""
    found = _NAMED.match(name)
    if found is None:
        return None
    shown = decoded(found["name"]).strip()
    return Person(clean_id((shown, found["user"])), name=shown)


def _read(folder: Path, workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read an unpacked download."""
    pieces: dict[tuple[Person, datetime | None], list[Piece]] = defaultdict(list)
    notes = []
    for path in entries(folder):
        found, student = _NAMED.match(path.name), _student_of(path.name)
        if path.name == _LIST:
            continue
        if found is None or student is None:
            notes.append(
                f"{printable(path.name)} is not named as Brightspace names submissions and {NOBODYS}"
            )
            continue
        at = _when(found["when"])
        if at is None:
            notes.append(f"when {printable(path.name)} came cannot be read from its name")
        pieces[student, at].append(Piece(student, path, found["file"] or path.name, int(found["number"])))
    arrivals, replaced = attempts_at(pieces, workspace)
    return arrivals, (*notes, *replaced)


def _when(text: str) -> datetime | None:
    """Return a time such as ``Nov 20, 2026 1159 PM`` or ``20 November, 2026 23:59``, in the organisation's own zone."""
    found = re.search(
        r"(?P<year>\d{4})[, ]+(?P<hour>\d{1,2})[ .:_h-]?(?P<minute>\d\d) ?(?P<half>[AP]?)",
        text,
        re.IGNORECASE,
    )
    month = next(
        (_MONTHS[each[:3].lower()] for each in re.findall(r"[^\W\d_]+", text) if each[:3].lower() in _MONTHS),
        0,
    )
    day = re.search(r"\b\d{1,2}\b", text)
    if found is None or day is None:
        return None
    hour, half = int(found["hour"]), found["half"].lower()
    with suppress(ValueError):  # no month of this language, or no such day
        hour = hour % 12 + 12 * (half == "p") if half else hour
        return datetime(int(found["year"]), month, int(day[0]), hour, int(found["minute"]))
    return None


BRIGHTSPACE = Platform(
    name="brightspace",
    read=_read,
    marks=_marks,
    packed=re.compile(rb"\d+-\d+ ?- [^/\0]{1,99} - [^/\0]{1,40}\d{4}[, ]+\d{3,4}"),
    student_of=_student_of,
    folder=_NAMED,
    expected="folders such as 123456-7890123 - Ada Lovelace - Nov 20, 2026 1159 PM",
    beside=(_LIST,),
)
