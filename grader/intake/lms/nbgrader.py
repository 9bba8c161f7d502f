"""Read nbgrader's ``submitted`` folder: STUDENT/ASSIGNMENT/ with the notebooks and the time they were handed in."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.intake.arrivals import Arrival, Candidate, IntakeError, Person
from grader.intake.lms.pieces import Platform, entries, with_own_ids
from grader.intake.names import clean_id

_TIME = "timestamp.txt"
_MOST_CHARACTERS = 100


def is_submitted(folder: Path) -> bool:
    """Say whether a folder is laid out as nbgrader lays out what was handed in."""
    return folder.is_dir() and any(folder.glob(f"*/*/{_TIME}"))


def of_assignment(arrivals: tuple[Arrival, ...], name: str) -> tuple[Arrival, ...]:
    """Return the submissions to one assignment, of all that lie in nbgrader's folder.

    Raises
    ------
    IntakeError
        There are several assignments, and none is called `name`.
    """
    names = sorted({each.candidate.path.name for each in arrivals})
    if len(names) > 1 and name not in names:
        raise IntakeError(
            f"the folder holds submissions to {', '.join(names)}, and none to {name}; give it a folder of its own, "
            "or call the assignment as nbgrader calls it"
        )
    wanted = name if len(names) > 1 else names[0]
    return with_own_ids(tuple(each for each in arrivals if each.candidate.path.name == wanted))


def _read(folder: Path, _workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read the folder: all assignments that are in it."""
    arrivals = []
    for student in entries(folder):
        person = Person(clean_id((student.name,)), name=student.name)
        works = entries(student) if student.is_dir() and not student.is_symlink() else []
        arrivals += [
            Arrival(Candidate(person.id, work), person, _time(work / _TIME))
            for work in works
            if work.is_dir()
        ]
    return tuple(arrivals), ()


def _time(path: Path) -> datetime | None:
    """Return a time such as ``2015-02-02 14:58:23.948203 America/Los_Angeles``; without a zone it is UTC."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open(encoding="utf-8", errors="replace") as file:
        day, _, rest = file.read(_MOST_CHARACTERS).strip().partition(" ")
    clock, _, named = rest.partition(" ")
    zone: tzinfo = UTC
    with suppress(ValueError, OSError, KeyError):  # no name of a zone, or one that this machine does not know
        zone = ZoneInfo(named) if named else UTC
    with suppress(ValueError):
        found = datetime.fromisoformat(f"{day} {clock}")
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return None


NBGRADER = Platform(
    name="nbgrader",
    read=_read,
    expected=f"folders such as STUDENT/ASSIGNMENT with {_TIME}",
    holds=is_submitted,
)
