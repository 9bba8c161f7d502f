"""The files of a submission, and how those of one candidate are read: into memory, whitelisted and under caps."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from grader.course.assignment import Assignment
from grader.course.limits import MEBIBYTE
from grader.intake.archives import (
    ASK,
    BEGINNING,
    DAMAGE,
    FOLDER,
    Member,
    format_of,
    is_opened,
    without_archive_suffix,
)
from grader.intake.arrivals import Candidate
from grader.intake.collector import (
    DEFAULT_CAPS,
    LOOSE,
    MOST_ARCHIVES,
    UPLOAD,
    Caps,
    Collector,
    is_clutter_folder,
    without_second_suffix,
)
from grader.intake.names import content_hash, decoded, folders_above, printable
from grader.intake.notebooks import Notebook
from grader.intake.source import SourceFile
from grader.results import NOT_WHOLE, Flag

_NO_FOLLOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is an error, and a named pipe does not wait for its other end."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The files that one student handed in, after everything that does not count was left out.

    Attributes
    ----------
    id
        Unique in the class, safe in file names and tables.
    sha256
        Of the sorted paths and bytes in `files`: the same work has the same hash, whatever it was packed in.
    files
        Path, relative and with forward slashes, to bytes exactly as handed in.
    flags
        What was left out, renamed or guessed.
    notebooks
        Path to notebook, once they have been read; see `with_notebook_answers`.
    sources
        Path to what can be seen in a Python file, of those that have been looked at.
    unread
        Symbols of which something was seen that could not be counted, and what and why in a sentence.
    """

    id: str
    sha256: str
    files: Mapping[str, bytes]
    flags: tuple[Flag, ...] = ()
    notebooks: Mapping[str, Notebook] = field(default_factory=dict)
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


def contents_of(id: str, files: Mapping[str, bytes | str]) -> Contents:
    """Return `files` as if they had been handed in, such as a solution with one function replaced.

    Parameters
    ----------
    files
        Path to content; text is encoded as UTF-8. Nothing is left out: pass what `read_contents` keeps.
    """
    encoded = {path: each.encode() if isinstance(each, str) else each for path, each in sorted(files.items())}
    return Contents(id, content_hash(encoded), encoded)


def read_contents(candidate: Candidate, assignment: Assignment, caps: Caps = DEFAULT_CAPS) -> Contents:
    """Read the Python files, notebooks and weights of `candidate`; nothing is written and nothing is run.

    Links, special files and files of an implausible size are left out and flagged. Archives within, a few, are
    opened, one level deep, when no answer lies beside them.

    Raises
    ------
    SubmissionUnreadable
        It cannot be opened or unpacked, is encrypted, a bomb or too large, holds an unsafe name or one name
        twice, or holds nothing that counts.
    """
    collector = Collector(candidate.id, assignment, _answer_names(assignment), caps)
    try:
        with _opened(candidate.path) as descriptor:
            _read_opened(descriptor, candidate.path.name, collector)
    except OSError as error:
        collector.fail(f"{_why_not_opened(error)}; put the folder or archive itself in its place")
    _read_archives_within(collector)
    files = dict(sorted(_under_their_names(collector).items()))
    _refuse_clashes(files, collector)
    return Contents(candidate.id, content_hash(files), files, collector.flags)


def _answer_names(assignment: Assignment) -> frozenset[str]:
    return frozenset(PurePosixPath(path).name.lower() for path in assignment.answer_files)


