"""What platforms have in common: their record, and attempts put together from what a student uploaded in pieces."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.intake.archives import archive_suffix
from grader.intake.arrivals import Arrival, Candidate, Person
from grader.intake.collector import UPLOAD, is_clutter
from grader.intake.names import decoded, printable

NOBODYS = "belongs to nobody"
"""How a note ends that names such an entry."""

_REUPLOAD = re.compile(r"-(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Download:
    """A download as it was understood.

    Attributes
    ----------
    platform
        Whose layout it has.
    arrivals
        Every attempt of every student, sorted by candidate id.
    notes
        What a person should know: entries that belong to nobody, files that replaced others, lateness that is
        not told in full. Nothing is left out without one.
    """

    platform: Platform
    arrivals: tuple[Arrival, ...]
    notes: tuple[str, ...] = ()

    @property
    def unowned(self) -> int:
        """How many entries belong to nobody: somebody's work may be among them."""
        return sum(each.endswith(NOBODYS) for each in self.notes)


def _nothing(folder: Path, _workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    raise ValueError(f"{folder} is no platform's download")


@dataclass(frozen=True, slots=True)
class Platform:
    """A learning platform, and what its downloads are known by.

    Attributes
    ----------
    name
        What a command line calls it.
    read
        Returns the arrivals in a download's folder, and notes. Loose files of one student are gathered in the second
        folder.
    marks
        Says whether an entry of a download is called as this platform calls it.
    one_is_enough
        Whether a single entry tells: where students choose names, most of a folder's must be the platform's.
    packed
        Found in an archive that is a download of this platform's as a whole, as often as `packed_times`.
    student_of
        Returns whose a file or folder of a name is; None where this platform does not say it so.
    folder
        Found in the name of a folder that the platform makes for one student, if it makes any.
    expected
        What was looked for, for an error.
    beside
        Names of what its downloads hold for nobody, such as a list.
    holds
        Says whether a folder is one of its downloads by what lies deeper, where the names above tell nothing.
    """

    name: str
    read: Callable[[Path, Path], tuple[tuple[Arrival, ...], tuple[str, ...]]] = _nothing
    marks: Callable[[str], bool] = lambda _name: False
    one_is_enough: bool = False
    packed: re.Pattern[bytes] | None = None
    packed_times: int = 1
    student_of: Callable[[str], Person | None] = lambda _name: None
    folder: re.Pattern[str] | None = None
    expected: str = ""
    beside: Collection[str] = ()
    holds: Callable[[Path], bool] = lambda _folder: False

    @property
    def title(self) -> str:
        """What it calls itself."""
        return self.name.title()

    def wrote(self, names: Collection[str]) -> bool:
        """Say whether a folder that holds `names` is one of its downloads."""
        marked, others = sum(map(self.marks, names)), len(set(names) - set(self.beside))
        return marked > 0 if self.one_is_enough else 2 * marked > others

    def packs(self, listed: bytes) -> bool:
        """Say whether an archive whose members are `listed` is one of its downloads."""
        return self.packed is not None and len(set(self.packed.findall(listed))) >= self.packed_times


@dataclass(frozen=True, slots=True)
class Piece:
    """One file or folder that a student uploaded.

    Attributes
    ----------
    name
        What the student called it.
    order
        Grows with the time of the upload; 0 where the platform does not tell.
    upload
        1 for the first upload of this name.
    late
        Whether the platform marks it as late; None where it never marks.
    """

    student: Person
    path: Path
    name: str
    order: int = 0
    upload: int = 1
    late: bool | None = None


def original_name(name: str) -> tuple[str, int]:
    """Split the number off that a platform adds when a file of the same name is uploaded again.

    ``hw5-2.zip`` is the third upload of ``hw5.zip``; a student may as well have called a file so, and then
    only the count is wrong.
    """
    suffix = archive_suffix(name) or Path(name).suffix
    stem = name.removesuffix(name[len(name) - len(suffix) :]) if suffix else name
    found = _REUPLOAD.search(stem)
    if found is None or not stem[: found.start()]:
        return name, 1
    return stem[: found.start()] + name[len(stem) :], int(found[1]) + 1


def arrivals_of(pieces: Iterable[Piece], workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Make each student's pieces into attempts.

    Archives of one name are attempts, the later the newer. Files of several names are one attempt and are
    gathered in a folder, as the student had them.

    Parameters
    ----------
    workspace
        The folder that gathered files are put in; made only where there are any.

    Returns
    -------
    arrivals, notes
        What was found, and which files were left out because a newer one has their name.
    """
    of_student: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        of_student[piece.student.id].append(piece)
    found: list[Arrival] = []
    notes: list[str] = []
    for each in of_student.values():
        mine = sorted(each, key=lambda piece: (piece.order, piece.upload, str(piece.path)))
        if _is_one_work_handed_in_again(mine):
            found.extend(_attempts(mine))
        else:
            arrival, replaced = _gathered(mine, workspace)
            found.append(arrival)
            notes.extend(replaced)
    return with_own_ids(found), tuple(notes)


def with_own_ids(arrivals: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """Call each candidate after its student, and the attempts of a student by their numbers; sorted by id."""
    count = Counter(each.student.id.casefold() for each in arrivals)
    named = [
        replace(each, candidate=Candidate(f"{each.student.id}-attempt{each.attempt}", each.candidate.path))
        if count[each.student.id.casefold()] > 1
        else replace(each, candidate=Candidate(each.student.id, each.candidate.path))
        for each in arrivals
    ]
    return tuple(sorted(named, key=lambda each: (each.student.id, each.attempt)))


def work_in(path: Path) -> Path:
    """Return the only archive in a student's folder, so that what it is packed in tells nothing; else `path`."""
    found = entries(path) if path.is_dir() and not path.is_symlink() else []
    alone = (
        len(found) == 1 and archive_suffix(found[0].name) and found[0].is_file() and not found[0].is_symlink()
    )
    return found[0] if alone else path


def entries(folder: Path) -> list[Path]:
    """Return what lies in `folder`, without what archives of a Mac and editors leave there."""
    return sorted(each for each in folder.iterdir() if not is_clutter(each.name))


def _is_one_work_handed_in_again(pieces: Sequence[Piece]) -> bool:
    names = {piece.name.casefold() for piece in pieces}
    return len(names) == 1 and all(piece.path.is_dir() or archive_suffix(piece.name) for piece in pieces)


def _attempts(pieces: Sequence[Piece]) -> list[Arrival]:
    """Number the attempts by what the names count, or by their order where two would share a number."""
    uploads = [piece.upload for piece in pieces]
    numbers = uploads if sorted(set(uploads)) == uploads else range(1, len(pieces) + 1)
    return [
        Arrival(
            Candidate(piece.student.id, piece.path),
            piece.student,
            attempt=number,
            late_seconds=_late_seconds([piece]),
        )
        for piece, number in zip(pieces, numbers, strict=True)
    ]


def attempts_at(
    pieces: Mapping[tuple[Person, datetime | None], Sequence[Piece]], workspace: Path
) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Make one attempt of what each student uploaded at one time; see `arrivals_of`.

    Times may be without a zone, as platforms write them: `read_download` says in which one they are.
    """
    found: list[Arrival] = []
    notes: list[str] = []
    numbers: Counter[str] = Counter()

    def age(each: tuple[tuple[Person, datetime | None], Sequence[Piece]]) -> tuple[str, datetime, str]:
        (student, at), mine = each
        return student.id, at.replace(tzinfo=None) if at else datetime.min, str(mine[0].path)

    for (student, at), mine in sorted(pieces.items(), key=age):
        numbers[student.id] += 1
        number = numbers[student.id]
        if len(mine) == 1 and (mine[0].path.is_dir() or archive_suffix(mine[0].name)):
            arrival = Arrival(Candidate(student.id, work_in(mine[0].path)), student)
        else:
            arrival, replaced = _gathered(mine, workspace, f"{student.id}-{number}")
            notes += replaced
        found.append(replace(arrival, submitted_at=at, attempt=number))
    return with_own_ids(found), tuple(notes)


def _gathered(pieces: Sequence[Piece], workspace: Path, name: str = "") -> tuple[Arrival, list[str]]:
    student = pieces[0].student
    folder = workspace / (name or student.id)
    folder.mkdir(parents=True)
    newest = {decoded(piece.name).casefold(): piece for piece in pieces}
    notes = [
        f"{student.id}: {printable(piece.path.name)} is left out, for {printable(newer.path.name)} is newer"
        for piece in pieces
        if (newer := newest[decoded(piece.name).casefold()]) is not piece
    ]
    archives = [piece for piece in newest.values() if archive_suffix(piece.name) and not piece.path.is_dir()]
    several = len(archives) > 1 and len({piece.order for piece in archives}) == len(archives)
    for piece in newest.values():
        name = decoded(piece.name)
        at = archives.index(piece) + 1 if several and piece in archives else 0
        place = folder / f"{UPLOAD}{at}" if at else folder  # what was uploaded later is laid over the earlier
        place.mkdir(exist_ok=True)
        _put(piece.path, place / (name if name.strip(".") else piece.path.name))  # a name may be ".."
    attempt = max(piece.upload for piece in pieces)
    arrival = Arrival(
        Candidate(student.id, folder), student, attempt=attempt, late_seconds=_late_seconds(pieces)
    )
    return arrival, notes


def _late_seconds(pieces: Sequence[Piece]) -> float | None:
    """Return 0 for what the platform does not mark as late; how late the rest is, a mark does not say."""
    return 0.0 if all(piece.late is False for piece in pieces) else None


def _put(source: Path, target: Path) -> None:
    """Bring a file or folder to its place without another copy where the disk allows it; links stay links."""
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, copy_function=_link)
    else:
        _link(str(source), str(target))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another disk, or one without hard links
        shutil.copy2(source, target, follow_symlinks=False)
