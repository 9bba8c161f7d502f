"""Which files of a submission are read at all, and how much of them: what counts is collected, the rest is noted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import IO, NoReturn

from grader.course.assignment import Assignment
from grader.course.limits import MEBIBYTE
from grader.intake.archives import FOLDER, Member, archive_suffix, is_opened
from grader.intake.arrivals import SubmissionUnreadable
from grader.intake.names import (
    UnsafeName,
    decoded,
    has_control_characters,
    is_too_long,
    printable,
    safe_path,
)
from grader.results import Flag


class Kind(StrEnum):
    """What a file is to the grader; anything else is not read."""

    PYTHON = "Python file"
    NOTEBOOK = "notebook"
    WEIGHTS = "weights file"
    ARCHIVE = "archive"


LOOSE = (".py", ".ipynb")
"""What a file ends in that can be somebody's work by itself."""

_LARGEST = MappingProxyType(
    {
        Kind.PYTHON: 128
        * 1024,  # students write a few dozen kilobytes; a megabyte may take a minute to parse
        Kind.NOTEBOOK: 64 * MEBIBYTE,  # figures and endless printed losses; real ones reach some 30 MiB
        Kind.WEIGHTS: 256 * MEBIBYTE,  # 64 filters and 500 hidden units in float64 take 66 MB
        Kind.ARCHIVE: 256 * MEBIBYTE,
    }
)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a submission is taken in. Sizes are bytes, counted while reading.

    Attributes
    ----------
    largest
        Largest file of each kind; a larger one is left out and flagged.
    total
        All files together; more stops the submission.
    python
        All Python files together. Parsed, a file may take up nine hundred times its size.
    files
        Files that are read; more stops the submission.
    entries
        Names looked at, clutter included: a data set as single pictures has 60,000.
    depth
        Folders within folders.
    expanded
        What a compressed tar may expand to, read or skipped.
    ratio
        Expanded size by packed size that no honest archive has beyond `ratio_from` bytes: deflate ends at
        1032, text reaches about 20; the same line printed for ever is what a notebook's own cap is for.
    ratio_from
        Where `ratio` begins to count.
    """

    largest: Mapping[Kind, int] = field(default_factory=lambda: _LARGEST)
    total: int = 512 * MEBIBYTE
    python: int = 2 * MEBIBYTE
    files: int = 2000
    entries: int = 200_000
    depth: int = 32
    expanded: int = 2048 * MEBIBYTE
    ratio: int = 200
    ratio_from: int = 64 * MEBIBYTE


DEFAULT_CAPS = Caps()


CLUTTER_FOLDERS = frozenset(
    {
        "__macosx",
        "__pycache__",
        "build",
        "dist-packages",
        "env",
        "node_modules",
        "site-packages",
        "venv",
        "virtualenv",
    }
)
"""Folders that hold nobody's work, in lower case; hidden folders are clutter without being listed."""


def is_clutter_folder(name: str) -> bool:
    """Say whether a folder of this name is passed over with all it holds."""
    lower = name.lower()
    return lower.startswith(".") or lower in CLUTTER_FOLDERS or lower.endswith((".egg-info", ".dist-info"))


def is_clutter(path: str) -> bool:
    """Say whether `path` is hidden, AppleDouble or inside a folder of clutter."""
    *folders, name = path.split("/")
    return name.startswith(".") or any(map(is_clutter_folder, folders))


def kind_of(path: str, weights: str | None, data: tuple[str, ...] = ()) -> Kind | None:
    """Return what the file at `path` is, by its name alone; None for a file that is not read.

    Parameters
    ----------
    path
        Relative, with forward slashes.
    weights
        Name of the assignment's weights file; ``best_model (1).npz`` passes for ``best_model.npz``.
    data
        What names of archives begin with that hold the data set.
    """
    if is_clutter(path):
        return None
    name = PurePosixPath(without_second_suffix(path)).name
    suffix = PurePosixPath(name.lower()).suffix
    if suffix == ".py":
        return Kind.PYTHON
    if suffix == ".ipynb":
        return Kind.NOTEBOOK
    if weights is not None and _resembles(name, weights):
        return Kind.WEIGHTS
    if archive_suffix(name) is not None and not name.lower().startswith(data):
        return Kind.ARCHIVE
    return None


def without_second_suffix(path: str) -> str:
    """Return what a module or notebook was called before a browser or editor added a suffix of its own."""
    found = _SECOND_SUFFIX.search(path)
    return path[: found.start()] if found else path


def _resembles(name: str, wanted: str) -> bool:
    found, asked = PurePosixPath(name.lower()), PurePosixPath(wanted.lower())
    return found.suffix == asked.suffix and asked.stem in found.stem


_SECOND_SUFFIX = re.compile(r"(?:(?<=\.py)|(?<=\.ipynb))\.(?:txt|json)$", re.IGNORECASE)

MOST_ARCHIVES = 4
"""Archives within a submission that are opened."""

UPLOAD = "upload-"
"""What a folder's name begins with that holds one of several archives of a student; the later has the higher number."""

CHUNK = 256 * 1024
"""Bytes asked for at once: a lying size costs no more memory than this."""

MOST_LEFT_OUT = 20
"""How many entries are named in flags before the rest is only counted."""


