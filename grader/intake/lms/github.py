"""Read clones of the students' repositories, a folder for each: ``hw5-ada``, as GitHub Classroom names them.

What their names have in common is the assignment's, and the rest is a student's login, or a team's name. Work came when
its last commit was made, as the student's machine told it. A clone is a stranger's: nothing of its configuration is
read and no hook runs, for git is only asked what one object holds, from a repository of our own.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
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
    start = len(_common([each.name for each in clones]))
    arrivals, notes = [], []
    for each in found:
        if each not in clones:
            notes.append(f"{printable(each.name)} is no clone of a repository and {NOBODYS}")
            continue
        login = decoded(each.name[start:])
        person = Person(clean_id((login,)), lms_id=login)
        at = _committed(each / _GIT)
        if at is None:
            notes.append(f"{printable(each.name)} has no commit that tells when it was made")
        arrivals.append(Arrival(Candidate(person.id, each), person, at))
    return with_own_ids(arrivals), tuple(notes)


def _common(names: list[str]) -> str:
    """Return the words with hyphens that all names begin with."""
    words = [name.split("-")[:-1] for name in names]
    common = takewhile(lambda each: len(set(each)) == 1, zip(*words, strict=False))
    return "".join(f"{each[0]}-" for each in common) if len(names) > 1 else ""


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