@contextmanager
def _opened(path: str | os.PathLike[str], folder: int | None = None) -> Iterator[int]:
    """Open `path` for reading, below the open `folder` if given; a link is an error (``ELOOP``)."""
    descriptor = os.open(path, _NO_FOLLOW, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _why_not_opened(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return "is a symbolic link"
    return f"cannot be read ({error.strerror})"


def _read_opened(descriptor: int, name: str, collector: Collector) -> None:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        _read_folder(descriptor, collector)
    elif stat.S_ISREG(mode) and name.lower().endswith(LOOSE):
        collector.take(Member(name, 0, partial(_again, descriptor)))
    elif stat.S_ISREG(mode):
        with open(descriptor, "rb", closefd=False) as file:
            _read_archive(file, collector)
    else:
        collector.fail("is neither a folder nor an archive")


@contextmanager
def _again(descriptor: int) -> Iterator[IO[bytes]]:
    """Read the open file from its beginning."""
    with open(descriptor, "rb", 0, closefd=False) as file:
        yield file


def _read_folder(folder: int, collector: Collector, prefix: str = "") -> None:
    """Take in what counts below the open `folder`, without following a link.

    Every step opens a name relative to its own folder's descriptor: a path that is swapped for a link
    meanwhile leads nowhere.
    """
    with os.scandir(folder) as found:
        entries = sorted(islice(found, collector.caps.entries + 1), key=lambda entry: entry.name)
    for entry in entries:
        path = f"{prefix}{entry.name}"
        try:
            collector.take(_member(entry, folder, path))
            if entry.is_dir(follow_symlinks=False) and not is_clutter_folder(entry.name):
                with _opened(entry.name, folder) as descriptor:
                    _read_folder(descriptor, collector, f"{path}/")
        except OSError as error:
            collector.leave_out(decoded(path), _why_not_opened(error))


def _member(entry: os.DirEntry[str], folder: int, path: str) -> Member:
    what = "is a special file"
    if is_clutter_folder(entry.name):  # whatever it is, it is passed over as such a folder is
        what = FOLDER
    elif entry.is_symlink():
        what = "is a symbolic link"
    elif entry.is_dir(follow_symlinks=False):
        what = FOLDER
    elif entry.is_file(follow_symlinks=False):
        what = ""
    return Member(path, 0, partial(_file, entry.name, folder), what)


@contextmanager
def _file(name: str, folder: int) -> Iterator[IO[bytes]]:
    with _opened(name, folder) as descriptor, open(descriptor, "rb", 0, closefd=False) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it was swapped since it was listed
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        yield file


def _read_archive(file: BinaryIO, collector: Collector, prefix: str = "") -> None:
    """Take in what counts of the archive in `file`, whatever its name claims to be.

    Parameters
    ----------
    prefix
        Folder, ending in a slash, that the members are put below.
    """
    beginning = file.read(BEGINNING)
    packed = file.seek(0, 2)
    file.seek(0)
    if not beginning:
        collector.fail(f"is empty (0 bytes); {ASK}")
    format_ = format_of(beginning)
    if format_ is None:
        collector.fail(f"is not an archive, or is damaged from its first byte on; {ASK}")
    if format_.members is None:
        collector.fail(f"is a {format_.name}; {ASK}")
    try:
        for member in format_.members(file):
            _refuse_expansion(member.end, packed, collector)
            collector.take(member, prefix)
    except DAMAGE as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        collector.fail(
            f"cannot be unpacked: the {format_.name} is damaged or cut short ({reason}); {ASK} again"
        )


def _refuse_expansion(size: int, packed: int, collector: Collector) -> None:
    """Refuse an archive before it is expanded to `size` bytes; parts that are skipped count as well."""
    caps = collector.caps
    if size > caps.expanded:
        collector.fail(f"expands to more than {caps.expanded // MEBIBYTE} MiB")
    if size > max(caps.ratio_from, caps.ratio * packed):
        collector.fail(
            f"is a compression bomb: {packed} bytes expand to more than {caps.ratio_from}; "
            "nothing was unpacked"
        )


def _read_archives_within(collector: Collector) -> None:
    """Take in what counts of the archives in a submission, where no answer lies beside them."""
    names, opened = list(collector.archives), []
    if not collector.has_answers and len(names) <= MOST_ARCHIVES:
        for path, data in tuple(collector.archives.items()):
            if data is not None:
                opened.append(path)
                _read_archive(io.BytesIO(data), collector, f"{without_archive_suffix(path)}/")
        names = [each for each in collector.archives if each not in opened]
    if not collector.files:
        collector.fail(f"holds no Python file and no notebook{_only_archives(names)}")
    if len(opened) > 1:
        collector.flag("several_archives", f"all of them were opened: {_listed(opened)}")
        _lay_over(opened, collector)
    if names:
        listed = _listed(names)
        collector.flag("nested_archive", f"not opened, because it is not the only work handed in: {listed}")


def _lay_over(opened: list[str], collector: Collector) -> None:
    """Let the answers of an archive that was uploaded later stand for those of the same name in earlier ones."""
    if not all(each.startswith(UPLOAD) for each in opened):
        return
    held: dict[str, list[str]] = {}
    for archive in sorted(opened):
        within = f"{without_archive_suffix(archive)}/"
        mine: dict[str, list[str]] = {}
        for path in sorted(each for each in collector.files if each.startswith(within)):
            mine.setdefault(path.rpartition("/")[2].lower(), []).append(path)
        for earlier in (path for name in mine.keys() & collector.answers for path in held.get(name, ())):
            del collector.files[earlier]
            collector.leave_out(earlier, f"was handed in again in {printable(archive)}", "replaced")
        held |= mine


def _listed(names: list[str]) -> str:
    return ", ".join(map(printable, names[:5]))


def _only_archives(names: list[str]) -> str:
    if not names:
        return "; hand in the folder with your modules and notebooks"
    if len(names) > 1:
        return f", but {len(names)} archives; hand in one of them, or unpack them first"
    if not is_opened(names[0]):
        return f", but '{printable(names[0])}'; {ASK}"
    return ", but archives in archives; hand in the innermost"


def _under_their_names(collector: Collector) -> dict[str, bytes]:
    """Return the files; ``cnn.py.txt`` counts as ``cnn.py`` where there is no such file."""
    files: dict[str, bytes] = {}
    for path, data in collector.files.items():
        name = without_second_suffix(path)
        if name == path:
            files[path] = data
        elif name in collector.files or name in files:
            collector.leave_out(path, f"is there as {printable(name)}, too")
        else:
            collector.flag(NOT_WHOLE, f"{printable(path)} was read as {printable(name)}")
            files[name] = data
    return files


def _refuse_clashes(files: Mapping[str, bytes], collector: Collector) -> None:
    """Refuse a file that is a folder too; note names that differ in case only: some disks mix them up."""
    lower: dict[str, str] = {}
    for path in sorted(files):
        for folder in folders_above(path):
            if folder in files:
                collector.fail(f"holds '{printable(folder)}' both as a file and as a folder")
        other = lower.setdefault(path.casefold(), path)
        if other != path:
            collector.flag("case_clash", f"{printable(other)} and {printable(path)} differ in case only")