class Collector:
    """What has been taken in of one submission so far.

    Parameters
    ----------
    id
        The submission's, for errors.
    assignment
        Says what the weights file is called, and what the data set.
    answers
        Names of files that answers are in; an archive beside them is not opened.
    """

    def __init__(self, id: str, assignment: Assignment, answers: Collection[str], caps: Caps) -> None:
        self.caps = caps
        self.files: dict[str, bytes] = {}
        self.archives: dict[str, bytes | None] = {}
        self._id = id
        self._weights = assignment.weights
        self._data = assignment.release.data
        self.answers = answers
        self._entries = 0
        self._total = 0
        self._python = 0
        self._seen: set[str] = set()
        self._flags: list[Flag] = []
        self._left_out = 0

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Everything staff should know, in the order it was met."""
        unnamed = self._left_out - MOST_LEFT_OUT
        rest = (Flag("left_out", f"{unnamed} more entries were left out"),) if unnamed > 0 else ()
        return (*self._flags, *rest)

    @property
    def has_answers(self) -> bool:
        """Whether a file of a name that answers are expected in has been taken in."""
        return any(path.rpartition("/")[2].lower() in self.answers for path in self.files)

    def fail(self, reason: str) -> NoReturn:
        """Give the submission up, with `reason`."""
        raise SubmissionUnreadable(self._id, reason)

    def take(self, member: Member, prefix: str = "") -> None:
        """Keep `member` if it counts.

        Parameters
        ----------
        prefix
            Folder, ending in a slash, that it is put below.

        Raises
        ------
        SubmissionUnreadable
            It is unsafe, cannot be read, or more than the caps allow.
        """
        self._count_entry()
        path = self._path_of(member.name, prefix)
        if not path or member.what == FOLDER:
            return
        if member.what:
            self.leave_out(path, member.what)
            return
        kind = self._wants(path)
        if kind is None or (kind is Kind.ARCHIVE and not self._opens(path)):
            return
        if member.problem:
            self.fail(member.problem)
        self._keep(path, kind, member)

    def leave_out(self, path: str, why: str, kind: str = "left_out") -> None:
        """Note that the entry at `path` does not count, and `why`; clutter is not worth a note."""
        if is_clutter(path):
            return
        self._left_out += 1
        if self._left_out <= MOST_LEFT_OUT:
            self.flag(kind, f"{printable(path)} {why}; it was left out")

    def flag(self, kind: str, message: str) -> None:
        """Note something for staff."""
        self._flags.append(Flag(kind, message))

    def _count_entry(self) -> None:
        """Count a name, whatever becomes of it."""
        self._entries += 1
        if self._entries > self.caps.entries:
            self.fail(
                f"holds more than {self.caps.entries} files and folders; "
                "hand in the assignment's own files only"
            )

    def _path_of(self, raw: str, prefix: str) -> str:
        """Return the checked path of an entry, empty if it has none; a name that could write elsewhere is the end."""
        try:
            safe = safe_path(raw)
        except UnsafeName as error:
            self.fail(
                f"the entry '{printable(raw)}' {error}; pack the folder again with the system's own tool"
            )
        path = safe and f"{prefix}{safe}"
        if is_too_long(path) or is_too_long(path := decoded(path)):
            self.leave_out(path, "has a longer name than files can have")
            return ""
        if path.count("/") - prefix.count("/") >= self.caps.depth and not is_clutter(path):
            self.fail(f"has folders nested deeper than {self.caps.depth}, at '{printable(path)}'")
        return path

    def _wants(self, path: str) -> Kind | None:
        """Return what the file at `path` is when it is to be read; a second file of that path is the end."""
        kind = kind_of(path, self._weights, self._data)
        if kind is None:
            return None
        if has_control_characters(path):
            self.leave_out(path, "has control characters in its name")
            return None
        if path in self._seen:
            self.fail(f"holds two files named '{printable(path)}'; which one counts cannot be told")
        self._seen.add(path)
        if len(self._seen) > self.caps.files:
            self.fail(
                f"holds more than {self.caps.files} Python files and notebooks; hand in the assignment's own only"
            )
        return kind

    def _opens(self, path: str) -> bool:
        """Note an archive within; say whether it may be opened."""
        self.archives[path] = None
        return len(self.archives) <= MOST_ARCHIVES and is_opened(path)

    def _keep(self, path: str, kind: Kind, member: Member) -> None:
        largest = self.caps.largest[kind]
        data = None
        if member.size <= largest:  # trusted only to spare the reading of what is too large anyway
            with member.open() as content:
                data = _read_at_most(content, largest + 1)
        if data is None or len(data) > largest:
            self._refuse_size(path, kind, max(member.size, largest + 1), member.packed)
            return
        self._total += len(data)
        if self._total > self.caps.total:
            self.fail(f"its files are larger than {self.caps.total // MEBIBYTE} MiB together")
        self._python += len(data) if kind is Kind.PYTHON else 0
        if self._python > self.caps.python:
            self.fail(
                f"its Python files are larger than {self.caps.python // MEBIBYTE} MiB together; "
                "hand in the assignment's own files only"
            )
        if kind is Kind.ARCHIVE:
            self.archives[path] = data
        else:
            self.files[path] = data

    def _refuse_size(self, path: str, kind: Kind, size: int, packed: int | None) -> None:
        if packed is not None and size > self.caps.ratio * max(packed, 1):
            self.fail(
                f"is a zip bomb: '{printable(path)}' expands {packed} bytes to more than {size - 1}; "
                "nothing was unpacked"
            )
        limit = self.caps.largest[kind]
        self.leave_out(path, f"is larger than the {limit} bytes a {kind} may have", "too_large")


def _read_at_most(content: IO[bytes], most: int) -> bytes:
    parts = []
    while most > 0:
        part = content.read(min(CHUNK, most))
        if not part:
            break
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
