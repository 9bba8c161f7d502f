"""Take names and bytes from an archive or a folder, hold them against the caps, keep what counts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NoReturn

from grader.course.limits import MEBIBYTE
from grader.intake.errors import SubmissionUnreadable
from grader.intake.names import (
    ARCHIVE_SUFFIXES,
    UnsafeName,
    archive_suffix,
    decoded,
    has_control_characters,
    printable,
    safe_path,
)
from grader.intake.whitelist import Caps, Kind, is_clutter, kind_of
from grader.results import Flag

CHUNK = 256 * 1024
"""Bytes asked for at once: a lying size costs no more memory than this."""

MOST_LEFT_OUT = 20
"""How many entries are named in flags before the rest is only counted."""

Read = Callable[[int], bytes]
"""Return at most that many further bytes; empty at the end."""


class Collector:
    """What has been taken in of one submission so far.

    Parameters
    ----------
    id
        The submission's, for errors.
    weights
        Name of the weights file that the assignment asks for.
    answers
        Names of files that answers are in; an archive beside them is not opened.
    """

    def __init__(self, id: str, weights: str | None, answers: Collection[str], caps: Caps) -> None:
        self.caps = caps
        self.files: dict[str, bytes] = {}
        self.archive: tuple[str, bytes] | None = None
        self.archives: list[str] = []
        self._id = id
        self._weights = weights
        self._answers = answers
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
        return any(path.rpartition("/")[2].lower() in self._answers for path in self.files)

    def fail(self, reason: str) -> NoReturn:
        """Give the submission up, with `reason`."""
        raise SubmissionUnreadable(self._id, reason)

    def count_entry(self) -> None:
        """Count a name, whatever becomes of it."""
        self._entries += 1
        if self._entries > self.caps.entries:
            self.fail(
                f"holds more than {self.caps.entries} files and folders; "
                "hand in the homework's own files only"
            )

    def path_of(self, raw: str) -> str:
        """Return the checked path of an entry; a name that could write outside its folder is the end."""
        try:
            path = decoded(safe_path(raw))
        except UnsafeName as error:
            self.fail(
                f"the entry '{printable(raw)}' {error}; pack the folder again with the system's own tool"
            )
        if path.count("/") >= self.caps.depth and not is_clutter(path):
            self.fail(f"has folders nested deeper than {self.caps.depth}, at '{printable(path)}'")
        return path

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

    def wants(self, path: str) -> Kind | None:
        """Return what the file at `path` is when it is to be read; a second file of that path is the end."""
        kind = kind_of(path, self._weights)
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
                f"holds more than {self.caps.files} Python files and notebooks; hand in the homework only"
            )
        return kind

    def keep(self, path: str, kind: Kind, read: Read, claimed: int, packed: int | None = None) -> None:
        """Read one file and keep it.

        Parameters
        ----------
        claimed
            The size its header claims; trusted only to spare the reading of what is too large anyway.
        packed
            Its size in the archive, where that is known.
        """
        if kind is Kind.ARCHIVE and not self._is_first_archive(path):
            return
        largest = self.caps.largest[kind]
        data = _read_at_most(read, largest + 1) if claimed <= largest else None
        if data is None or len(data) > largest:
            self._refuse_size(path, kind, max(claimed, largest + 1), packed)
            return
        self._total += len(data)
        if self._total > self.caps.total:
            self.fail(f"its files are larger than {self.caps.total // MEBIBYTE} MiB together")
        self._python += len(data) if kind is Kind.PYTHON else 0
        if self._python > self.caps.python:
            self.fail(
                f"its Python files are larger than {self.caps.python // MEBIBYTE} MiB together; "
                "hand in the homework's own files only"
            )
        if kind is Kind.ARCHIVE:
            self.archive = (path, data)
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

    def _is_first_archive(self, path: str) -> bool:
        """Note an archive within; the second one means that neither is opened."""
        self.archives.append(path)
        self.archive = None
        return len(self.archives) == 1 and archive_suffix(path) in ARCHIVE_SUFFIXES


def _read_at_most(read: Read, most: int) -> bytes:
    parts = []
    while most > 0:
        part = read(min(CHUNK, most))
        if not part:
            break
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
