"""Read clones of the students' repositories, a folder for each: ``hw5-ada``, as GitHub Classroom names them.

What their names begin with in common is the assignment's, as far as people.csv, the assignment's id or a word such as
``hw5`` says so, and the rest is a student's login, or a team's name. Work came when
its last commit was made, as the student's machine told it. A clone is a stranger's: nothing of its configuration is
read and no hook runs, for git is only asked what one object holds, from a repository of our own.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import takewhile
from pathlib import Path

from grader.intake.arrivals import Arrival, Candidate, Person
from grader.intake.lms.pieces import NOBODYS, Platform, entries, with_own_ids
from grader.intake.names import clean_id, decoded, printable

_GIT = ".git"
_LONGEST_REF = 1024
_LONGEST_REFS = 2**20
_LONGEST_COMMIT = 2**16
_SECONDS = 10
_KILOBYTES = 2**20
"""Address space of git, which opens what a stranger packed."""

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"ref: (refs/heads/(?!.*\.\.)[^\s\0]+)")
_OF_WORK = re.compile(
    r"(?:a|as|assign|assignment|ex|exam|exercise|final|homework|hw|lab|midterm|p|pa|project|ps|pset|quiz|sheet|task|week)"
    r"\d{0,3}"
)
_OF_WORK_OR_NUMBER = re.compile(rf"{_OF_WORK.pattern}|\d{{1,3}}")
_COMMITTED = re.compile(rb"^committer .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)


def _holds(folder: Path) -> bool:
    """Say whether most of a folder's entries are clones."""
    found = entries(folder) if folder.is_dir() else []
    clones = sum((each / _GIT).is_dir() for each in found)
    return clones > 1 and 2 * clones > len(found)


def _read(folder: Path, _workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read a folder of clones."""
    found = entries(folder)
    clones = [each for each in found if each.is_dir() and not each.is_symlink() and (each / _GIT).is_dir()]
    arrivals, notes = [], []
    for each in found:
        if each not in clones:
            notes.append(f"{printable(each.name)} is no clone of a repository and {NOBODYS}")
            continue
        person = _person(each.name)
        at = _committed(each / _GIT)
        if at is None:
            notes.append(f"{printable(each.name)} has no commit that tells when it was made")
        arrivals.append(Arrival(Candidate(person.id, each), person, at))
    return with_logins(arrivals, "", ())[0], tuple(notes)


def _person(login: str) -> Person:
    return Person(clean_id((decoded(login),)), lms_id=decoded(login))


def with_logins(
    arrivals: Sequence[Arrival], assignment: str, known: Collection[str]
) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Return arrivals without what is the assignment's in the names of their clones, and what is to be said of that.

    Parameters
    ----------
    assignment
        Its id, empty where that is not known.
    known
        Logins of the course's people, and names of its teams; compared without case.
    """
    names = [each.candidate.path.name for each in arrivals]
    words = [name.split("-")[:-1] for name in names]
    common = [each[0] for each in takewhile(lambda each: len(set(each)) == 1, zip(*words, strict=False))]
    count = _own_words(
        [name.casefold() for name in names], [each.casefold() for each in common], assignment, known
    )
    start = sum(len(each) + 1 for each in common[: count or 0])
    called = [replace(each, student=_person(each.candidate.path.name[start:])) for each in arrivals]
    note = (
        f"all clones begin with {printable('-'.join(common))}-, which may be part of the logins: their names are kept "
        "whole; write what GitHub calls your students into people.csv"
    )
    return with_own_ids(called), (note,) if count is None and len(names) > 1 else ()


def _own_words(names: list[str], common: list[str], assignment: str, known: Collection[str]) -> int | None:
    """Return how many of the common words are the assignment's; None where that cannot be told."""
    people = {each.casefold().replace(" ", "-") for each in known if each}
    rests = [{"-".join(name.split("-")[count:]) for name in names} for count in range(len(common) + 1)]
    met = [len(each & people) for each in rests]
    if max(met):
        return met.index(max(met)) if met.count(max(met)) == 1 else None
    id_ = assignment.casefold().split("-")
    for end in range(len(id_), len(common) + 1):
        if common[end - len(id_) : end] == id_:
            return end
    if not common:
        return 0
    first = next((at for at, word in enumerate(common) if _OF_WORK.fullmatch(word)), len(common))
    # A login may begin with any word but these, so what stands behind them may be a login's.
    told = first < len(common) and all(map(_OF_WORK_OR_NUMBER.fullmatch, common[first:])) and len(names) > 1
    return len(common) if told else None


def _committed(git: Path) -> datetime | None:
    """Return when the commit was made that a clone is at."""
    sha = _head(git)
    if sha is None:
        return None
    with tempfile.TemporaryDirectory(prefix="git-") as name:
        own = Path(name)
        for each in ("objects/info", "refs"):
            (own / each).mkdir(parents=True)
        (own / "HEAD").write_text("ref: refs/heads/none\n")
        if len(sha) > 40:  # noqa: PLR2004 - the longer hashes are those of the other format
            (own / "config").write_text(
                "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n"
            )
        objects = str((git / "objects").resolve())
        if objects.startswith(('"', "#")) or "\n" in objects:
            return None
        (own / "objects" / "info" / "alternates").write_text(
            f"{objects}\n", encoding="utf-8", errors="surrogateescape"
        )
        return _time_in(_asked(own, sha))


def _head(git: Path) -> str | None:
    """Return the commit that is checked out, by the files that say it."""
    head = _line(git / "HEAD", _LONGEST_REF)
    ref = _REF.fullmatch(head)
    if ref is not None:
        packed = _line(git / "packed-refs", _LONGEST_REFS)
        lines = (line.partition(" ") for line in packed.splitlines())
        head = _line(git / ref[1], _LONGEST_REF) or next(
            (sha for sha, _, name in lines if name == ref[1]), ""
        )
    return head if _SHA.fullmatch(head) else None


def _line(path: Path, most: int) -> str:
    """Return the text of a small file; nothing of what is none."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(most).strip()


def _asked(repository: Path, sha: str) -> bytes:
    """Return what a commit says; nothing where git does not find it, or takes too much for it."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "GIT_DIR": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
    limited = f'ulimit -v {_KILOBYTES} -t {_SECONDS}; git cat-file commit "$0" | head -c {_LONGEST_COMMIT}'
    try:
        done = subprocess.run(  # noqa: S603
            ["sh", "-c", limited, sha],  # noqa: S607
            env=environment,
            cwd=repository,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout


def _time_in(commit: bytes) -> datetime | None:
    found = _COMMITTED.search(commit.partition(b"\n\n")[0])
    if found is None:
        return None
    seconds, sign, hours, minutes = int(found[1]), found[2], int(found[3]), int(found[4])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign == b"-" else 1)
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(timezone(offset))
    except (ValueError, OverflowError, OSError):
        return None


GITHUB = Platform(
    name="github",
    read=_read,
    expected="clones of repositories, a folder for each student, with .git in it",
    holds=_holds,
)
